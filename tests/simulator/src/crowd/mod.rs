//! Scripted customers who keep a busy day going: their phones are ordinary ones, and they do nothing that the control API could not.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::Sim;
use crate::act::{self, Action};
use crate::config::{Channel, Customer};
use crate::ids;
use crate::inbound::Draft;
use crate::phone;
use crate::state::{MAX_PHONES, Phone, State};
use crate::twist::Twist;

mod lines;
mod person;

use person::{Deed, Person};

/// Customers at most.
pub(crate) const MOST: usize = 1_000;
/// How often somebody may look at their phone.
const TICK: Duration = Duration::from_millis(500);
/// The first visits are spread: one in this time.
const ONE_IN_MS: u64 = 8_000;

/// A running crowd.
#[derive(Debug)]
pub(crate) struct Crowd {
    pub customers: usize,
    pub seed: u64,
    /// Customers' time passes this many times as fast.
    pub pace: u64,
    /// In the middle of a conversation now.
    pub talking: usize,
    /// Things done so far.
    pub deeds: u64,
    stop: watch::Sender<bool>,
}

impl Crowd {
    pub(crate) fn describe(&self) -> Value {
        json!({
            "customers": self.customers, "seed": self.seed, "pace": self.pace, "talking": self.talking,
            "deeds": self.deeds,
        })
    }
}

/// Starts a crowd in place of the one that runs.
pub(crate) fn start(sim: &Arc<Sim>, customers: usize, seed: u64, pace: u64) {
    let (stop, stopped) = watch::channel(false);
    let customers = customers.min(MOST);
    {
        let mut state = sim.lock();
        end(&mut state);
        state.crowd = Some(Crowd { customers, seed, pace, talking: 0, deeds: 0, stop });
    }
    tokio::spawn(run(Arc::clone(sim), customers, seed, pace, stopped));
}

/// Sends the crowd home; whether there was one. Their phones stay.
pub(crate) fn end(state: &mut State) -> bool {
    // A crowd that has ended by itself no longer listens.
    state.crowd.take().is_some_and(|crowd| crowd.stop.send(true).is_ok())
}

async fn run(sim: Arc<Sim>, customers: usize, seed: u64, pace: u64, mut stopped: watch::Receiver<bool>) {
    let begun = tokio::time::Instant::now();
    let mut people: Vec<(String, Person)> = {
        let mut state = sim.lock();
        let spread = customers as u64 * ONE_IN_MS;
        let person = |n: usize| Person::new(seed.wrapping_mul(7_919).wrapping_add(n as u64), 0, spread);
        (0..customers).filter_map(|n| settle(&mut state, n, person(n))).collect()
    };
    let mut closing = sim.closing.clone();
    loop {
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stopped.changed() => return,
            _ = closing.wait_for(|closed| *closed) => return,
        }
        let passed = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_mul(pace);
        let mut state = sim.lock();
        for (key, person) in &mut people {
            look(&mut state, key, person, passed);
        }
        let talking = people.iter().filter(|(_, person)| person.talks()).count();
        if let Some(crowd) = &mut state.crowd {
            crowd.talking = talking;
        }
    }
}

/// Gives a person their phone: accounts in turn. What an earlier crowd left is used again.
fn settle(state: &mut State, n: usize, mut person: Person) -> Option<(String, Person)> {
    let key = format!("crowd-{}", n + 1);
    let name = person.name();
    if state.phones.contains_key(&key) {
        return Some((key, person));
    }
    if state.phones.len() >= MAX_PHONES || state.accounts.is_empty() {
        return None;
    }
    let account = &state.accounts.get(n % state.accounts.len())?.account;
    let channel = account.channel();
    let number = (channel == Channel::Whatsapp).then(ids::phone_number);
    let customer = Customer {
        key: key.clone(),
        name,
        account: account.id().to_owned(),
        id: match (&number, channel) {
            (Some(number), _) => crate::event::digits(number),
            (None, Channel::Viber) => ids::viber_user(),
            (None, _) => ids::scoped_id(),
        },
        phone: number,
    };
    state.made += 1;
    let phone = Phone::new(state.made, channel, customer, None, true);
    let shown = phone.describe();
    state.phones.insert(key.clone(), phone);
    state.announce(&json!({"type": "customer", "customer": shown}));
    Some((key, person))
}

/// One look at the phone, and what comes of it.
fn look(state: &mut State, key: &str, person: &mut Person, passed_ms: u64) {
    let Some(phone) = state.phones.get(key) else { return };
    let answers = phone.received;
    let Some(deed) = person.step(passed_ms, answers) else { return };
    let draft = |kind: &str, text: String| Draft { kind: Some(kind.to_owned()), text, ..Draft::default() };
    let newest = phone.thread.iter().rev().find(|m| !m.from_customer).map(|m| m.id.clone());
    let done = match deed {
        Deed::Write(words) => phone::write(state, key, &draft("text", words)).is_ok(),
        Deed::Picture => phone::write(state, key, &draft("image", String::new())).is_ok(),
        Deed::Read => phone::read(state, key) > 0,
        Deed::Like => newest.is_some_and(|message_id| {
            let action = Action::React { message_id, emoji: "👍".to_owned() };
            // Viber has no reactions: nothing happens there.
            act::act(state, key, action, &Twist::default()).is_ok()
        }),
    };
    if let Some(crowd) = state.crowd.as_mut().filter(|_| done) {
        crowd.deeds += 1;
    }
}

#[cfg(test)]
mod tests;
