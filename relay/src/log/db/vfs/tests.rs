//! Damage is met by whoever reads, and everything SQLite does with a file goes on as without sums; long because each test is a whole story over one file.

use super::page::{Header, fits};
use super::{damaged, install};
use crate::log::db::{Connection, Direct, file_options, is_damage, query, query_scalar};
use crate::log::wal::{self, Found};
use rusqlite::{Connection as Plain, OpenFlags, params};
use sqlx::ConnectOptions;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

const BUSY: Duration = Duration::from_secs(1);

/// The system's own layer, past ours.
const PAST: &std::ffi::CStr = if cfg!(windows) { c"win32" } else { c"unix" };

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("test.sqlite");
    (folder, path)
}

/// A database with sums, and a writer to it.
fn made(path: &Path) -> Plain {
    Direct::create(path).unwrap();
    let on = Plain::open(path).unwrap();
    on.execute_batch(
        "CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX sorted ON texts (text)",
    )
    .unwrap();
    on
}

/// Rows, of which each tenth needs pages of its own.
fn fill(on: &Plain, from: u32, to: u32) {
    for n in from..to {
        let text = format!("text {n} {}", "x".repeat(if n % 10 == 0 { 9_000 } else { 50 }));
        on.execute("INSERT INTO texts VALUES (?1, ?2)", params![n, text]).unwrap();
    }
}

fn texts(on: &Plain) -> rusqlite::Result<Vec<String>> {
    on.prepare("SELECT text FROM texts ORDER BY id")?.query_map([], |row| row.get(0))?.collect()
}

fn past(path: &Path) -> Plain {
    let flags = OpenFlags::default();
    Plain::open_with_flags_and_vfs(path, flags, PAST).unwrap()
}

fn log_of(path: &Path) -> PathBuf {
    path.with_extension("sqlite-wal")
}

/// What a kill would leave: the file and its log as they lie there.
fn as_killed(path: &Path, to: &Path) {
    fs::copy(path, to).unwrap();
    fs::copy(log_of(path), log_of(to)).unwrap();
}

fn flip(path: &Path, bit: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
}

/// The sums in the file itself, which must have none that does not fit.
fn all_fit(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let header = Header::of(&bytes).unwrap();
    assert!(header.summed);
    let wrong = bytes.chunks(header.size).position(|page| !fits(page));
    assert_eq!(wrong, None, "of {} pages", bytes.len() / header.size);
}

#[tokio::test]
async fn a_flipped_bit_in_any_page_is_an_error_to_both_drivers() {
    let (_folder, path) = folder();
    let on = made(&path);
    fill(&on, 0, 60);
    let whole = texts(&on).unwrap();
    on.close().unwrap();
    all_fit(&path);
    let pages = fs::metadata(&path).unwrap().len() / 4096;
    assert!(pages > 20, "{pages}");
    for page in 1..=pages {
        let bit = usize::try_from((page - 1) * 4096 * 8 + (page * 7_919) % (4096 * 8)).unwrap();
        flip(&path, bit);
        let one = Plain::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let check: rusqlite::Result<String> = one.query_row("PRAGMA integrity_check", [], |row| row.get(0));
        assert!(check.as_ref().map_or(true, |said| said != "ok"), "page {page}: {check:?}");
        assert!(
            texts(&one).map_or(true, |read| read == whole),
            "page {page}: what is read is right or is not read"
        );
        assert!(damaged(&path).contains(&page), "page {page} is named");
        let other = file_options(&path, BUSY).unwrap().read_only(true).connect().await.unwrap();
        let mut other = Connection::Sqlite(other);
        let check = query_scalar::<String>("PRAGMA integrity_check").fetch_all(&mut other).await;
        assert!(check.as_ref().map_or(true, |said| said != &["ok"]), "page {page}: {check:?}");
        let read = query("SELECT text FROM texts ORDER BY id").fetch_all(&mut other).await;
        match read {
            Ok(rows) => assert_eq!(rows.len(), whole.len(), "page {page}"),
            Err(error) => assert!(is_damage(&error), "page {page}: {error}"),
        }
        flip(&path, bit);
    }
}

