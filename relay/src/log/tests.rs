//! The log on real files; long because it also holds the readers of tables by which the engine's tests look at the file.
//!
//! What it keeps, what it refuses, and that waiting writes share a commit.

mod drafts;
mod earlier;
mod filters;
mod postgres;
mod sounds;
mod sqlite;

use super::*;
use crate::seal::Keyring;
use db::{query, query_scalar};
use pgtest::Server;
use shared::channel::Channel;
use shared::config::{ConfigChange, Disposition};
use shared::event::{Actor, Change, Event, Stream};
use shared::id::{
    ActivityId, CommandId, ConnectorId, DispositionId, IdentityId, InteractionId, MessageId, QueueId, UserId,
};
use shared::interaction::{Delivery, Direction, InteractionChange, MessageKind};
use shared::thread::Content;
use shared::time::Timestamp;
use shared::wire::Outcome;
use shared::world::World;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::TempDir;

const CONNECTOR: ConnectorId = ConnectorId::from_u128(1);
const AT: Timestamp = Timestamp(1_000);

fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signalbox.db");
    (folder, path)
}

/// Opens the log that belongs to a path on the database under test: the file, or a database of the same server for
/// each path.
pub(crate) async fn open(path: &Path) -> Result<Log, LogError> {
    Ok(open_locked(path).await?.with_keys(Keyring::fresh()))
}

/// The same without keys for its secrets.
pub(crate) async fn open_locked(path: &Path) -> Result<Log, LogError> {
    if on_postgres() { Log::connect(&address(path)).await } else { Log::open(path).await }
}

/// Waits until something holds that a lost connection delays.
async fn eventually(holds: impl AsyncFn() -> bool) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it did not come about within five seconds");
}

/// Whether the tests run on PostgreSQL; on SQLite otherwise.
pub(crate) fn on_postgres() -> bool {
    std::env::var_os("SIGNALBOX_TEST_DATABASE").is_some_and(|which| which == "postgres")
}

/// The address of the database that stands for a path.
fn address(path: &Path) -> String {
    static ADDRESSES: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());
    let mut addresses = ADDRESSES.lock().unwrap();
    addresses.entry(path.to_owned()).or_insert_with(|| Server::shared().database()).clone()
}

/// Makes a customer known to a connector.
pub(crate) async fn know(log: &Log, identity: IdentityId, connector: ConnectorId) {
    log.write(move |on| {
        Box::pin(async move {
            query(
                "INSERT INTO identities (id, connector, address, subscribed, created_at) \
                 VALUES ($1, $2, 'x', 1, 0)",
            )
            .bind(identity.to_string())
            .bind(connector.to_string())
            .execute(on)
            .await
            .map(drop)
        })
    })
    .await
    .unwrap();
}

/// The provider call of a message as it stands in the outbox: state and attempts.
pub(crate) async fn outbox(log: &Log, message: MessageId) -> Option<(String, i64)> {
    let row = query("SELECT state, attempts FROM outbox WHERE message = $1")
        .bind(message.to_string())
        .fetch_optional(log.readers())
        .await
        .unwrap()?;
    Some((row.try_get(0).unwrap(), row.try_get(1).unwrap()))
}

/// Puts an item into the journal.
pub(crate) async fn journal(log: &Log) -> i64 {
    log.write(|on| {
        Box::pin(async move {
            query_scalar(
                "INSERT INTO journal (provider, account, received_at, item, state) \
                 VALUES ('meta', 'a', 0, '{}', 'new') RETURNING id",
            )
            .fetch_one(on)
            .await
        })
    })
    .await
    .unwrap()
}

/// Makes a message one that the system wrote by itself.
pub(crate) async fn automatic(log: &Log, message: MessageId) {
    log.write(move |on| {
        Box::pin(async move {
            let sql = "UPDATE events SET actor = '\"system\"' WHERE stream = 'interaction:' || \
                       (SELECT interaction FROM messages WHERE id = $1) \
                       AND seq = (SELECT seq FROM messages WHERE id = $1)";
            query(sql).bind(message.to_string()).execute(on).await.map(drop)
        })
    })
    .await
    .unwrap();
}

/// How a journal item stands, and the message it became.
pub(crate) async fn item(log: &Log, id: i64) -> (String, Option<String>) {
    let row = query("SELECT state, message FROM journal WHERE id = $1")
        .bind(id)
        .fetch_one(log.readers())
        .await
        .unwrap();
    (row.try_get(0).unwrap(), row.try_get(1).unwrap())
}

