//! The open work of the agent as tabs. Their order on screen is the workspace's matter.

use super::{Asked, Desk};
use crate::reading::Reading;
use crate::store::{Conversation, Part};
use shared::channel::Channel;
use shared::config::QueueRef;
use shared::id::{ActivityId, InteractionId};
use shared::time::Timestamp;

/// One open activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The interaction.
    pub interaction: InteractionId,
    /// The activity.
    pub activity: ActivityId,
    /// Since when it is open.
    pub since: Timestamp,
    /// The channel; nothing while the conversation is on its way.
    pub channel: Option<Channel>,
    /// The customer's name, or what stands in for it; empty while the conversation is on its way.
    pub customer: String,
    /// The queue it came through.
    pub queue: Option<QueueRef>,
    /// The customer's messages that were not looked at; the tab flashes while there are any.
    pub unread: usize,
    /// Whether closing was asked for.
    pub closing: bool,
}

impl Tab {
    /// Whether it should flash.
    #[must_use]
    pub const fn flashes(&self) -> bool {
        self.unread > 0
    }
}

impl Desk {
    /// The open tabs, oldest first.
    #[must_use]
    pub fn tabs(self) -> Reading<Vec<Tab>> {
        Reading::of(move || {
            let open = self
                .store
                .read(Part::Agent, |held| held.agent().map_or_else(Vec::new, |agent| agent.open.clone()));
            let tab = |held: shared::agent::Held| {
                let id = held.interaction;
                let tab = Tab {
                    interaction: id,
                    activity: held.activity,
                    since: held.since,
                    channel: None,
                    customer: String::new(),
                    queue: None,
                    unread: 0,
                    closing: self.asked_of(id, Asked::Close),
                };
                self.store.read(Part::Conversation(id), |store| match store.conversation(id) {
                    Some(one) => filled(tab, one),
                    None => tab,
                })
            };
            open.into_iter().map(tab).collect()
        })
    }

    /// All unread messages together: the sum for the window's title.
    #[must_use]
    pub fn unread(self) -> Reading<usize> {
        let tabs = self.tabs();
        Reading::of(move || tabs.with(|tabs| tabs.iter().map(|tab| tab.unread).sum()))
    }
}

fn filled(mut tab: Tab, conversation: &Conversation) -> Tab {
    tab.channel = Some(conversation.interaction.channel);
    conversation.customer.title().clone_into(&mut tab.customer);
    tab.queue = conversation.queue().cloned();
    tab.unread = conversation.unread();
    tab
}
