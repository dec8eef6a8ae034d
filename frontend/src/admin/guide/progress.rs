//! How far an account is connected, derived from what the relay knows and kept nowhere else; draws nothing.

use super::kind::Kind;
use crate::language::admin::guide as say;
use crate::language::{Key, fill, isolated, t};
use shared::time::Timestamp;
use shared::wire::{AppSetup, ConnectorBody, ConnectorSetup};

/// How an instant is written.
pub(super) type Write = fn(Timestamp) -> String;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The address by which providers reach us.
    Address,
    /// The Meta app.
    App,
    /// Our address at the app.
    Webhook,
    /// The account itself.
    Account,
    /// The account's subscription.
    Subscribe,
    /// The first message.
    Test,
}

/// How a step stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// Done, and what was seen.
    Done(String),
    /// Not done, and what is missing.
    Missing(String),
    /// Done as far as this page can see, with something to know.
    Warned(String),
}

/// All that is known of an account that is being connected.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Seen {
    /// The address by which providers reach us.
    pub(super) public_url: Option<String>,
    /// The Meta app.
    pub(super) app: Option<AppSetup>,
    /// The connector, once there is one.
    pub(super) connector: Option<ConnectorBody>,
    /// What was seen of it.
    pub(super) facts: Option<ConnectorSetup>,
}

impl Step {
    /// The steps of a kind, in order.
    pub(super) const fn of(kind: Kind) -> &'static [Self] {
        if kind.is_meta() {
            &[Self::Address, Self::App, Self::Webhook, Self::Account, Self::Subscribe, Self::Test]
        } else {
            &[Self::Address, Self::Account, Self::Subscribe, Self::Test]
        }
    }

    /// Its word in test ids.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::App => "app",
            Self::Webhook => "webhook",
            Self::Account => "account",
            Self::Subscribe => "subscribe",
            Self::Test => "test",
        }
    }

    /// Its heading.
    pub(super) const fn title(self, kind: Kind) -> Key {
        match (self, kind) {
            (Self::Address, _) => say::ADDRESS,
            (Self::App, _) => say::APP,
            (Self::Webhook, _) => say::WEBHOOK,
            (Self::Account, Kind::Messenger) => say::PAGE,
            (Self::Account, Kind::WhatsApp) => say::NUMBER,
            (Self::Account, Kind::Viber) => say::BOT,
            (Self::Account, _) => say::ACCOUNT,
            (Self::Subscribe, Kind::Viber) => say::BOT_WEBHOOK,
            (Self::Subscribe, _) => say::SUBSCRIPTION,
            (Self::Test, _) => say::TEST,
        }
    }

    /// How it stands.
    pub(super) fn stand(self, kind: Kind, seen: &Seen, write: Write) -> Stand {
        match self {
            Self::Address => address(seen),
            Self::App => app(seen, write),
            Self::Webhook => webhook(seen, write),
            Self::Account => account(kind, seen),
            Self::Subscribe => subscription(kind, seen, write),
            Self::Test => test(seen, write),
        }
    }

    /// The step after this one.
    pub(super) fn after(self, kind: Kind) -> Option<Self> {
        Self::of(kind).iter().skip_while(|step| **step != self).nth(1).copied()
    }

    /// The first step that is not done; the last one when all are.
    pub(super) fn next(kind: Kind, seen: &Seen) -> Self {
        let open = |step: &&Self| matches!(step.stand(kind, seen, |_| String::new()), Stand::Missing(_));
        Self::of(kind).iter().find(open).copied().unwrap_or(Self::Test)
    }
}

fn missing(words: Key) -> Stand {
    Stand::Missing(t(words).to_owned())
}

fn done(words: Key) -> Stand {
    Stand::Done(t(words).to_owned())
}

/// A field whose value is missing.
fn lacks(label: &str) -> Stand {
    Stand::Missing(fill(say::LACKS, &[("field", label)]))
}

fn address(seen: &Seen) -> Stand {
    match seen.public_url.as_deref() {
        None => missing(say::ADDRESS_MISSING),
        Some(url) if !url.starts_with("https://") => Stand::Warned(fill(say::ADDRESS_PLAIN, &[("url", url)])),
        Some(url) => Stand::Done(isolated(url)),
    }
}

fn app(seen: &Seen, write: Write) -> Stand {
    let Some(app) = &seen.app else { return missing(say::APP_MISSING) };
    let arrived = seen.facts.as_ref().and_then(|facts| facts.webhook_at);
    match app.refused_at {
        _ if !app.has_secret => missing(say::APP_SECRET_MISSING),
        Some(at) if arrived.is_none_or(|arrived| at > arrived) => {
            Stand::Missing(fill(say::APP_REFUSED, &[("at", &write(at))]))
        }
        _ => Stand::Done(fill(say::APP_DONE, &[("app", &app.app)])),
    }
}

fn webhook(seen: &Seen, write: Write) -> Stand {
    let Some(app) = &seen.app else { return missing(say::APP_FIRST) };
    match app.verified_at {
        Some(at) => Stand::Done(fill(say::WEBHOOK_DONE, &[("at", &write(at))])),
        None if arrived(seen) => done(say::WEBHOOKS_ARRIVE),
        None if !app.has_verify => missing(say::VERIFY_MISSING),
        None => missing(say::WEBHOOK_MISSING),
    }
}

