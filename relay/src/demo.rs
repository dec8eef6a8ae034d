//! The demo's workspace: four connectors bound to the simulator, their queues, statuses, pauses and people; never touches what somebody changed since.

use crate::engine::{Engine, OccurError};
use crate::http::session;
use crate::log::{Beside, LogError, token_name};
use shared::channel::Channel;
use shared::command::Occurrence;
use shared::config::{
    Colour, ConfigChange, Connector, Disposition, Link, Manner, Member, Pause, Queue, Role, SystemPause,
    Unattended, User,
};
use shared::id::{ConnectorId, DispositionId, PauseId, QueueId, UserId};
use shared::time::Span;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The password of everybody in the demo.
pub const PASSWORD: &str = "signalbox-demo";

/// The Meta app whose webhooks bring Messenger, Instagram and WhatsApp.
const APP: &str = "demo";

/// The WhatsApp business account around the demo's number.
const BUSINESS: &str = "200300400500600";

/// What greets a customer of the demo's bot.
const WELCOME: &str = "Hello, and welcome to the shop. Write to us whenever you like.";

/// Why the demo could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A part was refused or could not be saved.
    #[error("the demo's workspace could not be set up: {0}")]
    Part(#[from] OccurError),
    /// The log could not be written.
    #[error("the demo's workspace could not be saved: {0}")]
    Log(#[from] LogError),
    /// A password could not be hashed.
    #[error("the demo's passwords could not be hashed: {0}")]
    Hash(#[from] session::HashError),
}

/// One line of the demo: a channel with its account, token and queue.
struct Line {
    channel: Channel,
    account: &'static str,
    token: &'static str,
    number: u32,
    title: &'static str,
}

const LINES: [Line; 4] = [
    Line {
        channel: Channel::Messenger,
        account: "100200300400500",
        token: "demo-messenger-token",
        number: 1001,
        title: "Support Messenger",
    },
    Line {
        channel: Channel::WhatsApp,
        account: "106540352242922",
        token: "demo-whatsapp-token",
        number: 2001,
        title: "Support WhatsApp",
    },
    Line {
        channel: Channel::Viber,
        account: "demo",
        token: "demo-viber-token",
        number: 3001,
        title: "Support Viber",
    },
    Line {
        channel: Channel::Instagram,
        account: "17841400000000001",
        token: "demo-instagram-token",
        number: 4001,
        title: "Support Instagram",
    },
];

/// The logins that the login page offers with one click: login, name, role.
pub const PEOPLE: [(&str, &str, Role); 4] = [
    ("eva", "Eva Králová", Role::Agent),
    ("petr", "Petr Dvořák", Role::Agent),
    ("dana", "Dana Svobodová", Role::Supervisor),
    ("admin", "Admin", Role::Admin),
];

/// Who answers customers in the demo.
const MEMBERS: [&str; 3] = ["eva", "petr", "dana"];

/// Title, colour, when to choose it.
const STATUSES: [(&str, Colour, &str); 4] = [
    ("Solved", Colour::Green, "Nothing is left to do."),
    ("Needs follow-up", Colour::Amber, "Somebody has to come back to the customer."),
    ("Not a question", Colour::Grey, ""),
    ("Spam", Colour::Red, ""),
];

/// Title, whether it is paid, what the system uses it for; agents choose those that are for nothing.
const PAUSES: [(&str, bool, Option<SystemPause>); 4] = [
    ("Lunch", false, None),
    ("Training", true, None),
    ("Inactive", false, Some(SystemPause::Inactive)),
    ("Wrap-up", true, Some(SystemPause::WrapUp)),
];

/// How long the unpaid ones of them last at the most.
const UNPAID: Span = Span::minutes(60);

/// Fixed ids, so that a second start finds what the first one made: a kind in the upper half, a number in the lower.
const fn id(kind: u64, number: u64) -> u128 {
    ((kind as u128) << 64) | number as u128
}

/// Runs the simulator until the stop; its webhooks go to the relay at `desk`, and `crowd` scripted customers write.
pub async fn phones(listener: TcpListener, desk: String, crowd: usize, stop: CancellationToken) {
    let config = simulator::Config { crowd, ..simulator::Config::demo(&desk) };
    if let Err(error) = simulator::serve(listener, config, stop.cancelled_owned()).await {
        tracing::error!(%error, "the simulator ended");
    }
}

/// Sets the workspace up. What exists stays as it is; only the simulator's address is brought up to date.
///
/// # Errors
/// When a part is refused or cannot be saved.
pub async fn seed(engine: &Engine, simulator: &str) -> Result<(), SeedError> {
    let exists = |change: &ConfigChange| {
        engine.look(|world| match change {
            ConfigChange::UserSaved(one) => world.config.users.contains_key(&one.id),
            ConfigChange::ConnectorSaved(one) => world.config.connectors.contains_key(&one.id),
            ConfigChange::QueueSaved(one) => world.config.queues.contains_key(&one.id),
            ConfigChange::DispositionSaved(one) => world.config.dispositions.contains_key(&one.id),
            ConfigChange::PauseSaved(one) => world.config.pauses.contains_key(&one.id),
            ConfigChange::NoticeSaved(one) => world.config.notices.contains_key(&one.id),
            ConfigChange::NoticeRemoved(id) => !world.config.notices.contains_key(id),
            ConfigChange::WorkspaceSaved(one) => world.config.workspace == *one,
            ConfigChange::LookSaved(one) => world.config.look == *one,
        })
    };
    for change in parts(simulator) {
        if !exists(&change) {
            configure(engine, change).await?;
        }
    }
    let moved: Vec<Connector> = engine.look(|world| {
        let ours = (1..).zip(&LINES).map(|(n, _)| ConnectorId::from_u128(id(4, n)));
        ours.filter_map(|id| world.config.connectors.get(&id)).cloned().collect()
    });
    for connector in moved {
        let connector = Connector { base_url: Some(simulator.to_owned()), ..connector };
        configure(engine, ConfigChange::ConnectorSaved(connector)).await?;
    }
    let log = engine.log();
    for (n, _) in (1..).zip(&PEOPLE) {
        let user = UserId::from_u128(id(1, n));
        if log.credential(user).await?.is_none() {
            log.save_credential(user, session::hash(PASSWORD)?).await?;
        }
    }
    for (n, line) in (1..).zip(&LINES) {
        let name = token_name(ConnectorId::from_u128(id(4, n)));
        if log.secret(&name).await?.is_none() {
            log.save_secret(name, line.token.to_owned()).await?;
        }
    }
    for (what, value) in [("secret", "demo-app-secret"), ("verify", "demo-verify-token")] {
        let name = format!("app:{APP}:{what}");
        if log.secret(&name).await?.is_none() {
            log.save_secret(name, value.to_owned()).await?;
        }
    }
    Ok(())
}

async fn configure(engine: &Engine, change: ConfigChange) -> Result<(), SeedError> {
    engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await?;
    Ok(())
}

/// Everything the workspace is made of, in the order in which it refers to itself.
fn parts(simulator: &str) -> Vec<ConfigChange> {
    let mut parts = Vec::new();
    for (n, (login, name, role)) in (1..).zip(PEOPLE) {
        parts.push(ConfigChange::UserSaved(User {
            id: UserId::from_u128(id(1, n)),
            login: login.to_owned(),
            name: name.to_owned(),
            role,
            active: true,
            capacity: 6,
        }));
    }
    for (n, (title, colour, description)) in (1..).zip(STATUSES) {
        let status = Disposition::new(DispositionId::from_u128(id(2, n)), title);
        let description = description.to_owned();
        parts.push(ConfigChange::DispositionSaved(Disposition { description, colour, ..status }));
    }
    for (n, (title, paid, system)) in (1..).zip(PAUSES) {
        let choosable = system.is_none();
        let longest = (choosable && !paid).then_some(UNPAID);
        let id = PauseId::from_u128(id(3, n));
        let pause = Pause { paid, choosable, longest, system, ..Pause::new(id, title) };
        parts.push(ConfigChange::PauseSaved(pause));
    }
    for (n, line) in (1..).zip(&LINES) {
        parts.push(ConfigChange::QueueSaved(queue(n, line)));
    }
    for (n, line) in (1..).zip(&LINES) {
        parts.push(ConfigChange::ConnectorSaved(Connector {
            id: ConnectorId::from_u128(id(4, n)),
            channel: line.channel,
            title: format!("Demo {}", line.channel.capabilities().title),
            account: line.account.to_owned(),
            app: if line.channel == Channel::Viber { String::new() } else { APP.to_owned() },
            base_url: Some(simulator.to_owned()),
            queue: Some(QueueId::from_u128(id(5, n))),
            enabled: true,
            human_agent: false,
            business: (line.channel == Channel::WhatsApp).then(|| BUSINESS.to_owned()),
            welcome: (line.channel == Channel::Viber).then(|| WELCOME.to_owned()),
        }));
    }
    parts
}

fn queue(n: u64, line: &Line) -> Queue {
    let members = (1..).zip(PEOPLE).filter(|(_, (login, ..))| MEMBERS.contains(login));
    let url = "https://example.com/orders?customer={{contact.address}}&chat={{interaction.id}}".to_owned();
    let order = || Link { title: "Order".to_owned(), url, opens: false, window: None };
    Queue {
        id: QueueId::from_u128(id(5, n)),
        number: line.number,
        title: line.title.to_owned(),
        channel: line.channel,
        enabled: true,
        priority: 5,
        ring: Span::seconds(30),
        sleep: Span::seconds(10),
        max_wait: Some(Span::minutes(60)),
        automatic_pause: Some(PauseId::from_u128(id(3, 3))),
        disposition_required: true,
        dispositions: (1..).zip(STATUSES).map(|(n, _)| DispositionId::from_u128(id(2, n))).collect(),
        unattended: Unattended::Wait,
        members: members.map(|(n, _)| (UserId::from_u128(id(1, n)), Member::default())).collect(),
        links: (line.channel == Channel::WhatsApp).then(order).into_iter().collect(),
        manner: Manner::default(),
    }
}
