//! The layer between SQLite and the system's files: the one place of the relay that speaks to C; decides nothing itself; long because all that is unsafe stands in one place.
//!
//! SQLite allots the memory of an open file and lets a layer lay it out: first [`Handle`], by which SQLite calls us, then
//! the system's own handle, which we call. Files that are neither a database nor its write-ahead log go to the system at
//! once and never come here again.
#![allow(unsafe_code, reason = "SQLite's files are reached through its C interface alone; see each SAFETY")]

use super::damage;
use super::file::{Code, Disk, Opened};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::PathBuf;
use std::ptr::{null, null_mut};
use std::slice;
use std::sync::atomic::{AtomicPtr, Ordering};

/// An order that only our own files understand: `*mut c_int` says whether what is written gets sums from now on.
const BEGIN: c_int = 0x5347_4E42;

/// The system's own layer, once ours stands above it.
static SYSTEM: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(null_mut());

/// An open file as SQLite sees it; the system's handle follows it in memory.
#[repr(C)]
struct Handle {
    /// SQLite reads this and nothing else.
    methods: *const sqlite3_io_methods,
    /// Ours from [`open`] to [`close`].
    kept: *mut Kept,
}

/// What is kept of an open file.
struct Kept {
    opened: Opened,
    /// Where the database is.
    path: PathBuf,
}

/// The system's handle.
struct System(*mut sqlite3_file);

/// Calls a method of the system's handle; one that it does not have is an error.
macro_rules! call {
    ($system:expr, $method:ident $(, $argument:expr)*) => {{
        let system: *mut sqlite3_file = $system;
        // SAFETY: the system's handle was opened and is not closed yet, so its table of methods is there, and it is
        // handed what SQLite hands to us.
        unsafe {
            match (*(*system).pMethods).$method {
                Some(method) => method(system $(, $argument)*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

/// Hands a call of SQLite on to the system as it is.
macro_rules! pass_on {
    ($($name:ident = $method:ident($($argument:ident: $kind:ty),*);)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> c_int {
            call!(system(file), $method $(, $argument)*)
        }
    )*};
}

pass_on! {
    lock = xLock(level: c_int);
    unlock = xUnlock(level: c_int);
    check_reserved_lock = xCheckReservedLock(result: *mut c_int);
    sector_size = xSectorSize();
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, memory: *mut *mut c_void);
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int);
    shm_unmap = xShmUnmap(delete: c_int);
}

/// Hands a call of SQLite on to the system, after what was held back is written.
macro_rules! pass_on_settled {
    ($($name:ident = $method:ident($($argument:ident: $kind:ty),*);)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> c_int {
            // SAFETY: SQLite works with a file of ours that is open.
            match unsafe { kept(file) }.opened.settle(&mut System(system(file))) {
                Ok(()) => call!(system(file), $method $(, $argument)*),
                Err(code) => code,
            }
        }
    )*};
}

pass_on_settled! {
    read_settled = xRead(into: *mut c_void, amount: c_int, at: i64);
    truncate = xTruncate(size: i64);
    sync = xSync(flags: c_int);
    file_size = xFileSize(size: *mut i64);
}

/// Version 2: without memory that is mapped, since what is read from there passes nobody.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The system's handle of a file of ours.
fn system(file: *mut sqlite3_file) -> *mut sqlite3_file {
    file.cast::<Handle>().wrapping_add(1).cast()
}

/// Puts the layer above the system's for every file that this process opens from now on.
///
/// # Errors
/// What SQLite says.
pub fn install() -> Result<(), Code> {
    // SAFETY: null asks for the default layer, which SQLite has for as long as the process lives.
    let found = unsafe { ffi::sqlite3_vfs_find(null()) };
    // SAFETY: it is null, or SQLite's own and never written to once it is registered.
    let Some(system) = (unsafe { found.as_ref() }) else { return Err(ffi::SQLITE_ERROR) };
    let ours = c_int::try_from(size_of::<Handle>()).map_err(|_| ffi::SQLITE_ERROR)?;
    // Whatever is not about open files is the system's own.
    let layer = sqlite3_vfs {
        szOsFile: ours + system.szOsFile,
        pNext: null_mut(),
        zName: c"signalbox".as_ptr(),
        xOpen: Some(open),
        ..*system
    };
    SYSTEM.store(found, Ordering::Release);
    // SAFETY: SQLite keeps it for as long as the process lives, and it is never freed.
    match unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(layer)), 1) } {
        ffi::SQLITE_OK => Ok(()),
        code => Err(code),
    }
}

