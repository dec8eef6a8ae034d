//! The steps of agents at their desks: right ones, late ones, crossing ones and wrong ones.

use super::game::Game;
use crate::channel::Channel;
use crate::command::Command;
use crate::config::ConfigChange;
use crate::event::Event;
use crate::fixture::{ADMIN, DANA, EVA, LOOSE, PETR, SOLVED, SPAM, connector, customer, queue};
use crate::id::{ActivityId, DispositionId, InteractionId, MessageId, OfferId, UserId};
use crate::interaction::{ActivityState, Delivery, OfferState};
use crate::refusal::Refusal;
use crate::time::Span;

const AGENTS: [UserId; 3] = [EVA, PETR, DANA];

fn accept(interaction: InteractionId, activity: ActivityId, offer: Option<OfferId>) -> Command {
    Command::Accept { interaction, activity, offer }
}

pub(super) fn accept_card(game: &mut Game) {
    let Some((id, offer)) = game.offer(|offer| offer.state == OfferState::Ringing) else { return };
    game.tell(offer.agent, &accept(id, offer.activity, Some(offer.id))).expect("my card can be accepted");
    // The second tab of the same agent still shows the card, or the list.
    let named = if game.die.one_in(2) { Some(offer.id) } else { None };
    assert_eq!(game.tell(offer.agent, &accept(id, offer.activity, named)), Ok(Vec::new()));
    game.seen.count("R-22");
}

pub(super) fn accept_from_list(game: &mut Game) {
    let Some((id, activity, _)) = game.some(ActivityState::Wait) else { return };
    let agent = game.die.pick(&AGENTS).unwrap();
    let _ = game.tell(agent, &accept(id, activity, None));
}

pub(super) fn two_at_once(game: &mut Game) {
    let Some((id, activity, _)) = game.some(ActivityState::Wait) else { return };
    let card = game.stage.ringing(id);
    let (first, named) = match card {
        Some(card) => (card.agent, Some(card.id)),
        None => (game.die.pick(&AGENTS).unwrap(), None),
    };
    let mut pair = [(first, named), (if first == PETR { EVA } else { PETR }, None)];
    if game.die.one_in(2) {
        pair.reverse();
    }
    let one = game.tell(pair[0].0, &accept(id, activity, pair[0].1));
    // Seldom, the one who comes second has lost the queue between the two.
    let before = game.die.one_in(6).then(|| super::office::expel(game, id, pair[1].0)).flatten();
    let other = game.tell(pair[1].0, &accept(id, activity, pair[1].1));
    if one.is_ok() && game.stage.world.active_user(pair[1].0).is_some() {
        let (answer, name) = super::state::second(&game.stage, id, pair[0].0, pair[1].0);
        assert_eq!(other, Err(answer));
        assert!(
            game.stage.world.agent(pair[1].0).open.iter().all(|held| held.interaction != id),
            "no second tab"
        );
        game.seen.count(name);
    }
    if let Some(before) = before {
        super::office::save(game, ConfigChange::QueueSaved(before));
    }
}

/// Accepts by a card whose time is over.
pub(super) fn accept_late(game: &mut Game) {
    if let Some((_, ringing)) = game.offer(|offer| offer.state == OfferState::Ringing) {
        game.stage.passes(ringing.expires_at.since(game.stage.now));
    }
    let Some((id, late)) = game.offer(|offer| offer.state == OfferState::Expired) else { return };
    let elsewhere = game.stage.ringing(id).is_some_and(|offer| offer.agent != late.agent);
    if let Ok(events) = game.tell(late.agent, &accept(id, late.activity, Some(late.id))) {
        assert!(!events.is_empty());
        game.seen.count(if elsewhere { "R-02 rings elsewhere" } else { "R-02 nobody asked" });
    }
}

pub(super) fn accept_amiss(game: &mut Game) {
    let all = game.all(|_| true);
    let id = if game.die.one_in(6) { None } else { game.die.pick(&all) };
    let id = id.unwrap_or(InteractionId::from_u128(7));
    let known = game.stage.world.interaction(id).and_then(|one| one.activities.last()).map(|one| one.id);
    let activity = known.filter(|_| !game.die.one_in(6)).unwrap_or(ActivityId::from_u128(7));
    let (user, offer) = (game.anyone(), game.offer(|_| true));
    let _ = game.tell(user, &accept(id, activity, offer.map(|(_, offer)| offer.id)));
}

fn write(game: &mut Game, id: InteractionId, user: UserId, text: &str) -> Result<Vec<Event>, Refusal> {
    let message = MessageId::from_u128(game.stage.id());
    let seen = game.die.next();
    game.tell(user, &Command::Send { interaction: id, message, text: text.into(), seen })
}

