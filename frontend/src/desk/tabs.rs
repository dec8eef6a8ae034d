//! The open work of the agent as tabs. Where they are dragged to is the workspace's matter.

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
    /// The open tabs, oldest first but for those that were put elsewhere.
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
            let order = self.store.tab_order.get();
            arranged(open.into_iter().map(tab).collect(), &order)
        })
    }

    /// Shows the tabs in this order from now on.
    pub fn order_tabs(self, order: Vec<InteractionId>) {
        self.store.tab_order.set(order);
    }

    /// All unread messages together: the sum for the window's title.
    #[must_use]
    pub fn unread(self) -> Reading<usize> {
        let tabs = self.tabs();
        Reading::of(move || tabs.with(|tabs| tabs.iter().map(|tab| tab.unread).sum()))
    }
}

/// Tabs in an order; those it does not name behind, as they were.
fn arranged(mut tabs: Vec<Tab>, order: &[InteractionId]) -> Vec<Tab> {
    tabs.sort_by_key(|tab| order.iter().position(|id| *id == tab.interaction).unwrap_or(order.len()));
    tabs
}

fn filled(mut tab: Tab, conversation: &Conversation) -> Tab {
    tab.channel = Some(conversation.interaction.channel);
    conversation.customer.title().clone_into(&mut tab.customer);
    tab.queue = conversation.queue().cloned();
    tab.unread = conversation.unread();
    tab
}

#[cfg(test)]
mod tests {
    use super::{Tab, arranged};
    use shared::id::{ActivityId, InteractionId};
    use shared::time::Timestamp;

    fn tab(number: u128) -> Tab {
        Tab {
            interaction: InteractionId::from_u128(number),
            activity: ActivityId::from_u128(number),
            since: Timestamp(0),
            channel: None,
            customer: String::new(),
            queue: None,
            unread: 0,
            closing: false,
        }
    }

    #[test]
    fn what_was_put_elsewhere_stands_first_and_the_rest_as_it_came() {
        let order = [3, 9, 1].map(InteractionId::from_u128);
        let shown: Vec<u128> = arranged([1, 2, 3, 4].map(tab).to_vec(), &order)
            .iter()
            .map(|tab| tab.interaction.0.as_u128())
            .collect();
        assert_eq!(shown, [3, 1, 2, 4], "a chat that is over has no place");
        assert_eq!(arranged([1, 2].map(tab).to_vec(), &[]), [1, 2].map(tab));
    }
}
