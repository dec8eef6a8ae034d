//! What waits for a decision and what waits for its commit; decides nothing.

use crate::log::{AppendError, Beside, Pending};
use shared::command::{Command, Occurrence};
use shared::decide::{Composed, IdentityFacts, OutgoingFacts};
use shared::event::Event;
use shared::id::{CommandId, ConnectorId, InteractionId, UserId};
use shared::refusal::Refusal;
use shared::thread::Content;
use shared::wire::{Outcome, Position};
use tokio::sync::oneshot;
use tracing::Span;

/// Why an occurrence had no effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OccurError {
    /// It can have none.
    #[error("refused: {}", .0.sentence())]
    Refused(Refusal),
    /// It could not be saved; it may be tried again.
    #[error("it could not be saved")]
    Failed,
}

/// What reaches the arbiter.
pub(super) enum Ask {
    Work(Box<Work>),
    Stop(oneshot::Sender<()>),
}

/// Something to decide, and who waits for it.
pub(super) struct Work {
    pub what: What,
    pub reply: Reply,
    /// How often it met a conflict.
    pub conflicts: u8,
    /// Whether the log must be asked again, because it waited for its like.
    pub look: bool,
    /// Whose doing it is, for the process's own log.
    pub span: Span,
}

/// Something to decide.
pub(super) enum What {
    Command {
        user: UserId,
        id: CommandId,
        digest: String,
        command: Command,
        identity: Option<IdentityFacts>,
        outgoing: Option<OutgoingFacts>,
        /// What is sent, where that is more than the words in the command.
        composed: Option<Composed>,
    },
    Occurrence {
        occurrence: Occurrence,
        beside: Beside,
    },
}

/// Who waits.
pub(super) enum Reply {
    Command(oneshot::Sender<Outcome>),
    Occurrence(oneshot::Sender<Result<Vec<Position>, OccurError>>),
    /// A timer or routing: looks again by itself.
    Nobody,
}

/// A decision on its way.
pub(super) struct InFlight {
    pub work: Work,
    pub step: Step,
    pub marks: Marks,
}

/// What a decision waits for. A refusal waits too: it may rest on decisions that are not committed yet.
pub(super) enum Step {
    Written {
        pending: Pending,
        events: Vec<Event>,
        content: Vec<Content>,
        moved: Vec<Position>,
    },
    Refused(Refusal),
    /// A refusal that stands, on its way to the log: it is told once it is there, and given again ever after.
    Declined {
        pending: Pending,
        refusal: Refusal,
    },
    /// Nothing happened and nothing is to be written.
    Nothing,
    /// The same wish or message is under way already.
    Held,
}

/// What nobody else may do while a decision is on its way.
#[derive(Default)]
pub(super) struct Marks {
    pub command: Option<CommandId>,
    pub external: Option<(ConnectorId, String)>,
    pub interactions: Vec<InteractionId>,
}

/// Why a decision did not stand.
pub(super) enum Fault {
    /// It was not written.
    Append(AppendError),
    /// It may rest on one that was not written.
    Shaken,
    /// Its changes do not fit their streams: an error in the domain crate.
    Broken,
}

impl Work {
    pub fn new(what: What, reply: Reply) -> Self {
        Self { what, reply, conflicts: 0, look: false, span: Span::current() }
    }

    /// Something that nobody waits for.
    pub fn internal(occurrence: Occurrence) -> Self {
        Self::new(What::Occurrence { occurrence, beside: Beside::default() }, Reply::Nobody)
    }

    /// The interaction that may have to be read from the log because it has ended.
    pub fn names(&self) -> Option<InteractionId> {
        match &self.what {
            What::Command { command, .. } => command.interaction(),
            What::Occurrence {
                occurrence:
                    Occurrence::Delivered { interaction, .. } | Occurrence::Amended { interaction, .. },
                ..
            } => Some(*interaction),
            What::Occurrence { .. } => None,
        }
    }

    /// The provider's id of the message it brings.
    pub fn external(&self) -> Option<(ConnectorId, &String)> {
        match &self.what {
            What::Occurrence {
                occurrence:
                    Occurrence::CustomerWrote { connector, known: false, .. }
                    | Occurrence::SentElsewhere { connector, known: false, .. },
                beside,
            } => beside.external_id.as_ref().map(|id| (*connector, id)),
            _ => None,
        }
    }

    /// Makes the message it brings one that is known: nothing comes of it then.
    pub fn set_known(&mut self) {
        if let What::Occurrence {
            occurrence: Occurrence::CustomerWrote { known, .. } | Occurrence::SentElsewhere { known, .. },
            ..
        } = &mut self.what
        {
            *known = true;
        }
    }
}
