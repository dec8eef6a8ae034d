//! Many sockets at once, of the relay or of the bare server: what they are sent is timed and counted, and otherwise not looked at.

use futures_util::{SinkExt, StreamExt, TryStreamExt};
use shared::id::InteractionId;
use shared::wire::{DeskFrame, PROTOCOL, Position};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// A client's end.
pub type Socket = WebSocketStream<TcpStream>;
/// Stands before the number of a message in its text, so that a frame is known without being read.
pub const SIGN: &str = "fan-";
/// Digits of the number.
const DIGITS: usize = 8;
/// Sockets opened at the same time.
const AT_ONCE: usize = 64;
/// Longer than this without any frame, and frames are lost.
const STUCK: Duration = Duration::from_secs(30);
/// What a client that soon stops reading lets the system keep for it.
const SMALL: u32 = 4 * 1024;

/// Whom to connect to.
#[derive(Clone)]
pub struct Place {
    /// `host:port`.
    pub host: String,
    /// Path of the socket.
    pub path: &'static str,
    /// The session; none for the bare server.
    pub token: Option<String>,
}

/// When which frame arrived, in nanoseconds after the beginning.
pub struct Arrivals {
    began: Instant,
    last: Vec<AtomicU64>,
    count: AtomicUsize,
}

/// Sockets that are read all the time.
pub struct Readers {
    /// What they got.
    pub arrivals: Arc<Arrivals>,
    tasks: Vec<JoinHandle<()>>,
}

impl Readers {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.tasks.len()
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Opens one socket; a lazy one asks the system to keep little for it.
pub async fn open(place: &Place, lazy: bool) -> Socket {
    let socket = TcpSocket::new_v4().unwrap();
    if lazy {
        socket.set_recv_buffer_size(SMALL).unwrap();
    }
    let stream = socket.connect(place.host.parse().unwrap()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut request = format!("ws://{}{}", place.host, place.path).into_client_request().unwrap();
    if let Some(token) = &place.token {
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let config = WebSocketConfig::default().read_buffer_size(SMALL as usize);
    client_async_with_config(request, stream, Some(config)).await.unwrap().0
}

/// Says something to the relay.
pub async fn say(socket: &mut Socket, frame: &DeskFrame) {
    let text = serde_json::to_string(frame).unwrap();
    socket.send(Message::Text(text.into())).await.unwrap();
}

/// Says hello, holding these streams.
pub async fn hello(socket: &mut Socket, epoch: Option<&str>, resume: Vec<Position>) {
    let epoch = epoch.map(ToOwned::to_owned);
    say(socket, &DeskFrame::Hello { protocol: PROTOCOL, epoch, resume }).await;
}

/// Reads until so many frames hold these words.
pub async fn hear(socket: &mut Socket, words: &str, count: usize) {
    let mut left = count;
    while left > 0 {
        let message = socket.try_next().await.unwrap().expect("the socket stays open");
        left -= usize::from(message.to_text().is_ok_and(|text| text.contains(words)));
    }
}

/// A desk of the relay that watches interactions from these versions on.
pub async fn watch(place: &Place, chats: &[(InteractionId, u64)], lazy: bool) -> Socket {
    let mut socket = open(place, lazy).await;
    hello(&mut socket, None, Vec::new()).await;
    hear(&mut socket, "\"welcome\"", 1).await;
    for &(interaction, version) in chats {
        say(&mut socket, &DeskFrame::Watch { interaction, version }).await;
    }
    // Frames of one desk are answered in order: after this one it watches.
    say(&mut socket, &DeskFrame::Ping).await;
    hear(&mut socket, "\"pong\"", 1).await;
    socket
}

/// So many sockets, each made by `one`, a few at a time.
pub async fn many<F: Future<Output = Socket>>(count: usize, one: impl Fn() -> F) -> Vec<Socket> {
    futures_util::stream::iter(0..count).map(|_| one()).buffer_unordered(AT_ONCE).collect().await
}

impl Arrivals {
    /// Room for so many numbers.
    pub fn new(numbers: usize) -> Arc<Self> {
        let last = (0..numbers).map(|_| AtomicU64::new(0)).collect();
        Arc::new(Self { began: Instant::now(), last, count: AtomicUsize::new(0) })
    }

    /// Notes that the frame of this number is there.
    fn note(&self, text: &str) {
        let Some(place) = text.find(SIGN) else { return };
        let digits = &text[place + SIGN.len()..place + SIGN.len() + DIGITS];
        if let Some(last) = digits.parse::<usize>().ok().and_then(|number| self.last.get(number)) {
            last.fetch_max(self.now(), Ordering::Relaxed);
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Nanoseconds since the beginning.
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap()
    }

    /// When a number arrived at the last socket.
    pub fn last(&self, number: usize) -> u64 {
        self.last[number].load(Ordering::Relaxed)
    }

    /// Waits until so many frames have arrived in all.
    pub async fn reach(&self, count: usize) {
        let (mut before, mut since) = (0, Instant::now());
        loop {
            let now = self.count.load(Ordering::Relaxed);
            if now >= count {
                return;
            }
            if now > before {
                (before, since) = (now, Instant::now());
            }
            assert!(since.elapsed() < STUCK, "{now} of {count} frames came, and no more");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Reads all these sockets from now on.
pub fn read(sockets: Vec<Socket>, arrivals: &Arc<Arrivals>) -> Readers {
    let tasks = sockets.into_iter().map(|mut socket| {
        let arrivals = Arc::clone(arrivals);
        tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                if let Message::Text(text) = &message {
                    arrivals.note(text);
                }
            }
        })
    });
    Readers { arrivals: Arc::clone(arrivals), tasks: tasks.collect() }
}

/// The sign of a number, as it stands in a text.
pub fn sign(number: usize) -> String {
    format!("{SIGN}{number:0DIGITS$}")
}
