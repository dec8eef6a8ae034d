//! Messages on their way out while the relay dies and the provider stumbles: at most once on the phone, never in limbo, in the order of typing (I-19, I-20, I-22).

use serde_json::{Value, json};
use shared::channel::Channel;
use shared::id::InteractionId;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tests::ledger::Stored;
use tests::seed::{self, Seed};
use tests::{Customer, Desk, Phones, Relay};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// What the provider does to the sends of a round.
const STAGES: [&str; 5] = ["nothing", "answers", "requests", "500", "429"];

#[tokio::test(flavor = "multi_thread")]
async fn i19_a_send_reaches_the_phone_at_most_once_whenever_the_relay_dies() {
    let mut seed = Seed::of("I-19");
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    phones.unlimited(Channel::Viber).await;
    let customer = phones.customer(Channel::Viber);
    let (mut eva, chat, _) = taken(&relay, &customer).await;
    let mut sent = Vec::new();
    for round in 0..seed::rounds(40) {
        stage(&phones, STAGES[round % STAGES.len()]).await;
        for n in 0..=seed.below(3) {
            let text = format!("round {round}, message {n}");
            eva.send(chat, &text).await;
            sent.push(text);
        }
        tokio::time::sleep(Duration::from_millis(seed.below(60))).await;
        relay.kill().await;
        phones.post("/control/release", &json!({})).await;
        relay.restart().await;
        eva = Desk::open(&relay, "eva").await;
    }
    // I-20: nothing stays under way.
    tests::wait::until("every message to have come to an end", || {
        let calls = Stored::read(&relay.file()).calls;
        let open = calls.values().filter(|(state, _)| state != "done").count();
        async move { (open == 0).then_some(()) }
    })
    .await;
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let shown = count(&customer).await;
    for text in &sent {
        let state = stored.messages.iter().find(|one| one.text.as_ref() == Some(text));
        let state = state.and_then(|one| one.delivery.clone()).unwrap_or(Value::Null);
        let times = shown.get(text).copied().unwrap_or(0);
        assert!(times <= 1, "{text:?} is on the phone {times} times");
        let honest = match state.as_str() {
            Some("unknown") => true,
            Some("sent" | "delivered" | "seen") => times == 1,
            _ => state.get("failed").is_some() && times == 0,
        };
        assert!(honest, "{text:?} is {state} and on the phone {times} times");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i19_a_lost_answer_is_unknown_and_the_message_is_not_sent_again() {
    let provider = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", provider.local_addr().unwrap());
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    let customer = phones.customer(Channel::Viber);
    let (mut eva, chat, _) = taken(&relay, &customer).await;
    // From now on the provider is one that takes what is sent and hangs up without an answer.
    let calls = Arc::new(AtomicUsize::new(0));
    tokio::spawn(hang_up(provider, Arc::clone(&calls)));
    relay.kill().await;
    relay.simulator = address;
    relay.restart().await;
    eva = reopened(&relay, eva).await;
    let message = eva.send(chat, "Is it there?").await;
    tests::wait::until("the unknown state", || {
        let stored = Stored::read(&relay.file()).messages;
        let state = stored.into_iter().find(|one| one.id == message.to_string()).and_then(|one| one.delivery);
        async move { (state == Some(json!("unknown"))).then_some(()) }
    })
    .await;
    // Longer than the first pause between two tries.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 1, "calls of the provider");
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_messages_leave_in_the_order_of_typing_though_the_provider_stumbles() {
    let mut seed = Seed::of("I-22");
    let relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    phones.unlimited(Channel::Messenger).await;
    for chat in 0..seed::rounds(30) {
        let customer = phones.create(Channel::Messenger, &format!("Customer {chat}")).await;
        let (eva, id, activity) = taken(&relay, &customer).await;
        let lines: Vec<String> = (0..10).map(|n| format!("chat {chat}, line {n}")).collect();
        for line in &lines {
            if seed.once_in(20) {
                let body =
                    json!({ "error": { "message": "temporary", "type": "OAuthException", "code": 2 } });
                let account = Phones::account(Channel::Messenger);
                let fail = json!({ "account": account, "times": 1, "status": 500, "body": body });
                phones.post("/control/fail", &fail).await;
            }
            eva.send(id, line).await;
        }
        customer.shows(&lines[9]).await;
        let thread = customer.thread().await;
        let shown: Vec<&str> = thread.iter().filter_map(|message| message["text"].as_str()).collect();
        let shown: Vec<&str> = shown.into_iter().filter(|text| text.starts_with("chat ")).collect();
        assert_eq!(shown, lines);
        eva.close(id, activity).await;
    }
}

/// A customer writes and Eva takes the chat.
async fn taken(relay: &Relay, customer: &Customer) -> (Desk, InteractionId, shared::id::ActivityId) {
    let mut eva = Desk::open(relay, "eva").await;
    customer.write("Hello").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    (eva, id, card.ringing.activity)
}

/// The same person after a restart.
async fn reopened(relay: &Relay, before: Desk) -> Desk {
    let token = before.token.clone();
    drop(before);
    Desk::open_with(relay, token, None, Vec::new()).await
}

/// A provider that takes the call of the message above and hangs up; other calls get no answer either.
async fn hang_up(listener: TcpListener, calls: Arc<AtomicUsize>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let calls = Arc::clone(&calls);
        tokio::spawn(async move {
            let mut request = Vec::new();
            while stream.read_buf(&mut request).await.is_ok_and(|more| more > 0) {
                if request.windows(12).any(|part| part == b"Is it there?") {
                    calls.fetch_add(1, Ordering::SeqCst);
                    return;
                }
            }
        });
    }
}

/// Prepares the provider for what comes.
async fn stage(phones: &Phones, what: &str) {
    let account = Phones::account(Channel::Viber);
    match what {
        "answers" | "requests" => {
            drop(
                phones.post("/control/hold", &json!({ "what": what, "account": account, "count": 1 })).await,
            );
        }
        "500" | "429" => {
            let status: u16 = what.parse().unwrap();
            let fail = json!({ "account": account, "times": 1, "status": status, "body": {} });
            phones.post("/control/fail", &fail).await;
        }
        _ => {}
    }
}

/// How often each text is on the phone.
async fn count(customer: &Customer) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for message in customer.thread().await {
        if let Some(text) = message["text"].as_str() {
            *times.entry(text.to_owned()).or_default() += 1;
        }
    }
    times
}
