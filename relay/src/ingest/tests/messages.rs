//! What happens to messages after they came, and what comes from elsewhere: in any order, once, and never as a chat of its own.

use super::*;
use shared::interaction::{AttachmentState, MediaFault, ReplyTo};
use shared::thread::{Body as Line, Message};

fn event(part: &Value) -> Value {
    let mut event =
        json!({"sender": {"id": "8001"}, "recipient": {"id": "100"}, "timestamp": 1_790_000_000_000_i64});
    for (key, value) in part.as_object().unwrap() {
        event[key] = value.clone();
    }
    page(&event)
}

fn echo(mid: &str, text: &str) -> Value {
    event(&json!({"sender": {"id": "100"}, "recipient": {"id": "8001"},
        "message": {"mid": mid, "text": text, "is_echo": true, "app_id": 7}}))
}

impl Bed {
    /// The messages of the only chat, as a desk that opens it is shown them.
    async fn messages(&self) -> Vec<Message> {
        let chat = self.chats().remove(0);
        let snapshot = self.engine.log().snapshot(chat.id, 100).await.unwrap().unwrap();
        let message = |entry: shared::thread::Entry| match entry.body {
            Line::Message(message) => Some(message),
            Line::Event { .. } => None,
        };
        snapshot.entries.into_iter().filter_map(message).collect()
    }
}

#[tokio::test]
async fn a_reaction_that_is_faster_than_its_message_waits_for_it() {
    let bed = bed().await;
    let reaction =
        |emoji: Value| event(&json!({"reaction": {"mid": "m_1", "action": "react", "emoji": emoji}}));
    bed.meta(&reaction(json!("❤️"))).await;
    bed.ends(1, "parked").await;
    assert!(bed.chats().is_empty(), "a reaction starts no chat");
    bed.meta(&page(&text("8001", "m_1", "hi"))).await;
    bed.ends(2, "done").await;
    bed.ends(1, "done").await;
    let messages = bed.messages().await;
    assert_eq!(messages[0].reactions[0].emoji, "❤️");
    bed.meta(&event(
        &json!({"reaction": {"mid": "m_1", "action": "unreact"}, "timestamp": 1_790_000_009_000_i64}),
    ))
    .await;
    bed.ends(3, "done").await;
    assert!(bed.messages().await[0].reactions.is_empty());
}

#[tokio::test]
async fn edits_replace_words_in_their_order_and_an_unsend_erases_them() {
    let bed = bed().await;
    bed.meta(&page(&text("8001", "m_1", "frist"))).await;
    let edit = |text: &str, at: i64| {
        event(&json!({"message_edit": {"mid": "m_1", "text": text, "num_edit": 1}, "timestamp": at}))
    };
    bed.meta(&edit("first", 1_790_000_002_000)).await;
    bed.meta(&edit("fisrt", 1_790_000_001_000)).await;
    bed.ends(3, "done").await;
    let messages = bed.messages().await;
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].text.as_deref(), messages[0].edited_at.is_some()), (Some("first"), true));
    bed.meta(&event(
        &json!({"message": {"mid": "m_1", "is_deleted": true}, "timestamp": 1_790_000_003_000_i64}),
    ))
    .await;
    bed.meta(&edit("again", 1_790_000_004_000)).await;
    bed.ends(5, "done").await;
    let messages = bed.messages().await;
    assert_eq!((messages[0].text.as_deref(), messages[0].unsent_at.is_some()), (None, true));
    let chat = bed.chats().remove(0);
    assert!(!bed.words(chat.id).await.iter().any(|words| words.contains("first") || words.contains("again")));
}

#[tokio::test]
async fn what_is_written_elsewhere_joins_the_chat_once_and_our_own_is_no_stranger() {
    let bed = bed().await;
    bed.meta(&echo("m_0", "before anybody wrote")).await;
    bed.ends(1, "done").await;
    assert!(bed.chats().is_empty(), "what we write elsewhere starts no chat");
    bed.meta(&page(&text("8001", "m_1", "hi"))).await;
    bed.meta(&echo("m_2", "from the page's inbox")).await;
    bed.meta(&echo("m_2", "from the page's inbox")).await;
    bed.ends(4, "done").await;
    let told = |messages: &[Message]| messages.iter().filter_map(|one| one.text.clone()).collect::<Vec<_>>();
    assert_eq!(told(&bed.messages().await), ["hi", "from the page's inbox"]);
    // Our own message is told back before the call that sent it has ended.
    let chat = bed.chats().remove(0);
    let ours = bed.answer(&chat).await.id;
    let claim = crate::log::OutboxStep::Claim { message: ours };
    let sending = Occurrence::Delivered {
        interaction: chat.id,
        message: bed.facts(ours).await,
        to: Delivery::Sending,
        external_id: None,
        pricing: None,
    };
    bed.engine.occur(sending, Beside { outbox: Some(claim), ..Beside::default() }).await.unwrap();
    bed.meta(&echo("m_ours", "Hello")).await;
    bed.ends(5, "parked").await;
    let done = crate::log::OutboxStep::Done { message: ours };
    let sent = Occurrence::Delivered {
        interaction: chat.id,
        message: bed.facts(ours).await,
        to: Delivery::Sent,
        external_id: Some("m_ours".into()),
        pricing: None,
    };
    bed.engine.occur(sent, Beside { outbox: Some(done), ..Beside::default() }).await.unwrap();
    bed.ends(5, "done").await;
    assert_eq!(told(&bed.messages().await), ["hi", "from the page's inbox", "Hello"], "and it is there once");
}

