//! Tests of the configuration, of general rights, and of what a world does with events that do not fit.

use super::*;
use crate::event::{Actor, Change, Event, Stream};
use crate::fixture::{ADMIN, DANA, EVA, PETR, SOLVED, SPAM, Stage, account, queue};
use crate::permission;
use crate::time::Timestamp;
use crate::world::Applied;

const ANY: Channel = Channel::Instagram;

#[test]
fn a_part_is_saved_whole_and_the_version_counts() {
    let mut stage = Stage::new();
    let version = stage.world.config.version;
    stage.queue(ANY, |queue| queue.title = "Evenings".into());
    assert_eq!(stage.world.config.version, version + 1);
    assert_eq!(stage.world.config.queues[&queue(ANY)].title, "Evenings");
}

#[test]
fn the_one_link_that_an_earlier_version_saved_is_kept() {
    let now = crate::fixture::line(ANY);
    let written = serde_json::to_string(&now).unwrap();
    assert_eq!(serde_json::from_str::<Queue>(&written).unwrap(), now);
    let mut before: serde_json::Value = serde_json::from_str(&written).unwrap();
    let links = before.as_object_mut().unwrap().remove("links").unwrap();
    before["link"] = links[0].clone();
    let before = before.to_string();
    assert_eq!(serde_json::from_str::<Queue>(&before).unwrap(), now);
    assert_eq!(crate::wire::read::<Queue>(&before).unwrap(), now);
    let none = before.replace(&links[0].to_string(), "null");
    assert_eq!(serde_json::from_str::<Queue>(&none).unwrap().links, []);
}

#[test]
fn statuses_come_in_the_queues_order_without_those_out_of_use() {
    let mut stage = Stage::new();
    stage.queue(ANY, |queue| queue.dispositions = vec![SPAM, SOLVED]);
    let titles = |stage: &Stage| {
        let all = stage.world.config.dispositions_of(queue(ANY));
        all.map(|one| one.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&stage), ["Spam", "Solved"]);
    let mut spam = stage.world.config.dispositions[&SPAM].clone();
    spam.enabled = false;
    stage.saves(ConfigChange::DispositionSaved(spam)).unwrap();
    assert_eq!(titles(&stage), ["Solved"]);
}

#[test]
fn a_connector_is_found_by_channel_and_account_while_it_is_enabled() {
    let mut stage = Stage::new();
    let mut one = account(ANY);
    let find =
        |stage: &Stage, channel| stage.world.config.connector_of(channel, "account-instagram").cloned();
    assert_eq!(find(&stage, ANY), Some(one.clone()));
    assert_eq!(find(&stage, Channel::Messenger), None);
    one.enabled = false;
    stage.saves(ConfigChange::ConnectorSaved(one)).unwrap();
    assert_eq!(find(&stage, ANY), None);
}

#[test]
fn rights_follow_role_membership_and_activity() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    let can = |stage: &Stage, who: UserId| {
        let (config, user) = (&stage.world.config, &stage.world.config.users[&who]);
        let reads = permission::reads(config, user, stage.interaction(id));
        let has = permission::has_queue(config, user, queue(ANY));
        (has, permission::supervises(user), permission::configures(user), reads)
    };
    assert_eq!(can(&stage, ADMIN), (false, true, true, false));
    assert_eq!(can(&stage, DANA), (true, true, false, true));
    assert_eq!(can(&stage, EVA), (true, false, false, true));
    stage.queue(ANY, |queue| queue.members.retain(|id, _| *id != PETR));
    assert_eq!(can(&stage, PETR), (false, false, false, false));
    stage.person(DANA, |dana| dana.active = false);
    assert_eq!(can(&stage, DANA), (false, false, false, false), "who is deactivated may nothing");
    assert_eq!(stage.world.config.queues_of(PETR).count(), 3);
}

#[test]
fn who_worked_on_an_interaction_goes_on_reading_it() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(ANY, 0);
    stage.does(EVA, &crate::command::Command::Accept { interaction, activity, offer: None }).unwrap();
    stage.queue(ANY, |queue| queue.members.clear());
    let config = &stage.world.config;
    assert!(permission::reads(config, &config.users[&EVA], stage.interaction(interaction)));
    assert!(!permission::reads(config, &config.users[&DANA], stage.interaction(interaction)));
}

#[test]
fn a_world_refuses_changes_of_the_wrong_stream_and_streams_that_do_not_begin() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    let before = stage.world.clone();
    let change = stage.log[0].change.clone();
    let at = Timestamp(1);
    assert_eq!(stage.world.record(Stream::Config, change.clone(), Actor::System, at), None);
    assert_eq!(stage.world.record(Stream::Agent(EVA), change, Actor::System, at), None);
    let left = Change::Interaction(crate::interaction::InteractionChange::CustomerLeft);
    let nowhere = Stream::Interaction(crate::id::InteractionId::from_u128(9));
    assert_eq!(stage.world.record(nowhere, left.clone(), Actor::System, at), None);
    let ahead = Event {
        stream: Stream::Interaction(id),
        version: 99,
        seq: None,
        at,
        actor: Actor::System,
        change: left,
    };
    assert_eq!(stage.world.apply(&ahead), Applied::Gap);
    assert_eq!(stage.world, before);
}

#[test]
fn only_what_has_ended_is_released() {
    let mut stage = Stage::new();
    let (id, _) = stage.writes(ANY, 0);
    stage.world.release(id);
    assert!(stage.world.interaction(id).is_some());
    let left = crate::command::Occurrence::CustomerLeft {
        connector: crate::fixture::connector(ANY),
        identity: crate::fixture::customer(ANY, 0),
    };
    stage.occurs(&left).unwrap();
    stage.world.release(id);
    assert!(stage.world.interaction(id).is_none());
    assert_eq!(stage.world.version(Stream::Interaction(id)), 0);
}