/// Has SQLite leave our bytes on every page: of a database that is made, or when it is next written anew as a whole.
///
/// # Errors
/// What SQLite says.
pub fn reserve(on: &rusqlite::Connection) -> Result<(), Code> {
    let mut bytes = c_int::from(super::page::RESERVED);
    control(on, ffi::SQLITE_FCNTL_RESERVE_BYTES, &mut bytes)
}

/// Whether pages get sums from now on though the first page does not say so yet.
///
/// # Errors
/// What SQLite says.
pub fn begin(on: &rusqlite::Connection, yes: bool) -> Result<(), Code> {
    control(on, BEGIN, &mut c_int::from(yes))
}

fn control(on: &rusqlite::Connection, order: c_int, value: &mut c_int) -> Result<(), Code> {
    // SAFETY: the connection is open for as long as it is borrowed, and both orders take a number to read and write.
    let code = unsafe {
        ffi::sqlite3_file_control(on.handle(), c"main".as_ptr(), order, std::ptr::from_mut(value).cast())
    };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(code) }
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let layer = SYSTEM.load(Ordering::Acquire);
    let ours = flags & (ffi::SQLITE_OPEN_MAIN_DB | ffi::SQLITE_OPEN_WAL) != 0 && !name.is_null();
    let place = if ours { system(file) } else { file };
    // SAFETY: the system's layer is there since ours was made from it. It gets its own place in the memory that SQLite
    // allotted, which is larger than both handles, and otherwise what SQLite hands to us.
    let code = unsafe {
        match (*layer).xOpen {
            Some(open) => open(layer, name, place, flags, out),
            None => ffi::SQLITE_CANTOPEN,
        }
    };
    if !ours {
        return code;
    }
    // SAFETY: the memory begins with room for our handle. Without methods SQLite does not close the file.
    unsafe { (*file).pMethods = null() };
    if code != ffi::SQLITE_OK {
        return code;
    }
    let kept = if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
        // SAFETY: SQLite names the file by a text that ends in a zero.
        let path = path_of(unsafe { CStr::from_ptr(name) });
        Some(Kept { opened: Opened::database(&mut System(place)), path })
    } else {
        // SAFETY: the name is the one that SQLite opens a log by, which is what it asks for.
        let database = unsafe { ffi::sqlite3_database_file_object(name) };
        // SAFETY: a database that went through this layer is one of our handles; it stays open while its log is.
        let database = unsafe { database.as_ref().filter(|one| one.pMethods == &raw const METHODS) };
        database.map(|database| {
            // SAFETY: as above; nothing else of this connection runs meanwhile.
            let database = unsafe { kept(std::ptr::from_ref(database).cast_mut()) };
            Kept { opened: Opened::log(database.opened.pages.clone()), path: database.path.clone() }
        })
    };
    let Some(kept) = kept else {
        call!(place, xClose);
        return ffi::SQLITE_CANTOPEN;
    };
    let handle = Handle { methods: &raw const METHODS, kept: Box::into_raw(Box::new(kept)) };
    // SAFETY: the memory begins with room for our handle, and is aligned for it as every allotment of SQLite's.
    unsafe { file.cast::<Handle>().write(handle) };
    ffi::SQLITE_OK
}

#[cfg(unix)]
fn path_of(name: &CStr) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(name.to_bytes()).into()
}

#[cfg(not(unix))]
fn path_of(name: &CStr) -> PathBuf {
    name.to_string_lossy().into_owned().into()
}

