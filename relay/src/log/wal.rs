//! The write-ahead log before SQLite recovers from it: recovery ends in silence at the first frame that does not fit, and here it is told apart what that means.
//!
//! After a loss of power the frames of the last transaction may be torn: nobody was told that it was saved, and it is
//! right to leave it out. But a frame that follows the end of a transaction was begun only after that transaction had
//! been synced. So where such a pair stands behind a frame that does not fit, commits would be lost that were
//! acknowledged, and the log is not opened. A frame (or the log's header) that exactly one flipped bit makes fit is
//! mended: SQLite's sum and ours together prove that it is then what was written; where several would do, the log is not
//! opened. What is left is damage of more than a
//! bit in the last transaction, or at the seam before it, which nothing tells from a torn one.

use super::LogError;
use super::db::vfs::frame::{Chain, Frame, HEAD, LOG_HEAD, LogHead};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Bits that are mended before the disk is no longer believed.
const MENDED: usize = 8;

/// How a write-ahead log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// All that was acknowledged is in it, or there is none.
    Whole,
    /// A bit is flipped.
    Flipped {
        /// The frame; 0 is the log's header.
        frame: u64,
        /// The byte of the log.
        at: u64,
        /// The bit in it.
        bit: u8,
    },
    /// Transactions that were acknowledged lie behind this frame, and cannot be reached.
    Broken {
        /// The frame.
        frame: u64,
    },
}

/// The log beside a database.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Makes the log fit to be recovered from, before anybody opens the database: mends flipped bits, and syncs it, since a
/// relay that was killed may have left what was never synced.
///
/// # Errors
/// [`LogError::LogDamaged`] when something would be lost; whatever the file system says.
pub fn mend(path: &Path) -> Result<(), LogError> {
    let io = |error: io::Error| LogError::Io(error.kind());
    let log = beside(path);
    for _ in 0..=MENDED {
        match look(path).map_err(io)? {
            Found::Whole => match OpenOptions::new().write(true).open(&log).and_then(|log| log.sync_all()) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(io(error)),
                _ => return Ok(()),
            },
            Found::Broken { frame } => return Err(LogError::LogDamaged(frame)),
            Found::Flipped { frame, at, bit } => {
                tracing::error!(frame, "a flipped bit in the write-ahead log is mended: look at the disk");
                flip(&log, at, bit).map_err(io)?;
            }
        }
    }
    Err(LogError::LogDamaged(0))
}

fn flip(log: &Path, at: u64, bit: u8) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(log)?;
    let mut byte = [0];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut byte)?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&byte.map(|byte| byte ^ (1 << bit)))?;
    file.sync_all()
}

/// Looks at the log beside a database, which nobody may be writing.
///
/// # Errors
/// What the file system says.
pub fn look(path: &Path) -> io::Result<Found> {
    let mut log = match File::open(beside(path)) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Whole),
        Err(error) => return Err(error),
    };
    let mut head = [0; LOG_HEAD];
    if !fill(&mut log, &mut head)? {
        return Ok(Found::Whole);
    }
    let Some(about) = LogHead::of(&head) else { return headless(&mut log, &mut head) };
    let mut bytes = vec![0; HEAD + about.size];
    let (mut number, mut chain) = (0, about.chain);
    while fill(&mut log, &mut bytes)? {
        number += 1;
        if !follows(&about, chain, &bytes) {
            let start = LOG_HEAD as u64 + (number - 1) * bytes.len() as u64;
            return Ok(match one_bit(&about, chain, &mut bytes) {
                One::Bit(at, bit) => Found::Flipped { frame: number, at: start + at, bit },
                One::Unsure => Found::Broken { frame: number },
                One::None if behind(&about, &mut log, &mut bytes)? => Found::Broken { frame: number },
                One::None => Found::Whole,
            });
        }
        chain = Frame::of(&bytes).map_or(chain, |frame| frame.chain);
    }
    Ok(Found::Whole)
}

/// Fills the buffer; false when the file ends before.
fn fill(from: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(into) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a frame is of this log and follows what comes before it.
fn follows(about: &LogHead, before: Chain, bytes: &[u8]) -> bool {
    Frame::of(bytes)
        .is_some_and(|frame| frame.salts == about.salts && before.frame(about.order, frame) == frame.chain)
}

/// What may be said of a log without a header that fits: the header is synced before any frame is written, so that one
/// that was torn has no frames.
fn headless(log: &mut impl Read, head: &mut [u8; LOG_HEAD]) -> io::Result<Found> {
    let mut rest = Vec::new();
    log.take(HEAD as u64 + 65_536).read_to_end(&mut rest)?;
    let one = flipped(head, 0..LOG_HEAD, |head| {
        let about = head.first_chunk().and_then(LogHead::of);
        about.is_some_and(|about| {
            let first = rest.get(..HEAD + about.size);
            first.is_some_and(|first| follows(&about, about.chain, first))
        })
    });
    Ok(match one {
        One::Bit(at, bit) => Found::Flipped { frame: 0, at, bit },
        One::Unsure => Found::Broken { frame: 0 },
        One::None => Found::Whole,
    })
}

/// How many bits there are of which one alone makes something fit.
enum One {
    /// This one, by its place from the beginning.
    Bit(u64, u8),
    /// More than one: SQLite's sum is weak where the highest bits of its words are concerned.
    Unsure,
    /// None.
    None,
}

/// The bit by which a frame would follow, and its page fit.
fn one_bit(about: &LogHead, before: Chain, bytes: &mut [u8]) -> One {
    let apart = |salts: [u8; 8]| -> u32 {
        salts.iter().zip(about.salts).map(|(one, other)| (one ^ other).count_ones()).sum()
    };
    let Some(frame) = Frame::of(bytes) else { return One::None };
    // What an earlier log left has other salts altogether.
    if apart(frame.salts) > 1 {
        return One::None;
    }
    let places = if frame.fits() { 0..HEAD } else { HEAD..bytes.len() };
    flipped(bytes, places, |bytes| {
        Frame::of(bytes).is_some_and(|frame| frame.fits()) && follows(about, before, bytes)
    })
}

/// The one bit at these places that makes bytes fit; they stay as they are.
fn flipped(bytes: &mut [u8], places: Range<usize>, fits: impl Fn(&[u8]) -> bool) -> One {
    let mut found = One::None;
    for place in places {
        for bit in 0..8 {
            let flip = |bytes: &mut [u8]| {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << bit;
                }
            };
            flip(bytes);
            let fits = fits(bytes);
            flip(bytes);
            match found {
                _ if !fits => {}
                One::None => found = One::Bit(place as u64, bit),
                One::Bit(..) | One::Unsure => return One::Unsure,
            }
        }
    }
    found
}

/// Whether the end of a transaction with the beginning of the next stands at this frame or behind it.
fn behind(about: &LogHead, log: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    loop {
        let frame = Frame::of(bytes).filter(|frame| frame.salts == about.salts && frame.commits());
        let ended = frame.map(|frame| frame.chain);
        if !fill(log, bytes)? {
            return Ok(false);
        }
        if ended.is_some_and(|chain| follows(about, chain, bytes)) {
            return Ok(true);
        }
    }
}