pub(super) fn send(game: &mut Game) {
    let Some((id, _, Some(owner))) = game.some(ActivityState::Open) else { return };
    let _ = write(game, id, owner, "Good day");
}

/// Blanks, texts at and over the limit, somebody else's chat, one that waits or has ended.
pub(super) fn send_amiss(game: &mut Game) {
    let states = [ActivityState::Open, ActivityState::Open, ActivityState::Wait, ActivityState::Close];
    let state = game.die.pick(&states).unwrap();
    let Some((id, _, owner)) = game.some(state) else { return };
    let user = owner.filter(|_| !game.die.one_in(3)).unwrap_or(DANA);
    let limit = game.stage.interaction(id).channel.capabilities().text.max;
    let texts = ["", " \n\u{200B}", "👍", &"a".repeat(limit), &"a".repeat(limit + 1), &"ř".repeat(limit + 1)];
    let text = (*game.die.pick(&texts).unwrap()).to_owned();
    let ended = !game.stage.interaction(id).is_live();
    let result = write(game, id, user, &text);
    if ended && result == Err(Refusal::Ended) {
        game.seen.count("R-16 refused");
    }
}

fn any_disposition(game: &mut Game) -> DispositionId {
    game.die.pick(&[SOLVED, SOLVED, SPAM, LOOSE, DispositionId::from_u128(7)]).unwrap()
}

pub(super) fn choose(game: &mut Game) {
    let state = if game.die.one_in(3) { ActivityState::Open } else { ActivityState::Close };
    let Some((interaction, activity, Some(owner))) = game.some(state) else { return };
    let user = if game.die.one_in(5) { game.anyone() } else { owner };
    let disposition = if game.die.one_in(5) { None } else { Some(any_disposition(game)) };
    let further: &[&[DispositionId]] = &[&[], &[], &[SPAM], &[SPAM], &[SOLVED, SPAM], &[LOOSE]];
    let also = game.die.pick(further).unwrap_or_default().to_vec();
    let result = game.tell(user, &Command::ChooseDisposition { interaction, activity, disposition, also });
    if game.stage.interaction(interaction).activity(activity).is_some_and(|one| !one.also.is_empty()) {
        game.seen.count("several statuses");
    }
    if state == ActivityState::Close && result.is_ok_and(|events| !events.is_empty()) {
        assert!(!game.stage.interaction(interaction).is_live(), "a corrected status revives nothing");
        game.seen.count("R-16 status edited");
    }
}

pub(super) fn close(game: &mut Game) {
    let Some((interaction, activity, Some(owner))) = game.some(ActivityState::Open) else { return };
    let one = game.stage.interaction(interaction);
    let (seen, without) = (one.last_customer_seq, one.activity(activity).unwrap().disposition.is_none());
    let user = if game.die.one_in(4) { DANA } else { owner };
    if without && !game.die.one_in(3) {
        let disposition = Some(SOLVED);
        let _ = game
            .tell(user, &Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() });
    }
    if game.tell(user, &Command::Close { interaction, activity, seen }) == Err(Refusal::DispositionRequired) {
        game.seen.count("R-09");
    }
}

/// The customer writes in the instant of the close.
pub(super) fn close_crossing(game: &mut Game) {
    let Some((interaction, activity, Some(owner))) = game.some(ActivityState::Open) else { return };
    let (seen, identity) = {
        let one = game.stage.interaction(interaction);
        (one.last_customer_seq, one.identity)
    };
    let disposition = Some(SOLVED);
    let _ = game
        .tell(owner, &Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() });
    for channel in Channel::ALL {
        for n in (0..2).filter(|n| customer(channel, *n) == identity) {
            let message = game.stage.message(channel, n);
            game.befall(&message).unwrap();
        }
    }
    let result = game.tell(owner, &Command::Close { interaction, activity, seen });
    if let Err(Refusal::NewMessage { seq }) = result {
        game.seen.count("R-07 before close");
        if game.die.one_in(2) {
            let again = game.tell(owner, &Command::Close { interaction, activity, seen: seq });
            assert!(again.is_ok(), "closing anyway is granted");
        }
    }
}

pub(super) fn close_amiss(game: &mut Game) {
    let states = [ActivityState::Wait, ActivityState::Close, ActivityState::Open];
    let state = game.die.pick(&states).unwrap();
    let Some((interaction, activity, _)) = game.some(state) else { return };
    let activity = if game.die.one_in(4) { ActivityId::from_u128(7) } else { activity };
    let user = game.anyone();
    let _ = game.tell(user, &Command::Close { interaction, activity, seen: u64::MAX });
}

