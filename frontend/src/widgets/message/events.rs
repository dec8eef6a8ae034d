//! What happened, in plain words: a sentence for every change that is a line of the history. It knows no names but those in the change.

use crate::language::keys::event;
use crate::language::{Key, fill, t};
use crate::ui::elapsed;
use shared::config::{QueueRef, titles};
use shared::interaction::{Direction, Disconnection, InteractionChange, LostBecause, Notice, OfferState};

/// The line of an event; nothing for a change that is none.
#[must_use]
pub fn sentence(change: &InteractionChange) -> Option<String> {
    use InteractionChange as Is;
    let (key, name, more) = match change {
        Is::Began { channel, connector_title, direction, .. } => {
            let key = match direction {
                Direction::In => event::BEGAN_IN,
                Direction::Out => event::BEGAN_OUT,
            };
            return Some(fill(
                key,
                &[("channel", channel.capabilities().title), ("account", connector_title)],
            ));
        }
        Is::Queued { queue, .. } => return Some(fill(event::QUEUED, &[("queue", &named(queue))])),
        Is::Missed { disconnection, .. } => return Some(t(missed(*disconnection)).to_owned()),
        Is::CustomerLeft => return Some(t(event::LEFT).to_owned()),
        Is::Noted { notice } => return Some(t(noted(notice)).to_owned()),
        Is::SentOnce { queue, owner, disposition, .. } => {
            let values = [("name", owner.name.as_str()), ("queue", &named(queue))];
            return Some(with(fill(event::SENT_ONCE, &values), &titles(disposition)));
        }
        Is::Closed { by, disposition, also, .. } => {
            let chosen = titles(disposition.iter().chain(also));
            return Some(with(fill(event::CLOSED, &[("name", &by.name)]), &chosen));
        }
        Is::Accepted { owner, waited, .. } => (event::ACCEPTED, owner, ("time", elapsed(waited.0))),
        Is::Started { queue, owner, .. } => (event::STARTED, owner, ("queue", named(queue))),
        Is::Requeued { owner, because, .. } => (requeued(*because), owner, ("", String::new())),
        Is::DispositionChosen { disposition: None, by, .. } => (event::NO_STATUS, by, ("", String::new())),
        Is::DispositionChosen { disposition, also, by, .. } => {
            (event::STATUS, by, ("status", titles(disposition.iter().chain(also))))
        }
        Is::OfferEnded { agent, state: OfferState::Rejected, reason: Some(reason), .. } => {
            (event::REJECTED_BECAUSE, agent, ("reason", reason.clone()))
        }
        Is::OfferEnded { agent, state: OfferState::Rejected, .. } => {
            (event::REJECTED, agent, ("", String::new()))
        }
        Is::OfferEnded { agent, state: OfferState::Expired, rang, .. } => {
            (event::EXPIRED, agent, ("time", elapsed(rang.0)))
        }
        Is::OfferEnded { .. }
        | Is::CustomerWrote { .. }
        | Is::SentElsewhere { .. }
        | Is::SentAutomatically { .. }
        | Is::Amended { .. }
        | Is::AgentWrote { .. }
        | Is::DeliveryChanged { .. }
        | Is::MessageSettled { .. }
        | Is::CustomerNamed { .. }
        | Is::Offered { .. }
        | Is::Withheld { .. }
        | Is::OwnerMissed { .. } => return None,
    };
    Some(fill(key, &[("name", &name.name), (more.0, &more.1)]))
}

/// A sentence with the statuses that were chosen.
fn with(sentence: String, chosen: &str) -> String {
    if chosen.is_empty() {
        sentence
    } else {
        fill(event::WITH, &[("sentence", &sentence), ("status", chosen)])
    }
}

/// A queue as it is called.
pub fn named(queue: &QueueRef) -> String {
    [queue.number.to_string().as_str(), " ", &queue.title].concat()
}

const fn noted(notice: &Notice) -> Key {
    match notice {
        Notice::NumberChanged => event::NUMBER_CHANGED,
        Notice::IdentityChanged => event::IDENTITY_CHANGED,
        Notice::Referral { .. } => event::REFERRAL,
        Notice::OptedIn => event::OPTED_IN,
        Notice::MarketingStopped => event::MARKETING_STOPPED,
        Notice::MarketingResumed => event::MARKETING_RESUMED,
        Notice::HandedOver => event::HANDED_OVER,
        Notice::HandedBack => event::HANDED_BACK,
    }
}

const fn requeued(why: LostBecause) -> Key {
    match why {
        LostBecause::Away => event::REQUEUED_AWAY,
        LostBecause::LoggedOut => event::REQUEUED_LOGGED_OUT,
        LostBecause::Deactivated => event::REQUEUED_DEACTIVATED,
        LostBecause::NoRights => event::REQUEUED_RIGHTS,
    }
}

/// Why nobody answered.
pub const fn missed(why: Disconnection) -> Key {
    match why {
        Disconnection::Agent => event::MISSED_AGENT,
        Disconnection::Customer => event::MISSED_CUSTOMER,
        Disconnection::Timeout => event::MISSED_TIMEOUT,
        Disconnection::NotAvailable => event::MISSED_UNAVAILABLE,
        Disconnection::OutOfHours => event::MISSED_CLOSED,
    }
}
