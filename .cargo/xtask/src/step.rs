//! Runs named steps, times them and prints the closing table; knows no step itself.

use crate::sh::Outcome;
use std::time::{Duration, Instant};

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Passed,
    Failed,
    NotRun,
    Skipped,
}

/// The steps of one run, in order.
#[derive(Default)]
pub struct Steps {
    done: Vec<(&'static str, Fate, Duration)>,
    /// What could not be tried here, and why.
    skipped: Vec<(&'static str, &'static str)>,
    stopped: bool,
}

impl Steps {
    /// A step on which the following ones stand: when it fails, they are not run.
    pub fn gate(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) {
        if self.run(name, work) == Fate::Failed {
            self.stopped = true;
        }
    }

    /// A step whose failure is reported at the end while the others still run.
    pub fn check(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) {
        self.run(name, work);
    }

    /// Something inside other steps that cannot be tried on this machine; it is named in the table.
    pub fn skip(&mut self, name: &'static str, why: &'static str) {
        println!("\n=== {name}: skipped, {why}");
        self.done.push((name, Fate::Skipped, Duration::ZERO));
        self.skipped.push((name, why));
    }

    fn run(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> Fate {
        if self.stopped {
            self.done.push((name, Fate::NotRun, Duration::ZERO));
            return Fate::NotRun;
        }
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        let fate = match outcome {
            Ok(()) => {
                println!("=== {name}: passed in {:.1} s", took.as_secs_f64());
                Fate::Passed
            }
            Err(message) => {
                println!("=== {name}: FAILED after {:.1} s: {message}", took.as_secs_f64());
                Fate::Failed
            }
        };
        self.done.push((name, fate, took));
        fate
    }

    fn why(&self, name: &str) -> &'static str {
        self.skipped.iter().find(|(skipped, _)| *skipped == name).map_or("skipped", |(_, why)| why)
    }

    fn count(&self, wanted: Fate) -> usize {
        self.done.iter().filter(|(_, fate, _)| *fate == wanted).count()
    }

    /// The table of times and the closing line; an error when a step failed.
    pub fn close(&self) -> Outcome {
        println!("\n{:<28} {:>9}  result", "step", "seconds");
        for (name, fate, took) in &self.done {
            let result = match fate {
                Fate::Passed => "passed",
                Fate::Failed => "FAILED",
                Fate::NotRun => "not run, an earlier step failed",
                Fate::Skipped => self.why(name),
            };
            println!("{name:<28} {:>9.1}  {result}", took.as_secs_f64());
        }
        let total: Duration = self.done.iter().map(|(_, _, took)| *took).sum();
        println!("{:<28} {:>9.1}\n", "all", total.as_secs_f64());
        println!("{}", self.closing_line());
        match self.count(Fate::Failed) {
            0 => Ok(()),
            failed => Err(format!("{failed} of {} steps failed", self.done.len())),
        }
    }

    /// `N passed, N failed`, counting steps that ran.
    pub fn closing_line(&self) -> String {
        format!("{} passed, {} failed", self.count(Fate::Passed), self.count(Fate::Failed))
    }
}
