//! Whether an account works: its token, what it may do, whether its webhooks come; sends nothing to customers and changes nothing.

use super::read;
use super::send::{Providers, SendError, VIBER_TOKEN, base, graph_refusal, segment, viber_said};
use super::transport::{self, Answer};
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::config::Connector;
use shared::interaction::{Failure, FailureKind};
use shared::time::Timestamp;

/// What a look at an account found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// What the provider says of the token.
    pub token: Token,
    /// When the token ends; none when it does not, or nobody says.
    pub expires_at: Option<Timestamp>,
    /// Permissions that the token lacks.
    pub missing: Vec<String>,
    /// The account's name at the provider.
    pub name: Option<String>,
    /// WhatsApp's rating of the number, as `GREEN`.
    pub quality: Option<String>,
    /// Whether the account's webhooks come here; none when nobody says.
    pub subscribed: Option<bool>,
    /// Why something could not be looked at, or the account is refused.
    pub failure: Option<Failure>,
}

/// What a provider says of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Token {
    /// It is taken.
    Valid,
    /// It is refused.
    Refused,
    /// The provider could not be asked.
    #[default]
    Unknown,
}

/// Webhook fields without which messages or receipts do not come; a subscription without one of them is made anew.
const fn essential(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Messenger => {
            &["messages", "messaging_postbacks", "message_echoes", "message_deliveries", "message_reads"]
        }
        Channel::Instagram => &["messages"],
        // All fields of the app come for every subscribed business account; Viber's are its events.
        Channel::WhatsApp | Channel::Viber => &[],
    }
}

/// What a token must allow.
const fn permissions(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Messenger => &["pages_messaging", "pages_manage_metadata"],
        Channel::WhatsApp => &["whatsapp_business_messaging", "whatsapp_business_management"],
        // Instagram's own host has no such question; Viber's tokens have no permissions.
        Channel::Instagram | Channel::Viber => &[],
    }
}

/// The object on which an account's webhooks are subscribed; none where there is none or it is not known.
fn subscribed_on(connector: &Connector) -> Option<&str> {
    let above = connector.business.as_deref();
    match connector.channel {
        Channel::Messenger => Some(&connector.account),
        // An Instagram account that is reached through a Page is subscribed by that Page.
        Channel::Instagram => Some(above.unwrap_or(&connector.account)),
        Channel::WhatsApp => above,
        Channel::Viber => None,
    }
}

impl Providers {
    /// Looks whether an account works. `callback` is the address at which we take its webhooks, where it is known.
    pub async fn check(&self, connector: &Connector, token: &str, callback: Option<&str>) -> Check {
        if connector.channel == Channel::Viber {
            return self.check_viber(connector, token, callback).await;
        }
        let mut check = Check::default();
        let (object, fields) = match connector.channel {
            Channel::Instagram if connector.business.is_none() => ("me", "user_id,username"),
            Channel::Instagram => (connector.account.as_str(), "username"),
            Channel::WhatsApp => {
                (connector.account.as_str(), "verified_name,display_phone_number,quality_rating")
            }
            _ => (connector.account.as_str(), "name"),
        };
        match self.ask(connector, token, object, &[("fields", fields)]).await {
            Ok(body) => {
                let field = |key: &str| read::name(read::at(&body, &[key]));
                check.token = Token::Valid;
                check.name = ["name", "verified_name", "username"].into_iter().find_map(field);
                check.quality = field("quality_rating");
            }
            Err(error) => check.refused(error),
        }
        if !permissions(connector.channel).is_empty()
            && let Ok(body) = self.ask(connector, token, "debug_token", &[("input_token", token)]).await
        {
            check.read_token(connector.channel, read::at(&body, &["data"]));
        }
        if let Some(object) = subscribed_on(connector) {
            let edge = format!("{}/subscribed_apps", segment(object));
            let found = self.ask_path(connector, token, &edge, &[]).await;
            check.subscribed = found.ok().map(|body| subscribes(&body, essential(connector.channel)));
        }
        check
    }