#[tokio::test]
async fn words_to_another_app_and_words_from_long_ago_start_no_chat_and_leave_no_words() {
    let bed = bed().await;
    let aside = |mid: &str| json!({"object": "page", "entry": [{"id": "100", "standby": [text("8001", mid, "to the bot")]}]});
    let mut old = text("8001", "m_old", "from long ago");
    old["timestamp"] = json!(1_600_000_000_000_i64);
    bed.meta(&aside("m_1")).await;
    bed.meta(&page(&old)).await;
    bed.ends(2, "done").await;
    assert!(bed.chats().is_empty());
    assert!(!bed.engine.log().knows(account(0).id, "m_1").await.unwrap());
    bed.meta(&page(&text("8001", "m_2", "hello?"))).await;
    bed.meta(&aside("m_3")).await;
    bed.ends(4, "done").await;
    assert_eq!(bed.messages().await.len(), 2, "it joins the chat that is there");
}

#[tokio::test]
async fn a_message_keeps_what_it_answers_its_cards_and_its_files() {
    let bed = bed().await;
    bed.meta(&phone(&json!([said("w1", "Hello")]), "Sheena")).await;
    let answer = json!({"from": "1650", "id": "w2", "type": "document", "context": {"id": "w1"},
        "document": {"id": "55", "filename": "a.pdf", "mime_type": "application/pdf", "caption": "here"}});
    let strange = json!({"from": "1650", "id": "w3", "type": "location", "context": {"id": "w0"},
        "location": {"latitude": 50.1, "longitude": 14.4, "name": "Shop"}});
    bed.meta(&phone(&json!([answer, strange]), "Sheena")).await;
    bed.ends(3, "done").await;
    let messages = bed.messages().await;
    assert_eq!(messages[1].reply_to, Some(ReplyTo::Message(messages[0].id)));
    assert_eq!(messages[2].reply_to, Some(ReplyTo::Elsewhere));
    assert_eq!(messages[2].cards[0].title.as_deref(), Some("Shop"));
    let (file, name) = (&messages[1].attachments[0], &messages[1].names[0]);
    assert_eq!(
        (name.attachment, name.name.as_str(), &file.state),
        (file.id, "a.pdf", &AttachmentState::Pending)
    );
    let due = bed.engine.log().media_due(10).await.unwrap();
    assert_eq!((due.len(), due[0].id, due[0].source.as_str()), (1, file.id, r#"{"id":"55"}"#));
    // It could not be had; a person asks for it again; the message is taken back and the file with it.
    let log = bed.engine.log();
    let state = AttachmentState::Failed { why: MediaFault::Unreachable };
    for (state, due) in [(state, 0), (AttachmentState::Pending, 1)] {
        let message = shared::interaction::Amended {
            id: messages[1].id,
            edited_at: None,
            reacted: None,
            unsent: false,
            attachment: Some(log.media(file.id).await.unwrap().unwrap().state),
        };
        let amendment =
            shared::interaction::Amendment::Attached { attachment: file.id, state: state.clone() };
        let at = bed.engine.clock().now();
        let amended = Occurrence::Amended { interaction: bed.chats()[0].id, message, amendment, at };
        bed.engine.occur(amended, Beside::default()).await.unwrap();
        assert_eq!(log.media_due(10).await.unwrap().len(), due);
        assert_eq!(bed.messages().await[1].attachments[0].state, state);
    }
    bed.meta(&phone(
        &json!([{"from": "1650", "id": "w4", "type": "revoke", "revoke": {"original_message_id": "w2"}}]),
        "Sheena",
    ))
    .await;
    bed.ends(4, "done").await;
    assert_eq!(log.media_to_remove(10).await.unwrap(), [file.id]);
    let gone = &bed.messages().await[1];
    assert!(gone.attachments.is_empty() && gone.names.is_empty() && gone.text.is_none());
    log.media_removed(file.id).await.unwrap();
    assert!(log.media_to_remove(10).await.unwrap().is_empty());
}
