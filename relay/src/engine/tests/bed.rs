//! A small workspace to test with: agents, one queue, one Viber account; holds no test itself.

use crate::clock::Clock;
use crate::engine::{Engine, OccurError};
use crate::log::tests::{all_events, all_states};
use crate::log::{Beside, tests};
use shared::channel::Channel;
use shared::command::{Command, Occurrence};
use shared::config::{ConfigChange, Connector, Disposition, Member, Queue, Role, Unattended, User};
use shared::event::Stream;
use shared::id::{
    ActivityId, CommandId, ConnectorId, DispositionId, IdentityId, InteractionId, MessageId, QueueId, UserId,
};
use shared::interaction::MessageKind;
use shared::thread::Content;
use shared::time::Span;
use shared::wire::{Outcome, Position};
use shared::world::{Applied, World};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

pub const CONNECTOR: ConnectorId = ConnectorId::from_u128(1);
pub const QUEUE: QueueId = QueueId::from_u128(1);
pub const STATUS: DispositionId = DispositionId::from_u128(1);

pub fn user(n: u128) -> UserId {
    UserId::from_u128(n)
}

pub fn identity(n: u128) -> IdentityId {
    IdentityId::from_u128(n)
}

pub fn queue(agents: u128) -> Queue {
    Queue {
        id: QUEUE,
        number: 1,
        title: "Sales".into(),
        channel: Channel::Viber,
        enabled: true,
        priority: 5,
        ring: Span::seconds(10),
        sleep: Span::seconds(10),
        max_wait: Some(Span::minutes(30)),
        automatic_pause: None,
        disposition_required: false,
        dispositions: vec![STATUS],
        unattended: Unattended::Wait,
        members: (1..=agents).map(|n| (user(n), Member::default())).collect(),
        links: Vec::new(),
        manner: shared::config::Manner::default(),
    }
}

/// Opens the file and starts an engine on it.
pub async fn start(path: &Path, clock: Clock) -> Engine {
    Engine::start(crate::log::tests::open(path).await.unwrap(), clock).await.unwrap()
}

/// Arranges a workspace with so many agents.
pub async fn arrange(engine: &Engine, agents: u128) {
    let status = Disposition::new(STATUS, "Done");
    let mut changes = vec![ConfigChange::DispositionSaved(status)];
    for n in 1..=agents {
        changes.push(ConfigChange::UserSaved(User {
            id: user(n),
            login: format!("agent{n}"),
            name: format!("Agent {n}"),
            role: Role::Agent,
            active: true,
            capacity: 0,
        }));
    }
    changes.push(ConfigChange::QueueSaved(queue(agents)));
    changes.push(ConfigChange::ConnectorSaved(Connector {
        id: CONNECTOR,
        channel: Channel::Viber,
        title: "Bot".into(),
        account: "bot".into(),
        app: String::new(),
        base_url: None,
        queue: Some(QUEUE),
        enabled: true,
        human_agent: false,
        business: None,
        welcome: None,
    }));
    for change in changes {
        let occurrence = Occurrence::Configure { by: None, change };
        engine.occur(occurrence, Beside::default()).await.unwrap();
    }
}

/// A customer of this number writes a message with this provider's id.
pub async fn write(engine: &Engine, who: u128, external: &str) -> Result<Vec<Position>, OccurError> {
    let (occurrence, beside) = message(engine, who, external);
    engine.occur(occurrence, beside).await
}

pub fn message(engine: &Engine, who: u128, external: &str) -> (Occurrence, Beside) {
    let message = engine.fresh_message();
    let occurrence = Occurrence::CustomerWrote {
        connector: CONNECTOR,
        identity: identity(who),
        message,
        kind: MessageKind::Text,
        sent_at: engine.clock().now(),
        attachments: Vec::new(),
        reply_to: None,
        known: false,
        welcomes: Vec::new(),
        fresh: Some((engine.fresh_interaction(), engine.fresh_activity())),
    };
    let beside = Beside {
        content: vec![
            Content::Text { message, text: format!("words of {external}") },
            Content::Name {
                identity: identity(who),
                name: Some(format!("Customer {who}")),
                handle: "h".into(),
                avatar: None,
            },
        ],
        external_id: Some(external.into()),
        ..Beside::default()
    };
    (occurrence, beside)
}

