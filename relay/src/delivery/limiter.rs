//! Keeps to the providers' rates before they have to say no: one account to another, one customer to another; pure, with time as an argument.

use shared::channel::{Bucket, Channel};
use shared::fault;
use shared::id::{ConnectorId, IdentityId};
use shared::time::Timestamp;
use std::collections::BTreeMap;

/// Calls of one account under way at a time: a provider takes 40 to 100 messages a second and answers within half a
/// second, and an account whose provider hangs holds up no other.
const AT_ONCE: usize = 32;

/// Customers whose bucket is kept; those in use are far fewer.
const PEOPLE: usize = 10_000;

/// Who sends what to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) connector: ConnectorId,
    pub(super) identity: IdentityId,
    /// Whether it is a file.
    pub(super) media: bool,
}

/// What is left of every rate.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    accounts: BTreeMap<ConnectorId, Account>,
    people: BTreeMap<IdentityId, Bucket>,
}

#[derive(Debug, Default)]
struct Account {
    all: Bucket,
    files: Bucket,
    /// Until when the provider asked to be left alone.
    held_until: Option<Timestamp>,
    /// Calls under way.
    busy: usize,
}

/// Whether an account takes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// It does.
    Open,
    /// It does once a call has ended.
    Full,
    /// It does from that instant on.
    ClosedUntil(Timestamp),
}

/// Whether a message may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It goes, and counts.
    Go,
    /// Nothing of this account goes before that instant.
    Account(Timestamp),
    /// This message does not go before that instant: for its customer's sake, or because it is a file.
    Message(Timestamp),
}

impl Limiter {
    /// Whether an account takes a message now; on `trial` one at a time.
    pub(super) fn door(&self, connector: ConnectorId, trial: bool, now: Timestamp) -> Door {
        let Some(account) = self.accounts.get(&connector) else { return Door::Open };
        let places = if trial { 1 } else { AT_ONCE };
        match account.held_until {
            _ if account.busy >= places => Door::Full,
            Some(until) if until > now => Door::ClosedUntil(until),
            _ => Door::Open,
        }
    }

    /// Takes a place for one message, if every rate allows it.
    pub(super) fn admit(&mut self, channel: Channel, one: &Wanted, now: Timestamp) -> Admission {
        let rates = channel.rates();
        let account = self.accounts.entry(one.connector).or_default();
        if let Some(until) = account.held_until.filter(|until| *until > now) {
            return Admission::Account(until);
        }
        if let Some(rate) = rates.account.filter(|_| !fault!("rate-not-kept"))
            && let Err(at) = account.all.take(rate, now)
        {
            return Admission::Account(at);
        }
        let mut apart = None;
        if let Some(rate) = rates.media.filter(|_| one.media) {
            apart = account.files.take(rate, now).err();
        }
        if let (None, Some(rate)) = (apart, rates.person) {
            apart = self.people.entry(one.identity).or_default().take(rate, now).err();
        }
        if let Some(at) = apart {
            if let Some(rate) = rates.account {
                account.all.put_back(rate);
            }
            return Admission::Message(at);
        }
        account.busy += 1;
        if self.people.len() > PEOPLE {
            self.people.retain(|_, bucket| !bucket.is_full(now));
        }
        Admission::Go
    }

    /// A call ended.
    pub(super) fn ended(&mut self, connector: ConnectorId) {
        if let Some(account) = self.accounts.get_mut(&connector) {
            account.busy = account.busy.saturating_sub(1);
        }
    }

    /// The provider asked to leave the whole account alone.
    pub(super) fn hold(&mut self, connector: ConnectorId, until: Timestamp) {
        let account = self.accounts.entry(connector).or_default();
        account.held_until = account.held_until.max(Some(until));
    }

    /// No call is under way, as far as anybody knows.
    pub(super) fn none_under_way(&mut self) {
        for account in self.accounts.values_mut() {
            account.busy = 0;
        }
    }
}
