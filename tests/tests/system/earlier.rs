//! The chats a customer had before: which one goes before which, page by page, and only those that whoever asks may read.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::id::InteractionId;
use shared::thread::{Body, Entry};
use shared::wire::{DeskSnapshot, HistoryPage, InteractionSnapshot, RelayFrame};
use tests::{Customer, Desk, Phones, Relay};

/// The words of these lines, in their order.
fn words(entries: &[Entry]) -> Vec<String> {
    let text = |entry: &Entry| match &entry.body {
        Body::Message(message) => message.text.clone(),
        Body::Event { .. } => None,
    };
    entries.iter().filter_map(text).collect()
}

/// The admin's side: which queue the account's customers come to, and who has rights to it.
struct Office<'a> {
    relay: &'a Relay,
    admin: String,
    users: Value,
}

impl<'a> Office<'a> {
    async fn of(relay: &'a Relay) -> Self {
        let admin = relay.token("admin").await;
        let users = relay.get(&admin, "/api/v1/users").await;
        Self { relay, admin, users }
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}/api/v1/{path}", self.relay.base);
        let answer = self.relay.http.request(method, url).bearer_auth(&self.admin).json(body).send().await;
        let answer = answer.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// Everything of a kind that belongs to the channel, the first of it.
    async fn first(&self, what: &str) -> Value {
        let all = self.relay.get(&self.admin, &format!("/api/v1/{what}")).await;
        all.as_array().unwrap().iter().find(|one| one["channel"] == "whatsapp").unwrap().clone()
    }

    fn members(&self, logins: &[&str]) -> Value {
        let users = self.users.as_array().unwrap().iter();
        let wanted = users.filter(|user| logins.contains(&user["login"].as_str().unwrap()));
        wanted.map(|user| json!({ "user": user["id"], "penalty": 0 })).collect()
    }

    /// Gives rights to a queue to these alone.
    async fn grant(&self, queue: &Value, logins: &[&str]) {
        let mut queue = queue.clone();
        queue["members"] = self.members(logins);
        self.call(Method::PUT, &format!("queues/{}", queue["id"].as_str().unwrap()), &queue).await;
    }

    /// From now on the account's customers come to this queue.
    async fn lead(&self, queue: &Value) {
        let mut connector = self.first("connectors").await;
        connector["queue"] = queue["id"].clone();
        let path = format!("connectors/{}", connector["id"].as_str().unwrap());
        self.call(Method::PUT, &path, &connector).await;
    }
}

/// A customer writes these, the agent answers the first and closes; the chat as it is then.
async fn chat(desk: &mut Desk, customer: &Customer, texts: &[String], answer: &str) -> InteractionSnapshot {
    customer.write(&texts[0]).await;
    let card = desk.card().await;
    let id = desk.accept(&card).await.interaction.id;
    desk.send(id, answer).await;
    customer.shows(answer).await;
    for text in &texts[1..] {
        customer.write(text).await;
    }
    if let Some(last) = texts.last() {
        tests::wait::until("the last line", || async {
            desk.texts(id).await.iter().any(|(text, _)| text == last).then_some(())
        })
        .await;
    }
    desk.close(id, card.ringing.activity).await;
    desk.interaction(id).await
}

/// A chat as this person may read it.
async fn read(relay: &Relay, token: &str, id: InteractionId) -> Option<InteractionSnapshot> {
    let url = format!("{}/api/v1/interactions/{id}", relay.base);
    let answer = relay.http.get(url).bearer_auth(token).send().await.unwrap();
    match answer.status() {
        StatusCode::OK => Some(answer.json().await.unwrap()),
        status => {
            assert_eq!(status, StatusCode::NOT_FOUND);
            None
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_chats_of_a_customer_follow_one_another_and_only_those_one_may_read() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let office = Office::of(&relay).await;
    let mine = office.first("queues").await;
    office.grant(&mine, &["eva", "dana"]).await;
    let mut other = mine.clone();
    (other["number"], other["title"]) = (json!(7_001), json!("Complaints"));
    other["members"] = office.members(&["petr", "dana"]);
    let other = office.call(Method::POST, "queues", &other).await;
    let customer = phones.customer(Channel::WhatsApp);
    let mut eva = Desk::open(&relay, "eva").await;
    let mut petr = Desk::open(&relay, "petr").await;

    let first = chat(&mut eva, &customer, &["first".into()], "answer 1").await;
    assert_eq!(first.earlier, None);
    office.lead(&other).await;
    let texts: Vec<String> = (1..=60).map(|n| format!("second {n}")).collect();
    let second = chat(&mut petr, &customer, &texts, "answer 2").await;
    assert_eq!(second.earlier, None, "Petr may not read what went before");
    office.lead(&mine).await;
    // Somebody else's chat, between.
    let stranger = phones.create(Channel::WhatsApp, "Somebody Else").await;
    chat(&mut eva, &stranger, &["not theirs".into()], "answer 3").await;
    customer.write("third").await;
    let card = eva.card().await;
    let third = eva.accept(&card).await;

    // Eva: the chat in the queue that is not hers is left out.
    let id = third.interaction.id;
    assert_eq!(third.earlier, Some(first.interaction.id));
    let start: DeskSnapshot = eva.snapshot().await;
    assert_eq!(start.interactions[0].earlier, third.earlier, "also in what a desk begins with");
    assert_eq!(words(&first.entries), ["first", "answer 1"]);
    assert!(read(&relay, &eva.token, second.interaction.id).await.is_none());
    // Dana has rights to both: one after the other, to the beginning.
    let dana = relay.token("dana").await;
    let there = read(&relay, &dana, id).await.unwrap();
    assert_eq!(there.earlier, Some(second.interaction.id));
    let there = read(&relay, &dana, second.interaction.id).await.unwrap();
    assert_eq!(there.earlier, Some(first.interaction.id));
    assert_eq!(there.entries.len(), 50);
    assert_eq!(read(&relay, &dana, first.interaction.id).await.unwrap().earlier, None);
    // Page by page it is whole.
    let mut entries = there.entries;
    let mut before = entries.first().map(|one| one.seq).filter(|seq| *seq > 1);
    while let Some(line) = before {
        let path = format!("/api/v1/interactions/{}/history?before={line}", second.interaction.id);
        let page: HistoryPage = serde_json::from_value(relay.get(&dana, &path).await).unwrap();
        before = page.before;
        entries.splice(0..0, page.entries);
    }
    let seqs: Vec<u64> = entries.iter().map(|one| one.seq).collect();
    assert_eq!(seqs, (1..=second.interaction.seq).collect::<Vec<u64>>());
    let mut said = words(&entries);
    said.retain(|text| text != "answer 2");
    assert_eq!(said, texts);

    // What Eva gets rights to is there from then on, and her desk is told to look.
    office.grant(&other, &["petr", "dana", "eva"]).await;
    eva.next("a new configuration", |frame| matches!(frame, RelayFrame::ConfigChanged { .. }).then_some(()))
        .await;
    assert_eq!(eva.interaction(id).await.earlier, Some(second.interaction.id));
    assert_eq!(eva.snapshot().await.interactions[0].earlier, Some(second.interaction.id));
    // What she worked on stays hers to read, whatever becomes of the queues.
    office.grant(&mine, &["dana"]).await;
    office.grant(&other, &["petr", "dana"]).await;
    assert_eq!(eva.interaction(id).await.earlier, Some(first.interaction.id));
}
