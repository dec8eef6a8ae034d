//! What the agent was shown as written is sent once, whatever ends meanwhile: the tab, the browser, the network, the relay (I-25), or the tab that sends for all (I-26).

use shared::channel::Channel;
use std::path::Path;
use std::time::Duration;
use tests::browser::Browser;
use tests::seed::Seed;
use tests::wait::{rounds_of, until};
use tests::{Chrome, Phones, Relay};

/// Opens the desk on this profile, logs in where that is gone, and looks at the chat.
pub async fn seat(chrome: &Chrome, profile: &Path, relay: &Relay) -> Browser {
    let eva = chrome.open_with(profile, &format!("{}/", relay.base)).await;
    until("the desk or its login", async || {
        (eva.count("presence").await + eva.count("login-demo-eva").await > 0).then_some(())
    })
    .await;
    if eva.count("login-demo-eva").await > 0 {
        eva.click("login-demo-eva").await;
    }
    eva
}

async fn says(eva: &Browser, words: &str) {
    eva.write("composer", words).await;
    eva.enter("composer").await;
    eva.see_text("bubble", words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_sent_once_whatever_ends() {
    let mut seed = Seed::of("what_was_written_is_sent_once_whatever_ends");
    let mut relay = Relay::start_apart().await;
    let (phones, chrome) = (Phones::of(&relay), Chrome::start().await);
    let address = format!("{}/", relay.base);
    let profile = tempfile::tempdir().unwrap();
    let mut eva = seat(&chrome, profile.path(), &relay).await;
    let customer = phones.customer(Channel::Viber);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    let all = rounds_of(4, 100);
    for round in 0..all {
        let words = format!("round {round}");
        // The first rounds play every end; then chance has it.
        let end = if round < 4 { u64::from(round) } else { seed.below(4) };
        println!("{words}: end {end}");
        let pause = Duration::from_millis(seed.below(1_500));
        match end {
            0 => {
                relay.kill().await;
                says(&eva, &words).await;
                eva.keeps("outbox", 1).await;
                let gone = eva.tab("about:blank").await;
                eva.crash(&gone).await;
                relay.restart().await;
                eva.driver.goto(&address).await.unwrap();
                eva.click("tab").await;
            }
            1 => {
                relay.kill().await;
                says(&eva, &words).await;
                eva.keeps("outbox", 1).await;
                eva.kill().await;
                relay.restart().await;
                eva = seat(&chrome, profile.path(), &relay).await;
                eva.click("tab").await;
            }
            2 => {
                eva.network(false).await;
                says(&eva, &words).await;
                tokio::time::sleep(pause).await;
                eva.network(true).await;
            }
            _ => {
                tokio::join!(says(&eva, &words), async {
                    tokio::time::sleep(pause / 4).await;
                    relay.kill().await;
                });
                relay.restart().await;
            }
        }
        customer.shows(&words).await;
        eva.see_text("bubble", &words).await;
        eva.keeps("outbox", 0).await;
    }
    for round in 0..all {
        assert_eq!(customer.times(&format!("round {round}")).await, 1, "round {round}");
    }
    eva.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_tabs_the_one_that_sends_dies_and_everything_is_sent_once() {
    let mut seed = Seed::of("of_three_tabs_the_one_that_sends_dies_and_everything_is_sent_once");
    let mut relay = Relay::start_apart().await;
    let (phones, chrome) = (Phones::of(&relay), Chrome::start().await);
    let address = format!("{}/", relay.base);
    let eva = chrome.desk(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    eva.click("offer-accept").await;
    eva.see_text("bubble", "Hello").await;
    // The oldest tab sends for all.
    let mut older = std::collections::VecDeque::new();
    for _ in 0..2 {
        older.push_back(eva.tab(&address).await);
        eva.click("tab").await;
        eva.see_text("bubble", "Hello").await;
    }
    let all = rounds_of(3, 50);
    for round in 0..all {
        let words = format!("round {round}");
        relay.kill().await;
        says(&eva, &words).await;
        eva.keeps("outbox", 1).await;
        relay.restart().await;
        // Somewhere between its connecting and the answer.
        tokio::time::sleep(Duration::from_millis(seed.below(600))).await;
        eva.crash(&older.pop_front().unwrap()).await;
        customer.shows(&words).await;
        eva.keeps("outbox", 0).await;
        older.push_back(eva.tab(&address).await);
        eva.click("tab").await;
        eva.see_text("bubble", &words).await;
    }
    for round in 0..all {
        assert_eq!(customer.times(&format!("round {round}")).await, 1, "round {round}");
    }
    eva.kill().await;
}