#[test]
fn a_flipped_bit_in_the_header_is_an_error_and_never_another_reading() {
    let (_folder, path) = folder();
    let on = made(&path);
    fill(&on, 0, 5);
    on.close().unwrap();
    for bit in 0..100 * 8 {
        flip(&path, bit);
        let read = Plain::open(&path).and_then(|on| texts(&on));
        assert!(read.is_err(), "bit {bit}: {read:?}");
        let _ = fs::remove_file(log_of(&path));
        flip(&path, bit);
    }
}

#[test]
fn a_flipped_bit_in_the_log_is_an_error_to_who_reads_beside_the_writer() {
    let (_folder, path) = folder();
    let on = made(&path);
    fill(&on, 0, 20);
    let whole = texts(&on).unwrap();
    let frames = (fs::metadata(log_of(&path)).unwrap().len() - 32) / (4096 + 24);
    let mut met = 0;
    for frame in 0..frames {
        let place = 32 + frame * (4096 + 24) + 24 + (frame * 997) % 4096;
        flip(&log_of(&path), usize::try_from(place * 8).unwrap());
        let one = Plain::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        match texts(&one) {
            Ok(read) => assert_eq!(read, whole, "frame {frame}"),
            Err(_) => met += 1,
        }
        flip(&log_of(&path), usize::try_from(place * 8).unwrap());
    }
    assert!(met > 5, "of {frames} frames {met} were read");
}

#[test]
fn sqlite_itself_recovers_the_log_and_what_it_folds_in_has_sums() {
    let (_folder, path) = folder();
    let (_other, copy) = folder();
    let on = made(&path);
    fill(&on, 0, 100);
    // A transaction that is taken back leaves frames that the next one writes over.
    on.execute_batch("PRAGMA cache_size = 5; BEGIN").unwrap();
    fill(&on, 100, 300);
    on.execute_batch("ROLLBACK").unwrap();
    fill(&on, 100, 150);
    // One larger than memory, which writes its own frames over and sums them at its end.
    on.execute_batch("BEGIN").unwrap();
    for _ in 0..3 {
        on.execute("UPDATE texts SET text = text || ' and more'", []).unwrap();
    }
    on.execute_batch("COMMIT").unwrap();
    fill(&on, 150, 160);
    let whole = texts(&on).unwrap();
    as_killed(&path, &copy);
    assert_eq!(wal::look(&copy).unwrap(), Found::Whole);
    let recovered = past(&copy);
    assert_eq!(texts(&recovered).unwrap(), whole);
    recovered.close().unwrap();
    all_fit(&copy);
    assert_eq!(texts(&Plain::open(&copy).unwrap()).unwrap(), whole);
}

#[test]
fn two_writers_in_turn_leave_a_log_that_recovers() {
    let (_folder, path) = folder();
    let (_other, copy) = folder();
    let one = made(&path);
    let two = Plain::open(&path).unwrap();
    for on in [&one, &two] {
        on.execute_batch("PRAGMA cache_size = 5").unwrap();
    }
    for n in 0..20 {
        let (on, other) = if n % 2 == 0 { (&one, &two) } else { (&two, &one) };
        on.execute_batch("BEGIN").unwrap();
        fill(on, n * 1000, n * 1000 + 50);
        on.execute_batch("ROLLBACK").unwrap();
        fill(other, n * 1000, n * 1000 + 3);
    }
    as_killed(&path, &copy);
    let recovered = past(&copy);
    assert_eq!(texts(&recovered).unwrap(), texts(&one).unwrap());
}

#[test]
fn a_copy_has_sums_also_where_it_is_larger_than_memory() {
    let (_folder, path) = folder();
    let on = made(&path);
    fill(&on, 0, 500);
    on.execute_batch("PRAGMA cache_size = 5").unwrap();
    let copy = path.with_extension("copy");
    on.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    all_fit(&copy);
    assert_eq!(texts(&Plain::open(&copy).unwrap()).unwrap(), texts(&on).unwrap());
    on.execute("DELETE FROM texts WHERE id % 3 = 0", []).unwrap();
    on.execute_batch("VACUUM").unwrap();
    let whole = texts(&on).unwrap();
    on.close().unwrap();
    all_fit(&path);
    assert_eq!(texts(&Plain::open(&path).unwrap()).unwrap(), whole);
}

