//! The baseline of sockets and requests: axum as it is, with nothing behind it, in a process of its own; stores and checks nothing.

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::routing::{get, post};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::broadcast;

/// With it, this program is the bare server.
pub const ARGUMENT: &str = "--bare";
/// As the relay has it: the default of 128 KiB would flatter every comparison of memory.
const READ_BUFFER: usize = 4 * 1024;
/// Frames that a socket may be behind.
const BEHIND: usize = 4_096;

/// A running bare server.
pub struct Bare {
    /// `host:port`.
    pub address: String,
    process: Child,
}

impl Bare {
    /// Starts it in a process of its own.
    pub async fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg(ARGUMENT)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.next_line().await.unwrap().expect("the bare server says where it listens");
        Self { address, process }
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.process.id().expect("the bare server runs")
    }
}

/// Serves until it is killed: every POST is echoed, what is posted to `/tell` goes to all sockets, and sockets echo.
pub async fn serve() {
    let (tell, _) = broadcast::channel::<Utf8Bytes>(BEHIND);
    let told = tell.clone();
    let router = Router::new()
        .route(
            "/tell",
            post(async move |body: String| {
                // An error means that no socket is open.
                let _ = tell.send(body.into());
            }),
        )
        .route(
            "/socket",
            get(async move |upgrade: WebSocketUpgrade| {
                let hear = told.subscribe();
                let upgrade = upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(0);
                upgrade.on_upgrade(move |socket| socket_loop(socket, hear))
            }),
        )
        .fallback(post(async |body: Bytes| body));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router)
        .await
        .unwrap();
}

async fn socket_loop(mut socket: WebSocket, mut hear: broadcast::Receiver<Utf8Bytes>) {
    loop {
        let message = tokio::select! {
            told = hear.recv() => match told {
                Ok(text) => Message::Text(text),
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            said = socket.recv() => match said {
                Some(Ok(message @ Message::Text(_))) => message,
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}
