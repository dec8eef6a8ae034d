//! Hands webhooks to the business's software: in order per customer, again and again on the provider's schedule until 200; never changes a body between attempts.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::Sim;
use crate::batch::{self, Join};
use crate::book::{Book, Event};
use crate::config::Channel;
use crate::ledger::{Entry, Ledger};
use crate::schedule;
use crate::state::{Progress, State};

/// Webhooks waiting in one lane; more are dropped and recorded.
const LANE: usize = 5_000;
/// Events in one body at most, as Meta's documents say.
const BATCH: usize = 1_000;

/// A webhook ready to go: bytes and signature are fixed.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub account: String,
    /// Key of the customer, or id of the account for events without one.
    pub lane: String,
    pub url: String,
    pub header: Option<(&'static str, String)>,
    pub body: Arc<str>,
    /// Customers' messages it carries: key of the phone and id.
    pub ticks: Vec<(String, String)>,
    /// What it tells, for the book.
    pub events: Vec<Event>,
    /// Waits this long before the first attempt.
    pub wait_ms: u64,
    /// Travels beside its lane: what is behind it overtakes it.
    pub apart: bool,
    /// Waits this long for company and goes out in one body with it.
    pub batch_ms: Option<u64>,
}

/// Lanes of webhooks; a lane exists while somebody works through it.
#[derive(Debug)]
pub(crate) struct Outbox {
    lanes: HashMap<String, VecDeque<(u64, Webhook)>>,
    wake: mpsc::UnboundedSender<String>,
    made: u64,
}

impl Outbox {
    pub(crate) fn new(wake: mpsc::UnboundedSender<String>) -> Self {
        Self { lanes: HashMap::new(), wake, made: 0 }
    }

    /// The number of one more webhook.
    pub(crate) const fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub(crate) fn push(&mut self, webhook: Webhook, ledger: &mut Ledger, book: &mut Book, now: u64) {
        let delivery = self.number();
        let lane = if webhook.batch_ms.is_some() {
            format!("batch {}", webhook.url)
        } else if webhook.apart {
            format!("apart {delivery}")
        } else {
            webhook.lane.clone()
        };
        if let Some(waiting) = self.lanes.get_mut(&lane) {
            if waiting.len() >= LANE {
                book.ended(&webhook, "dropped");
                ledger.add(Entry::webhook(delivery, &webhook, 0, None, "dropped", 0), now);
            } else {
                waiting.push_back((delivery, webhook));
            }
        } else {
            self.lanes.insert(lane.clone(), VecDeque::from([(delivery, webhook)]));
            // The receiver lives as long as the server; without it nothing is sent anyway.
            let _ = self.wake.send(lane);
        }
    }

    /// The lane's next webhook; ends the lane when there is none.
    fn next(&mut self, lane: &str) -> Option<(u64, Webhook)> {
        let next = self.lanes.get_mut(lane).and_then(VecDeque::pop_front);
        if next.is_none() {
            self.lanes.remove(lane);
        }
        next
    }

    /// Everything else that waits in a lane, up to a bound.
    fn rest(&mut self, lane: &str) -> Vec<Webhook> {
        let waiting = self.lanes.get_mut(lane);
        waiting
            .map(|w| w.drain(..w.len().min(BATCH - 1)).map(|(_, webhook)| webhook).collect())
            .unwrap_or_default()
    }

    /// Webhooks waiting behind the ones being sent.
    pub(crate) fn waiting(&self) -> usize {
        self.lanes.values().map(VecDeque::len).sum()
    }

    /// Lanes somebody works through, with the one webhook in hand each.
    pub(crate) fn busy(&self) -> usize {
        self.lanes.len()
    }
}

/// Starts a worker for every lane that wakes, until the channel closes; dropping it ends the workers.
pub(crate) async fn dispatch(sim: Arc<Sim>, mut wakes: mpsc::UnboundedReceiver<String>) {
    let mut workers = JoinSet::new();
    while let Some(lane) = wakes.recv().await {
        while workers.try_join_next().is_some() {}
        workers.spawn(drain(Arc::clone(&sim), lane));
    }
}

async fn drain(sim: Arc<Sim>, lane: String) {
    loop {
        let next = sim.lock().outbox.next(&lane);
        let Some((delivery, webhook)) = next else {
            return;
        };
        let Some(window) = webhook.batch_ms else {
            deliver(&sim, delivery, &webhook).await;
            continue;
        };
        tokio::time::sleep(Duration::from_millis(window)).await;
        let joined = {
            let mut state = sim.lock();
            let mut all = vec![webhook];
            all.extend(state.outbox.rest(&lane));
            batch::join(&state, all, Join::Changes)
        };
        for webhook in joined {
            let delivery = sim.lock().outbox.number();
            deliver(&sim, delivery, &webhook).await;
        }
    }
}

/// How the provider's time has passed since a webhook was first tried.
struct Since {
    begun: Instant,
    ahead_ms: u64,
}

impl Since {
    /// The machine's time times the factor, and what the world's clock was moved.
    fn passed(&self, state: &State) -> Duration {
        let factor = u32::try_from(state.settings.retry_factor).unwrap_or(u32::MAX);
        let moved = Duration::from_millis(state.ahead_ms.saturating_sub(self.ahead_ms));
        self.begun.elapsed().saturating_mul(factor).saturating_add(moved)
    }
}

