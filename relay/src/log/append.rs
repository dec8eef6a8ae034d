//! The unit of decision: what one decision writes, all of it or nothing, if nothing it read has moved; decides nothing.

use super::db::Connection;
use super::rows::Rows;
use super::write::Job;
use super::{Log, LogError, MediaRow};
use futures_util::future::BoxFuture;
use shared::agent::Agent;
use shared::channel::Outgoing;
use shared::config::Config;
use shared::event::{Event, Stream};
use shared::id::{CommandId, IdentityId, MessageId, UserId};
use shared::interaction::Interaction;
use shared::thread::Content;
use shared::time::Timestamp;
use shared::wire::Outcome;
use std::fmt;
use tokio::sync::oneshot;

/// What one decision writes.
#[derive(Clone, Default)]
pub struct Append {
    /// Every stream the decision rests on, with the version it had; a stream that was not there has zero.
    pub reads: Vec<(Stream, u64)>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Every stream that moved, as it is afterwards.
    pub states: Vec<StreamState>,
    /// The words of the events.
    pub content: Vec<Content>,
    /// The answer to the command that was decided, so that it is given again.
    pub command: Option<CommandRow>,
    /// What is written beside the events.
    pub beside: Beside,
}

/// A stream as an append leaves it.
#[derive(Clone, Debug)]
pub struct StreamState {
    /// Which.
    pub stream: Stream,
    /// Its state.
    pub state: State,
}

/// The state of a stream.
#[derive(Clone, Debug)]
pub enum State {
    /// Of an interaction.
    Interaction(Box<Interaction>),
    /// Of an agent.
    Agent(Box<Agent>),
    /// Of the configuration.
    Config(Box<Config>),
}

/// The stored answer of a command that was done or refused.
#[derive(Clone, Debug)]
pub struct CommandRow {
    /// The command.
    pub id: CommandId,
    /// Who wished it.
    pub user: UserId,
    /// SHA-256 of who and what, in hexadecimal.
    pub digest: String,
    /// The answer.
    pub outcome: Outcome,
    /// When it was decided.
    pub at: Timestamp,
}

/// What is written in the same transaction as a decision, also when the decision is that nothing happens.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// Words that came with it: the text of a customer's message, a customer's name.
    pub content: Vec<Content>,
    /// What an agent's message says, where that is more than words.
    pub outgoing: Option<(MessageId, Outgoing)>,
    /// The provider's id of the customer's message in this decision; unique per connector.
    pub external_id: Option<String>,
    /// The journal item that is done with it.
    pub journal: Option<JournalDone>,
    /// The step of a provider call.
    pub outbox: Option<OutboxStep>,
    /// What became known of a customer, whether or not an interaction of theirs lives.
    pub identity: Option<IdentityTouch>,
    /// The files of the message in this decision.
    pub media: Vec<MediaRow>,
}

impl Beside {
    /// The same for a decision that no message comes of: what belongs to the message is left out.
    #[must_use]
    pub fn without_message(&self) -> Self {
        let names = self.content.iter().filter(|one| matches!(one, Content::Name { .. }));
        Self {
            content: names.cloned().collect(),
            external_id: None,
            journal: self.journal.map(|done| JournalDone { message: None, ..done }),
            media: Vec::new(),
            ..self.clone()
        }
    }
}

/// A journal item that needs no more work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalDone {
    /// Its `id` in the journal.
    pub item: i64,
    /// The message it became, if one; left out by itself when the message was known already.
    pub message: Option<MessageId>,
}

/// A step of a provider call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxStep {
    /// From waiting to sending, with one attempt more; a conflict when it does not wait.
    Claim {
        /// The message.
        message: MessageId,
    },
    /// From sending back to waiting.
    Retry {
        /// The message.
        message: MessageId,
        /// When to try again.
        at: Timestamp,
    },
    /// Done for good, well or not.
    Done {
        /// The message.
        message: MessageId,
    },
}