pub async fn command(engine: &Engine, who: UserId, command: Command) -> Outcome {
    engine.command(who, CommandId(engine.clock().fresh()), command).await
}

/// The live interaction of a customer and the activity that waits in it or is open.
pub fn live(engine: &Engine, who: u128) -> Option<(InteractionId, ActivityId)> {
    engine.look(|world| {
        let one = world.live_of(CONNECTOR, identity(who))?;
        Some((one.id, one.activities.last()?.id))
    })
}

/// A customer writes and this agent takes the chat.
pub async fn chat(engine: &Engine, who: u128, agent: UserId) -> (InteractionId, ActivityId) {
    write(engine, who, &engine.clock().fresh().to_string()).await.unwrap();
    let (interaction, activity) = live(engine, who).unwrap();
    done(command(engine, agent, Command::Accept { interaction, activity, offer: None }).await);
    (interaction, activity)
}

pub async fn send(engine: &Engine, agent: UserId, interaction: InteractionId, text: &str) -> MessageId {
    let message = engine.fresh_message();
    let send = Command::Send { interaction, message, text: text.into(), seen: 0 };
    done(command(engine, agent, send).await);
    message
}

pub fn done(outcome: Outcome) -> Vec<Position> {
    match outcome {
        Outcome::Done { moved } => moved,
        other => panic!("{other:?}"),
    }
}

/// Waits until something holds of the committed world.
pub async fn until(engine: &Engine, holds: impl Fn(&World) -> bool) {
    for _ in 0..500 {
        if engine.look(&holds) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come about within five seconds");
}

/// The log holds together: every stream without a hole, every history too, and all events come to the stored states
/// and to what the engine shows. Stops the engine first: routing may still be writing, and the reads are not one.
pub async fn check(engine: &Engine) {
    engine.stop().await;
    let events = all_events(engine.log()).await;
    let mut versions: BTreeMap<Stream, u64> = BTreeMap::new();
    let mut seqs: BTreeMap<Stream, u64> = BTreeMap::new();
    let mut replayed = World::default();
    for event in &events {
        let version = versions.entry(event.stream).or_default();
        *version += 1;
        assert_eq!(event.version, *version, "{:?}", event.stream);
        if let Some(seq) = event.seq {
            let last = seqs.entry(event.stream).or_default();
            *last += 1;
            assert_eq!(seq, *last, "{:?}", event.stream);
        }
        assert_eq!(replayed.apply(event), Applied::Yes);
    }
    for (stream, version, state) in all_states(engine.log()).await {
        let expected = match stream.split_once(':') {
            Some(("interaction", id)) => {
                serde_json::to_value(replayed.interaction(id.parse().unwrap()).unwrap())
            }
            Some(("agent", id)) => serde_json::to_value(replayed.agent(id.parse().unwrap())),
            _ => serde_json::to_value(&replayed.config),
        };
        assert_eq!(state, expected.unwrap(), "{stream}");
        assert_eq!(state["version"], version);
    }
    engine.look(|world| {
        assert_eq!(world.config, replayed.config);
        assert!(world.agents().eq(replayed.agents()));
        for interaction in replayed.interactions() {
            match world.interaction(interaction.id) {
                Some(shown) => assert_eq!(shown, interaction),
                None => assert!(!interaction.is_live()),
            }
        }
        assert!(world.interactions().all(|one| replayed.interaction(one.id).is_some()));
    });
    let lives = replayed.interactions().filter(|one| one.is_live()).count();
    assert_eq!(tests::live(engine.log()).await, i64::try_from(lives).unwrap());
}
