//! Saving a part of the configuration: who may, what must hold, and what follows for offers that ring.

use super::{Context, Decision, offer};
use crate::channel::Channel;
use crate::config::{
    Config, ConfigChange, Connector, DEPTH_MAX, Disposition, Link, NOTICES_MAX, Pause, Posted, Queue,
    REASON_MAX, REASONS_MAX, SystemPause, TEXT_MAX, User,
};
use crate::event::{Actor, Change, Stream};
use crate::id::UserId;
use crate::link;
use crate::permission;
use crate::permit::{self, is_web};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};
use std::collections::BTreeSet;

/// The longest title or name.
const TITLE_MAX: usize = 200;

/// Saves a part, if it is right and differs from what is saved.
pub(super) fn decide(
    context: Context<'_>,
    by: Option<UserId>,
    change: &ConfigChange,
    decision: &mut Decision,
) -> Result<(), Refusal> {
    if let Some(by) = by {
        let admin = context.world.active_user(by).is_some_and(permission::configures);
        if !admin {
            return Err(Refusal::NoRights);
        }
        decision.actor = Actor::User(by);
    }
    let config = &context.world.config;
    let same = match change {
        ConfigChange::UserSaved(user) => {
            check_user(config, user)?;
            config.users.get(&user.id) == Some(user)
        }
        ConfigChange::ConnectorSaved(connector) => {
            check_connector(config, connector)?;
            config.connectors.get(&connector.id) == Some(connector)
        }
        ConfigChange::QueueSaved(queue) => {
            check_queue(config, queue)?;
            config.queues.get(&queue.id) == Some(queue)
        }
        ConfigChange::DispositionSaved(one) => {
            check_disposition(config, one)?;
            config.dispositions.get(&one.id) == Some(one)
        }
        ConfigChange::PauseSaved(pause) => {
            check_pause(config, pause)?;
            config.pauses.get(&pause.id) == Some(pause)
        }
        ConfigChange::NoticeSaved(notice) => {
            check_notice(config, notice, context.now)?;
            config.notices.get(&notice.id) == Some(notice)
        }
        ConfigChange::NoticeRemoved(id) => !config.notices.contains_key(id),
        ConfigChange::WorkspaceSaved(workspace) => {
            if let Some(span) = workspace.lost_after {
                within("lost_after", span, Span::minutes(1), Span::hours(24))?;
            }
            if let Some(span) = workspace.outbox_limit {
                within("outbox_limit", span, Span::minutes(1), Span::hours(7 * 24))?;
            }
            config.workspace == *workspace
        }
        // Whatever colour it is, shades are made of it that can be read.
        ConfigChange::LookSaved(look) => config.look == *look,
    };
    if !same {
        decision.push(Stream::Config, Change::Config(change.clone()));
        withdraw_lost(context, change, decision);
    }
    Ok(())
}

/// Offers that ring at somebody who just lost the right to them are withdrawn.
fn withdraw_lost(context: Context<'_>, change: &ConfigChange, decision: &mut Decision) {
    for interaction in context.world.interactions() {
        let Some(waiting) = interaction.waiting() else { continue };
        for ringing in interaction.ringing(waiting.id) {
            let lost = match change {
                ConfigChange::UserSaved(user) => user.id == ringing.agent && !user.active,
                ConfigChange::QueueSaved(queue) => {
                    queue.id == waiting.queue.id && !queue.members.contains_key(&ringing.agent)
                }
                _ => false,
            };
            if lost {
                offer::withdraw_one(context, interaction, ringing, decision);
            }
        }
    }
}

fn check_user(config: &Config, user: &User) -> Result<(), Refusal> {
    titled("login", &user.login)?;
    titled("name", &user.name)?;
    ensure(user.login.trim() == user.login, "login", "must not begin or end with a blank")?;
    let login = user.login.to_lowercase();
    ensure(
        config.users.values().all(|other| other.id == user.id || other.login.to_lowercase() != login),
        "login",
        "is already taken",
    )?;
    // Nobody could undo it from a page.
    let was = config.users.get(&user.id).is_some_and(permission::configures);
    let other = config.users.values().any(|other| other.id != user.id && permission::configures(other));
    ensure(
        !was || other || permission::configures(user),
        "role",
        "cannot change: nobody else is an active admin",
    )
}

fn check_connector(config: &Config, connector: &Connector) -> Result<(), Refusal> {
    titled("title", &connector.title)?;
    titled("account", &connector.account)?;
    let twin = |other: &Connector| {
        other.id != connector.id && other.channel == connector.channel && other.account == connector.account
    };
    ensure(!config.connectors.values().any(twin), "account", "is already connected")?;
    if connector.channel != Channel::Viber {
        titled("app", &connector.app)?;
    }
    let base = connector.base_url.as_deref();
    ensure(base.is_none_or(is_web), "base_url", "must begin with http:// or https://")?;
    if let Some(welcome) = &connector.welcome {
        ensure(connector.channel == Channel::Viber, "welcome", "is for Viber alone")?;
        let refusal = permit::text(connector.channel, welcome).err();
        ensure(refusal.is_none(), "welcome", "is empty or too long")?;
    }
    let fixed = config.connectors.get(&connector.id).is_none_or(|old| old.channel == connector.channel);
    ensure(fixed, "channel", "cannot be changed")?;
    let queue = connector.queue.and_then(|id| config.queues.get(&id));
    ensure(
        queue.is_some_and(|queue| queue.channel == connector.channel),
        "queue",
        "must be a queue of this channel",
    )
}

