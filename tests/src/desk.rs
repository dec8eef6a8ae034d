//! An agent's desk without a screen: a real socket, everything it was told kept in order, nothing hidden; long because all that an agent does and hears is here.

pub use crate::card::Card;
use crate::relay::Relay;
use crate::wait::PATIENCE;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use shared::agent::{AgentChange, Ringing};
use shared::command::Command;
use shared::event::{Change, Event, Stream};
use shared::id::{ActivityId, CommandId, InteractionId, MessageId, UserId};
use shared::interaction::{Delivery, InteractionChange};
use shared::refusal::Refusal;
use shared::thread::{Body, Entry};
use shared::wire::{DeskFrame, DeskSnapshot, InteractionSnapshot, Outcome, PROTOCOL, Position, RelayFrame};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

/// A connected desk.
pub struct Desk {
    /// Who is logged in.
    pub user: UserId,
    /// The session.
    pub token: String,
    base: String,
    http: reqwest::Client,
    told: Arc<Mutex<Vec<RelayFrame>>>,
    /// How many frames were told: whoever waits is woken with every one.
    count: watch::Receiver<usize>,
    say: mpsc::UnboundedSender<DeskFrame>,
    socket: JoinHandle<()>,
    read: usize,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.socket.abort();
    }
}

impl Desk {
    /// Logs in and says hello, holding nothing.
    pub async fn open(relay: &Relay, login: &str) -> Self {
        let token = relay.token(login).await;
        Self::open_with(relay, token, None, Vec::new()).await
    }

    /// Says hello with a session that exists and streams that are held already.
    pub async fn open_with(
        relay: &Relay,
        token: String,
        epoch: Option<String>,
        resume: Vec<Position>,
    ) -> Self {
        let who: Value = relay.get(&token, "/api/v1/session").await;
        let user: UserId = serde_json::from_value(who["user"]["id"].clone()).unwrap();
        let address = format!("{}/api/v1/socket", relay.base.replace("http://", "ws://"));
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let (socket, _) = connect_async(request).await.unwrap();
        let (mut sink, mut stream) = socket.split();
        let (say, mut said) = mpsc::unbounded_channel::<DeskFrame>();
        let told = Arc::new(Mutex::new(Vec::new()));
        let hear = told.clone();
        let (tell, count) = watch::channel(0);
        let socket = tokio::spawn(async move {
            loop {
                tokio::select! {
                    frame = said.recv() => {
                        let Some(frame) = frame else { break };
                        let text = serde_json::to_string(&frame).unwrap();
                        if sink.send(Message::Text(text.into())).await.is_err() { break }
                    }
                    frame = stream.next() => match frame {
                        Some(Ok(Message::Text(text))) => {
                            let frame = serde_json::from_str(&text).expect("a frame the desk can read");
                            hear.lock().unwrap_or_else(PoisonError::into_inner).push(frame);
                            tell.send_modify(|count| *count += 1);
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => break,
                    },
                }
            }
        });
        let hello = DeskFrame::Hello { protocol: PROTOCOL, epoch, resume };
        say.send(hello).unwrap();
        let mut desk = Self {
            user,
            token,
            base: relay.base.clone(),
            http: relay.http.clone(),
            told,
            count,
            say,
            socket,
            read: 0,
        };
        desk.next("a welcome", |frame| matches!(frame, RelayFrame::Welcome { .. }).then_some(())).await;
        desk
    }

    /// Everything told so far, in order.
    #[must_use]
    pub fn told(&self) -> Vec<RelayFrame> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every event told so far, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        let event = |frame| if let RelayFrame::Event { event, .. } = frame { Some(*event) } else { None };
        self.told().into_iter().filter_map(event).collect()
    }

