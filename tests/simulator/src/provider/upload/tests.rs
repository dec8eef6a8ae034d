//! Uploads by part, by address, and inside a send; their limits and types; sends of what was uploaded.

use serde_json::{Value, json};

use crate::tests::{INSTAGRAM, NUMBER, PAGE, Stage, event, value};

const JANA: &str = "7231845690127734";
const PNG: &[u8] = include_bytes!("../../../samples/screen.png");

/// A multipart body by hand: fields, then the file.
fn form(fields: &[(&str, &str)], file: Option<(&str, &str, &str, &[u8])>) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, text) in fields {
        body.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").as_bytes(),
        );
    }
    if let Some((name, file, mime, bytes)) = file {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: {mime}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    ("multipart/form-data; boundary=b".to_owned(), body)
}

async fn posts(stage: &Stage, path: &str, token: &str, form: (String, Vec<u8>)) -> (u16, Value) {
    let request = stage.http.post(format!("{}{path}", stage.base)).bearer_auth(token);
    stage.call(request.header("content-type", form.0).body(form.1)).await
}

#[tokio::test]
async fn whatsapp_takes_what_it_documents() {
    let stage = Stage::new().await;
    stage.writes("petr", "Ahoj").await;
    let path = format!("/v25.0/{NUMBER}/media");
    let token = "demo-whatsapp-token";
    let product = [("messaging_product", "whatsapp"), ("type", "image/png")];
    let (status, answer) =
        posts(&stage, &path, token, form(&product, Some(("file", "a.png", "image/png", PNG)))).await;
    assert_eq!(status, 200, "{answer}");
    let id = answer["id"].as_str().unwrap();
    let send = |kind: &str, part: Value| json!({"messaging_product": "whatsapp", "to": "420777120450", "type": kind, kind: part});
    let (status, answer) = stage.whatsapp(send("image", json!({"id": id, "caption": "Hle"}))).await;
    assert_eq!(status, 200, "{answer}");
    let phone = stage.get("/control/customers/petr/phone").await;
    assert_eq!((&phone["messages"][1]["media"], &phone["messages"][1]["text"]), (&json!(id), &json!("Hle")));
    assert_eq!(stage.whatsapp(send("document", json!({"id": id, "filename": "a.png"}))).await.0, 200);
    for (kind, part, code) in [
        ("video", json!({"id": id}), 131_053),
        ("image", json!({"id": "404"}), 100),
        ("image", json!({"id": id, "link": "https://example.com/a.png"}), 100),
        ("image", json!({}), 131_008),
        ("image", json!({"link": "ftp://example.com"}), 131_053),
        ("image", json!({"id": id, "caption": "ž".repeat(1_025)}), 100),
    ] {
        let (status, answer) = stage.whatsapp(send(kind, part.clone())).await;
        assert_eq!((status, answer["error"]["code"].as_u64()), (400, Some(code)), "{part}");
    }
    for (fields, file, code) in [
        (&product[..], Some(("file", "a.jpg", "image/jpeg", PNG)), 200),
        (&[("messaging_product", "whatsapp")][..], Some(("file", "a.jpg", "image/jpeg", PNG)), 131_053),
        (
            &[("messaging_product", "whatsapp")][..],
            Some(("file", "a.exe", "application/x-msdownload", b"MZ".as_slice())),
            100,
        ),
        (&product[..], None, 100),
        (&[("type", "image/png")][..], Some(("file", "a.png", "image/png", PNG)), 100),
    ] {
        let (status, answer) = posts(&stage, &path, token, form(fields, file)).await;
        let found = answer["error"]["code"].as_u64().unwrap_or(u64::from(status));
        assert_eq!(found, code, "{fields:?} {answer}");
    }
    let mut jpeg = b"\xff\xd8\xff".to_vec();
    jpeg.resize(5 * 1024 * 1024 + 1, 0);
    let (_, answer) = posts(
        &stage,
        &path,
        token,
        form(&[("messaging_product", "whatsapp")], Some(("file", "a.jpg", "image/jpeg", &jpeg))),
    )
    .await;
    assert_eq!(answer["error"]["code"], 131_053, "over 5 MB");
    let url = format!("{}/v25.0/{id}", stage.base);
    assert_eq!(stage.call(stage.http.delete(&url).bearer_auth(token)).await.1, json!({"success": true}));
    assert_eq!(stage.whatsapp(send("image", json!({"id": id}))).await.0, 400);
}

