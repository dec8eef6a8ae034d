//! What the log has, read from the database's own file past the relay, and the rules that hold over it; asks the relay nothing.

use crate::wait::{PATIENCE, none_left, until_within};
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// The log at rest.
pub struct Stored {
    /// All messages, in the order of their interactions.
    pub messages: Vec<Message>,
    /// All events, in the order of their commits.
    pub events: Vec<Event>,
    /// The live interaction of each customer and account.
    pub live: Vec<(String, String, String)>,
    /// Webhook items by their state: new, done, parked, unsupported, failed.
    pub items: BTreeMap<String, usize>,
    /// Provider calls by message: state and attempts.
    pub calls: BTreeMap<String, (String, i64)>,
    /// What the database says of itself; `ok` when it is sound.
    pub integrity: String,
}

/// A message as a row.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its chat.
    pub interaction: String,
    /// Its place in the visible history.
    pub seq: i64,
    /// The provider's id.
    pub external: Option<String>,
    /// `in` or `out`.
    pub direction: String,
    /// The words.
    pub text: Option<String>,
    /// How far an outgoing one has come, as its JSON.
    pub delivery: Option<Value>,
}

/// How far a message came.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The stream of its chat.
    pub stream: &'a str,
    /// The message.
    pub message: String,
    /// Where it is from then on, as its JSON.
    pub delivery: Value,
    /// When, by the relay's clock, in milliseconds.
    pub at: i64,
}

impl Step<'_> {
    /// Whether nobody tries to send it any more.
    #[must_use]
    pub fn ends(&self) -> bool {
        !matches!(self.delivery.as_str(), Some("queued" | "sending"))
    }
}

/// An event as a row.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its stream.
    pub stream: String,
    /// Its place in the stream.
    pub version: i64,
    /// Its place in the visible history, where it has one.
    pub seq: Option<i64>,
    /// When, by the relay's clock, in milliseconds.
    pub at: i64,
    /// What happened, as its JSON.
    pub change: Value,
}

/// Waits until every webhook item that was kept has been understood, for as long as they become fewer.
pub async fn understood(file: &Path) {
    let open = "SELECT count(*) FROM journal WHERE state = 'new'";
    none_left("webhook items to be understood", || async { count(file, open).unwrap_or(usize::MAX - 1) })
        .await;
}

/// How long the relay waits for a provider's answer, in which nothing is to be seen.
const CALL: Duration = Duration::from_secs(20);

/// Waits until nothing is on its way to a provider or waits for it, for as long as that becomes less. The pauses that
/// providers ask for are minutes long: where some may be open, the relay's clock has to be hurried on meanwhile.
pub async fn sent(file: &Path) {
    let mut left = usize::MAX;
    while left > 0 {
        left = until_within(PATIENCE + CALL, "messages to come to an end", || async {
            Some(under_way(file)).filter(|now| *now == 0 || *now < left)
        })
        .await;
    }
}

/// How many messages are on their way to a provider or wait for it.
#[must_use]
pub fn under_way(file: &Path) -> usize {
    count(file, "SELECT count(*) FROM outbox WHERE state <> 'done'").unwrap_or(usize::MAX - 1)
}

/// The texts that are kept and not sent.
#[must_use]
pub fn drafts(file: &Path) -> Vec<String> {
    let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    rows(&file, "SELECT text FROM drafts ORDER BY at", |row| row.get(0))
}

/// A number from the file; none while it cannot be read, as during a start.
fn count(file: &Path, sql: &str) -> rusqlite::Result<usize> {
    let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    file.query_row(sql, [], |row| row.get::<_, u32>(0)).map(|left| left as usize)
}

