//! The process's own log at its most talkative: no word of a customer, no name, no secret, whatever goes wrong.

use serde_json::{Value, json};
use shared::channel::Channel;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tests::relay::Setup;
use tests::{Desk, Phones, Relay};

/// Everything that must never be in a log: each is a word found nowhere else.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    /// A new one, of this kind.
    fn make(&mut self, kind: &str) -> String {
        let canary = format!("canary{kind}{:04}x", self.0.len());
        self.0.push(canary.clone());
        canary
    }

    /// Those that are in this file.
    fn sung(&self, file: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(file).unwrap();
        self.0.iter().filter(|canary| text.contains(*canary)).cloned().collect()
    }
}

async fn talkative(format: &str) -> (Relay, PathBuf) {
    let environment = vec![
        ("SIGNALBOX_LOG".into(), "info,signalbox=trace,simulator=off".into()),
        ("SIGNALBOX_LOG_FORMAT".into(), format.into()),
        ("SIGNALBOX_SECRET_KEY".into(), "0badc0de".repeat(8).into()),
    ];
    let relay = Relay::start_with(Setup { apart: true, environment, ..Setup::default() }).await;
    let log = relay.log_file();
    (relay, log)
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_canaries_are_sung_nowhere() {
    let (relay, log) = talkative("text").await;
    let mut canaries = Canaries::default();
    canaries.0.extend([
        "0badc0de".to_owned(),
        tests::relay::PASSWORD.to_owned(),
        "demo-viber-token".to_owned(),
    ]);
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let channels = [Channel::Messenger, Channel::WhatsApp, Channel::Viber, Channel::Instagram];
    // Names and words that go well, both ways.
    for n in 0..20 {
        let customer = phones.create(channels[n % 4], &canaries.make("name")).await;
        for _ in 0..4 {
            customer.write(&canaries.make("text")).await;
        }
        if n < 4 {
            let card = eva.card().await;
            let id = eva.accept(&card).await.interaction.id;
            for _ in 0..5 {
                let text = canaries.make("answer");
                eva.send(id, &text).await;
                customer.shows(&text).await;
            }
            // What is written and not sent, also where it is too long or nobody's.
            let elsewhere = shared::id::InteractionId(uuid::Uuid::now_v7());
            for (interaction, times) in [(id, 1), (id, 2_000), (elsewhere, 1)] {
                let text = canaries.make("draft").repeat(times);
                eva.say(shared::wire::DeskFrame::Draft { interaction, text });
            }
            // One that is too long, one that nobody may send, one to nowhere.
            eva.refused(shared::command::Command::Send {
                interaction: id,
                message: shared::id::MessageId(uuid::Uuid::now_v7()),
                text: canaries.make("long").repeat(2_000),
                seen: u64::MAX,
            })
            .await;
            eva.refused(shared::command::Command::Send {
                interaction: shared::id::InteractionId(uuid::Uuid::now_v7()),
                message: shared::id::MessageId(uuid::Uuid::now_v7()),
                text: canaries.make("nowhere"),
                seen: u64::MAX,
            })
            .await;
        }
    }
    // Passwords and logins that are wrong, tokens that are nobody's.
    for _ in 0..20 {
        relay.try_login(&canaries.make("login"), &canaries.make("password")).await;
        let get = relay.http.get(format!("{}/api/v1/desk", relay.base));
        assert_eq!(get.bearer_auth(canaries.make("token")).send().await.unwrap().status(), 401);
    }
    // Configuration with secrets, right and wrong.
    let admin = relay.token("admin").await;
    canaries.0.push(admin.clone());
    canaries.0.push(eva.token.clone());
    let connector = relay.get(&admin, "/api/v1/connectors").await[0].clone();
    for n in 0..20 {
        let mut body = connector.clone();
        body["title"] = json!(canaries.make("title"));
        body["token"] = json!(canaries.make("secret"));
        body["account"] = json!(format!("account-{n}"));
        body["id"] = Value::Null;
        if n % 2 == 1 {
            body["channel"] = json!(canaries.make("channel"));
        }
        let post = relay.http.post(format!("{}/api/v1/connectors", relay.base)).bearer_auth(&admin);
        post.json(&body).send().await.unwrap();
        let app = json!({ "secret": canaries.make("appsecret"), "verify": canaries.make("verify") });
        let put = relay.http.put(format!("{}/api/v1/apps/app{n}", relay.base)).bearer_auth(&admin);
        assert_eq!(put.json(&app).send().await.unwrap().status(), 204);
        let person = json!({ "login": canaries.make("person"), "name": canaries.make("fullname"), "role": "agent",
            "active": true, "password": canaries.make("newpassword") });
        let post = relay.http.post(format!("{}/api/v1/users", relay.base)).bearer_auth(&admin);
        post.json(&person).send().await.unwrap();
    }
    // Webhooks that are forged, broken or of no known kind; bodies and queries that are no good.
    for n in 0..20 {
        let forged = relay.http.post(format!("{}/webhooks/meta/demo", relay.base));
        let forged = forged.header("x-hub-signature-256", format!("sha256={}", canaries.make("signature")));
        assert_eq!(forged.body(canaries.make("forged")).send().await.unwrap().status(), 401);
        let odd = json!({ "object": canaries.make("object"), "entry": [{ "id": "100200300400500", "time": n,
            "messaging": [{ "sender": { "id": canaries.make("sender") }, "odd": canaries.make("odd") }] }] });
        phones.webhook(Channel::Messenger, &json!({ "body": odd })).await;
        let verify = canaries.make("guess");
        let query = format!("hub.mode=subscribe&hub.verify_token={verify}&hub.challenge=1");
        relay.http.get(format!("{}/webhooks/meta/demo?{query}", relay.base)).send().await.unwrap();
        let broken = relay.http.post(format!("{}/api/v1/session", relay.base));
        let broken = broken
            .header("content-type", "application/json")
            .body(format!("{{\"{}\":", canaries.make("json")));
        assert!(broken.send().await.unwrap().status().is_client_error());
    }
    // A provider that refuses what is sent, and one whose answer is lost.
    phones.post("/control/hold", &json!({ "what": "answers", "account": "demo" })).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    phones.post("/control/release", &json!({})).await;
    assert!(canaries.0.len() >= 300, "{} canaries", canaries.0.len());
    let lines = std::fs::read_to_string(&log).unwrap();
    assert!(lines.contains("decided") && lines.contains("committed"), "the log is talkative");
    assert!(
        lines.contains("command{") && lines.contains("item{") && lines.contains("call{"),
        "with its spans"
    );
    assert_eq!(canaries.sung(&log), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_get_one_json_object_a_line() {
    let (relay, log) = talkative("json").await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Viber).write("Hello").await;
    let card = eva.card().await;
    eva.accept(&card).await;
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let decided = lines.iter().find(|line| line["message"] == "decided" && line["span"]["name"] == "command");
    let decided = decided.unwrap_or_else(|| panic!("no decision of a command in\n{text}"));
    assert!(
        decided["span"]["command"].is_string() && decided["span"]["interaction"].is_string(),
        "{decided}"
    );
}
