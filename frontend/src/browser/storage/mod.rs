//! What survives a reload: encrypted records in `IndexedDB`, under a key no script can read. It never stores plain text,
//! and nothing at all without a secure context.
//!
//! On disk a record is its id, its order and a sealed payload. Payloads are sealed before a transaction opens and opened
//! after it ends: a transaction that waits for anything else than its own requests is closed by the browser.

mod cipher;
mod disk;
mod error;

#[cfg(test)]
mod tests;

pub use error::{StorageError, from_name};

use super::clock;
use disk::{Step, Watch, fetch, fetch_all, forget_key, key_of, open_database, write};
use indexed_db_futures::database::Database;
use js_sys::{Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;

/// How long another tab may hold the database back before the desk goes on without it, in milliseconds.
const BLOCKED_MS: i32 = 5_000;

/// A store of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Commands asked for and not yet settled; written through to the disk before a put returns.
    Outbox,
    /// Texts not yet sent.
    Drafts,
    /// A stream's state with its version in the same record.
    Streams,
    /// Small things by name.
    Kv,
}

impl Store {
    /// Every store.
    pub const ALL: [Self; 4] = [Self::Outbox, Self::Drafts, Self::Streams, Self::Kv];

    /// The store's name on disk.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Drafts => "drafts",
            Self::Streams => "streams",
            Self::Kv => "kv",
        }
    }
}

/// A record: `json` is sealed on disk, `id` and `order` are not.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Unique in its store.
    pub id: String,
    /// Where it stands in `all`; a finite number.
    pub order: f64,
    /// The payload.
    pub json: String,
}

/// Everything in a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// What could be read, in order.
    pub records: Vec<Record>,
    /// The ids of records that could not be read; they are left where they are.
    pub unreadable: Vec<String>,
}

/// One step of a transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Writes a record over one of the same id.
    Put(Store, Record),
    /// Removes a record; none of that id is no error.
    Delete(Store, String),
    /// Removes all records of a store.
    Clear(Store),
}

/// The open database. Clones are handles to the same one; it closes with the last of them.
#[derive(Clone)]
pub struct Storage(Rc<Inner>);

struct Inner {
    name: String,
    database: RefCell<Option<Database>>,
    watch: RefCell<Option<Watch>>,
    key: CryptoKey,
}

