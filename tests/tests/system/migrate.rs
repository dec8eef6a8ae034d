//! Migrations of an older database: copied first, refused without room for the copy, and whole however they are killed.

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tempfile::TempDir;
use tests::command::{begin, run, run_without_room};

/// Webhook items in the older database, a kilobyte each: enough that a copy of it takes a while.
const ITEMS: i64 = 20_000;

/// The fifty kills that the promise speaks of, or a third of them.
fn rounds() -> u32 {
    tests::wait::rounds(50)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("signalbox.sqlite")
}

/// The first migration as it lies in the sources, alone in a folder.
fn first_migration(folder: &Path) {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("relay/migrations");
    let found = walkdir::WalkDir::new(sources).into_iter().map(Result::unwrap).find(|entry| {
        entry.file_name() == "0001_log.sql"
            && !entry.path().components().any(|part| part.as_os_str() == "postgres")
    });
    std::fs::create_dir_all(folder).unwrap();
    std::fs::copy(found.expect("the first migration").path(), folder.join("0001_log.sql")).unwrap();
}

/// Makes a database as the first version left it, with a secret that is not sealed and many webhook items.
async fn older(folder: &Path) {
    let migrations = folder.join("migrations");
    first_migration(&migrations);
    let options = SqliteConnectOptions::new().filename(file(folder)).create_if_missing(true);
    let mut on = options.connect().await.unwrap();
    Migrator::new(migrations.as_path()).await.unwrap().run(&mut on).await.unwrap();
    for sql in [
        "INSERT INTO meta (key, value) VALUES ('epoch', '0198c0de-0000-7000-8000-000000000001'), ('schema', '1')",
        "INSERT INTO secrets (name, value) VALUES ('app:old:secret', 'left-open-by-the-old-version')",
    ] {
        sqlx::query(sql).execute(&mut on).await.unwrap();
    }
    let items = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                 INSERT INTO journal (provider, account, received_at, item, state) \
                 SELECT 'meta', 'old', i, hex(randomblob(500)), 'done' FROM n";
    sqlx::query(items).bind(ITEMS).execute(&mut on).await.unwrap();
    on.close().await.unwrap();
}

/// The number of the newest migration, the number of items, and what SQLite finds wrong.
async fn state(path: &Path) -> (i64, i64, String) {
    let mut on = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    let newest = "SELECT max(version) FROM _sqlx_migrations WHERE success";
    let newest = sqlx::query_scalar(newest).fetch_one(&mut on).await.unwrap();
    let items = sqlx::query_scalar("SELECT count(*) FROM journal").fetch_one(&mut on).await.unwrap();
    let check = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut on).await.unwrap();
    on.close().await.unwrap();
    (newest, items, check)
}

/// Copies of the database as it was before.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    names
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            name.starts_with("signalbox.sqlite.version-1-") && !name.contains(".unfinished")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_database_is_copied_and_brought_to_this_version_and_its_secrets_are_sealed() {
    let folder = TempDir::new().unwrap();
    older(folder.path()).await;
    let done = run(folder.path(), &["migrate"], "").await;
    assert!(done.well && done.out.contains("was at version 1"), "{done:?}");
    let copies = copies(folder.path());
    assert_eq!(copies.len(), 1);
    assert!(done.out.contains(copies[0].to_str().unwrap()), "{done:?}");
    assert_eq!(state(&copies[0]).await, (1, ITEMS, "ok".into()), "the copy is as it was");
    let (newest, items, check) = state(&file(folder.path())).await;
    assert!(newest > 1 && items == ITEMS && check == "ok");
    let again = run(folder.path(), &["migrate"], "").await;
    assert!(again.well && again.out.contains("nothing was changed"), "{again:?}");
    // The next start seals what lay open; a refused start is enough, because nobody can log in yet.
    let served = run(folder.path(), &["serve"], "").await;
    assert!(served.err.contains("signalbox user add"), "{served:?}");
    let doctor = run(folder.path(), &["doctor"], "").await;
    assert!(doctor.out.contains("secrets: all open"), "{doctor:?}");
    assert!(doctor.out.contains("every page with its checksum"), "{doctor:?}");
    assert!(!String::from_utf8_lossy(&std::fs::read(file(folder.path())).unwrap()).contains("left-open-by"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_for_the_copy_nothing_is_changed() {
    let folder = TempDir::new().unwrap();
    older(folder.path()).await;
    let done = run_without_room(folder.path(), &["migrate"]).await;
    assert!(
        !done.well && done.err.contains("no copy of it could be made, so nothing was changed"),
        "{done:?}"
    );
    assert_eq!(state(&file(folder.path())).await, (1, ITEMS, "ok".into()));
    let left = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_str().unwrap().contains("version-1")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(run(folder.path(), &["migrate"], "").await.well, "with room it goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_is_killed_anywhere_leaves_a_database_that_opens() {
    let source = TempDir::new().unwrap();
    older(source.path()).await;
    let fresh = || {
        let folder = TempDir::new().unwrap();
        std::fs::copy(file(source.path()), file(folder.path())).unwrap();
        folder
    };
    let measured = fresh();
    let began = Instant::now();
    assert!(run(measured.path(), &["migrate"], "").await.well);
    let whole = began.elapsed();
    let (newest, ..) = state(&file(measured.path())).await;
    let mut before = 0;
    for round in 0..rounds() {
        let folder = fresh();
        let mut process = begin(folder.path(), &["migrate"]);
        let part = round * 12 / rounds();
        tokio::time::sleep(whole * part / 10).await;
        process.kill().await.unwrap();
        let (version, items, check) = state(&file(folder.path())).await;
        assert_eq!((items, check.as_str()), (ITEMS, "ok"), "round {round}");
        before += u32::from(version < newest);
        for copy in copies(folder.path()) {
            assert_eq!(state(&copy).await, (1, ITEMS, "ok".into()), "a copy is whole or is not there");
        }
        let again = run(folder.path(), &["migrate"], "").await;
        assert!(again.well, "round {round}: {again:?}");
        assert_eq!(state(&file(folder.path())).await, (newest, ITEMS, "ok".into()), "round {round}");
    }
    assert!(before > 0, "no kill came before the end, of {whole:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_is_left_alone() {
    let folder = TempDir::new().unwrap();
    assert!(run(folder.path(), &["serve"], "").await.err.contains("the workspace is empty"));
    let mut on = SqliteConnectOptions::new().filename(file(folder.path())).connect().await.unwrap();
    sqlx::query("UPDATE meta SET value = '9999' WHERE key = 'schema'").execute(&mut on).await.unwrap();
    on.close().await.unwrap();
    tests::sums::put(&file(folder.path()));
    for arguments in [&["serve"][..], &["migrate"]] {
        let done = run(folder.path(), arguments, "").await;
        assert!(!done.well && done.err.contains("newer version"), "{arguments:?}: {done:?}");
    }
}
