//! Queues and pauses of an agent's own choice, and wishes nobody understands.

use super::ANY;
use crate::agent::PauseCause;
use crate::command::Command;
use crate::fixture::{ADMIN, EVA, INACTIVE, LUNCH, PETR, Stage, queue};
use crate::id::{PauseId, UserId};
use crate::interaction::Withheld;
use crate::refusal::Refusal;
use crate::time::Span;

#[test]
fn who_logs_out_of_a_queue_is_offered_nothing_of_it() {
    let mut stage = Stage::new();
    let leave = Command::LeaveQueue { queue: queue(ANY) };
    assert_eq!(stage.does(EVA, &leave).unwrap().len(), 1);
    assert_eq!(stage.does(EVA, &leave), Ok(vec![]));
    let (id, _) = stage.writes(ANY, 0);
    assert_eq!(stage.ringing(id).unwrap().agent, PETR);
    let join = Command::JoinQueue { queue: queue(ANY) };
    assert_eq!(stage.does(EVA, &join).unwrap().len(), 1);
    assert_eq!(stage.does(EVA, &join), Ok(vec![]));
    assert_eq!(stage.does(ADMIN, &join), Err(Refusal::NoRights));
}

#[test]
fn a_card_goes_on_ringing_at_who_goes_on_a_pause() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    let (first, _) = stage.writes(ANY, 0);
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    stage.settle();
    assert!(stage.ringing(first).is_some());
    let (second, activity) = stage.writes(ANY, 1);
    let withheld = stage.interaction(second).activity(activity).unwrap().withheld;
    assert_eq!(withheld, Some(Withheld::AllPaused));
    stage.does(EVA, &Command::Resume).unwrap();
    stage.settle();
    assert!(stage.ringing(second).is_some(), "ready again: offered at once");
    assert_eq!(stage.does(EVA, &Command::Resume), Ok(vec![]));
}

#[test]
fn a_pause_must_be_choosable_and_the_same_again_is_nothing() {
    let mut stage = Stage::new();
    let missing = Err(Refusal::NotFound { what: "pause".into() });
    assert_eq!(stage.does(EVA, &Command::Pause { pause: INACTIVE }), missing);
    assert_eq!(stage.does(EVA, &Command::Pause { pause: PauseId::from_u128(1) }), missing);
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    assert_eq!(stage.does(EVA, &Command::Pause { pause: LUNCH }), Ok(vec![]));
}

#[test]
fn choosing_the_pause_one_was_put_on_makes_it_ones_own() {
    let mut stage = Stage::new();
    stage.queue(ANY, |queue| queue.automatic_pause = Some(LUNCH));
    stage.writes(ANY, 0);
    stage.passes(Span::seconds(20));
    assert!(matches!(stage.world.agent(EVA).pause.unwrap().cause, PauseCause::NoAnswer { .. }));
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    assert_eq!(stage.world.agent(EVA).pause.unwrap().cause, PauseCause::Chosen);
}

#[test]
fn an_unknown_wish_and_an_unknown_person_are_refused() {
    let mut stage = Stage::new();
    assert_eq!(stage.does(EVA, &Command::Unknown), Err(Refusal::NotUnderstood));
    assert_eq!(stage.does(UserId::from_u128(99), &Command::Resume), Err(Refusal::NoRights));
}
