//! A flipped bit in the database's files: what is read afterwards is what was written, or a clear error; never anything else (I-32).

use serde_json::Value;
use shared::channel::Channel;
use shared::id::InteractionId;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tests::command::{Done, run, run_in};
use tests::relay::{PASSWORD, Relay};
use tests::seed::{self, Seed};
use tests::{Desk, Phones};

/// The files of a database.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// What the API answers, by its path.
type Shown = BTreeMap<String, (u16, Value)>;

/// Where a bit is flipped.
#[derive(Clone, Copy, Debug)]
enum Where {
    /// In the words of a message, in the file of a relay that was stopped.
    Words,
    /// Anywhere in that file.
    File,
    /// Anywhere in the write-ahead log of a relay that was killed.
    Log,
}

/// The files of a database as they lay at some time.
struct Files(Vec<(&'static str, Vec<u8>)>);

impl Files {
    fn of(relay: &Relay) -> Self {
        let read = |part| Some((part, std::fs::read(named(&relay.file(), part)).ok()?));
        Self(PARTS.into_iter().filter_map(read).collect())
    }

    fn put_back(&self, relay: &Relay) {
        for part in PARTS {
            let _ = std::fs::remove_file(named(&relay.file(), part));
        }
        for (part, bytes) in &self.0 {
            std::fs::write(named(&relay.file(), part), bytes).unwrap();
        }
    }

    fn part(&self, wanted: &str) -> &[u8] {
        self.0.iter().find(|(part, _)| *part == wanted).map(|(_, bytes)| bytes.as_slice()).unwrap()
    }
}

fn named(file: &Path, part: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(part);
    name.into()
}

fn flip(file: &Path, place: usize, bit: u64) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[place] ^= 1 << bit;
    std::fs::write(file, bytes).unwrap();
}

/// Conversations on every channel, which have ended.
async fn talk(relay: &Relay) -> (Vec<InteractionId>, Vec<String>) {
    let phones = Phones::of(relay);
    let mut eva = Desk::open(relay, "eva").await;
    let (mut chats, mut words) = (Vec::new(), Vec::new());
    for channel in [Channel::Messenger, Channel::WhatsApp, Channel::Viber, Channel::Instagram] {
        phones.unlimited(channel).await;
        let customer = phones.customer(channel);
        customer.write(&format!("the first words by {channel:?}")).await;
        let card = eva.card().await;
        let chat = eva.accept(&card).await.interaction.id;
        for n in 0..5 {
            // Short ones, and ones that need pages of their own.
            let text = format!("{} answer {n} by {channel:?}", "long ".repeat(n * 40));
            eva.send(chat, text.trim_start()).await;
            customer.shows(text.trim_start()).await;
            let text = format!("word {n} of a customer by {channel:?}");
            customer.write(&text).await;
            words.push(text);
        }
        let last = words.last().unwrap().clone();
        tests::wait::until("the last word", || async {
            format!("{:?}", eva.interaction(chat).await).contains(&last).then_some(())
        })
        .await;
        eva.close(chat, card.ringing.activity).await;
        chats.push(chat);
    }
    tests::ledger::understood(&relay.file()).await;
    (chats, words)
}

/// Everything that is kept, as the API shows it to an admin and to an agent: what is an error is left out and counted.
async fn shown(relay: &Relay, chats: &[InteractionId]) -> (Shown, usize) {
    let settings = ["connectors", "queues", "dispositions", "pauses", "users", "setup"];
    let settings = settings.into_iter().map(|what| format!("/api/v1/{what}")).collect();
    let mut lists = vec!["/api/v1/interactions?limit=200".to_owned()];
    for chat in chats {
        lists.push(format!("/api/v1/interactions/{chat}"));
        lists.push(format!("/api/v1/interactions/{chat}/history?limit=200"));
    }
    let (mut all, mut refused) = (Shown::new(), 0);
    for (login, paths) in [("admin", settings), ("eva", lists)] {
        let answer = relay.try_login(login, PASSWORD).await;
        if answer.status().is_server_error() {
            refused += 1;
            continue;
        }
        assert_eq!(answer.status().as_u16(), 200, "whoever may log in is never told that they may not");
        let token = answer.json::<Value>().await.unwrap()["token"].as_str().unwrap().to_owned();
        for path in paths {
            let asked = relay.http.get(format!("{}{path}", relay.base)).bearer_auth(&token);
            let answer = asked.send().await.unwrap();
            if answer.status().is_server_error() {
                refused += 1;
                continue;
            }
            let status = answer.status().as_u16();
            let mut body: Value = answer.json().await.unwrap();
            if let Some(fields) = body.as_object_mut() {
                // The time of the answer.
                fields.remove("now");
            }
            all.insert(path, (status, body));
        }
    }
    (all, refused)
}

/// Asks the doctor beside a relay or without one; the usual address may be taken on the machine of the tests.
async fn doctor(relay: &Relay) -> Done {
    run_in(relay.data(), &["doctor"], "", &[("SIGNALBOX_LISTEN", "127.0.0.1:0")]).await
}

/// The place of words within a row of the table that messages are read from. Pages that were split hold older copies,
/// which nobody reads: SQLite itself says which one counts.
fn place_of(words: &str, file: &Path) -> Option<usize> {
    let bytes = std::fs::read(file).unwrap();
    let shows = |file: &Path| {
        let on =
            rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        on.query_row("SELECT count(*) FROM contents WHERE body = ?1", [words], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let places = bytes.windows(words.len()).enumerate().filter(|(_, part)| *part == words.as_bytes());
    let copy = file.with_extension("tried");
    let mut found = None;
    for (place, _) in places {
        let mut tried = bytes.clone();
        tried[place] ^= 1;
        std::fs::write(&copy, tried).unwrap();
        if shows(file) == 1 && shows(&copy) == 0 {
            found = Some(place);
            break;
        }
    }
    let _ = std::fs::remove_file(copy);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn i32_a_flipped_bit_is_met_as_an_error_or_harmless_and_never_served() {
    let mut seed = Seed::of("I-32, flips");
    let mut relay = Relay::start_apart_on(None).await;
    let (chats, words) = talk(&relay).await;
    relay.kill().await;
    let killed = Files::of(&relay);
    relay.restart().await;
    let (before, none) = shown(&relay, &chats).await;
    assert_eq!(none, 0);
    let all = format!("{before:?}");
    assert!(words.iter().all(|text| all.contains(text)), "the API shows every word");
    relay.terminate().await;
    let stopped = Files::of(&relay);
    assert!(stopped.part("").len() > 100_000 && killed.part("-wal").len() > 100_000);
    let mut met = 0;
    for round in 0..seed::rounds(20) {
        let place = [Where::Words, Where::Log, Where::File][round % 3];
        let below = |seed: &mut Seed, length: usize| usize::try_from(seed.below(length as u64)).unwrap();
        let (files, part) = match place {
            Where::Words | Where::File => (&stopped, ""),
            Where::Log => (&killed, "-wal"),
        };
        files.put_back(&relay);
        let file = named(&relay.file(), part);
        let at = match place {
            Where::Words => {
                place_of(&words[below(&mut seed, words.len())], &file).expect("the words lie there")
            }
            Where::File | Where::Log => below(&mut seed, files.part(part).len()),
        };
        flip(&file, at, seed.below(8));
        let said = relay.log().len();
        let what = format!("round {round}, {place:?}, byte {at}");
        let came = relay.try_restart().await;
        let mut refused = 0;
        if came {
            let (now, errors) = shown(&relay, &chats).await;
            refused = errors;
            for (path, value) in now {
                assert_eq!(value, before[&path], "{what}: {path} is as it was or an error");
            }
        }
        if !came || refused > 0 {
            met += 1;
            assert!(relay.log()[said..].contains("damaged"), "{what}: {}", &relay.log()[said..]);
            let named = doctor(&relay).await;
            assert!(!named.well && named.out.contains("damaged"), "{what}: {named:?}");
            assert!(named.out.contains("signalbox restore"), "{what}: {named:?}");
        }
        if came && refused > 0 {
            let ready = relay.http.get(format!("{}/ready", relay.base)).send().await.unwrap();
            assert_eq!(ready.status().as_u16(), 503, "{what}: whoever watches is told");
        }
        if matches!(place, Where::Words) {
            assert!(!came || refused > 0, "{what}: the words are not shown");
            let kept = tempfile::TempDir::new().unwrap();
            let taken =
                run(relay.data(), &["backup", kept.path().join("backup").to_str().unwrap()], "").await;
            assert!(!taken.well && taken.err.contains("damaged"), "{what}: {taken:?}");
            assert!(!kept.path().join("backup").exists());
        }
        if came {
            relay.kill().await;
        }
    }
    assert!(met > 0);
    stopped.put_back(&relay);
    relay.restart().await;
    assert_eq!(shown(&relay, &chats).await, (before, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn i32_commits_behind_a_hole_in_the_log_are_not_dropped_in_silence() {
    let mut relay = Relay::start_apart_on(None).await;
    talk(&relay).await;
    relay.kill().await;
    let log = named(&relay.file(), "-wal");
    let mut bytes = std::fs::read(&log).unwrap();
    // A sector of the second frame.
    bytes[4_608..5_120].fill(0xEE);
    std::fs::write(&log, bytes).unwrap();
    assert!(!relay.try_restart().await, "SQLite itself would go on without all that was saved after it");
    assert!(relay.log().contains("the write-ahead log of the database is damaged at its frame 2"));
    let named = doctor(&relay).await;
    assert!(!named.well && named.out.contains("damaged at frame 2"), "{named:?}");
    assert!(named.out.contains("signalbox restore"), "{named:?}");
    let kept = tempfile::TempDir::new().unwrap();
    let taken = run(relay.data(), &["backup", kept.path().join("backup").to_str().unwrap()], "").await;
    assert!(!taken.well && taken.err.contains("damaged"), "{taken:?}");
}
