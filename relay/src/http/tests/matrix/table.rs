//! The tables of rights: one row for every route and every command, with who may use it; tries none.

use super::people::PASSWORD;
use serde_json::{Value, json};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Anybody: it is public, and this is why.
    Nothing(&'static str),
    /// A signature of the provider; sessions count for nothing.
    Signature,
    /// A session.
    Session,
    /// A session of somebody who may read the interaction that is named.
    Reading,
    /// A session of the agent who has the interaction open that is named.
    Writing,
    /// A session of the person to whom what is named belongs.
    Owning,
    /// A session of a supervisor or an admin.
    Supervising,
    /// A session of an admin.
    Configuring,
}

/// What stands for `{…}` in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// There is nothing to fill in.
    Nothing,
    /// An interaction.
    Interaction,
    /// The file of a message in an interaction.
    Attachment,
    /// A customer's picture.
    Picture,
    /// A queue.
    Queue,
    /// A status.
    Disposition,
    /// A pause.
    Pause,
    /// A person.
    User,
    /// A connector.
    Connector,
    /// A session.
    Session,
    /// An item of a webhook.
    Item,
    /// A notice.
    Notice,
    /// A sound.
    Sound,
    /// An id that anything new may have.
    Fresh,
    /// A name that anything may be called by.
    Anything,
}

/// A route with who may use it.
pub struct Row {
    /// The method, in lower case.
    pub method: &'static str,
    /// The address, as the document spells it.
    pub path: &'static str,
    /// Who may use it.
    pub needs: Needs,
    /// What is filled in.
    pub names: Names,
    /// Queries to try besides none.
    pub queries: &'static [&'static str],
    /// A body that is right; the number makes it unlike all others. A text is sent as it stands, anything else as JSON.
    pub body: fn(u32) -> Value,
}

const fn row(method: &'static str, path: &'static str, needs: Needs, names: Names) -> Row {
    Row { method, path, needs, names, queries: &[], body: |_| Value::Null }
}

const fn with(
    method: &'static str,
    path: &'static str,
    needs: Needs,
    names: Names,
    body: fn(u32) -> Value,
) -> Row {
    Row { method, path, needs, names, queries: &[], body }
}

fn title(n: u32) -> Value {
    json!({ "title": format!("T{n}"), "enabled": true })
}

fn pause(n: u32) -> Value {
    json!({ "title": format!("P{n}"), "paid": true, "choosable": true, "enabled": true })
}

fn workspace(n: u32) -> Value {
    json!({ "lost_after": 60_000 + n })
}

fn look(n: u32) -> Value {
    json!({ "accent": format!("#{n:06x}") })
}

fn sound(n: u32) -> Value {
    format!("fLaC{n}").into()
}

fn notice(n: u32) -> Value {
    json!({ "text": format!("N{n}"), "tone": "info" })
}

fn queue(n: u32) -> Value {
    json!({ "number": 5_000 + n, "title": "Q", "channel": "viber", "enabled": true, "ring": 30_000, "sleep": 10_000,
        "disposition_required": false, "unattended": "wait", "members": [] })
}

fn connector(n: u32) -> Value {
    json!({ "channel": "viber", "title": "C", "account": format!("bot{n}"), "enabled": true,
        "queue": "00000000-0000-0000-0000-000000000004" })
}

fn person(n: u32) -> Value {
    json!({ "login": format!("new{n}"), "name": "N", "role": "agent", "active": true })
}

fn message(n: u32) -> Value {
    let id = |part: u32| format!("00000000-0000-0000-{part:04x}-{n:012x}");
    json!({ "command": id(1), "message": id(2), "content": { "text": { "text": "Hello" } } })
}

const LISTS: &[&str] =
    &["?limit=1", "?limit=200", "?phase=active", "?phase=ended,missed", "?limit=0", "?owner=me&q=a"];
const PAGES: &[&str] = &["?limit=1", "?before=1", "?before=99999&limit=200"];

