//! The workspace of the matrix: two queues with an agent each, a supervisor of the first, an admin of none, and somebody who was let go.

use super::super::bed::Bed;
pub use super::super::bed::PASSWORD;
use crate::log::{Beside, MediaRow, NewItem, Session, WantedItems};
use crate::media::Part;
use sha2::{Digest, Sha256};
use shared::channel::Channel;
use shared::command::{Command, Occurrence};
use shared::config::{
    ConfigChange, Connector, Disposition, Member, Pause, Posted, Queue, Role, Tone, Unattended, User,
};
use shared::id::{
    ActivityId, AttachmentId, CommandId, ConnectorId, DispositionId, IdentityId, InteractionId, MessageId,
    NoticeId, PauseId, QueueId, UserId,
};
use shared::interaction::{Amended, Amendment, Attachment, AttachmentKind, AttachmentState, MessageKind};
use shared::thread::Body;
use shared::time::Span;
use shared::wire::Outcome;

/// Everybody who tries; nobody is a stranger without a session.
pub const ROLES: [Kind; 6] =
    [Kind::Nobody, Kind::Agent, Kind::OtherAgent, Kind::Supervisor, Kind::Admin, Kind::Deactivated];

/// Notices, put up when they are asked for.
pub const NOTICES: [NoticeId; 2] = [NoticeId::from_u128(41), NoticeId::from_u128(42)];

/// A kind of person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A stranger.
    Nobody,
    /// The agent of the first queue.
    Agent,
    /// The agent of the second queue.
    OtherAgent,
    /// A supervisor with rights to the first queue.
    Supervisor,
    /// An admin without rights to a queue.
    Admin,
    /// A member of the first queue who was deactivated, and whose session is still stored.
    Deactivated,
}

impl Kind {
    /// Their id; a stranger's belongs to nobody.
    pub const fn user(self) -> UserId {
        UserId::from_u128(match self {
            Self::Admin => 1,
            Self::Agent => 2,
            Self::OtherAgent => 11,
            Self::Supervisor => 12,
            Self::Deactivated => 13,
            Self::Nobody => 99,
        })
    }

    /// Whether they may come in at all.
    pub const fn is_in(self) -> bool {
        !matches!(self, Self::Nobody | Self::Deactivated)
    }

    /// Whether they have rights to this of the two queues.
    pub const fn has(self, queue: usize) -> bool {
        match self {
            Self::Agent | Self::Supervisor => queue == 0,
            Self::OtherAgent => queue == 1,
            Self::Nobody | Self::Admin | Self::Deactivated => false,
        }
    }
}

/// The two queues.
pub const QUEUES: [QueueId; 2] = [QueueId::from_u128(4), QueueId::from_u128(14)];
/// The agents of the two queues.
pub const AGENTS: [Kind; 2] = [Kind::Agent, Kind::OtherAgent];
/// The accounts of the two queues.
pub const CONNECTORS: [ConnectorId; 2] = [ConnectorId::from_u128(21), ConnectorId::from_u128(22)];
/// The statuses, which both queues have.
pub const STATUSES: [DispositionId; 2] = [DispositionId::from_u128(3), DispositionId::from_u128(23)];
/// Two pauses.
pub const PAUSES: [PauseId; 2] = [PauseId::from_u128(31), PauseId::from_u128(32)];

/// A bed with all of them.
pub async fn bed() -> Bed {
    in_bed(Bed::new().await).await
}

/// All of them in this bed.
pub async fn in_bed(bed: Bed) -> Bed {
    let person = |kind: Kind, login: &str, role, active| {
        ConfigChange::UserSaved(User {
            id: kind.user(),
            login: login.into(),
            name: login.to_uppercase(),
            role,
            active,
            capacity: 0,
        })
    };
    let mut changes = vec![
        person(Kind::OtherAgent, "otto", Role::Agent, true),
        person(Kind::Supervisor, "dana", Role::Supervisor, true),
        person(Kind::Deactivated, "gone", Role::Admin, true),
        person(Kind::Deactivated, "gone", Role::Admin, false),
        ConfigChange::DispositionSaved(Disposition::new(STATUSES[1], "Other")),
    ];
    for (n, id) in (1..).zip(PAUSES) {
        let pause = Pause::new(id, format!("Pause {n}"));
        changes.push(ConfigChange::PauseSaved(Pause { paid: true, ..pause }));
    }
    let members = [vec![Kind::Agent, Kind::Supervisor, Kind::Deactivated], vec![Kind::OtherAgent]];
    for (place, members) in members.iter().enumerate() {
        changes.push(ConfigChange::QueueSaved(Queue {
            id: QUEUES[place],
            number: [1_001, 1_002][place],
            title: "Queue".into(),
            channel: Channel::Viber,
            enabled: true,
            priority: 0,
            ring: Span::seconds(60),
            sleep: Span::seconds(5),
            max_wait: None,
            automatic_pause: None,
            disposition_required: false,
            dispositions: STATUSES.to_vec(),
            unattended: Unattended::Wait,
            members: members.iter().map(|kind| (kind.user(), Member::default())).collect(),
            links: Vec::new(),
            manner: shared::config::Manner::default(),
        }));
        changes.push(ConfigChange::ConnectorSaved(Connector {
            id: CONNECTORS[place],
            channel: Channel::Viber,
            title: "Bot".into(),
            account: format!("account{place}"),
            app: String::new(),
            base_url: Some("http://127.0.0.1:1".into()),
            queue: Some(QUEUES[place]),
            enabled: true,
            human_agent: false,
            business: None,
            welcome: None,
        }));
    }
    for change in changes {
        bed.app.engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await.unwrap();
    }
    for kind in [Kind::OtherAgent, Kind::Supervisor] {
        let stored = bed.app.engine.log().credential(Kind::Agent.user()).await.unwrap().unwrap();
        bed.app.engine.log().save_credential(kind.user(), stored).await.unwrap();
    }
    bed
}

