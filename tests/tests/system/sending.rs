//! Sending while providers stumble: each key reaches a phone at most once, and everybody is told the truth; long because each test is a whole story.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::command::Command;
use shared::id::{InteractionId, MessageId};
use shared::interaction::{Delivery, Failure, FailureKind, InteractionChange};
use shared::refusal::Refusal;
use shared::wire::{AccountWrong, ConnectorHealth, HealthState, ListUpdate, RelayFrame, TokenState};
use std::time::Duration;
use tests::wait::until;
use tests::{Customer, Desk, Phones, Relay};
use uuid::Uuid;

/// A relay with one open chat.
struct Stage {
    relay: Relay,
    phones: Phones,
    eva: Desk,
    customer: Customer,
    chat: InteractionId,
}

async fn stage(channel: Channel) -> Stage {
    on(Relay::start().await, channel).await
}

async fn on(relay: Relay, channel: Channel) -> Stage {
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(channel);
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    Stage { relay, phones, eva, customer, chat }
}

impl Stage {
    /// Prepares answers of the provider's send calls.
    async fn fails(&self, channel: Channel, times: u32, status: u16, body: Value, accepted: bool) {
        let account = Phones::account(channel);
        let fail =
            json!({"account": account, "times": times, "status": status, "body": body, "accepted": accepted});
        self.phones.post("/control/fail", &fail).await;
    }

    /// Waits until a message has come so far.
    async fn comes(&self, message: MessageId, what: &str, is: impl Fn(&Delivery) -> bool) -> Delivery {
        let find = |change: &InteractionChange| match change {
            InteractionChange::DeliveryChanged { message: of, delivery, .. }
                if *of == message && is(delivery) =>
            {
                Some(delivery.clone())
            }
            _ => None,
        };
        self.eva.change(self.chat, what, find).await
    }

    async fn texts_sent(&self) -> Vec<String> {
        let text = |send: &Value| {
            let body = &send["body"];
            let places = [&body["message"]["text"], &body["text"]["body"], &body["text"]];
            places.iter().find_map(|place| place.as_str()).unwrap_or_default().to_owned()
        };
        self.phones.sends().await.iter().map(text).collect()
    }

    async fn shown(&self, text: &str) -> usize {
        self.customer.times(text).await
    }

    /// How an account stands, as the API tells an admin.
    async fn health(&self, channel: Channel) -> ConnectorHealth {
        let admin = self.relay.token("admin").await;
        let all = self.relay.get(&admin, "/api/v1/connectors/health").await;
        let all: Vec<ConnectorHealth> = serde_json::from_value(all).unwrap();
        all.into_iter().find(|one| one.channel == channel).unwrap()
    }

    /// Enters an access token, as an admin does.
    async fn enter_token(&self, channel: Channel, token: &str) {
        let admin = self.relay.token("admin").await;
        let all = self.relay.get(&admin, "/api/v1/connectors").await;
        let key = channel.key();
        let mut body =
            all.as_array().unwrap().iter().find(|one| one["channel"] == key).expect("a connector").clone();
        let path = format!("{}/api/v1/connectors/{}", self.relay.base, body["id"].as_str().unwrap());
        body["token"] = json!(token);
        let put = self.relay.http.put(path).bearer_auth(&admin).json(&body);
        assert_eq!(put.send().await.unwrap().status(), StatusCode::OK);
    }
}

fn graph(code: i64, subcode: i64) -> Value {
    json!({"error": {"message": "x", "type": "OAuthException", "code": code, "error_subcode": subcode}})
}

fn failed(kind: FailureKind) -> impl Fn(&Delivery) -> bool {
    move |delivery| matches!(delivery, Delivery::Failed(Failure { kind: of, .. }) if *of == kind)
}

