//! Webhooks over a real log and engine: what is kept, what is refused, what comes of it, and that it comes once; long because each test is a whole story over one bed.

mod forged;
mod full;
mod messages;
mod person;
mod welcome;

use super::{Ingest, Running, router};
use crate::channels::Providers;
use crate::clock::Clock;
use crate::config::Limits;
use crate::engine::Engine;
use crate::log::Beside;
use crate::log::tests::item;
use crate::media::{Blobs, Fetcher, Means};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::command::{Command, Occurrence};
use shared::config::{ConfigChange, Connector, Member, Queue, Role, Unattended, User};
use shared::id::{CommandId, ConnectorId, InteractionId, MessageId, QueueId, UserId};
use shared::interaction::{Delivery, Interaction, MessageFacts};
use shared::thread::Content;
use shared::time::Span;
use shared::wire::Outcome;
use std::time::Duration;
use tower::ServiceExt;

const EVA: UserId = UserId::from_u128(1);
const QUEUES: [QueueId; 4] =
    [QueueId::from_u128(1), QueueId::from_u128(2), QueueId::from_u128(3), QueueId::from_u128(4)];
const ACCOUNTS: [(Channel, &str); 4] = [
    (Channel::Messenger, "100"),
    (Channel::Instagram, "200"),
    (Channel::WhatsApp, "300"),
    (Channel::Viber, "bot"),
];

struct Bed {
    engine: Engine,
    router: Router,
    running: Running,
    folder: tempfile::TempDir,
}

fn account(place: usize) -> Connector {
    let (channel, account) = ACCOUNTS[place];
    let app = if channel == Channel::Viber { "" } else { "demo" };
    Connector {
        id: ConnectorId::from_u128(place as u128),
        channel,
        title: "Shop".into(),
        account: account.into(),
        app: app.into(),
        // Nobody listens there: names cannot be learned.
        base_url: Some("http://127.0.0.1:1".into()),
        queue: Some(QUEUES[place]),
        enabled: true,
        human_agent: false,
        business: None,
        welcome: None,
    }
}

fn means(engine: &Engine, folder: &std::path::Path) -> Means {
    Means {
        engine: engine.clone(),
        providers: Providers::new("v25.0").unwrap(),
        fetcher: Fetcher::new().unwrap(),
        blobs: Blobs::in_folder(&folder.join("files")).unwrap(),
    }
}

async fn bed() -> Bed {
    bed_with(Limits::default()).await
}

async fn bed_with(limits: Limits) -> Bed {
    let folder = tempfile::tempdir().unwrap();
    let log = crate::log::tests::open(&folder.path().join("log.db")).await.unwrap();
    let engine = Engine::start(log.clone(), Clock::system()).await.unwrap();
    let eva = User {
        id: EVA,
        login: "eva".into(),
        name: "Eva".into(),
        role: Role::Agent,
        active: true,
        capacity: 0,
    };
    let mut changes = vec![ConfigChange::UserSaved(eva)];
    for place in 0..4 {
        changes.push(ConfigChange::QueueSaved(Queue {
            id: QUEUES[place],
            number: u32::try_from(place).unwrap() + 1,
            title: "Sales".into(),
            channel: ACCOUNTS[place].0,
            enabled: true,
            priority: 5,
            ring: Span::seconds(10),
            sleep: Span::seconds(10),
            max_wait: None,
            automatic_pause: None,
            disposition_required: false,
            dispositions: Vec::new(),
            unattended: Unattended::Wait,
            members: [(EVA, Member::default())].into(),
            links: Vec::new(),
            manner: shared::config::Manner::default(),
        }));
        changes.push(ConfigChange::ConnectorSaved(account(place)));
    }
    for change in changes {
        engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await.unwrap();
    }
    let secrets = [
        ("app:demo:secret", "meta-secret"),
        ("app:demo:secret:previous", "old-secret"),
        ("app:demo:verify", "verify"),
    ];
    for (name, value) in secrets {
        log.save_secret(name.into(), value.to_owned()).await.unwrap();
    }
    let viber = format!("connector:{}:token", account(3).id);
    log.save_secret(viber, "viber-token".to_owned()).await.unwrap();
    let (ingest, running) = Ingest::start(means(&engine, folder.path()), limits, Box::new(|_, _| {}));
    Bed { router: router::<()>(ingest).split_for_parts().0, engine, running, folder }
}

