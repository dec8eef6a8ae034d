//! Counts what random sequences reached, and says what a run must reach; never judges a state.

use crate::agent::AgentChange;
use crate::command::Command;
use crate::config::ConfigChange;
use crate::fixture::Variants;
use crate::interaction::{
    Amendment, AttachmentState, Delivery, Disconnection, InteractionChange, LostBecause, WithdrawnBecause,
    Withheld,
};
use crate::refusal::Refusal;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The transitions and races of the specification that the domain settles.
const NAMED: &[&str] = &[
    "T-01",
    "T-02",
    "T-03",
    "T-04",
    "T-05",
    "T-06",
    "T-07",
    "T-08",
    "T-09",
    "T-10",
    "T-11",
    "T-12",
    "T-12 supervisor",
    "T-22",
    "D-142 missed",
    "D-142 back in time",
    "D-142 late send",
    "D-044 after close",
    "D-044 cared for",
    "D-044 arrived after all",
    "D-141 too long",
    "D-141 time after a chat",
    "D-141 back to work",
    "R-01",
    "R-01 without rights",
    "a name that may be told",
    "R-02 nobody asked",
    "R-02 rings elsewhere",
    "R-02 pause lifted",
    "R-03 close first",
    "R-03 accept first",
    "R-04",
    "R-05 expired first",
    "R-05 rejected first",
    "R-07 before close",
    "R-07 after close",
    "R-09",
    "R-16 refused",
    "R-16 status edited",
    "several statuses",
    "R-17 twice",
    "R-17 late",
    "R-22",
    "R-23",
    "R-28",
    "offer accepted",
    "offer rejected",
    "offer expired",
    "offer withdrawn",
];

/// What nothing in the domain can bring about, with the reason.
const UNREACHABLE: &[(&str, &str)] = &[
    ("Refusal-NotSaved", "said by the relay when its log cannot be written"),
    ("Refusal-Unknown", "read from a newer relay, never decided"),
    ("Delivery-Queued", "where every message begins; nothing climbs to it"),
];

/// Each counted thing must have occurred this often in a run.
const LEAST: u64 = 50;

#[derive(Clone, Debug, Default)]
pub(super) struct Coverage(BTreeMap<&'static str, u64>);

impl Coverage {
    pub(super) fn count(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    /// The whole table, and whether anything fell short or occurred that was said to be out of reach.
    pub(super) fn verdict(&self) -> Result<String, String> {
        let lists = [
            NAMED,
            InteractionChange::ALL,
            AgentChange::ALL,
            ConfigChange::ALL,
            Refusal::ALL,
            Command::ALL,
            Delivery::ALL,
            Amendment::ALL,
            AttachmentState::ALL,
            Disconnection::ALL,
            WithdrawnBecause::ALL,
            LostBecause::ALL,
            Withheld::ALL,
        ];
        let (mut table, mut fine) = (String::new(), true);
        for name in lists.into_iter().flatten() {
            let count = self.0.get(name).copied().unwrap_or_default();
            let excused = UNREACHABLE.iter().find(|(one, _)| one == name);
            let good = if excused.is_some() { count == 0 } else { count >= LEAST };
            fine &= good;
            let note = excused.map_or("", |(_, why)| why);
            writeln!(table, "{} {count:>8} {name} {note}", if good { "  " } else { "!!" }).unwrap();
        }
        for name in self.0.keys().filter(|name| !lists.iter().any(|list| list.contains(name))) {
            fine = false;
            writeln!(table, "!! counted but not listed: {name}").unwrap();
        }
        if fine { Ok(table) } else { Err(table) }
    }
}
