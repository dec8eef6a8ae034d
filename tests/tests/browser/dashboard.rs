//! The dashboard, and the lists with what is to be seen of them.

use serde_json::json;
use shared::channel::Channel;
use shared::id::NoticeId;
use tests::browser::Browser;
use tests::wait::until;
use tests::{Chrome, Phones, Relay};

/// Puts a notice up as an admin does.
async fn put_up(relay: &Relay, text: &str, tone: &str) {
    let token = relay.token("admin").await;
    let url = format!("{}/api/v1/notices/{}", relay.base, NoticeId::from_u128(7));
    let body = json!({ "text": text, "tone": tone });
    let answer = relay.http.put(url).bearer_auth(token).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

async fn shows(browser: &Browser, name: &str, words: &str) {
    let what = format!("{words} in {name}");
    let shown = async || (browser.see(name).await.text().await.unwrap() == words).then_some(());
    until(&what, shown).await;
}

async fn are(browser: &Browser, name: &str, number: usize) {
    let what = format!("{number} of {name}");
    until(&what, async || (browser.count(name).await == number).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_the_queues_and_who_waits_longest_are_seen_at_a_glance() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    put_up(&relay, "Parcels to Brno are late today.", "warning").await;
    let eva = chrome.desk(&relay, "eva").await;
    eva.see("dashboard").await;
    eva.see_text("posted", "Parcels to Brno are late today.").await;
    shows(&eva, "day-accepted", "0").await;
    shows(&eva, "day-first-reply", "–").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Where is my parcel?").await;
    eva.see("offer-card").await;
    eva.click("offer-minimise").await;
    eva.see_text("waiting-row", "Where is my parcel?").await;
    eva.see_text("dashboard-queue", "1 waiting").await;
    // What is put up shows at once.
    put_up(&relay, "Parcels to Brno are on time again.", "info").await;
    eva.see_text("posted", "on time again").await;
    eva.shoot("dashboard-at-work").await;
    eva.click("waiting-accept").await;
    eva.write("composer", "In Brno.").await;
    eva.enter("composer").await;
    customer.shows("In Brno.").await;
    eva.click("nav-dashboard").await;
    shows(&eva, "day-accepted", "1").await;
    shows(&eva, "day-sent", "1").await;
    shows(&eva, "day-closed", "0").await;
    eva.gone("waiting-row").await;
    eva.click("dashboard-waiting").await;
    eva.see("waiting-empty").await;
    eva.no_complaints().await;
    eva.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_show_what_was_chosen_and_still_do_after_a_look_elsewhere() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let eva = chrome.desk(&relay, "eva").await;
    for (channel, name, words) in
        [(Channel::WhatsApp, "Žofie", "an umbrella"), (Channel::Viber, "Berta", "a kettle")]
    {
        phones.create(channel, name).await.write(words).await;
        eva.see_text("offer-card", name).await;
        eva.click("offer-minimise").await;
        eva.gone("offer-card").await;
    }
    eva.click("nav-waiting").await;
    are(&eva, "waiting-row", 2).await;
    eva.write("filter-words", "zofie").await;
    are(&eva, "waiting-row", 1).await;
    eva.see_text("waiting-row", "an umbrella").await;
    // The badge counts everybody.
    eva.see_text("waiting-badge", "2").await;
    eva.rewrite("filter-words", "nobody at all").await;
    eva.click("filter-clear").await;
    are(&eva, "waiting-row", 2).await;
    assert_eq!(eva.value("filter-words").await, "");
    // The channels in the order of the choice: everything, then each.
    let viber = 1 + Channel::ALL.iter().position(|one| *one == Channel::Viber).unwrap();
    eva.choose("filter-channel", u32::try_from(viber).unwrap()).await;
    are(&eva, "waiting-row", 1).await;
    eva.see_text("waiting-row", "Berta").await;
    eva.click("waiting-accept").await;
    eva.see("composer").await;
    // A second click on the tab goes back to the list as it was.
    eva.click("tab").await;
    eva.see("filter-clear").await;
    eva.click("filter-clear").await;
    eva.see_text("waiting-row", "Žofie").await;

    eva.click("nav-activities").await;
    are(&eva, "activities-row", 2).await;
    eva.write("filter-words", "ZOFIE").await;
    are(&eva, "activities-row", 1).await;
    eva.see_text("activities-row", "Žofie").await;
    // Open chats: the first of the states after all of them is the waiting one.
    eva.rewrite("filter-words", "").await;
    eva.choose("filter-phase", 2).await;
    are(&eva, "activities-row", 1).await;
    eva.see_text("activities-row", "Berta").await;
    eva.click("nav-dashboard").await;
    eva.see("dashboard").await;
    eva.click("nav-activities").await;
    are(&eva, "activities-row", 1).await;
    eva.write("filter-words", "zofie").await;
    eva.click("filter-clear").await;
    are(&eva, "activities-row", 2).await;
    eva.no_complaints().await;
    eva.quit().await;
}
