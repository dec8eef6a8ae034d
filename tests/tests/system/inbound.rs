//! Everything a customer can send on each channel, through the real webhook to the desk: what it is, its files, and what happens to it later.

use reqwest::StatusCode;
use serde_json::json;
use shared::channel::Channel;
use shared::interaction::{AttachmentState, InteractionChange, MediaFault, MessageKind};
use shared::thread::{Body, Message};
use shared::wire::InteractionSnapshot;
use tests::wait::until;
use tests::{Customer, Desk, Phones, Relay};

/// Kinds that no provider hands on in full; everything else must be drawn.
const NOT_DRAWN: [&str; 3] = ["unsupported", "unsupported_type", "ephemeral"];

fn messages(chat: &InteractionSnapshot) -> Vec<Message> {
    let message = |entry: &shared::thread::Entry| match &entry.body {
        Body::Message(message) => Some(message.clone()),
        Body::Event { .. } => None,
    };
    chat.entries.iter().filter_map(message).collect()
}

/// Waits until a chat has so many messages and all their files have come or failed.
pub async fn settled(desk: &Desk, chat: &InteractionSnapshot, count: usize) -> Vec<Message> {
    until("the messages and their files", || async {
        let found = messages(&desk.interaction(chat.interaction.id).await);
        let open = |one: &Message| one.attachments.iter().any(|file| file.state == AttachmentState::Pending);
        (found.len() >= count && !found.iter().any(open)).then_some(found)
    })
    .await
}

/// A customer whose chat Eva has open.
pub async fn open(relay: &Relay, channel: Channel) -> (Desk, Customer, InteractionSnapshot) {
    let customer = Phones::of(relay).customer(channel);
    let mut eva = Desk::open(relay, "eva").await;
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await;
    (eva, customer, chat)
}

/// Everything this provider's phones can send.
async fn kinds(phones: &Phones, channel: Channel) -> Vec<String> {
    let accounts = phones.get("/control/accounts").await;
    let accounts = accounts.as_array().or(accounts["accounts"].as_array()).unwrap();
    let ours = accounts.iter().find(|one| one["id"] == Phones::account(channel)).unwrap();
    ours["kinds"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap().to_owned()).collect()
}