#[tokio::test]
async fn messenger_takes_parts_addresses_and_both_in_one() {
    let stage = Stage::new().await;
    stage.writes("jana", "Ahoj").await;
    let token = "demo-messenger-token";
    let path = format!("/v25.0/{PAGE}/message_attachments");
    let message = r#"{"attachment":{"type":"image","payload":{"is_reusable":true}}}"#;
    let (status, answer) = posts(
        &stage,
        &path,
        token,
        form(&[("message", message)], Some(("filedata", "a.png", "image/png", PNG))),
    )
    .await;
    assert_eq!(status, 200, "{answer}");
    let id = answer["attachment_id"].as_str().unwrap();
    let send = format!("/v25.0/{PAGE}/messages?access_token={token}");
    let body = |payload: Value| json!({"recipient": {"id": JANA}, "messaging_type": "RESPONSE", "message": {"attachment": {"type": "image", "payload": payload}}});
    assert_eq!(stage.post(&send, body(json!({"attachment_id": id}))).await.0, 200);
    assert_eq!(stage.post(&send, body(json!({"attachment_id": "404"}))).await.1["error"]["code"], 100);
    assert_eq!(stage.post(&send, body(json!({}))).await.1["error"]["code"], 100);
    // By address: the provider fetches it, here from its own files.
    stage.post("/control/customers/jana/messages", json!({"kind": "image"})).await;
    let arrived = stage.webhook(|a| event(a)["message"]["attachments"].is_array()).await;
    let url = event(&arrived)["message"]["attachments"][0]["payload"]["url"].clone();
    assert_eq!(stage.post(&send, body(json!({"url": url}))).await.0, 200);
    let (_, answer) = stage.post(&send, body(json!({"url": "http://127.0.0.1:1/a.png"}))).await;
    assert_eq!(
        (&answer["error"]["code"], &answer["error"]["error_subcode"]),
        (&json!(100), &json!(2_018_047))
    );
    // The file inside the send.
    let recipient = format!("{{\"id\":\"{JANA}\"}}");
    let fields = [("recipient", recipient.as_str()), ("message", message)];
    let (status, answer) = posts(
        &stage,
        &format!("/v25.0/{PAGE}/messages"),
        token,
        form(&fields, Some(("filedata", "a.png", "image/png", PNG))),
    )
    .await;
    assert_eq!(status, 200, "{answer}");
    let wrong = form(&fields, Some(("filedata", "a.png", "image/png", b"MZ not a picture")));
    let (_, answer) = posts(&stage, &format!("/v25.0/{PAGE}/messages"), token, wrong).await;
    assert_eq!(answer["error"]["error_subcode"], 2_018_047);
    let phone = stage.get("/control/customers/jana/phone").await;
    let with_files = phone["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|m| m["from_customer"] == false && m["media"].is_string());
    assert_eq!(with_files.count(), 3);
}

#[tokio::test]
async fn instagram_takes_pdf_only_and_ten_pictures() {
    let stage = Stage::new().await;
    stage.writes("tomas", "Ahoj").await;
    let token = "demo-instagram-token";
    let path = format!("/v25.0/{INSTAGRAM}/message_attachments");
    let message = r#"{"attachment":{"type":"file","payload":{}}}"#;
    let text = form(&[("message", message)], Some(("filedata", "a.txt", "text/plain", b"text")));
    assert_eq!(posts(&stage, &path, token, text).await.1["error"]["error_subcode"], 2_018_047);
    let pdf = form(&[("message", message)], Some(("filedata", "a.pdf", "application/pdf", b"%PDF-1.4")));
    assert_eq!(posts(&stage, &path, token, pdf).await.0, 200);
    stage.put("/control/settings", json!({"fetch": false})).await;
    for (count, status) in [(1, 200), (10, 200), (11, 400), (0, 400)] {
        let pictures = vec![json!({"type": "image", "payload": {"url": "https://example.com/a.png"}}); count];
        let body = json!({"recipient": {"id": "1784902365571208"}, "message": {"attachments": pictures}});
        let request =
            stage.http.post(format!("{}/v25.0/me/messages", stage.base)).bearer_auth(token).json(&body);
        assert_eq!(stage.call(request).await.0, status, "{count} pictures");
    }
}

#[tokio::test]
async fn links_fail_after_success() {
    let stage = Stage::new().await;
    stage.writes("petr", "Ahoj").await;
    let body = json!({"messaging_product": "whatsapp", "to": "420777120450", "type": "image", "image": {"link": "http://127.0.0.1:1/a.png"}});
    let (status, sent) = stage.whatsapp(body).await;
    assert_eq!(status, 200, "{sent}");
    let failed = stage.webhook(|a| value(a)["statuses"][0]["status"] == "failed").await;
    assert_eq!(value(&failed)["statuses"][0]["errors"][0]["code"], 131_053);
    stage.writes("lucie", "Ahoj").await;
    let body = json!({"receiver": "dXJ0bmV6YWhvcmFrb3Zh+A==", "sender": {"name": "Desk"}, "type": "picture", "text": "", "media": "http://127.0.0.1:1/a.jpg"});
    let sent = stage.viber("send_message", body).await;
    assert_eq!(sent["status"], 0);
    let failed = stage.webhook(|a| a.body["event"] == "failed").await;
    assert_eq!(failed.body["message_token"], sent["message_token"]);
}
