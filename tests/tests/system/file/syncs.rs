//! The relay's system calls while webhooks come: what a 200 promises was written and synced before the 200 was (I-02, I-06).

use std::collections::BTreeMap;
use tests::post;
use tests::relay::Relay;
use tests::trace::{self, Trace};
use tests::webhook::{self, Webhook};

/// Webhooks, and connections on which they come.
const WEBHOOKS: usize = 300;
const LINES: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn i02_a_sync_that_covers_it_precedes_every_200() {
    if !trace::possible() {
        println!("skipped: strace is not here, or may not look at other processes");
        return;
    }
    let relay = Relay::start_apart_on(None).await;
    let host = relay.base.trim_start_matches("http://").to_owned();
    let trace = Trace::of(&relay).await;
    let requests: Vec<Vec<u8>> = (0..WEBHOOKS)
        .map(|n| {
            let customer = u32::try_from(n % 40).unwrap();
            Webhook::message(&host, customer, &format!("wamid.synced.{n}."), "A word", webhook::now()).request
        })
        .collect();
    let answers = post::all(&host, requests, LINES).await.unwrap();
    assert!(answers.iter().all(|status| *status == 200));
    let calls = trace.end().await;

    let is_log = |handle: &str| handle.contains("signalbox.sqlite-wal>");
    let syncs: Vec<_> =
        calls.iter().filter(|call| call.name.ends_with("sync") && is_log(&call.handle)).collect();
    // What a connection was asked last, and when the log was given each webhook for the first time.
    let (mut asked, mut written): (BTreeMap<&str, usize>, BTreeMap<usize, usize>) = Default::default();
    let mut answered = 0;
    for call in &calls {
        let numbers = numbers(&call.rest);
        let reads = ["read", "readv", "recvfrom"].contains(&call.name.as_str());
        if reads && call.handle.contains("TCP") {
            if let Some(number) = numbers.first() {
                asked.insert(&call.handle, *number);
            }
        } else if call.name == "pwrite64" && is_log(&call.handle) {
            for number in numbers {
                written.entry(number).or_insert(call.ended);
            }
        } else if call.handle.contains("TCP") && call.rest.contains("HTTP/1.1 200") {
            let Some(number) = asked.remove(call.handle.as_str()) else { continue };
            let from =
                written.get(&number).unwrap_or_else(|| panic!("webhook {number} was answered 200 unwritten"));
            let covered = syncs.iter().any(|sync| sync.began >= *from && sync.ended <= call.began);
            assert!(covered, "webhook {number} was answered 200 before it was synced");
            answered += 1;
        }
    }
    println!("I-02: {answered} answers after {} syncs", syncs.len());
    assert_eq!(answered, WEBHOOKS, "some answers were not seen: the test is blind");
}

/// The numbers of the test's webhooks in some bytes.
fn numbers(bytes: &str) -> Vec<usize> {
    let parts = bytes.split("wamid.synced.").skip(1);
    parts.filter_map(|part| part.split('.').next()?.parse().ok()).collect()
}
