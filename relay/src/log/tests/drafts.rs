//! Drafts as rows: one for each person and chat, as long as the chat is open at them.

use super::*;
use shared::agent::AgentChange;
use shared::config::UserRef;
use shared::time::Span;
use shared::wire::Draft;

const EVA: UserId = UserId::from_u128(1);
const PETR: UserId = UserId::from_u128(2);

fn draft(chat: u128, text: &str) -> Draft {
    Draft { interaction: InteractionId::from_u128(chat), text: text.into(), at: AT }
}

/// A customer writes, and Eva takes it.
async fn taken(log: &Log, world: &mut World, chat: u128) {
    log.append(&wrote(world, chat, chat, chat)).await.unwrap();
    let (interaction, activity) = (InteractionId::from_u128(chat), ActivityId::from_u128(chat));
    let owner = UserRef { id: EVA, name: "Eva".into() };
    let accepted = InteractionChange::Accepted { activity, offer: None, owner, waited: Span::seconds(1) };
    let took = AgentChange::Took { interaction, activity, queue: QueueId::from_u128(1) };
    let changes = vec![
        (Stream::Interaction(interaction), Change::Interaction(accepted)),
        (Stream::Agent(EVA), Change::Agent(took)),
    ];
    log.append(&append(world, changes)).await.unwrap();
}

/// She closes it.
async fn closed(log: &Log, world: &mut World, chat: u128) {
    let (interaction, activity) = (InteractionId::from_u128(chat), ActivityId::from_u128(chat));
    let by = UserRef { id: EVA, name: "Eva".into() };
    let closed = InteractionChange::Closed { activity, by, disposition: None, also: Vec::new(), last: true };
    let released = AgentChange::Released { interaction, activity, queue: QueueId::from_u128(1), lost: None };
    let changes = vec![
        (Stream::Interaction(interaction), Change::Interaction(closed)),
        (Stream::Agent(EVA), Change::Agent(released)),
    ];
    log.append(&append(world, changes)).await.unwrap();
}

#[tokio::test]
async fn a_draft_is_kept_while_its_chat_is_open_and_goes_with_it() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let mut world = World::default();
    for chat in [1, 2] {
        taken(&log, &mut world, chat).await;
    }
    let mine = |text: &str| (EVA, draft(1, text));
    log.keep_drafts(vec![mine("D"), (EVA, draft(2, "a\0b \u{10FFFF}0"))]).await.unwrap();
    log.keep_drafts(vec![mine("Dear"), (PETR, draft(1, "not his")), (EVA, draft(3, "nowhere"))])
        .await
        .unwrap();
    assert_eq!(log.drafts_of(EVA).await.unwrap(), [draft(1, "Dear"), draft(2, "a\0b \u{10FFFF}0")]);
    assert_eq!(log.drafts_of(PETR).await.unwrap(), []);
    log.close().await;
    let log = open(&path).await.unwrap();
    closed(&log, &mut world, 1).await;
    assert_eq!(log.drafts_of(EVA).await.unwrap(), [draft(2, "a\0b \u{10FFFF}0")]);
    // One that was under way when the chat was closed comes too late.
    log.keep_drafts(vec![mine("too late")]).await.unwrap();
    assert_eq!(log.drafts_of(EVA).await.unwrap().len(), 1);
    log.keep_drafts(vec![(EVA, draft(2, ""))]).await.unwrap();
    assert_eq!(log.drafts_of(EVA).await.unwrap(), []);
}