/// What we keep of a file.
///
/// # Safety
/// The file is one of ours and open, and nothing else has what is kept of it meanwhile: SQLite lets one thread at a time
/// work with a connection and its files.
unsafe fn kept<'f>(file: *mut sqlite3_file) -> &'f mut Kept {
    // SAFETY: `open` put it there, and `close` alone takes it back.
    unsafe { &mut *(*file.cast::<Handle>()).kept }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once, and uses it no more.
    let mut kept = unsafe { Box::from_raw((*file.cast::<Handle>()).kept) };
    let settled = kept.opened.settle(&mut System(system(file)));
    let closed = call!(system(file), xClose);
    settled.err().unwrap_or(closed)
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, amount: c_int, at: i64) -> c_int {
    // SAFETY: SQLite reads from a file of ours that is open.
    let code = unsafe { read_settled(file, into, amount, at) };
    let (Ok(length), Ok(place)) = (usize::try_from(amount), u64::try_from(at)) else { return code };
    if code != ffi::SQLITE_OK {
        return code;
    }
    // SAFETY: the buffer is SQLite's, of this length, and has just been filled.
    let read = unsafe { slice::from_raw_parts(into.cast::<u8>(), length) };
    // SAFETY: SQLite reads from a file of ours that is open.
    let kept = unsafe { kept(file) };
    match kept.opened.compare(&mut System(system(file)), read, place) {
        Ok(()) => ffi::SQLITE_OK,
        Err(damaged) => {
            damage::found(&kept.path, damaged.0);
            ffi::SQLITE_IOERR_DATA
        }
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, amount: c_int, at: i64) -> c_int {
    let (Ok(length), Ok(place)) = (usize::try_from(amount), u64::try_from(at)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: the bytes are SQLite's, of this length, and stay as they are while it waits for us.
    let bytes = unsafe { slice::from_raw_parts(from.cast::<u8>(), length) };
    // SAFETY: SQLite writes to a file of ours that is open.
    let kept = unsafe { kept(file) };
    answer(kept.opened.write(&mut System(system(file)), bytes, place))
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, order: c_int, value: *mut c_void) -> c_int {
    if order != BEGIN {
        return call!(system(file), xFileControl, order, value);
    }
    // SAFETY: the order is our own, and comes with a number.
    let yes = unsafe { *value.cast::<c_int>() } != 0;
    // SAFETY: SQLite hands the order to a file of ours that is open.
    unsafe { kept(file) }.opened.pages.begin(yes);
    ffi::SQLITE_OK
}

/// Without the reading of parts of a page past SQLite's memory: a part cannot be compared.
unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    call!(system(file), xDeviceCharacteristics) & !ffi::SQLITE_IOCAP_SUBPAGE_READ
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    let system = system(file);
    // SAFETY: as in `call!`.
    unsafe {
        if let Some(barrier) = (*(*system).pMethods).xShmBarrier {
            barrier(system);
        }
    }
}

fn answer(done: Result<(), Code>) -> c_int {
    done.err().unwrap_or(ffi::SQLITE_OK)
}

fn result(code: c_int) -> Result<(), Code> {
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(code) }
}

impl Disk for System {
    fn read(&mut self, into: &mut [u8], at: u64) -> Result<(), Code> {
        let (amount, at) = place(into.len(), at)?;
        result(call!(self.0, xRead, into.as_mut_ptr().cast(), amount, at))
    }

    fn write(&mut self, bytes: &[u8], at: u64) -> Result<(), Code> {
        let (amount, at) = place(bytes.len(), at)?;
        result(call!(self.0, xWrite, bytes.as_ptr().cast(), amount, at))
    }

    fn length(&mut self) -> Result<u64, Code> {
        let mut length = 0;
        result(call!(self.0, xFileSize, &raw mut length))?;
        u64::try_from(length).map_err(|_| ffi::SQLITE_IOERR)
    }
}

/// A length and a place as SQLite counts them.
fn place(length: usize, at: u64) -> Result<(c_int, i64), Code> {
    let length = c_int::try_from(length).map_err(|_| ffi::SQLITE_IOERR)?;
    Ok((length, i64::try_from(at).map_err(|_| ffi::SQLITE_IOERR)?))
}