#[test]
fn a_file_without_sums_is_read_and_written_as_it_is_and_gets_them_when_asked_to() {
    install().unwrap();
    let (_folder, path) = folder();
    let (_other, copy) = folder();
    let old = past(&path);
    old.execute_batch("PRAGMA journal_mode = wal; CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)")
        .unwrap();
    fill(&old, 0, 1_000);
    // Its log has frames without sums.
    as_killed(&path, &copy);
    let whole = texts(&old).unwrap();
    let on = Plain::open(&copy).unwrap();
    assert_eq!(texts(&on).unwrap(), whole);
    fill(&on, 1_000, 1_001);
    let whole = texts(&on).unwrap();
    on.close().unwrap();
    let mut direct = Direct::open(&copy, BUSY).unwrap();
    direct.step("PRAGMA cache_size = 5").unwrap();
    let (_third, killed) = folder();
    assert!(direct.begin_sums().unwrap());
    all_fit(&copy);
    direct.step("INSERT INTO texts VALUES (5000, 'new')").unwrap();
    as_killed(&copy, &killed);
    direct.close().unwrap();
    all_fit(&copy);
    for path in [&copy, &killed] {
        let read = texts(&Plain::open(path).unwrap()).unwrap();
        assert_eq!(read[..whole.len()], whole);
        assert_eq!(read.last().unwrap(), "new");
    }
}

#[test]
fn a_flipped_bit_anywhere_in_the_log_of_a_killed_relay_is_mended_or_refused() {
    let (_folder, path) = folder();
    let (_other, copy) = folder();
    let on = made(&path);
    fill(&on, 0, 3);
    as_killed(&path, &copy);
    let log = fs::read(log_of(&copy)).unwrap();
    let mut refused = 0;
    let bits = (0..56 * 8).chain((56 * 8..log.len() * 8).step_by(40_009));
    for bit in bits {
        flip(&log_of(&copy), bit);
        match wal::look(&copy).unwrap() {
            Found::Flipped { .. } => wal::mend(&copy).unwrap(),
            Found::Broken { frame } => {
                assert!(wal::mend(&copy).is_err());
                refused += 1;
                assert!(
                    (1..=2).contains(&frame),
                    "bit {bit}: only in a frame's header may another bit do as well"
                );
                fs::write(log_of(&copy), &log).unwrap();
            }
            Found::Whole => panic!("bit {bit} is not noticed"),
        }
        assert!(fs::read(log_of(&copy)).unwrap() == log, "bit {bit}");
    }
    assert!(refused < 16, "{refused}");
}

#[test]
fn a_hole_in_the_log_is_told_apart_from_a_torn_end() {
    let (_folder, path) = folder();
    let (_other, copy) = folder();
    let on = made(&path);
    fill(&on, 1, 6);
    as_killed(&path, &copy);
    let whole = fs::read(log_of(&copy)).unwrap();
    let last = {
        fill(&on, 6, 7);
        as_killed(&path, &copy);
        whole.len()
    };
    let whole = fs::read(log_of(&copy)).unwrap();
    for sector in (1..whole.len() / 512).step_by(3) {
        let mut torn = whole.clone();
        torn[sector * 512..(sector + 1) * 512].fill(0);
        if torn == whole {
            continue;
        }
        fs::write(log_of(&copy), &torn).unwrap();
        let found = wal::look(&copy).unwrap();
        // The header of the frame that ends the transaction before: without it nobody knows of an end.
        let seam = last - 4096 - 24..last - 4096;
        if sector * 512 < seam.end && seam.start < (sector + 1) * 512 {
            continue;
        }
        if (sector + 1) * 512 <= last {
            assert!(
                matches!(found, Found::Broken { .. } | Found::Flipped { .. }),
                "sector {sector}: {found:?}"
            );
        } else if sector * 512 >= last {
            assert!(matches!(found, Found::Whole | Found::Flipped { .. }), "sector {sector}: {found:?}");
        }
    }
}
