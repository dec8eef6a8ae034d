//! Whoever loses their session, their role or their place loses their sockets within a second, while events keep coming, and hears nothing afterwards.

use reqwest::Method;
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::wire::{Bye, RelayFrame};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tests::relay::PASSWORD;
use tests::{Desk, Phones, Relay};

/// What ends a session.
#[derive(Clone, Copy, Debug)]
enum End {
    LogsOut,
    EndsThatSession,
    EndsTheOthers,
    ChangesPassword,
    GetsAPassword,
    GetsARole,
    IsDeactivated,
}

const ENDS: [End; 7] = [
    End::LogsOut,
    End::EndsThatSession,
    End::EndsTheOthers,
    End::ChangesPassword,
    End::GetsAPassword,
    End::GetsARole,
    End::IsDeactivated,
];

async fn call(relay: &Relay, token: &str, method: Method, path: &str, body: &Value) -> Value {
    let request = relay.http.request(method, format!("{}{path}", relay.base)).bearer_auth(token).json(body);
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.unwrap_or(Value::Null)
}

/// A new agent of every queue, whose desk hears everything that the queues' agents hear.
async fn newcomer(relay: &Relay, admin: &str, login: &str) -> Value {
    let body =
        json!({ "login": login, "name": login, "role": "agent", "active": true, "password": PASSWORD });
    let made = call(relay, admin, Method::POST, "/api/v1/users", &body).await;
    for queue in relay.get(admin, "/api/v1/queues").await.as_array().unwrap() {
        let mut queue = queue.clone();
        queue["members"].as_array_mut().unwrap().push(json!({ "user": made["id"], "penalty": 200 }));
        let path = format!("/api/v1/queues/{}", queue["id"].as_str().unwrap());
        call(relay, admin, Method::PUT, &path, &queue).await;
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_end_within_a_second_of_their_session_and_hear_nothing_more() {
    let relay = Arc::new(Relay::start().await);
    let phones = Phones::of(&relay);
    let admin = relay.token("admin").await;
    let user = newcomer(&relay, &admin, "nora").await;
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    // Somebody writes all the time, in a chat that every desk here watches.
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (stop, customer) = (Arc::clone(&stop), customer.clone());
        async move {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                customer.write(&format!("still here {n}")).await;
                n += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    });
    let mut slowest = Duration::ZERO;
    for round in 0..28 {
        let end = ENDS[round % ENDS.len()];
        let login = |active: bool, role: &str| json!({ "login": "nora", "name": format!("Nora {round}"), "role": role, "active": active });
        let token = relay.token("nora").await;
        let other = relay.token("nora").await;
        let nora = Desk::open_with(&relay, token.clone(), None, Vec::new()).await;
        nora.watch(chat).await;
        let before = nora.told().len();
        tests::wait::until("an event", || async { (nora.told().len() > before + 2).then_some(()) }).await;
        match end {
            End::LogsOut => {
                call(&relay, &token, Method::DELETE, "/api/v1/session", &json!({})).await;
            }
            End::EndsThatSession => {
                let mine = relay.get(&token, "/api/v1/sessions").await;
                let mine =
                    mine.as_array().unwrap().iter().find(|one| one["current"] == true).unwrap().clone();
                let path = format!("/api/v1/sessions/{}", mine["id"].as_str().unwrap());
                call(&relay, &other, Method::DELETE, &path, &json!({})).await;
            }
            End::EndsTheOthers => {
                call(&relay, &other, Method::DELETE, "/api/v1/sessions", &json!({})).await;
            }
            End::ChangesPassword => {
                let body = json!({ "current": PASSWORD, "new": PASSWORD });
                call(&relay, &other, Method::PUT, "/api/v1/me/password", &body).await;
            }
            End::GetsAPassword => {
                let mut body = login(true, "agent");
                body["password"] = json!(PASSWORD);
                call(&relay, &admin, Method::PUT, &path, &body).await;
            }
            End::GetsARole => {
                call(&relay, &admin, Method::PUT, &path, &login(true, "supervisor")).await;
            }
            End::IsDeactivated => {
                call(&relay, &admin, Method::PUT, &path, &login(false, "agent")).await;
            }
        }
        let answered = Instant::now();
        tests::wait::until("the end of the socket", || async { nora.is_cut().then_some(()) }).await;
        slowest = slowest.max(answered.elapsed());
        let told = nora.told();
        let bye =
            told.iter().position(|frame| matches!(frame, RelayFrame::Bye { reason: Bye::LoggedOut, .. }));
        assert_eq!(bye, Some(told.len() - 1), "{end:?}: the last words are the last");
        let again = relay.http.get(format!("{}/api/v1/desk", relay.base)).bearer_auth(&token).send().await;
        assert_eq!(again.unwrap().status(), 401, "{end:?}");
        // As they were, for the next round.
        call(&relay, &admin, Method::PUT, &path, &login(true, "agent")).await;
    }
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
    assert!(slowest < Duration::from_secs(1), "the slowest took {slowest:?}");
    assert!(!eva.is_cut(), "others stay");
}
