//! The two sides: a relay with an agent's open chats, and the page's server with the same lines; what customers write from then on goes to one of them.

use crate::page::{Chat, Line, Page};
use serde_json::json;
use shared::channel::Channel;
use shared::id::InteractionId;
use shared::interaction::{Delivery, Direction};
use shared::thread::Body;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tests::relay::{Database, PASSWORD};
use tests::wait::until;
use tests::{Customer, Desk, Phones, Relay, Setup, crowd};
use tokio::time::MissedTickBehavior;

/// Conversations: as many as one agent has at a time.
pub const CHATS: usize = 6;
/// The conversation that is open when a side is opened; nobody writes there any more.
pub const FIRST: usize = 0;
/// The conversation in which messages arrive while somebody types.
pub const BUSY: usize = CHATS - 2;
/// The conversation that becomes long.
pub const LONG: usize = CHATS - 1;
/// Turns of a conversation at the beginning: so many messages of the customer, then an answer.
const TURNS: usize = 8;
const ASKED: usize = 4;
/// Who works.
const AGENT: &str = "eva";

/// Desk or page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The desk.
    Desk,
    /// The page beside it.
    Page,
}

/// Both, with everything behind them.
pub struct World {
    relay: Relay,
    page: Page,
    customers: Vec<Customer>,
    interactions: Vec<InteractionId>,
    /// The last words of each conversation: of the desk, of the page.
    last: [Mutex<Vec<String>>; 2],
}

/// Words as customers write them: of a few lengths, and none twice.
pub fn words(chat: usize, n: usize) -> String {
    let more = [
        "Is it on its way?",
        "I ordered two of them on Monday and got a letter that only one could be found in the shop.",
        "",
        "The number is on the bill. I called twice, and both times I was told that somebody would call back on the \
         same day, which nobody did. Could you please look where it is, and tell me when I may expect it at the door?",
    ];
    format!("({chat}.{n}) Good day. {}", more[n % more.len()])
}

impl World {
    /// Customers write, an agent takes their chats and answers; the page's server gets the same lines.
    pub async fn begin() -> Self {
        let relay =
            Relay::start_with(Setup { apart: true, database: Database::File, ..Setup::default() }).await;
        let phones = Phones::of(&relay);
        phones.unlimited(Channel::WhatsApp).await;
        let eva = Desk::open(&relay, AGENT).await;
        let chats = crowd::open(&phones, &eva, Channel::WhatsApp, CHATS).await;
        for (number, chat) in chats.iter().enumerate() {
            for turn in 0..TURNS {
                for n in 0..ASKED {
                    chat.customer.write(&words(number, turn * ASKED + n)).await;
                }
                if turn + 1 < TURNS {
                    eva.send(chat.id, "Thank you for asking, I will have a look.").await;
                }
            }
        }
        let mut copies = Vec::new();
        for (number, chat) in chats.iter().enumerate() {
            let last = words(number, TURNS * ASKED - 1);
            until("all messages, and all answers sent", || async {
                let texts = eva.texts(chat.id).await;
                let all = texts.len() == TURNS * ASKED + TURNS;
                let sent = texts
                    .iter()
                    .all(|(_, delivery)| !matches!(delivery, Some(Delivery::Queued | Delivery::Sending)));
                (all && sent && texts.last()?.0 == last).then_some(())
            })
            .await;
            copies.push(copy(number, &eva, chat.id).await);
        }
        let page = Page::start(copies).await;
        let last: Vec<String> = (0..CHATS).map(|number| words(number, TURNS * ASKED - 1)).collect();
        let (customers, interactions) = chats.into_iter().map(|chat| (chat.customer, chat.id)).unzip();
        Self { relay, page, customers, interactions, last: [Mutex::new(last.clone()), Mutex::new(last)] }
    }

    /// Where a side is reached, without a slash at the end.
    pub fn base(&self, side: Side) -> &str {
        match side {
            Side::Desk => &self.relay.base,
            Side::Page => &self.page.base,
        }
    }

    /// The path of a conversation.
    pub fn path(&self, side: Side, chat: usize) -> String {
        match side {
            Side::Desk => format!("/chat/{}", self.interactions[chat]),
            Side::Page => format!("/chat/{chat}"),
        }
    }

    /// How the tab of a conversation is found.
    pub fn tab(&self, side: Side, chat: usize) -> String {
        match side {
            Side::Desk => format!("[data-testid=tab][data-interaction=\"{}\"]", self.interactions[chat]),
            Side::Page => format!("[data-conversation=\"{chat}\"]"),
        }
    }

    /// The last words of a conversation.
    pub fn last(&self, side: Side, chat: usize) -> String {
        self.last[side as usize].lock().unwrap()[chat].clone()
    }

    /// A session of the agent for a browser: its cookie's name and value.
    pub async fn session(&self) -> (String, String) {
        let body = json!({ "login": AGENT, "password": PASSWORD, "kind": "cookie" });
        let url = format!("{}/api/v1/session", self.relay.base);
        let answer = self.relay.http.post(url).json(&body).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
        (name.to_owned(), value.to_owned())
    }

    /// The customer of a conversation writes; there they are the last words from then on.
    pub async fn say(&self, side: Side, chat: usize, text: &str) {
        match side {
            Side::Desk => drop(self.customers[chat].write(text).await),
            Side::Page => self.page.say(chat, text, crate::now()),
        }
        text.clone_into(&mut self.last[side as usize].lock().unwrap()[chat]);
    }

    /// The agent answered: waits until the words are where they should be, the last ones from then on.
    pub async fn answered(&self, side: Side, chat: usize, text: &str) {
        if side == Side::Desk {
            self.customers[chat].shows(text).await;
        }
        text.clone_into(&mut self.last[side as usize].lock().unwrap()[chat]);
    }

    /// The customer writes so many messages, so many a second; how many a second they were.
    pub async fn pour(&self, side: Side, chat: usize, from: usize, count: usize, per_second: u32) -> f64 {
        let mut beat = tokio::time::interval(Duration::from_secs(1) / per_second);
        beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let began = Instant::now();
        for n in from..from + count {
            beat.tick().await;
            self.say(side, chat, &words(chat, n)).await;
        }
        count as f64 / began.elapsed().as_secs_f64()
    }

    /// The page fetches conversations whole from now on, or as usual.
    pub fn whole(&self, whole: bool) {
        self.page.whole(whole);
    }
}

/// What the desk holds of a chat, for the page.
async fn copy(number: usize, eva: &Desk, id: InteractionId) -> Chat {
    let snapshot = eva.interaction(id).await;
    let lines = snapshot.entries.into_iter().filter_map(|entry| match entry.body {
        Body::Message(message) => Some((message.text?, message.direction == Direction::Out, entry.at.0)),
        Body::Event { .. } => None,
    });
    let lines = lines.enumerate().map(|(id, (text, mine, at))| Line { id, text, at, mine }).collect();
    Chat { id: number.to_string(), name: format!("Customer {number}"), lines }
}
