//! What is done beside reading and writing a database file or its write-ahead log: sums are put in and compared; calls no SQLite.

use super::frame::{Chain, Frame, HEAD, LOG_HEAD, Order, SUM, page_of};
use super::page::{self, Header, is_size};
use shared::fault;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// A code of SQLite's other than that of success.
pub type Code = i32;

/// A file as the system has it.
pub trait Disk {
    /// Fills the buffer from this place.
    fn read(&mut self, into: &mut [u8], at: u64) -> Result<(), Code>;
    /// Writes at this place.
    fn write(&mut self, bytes: &[u8], at: u64) -> Result<(), Code>;
    /// How long it is.
    fn length(&mut self) -> Result<u64, Code>;
}

/// A page whose sum does not fit; the number counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged(pub u64);

/// What a connection knows of its database: the same for the file and for its log.
#[derive(Default)]
pub struct Pages {
    /// How large a page is; 0 as long as there is none.
    size: AtomicUsize,
    /// Whether the first page, as last read, says that there are sums.
    summed: AtomicBool,
    /// Whether what is written gets sums all the same: the first page will say so when the transaction ends.
    beginning: AtomicBool,
}

impl Pages {
    /// Takes over what the first page says.
    fn learn(&self, header: Header) {
        self.size.store(header.size, Relaxed);
        self.summed.store(header.summed, Relaxed);
    }

    /// From now on what is written gets sums, or only where the first page says so.
    pub fn begin(&self, yes: bool) {
        self.beginning.store(yes, Relaxed);
    }

    fn is_page(&self, length: usize) -> bool {
        length == self.size.load(Relaxed)
    }

    fn is_summed(&self) -> bool {
        self.summed.load(Relaxed)
    }

    fn sums(&self) -> bool {
        self.is_summed() || self.beginning.load(Relaxed)
    }

    /// Whether what was read is as it was written. A first page says itself whether it has a sum.
    fn fits(&self, read: &[u8]) -> bool {
        if let Some(header) = Header::read(read).filter(|header| header.size == read.len()) {
            self.learn(header);
        }
        let whole = !self.is_page(read.len()) || !self.is_summed() || page::fits(read);
        whole || fault!("page-sums-not-compared")
    }
}

/// A file of a database.
pub enum Kind {
    /// The database itself.
    Database,
    /// Its write-ahead log.
    Log {
        /// The header of a frame that SQLite has just written, and where: it goes to the disk with the page after it.
        head: Option<(u64, [u8; HEAD])>,
        /// Whether the log is known to be made on a machine like this one; then it stays so.
        here: bool,
    },
}

/// A file of a database that is open.
pub struct Opened {
    kind: Kind,
    /// Shared by the two files of a connection.
    pub pages: Arc<Pages>,
    /// For a page, or for a frame.
    buffer: Vec<u8>,
}

impl Opened {
    /// A database; what it is is read from its first page.
    pub fn database(disk: &mut impl Disk) -> Self {
        let pages = Arc::<Pages>::default();
        let mut first = vec![0; 100];
        // A file that is being made has no first page yet.
        if disk.read(&mut first, 0).is_ok()
            && let Some(header) = Header::of(&first)
        {
            first.resize(header.size, 0);
            if disk.read(&mut first, 0).is_ok()
                && let Some(header) = Header::read(&first)
            {
                pages.learn(header);
            }
        }
        Self { kind: Kind::Database, pages, buffer: Vec::new() }
    }

    /// The log of a database that is open.
    pub fn log(pages: Arc<Pages>) -> Self {
        Self { kind: Kind::Log { head: None, here: false }, pages, buffer: Vec::new() }
    }

    /// Compares what was read at this place. Of a log, frames are read whole only to be compared by SQLite itself.
    pub fn compare(&self, disk: &mut impl Disk, read: &[u8], at: u64) -> Result<(), Damaged> {
        if !is_size(read.len()) || self.pages.fits(read) {
            return Ok(());
        }
        match self.kind {
            Kind::Database => Err(Damaged(at / read.len() as u64 + 1)),
            Kind::Log { .. } => {
                let mut head = [0; HEAD];
                let known = at.checked_sub(HEAD as u64).is_some_and(|at| disk.read(&mut head, at).is_ok());
                Err(Damaged(page_of(&head).filter(|_| known).unwrap_or_default().into()))
            }
        }
    }

