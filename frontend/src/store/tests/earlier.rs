//! Earlier chats of a customer above the one that is open: in their order, only where nothing is missing between, let go of together.

use super::*;
use proptest::collection::vec;

fn id(n: u128) -> InteractionId {
    InteractionId::from_u128(n)
}

/// A chat of the same customer that began `n` minutes after the first, with the one before it.
fn chat(n: u128, earlier: Option<u128>) -> InteractionSnapshot {
    let mut one = Relay::open().snapshot();
    one.interaction.id = id(n);
    one.interaction.entered_at = NOW.plus(Span::minutes(n.try_into().unwrap()));
    one.earlier = earlier.map(id);
    one
}

/// A desk that holds these.
fn holding(chats: impl IntoIterator<Item = InteractionSnapshot>) -> Held {
    let mut held = Held::default();
    for one in chats {
        held.adopt(one, None, &mut FlatSet::new());
    }
    held
}

fn chain(held: &Held, of: u128) -> Vec<InteractionId> {
    held.chain(id(of)).iter().map(|one| one.interaction.id).collect()
}

#[test]
fn each_press_puts_the_chat_before_on_top_and_nothing_stands_there_unasked() {
    let mut held = holding([chat(3, Some(2)), chat(2, Some(1)), chat(1, None)]);
    assert_eq!(chain(&held, 3), [id(3)], "another tab may hold it: it was not asked for here");
    let mut touched = FlatSet::new();
    assert!(held.unroll(id(3), chat(2, Some(1)), &mut touched));
    assert!(touched.contains(&Part::Conversation(id(3))));
    assert_eq!(chain(&held, 3), [id(2), id(3)]);
    held.unroll(id(2), chat(1, None), &mut touched);
    assert_eq!(chain(&held, 3), [id(1), id(2), id(3)]);
    assert_eq!(chain(&held, 2), [id(1), id(2)], "it has them too where it is read alone");
    // It stays so when the one that is open is fetched anew.
    held.adopt(chat(3, Some(2)), None, &mut touched);
    assert_eq!(chain(&held, 3), [id(1), id(2), id(3)]);
    held.forget(Stream::Interaction(id(2)), &mut touched);
    assert_eq!(chain(&held, 3), [id(3)], "rights to it went");
    assert!(!held.unroll(id(2), chat(1, None), &mut touched), "nothing stands above what is not here");
    assert!(held.chain(id(2)).is_empty());
}

#[test]
fn nothing_stands_above_a_chat_of_which_lines_are_missing() {
    let mut short = chat(2, Some(1));
    short.entries.drain(..2);
    let mut held = holding([short]);
    held.unroll(id(2), chat(1, None), &mut FlatSet::new());
    assert_eq!(chain(&held, 2), [id(2)]);
    let page = HistoryPage { entries: chat(2, None).entries, before: None };
    held.prepend(id(2), page, &mut FlatSet::new());
    assert_eq!(chain(&held, 2), [id(1), id(2)]);
}

#[test]
fn what_stands_above_another_one_is_let_go_of_with_it_and_not_before() {
    let mut held = holding((1..=20).map(|n| chat(n, (n > 1).then(|| n - 1))));
    for n in 2..=20 {
        held.unroll(id(n), chat(n - 1, (n > 2).then(|| n - 2)), &mut FlatSet::new());
    }
    assert_eq!(held.thin_out(&mut FlatSet::new()), [], "twenty chats of one customer are read at once");
    for n in 0x100..0x10B {
        held.adopt(chat(n, None), None, &mut FlatSet::new());
    }
    assert_eq!(held.thin_out(&mut FlatSet::new()), []);
    held.adopt(chat(0x200, None), None, &mut FlatSet::new());
    let gone: Vec<InteractionId> = (1..=20).rev().map(id).collect();
    assert_eq!(held.thin_out(&mut FlatSet::new()), gone);
    assert_eq!(held.conversations().count(), 12);
}

#[test]
fn the_device_remembers_that_there_is_one() {
    let one = Conversation::new(chat(2, Some(1)), None, None);
    assert_eq!(one.earlier, Some(id(1)));
}

proptest! {
    /// Whatever was told about what goes before what: there is an end to it, and it runs forward in time.
    #[test]
    fn chats_above_one_another_run_forward(before in vec(0..9_u128, 8)) {
        let told = |n: u128| chat(n, before.get(usize::try_from(n).unwrap() - 1).copied().filter(|one| *one > 0));
        let mut held = holding((1..=8).map(told));
        for n in 1..=8 {
            if let Some(earlier) = told(n).earlier {
                held.unroll(id(n), told(earlier.0.as_u128()), &mut FlatSet::new());
            }
        }
        for n in 1..=8 {
            let chain = chain(&held, n);
            prop_assert!(chain.is_sorted());
            prop_assert_eq!(chain.last(), Some(&id(n)));
        }
    }
}
