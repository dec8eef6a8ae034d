//! Whether a call may be made now: the account works, the customer is there, the window is open, nothing is in excess.

use super::call::Post;
use super::patience;
use crate::log::{LogError, OutboxCall};
use crate::seal::Secret;
use shared::channel::{Channel, Outgoing, UNANSWERED_WITHIN, WindowState};
use shared::command::IdentityFacts;
use shared::config::Connector;
use shared::interaction::{Failure, FailureKind};
use shared::time::{Span, Timestamp};

/// What stands in the way of a call.
pub(super) enum Obstacle {
    /// For good.
    Fails(Failure),
    /// Until somebody mends the account.
    Broken(Failure),
    /// Until that instant.
    Until(Timestamp),
}

/// What a call is about, once nothing stands in its way.
pub(super) struct Ready {
    pub(super) connector: Connector,
    pub(super) token: Secret,
    pub(super) address: String,
    pub(super) content: Outgoing,
    /// Whether only the human agent's window is open.
    pub(super) tag: bool,
    /// Whether the human agent's window may be claimed: the account has the right, and a person wrote.
    pub(super) human: bool,
}

impl Post {
    /// Looks whether the call may be made: the account works, the customer is there, the window is open.
    pub(super) async fn ready(&self, call: &OutboxCall) -> Result<Result<Ready, Obstacle>, LogError> {
        let no = |kind| Ok(Err(Obstacle::Fails(Failure { kind, code: None })));
        let connector = self.engine.look(|world| world.config.connectors.get(&call.connector).cloned());
        let Some(connector) = connector.filter(|one| one.enabled) else { return no(FailureKind::Account) };
        let Some(content) = call.content.clone() else { return no(FailureKind::Content) };
        let facts = self.engine.log().identity_facts(call.identity).await?;
        let (Some(facts), Some(address)) = (facts, call.address.clone()) else {
            return no(FailureKind::Unreachable);
        };
        let now = self.now();
        let window = connector.channel.capabilities().window;
        let state = |human| window.of_account(human).state(facts.last_customer_at, facts.subscribed, now);
        let human = connector.human_agent && call.by_person;
        match state(human) {
            WindowState::Closed(_) if content.needs_window() => return no(FailureKind::Window),
            WindowState::Unsubscribed => return no(FailureKind::Unreachable),
            WindowState::OpenUntil(_) | WindowState::Open | WindowState::Closed(_) => {}
        }
        if let Some(obstacle) = self.unanswered(connector.channel, &facts, call).await? {
            return Ok(Err(obstacle));
        }
        let Some(token) = self.engine.log().token(connector.id).await? else {
            let code = Some(crate::health::NO_TOKEN.to_owned());
            return Ok(Err(Obstacle::Broken(Failure { kind: FailureKind::Account, code })));
        };
        let tag = content.needs_window() && !state(false).is_open();
        Ok(Ok(Ready { connector, token, address, content, tag, human }))
    }

    /// Whether the customer must answer before more may be sent to them within an hour.
    async fn unanswered(
        &self,
        channel: Channel,
        facts: &IdentityFacts,
        call: &OutboxCall,
    ) -> Result<Option<Obstacle>, LogError> {
        let Some(most) = channel.rates().unanswered else { return Ok(None) };
        let now = self.now();
        let hour = now.plus(Span(-UNANSWERED_WITHIN.0));
        let since = facts.last_customer_at.unwrap_or_default().max(hour);
        let (count, first) = self.engine.log().sent_since(facts.id, since, call.message.id).await?;
        let Some(first) = first.filter(|_| count >= most) else { return Ok(None) };
        if now > call.written_at.plus(patience::OLDEST) {
            let code = Some("unanswered".to_owned());
            return Ok(Some(Obstacle::Fails(Failure { kind: FailureKind::Limit, code })));
        }
        Ok(Some(Obstacle::Until(first.plus(UNANSWERED_WITHIN).max(now.plus(Span::seconds(1))))))
    }
}