/// How many customers have a live interaction.
pub(crate) async fn live(log: &Log) -> i64 {
    query_scalar("SELECT count(*) FROM live_identities").fetch_one(log.readers()).await.unwrap()
}

/// Every event, stream by stream, read as a desk that resumes from nothing reads them.
pub(crate) async fn all_events(log: &Log) -> Vec<Event> {
    let rows = query("SELECT DISTINCT stream FROM events").fetch_all(log.readers()).await.unwrap();
    let mut all = Vec::new();
    for row in rows {
        let key: String = row.try_get(0).unwrap();
        let stream = match key.split_once(':') {
            Some(("interaction", id)) => Stream::Interaction(id.parse().unwrap()),
            Some(("agent", id)) => Stream::Agent(id.parse().unwrap()),
            _ => Stream::Config,
        };
        let events = log.events_after(stream, 0, u32::MAX).await.unwrap();
        all.extend(events.into_iter().map(|published| published.event));
    }
    all
}

/// The states of all streams, ended interactions too, as JSON by stream.
pub(crate) async fn all_states(log: &Log) -> Vec<(String, i64, serde_json::Value)> {
    let rows = query("SELECT stream, version, state FROM streams ORDER BY stream")
        .fetch_all(log.readers())
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get(0).unwrap(),
                row.try_get(1).unwrap(),
                serde_json::from_str(&row.text(2).unwrap()).unwrap(),
            )
        })
        .collect()
}

/// The append of these changes on this world, which moves on with it.
fn append(world: &mut World, changes: Vec<(Stream, Change)>) -> Append {
    let mut append = Append::default();
    for (stream, change) in changes {
        if append.reads.iter().all(|(read, _)| *read != stream) {
            append.reads.push((stream, world.version(stream)));
        }
        append.events.push(world.record(stream, change, Actor::System, AT).unwrap());
    }
    for (stream, _) in &append.reads {
        let state = match stream {
            Stream::Interaction(id) => State::Interaction(Box::new(world.interaction(*id).unwrap().clone())),
            Stream::Agent(user) => State::Agent(Box::new(world.agent(*user))),
            Stream::Config => State::Config(Box::new(world.config.clone())),
        };
        append.states.push(StreamState { stream: *stream, state });
    }
    append
}

fn disposition(n: u128) -> (Stream, Change) {
    let one = Disposition::new(DispositionId::from_u128(n), format!("status {n}"));
    (Stream::Config, Change::Config(ConfigChange::DispositionSaved(one)))
}

/// A customer's first message, which begins an interaction of the same number.
fn wrote(world: &mut World, interaction: u128, identity: u128, message: u128) -> Append {
    let stream = Stream::Interaction(InteractionId::from_u128(interaction));
    let queue = shared::config::QueueRef { id: QueueId::from_u128(1), number: 1, title: "queue".into() };
    let message = MessageId::from_u128(message);
    let changes = [
        InteractionChange::Began {
            channel: Channel::Viber,
            connector: CONNECTOR,
            connector_title: "account".into(),
            identity: IdentityId::from_u128(identity),
            direction: Direction::In,
            last_customer_at: None,
            human_agent: false,
        },
        InteractionChange::CustomerWrote {
            message,
            kind: MessageKind::Text,
            sent_at: AT,
            attachments: Vec::new(),
            reply_to: None,
        },
        InteractionChange::Queued {
            activity: ActivityId::from_u128(interaction),
            queue,
            max_wait_until: None,
        },
    ];
    let mut append =
        append(world, changes.map(|change| (stream, Change::Interaction(change))).into_iter().collect());
    append.content.push(Content::Text { message, text: "the words".into() });
    append
}

#[tokio::test]
async fn one_process_holds_the_file_and_the_epoch_stays() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    assert!(matches!(open(&path).await, Err(LogError::InUse)));
    let epoch = log.epoch().to_owned();
    log.close().await;
    assert!(matches!(log.append(&Append::default()).await, Err(AppendError::Failed(LogError::Closed))));
    let log = open(&path).await.unwrap();
    assert_eq!(log.epoch(), epoch);
    let (_other, elsewhere) = file();
    assert_ne!(open(&elsewhere).await.unwrap().epoch(), epoch);
}

