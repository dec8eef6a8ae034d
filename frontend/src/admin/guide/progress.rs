//! How far an account is connected, derived from what the relay knows and kept nowhere else; draws nothing.

use super::kind::Kind;
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
    pub(super) const fn title(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Address, _) => "Your public address",
            (Self::App, _) => "The app at Meta",
            (Self::Webhook, _) => "The webhook of the app",
            (Self::Account, Kind::Messenger) => "The Page",
            (Self::Account, Kind::WhatsApp) => "The number",
            (Self::Account, Kind::Viber) => "The bot",
            (Self::Account, _) => "The account",
            (Self::Subscribe, Kind::Viber) => "The webhook of the bot",
            (Self::Subscribe, _) => "The subscription",
            (Self::Test, _) => "A first message",
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

fn missing(words: &str) -> Stand {
    Stand::Missing(words.to_owned())
}

fn address(seen: &Seen) -> Stand {
    match seen.public_url.as_deref() {
        None => missing("The server does not know the address by which it is reached from the internet."),
        Some(url) if !url.starts_with("https://") => {
            Stand::Warned([url, " is not https. Meta and Viber call https addresses alone."].concat())
        }
        Some(url) => Stand::Done(url.to_owned()),
    }
}

fn app(seen: &Seen, write: Write) -> Stand {
    let Some(app) = &seen.app else { return missing("The app's ID and secret are not stored yet.") };
    let arrived = seen.facts.as_ref().and_then(|facts| facts.webhook_at);
    match app.refused_at {
        _ if !app.has_secret => missing("The app secret is missing."),
        Some(at) if arrived.is_none_or(|arrived| at > arrived) => Stand::Missing(
            [
                "At ",
                &write(at),
                " Meta sent something that another secret had signed. Replace the app secret.",
            ]
            .concat(),
        ),
        _ => Stand::Done(["App ", &app.app, ", secret stored"].concat()),
    }
}

fn webhook(seen: &Seen, write: Write) -> Stand {
    let Some(app) = &seen.app else { return missing("The app comes first.") };
    match app.verified_at {
        Some(at) => Stand::Done(["Meta asked for the address at ", &write(at)].concat()),
        None if arrived(seen) => Stand::Done("Webhooks arrive".to_owned()),
        None if !app.has_verify => missing("There is no verify token yet."),
        None => missing("Meta has not asked for the address yet."),
    }
}

fn account(kind: Kind, seen: &Seen) -> Stand {
    match &seen.connector {
        None => missing("The account's ID and access token are not stored yet."),
        Some(one) if !one.has_token => Stand::Missing([kind.token().label, " is missing."].concat()),
        Some(one) if !one.enabled => missing("The account is switched off."),
        Some(one) if kind.business().is_some() && one.business.is_none() => {
            Stand::Missing([kind.business().map_or("", |ask| ask.label), " is missing."].concat())
        }
        Some(one) => Stand::Done([one.title.as_str(), ", token stored"].concat()),
    }
}

fn subscription(kind: Kind, seen: &Seen, write: Write) -> Stand {
    let Some(facts) = &seen.facts else { return missing("The account comes first.") };
    let provider = kind.provider();
    match (facts.subscribed_at, facts.refused_at) {
        (_, Some(at)) if facts.webhook_at.is_none_or(|arrived| at > arrived) => Stand::Missing(
            [
                "At ",
                &write(at),
                " ",
                provider,
                " sent something that another token had signed. Replace the token.",
            ]
            .concat(),
        ),
        (Some(at), _) => Stand::Done([provider, " took it at ", &write(at)].concat()),
        (None, _) if facts.webhook_at.is_some() => Stand::Done("Webhooks arrive".to_owned()),
        (None, _) => Stand::Missing([provider, " does not send this account's messages yet."].concat()),
    }
}

fn test(seen: &Seen, write: Write) -> Stand {
    let Some(facts) = &seen.facts else { return missing("The account comes first.") };
    match (facts.message_at, facts.webhook_at) {
        (Some(at), _) => Stand::Done(["A message arrived at ", &write(at)].concat()),
        (None, Some(_)) => missing("Webhooks arrive, but no message of a customer yet."),
        (None, None) => missing("Nothing has arrived yet."),
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
