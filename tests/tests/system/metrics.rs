//! The figures for Prometheus: on an address of their own, right after a conversation, without anybody's name.

use shared::channel::Channel;
use std::collections::BTreeMap;
use tests::relay::Setup;
use tests::wait::until;
use tests::{Desk, Phones, Relay};

/// A relay with its simulator and an address for the figures.
async fn counted() -> (Relay, String) {
    let environment = vec![("SIGNALBOX_METRICS_LISTEN".into(), "127.0.0.1:0".into())];
    let relay = Relay::start_with(Setup { apart: true, environment, ..Setup::default() }).await;
    let url = relay.figures.clone().expect("the address of the figures");
    (relay, url)
}

/// Every sample of the page; one that is no sample fails the test.
fn samples(page: &str) -> BTreeMap<String, f64> {
    let lines = page.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let sample = |line: &str| {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
        (series.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
    };
    lines.map(sample).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_counted_without_names_and_only_on_its_own_address() {
    let (relay, url) = counted().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.create(Channel::WhatsApp, "Ludmila Nápadná").await;
    customer.write("counted words").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    eva.send(id, "an answer").await;
    customer.shows("an answer").await;
    relay.try_login("eva", "wrong").await;
    phones.customer(Channel::Viber).write("waits").await;
    let unsigned = format!("{}/webhooks/meta/demo", relay.base);
    assert_eq!(relay.http.post(unsigned).body("{}").send().await.unwrap().status(), 401);

    let read = || async { relay.http.get(&url).send().await.unwrap().text().await.unwrap() };
    let wanted = [
        ("signalbox_webhooks_total{provider=\"meta\",status=\"401\"}", 1.0),
        ("signalbox_messages_total{by=\"agent\"}", 1.0),
        ("signalbox_messages_total{by=\"customer\"}", 2.0),
        ("signalbox_offers_total{state=\"accepted\"}", 1.0),
        ("signalbox_accept_seconds_count", 1.0),
        ("signalbox_deliveries_total{channel=\"whatsapp\",step=\"sent\"}", 1.0),
        ("signalbox_send_seconds_count{channel=\"whatsapp\"}", 1.0),
        ("signalbox_logins_total{result=\"wrong\"}", 1.0),
        ("signalbox_sockets", 1.0),
        ("signalbox_waiting_customers{queue=\"3001\"}", 1.0),
        ("signalbox_journal_open_items", 0.0),
        ("signalbox_outbox_messages", 0.0),
    ];
    let page = until("the figures", || async {
        let page = read().await;
        let found = samples(&page);
        let right = wanted.iter().all(|(series, value)| found.get(*series) == Some(value));
        right.then_some(page)
    });
    let Ok(page) = tokio::time::timeout(std::time::Duration::from_secs(15), page).await else {
        panic!("not as wanted:\n{}", read().await)
    };
    let found = samples(&page);
    for series in [
        "signalbox_webhooks_total{provider=\"meta\",status=\"200\"}",
        "signalbox_items_total{outcome=\"understood\"}",
        "signalbox_decisions_total{outcome=\"written\"}",
        "signalbox_commit_seconds_count",
        "signalbox_commit_jobs_count",
        "signalbox_queue_cap{queue=\"writes\"}",
        "signalbox_resident_memory_bytes",
        "signalbox_open_files",
    ] {
        assert!(found.get(series).is_some_and(|value| *value > 0.0), "{series}\n{page}");
    }
    let accounts = |name: &str| {
        let named = format!("signalbox_connector_{name}{{connector=");
        found
            .iter()
            .filter(|(series, _)| series.starts_with(&named))
            .map(|(_, value)| *value)
            .collect::<Vec<_>>()
    };
    assert_eq!(accounts("paused"), [0.0; 4]);
    let heard = accounts("last_webhook_timestamp_seconds");
    assert!(heard.len() == 2 && heard.iter().all(|at| *at > 1.7e9), "WhatsApp and Viber wrote: {heard:?}");
    for word in ["Ludmila", "Eva", "eva", "Support", "counted words", "an answer", "demo-"] {
        assert!(!page.contains(word), "{word} is in the figures");
    }
    for path in ["/metrics", "/api/v1/metrics"] {
        let answer = relay.http.get(format!("{}{path}", relay.base)).send().await.unwrap();
        assert!(!answer.text().await.unwrap().contains("signalbox_webhooks"), "not on the desk's address");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_makes_no_new_series() {
    let (relay, url) = counted().await;
    let count = || async { samples(&relay.http.get(&url).send().await.unwrap().text().await.unwrap()).len() };
    let attack = |from: u32| {
        let relay = &relay;
        async move {
            for n in from..from + 50 {
                let url = format!("{}/webhooks/meta/app-{n}", relay.base);
                relay.http.post(url).body("{}").send().await.unwrap();
                relay.http.get(format!("{}/nothing/{n}", relay.base)).send().await.unwrap();
            }
            relay.try_login(&format!("nobody-{from}"), "wrong").await;
        }
    };
    attack(0).await;
    let before = count().await;
    attack(1_000).await;
    assert_eq!(count().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_browsers_report_of_the_policy_is_counted_and_logged_without_what_it_was_about() {
    let (relay, url) = counted().await;
    let page = relay.http.get(&relay.base).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("report-uri /api/v1/policy-reports"), "{policy}");
    let report = |kind: &str, body: &str| {
        let url = format!("{}/api/v1/policy-reports", relay.base);
        let report = relay.http.post(url).header("content-type", kind.to_owned()).body(body.to_owned());
        report.header("origin", "null").header("sec-fetch-site", "same-origin").send()
    };
    let told = format!(
        r#"[{{"type":"csp-violation","age":5,"url":"{0}/chat/0193","user_agent":"x","body":{{
            "effectiveDirective":"script-src-elem","blockedURL":"https://evil.example/?words=hush",
            "documentURL":"{0}/chat/0193","sourceFile":"{0}/desk-1a2b3c4d.js","lineNumber":7,"sample":"hush"}}}},
            {{"type":"deprecation","body":{{"id":"x"}}}}]"#,
        relay.base
    );
    assert_eq!(report("application/reports+json", &told).await.unwrap().status(), 204);
    let older =
        r#"{"csp-report":{"effective-directive":"img-src","blocked-uri":"inline","document-uri":"hush"}}"#;
    assert_eq!(report("application/csp-report", older).await.unwrap().status(), 204);
    assert_eq!(report("application/reports+json", "{}").await.unwrap().status(), 400);
    assert_eq!(report("text/plain", &told).await.unwrap().status(), 415);
    let found = samples(&relay.http.get(&url).send().await.unwrap().text().await.unwrap());
    assert_eq!(found.get("signalbox_policy_violations_total"), Some(&2.0));
    let log = relay.log();
    let line = log.lines().find(|line| line.contains("its policy forbids")).expect("a line of the log");
    for said in ["script-src-elem", "https://evil.example", "desk-1a2b3c4d.js"] {
        assert!(line.contains(said), "{said}: {line}");
    }
    for kept in ["hush", "0193"] {
        assert!(!log.contains(kept), "{kept} is in the log");
    }
}
