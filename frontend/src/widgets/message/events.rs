//! What happened, in plain words: a sentence for every change that is a line of the history. It knows no names but those in the change.

use crate::ui::elapsed;
use shared::config::QueueRef;
use shared::interaction::{Direction, Disconnection, InteractionChange, Notice, OfferState};

/// The line of an event; nothing for a change that is none.
#[must_use]
pub fn sentence(change: &InteractionChange) -> Option<String> {
    use InteractionChange as Is;
    Some(match change {
        Is::Began { channel, connector_title, direction, .. } => {
            let first = match direction {
                Direction::In => "New chat on ",
                Direction::Out => "Chat started on ",
            };
            [first, channel.capabilities().title, " · ", connector_title].concat()
        }
        Is::Queued { queue, .. } => ["Waiting in ", &named(queue)].concat(),
        Is::Accepted { owner, waited, .. } => {
            [&owner.name, " accepted · waited ", &elapsed(waited.0)].concat()
        }
        Is::Missed { disconnection, .. } => missed(*disconnection).to_owned(),
        Is::CustomerLeft => "The customer can no longer be written to".to_owned(),
        Is::Started { queue, owner, .. } => [&owner.name, " started a chat · ", &named(queue)].concat(),
        Is::SentOnce { queue, owner, disposition, .. } => {
            let status = disposition.as_ref().map_or_else(String::new, |one| [" · ", &one.title].concat());
            [&owner.name, " sent a single message · ", &named(queue), &status].concat()
        }
        Is::DispositionChosen { disposition: Some(chosen), by, .. } => {
            [&by.name, " chose the status ", &chosen.title].concat()
        }
        Is::DispositionChosen { disposition: None, by, .. } => [&by.name, " took the status back"].concat(),
        Is::Closed { by, disposition, .. } => {
            let status = disposition.as_ref().map_or_else(String::new, |one| [" · ", &one.title].concat());
            [&by.name, " closed the chat", &status].concat()
        }
        Is::OfferEnded { agent, state: OfferState::Rejected, .. } => [&agent.name, " declined"].concat(),
        Is::OfferEnded { agent, state: OfferState::Expired, rang, .. } => {
            [&agent.name, " did not answer · rang ", &elapsed(rang.0)].concat()
        }
        Is::Noted { notice } => noted(notice).to_owned(),
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
        | Is::Withheld { .. } => return None,
    })
}

fn named(queue: &QueueRef) -> String {
    [queue.number.to_string().as_str(), " ", &queue.title].concat()
}

const fn noted(notice: &Notice) -> &'static str {
    match notice {
        Notice::NumberChanged => "The customer has a new number",
        Notice::IdentityChanged => "The customer's security code changed: it may be another person",
        Notice::Referral { .. } => "The customer came through a link or an advertisement",
        Notice::OptedIn => "The customer agreed to be written to",
        Notice::MarketingStopped => "The customer wants no marketing messages",
        Notice::MarketingResumed => "The customer takes marketing messages again",
        Notice::HandedOver => "Another app took this conversation over",
        Notice::HandedBack => "This conversation came back from another app",
    }
}

const fn missed(why: Disconnection) -> &'static str {
    match why {
        Disconnection::Agent => "Ended by an agent before anybody answered",
        Disconnection::Customer => "The customer left before anybody answered",
        Disconnection::Timeout => "Nobody answered in time",
        Disconnection::NotAvailable => "Nobody was there to answer",
        Disconnection::OutOfHours => "The queue was closed at this time",
    }
}
