//! Counts what committed events tell: messages, offers, deliveries and how long they took; slows nothing down.

use crate::engine::Engine;
use crate::log::Published;
use crate::metrics;
use shared::channel::Channel;
use shared::event::{Change, Stream};
use shared::id::{InteractionId, MessageId, OfferId};
use shared::interaction::{Delivery, FailureKind, InteractionChange, OfferState};
use shared::time::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// 10,000 beginnings whose end is awaited: far more than ring or are sent at a time; then all are forgotten.
const AWAITED: usize = 10_000;

/// Instants at which something began.
struct Begun<K>(HashMap<K, Timestamp>);

impl<K: Eq + Hash> Begun<K> {
    fn begin(&mut self, key: K, at: Timestamp) {
        if self.0.len() >= AWAITED {
            self.0.clear();
        }
        self.0.insert(key, at);
    }

    /// The seconds it took, if its beginning was seen.
    fn end(&mut self, key: &K, at: Timestamp) -> Option<f64> {
        let began = self.0.remove(key)?;
        let millis = u32::try_from(at.since(began).0).ok()?;
        Some(f64::from(millis) / 1_000.0)
    }
}

/// The task: counts until the engine ends.
pub async fn watch(engine: Engine, mut events: Receiver<Arc<Published>>) {
    let (mut offers, mut sends) = (Begun(HashMap::new()), Begun(HashMap::new()));
    loop {
        match events.recv().await {
            Ok(published) => {
                let event = &published.event;
                if let (Stream::Interaction(id), Change::Interaction(change)) = (event.stream, &event.change)
                {
                    count(&engine, id, event.at, change, &mut offers, &mut sends);
                }
            }
            Err(RecvError::Lagged(missed)) => metrics::missed(missed),
            Err(RecvError::Closed) => return,
        }
    }
}

fn count(
    engine: &Engine,
    id: InteractionId,
    at: Timestamp,
    change: &InteractionChange,
    offers: &mut Begun<OfferId>,
    sends: &mut Begun<MessageId>,
) {
    match change {
        InteractionChange::CustomerWrote { .. } => metrics::message("customer"),
        InteractionChange::AgentWrote { message, .. } => {
            metrics::message("agent");
            sends.begin(*message, at);
        }
        InteractionChange::Offered { offer, .. } => {
            metrics::offer("rang");
            offers.begin(*offer, at);
        }
        InteractionChange::Accepted { offer: Some(offer), .. } => {
            metrics::offer("accepted");
            if let Some(took) = offers.end(offer, at) {
                metrics::accepted(took);
            }
        }
        InteractionChange::OfferEnded { offer, state, .. } => {
            offers.end(offer, at);
            metrics::offer(match state {
                OfferState::Ringing => "rang",
                OfferState::Accepted => "accepted",
                OfferState::Rejected => "rejected",
                OfferState::Expired => "expired",
                OfferState::Withdrawn { .. } => "withdrawn",
            });
        }
        // What a message costs may be told with a step that was counted already.
        InteractionChange::DeliveryChanged {
            delivery: Delivery::Sent,
            external_id: None,
            pricing: Some(_),
            ..
        } => {}
        InteractionChange::DeliveryChanged { message, delivery, .. } => {
            let channel = engine.look(|world| world.interaction(id).map(|one| one.channel));
            let channel = channel.map_or("unknown", channel_word);
            metrics::delivery(channel, step(delivery));
            let took = match delivery {
                Delivery::Queued | Delivery::Sending => None,
                Delivery::Failed(_) | Delivery::Unknown => sends.end(message, at).and(None),
                Delivery::Sent | Delivery::Delivered | Delivery::Seen => sends.end(message, at),
            };
            if let Some(took) = took {
                metrics::sent(channel, took);
            }
        }
        _ => {}
    }
}

/// A channel's word.
pub(super) const fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Messenger => "messenger",
        Channel::WhatsApp => "whatsapp",
        Channel::Viber => "viber",
        Channel::Instagram => "instagram",
    }
}

/// A delivery's word; a failure's is its class.
const fn step(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "queued",
        Delivery::Sending => "sending",
        Delivery::Unknown => "unknown",
        Delivery::Sent => "sent",
        Delivery::Delivered => "delivered",
        Delivery::Seen => "seen",
        Delivery::Failed(failure) => match failure.kind {
            FailureKind::Window => "failed_window",
            FailureKind::Unreachable => "failed_unreachable",
            FailureKind::Account => "failed_account",
            FailureKind::Content => "failed_content",
            FailureKind::Limit => "failed_limit",
            FailureKind::Provider => "failed_provider",
        },
    }
}
