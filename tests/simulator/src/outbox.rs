//! Hands webhooks to the business's software: in order per customer, again and again until 200; never changes a body between attempts.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::Sim;
use crate::ledger::{Entry, Ledger};
use crate::state::Progress;

/// First pause between attempts; doubles up to `LONGEST_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// After this long without a 200 the webhook is given up.
const PATIENCE: Duration = Duration::from_mins(15);
/// Meta waits five seconds for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Webhooks waiting in one lane; more are dropped and recorded.
const LANE: usize = 2_000;

/// A webhook ready to go: bytes and signature are fixed.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub account: String,
    /// Key of the customer, or id of the account for events without one.
    pub lane: String,
    pub url: String,
    pub header: Option<(&'static str, String)>,
    pub body: Arc<str>,
    /// The customer's message it carries.
    pub message: Option<String>,
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

    pub(crate) fn push(&mut self, webhook: Webhook, ledger: &mut Ledger) {
        self.made += 1;
        let delivery = self.made;
        let lane = webhook.lane.clone();
        if let Some(waiting) = self.lanes.get_mut(&lane) {
            if waiting.len() >= LANE {
                ledger.add(entry(delivery, &webhook, 0, None, "dropped", Duration::ZERO));
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

    /// Webhooks waiting behind the ones being sent.
    pub(crate) fn waiting(&self) -> usize {
        self.lanes.values().map(VecDeque::len).sum()
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
        deliver(&sim, delivery, &webhook).await;
    }
}

async fn deliver(sim: &Sim, delivery: u64, webhook: &Webhook) {
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    for attempt in 1.. {
        let started = Instant::now();
        let status = attempt_once(sim, webhook).await.map(|(status, _)| status);
        let outcome = match status {
            Some(200) => "accepted",
            _ if begun.elapsed() >= PATIENCE => "gave_up",
            _ => "retry",
        };
        {
            let mut state = sim.lock();
            state.ledger.add(entry(delivery, webhook, attempt, status, outcome, started.elapsed()));
            if outcome == "accepted" {
                arrived(&mut state, webhook);
            }
        }
        if outcome != "retry" {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The business has the customer's message: one more tick on the phone.
fn arrived(state: &mut crate::state::State, webhook: &Webhook) {
    let Some(id) = &webhook.message else { return };
    let message = state.phones.get_mut(&webhook.lane).and_then(|phone| {
        let message = phone.message_mut(id)?;
        message.state = message.state.max(Progress::Delivered);
        Some(message.clone())
    });
    if let Some(message) = message {
        state.announce_message(&webhook.lane, &message);
    }
}

/// Posts once; the answer's status and text, or nothing when there was no answer in time.
pub(crate) async fn attempt_once(sim: &Sim, webhook: &Webhook) -> Option<(u16, String)> {
    let mut request = sim
        .http
        .post(&webhook.url)
        .timeout(ANSWER_WITHIN)
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
    let started = Instant::now();
    let answer = attempt_once(sim, webhook).await;
    let status = answer.as_ref().map(|a| a.0);
    let mut state = sim.lock();
    state.outbox.made += 1;
    let delivery = state.outbox.made;
    let outcome = if status == Some(200) { "accepted" } else { "gave_up" };
    state.ledger.add(entry(delivery, webhook, 1, status, outcome, started.elapsed()));
    answer
}

fn entry(
    delivery: u64,
    webhook: &Webhook,
    attempt: u32,
    status: Option<u16>,
    outcome: &'static str,
    took: Duration,
) -> Entry {
    Entry::Webhook {
        delivery,
        account: webhook.account.clone(),
        lane: webhook.lane.clone(),
        url: webhook.url.clone(),
        body: Arc::clone(&webhook.body),
        attempt,
        status,
        outcome,
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    }
}
