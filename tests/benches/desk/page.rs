//! The server of the page beside the desk: its files as Brotli packed them, conversations as JSON, new lines over a socket; keeps everything in memory.

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

/// Lines of a conversation that are fetched when it is opened, as many as the relay gives.
const NEWEST: usize = 50;
/// Lines that a socket may be behind.
const BEHIND: usize = 4_096;

/// A line of a conversation.
#[derive(Clone, Serialize)]
pub struct Line {
    /// Its number.
    pub id: usize,
    /// The words.
    pub text: String,
    /// When, in milliseconds.
    pub at: i64,
    /// Whether the agent wrote it.
    pub mine: bool,
}

/// A conversation.
pub struct Chat {
    /// How the page names it.
    pub id: String,
    /// The customer.
    pub name: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// The running server.
pub struct Page {
    /// Its address, without a slash at the end.
    pub base: String,
    desk: Arc<Desk>,
}

struct Desk {
    chats: Mutex<Vec<Chat>>,
    tell: broadcast::Sender<Utf8Bytes>,
    newest: AtomicUsize,
}

/// What the page says over its socket.
#[derive(Deserialize)]
struct Said {
    conversation: String,
    text: String,
}

impl Page {
    /// Serves these conversations on a free port.
    pub async fn start(chats: Vec<Chat>) -> Self {
        let (tell, _) = broadcast::channel(BEHIND);
        let desk = Arc::new(Desk { chats: Mutex::new(chats), tell, newest: AtomicUsize::new(NEWEST) });
        let router = Router::new()
            .route("/api/desk", get(list))
            .route("/api/conversations/{id}", get(lines))
            .route("/api/socket", get(socket))
            .route("/chat/{id}", get(index))
            .route("/{file}", get(file))
            .with_state(Arc::clone(&desk));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true)));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, desk }
    }

    /// A customer writes.
    pub fn say(&self, chat: usize, text: &str, at: i64) {
        let id = self.desk.chats.lock().unwrap()[chat].id.clone();
        self.desk.say(&id, text, at, false);
    }

    /// From now on a conversation is fetched whole, or as usual.
    pub fn whole(&self, whole: bool) {
        self.desk.newest.store(if whole { usize::MAX } else { NEWEST }, Ordering::Relaxed);
    }
}

impl Desk {
    fn say(&self, chat: &str, text: &str, at: i64, mine: bool) {
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(chat) = chats.iter_mut().find(|one| one.id == chat) else { return };
        let line = Line { id: chat.lines.len(), text: text.to_owned(), at, mine };
        let told = json!({ "conversation": chat.id, "line": line }).to_string();
        chat.lines.push(line);
        // An error means that no page is open.
        let _ = self.tell.send(told.into());
    }
}

async fn list(State(desk): State<Arc<Desk>>) -> Json<Value> {
    let chats = desk.chats.lock().unwrap_or_else(PoisonError::into_inner);
    Json(chats.iter().map(|chat| json!({ "id": chat.id, "name": chat.name, "unread": 0 })).collect())
}

async fn lines(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Response {
    let chats = desk.chats.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(chat) = chats.iter().find(|one| one.id == id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let from = chat.lines.len().saturating_sub(desk.newest.load(Ordering::Relaxed));
    Json(&chat.lines[from..]).into_response()
}

async fn socket(State(desk): State<Arc<Desk>>, upgrade: WebSocketUpgrade) -> Response {
    let hear = desk.tell.subscribe();
    upgrade.on_upgrade(move |socket| talk(socket, hear, desk))
}

async fn talk(mut socket: WebSocket, mut hear: broadcast::Receiver<Utf8Bytes>, desk: Arc<Desk>) {
    loop {
        tokio::select! {
            told = hear.recv() => {
                let told = told.expect("the page reads as fast as it is told");
                if socket.send(Message::Text(told)).await.is_err() {
                    return;
                }
            }
            said = socket.recv() => match said {
                Some(Ok(Message::Text(text))) => {
                    let said: Said = serde_json::from_str(&text).expect("the page says what was written");
                    desk.say(&said.conversation, &said.text, crate::now(), true);
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

async fn index() -> Response {
    built("index.html")
}

async fn file(Path(name): Path<String>) -> Response {
    built(&name)
}

/// A file as it was built, packed; one that is named by its content may be kept for ever, as the relay says it too.
fn built(name: &str) -> Response {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("bench/dist");
    let Ok(packed) = std::fs::read(folder.join(format!("{name}.br"))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (kind, keep) = match name.rsplit('.').next() {
        Some("js") => ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        Some("css") => ("text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        _ => ("text/html; charset=utf-8", "no-cache"),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    (headers, packed).into_response()
}
