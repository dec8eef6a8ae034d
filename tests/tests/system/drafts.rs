//! What an agent writes and does not send: on their other devices at once, after a restart too, and gone with the chat; nobody else's.

use shared::channel::Channel;
use shared::id::InteractionId;
use shared::wire::{DeskFrame, Draft, RelayFrame};
use std::path::Path;
use std::time::Duration;
use tests::wait::until;
use tests::{Desk, Phones, Relay};

fn says(desk: &Desk, interaction: InteractionId, text: &str) {
    desk.say(DeskFrame::Draft { interaction, text: text.to_owned() });
}

/// Waits until a desk is told of this text.
async fn hears(desk: &mut Desk, id: InteractionId, words: &str) {
    desk.next("a draft", |frame| match frame {
        RelayFrame::Draft { interaction, text, .. } => (*interaction == id && text == words).then_some(()),
        _ => None,
    })
    .await;
}

/// Waits until everything said so far was understood.
async fn settle(desk: &mut Desk) {
    desk.say(DeskFrame::Ping);
    desk.next("an answer", |frame| matches!(frame, RelayFrame::Pong { .. }).then_some(())).await;
}

/// Waits until exactly these texts are saved. Only a file can be looked into from here; a server gets the time a relay
/// may take, and half as much again.
async fn saved(file: &Path, wanted: &[&str]) {
    if file.exists() {
        return until("the drafts in the log", || async {
            (tests::ledger::drafts(file) == wanted).then_some(())
        })
        .await;
    }
    tokio::time::sleep(Duration::from_millis(1_500)).await;
}

fn told(desk: &Desk) -> usize {
    desk.told().iter().filter(|frame| matches!(frame, RelayFrame::Draft { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_on_every_device_of_its_agent_and_survives_a_restart() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let mut desk = Desk::open(&relay, "eva").await;
    let mut phone = Desk::open_with(&relay, desk.token.clone(), None, Vec::new()).await;
    let mut petr = Desk::open(&relay, "petr").await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    let card = desk.card().await;
    let id = card.ringing.interaction;
    says(&desk, id, "too early");
    settle(&mut desk).await;
    desk.accept(&card).await;
    says(&desk, id, "Dear Jana");
    hears(&mut phone, id, "Dear Jana").await;
    says(&phone, id, "Dear Jana, \0 \u{1F64F}");
    hears(&mut desk, id, "Dear Jana, \0 \u{1F64F}").await;
    // Somebody else's words, words that are too long, words in no chat.
    says(&petr, id, "mine");
    says(&desk, id, &"x".repeat(16 * 1024 + 1));
    says(&desk, InteractionId::from_u128(1), "nowhere");
    settle(&mut petr).await;
    settle(&mut desk).await;
    assert_eq!([told(&desk), told(&phone), told(&petr)], [1, 1, 0]);
    // At once, saved or not.
    let drafts = desk.snapshot().await.drafts;
    assert!(matches!(drafts.as_slice(), [Draft { interaction, text, at }]
        if *interaction == id && text.starts_with("Dear Jana, ") && at.0 > 0));
    assert!(petr.snapshot().await.drafts.is_empty());
    // Stopped in order, what was written a moment ago is there.
    relay.terminate().await;
    relay.restart().await;
    let mut desk = Desk::open_with(&relay, desk.token.clone(), None, Vec::new()).await;
    let phone = Desk::open_with(&relay, desk.token.clone(), None, Vec::new()).await;
    assert_eq!(desk.snapshot().await.drafts, drafts);
    // Killed, what was written a second ago is there.
    says(&phone, id, "Good day");
    hears(&mut desk, id, "Good day").await;
    let file = relay.file();
    saved(&file, &["Good day"]).await;
    relay.kill_and_restart().await;
    let mut desk = Desk::open_with(&relay, desk.token.clone(), None, Vec::new()).await;
    assert_eq!(desk.snapshot().await.drafts.first().map(|one| one.text.as_str()), Some("Good day"));
    // Sent and taken away, then written again and gone with the chat.
    let mut phone = Desk::open_with(&relay, desk.token.clone(), None, Vec::new()).await;
    desk.send(id, "Good day").await;
    says(&desk, id, "");
    hears(&mut phone, id, "").await;
    assert!(desk.snapshot().await.drafts.is_empty());
    says(&desk, id, "One more thing");
    hears(&mut phone, id, "One more thing").await;
    desk.close(id, card.ringing.activity).await;
    assert!(phone.snapshot().await.drafts.is_empty());
    says(&desk, id, "too late");
    settle(&mut desk).await;
    // Longer than the relay waits until it saves.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!file.exists() || tests::ledger::drafts(&file).is_empty());
    assert!(desk.snapshot().await.drafts.is_empty());
}