/// A webhook item that nobody understands.
pub async fn item(bed: &Bed) -> i64 {
    let log = bed.app.engine.log();
    let junk = NewItem { channel: None, target: String::new(), item: "junk".into() };
    log.keep_items("meta", "demo".into(), bed.app.engine.clock().now(), vec![junk]).await.unwrap();
    let new = log.new_items(u32::MAX).await.unwrap().last().map(|item| item.id);
    let kept = log.kept_items(&WantedItems { limit: 1, ..WantedItems::default() }).await.unwrap();
    new.max(kept.first().map(|item| item.id)).unwrap()
}

/// A new session of this person, whether or not they may come in; its token and the name under which they see it.
pub async fn session(bed: &Bed, kind: Kind) -> (String, String) {
    let token = format!("token-{}", bed.app.engine.clock().fresh());
    let digest = hex::encode(Sha256::digest(token.as_bytes()));
    let now = bed.app.wall.now();
    let session = Session {
        digest: digest.clone(),
        user: kind.user(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus(Span::hours(1)),
        device: "test".into(),
        address: "192.0.2.1".into(),
    };
    bed.app.engine.log().begin_session(session, now.plus(Span::hours(-1))).await.unwrap();
    (token, digest[..16].to_owned())
}

/// A new customer who wrote to this of the two queues, and waits there.
pub async fn waiting(bed: &Bed, queue: usize) -> (InteractionId, ActivityId, IdentityId) {
    let engine = &bed.app.engine;
    let (connector, now) = (CONNECTORS[queue], engine.clock().now());
    let alias = engine.clock().fresh().to_string();
    let identity = engine
        .log()
        .identify(connector, std::slice::from_ref(&alias), &alias, engine.fresh_identity(), now)
        .await
        .unwrap();
    let fresh = (engine.fresh_interaction(), engine.fresh_activity());
    let file = Attachment {
        id: engine.fresh_attachment(),
        kind: AttachmentKind::Image,
        state: AttachmentState::Pending,
    };
    let message = engine.fresh_message();
    let wrote = Occurrence::CustomerWrote {
        connector,
        identity,
        message,
        kind: MessageKind::Image,
        sent_at: now,
        attachments: vec![file.clone()],
        reply_to: None,
        known: false,
        welcomes: Vec::new(),
        fresh: Some(fresh),
    };
    let touch = crate::log::IdentityTouch {
        last_customer_at: Some(now),
        subscribed: Some(true),
        ..crate::log::IdentityTouch::of(identity)
    };
    let media =
        vec![MediaRow { id: file.id, message, kind: file.kind, source: r#"{"url":"https://x"}"#.into() }];
    let beside = Beside { external_id: Some(alias), identity: Some(touch), media, ..Beside::default() };
    engine.occur(wrote, beside).await.unwrap();
    arrives(bed, fresh.0, message, file.id).await;
    (fresh.0, fresh.1, identity)
}

/// Gives a command as somebody.
pub async fn command(bed: &Bed, kind: Kind, command: Command) -> Outcome {
    bed.app.engine.command(kind.user(), CommandId(bed.app.engine.clock().fresh()), command).await
}

/// Gives a command that must be done.
pub async fn done(bed: &Bed, kind: Kind, wish: Command) {
    let outcome = command(bed, kind, wish).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

/// The file of a message comes, with its preview.
async fn arrives(bed: &Bed, interaction: InteractionId, message: MessageId, file: AttachmentId) {
    for part in [Part::Original, Part::Preview] {
        bed.app.blobs.put(file, part, axum::body::Bytes::from_static(b"\xff\xd8\xff")).await.unwrap();
    }
    let state = AttachmentState::Ready { media_type: "image/jpeg".into(), size: 3, pixels: None };
    let amendment = Amendment::Attached { attachment: file, state };
    let message = Amended {
        id: message,
        edited_at: None,
        reacted: None,
        unsent: false,
        attachment: Some(AttachmentState::Pending),
    };
    let at = bed.app.engine.clock().now();
    let came = Occurrence::Amended { interaction, message, amendment, at };
    bed.app.engine.occur(came, Beside::default()).await.unwrap();
}

/// The file of the first message of a chat.
pub async fn file(bed: &Bed, interaction: InteractionId) -> AttachmentId {
    let chat = bed.app.engine.log().snapshot(interaction, 50).await.unwrap().unwrap();
    let file = chat.entries.iter().find_map(|entry| match &entry.body {
        Body::Message(message) => message.attachments.first(),
        Body::Event { .. } => None,
    });
    file.unwrap().id
}

/// A notice that is up.
pub async fn notice(bed: &Bed, place: usize) -> NoticeId {
    let id = NOTICES[place];
    let change =
        ConfigChange::NoticeSaved(Posted { id, text: "Hello".into(), tone: Tone::Info, until: None });
    bed.app.engine.occur(Occurrence::Configure { by: None, change }, Beside::default()).await.unwrap();
    id
}

/// A customer's picture.
pub async fn picture(bed: &Bed, place: usize) -> AttachmentId {
    let id = AttachmentId::from_u128(0xFACE + place as u128);
    let bytes = axum::body::Bytes::from_static(b"\xff\xd8\xff");
    bed.app.blobs.put(id, Part::Preview, bytes).await.unwrap();
    id
}