async fn deliver(sim: &Sim, delivery: u64, webhook: &Webhook) {
    if webhook.wait_ms > 0 {
        tokio::time::sleep(Duration::from_millis(webhook.wait_ms)).await;
    }
    let since = Since { begun: Instant::now(), ahead_ms: sim.lock().ahead_ms };
    for attempt in 1.. {
        let channel = {
            let mut state = sim.lock();
            let now = state.now();
            let account = state.account(&webhook.account);
            if account.is_some_and(|account| !account.subscribed) {
                state.book.ended(webhook, "unsubscribed");
                state.ledger.add(Entry::webhook(delivery, webhook, attempt, None, "unsubscribed", 0), now);
                return;
            }
            account.map_or(Channel::Messenger, |account| account.account.channel())
        };
        let started = Instant::now();
        let status = attempt_once(sim, webhook, channel).await.map(|(status, _)| status);
        let pause = {
            let mut state = sim.lock();
            let given_up = since.passed(&state) >= schedule::patience(channel);
            let outcome = match status {
                Some(200) => "accepted",
                _ if given_up => "gave_up",
                _ => "retry",
            };
            record(&mut state, delivery, webhook, attempt, status, outcome, started.elapsed());
            match outcome {
                "retry" => {}
                "gave_up" => return give_up(&mut state, webhook, channel),
                _ => return,
            }
            let factor = u32::try_from(state.settings.retry_factor).unwrap_or(u32::MAX).max(1);
            let longest = Duration::from_millis(state.settings.longest_pause_ms);
            (schedule::pause(channel, attempt) / factor).min(longest)
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = sim.moved.notified() => {}
        }
    }
}

/// Messenger and Instagram unsubscribe an app that did not answer for an hour.
fn give_up(state: &mut State, webhook: &Webhook, channel: Channel) {
    state.book.ended(webhook, "gave_up");
    if !matches!(channel, Channel::Messenger | Channel::Instagram) {
        return;
    }
    let now = state.now();
    if let Some(account) = state.account_mut(&webhook.account) {
        account.subscribed = false;
        state.ledger.add(Entry::Note { account: webhook.account.clone(), what: "unsubscribed" }, now);
    }
}

fn record(
    state: &mut State,
    delivery: u64,
    webhook: &Webhook,
    attempt: u32,
    status: Option<u16>,
    outcome: &'static str,
    took: Duration,
) {
    let (now, took_ms) = (state.now(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    state.ledger.add(Entry::webhook(delivery, webhook, attempt, status, outcome, took_ms), now);
    state.book.posted(webhook, status);
    if outcome == "accepted" {
        arrived(state, webhook);
    }
}

/// The business has the customers' messages: one more tick on their phones.
fn arrived(state: &mut State, webhook: &Webhook) {
    for (key, id) in &webhook.ticks {
        let message = state.phones.get_mut(key).and_then(|phone| {
            let message = phone.message_mut(id)?;
            message.state = message.state.max(Progress::Delivered);
            Some(message.clone())
        });
        if let Some(message) = message {
            state.announce_message(key, &message);
        }
    }
}

/// Posts once; the answer's status and text, or nothing when there was no answer in time.
async fn attempt_once(sim: &Sim, webhook: &Webhook, channel: Channel) -> Option<(u16, String)> {
    let mut request = sim
        .http
        .post(&webhook.url)
        .timeout(schedule::answer_within(channel))
        .header("content-type", "application/json")
        .body(webhook.body.to_string());
    if let Some((name, value)) = &webhook.header {
        request = request.header(*name, value);
    }
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.text().await.unwrap_or_default()))
}

/// Posts once, outside every lane, with a line in the ledger.
pub(crate) async fn once(sim: &Sim, webhook: &Webhook) -> Option<(u16, String)> {
    let channel = {
        let mut state = sim.lock();
        let now = state.now();
        state.book.made(webhook, now);
        state.account(&webhook.account).map_or(Channel::Messenger, |account| account.account.channel())
    };
    let started = Instant::now();
    let answer = attempt_once(sim, webhook, channel).await;
    let status = answer.as_ref().map(|a| a.0);
    let mut state = sim.lock();
    let delivery = state.outbox.number();
    let outcome = if status == Some(200) { "accepted" } else { "gave_up" };
    record(&mut state, delivery, webhook, 1, status, outcome, started.elapsed());
    if outcome == "gave_up" {
        state.book.ended(webhook, outcome);
    }
    answer
}

/// Asks a callback for its challenge, as Meta does before it takes one; whether it answered well.
pub(crate) async fn handshake(sim: &Sim, url: &str, verify: &str) -> bool {
    let challenge = crate::ids::scoped_id();
    let query = [("hub.mode", "subscribe"), ("hub.verify_token", verify), ("hub.challenge", &challenge)];
    let asked =
        sim.http.get(url).query(&query).timeout(schedule::answer_within(Channel::Messenger)).send().await;
    match asked {
        Ok(answer) if answer.status() == 200 => answer.text().await.is_ok_and(|text| text == challenge),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