const ITEMS: &[&str] = &["?limit=1", "?channel=none", "?state=failed&before=9"];

/// Asks a provider, which no account here can: none has a token.
pub const SUBSCRIBE: &str = "/api/v1/connectors/{id}/subscribe";

/// Every route.
pub const ROUTES: &[Row] = &[
    row("get", "/health", Needs::Nothing("process managers ask"), Names::Nothing),
    row("get", "/ready", Needs::Nothing("process managers ask"), Names::Nothing),
    row("get", "/api/v1/openapi.json", Needs::Nothing("it says nothing of this workspace"), Names::Nothing),
    with(
        "post",
        "/api/v1/session",
        Needs::Nothing("who logs in has no session"),
        Names::Nothing,
        |_| json!({ "login": "eva" }),
    ),
    row("get", "/webhooks/meta/{app}", Needs::Signature, Names::Anything),
    row("post", "/webhooks/meta/{app}", Needs::Signature, Names::Anything),
    row("post", "/webhooks/viber/{bot}", Needs::Signature, Names::Anything),
    row("get", "/api/v1/session", Needs::Session, Names::Nothing),
    row("delete", "/api/v1/session", Needs::Session, Names::Nothing),
    row("get", "/api/v1/sessions", Needs::Session, Names::Nothing),
    row("delete", "/api/v1/sessions", Needs::Session, Names::Nothing),
    row("delete", "/api/v1/sessions/{id}", Needs::Owning, Names::Session),
    with(
        "put",
        "/api/v1/me/password",
        Needs::Session,
        Names::Nothing,
        |_| json!({ "current": PASSWORD, "new": PASSWORD }),
    ),
    row("get", "/api/v1/socket", Needs::Session, Names::Nothing),
    row("get", "/api/v1/desk", Needs::Session, Names::Nothing),
    row("get", "/api/v1/me/day", Needs::Session, Names::Nothing),
    Row { queries: LISTS, ..row("get", "/api/v1/interactions", Needs::Session, Names::Nothing) },
    row("get", "/api/v1/interactions/{id}", Needs::Reading, Names::Interaction),
    Row {
        queries: PAGES,
        ..row("get", "/api/v1/interactions/{id}/history", Needs::Reading, Names::Interaction)
    },
    with("post", "/api/v1/interactions/{id}/messages", Needs::Writing, Names::Interaction, message),
    row("get", "/api/v1/attachments/{id}", Needs::Reading, Names::Attachment),
    row("get", "/api/v1/attachments/{id}/preview", Needs::Reading, Names::Attachment),
    row("post", "/api/v1/attachments/{id}/retry", Needs::Reading, Names::Attachment),
    row("get", "/api/v1/avatars/{id}", Needs::Session, Names::Picture),
    row("get", "/api/v1/connectors", Needs::Configuring, Names::Nothing),
    with("post", "/api/v1/connectors", Needs::Configuring, Names::Nothing, connector),
    row("get", "/api/v1/connectors/health", Needs::Configuring, Names::Nothing),
    row("post", "/api/v1/connectors/{id}/test", Needs::Configuring, Names::Connector),
    row("get", "/api/v1/connectors/{id}", Needs::Configuring, Names::Connector),
    with("put", "/api/v1/connectors/{id}", Needs::Configuring, Names::Connector, connector),
    with("put", "/api/v1/apps/{id}", Needs::Configuring, Names::Anything, |_| json!({ "secret": "s" })),
    row("post", "/api/v1/apps/{id}/verify", Needs::Configuring, Names::Anything),
    row("post", SUBSCRIBE, Needs::Configuring, Names::Connector),
    row("get", "/api/v1/setup", Needs::Configuring, Names::Nothing),
    Row { queries: ITEMS, ..row("get", "/api/v1/journal", Needs::Configuring, Names::Nothing) },
    row("get", "/api/v1/journal/{id}", Needs::Configuring, Names::Item),
    with("post", "/api/v1/journal/retry", Needs::Configuring, Names::Nothing, |_| json!({})),
    row("get", "/api/v1/queues", Needs::Configuring, Names::Nothing),
    with("post", "/api/v1/queues", Needs::Configuring, Names::Nothing, queue),
    row("get", "/api/v1/queues/{id}", Needs::Configuring, Names::Queue),
    // The number of a queue is fixed: a body that is right for one is refused by the domain for the other.
    with("put", "/api/v1/queues/{id}", Needs::Configuring, Names::Queue, queue),
    row("get", "/api/v1/dispositions", Needs::Configuring, Names::Nothing),
    with("post", "/api/v1/dispositions", Needs::Configuring, Names::Nothing, title),
    row("get", "/api/v1/dispositions/{id}", Needs::Configuring, Names::Disposition),
    with("put", "/api/v1/dispositions/{id}", Needs::Configuring, Names::Disposition, title),
    row("get", "/api/v1/pauses", Needs::Configuring, Names::Nothing),
    with("post", "/api/v1/pauses", Needs::Configuring, Names::Nothing, pause),
    row("get", "/api/v1/pauses/{id}", Needs::Configuring, Names::Pause),
    with("put", "/api/v1/pauses/{id}", Needs::Configuring, Names::Pause, pause),
    row("get", "/api/v1/notices", Needs::Configuring, Names::Nothing),
    row("get", "/api/v1/notices/{id}", Needs::Configuring, Names::Notice),
    row("delete", "/api/v1/notices/{id}", Needs::Configuring, Names::Notice),
    // Whoever puts a notice up makes its id: one that is of nothing becomes one of a notice. So this comes last.
    with("put", "/api/v1/notices/{id}", Needs::Configuring, Names::Fresh, notice),
    row("get", "/api/v1/workspace", Needs::Configuring, Names::Nothing),
    with("put", "/api/v1/workspace", Needs::Configuring, Names::Nothing, workspace),
    row("get", "/api/v1/look", Needs::Configuring, Names::Nothing),
    with("put", "/api/v1/look", Needs::Configuring, Names::Nothing, look),
    row("get", "/api/v1/sounds", Needs::Configuring, Names::Nothing),
    with("put", "/api/v1/sounds/{sound}", Needs::Configuring, Names::Sound, sound),
    row("delete", "/api/v1/sounds/{sound}", Needs::Configuring, Names::Sound),
    row("get", "/api/v1/users", Needs::Supervising, Names::Nothing),
    with("post", "/api/v1/users", Needs::Configuring, Names::Nothing, person),
    with("put", "/api/v1/users/{id}", Needs::Configuring, Names::User, person),
    Row {
        body: |_| json!([{ "type": "csp-violation" }]),
        ..row(
            "post",
            "/api/v1/policy-reports",
            Needs::Nothing("browsers report without a session, for pages of ours alone"),
            Names::Nothing,
        )
    },
    row("post", "/api/v1/secrets/rotate", Needs::Configuring, Names::Nothing),
];

/// Who may give a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Who has rights to the queue.
    Member,
    /// Whom the offer rings at.
    Offered,
    /// Whose activity it is.
    Owner,
    /// Whose activity it is, and who supervises and has rights to its queue.
    Helper,
    /// Everybody who is active, for themselves.
    Oneself,
    /// Nobody.
    Nobody,
}

/// Every command, as the wire spells it.
pub const COMMANDS: &[(&str, Right)] = &[
    ("Accept", Right::Member),
    ("Reject", Right::Offered),
    ("Send", Right::Owner),
    ("Resend", Right::Owner),
    ("Dismiss", Right::Helper),
    ("ChooseDisposition", Right::Helper),
    ("Close", Right::Helper),
    ("StartChat", Right::Member),
    ("SendOnce", Right::Member),
    ("JoinQueue", Right::Member),
    ("LeaveQueue", Right::Member),
    ("Pause", Right::Oneself),
    ("Resume", Right::Oneself),
    ("Unknown", Right::Nobody),
];
