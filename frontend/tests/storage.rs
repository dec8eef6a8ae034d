//! Storage and locks in a real browser. It never runs on the host; long because every test file is one more link.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test in the browser is no `#[test]`, and may fail by panicking like any other"
)]

use frontend::browser::clock;
use frontend::browser::locks;
use frontend::browser::storage::{Listing, Op, Record, Storage, StorageError, Store};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    CryptoKey, IdbDatabase, IdbIndexParameters, IdbObjectStoreParameters, IdbRequest, IdbTransactionMode,
};

wasm_bindgen_test_configure!(run_in_browser);

const SECRET: &str = "Dobrý den, kde je moje zásilka?";

fn record(id: &str, order: f64, json: &str) -> Record {
    Record { id: id.to_owned(), order, json: json.to_owned() }
}

fn ids(listing: &Listing) -> Vec<&str> {
    listing.records.iter().map(|record| record.id.as_str()).collect()
}

/// A fresh database name, so that tests never meet.
fn name(test: &str) -> String {
    format!("test-{test}-{}", frontend::browser::id::fresh())
}

/// Waits for a plain request.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    request.result()
}

/// The database through the browser's own interface, past everything of ours.
async fn plain(name: &str) -> IdbDatabase {
    let factory = web_sys::window().unwrap().indexed_db().unwrap().unwrap();
    done(&factory.open(name).unwrap()).await.unwrap().unchecked_into()
}

async fn plain_all(name: &str, store: &str) -> Array {
    let database = plain(name).await;
    let transaction = database.transaction_with_str(store).unwrap();
    let all = done(&transaction.object_store(store).unwrap().get_all().unwrap()).await.unwrap();
    database.close();
    all.unchecked_into()
}

fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap()
}