/// What desks are told of accounts: true when this is wrong with one, and when desks of an earlier version read these words.
fn tells(what: AccountWrong, words: &str) -> impl Fn(&RelayFrame) -> Option<()> {
    move |frame| match frame {
        RelayFrame::List { update: ListUpdate::Accounts { troubles, sentences } } => {
            let said = sentences.iter().any(|said| said.contains(words));
            (said && troubles.iter().any(|one| one.wrong == what)).then_some(())
        }
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_settled_by_messengers_echo_and_never_sent_twice() {
    let stage = stage(Channel::Messenger).await;
    let account =
        format!("{}/control/accounts/{}", stage.relay.simulator, Phones::account(Channel::Messenger));
    let put = stage.relay.http.put(account).json(&json!({"echoes": true})).send().await.unwrap();
    assert!(put.status().is_success());
    stage.fails(Channel::Messenger, 1, 502, Value::Null, true).await;
    let message = stage.eva.send(stage.chat, "Lost on the way back").await;
    stage.comes(message, "sent, by its echo", |d| matches!(d, Delivery::Sent | Delivery::Delivered)).await;
    stage.comes(message, "delivered", |d| *d == Delivery::Delivered).await;
    assert_eq!(stage.shown("Lost on the way back").await, 1);
    assert_eq!(stage.texts_sent().await, ["Lost on the way back"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_settled_by_whatsapps_statuses() {
    let stage = stage(Channel::WhatsApp).await;
    stage.fails(Channel::WhatsApp, 1, 502, Value::Null, true).await;
    let message = stage.eva.send(stage.chat, "Lost").await;
    stage.comes(message, "delivered", |d| *d == Delivery::Delivered).await;
    assert_eq!(stage.texts_sent().await, ["Lost"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_viber_a_lost_answer_stays_for_a_person_who_sends_again_or_lets_it_be() {
    let stage = stage(Channel::Viber).await;
    stage.phones.settings(&json!({"receipts": "manual"})).await;
    stage.fails(Channel::Viber, 2, 502, Value::Null, false).await;
    let (first, second) = (stage.eva.send(stage.chat, "one").await, stage.eva.send(stage.chat, "two").await);
    for message in [first, second] {
        stage.comes(message, "unknown", |d| *d == Delivery::Unknown).await;
    }
    let again = MessageId(Uuid::now_v7());
    let interaction = stage.chat;
    let resend = Command::Resend { interaction, message: first, again, seen: u64::MAX };
    stage.eva.done(resend).await;
    stage.comes(again, "sent", |d| *d == Delivery::Sent).await;
    stage.eva.done(Command::Dismiss { interaction, message: second }).await;
    let twice = Command::Resend { interaction, message: second, again: MessageId(Uuid::now_v7()), seen: 0 };
    assert_eq!(stage.eva.refused(twice).await, Refusal::Settled);
    assert_eq!(stage.eva.interaction(interaction).await.interaction.settled, [first, second]);
    assert_eq!(stage.texts_sent().await, ["one", "two", "one"], "the new message has a key of its own");
    assert_eq!((stage.shown("one").await, stage.shown("two").await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_pauses_the_account_tells_desks_and_goes_on_once_it_is_mended() {
    let stage = stage(Channel::Messenger).await;
    let admin = Desk::open(&stage.relay, "admin").await;
    stage.fails(Channel::Messenger, 1, 400, graph(190, 463), false).await;
    let first = stage.eva.send(stage.chat, "one").await;
    let mend = tells(AccountWrong::Token, "cannot send: the access token has expired");
    admin.ever("what to mend", mend).await;
    let waits = tells(AccountWrong::Waiting, "cannot send at the moment");
    stage.eva.ever("that messages wait", waits).await;
    let second = stage.eva.send(stage.chat, "two").await;
    let health = stage.health(Channel::Messenger).await;
    assert_eq!(health.state, HealthState::Paused);
    assert_eq!(health.paused.unwrap().why.code.as_deref(), Some("190/463"));
    assert_eq!(stage.texts_sent().await, ["one"], "nothing is burnt through");
    stage.enter_token(Channel::Messenger, "demo-messenger-token").await;
    for message in [first, second] {
        stage.comes(message, "delivered", |d| *d == Delivery::Delivered).await;
    }
    assert_eq!(stage.texts_sent().await, ["one", "one", "two"]);
    until("a desk without trouble", || async {
        let told = admin.told();
        let last = told.iter().rev().find_map(|frame| match frame {
            RelayFrame::List { update: ListUpdate::Accounts { troubles, .. } } => Some(troubles.is_empty()),
            _ => None,
        });
        last.filter(|empty| *empty)
    })
    .await;
    let health = stage.health(Channel::Messenger).await;
    assert!(health.paused.is_none() && health.last_sent_at.is_some() && health.last_webhook_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_account_goes_on_by_itself_and_its_pause_outlives_the_relay() {
    let mut stage = on(Relay::start_apart().await, Channel::WhatsApp).await;
    stage.fails(Channel::WhatsApp, 1, 403, graph(131_031, 0), false).await;
    let message = stage.eva.send(stage.chat, "one").await;
    until("a pause", || async {
        (stage.health(Channel::WhatsApp).await.state == HealthState::Paused).then_some(())
    })
    .await;
    // It is written down at once.
    tokio::time::sleep(Duration::from_millis(300)).await;
    stage.relay.kill_and_restart().await;
    assert_eq!(stage.health(Channel::WhatsApp).await.state, HealthState::Paused);
    assert_eq!(stage.shown("one").await, 0);
    stage.relay.advance(Duration::from_secs(61)).await;
    stage.customer.shows("one").await;
    stage.eva = Desk::open(&stage.relay, "eva").await;
    stage.eva.watch(stage.chat).await;
    until("delivered", || async {
        let entries = stage.eva.interaction(stage.chat).await.entries;
        let of = |body: &shared::thread::Body| match body {
            shared::thread::Body::Message(one) if one.id == message => one.delivery.clone(),
            _ => None,
        };
        let delivery = entries.iter().find_map(|entry| of(&entry.body));
        (delivery == Some(Delivery::Delivered)).then_some(())
    })
    .await;
    assert_eq!(stage.shown("one").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_one_message_lets_the_next_go_on_and_can_be_sent_again() {
    let stage = stage(Channel::Messenger).await;
    stage.fails(Channel::Messenger, 1, 400, graph(551, 1_545_041), false).await;
    let first = stage.eva.send(stage.chat, "one").await;
    let second = stage.eva.send(stage.chat, "two").await;
    stage.comes(first, "failed", failed(FailureKind::Unreachable)).await;
    stage.comes(second, "delivered", |d| *d == Delivery::Delivered).await;
    let again = MessageId(Uuid::now_v7());
    let resend = Command::Resend { interaction: stage.chat, message: first, again, seen: u64::MAX };
    stage.eva.done(resend).await;
    stage.comes(again, "delivered", |d| *d == Delivery::Delivered).await;
    let snapshot = stage.eva.interaction(stage.chat).await;
    let words = snapshot.entries.iter().filter_map(|entry| match &entry.body {
        shared::thread::Body::Message(one) if one.delivery.is_some() => one.text.as_deref(),
        _ => None,
    });
    assert_eq!(words.collect::<Vec<_>>(), ["one", "two", "one"], "it stands after what was written since");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_waited_out_and_not_hammered() {
    let stage = stage(Channel::WhatsApp).await;
    stage.fails(Channel::WhatsApp, 3, 429, graph(130_429, 0), false).await;
    let message = stage.eva.send(stage.chat, "one").await;
    stage.comes(message, "delivered", |d| *d == Delivery::Delivered).await;
    assert_eq!(stage.texts_sent().await.len(), 4, "three refusals, each waited out, and one success");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_human_agents_week_lets_an_agent_answer_after_a_day() {
    let stage = stage(Channel::Messenger).await;
    let admin = stage.relay.token("admin").await;
    let all = stage.relay.get(&admin, "/api/v1/connectors").await;
    let mut body = all.as_array().unwrap().iter().find(|one| one["channel"] == "messenger").unwrap().clone();
    let path = format!("{}/api/v1/connectors/{}", stage.relay.base, body["id"].as_str().unwrap());
    body["human_agent"] = json!(true);
    let put = stage.relay.http.put(&path).bearer_auth(&admin).json(&body).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    let account =
        format!("{}/control/accounts/{}", stage.relay.simulator, Phones::account(Channel::Messenger));
    let put = stage.relay.http.put(account).json(&json!({"human_agent": true})).send().await.unwrap();
    assert!(put.status().is_success());
    // A chat keeps the right under which it began, so a new one is begun.
    let mut eva = stage.eva;
    let other = stage.phones.create(Channel::Messenger, "Marie").await;
    other.write("Good day").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    stage.relay.advance(Duration::from_hours(30)).await;
    eva.send(chat, "Sorry for the wait").await;
    other.shows("Sorry for the wait").await;
    let sends = stage.phones.sends().await;
    let body = &sends.last().unwrap()["body"];
    assert_eq!((&body["messaging_type"], &body["tag"]), (&json!("MESSAGE_TAG"), &json!("HUMAN_AGENT")));
    // The first chat began without it.
    let message = MessageId(Uuid::now_v7());
    let late = Command::Send { interaction: stage.chat, message, text: "late".into(), seen: 0 };
    assert!(matches!(eva.refused(late).await, Refusal::WindowClosed { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_tested_on_demand_by_admins_alone() {
    let stage = stage(Channel::Messenger).await;
    let id = stage.health(Channel::Messenger).await.connector;
    let path = format!("{}/api/v1/connectors/{id}/test", stage.relay.base);
    for (login, status) in
        [("eva", StatusCode::FORBIDDEN), ("dana", StatusCode::FORBIDDEN), ("admin", StatusCode::OK)]
    {
        let token = stage.relay.token(login).await;
        let answer = stage.relay.http.post(&path).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), status, "{login}");
        if status == StatusCode::OK {
            let health: ConnectorHealth = answer.json().await.unwrap();
            assert_eq!(health.checked.unwrap().token, TokenState::Valid);
        }
    }
    let token = stage.relay.token("eva").await;
    let list =
        stage.relay.http.get(format!("{}/api/v1/connectors/health", stage.relay.base)).bearer_auth(token);
    assert_eq!(list.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_composer_makes_is_sent_once_for_its_key() {
    let stage = stage(Channel::Messenger).await;
    let token = stage.relay.token("eva").await;
    let path = format!("{}/api/v1/interactions/{}/messages", stage.relay.base, stage.chat);
    let choice = |id: &str| json!({"id": id, "title": id});
    let wish = |text: &str| {
        let choices = json!({"text": text, "choices": [choice("Yes"), choice("No")]});
        json!({"command": Uuid::from_u128(7), "message": Uuid::from_u128(8), "content": {"choices": choices}})
    };
    let post = |body: Value, token: String| {
        let request = stage.relay.http.post(&path).bearer_auth(token).json(&body);
        async move { request.send().await.unwrap().status() }
    };
    for _ in 0..2 {
        assert_eq!(post(wish("Shall we?"), token.clone()).await, StatusCode::ACCEPTED);
    }
    assert_eq!(post(wish("Something else"), token.clone()).await, StatusCode::CONFLICT);
    let petr = stage.relay.token("petr").await;
    let mut other = wish("Shall we?");
    other["command"] = json!(Uuid::from_u128(9));
    assert_eq!(post(other, petr).await, StatusCode::CONFLICT, "the chat is Eva's");
    stage.customer.shows("Shall we?").await;
    let sends = stage.phones.sends().await;
    assert_eq!(sends.len(), 1);
    let replies = &sends[0]["body"]["message"]["quick_replies"];
    assert_eq!(replies.as_array().unwrap().len(), 2);
    let media = json!({"form": "image", "mime": "image/png", "size": 9, "name": "a.png", "address": "https://files.example/a.png"});
    let picture = |command: u128, media: &Value| {
        let content = json!({"media": {"media": media}});
        json!({"command": Uuid::from_u128(command), "message": Uuid::from_u128(command + 100), "content": content})
    };
    assert_eq!(post(picture(20, &media), token.clone()).await, StatusCode::ACCEPTED);
    let mut large = media.clone();
    large["size"] = json!(9_000_000);
    assert_eq!(post(picture(21, &large), token.clone()).await, StatusCode::UNPROCESSABLE_ENTITY);
    until("the picture", || async { (stage.phones.sends().await.len() == 2).then_some(()) }).await;
}
