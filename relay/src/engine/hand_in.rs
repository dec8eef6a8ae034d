//! From a decision to an append: the world that runs ahead takes it in, the log's writer gets it; waits for no commit.

use super::arbiter::Arbiter;
use super::work::{Fault, InFlight, Marks, Step, What, Work};
use crate::log::{self, Append, AppendError, Beside, CommandRow, StreamState};
use shared::agent::AgentChange;
use shared::channel::Outgoing;
use shared::command::Command;
use shared::decide::Decision;
use shared::event::{Change, Event, Stream};
use shared::fault;
use shared::id::MessageId;
use shared::interaction::{Delivery, InteractionChange};
use shared::thread::Content;
use shared::time::Timestamp;
use shared::wire::{Outcome, Position};

impl Arbiter {
    /// Makes a decision happen in the world that runs ahead, and hands it to the log.
    pub(super) async fn hand_in(&mut self, work: Work, decision: Decision, now: Timestamp) {
        let reads: Vec<(Stream, u64)> =
            decision.reads.iter().map(|stream| (*stream, self.world.version(*stream))).collect();
        let mut events = Vec::with_capacity(decision.changes.len());
        for (stream, change) in decision.changes {
            let Some(event) = self.world.record(stream, change, decision.actor, now) else {
                tracing::error!(?stream, "a decided change does not fit its stream");
                self.faults.push((work, Fault::Broken));
                return;
            };
            events.push(event);
        }
        let moved = self.noted(&events, now);
        let said = said(&work, &events);
        let content =
            said.iter().map(|(message, text, _)| Content::Text { message: *message, text: text.clone() });
        let content: Vec<_> = content.collect();
        let outgoing = said.and_then(|(message, _, rich)| Some((message, rich?)));
        let (command, beside) = match &work.what {
            What::Command { user, id, digest, .. } => {
                let outcome = Outcome::Done { moved: moved.clone() };
                let row = CommandRow { id: *id, user: *user, digest: digest.clone(), outcome, at: now };
                (Some(row).filter(|_| !fault!("answer-not-kept")), Beside { outgoing, ..Beside::default() })
            }
            What::Occurrence { beside, .. } if events.is_empty() => (None, beside.without_message()),
            What::Occurrence { beside, .. } => (None, beside.clone()),
        };
        if events.is_empty() && command.is_none() && beside == Beside::default() {
            self.push(work, Step::Nothing, &reads);
            return;
        }
        if fault!("told-before-commit") {
            let told = (events.clone(), content.iter().chain(&beside.content).cloned().collect());
            drop(self.publisher.send(told).await);
            // As over a slow disk: the bug is there on a fast one too, and seldom seen.
            tokio::time::sleep(std::time::Duration::from_millis(4)).await;
        }
        tracing::debug!(events = events.len(), "decided");
        let states = moved.iter().filter_map(|place| self.state_of(place.stream)).collect();
        let append = Append { reads, events, states, content, command, beside };
        match self.state.log.submit(&append).await {
            Ok(pending) => {
                let mut content = append.content;
                content.extend(append.beside.content);
                let step = Step::Written { pending, events: append.events, content, moved };
                self.push(work, step, &append.reads);
            }
            Err(error) => self.faults.push((work, Fault::Append(AppendError::Failed(error)))),
        }
    }

    /// Takes note of what happened: timers, deliveries, whether routing has to look. Returns where the streams stand.
    fn noted(&mut self, events: &[Event], now: Timestamp) -> Vec<Position> {
        let mut moved: Vec<Position> = Vec::new();
        for event in events {
            match moved.iter_mut().find(|place| place.stream == event.stream) {
                Some(place) => place.version = event.version,
                None => moved.push(Position { stream: event.stream, version: event.version }),
            }
            match &event.change {
                Change::Interaction(InteractionChange::AgentWrote { message, .. }) => {
                    self.deliveries.insert(*message, Delivery::Queued);
                }
                Change::Interaction(InteractionChange::DeliveryChanged { message, delivery, .. }) => {
                    self.deliveries.insert(*message, delivery.clone());
                }
                _ => {}
            }
            self.look |= concerns_routing(&event.change);
        }
        for place in &moved {
            if let Stream::Interaction(id) = place.stream {
                self.timers.refresh(&self.world, id, now);
            }
        }
        moved
    }

    fn state_of(&self, stream: Stream) -> Option<StreamState> {
        let state = match stream {
            Stream::Interaction(id) => log::State::Interaction(Box::new(self.world.interaction(id)?.clone())),
            Stream::Agent(user) => log::State::Agent(Box::new(self.world.agent(user))),
            Stream::Config => log::State::Config(Box::new(self.world.config.clone())),
        };
        Some(StreamState { stream, state })
    }

    /// Puts a decision at the end of what is on its way.
    pub(super) fn push(&mut self, work: Work, step: Step, reads: &[(Stream, u64)]) {
        let mut marks = Marks::default();
        if let What::Command { id, .. } = &work.what {
            marks.command = Some(*id);
            self.commands.insert(*id);
        }
        if let Some((connector, external)) = work.external() {
            let key = (connector, external.clone());
            self.externals.insert(key.clone());
            marks.external = Some(key);
        }
        for (stream, _) in reads {
            if let Stream::Interaction(id) = stream {
                *self.touched.entry(*id).or_default() += 1;
                marks.interactions.push(*id);
            }
        }
        self.pipeline.push_back(InFlight { work, step, marks });
    }
}

/// Whether routing may come to another result after this change. What routing itself records does not concern it.
fn concerns_routing(change: &Change) -> bool {
    !matches!(
        change,
        Change::Interaction(
            InteractionChange::Began { .. }
                | InteractionChange::CustomerWrote { .. }
                | InteractionChange::SentElsewhere { .. }
                | InteractionChange::SentAutomatically { .. }
                | InteractionChange::Amended { .. }
                | InteractionChange::Noted { .. }
                | InteractionChange::AgentWrote { .. }
                | InteractionChange::DeliveryChanged { .. }
                | InteractionChange::MessageSettled { .. }
                | InteractionChange::CustomerNamed { .. }
                | InteractionChange::DispositionChosen { .. }
                | InteractionChange::Offered { .. }
                | InteractionChange::Withheld { .. }
                | InteractionChange::OwnerMissed { .. }
        ) | Change::Agent(
            AgentChange::Rang(_) | AgentChange::Undelivered(_) | AgentChange::UndeliveredEnded(_)
        )
    )
}

/// An agent's message: its words, and what it says where that is more. What is sent once more says what the message
/// said that went wrong.
fn said(work: &Work, events: &[Event]) -> Option<(MessageId, String, Option<Outgoing>)> {
    let What::Command { command, outgoing, composed, .. } = &work.what else { return None };
    match command {
        _ if events.is_empty() => None,
        Command::Send { message, text, .. } | Command::SendOnce { message, text, .. } => {
            Some((*message, text.clone(), composed.as_ref().map(|wish| wish.content.clone())))
        }
        Command::Resend { again, .. } => {
            let content = outgoing.as_ref()?.content.clone()?;
            let words = content.words();
            Some((*again, words, Some(content).filter(|content| !matches!(content, Outgoing::Text { .. }))))
        }
        _ => None,
    }
}
