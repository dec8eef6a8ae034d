//! Earlier chats of the same customer above the one that is open: loaded by the same button, each under a line of its own, and nothing that is read moves.

use serde_json::{Value, json};
use shared::channel::Channel;
use shared::id::InteractionId;
use tests::browser::{Browser, DESKTOP, View};
use tests::wait::until;
use tests::{Chrome, Customer, Desk, Phones, Relay};

/// What a script answers.
async fn ask(desk: &Browser, script: &str) -> Value {
    desk.driver.execute(script, vec![]).await.unwrap().json().clone()
}

/// How far down a line stands.
async fn at(desk: &Browser, text: &str) -> f64 {
    let script = format!(
        "const line = [...document.querySelectorAll('[data-testid=bubble]')]
            .find((one) => one.textContent === '{text}'); return line.getBoundingClientRect().top"
    );
    ask(desk, &script).await.as_f64().unwrap()
}

/// Goes to the top of what is loaded, where the button is.
async fn to_top(desk: &Browser) {
    let script = "const box = document.querySelector('[data-testid=history]'); box.scrollTop = 0; \
        return document.querySelector('[data-testid=load-older]').getBoundingClientRect().top \
            >= box.getBoundingClientRect().top && box.scrollTop === 0";
    until("the top of the history", || async { ask(desk, script).await.as_bool()?.then_some(()) }).await;
}

/// Presses the button while this line is read, waits for another one above, and sees that nothing moved.
async fn load(desk: &Browser, read: &str, loaded: &str, gone: bool) {
    to_top(desk).await;
    let before = at(desk, read).await;
    desk.click("load-older").await;
    desk.see_text("bubble", loaded).await;
    if gone {
        desk.gone("load-older").await;
    } else {
        desk.see("load-older").await;
    }
    until("the line where it was", || async { ((at(desk, read).await - before).abs() < 2.0).then_some(()) })
        .await;
}

