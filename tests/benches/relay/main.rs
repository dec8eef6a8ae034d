//! `cargo xtask bench relay`: what the relay does in a second beside what its parts could do alone; only ratios, each against its baseline in the same run.
//!
//! Every figure is taken in pairs, relay and baseline in turn, so that a machine that slows down slows both. Before,
//! between and after, two probes (a loop of fdatasync, a bare echo) say whether the machine stayed the same: if not,
//! the run is void, which is neither good nor bad.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark is test code: a panic is how it fails; its figures are far below 2^52"
)]

mod bare;
mod desks;
mod fan_out;
mod grown;
mod ingest;
mod load;
mod probe;
mod rows;
mod sockets;
mod start;

use probe::Probe;
use std::time::Instant;
use tempfile::TempDir;
use tests::relay::Database;
use tests::table::Table;
use tests::{Relay, Setup};

/// How much is done; the same work for relay and baseline.
#[derive(Clone, Copy)]
pub struct Scale {
    /// Pairs of relay and baseline.
    pub pairs: usize,
    /// Webhooks of one burst.
    pub burst: usize,
    /// Sockets that are opened to be counted or resumed.
    pub sockets: usize,
    /// Messages of the grown log.
    pub grown: usize,
    /// Paced webhooks whose delays are looked at.
    pub paced: usize,
}

/// What a release is judged by: under six minutes.
const FULL: Scale = Scale { pairs: 5, burst: 4_000, sockets: 4_000, grown: 1_000_000, paced: 1_000 };
/// Whether everything still runs: the figures mean little.
const QUICK: Scale = Scale { pairs: 2, burst: 500, sockets: 200, grown: 20_000, paced: 100 };

/// One person has all the sockets here, and one address; what a relay grants to both is not what is measured.
const LIMITS: &str = "sockets_per_person = 100000\nconnections_per_address = 100000\nconnections = 100000";

/// Starts a relay on a file, over this data or over none, with the simulator outside of it.
async fn relay(data: Option<TempDir>) -> Relay {
    let environment = vec![("SIGNALBOX_LIMITS".into(), LIMITS.into())];
    Relay::start_with(Setup { data, apart: true, environment, database: Database::File }).await
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let named = |name: &str| arguments.iter().any(|argument| argument == name);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if named(bare::ARGUMENT) {
        return runtime.block_on(bare::serve());
    }
    let scale = if named("--quick") { QUICK } else { FULL };
    let only = arguments.iter().find(|argument| argument.starts_with('L')).map(String::as_str);
    runtime.block_on(run(scale, only));
}

/// All suites, or those that measure one line of the table.
async fn run(scale: Scale, only: Option<&str>) {
    let began = Instant::now();
    let wanted = |lines: &[&str]| only.is_none_or(|only| lines.contains(&only));
    let mut table = Table::new("relay / baseline");
    let mut probes = vec![Probe::take().await];
    if wanted(&["L1", "L2", "L3", "L4"]) {
        ingest::run(scale, &mut table).await;
        probes.push(Probe::take().await);
    }
    if wanted(&["L5", "L6", "L10"]) {
        fan_out::run(scale, &mut table, wanted).await;
        probes.push(Probe::take().await);
    }
    if wanted(&["L7", "L11"]) {
        sockets::run(scale, &mut table).await;
        probes.push(Probe::take().await);
    }
    if wanted(&["L12", "L14"]) {
        start::run(scale, &mut table).await;
        probes.push(Probe::take().await);
    }
    println!("\n{}", table.print());
    println!("{}", probe::verdict(&probes));
    println!("{} s in all", began.elapsed().as_secs());
}