impl Stored {
    /// Reads the file; what a running relay commits meanwhile is not seen half.
    #[must_use]
    pub fn read(file: &Path) -> Self {
        let mut file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let at_once = file.transaction().unwrap();
        let sql = "SELECT messages.id, interaction, seq, external_id, direction, body, delivery FROM messages \
                   LEFT JOIN contents ON owner = 'message:' || messages.id ORDER BY interaction, seq";
        let messages = rows(&at_once, sql, |row| {
            Ok(Message {
                id: row.get(0)?,
                interaction: row.get(1)?,
                seq: row.get(2)?,
                external: row.get(3)?,
                direction: row.get(4)?,
                text: row.get(5)?,
                delivery: row.get::<_, Option<String>>(6)?.map(|text| serde_json::from_str(&text).unwrap()),
            })
        });
        let events =
            rows(&at_once, "SELECT stream, version, seq, at, change FROM events ORDER BY pos", |row| {
                let change: String = row.get(4)?;
                Ok(Event {
                    stream: row.get(0)?,
                    version: row.get(1)?,
                    seq: row.get(2)?,
                    at: row.get(3)?,
                    change: serde_json::from_str(&change).unwrap(),
                })
            });
        let live = rows(&at_once, "SELECT connector, identity, interaction FROM live_identities", |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
        let items = rows(&at_once, "SELECT state, count(*) FROM journal GROUP BY state", |row| {
            Ok((row.get(0)?, row.get::<_, u32>(1)? as usize))
        });
        let calls = rows(&at_once, "SELECT message, state, attempts FROM outbox", |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        });
        let integrity = rows(&at_once, "PRAGMA integrity_check", |row| row.get::<_, String>(0)).join("; ");
        Self {
            messages,
            events,
            live,
            items: items.into_iter().collect(),
            calls: calls.into_iter().collect(),
            integrity,
        }
    }

    /// The providers' ids of the customers' messages.
    #[must_use]
    pub fn externals(&self) -> BTreeSet<&str> {
        let incoming = self.messages.iter().filter(|message| message.direction == "in");
        incoming.filter_map(|message| message.external.as_deref()).collect()
    }

    /// How far messages came, step by step in the order of the commits: chat, message, step and instant.
    #[must_use]
    pub fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        for Event { stream, at, change, .. } in &self.events {
            let changed = change.pointer("/interaction/delivery_changed");
            if let Some((message, delivery)) =
                changed.and_then(|one| Some((one["message"].as_str()?, &one["delivery"])))
            {
                steps.push(Step { stream, message: message.to_owned(), delivery: delivery.clone(), at: *at });
            }
        }
        steps
    }

    /// Everything that is wrong with what is stored, whatever was done before: a sentence each.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.integrity != "ok" {
            faults.push(format!("the database is not sound: {}", self.integrity));
        }
        self.streams(&mut faults);
        self.once(&mut faults);
        faults
    }

    /// Versions and seqs without holes (I-13).
    fn streams(&self, faults: &mut Vec<String>) {
        let mut versions: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for event in &self.events {
            let (version, seq) = versions.entry(&event.stream).or_default();
            *version += 1;
            if event.version != *version {
                faults.push(format!("{}: version {} follows {}", event.stream, event.version, *version - 1));
                *version = event.version;
            }
            if let Some(own) = event.seq {
                *seq += 1;
                if own != *seq {
                    faults.push(format!("{}: seq {own} follows {}", event.stream, *seq - 1));
                    *seq = own;
                }
            }
        }
    }

    /// What may be there once is there once (I-04, I-06).
    fn once(&self, faults: &mut Vec<String>) {
        let mut externals = BTreeSet::new();
        for message in &self.messages {
            if let Some(external) = &message.external
                && !externals.insert(external)
            {
                faults.push(format!("{external} is there twice"));
            }
        }
        let mut wrote = BTreeSet::new();
        for event in &self.events {
            for kind in ["customer_wrote", "agent_wrote"] {
                if let Some(message) = event.change.pointer(&format!("/interaction/{kind}/message"))
                    && !wrote.insert(message.to_string())
                {
                    faults.push(format!("{message} was written twice"));
                }
            }
        }
        let mut customers = BTreeSet::new();
        for (connector, identity, interaction) in &self.live {
            if !customers.insert((connector, identity)) {
                faults.push(format!("{interaction} is a second live chat of its customer"));
            }
        }
    }
}

fn rows<T>(file: &Connection, sql: &str, read: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = file.prepare(sql).unwrap();
    let found = statement.query_map([], |row| read(row)).unwrap();
    found.collect::<Result<_, _>>().unwrap()
}
