//! What only a server can get wrong: its settings, its lock, connections that break, and commits whose answer is lost.

use super::super::{AppendError, Log, LogError, server};
use super::{all_events, append, disposition};
use crate::log::db::{Connection, query};
use crate::seal::Keyring;
use pgtest::Server;
use shared::world::World;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// The name of the database in an address.
fn name(address: &str) -> &str {
    address.split('/').nth(3).unwrap().split('?').next().unwrap()
}

/// Cuts off every connection to a database, as a restart of the server does.
fn cut_off(address: &str) {
    let name = name(address);
    let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    Server::shared().psql("postgres", &sql);
}

#[tokio::test]
async fn every_commit_is_synced_or_the_log_does_not_open() {
    let address = Server::shared().database();
    let connect = async |commit: &str| {
        let options: PgConnectOptions = address.parse().unwrap();
        Connection::Postgres(options.options([("synchronous_commit", commit)]).connect().await.unwrap())
    };
    server::assert_fit(&mut connect("on").await).await.unwrap();
    for weak in ["off", "local"] {
        let refused = server::assert_fit(&mut connect(weak).await).await;
        let setting = "synchronous_commit";
        assert!(
            matches!(&refused, Err(LogError::NotDurable { setting: s, .. }) if *s == setting),
            "{refused:?}"
        );
    }
    let careless = Server::start_with(&["fsync=off"]);
    let refused = Log::connect(&careless.database()).await.map(drop);
    assert!(matches!(refused, Err(LogError::NotDurable { setting: "fsync", .. })), "{refused:?}");
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_text_is_refused() {
    let server = Server::shared();
    server.psql("postgres", "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0");
    let refused = Log::connect(&server.named("ascii")).await.map(drop);
    assert!(matches!(refused, Err(LogError::Encoding(_))), "{refused:?}");
}

#[tokio::test]
async fn what_does_not_connect_says_why_and_never_the_password() {
    let server = Server::shared();
    let right = server.database();
    let wrong = server.address("signalbox", "not-the-secret", name(&right));
    let nobody = server.address("nobody-here", "not-the-secret", name(&right));
    let away = "postgres://signalbox:not-the-secret@localhost/x?host=/nowhere".to_owned();
    let misspelt = format!("{right}&pasword=not-the-secret");
    let broken = "postgres://signalbox:not-the-secret@[localhost/x".to_owned();
    for (address, expected) in [
        (wrong, "password authentication failed for user \"signalbox\""),
        (nobody, "user nobody-here"),
        (away, "cannot use PostgreSQL at /nowhere"),
        (misspelt, "address is not right"),
        (broken, "address is not right"),
    ] {
        let error = Log::connect(&address).await.map(drop).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("not-the-secret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_lost_connection_fails_what_was_under_way_and_is_made_anew() {
    let address = Server::shared().database();
    let log = Log::connect(&address).await.unwrap();
    let mut world = World::default();
    for round in 1..=3 {
        let next = append(&mut world, vec![disposition(round)]);
        cut_off(&address);
        let lost = log.append(&next).await;
        assert!(matches!(lost, Err(AppendError::Failed(_))), "{lost:?}");
        super::eventually(async || log.append(&next).await.is_ok()).await;
        assert_eq!(all_events(&log).await.len(), usize::try_from(round).unwrap());
    }
    assert_eq!(log.world().await.unwrap().config, world.config);
    // Idle for a while, nobody asks it anything: it finds out by itself.
    log.close().await;
}

#[tokio::test]
async fn a_relay_whose_place_was_taken_writes_nothing_more_and_says_so() {
    let address = Server::shared().database();
    let log = Log::connect(&address).await.unwrap();
    let mut world = World::default();
    log.append(&append(&mut world, vec![disposition(1)])).await.unwrap();
    Server::shared().psql(name(&address), "UPDATE meta SET value = 'another' WHERE key = 'holder'");
    cut_off(&address);
    let next = append(&mut world, vec![disposition(2)]);
    assert!(log.append(&next).await.is_err());
    assert!(matches!(log.gone().await, LogError::Taken));
    assert!(matches!(log.append(&next).await, Err(AppendError::Failed(LogError::Taken))));
    assert_eq!(all_events(&log).await.len(), 1);
    log.close().await;
}

/// When the connection to the server is cut.
#[derive(Clone, Copy)]
enum Cut {
    Never,
    BeforeCommit,
    AfterCommit,
}

/// Stands between the relay and the server and cuts one connection off at a commit.
struct Between {
    folder: tempfile::TempDir,
    cut: Arc<AtomicU8>,
}

impl Between {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let cut = Arc::new(AtomicU8::new(Cut::Never as u8));
        let shared = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((relay, _)) = listener.accept().await {
                tokio::spawn(pass(relay, Arc::clone(&shared)));
            }
        });
        Self { folder, cut }
    }

    fn address(&self, address: &str) -> String {
        let folder = self.folder.path().display();
        format!("{}?host={folder}", address.split('?').next().unwrap())
    }
}

