//! A line between the relay and the providers that goes dead at a chosen place of a send; passes everything else on as it is.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Where a send is when the line goes dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The relay has sent its request; the provider has nothing of it.
    Before,
    /// The provider has half of the request.
    HalfAsked,
    /// The provider has the request; nobody waited for what it does.
    Asked,
    /// The provider has answered; the relay has nothing of it.
    Taken,
    /// The relay has half of the answer.
    HalfAnswered,
    /// The relay has the answer.
    Answered,
}

/// A line.
pub struct Line {
    /// Where the relay finds it, as a URL without a slash at the end.
    pub address: String,
    armed: Arc<Mutex<Option<Armed>>>,
    tripped: watch::Receiver<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Armed {
    place: Place,
    /// Sends that pass the place first.
    passing: u64,
}

/// What the two directions of one connection share.
#[derive(Clone)]
struct Connection {
    armed: Arc<Mutex<Option<Armed>>>,
    trip: Arc<watch::Sender<u64>>,
    /// Whether what was asked last is a send.
    sends: Arc<Mutex<bool>>,
}

impl Line {
    /// A line to a server.
    pub async fn to(server: &str) -> Self {
        let server: SocketAddr = server.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let armed = Arc::new(Mutex::new(None));
        let (trip, tripped) = watch::channel(0);
        let (trip, shared) = (Arc::new(trip), Arc::clone(&armed));
        tokio::spawn(async move {
            while let Ok((relay, _)) = listener.accept().await {
                let Ok(provider) = TcpStream::connect(server).await else { continue };
                let (from_relay, to_relay) = relay.into_split();
                let (from_provider, to_provider) = provider.into_split();
                let connection = Connection {
                    armed: Arc::clone(&shared),
                    trip: Arc::clone(&trip),
                    sends: Arc::new(Mutex::new(false)),
                };
                tokio::spawn(connection.clone().ask(from_relay, to_provider));
                tokio::spawn(connection.answer(from_provider, to_relay));
            }
        });
        Self { address, armed, tripped }
    }

    /// The line of the send that comes to this place goes dead, once so many passed it; one send alone.
    pub fn arm(&self, place: Place, passing: u64) {
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Armed { place, passing });
    }

    /// No send is stopped any more.
    pub fn clear(&self) {
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A watch that changes when a send was stopped; take it before the line is armed.
    #[must_use]
    pub fn trips(&self) -> watch::Receiver<u64> {
        let mut trips = self.tripped.clone();
        trips.mark_unchanged();
        trips
    }
}

impl Connection {
    /// Whether a send that is here is stopped here.
    fn stops(&self, here: Place) -> bool {
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = armed.as_mut().filter(|at| at.place == here) else { return false };
        if at.passing > 0 {
            at.passing -= 1;
            return false;
        }
        *armed = None;
        true
    }

    /// The relay learns nothing more, nor does the provider, until the relay is gone.
    async fn dead(&self) {
        self.trip.send_modify(|count| *count += 1);
        // Both directions stay open without a word: the relay is killed in it.
        tokio::time::sleep(crate::wait::PATIENCE).await;
    }

    async fn ask(self, mut relay: OwnedReadHalf, mut provider: OwnedWriteHalf) {
        let mut bytes = Vec::with_capacity(16 * 1024);
        while let Ok(1..) = relay.read_buf(&mut bytes).await {
            let is = is_send(&bytes);
            *self.sends.lock().unwrap_or_else(PoisonError::into_inner) = is;
            if is && self.stops(Place::Before) {
                return self.dead().await;
            }
            if is && self.stops(Place::HalfAsked) {
                let _ = provider.write_all(&bytes[..bytes.len() / 2]).await;
                return self.dead().await;
            }
            if provider.write_all(&bytes).await.is_err() {
                return;
            }
            if is && self.stops(Place::Asked) {
                return self.dead().await;
            }
            bytes.clear();
        }
    }

    async fn answer(self, mut provider: OwnedReadHalf, mut relay: OwnedWriteHalf) {
        let mut bytes = Vec::with_capacity(16 * 1024);
        loop {
            // A provider that hangs up has answered too.
            let ends = !matches!(provider.read_buf(&mut bytes).await, Ok(1..));
            let is = *self.sends.lock().unwrap_or_else(PoisonError::into_inner);
            if is && self.stops(Place::Taken) {
                return self.dead().await;
            }
            if is && self.stops(Place::HalfAnswered) {
                let _ = relay.write_all(&bytes[..bytes.len() / 2]).await;
                return self.dead().await;
            }
            if ends || relay.write_all(&bytes).await.is_err() {
                return;
            }
            if is && self.stops(Place::Answered) {
                return self.dead().await;
            }
            bytes.clear();
        }
    }
}

/// Whether these are the first bytes of a call that sends a message.
fn is_send(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.starts_with("POST ") && (line.contains("/messages") || line.contains("/send_message"))
}