#[tokio::test]
async fn a_log_of_a_newer_version_is_refused() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    log.write(|on| {
        Box::pin(async move {
            query("UPDATE meta SET value = '9999' WHERE key = 'schema'").execute(on).await.map(drop)
        })
    })
    .await
    .unwrap();
    log.close().await;
    assert!(matches!(open(&path).await, Err(LogError::Newer(9_999))));
}

#[tokio::test]
async fn readers_cannot_write() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let refused = query("DELETE FROM meta").execute(log.readers()).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn a_moved_stream_is_a_conflict() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let mut world = World::default();
    let first = append(&mut world, vec![disposition(1)]);
    let stale = append(&mut World::default(), vec![disposition(2)]);
    log.append(&first).await.unwrap();
    assert!(matches!(log.append(&stale).await, Err(AppendError::Conflict)));
    // The same again: the version that was there is there no more.
    assert!(matches!(log.append(&first).await, Err(AppendError::Conflict)));
    // Who only read it meets the same.
    let mut reader = wrote(&mut World::default(), 7, 7, 7);
    reader.reads.push((Stream::Config, 0));
    assert!(matches!(log.append(&reader).await, Err(AppendError::Conflict)));
    assert_eq!(live(&log).await, 0, "nothing of a conflict is kept");
    reader.reads.retain(|(stream, _)| *stream != Stream::Config);
    reader.reads.push((Stream::Config, 1));
    log.append(&reader).await.unwrap();
    assert_eq!(log.world().await.unwrap().config, world.config);
}

#[tokio::test]
async fn what_may_exist_once_is_named() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let mut first = wrote(&mut World::default(), 1, 1, 1);
    first.beside.external_id = Some("m1".into());
    let row = CommandRow {
        id: CommandId::from_u128(1),
        user: UserId::from_u128(1),
        digest: "d".into(),
        outcome: Outcome::Done { moved: Vec::new() },
        at: AT,
    };
    first.command = Some(row.clone());
    log.append(&first).await.unwrap();
    let duplicate = async |append: &Append| match log.append(append).await {
        Err(AppendError::Duplicate(what)) => what,
        other => panic!("{other:?}"),
    };
    let mut external = wrote(&mut World::default(), 2, 2, 2);
    external.beside.external_id = Some("m1".into());
    assert_eq!(duplicate(&external).await, Duplicate::ExternalId);
    let identity = wrote(&mut World::default(), 3, 1, 3);
    assert_eq!(duplicate(&identity).await, Duplicate::LiveIdentity);
    let message = wrote(&mut World::default(), 4, 4, 1);
    assert_eq!(duplicate(&message).await, Duplicate::Message);
    let mut command = wrote(&mut World::default(), 5, 5, 5);
    command.command = Some(row);
    assert_eq!(duplicate(&command).await, Duplicate::Command);
    assert_eq!(log.world().await.unwrap().interactions().count(), 1);
    assert!(log.knows(CONNECTOR, "m1").await.unwrap());
    assert!(!log.knows(ConnectorId::from_u128(2), "m1").await.unwrap(), "ids are the connector's own");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_writes_share_a_commit_and_a_conflict_harms_no_neighbour() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let before = log.counts();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..600_u128 {
        let log = log.clone();
        tasks.spawn(async move {
            // Every third names a customer who is taken already.
            let identity = if n % 3 == 0 { 0 } else { n };
            (n, log.append(&wrote(&mut World::default(), n, identity, n)).await)
        });
    }
    let results = tasks.join_all().await;
    let kept = results.iter().filter(|(_, result)| result.is_ok()).count();
    assert_eq!(kept, 401);
    assert!(results.iter().all(|(n, result)| n % 3 == 0 || result.is_ok()));
    let counts = log.counts();
    let (jobs, commits) = (counts.jobs - before.jobs, counts.commits - before.commits);
    assert_eq!(jobs, 401);
    assert!(commits * 4 < jobs, "{commits} commits for {jobs} appends");
    assert_eq!(log.world().await.unwrap().interactions().count(), 401);
}

