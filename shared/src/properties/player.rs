//! Chooses the next step of a random sequence by looking at the state, so that most steps mean something.

use super::game::Game;
use super::{desk, lost, message, office, pauses, undelivered};
use crate::command::Occurrence;
use crate::fixture::{DANA, EVA, PETR, connector, customer};
use crate::interaction::{ActivityState, MessageKind, OfferState};
use crate::time::Span;

type Step = fn(&mut Game);

/// The steps with their weights.
const STEPS: &[(usize, Step)] = &[
    (14, write),
    (9, desk::accept_card),
    (4, desk::accept_from_list),
    (4, desk::two_at_once),
    (5, desk::accept_late),
    (4, desk::accept_amiss),
    (5, pauses::reject),
    (5, pauses::reject_crossing),
    (10, pass),
    (2, night),
    (8, desk::send),
    (4, desk::send_amiss),
    (6, desk::take_care),
    (9, desk::choose),
    (9, desk::close),
    (3, desk::close_crossing),
    (3, desk::close_amiss),
    (4, desk::start_chat),
    (5, desk::send_once),
    (3, desk::reuse_ids),
    (4, office::presence),
    (3, office::reachability),
    (6, office::work_line),
    (3, office::person),
    (3, office::parts),
    (3, office::refused),
    (2, pauses::too_long),
    (4, pauses::after_chat),
    (2, pauses::no_reject),
    (2, pauses::logged_out),
    (3, leave),
    (2, name),
    (3, wait_over),
    (5, lost::vanish),
    (3, lost::late_send),
    (3, lost::dismiss),
    (1, lost::minutes),
    (2, lost::too_early),
    (9, message::deliver),
    (6, undelivered::too_late),
    (14, message::amend),
    (3, message::elsewhere),
    (2, message::note),
    (3, relive),
    (1, early),
];

pub(super) fn step(game: &mut Game) {
    let total: usize = STEPS.iter().map(|(weight, _)| weight).sum();
    let mut throw = game.die.below(total);
    for (weight, step) in STEPS {
        if throw < *weight {
            return step(game);
        }
        throw -= weight;
    }
}

/// A customer writes; mostly few customers, so that live interactions are met.
fn write(game: &mut Game) {
    let channel = game.channel();
    let n = game.die.below(2) as u128;
    let mut wrote = game.stage.message(channel, n);
    let live = game.stage.world.live_of(connector(channel), customer(channel, n)).map(|one| one.id);
    let earlier = game.all(|one| one.identity == customer(channel, n) && !one.is_live());
    if let Occurrence::CustomerWrote { sent_at, kind, attachments, welcomes, .. } = &mut wrote {
        if game.die.one_in(6) {
            welcomes.push(message::welcome(game));
        }
        if game.die.one_in(5) {
            *kind = MessageKind::Unsupported;
        } else if game.die.one_in(2) {
            *kind = MessageKind::Image;
            attachments.push(message::file(game));
        }
        if game.die.one_in(4) {
            let back = [Span::hours(30), Span::minutes(10), Span::hours(-40)];
            *sent_at = game.stage.now.plus(Span(-game.die.pick(&back).unwrap().0));
            if live.is_none() && !earlier.is_empty() {
                game.seen.count("R-17 late");
            }
        }
    }
    let events = game.befall(&wrote).expect("a customer is never turned away");
    if live.is_none() && !earlier.is_empty() {
        assert!(events.len() >= 3, "a message after the end begins a new interaction");
        game.seen.count("R-07 after close");
    }
}

fn pass(game: &mut Game) {
    let seconds = [1, 3, 10, 12, 21, 45];
    let seconds = game.die.pick(&seconds).unwrap();
    game.stage.passes(Span::seconds(seconds));
}

/// The relay stands still for long; everything that fell due meanwhile is met at once.
fn night(game: &mut Game) {
    let hours = [1, 8, 25];
    let hours = game.die.pick(&hours).unwrap();
    game.stage.now = game.stage.now.plus(Span::hours(hours));
}

