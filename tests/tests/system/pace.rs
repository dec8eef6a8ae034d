//! Thousands of messages against providers that count: the relay keeps to every rate by itself, so that none has to refuse, and waits out a refusal that comes all the same (I-24).

use serde_json::{Value, json};
use shared::channel::Channel;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tests::crowd::{self, Chat};
use tests::seed;
use tests::stage::Taken;
use tests::{Desk, Fault, Phones, Relay, Setup};

/// Chats of one channel; a person on `WhatsApp` takes 45 at once and then one in six seconds.
const CHATS: usize = 40;
/// Those whose provider counts.
const COUNTING: [Channel; 3] = [Channel::Messenger, Channel::Instagram, Channel::WhatsApp];
/// What one account of each takes in a second, as its provider's documentation says.
const A_SECOND: [usize; 3] = [40, 100, 80];
/// Nothing is sent any more when nothing was for so long.
const QUIET: Duration = Duration::from_millis(60);
/// How far both clocks go on with each step.
const STEP: Duration = Duration::from_secs(1);

async fn start() -> Relay {
    let environment = vec![("SIGNALBOX_LIMITS".into(), "socket_frames = 100000".into())];
    Relay::start_with(Setup { apart: true, environment, ..Setup::default() }).await
}

/// Lets time pass for the providers and the relay until the providers have so many messages; how often it went on. It
/// goes on only once nothing more is sent: then the relay waits for a rate, and not a test for the relay. The
/// providers' clock goes first, so that to them the relay is never early.
async fn pass(relay: &Relay, phones: &Phones, wanted: usize) -> u32 {
    let (mut steps, mut there, mut moved) = (0, 0, Instant::now());
    while there < wanted {
        tokio::time::sleep(QUIET).await;
        let now = phones.taken().await.len();
        if now > there {
            (there, moved) = (now, Instant::now());
            continue;
        }
        assert!(moved.elapsed() < tests::wait::PATIENCE, "{now} of {wanted} were taken, and then none");
        phones.advance(STEP).await;
        relay.advance(STEP).await;
        steps += 1;
    }
    steps
}

/// The sends that were not taken.
async fn refused(phones: &Phones) -> Vec<Value> {
    phones.sends().await.into_iter().filter(|line| line["status"] != 200).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn i24_no_provider_ever_has_to_say_that_it_is_too_much() {
    let relay = start().await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let eva = Desk::open(&relay, "eva").await;
    // Ten thousand are sent in `relay/src/delivery/limits.rs`, where time is an argument. Here they would take 84 s, since
    // the slowest takes 40 a second: so many that no burst covers them do as well.
    let each = seed::rounds(3_000) / COUNTING.len();
    let mut chats: Vec<Chat> = Vec::new();
    for channel in COUNTING {
        chats.extend(crowd::open(&phones, &eva, channel, CHATS).await);
    }
    let mut wishes = BTreeSet::new();
    // One account after the other, so that each is wished for faster than it may be served.
    for (n, group) in chats.chunks(CHATS).flat_map(|group| (0..each.div_ceil(CHATS)).map(move |n| (n, group)))
    {
        for chat in group {
            wishes.insert(eva.types(chat.id, &format!("message {n}")).0);
        }
    }
    eva.all_done(&wishes).await;
    let began = Instant::now();
    let steps = pass(&relay, &phones, wishes.len()).await;
    let taken = phones.taken().await;
    for (channel, most) in COUNTING.into_iter().zip(A_SECOND) {
        let of = |one: &&Taken| one.account == Phones::account(channel);
        let at: Vec<u64> = taken.iter().filter(of).map(|one| one.at_ms).collect();
        let lasted = at.iter().max().unwrap() - at.iter().min().unwrap();
        // A second's worth may go at once; for the rest the provider's clock has to go on.
        let least = (at.len() - most) * 1_000 / most;
        assert!(lasted >= least as u64, "{channel:?} took {} within {lasted} ms", at.len());
    }
    let refused = refused(&phones).await;
    assert!(refused.is_empty(), "{} refusals, the first: {}", refused.len(), refused[0]);
    println!(
        "I-24: {} messages in {:?} of the providers' time",
        wishes.len(),
        began.elapsed() + STEP * steps
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn i24_a_refusal_for_the_rate_is_waited_out_and_never_met_in_a_loop() {
    let relay = start().await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let eva = Desk::open(&relay, "eva").await;
    let mut chats = Vec::new();
    for channel in COUNTING {
        chats.extend(crowd::open(&phones, &eva, channel, 8).await);
        // Whoever sends within the next 30 s is refused again.
        phones.fault(&Fault::new("rate").at(channel).on("send").times(3).with("wait_s", 30)).await;
    }
    let began = Instant::now();
    let wishes: BTreeSet<_> = chats.iter().map(|chat| eva.types(chat.id, "one").0).collect();
    eva.all_done(&wishes).await;
    let steps = pass(&relay, &phones, wishes.len()).await;
    // Those that were under way together met it; nothing more was tried before its time.
    assert_eq!(refused(&phones).await.len(), 9);
    let took = began.elapsed() + STEP * steps;
    assert!(took >= Duration::from_secs(30), "tried again after {took:?}");
}
