//! The pile of commands against a model relay: crashes, lost answers and two tabs neither lose a message nor double one; long because every case builds on the same small workspace.

use super::{Answered, Pending, Pile, Stage, Write};
use proptest::prelude::*;
use shared::command::Command;
use shared::flat::{FlatMap, FlatSet};
use shared::id::{ActivityId, CommandId, InteractionId, MessageId, PauseId};
use shared::refusal::Refusal;
use shared::time::{Span, Timestamp};
use shared::wire::Outcome;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const CHAT: InteractionId = InteractionId::from_u128(7);

fn command_id(n: u128) -> CommandId {
    CommandId::from_u128(n)
}

fn send(chat: u128, n: u128) -> Command {
    Command::Send {
        interaction: InteractionId::from_u128(chat),
        message: MessageId::from_u128(n),
        text: n.to_string(),
        seen: 0,
    }
}

fn done() -> Outcome {
    Outcome::Done { moved: Vec::new() }
}

fn ids(rows: &[Pending]) -> Vec<CommandId> {
    rows.iter().map(|one| one.id).collect()
}

fn asked(n: u128) -> Pile {
    let mut pile = Pile::default();
    pile.ask(command_id(n), send(7, n), NOW);
    pile.saved(command_id(n));
    pile
}

#[test]
fn nothing_goes_out_before_it_is_written_down() {
    let mut pile = Pile::default();
    pile.ask(command_id(1), send(7, 1), NOW);
    assert!(pile.sendable().is_empty());
    assert!(matches!(pile.take_writes().as_slice(), [Write::Put(one)] if one.id == command_id(1)));
    pile.saved(command_id(1));
    assert_eq!(ids(&pile.sendable()), [command_id(1)]);
}

#[test]
fn one_at_a_time_in_a_chat_and_side_by_side_in_two() {
    let mut pile = Pile::default();
    for (id, chat) in [(1, 7), (2, 7), (3, 8)] {
        pile.ask(command_id(id), send(chat, id), NOW);
        pile.saved(command_id(id));
    }
    assert_eq!(ids(&pile.sendable()), [command_id(1), command_id(3)]);
    pile.sent(command_id(1));
    assert_eq!(ids(&pile.sendable()), [command_id(3)], "the second waits for the first's answer");
    pile.answered(command_id(1), &done());
    assert_eq!(ids(&pile.sendable()), [command_id(2), command_id(3)]);
}

#[test]
fn after_a_broken_connection_the_same_id_goes_out_again() {
    let mut pile = asked(1);
    pile.sent(command_id(1));
    assert!(pile.sendable().is_empty());
    pile.disconnected();
    assert_eq!(ids(&pile.sendable()), [command_id(1)]);
}

#[test]
fn a_refused_message_stays_with_its_words_and_is_sent_again_as_a_new_wish() {
    let mut pile = asked(1);
    pile.sent(command_id(1));
    let refusal = Refusal::WindowClosed { since: None };
    let outcome = Outcome::Refused { refusal: refusal.clone() };
    assert!(matches!(pile.answered(command_id(1), &outcome), Answered::Refused(_, why) if why == refusal));
    assert_eq!(pile.answered(command_id(1), &outcome), Answered::Known, "an answer counts once");
    assert!(pile.sendable().is_empty());
    pile.retry(MessageId::from_u128(1), command_id(2), NOW);
    pile.saved(command_id(2));
    let again = pile.sendable();
    assert_eq!(ids(&again), [command_id(2)]);
    assert_eq!(again.first().and_then(Pending::message), Some((CHAT, MessageId::from_u128(1))));
}

#[test]
fn words_of_a_message_come_back_only_while_it_was_not_sent() {
    let mut pile = asked(1);
    pile.sent(command_id(1));
    assert_eq!(pile.discard(MessageId::from_u128(1)), None, "it may have reached the customer");
    pile.disconnected();
    assert_eq!(pile.discard(MessageId::from_u128(1)), Some((CHAT, "1".to_owned())));
    assert_eq!(pile.rows().count(), 0);
}

