//! Queues and pauses of an agent's own choice, and wishes nobody understands.

use super::ANY;
use crate::agent::PauseCause;
use crate::command::Command;
use crate::config::{ConfigChange, SystemPause, Workspace};
use crate::fixture::{ADMIN, EVA, INACTIVE, LUNCH, PETR, Stage, pause, queue};
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

/// Makes `INACTIVE` the pause of who is too long on another, and `LUNCH` one of ten minutes.
fn ten_minutes_of_lunch(stage: &mut Stage) {
    let mut inactive = pause(INACTIVE, "Inactive", false);
    inactive.system = Some(SystemPause::Inactive);
    let mut lunch = pause(LUNCH, "Lunch", true);
    lunch.longest = Some(Span::minutes(10));
    for one in [inactive, lunch] {
        stage.saves(ConfigChange::PauseSaved(one)).unwrap();
    }
}

#[test]
fn d141_who_is_too_long_on_a_pause_is_moved_to_the_inactive_one() {
    let mut stage = Stage::new();
    ten_minutes_of_lunch(&mut stage);
    let lunch = Command::Pause { pause: LUNCH };
    stage.does(EVA, &lunch).unwrap();
    let on = |stage: &Stage| stage.world.agent(EVA).pause.map(|on| (on.pause.id, on.cause));
    stage.passes(Span::seconds(599));
    assert_eq!(on(&stage), Some((LUNCH, PauseCause::Chosen)));
    stage.passes(Span::seconds(1));
    assert_eq!(on(&stage), Some((INACTIVE, PauseCause::TooLong)));
    stage.passes(Span::hours(1));
    assert_eq!(on(&stage), Some((INACTIVE, PauseCause::TooLong)), "that has no end");
    stage.does(EVA, &Command::Resume).unwrap();
    assert_eq!(stage.does(EVA, &lunch), Err(Refusal::PauseUsedUp));
}

#[test]
fn d141_stays_add_up_and_count_for_a_day() {
    let mut stage = Stage::new();
    ten_minutes_of_lunch(&mut stage);
    let lunch = Command::Pause { pause: LUNCH };
    let left = |stage: &Stage| {
        let on = stage.world.agent(EVA).pause.unwrap();
        on.until.unwrap().since(stage.now)
    };
    stage.does(EVA, &lunch).unwrap();
    stage.passes(Span::minutes(4));
    stage.does(EVA, &Command::Resume).unwrap();
    stage.passes(Span::hours(1));
    stage.does(EVA, &lunch).unwrap();
    assert_eq!(left(&stage), Span::minutes(6));
    stage.passes(Span::minutes(1));
    stage.does(EVA, &Command::Resume).unwrap();
    stage.passes(Span::hours(23));
    stage.does(EVA, &lunch).unwrap();
    assert_eq!(left(&stage), Span::minutes(9), "the first stay is a day ago");
}

#[test]
fn d141_a_pause_has_no_end_while_there_is_no_inactive_one() {
    let mut stage = Stage::new();
    ten_minutes_of_lunch(&mut stage);
    let mut inactive = stage.world.config.pauses[&INACTIVE].clone();
    inactive.system = None;
    stage.saves(ConfigChange::PauseSaved(inactive.clone())).unwrap();
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    assert_eq!(stage.world.agent(EVA).pause.unwrap().until, None);
    // And one that loses it on the way goes on.
    inactive.system = Some(SystemPause::Inactive);
    stage.saves(ConfigChange::PauseSaved(inactive.clone())).unwrap();
    stage.does(EVA, &Command::Resume).unwrap();
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    assert!(stage.world.agent(EVA).pause.unwrap().until.is_some());
    inactive.enabled = false;
    stage.saves(ConfigChange::PauseSaved(inactive)).unwrap();
    stage.passes(Span::hours(1));
    let on = stage.world.agent(EVA).pause.unwrap();
    assert_eq!((on.pause.id, on.cause, on.until), (LUNCH, PauseCause::Chosen, None));
}

