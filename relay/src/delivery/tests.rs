//! The outbox over a real log and engine against a small server: order, patience, lost answers, closed windows; long because each test is a whole story over one bed.

use super::Delivery as Worker;
use super::patience::again;
use crate::channels::Providers;
use crate::clock::Clock;
use crate::engine::Engine;
use crate::log::Beside;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::command::{Command, Occurrence};
use shared::config::{ConfigChange, Connector, Member, Queue, Role, Unattended, User};
use shared::id::{CommandId, ConnectorId, InteractionId, MessageId, QueueId, UserId};
use shared::interaction::{Delivery, Failure, FailureKind, MessageKind};
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
}

/// What the server answers in turn (then always well), and the texts it was asked to send.
#[derive(Clone, Default)]
struct Server {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    texts: Arc<Mutex<Vec<String>>>,
}

async fn serve(State(server): State<Server>, Json(body): Json<Value>) -> Response {
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
    }
}

struct Bed {
    engine: Engine,
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
        link: None,
    };
    let bed = Bed { engine, clock, server, base, _folder: folder };
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
            business: None,
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
        Worker::start(self.engine.clone(), Providers::new("v25.0").unwrap())
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

    fn texts(&self) -> Vec<String> {
        self.server.texts.lock().unwrap().clone()
    }
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
    let bed = bed(vec![graph(400, 613)]).await;
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
async fn a_refusal_is_final_and_says_why() {
    let bed = bed(vec![graph(401, 190), graph(400, 100)]).await;
    let chat = bed.chat("1").await;
    let (token, content) = (bed.send(chat, "a").await, bed.send(chat, "b").await);
    let worker = bed.start();
    bed.comes(content, &failed(FailureKind::Content, Some("100"))).await;
    assert_eq!(bed.delivery(token).await, failed(FailureKind::Account, Some("190")));
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
    let even = |attempts, asked| again(began, now, attempts, asked, 200).map(|at| at.since(now));
    let pauses: Vec<_> = (1..=9).map(|attempts| even(attempts, None).unwrap().whole_seconds()).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert_eq!(even(u32::MAX, None), Some(Span::seconds(60)));
    assert_eq!(even(1, Some(Span::seconds(17))), Some(Span::seconds(17)));
    assert_eq!(even(9, Some(Span::seconds(17))), Some(Span::seconds(60)));
    assert_eq!(even(1, Some(Span::minutes(30))), None, "nobody is kept waiting for so long");
    for chance in 0..1_000 {
        let pause = again(began, now, 1, None, chance).unwrap().since(now).0;
        assert!((800..=1_200).contains(&pause), "{pause}");
    }
    assert_eq!(again(began, Timestamp(899_500), 1, None, 200), None);
}