#[test]
fn an_unclear_message_keeps_its_id_when_sent_again() {
    let mut pile = asked(1);
    let late = NOW.plus(Span::hours(13));
    assert!(pile.has_overdue(late));
    assert!(pile.expire(late).is_empty(), "a message is never dropped");
    assert!(pile.sendable().is_empty());
    assert_eq!(pile.rows().next().map(|one| &one.stage), Some(&Stage::Unknown));
    pile.retry(MessageId::from_u128(1), command_id(9), late);
    assert_eq!(ids(&pile.sendable()), [command_id(1)]);
    assert!(!pile.has_overdue(late));
}

#[test]
fn what_is_no_message_is_not_done_minutes_later() {
    let mut pile = Pile::default();
    pile.ask(command_id(1), Command::Pause { pause: PauseId::from_u128(1) }, NOW);
    pile.saved(command_id(1));
    assert!(pile.expire(NOW.plus(Span::minutes(2))).is_empty());
    let dropped = pile.expire(NOW.plus(Span::minutes(2)).plus(Span(1)));
    assert_eq!(ids(&dropped), [command_id(1)]);
    assert_eq!(pile.rows().count(), 0);
}

#[test]
fn a_refused_click_leaves_and_is_told() {
    let mut pile = Pile::default();
    let activity = ActivityId::from_u128(3);
    pile.ask(command_id(1), Command::Accept { interaction: CHAT, activity, offer: None }, NOW);
    let outcome = Outcome::Refused { refusal: Refusal::Taken { by: None } };
    assert!(matches!(pile.answered(command_id(1), &outcome), Answered::Refused(..)));
    assert_eq!(pile.rows().count(), 0);
}

#[test]
fn another_tab_joins_and_what_it_settled_leaves() {
    let mut leader = asked(1);
    let mut other = Pile::default();
    other.ask(command_id(2), send(7, 2), NOW.plus(Span(1)));
    let mut disk: Vec<Pending> = leader.rows().cloned().collect();
    disk.extend(other.rows().cloned());
    leader.reconcile(disk.clone());
    assert_eq!(leader.rows().map(|one| one.id).collect::<Vec<_>>(), [command_id(1), command_id(2)]);
    // Not yet on disk: it stays although the disk does not know it.
    other.reconcile(Vec::new());
    assert_eq!(other.rows().count(), 1);
    other.saved(command_id(2));
    other.reconcile(Vec::new());
    assert_eq!(other.rows().count(), 0, "the tab that sends has settled it");
}

#[test]
fn what_is_done_leaves_once_it_is_drawn_from_the_store() {
    let mut pile = asked(1);
    pile.take_writes();
    pile.sent(command_id(1));
    pile.prune(|_| true);
    assert_eq!(pile.rows().count(), 1, "its answer is still to come");
    pile.answered(command_id(1), &done());
    assert_eq!(pile.take_writes(), [Write::Delete(command_id(1))]);
    pile.prune(|_| false);
    assert_eq!(pile.rows().count(), 1);
    pile.prune(|_| true);
    assert_eq!(pile.rows().count(), 0);
    assert!(pile.take_writes().is_empty(), "it left the disk with its answer");
}

/// A disk, two tabs of which one sends, and a relay that does every id once.
#[derive(Default)]
struct Model {
    disk: FlatMap<CommandId, Pending>,
    tabs: [Tab; 2],
    leader: usize,
    relay: FlatMap<CommandId, Outcome>,
    effects: Vec<MessageId>,
    wire: Vec<Pending>,
    answers: Vec<(CommandId, Outcome)>,
    asked: FlatSet<MessageId>,
    next: u128,
}

#[derive(Default)]
struct Tab {
    pile: Pile,
    writing: Vec<Write>,
}

