//! The outbox over a real log and engine against a small server: order, patience, lost answers, closed windows; long because each test is a whole story over one bed.

use super::Delivery as Worker;
use super::patience::{again, pause};
use crate::channels::{Pace, Providers};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::health::{Gate, Health};
use crate::log::Beside;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::command::{Command, Occurrence};
use shared::config::{ConfigChange, Connector, Member, Queue, Role, Unattended, User, Workspace};
use shared::id::{CommandId, ConnectorId, InteractionId, MessageId, QueueId, UserId};
use shared::interaction::{Delivery, Failure, FailureKind, MessageKind};
use shared::refusal::Refusal;
use shared::time::{Span, Timestamp};
use shared::wire::Outcome;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const EVA: UserId = UserId::from_u128(1);
const QUEUE: QueueId = QueueId::from_u128(1);
const CONNECTOR: ConnectorId = ConnectorId::from_u128(1);

/// One answer of the server.
#[derive(Clone)]
enum Answer {
    /// A status and a body.
    Says(u16, Value),
    /// A gateway gives up after it passed the message on.
    Lost,
    /// Too many, and how many seconds to wait.
    Busy(u32),
}

/// What the server answers in turn (then always well), and the texts it was asked to send.
#[derive(Clone, Default)]
struct Server {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    texts: Arc<Mutex<Vec<String>>>,
    /// Type and tag of each.
    tags: Arc<Mutex<Vec<String>>>,
}

async fn serve(State(server): State<Server>, Json(body): Json<Value>) -> Response {
    let part = |key: &str| body[key].as_str().unwrap_or_default();
    let tag = format!("{} {}", part("messaging_type"), part("tag")).trim().to_owned();
    server.tags.lock().unwrap().push(tag);
    let count = {
        let mut texts = server.texts.lock().unwrap();
        texts.push(body["message"]["text"].as_str().unwrap_or_default().to_owned());
        texts.len()
    };
    let answer = server.answers.lock().unwrap().pop_front();
    match answer {
        None => Json(json!({"message_id": format!("m_{count}")})).into_response(),
        Some(Answer::Says(status, body)) => {
            (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
        }
        Some(Answer::Lost) => StatusCode::BAD_GATEWAY.into_response(),
        Some(Answer::Busy(seconds)) => {
            let body = Json(json!({"error": {"code": 613}}));
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds.to_string())], body).into_response()
        }
    }
}

struct Bed {
    engine: Engine,
    health: Health,
    clock: Clock,
    server: Server,
    base: String,
    _folder: tempfile::TempDir,
}

