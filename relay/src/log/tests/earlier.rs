//! The chat a customer had before: the newest that is over and may be read, of theirs alone, found by an index.

use super::*;
use shared::config::{QueueRef, UserRef};
use shared::interaction::{Disconnection, Interaction};
use shared::time::Span;

const EVA: UserId = UserId::from_u128(1);
const PETR: UserId = UserId::from_u128(2);
const ANA: u128 = 7;

fn queue(n: u128) -> QueueId {
    QueueId::from_u128(n)
}

/// A chat of a customer in a queue that began at this time, over where nobody answered or somebody did.
async fn chat(
    log: &Log,
    n: u128,
    (customer, line): (u128, u128),
    at: i64,
    end: Option<UserId>,
) -> Interaction {
    let mut world = World::default();
    let mut one = wrote(&mut world, n, customer, n);
    let (stream, activity) = (Stream::Interaction(InteractionId::from_u128(n)), ActivityId::from_u128(n));
    let mut changes = Vec::new();
    match end {
        Some(EVA) => {
            let owner = UserRef { id: EVA, name: "Eva".into() };
            let (waited, offer) = (Span::seconds(1), None);
            changes.push(InteractionChange::Accepted { activity, offer, owner: owner.clone(), waited });
            changes.push(InteractionChange::Closed {
                activity,
                by: owner,
                disposition: None,
                also: Vec::new(),
                last: true,
            });
        }
        Some(_) => {
            changes.push(InteractionChange::Missed { activity, disconnection: Disconnection::Timeout });
        }
        None => {}
    }
    if !changes.is_empty() {
        let changes = changes.into_iter().map(|change| (stream, Change::Interaction(change))).collect();
        let more = append(&mut world, changes);
        one.events.extend(more.events);
        one.states = more.states;
    }
    let State::Interaction(state) = &mut one.states[0].state else { panic!("an interaction") };
    for one in &mut state.activities {
        // A title with a U+0000, which the JSON of PostgreSQL refuses.
        one.queue = QueueRef { id: queue(line), number: 2, title: "a\0b".into() };
    }
    state.entered_at = Timestamp(at);
    let state = (**state).clone();
    log.append(&one).await.unwrap();
    state
}

/// The number of the chat before this one, for somebody with rights to these queues.
async fn before(log: &Log, than: &Interaction, user: UserId, queues: &[u128]) -> Option<u128> {
    let queues: Vec<QueueId> = queues.iter().copied().map(queue).collect();
    let found = log.earlier(than, user, &queues).await.unwrap();
    found.map(|one| one.id.0.as_u128())
}

#[tokio::test]
async fn the_newest_chat_before_that_is_over_and_may_be_read() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let first = chat(&log, 1, (ANA, 1), 100, Some(EVA)).await;
    let second = chat(&log, 2, (ANA, 2), 200, Some(PETR)).await;
    chat(&log, 3, (8, 1), 250, Some(EVA)).await;
    // At the very same time the id decides.
    let third = chat(&log, 4, (ANA, 1), 300, Some(PETR)).await;
    let fourth = chat(&log, 5, (ANA, 2), 300, Some(PETR)).await;
    let live = chat(&log, 6, (ANA, 1), 400, None).await;
    let both: &[u128] = &[1, 2];
    let mut chain = Vec::new();
    for than in [&live, &fourth, &third, &second, &first] {
        chain.push(before(&log, than, PETR, both).await);
    }
    assert_eq!(chain, [Some(5), Some(4), Some(2), Some(1), None]);
    assert_eq!(before(&log, &live, PETR, &[1]).await, Some(4), "the other queue is passed over");
    assert_eq!(before(&log, &third, PETR, &[1]).await, Some(1));
    assert_eq!(before(&log, &live, PETR, &[2]).await, Some(5));
    assert_eq!(before(&log, &second, PETR, &[2]).await, None);
    assert_eq!(before(&log, &live, EVA, &[]).await, Some(1), "what she worked on is hers to read");
    assert_eq!(before(&log, &live, PETR, &[]).await, None);
    // A chat that runs is no earlier one, whenever it began.
    let mut later = live.clone();
    (later.id, later.entered_at) = (InteractionId::from_u128(9), Timestamp(500));
    assert_eq!(before(&log, &later, PETR, both).await, Some(5));
}

#[tokio::test]
async fn so_many_are_looked_through_and_no_more() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    for n in 1..=21 {
        chat(&log, n, (ANA, if n == 1 { 1 } else { 2 }), i64::try_from(n).unwrap(), Some(PETR)).await;
    }
    let live = chat(&log, 22, (ANA, 1), 22, None).await;
    assert_eq!(before(&log, &live, PETR, &[1, 2]).await, Some(21));
    assert_eq!(before(&log, &live, PETR, &[1]).await, None);
    let nearer = Interaction { entered_at: Timestamp(21), id: InteractionId::from_u128(21), ..live };
    assert_eq!(before(&log, &nearer, PETR, &[1]).await, Some(1));
}

#[tokio::test]
async fn an_index_finds_the_chats_of_a_customer() {
    if on_postgres() {
        return;
    }
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let sql = "EXPLAIN QUERY PLAN SELECT id, entered_at FROM interactions \
               WHERE identity = 'x' AND (entered_at, id) < (1, 'x') AND phase IN ('missed', 'ended') \
               ORDER BY entered_at DESC, id DESC LIMIT 5";
    let rows = query(sql).fetch_all(log.readers()).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.try_get(3).unwrap()).collect();
    assert_eq!(plan.len(), 1, "nothing is sorted: {plan:?}");
    assert!(plan[0].contains("interactions_customer"), "{plan:?}");
}