async fn pass(mut relay: UnixStream, cut: Arc<AtomicU8>) {
    let socket = Server::shared().socket().join(".s.PGSQL.5432");
    let mut server = UnixStream::connect(socket).await.unwrap();
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = relay.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                let commits = asked[..count].windows(7).any(|bytes| bytes == b"COMMIT\0");
                let now = if commits { cut.swap(Cut::Never as u8, Ordering::SeqCst) } else { Cut::Never as u8 };
                if now == Cut::BeforeCommit as u8 {
                    return;
                }
                server.write_all(&asked[..count]).await.unwrap();
                if now == Cut::AfterCommit as u8 {
                    // The server has done it once it answers.
                    assert!(server.read(&mut answered).await.unwrap() > 0);
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(count @ 1..) = read else { return };
                if relay.write_all(&answered[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_was_lost_is_looked_up_and_never_guessed() {
    let address = Server::shared().database();
    let between = Between::start();
    let log = Log::connect(&between.address(&address)).await.unwrap();
    let mut world = World::default();
    for round in 1..=5 {
        let next = append(&mut world, vec![disposition(2 * round)]);
        between.cut.store(Cut::AfterCommit as u8, Ordering::SeqCst);
        log.append(&next).await.unwrap();
        let next = append(&mut world, vec![disposition(2 * round + 1)]);
        between.cut.store(Cut::BeforeCommit as u8, Ordering::SeqCst);
        assert!(matches!(log.append(&next).await, Err(AppendError::Failed(_))));
        log.append(&next).await.unwrap();
    }
    assert_eq!(all_events(&log).await.len(), 10);
    assert_eq!(log.world().await.unwrap().config, world.config);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_writes_are_looked_up_too() {
    let address = Server::shared().database();
    let between = Between::start();
    let log = Log::connect(&between.address(&address)).await.unwrap().with_keys(Keyring::fresh());
    between.cut.store(Cut::AfterCommit as u8, Ordering::SeqCst);
    log.save_secret("a".into(), "kept".to_owned()).await.unwrap();
    between.cut.store(Cut::BeforeCommit as u8, Ordering::SeqCst);
    assert!(log.save_secret("b".into(), "lost".to_owned()).await.is_err());
    assert_eq!(log.secret_names("").await.unwrap(), ["a"]);
}

#[tokio::test]
async fn a_writer_that_stops_in_the_middle_does_not_hold_the_database_up() {
    let address = Server::shared().database();
    let log = Log::connect(&address).await.unwrap().with_keys(Keyring::fresh());
    let stuck = log
        .write(|on| {
            Box::pin(async move {
                query("INSERT INTO secrets (name, value) VALUES ('a', 'b')").execute(&mut *on).await?;
                tokio::time::sleep(Duration::from_secs(6)).await;
                query("SELECT 1").execute(on).await
            })
        })
        .await;
    assert!(stuck.is_err());
    super::eventually(async || log.save_secret("c".into(), "d".to_owned()).await.is_ok()).await;
    assert_eq!(log.secret_names("").await.unwrap(), ["c"]);
}