#[tokio::test]
async fn a_failed_commit_keeps_nothing_and_the_next_one_works() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let mut world = World::default();
    let first = append(&mut world, vec![disposition(1)]);
    log.fail_next(1);
    assert!(matches!(log.append(&first).await, Err(AppendError::Failed(LogError::Database(_)))));
    assert!(all_events(&log).await.is_empty());
    log.append(&first).await.unwrap();
    assert_eq!(all_events(&log).await, first.events);
    log.fail_next(1);
    let small =
        log.write(|on| Box::pin(async move { query("DELETE FROM events").execute(on).await.map(drop) }));
    assert!(small.await.is_err());
    assert_eq!(all_events(&log).await.len(), 1);
}

#[tokio::test]
async fn a_small_write_that_fails_takes_back_only_itself() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let broken = log.write(|on| {
        Box::pin(async move {
            query("INSERT INTO secrets (name, value) VALUES ('a', 'b')").execute(&mut *on).await?;
            query("INSERT INTO secrets (name, value) VALUES ('a', 'b')").execute(on).await.map(drop)
        })
    });
    let kept = log.write(|on| {
        Box::pin(async move {
            query("INSERT INTO secrets (name, value) VALUES ('c', 'd')").execute(on).await.map(drop)
        })
    });
    let (broken, kept) = tokio::join!(broken, kept);
    assert!(broken.is_err());
    kept.unwrap();
    let names: Vec<String> = query_scalar("SELECT name FROM secrets").fetch_all(log.readers()).await.unwrap();
    assert_eq!(names, ["c"]);
}

#[tokio::test]
async fn words_come_back_beside_their_events_until_they_are_erased() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let mut first = wrote(&mut World::default(), 1, 1, 1);
    let name = Content::Name {
        identity: IdentityId::from_u128(1),
        name: Some("Ada".into()),
        handle: "+100".into(),
        avatar: None,
    };
    first.beside.content.push(name.clone());
    log.append(&first).await.unwrap();
    let stream = Stream::Interaction(InteractionId::from_u128(1));
    let read = log.events_after(stream, 0, 10).await.unwrap();
    assert_eq!(read.iter().map(|one| one.event.clone()).collect::<Vec<_>>(), first.events);
    assert_eq!(read[0].content, [name]);
    assert_eq!(read[1].content, first.content);
    assert!(read[2].content.is_empty());
    let tail = log.events_after(stream, 1, 1).await.unwrap();
    assert_eq!(tail.len(), 1);
    assert_eq!(tail[0].event.version, 2);
    log.write(|on| {
        Box::pin(async move { query("UPDATE contents SET body = NULL").execute(on).await.map(drop) })
    })
    .await
    .unwrap();
    let read = log.events_after(stream, 0, 10).await.unwrap();
    assert!(read.iter().all(|one| one.content.is_empty()));
}

#[tokio::test]
async fn every_text_comes_back_as_it_was_also_with_characters_that_databases_refuse() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let text = "a\0b \u{10FFFF}0 \u{1F600} \u{FFFE}\\u0000 '\"";
    let mut world = World::default();
    let status = Disposition::new(DispositionId::from_u128(1), text);
    let config = (Stream::Config, Change::Config(ConfigChange::DispositionSaved(status)));
    log.append(&append(&mut world, vec![config])).await.unwrap();
    assert_eq!(log.world().await.unwrap().config, world.config);
    let mut first = wrote(&mut world, 1, 1, 1);
    for event in &mut first.events {
        if let Change::Interaction(InteractionChange::Queued { queue, .. }) = &mut event.change {
            queue.title = text.into();
        }
    }
    if let State::Interaction(one) = &mut first.states[0].state {
        one.activities[0].queue.title = text.into();
    }
    let identity = IdentityId::from_u128(1);
    let name = Content::Name { identity, name: Some(text.into()), handle: text.into(), avatar: None };
    first.content = vec![Content::Text { message: MessageId::from_u128(1), text: text.into() }, name];
    first.beside.external_id = Some(text.into());
    log.append(&first).await.unwrap();
    let read = log.events_after(Stream::Interaction(InteractionId::from_u128(1)), 0, 10).await.unwrap();
    assert_eq!(read.iter().map(|one| one.event.clone()).collect::<Vec<_>>(), first.events);
    assert_eq!([read[1].content.clone(), read[0].content.clone()].concat(), first.content);
    assert!(log.knows(CONNECTOR, text).await.unwrap());
    let customer = log.identify(CONNECTOR, &[text.into(), "b".into()], text, identity, AT).await.unwrap();
    assert_eq!(log.identity_of(CONNECTOR, &["b".into()]).await.unwrap(), Some(customer));
    assert_eq!(
        log.identify(CONNECTOR, &[text.into()], text, IdentityId::from_u128(2), AT).await.unwrap(),
        customer
    );
    log.save_secret("s".into(), text.to_owned()).await.unwrap();
    assert_eq!(log.secret("s").await.unwrap().unwrap().expose(), text);
    let wanted = |queues| {
        let (user, filter) = (UserId::from_u128(1), Filter::default());
        Wanted { user, queues, before: None, filter, limit: 10 }
    };
    let found = log.interactions(&wanted(vec![QueueId::from_u128(1)])).await.unwrap().found;
    let [found] = found.as_slice() else { panic!("{} found", found.len()) };
    assert_eq!(found.interaction.activities[0].queue.title, text);
    assert_eq!((found.name.as_deref(), found.text.as_deref()), (Some(text), Some(text)));
    assert!(log.interactions(&wanted(Vec::new())).await.unwrap().found.is_empty());
}

