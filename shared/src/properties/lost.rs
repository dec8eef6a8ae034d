//! The steps of owners who vanish, log out and come back, and what must hold of their chats (D-142, T-22, R-19).

use super::game::Game;
use crate::command::{Command, Occurrence};
use crate::config::{ConfigChange, User, Workspace};
use crate::fixture::Stage;
use crate::id::MessageId;
use crate::interaction::ActivityState;
use crate::lost::Absence;
use crate::refusal::Refusal;
use crate::time::Span;

/// An owner vanishes or logs out, for some minutes; mostly they are back then, in time or too late.
pub(super) fn vanish(game: &mut Game) {
    let Some((id, activity, Some(owner))) = game.some(ActivityState::Open) else { return };
    let was_there = game.stage.reachable.contains(&owner);
    if game.die.one_in(3) {
        game.stage.logs_out(owner);
    } else {
        game.stage.reachable.remove(&owner);
    }
    let seconds = [20, 40, 300, 599, 601, 900];
    let away = Span::seconds(game.die.pick(&seconds).unwrap());
    game.stage.passes(away);
    let kept = game.stage.interaction(id).activity(activity).unwrap().owner == Some(owner);
    let rights = super::state::has_rights(&game.stage, id, owner);
    let soon = away < game.stage.world.config.workspace.grace();
    if was_there && soon && rights {
        assert!(kept, "a chat was taken away before its time");
    }
    if !game.die.one_in(4) {
        game.stage.reachable.insert(owner);
        game.stage.settle();
        let piece = game.stage.interaction(id).activity(activity).unwrap();
        if piece.owner == Some(owner) && piece.state == ActivityState::Open && rights {
            assert_eq!(piece.lost, None, "whoever is back is still missed");
        }
    }
}

/// An owner is deactivated or loses the queue; sometimes that is taken back in time.
pub(super) fn dismiss(game: &mut Game) {
    let Some((id, activity, Some(owner))) = game.some(ActivityState::Open) else { return };
    let undo = if game.die.one_in(2) {
        let user = game.stage.world.config.users[&owner].clone();
        super::office::save(game, ConfigChange::UserSaved(User { active: false, ..user.clone() }));
        ConfigChange::UserSaved(user)
    } else {
        let Some(before) = super::office::expel(game, id, owner) else { return };
        ConfigChange::QueueSaved(before)
    };
    game.stage.settle();
    let minutes = game.die.pick(&[2, 11]).unwrap();
    game.stage.passes(Span::minutes(minutes));
    if minutes > 10 {
        assert!(game.stage.interaction(id).open_of(owner).is_none(), "who was let go keeps a chat");
    }
    super::office::save(game, undo);
    game.stage.settle();
    let piece = game.stage.interaction(id).activity(activity).unwrap();
    assert!(
        piece.owner != Some(owner)
            || super::state::has_rights(&game.stage, id, owner)
            || piece.lost.is_some()
    );
}

/// A desk that was lost sends what it still had: it is refused in words, and nothing is written.
pub(super) fn late_send(game: &mut Game) {
    let lost: Vec<_> = game.judge.lost.iter().copied().collect();
    let Some((interaction, user)) = game.die.pick(&lost) else { return };
    if game.stage.interaction(interaction).open_of(user).is_some() {
        return;
    }
    let message = MessageId::from_u128(game.stage.id());
    let moved = game.stage.log.len();
    let text = "Just a moment".to_owned();
    let result = game.tell(user, &Command::Send { interaction, message, text, seen: 0 });
    assert_eq!(game.stage.log.len(), moved, "a lost owner wrote into a chat");
    let refusal = result.expect_err("a lost owner may not write");
    assert!(matches!(refusal, Refusal::Requeued | Refusal::NotYours | Refusal::Ended | Refusal::NoRights));
    game.seen.count("D-142 late send");
}

/// The minutes of the workspace change; half the time nobody is ever lost.
pub(super) fn minutes(game: &mut Game) {
    let spans = [Some(Span::minutes(10)), Some(Span::minutes(10)), Some(Span::minutes(1)), None];
    let lost_after = game.die.pick(&spans).unwrap();
    let workspace = Workspace { lost_after, ..Workspace::default() };
    super::office::save(game, ConfigChange::WorkspaceSaved(workspace));
}

/// Somebody is said to be lost who is not, or not yet: nothing happens.
pub(super) fn too_early(game: &mut Game) {
    let Some((interaction, activity, Some(owner))) = game.some(ActivityState::Open) else { return };
    let due = game.stage.interaction(interaction).activity(activity).unwrap().lost;
    if due.is_none_or(|lost| lost.until > game.stage.now) {
        let lost = Occurrence::OwnerLost { interaction, activity, reachable: game.die.one_in(2) };
        assert_eq!(game.befall(&lost), Ok(Vec::new()), "a chat went back before its time");
    }
    if due.is_none() && super::state::has_rights(&game.stage, interaction, owner) {
        let absence = Some(Absence { since: game.stage.now, logged_out: false });
        let missed = Occurrence::OwnerMissed { interaction, activity, absence };
        assert_eq!(game.befall(&missed), Ok(Vec::new()), "a reload was written down");
    }
}

/// Every open chat has an owner who may work on it and is there, or an end to that; for those who are merely away only
/// where the workspace loses anybody.
pub(super) fn cared_for(stage: &Stage) {
    for one in stage.world.interactions() {
        let open = one.activities.iter().filter(|activity| activity.state == ActivityState::Open);
        for activity in open {
            let owner = activity.owner.unwrap();
            let works = super::state::has_rights(stage, one.id, owner);
            let gone = stage.gone.get(&owner).filter(|_| !stage.reachable.contains(&owner));
            let missed = gone.is_some_and(|gone| {
                let long = stage.now.since(gone.since) >= Span::seconds(35);
                gone.logged_out || (long && stage.world.config.workspace.lost_after.is_some())
            });
            match activity.lost {
                Some(lost) => assert!(lost.until > stage.now, "a lost owner keeps a chat: {one:?}"),
                None => assert!(works && !missed, "nobody works on a chat and nobody will: {one:?}"),
            }
            assert!(activity.lost.is_none() || !works || gone.is_some(), "whoever is there is missed");
        }
    }
}
