//! A log that has grown for long: the chats of a small one copied again and again as chats that have ended, by SQL alone; what it holds is as large and as spread as the real thing, and read by nobody.

use rusqlite::Connection;
use std::path::Path;
use tempfile::TempDir;

/// The new id of a copied row: the first eight digits of the old one, which is a time, make way for the number of the
/// copy; the rest is random and stays apart.
const COPIES: [&str; 5] = [
    "INSERT INTO events (stream, version, seq, at, actor, schema, change)
     SELECT 'interaction:' || ?1 || substr(stream, 21), version, seq, at, actor, schema, change
     FROM seed.events WHERE stream LIKE 'interaction:%'",
    "INSERT INTO streams (stream, version, live, state)
     SELECT 'interaction:' || ?1 || substr(stream, 21), version, 0, state
     FROM seed.streams WHERE stream LIKE 'interaction:%'",
    "INSERT INTO contents (owner, body)
     SELECT 'message:' || ?1 || substr(owner, 17), body FROM seed.contents WHERE owner LIKE 'message:%'",
    "INSERT INTO messages (id, interaction, seq, connector, identity, direction, kind, external_id, delivery, at)
     SELECT ?1 || substr(id, 9), ?1 || substr(interaction, 9), seq, connector, identity, direction, kind,
            external_id || ?1, delivery, at FROM seed.messages",
    "INSERT INTO journal (provider, account, received_at, item, state, message)
     SELECT provider, account, received_at, item, state, ?1 || substr(message, 9) FROM seed.journal",
];
const LISTED: &str =
    "INSERT INTO interactions (id, channel, connector, identity, phase, queue, owner, entered_at, ended_at, last_message)
     SELECT ?1 || substr(id, 9), channel, connector, identity, 'missed', queue, owner, entered_at, entered_at + 1,
            ?1 || substr(last_message, 9) FROM seed.interactions";

/// A copy of a data folder that holds so many messages.
pub async fn copy(small: &Path, messages: usize) -> TempDir {
    let small = small.to_owned();
    tokio::task::spawn_blocking(move || grow(&small, messages)).await.unwrap()
}

fn grow(small: &Path, messages: usize) -> TempDir {
    let folder = TempDir::new().unwrap();
    let seed = folder.path().join("seed");
    // Without it the copy's secrets do not open.
    std::fs::copy(small.join("secret.key"), folder.path().join("secret.key")).unwrap();
    let from = Connection::open(small.join("signalbox.sqlite")).unwrap();
    from.execute("VACUUM INTO ?1", [seed.to_str().unwrap()]).unwrap();
    drop(from);
    let file = folder.path().join("signalbox.sqlite");
    std::fs::copy(&seed, &file).unwrap();
    let place = file;
    let mut file = Connection::open(&place).unwrap();
    // Whatever breaks off here is made anew.
    file.pragma_update(None, "journal_mode", "off").unwrap();
    file.pragma_update(None, "synchronous", "off").unwrap();
    file.execute("ATTACH ?1 AS seed", [seed.to_str().unwrap()]).unwrap();
    let each = file.query_row("SELECT count(*) FROM seed.messages", [], |row| row.get::<_, isize>(0));
    let all = file.transaction().unwrap();
    for n in 1..messages.div_ceil(each.unwrap().unsigned_abs()) {
        for sql in COPIES.iter().chain([&LISTED]) {
            all.prepare_cached(sql).unwrap().execute([format!("{n:08x}")]).unwrap();
        }
    }
    all.commit().unwrap();
    file.execute("DETACH seed", []).unwrap();
    file.pragma_update(None, "journal_mode", "wal").unwrap();
    drop(file);
    tests::sums::put(&place);
    std::fs::remove_file(seed).unwrap();
    folder
}
