//! Saving the configuration: who may, and every rule.

use super::ANY;
use crate::channel::Channel;
use crate::command::Occurrence;
use crate::config::{
    ConfigChange, Connector, Disposition, Link, Member, Posted, Queue, Role, Size, SystemPause, Tone, User,
};
use crate::fixture::{ADMIN, DANA, EVA, SOLVED, Stage, account, line, pause, queue, user};
use crate::id::{ConnectorId, DispositionId, NoticeId, PauseId, QueueId, UserId};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};

/// The field that is named when this is saved; "saved" when nothing is wrong.
fn wrong(change: ConfigChange) -> String {
    match Stage::new().saves(change) {
        Ok(_) => "saved".into(),
        Err(Refusal::Invalid { field, problem }) => {
            assert!(!problem.is_empty());
            field
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn wrong_user(edit: impl FnOnce(&mut User)) -> String {
    let mut one = user(UserId::from_u128(9), "new", Role::Agent);
    edit(&mut one);
    wrong(ConfigChange::UserSaved(one))
}

fn wrong_queue(edit: impl FnOnce(&mut Queue)) -> String {
    let mut one = line(ANY);
    edit(&mut one);
    wrong(ConfigChange::QueueSaved(one))
}

fn wrong_connector(edit: impl FnOnce(&mut Connector)) -> String {
    let mut one = account(ANY);
    edit(&mut one);
    wrong(ConfigChange::ConnectorSaved(one))
}

#[test]
fn only_an_active_admin_saves_and_the_command_line_does_too() {
    let mut stage = Stage::new();
    let change = ConfigChange::UserSaved(user(UserId::from_u128(9), "new", Role::Agent));
    for by in [DANA, EVA, UserId::from_u128(99)] {
        let wish = Occurrence::Configure { by: Some(by), change: change.clone() };
        assert_eq!(stage.occurs(&wish), Err(Refusal::NoRights));
    }
    let version = stage.world.config.version;
    assert_eq!(stage.occurs(&Occurrence::Configure { by: None, change: change.clone() }).unwrap().len(), 1);
    assert_eq!(stage.world.config.version, version + 1);
    assert_eq!(stage.saves(change), Ok(vec![]), "what is saved already is no change");
}

#[test]
fn users_need_a_login_of_their_own_and_a_name() {
    assert_eq!(wrong_user(|_| {}), "saved");
    assert_eq!(wrong_user(|one| one.login = " ".into()), "login");
    assert_eq!(wrong_user(|one| one.login = "new ".into()), "login");
    assert_eq!(wrong_user(|one| one.login = "EVA".into()), "login");
    assert_eq!(wrong_user(|one| one.name = String::new()), "name");
    assert_eq!(wrong_user(|one| one.name = "x".repeat(201)), "name");
    assert_eq!(wrong_user(|one| one.name = "ř".repeat(200)), "saved");
}

#[test]
fn the_last_active_admin_stays_one() {
    let demoted = |role, active| {
        let mut one = user(ADMIN, "admin", Role::Admin);
        (one.role, one.active) = (role, active);
        ConfigChange::UserSaved(one)
    };
    assert_eq!(wrong(demoted(Role::Agent, true)), "role");
    assert_eq!(wrong(demoted(Role::Admin, false)), "role");
    let mut stage = Stage::new();
    stage.person(DANA, |dana| dana.role = Role::Admin);
    stage.saves(demoted(Role::Agent, true)).unwrap();
}

#[test]
fn connectors_need_an_account_of_their_own_an_app_and_a_queue_of_their_channel() {
    assert_eq!(wrong_connector(|one| one.title = String::new()), "title");
    assert_eq!(wrong_connector(|one| one.account = " ".into()), "account");
    assert_eq!(wrong_connector(|one| one.id = ConnectorId::from_u128(9)), "account");
    assert_eq!(wrong_connector(|one| one.app = String::new()), "app");
    assert_eq!(wrong_connector(|one| one.base_url = Some("ftp://x".into())), "base_url");
    assert_eq!(wrong_connector(|one| one.base_url = Some("https://".into())), "base_url");
    assert_eq!(wrong_connector(|one| one.base_url = Some("http://127.0.0.1:8081".into())), "saved");
    assert_eq!(wrong_connector(|one| one.channel = Channel::Viber), "channel");
    assert_eq!(wrong_connector(|one| one.welcome = Some("Hello!".into())), "welcome");
    assert_eq!(wrong_connector(|one| one.queue = None), "queue");
    assert_eq!(wrong_connector(|one| one.queue = Some(queue(Channel::Viber))), "queue");
    assert_eq!(wrong_connector(|one| one.queue = Some(QueueId::from_u128(9))), "queue");
    assert_eq!(wrong(ConfigChange::ConnectorSaved(account(Channel::Viber))), "saved", "Viber has no app");
}

#[test]
fn queues_keep_number_and_channel_and_every_figure_within_its_bounds() {
    assert_eq!(wrong_queue(|one| one.title = String::new()), "title");
    assert_eq!(wrong_queue(|one| one.number = 7), "number");
    assert_eq!(wrong_queue(|one| one.id = QueueId::from_u128(9)), "number", "in use");
    let fresh = |number| move |one: &mut Queue| (one.id, one.number) = (QueueId::from_u128(9), number);
    assert_eq!(wrong_queue(fresh(0)), "number");
    assert_eq!(wrong_queue(fresh(7)), "saved");
    assert_eq!(wrong_queue(|one| one.channel = Channel::Viber), "channel");
    assert_eq!(wrong_queue(|one| one.priority = 11), "priority");
    for (seconds, good) in [(4, false), (5, true), (60, true), (61, false)] {
        assert_eq!(wrong_queue(|one| one.ring = Span::seconds(seconds)) == "saved", good);
        assert_eq!(wrong_queue(|one| one.sleep = Span::seconds(seconds)) == "saved", good);
    }
    for (seconds, good) in [(4, false), (5, true), (3_600, true), (3_601, false)] {
        assert_eq!(wrong_queue(|one| one.max_wait = Some(Span::seconds(seconds))) == "saved", good);
    }
}

#[test]
fn queues_name_only_what_exists() {
    assert_eq!(wrong_queue(|one| one.automatic_pause = Some(PauseId::from_u128(9))), "automatic_pause");
    assert_eq!(wrong_queue(|one| one.dispositions = vec![DispositionId::from_u128(9)]), "dispositions");
    assert_eq!(wrong_queue(|one| one.dispositions = vec![SOLVED, SOLVED]), "dispositions");
    let stranger = UserId::from_u128(9);
    assert_eq!(wrong_queue(|one| one.members.extend([(stranger, Member::default())])), "members");
}

#[test]
fn links_have_a_short_title_and_an_address_that_can_be_filled() {
    let link = |title: &str, url: &str| {
        vec![Link { title: title.into(), url: url.into(), opens: false, window: None }]
    };
    assert_eq!(wrong_queue(|one| one.links = link("", "https://x")), "link title");
    assert_eq!(wrong_queue(|one| one.links = link(&"ř".repeat(41), "https://x")), "link title");
    assert_eq!(wrong_queue(|one| one.links = link(&"ř".repeat(40), "https://x/{{contact.id}}")), "saved");
    for url in
        ["javascript:alert(1)", "//x", "https://x y", "http://", "https://{{channel}}", "https://x/{{me}}"]
    {
        assert_eq!(wrong_queue(|one| one.links = link("x", url)), "link address");
    }
    let many = |count| vec![link("x", "https://x").remove(0); count];
    assert_eq!(wrong_queue(|one| one.links = many(8)), "saved");
    assert_eq!(wrong_queue(|one| one.links = many(9)), "links");
}

#[test]
fn statuses_and_pauses_need_a_title() {
    let status = |title: &str| {
        wrong(ConfigChange::DispositionSaved(Disposition::new(DispositionId::from_u128(9), title)))
    };
    assert_eq!([status("\t"), status("Sold")], ["title", "saved"]);
    let pause = |title: &str| wrong(ConfigChange::PauseSaved(pause(PauseId::from_u128(9), title, true)));
    assert_eq!([pause(""), pause("Tea")], ["title", "saved"]);
}

#[test]
fn notices_have_a_few_words_and_come_down() {
    let mut stage = Stage::new();
    let now = stage.now;
    let posted = |n: u32, text: &str, until: Option<Timestamp>| Posted {
        id: NoticeId::from_u128(n.into()),
        text: text.into(),
        tone: Tone::Warning,
        until,
    };
    let save = |one: Posted| ConfigChange::NoticeSaved(one);
    assert_eq!(wrong(save(posted(1, " \n", None))), "text");
    assert_eq!(wrong(save(posted(1, &"ř".repeat(501), None))), "text");
    assert_eq!(wrong(save(posted(1, &"ř".repeat(500), None))), "saved");
    assert_eq!(wrong(save(posted(1, "x", Some(now)))), "until");
    for n in 1..=20 {
        stage.saves(save(posted(n, "x", Some(now.plus(Span::hours(n.into())))))).unwrap();
    }
    let more = save(posted(21, "x", None));
    assert!(matches!(stage.saves(more.clone()), Err(Refusal::Invalid { field, .. }) if field == "notices"));
    stage.saves(save(posted(20, "changed", None))).unwrap();
    let up = |stage: &Stage| stage.world.config.notices_at(stage.now).count();
    assert_eq!(up(&stage), 20);
    stage.now = now.plus(Span::hours(1));
    assert_eq!(up(&stage), 19, "one came down by itself");
    stage.saves(more).unwrap();
    let remove = ConfigChange::NoticeRemoved(NoticeId::from_u128(21));
    assert_eq!(stage.saves(remove.clone()).unwrap().len(), 1);
    assert_eq!(stage.saves(remove), Ok(vec![]), "what is not there is no change");
    assert_eq!(up(&stage), 19);
}

#[test]
fn how_a_queue_works_and_the_size_of_a_window_have_bounds() {
    let reasons = |one: &mut Queue, count: usize, reason: &str| {
        one.manner.reject_reasons = vec![reason.into(); count];
    };
    assert_eq!(wrong_queue(|one| reasons(one, 12, &"ř".repeat(60))), "saved");
    assert_eq!(wrong_queue(|one| reasons(one, 13, "x")), "reject_reasons");
    assert_eq!(wrong_queue(|one| reasons(one, 1, " ")), "reject_reasons");
    assert_eq!(wrong_queue(|one| reasons(one, 1, &"ř".repeat(61))), "reject_reasons");
    assert_eq!(wrong_queue(|one| one.manner.wrap_up = Some(Span::seconds(4))), "wrap_up");
    assert_eq!(wrong_queue(|one| one.manner.wrap_up = Some(Span::seconds(5))), "wrap_up", "no pause for it");
    let sized = |one: &mut Queue, width| one.links[0].window = Some(Size { width, height: 200 });
    assert_eq!(wrong_queue(|one| sized(one, 199)), "link window");
    assert_eq!(wrong_queue(|one| sized(one, 4_001)), "link window");
    assert_eq!(wrong_queue(|one| sized(one, 4_000)), "saved");
}

#[test]
fn statuses_lie_under_others_without_a_circle() {
    let mut stage = Stage::new();
    let id = DispositionId::from_u128;
    let save = |stage: &mut Stage, own: u128, under: u128| {
        let mut one = Disposition::new(id(own), "x");
        one.under = (under > 0).then(|| id(under));
        match stage.saves(ConfigChange::DispositionSaved(one)) {
            Ok(_) => "saved".to_owned(),
            Err(Refusal::Invalid { field, .. }) => field,
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(save(&mut stage, 91, 90), "under", "nothing is there");
    assert_eq!(save(&mut stage, 91, 91), "under");
    for own in 91..=94 {
        assert_eq!(save(&mut stage, own, if own == 91 { 0 } else { own - 1 }), "saved");
    }
    assert_eq!(save(&mut stage, 95, 94), "under", "too deep");
    assert_eq!(save(&mut stage, 91, 94), "under", "a circle");
    stage.queue(ANY, |queue| queue.dispositions = (91..=94).map(id).collect());
    let config = &stage.world.config;
    let chosen: Vec<_> =
        config.dispositions_of(queue(ANY)).map(|one| (one.id, config.path_of(one).len())).collect();
    assert_eq!(chosen, [(id(94), 3)], "whatever has others under it is a heading");
}

#[test]
fn a_pause_is_for_one_thing_and_one_thing_has_one_pause() {
    let mut stage = Stage::new();
    let mut first = pause(PauseId::from_u128(91), "A", false);
    first.system = Some(SystemPause::WrapUp);
    let mut second = first.clone();
    second.id = PauseId::from_u128(92);
    stage.saves(ConfigChange::PauseSaved(first.clone())).unwrap();
    assert!(stage.saves(ConfigChange::PauseSaved(second.clone())).is_err());
    first.enabled = false;
    stage.saves(ConfigChange::PauseSaved(first)).unwrap();
    stage.saves(ConfigChange::PauseSaved(second.clone())).unwrap();
    second.longest = Some(Span::seconds(59));
    assert!(stage.saves(ConfigChange::PauseSaved(second)).is_err());
}
