//! What became of messages we sent: finds the messages, or parks the receipt until they are there; never makes one.

use super::worker::Fault;
use crate::channels::{Receipt, Step};
use crate::engine::Engine;
use crate::log::{Addressed, AwaitedMessage, Beside, ItemEnd, JournalDone};
use shared::command::Occurrence;
use shared::config::Connector;
use shared::fault;
use shared::interaction::{Delivery, MessageFacts};

/// Lets a receipt climb the messages it is about. What it cannot find yet it waits for; looking twice does no harm.
pub(super) async fn take(
    engine: &Engine,
    connector: &Connector,
    item: i64,
    receipt: &Receipt,
) -> Result<(), Fault> {
    loop {
        let (found, missing) = find(engine, connector, receipt).await?;
        let last = found.len().checked_sub(1).filter(|_| missing.is_none());
        for (place, (one, message, external_id)) in found.into_iter().enumerate() {
            let occurrence = Occurrence::Delivered {
                interaction: one.interaction,
                message,
                to: step(&receipt.step),
                external_id: external_id.filter(|_| !one.named),
                pricing: receipt.pricing.clone(),
            };
            let done = JournalDone { item, message: None };
            let journal = (last == Some(place)).then_some(done);
            engine.occur(occurrence, Beside { journal, ..Beside::default() }).await?;
        }
        let Some(missing) = missing else {
            if last.is_none() {
                engine.log().end_item(item, ItemEnd::Done, None).await?;
            }
            return Ok(());
        };
        if fault!("early-receipt-lost") {
            return Ok(engine.log().end_item(item, ItemEnd::Done, None).await?);
        }
        if engine.log().park_item(item, missing).await? {
            return Ok(());
        }
        // It came meanwhile.
    }
}

/// Messages of ours, with the provider's id where the receipt names it. Of a customer's own nothing becomes.
type Found = Vec<(Addressed, MessageFacts, Option<String>)>;

async fn find(
    engine: &Engine,
    connector: &Connector,
    receipt: &Receipt,
) -> Result<(Found, Option<AwaitedMessage>), Fault> {
    let log = engine.log();
    let (mut found, mut missing) = (Vec::new(), None);
    for external in &receipt.external_ids {
        let mut one = log.message_by_external(connector.id, external).await?;
        if let (None, Some(ours)) = (&one, receipt.ours.filter(|_| !fault!("echo-not-known"))) {
            one = log.message_by_id(connector.id, ours).await?;
        }
        match one {
            Some(one) => {
                let message = one.message.clone();
                found.extend(message.map(|message| (one, message, Some(external.clone()))));
            }
            None => missing = Some(AwaitedMessage::External(connector.id, external.clone())),
        }
    }
    if let (Some(until), Some(customer)) = (receipt.until, &receipt.customer)
        && let Some(identity) = log.identity_of(connector.id, &customer.all).await?
    {
        for one in log.messages_until(identity, until).await? {
            match one.message.clone() {
                // Its answer is not here yet; what the watermark says holds for it only once that says it was taken.
                Some(message) if one.calling => {
                    missing = Some(AwaitedMessage::Call(connector.id, message.id));
                }
                Some(message) => found.push((one, message, None)),
                None => {}
            }
        }
    }
    Ok((found, missing))
}

fn step(step: &Step) -> Delivery {
    match step {
        Step::Accepted => Delivery::Sent,
        Step::Delivered => Delivery::Delivered,
        Step::Seen => Delivery::Seen,
        Step::Failed(failure) => Delivery::Failed(failure.clone()),
    }
}
