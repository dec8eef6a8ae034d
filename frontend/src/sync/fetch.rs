//! What is fetched over HTTP; every answer comes back as a note. Nothing is retried here.

use super::note::{Note, Texts, Wanted};
use super::queue::Queue;
use crate::browser::location::url;
use crate::browser::net::{self, NetError};
use crate::browser::{clock, format, keep};
use crate::store::Filter;
use serde::de::DeserializeOwned;
use shared::id::{AttachmentId, InteractionId};
use shared::link::percent;
use shared::wire::{DeskSnapshot, InteractionSnapshot, SessionKind, SessionRequest, Unreadable, apart, read};
use wasm_bindgen_futures::spawn_local;

/// Under this name the device remembers that somebody logged out of whom the relay does not know it yet.
const LEFT: &str = "signalbox-left";

/// How long the relay's answer to a logout is waited for, in milliseconds.
const LEAVE_MS: i32 = 3_000;

/// The whole start.
pub fn desk(notes: Queue<Note>) {
    spawn_local(async move { notes.put(Note::Desk(Box::new(start().await))) });
}

async fn start() -> Result<(DeskSnapshot, Texts), NetError> {
    let text = net::send("GET", &url("api/v1/desk"), None).await?;
    let both = || {
        let snapshot = read(&text)?;
        // Drafts are kept on a shelf of their own.
        let (rest, _) = apart(&text, "drafts")?;
        Ok((snapshot, apart(&rest, "interactions")?))
    };
    both().map_err(|_: Unreadable| NetError::Malformed)
}

/// One interaction in full.
pub fn interaction(notes: Queue<Note>, id: InteractionId) {
    spawn_local(async move { notes.put(Note::Interaction(id, Box::new(whole(id).await))) });
}

/// An earlier chat, to be read above another one.
pub fn earlier(notes: Queue<Note>, wanted: Wanted) {
    spawn_local(async move {
        let answer = whole(wanted.earlier).await.map(|(snapshot, _)| snapshot);
        notes.put(Note::Earlier(wanted, Box::new(answer)));
    });
}

async fn whole(id: InteractionId) -> Result<(InteractionSnapshot, String), NetError> {
    let text = net::send("GET", &url(&["api/v1/interactions/", &id.to_string()].concat()), None).await?;
    let snapshot = read(&text).map_err(|_| NetError::Malformed)?;
    Ok((snapshot, text))
}

/// The page of history before a line, to be read above the end of the same chat or above another one.
pub fn older(notes: Queue<Note>, home: InteractionId, id: InteractionId, before: u64) {
    spawn_local(async move {
        let path =
            ["api/v1/interactions/", &id.to_string(), "/history?before=", &before.to_string()].concat();
        notes.put(Note::Older(home, id, get(&url(&path)).await));
    });
}

/// A file that could not be had. That it is being fetched is told as an event; what fails can be asked for once more.
pub fn file_again(id: AttachmentId) {
    spawn_local(async move {
        let path = ["api/v1/attachments/", &id.to_string(), "/retry"].concat();
        drop(net::send("POST", &url(&path), None).await);
    });
}

/// A page of at most so many activities: the first one, or the one after a mark of the relay's.
pub fn activities(notes: Queue<Note>, asked: u32, filter: &Filter, before: Option<String>, limit: usize) {
    let Filter { words, phase, channel, queue } = filter;
    let mark = before.as_deref().unwrap_or_default();
    let limit = limit.to_string();
    let mut path = "api/v1/interactions?".to_owned();
    for (name, value) in [("phase", phase), ("channel", channel), ("queue", queue), ("q", words)]
        .map(|(name, value)| (name, value.trim()))
        .into_iter()
        .chain([("before", mark), ("limit", &limit)])
    {
        if !value.is_empty() {
            path.push_str(name);
            path.push('=');
            percent(value, &mut path);
            path.push('&');
        }
    }
    spawn_local(async move {
        notes.put(Note::Activities(asked, before.is_none(), get(&url(&path)).await));
    });
}

/// The agent's day in numbers, since midnight where they are.
pub fn day(notes: Queue<Note>) {
    spawn_local(async move {
        let path = ["api/v1/me/day?from=", &format::midnight(clock::now_ms()).to_string()].concat();
        notes.put(Note::Day(get(&url(&path)).await));
    });
}

/// A login.
pub fn log_in(notes: Queue<Note>, login: String, password: String) {
    spawn_local(async move {
        if let Err(error) = end_left_session().await {
            return notes.put(Note::LoggedIn(Err(error)));
        }
        let request = SessionRequest { login, password, kind: SessionKind::Cookie };
        let answer = match serde_json::to_string(&request) {
            // Who is logged in comes with the snapshot.
            Ok(body) => net::send("POST", &url("api/v1/session"), Some(&body)).await.map(drop),
            Err(_) => Err(NetError::Malformed),
        };
        notes.put(Note::LoggedIn(answer));
    });
}

/// Whether somebody is logged in.
pub fn check(notes: Queue<Note>) {
    spawn_local(async move {
        let answer = net::send("GET", &url("api/v1/session"), None).await;
        notes.put(Note::Checked(answer.map(|_| ())));
    });
}

/// A logout. When the relay cannot be reached, it is told later: nobody is logged in here from now on.
pub fn log_out(notes: Queue<Note>) {
    keep::remember(LEFT, "1");
    spawn_local(async move {
        // A network that swallows everything is not waited for: whoever leaves wants to go.
        drop(clock::within(LEAVE_MS, Box::pin(end_session())).await);
        notes.put(Note::LoggedOut);
    });
}

/// Whether somebody logged out here of whom the relay does not know it.
pub fn has_left() -> bool {
    keep::recall(LEFT).is_some()
}

/// Tells the relay of a logout it does not know of.
pub fn leave(notes: Queue<Note>) {
    spawn_local(async move { notes.put(Note::Left(end_left_session().await)) });
}

async fn end_left_session() -> Result<(), NetError> {
    if has_left() { end_session().await } else { Ok(()) }
}

async fn end_session() -> Result<(), NetError> {
    match net::send("DELETE", &url("api/v1/session"), None).await {
        Err(error) if error.status() != Some(401) => return Err(error),
        _ => keep::forget(LEFT),
    }
    Ok(())
}

/// What a demo offers; a relay that is none has no such address.
pub fn demo(notes: Queue<Note>) {
    spawn_local(async move { notes.put(Note::Demo(get(&url("api/v1/demo")).await.ok())) });
}

async fn get<T: DeserializeOwned>(url: &str) -> Result<T, NetError> {
    read(&net::send("GET", url, None).await?).map_err(|_| NetError::Malformed)
}
