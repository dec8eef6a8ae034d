//! Screenshots of every screen of the admin in light, dark, narrow and at 200 %, saved under `target/screenshots/` to be looked at.

use crate::admin_tour::{Tour, broken};
use crate::pictures::VIEWS;
use tests::{Chrome, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn every_admin_screen() {
    for (name, view) in VIEWS {
        let relay = Relay::start().await;
        let chrome = Chrome::start().await;
        let page = chrome.open(&format!("{}/admin/not-understood", relay.base), view).await;
        page.click("login-demo-admin").await;
        let tour = Tour { relay: &relay, page: &page, name, foreign: &[] };
        tour.connecting().await;
        tour.notices().await;
        tour.workspace().await;
        tour.not_understood().await;
        page.no_complaints().await;
        page.quit().await;
        let eva = chrome.desk(&relay, "eva").await;
        eva.resize(view).await;
        let tour = Tour { relay: &relay, page: &eva, name, foreign: &[] };
        tour.go("").await;
        eva.see("not-for-you").await;
        tour.look("admin-not-for-you").await;
        eva.quit().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_an_account() {
    let relay = Relay::start().await;
    broken(&relay).await;
    let chrome = Chrome::start().await;
    for (name, view) in VIEWS {
        let page = chrome.open(&format!("{}/admin/connectors", relay.base), view).await;
        page.click("login-demo-admin").await;
        page.see("nav-connectors").await;
        Tour { relay: &relay, page: &page, name, foreign: &[] }.health().await;
        for (account, state) in
            [("Demo Messenger", "Paused"), ("Demo WhatsApp", "Warning"), ("Demo Viber", "On")]
        {
            page.click("nav-connectors").await;
            page.see_text("connector-row", account).await.click().await.unwrap();
            page.see_text("health-state", state).await;
        }
        page.click("nav-connectors").await;
        page.see_text("connector-note", "has expired").await;
        page.see_text("connector-note", "lacks").await;
        page.no_complaints().await;
        page.quit().await;
    }
    let boss = chrome.desk(&relay, "admin").await;
    for (name, view) in VIEWS {
        boss.resize(view).await;
        boss.see("to-connectors").await;
        boss.shoot(&format!("accounts-{name}")).await;
    }
    boss.quit().await;
}
