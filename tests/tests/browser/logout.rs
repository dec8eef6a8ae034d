//! A logout leaves nothing of a person on the device, also while the relay cannot be told; unsent words are asked about first (I-28).

use serde_json::json;
use shared::channel::Channel;
use tests::browser::{Browser, DESKTOP};
use tests::wait::{rounds, until};
use tests::{Chrome, Phones, Relay, Scene};

/// Everything the browser keeps for this page, as text, as far as scripts can read it; and the number of keys.
async fn kept(browser: &Browser) -> Option<(String, u64)> {
    let script = "
        const told = arguments[0];
        (async () => {
            const all = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
            let keys = 0;
            for (const { name } of await indexedDB.databases()) {
                const database = await new Promise((opened) => {
                    indexedDB.open(name).onsuccess = ({ target }) => opened(target.result);
                });
                for (const store of database.objectStoreNames) {
                    const read = database.transaction(store).objectStore(store).getAll();
                    const records = await new Promise((got) => { read.onsuccess = () => got(read.result) });
                    if (records.some((one) => one instanceof CryptoKey || Object.values(one).some((it) => it instanceof CryptoKey))) keys += 1;
                    all.push(store + JSON.stringify(records));
                }
                database.close();
            }
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    all.push(request.url);
                    if (!/\\.(wasm|wav)/.test(request.url)) all.push(await (await cache.match(request)).text());
                }
            }
            told([all.join('\\n'), keys]);
        })()";
    // The page may just be on its way to another.
    let found = browser.driver.execute_async(script, vec![]).await.ok()?.json().clone();
    Some((found[0].as_str()?.to_owned(), found[1].as_u64()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_leaves_nothing_behind_with_and_without_a_network() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let chrome = Chrome::start().await;
    let address = format!("{}/", relay.base);
    let eva = chrome.open(&address, DESKTOP).await;
    for round in 0..rounds(12) {
        let cut_off = round % 2 == 1;
        eva.click("login-demo-eva").await;
        let name = format!("Canary Customer {round}");
        let customer = phones.create(Channel::WhatsApp, &name).await;
        customer.write("canary said").await;
        eva.click("offer-accept").await;
        if round > 0 {
            // The first chat is shown at once; later ones lie beside those that are open.
            eva.see_text("tab", &name).await.click().await.unwrap();
        }
        eva.see_text("bubble", "canary said").await;
        let number = u64::from(round) + 1;
        eva.keeps("streams", usize::try_from(number).unwrap() + 1).await;
        if cut_off {
            relay.kill().await;
            eva.see("connection").await;
            eva.write("composer", "canary unsent").await;
            eva.enter("composer").await;
            eva.keeps("outbox", 1).await;
        } else {
            eva.write("composer", "canary draft").await;
            eva.keeps("drafts", 1).await;
        }
        assert_eq!(kept(&eva).await.unwrap().1, 1, "what is kept is kept under one key");
        eva.driver.execute("window.before = true", vec![]).await.unwrap();
        eva.click("me").await;
        eva.click("log-out").await;
        if cut_off {
            eva.click("log-out-anyway").await;
        }
        // The page begins anew, with a key that nothing is kept under.
        until("a page that knows nothing of the one before", async || {
            let fresh = eva.driver.execute("return !window.before", vec![]).await.ok()?;
            (fresh.json() == &json!(true) && eva.count("login-name").await == 1).then_some(())
        })
        .await;
        let (left, _) = until("what is kept", async || kept(&eva).await).await;
        for store in ["streams", "outbox", "drafts", "kv"] {
            assert!(left.contains(&format!("\n{store}[]")), "{store} is not empty: {left}");
        }
        assert!(!left.to_lowercase().contains("canary"), "{left}");
        if cut_off {
            eva.see_text("login-error", "You are logged out on this device.").await;
            relay.restart().await;
            // Nobody is let in by the session that was left.
            eva.driver.refresh().await.unwrap();
            eva.see("login-demo-eva").await;
            let session =
                "const told = arguments[0]; fetch('api/v1/session').then(({ status }) => told(status))";
            until("the relay knows of the logout", async || {
                let status = eva.driver.execute_async(session, vec![]).await.unwrap();
                (status.json() == &json!(401)).then_some(())
            })
            .await;
            assert_eq!(customer.times("canary unsent").await, 0, "what was given up is not sent");
        }
    }
    eva.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_that_was_cut_short_is_finished_at_the_next_start() {
    let mut scene = Scene::apart().await;
    scene.chat(Channel::WhatsApp, "canary said").await;
    let (relay, eva) = (&mut scene.relay, &scene.eva);
    eva.keeps("streams", 2).await;
    relay.kill().await;
    // The browser was killed after the device had noted the logout and before it was wiped.
    eva.driver.execute("localStorage.setItem('signalbox-left', '1')", vec![]).await.unwrap();
    eva.driver.refresh().await.unwrap();
    eva.see_text("login-error", "You are logged out on this device.").await;
    eva.keeps("streams", 0).await;
    let (left, _) = kept(eva).await.unwrap();
    assert!(!left.to_lowercase().contains("canary"), "{left}");
    scene.eva.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_elsewhere_takes_the_chats_off_the_device() {
    let mut scene = Scene::apart().await;
    scene.chat(Channel::WhatsApp, "canary said").await;
    let (relay, eva) = (&mut scene.relay, &scene.eva);
    eva.keeps("streams", 2).await;
    eva.keeps_page().await;
    // Somebody gives her another password: every session of hers ends.
    let admin = relay.token("admin").await;
    let all = relay.get(&admin, "/api/v1/users").await;
    let person = all.as_array().unwrap().iter().find(|one| one["login"] == "eva").unwrap();
    let url = format!("{}/api/v1/users/{}", relay.base, person["id"].as_str().unwrap());
    let person = json!({
        "login": "eva", "name": person["name"], "role": person["role"], "active": true,
        "password": "another password",
    });
    let saved = relay.http.put(&url).bearer_auth(&admin).json(&person).send().await.unwrap();
    assert!(saved.status().is_success(), "{}", saved.text().await.unwrap());
    eva.see("login-name").await;
    eva.keeps("streams", 0).await;
    // And no reload without a network brings them back.
    relay.kill().await;
    eva.driver.refresh().await.unwrap();
    eva.see_by(thirtyfour::By::Css(".connecting, .boot"), "a page that knows nobody").await;
    assert_eq!(eva.count("tab").await, 0);
    let (left, _) = kept(eva).await.unwrap();
    assert!(!left.to_lowercase().contains("canary"), "{left}");
    scene.eva.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_begun_without_a_network_are_asked_about_before_a_logout() {
    let mut scene = Scene::apart().await;
    scene.chat(Channel::WhatsApp, "Hello").await;
    let (relay, eva) = (&mut scene.relay, &scene.eva);
    relay.kill().await;
    eva.see("connection").await;
    eva.write("composer", "half a sentence").await;
    eva.click("me").await;
    eva.click("log-out").await;
    eva.see("log-out-anyway").await;
    assert_eq!(eva.value("composer").await, "half a sentence");
    scene.eva.kill().await;
}
