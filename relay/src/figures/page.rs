//! The page of all figures in Prometheus' text format: what was counted, and what the state says at the moment; changes nothing.

use super::watch::channel_word;
use crate::engine::Engine;
use crate::health::Health;
use crate::log::LogError;
use crate::metrics;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fmt;

/// The type of the page.
pub const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The page could not be put together.
    #[error("the figures could not be written: {0}")]
    Format(#[from] fmt::Error),
}

/// Puts the page together.
///
/// # Errors
/// When the log cannot be read.
pub async fn page(engine: &Engine, health: &Health) -> Result<String, PageError> {
    let mut now = Registry::with_prefix("signalbox");
    now.register("build", "The running program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    backlog(engine, &mut now).await?;
    queues(engine, &mut now);
    customers(engine, &mut now);
    accounts(health, &mut now);
    process(&mut now);
    let mut page = String::new();
    metrics::write(&mut page)?;
    prometheus_text::encode(&mut page, &now)?;
    Ok(page)
}

fn gauge(all: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    all.register(name, help, gauge);
}

/// What waits in the log: webhook items to be understood, messages to be sent.
async fn backlog(engine: &Engine, all: &mut Registry) -> Result<(), LogError> {
    let backlog = engine.log().backlog().await?;
    let now = engine.clock().now();
    let age =
        |since: Option<shared::time::Timestamp>| since.map_or(0, |since| now.since(since).0.max(0) / 1_000);
    gauge(
        all,
        "journal_open_items",
        "Webhook items that are kept and not understood yet",
        backlog.open_items,
    );
    gauge(all, "journal_parked_items", "Receipts that wait for what they are about", backlog.parked_items);
    let help = "Age of the oldest webhook item that is not understood yet";
    gauge(all, "journal_lag_seconds", help, age(backlog.oldest_item));
    gauge(all, "outbox_messages", "Messages that are not with their provider yet", backlog.unsent);
    let help = "Age of the oldest message that is not with its provider yet";
    gauge(all, "outbox_oldest_seconds", help, age(backlog.oldest_unsent));
    Ok(())
}

/// How full the queues inside the process are, beside the most they take.
fn queues(engine: &Engine, all: &mut Registry) {
    let depths: Family<[(&str, &str); 1], Gauge> = Family::default();
    let caps: Family<[(&str, &str); 1], Gauge> = Family::default();
    for (name, (depth, cap)) in [("decisions", engine.waiting()), ("writes", engine.log().waiting())] {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        depths.get_or_create(&[("queue", name)]).set(number(depth));
        caps.get_or_create(&[("queue", name)]).set(number(cap));
    }
    all.register("queue_depth", "What waits inside the process", depths);
    all.register("queue_cap", "The most that may wait; whoever comes then waits for a place", caps);
}

/// Who waits in which queue, and which accounts are switched on; queues by their number, accounts by their id.
fn customers(engine: &Engine, all: &mut Registry) {
    let waiting: Family<[(&str, String); 1], Gauge> = Family::default();
    let accounts: Family<[(&str, String); 2], Gauge> = Family::default();
    engine.look(|world| {
        for queue in world.config.queues.values().filter(|queue| queue.enabled) {
            waiting.get_or_create(&[("queue", queue.number.to_string())]).set(0);
        }
        for activity in world.interactions().filter_map(|one| one.waiting()) {
            if let Some(queue) = world.config.queues.get(&activity.queue.id) {
                waiting.get_or_create(&[("queue", queue.number.to_string())]).inc();
            }
        }
        for one in world.config.connectors.values() {
            let labels =
                [("connector", one.id.to_string()), ("channel", channel_word(one.channel).to_owned())];
            accounts.get_or_create(&labels).set(i64::from(one.enabled));
        }
    });
    all.register("waiting_customers", "Customers who wait for an agent, by queue", waiting);
    all.register("connector_enabled", "Whether an account is switched on", accounts);
    let reachable = i64::try_from(engine.reachable().len()).unwrap_or(i64::MAX);
    gauge(all, "reachable_agents", "People with a connected desk", reachable);
}

/// How the accounts stand, by their id.
fn accounts(health: &Health, all: &mut Registry) {
    type Each = Family<[(&'static str, String); 2], Gauge>;
    let (paused, webhooks, tokens) = (Each::default(), Each::default(), Each::default());
    for one in health.report() {
        let labels =
            [("connector", one.connector.to_string()), ("channel", channel_word(one.channel).to_owned())];
        paused.get_or_create(&labels).set(i64::from(one.paused.is_some()));
        if let Some(at) = one.last_webhook_at {
            webhooks.get_or_create(&labels).set(at.0 / 1_000);
        }
        if let Some(at) = one.checked.and_then(|checked| checked.expires_at) {
            tokens.get_or_create(&labels).set(at.0 / 1_000);
        }
    }
    all.register("connector_paused", "Whether nothing leaves an account until somebody mends it", paused);
    let help = "When the last webhook of an account came, in seconds since 1970";
    all.register("connector_last_webhook_timestamp_seconds", help, webhooks);
    let help = "When the token of an account ends, in seconds since 1970, where the provider says so";
    all.register("connector_token_expires_timestamp_seconds", help, tokens);
}

/// What the process takes of the machine, where the system tells.
fn process(all: &mut Registry) {
    if let Some(bytes) = resident() {
        gauge(all, "resident_memory_bytes", "Memory of the process", bytes);
    }
    if let Some(files) = std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count) {
        gauge(
            all,
            "open_files",
            "Open files and sockets of the process",
            i64::try_from(files).unwrap_or(i64::MAX),
        );
    }
}

fn resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1_024)
}
