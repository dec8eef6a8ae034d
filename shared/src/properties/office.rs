//! The steps of admins and of presence: pauses, queues, people, and what is saved wrongly.

use super::game::Game;
use super::pauses::REASON;
use crate::command::{Command, Occurrence};
use crate::config::{ConfigChange, Look, Member, Posted, Queue, Rgb, Tone, Unattended};
use crate::fixture::{ADMIN, DANA, EVA, INACTIVE, LUNCH, PETR, SOLVED, SPAM, account, line, queue};
use crate::id::{InteractionId, NoticeId, PauseId, QueueId, UserId};
use crate::time::Span;

const NOTICE: NoticeId = NoticeId::from_u128(0x51);
const AGENTS: [UserId; 3] = [EVA, PETR, DANA];

pub(super) fn presence(game: &mut Game) {
    let (channel, user) = (game.channel(), game.die.pick(&AGENTS).unwrap());
    let line = if game.die.one_in(8) { QueueId::from_u128(7) } else { queue(channel) };
    let pause = game.die.pick(&[LUNCH, LUNCH, INACTIVE, PauseId::from_u128(7)]).unwrap();
    let agents = game.stage.world.agents();
    let left = agents.flat_map(|agent| agent.logged_out.iter().map(|queue| (agent.user, *queue)));
    let left: Vec<_> = left.collect();
    if let Some((user, queue)) = game.die.pick(&left).filter(|_| game.die.one_in(3)) {
        let _ = game.tell(user, &Command::JoinQueue { queue });
    }
    let wish = match game.die.below(7) {
        0 => Command::Pause { pause },
        1 | 2 => Command::LeaveQueue { queue: line },
        3 | 4 => Command::JoinQueue { queue: line },
        _ => Command::Resume,
    };
    let _ = game.tell(user, &wish);
}

pub(super) fn reachability(game: &mut Game) {
    let user = game.die.pick(&AGENTS).unwrap();
    if game.die.one_in(3) {
        game.stage.reachable.remove(&user);
    } else {
        game.stage.reachable.insert(user);
    }
}

/// Takes somebody out of the queue of a chat; the queue as it was.
pub(super) fn expel(game: &mut Game, chat: InteractionId, user: UserId) -> Option<Queue> {
    let queue = game.stage.interaction(chat).activities.last()?.queue.id;
    let before = game.stage.world.config.queues.get(&queue)?.clone();
    let mut after = before.clone();
    after.members.remove(&user)?;
    save(game, ConfigChange::QueueSaved(after));
    Some(before)
}

pub(super) fn save(game: &mut Game, change: ConfigChange) {
    let saved = game.befall(&Occurrence::Configure { by: Some(ADMIN), change });
    saved.expect("a right part can be saved");
}

/// Edits a queue; mostly back towards one in which work gets done.
fn edited(game: &mut Game) -> Queue {
    let channel = game.channel();
    let mut one = game.stage.world.config.queues[&queue(channel)].clone();
    let agent = game.die.pick(&AGENTS).unwrap();
    match game.die.below(22) {
        0 | 1 => drop(one.members.remove(&agent)),
        2 => one.members.clear(),
        3 | 4 => one.members.extend(AGENTS.map(|id| (id, Member::default()))),
        5 | 6 => one.max_wait = Some(Span::seconds(30)),
        7 => one.max_wait = None,
        8 | 14 => one.unattended = Unattended::Close,
        9 => {
            one.enabled = !one.enabled;
            one.unattended = Unattended::Close;
            if game.die.one_in(2) {
                one.members.clear();
            }
        }
        10 => one.automatic_pause = None,
        11 => one.automatic_pause = Some(INACTIVE),
        12 => one.disposition_required = !one.disposition_required,
        15 | 16 => one.manner.wrap_up = Some(super::pauses::time_after(game)),
        17 => one.manner.reject = !one.manner.reject,
        19..=21 => one.manner.several = !one.manner.several,
        18 => one.manner.reject_reasons = vec![REASON.into()],
        _ => one = line(channel),
    }
    one
}

pub(super) fn work_line(game: &mut Game) {
    let one = edited(game);
    save(game, ConfigChange::QueueSaved(one));
}

pub(super) fn person(game: &mut Game) {
    let id = game.die.pick(&AGENTS).unwrap();
    let mut user = game.stage.world.config.users[&id].clone();
    match game.die.below(5) {
        0 => user.active = false,
        1 => user.capacity = 1,
        2 => user.capacity = 0,
        _ => user.active = true,
    }
    save(game, ConfigChange::UserSaved(user));
}

pub(super) fn parts(game: &mut Game) {
    let change = match game.die.below(6) {
        0 => {
            let id = game.die.pick(&[SOLVED, SPAM]).unwrap();
            let mut one = game.stage.world.config.dispositions[&id].clone();
            one.enabled = !one.enabled;
            ConfigChange::DispositionSaved(one)
        }
        1 => {
            let id = game.die.pick(&[LUNCH, INACTIVE]).unwrap();
            let mut one = game.stage.world.config.pauses[&id].clone();
            one.enabled = !one.enabled;
            ConfigChange::PauseSaved(one)
        }
        4 => {
            let text = game.die.pick(&["Closed on Monday", "Open on Monday"]).unwrap().to_owned();
            let posted =
                ConfigChange::NoticeSaved(Posted { id: NOTICE, text, tone: Tone::Info, until: None });
            if game.die.one_in(2) {
                save(game, posted);
                ConfigChange::NoticeRemoved(NOTICE)
            } else {
                posted
            }
        }
        5 => {
            let accent = game.die.one_in(2).then_some(Rgb::of(0x7a_1f_a2));
            ConfigChange::LookSaved(Look { accent })
        }
        n => {
            let mut one = account(game.channel());
            one.enabled = n == 2 || game.die.one_in(2);
            one.title = if game.die.one_in(2) { "Renamed".into() } else { one.title };
            ConfigChange::ConnectorSaved(one)
        }
    };
    save(game, change);
}

/// What must not be saved, and who must not save.
pub(super) fn refused(game: &mut Game) {
    let channel = game.channel();
    let by = if game.die.one_in(2) { Some(ADMIN) } else { Some(game.die.pick(&AGENTS).unwrap()) };
    let mut one = line(channel);
    match game.die.below(5) {
        0 => one.title = " ".into(),
        1 => one.ring = Span::seconds(4),
        2 => one.sleep = Span::seconds(61),
        3 => one.number = 0,
        _ => one.members = [(UserId::from_u128(7), Member::default())].into(),
    }
    let moved = game.stage.log.len();
    let result = game.befall(&Occurrence::Configure { by, change: ConfigChange::QueueSaved(one) });
    assert!(result.is_err() && game.stage.log.len() == moved, "a wrong part was saved");
}
