//! What agents write and have not sent, on its way to their other desks and to the log; asks the domain whose chat it is, and never says a word of it anywhere else.

use super::Hub;
use super::line::{End, Line};
use crate::config;
use crate::log::{Log, LogError};
use shared::id::{InteractionId, UserId};
use shared::permit;
use shared::wire::{Draft, RelayFrame};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Drafts that are not saved yet, and the desks that are to hear of them.
#[derive(Default)]
pub struct Drafts {
    state: Mutex<State>,
    /// Told when there is something to save.
    came: Notify,
}

#[derive(Default)]
struct State {
    /// How many drafts came: each has a number of its own.
    count: u64,
    /// The newest of each person and chat, with its number: never more than they have open.
    unsaved: BTreeMap<(UserId, InteractionId), (u64, Draft)>,
    /// Everybody's desks, by a number.
    desks: HashMap<UserId, Vec<(u64, Arc<Tray>)>>,
}

/// What a desk has not been told yet: the newest draft of each chat.
#[derive(Default)]
struct Tray {
    waiting: Mutex<BTreeMap<InteractionId, Draft>>,
    filled: Notify,
}

impl Drafts {
    /// One more desk of a person, for as long as the answer is kept.
    pub fn join(self: &Arc<Self>, user: UserId) -> Letters {
        let mut state = self.state();
        state.count += 1;
        let (number, own) = (state.count, Arc::<Tray>::default());
        state.desks.entry(user).or_default().push((number, Arc::clone(&own)));
        drop(state);
        Letters { drafts: Arc::clone(self), user, number, own }
    }

    /// With what is not saved yet.
    pub fn newest(&self, user: UserId, mut saved: Vec<Draft>) -> Vec<Draft> {
        let state = self.state();
        let own = state.unsaved.iter().filter(|((of, _), _)| *of == user);
        for (_, (_, draft)) in own {
            saved.retain(|one| one.interaction != draft.interaction);
            saved.push(draft.clone());
        }
        drop(state);
        saved.retain(|one| !one.text.is_empty());
        saved.sort_by_key(|one| one.interaction);
        saved
    }

