//! How accounts stand, told to admins and desks; shows no secret and changes nothing.

use super::standing::Standing;
use super::words;
use crate::channels::Token;
use shared::channel::Channel;
use shared::config::Connector;
use shared::id::ConnectorId;
use shared::interaction::Failure;
use shared::time::Timestamp;
use shared::wire::{
    AccountWrong, CheckBody, ConnectorHealth, ErrorBody, HealthState, PausedBody, TokenState,
};

/// What desks are told of an account that does not work as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The account.
    pub connector: ConnectorId,
    /// Its channel: agents hear of the accounts of their queues' channels.
    pub channel: Channel,
    /// What it is called.
    pub title: String,
    /// What admins are told, and the sentence for it.
    pub admins: (AccountWrong, String),
    /// The sentence for agents, when their messages wait.
    pub agents: Option<String>,
}

/// How one account stands, for admins.
pub(super) fn health(connector: &Connector, standing: &Standing, now: Timestamp) -> ConnectorHealth {
    let sentence = words::for_admins(connector, standing, now).filter(|_| connector.enabled);
    let sentence = sentence.map(|(_, said)| said);
    let state = match (&standing.kept.pause, &sentence) {
        _ if !connector.enabled => HealthState::Off,
        (Some(_), _) => HealthState::Paused,
        (None, Some(_)) => HealthState::Warning,
        (None, None) => HealthState::Good,
    };
    let paused = standing.kept.pause.as_ref().map(|pause| PausedBody {
        since: pause.since,
        next_at: pause.next_at,
        why: error(pause.since, &pause.why),
    });
    ConnectorHealth {
        connector: connector.id,
        title: connector.title.clone(),
        channel: connector.channel,
        state,
        sentence,
        paused,
        last_webhook_at: standing.kept.last_webhook_at,
        last_sent_at: standing.kept.last_sent_at,
        last_error: standing.kept.last_error.as_ref().map(|(at, failure)| error(*at, failure)),
        checked: standing.checked.as_ref().map(|(at, check)| CheckBody {
            at: *at,
            token: match check.token {
                Token::Valid => TokenState::Valid,
                Token::Refused => TokenState::Refused,
                Token::Unknown => TokenState::Unknown,
            },
            expires_at: check.expires_at,
            missing: check.missing.clone(),
            name: check.name.clone(),
            quality: check.quality.clone(),
            subscribed: check.subscribed,
            error: check.failure.as_ref().and_then(|failure| failure.code.clone()),
        }),
    }
}

/// What desks are told of an account; nothing while it works.
pub(super) fn trouble(connector: &Connector, standing: &Standing, now: Timestamp) -> Option<Trouble> {
    let admins = words::for_admins(connector, standing, now).filter(|_| connector.enabled)?;
    let agents = words::for_agents(connector, standing);
    let title = connector.title.clone();
    Some(Trouble { connector: connector.id, channel: connector.channel, title, admins, agents })
}

fn error(at: Timestamp, failure: &Failure) -> ErrorBody {
    ErrorBody { at, kind: failure.kind, code: failure.code.clone() }
}
