//! The steps about rejecting, about pauses that end by themselves, and about what a queue or the workspace does not let people do.

use super::game::Game;
use crate::command::{Command, Occurrence};
use crate::config::{ConfigChange, Pause, SystemPause, Workspace};
use crate::fixture::{INACTIVE, LUNCH, pause};
use crate::id::{InteractionId, OfferId, PauseId};
use crate::interaction::{ActivityState, OfferState};
use crate::refusal::Refusal;
use crate::time::Span;

/// A reason for rejecting.
pub(super) const REASON: &str = "Wrong queue";
const WRAP_UP: PauseId = PauseId::from_u128(0x52);

/// Edits a pause, or one that is new.
fn set(game: &mut Game, id: PauseId, edit: impl FnOnce(&mut Pause)) {
    let known = game.stage.world.config.pauses.get(&id).cloned();
    let mut one = known.unwrap_or_else(|| pause(id, "Wrap-up", false));
    edit(&mut one);
    super::office::save(game, ConfigChange::PauseSaved(one));
}

/// The time after a chat, with the pause for it should there be none yet.
pub(super) fn time_after(game: &mut Game) -> Span {
    set(game, WRAP_UP, |one| one.system = Some(SystemPause::WrapUp));
    Span::seconds(20)
}

/// Somebody is longer on a pause than it may last, and nothing of it is left.
pub(super) fn too_long(game: &mut Game) {
    set(game, INACTIVE, |one| (one.enabled, one.system) = (true, Some(SystemPause::Inactive)));
    set(game, LUNCH, |one| (one.enabled, one.longest) = (true, Some(Span::minutes(1))));
    let user = game.anyone();
    let lunch = Command::Pause { pause: LUNCH };
    let _ = game.tell(user, &Command::Resume);
    let result = game.tell(user, &lunch);
    if result.is_ok() {
        game.stage.passes(Span::seconds(61));
        let on = game.stage.world.known_agent(user).and_then(|agent| agent.pause.as_ref());
        assert!(on.is_some_and(|on| on.until.is_none()), "nobody stays on a pause beyond its end");
        let _ = game.tell(user, &Command::Resume);
        assert!(game.tell(user, &lunch).is_err(), "nothing is left of it");
    } else if game.stage.world.active_user(user).is_some() {
        assert_eq!(result, Err(Refusal::PauseUsedUp));
    }
}

/// Somebody closes a chat of a queue that leaves time after it, and that time passes.
pub(super) fn after_chat(game: &mut Game) {
    let Some((chat, _, Some(owner))) = game.some(ActivityState::Open) else { return };
    let queue = game.stage.interaction(chat).activities.last().unwrap().queue.id;
    let Some(mut line) = game.stage.world.config.queues.get(&queue).cloned() else { return };
    line.manner.wrap_up = Some(time_after(game));
    super::office::save(game, ConfigChange::QueueSaved(line));
    let _ = game.tell(owner, &Command::Resume);
    super::desk::close(game);
    if game.die.one_in(2) {
        game.stage.passes(Span::seconds(21));
    }
}

/// Offers of a queue cannot be rejected for a moment, and somebody tries.
pub(super) fn no_reject(game: &mut Game) {
    let Some((chat, offer)) = game.offer(|offer| offer.state == OfferState::Ringing) else { return };
    let queue = game.stage.interaction(chat).activity(offer.activity).unwrap().queue.id;
    let Some(before) = game.stage.world.config.queues.get(&queue).cloned() else { return };
    let mut strict = before.clone();
    strict.manner.reject = false;
    super::office::save(game, ConfigChange::QueueSaved(strict));
    let reject = Command::Reject { interaction: chat, offer: offer.id, reason: None };
    assert_eq!(game.tell(offer.agent, &reject), Err(Refusal::NoReject));
    super::office::save(game, ConfigChange::QueueSaved(before));
}

/// What waits is for a moment only for those who are logged in, and somebody is not.
pub(super) fn logged_out(game: &mut Game) {
    let Some((interaction, activity, _)) = game.some(ActivityState::Wait) else { return };
    let queue = game.stage.interaction(interaction).activity(activity).unwrap().queue.id;
    let (before, user) = (game.stage.world.config.workspace, game.anyone());
    let strict = Workspace { pull_logged_out: false, ..before };
    super::office::save(game, ConfigChange::WorkspaceSaved(strict));
    let leave = Command::LeaveQueue { queue };
    let rings = game.stage.interaction(interaction).ringing(activity).any(|offer| offer.agent == user);
    if !rings && game.tell(user, &leave).is_ok() {
        let take = Command::Accept { interaction, activity, offer: None };
        assert_eq!(game.tell(user, &take), Err(Refusal::NotLoggedIn));
        game.tell(user, &Command::JoinQueue { queue }).unwrap();
    }
    super::office::save(game, ConfigChange::WorkspaceSaved(before));
}

/// Somebody rejects, or tries to.
pub(super) fn reject(game: &mut Game) {
    let some = if game.die.one_in(4) { game.offer(|_| true) } else { game.offer(|o| !o.state.is_final()) };
    let Some((interaction, offer)) = some else { return };
    let user = if game.die.one_in(5) { game.anyone() } else { offer.agent };
    let id = if game.die.one_in(8) { OfferId::from_u128(7) } else { offer.id };
    let reason = if game.die.one_in(4) { Some(REASON.into()) } else { asked_for(game, interaction) };
    let _ = game.tell(user, &Command::Reject { interaction, offer: id, reason });
}

/// A reject and the end of the ring time in one instant, in both orders.
pub(super) fn reject_crossing(game: &mut Game) {
    let Some((interaction, offer)) = game.offer(|offer| offer.state == OfferState::Ringing) else { return };
    game.stage.now = game.stage.now.max(offer.expires_at);
    if !game.manner_of(interaction).is_none_or(|manner| manner.reject) {
        return;
    }
    let reject = Command::Reject { interaction, offer: offer.id, reason: asked_for(game, interaction) };
    let over = Occurrence::RingOver { interaction, offer: offer.id, reachable: true };
    if game.die.one_in(2) {
        game.befall(&over).unwrap();
        assert_eq!(game.tell(offer.agent, &reject), Err(Refusal::OfferOver));
        game.seen.count("R-05 expired first");
    } else {
        game.tell(offer.agent, &reject).unwrap();
        assert_eq!(game.befall(&over), Ok(Vec::new()));
        game.seen.count("R-05 rejected first");
    }
}

/// A reason, where the queue of a chat asks for one.
fn asked_for(game: &Game, chat: InteractionId) -> Option<String> {
    game.manner_of(chat).and_then(|manner| manner.reject_reasons.first().cloned())
}
