//! What `WhatsApp` takes and refuses, type by type.

use serde_json::{Value, json};

use crate::tests::Stage;

fn of(kind: &str, part: impl Into<Value>) -> Value {
    let part = part.into();
    json!({"messaging_product": "whatsapp", "to": "+420777120450", "type": kind, kind: part})
}

fn buttons(count: usize, title: &str) -> Value {
    let button = |n: usize| json!({"type": "reply", "reply": {"id": format!("id-{n}"), "title": title}});
    let all: Vec<_> = (0..count).map(button).collect();
    of("interactive", json!({"type": "button", "body": {"text": "Vyberte"}, "action": {"buttons": all}}))
}

fn list(sections: usize, rows: usize, title: &str) -> Value {
    let row = |s: usize, n: usize| json!({"id": format!("{s}-{n}"), "title": title, "description": "popis"});
    let section =
        |s: usize| json!({"title": "Oddíl", "rows": (0..rows).map(|n| row(s, n)).collect::<Vec<_>>()});
    let all: Vec<_> = (0..sections).map(section).collect();
    of(
        "interactive",
        json!({"type": "list", "body": {"text": "Vyberte"}, "action": {"button": "Nabídka", "sections": all}}),
    )
}

fn template(name: &str, language: &str, parameters: &[&str]) -> Value {
    let parameters: Vec<_> = parameters.iter().map(|text| json!({"type": "text", "text": text})).collect();
    of(
        "template",
        json!({"name": name, "language": {"code": language}, "components": [{"type": "body", "parameters": parameters}]}),
    )
}

#[tokio::test]
async fn types_and_their_limits() {
    let stage = Stage::new().await;
    let wamid = stage.writes("petr", "Ahoj").await;
    for (body, code) in [
        (buttons(3, "Ano"), 200),
        (buttons(4, "Ano"), 100),
        (buttons(0, "Ano"), 100),
        (buttons(1, &"ž".repeat(21)), 100),
        (list(2, 5, "Řádek"), 200),
        (list(2, 6, "Řádek"), 100),
        (list(1, 1, &"ž".repeat(25)), 100),
        (of("location", json!({"latitude": 50.0, "longitude": 14.0})), 200),
        (of("location", json!({"latitude": 95.0, "longitude": 14.0})), 100),
        (of("contacts", json!([{"name": {"formatted_name": "Jan"}}])), 200),
        (of("contacts", json!([{"phones": []}])), 131_008),
        (of("reaction", json!({"message_id": wamid, "emoji": "👍"})), 200),
        (of("reaction", json!({"message_id": "wamid.none", "emoji": "👍"})), 131_009),
        (of("reaction", json!({"emoji": "👍"})), 131_008),
        (of("poll", json!({})), 131_051),
        (template("hello", "cs", &[]), 200),
        (template("hello", "de", &[]), 132_001),
        (template("order_confirmation", "cs", &["Jano", "118"]), 200),
        (template("order_confirmation", "cs", &["Jano"]), 132_000),
        (of("interactive", json!({"type": "carousel"})), 100),
    ] {
        let (status, answer) = stage.whatsapp(body.clone()).await;
        let found = answer["error"]["code"].as_u64().unwrap_or(u64::from(status));
        assert_eq!(found, code, "{body}: {answer}");
    }
    let phone = stage.get("/control/customers/petr/phone").await;
    let messages = phone["messages"].as_array().unwrap();
    assert!(messages.iter().any(|m| m["text"] == "Dobrý den, Jano, objednávka 118 je na cestě."));
    assert_eq!(messages[0]["reaction"], "👍");
    let choices = messages.iter().find(|m| m["choices"].as_array().is_some_and(|c| c.len() == 10)).unwrap();
    assert_eq!(choices["choices"][0]["kind"], "list_reply");
    let mut quoted = of("text", json!({"body": "x"}));
    quoted["context"] = json!({"message_id": wamid});
    assert_eq!(stage.whatsapp(quoted.clone()).await.0, 200);
    quoted["context"] = json!({"message_id": "wamid.none"});
    assert_eq!(stage.whatsapp(quoted).await.1["error"]["code"], 131_009);
}

#[tokio::test]
async fn the_pair_is_paced_and_the_clock_heals_it() {
    let stage = Stage::new().await;
    stage.writes("petr", "Ahoj").await;
    let text = of("text", json!({"body": "x"}));
    // On a slow machine a few more pass before the burst is used up.
    let mut taken = 0;
    let refused = loop {
        let (status, answer) = stage.whatsapp(text.clone()).await;
        if status != 200 {
            break answer;
        }
        taken += 1;
        assert!(taken < 200, "the pair is never paced");
    };
    assert!(taken >= 45, "{taken}");
    assert_eq!(refused["error"]["code"], 131_056);
    stage.post("/control/clock", json!({"advance_ms": 6_500})).await;
    assert_eq!(stage.whatsapp(text.clone()).await.0, 200);
    stage.put("/control/accounts/106540352242922", json!({"limits": false})).await;
    assert_eq!(stage.whatsapp(text).await.0, 200);
}

#[tokio::test]
async fn windows_and_blocks() {
    let stage = Stage::new().await;
    stage.writes("petr", "Ahoj").await;
    let text = of("text", json!({"body": "x"}));
    stage.post("/control/clock", json!({"advance_ms": 24 * 3_600_000})).await;
    assert_eq!(stage.whatsapp(text.clone()).await.1["error"]["code"], 131_047);
    stage.writes("petr", "Ještě něco").await;
    stage.put("/control/customers/petr", json!({"window_closed": true})).await;
    assert_eq!(stage.whatsapp(text.clone()).await.1["error"]["code"], 131_047);
    stage.put("/control/customers/petr", json!({"window_closed": false, "blocked": true})).await;
    let (status, _) = stage.whatsapp(text).await;
    assert_eq!(status, 200, "accepted, and fails afterwards");
    let failed = stage.webhook(|a| crate::tests::value(a)["statuses"][0]["status"] == "failed").await;
    assert_eq!(crate::tests::value(&failed)["statuses"][0]["errors"][0]["code"], 131_026);
}
