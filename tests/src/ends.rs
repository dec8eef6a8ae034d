//! How tabs and browsers come and end, as people and accidents do it, and what they leave on the device.

use crate::browser::Browser;
use crate::wait::{PATIENCE, until};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use thirtyfour::WindowHandle;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

impl Browser {
    /// Waits until so many records lie in a store on this device; what is in them nobody can read.
    pub async fn keeps(&self, store: &str, number: usize) {
        let script = "
            const [{ name }] = await indexedDB.databases();
            const database = await new Promise((opened) => {
                indexedDB.open(name).onsuccess = ({ target }) => opened(target.result);
            });
            const number = await new Promise((counted) => {
                const count = database.transaction(arguments[0]).objectStore(arguments[0]).count();
                count.onsuccess = () => counted(count.result);
            });
            database.close();
            return number;
        ";
        until(&format!("{number} records of {store}"), async || {
            let found = self.driver.execute(script, vec![json!(store)]).await.unwrap();
            (found.json() == &json!(number)).then_some(())
        })
        .await;
    }

    /// Waits until the page itself is kept for the time without a network: last of all it needs.
    pub async fn keeps_page(&self) {
        let page = "return !!(await caches.match('/', { cacheName: 'signalbox-desk' }))";
        until("the page to be kept", async || {
            let kept = self.driver.execute(page, Vec::new()).await.unwrap();
            (kept.json() == &json!(true)).then_some(())
        })
        .await;
    }

    /// Takes the network from the page, or gives it back.
    pub async fn network(&self, is: bool) {
        let conditions =
            json!({ "offline": !is, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.emulateNetworkConditions", conditions).await;
    }

    /// Opens another tab of this browser at an address and brings it to the front; the one that was there before.
    pub async fn tab(&self, address: &str) -> WindowHandle {
        let before = self.driver.window().await.unwrap();
        let new = self.driver.new_tab().await.unwrap();
        self.driver.switch_to_window(new).await.unwrap();
        self.driver.goto(address).await.unwrap();
        before
    }

    /// Lets the page of a tab crash that is not in front: it runs nothing any more, and nothing asks it before.
    pub async fn crash(&self, tab: &WindowHandle) {
        let browser = self.driver.capabilities().get("goog:chromeOptions").unwrap();
        let address = browser["debuggerAddress"].as_str().unwrap();
        let (mut page, _) = connect_async(format!("ws://{address}/devtools/page/{tab}")).await.unwrap();
        for (id, method) in ["Inspector.enable", "Page.crash"].into_iter().enumerate() {
            let call = json!({ "id": id, "method": method }).to_string();
            page.send(Message::text(call)).await.unwrap();
        }
        let crashed = async {
            while let Some(Ok(said)) = page.next().await {
                if said.to_text().is_ok_and(|said| said.contains("Inspector.targetCrashed")) {
                    break;
                }
            }
        };
        tokio::time::timeout(PATIENCE, crashed).await.expect("the page crashes");
    }

    /// Kills the browser with everything in it, as a power cut does; nothing is asked before.
    pub async fn kill(self) {
        let process = self.driver.capabilities().get("goog:processID").and_then(Value::as_i64).unwrap();
        let killed = tokio::process::Command::new("kill").args(["-9", &process.to_string()]).status().await;
        assert!(killed.unwrap().success(), "the browser is killed");
        // The session is over, and chromedriver knows that.
        drop(self.driver.quit().await);
    }
}