/// A minute after every chat of this queue.
fn a_minute_after_chats(stage: &mut Stage) {
    let id = PauseId::from_u128(0x71);
    let mut wrap_up = pause(id, "Wrap-up", false);
    wrap_up.system = Some(SystemPause::WrapUp);
    stage.saves(ConfigChange::PauseSaved(wrap_up)).unwrap();
    stage.queue(ANY, |queue| queue.manner.wrap_up = Some(Span::minutes(1)));
}

/// Eva takes a chat and closes it.
fn works(stage: &mut Stage, n: u128) {
    let (interaction, activity) = stage.writes(ANY, n);
    stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
    stage.does(EVA, &super::choose((interaction, activity))).unwrap();
    let seen = stage.interaction(interaction).last_customer_seq;
    stage.does(EVA, &Command::Close { interaction, activity, seen }).unwrap();
}

#[test]
fn d141_the_time_after_a_chat_ends_by_itself_or_earlier() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    a_minute_after_chats(&mut stage);
    works(&mut stage, 0);
    assert_eq!(stage.world.agent(EVA).pause.unwrap().cause, PauseCause::WrapUp);
    let (waits, _) = stage.writes(ANY, 1);
    assert!(stage.ringing(waits).is_none(), "nothing rings in it");
    stage.passes(Span::minutes(1));
    assert_eq!(stage.world.agent(EVA).pause, None);
    assert!(stage.ringing(waits).is_some());
    works(&mut stage, 2);
    stage.does(EVA, &Command::Resume).unwrap();
    assert_eq!(stage.world.agent(EVA).pause, None);
}

#[test]
fn d141_the_time_after_a_chat_ends_no_pause_and_gives_way_to_a_stronger_one() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    a_minute_after_chats(&mut stage);
    let (interaction, activity) = stage.writes(ANY, 0);
    stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
    stage.does(EVA, &Command::Pause { pause: LUNCH }).unwrap();
    stage.does(EVA, &super::choose((interaction, activity))).unwrap();
    let seen = stage.interaction(interaction).last_customer_seq;
    stage.does(EVA, &Command::Close { interaction, activity, seen }).unwrap();
    assert_eq!(stage.world.agent(EVA).pause.unwrap().pause.id, LUNCH);
    stage.does(EVA, &Command::Resume).unwrap();
    // A card that rang before goes on ringing, and is missed.
    let (missed, _) = stage.writes(ANY, 1);
    assert!(stage.ringing(missed).is_some());
    let (other, activity) = stage.writes(ANY, 2);
    stage.does(EVA, &Command::Accept { interaction: other, activity, offer: None }).unwrap();
    stage.does(EVA, &super::choose((other, activity))).unwrap();
    let seen = stage.interaction(other).last_customer_seq;
    stage.does(EVA, &Command::Close { interaction: other, activity, seen }).unwrap();
    assert_eq!(stage.world.agent(EVA).pause.unwrap().cause, PauseCause::WrapUp);
    stage.passes(Span::seconds(20));
    assert!(matches!(stage.world.agent(EVA).pause.unwrap().cause, PauseCause::NoAnswer { .. }));
}

#[test]
fn d021_who_is_logged_out_takes_what_waits_only_where_the_workspace_lets_them() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    stage.does(EVA, &Command::LeaveQueue { queue: queue(ANY) }).unwrap();
    let strict = Workspace { pull_logged_out: false, ..Workspace::default() };
    stage.saves(ConfigChange::WorkspaceSaved(strict)).unwrap();
    let (interaction, activity) = stage.writes(ANY, 0);
    let take = Command::Accept { interaction, activity, offer: None };
    assert_eq!(stage.does(EVA, &take), Err(Refusal::NotLoggedIn));
    stage.saves(ConfigChange::WorkspaceSaved(Workspace::default())).unwrap();
    stage.does(EVA, &take).unwrap();
}

#[test]
fn d021_a_card_that_rings_is_taken_also_by_who_logged_out_since() {
    let mut stage = Stage::new();
    stage.reachable = [EVA].into();
    let strict = Workspace { pull_logged_out: false, ..Workspace::default() };
    stage.saves(ConfigChange::WorkspaceSaved(strict)).unwrap();
    let (interaction, activity) = stage.writes(ANY, 0);
    stage.does(EVA, &Command::LeaveQueue { queue: queue(ANY) }).unwrap();
    stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
}