fn account(kind: Kind, seen: &Seen) -> Stand {
    match &seen.connector {
        None => missing(say::ACCOUNT_MISSING),
        Some(one) if !one.has_token => lacks(kind.token().label),
        Some(one) if !one.enabled => missing(say::ACCOUNT_OFF),
        Some(one) if kind.business().is_some() && one.business.is_none() => {
            lacks(kind.business().map_or("", |ask| ask.label))
        }
        Some(one) => Stand::Done(fill(say::ACCOUNT_DONE, &[("name", &one.title)])),
    }
}

fn subscription(kind: Kind, seen: &Seen, write: Write) -> Stand {
    let Some(facts) = &seen.facts else { return missing(say::ACCOUNT_FIRST) };
    let provider = kind.provider();
    match (facts.subscribed_at, facts.refused_at) {
        (_, Some(at)) if facts.webhook_at.is_none_or(|arrived| at > arrived) => {
            Stand::Missing(fill(say::SUBSCRIBE_REFUSED, &[("at", &write(at)), ("provider", provider)]))
        }
        (Some(at), _) => Stand::Done(fill(say::SUBSCRIBED, &[("provider", provider), ("at", &write(at))])),
        (None, _) if facts.webhook_at.is_some() => done(say::WEBHOOKS_ARRIVE),
        (None, _) => Stand::Missing(fill(say::SUBSCRIBE_MISSING, &[("provider", provider)])),
    }
}

fn test(seen: &Seen, write: Write) -> Stand {
    let Some(facts) = &seen.facts else { return missing(say::ACCOUNT_FIRST) };
    match (facts.message_at, facts.webhook_at) {
        (Some(at), _) => Stand::Done(fill(say::MESSAGE_ARRIVED, &[("at", &write(at))])),
        (None, Some(_)) => missing(say::ONLY_WEBHOOKS),
        (None, None) => missing(say::NOTHING_ARRIVED),
    }
}

/// Whether a webhook ever brought something of the account.
fn arrived(seen: &Seen) -> bool {
    seen.facts.as_ref().is_some_and(|facts| facts.webhook_at.is_some())
}

#[cfg(test)]
mod tests {
    use super::{Kind, Seen, Stand, Step};
    use shared::channel::Channel;
    use shared::id::ConnectorId;
    use shared::time::Timestamp;
    use shared::wire::{AppSetup, ConnectorBody, ConnectorSetup};

    fn plain(at: Timestamp) -> String {
        at.0.to_string()
    }

    fn app() -> AppSetup {
        AppSetup { app: "1".into(), has_secret: true, has_verify: false, verified_at: None, refused_at: None }
    }

    fn connector() -> ConnectorBody {
        ConnectorBody {
            id: Some(ConnectorId::from_u128(1)),
            channel: Channel::Viber,
            title: "Shop".into(),
            account: "shop".into(),
            app: String::new(),
            base_url: None,
            queue: None,
            enabled: true,
            human_agent: false,
            business: None,
            welcome: None,
            token: None,
            has_token: true,
        }
    }

    const FACTS: ConnectorSetup = ConnectorSetup {
        connector: ConnectorId::from_u128(1),
        subscribed_at: None,
        webhook_at: None,
        message_at: None,
        refused_at: None,
    };

    #[test]
    fn the_next_step_is_the_first_that_is_not_done() {
        let mut seen = Seen::default();
        assert_eq!(Step::next(Kind::Viber, &seen), Step::Address);
        seen.public_url = Some("http://127.0.0.1".into());
        assert!(
            matches!(Step::Address.stand(Kind::Viber, &seen, plain), Stand::Warned(_)),
            "the demo may go on"
        );
        seen.public_url = Some("https://desk.example".into());
        assert_eq!(Step::next(Kind::Viber, &seen), Step::Account);
        assert_eq!(Step::next(Kind::Messenger, &seen), Step::App);
        seen.app = Some(app());
        assert_eq!(Step::next(Kind::Messenger, &seen), Step::Webhook);
        seen.connector = Some(connector());
        seen.facts = Some(FACTS);
        assert_eq!(Step::next(Kind::Viber, &seen), Step::Subscribe);
        seen.facts = Some(ConnectorSetup { webhook_at: Some(Timestamp(1)), ..FACTS });
        assert_eq!(Step::next(Kind::Viber, &seen), Step::Test);
    }

    #[test]
    fn a_signature_that_does_not_fit_is_said_until_one_fits() {
        let refused = AppSetup { refused_at: Some(Timestamp(5)), ..app() };
        let mut seen = Seen { app: Some(refused), facts: Some(FACTS), ..Seen::default() };
        assert!(matches!(Step::App.stand(Kind::Messenger, &seen, plain), Stand::Missing(_)));
        seen.facts = Some(ConnectorSetup { webhook_at: Some(Timestamp(6)), ..FACTS });
        assert!(matches!(Step::App.stand(Kind::Messenger, &seen, plain), Stand::Done(_)));
    }
}