#[tokio::test]
async fn tables_follow_from_events() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let identity = IdentityId::from_u128(1);
    know(&log, identity, CONNECTOR).await;
    let mut world = World::default();
    log.append(&wrote(&mut world, 1, 1, 1)).await.unwrap();
    let facts = log.identity_facts(identity).await.unwrap().unwrap();
    assert_eq!((facts.connector, facts.last_customer_at, facts.subscribed), (CONNECTOR, Some(AT), true));
    let stream = Stream::Interaction(InteractionId::from_u128(1));
    let message = MessageId::from_u128(2);
    let author = shared::config::UserRef { id: UserId::from_u128(1), name: "agent".into() };
    let activity = ActivityId::from_u128(1);
    let agent = InteractionChange::AgentWrote { message, activity, author, seen: 2 };
    log.append(&append(&mut world, vec![(stream, Change::Interaction(agent))])).await.unwrap();
    assert_eq!(outbox(&log, message).await, Some(("waiting".into(), 0)));
    let facts = log.message_facts(message).await.unwrap().unwrap();
    assert_eq!(facts.delivery, Delivery::Queued);
    let mut claim = Append::default();
    claim.beside.outbox = Some(OutboxStep::Claim { message });
    log.append(&claim).await.unwrap();
    assert_eq!(outbox(&log, message).await, Some(("sending".into(), 1)));
    assert!(matches!(log.append(&claim).await, Err(AppendError::Conflict)), "claimed once");
    assert_eq!(log.left_sending().await.unwrap().len(), 1);
    claim.beside.outbox = Some(OutboxStep::Done { message });
    log.append(&claim).await.unwrap();
    assert!(log.left_sending().await.unwrap().is_empty());
    let left = vec![
        (stream, Change::Interaction(InteractionChange::CustomerLeft)),
        (
            stream,
            Change::Interaction(InteractionChange::Missed {
                activity,
                disconnection: shared::interaction::Disconnection::Customer,
            }),
        ),
    ];
    log.append(&append(&mut world, left)).await.unwrap();
    assert!(!log.identity_facts(identity).await.unwrap().unwrap().subscribed);
    assert_eq!(live(&log).await, 0);
    assert_eq!(log.world().await.unwrap().interactions().count(), 0);
    let ended = log.interaction(InteractionId::from_u128(1)).await.unwrap().unwrap();
    assert_eq!(Some(&ended), world.interaction(ended.id));
    let row = query("SELECT phase, queue, last_message, ended_at FROM interactions")
        .fetch_one(log.readers())
        .await
        .unwrap();
    assert_eq!(row.try_get::<String>(0).unwrap(), "missed");
    assert_eq!(row.try_get::<String>(1).unwrap(), QueueId::from_u128(1).to_string());
    assert_eq!(row.try_get::<String>(2).unwrap(), message.to_string());
    assert_eq!(row.try_get::<Option<i64>>(3).unwrap(), Some(AT.0));
}

#[tokio::test]
async fn what_is_shown_for_debugging_holds_no_words() {
    let mut append = wrote(&mut World::default(), 1, 1, 1);
    append.beside.content.push(Content::Text { message: MessageId::from_u128(9), text: "the words".into() });
    append.beside.external_id = Some("the words".into());
    assert!(!format!("{append:?}").contains("the words"));
}
