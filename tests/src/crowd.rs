//! Many customers at once whose chats one agent has open: for tests that count.

use crate::desk::Desk;
use crate::phones::{Customer, Phones};
use crate::wait::until;
use shared::channel::Channel;
use shared::command::Command;
use shared::id::{ActivityId, InteractionId};
use shared::wire::{ListUpdate, RelayFrame, WaitingRow};
use std::collections::BTreeMap;

/// Customers who are made at a time.
const AT_A_TIME: usize = 16;

/// A chat that somebody has open.
#[derive(Clone)]
pub struct Chat {
    /// Whose.
    pub customer: Customer,
    /// The interaction.
    pub id: InteractionId,
    /// The agent's part in it.
    pub activity: ActivityId,
    /// Where.
    pub channel: Channel,
}

/// The list of those that wait, as a desk holds it after these frames.
#[must_use]
pub fn waiting(told: &[RelayFrame]) -> BTreeMap<ActivityId, WaitingRow> {
    let mut rows = BTreeMap::new();
    for frame in told {
        if let RelayFrame::List { update: ListUpdate::Waiting { reset, upsert, remove } } = frame {
            if *reset {
                rows.clear();
            }
            rows.extend(upsert.iter().map(|row| (row.activity, row.clone())));
            rows.retain(|activity, _| !remove.contains(activity));
        }
    }
    rows
}

/// So many new customers of a channel write, and this desk takes each of them out of the list.
pub async fn open(phones: &Phones, desk: &Desk, channel: Channel, count: usize) -> Vec<Chat> {
    let mut customers = Vec::new();
    while customers.len() < count {
        let mut making = tokio::task::JoinSet::new();
        for n in customers.len()..count.min(customers.len() + AT_A_TIME) {
            let phones = phones.clone();
            making.spawn(async move {
                let customer = phones.create(channel, &format!("Customer {n}")).await;
                customer.write(&hello(&customer)).await;
                customer
            });
        }
        customers.extend(making.join_all().await);
    }
    let rows = until("all customers in the list", || async {
        let rows = waiting(&desk.told());
        let by_words: BTreeMap<String, WaitingRow> =
            rows.into_values().filter_map(|row| Some((row.preview.clone()?, row))).collect();
        customers.iter().all(|one| by_words.contains_key(&hello(one))).then_some(by_words)
    })
    .await;
    let mut chats = Vec::new();
    for customer in customers {
        let row = &rows[&hello(&customer)];
        let (id, activity) = (row.interaction, row.activity);
        desk.done(Command::Accept { interaction: id, activity, offer: None }).await;
        chats.push(Chat { customer, id, activity, channel });
    }
    chats
}

/// The words by which the list shows which customer it is.
fn hello(customer: &Customer) -> String {
    format!("Hello from {}", customer.key)
}
