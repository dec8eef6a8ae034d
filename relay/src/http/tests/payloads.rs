//! Hostile words in every place of an address: filters are what they are and nothing else, challenges say no markup.

use super::bed::Bed;
use axum::body::Body;
use axum::http::{Request, StatusCode};

/// Beginnings and ends that turn words into something else where somebody glues texts together.
const HOSTILE: [&str; 25] = [
    "'",
    "\"",
    "' OR '1'='1",
    "' OR 1=1--",
    "1; DROP TABLE events",
    "1 UNION SELECT hash FROM credentials",
    "') OR ('a'='a",
    "%",
    "_",
    "\\",
    "*",
    "null",
    "NaN",
    "-1",
    "99999999999999999999",
    "0x10",
    "1e3",
    "true",
    "[]",
    "{}",
    "active' AND (SELECT COUNT(*) FROM secrets) > 0--",
    "active;--",
    "active/**/OR/**/1",
    "active\n",
    "ačtive",
];

/// A text as an address carries it.
fn escaped(text: &str) -> String {
    text.bytes().flat_map(|byte| [String::from("%"), hex::encode_upper([byte])]).collect()
}

#[tokio::test]
async fn filters_take_their_own_words_and_nothing_else() {
    let bed = Bed::new().await;
    let token = bed.token("eva").await;
    let ask = |path: String| {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        bed.ask(request.body(Body::empty()).unwrap())
    };
    let id = "00000000-0000-0000-0000-000000000004";
    let mut tried = 0;
    for (n, word) in HOSTILE.iter().enumerate() {
        let others =
            [format!("{word}{}", HOSTILE[(n + 7) % 25]), word.to_uppercase(), format!("ended{word}")];
        for word in others.iter().map(String::as_str).chain([*word]) {
            let word = escaped(word);
            for (path, expected) in [
                (format!("/api/v1/interactions?phase={word}"), StatusCode::BAD_REQUEST),
                (format!("/api/v1/interactions?before={word}"), StatusCode::BAD_REQUEST),
                (format!("/api/v1/interactions/{word}"), StatusCode::NOT_FOUND),
                (format!("/api/v1/interactions/{word}/history"), StatusCode::NOT_FOUND),
            ] {
                ask(path).await.problem(expected);
                tried += 1;
            }
            // Numbers are taken as numbers; whatever else they are, there is nothing of that name to read.
            let page = ask(format!("/api/v1/interactions/{id}/history?before={word}")).await;
            assert!(
                [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND].contains(&page.status),
                "{word}: {}",
                page.status
            );
            let list = ask(format!("/api/v1/interactions?limit={word}")).await;
            assert!(
                [StatusCode::BAD_REQUEST, StatusCode::OK].contains(&list.status),
                "{word}: {}",
                list.status
            );
            tried += 2;
        }
    }
    assert!(tried >= 500, "only {tried} tries");
    for unknown in ["phase=active&phase=ended", "nothing=1", "phase[]=active", "order=id%3B"] {
        let list = ask(format!("/api/v1/interactions?{unknown}")).await;
        assert!([StatusCode::BAD_REQUEST, StatusCode::OK].contains(&list.status), "{unknown}");
    }
}

#[tokio::test]
async fn a_challenge_is_given_back_only_when_it_can_be_no_markup() {
    let limits = crate::config::Limits { handshakes: 58, ..Default::default() };
    let bed = Bed::with(limits).await;
    bed.app.engine.log().save_secret("app:main:verify".into(), "verify".to_owned()).await.unwrap();
    let asked = &bed;
    let ask = |token: &str, challenge: &str| {
        let (token, challenge) = (escaped(token), escaped(challenge));
        let path = format!(
            "/webhooks/meta/main?hub.mode=subscribe&hub.verify_token={token}&hub.challenge={challenge}"
        );
        async move { asked.get(&path).await }
    };
    let longest = "a".repeat(128);
    for good in ["1158201444", "abc_DEF-9", longest.as_str()] {
        let answer = ask("verify", good).await;
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, good.as_bytes()));
        assert!(answer.header("content-type").starts_with("text/plain"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let starts = [
        "<script>",
        "<img src=x onerror=",
        "<svg/onload=",
        "\"><",
        "'-",
        "javascript:",
        "${",
        "{{",
        "&lt;",
        "\u{202e}",
    ];
    let ends = ["alert(1)", "x>", "", " ", "\r\n\r\n<html>"];
    let mut tried = 0;
    for start in starts {
        for end in ends {
            let payload = format!("{start}{end}");
            let answer = ask("verify", &payload).await;
            answer.problem(StatusCode::FORBIDDEN);
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(!text.contains(&payload), "{text}");
            tried += 1;
        }
    }
    assert_eq!(tried, 50);
    let over = "a".repeat(129);
    for (token, challenge) in
        [("verify", over.as_str()), ("verify", ""), ("wrong", "1"), ("", "1"), ("VERIFY", "1")]
    {
        ask(token, challenge).await.problem(StatusCode::FORBIDDEN);
    }
    // 58 questions were asked; the next waits for the next minute.
    ask("verify", "1").await.problem(StatusCode::TOO_MANY_REQUESTS);
}
