//! Samples of the bodies of the REST API; secrets are never written out.

use super::{CHAT, LATER, NOON, eva, golden, line};
use crate::channel::Channel;
use crate::config::{Colour, Look, Manner, Rgb, Role, SystemPause, Tone, Unattended, Workspace};
use crate::fixture::{self, EVA, INACTIVE, SOLVED, SPAM, connector, queue};
use crate::interaction::{Disconnection, FailureKind, InteractionChange, Phase};
use crate::thread::{Body, Entry};
use crate::time::Span;
use crate::wire::{
    CheckBody, ConnectorBody, ConnectorHealth, DayBody, DispositionBody, ErrorBody, HealthState, HistoryPage,
    InteractionPage, InteractionRow, LookBody, MemberBody, NoticeBody, PauseBody, PausedBody, QueueBody,
    SessionAnswer, SessionKind, SessionRequest, SoundBody, SoundKind, SoundName, TokenState, UserBody,
};

const CHANNEL: Channel = Channel::WhatsApp;

#[test]
fn sessions_have_a_stored_form() {
    let (login, password) = ("eva".to_owned(), "signalbox-demo".to_owned());
    golden("SessionRequest", &SessionRequest { login, password, kind: SessionKind::Bearer });
    let read: SessionRequest = serde_json::from_str(r#"{"login":"eva","password":"x"}"#).unwrap();
    assert!(read.kind == SessionKind::Cookie, "a cookie unless asked otherwise");
    let user = UserBody { id: EVA, login: "eva".into(), name: "Eva".into(), role: Role::Agent };
    golden("SessionAnswer-bearer", &SessionAnswer { token: Some("token".into()), user: user.clone() });
    golden("SessionAnswer-cookie", &SessionAnswer { token: None, user });
}

#[test]
fn pages_have_a_stored_form() {
    let row = InteractionRow {
        id: CHAT,
        channel: CHANNEL,
        phase: Phase::Ended,
        customer: "Jana".into(),
        queue: Some(line()),
        owner: Some(eva()),
        entered_at: NOON,
        ended_at: Some(LATER),
        disconnection: Some(Disconnection::Agent),
        status: Some("Solved".into()),
        preview: None,
    };
    golden("InteractionPage", &InteractionPage { interactions: vec![row], next: Some("cursor".into()) });
    let body = Body::Event { change: InteractionChange::CustomerLeft };
    let entry = Entry { seq: 9, at: NOON, actor: crate::event::Actor::Customer, body };
    golden("HistoryPage", &HistoryPage { entries: vec![entry], before: Some(9) });
}

#[test]
fn a_day_has_a_stored_form() {
    let day =
        DayBody { accepted: 12, closed: 10, sent: 48, missed: 1, open: 2, first_reply_ms: Some(21_500) };
    golden("DayBody", &day);
    golden("DayBody-silent", &DayBody { first_reply_ms: None, ..day });
}

#[test]
fn configuration_bodies_have_a_stored_form() {
    let links = fixture::line(CHANNEL).links;
    golden(
        "QueueBody",
        &QueueBody {
            id: Some(queue(CHANNEL)),
            number: 101,
            title: "WhatsApp".into(),
            channel: CHANNEL,
            enabled: true,
            priority: 5,
            ring: Span::seconds(20),
            sleep: Span::seconds(10),
            max_wait: Some(Span::seconds(60)),
            automatic_pause: Some(INACTIVE),
            disposition_required: true,
            dispositions: vec![SOLVED],
            unattended: Unattended::Wait,
            members: vec![MemberBody { user: EVA, penalty: 1 }],
            links,
            manner: Manner { reject_reasons: vec!["Wrong queue".into()], ..Manner::default() },
        },
    );
    let body = DispositionBody {
        id: Some(SOLVED),
        title: "Solved".into(),
        enabled: true,
        description: "Nothing is left to do.".into(),
        colour: Colour::Green,
        under: Some(SPAM),
    };
    golden("DispositionBody", &body);
    let (id, text) = (Some(crate::id::NoticeId::from_u128(0xB1)), "The shop is closed on Monday.".into());
    golden("NoticeBody", &NoticeBody { id, text, tone: Tone::Warning, until: Some(LATER) });
    let (id, title) = (Some(INACTIVE), "Inactive".into());
    golden("Workspace", &Workspace { lost_after: None, ..Workspace::default() });
    assert_eq!(serde_json::from_str::<Workspace>("{}").unwrap(), Workspace::default());
    let (longest, system) = (Some(Span::minutes(30)), Some(SystemPause::Inactive));
    golden(
        "PauseBody",
        &PauseBody { id, title, paid: false, choosable: false, enabled: true, longest, system },
    );
}

#[test]
fn look_and_sounds_have_a_stored_form() {
    let look = Look { accent: Some(Rgb::of(0x7a_1f_a2)) };
    golden("LookBody", &LookBody::from(look));
    assert_eq!(Look::try_from(LookBody::from(look)), Ok(look));
    assert_eq!(serde_json::from_str::<LookBody>("{}").unwrap(), LookBody::from(Look::default()));
    let text = Some("petrol".to_owned());
    assert!(Look::try_from(LookBody { accent: text }).is_err());
    golden(
        "SoundBody",
        &SoundBody { sound: SoundName::Offer, kind: SoundKind::Opus, bytes: 4_096, at: NOON },
    );
    for sound in SoundName::ALL {
        assert_eq!(serde_json::to_string(&sound).unwrap(), format!("{:?}", sound.key()));
        assert_eq!(sound.key().parse(), Ok(sound));
    }
    for kind in SoundKind::ALL {
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("{:?}", kind.key()));
    }
}

#[test]
fn how_an_account_stands_has_a_stored_form() {
    let why = ErrorBody { at: NOON, kind: FailureKind::Account, code: Some("190/463".into()) };
    let checked = CheckBody {
        at: NOON,
        token: TokenState::Refused,
        expires_at: Some(NOON),
        missing: vec!["pages_messaging".into()],
        name: Some("Shop".into()),
        quality: Some("GREEN".into()),
        subscribed: Some(false),
        error: Some("190".into()),
    };
    let health = ConnectorHealth {
        connector: connector(CHANNEL),
        title: "Shop".into(),
        channel: CHANNEL,
        state: HealthState::Paused,
        sentence: Some("Shop cannot send.".into()),
        paused: Some(PausedBody { since: NOON, next_at: NOON, why: why.clone() }),
        last_webhook_at: Some(NOON),
        last_sent_at: None,
        last_error: Some(why),
        checked: Some(checked),
    };
    golden("ConnectorHealth", &health);
}

#[test]
fn a_token_is_read_and_never_written() {
    let mut body = ConnectorBody {
        id: Some(connector(CHANNEL)),
        channel: CHANNEL,
        title: "Shop".into(),
        account: "1".into(),
        app: "demo".into(),
        base_url: None,
        queue: Some(queue(CHANNEL)),
        enabled: true,
        human_agent: true,
        business: Some("2".into()),
        welcome: Some("Hello!".into()),
        token: None,
        has_token: true,
    };
    golden("ConnectorBody", &body);
    body.token = Some("secret".into());
    assert!(!serde_json::to_string(&body).unwrap().contains("secret"));
    let text = r#"{"channel":"viber","title":"Shop","account":"1","enabled":true,"token":"secret"}"#;
    let read: ConnectorBody = serde_json::from_str(text).unwrap();
    assert!(read.token.as_deref() == Some("secret") && read.app.is_empty() && read.queue.is_none());
}
