//! Faults switched on by rules: on calls of the business and on webhooks, with scope, probability and count; seeded per rule, so that a run can be replayed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::Entry;
use crate::outbox::Webhook;
use crate::random::Random;

/// Rules at most.
pub(crate) const RULES: usize = 200;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// 500 in the provider's shape; nothing is accepted.
    Internal,
    /// The provider's "too many": 429, or its own code; with `wait_s` it says how long to wait.
    Rate,
    /// The given status and body, or code and subcode in the provider's shape.
    Error,
    /// Accepts nothing and does not answer for `ms`, then cuts.
    TimeoutBefore,
    /// Accepts, does not answer for `ms`, then cuts.
    TimeoutAfter,
    /// Accepts and cuts the connection without an answer.
    Lost,
    /// Cuts the connection before anything is accepted.
    Cut,
    /// Accepts and answers after `ms`.
    Slow,
    /// The token is refused.
    Token,
    /// The window is closed.
    Window,
    /// The customer blocked the business.
    Blocked,
    /// A webhook goes out twice.
    Duplicate,
    /// A webhook waits `ms`, and what is behind it.
    Delay,
    /// A webhook waits `ms`, and what is behind it overtakes it.
    Reorder,
    /// Webhooks of `ms` go out in one body, across customers and accounts of an app.
    Batch,
}

impl What {
    /// Concerns webhooks; else calls.
    pub(crate) const fn of_webhooks(self) -> bool {
        matches!(self, Self::Duplicate | Self::Delay | Self::Reorder | Self::Batch)
    }
}

/// A rule as the control API takes it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub fault: What,
    /// Only this account.
    pub account: Option<String>,
    /// Only this customer.
    pub customer: Option<String>,
    /// Only this kind of call (`send`, `upload`…) or of webhook event (`message`, `delivered`…).
    pub on: Option<String>,
    /// 0 to 1; always when absent.
    pub probability: Option<f64>,
    /// Hits the rule has; until removed when absent.
    pub count: Option<u32>,
    /// Matches that pass first.
    #[serde(default)]
    pub skip: u32,
    pub ms: Option<u64>,
    pub wait_s: Option<u64>,
    pub status: Option<u16>,
    pub code: Option<u32>,
    pub subcode: Option<u32>,
    pub body: Option<Value>,
}

/// A rule at work.
#[derive(Debug)]
struct Active {
    id: u64,
    rule: Rule,
    /// In thousandths.
    chance: u64,
    random: Random,
    hits: u64,
}

/// All rules.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Vec<Active>,
    made: u64,
    pub seed: u64,
}

/// One hit of one rule.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub id: u64,
    pub rule: Rule,
}

impl Faults {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { rules: Vec::new(), made: 0, seed }
    }

    /// Adds a rule and gives its number.
    pub(crate) fn add(&mut self, rule: Rule) -> Result<u64, String> {
        let probability = rule.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err("probability: 0 to 1".to_owned());
        }
        if self.rules.len() >= RULES {
            return Err(format!("{RULES} rules at most"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        let chance = (probability * 1_000.0).round() as u64;
        self.made += 1;
        let random = Random::new(self.seed.wrapping_mul(1_000_003).wrapping_add(self.made));
        self.rules.push(Active { id: self.made, rule, chance, random, hits: 0 });
        Ok(self.made)
    }

    /// Removes one rule, or all; how many there were.
    pub(crate) fn remove(&mut self, id: Option<u64>) -> usize {
        let before = self.rules.len();
        self.rules.retain(|active| id.is_some_and(|id| id != active.id));
        before - self.rules.len()
    }

    /// Starts anew from a seed: no rules, numbers from one.
    pub(crate) fn reseed(&mut self, seed: u64) {
        *self = Self::new(seed);
    }

    /// The rules with what they did.
    pub(crate) fn list(&self) -> Vec<Value> {
        let described =
            |active: &Active| serde_json::json!({"id": active.id, "hits": active.hits, "rule": active.rule});
        self.rules.iter().map(described).collect()
    }

    /// The first rule that strikes this call.
    pub(crate) fn call(&mut self, account: &str, customer: Option<&str>, call: &str) -> Option<Hit> {
        self.rules
            .iter_mut()
            .filter(|a| !a.rule.fault.of_webhooks())
            .find_map(|a| a.strike(account, customer, call))
    }

    /// All rules that strike this webhook.
    pub(crate) fn webhook(&mut self, account: &str, customer: &str, kind: &str) -> Vec<Hit> {
        let rules = self.rules.iter_mut().filter(|a| a.rule.fault.of_webhooks());
        rules.filter_map(|a| a.strike(account, Some(customer), kind)).collect()
    }
}

impl Active {
    fn strike(&mut self, account: &str, customer: Option<&str>, on: &str) -> Option<Hit> {
        let is =
            |wanted: &Option<String>, there: Option<&str>| wanted.is_none() || wanted.as_deref() == there;
        let rule = &mut self.rule;
        let meant =
            is(&rule.account, Some(account)) && is(&rule.customer, customer) && is(&rule.on, Some(on));
        if !meant || rule.count == Some(0) {
            return None;
        }
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        if !self.random.chance(self.chance) {
            return None;
        }
        rule.count = rule.count.map(|left| left - 1);
        self.hits += 1;
        Some(Hit { id: self.id, rule: rule.clone() })
    }
}

impl Hit {
    /// The rule's time, or the given one.
    pub(crate) fn ms(&self, other: u64) -> u64 {
        self.rule.ms.unwrap_or(other)
    }

    /// Changes how a webhook travels; how many further copies go out.
    pub(crate) fn bend(&self, webhook: &mut Webhook) -> u32 {
        match self.rule.fault {
            What::Duplicate => return 1,
            What::Delay => webhook.wait_ms = self.ms(1_000),
            What::Reorder => {
                webhook.wait_ms = self.ms(300);
                webhook.apart = true;
            }
            What::Batch => webhook.batch_ms = Some(self.ms(200)),
            _ => {}
        }
        0
    }

    /// The ledger's line on it.
    pub(crate) fn entry(&self, account: &str, customer: Option<&str>, on: &str) -> Entry {
        Entry::Fault {
            rule: self.id,
            fault: self.rule.fault,
            account: account.to_owned(),
            customer: customer.map(str::to_owned),
            on: on.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
