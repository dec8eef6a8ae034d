//! How one account stands, and what becomes of that: pure steps with time as an argument; asks nobody.

use crate::channels::{Check, Token, UNREACHABLE};
use serde::{Deserialize, Serialize};
use shared::interaction::{Failure, FailureKind};
use shared::time::{Span, Timestamp};
use shared::wire::TOKEN_ENDS_SOON;

/// The first pause before a broken account is tried again; it doubles.
const FIRST: Span = Span::minutes(1);

/// The longest pause: an account that was mended elsewhere must not stand still for long.
const LONGEST: Span = Span::minutes(15);

/// The shortest silence that can be suspicious. Messenger ends a subscription after an hour of failures.
const SILENCE: Span = Span::hours(1);

/// So many times its usual pause an account must be silent before that is suspicious.
const UNUSUAL: i64 = 10;

/// Whether messages of an account may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// They may.
    Open,
    /// One at a time, until the first has gone well.
    Trial,
    /// None may.
    Paused,
}

/// Why nothing leaves, and when to look again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Timestamp,
    /// What the provider said.
    pub why: Failure,
    /// How often it was tried in vain.
    pub strikes: u32,
    /// When it is tried again by itself.
    pub next_at: Timestamp,
}

/// What is kept of an account over a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The pause, while there is one.
    pub pause: Option<Pause>,
    /// When the last webhook came.
    pub last_webhook_at: Option<Timestamp>,
    /// When the provider last took a message.
    pub last_sent_at: Option<Timestamp>,
    /// The last refusal.
    pub last_error: Option<(Timestamp, Failure)>,
    /// The usual time between two webhooks, in milliseconds.
    pub usual: Option<i64>,
}

/// How one account stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What is kept over a restart.
    pub kept: Kept,
    /// Whether it was let go on and has to prove itself; the pause before it counts on.
    pub trial: Option<Pause>,
    /// Since when messages leave again.
    pub open_since: Option<Timestamp>,
    /// The last look at the account.
    pub checked: Option<(Timestamp, Check)>,
    /// When the account was last out of our reach: this run began, or the provider could not be reached. What was sent
    /// meanwhile may not come any more.
    pub outage: Option<Timestamp>,
}

impl Standing {
    /// Whether messages may leave.
    #[must_use]
    pub const fn gate(&self) -> Gate {
        match (&self.kept.pause, &self.trial) {
            (Some(_), _) => Gate::Paused,
            (None, Some(_)) => Gate::Trial,
            (None, None) => Gate::Open,
        }
    }

    /// The provider took a message.
    pub fn sent(&mut self, now: Timestamp) {
        self.kept.last_sent_at = Some(now);
        self.trial = None;
        let looked = self.checked.as_ref().map(|(at, _)| *at);
        if self.outage.is_some_and(|outage| looked.is_some_and(|looked| looked < outage)) {
            // The way is free again: whether webhooks still come is looked at anew.
            self.checked = None;
        }
    }

    /// The provider refused a message; the account itself works.
    pub fn refused(&mut self, failure: &Failure, now: Timestamp) {
        self.kept.last_error = Some((now, failure.clone()));
        self.trial = None;
    }

    /// A call came to nothing for now, which says nothing of the account.
    pub fn stumbled(&mut self, failure: &Failure, now: Timestamp) {
        self.kept.last_error = Some((now, failure.clone()));
        if failure.code.as_deref() == Some(UNREACHABLE) {
            self.outage = Some(now);
        }
    }

    /// The provider takes nothing of this account.
    pub fn broke(&mut self, failure: &Failure, now: Timestamp) {
        self.kept.last_error = Some((now, failure.clone()));
        if self.kept.pause.is_some() {
            // One of several calls that were under way together.
            return;
        }
        let before = self.trial.take();
        let strikes = before.as_ref().map_or(0, |pause| pause.strikes.saturating_add(1));
        let since = before.map_or(now, |pause| pause.since);
        let next_at = now.plus(wait(strikes));
        self.kept.pause = Some(Pause { since, why: failure.clone(), strikes, next_at });
    }

    /// Somebody changed the account or its token: it goes on at once, and starts anew.
    pub fn mended(&mut self, now: Timestamp) {
        if self.kept.pause.take().is_some() {
            self.open_since = Some(now);
        }
        self.trial = None;
        // What was found before is no longer true; the next look comes at once.
        self.checked = None;
    }

    /// A look at the account ended.
    pub fn checked(&mut self, check: Check, now: Timestamp) {
        let failure = check.failure.clone().unwrap_or(Failure { kind: FailureKind::Account, code: None });
        match (check.token, &mut self.kept.pause) {
            (Token::Refused, None) => self.broke(&failure, now),
            (Token::Valid, pause @ Some(_)) => {
                self.trial = pause.take();
                self.open_since = Some(now);
            }
            (Token::Refused | Token::Unknown, Some(pause)) => {
                pause.strikes = pause.strikes.saturating_add(1);
                pause.next_at = now.plus(wait(pause.strikes));
            }
            (Token::Valid | Token::Unknown, None) => {}
        }
        self.checked = Some((now, check));
    }

    /// A webhook came.
    pub fn heard(&mut self, now: Timestamp) {
        if let Some(last) = self.kept.last_webhook_at {
            let gap = now.since(last).0.max(0);
            // A mean in which the last ten count most.
            self.kept.usual = Some(self.kept.usual.map_or(gap, |usual| usual + (gap - usual) / 10));
        }
        self.kept.last_webhook_at = Some(now);
        self.outage = None;
    }

    /// Since when nothing has come after an outage, when that is far longer than usual.
    #[must_use]
    pub fn silent_since(&self, now: Timestamp) -> Option<Timestamp> {
        let (outage, last) = (self.outage?, self.kept.last_webhook_at?);
        let usual = self.kept.usual?.saturating_mul(UNUSUAL);
        (now.since(outage).0 > usual.max(SILENCE.0)).then_some(last)
    }

    /// When the token ends, when that is soon.
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.checked.as_ref()?.1.expires_at?;
        (ends < now.plus(TOKEN_ENDS_SOON)).then_some(ends)
    }
}

fn wait(strikes: u32) -> Span {
    Span(FIRST.0.checked_shl(strikes.min(16)).unwrap_or(LONGEST.0).min(LONGEST.0))
}
