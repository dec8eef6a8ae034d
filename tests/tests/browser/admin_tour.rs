//! Somebody who goes through every page of the admin and looks at it, in whatever language it speaks: by test ids, and by
//! words that are the same in all of them.

use crate::admin::meta_asks;
use crate::language::everything_said;
use crate::shop::{APP, SECRET, providers};
use serde_json::json;
use shared::channel::Channel;
use tests::browser::Browser;
use tests::wait::until;
use tests::{Phones, Relay};
use thirtyfour::By;

/// One way through the admin.
pub struct Tour<'a> {
    /// The relay.
    pub relay: &'a Relay,
    /// A window in which an admin is logged in.
    pub page: &'a Browser,
    /// What the pictures are called after.
    pub name: &'a str,
    /// What must stand nowhere: sentences of another language.
    pub foreign: &'a [String],
}

impl Tour<'_> {
    /// Takes a picture, and fails where the page is wider than the window or says something in another language.
    pub async fn look(&self, what: &str) {
        self.page.shoot(&format!("{what}-{}", self.name)).await;
        let over = "const page = document.documentElement; return page.scrollWidth - page.clientWidth";
        let over: i64 = self.page.driver.execute(over, Vec::new()).await.unwrap().convert().unwrap();
        assert_eq!(over, 0, "{what}-{}: the page is wider than the window", self.name);
        if !self.foreign.is_empty() {
            let said = everything_said(self.page).await;
            let left: Vec<&String> = self.foreign.iter().filter(|words| said.contains(*words)).collect();
            assert!(left.is_empty(), "{what}-{}: {left:#?} are not translated:\n{said}", self.name);
        }
    }

    /// Goes to a page of the admin.
    pub async fn go(&self, path: &str) {
        self.page.driver.goto(format!("{}/admin/{path}", self.relay.base)).await.unwrap();
    }

    /// Connects a Facebook Page from the empty pages on, up to its first message and its settings.
    pub async fn connecting(&self) {
        let Self { relay, page, .. } = self;
        let (provider, shop) = providers(relay).await;
        page.see("not-understood-empty").await;
        self.look("admin-empty").await;
        page.click("nav-connectors").await;
        Phones::of(relay).customer(Channel::WhatsApp).write("Dobrý den").await;
        page.see_text("connector-row", "Demo WhatsApp").await;
        self.look("admin-connectors").await;
        page.click("me").await;
        self.look("admin-me").await;
        page.click("me").await;
        page.click("connect").await;
        page.see("connect-viber").await;
        self.look("admin-choose").await;
        page.click("connect-messenger").await;
        page.write("app-id", APP).await;
        page.click("save-app").await;
        self.look("admin-guide-app").await;
        page.write("app-secret", SECRET).await;
        page.click("save-app").await;
        page.click("make-verify").await;
        page.see("verify-token").await;
        self.look("admin-guide-webhook").await;
        meta_asks(page, relay).await;
        page.click("webhook-next").await;
        page.click("new-queue").await;
        page.see("make-queue").await.scroll_into_view().await.unwrap();
        self.look("admin-guide-account").await;
        page.write("title", "Shop").await;
        page.write("account", "555000111").await;
        page.write("token", "shop-page-token").await;
        page.choose("queue", 1).await;
        page.click("advanced").await;
        page.write("base-url", &provider).await;
        page.click("save-account").await;
        page.click("subscribe").await;
        page.see("test-waits").await;
        self.look("admin-guide-waits").await;
        shop.create_at("555000111", "Alena Krátká").await.write("Dobrý den").await;
        page.see("test-received").await;
        self.look("admin-guide-received").await;
        self.go("connectors").await;
        page.see_text("connector-row", "Shop").await.click().await.unwrap();
        page.see("stored-token").await;
        self.look("admin-connector").await;
    }

    /// Looks at what holds for the whole workspace.
    pub async fn workspace(&self) {
        self.page.click("nav-workspace").await;
        self.page.see("lost-after").await;
        self.look("admin-workspace").await;
    }

    /// Puts notices up from the empty page on: what is refused, what is asked, and how the list looks.
    pub async fn notices(&self) {
        let page = self.page;
        page.click("nav-notices").await;
        page.see("notices-empty").await;
        self.look("admin-notices-empty").await;
        page.click("new-notice").await;
        page.click("save").await;
        page.see_by(By::Css("#text[aria-invalid=true]"), "the text that is missing").await;
        self.look("admin-notice-missing").await;
        page.write("text", &"dlouhý ".repeat(73)).await;
        page.see_by(By::Css(".counter[data-tone=danger]"), "how much is too much").await;
        self.look("admin-notice-long").await;
        page.rewrite("text", "x").await;
        page.click("save").await;
        page.see("notice-row").await;
        for (text, tone) in [
            (
                "Zásilky do Brna a okolí mají dnes zpoždění o jeden den. Zákazníkům prosím nabídněte výdejní místo, nebo slevu 10 % na další nákup. Kdo psal už včera, dostane odpověď do oběda.",
                "tone-warning",
            ),
            ("سنغلق اليوم في الساعة الخامسة.", "tone-info"),
        ] {
            page.click("new-notice").await;
            page.write("text", text).await;
            page.click(tone).await;
            if tone == "tone-warning" {
                self.look("admin-notice-new").await;
            }
            page.click("save").await;
            page.see_text("notice-row", text).await;
        }
        page.see_text("notice-row", "x").await.click().await.unwrap();
        page.rewrite("text", "Dnes do 14:00 prosím nepřevádějte vratky.").await;
        page.click("save").await;
        until("what was saved", || async {
            (!page.see("saved").await.text().await.ok()?.is_empty()).then_some(())
        })
        .await;
        self.look("admin-notice").await;
        page.click("take-down").await;
        page.see("take-down-now").await;
        self.look("admin-notice-take-down").await;
        page.click("keep-up").await;
        page.gone("keep-up").await;
        page.click("nav-notices").await;
        page.see_text("notice-row", "14:00").await;
        self.look("admin-notices").await;
        self.go("notices/00000000-0000-7000-8000-000000000000").await;
        page.see("notice-gone").await;
        self.look("admin-notice-gone").await;
    }

    /// Looks at items that nobody understood.
    pub async fn not_understood(&self) {
        let (page, phones) = (self.page, Phones::of(self.relay));
        let account = Phones::account(Channel::Messenger);
        assert_eq!(phones.webhook(Channel::Messenger, &json!({ "raw": "no JSON at all" })).await, 200);
        for what in ["message_edits_of_later", "message_edits_of_later", "unheard_of"] {
            let event = json!({ "sender": { "id": "7" }, "recipient": { "id": account }, "timestamp": 1_800_000_000_000_i64,
                what: { "text": "Dobrý den, můžu ještě změnit adresu doručení?" } });
            let body =
                json!({ "object": "page", "entry": [{ "id": account, "time": 1, "messaging": [event] }] });
            assert_eq!(phones.webhook(Channel::Messenger, &json!({ "body": body })).await, 200);
        }
        page.click("nav-not-understood").await;
        page.see_text("group", "3").await;
        page.click("group-toggle").await;
        page.see("item-row").await;
        self.look("admin-not-understood").await;
        page.click("item-row").await;
        page.see("raw").await;
        self.look("admin-item").await;
    }

    /// Has accounts tested that stand differently; which they are stands in [`broken`].
    pub async fn health(&self) {
        let page = self.page;
        self.go("connectors").await;
        for (account, state, fact) in [
            ("Demo Messenger", "paused", "health-reason"),
            ("Demo WhatsApp", "warning", "health-missing"),
            ("Demo Viber", "on", "health-token"),
        ] {
            page.see_text("connector-row", account).await.click().await.unwrap();
            page.click("test-now").await;
            until("what the test found, with its time", || async {
                let said = page.see("test-result").await.text().await.ok()?;
                said.chars().any(|sign| sign.is_ascii_digit()).then_some(())
            })
            .await;
            page.see(fact).await;
            self.look(&format!("admin-health-{state}")).await;
            page.click("nav-connectors").await;
        }
        until("both notes", || async { (page.count("connector-note").await == 2).then_some(()) }).await;
        self.look("admin-connectors-wrong").await;
        // The settings below the card, where the page does not hold both.
        page.see_text("connector-row", "Demo Messenger").await.click().await.unwrap();
        page.see("human-agent").await.scroll_into_view().await.unwrap();
        self.look("admin-human-agent").await;
    }
}

/// Breaks one account, and takes something from another; a third is well.
pub async fn broken(relay: &Relay) {
    let phones = Phones::of(relay);
    phones.change_account(Channel::Messenger, &json!({ "token": "expired" })).await;
    phones.change_account(Channel::WhatsApp, &json!({ "denied": ["whatsapp_business_management"] })).await;
    phones.customer(Channel::Viber).write("Dobrý den").await;
}