    /// Saves what came; what cannot be saved now stays for the next time.
    pub async fn save(&self, log: &Log) {
        let waiting: Vec<_> = self
            .state()
            .unsaved
            .iter()
            .map(|((user, _), (number, draft))| (*number, *user, draft.clone()))
            .collect();
        if waiting.is_empty() {
            return;
        }
        let newest = waiting.iter().map(|(number, ..)| *number).max();
        let all = waiting.into_iter().map(|(_, user, draft)| (user, draft)).collect();
        match log.keep_drafts(all).await {
            // Only what came since then has a higher number.
            Ok(()) => self.state().unsaved.retain(|_, (number, _)| Some(*number) > newest),
            Err(error) => {
                tracing::warn!(%error, "drafts could not be saved and wait");
                self.came.notify_one();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Saves drafts a while after the first came, so that a person who types costs one write in that time; until the stop.
pub async fn keep(drafts: Arc<Drafts>, log: Log, stop: CancellationToken) {
    let work = async {
        loop {
            drafts.came.notified().await;
            tokio::time::sleep(config::DRAFT_PACE).await;
            drafts.save(&log).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stop.cancelled() => {}
    }
}

/// A desk's way to hear of its person's drafts; given back when dropped.
pub struct Letters {
    drafts: Arc<Drafts>,
    user: UserId,
    number: u64,
    own: Arc<Tray>,
}

impl Letters {
    /// Something was written here: it is saved in a while, and the person's other desks hear of it.
    pub fn write(&self, draft: &Draft) {
        let mut state = self.drafts.state();
        state.count += 1;
        let number = state.count;
        state.unsaved.insert((self.user, draft.interaction), (number, draft.clone()));
        let others = state.desks.get(&self.user).into_iter().flatten();
        for (_, desk) in others.filter(|(number, _)| *number != self.number) {
            let mut waiting = desk.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.insert(draft.interaction, draft.clone());
            desk.filled.notify_one();
        }
        drop(state);
        self.drafts.came.notify_one();
    }

    /// What another desk of the person wrote meanwhile.
    fn take(&self) -> BTreeMap<InteractionId, Draft> {
        std::mem::take(&mut *self.own.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Letters {
    fn drop(&mut self) {
        let mut state = self.drafts.state();
        if let Some(desks) = state.desks.get_mut(&self.user) {
            desks.retain(|(number, _)| *number != self.number);
            if desks.is_empty() {
                state.desks.remove(&self.user);
            }
        }
    }
}

/// Resolves when there is something to tell; never before the desk is welcome.
pub async fn filled(letters: Option<&Letters>) {
    match letters {
        Some(letters) => letters.own.filled.notified().await,
        None => std::future::pending().await,
    }
}

impl Line<'_> {
    /// The desk says what is written in a chat and not sent. What is too long or in nobody's open chat is passed over.
    pub(super) fn drafted(&self, interaction: InteractionId, text: String) {
        let (engine, user) = (&self.hub.engine, self.pass.user);
        if text.len() > config::DRAFT_MAX {
            tracing::info!(%user, %interaction, bytes = text.len(), "a draft is too long to be kept");
            return;
        }
        let may = engine.look(|world| {
            world.interaction(interaction).is_some_and(|state| permit::draft(state, user).is_ok())
        });
        if !may {
            tracing::debug!(%user, %interaction, "a draft of a chat that is not open at its writer");
            return;
        }
        if let Some(letters) = &self.letters {
            letters.write(&Draft { interaction, text, at: engine.clock().now() });
        }
    }

    /// Tells the desk what its person wrote elsewhere.
    pub(super) async fn tell_drafts(&mut self) -> Result<(), End> {
        let waiting = self.letters.as_ref().map(Letters::take).unwrap_or_default();
        for Draft { interaction, text, at } in waiting.into_values() {
            self.out.send(&RelayFrame::Draft { interaction, text, at }).await?;
        }
        Ok(())
    }
}

impl Hub {
    /// What this person has written and not sent in these chats.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn drafts_of(&self, user: UserId, open: &[InteractionId]) -> Result<Vec<Draft>, LogError> {
        let saved = self.engine.log().drafts_of(user).await?;
        let mut all = self.drafts.newest(user, saved);
        all.retain(|one| open.contains(&one.interaction));
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, Drafts, Letters};
    use shared::id::{InteractionId, UserId};
    use shared::time::Timestamp;
    use std::sync::Arc;

    const EVA: UserId = UserId::from_u128(1);
    const PETR: UserId = UserId::from_u128(2);

    fn draft(chat: u128, text: &str) -> Draft {
        Draft { interaction: InteractionId::from_u128(chat), text: text.into(), at: Timestamp(1) }
    }

    fn told(letters: &Letters) -> Vec<Draft> {
        letters.take().into_values().collect()
    }

    #[test]
    fn a_person_s_other_desks_hear_the_newest_of_each_chat() {
        let drafts = Arc::new(Drafts::default());
        let (here, there, other) = (drafts.join(EVA), drafts.join(EVA), drafts.join(PETR));
        for text in ["D", "De", "Dear"] {
            here.write(&draft(1, text));
        }
        here.write(&draft(2, ""));
        assert_eq!(told(&there), [draft(1, "Dear"), draft(2, "")], "once, however slowly it listens");
        assert_eq!([told(&there), told(&here), told(&other)], [vec![], vec![], vec![]]);
        drop((here, there, other));
        assert!(drafts.state().desks.is_empty(), "nothing is kept of desks that are gone");
    }

    #[test]
    fn what_is_not_saved_yet_is_above_what_is() {
        let drafts = Arc::new(Drafts::default());
        let here = drafts.join(EVA);
        here.write(&draft(1, "newer"));
        here.write(&draft(2, ""));
        drafts.join(PETR).write(&draft(3, "somebody's"));
        let saved = vec![draft(1, "older"), draft(2, "sent"), draft(4, "saved")];
        assert_eq!(drafts.newest(EVA, saved), [draft(1, "newer"), draft(4, "saved")]);
    }
}
