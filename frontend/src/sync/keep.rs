//! What survives a reload: streams with their versions, commands, drafts; in the browser's encrypted storage, one job at a time.

use super::note::Note;
use super::past::Told;
use super::queue::Queue;
use crate::browser::storage::{Op, Record, Storage, StorageError, Store as Shelf};
use crate::outbox::{Pending, Write};
use crate::sentences;
use serde::Serialize;
use shared::id::{CommandId, InteractionId, UserId};
use shared::wire::read;
use wasm_bindgen_futures::spawn_local;

/// The record of the agent's own stream; never the name of an interaction.
const DESK: &str = "desk";

/// The record of whose all this is.
const OWNER: &str = "owner";

/// All that was kept.
#[derive(Default)]
pub struct Cache {
    /// Whose commands and drafts these are.
    pub owner: Option<UserId>,
    /// What was said of the agent, their session and the configuration.
    pub desk: Option<Told>,
    /// What was said of the open conversations.
    pub conversations: Vec<(InteractionId, Told)>,
    /// The commands.
    pub rows: Vec<Pending>,
    /// The drafts.
    pub drafts: Vec<(InteractionId, String)>,
}

/// Work for the storage.
enum Job {
    Write(Vec<Op>, Vec<CommandId>),
    ReadRows,
    Wipe,
}

/// The way to the storage. Jobs are done one after the other; each says what came of it by a note.
pub struct Keeper {
    jobs: Queue<Job>,
}

impl Keeper {
    /// Opens the storage, reads all it holds and then does its jobs; tells both by notes.
    pub fn open(name: String, notes: Queue<Note>) {
        spawn_local(async move {
            let opened = match Storage::open(&name).await {
                Ok(storage) => read_all(&storage).await.map(|cache| (storage, cache)),
                Err(error) => Err(error),
            };
            match opened {
                Ok((storage, cache)) => {
                    let jobs = Queue::default();
                    notes.put(Note::Kept(Ok((Self { jobs: jobs.clone() }, Box::new(cache)))));
                    work(&storage, &jobs, &notes).await;
                }
                Err(error) => notes.put(Note::Kept(Err(sentences::device(&error)))),
            }
        });
    }

    /// Writes down what the pile of commands asked for.
    pub fn commands(&self, writes: Vec<Write>) {
        let mut ids = Vec::new();
        let mut ops = Vec::new();
        for write in writes {
            match write {
                Write::Put(pending) => {
                    ids.push(pending.id);
                    ops.extend(record(pending.id.to_string(), order(pending.order), &pending, Shelf::Outbox));
                }
                Write::Delete(id) => ops.push(Op::Delete(Shelf::Outbox, id.to_string())),
            }
        }
        self.jobs.put(Job::Write(ops, ids));
    }

    /// Writes down whose all this is; before anything of theirs.
    pub fn owner(&self, user: UserId) {
        let op = record(OWNER.to_owned(), 0.0, &user, Shelf::Kv);
        self.jobs.put(Job::Write(op.into_iter().collect(), Vec::new()));
    }

    /// Writes down streams: the agent's own, conversations, and those that are done.
    pub fn streams(&self, desk: Option<&Told>, open: &[(InteractionId, Told)], done: &[InteractionId]) {
        let mut ops: Vec<Op> =
            desk.and_then(|desk| record(DESK.to_owned(), 0.0, desk, Shelf::Streams)).into_iter().collect();
        for (id, told) in open {
            ops.extend(record(id.to_string(), 1.0, told, Shelf::Streams));
        }
        ops.extend(done.iter().map(|id| Op::Delete(Shelf::Streams, id.to_string())));
        self.jobs.put(Job::Write(ops, Vec::new()));
    }

    /// Writes down a draft; an empty one leaves nothing behind.
    pub fn draft(&self, id: InteractionId, text: &String) {
        let op = if text.is_empty() {
            Some(Op::Delete(Shelf::Drafts, id.to_string()))
        } else {
            record(id.to_string(), 0.0, text, Shelf::Drafts)
        };
        self.jobs.put(Job::Write(op.into_iter().collect(), Vec::new()));
    }

    /// Forgets what another person or another log left here.
    pub fn clear(&self, with_outbox: bool) {
        let mut ops = vec![Op::Clear(Shelf::Streams)];
        if with_outbox {
            ops.extend([Op::Clear(Shelf::Outbox), Op::Clear(Shelf::Drafts), Op::Clear(Shelf::Kv)]);
        }
        self.jobs.put(Job::Write(ops, Vec::new()));
    }

    /// Reads the commands of all tabs.
    pub fn read_rows(&self) {
        self.jobs.put(Job::ReadRows);
    }

    /// Forgets everything and the key.
    pub fn wipe(&self) {
        self.jobs.put(Job::Wipe);
    }
}

async fn work(storage: &Storage, jobs: &Queue<Job>, notes: &Queue<Note>) {
    loop {
        match jobs.take().await {
            Job::Write(ops, ids) => match storage.transact(ops).await {
                Ok(()) if ids.is_empty() => {}
                Ok(()) => notes.put(Note::Saved(ids)),
                Err(error) => notes.put(Note::NotSaved(ids, sentences::device(&error))),
            },
            Job::ReadRows => {
                if let Ok(rows) = read_rows(storage).await {
                    notes.put(Note::Rows(rows));
                }
            }
            Job::Wipe => {
                // Even where the database cannot be deleted its key is gone.
                let _ = storage.wipe().await;
                notes.put(Note::Wiped);
            }
        }
    }
}

async fn read_all(storage: &Storage) -> Result<Cache, StorageError> {
    let mut cache = Cache { rows: read_rows(storage).await?, ..Cache::default() };
    if let Some(record) = storage.get(Shelf::Kv, OWNER).await? {
        cache.owner = read(&record.json).ok();
    }
    // A record of an older form is fetched anew, and nobody would ever take it away.
    let mut old = Vec::new();
    for record in storage.all(Shelf::Streams).await?.records {
        if record.id == DESK {
            cache.desk = read(&record.json).ok();
        } else if let (Ok(id), Ok(told)) = (record.id.parse(), read(&record.json)) {
            cache.conversations.push((id, told));
        } else {
            old.push(Op::Delete(Shelf::Streams, record.id));
        }
    }
    if !old.is_empty() {
        storage.transact(old).await?;
    }
    for record in storage.all(Shelf::Drafts).await?.records {
        if let (Ok(id), Ok(text)) = (record.id.parse(), read(&record.json)) {
            cache.drafts.push((id, text));
        }
    }
    Ok(cache)
}

async fn read_rows(storage: &Storage) -> Result<Vec<Pending>, StorageError> {
    let listing = storage.all(Shelf::Outbox).await?;
    Ok(listing.records.iter().filter_map(|record| read(&record.json).ok()).collect())
}

fn record<T: Serialize>(id: String, order: f64, value: &T, shelf: Shelf) -> Option<Op> {
    let json = serde_json::to_string(value).ok()?;
    Some(Op::Put(shelf, Record { id, order, json }))
}

#[expect(clippy::cast_precision_loss, reason = "a thousand times the milliseconds of today is below 2^53")]
fn order(order: u64) -> f64 {
    order as f64
}