    /// Writes what SQLite writes, with its sum where it is a page that has one.
    pub fn write(&mut self, disk: &mut impl Disk, bytes: &[u8], at: u64) -> Result<(), Code> {
        let Kind::Log { head, .. } = &mut self.kind else { return self.write_page(disk, bytes, at) };
        let sums = self.pages.sums();
        let whole = sums && is_size(bytes.len());
        let before = head.take_if(|(place, _)| whole && *place + HEAD as u64 == at);
        self.settle(disk)?;
        match &mut self.kind {
            Kind::Log { head, .. } if sums && bytes.len() == HEAD => {
                *head = bytes.try_into().ok().map(|bytes| (at, bytes));
                Ok(())
            }
            _ if whole => self.write_frame(disk, bytes, at, before.map(|(_, head)| head)),
            _ => disk.write(bytes, at),
        }
    }

    /// Writes what is still to be written, before anything but the page after it is done with the file.
    pub fn settle(&mut self, disk: &mut impl Disk) -> Result<(), Code> {
        match &mut self.kind {
            Kind::Log { head, .. } => match head.take() {
                Some((at, head)) => disk.write(&head, at),
                None => Ok(()),
            },
            Kind::Database => Ok(()),
        }
    }

    fn write_page(&mut self, disk: &mut impl Disk, bytes: &[u8], at: u64) -> Result<(), Code> {
        let mut first = false;
        if let Some(header) = Header::of(bytes).filter(|header| at == 0 && header.size == bytes.len()) {
            first = header.summed && !self.pages.sums();
            self.pages.learn(header);
        }
        if !self.pages.is_page(bytes.len()) || !self.pages.sums() {
            return disk.write(bytes, at);
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(bytes);
        page::stamp(&mut self.buffer);
        disk.write(&self.buffer, at)?;
        if first { self.catch_up(disk) } else { Ok(()) }
    }

    /// Sums the pages that were written before the first page was: where a transaction is larger than memory, a new
    /// file has others before it.
    fn catch_up(&mut self, disk: &mut impl Disk) -> Result<(), Code> {
        let size = self.buffer.len() as u64;
        for page in 1..disk.length()? / size {
            disk.read(&mut self.buffer, page * size)?;
            if !page::fits(&self.buffer) {
                page::stamp(&mut self.buffer);
                disk.write(&self.buffer, page * size)?;
            }
        }
        Ok(())
    }

    /// Writes the page of a frame with its sum, and its header before it, whose own sum is over the page.
    ///
    /// The frame before is read, not remembered: another connection may have written it, or a rollback taken it back.
    fn write_frame(
        &mut self,
        disk: &mut impl Disk,
        bytes: &[u8],
        at: u64,
        head: Option<[u8; HEAD]>,
    ) -> Result<(), Code> {
        self.buffer.clear();
        self.buffer.extend_from_slice(&head.unwrap_or_default());
        self.buffer.extend_from_slice(bytes);
        let Some(body) = self.buffer.get_mut(HEAD..) else { return Ok(()) };
        page::stamp(body);
        let Some(start) = head.and_then(|_| at.checked_sub(HEAD as u64)) else {
            // SQLite writes a page of its own transaction over.
            return disk.write(self.buffer.get(HEAD..).unwrap_or_default(), at);
        };
        let Some(frame) = Frame::of(&self.buffer).filter(|frame| !frame.is_open()) else {
            // It writes the sums of its frames when the transaction ends.
            return disk.write(&self.buffer, start);
        };
        // The sum before is at the end of the log's header, or in the header of the frame before.
        let before = if start == LOG_HEAD as u64 { SUM } else { bytes.len() + SUM };
        let mut sum = [0; SUM];
        disk.read(&mut sum, start - before as u64)?;
        let order = match &mut self.kind {
            Kind::Log { here: false, .. } => {
                let mut magic = [0; 4];
                disk.read(&mut magic, 0)?;
                Order::of(&magic).unwrap_or(Order::HERE)
            }
            Kind::Log { .. } | Kind::Database => Order::HERE,
        };
        let chain = Chain::of(sum).frame(order, frame).bytes();
        if let Some(place) = self.buffer.get_mut(HEAD - SUM..HEAD) {
            place.copy_from_slice(&chain);
        }
        if let Kind::Log { here, .. } = &mut self.kind {
            *here = order == Order::HERE;
        }
        disk.write(&self.buffer, start)
    }
}