/// A chat of so many lines that is over.
async fn chat(desk: &mut Desk, customer: &Customer, name: &str, lines: usize) -> InteractionId {
    customer.write(&format!("{name} 1")).await;
    let card = desk.card().await;
    let id = desk.accept(&card).await.interaction.id;
    for n in 2..=lines {
        customer.write(&format!("{name} {n}")).await;
    }
    let last = format!("{name} {lines}");
    until("the last line", || async {
        desk.texts(id).await.iter().any(|(text, _)| *text == last).then_some(())
    })
    .await;
    desk.close(id, card.ringing.activity).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_chats_come_in_above_and_what_is_read_stays() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let customer = phones.customer(Channel::WhatsApp);
    let mut desk = Desk::open(&relay, "eva").await;
    chat(&mut desk, &customer, "first", 12).await;
    chat(&mut desk, &customer, "second", 70).await;
    customer.write("third 1").await;
    let card = desk.card().await;
    desk.accept(&card).await;
    for n in 2..=30 {
        customer.write(&format!("third {n}")).await;
    }
    drop(desk);

    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    eva.click("tab").await;
    eva.see_text("bubble", "third 30").await;
    assert_eq!(eva.count("chat-line").await, 0, "one chat alone needs no line");

    // The newest page of the chat before, the rest of it, and then the one before that.
    load(&eva, "third 2", "second 70", false).await;
    assert_eq!(eva.count("chat-line").await, 2);
    eva.see_text("chat-line", "Earlier chat").await;
    eva.see_text("chat-line", "This chat").await;
    shoot(&eva).await;
    load(&eva, "second 40", "second 1", false).await;
    load(&eva, "second 2", "first 12", true).await;

    let all = |name: &str, count: usize| (1..=count).map(|n| format!("{name} {n}")).collect::<Vec<_>>();
    let said = [all("first", 12), all("second", 70), all("third", 30)].concat();
    until("everything in its order", || async { (walk(&eva).await == said).then_some(()) }).await;
    let lines =
        "return [...document.querySelectorAll('[data-testid=chat-line]')].map((one) => one.textContent)";
    let lines: Vec<String> = serde_json::from_value(ask(&eva, lines).await).unwrap();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("Earlier chat · ") && lines[1].starts_with("Earlier chat · "), "{lines:?}");
    assert!(lines[0].ends_with(" · Solved"), "its status: {lines:?}");
    assert_eq!(lines[2], "This chat");

    // Only the open one is written in, and it goes on as ever.
    assert_eq!(eva.count("composer").await, 1);
    ask(&eva, "document.querySelector('[data-testid=history]').scrollTop = 0").await;
    customer.write("third 31").await;
    eva.see_text("newest", "1").await;
    eva.click("newest").await;
    eva.see_text("bubble", "third 31").await;
    // Looked at elsewhere meanwhile, they are still there; on another start they are loaded anew.
    eva.click("nav-dashboard").await;
    eva.click("tab").await;
    eva.see_text("bubble", "third 31").await;
    assert_eq!(eva.count("chat-line").await, 3);
    eva.driver.refresh().await.unwrap();
    eva.see_text("bubble", "third 31").await;
    to_top(&eva).await;
    assert_eq!(eva.count("chat-line").await, 0);
    eva.no_complaints().await;

    // Without a network the button says why nothing comes.
    eva.cdp("Network.enable", json!({})).await;
    let away = json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 });
    eva.cdp("Network.emulateNetworkConditions", away).await;
    eva.click("load-older").await;
    eva.see("notice").await;
    assert_eq!(eva.count("chat-line").await, 0);
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn short_chats_come_together_and_a_new_customer_has_none() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let customer = phones.customer(Channel::Viber);
    let mut desk = Desk::open(&relay, "eva").await;
    for name in ["one", "two", "three"] {
        chat(&mut desk, &customer, name, 2).await;
    }
    customer.write("four").await;
    let card = desk.card().await;
    desk.accept(&card).await;
    drop(desk);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    eva.click("tab").await;
    eva.click("load-older").await;
    eva.gone("load-older").await;
    eva.see_text("bubble", "one 1").await;
    assert_eq!(eva.count("chat-line").await, 4, "what fits on a page comes at once");
    phones.create(Channel::WhatsApp, "Newcomer").await.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("tab", "Newcomer").await.click().await.unwrap();
    eva.see_text("bubble", "Hello").await;
    assert_eq!(eva.count("load-older").await, 0);
    eva.no_complaints().await;
    eva.quit().await;
}

/// The customer's words from the top down, as somebody reads them who scrolls a screen at a time.
async fn walk(desk: &Browser) -> Vec<String> {
    let script = "const done = arguments[0], box = document.querySelector('[data-testid=history]'), seen = [];
        box.scrollTop = 0;
        const look = () => {
            const { top, bottom } = box.getBoundingClientRect();
            for (const one of document.querySelectorAll('[data-testid=bubble]')) {
                const at = one.getBoundingClientRect();
                if (at.bottom > top && at.top < bottom && !seen.includes(one.textContent)) seen.push(one.textContent);
            }
            if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) return done(seen);
            box.scrollTop += box.clientHeight / 2;
            requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(look)));
        };
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(look)))";
    desk.driver.execute_async(script, Vec::new()).await.unwrap().convert().unwrap()
}

/// The line between two chats, to be looked at.
async fn shoot(desk: &Browser) {
    for (name, view) in [
        ("light", DESKTOP),
        ("dark", View { dark: true, ..DESKTOP }),
        ("narrow", View { width: 360, height: 740, scale: 2.0, ..DESKTOP }),
    ] {
        let scheme = if view.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        desk.cdp("Emulation.setEmulatedMedia", media).await;
        desk.resize(view).await;
        let script = "[...document.querySelectorAll('[data-testid=chat-line]')].at(-1).scrollIntoView({ block: 'center' })";
        ask(desk, script).await;
        desk.shoot(&format!("earlier-{name}")).await;
        ask(desk, "document.querySelector('[data-testid=chat-line]').scrollIntoView({ block: 'start' })")
            .await;
        desk.shoot(&format!("earlier-top-{name}")).await;
    }
    desk.resize(DESKTOP).await;
}