fn sign(key: &str, raw: &[u8]) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(raw);
    hex::encode(mac.finalize().into_bytes())
}

impl Bed {
    async fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn post(&self, path: &str, header: (&str, &str), raw: Vec<u8>) -> StatusCode {
        let request = Request::post(path).header(header.0, header.1).body(Body::from(raw)).unwrap();
        self.ask(request).await.0
    }

    async fn meta(&self, body: &Value) {
        let raw = body.to_string().into_bytes();
        let signature = format!("sha256={}", sign("meta-secret", &raw));
        let status = self.post("/webhooks/meta/demo", ("x-hub-signature-256", &signature), raw).await;
        assert_eq!(status, StatusCode::OK);
    }

    async fn viber(&self, body: &Value) {
        let raw = body.to_string().into_bytes();
        let signature = sign("viber-token", &raw);
        let status = self.post("/webhooks/viber/bot", ("x-viber-content-signature", &signature), raw).await;
        assert_eq!(status, StatusCode::OK);
    }

    /// Waits until the journal item with this id is in the state that is expected, and none before it is new any more.
    async fn ends(&self, id: i64, expected: &str) {
        let mut state = String::new();
        for _ in 0..500 {
            if self.engine.log().new_items(1_000).await.unwrap().iter().all(|one| one.id > id) {
                state = item(self.engine.log(), id).await.0;
                if state == expected {
                    // The log shows it before the engine does: what is answered next is answered after that.
                    let nothing = Command::Resume;
                    self.engine.command(EVA, CommandId(self.engine.clock().fresh()), nothing).await;
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("item {id} is {state} and not {expected}");
    }

    fn chats(&self) -> Vec<Interaction> {
        self.engine.look(|world| world.interactions().cloned().collect())
    }

    /// The words beside the events of a chat.
    async fn words(&self, chat: InteractionId) -> Vec<String> {
        let stream = shared::event::Stream::Interaction(chat);
        let events = self.engine.log().events_after(stream, 0, 1_000).await.unwrap();
        let words = |content: &Content| match content {
            Content::Text { text, .. } => text.clone(),
            Content::Cards { cards, .. } => format!("{} cards", cards.len()),
            Content::Name { name, handle, .. } => format!("{} {handle}", name.as_deref().unwrap_or("-")),
        };
        events.iter().flat_map(|one| one.content.iter().map(words)).collect()
    }

    /// Eva takes the chat and writes; the provider call has begun.
    async fn answer(&self, chat: &Interaction) -> MessageFacts {
        let activity = chat.activities[0].id;
        let message = self.engine.fresh_message();
        let accept = Command::Accept { interaction: chat.id, activity, offer: None };
        let send = Command::Send { interaction: chat.id, message, text: "Hello".into(), seen: chat.seq };
        for command in [accept, send] {
            let outcome = self.engine.command(EVA, CommandId(self.engine.clock().fresh()), command).await;
            assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        }
        self.climb(chat.id, message, Delivery::Sending, None).await;
        self.facts(message).await
    }

    async fn climb(
        &self,
        interaction: InteractionId,
        message: MessageId,
        to: Delivery,
        external: Option<&str>,
    ) {
        let message = self.facts(message).await;
        let external_id = external.map(Into::into);
        let step = Occurrence::Delivered { interaction, message, to, external_id, pricing: None };
        self.engine.occur(step, Beside::default()).await.unwrap();
    }

    async fn facts(&self, message: MessageId) -> MessageFacts {
        self.engine.log().message_facts(message).await.unwrap().unwrap()
    }
}

fn page(event: &Value) -> Value {
    json!({"object": "page", "entry": [{"id": "100", "messaging": [event]}]})
}

fn text(sender: &str, mid: &str, text: &str) -> Value {
    json!({"sender": {"id": sender}, "recipient": {"id": "100"}, "message": {"mid": mid, "text": text}})
}

fn phone(messages: &Value, name: &str) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "w", "changes": [{"field": "messages", "value": {
        "metadata": {"phone_number_id": "300"}, "contacts": [{"profile": {"name": name}, "wa_id": "1650"}], "messages": messages}}]}]})
}

