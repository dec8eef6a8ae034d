//! Hundreds of desks of which some do not read: these are cut off, the others are told everything as before, memory stays bounded, and whoever comes back resumes (I-17).

use super::signed::{limited, memory, message, post};
use futures_util::SinkExt;
use serde_json::json;
use shared::channel::Channel;
use shared::event::Stream;
use shared::wire::{DeskFrame, PROTOCOL, Position};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tests::seed;
use tests::wait::none_left;
use tests::{Desk, Phones, Relay};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

/// What waits for one desk at the most, in bytes, as the relay has it by default.
const QUEUE: usize = 256 * 1024;
/// A desk that takes nothing for so long is cut off; by default it is 20 s, of which a test would only wait more.
const STALL: Duration = Duration::from_secs(3);
/// One desk in twenty does not read.
const SLOW: usize = 20;
/// A ping as it stands on the line.
const PING: [u8; 6] = [0x89, 0x80, 0, 0, 0, 0];
/// How long customers write.
const WRITING: Duration = Duration::from_secs(6);

/// A desk that watches a chat, by a socket whose system buffers are small where it is to be its reader that is slow and
/// not the machine that is patient.
async fn watching(relay: &Relay, token: &str, held: &Position, narrow: bool) -> WebSocketStream<TcpStream> {
    let host = relay.base.trim_start_matches("http://");
    let socket = TcpSocket::new_v4().unwrap();
    if narrow {
        socket.set_recv_buffer_size(4_096).unwrap();
    }
    let stream = socket.connect(host.parse().unwrap()).await.unwrap();
    let mut request = format!("ws://{host}/api/v1/socket").into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let mut socket = client_async(request, stream).await.unwrap().0;
    let Stream::Interaction(interaction) = held.stream else { panic!("a chat is watched") };
    let hello = DeskFrame::Hello { protocol: PROTOCOL, epoch: None, resume: Vec::new() };
    let watch = DeskFrame::Watch { interaction, version: held.version };
    for frame in [hello, watch] {
        socket.send(Message::Text(serde_json::to_string(&frame).unwrap().into())).await.unwrap();
    }
    socket
}

/// Reads whatever comes and counts its bytes, as cheaply as can be: there are hundreds.
fn reads(mut socket: WebSocketStream<TcpStream>) -> Arc<AtomicUsize> {
    let heard = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(more @ 1..) = socket.get_mut().read(&mut bytes).await {
            count.fetch_add(more, Ordering::Relaxed);
        }
    });
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_that_do_not_read_are_cut_and_harm_nobody() {
    let limits =
        format!("stall_ms = {}\nsocket_queue = {QUEUE}\nsockets_per_person = 1000", STALL.as_millis());
    let relay = limited(&limits).await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    let card = eva.card().await;
    let held = eva.accept(&card).await;
    let position =
        Position { stream: Stream::Interaction(held.interaction.id), version: held.interaction.version };
    let token = relay.token("petr").await;
    let (mut slow, mut healthy) = (Vec::new(), Vec::new());
    for n in 0..seed::rounds(500) {
        let narrow = n % SLOW == 0;
        let socket = watching(&relay, &token, &position, narrow).await;
        if narrow {
            slow.push(socket);
        } else {
            healthy.push(reads(socket));
        }
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = memory(&relay);
    // Long texts of the one customer whom everybody watches, so that what waits for a desk grows fast.
    let text = "long ".repeat(3_000);
    let from: String = held.customer.handle.chars().filter(char::is_ascii_digit).collect();
    let (mut most, mut worst, mut sent) = (before, Duration::ZERO, 0);
    let began = Instant::now();
    while began.elapsed() < WRITING {
        let mut body = message(0, &format!("slow{sent}"), &format!("{sent} {text}"));
        body["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = json!(from);
        body["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = json!(from);
        let told = eva.told().len();
        let asked = Instant::now();
        assert_eq!(post(&relay.http, &relay.base, &body).await, Some(200));
        tests::wait::until("the message", || async { (eva.told().len() > told).then_some(()) }).await;
        worst = worst.max(asked.elapsed());
        most = most.max(memory(&relay));
        sent += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!(
        "I-17: {sent} messages to {} desks, of which {} do not read; {} bytes more",
        healthy.len(),
        slow.len(),
        most - before
    );
    assert!(sent * text.len() > 2 * QUEUE, "{sent} messages fill nobody's queue");
    assert!(worst < STALL, "a desk that reads waited for {worst:?}");
    // What waits for the desks that do not read; besides it the messages themselves, and what is on its way to the others.
    let allowed = slow.len() * QUEUE * 3 / 2 + 48 * 1024 * 1024;
    assert!(most < before + allowed, "memory grew by {} bytes", most - before);
    none_left("everything to come to whoever reads", || {
        let all = sent * text.len();
        let missing: usize =
            healthy.iter().map(|heard| all.saturating_sub(heard.load(Ordering::Relaxed))).sum();
        async move { missing }
    })
    .await;
    for mut socket in slow {
        // It reads nothing until the end, so it is by what it says that it finds nobody there any more.
        let cut = async {
            while socket.get_mut().write_all(&PING).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(STALL * 3, cut).await.expect("a desk that did not read is still served");
    }
    let epoch = eva.snapshot().await.epoch;
    let chat = position.stream;
    let back = Desk::open_with(&relay, token, Some(epoch), vec![position]).await;
    let told = || back.events().iter().filter(|event| event.stream == chat).count();
    tests::wait::until("everything that was missed", || async { (told() >= sent).then_some(()) }).await;
}
