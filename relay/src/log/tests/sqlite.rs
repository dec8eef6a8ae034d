//! What only a file can get wrong: its syncs, its lock, its folder, and what older versions wrote into it.

use super::super::{AppendError, Log, LogError, open, write};
use super::{append, disposition, file, wrote};
use crate::log::db::{Connection, query, query_scalar};
use shared::world::World;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::path::Path;

#[tokio::test]
async fn every_commit_is_synced_or_the_log_does_not_open() {
    let (_folder, path) = file();
    let log = Log::open(&path).await.unwrap();
    log.close().await;
    let connect = async |synchronous| {
        let options = SqliteConnectOptions::new().filename(&path).journal_mode(SqliteJournalMode::Wal);
        Connection::Sqlite(options.synchronous(synchronous).connect().await.unwrap())
    };
    let mut full = connect(SqliteSynchronous::Full).await;
    open::assert_durable(&mut full).await.unwrap();
    let mut normal = connect(SqliteSynchronous::Normal).await;
    let refused = open::assert_durable(&mut normal).await;
    assert!(matches!(refused, Err(LogError::NotDurable { setting: "synchronous", .. })), "{refused:?}");
    query("PRAGMA synchronous = 2").execute(&mut normal).await.unwrap();
    open::assert_durable(&mut normal).await.unwrap();
}

#[tokio::test]
async fn the_writer_itself_syncs_every_commit() {
    let (_folder, path) = file();
    let log = Log::open(&path).await.unwrap();
    let synchronous: write::Fallible<i64> = log
        .write(|on| Box::pin(async move { Ok(query_scalar("PRAGMA synchronous").fetch_one(on).await) }))
        .await
        .unwrap();
    assert_eq!(synchronous.unwrap(), 2);
}

/// What was foreseen to succeed and fails all the same takes its neighbours along once; who comes again is not harmed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_fails_unforeseen_harms_its_neighbours_once() {
    let (_folder, path) = file();
    let log = Log::open(&path).await.unwrap();
    log.write(|on| Box::pin(async move { query("DROP TABLE interactions").execute(on).await }))
        .await
        .unwrap();
    let (bad, good) =
        (wrote(&mut World::default(), 1, 1, 1), append(&mut World::default(), vec![disposition(1)]));
    for harmed in [true, false] {
        // Both wait while the writer is kept, so that they share a group.
        let (begun, started) = tokio::sync::oneshot::channel();
        let (release, kept) = std::sync::mpsc::channel::<()>();
        let keeper = log.clone();
        let keeping = tokio::spawn(async move {
            let keep = keeper.write(move |_| {
                Box::pin(async move {
                    begun.send(()).unwrap();
                    kept.recv().unwrap();
                    Ok(())
                })
            });
            keep.await.unwrap();
        });
        started.await.unwrap();
        let (mut bad, mut good) = (log.submit(&bad).await.unwrap(), log.submit(&good).await.unwrap());
        release.send(()).unwrap();
        keeping.await.unwrap();
        assert!(matches!(bad.settled().await, Err(AppendError::Failed(_))));
        assert_eq!(good.settled().await.is_err(), harmed);
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let missing = Log::open(Path::new("/nowhere/at/all.db")).await;
    assert!(matches!(missing, Err(LogError::Io(std::io::ErrorKind::NotFound))));
}

#[test]
fn the_first_version_of_the_tables_is_never_edited() {
    for (all, checksum) in [
        (
            &open::SQLITE,
            "304aa5cc38612daba35ee9774944ad1749ffb2007e77b839ec2ffdd779bf5893499baeda03d48d9a8481448db3fedb17",
        ),
        (
            &open::POSTGRES,
            "0c652964d5cb4351262b36712241e51760b6757ee3a9fcdc25fac7c33c683a13fdd2e5d2f3b0874e1cc0b65bbd7434f6",
        ),
    ] {
        let first = all.iter().next().unwrap();
        assert_eq!(
            hex::encode(first.checksum.as_ref()),
            checksum,
            "databases with it would not open any more"
        );
    }
}

#[test]
fn both_databases_have_the_same_versions_of_their_tables() {
    let versions = |all: &sqlx::migrate::Migrator| -> Vec<(i64, String)> {
        all.iter().map(|one| (one.version, one.description.to_string())).collect()
    };
    assert_eq!(versions(&open::SQLITE), versions(&open::POSTGRES));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let astray = std::fs::read_dir(folder).unwrap().flatten().find(|entry| entry.path().is_file());
    assert!(astray.is_none(), "{astray:?} belongs into a folder, and a twin of it into the other");
}

/// Commits bring the write-ahead log into the file once it has eight thousand pages; these are far fewer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_the_write_ahead_log_comes_into_the_file_beside_the_writer() {
    let (_folder, path) = file();
    let log = Log::open(&path).await.unwrap();
    let length = || std::fs::metadata(&path).unwrap().len();
    let before = length();
    let much = 1_000 * 4_096;
    for n in 0..600 {
        let text = format!("{n} {}", "x".repeat(5_000));
        let insert = "INSERT INTO meta (key, value) VALUES ($1, $1)";
        let wrote = log.write(move |on| Box::pin(async move { query(insert).bind(text).execute(on).await }));
        wrote.await.unwrap();
        if n == 500 {
            assert_eq!(length(), before, "a commit waits for the copying");
        }
    }
    super::eventually(async || length() > before + much).await;
    log.close().await;
}