/// Sends everything. The pictures of Viber's stickers lie at a public address alone, so its stickers stay out.
async fn everything(channel: Channel) {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let (eva, customer, chat) = open(&relay, channel).await;
    let kinds = kinds(&phones, channel).await;
    let mut told = Vec::new();
    for kind in kinds.iter().filter(|kind| !(channel == Channel::Viber && *kind == "sticker")) {
        let path = format!("/control/customers/{}/messages", customer.key);
        let wrote = phones.post(&path, &json!({ "kind": kind, "text": "look" })).await;
        // Of some kinds a provider tells nothing.
        if wrote["webhook"] == true {
            told.push(kind);
        }
    }
    assert!(told.len() >= 8, "{told:?}");
    let found = settled(&eva, &chat, told.len() + 1).await;
    assert_eq!(found.len(), told.len() + 1, "each is one message of the same chat");
    for (kind, message) in told.iter().zip(&found[1..]) {
        let drawn = message.kind != MessageKind::Unsupported;
        assert_eq!(drawn, !NOT_DRAWN.contains(&kind.as_str()), "{kind}: {message:?}");
        let something =
            message.text.is_some() || !message.cards.is_empty() || !message.attachments.is_empty();
        assert!(something, "{kind} shows nothing");
        for file in &message.attachments {
            assert!(matches!(file.state, AttachmentState::Ready { .. }), "{kind}: {:?}", file.state);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_messenger_is_drawn() {
    everything(Channel::Messenger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_instagram_is_drawn() {
    everything(Channel::Instagram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_whatsapp_is_drawn() {
    everything(Channel::WhatsApp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_viber_is_drawn() {
    everything(Channel::Viber).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_edits_and_unsends_reach_an_ended_chat_and_start_none() {
    let relay = Relay::start().await;
    let (mut eva, customer, chat) = open(&relay, Channel::Messenger).await;
    let second = customer.write("frist").await;
    settled(&eva, &chat, 2).await;
    customer.edit(&second, "first").await;
    customer.react(&second, "❤️").await;
    let edited = until("the edit and the reaction", || async {
        let one = messages(&eva.interaction(chat.interaction.id).await).remove(1);
        (one.edited_at.is_some() && !one.reactions.is_empty()).then_some(one)
    })
    .await;
    assert_eq!((edited.text.as_deref(), edited.reactions[0].emoji.as_str()), (Some("first"), "❤️"));
    let activity = chat.interaction.activities[0].id;
    let seen = u64::MAX;
    let disposition = eva.snapshot().await.config.queues[0].dispositions[0].id;
    let interaction = chat.interaction.id;
    let disposition = Some(disposition);
    eva.done(shared::command::Command::ChooseDisposition {
        interaction,
        activity,
        disposition,
        also: Vec::new(),
    })
    .await;
    eva.done(shared::command::Command::Close { interaction, activity, seen }).await;
    customer.unreact(&second).await;
    customer.unsend(&second).await;
    let gone = until("the unsend", || async {
        let one = messages(&eva.interaction(interaction).await).remove(1);
        one.unsent_at.is_some().then_some(one)
    })
    .await;
    assert!(gone.text.is_none() && gone.reactions.is_empty());
    assert!(eva.snapshot().await.agent.ringing.is_empty(), "nothing of it starts a chat");
    customer.write("A new question").await;
    let card = eva.card().await;
    assert_ne!(card.ringing.interaction, interaction, "the next message does");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_inbox_of_the_page_writes_is_a_line_of_the_chat() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    phones.change_account(Channel::Messenger, &json!({ "echoes": true })).await;
    let (eva, customer, chat) = open(&relay, Channel::Messenger).await;
    customer.act(&json!({ "do": "echo", "from": "inbox", "text": "From the inbox" })).await;
    let ours = eva.send(chat.interaction.id, "From the desk").await;
    customer.shows("From the desk").await;
    let found = settled(&eva, &chat, 3).await;
    let texts: Vec<_> = found.iter().filter_map(|one| one.text.as_deref()).collect();
    assert_eq!(
        texts.iter().filter(|text| **text == "From the desk").count(),
        1,
        "our own echo is no stranger"
    );
    assert!(texts.contains(&"From the inbox") && found.iter().any(|one| one.id == ours));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_handed_to_whoever_may_read_the_chat_and_to_nobody_else() {
    let relay = Relay::start().await;
    let (eva, customer, chat) = open(&relay, Channel::WhatsApp).await;
    customer.send_file("image", &json!({ "name": "dog.jpg" })).await;
    let found = settled(&eva, &chat, 2).await;
    let file = found[1].attachments[0].clone();
    let AttachmentState::Ready { media_type, pixels, .. } = &file.state else { panic!("{file:?}") };
    assert!(media_type.starts_with("image/") && pixels.is_some(), "{file:?}");
    let (token, admin) = (relay.token("eva").await, relay.token("admin").await);
    let ask = async |end: &str, token: &str| {
        let url = format!("{}/api/v1/attachments/{}{end}", relay.base, file.id);
        relay.http.get(url).bearer_auth(token).send().await.unwrap()
    };
    let preview = ask("/preview", &token).await;
    assert_eq!(preview.status(), StatusCode::OK);
    assert!(
        preview.url().as_str().starts_with(&relay.files),
        "not from the desk's origin: {}",
        preview.url()
    );
    let policy = "default-src 'none'; frame-ancestors 'none'; sandbox";
    assert_eq!(preview.headers()["content-security-policy"], policy);
    let original = ask("", &token).await;
    let saved = original.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(saved.starts_with("attachment;"), "{saved}");
    assert_eq!(original.headers()["x-content-type-options"], "nosniff");
    for end in ["", "/preview"] {
        assert_eq!(
            ask(end, &admin).await.status(),
            StatusCode::NOT_FOUND,
            "an admin without rights to the queue"
        );
        assert_eq!(ask(end, "nobody").await.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_says_so_and_one_that_was_away_comes_later() {
    let relay = Relay::start().await;
    let (mut eva, customer, chat) = open(&relay, Channel::Messenger).await;
    customer.send_file("image", &json!({ "fault": "missing" })).await;
    let gone = settled(&eva, &chat, 2).await;
    assert_eq!(gone[1].attachments[0].state, AttachmentState::Failed { why: MediaFault::Gone });
    customer.send_file("image", &json!({ "fault": "unavailable", "fault_times": 1 })).await;
    until("the second try", || async {
        relay.advance(std::time::Duration::from_secs(3)).await;
        let found = messages(&eva.interaction(chat.interaction.id).await);
        found.get(2).filter(|one| matches!(one.attachments[0].state, AttachmentState::Ready { .. })).cloned()
    })
    .await;
    customer.send_file("image", &json!({ "real_mime": "text/html" })).await;
    let fake = settled(&eva, &chat, 4).await;
    assert_eq!(fake[3].attachments[0].state, AttachmentState::Failed { why: MediaFault::Forbidden });
    // The desk is told as it happens, not only when it asks.
    eva.next("a file that could not be had", |frame| match frame {
        shared::wire::RelayFrame::Event { event, .. } => match &event.change {
            shared::event::Change::Interaction(InteractionChange::Amended { .. }) => Some(()),
            _ => None,
        },
        _ => None,
    })
    .await;
}