/// What became known of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityTouch {
    /// The customer.
    pub identity: IdentityId,
    /// They wrote at this instant, by the provider's clock; an earlier one than known changes nothing.
    pub last_customer_at: Option<Timestamp>,
    /// Whether they can be written to.
    pub subscribed: Option<bool>,
    /// Whether they take marketing messages, and when they said so; what they said before something known changes
    /// nothing.
    pub marketing: Option<(bool, Timestamp)>,
}

impl IdentityTouch {
    /// Nothing about a customer.
    #[must_use]
    pub const fn of(identity: IdentityId) -> Self {
        Self { identity, last_customer_at: None, subscribed: None, marketing: None }
    }
}

/// Why an append was not written. Nothing of it was, then.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    /// A stream that was read has moved, or an outbox row is not where it should be.
    #[error("what was read has moved")]
    Conflict,
    /// Something that may exist once exists.
    #[error("there is one already: {0:?}")]
    Duplicate(Duplicate),
    /// The log could not write.
    #[error(transparent)]
    Failed(#[from] LogError),
}

/// What may exist once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {
    /// The provider's id of a message on a connector.
    ExternalId,
    /// The live interaction of a customer on a connector.
    LiveIdentity,
    /// The answer to a command.
    Command,
    /// A message.
    Message,
}

/// An append on its way.
pub struct Pending {
    answer: oneshot::Receiver<Result<(), AppendError>>,
}

impl Pending {
    /// Waits until it is durable, or known not to be written.
    ///
    /// # Errors
    /// Why it was not written.
    pub async fn settled(&mut self) -> Result<(), AppendError> {
        (&mut self.answer).await.unwrap_or(Err(AppendError::Failed(LogError::Closed)))
    }
}

impl Log {
    #[cfg(test)]
    /// Writes one decision; it is durable when this returns well.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] and [`AppendError::Duplicate`] for what must be decided anew,
    /// [`AppendError::Failed`] when the log could not write.
    pub async fn append(&self, append: &Append) -> Result<(), AppendError> {
        self.submit(append).await?.settled().await
    }

    /// Hands one decision to the writer and does not wait for it; appends are written in the order of handing in.
    ///
    /// # Errors
    /// [`LogError::Closed`] when the writer has stopped.
    pub async fn submit(&self, append: &Append) -> Result<Pending, LogError> {
        let (reply, answer) = oneshot::channel();
        let job = AppendJob { rows: Rows::of(append)?, error: None, reply };
        self.inner.writer.send(Box::new(job)).await?;
        Ok(Pending { answer })
    }
}

/// The write of an append.
struct AppendJob {
    rows: Rows,
    error: Option<AppendError>,
    reply: oneshot::Sender<Result<(), AppendError>>,
}

impl Job for AppendJob {
    fn run<'a>(&'a mut self, on: &'a mut Connection) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            self.error = self.rows.write(on).await.err();
            self.error.is_none()
        })
    }

    fn is_sure(&self) -> bool {
        true
    }

    fn foresee<'a>(&'a mut self, on: &'a mut Connection) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            self.error = self.rows.foresee(on).await.err();
            self.error.is_none()
        })
    }

    fn end(self: Box<Self>, saved: Result<(), LogError>) {
        let answer = match (self.error, saved) {
            (_, Err(group)) => Err(AppendError::Failed(group)),
            (Some(own), Ok(())) => Err(own),
            (None, Ok(())) => Ok(()),
        };
        // Nobody waits any more: the append stands all the same.
        drop(self.reply.send(answer));
    }
}

/// Counts and ids only: what was said and who said it never reaches a log.
impl fmt::Debug for Append {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Append")
            .field("reads", &self.reads)
            .field("events", &self.events.len())
            .field("content", &self.content.len())
            .field("command", &self.command.as_ref().map(|row| row.id))
            .field("beside", &self.beside)
            .finish_non_exhaustive()
    }
}

/// Counts and ids only: what was said and who said it never reaches a log.
impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beside")
            .field("content", &self.content.len())
            .field("outgoing", &self.outgoing.as_ref().map(|(message, _)| message))
            .field("external_id", &self.external_id.is_some())
            .field("journal", &self.journal)
            .field("outbox", &self.outbox)
            .field("identity", &self.identity)
            .field("media", &self.media.len())
            .finish()
    }
}