#[wasm_bindgen_test]
async fn a_record_comes_back_as_it_was() {
    let storage = Storage::open(&name("round")).await.unwrap();
    let first = record("a", 1.5, SECRET);
    storage.put(Store::Drafts, first.clone()).await.unwrap();
    assert_eq!(storage.get(Store::Drafts, "a").await.unwrap(), Some(first));
    assert_eq!(storage.get(Store::Drafts, "b").await.unwrap(), None);
    assert_eq!(storage.get(Store::Outbox, "a").await.unwrap(), None, "stores are apart");
    let second = record("a", 2.0, "");
    storage.put(Store::Drafts, second.clone()).await.unwrap();
    assert_eq!(storage.all(Store::Drafts).await.unwrap().records, [second]);
    storage.delete(Store::Drafts, "a").await.unwrap();
    storage.delete(Store::Drafts, "a").await.unwrap();
    assert_eq!(storage.get(Store::Drafts, "a").await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn nothing_readable_lies_on_the_disk() {
    let name = name("cipher");
    let storage = Storage::open(&name).await.unwrap();
    storage.put(Store::Outbox, record("a", 7.0, SECRET)).await.unwrap();
    storage.put(Store::Outbox, record("b", 8.0, SECRET)).await.unwrap();
    let all = plain_all(&name, "outbox").await;
    assert_eq!(all.length(), 2);
    let mut sealed = Vec::new();
    for raw in all.iter() {
        let names: Vec<String> = Object::keys(raw.unchecked_ref::<Object>())
            .iter()
            .map(|name| name.as_string().unwrap())
            .collect();
        assert_eq!(names, ["id", "order", "iv", "data"], "nothing else is kept in the clear");
        assert_eq!(Uint8Array::new(&field(&raw, "iv")).length(), 12);
        let data = Uint8Array::new(&field(&raw, "data")).to_vec();
        assert_eq!(data.len(), SECRET.len() + 16, "ciphertext and tag");
        for piece in SECRET.as_bytes().windows(8) {
            assert!(!data.windows(8).any(|found| found == piece), "plain text on the disk");
        }
        sealed.push(data);
    }
    assert_ne!(sealed[0], sealed[1], "the same text is sealed differently each time");
}

#[wasm_bindgen_test]
async fn the_key_cannot_be_exported() {
    let name = name("key");
    let _storage = Storage::open(&name).await.unwrap();
    let keys = plain_all(&name, "keys").await;
    assert_eq!(keys.length(), 1);
    let key: CryptoKey = keys.get(0).dyn_into().unwrap();
    assert!(!key.extractable());
    let subtle = web_sys::window().unwrap().crypto().unwrap().subtle();
    assert!(JsFuture::from(subtle.export_key("raw", &key).unwrap()).await.is_err());
}

#[wasm_bindgen_test]
async fn a_store_is_listed_in_its_order() {
    let storage = Storage::open(&name("order")).await.unwrap();
    let records = vec![
        record("c", 10.0, "{}"),
        record("b", 2.0, "{}"),
        record("a", 10.0, "{}"),
        record("d", -1.0, "{}"),
    ];
    storage.put_many(Store::Streams, records).await.unwrap();
    assert_eq!(ids(&storage.all(Store::Streams).await.unwrap()), ["d", "b", "a", "c"]);
    let refused = storage.put(Store::Streams, record("e", f64::NAN, "{}")).await;
    assert_eq!(refused, Err(StorageError::Unordered));
    assert_eq!(ids(&storage.all(Store::Kv).await.unwrap()), Vec::<&str>::new());
}

#[wasm_bindgen_test]
async fn a_transaction_is_whole_or_nothing() {
    let storage = Storage::open(&name("whole")).await.unwrap();
    storage.put(Store::Kv, record("old", 0.0, "1")).await.unwrap();
    let steps = vec![
        Op::Put(Store::Streams, record("s", 0.0, "state and version")),
        Op::Delete(Store::Kv, "old".to_owned()),
        Op::Put(Store::Outbox, record("o", 0.0, "1")),
    ];
    storage.transact(steps).await.unwrap();
    assert!(storage.get(Store::Streams, "s").await.unwrap().is_some());
    assert!(storage.get(Store::Kv, "old").await.unwrap().is_none());
    assert!(storage.get(Store::Outbox, "o").await.unwrap().is_some());
    storage.transact(Vec::new()).await.unwrap();
}

/// A database of our form in which the browser itself refuses two outbox records of the same order.
async fn strict(name: &str) {
    let factory = web_sys::window().unwrap().indexed_db().unwrap().unwrap();
    let request = factory.open_with_u32(name, 1).unwrap();
    let asked = request.clone();
    let lay_out = Closure::once_into_js(move || {
        let database: IdbDatabase = asked.result().unwrap().unchecked_into();
        database.create_object_store("keys").unwrap();
        let by_id = IdbObjectStoreParameters::new();
        by_id.set_key_path(&"id".into());
        let unique = IdbIndexParameters::new();
        unique.set_unique(true);
        for store in Store::ALL {
            let made = database.create_object_store_with_optional_parameters(store.name(), &by_id).unwrap();
            made.create_index_with_str_and_optional_parameters("order", "order", &unique).unwrap();
        }
    });
    request.set_onupgradeneeded(Some(lay_out.unchecked_ref()));
    let database: IdbDatabase = done(&request).await.unwrap().unchecked_into();
    database.close();
}

#[wasm_bindgen_test]
async fn a_step_the_browser_refuses_takes_the_others_back() {
    let name = name("rollback");
    strict(&name).await;
    let storage = Storage::open(&name).await.unwrap();
    storage.put(Store::Outbox, record("o", 1.0, "1")).await.unwrap();
    storage.put(Store::Kv, record("k", 1.0, "1")).await.unwrap();
    let steps = vec![
        Op::Clear(Store::Kv),
        Op::Put(Store::Outbox, record("p", 2.0, "2")),
        Op::Put(Store::Outbox, record("q", 1.0, "the order is taken")),
        Op::Put(Store::Outbox, record("r", 3.0, "4")),
    ];
    assert_eq!(storage.transact(steps).await, Err(StorageError::Refused("ConstraintError".to_owned())));
    assert_eq!(ids(&storage.all(Store::Outbox).await.unwrap()), ["o"]);
    assert_eq!(ids(&storage.all(Store::Kv).await.unwrap()), ["k"]);
}

#[wasm_bindgen_test]
async fn a_reload_finds_everything() {
    let name = name("reopen");
    let storage = Storage::open(&name).await.unwrap();
    storage.put(Store::Outbox, record("a", 1.0, SECRET)).await.unwrap();
    drop(storage);
    let storage = Storage::open(&name).await.unwrap();
    assert_eq!(storage.get(Store::Outbox, "a").await.unwrap().unwrap().json, SECRET);
}

#[wasm_bindgen_test]
async fn two_tabs_share_key_and_records() {
    let name = name("two");
    let one: Rc<Cell<Option<Storage>>> = Rc::default();
    let opening = (Rc::clone(&one), name.clone());
    spawn_local(async move { opening.0.set(Some(Storage::open(&opening.1).await.unwrap())) });
    let other = Storage::open(&name).await.unwrap();
    clock::sleep(200).await;
    let one = one.take().expect("both opened");
    one.put(Store::Drafts, record("a", 0.0, "one")).await.unwrap();
    other.put(Store::Drafts, record("b", 1.0, "other")).await.unwrap();
    let listing = other.all(Store::Drafts).await.unwrap();
    assert_eq!(ids(&listing), ["a", "b"]);
    assert_eq!(listing.unreadable, Vec::<String>::new());
    assert_eq!(one.get(Store::Drafts, "b").await.unwrap().unwrap().json, "other");
}

#[wasm_bindgen_test]
async fn a_wipe_leaves_nothing_and_closes_the_other_tab() {
    let name = name("wipe");
    let storage = Storage::open(&name).await.unwrap();
    let other = Storage::open(&name).await.unwrap();
    storage.put(Store::Outbox, record("a", 1.0, SECRET)).await.unwrap();
    storage.wipe().await.unwrap();
    assert!(storage.is_closed());
    assert!(other.is_closed(), "the other tab gave way");
    assert_eq!(other.get(Store::Outbox, "a").await, Err(StorageError::Closed));
    let again = Storage::open(&name).await.unwrap();
    assert_eq!(again.all(Store::Outbox).await.unwrap(), Listing::default());
}

#[wasm_bindgen_test]
async fn a_moved_or_altered_record_is_kept_and_named() {
    let name = name("altered");
    let storage = Storage::open(&name).await.unwrap();
    storage.put_many(Store::Kv, vec![record("a", 1.0, "one"), record("b", 2.0, "two")]).await.unwrap();
    let stolen = plain_all(&name, "kv").await.get(0);
    Reflect::set(&stolen, &"id".into(), &"b".into()).unwrap();
    let database = plain(&name).await;
    let transaction = database.transaction_with_str_and_mode("kv", IdbTransactionMode::Readwrite).unwrap();
    done(&transaction.object_store("kv").unwrap().put(&stolen).unwrap()).await.unwrap();
    database.close();
    let listing = storage.all(Store::Kv).await.unwrap();
    assert_eq!(ids(&listing), ["a"]);
    assert_eq!(listing.unreadable, ["b"]);
    assert_eq!(storage.get(Store::Kv, "b").await, Err(StorageError::Unreadable("b".to_owned())));
    assert_eq!(plain_all(&name, "kv").await.length(), 2, "still there");
}

#[wasm_bindgen_test]
async fn another_tab_that_does_not_give_way_blocks() {
    let name = name("blocked");
    let storage = Storage::open(&name).await.unwrap();
    let stubborn = plain(&name).await;
    assert_eq!(storage.wipe().await, Err(StorageError::Blocked));
    let keys = stubborn.transaction_with_str("keys").unwrap().object_store("keys").unwrap().count().unwrap();
    assert_eq!(done(&keys).await.unwrap().as_f64(), Some(0.0), "the key is gone even so");
    stubborn.close();
}

#[wasm_bindgen_test]
async fn a_database_of_a_newer_desk_is_refused() {
    let name = name("newer");
    let factory = web_sys::window().unwrap().indexed_db().unwrap().unwrap();
    let newer: IdbDatabase = done(&factory.open_with_u32(&name, 99).unwrap()).await.unwrap().unchecked_into();
    newer.close();
    let refused = Storage::open(&name).await.err();
    assert_eq!(refused, Some(StorageError::Refused("VersionError".to_owned())));
}

#[wasm_bindgen_test]
async fn a_lock_has_one_holder_at_a_time() {
    let name = name("lock");
    let first = locks::request(&name).await.unwrap();
    let held = Rc::new(Cell::new(false));
    let (waiting, shown) = (name.clone(), Rc::clone(&held));
    spawn_local(async move {
        let second = locks::request(&waiting).await.unwrap();
        shown.set(true);
        drop(second);
    });
    // One that stops waiting gives its place up and holds nobody back.
    let gone = clock::within(50, Box::pin(locks::request(&name))).await;
    assert!(gone.is_err());
    drop(gone);
    assert!(!held.get());
    drop(first);
    clock::sleep(100).await;
    assert!(held.get());
    let third = clock::within(1_000, Box::pin(locks::request(&name))).await;
    assert!(matches!(third, Ok(Ok(_))));
}

#[wasm_bindgen_test]
async fn the_clock_gives_up_in_time() {
    let never = Promise::new(&mut |_: Function, _: Function| {});
    let before = clock::monotonic_ms();
    assert!(clock::within(60, Box::pin(JsFuture::from(never))).await.is_err());
    let passed = clock::monotonic_ms() - before;
    assert!((50.0..2_000.0).contains(&passed), "{passed} ms");
}
