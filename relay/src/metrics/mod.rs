//! Figures of this process for an operator, counted where things happen; holds no name, no word and no id of anybody.
//!
//! Every label's value is a word of this program (`&'static str`), so that no traffic can make new series. What is read
//! from the state when somebody asks is put beside these elsewhere.

mod kinds;

pub use kinds::{Cut, Decision, Item, Login};

use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::LazyLock;
use std::time::Duration;

/// One label with a word of ours, or several.
type Words<const N: usize> = [(&'static str, &'static str); N];

/// A counter for each word.
type Counters<const N: usize> = Family<Words<N>, Counter>;

/// Everything that is counted while it happens.
struct Figures {
    registry: Registry,
    webhooks: Counters<2>,
    items: Counters<1>,
    commit: Histogram,
    group: Histogram,
    decisions: Counters<1>,
    offers: Counters<1>,
    accept: Histogram,
    deliveries: Counters<2>,
    send: Family<Words<1>, Histogram>,
    messages: Counters<1>,
    sockets: Gauge,
    socket_bytes: Gauge,
    cuts: Counters<1>,
    logins: Counters<1>,
    missed: Counter,
    violations: Counter,
}

static FIGURES: LazyLock<Figures> = LazyLock::new(Figures::new);

/// 0.5 ms to 16 s, doubling: a sync of a good disk takes below one, a stuck one seconds.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_5, 2.0, 16))
}

/// 0.1 s to 27 min, doubling: people and providers take their time.
fn long_seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.1, 2.0, 15))
}

impl Figures {
    fn new() -> Self {
        let send: Family<Words<1>, Histogram> = Family::new_with_constructor(long_seconds);
        let figures = Self {
            registry: Registry::with_prefix("signalbox"),
            webhooks: Family::default(),
            items: Family::default(),
            commit: seconds(),
            // 1 to 128, doubling: the most jobs of one commit.
            group: Histogram::new(exponential_buckets(1.0, 2.0, 8)),
            decisions: Family::default(),
            offers: Family::default(),
            accept: long_seconds(),
            deliveries: Family::default(),
            send,
            messages: Family::default(),
            sockets: Gauge::default(),
            socket_bytes: Gauge::default(),
            cuts: Family::default(),
            logins: Family::default(),
            missed: Counter::default(),
            violations: Counter::default(),
        };
        figures.registered()
    }

    /// Puts all of them into the registry, each with its sentence.
    fn registered(mut self) -> Self {
        let all = &mut self.registry;
        all.register("webhooks", "Webhooks answered, by provider and HTTP status", self.webhooks.clone());
        all.register("items", "Webhook items by what became of them", self.items.clone());
        all.register("commit_seconds", "Time of one commit of the log with its sync", self.commit.clone());
        all.register("commit_jobs", "Writes that shared one commit", self.group.clone());
        all.register("decisions", "Commands and occurrences by what was decided", self.decisions.clone());
        all.register("offers", "Offers by how they ended, and those that began", self.offers.clone());
        all.register("accept_seconds", "Time from an offer to its acceptance", self.accept.clone());
        all.register(
            "deliveries",
            "Steps of outgoing messages, by channel and step; failures by class",
            self.deliveries.clone(),
        );
        all.register("send_seconds", "Time from an agent's Enter to the provider's yes", self.send.clone());
        all.register("messages", "Messages by who wrote them", self.messages.clone());
        all.register("sockets", "Desks that are connected", self.sockets.clone());
        all.register(
            "socket_queue_bytes",
            "Bytes that wait for desks to read them",
            self.socket_bytes.clone(),
        );
        all.register("sockets_cut", "Desks sent away, by reason", self.cuts.clone());
        all.register("logins", "Logins by result", self.logins.clone());
        all.register("events_unwatched", "Events that these figures missed under load", self.missed.clone());
        all.register(
            "policy_violations",
            "What pages tried and their policy forbade, as browsers report it",
            self.violations.clone(),
        );
        self
    }
}

/// Writes everything that was counted in Prometheus' text format.
///
/// # Errors
/// When it cannot be written there.
pub fn write(page: &mut String) -> std::fmt::Result {
    prometheus_text::encode(page, &FIGURES.registry)
}

/// Somebody wrote a message.
pub fn message(by: &'static str) {
    FIGURES.messages.get_or_create(&[("by", by)]).inc();
}

/// An offer came to this.
pub fn offer(state: &'static str) {
    FIGURES.offers.get_or_create(&[("state", state)]).inc();
}

/// An offer was accepted after so many seconds.
pub fn accepted(seconds: f64) {
    FIGURES.accept.observe(seconds);
}

/// A message of this channel took this step.
pub fn delivery(channel: &'static str, step: &'static str) {
    FIGURES.deliveries.get_or_create(&[("channel", channel), ("step", step)]).inc();
}

/// A message of this channel was with its provider after so many seconds.
pub fn sent(channel: &'static str, seconds: f64) {
    FIGURES.send.get_or_create(&[("channel", channel)]).observe(seconds);
}

/// Events were too many to be counted.
pub fn missed(events: u64) {
    FIGURES.missed.inc_by(events);
}

/// A browser reported that a page tried what its policy forbids.
pub fn violation() {
    FIGURES.violations.inc();
}

/// A webhook was answered. Statuses other than those we give count as one.
pub fn webhook(provider: &'static str, status: u16) {
    let status = match status {
        200 => "200",
        401 => "401",
        403 => "403",
        413 => "413",
        503 => "503",
        _ => "other",
    };
    FIGURES.webhooks.get_or_create(&[("provider", provider), ("status", status)]).inc();
}

/// Something became of a webhook item.
pub fn item(item: Item) {
    FIGURES.items.get_or_create(&[("outcome", item.word())]).inc();
}

/// The log committed so many writes together.
pub fn commit(jobs: usize, took: Duration) {
    FIGURES.commit.observe(took.as_secs_f64());
    FIGURES.group.observe(f64::from(u32::try_from(jobs).unwrap_or(u32::MAX)));
}

/// Something was decided.
pub fn decision(decision: Decision) {
    FIGURES.decisions.get_or_create(&[("outcome", decision.word())]).inc();
}

/// Somebody tried to log in.
pub fn login(login: Login) {
    FIGURES.logins.get_or_create(&[("result", login.word())]).inc();
}

/// A desk was sent away.
pub fn cut(cut: Cut) {
    FIGURES.cuts.get_or_create(&[("reason", cut.word())]).inc();
}

/// A desk is connected for as long as this is kept.
pub struct Connected(());

impl Connected {
    /// Counts it.
    pub fn begin() -> Self {
        FIGURES.sockets.inc();
        Self(())
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        FIGURES.sockets.dec();
    }
}

/// So many bytes wait for a desk for as long as this is kept.
pub struct Waiting(i64);

impl Waiting {
    /// Counts them.
    pub fn begin(bytes: usize) -> Self {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        FIGURES.socket_bytes.inc_by(bytes);
        Self(bytes)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        FIGURES.socket_bytes.dec_by(self.0);
    }
}
