//! Desks that do not read: they are cut off, others are told as before, memory stays bounded, and whoever comes back resumes.

use super::signed::{limited, memory, message, post};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use shared::channel::Channel;
use shared::event::Stream;
use shared::wire::{DeskFrame, PROTOCOL, Position};
use std::time::{Duration, Instant};
use tests::{Desk, Phones, Relay};
use tokio::io::AsyncReadExt;
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

/// A socket whose system buffers are small, so that it is its reader that is slow and not the machine that is patient.
async fn narrow(relay: &Relay, token: &str) -> WebSocketStream<tokio::net::TcpStream> {
    let host = relay.base.trim_start_matches("http://");
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(host.parse().unwrap()).await.unwrap();
    let mut request = format!("ws://{host}/api/v1/socket").into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    client_async(request, stream).await.unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_that_do_not_read_are_cut_and_harm_nobody() {
    let relay = limited("stall_ms = 1500\nsocket_queue = 65536").await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    let card = eva.card().await;
    let held = eva.accept(&card).await;
    let chat = held.interaction.id;
    let token = relay.token("petr").await;
    let mut slow = Vec::new();
    for _ in 0..15 {
        let mut socket = narrow(&relay, &token).await;
        let hello = DeskFrame::Hello { protocol: PROTOCOL, epoch: None, resume: Vec::new() };
        let watch = DeskFrame::Watch { interaction: chat, version: held.interaction.version };
        for frame in [hello, watch] {
            socket.send(Message::Text(serde_json::to_string(&frame).unwrap().into())).await.unwrap();
        }
        slow.push(socket);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = memory(&relay);
    // Long texts of the one customer whom everybody watches, so that what waits for a desk grows fast.
    let number = held.customer.handle.trim_start_matches('+').to_owned();
    let text = "long ".repeat(3_000);
    let (mut most, mut worst) = (before, Duration::ZERO);
    let from = phones_number(&number);
    let began = Instant::now();
    let mut sent = 0;
    while began.elapsed() < Duration::from_secs(5) {
        let id = format!("slow{sent}");
        let mut body = message(0, &id, &format!("{sent} {text}"));
        body["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = json!(from);
        body["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = json!(from);
        let told = eva.told().len();
        let asked = Instant::now();
        assert_eq!(post(&relay.http, &relay.base, &body).await, Some(200));
        tests::wait::until("the message", || async { (eva.told().len() > told).then_some(()) }).await;
        worst = worst.max(asked.elapsed());
        most = most.max(memory(&relay));
        sent += 1;
    }
    assert!(sent > 20, "only {sent} messages were told in five seconds: the reading desk waited");
    assert!(worst < Duration::from_secs(2), "the reading desk waited for {worst:?}");
    // What waits for a desk, with the sender's side of the system's buffers left out; the messages themselves are small.
    let allowed = 15 * 65_536 * 3 / 2 + 48 * 1024 * 1024;
    assert!(most < before + allowed, "memory grew by {} bytes", most - before);
    for mut socket in slow {
        // What was under way still comes; then the end, whether said or not.
        let end = async { while let Some(Ok(_)) = socket.next().await {} };
        tokio::time::timeout(Duration::from_secs(10), end)
            .await
            .expect("a desk that did not read is still served");
        let mut rest = [0; 1];
        let _ = socket.get_mut().read(&mut rest).await;
    }
    let position = Position { stream: Stream::Interaction(chat), version: held.interaction.version };
    let epoch = eva.snapshot().await.epoch;
    let back = Desk::open_with(&relay, token, Some(epoch), vec![position]).await;
    let told = || back.events().iter().filter(|event| event.stream == Stream::Interaction(chat)).count();
    tests::wait::until("everything that was missed", || async { (told() >= sent).then_some(()) }).await;
}

/// A phone number as the provider writes it.
fn phones_number(handle: &str) -> String {
    handle.chars().filter(char::is_ascii_digit).collect()
}