/// Somebody takes care of a message, mostly one that went wrong, and sometimes twice.
pub(super) fn take_care(game: &mut Game) {
    let wrong = |delivery: &Delivery| matches!(delivery, Delivery::Failed(_) | Delivery::Unknown);
    let mut all = game.stage.outgoing.clone();
    if !game.die.one_in(4) {
        all.retain(|(_, facts)| wrong(&facts.delivery));
    }
    if all.is_empty() {
        super::message::go_wrong(game);
        all = game.stage.outgoing.clone();
        all.retain(|(_, facts)| wrong(&facts.delivery));
    }
    let Some((interaction, facts)) = game.die.pick(&all) else { return };
    let open = game.stage.interaction(interaction).activities.iter().find(|one| one.owner.is_some());
    let owner = open.and_then(|one| one.owner);
    let user = if game.die.one_in(5) { game.anyone() } else { owner.unwrap_or(EVA) };
    let again = MessageId::from_u128(game.stage.id());
    let message = facts.id;
    let command = if game.die.one_in(2) {
        Command::Resend { interaction, message, again, seen: u64::MAX }
    } else {
        Command::Dismiss { interaction, message }
    };
    let before = game.stage.outgoing.len();
    let result = game.tell(user, &command);
    let sent = game.stage.outgoing.len() - before;
    let expected = usize::from(result.is_ok() && matches!(command, Command::Resend { .. }));
    assert_eq!(sent, expected, "one message more exactly when it was sent once more");
    assert!(result.is_err() || wrong(&facts.delivery), "what may have arrived well was sent again");
    if result.is_ok() {
        let again = MessageId::from_u128(game.stage.id());
        let twice = game.tell(user, &Command::Resend { interaction, message, again, seen: 0 });
        assert!(twice.is_err(), "the same message was sent again twice");
    }
}

/// A customer and a queue for an outbound chat; mostly of the same channel.
fn target(game: &mut Game) -> (crate::id::IdentityId, crate::id::QueueId) {
    let channel = game.channel();
    let other = if game.die.one_in(6) { game.channel() } else { channel };
    let n = game.die.below(3) as u128;
    // Mostly somebody whose last chat has ended.
    let ended = game.all(|one| {
        let free = game.stage.world.live_of(one.connector, one.identity).is_none();
        free && one.last_customer_at.is_some()
    });
    if let Some(id) = game.die.pick(&ended).filter(|_| !game.die.one_in(3)) {
        let one = game.stage.interaction(id);
        return (one.identity, queue(one.channel));
    }
    // Some customers are known without ever having written.
    let (identity, account) = (customer(channel, n), connector(channel));
    let facts = crate::decide::IdentityFacts {
        id: identity,
        connector: account,
        last_customer_at: None,
        subscribed: true,
    };
    if n == 2 && game.die.one_in(2) {
        game.stage.facts.entry(identity).or_insert(facts);
    }
    (identity, queue(other))
}

pub(super) fn start_chat(game: &mut Game) {
    let (identity, queue) = target(game);
    let interaction = InteractionId::from_u128(game.stage.id());
    let activity = ActivityId::from_u128(game.stage.id());
    let user = if game.die.one_in(6) { ADMIN } else { game.die.pick(&AGENTS).unwrap() };
    let _ = game.tell(user, &Command::StartChat { interaction, activity, queue, identity });
}

pub(super) fn send_once(game: &mut Game) {
    let (identity, queue) = target(game);
    let interaction = InteractionId::from_u128(game.stage.id());
    let activity = ActivityId::from_u128(game.stage.id());
    let message = MessageId::from_u128(game.stage.id());
    let disposition = if game.die.one_in(4) { None } else { Some(any_disposition(game)) };
    let long = "ř".repeat(7_001);
    let text = game.die.pick(&["Your order is here", "Your order is here", "\t", &long]).unwrap().to_owned();
    let user = game.die.pick(&AGENTS).unwrap();
    let once = Command::SendOnce { interaction, activity, queue, identity, disposition, message, text };
    let _ = game.tell(user, &once);
}

/// A desk that makes an id twice, and one that wishes what this version does not know.
pub(super) fn reuse_ids(game: &mut Game) {
    let Some((known, piece, _)) = game.some(ActivityState::Close) else { return };
    let (identity, queue) = target(game);
    let fresh = (InteractionId::from_u128(game.stage.id()), ActivityId::from_u128(game.stage.id()));
    let (interaction, activity) = if game.die.one_in(2) { (known, fresh.1) } else { (fresh.0, piece) };
    let result = game.tell(EVA, &Command::StartChat { interaction, activity, queue, identity });
    assert!(result.is_err(), "an id was used twice");
    let user = game.anyone();
    assert!(game.tell(user, &Command::Unknown).is_err());
    game.stage.now = game.stage.now.plus(Span::seconds(1));
}
