//! Which of a person's desks makes sounds and notifications: the one that last had their attention; knows desks by a turn, and nothing of what rings.

use super::line::{End, Line};
use crate::config;
use shared::id::UserId;
use shared::wire::RelayFrame;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tokio::time::Instant;

/// The desks of all people that were welcomed and are still there.
#[derive(Default)]
pub struct Attention {
    desks: Mutex<Desks>,
}

/// Everybody's desks.
#[derive(Default)]
struct Desks {
    /// How many turns were taken: a later one is a greater number.
    turns: u64,
    of: HashMap<UserId, Vec<Desk>>,
}

/// One desk among those of its person.
struct Desk {
    /// The turn in which it came.
    came: u64,
    /// The turn in which it last had attention; whoever never had any stands below all that had.
    attended: Option<u64>,
    here: watch::Sender<bool>,
}

impl Desks {
    fn turn(&mut self) -> u64 {
        self.turns += 1;
        self.turns
    }

    /// Tells the desks of a person that no longer stand as they were told.
    fn settle(&self, user: UserId) {
        let Some(desks) = self.of.get(&user) else { return };
        let first = desks.iter().max_by_key(|desk| (desk.attended, desk.came)).map(|desk| desk.came);
        for desk in desks {
            let is_first = Some(desk.came) == first;
            desk.here.send_if_modified(|here| std::mem::replace(here, is_first) != is_first);
        }
    }
}

impl Attention {
    /// One more desk of a person, for as long as the answer is kept.
    pub fn join(self: &Arc<Self>, user: UserId) -> Ear {
        let (tell, here) = watch::channel(false);
        let mut all = self.all();
        let came = all.turn();
        all.of.entry(user).or_default().push(Desk { came, attended: None, here: tell });
        all.settle(user);
        drop(all);
        Ear { attention: Arc::clone(self), user, came, attended: None, here }
    }

    fn all(&self) -> MutexGuard<'_, Desks> {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A desk's place among those of its person; given back when dropped.
pub struct Ear {
    attention: Arc<Attention>,
    user: UserId,
    came: u64,
    /// When it last had attention that counted.
    attended: Option<Instant>,
    here: watch::Receiver<bool>,
}

impl Ear {
    /// The person looks here now; passed over when they did a moment ago.
    pub fn attend(&mut self, now: Instant) {
        let lately = |before: Instant| now.saturating_duration_since(before) < config::ATTENTION_PACE;
        if self.attended.is_some_and(lately) {
            return;
        }
        self.attended = Some(now);
        let mut all = self.attention.all();
        let turn = all.turn();
        let mut own = all.of.get_mut(&self.user).into_iter().flatten();
        if let Some(desk) = own.find(|desk| desk.came == self.came) {
            desk.attended = Some(turn);
        }
        all.settle(self.user);
    }

    /// Whether sounds are made here.
    pub fn hears(&mut self) -> bool {
        *self.here.borrow_and_update()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let mut all = self.attention.all();
        if let Some(desks) = all.of.get_mut(&self.user) {
            desks.retain(|desk| desk.came != self.came);
            if desks.is_empty() {
                all.of.remove(&self.user);
            }
        }
        all.settle(self.user);
    }
}

/// Resolves when a desk is to hear something new about its sounds; never before it is welcome.
pub async fn changed(ear: &mut Option<Ear>) -> Result<(), watch::error::RecvError> {
    match ear {
        Some(ear) => ear.here.changed().await,
        None => std::future::pending().await,
    }
}

impl Line<'_> {
    /// Tells the desk whether it makes sounds.
    pub(super) async fn tell_sounds(&mut self) -> Result<(), End> {
        match self.ear.as_mut().map(Ear::hears) {
            Some(here) => Ok(self.out.send(&RelayFrame::Sounds { here }).await?),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attention, Ear};
    use shared::id::UserId;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::time::Instant;

    const EVA: UserId = UserId::from_u128(1);
    const PETR: UserId = UserId::from_u128(2);

    /// Which of them make sounds.
    fn hear<const N: usize>(ears: [&mut Ear; N]) -> [bool; N] {
        ears.map(Ear::hears)
    }

    #[test]
    fn without_attention_the_newest_makes_sounds() {
        let all = Arc::new(Attention::default());
        let mut first = all.join(EVA);
        assert!(first.hears());
        let mut second = all.join(EVA);
        let mut other = all.join(PETR);
        assert_eq!(hear([&mut first, &mut second, &mut other]), [false, true, true]);
        drop(second);
        assert!(first.hears(), "whoever is left");
        drop((first, other));
        assert!(all.all().of.is_empty(), "nothing is kept of people who are gone");
    }

    #[test]
    fn attention_is_above_coming_and_goes_to_the_one_before_when_it_ends() {
        let all = Arc::new(Attention::default());
        let (mut a, mut b) = (all.join(EVA), all.join(EVA));
        let now = Instant::now();
        a.attend(now);
        assert_eq!(hear([&mut a, &mut b]), [true, false]);
        let mut c = all.join(EVA);
        assert_eq!(hear([&mut a, &mut b, &mut c]), [true, false, false], "a fresh one waits for a look");
        b.attend(now);
        c.attend(now);
        assert_eq!(hear([&mut a, &mut b, &mut c]), [false, false, true]);
        drop(c);
        assert_eq!(hear([&mut a, &mut b]), [false, true], "whoever had it before");
    }

    #[test]
    fn too_much_attention_is_passed_over() {
        let all = Arc::new(Attention::default());
        let (mut a, mut b) = (all.join(EVA), all.join(EVA));
        let now = Instant::now();
        a.attend(now);
        b.attend(now);
        a.attend(now + Duration::from_millis(4_999));
        assert_eq!(hear([&mut a, &mut b]), [false, true]);
        a.attend(now + Duration::from_secs(5));
        assert_eq!(hear([&mut a, &mut b]), [true, false]);
    }

    #[test]
    fn only_those_are_told_for_whom_something_changed() {
        let all = Arc::new(Attention::default());
        let (mut a, mut b, mut c) = (all.join(EVA), all.join(EVA), all.join(EVA));
        let _ = hear([&mut a, &mut b, &mut c]);
        b.attend(Instant::now());
        let told = |ear: &Ear| ear.here.has_changed().unwrap();
        assert_eq!([&a, &b, &c].map(told), [false, true, true], "the old one and the new one");
    }
}
