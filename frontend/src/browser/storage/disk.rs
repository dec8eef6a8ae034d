//! The database itself: its stores, its key's place, and one transaction at a time. It sees sealed payloads only.

use super::error::from_exception;
use super::{BLOCKED_MS, StorageError, Store};
use crate::browser::{clock, window};
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use js_sys::{Array, Function, Promise};
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{CryptoKey, IdbDatabase, IdbObjectStoreParameters};

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

/// A connection beside the library's: it has laid the stores out, and hears when another tab wants a newer form or deletes
/// the database. The library can do both, and its words for what may fail there are ten kilobytes to download.
pub(super) struct Watch {
    database: IdbDatabase,
    change: Option<Closure<dyn FnMut()>>,
}

impl Watch {
    async fn open(name: &str) -> Result<Self, JsValue> {
        let factory = window().ok_or(JsValue::NULL)?.indexed_db()?.ok_or(JsValue::NULL)?;
        let request = factory.open_with_u32(name, VERSION)?;
        let asked = request.clone();
        // The browser undoes the whole upgrade when this fails.
        let upgrade = Closure::once_into_js(move || lay_out(&asked.result()?.dyn_into()?));
        request.set_onupgradeneeded(upgrade.dyn_ref());
        let mut listen = |opened: Function, failed: Function| {
            request.set_onsuccess(Some(&opened));
            request.set_onerror(Some(&failed));
        };
        match JsFuture::from(Promise::new(&mut listen)).await {
            Ok(_) => Ok(Self { database: request.result()?.dyn_into()?, change: None }),
            Err(_) => Err(request.error()?.into()),
        }
    }

    /// Does something when the database has to be given up, which the other tab waits for.
    pub(super) fn on_change(&mut self, act: impl FnMut() + 'static) {
        let change = Closure::new(act);
        self.database.set_onversionchange(change.as_ref().dyn_ref());
        self.change = Some(change);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

type Opening = Pin<Box<dyn Future<Output = Result<(Database, Watch), StorageError>>>>;

/// Opens the database, or gives up after a while; one that opens too late is closed at once.
pub(super) async fn open_database(name: String) -> Result<(Database, Watch), StorageError> {
    let opening: Opening = Box::pin(async move {
        let watch = Watch::open(&name).await.map_err(from_exception)?;
        let database = Database::open(name.as_str()).with_version(VERSION).await?;
        Ok((database, watch))
    });
    match clock::within(BLOCKED_MS, opening).await {
        Ok(opened) => opened,
        Err(late) => {
            spawn_local(async move {
                if let Ok((database, _)) = late.await {
                    database.close();
                }
            });
            Err(StorageError::Blocked)
        }
    }
}

/// Creates the stores and their order.
fn lay_out(database: &IdbDatabase) -> Result<(), JsValue> {
    database.create_object_store(KEYS)?;
    let by_id = IdbObjectStoreParameters::new();
    by_id.set_key_path(&"id".into());
    let order = Array::of2(&"order".into(), &"id".into());
    for store in Store::ALL {
        let made = database.create_object_store_with_optional_parameters(store.name(), &by_id)?;
        made.create_index_with_str_sequence(BY_ORDER, &order)?;
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