fn leave(game: &mut Game) {
    let live = game.all(crate::interaction::Interaction::is_live);
    let (connector, identity) = match game.die.pick(&live) {
        Some(id) if !game.die.one_in(6) => {
            let one = game.stage.interaction(id);
            (one.connector, one.identity)
        }
        _ => {
            let channel = game.channel();
            (connector(channel), customer(channel, 1))
        }
    };
    game.befall(&Occurrence::CustomerLeft { connector, identity }).unwrap();
}

fn name(game: &mut Game) {
    let channel = game.channel();
    let named = Occurrence::CustomerNamed { connector: connector(channel), identity: customer(channel, 0) };
    game.befall(&named).unwrap();
}

/// The longest wait ends in the instant of an accept, which comes first or second.
fn wait_over(game: &mut Game) {
    let limited = game.all(|one| one.waiting().is_some_and(|activity| activity.max_wait_until.is_some()));
    let Some(id) = game.die.pick(&limited) else { return };
    let waiting = game.stage.interaction(id).waiting().unwrap().clone();
    game.stage.now = game.stage.now.max(waiting.max_wait_until.unwrap());
    let over = Occurrence::WaitOver { interaction: id, activity: waiting.id };
    let agent = game.die.pick(&[EVA, PETR, DANA]).unwrap();
    let accept = crate::command::Command::Accept { interaction: id, activity: waiting.id, offer: None };
    if game.die.one_in(2) {
        if game.tell(agent, &accept).is_ok() {
            assert!(game.befall(&over).unwrap().is_empty());
            game.seen.count("R-03 accept first");
        }
    } else {
        game.befall(&over).unwrap();
        if game.tell(agent, &accept) == Err(crate::refusal::Refusal::CustomerGone) {
            game.seen.count("R-03 close first");
        }
    }
}

/// Something from the past happens once more.
fn relive(game: &mut Game) {
    let past = game.past.clone();
    let Some(one) = game.die.pick(&past) else { return };
    // A saved configuration is a new wish each time; a leave may be a new leave, a notice a new one; and who was missed
    // then may be missed now.
    if matches!(
        one,
        Occurrence::Configure { .. }
            | Occurrence::CustomerLeft { .. }
            | Occurrence::Noted { .. }
            | Occurrence::OwnerMissed { .. }
    ) {
        return;
    }
    let facts = match &one {
        Occurrence::Delivered { message, .. } => game
            .stage
            .outgoing
            .iter()
            .find(|(_, facts)| facts.id == message.id)
            .map(|(_, facts)| facts.clone()),
        _ => None,
    };
    let one = match (one, facts) {
        (Occurrence::Delivered { interaction, to, external_id, pricing, .. }, Some(message)) => {
            Occurrence::Delivered { interaction, message, to, external_id, pricing }
        }
        (Occurrence::Amended { interaction, message, amendment, at }, _) => {
            let message = game.facts(message.id, &amendment);
            // A file that failed may be asked for again, so its past is no repetition.
            if matches!(amendment, crate::interaction::Amendment::Attached { .. }) {
                return;
            }
            Occurrence::Amended { interaction, message, amendment, at }
        }
        (other, _) => other,
    };
    let moved = game.stage.log.len();
    let _ = game.stage.occurs(&one);
    assert_eq!(game.stage.log.len(), moved, "the past happened again: {one:?}");
}

/// A clock that runs ahead fires too early and changes nothing.
fn early(game: &mut Game) {
    let ringing = game.offer(|offer| offer.state == OfferState::Ringing);
    if let Some((interaction, offer)) = ringing {
        let early = Occurrence::RingOver { interaction, offer: offer.id, reachable: true };
        assert!(game.befall(&early).unwrap().is_empty(), "an offer expired before its time");
        game.seen.count("R-23");
    }
    if let Some((interaction, activity, _)) = game.some(ActivityState::Wait) {
        let early = Occurrence::WaitOver { interaction, activity };
        assert!(game.befall(&early).unwrap().is_empty(), "waiting ended before its time");
    }
}
