//! A connector as it is sent to be saved; unlike the one that is read it carries a token, which goes one way only.

use crate::admin::guide::Kind;
use serde::Serialize;
use shared::channel::Channel;
use shared::id::QueueId;
use shared::wire::ConnectorBody;

/// What to save.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(in crate::admin) struct Wish {
    pub(in crate::admin) channel: Channel,
    pub(in crate::admin) title: String,
    pub(in crate::admin) account: String,
    pub(in crate::admin) app: String,
    pub(in crate::admin) base_url: Option<String>,
    pub(in crate::admin) business: Option<String>,
    pub(in crate::admin) welcome: Option<String>,
    pub(in crate::admin) queue: Option<QueueId>,
    pub(in crate::admin) enabled: bool,
    pub(in crate::admin) human_agent: bool,
    /// Absent leaves the stored one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::admin) token: Option<String>,
}

impl Wish {
    /// A new connector of a kind.
    pub(in crate::admin) fn of_kind(kind: Kind) -> Self {
        Self {
            channel: kind.channel(),
            title: String::new(),
            account: String::new(),
            app: String::new(),
            base_url: None,
            business: None,
            welcome: None,
            queue: None,
            enabled: true,
            human_agent: false,
            token: None,
        }
    }

    /// A connector as it is.
    pub(in crate::admin) fn of(old: &ConnectorBody) -> Self {
        Self {
            channel: old.channel,
            title: old.title.clone(),
            account: old.account.clone(),
            app: old.app.clone(),
            base_url: old.base_url.clone(),
            business: old.business.clone(),
            welcome: old.welcome.clone(),
            queue: old.queue,
            enabled: old.enabled,
            human_agent: old.human_agent,
            token: None,
        }
    }
}