    async fn check_viber(&self, connector: &Connector, token: &str, callback: Option<&str>) -> Check {
        let mut check = Check::default();
        let url = format!("{}/pa/get_account_info", base(connector));
        let request = self.http().post(url).header(VIBER_TOKEN, token).json(&json!({}));
        let said = match transport::call(request).await {
            Ok(answer) => viber_said(&answer).map(|()| answer),
            Err(error) => Err(error),
        };
        match said {
            Ok(Answer { body, .. }) => {
                check.token = Token::Valid;
                check.name = read::name(read::at(&body, &["name"]));
                let webhook = read::at(&body, &["webhook"]).as_str().unwrap_or_default();
                check.subscribed =
                    Some(!webhook.is_empty() && callback.is_none_or(|callback| callback == webhook));
            }
            Err(error) => check.refused(error),
        }
        check
    }

    async fn ask(
        &self,
        connector: &Connector,
        token: &str,
        object: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, SendError> {
        self.ask_path(connector, token, &segment(object), query).await
    }

    async fn ask_path(
        &self,
        connector: &Connector,
        token: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Value, SendError> {
        let url = format!("{}/{}/{path}", base(connector), self.version());
        let request = self.http().get(url).query(query).bearer_auth(token);
        let answer = transport::call(request).await?;
        if answer.status.is_success() {
            Ok(answer.body)
        } else {
            Err(graph_refusal(connector.channel, &answer))
        }
    }
}

/// Whether an app is subscribed with every field that is needed.
fn subscribes(body: &Value, fields: &[&str]) -> bool {
    let apps = read::at(body, &["data"]).as_array().map(Vec::as_slice).unwrap_or_default();
    let has = |field: &&str| {
        apps.iter().any(|app| {
            let held = read::at(app, &["subscribed_fields"]).as_array().into_iter().flatten();
            // Names stand there plain, or as objects with a version.
            held.map(|one| one.get("name").unwrap_or(one)).any(|one| one == field)
        })
    };
    !apps.is_empty() && fields.iter().all(has)
}

impl Check {
    /// The provider answered something else than the account.
    fn refused(&mut self, error: SendError) {
        let (token, failure) = match error {
            SendError::Broken(failure) if failure.kind == FailureKind::Account => (Token::Refused, failure),
            SendError::Broken(failure)
            | SendError::Rejected(failure)
            | SendError::Outside(failure)
            | SendError::Temporary { failure, .. } => (Token::Unknown, failure),
            SendError::Unknown => {
                (Token::Unknown, Failure { kind: FailureKind::Provider, code: Some("no answer".to_owned()) })
            }
        };
        self.token = token;
        self.failure = Some(failure);
    }

    /// What `debug_token` says.
    fn read_token(&mut self, channel: Channel, data: &Value) {
        if data.get("is_valid") == Some(&Value::Bool(false)) {
            let part = |key: &str| read::number(read::at(data, &["error", key]));
            let code = part("code").unwrap_or(190);
            // The subcode says whether it ended or was taken away.
            let code = part("subcode").map_or(code.to_string(), |subcode| format!("{code}/{subcode}"));
            self.token = Token::Refused;
            self.failure = Some(Failure { kind: FailureKind::Account, code: Some(code) });
        }
        let instant = |key: &str| read::number(read::at(data, &[key])).filter(|seconds| *seconds > 0);
        let ends = [instant("expires_at"), instant("data_access_expires_at")].into_iter().flatten().min();
        self.expires_at = ends.map(|seconds| Timestamp(seconds.saturating_mul(1_000)));
        let Some(held) = read::at(data, &["scopes"]).as_array() else { return };
        let lacks = |needed: &&&str| !held.iter().any(|one| one == **needed);
        self.missing = permissions(channel).iter().filter(lacks).map(|one| (*one).to_owned()).collect();
    }
}