impl Model {
    fn step(&mut self, action: u8) {
        let tab = usize::from(action & 1);
        match action >> 1 {
            0..=2 => {
                self.next += 1;
                let n = self.next;
                self.asked.insert(MessageId::from_u128(n));
                let chat = n % 2;
                self.with(tab, |tab| tab.pile.ask(command_id(n), send(chat, n), NOW));
                // What a page had not yet written down when it was lost, nobody ever saw leave: it is written at once.
                self.write(tab);
            }
            3 => self.write(tab),
            4 | 5 => self.hint(),
            6..=8 => self.send(),
            9 | 10 => self.relay(),
            11 | 12 => self.answer(),
            // The connection breaks: frames and answers on the way are lost.
            13 => self.cut(),
            // The page of a tab is lost and loaded again.
            14 => self.crash(tab),
            // The turn to send goes to the other tab.
            _ => {
                self.cut();
                self.leader = 1 - self.leader;
                self.hint();
            }
        }
    }

    fn with<T>(&mut self, tab: usize, act: impl FnOnce(&mut Tab) -> T) -> T {
        act(&mut self.tabs[tab])
    }

    fn write(&mut self, tab: usize) {
        let tab = &mut self.tabs[tab];
        tab.writing.extend(tab.pile.take_writes());
        for write in tab.writing.drain(..) {
            match write {
                Write::Put(pending) => {
                    tab.pile.saved(pending.id);
                    self.disk.insert(pending.id, pending);
                }
                Write::Delete(id) => drop(self.disk.remove(&id)),
            }
        }
    }

    fn hint(&mut self) {
        let rows: Vec<Pending> = self.disk.values().cloned().collect();
        self.tabs[self.leader].pile.reconcile(rows);
    }

    fn send(&mut self) {
        let pile = &mut self.tabs[self.leader].pile;
        for pending in pile.sendable() {
            pile.sent(pending.id);
            self.wire.push(pending);
        }
    }

    fn relay(&mut self) {
        if self.wire.is_empty() {
            return;
        }
        let pending = self.wire.remove(0);
        let outcome = self.relay.or_insert_with(pending.id, || {
            self.effects.extend(pending.message().map(|(_, id)| id));
            Outcome::Done { moved: Vec::new() }
        });
        self.answers.push((pending.id, outcome.clone()));
    }

    fn answer(&mut self) {
        if self.answers.is_empty() {
            return;
        }
        let (id, outcome) = self.answers.remove(0);
        let pile = &mut self.tabs[self.leader].pile;
        pile.answered(id, &outcome);
        pile.prune(|_| true);
        self.write(self.leader);
    }

    fn cut(&mut self) {
        self.wire.clear();
        self.answers.clear();
        self.tabs[self.leader].pile.disconnected();
    }

    fn crash(&mut self, tab: usize) {
        if tab == self.leader {
            self.cut();
        }
        self.tabs[tab] = Tab::default();
        let rows: Vec<Pending> = self.disk.values().cloned().collect();
        // Through the very text that lies on disk.
        let rows = serde_json::from_str(&serde_json::to_string(&rows).unwrap()).unwrap();
        self.tabs[tab].pile.reconcile(rows);
    }

    /// Everything works from now on.
    fn finish(&mut self) {
        for _ in 0..self.asked.len() * 4 + 4 {
            self.write(0);
            self.write(1);
            self.hint();
            self.send();
            self.relay();
            self.answer();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_breaks_every_message_arrives_once(actions in prop::collection::vec(0u8..32, 0..60)) {
        let mut model = Model::default();
        for action in actions {
            model.step(action);
        }
        model.finish();
        let arrived: FlatSet<MessageId> = model.effects.iter().copied().collect();
        prop_assert_eq!(&arrived, &model.asked, "nothing is lost");
        prop_assert_eq!(arrived.len(), model.effects.len(), "nothing is doubled");
        prop_assert!(model.disk.is_empty(), "nothing is left behind");
        prop_assert_eq!(model.tabs[model.leader].pile.rows().count(), 0);
    }
}
