//! Connections that never finish their first words are ended, and others are served meanwhile.

use super::bed::Bed;
use crate::config;
use crate::http::serve;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

async fn health(address: std::net::SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn half_sent_requests_are_gone_in_time() {
    let bed = Bed::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve(listener, bed.router.clone(), stop.clone()));
    let mut open = Vec::new();
    for beginning in ["", "P", "GET / HTTP/1.1\r\nhost: x\r\nx-slow:", "PRI * HTTP/2.0\r\n"] {
        for _ in 0..20 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(beginning.as_bytes()).await.unwrap();
            open.push(stream);
        }
    }
    let began = Instant::now();
    assert!(health(address).await.starts_with("HTTP/1.1 200"), "a normal client is served meanwhile");
    for mut stream in open {
        let mut rest = Vec::new();
        let limit = (config::HEAD_TIMEOUT + Duration::from_secs(5)).saturating_sub(began.elapsed());
        // Whether it is closed or reset, it ends.
        let _ = tokio::time::timeout(limit, stream.read_to_end(&mut rest)).await.expect("still open");
    }
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("stops in time").unwrap();
}

#[tokio::test]
async fn requests_under_way_end_before_the_stop() {
    let bed = Bed::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve(listener, bed.router.clone(), stop.clone()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stream.write_all(b"}").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 422"), "{text}");
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
