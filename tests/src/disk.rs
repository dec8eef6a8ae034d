//! A disk that loses its power, fills up or breaks under the real binary: a small preloaded library notes what is not synced, and here it is taken back; never needs privileges.

use crate::seed::Seed;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;
/// The numbers before the replaced bytes of a write, eight bytes each: see `struct head` in the library.
const HEAD: usize = 32;

/// What is wrong with the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// Writes find no room.
    Full,
    /// Writes and syncs fail.
    Broken,
    /// Syncs alone fail.
    Unsynced,
    /// Nothing can be written.
    ReadOnly,
    /// The process dies before it syncs, once so many syncs passed; nine at the most.
    DiesBefore(u8),
    /// The process dies after it synced, before anybody knows; once so many syncs passed, nine at the most.
    DiesAfter(u8),
}

/// Which syncs keep nothing: the way to see whether a test would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgets {
    /// None: a good disk.
    Nothing,
    /// Those of the write-ahead log, as `synchronous=NORMAL` does without them.
    WriteAheadLog,
    /// All, as `synchronous=OFF` does without them.
    All,
}

/// The disk under one relay.
pub struct Disk {
    folder: TempDir,
    forgets: Forgets,
}

/// What a power failure took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lost {
    /// Sectors that had been written and not synced.
    pub open: usize,
    /// Those of them that are gone.
    pub taken: usize,
}

/// The library, compiled once per run of the tests.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = LIBRARY.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("disk.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("disk/disk.c");
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let options = ["-shared", "-fPIC", "-O2", "-o"];
        let done = Command::new(compiler).args(options).arg(&path).arg(source).arg("-ldl").status().unwrap();
        assert!(done.success(), "the library of the disk could not be compiled");
        (folder, path)
    });
    path
}

impl Disk {
    /// A disk without trouble.
    #[must_use]
    pub fn new(forgets: Forgets) -> Self {
        let disk = Self { folder: TempDir::new().unwrap(), forgets };
        disk.set(Trouble::None);
        disk
    }

    /// What the relay's process must be started with.
    #[must_use]
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let forgets = match self.forgets {
            Forgets::Nothing => "",
            Forgets::WriteAheadLog => "-wal",
            Forgets::All => "*",
        };
        vec![
            ("LD_PRELOAD".into(), library().into()),
            ("DISK_CONTROL".into(), self.control().into()),
            ("DISK_FORGETS".into(), forgets.into()),
        ]
    }

    /// From the next write on.
    pub fn set(&self, trouble: Trouble) {
        let sign = match trouble {
            Trouble::None => [b'0', b'0'],
            Trouble::Full => [b'f', b'0'],
            Trouble::Broken => [b'b', b'0'],
            Trouble::Unsynced => [b's', b'0'],
            Trouble::ReadOnly => [b'r', b'0'],
            Trouble::DiesBefore(passing) => [b'k', b'0' + passing.min(9)],
            Trouble::DiesAfter(passing) => [b'a', b'0' + passing.min(9)],
        };
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).open(self.control()).unwrap();
        file.write_all(&sign).unwrap();
    }

    fn control(&self) -> PathBuf {
        self.folder.path().join("control")
    }
}

/// Takes from the files of a killed relay what a power failure would have taken: of the sectors that were written and
/// not synced all, or some by chance, so that pages are torn; of a file that had grown its length as well.
pub fn lose_power(data: &Path, seed: &mut Seed) -> Lost {
    let mut lost = Lost::default();
    for entry in std::fs::read_dir(data).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        if let Some(file) = name.strip_suffix(".undo") {
            take(&data.join(file), &path, seed, &mut lost);
            std::fs::remove_file(path).unwrap();
        }
    }
    for entry in std::fs::read_dir(data).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name.ends_with("-shm") {
            std::fs::remove_file(entry.path()).unwrap();
        } else if let Some(file) = name.strip_suffix(".new") {
            // Its folder was not synced: whether it is there at all is chance.
            if seed.once_in(2) {
                let _ = std::fs::remove_file(data.join(file));
            }
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    lost
}

/// Takes from one file.
fn take(path: &Path, undo: &Path, seed: &mut Seed, lost: &mut Lost) {
    let Ok(mut file) = OpenOptions::new().read(true).write(true).open(path) else { return };
    let (sectors, length) = replaced(undo);
    // One power failure in three takes everything, the others what chance says.
    let everything = seed.once_in(3);
    lost.open += sectors.len();
    for (sector, before) in &sectors {
        if everything || seed.once_in(2) {
            lost.taken += 1;
            put_back(&mut file, *sector, before);
        }
    }
    let now = file.metadata().unwrap().len();
    if let Some(before) = length.filter(|before| *before < now) {
        let stays = if everything { 0 } else { seed.below(now - before + 1) };
        file.set_len(before + stays).unwrap();
    } else if let Some(before) = length.filter(|before| everything && *before > now) {
        file.set_len(before).unwrap();
    }
}

/// What a sector held at the last sync: a byte where something was written since.
type Before = [Option<u8>; SECTOR];

/// The sectors that were written since the last sync, and how long the file was then.
fn replaced(undo: &Path) -> (BTreeMap<usize, Before>, Option<u64>) {
    let mut bytes = Vec::new();
    File::open(undo).unwrap().read_to_end(&mut bytes).unwrap();
    let mut sectors: BTreeMap<usize, Before> = BTreeMap::new();
    let (mut length, mut rest) = (None, bytes.as_slice());
    while rest.len() >= HEAD {
        let number = |n: usize| u64::from_ne_bytes(rest[n * 8..n * 8 + 8].try_into().unwrap());
        let place = |n: usize| usize::try_from(number(n)).unwrap();
        let (at, written, kept) = (place(0), place(1), place(3));
        // A record that is not whole is of a write that did not begin.
        let Some(old) = rest.get(HEAD..HEAD + kept) else { break };
        length.get_or_insert(number(2));
        for n in 0..written {
            let sector = sectors.entry((at + n) / SECTOR).or_insert([None; SECTOR]);
            // The oldest is what the disk held; where the file had not been yet there was nothing.
            sector[(at + n) % SECTOR].get_or_insert(old.get(n).copied().unwrap_or(0));
        }
        rest = &rest[HEAD + kept..];
    }
    (sectors, length)
}

/// Puts back what a sector held.
fn put_back(file: &mut File, sector: usize, before: &Before) {
    let at = SeekFrom::Start(u64::try_from(sector * SECTOR).unwrap());
    let mut bytes = Vec::with_capacity(SECTOR);
    file.seek(at).unwrap();
    Read::by_ref(file).take(SECTOR as u64).read_to_end(&mut bytes).unwrap();
    for (byte, old) in bytes.iter_mut().zip(before) {
        *byte = old.unwrap_or(*byte);
    }
    file.seek(at).unwrap();
    file.write_all(&bytes).unwrap();
}
