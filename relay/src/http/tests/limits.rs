//! Connections that never finish what they begin are ended, too many are turned away, and others are served meanwhile.

use super::bed::Bed;
use crate::config::{Limits, Proxies};
use crate::http::serve;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A served bed, with times a tenth of the usual ones.
struct Served {
    _bed: Bed,
    address: SocketAddr,
    limits: Limits,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Served {
    async fn start(change: impl FnOnce(&mut Limits), proxies: Proxies) -> Self {
        let mut limits =
            Limits { head_ms: 1_000, body_ms: 1_000, idle_ms: 1_000, stall_ms: 1_000, ..Limits::default() };
        change(&mut limits);
        let bed = Bed::with(limits).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(serve(listener, bed.router.clone(), limits, proxies, stop.clone()));
        Self { _bed: bed, address, limits, stop, serving }
    }

    /// As it is by default: this machine is a trusted proxy.
    async fn usual() -> Self {
        Self::start(|_| {}, Proxies::beside([127, 0, 0, 1].into())).await
    }

    async fn open(&self, beginning: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        stream
    }

    async fn health(&self) -> String {
        let mut stream = self.open(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }
}

/// That a connection is ended within so long; what came until then.
async fn ends(mut stream: TcpStream, within: Duration) -> String {
    let mut rest = Vec::new();
    // Whether it is closed or reset, it ends.
    let _ = tokio::time::timeout(within, stream.read_to_end(&mut rest)).await.expect("still open");
    String::from_utf8_lossy(&rest).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_half_sent_requests_are_gone_in_time_and_others_are_served() {
    let served = Served::usual().await;
    let mut open = Vec::new();
    let beginnings: [&[u8]; 4] = [b"", b"P", b"GET / HTTP/1.1\r\nhost: x\r\nx-slow:", b"PRI * HTTP/2.0\r\n"];
    // As many as the system lets one process have, up to 2,000.
    for beginning in beginnings.iter().cycle().take(if open_files() > 5_000 { 2_000 } else { 200 }) {
        open.push(served.open(beginning).await);
    }
    let began = Instant::now();
    let answer = served.health().await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(2), "served meanwhile, after {:?}", began.elapsed());
    for stream in open {
        // One and a half times the limit, as 15 s are to 10, and some for a busy machine.
        ends(stream, served.limits.head() * 3).await;
    }
    served.stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), served.serving).await.expect("stops in time").unwrap();
}

/// How many files this process may have open.
fn open_files() -> usize {
    let text = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("Max open files"));
    line.and_then(|line| line.split_whitespace().nth(3)?.parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn silent_connections_are_ended_after_their_last_answer() {
    let served = Served::usual().await;
    let stream = served.open(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(ends(stream, Duration::from_secs(6)).await.starts_with("HTTP/1.1 200"));
    // HTTP/2: preface and empty settings, then nothing; the server's own frames come, and in the end goodbye.
    let stream = served.open(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    ends(stream, Duration::from_secs(6)).await;
}

#[tokio::test]
async fn a_body_that_drips_or_stops_is_broken_off() {
    let served = Served::usual().await;
    let head = b"POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{";
    let stopped = served.open(head).await;
    let mut drips = served.open(head).await;
    let (mut read, mut write) = drips.split();
    let drip = async {
        for _ in 0..200 {
            if write.write_all(b" ").await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let mut text = String::new();
    let began = Instant::now();
    tokio::select! {
        () = drip => panic!("ten seconds of drips were let through"),
        _ = read.read_to_string(&mut text) => {}
    }
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert!(ends(stopped, Duration::from_secs(6)).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn one_address_has_its_share_of_connections_and_no_more() {
    let served = Served::start(|limits| limits.connections_per_address = 5, Proxies::default()).await;
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(served.open(b"G").await);
    }
    let sixth = served.open(b"").await;
    assert_eq!(ends(sixth, Duration::from_millis(500)).await, "", "closed at once");
    open.clear();
    // The places are given back as soon as the ends are noticed.
    let mut answer = String::new();
    for _ in 0..100 {
        if let Ok(mut stream) = TcpStream::connect(served.address).await {
            let _ = stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
            answer.clear();
            if stream.read_to_string(&mut answer).await.is_ok() && !answer.is_empty() {
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn requests_under_way_end_before_the_stop() {
    let served = Served::usual().await;
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{";
    let mut stream = served.open(head.as_bytes()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    served.stop.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stream.write_all(b"}").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 422"), "{text}");
    served.serving.await.unwrap();
    assert!(TcpStream::connect(served.address).await.is_err(), "nobody listens any more");
}