async fn bed(answers: Vec<Answer>) -> Bed {
    let folder = tempfile::tempdir().unwrap();
    let log = crate::log::tests::open(&folder.path().join("log.db")).await.unwrap();
    let clock = Clock::system();
    let engine = Engine::start(log.clone(), clock.clone()).await.unwrap();
    let server = Server { answers: Arc::new(Mutex::new(answers.into())), ..Server::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(serve).with_state(server.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let eva = User {
        id: EVA,
        login: "eva".into(),
        name: "Eva".into(),
        role: Role::Agent,
        active: true,
        capacity: 0,
    };
    let queue = Queue {
        id: QUEUE,
        number: 1,
        title: "Sales".into(),
        channel: Channel::Messenger,
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
    };
    let providers = Providers::new("v25.0").unwrap();
    let health = Health::open(engine.clone(), providers, None).await.unwrap();
    let bed = Bed { engine, health, clock, server, base, _folder: folder };
    // She has no desk here: however far a test moves the clock, her chats stay hers.
    bed.configure(ConfigChange::WorkspaceSaved(Workspace { lost_after: None, ..Workspace::default() })).await;
    bed.configure(ConfigChange::UserSaved(eva)).await;
    bed.configure(ConfigChange::QueueSaved(queue)).await;
    bed.configure(ConfigChange::ConnectorSaved(bed.connector())).await;
    log.save_secret(format!("connector:{CONNECTOR}:token"), "token".to_owned()).await.unwrap();
    bed
}

impl Bed {
    fn connector(&self) -> Connector {
        Connector {
            id: CONNECTOR,
            channel: Channel::Messenger,
            title: "Page".into(),
            account: "100".into(),
            app: "demo".into(),
            base_url: Some(self.base.clone()),
            queue: Some(QUEUE),
            enabled: true,
            human_agent: false,
            business: None,
            welcome: None,
        }
    }

    async fn configure(&self, change: ConfigChange) {
        self.engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await.unwrap();
    }

    /// A customer writes, Eva takes the chat.
    async fn chat(&self, who: &str) -> InteractionId {
        let engine = &self.engine;
        let now = self.clock.now();
        let identity =
            engine.log().identify(CONNECTOR, &[who.into()], who, engine.fresh_identity(), now).await.unwrap();
        let fresh = (engine.fresh_interaction(), engine.fresh_activity());
        let message = engine.fresh_message();
        let kind = MessageKind::Text;
        let wrote = Occurrence::CustomerWrote {
            connector: CONNECTOR,
            identity,
            message,
            kind,
            sent_at: now,
            attachments: Vec::new(),
            reply_to: None,
            known: false,
            welcomes: Vec::new(),
            fresh: Some(fresh),
        };
        let beside = Beside { external_id: Some(format!("in-{who}")), ..Beside::default() };
        engine.occur(wrote, beside).await.unwrap();
        self.command(Command::Accept { interaction: fresh.0, activity: fresh.1, offer: None }).await;
        fresh.0
    }

    async fn command(&self, command: Command) {
        let outcome = self.engine.command(EVA, CommandId(self.clock.fresh()), command).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }

    async fn send(&self, interaction: InteractionId, text: &str) -> MessageId {
        let message = self.engine.fresh_message();
        self.command(Command::Send { interaction, message, text: text.into(), seen: 1_000 }).await;
        message
    }

    fn start(&self) -> Worker {
        Worker::start(self.engine.clone(), Providers::new("v25.0").unwrap(), self.health.clone())
    }

    async fn delivery(&self, message: MessageId) -> Delivery {
        self.engine.log().message_facts(message).await.unwrap().unwrap().delivery
    }

    /// Waits until a message has come as far as that.
    async fn comes(&self, message: MessageId, to: &Delivery) {
        let mut last = Delivery::Queued;
        for _ in 0..1_000 {
            last = self.delivery(message).await;
            if last == *to {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it is {last:?} and not {to:?}");
    }

    fn tags(&self) -> Vec<String> {
        self.server.tags.lock().unwrap().clone()
    }

    fn texts(&self) -> Vec<String> {
        self.server.texts.lock().unwrap().clone()
    }
}

/// Waits until something holds.
async fn until(holds: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to hold");
}

fn graph(status: u16, code: i64) -> Answer {
    Answer::Says(status, json!({"error": {"code": code}}))
}

fn failed(kind: FailureKind, code: Option<&str>) -> Delivery {
    Delivery::Failed(Failure { kind, code: code.map(Into::into) })
}

#[tokio::test]
async fn a_chat_keeps_its_order_while_the_first_is_tried_again() {
    let bed = bed(vec![graph(500, 2)]).await;
    let chat = bed.chat("1").await;
    let first = bed.send(chat, "first").await;
    let second = bed.send(chat, "second").await;
    let worker = bed.start();
    bed.comes(second, &Delivery::Sent).await;
    assert_eq!(bed.delivery(first).await, Delivery::Sent);
    assert_eq!(bed.texts(), ["first", "first", "second"]);
    let third = bed.send(chat, "third").await;
    bed.comes(third, &Delivery::Sent).await;
    assert!(bed.engine.log().knows(CONNECTOR, "m_4").await.unwrap(), "the provider's id is kept");
    worker.stop().await;
}

#[tokio::test]
async fn a_chat_that_waits_holds_up_no_other() {
    let bed = bed(vec![graph(500, 2)]).await;
    let slow = bed.chat("1").await;
    let quick = bed.chat("2").await;
    let first = bed.send(slow, "slow").await;
    let worker = bed.start();
    bed.comes(first, &Delivery::Sending).await;
    let other = bed.send(quick, "quick").await;
    bed.comes(other, &Delivery::Sent).await;
    bed.comes(first, &Delivery::Sent).await;
    assert_eq!(bed.texts(), ["slow", "quick", "slow"]);
    worker.stop().await;
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_never_sent_again() {
    let bed = bed(vec![Answer::Lost]).await;
    let chat = bed.chat("1").await;
    let lost = bed.send(chat, "lost").await;
    let next = bed.send(chat, "next").await;
    let worker = bed.start();
    bed.comes(next, &Delivery::Sent).await;
    assert_eq!(bed.delivery(lost).await, Delivery::Unknown);
    assert_eq!(bed.texts(), ["lost", "next"]);
    worker.stop().await;
}

#[tokio::test]
async fn a_refusal_is_final_says_why_and_lets_the_next_go_on() {
    let bed = bed(vec![graph(400, 551), graph(400, 100)]).await;
    let chat = bed.chat("1").await;
    let (blocked, content) = (bed.send(chat, "a").await, bed.send(chat, "b").await);
    let worker = bed.start();
    bed.comes(content, &failed(FailureKind::Content, Some("100"))).await;
    assert_eq!(bed.delivery(blocked).await, failed(FailureKind::Unreachable, Some("551")));
    assert_eq!(bed.texts(), ["a", "b"]);
    worker.stop().await;
}

#[tokio::test]
async fn a_broken_account_waits_as_a_whole_and_goes_on_once_it_is_mended() {
    let bed = bed(vec![graph(401, 190)]).await;
    let (one, other) = (bed.chat("1").await, bed.chat("2").await);
    let first = bed.send(one, "first").await;
    let worker = bed.start();
    until(|| bed.health.gate(CONNECTOR) == Gate::Paused).await;
    let second = bed.send(one, "second").await;
    let elsewhere = bed.send(other, "elsewhere").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(bed.texts(), ["first"], "one refusal is enough to know");
    assert_eq!(bed.delivery(first).await, Delivery::Sending);
    for waiting in [second, elsewhere] {
        assert_eq!(bed.delivery(waiting).await, Delivery::Queued);
    }
    let report = bed.health.report();
    let why = report[0].paused.as_ref().unwrap();
    assert_eq!((why.why.kind, why.why.code.as_deref()), (FailureKind::Account, Some("190")));
    assert_eq!(
        report[0].sentence.as_deref(),
        Some("Page cannot send: the access token is refused. Enter a new token under Connectors.")
    );
    bed.health.mended(CONNECTOR);
    for message in [first, second, elsewhere] {
        bed.comes(message, &Delivery::Sent).await;
    }
    let order: Vec<_> = bed.texts().into_iter().filter(|text| text != "elsewhere").collect();
    assert_eq!(order, ["first", "first", "second"]);
    worker.stop().await;
}

#[tokio::test]
async fn what_waits_for_a_broken_account_fails_when_its_window_closes() {
    let bed = bed(vec![graph(401, 190)]).await;
    let chat = bed.chat("1").await;
    let first = bed.send(chat, "first").await;
    let worker = bed.start();
    until(|| bed.health.gate(CONNECTOR) == Gate::Paused).await;
    bed.clock.advance(Span::hours(24));
    bed.comes(first, &failed(FailureKind::Window, None)).await;
    assert_eq!(bed.texts(), ["first"]);
    worker.stop().await;
}

#[tokio::test]
async fn a_limit_of_the_account_holds_all_its_chats_and_no_call_is_made_meanwhile() {
    let bed = bed(vec![Answer::Busy(30)]).await;
    let (one, other) = (bed.chat("1").await, bed.chat("2").await);
    let first = bed.send(one, "first").await;
    let worker = bed.start();
    bed.comes(first, &Delivery::Sending).await;
    until(|| bed.texts().len() == 1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let second = bed.send(other, "second").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(bed.texts(), ["first"], "the provider asked for half a minute");
    assert_eq!(bed.delivery(second).await, Delivery::Queued);
    bed.clock.advance(Span::seconds(31));
    bed.comes(first, &Delivery::Sent).await;
    bed.comes(second, &Delivery::Sent).await;
    worker.stop().await;
}

#[tokio::test]
async fn the_human_agents_tag_is_used_when_only_its_window_is_open() {
    let bed = bed(Vec::new()).await;
    bed.configure(ConfigChange::ConnectorSaved(Connector { human_agent: true, ..bed.connector() })).await;
    let chat = bed.chat("1").await;
    let early = bed.send(chat, "early").await;
    let worker = bed.start();
    bed.comes(early, &Delivery::Sent).await;
    bed.clock.advance(Span::hours(30));
    let late = bed.send(chat, "late").await;
    bed.comes(late, &Delivery::Sent).await;
    assert_eq!(bed.tags(), ["RESPONSE", "MESSAGE_TAG HUMAN_AGENT"]);
    worker.stop().await;
}

#[tokio::test]
async fn what_no_person_wrote_never_claims_to_be_a_persons() {
    let outside = || Answer::Says(403, json!({"error": {"code": 10, "error_subcode": 2_018_278}}));
    let bed = bed(vec![outside()]).await;
    bed.configure(ConfigChange::ConnectorSaved(Connector { human_agent: true, ..bed.connector() })).await;
    let chat = bed.chat("1").await;
    let refused = bed.send(chat, "refused").await;
    crate::log::tests::automatic(bed.engine.log(), refused).await;
    let worker = bed.start();
    bed.comes(refused, &failed(FailureKind::Window, Some("10/2018278"))).await;
    worker.stop().await;
    bed.clock.advance(Span::hours(30));
    let late = bed.send(chat, "late").await;
    crate::log::tests::automatic(bed.engine.log(), late).await;
    let worker = bed.start();
    bed.comes(late, &failed(FailureKind::Window, None)).await;
    assert_eq!(bed.tags(), ["RESPONSE"], "the late one is not even tried");
    worker.stop().await;
}

#[tokio::test]
async fn a_window_that_turns_out_closed_is_tried_once_with_the_tag_where_the_account_has_it() {
    let outside = || Answer::Says(403, json!({"error": {"code": 10, "error_subcode": 2_018_278}}));
    for (human_agent, answers, end, tags) in [
        (true, vec![outside()], Delivery::Sent, vec!["RESPONSE", "MESSAGE_TAG HUMAN_AGENT"]),
        (
            true,
            vec![outside(), outside()],
            failed(FailureKind::Window, Some("10/2018278")),
            vec!["RESPONSE", "MESSAGE_TAG HUMAN_AGENT"],
        ),
        (false, vec![outside()], failed(FailureKind::Window, Some("10/2018278")), vec!["RESPONSE"]),
    ] {
        let bed = bed(answers).await;
        bed.configure(ConfigChange::ConnectorSaved(Connector { human_agent, ..bed.connector() })).await;
        let chat = bed.chat("1").await;
        let message = bed.send(chat, "x").await;
        let worker = bed.start();
        bed.comes(message, &end).await;
        assert_eq!(bed.tags(), tags);
        worker.stop().await;
    }
}

#[tokio::test]
async fn an_echo_before_the_next_try_settles_a_message_without_a_second_send() {
    let bed = bed(vec![graph(500, 2)]).await;
    let chat = bed.chat("1").await;
    let message = bed.send(chat, "x").await;
    let worker = bed.start();
    until(|| bed.texts().len() == 1).await;
    bed.comes(message, &Delivery::Sending).await;
    let facts = bed.engine.log().message_facts(message).await.unwrap().unwrap();
    let external_id = Some("m_echo".to_owned());
    let echo = Occurrence::Delivered {
        interaction: chat,
        message: facts,
        to: Delivery::Sent,
        external_id,
        pricing: None,
    };
    bed.engine.occur(echo, Beside::default()).await.unwrap();
    let next = bed.send(chat, "next").await;
    bed.comes(next, &Delivery::Sent).await;
    assert_eq!(bed.texts(), ["x", "next"], "what was echoed was not sent again");
    worker.stop().await;
}

#[tokio::test]
async fn what_is_unknown_is_settled_by_its_echo_once_and_never_falls() {
    let bed = bed(vec![Answer::Lost]).await;
    let chat = bed.chat("1").await;
    let message = bed.send(chat, "x").await;
    let worker = bed.start();
    bed.comes(message, &Delivery::Unknown).await;
    let step = |to: Delivery| async {
        let facts = bed.engine.log().message_facts(message).await.unwrap().unwrap();
        let external_id = Some("m_echo".to_owned());
        let echo =
            Occurrence::Delivered { interaction: chat, message: facts, to, external_id, pricing: None };
        bed.engine.occur(echo, Beside::default()).await.unwrap();
    };
    for (to, is) in [
        (Delivery::Sent, Delivery::Sent),
        (Delivery::Sent, Delivery::Sent),
        (Delivery::Seen, Delivery::Seen),
        (Delivery::Delivered, Delivery::Seen),
        (Delivery::Unknown, Delivery::Seen),
    ] {
        step(to).await;
        assert_eq!(bed.delivery(message).await, is);
    }
    assert!(bed.engine.log().knows(CONNECTOR, "m_echo").await.unwrap());
    assert_eq!(bed.texts(), ["x"]);
    worker.stop().await;
}

#[tokio::test]
async fn a_failed_message_is_sent_once_more_as_a_new_one() {
    let bed = bed(vec![graph(400, 100)]).await;
    let chat = bed.chat("1").await;
    let message = bed.send(chat, "x").await;
    let worker = bed.start();
    bed.comes(message, &failed(FailureKind::Content, Some("100"))).await;
    let again = bed.engine.fresh_message();
    let resend = Command::Resend { interaction: chat, message, again, seen: 0 };
    let id = CommandId(bed.clock.fresh());
    for _ in 0..2 {
        let outcome = bed.engine.command(EVA, id, resend.clone()).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
    bed.comes(again, &Delivery::Sent).await;
    assert_eq!(bed.texts(), ["x", "x"]);
    assert_eq!(bed.delivery(message).await, failed(FailureKind::Content, Some("100")));
    let twice = Command::Resend { interaction: chat, message, again: bed.engine.fresh_message(), seen: 0 };
    let outcome = bed.engine.command(EVA, CommandId(bed.clock.fresh()), twice).await;
    assert_eq!(outcome, Outcome::Refused { refusal: Refusal::Settled });
    worker.stop().await;
}

#[tokio::test]
async fn the_window_is_looked_at_once_more_before_the_call() {
    let bed = bed(Vec::new()).await;
    let chat = bed.chat("1").await;
    let late = bed.send(chat, "late").await;
    bed.clock.advance(Span::hours(24));
    let worker = bed.start();
    bed.comes(late, &failed(FailureKind::Window, None)).await;
    assert!(bed.texts().is_empty(), "the provider was not asked");
    worker.stop().await;
}

#[tokio::test]
async fn an_account_that_is_switched_off_sends_nothing() {
    let bed = bed(Vec::new()).await;
    let chat = bed.chat("1").await;
    let message = bed.send(chat, "x").await;
    bed.configure(ConfigChange::ConnectorSaved(Connector { enabled: false, ..bed.connector() })).await;
    let worker = bed.start();
    bed.comes(message, &failed(FailureKind::Account, None)).await;
    assert!(bed.texts().is_empty());
    worker.stop().await;
}

#[tokio::test]
async fn patience_ends_after_a_quarter_of_an_hour() {
    let busy = std::iter::repeat_n(graph(429, 4), 100).collect();
    let bed = bed(busy).await;
    let chat = bed.chat("1").await;
    let message = bed.send(chat, "x").await;
    let worker = bed.start();
    bed.comes(message, &Delivery::Sending).await;
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        bed.clock.advance(Span::minutes(1));
    }
    bed.comes(message, &failed(FailureKind::Limit, Some("4"))).await;
    let tries = bed.texts().len();
    assert!((5..=25).contains(&tries), "{tries}");
    worker.stop().await;
}

#[test]
fn pauses_double_up_to_a_minute_and_heed_the_provider() {
    let (began, now) = (Timestamp(0), Timestamp(100_000));
    let even = |attempts, asked| pause(attempts, asked, Pace::Usual, 200);
    let pauses: Vec<_> = (1..=9).map(|attempts| even(attempts, None).whole_seconds()).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert_eq!(even(u32::MAX, None), Span::seconds(60));
    assert_eq!(even(1, Some(Span::seconds(17))), Span::seconds(17));
    assert_eq!(even(9, Some(Span::seconds(17))), Span::seconds(60));
    assert_eq!(again(began, now, Span::minutes(30)), None, "nobody is kept waiting for so long");
    for chance in 0..1_000 {
        let pause = pause(1, None, Pace::Account, chance).0;
        assert!((800..=1_200).contains(&pause), "{pause}");
    }
    assert_eq!(again(began, Timestamp(899_500), Span::seconds(1)), None);
    assert_eq!(again(began, Timestamp(898_500), Span::seconds(1)), Some(Timestamp(899_500)));
}

#[test]
fn one_person_on_whatsapp_is_left_alone_for_four_to_the_nth_seconds() {
    let pauses: Vec<_> =
        (1..=4).map(|attempts| pause(attempts, None, Pace::Person, 200).whole_seconds()).collect();
    assert_eq!(pauses, [4, 16, 64, 256]);
    let (began, now) = (Timestamp(0), Timestamp(340_000));
    assert_eq!(again(began, now, pause(5, None, Pace::Person, 200)), None, "the fifth is beyond patience");
}