fn said(id: &str, text: &str) -> Value {
    json!({"from": "1650", "id": id, "type": "text", "text": {"body": text}})
}

#[tokio::test]
async fn what_is_not_signed_leaves_nothing_behind() {
    let bed = bed().await;
    let raw = page(&text("8", "m", "hi")).to_string().into_bytes();
    let good = format!("sha256={}", sign("meta-secret", &raw));
    let wrong = format!("sha256={}", sign("other", &raw));
    let name = "x-hub-signature-256";
    for (path, header) in [
        ("/webhooks/meta/demo", (name, wrong.as_str())),
        ("/webhooks/meta/demo", (name, "")),
        ("/webhooks/meta/demo", ("x-nothing", "x")),
        ("/webhooks/meta/nobody", (name, good.as_str())),
        ("/webhooks/viber/bot", ("x-viber-content-signature", good.as_str())),
        ("/webhooks/viber/nobody", ("x-viber-content-signature", good.as_str())),
    ] {
        assert_eq!(bed.post(path, header, raw.clone()).await, StatusCode::UNAUTHORIZED, "{path} {header:?}");
    }
    let nobodys = format!("sha256={}", sign(super::routes::NOBODYS, &raw));
    assert_eq!(
        bed.post("/webhooks/meta/nobody", (name, &nobodys), raw.clone()).await,
        StatusCode::UNAUTHORIZED
    );
    let large = vec![b' '; 4 * 1024 * 1024 + 1];
    let signed = format!("sha256={}", sign("meta-secret", &large));
    assert_eq!(bed.post("/webhooks/meta/demo", (name, &signed), large).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(crate::log::tests::journal(bed.engine.log()).await, 1, "this is the first item that is kept");
    let previous = format!("sha256={}", sign("old-secret", &raw));
    assert_eq!(bed.post("/webhooks/meta/demo", (name, &previous), raw).await, StatusCode::OK);
}

#[tokio::test]
async fn the_handshake_answers_with_the_challenge_alone() {
    let bed = bed().await;
    let ask = |app: &str, token: &str, challenge: &str| {
        let uri = format!(
            "/webhooks/meta/{app}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge={challenge}"
        );
        Request::get(uri).body(Body::empty()).unwrap()
    };
    assert_eq!(bed.ask(ask("demo", "verify", "1158201444")).await, (StatusCode::OK, "1158201444".into()));
    assert_eq!(bed.ask(ask("demo", "wrong", "1")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(bed.ask(ask("nobody", "", "1")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(bed.ask(ask("demo", "verify", "%3Cb%3E")).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_message_becomes_one_chat_however_often_it_comes() {
    let bed = bed().await;
    for _ in 0..3 {
        bed.meta(&phone(&json!([said("w1", "Hello"), said("w1", "Hello")]), "Sheena")).await;
    }
    bed.meta(&phone(&json!([said("w2", "Again"), {"from": "1650", "id": "w3", "type": "image", "image": {"caption": "look"}}]), "Sheena")).await;
    bed.ends(8, "done").await;
    let chats = bed.chats();
    assert_eq!(chats.len(), 1);
    assert_eq!(bed.words(chats[0].id).await, ["Sheena +1650", "Hello", "Again", "look", "1 cards"]);
}

#[tokio::test]
async fn every_channel_opens_a_chat_and_a_changed_name_is_told() {
    let bed = bed().await;
    bed.meta(&page(&text("8001", "m", "one"))).await;
    bed.meta(
        &json!({"object": "instagram", "entry": [{"id": "200", "messaging": [text("9001", "m", "two")]}]}),
    )
    .await;
    bed.meta(&phone(&json!([said("m", "three")]), &"A".repeat(10_000))).await;
    let viber = |token: u64, name: &str| json!({"event": "message", "message_token": token, "sender": {"id": "01234567890A=", "name": name}, "message": {"type": "text", "text": "four"}});
    bed.viber(&viber(1, "John")).await;
    bed.viber(&viber(2, "Johnny")).await;
    bed.ends(5, "done").await;
    let mut words = Vec::new();
    for chat in bed.chats() {
        words.push(bed.words(chat.id).await);
    }
    words.sort();
    let names = |name: &str| format!("{name} +1650");
    let expected = [
        vec!["- 8001".to_owned(), "one".into()],
        vec!["- 9001".into(), "two".into()],
        vec![names(&"A".repeat(200)), "three".into()],
        vec!["Johnny …567890A=".into(), "four".into(), "Johnny …567890A=".into(), "four".into()],
    ];
    assert_eq!(words, expected);
}

#[tokio::test]
async fn what_cannot_be_taken_is_kept_with_its_state() {
    let bed = bed().await;
    let raw = b"{ not JSON".to_vec();
    let signature = format!("sha256={}", sign("meta-secret", &raw));
    assert_eq!(
        bed.post("/webhooks/meta/demo", ("x-hub-signature-256", &signature), raw).await,
        StatusCode::OK
    );
    bed.meta(&json!({"object": "page", "entry": [{"id": "999", "messaging": [text("8", "m", "nobody's")]}]}))
        .await;
    bed.meta(&page(&json!({"sender": {"id": "8"}, "brand_new": {"mid": "m"}}))).await;
    bed.viber(&json!({"event": "webhook"})).await;
    bed.meta(&page(&text("8", "m", "and on it goes"))).await;
    for (id, state) in [(1, "failed"), (2, "failed"), (3, "unsupported"), (4, "done"), (5, "done")] {
        bed.ends(id, state).await;
    }
    assert_eq!(bed.chats().len(), 1);
}

#[tokio::test]
async fn receipts_wait_for_their_message_and_climb_with_it() {
    let bed = bed().await;
    bed.meta(&page(&text("8001", "m_in", "hi"))).await;
    bed.ends(1, "done").await;
    let chat = bed.chats().remove(0);
    let ours = bed.answer(&chat).await.id;
    // The receipt is faster than the answer of the call.
    bed.meta(&page(&json!({"sender": {"id": "8001"}, "delivery": {"mids": ["m_out"]}}))).await;
    bed.ends(2, "parked").await;
    bed.climb(chat.id, ours, Delivery::Sent, Some("m_out")).await;
    bed.ends(2, "done").await;
    assert_eq!(bed.facts(ours).await.delivery, Delivery::Delivered);
    let before = bed.engine.clock().now();
    bed.meta(&page(&json!({"sender": {"id": "8001"}, "read": {"watermark": before.0 - 60_000}}))).await;
    bed.ends(3, "done").await;
    assert_eq!(bed.facts(ours).await.delivery, Delivery::Delivered, "that was before it was sent");
    bed.meta(&page(&json!({"sender": {"id": "8001"}, "read": {"watermark": before.0}}))).await;
    bed.ends(4, "done").await;
    assert_eq!(bed.facts(ours).await.delivery, Delivery::Seen);
    // A receipt of the customer's own message is nothing.
    bed.meta(&page(&json!({"sender": {"id": "8001"}, "delivery": {"mids": ["m_in"]}}))).await;
    bed.ends(5, "done").await;
}

#[tokio::test]
async fn a_receipt_of_what_never_comes_does_not_wait_for_ever() {
    let bed = bed().await;
    bed.meta(&page(&json!({"sender": {"id": "8001"}, "delivery": {"mids": ["m_never"]}}))).await;
    bed.ends(1, "parked").await;
    let (log, now) = (bed.engine.log(), bed.engine.clock().now());
    assert_eq!(log.expire_items(now.plus(Span::hours(-1))).await.unwrap(), 0);
    bed.ends(1, "parked").await;
    assert_eq!(log.expire_items(now.plus(Span::hours(1))).await.unwrap(), 1);
    bed.ends(1, "done").await;
    assert_eq!(log.release_all_items().await.unwrap(), 0);
}

#[tokio::test]
async fn an_echo_with_our_mark_settles_a_lost_answer() {
    let bed = bed().await;
    bed.meta(&page(&text("8001", "m_in", "hi"))).await;
    bed.ends(1, "done").await;
    let chat = bed.chats().remove(0);
    let ours = bed.answer(&chat).await.id;
    bed.climb(chat.id, ours, Delivery::Unknown, None).await;
    let echo = json!({"is_echo": true, "mid": "m_out", "metadata": ours.to_string(), "text": "Hello"});
    bed.meta(&page(&json!({"sender": {"id": "100"}, "recipient": {"id": "8001"}, "message": echo}))).await;
    bed.ends(2, "done").await;
    assert_eq!(bed.facts(ours).await.delivery, Delivery::Sent);
    assert!(bed.engine.log().knows(account(0).id, "m_out").await.unwrap());
    assert_eq!(bed.chats().len(), 1, "an echo opens no chat");
}

#[tokio::test]
async fn whoever_leaves_viber_comes_back_by_writing() {
    let bed = bed().await;
    let write = |token: u64| json!({"event": "message", "message_token": token, "sender": {"id": "01="}, "message": {"type": "text", "text": "x"}});
    bed.viber(&write(1)).await;
    bed.viber(&json!({"event": "unsubscribed", "user_id": "01="})).await;
    bed.ends(2, "done").await;
    let log = bed.engine.log();
    let identity = log.identity_of(account(3).id, &["01=".into()]).await.unwrap().unwrap();
    assert!(!log.identity_facts(identity).await.unwrap().unwrap().subscribed);
    bed.viber(&write(2)).await;
    bed.ends(3, "done").await;
    assert!(log.identity_facts(identity).await.unwrap().unwrap().subscribed);
    bed.viber(&json!({"event": "unsubscribed", "user_id": "01="})).await;
    bed.viber(&json!({"event": "subscribed", "user": {"id": "01=", "name": "John"}})).await;
    bed.ends(5, "done").await;
    assert!(log.identity_facts(identity).await.unwrap().unwrap().subscribed);
}

#[tokio::test]
async fn a_phone_and_a_user_id_are_one_customer() {
    let bed = bed().await;
    let from = |id: &str, who: Value| {
        let mut one = json!({"id": id, "type": "text", "text": {"body": "x"}});
        one.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
        json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": {"metadata": {"phone_number_id": "300"}, "messages": [one]}}]}]})
    };
    bed.meta(&from("w1", json!({"from": "1650"}))).await;
    bed.ends(1, "done").await;
    bed.meta(&from("w2", json!({"from": "1650", "from_user_id": "US.13"}))).await;
    bed.ends(2, "done").await;
    bed.meta(&from("w3", json!({"from_user_id": "US.13"}))).await;
    bed.meta(&from("w4", json!({"type": "system", "from": "1650", "system": {"wa_id": "1651"}}))).await;
    bed.ends(4, "done").await;
    bed.meta(&from("w5", json!({"from": "1651"}))).await;
    bed.ends(5, "done").await;
    assert_eq!(bed.chats().len(), 1);
}

#[tokio::test]
async fn what_was_kept_before_a_stop_is_understood_after_it() {
    let bed = bed().await;
    bed.running.stop().await;
    let body = page(&text("8001", "m", "hi"));
    let raw = body.to_string().into_bytes();
    let signature = format!("sha256={}", sign("meta-secret", &raw));
    let request = Request::post("/webhooks/meta/demo").header("x-hub-signature-256", signature);
    let answer = bed.router.clone().oneshot(request.body(Body::from(raw)).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(bed.engine.look(|world| world.interactions().count()), 0, "nobody understands it now");
    bed.engine.stop().await;
    bed.engine.log().close().await;
    let log = crate::log::tests::open(&bed.folder.path().join("log.db")).await.unwrap();
    let engine = Engine::start(log, Clock::system()).await.unwrap();
    let means = means(&engine, bed.folder.path());
    let (_ingest, running) = Ingest::start(means, Limits::default(), Box::new(|_, _| {}));
    for _ in 0..500 {
        if engine.look(|world| world.interactions().count()) == 1 {
            return running.stop().await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it was not understood");
}
