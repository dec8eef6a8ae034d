//! Tests of decisions, one per transition and race, by theme.

mod accept;
mod care;
mod configure;
mod customer;
mod lost;
mod message;
mod offer;
mod outbound;
mod presence;
mod talk;

use crate::channel::Channel;
use crate::command::Command;
use crate::event::{Change, Event, Stream};
use crate::fixture::{EVA, SOLVED, Stage};
use crate::id::{ActivityId, InteractionId, MessageId, OfferId, UserId};

/// The channel of tests that need no special one.
const ANY: Channel = Channel::Messenger;

fn accept(interaction: InteractionId, activity: ActivityId, offer: Option<OfferId>) -> Command {
    Command::Accept { interaction, activity, offer }
}

fn close((interaction, activity): (InteractionId, ActivityId), seen: u64) -> Command {
    Command::Close { interaction, activity, seen }
}

fn choose((interaction, activity): (InteractionId, ActivityId)) -> Command {
    Command::ChooseDisposition { interaction, activity, disposition: Some(SOLVED), also: Vec::new() }
}

fn send(stage: &mut Stage, interaction: InteractionId, text: &str) -> Command {
    let message = MessageId::from_u128(stage.id());
    Command::Send { interaction, message, text: text.into(), seen: 0 }
}

/// A stage with a chat that Eva has open.
fn open() -> (Stage, (InteractionId, ActivityId)) {
    let mut stage = Stage::new();
    let ids = stage.writes(ANY, 0);
    stage.does(EVA, &accept(ids.0, ids.1, None)).unwrap();
    (stage, ids)
}

/// The changes of one stream among these events.
fn of(events: &[Event], stream: Stream) -> Vec<&Change> {
    events.iter().filter(|event| event.stream == stream).map(|event| &event.change).collect()
}

fn agent(user: UserId) -> Stream {
    Stream::Agent(user)
}
