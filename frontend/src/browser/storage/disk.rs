//! The database itself: its stores, its key's place, and one transaction at a time. It sees sealed payloads only.

use super::{BLOCKED_MS, StorageError, Store};
use crate::browser::clock;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::CryptoKey;

/// The form of the database; grows only when a store or an index is added.
const VERSION: u32 = 1;
/// The store of the key, apart from what it seals.
const KEYS: &str = "keys";
/// The one key's place in its store.
const KEY: &str = "payload";
/// The index that lists records in their order, equal ones by id.
const BY_ORDER: &str = "order";

/// A step whose payload is sealed.
pub(super) enum Step {
    Put(Store, JsValue),
    Delete(Store, String),
    Clear(Store),
}

impl Step {
    pub(super) fn store(&self) -> Store {
        match self {
            Self::Put(store, _) | Self::Delete(store, _) | Self::Clear(store) => *store,
        }
    }
}

type Opening = Pin<Box<dyn Future<Output = Result<Database, OpenDbError>>>>;

/// Opens the database, or gives up after a while; one that opens too late is closed at once.
pub(super) async fn open_database(name: String) -> Result<Database, StorageError> {
    let opening: Opening = Box::pin(async move {
        Database::open(name.as_str())
            .with_version(VERSION)
            .with_on_upgrade_needed(|_, database: Database| lay_out(&database))
            .await
    });
    match clock::within(BLOCKED_MS, opening).await {
        Ok(opened) => Ok(opened?),
        Err(late) => {
            spawn_local(async move {
                if let Ok(database) = late.await {
                    database.close();
                }
            });
            Err(StorageError::Blocked)
        }
    }
}

/// Creates the stores and their order.
fn lay_out(database: &Database) -> Result<(), Error> {
    database.create_object_store(KEYS).build()?;
    for store in Store::ALL {
        let made = database.create_object_store(store.name()).with_key_path("id".into()).build()?;
        made.create_index(BY_ORDER, ["order", "id"].as_slice().into()).build()?;
    }
    Ok(())
}

/// The key on disk, or `fresh` put there: one transaction, so that two tabs end with the same key.
pub(super) async fn key_of(database: &Database, fresh: CryptoKey) -> Result<CryptoKey, StorageError> {
    let transaction = database.transaction(KEYS).with_mode(TransactionMode::Readwrite).build()?;
    let keys = transaction.object_store(KEYS)?;
    let found: Option<JsValue> = keys.get::<JsValue, _, _>(KEY).primitive()?.await?;
    let key = if let Some(key) = found.and_then(|found| found.dyn_into().ok()) {
        key
    } else {
        let put = keys.put(JsValue::from(fresh.clone())).with_key(JsValue::from(KEY)).without_key_type();
        put.primitive()?.await?;
        fresh
    };
    drop(keys);
    transaction.commit().await?;
    Ok(key)
}

pub(super) async fn forget_key(database: &Database) -> Result<(), StorageError> {
    let options = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    let transaction =
        database.transaction(KEYS).with_mode(TransactionMode::Readwrite).with_options(options).build()?;
    transaction.object_store(KEYS)?.clear()?.await?;
    transaction.commit().await?;
    Ok(())
}

/// One transaction. A step that fails drops it uncommitted, which rolls everything back.
pub(super) async fn write(
    database: &Database,
    names: &[&str],
    strict: bool,
    steps: &[Step],
) -> Result<(), StorageError> {
    let durability = if strict { TransactionDurability::Strict } else { TransactionDurability::Relaxed };
    let transaction = database
        .transaction(names)
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(durability))
        .build()?;
    for step in steps {
        let store: ObjectStore<'_> = transaction.object_store(step.store().name())?;
        match step {
            Step::Put(_, value) => store.put(value.clone()).primitive()?.await?,
            Step::Delete(_, id) => store.delete(id.as_str()).primitive()?.await?,
            Step::Clear(_) => store.clear()?.await?,
        }
    }
    transaction.commit().await?;
    Ok(())
}

pub(super) async fn fetch(
    database: &Database,
    store: Store,
    id: &str,
) -> Result<Option<JsValue>, StorageError> {
    let transaction = database.transaction(store.name()).build()?;
    let records = transaction.object_store(store.name())?;
    Ok(records.get::<JsValue, _, _>(id).primitive()?.await?)
}

pub(super) async fn fetch_all(database: &Database, store: Store) -> Result<Vec<JsValue>, StorageError> {
    let transaction = database.transaction(store.name()).build()?;
    let records = transaction.object_store(store.name())?;
    let ordered = records.index(BY_ORDER)?;
    let found = ordered.get_all::<JsValue>().primitive()?.await?;
    found.collect::<Result<Vec<_>, _>>().map_err(StorageError::from)
}