fn check_queue(config: &Config, queue: &Queue) -> Result<(), Refusal> {
    titled("title", &queue.title)?;
    let old = config.queues.get(&queue.id);
    ensure(old.is_none_or(|old| old.number == queue.number), "number", "cannot be changed")?;
    ensure(old.is_none_or(|old| old.channel == queue.channel), "channel", "cannot be changed")?;
    let twin = |other: &Queue| other.id != queue.id && other.number == queue.number;
    ensure(
        queue.number > 0 && !config.queues.values().any(twin),
        "number",
        "must be above zero and not in use",
    )?;
    ensure(queue.priority <= 10, "priority", "must be from 0 to 10")?;
    within("ring", queue.ring, Span::seconds(5), Span::seconds(60))?;
    within("sleep", queue.sleep, Span::seconds(5), Span::seconds(60))?;
    if let Some(max_wait) = queue.max_wait {
        within("max_wait", max_wait, Span::seconds(5), Span::hours(1))?;
    }
    let pause = queue.automatic_pause.is_none_or(|id| config.pauses.contains_key(&id));
    ensure(pause, "automatic_pause", "does not exist")?;
    let statuses = queue.dispositions.iter().all(|id| config.dispositions.contains_key(id));
    ensure(statuses, "dispositions", "name a status that does not exist")?;
    let once: BTreeSet<_> = queue.dispositions.iter().collect();
    ensure(once.len() == queue.dispositions.len(), "dispositions", "name a status twice")?;
    let members = queue.members.keys().all(|id| config.users.contains_key(id));
    ensure(members, "members", "name a person who does not exist")?;
    ensure(queue.links.len() <= link::LINKS_MAX, "links", "are more than 8")?;
    queue.links.iter().try_for_each(check_link)?;
    if let Some(span) = queue.manner.wrap_up {
        within("wrap_up", span, Span::seconds(5), Span::minutes(10))?;
        let pause = config.system_pause(SystemPause::WrapUp);
        ensure(pause.is_some(), "wrap_up", "needs a pause that is for it")?;
    }
    let reasons = &queue.manner.reject_reasons;
    ensure(reasons.len() <= REASONS_MAX, "reject_reasons", "are more than 12")?;
    let fits = |one: &String| !one.trim().is_empty() && one.chars().count() <= REASON_MAX;
    ensure(reasons.iter().all(fits), "reject_reasons", "must have from 1 to 60 characters each")
}

fn check_disposition(config: &Config, status: &Disposition) -> Result<(), Refusal> {
    titled("title", &status.title)?;
    let short = status.description.chars().count() <= TEXT_MAX;
    ensure(short, "description", "is longer than 500 characters")?;
    let mut above = status.under;
    for _ in 1..DEPTH_MAX {
        let Some(id) = above else { return Ok(()) };
        ensure(id != status.id, "under", "leads back to the status itself")?;
        let found = config.dispositions.get(&id);
        ensure(found.is_some(), "under", "does not exist")?;
        above = found.and_then(|one| one.under);
    }
    ensure(above.is_none(), "under", "is more than 4 levels deep")
}

fn check_pause(config: &Config, pause: &Pause) -> Result<(), Refusal> {
    titled("title", &pause.title)?;
    if let Some(longest) = pause.longest {
        within("longest", longest, Span::minutes(1), Span::hours(24))?;
    }
    let twin = |other: &Pause| other.id != pause.id && other.enabled && other.system == pause.system;
    ensure(
        pause.system.is_none() || !pause.enabled || !config.pauses.values().any(twin),
        "system",
        "is what another pause is for already",
    )
}

fn check_link(one: &Link) -> Result<(), Refusal> {
    titled("link title", &one.title)?;
    let short = one.title.chars().count() <= link::TITLE_MAX;
    ensure(short, "link title", "is longer than 40 characters")?;
    let fits = |pixels: u16| (200..=4_000).contains(&pixels);
    let window = one.window.is_none_or(|size| fits(size.width) && fits(size.height));
    ensure(window, "link window", "must be from 200 to 4000 pixels each way")?;
    link::check(&one.url).or_else(|problem| ensure(false, "link address", problem))
}

fn check_notice(config: &Config, notice: &Posted, now: Timestamp) -> Result<(), Refusal> {
    ensure(!notice.text.trim().is_empty(), "text", "is missing")?;
    ensure(notice.text.chars().count() <= TEXT_MAX, "text", "is longer than 500 characters")?;
    ensure(notice.until.is_none_or(|until| until > now), "until", "has passed")?;
    // Those that came down by themselves are in nobody's way.
    let others = config.notices_at(now).filter(|other| other.id != notice.id);
    ensure(others.count() < NOTICES_MAX, "notices", "are 20 already; take one down first")
}

fn titled(field: &str, text: &str) -> Result<(), Refusal> {
    ensure(!text.trim().is_empty(), field, "is missing")?;
    ensure(text.chars().count() <= TITLE_MAX, field, "is longer than 200 characters")
}

fn within(field: &str, span: Span, least: Span, most: Span) -> Result<(), Refusal> {
    let problem = format!("must be from {} to {} seconds", least.whole_seconds(), most.whole_seconds());
    ensure(span >= least && span <= most, field, &problem)
}

fn ensure(holds: bool, field: &str, problem: &str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::Invalid { field: field.into(), problem: problem.into() }) }
}
