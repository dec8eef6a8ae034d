//! One person's share: so many sockets, so many frames a second; more is put off and nothing is lost.

use super::signed::limited;
use shared::command::Command;
use shared::wire::{DeskFrame, RelayFrame};
use std::time::{Duration, Instant};
use tests::Desk;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

#[tokio::test(flavor = "multi_thread")]
async fn one_person_has_so_many_sockets_and_others_have_theirs() {
    let relay = limited("sockets_per_person = 3").await;
    let mut desks = Vec::new();
    for _ in 0..3 {
        desks.push(Desk::open(&relay, "eva").await);
    }
    let open = async |token: &str| {
        let address = format!("{}/api/v1/socket", relay.base.replace("http://", "ws://"));
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        match connect_async(request).await {
            Ok((_, answer)) => answer.status().as_u16(),
            Err(Error::Http(answer)) => answer.status().as_u16(),
            Err(other) => panic!("{other}"),
        }
    };
    let token = desks[0].token.clone();
    assert_eq!(open(&token).await, 429);
    assert_eq!(open(&relay.token("petr").await).await, 101, "somebody else");
    desks.pop();
    tests::wait::until("the place that was given back", || async {
        (open(&token).await == 101).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_come_too_fast_wait_and_none_is_lost() {
    let relay = limited("socket_frames = 20").await;
    let eva = Desk::open(&relay, "eva").await;
    let began = Instant::now();
    for _ in 0..70 {
        eva.say(DeskFrame::Ping);
    }
    eva.done(Command::Resume).await;
    let pongs = eva.told().iter().filter(|frame| matches!(frame, RelayFrame::Pong { .. })).count();
    assert_eq!(pongs, 70, "all are answered, in order, before the command");
    assert!(
        began.elapsed() > Duration::from_secs(2),
        "seventy frames at twenty a second: {:?}",
        began.elapsed()
    );
    assert!(!eva.is_cut());
}
