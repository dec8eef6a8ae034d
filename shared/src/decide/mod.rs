//! What a command or an occurrence does: a list of changes, or a refusal with its reason; never makes anything happen.

mod accept;
mod configure;
mod customer;
mod lost;
mod offer;
mod outbound;
mod presence;
mod talk;
#[cfg(test)]
mod tests;

pub use crate::command::{Composed, IdentityFacts, OutgoingFacts};

use crate::command::{Command, Occurrence};
use crate::config::User;
use crate::event::{Actor, Change, Stream};
use crate::id::UserId;
use crate::interaction::{ActivityState, Interaction};
use crate::refusal::Refusal;
use crate::time::Timestamp;
use crate::world::World;

/// What a decision may look at; nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// All live state, and every ended interaction that the command names.
    pub world: &'a World,
    /// The relay's clock.
    pub now: Timestamp,
    /// What the log knows of the customer that an outbound command names.
    pub identity: Option<IdentityFacts>,
    /// What the log knows of the message that a command takes care of.
    pub outgoing: Option<&'a OutgoingFacts>,
}

/// What is to happen, all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who makes it happen.
    pub actor: Actor,
    /// The changes, in order; none when there is nothing to do.
    pub changes: Vec<(Stream, Change)>,
    /// The streams whose state the decision rests on; their versions are checked when it is written down.
    pub reads: Vec<Stream>,
}

/// Decides a person's wish.
///
/// # Errors
/// The reason why not; nothing is to happen then.
pub fn command(context: Context<'_>, user: UserId, command: &Command) -> Result<Decision, Refusal> {
    let Some(person) = context.world.active_user(user) else { return Err(Refusal::NoRights) };
    let mut decision = Decision::by(Actor::User(user));
    // Rights, members, statuses: every wish rests on the configuration.
    decision.read(Stream::Config);
    match command {
        Command::Accept { interaction, activity, offer } => {
            accept::accept(context, person, *interaction, *activity, *offer, &mut decision)?;
        }
        Command::Reject { interaction, offer, reason } => {
            offer::reject(context, person, *interaction, *offer, reason.as_deref(), &mut decision)?;
        }
        Command::Send { interaction, message, text, seen } => {
            talk::send(context, person, *interaction, *message, text, *seen, &mut decision)?;
        }
        Command::Resend { interaction, message, again, seen } => {
            talk::resend(context, person, *interaction, (*message, *again), *seen, &mut decision)?;
        }
        Command::Dismiss { interaction, message } => {
            talk::dismiss(context, person, *interaction, *message, &mut decision)?;
        }
        Command::ChooseDisposition { interaction, activity, disposition, also } => {
            let wanted: Vec<_> = disposition.iter().chain(also).copied().collect();
            talk::choose(context, person, *interaction, *activity, &wanted, &mut decision)?;
        }
        Command::Close { interaction, activity, seen } => {
            talk::close(context, person, *interaction, *activity, *seen, &mut decision)?;
        }
        Command::StartChat { .. } | Command::SendOnce { .. } => {
            outbound::decide(context, person, command, &mut decision)?;
        }
        Command::JoinQueue { queue } => presence::queue(context, person, *queue, true, &mut decision)?,
        Command::LeaveQueue { queue } => presence::queue(context, person, *queue, false, &mut decision)?,
        Command::Pause { pause } => presence::pause(context, person, *pause, &mut decision)?,
        Command::Resume => presence::resume(context, person, &mut decision),
        Command::Unknown => return Err(Refusal::NotUnderstood),
    }
    Ok(decision)
}

/// Decides a person's wish to send something that is more than plain words.
///
/// # Errors
/// The reason why not; nothing is to happen then.
pub fn compose(context: Context<'_>, user: UserId, wish: &Composed) -> Result<Decision, Refusal> {
    let Some(person) = context.world.active_user(user) else { return Err(Refusal::NoRights) };
    let mut decision = Decision::by(Actor::User(user));
    decision.read(Stream::Config);
    talk::compose(context, person, wish, &mut decision)?;
    Ok(decision)
}

/// Decides something that befell the system.
///
/// # Errors
/// The reason why it can have no effect; a repeated or belated occurrence is no error but an empty decision.
pub fn occurrence(context: Context<'_>, occurrence: &Occurrence) -> Result<Decision, Refusal> {
    let mut decision = Decision::by(Actor::System);
    match occurrence {
        Occurrence::CustomerWrote { .. } => customer::wrote(context, occurrence, &mut decision)?,
        Occurrence::CustomerNamed { connector, identity } => {
            customer::named(context, *connector, *identity, &mut decision);
        }
        Occurrence::CustomerLeft { connector, identity } => {
            customer::left(context, *connector, *identity, &mut decision);
        }
        Occurrence::Offer { offer, interaction, activity, agent, because } => {
            offer::offer(context, *offer, (*interaction, *activity), *agent, because, &mut decision)?;
        }
        Occurrence::Withhold { interaction, activity, reason } => {
            offer::withhold(context, *interaction, *activity, *reason, &mut decision);
        }
        Occurrence::RingOver { interaction, offer, reachable } => {
            offer::ring_over(context, *interaction, *offer, *reachable, &mut decision);
        }
        Occurrence::PauseOver { agent } => presence::over(context, *agent, &mut decision),
        Occurrence::WaitOver { interaction, activity } => {
            customer::wait_over(context, *interaction, *activity, &mut decision);
        }
        Occurrence::Unattended { interaction, activity } => {
            customer::unattended(context, *interaction, *activity, &mut decision);
        }
        Occurrence::OwnerMissed { interaction, activity, absence } => {
            lost::missed(context, *interaction, *activity, *absence, &mut decision);
        }
        Occurrence::OwnerLost { interaction, activity, reachable } => {
            lost::lost(context, *interaction, *activity, *reachable, &mut decision);
        }
        Occurrence::SentElsewhere { .. } => customer::sent_elsewhere(context, occurrence, &mut decision),
        Occurrence::Amended { interaction, message, amendment, at } => {
            customer::amended(context, *interaction, message, amendment, *at, &mut decision)?;
        }
        Occurrence::Noted { connector, identity, notice } => {
            customer::noted(context, *connector, *identity, notice, &mut decision);
        }
        Occurrence::Delivered { interaction, message, to, external_id, pricing } => {
            let brought = (external_id.as_deref(), pricing.as_ref());
            talk::delivered(context, *interaction, message, to, brought, &mut decision)?;
        }
        Occurrence::Configure { by, change } => configure::decide(context, *by, change, &mut decision)?,
    }
    Ok(decision)
}

impl Decision {
    fn by(actor: Actor) -> Self {
        Self { actor, changes: Vec::new(), reads: Vec::new() }
    }

    /// Whether nothing is to happen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn read(&mut self, stream: Stream) {
        if !self.reads.contains(&stream) {
            self.reads.push(stream);
        }
    }

    /// Adds a change; who changes a stream has read it.
    fn push(&mut self, stream: Stream, change: Change) {
        self.read(stream);
        self.changes.push((stream, change));
    }
}

/// The interaction with this id, or the refusal that says there is none.
fn interaction(context: Context<'_>, id: crate::id::InteractionId) -> Result<&Interaction, Refusal> {
    context.world.interaction(id).ok_or_else(|| Refusal::NotFound { what: "chat".into() })
}

/// Whoever has an open activity in it, the first of them.
fn owner_of<'a>(context: Context<'a>, interaction: &Interaction) -> Option<&'a User> {
    let open = interaction.activities.iter().find(|a| a.state == ActivityState::Open)?;
    context.world.config.users.get(&open.owner?)
}