    /// Whether the socket is gone.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.socket.is_finished()
    }

    /// Closes the socket without a word.
    pub fn cut(&self) {
        self.socket.abort();
    }

    /// Says something.
    pub fn say(&self, frame: DeskFrame) {
        drop(self.say.send(frame));
    }

    /// The next frame, after those already waited for, in which `find` finds something.
    pub async fn next<T>(&mut self, what: &str, find: impl Fn(&RelayFrame) -> Option<T>) -> T {
        let (index, found) = self.from(self.read, what, find).await;
        self.read = index + 1;
        found
    }

    /// Any frame told so far or from now on in which `find` finds something.
    pub async fn ever<T>(&self, what: &str, find: impl Fn(&RelayFrame) -> Option<T>) -> T {
        self.from(0, what, find).await.1
    }

    /// The first frame from this one on in which `find` finds something, and its place.
    async fn from<T>(&self, first: usize, what: &str, find: impl Fn(&RelayFrame) -> Option<T>) -> (usize, T) {
        let mut count = self.count.clone();
        let mut looked = first;
        let look = async {
            loop {
                {
                    let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                    let mut fresh = told.iter().enumerate().skip(looked);
                    if let Some(hit) = fresh.find_map(|(place, frame)| Some((place, find(frame)?))) {
                        break hit;
                    }
                    looked = looked.max(told.len());
                }
                // A socket that is gone tells nothing more; what it told stays, and the wait comes to its end.
                if count.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, look)
            .await
            .unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain for {what}"))
    }

    /// The next card that rings.
    pub async fn card(&mut self) -> Card {
        self.next("an offer", |frame| match frame {
            RelayFrame::Event { event, content } => match &event.change {
                Change::Agent(AgentChange::Rang(ringing)) => {
                    Some(Card { ringing: ringing.clone(), content: content.clone() })
                }
                _ => None,
            },
            _ => None,
        })
        .await
    }

    /// The change of an interaction for which `find` finds something, told ever.
    pub async fn change<T>(
        &self,
        id: InteractionId,
        what: &str,
        find: impl Fn(&InteractionChange) -> Option<T>,
    ) -> T {
        self.ever(what, |frame| match frame {
            RelayFrame::Event { event, .. } if event.stream == Stream::Interaction(id) => match &event.change
            {
                Change::Interaction(change) => find(change),
                _ => None,
            },
            _ => None,
        })
        .await
    }

    /// Gives a command a new id and waits for its answer.
    pub async fn command(&self, command: Command) -> Outcome {
        self.command_as(CommandId(Uuid::now_v7()), command).await
    }

    /// Gives a command under this id and waits for an answer to it.
    pub async fn command_as(&self, id: CommandId, command: Command) -> Outcome {
        let before = *self.count.borrow();
        self.say(DeskFrame::Command { id, command });
        let answer = |frame: &RelayFrame| match frame {
            RelayFrame::Answer { id: answered, outcome } if *answered == id => Some(outcome.clone()),
            _ => None,
        };
        self.from(before, "an answer", answer).await.1
    }

    /// Types a text without waiting for anything: the relay may die meanwhile. The message's id.
    #[must_use]
    pub fn types(&self, interaction: InteractionId, text: &str) -> (CommandId, MessageId) {
        let (id, message) = (CommandId(Uuid::now_v7()), MessageId(Uuid::now_v7()));
        let command = Command::Send { interaction, message, text: text.to_owned(), seen: u64::MAX };
        self.say(DeskFrame::Command { id, command });
        (id, message)
    }

    /// Waits until every one of these commands was done.
    pub async fn all_done(&self, wishes: &BTreeSet<CommandId>) {
        let (mut left, mut looked) = (wishes.clone(), 0);
        let told = Arc::clone(&self.told);
        let mut count = move || {
            let told = told.lock().unwrap_or_else(PoisonError::into_inner);
            for frame in &told[looked..] {
                match frame {
                    RelayFrame::Answer { id, outcome: Outcome::Done { .. } } => drop(left.remove(id)),
                    RelayFrame::Answer { id, outcome } if left.contains(id) => panic!("refused: {outcome:?}"),
                    _ => {}
                }
            }
            looked = told.len();
            left.len()
        };
        crate::wait::none_left("the answers", || {
            let left = count();
            async move { left }
        })
        .await;
    }

    /// A command that must be done.
    pub async fn done(&self, command: Command) {
        let outcome = self.command(command).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "refused: {outcome:?}");
    }

    /// A command that must be refused.
    pub async fn refused(&self, command: Command) -> Refusal {
        match self.command(command).await {
            Outcome::Refused { refusal } => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Accepts a card, fetches the interaction and watches it.
    pub async fn accept(&self, card: &Card) -> InteractionSnapshot {
        let Ringing { interaction, activity, offer, .. } = card.ringing;
        self.done(Command::Accept { interaction, activity, offer: Some(offer) }).await;
        self.watch(interaction).await
    }

    /// Fetches an interaction and watches it from there.
    pub async fn watch(&self, interaction: InteractionId) -> InteractionSnapshot {
        let snapshot = self.interaction(interaction).await;
        self.say(DeskFrame::Watch { interaction, version: snapshot.interaction.version });
        snapshot
    }

    /// The texts of an interaction, oldest first, each with how far it has come where it is an answer.
    pub async fn texts(&self, interaction: InteractionId) -> Vec<(String, Option<Delivery>)> {
        let message = |entry: Entry| match entry.body {
            Body::Message(message) => Some((message.text.unwrap_or_default(), message.delivery)),
            Body::Event { .. } => None,
        };
        self.interaction(interaction).await.entries.into_iter().filter_map(message).collect()
    }

    /// Fetches an interaction.
    pub async fn interaction(&self, interaction: InteractionId) -> InteractionSnapshot {
        self.get(&format!("/api/v1/interactions/{interaction}")).await
    }

    /// Fetches the desk's start.
    pub async fn snapshot(&self) -> DeskSnapshot {
        self.get("/api/v1/desk").await
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> T {
        let answer =
            self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().await.unwrap();
        assert!(answer.status().is_success(), "GET {path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// Sends text and returns the message's id.
    pub async fn send(&self, interaction: InteractionId, text: &str) -> MessageId {
        let message = MessageId(Uuid::now_v7());
        self.done(Command::Send { interaction, message, text: text.into(), seen: u64::MAX }).await;
        message
    }

    /// Chooses the first status of the interaction's queue and closes.
    pub async fn close(&self, interaction: InteractionId, activity: ActivityId) {
        let config = self.snapshot().await.config;
        let state = self.interaction(interaction).await.interaction;
        let queue = state.activity(activity).unwrap().queue.id;
        let queue = config.queues.iter().find(|one| one.queue.id == queue).unwrap();
        let disposition = queue.dispositions.first().map(|one| one.id);
        self.done(Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() }).await;
        self.done(Command::Close { interaction, activity, seen: state.last_customer_seq }).await;
    }
}
