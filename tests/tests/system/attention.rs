//! Several desks of one person: one of them makes sounds, the one that last had their attention.

use shared::wire::{DeskFrame, RelayFrame};
use tests::{Desk, Relay};

/// What a desk is told next of its sounds.
async fn hears(desk: &mut Desk) -> bool {
    desk.next("whether it makes sounds", |frame| match frame {
        RelayFrame::Sounds { here } => Some(*here),
        _ => None,
    })
    .await
}

/// How often it was told.
fn times(desk: &Desk) -> usize {
    desk.told().iter().filter(|frame| matches!(frame, RelayFrame::Sounds { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_three_desks_makes_sounds_and_another_when_it_is_cut() {
    let relay = Relay::start().await;
    let mut first = Desk::open(&relay, "eva").await;
    assert!(hears(&mut first).await, "the only one");
    let mut second = Desk::open_with(&relay, first.token.clone(), None, Vec::new()).await;
    assert!(hears(&mut second).await, "the newest while nobody was looked at");
    assert!(!hears(&mut first).await);
    first.say(DeskFrame::Attention);
    assert!(hears(&mut first).await, "who is looked at");
    assert!(!hears(&mut second).await);
    let mut third = Desk::open_with(&relay, first.token.clone(), None, Vec::new()).await;
    assert!(!hears(&mut third).await, "it came, and nobody looked at it");
    let told = third.told();
    assert!(
        matches!(told.as_slice(), [RelayFrame::Welcome { .. }, RelayFrame::Sounds { .. }, ..]),
        "{told:?}"
    );
    second.say(DeskFrame::Attention);
    assert!(hears(&mut second).await);
    assert!(!hears(&mut first).await);
    second.cut();
    assert!(hears(&mut first).await, "the one before, not the newest");
    first.cut();
    assert!(hears(&mut third).await, "whoever is left");
    // Somebody else's desks are another matter, and nobody is told twice.
    let mut petr = Desk::open(&relay, "petr").await;
    assert!(hears(&mut petr).await);
    petr.say(DeskFrame::Attention);
    petr.say(DeskFrame::Ping);
    petr.next("an answer", |frame| matches!(frame, RelayFrame::Pong { .. }).then_some(())).await;
    assert_eq!([&first, &second, &third, &petr].map(times), [5, 3, 2, 1]);
}