impl Inner {
    fn close(&self) {
        if let Some(database) = self.database.take() {
            database.close();
        }
        self.watch.take();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Storage {
    /// Opens or creates the database and its key.
    ///
    /// # Errors
    /// `NotSecure` without a secure context, `Blocked` after 5 s behind another tab, else what the browser says.
    pub async fn open(name: &str) -> Result<Self, StorageError> {
        if !super::window().is_some_and(|window| window.is_secure_context()) {
            return Err(StorageError::NotSecure);
        }
        // Made before the transaction that decides whether it is needed: nothing foreign may be awaited inside one.
        let fresh = cipher::fresh_key().await?;
        let (database, watch) = open_database(name.to_owned()).await?;
        let key = match key_of(&database, fresh).await {
            Ok(key) => key,
            Err(error) => {
                database.close();
                return Err(error);
            }
        };
        let name = name.to_owned();
        let inner =
            Rc::new(Inner { name, database: RefCell::new(Some(database)), watch: RefCell::default(), key });
        let (weak, mut watch) = (Rc::downgrade(&inner), watch);
        // Another tab wants a newer form or deletes the database: give way at once.
        watch.on_change(move || {
            if let Some(inner) = weak.upgrade() {
                inner.close();
            }
        });
        inner.watch.replace(Some(watch));
        Ok(Self(inner))
    }

    /// Writes one record.
    ///
    /// # Errors
    /// Whatever `transact` returns.
    pub async fn put(&self, store: Store, record: Record) -> Result<(), StorageError> {
        self.transact(vec![Op::Put(store, record)]).await
    }

    /// Writes several records of one store, all or none.
    ///
    /// # Errors
    /// Whatever `transact` returns.
    pub async fn put_many(&self, store: Store, records: Vec<Record>) -> Result<(), StorageError> {
        self.transact(records.into_iter().map(|record| Op::Put(store, record)).collect()).await
    }

    /// Removes one record.
    ///
    /// # Errors
    /// Whatever `transact` returns.
    pub async fn delete(&self, store: Store, id: &str) -> Result<(), StorageError> {
        self.transact(vec![Op::Delete(store, id.to_owned())]).await
    }

    /// Does all steps in one transaction, in order, or none of them.
    ///
    /// # Errors
    /// `Closed`, `Quota`, `Aborted`, `Unordered`, or what the browser says; nothing was written then.
    pub async fn transact(&self, ops: Vec<Op>) -> Result<(), StorageError> {
        let mut steps = Vec::with_capacity(ops.len());
        for op in ops {
            steps.push(match op {
                Op::Put(store, record) => Step::Put(store, seal(&self.0.key, store, &record).await?),
                Op::Delete(store, id) => Step::Delete(store, id),
                Op::Clear(store) => Step::Clear(store),
            });
        }
        let mut names: Vec<&str> = Vec::new();
        for step in &steps {
            let name = step.store().name();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return Ok(());
        }
        let strict = steps.iter().any(|step| step.store() == Store::Outbox);
        write(&self.database()?, &names, strict, &steps).await
    }

    /// Reads one record.
    ///
    /// # Errors
    /// `Unreadable` when it is there but sealed under another key, `Closed`, or what the browser says.
    pub async fn get(&self, store: Store, id: &str) -> Result<Option<Record>, StorageError> {
        let Some(found) = fetch(&self.database()?, store, id).await? else { return Ok(None) };
        let (id, record) = unseal(&self.0.key, store, &found).await;
        record.map(Some).ok_or(StorageError::Unreadable(id))
    }

    /// Reads a whole store in its order.
    ///
    /// # Errors
    /// `Closed`, or what the browser says.
    pub async fn all(&self, store: Store) -> Result<Listing, StorageError> {
        let found = fetch_all(&self.database()?, store).await?;
        let mut listing = Listing::default();
        for raw in found {
            match unseal(&self.0.key, store, &raw).await {
                (_, Some(record)) => listing.records.push(record),
                (id, None) => listing.unreadable.push(id),
            }
        }
        Ok(listing)
    }

    /// Forgets everything, the key first: what may be left behind cannot be read by anyone. All handles are closed.
    ///
    /// # Errors
    /// `Blocked` when another tab keeps the database from being deleted for 5 s (the key is gone even then).
    pub async fn wipe(&self) -> Result<(), StorageError> {
        forget_key(&self.database()?).await?;
        self.0.close();
        let deleted = Database::delete_by_name(&self.0.name)?;
        match clock::within(BLOCKED_MS, Box::pin(deleted)).await {
            Ok(done) => Ok(done?),
            Err(_) => Err(StorageError::Blocked),
        }
    }

    /// Whether this handle was closed by another tab or by `wipe`.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.database.borrow().is_none()
    }

    fn database(&self) -> Result<Database, StorageError> {
        self.0.database.borrow().clone().ok_or(StorageError::Closed)
    }
}

fn place(store: Store, id: &str) -> String {
    [store.name(), "/", id].concat()
}

/// A record as it lies on disk.
async fn seal(key: &CryptoKey, store: Store, record: &Record) -> Result<JsValue, StorageError> {
    if !record.order.is_finite() {
        return Err(StorageError::Unordered);
    }
    let sealed = cipher::seal(key, &place(store, &record.id), &record.json).await?;
    let raw = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("id", record.id.as_str().into()),
        ("order", record.order.into()),
        ("iv", sealed.iv.into()),
        ("data", sealed.data),
    ];
    for (name, value) in fields {
        Reflect::set(&raw, &name.into(), &value).map_err(|_| StorageError::Refused("Reflect".to_owned()))?;
    }
    Ok(raw.into())
}

/// A record from what lies on disk; always its id, nothing else when it cannot be read.
async fn unseal(key: &CryptoKey, store: Store, raw: &JsValue) -> (String, Option<Record>) {
    let field = |name: &str| Reflect::get(raw, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let id = field("id").as_string().unwrap_or_default();
    let Ok(iv) = field("iv").dyn_into::<Uint8Array>() else { return (id, None) };
    let Some(order) = field("order").as_f64() else { return (id, None) };
    let opened = cipher::open(key, &place(store, &id), &cipher::Sealed { iv, data: field("data") }).await;
    let record = opened.map(|json| Record { id: id.clone(), order, json });
    (id, record)
}
