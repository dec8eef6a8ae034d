//! The answer to a customer who opens a conversation: given once, kept, and the first line of the chat it leads to.

use super::*;
use shared::thread::{Body as Line, Message};

const WORDS: &str = "Hello! How can we help?";

fn opens(token: u64) -> Value {
    json!({"event": "conversation_started", "timestamp": 1_793_500_000_000_i64, "message_token": token, "type": "open",
        "user": {"id": "01234567890A=", "name": "John"}, "subscribed": false})
}

fn says(token: u64) -> Value {
    json!({"event": "message", "message_token": token,
        "sender": {"id": "01234567890A=", "name": "John"}, "message": {"type": "text", "text": "Hi"}})
}

fn became(event: &str, token: u64) -> Value {
    json!({"event": event, "timestamp": 1_793_500_001_000_i64, "message_token": token, "user_id": "01234567890A="})
}

impl Bed {
    async fn with_welcome(words: Option<&str>) -> Self {
        let bed = bed().await;
        let change = ConfigChange::ConnectorSaved(Connector { welcome: words.map(Into::into), ..account(3) });
        bed.engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await.unwrap();
        bed
    }

    /// What a webhook is answered with.
    async fn asks(&self, body: &Value) -> String {
        let raw = body.to_string().into_bytes();
        let signature = sign("viber-token", &raw);
        let request = Request::post("/webhooks/viber/bot").header("x-viber-content-signature", signature);
        let (status, body) = self.ask(request.body(Body::from(raw)).unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        body
    }

    /// The messages to and from the customer, as a desk that opens the only chat is shown them.
    async fn lines(&self) -> Vec<Message> {
        let chats = self.chats();
        assert_eq!(chats.len(), 1);
        let snapshot = self.engine.log().snapshot(chats[0].id, 100).await.unwrap().unwrap();
        let message = |entry: shared::thread::Entry| match entry.body {
            Line::Message(message) => Some(message),
            Line::Event { .. } => None,
        };
        snapshot.entries.into_iter().filter_map(message).collect()
    }
}

#[tokio::test]
async fn an_opened_conversation_is_answered_once_and_the_words_lead_the_chat() {
    let bed = Bed::with_welcome(Some(WORDS)).await;
    let answer: Value = serde_json::from_str(&bed.asks(&opens(7)).await).unwrap();
    assert_eq!((&answer["type"], &answer["text"]), (&json!("text"), &json!(WORDS)));
    assert_eq!(answer["sender"]["name"], "Shop");
    assert!(answer.get("receiver").is_none(), "{answer}");
    assert_eq!(bed.asks(&became("delivered", 7)).await, "", "only an opening is answered");
    bed.ends(1, "done").await;
    bed.ends(2, "parked").await;
    assert!(bed.chats().is_empty(), "opening starts no chat");
    assert_eq!(bed.asks(&opens(8)).await, "", "whoever was greeted is not greeted again before they write");
    assert_eq!(bed.asks(&says(9)).await, "");
    bed.ends(4, "done").await;
    bed.ends(2, "done").await;
    let lines = bed.lines().await;
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].text.as_deref(), lines[0].automatic, &lines[0].author), (Some(WORDS), true, &None));
    assert_eq!(lines[0].delivery, Some(Delivery::Delivered), "what came of it is told under the opening");
    assert_eq!((lines[1].text.as_deref(), lines[1].automatic), (Some("Hi"), false));
    assert_eq!(bed.words(bed.chats()[0].id).await[1], WORDS, "a desk that follows gets the words");
    bed.viber(&became("seen", 7)).await;
    bed.ends(5, "done").await;
    assert_eq!(bed.lines().await[0].delivery, Some(Delivery::Seen));
    assert_eq!(bed.asks(&opens(10)).await, "", "nobody is greeted in the middle of a chat");
    bed.viber(&says(11)).await;
    bed.ends(7, "done").await;
    assert_eq!(bed.lines().await.len(), 3, "it is a line once");
}

#[tokio::test]
async fn an_opening_that_is_told_twice_is_answered_once_and_nobody_claims_it_arrived() {
    let bed = Bed::with_welcome(Some(WORDS)).await;
    let answers = [bed.asks(&opens(7)).await, bed.asks(&opens(7)).await, bed.asks(&opens(7)).await];
    assert_eq!(answers.map(|answer| answer.is_empty()), [false, true, true]);
    bed.viber(&says(9)).await;
    bed.ends(4, "done").await;
    let lines = bed.lines().await;
    assert_eq!((lines.len(), &lines[0].delivery), (2, &Some(Delivery::Unknown)));
    bed.viber(&became("delivered", 7)).await;
    bed.ends(5, "done").await;
    assert_eq!(bed.lines().await[0].delivery, Some(Delivery::Delivered));
}

#[tokio::test]
async fn two_at_once_are_answered_once() {
    let bed = Bed::with_welcome(Some(WORDS)).await;
    let (one, other) = (opens(7), opens(7));
    let (first, second) = tokio::join!(bed.asks(&one), bed.asks(&other));
    assert_ne!(first.is_empty(), second.is_empty());
}

#[tokio::test]
async fn what_is_not_said_is_not_written_down() {
    for (words, subscribed) in [(None, false), (Some(WORDS), true)] {
        let bed = Bed::with_welcome(words).await;
        let mut opening = opens(7);
        opening["subscribed"] = json!(subscribed);
        assert_eq!(bed.asks(&opening).await, "");
        bed.viber(&says(9)).await;
        bed.ends(2, "done").await;
        assert_eq!(bed.lines().await.len(), 1);
    }
    let bed = Bed::with_welcome(Some(WORDS)).await;
    bed.engine.log().fail_next(1);
    let raw = opens(7).to_string().into_bytes();
    let signature = sign("viber-token", &raw);
    let status = bed.post("/webhooks/viber/bot", ("x-viber-content-signature", &signature), raw).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "what is not kept is not answered");
    let answer = bed.asks(&opens(7)).await;
    assert!(!answer.is_empty(), "and it is told again");
}
