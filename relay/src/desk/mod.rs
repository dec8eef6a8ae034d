//! What desks are told over their sockets: streams they hold, lists as rows, answers; knows nothing of REST or webhooks.

mod accounts;
mod attention;
mod drafts;
mod frames;
#[cfg(test)]
mod junk;
mod line;
mod lists;
mod outgoing;
mod resume;
mod socket;
#[cfg(test)]
mod tests;
mod watch;

pub use lists::preview;

use crate::clock::Clock;
use crate::config::{self, Limits};
use crate::engine::Engine;
use crate::health::Health;
use attention::Attention;
use axum::extract::ws::WebSocket;
use drafts::Drafts;
use frames::Frames;
use lists::Lists;
use shared::fault;
use shared::id::UserId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, watch as channel};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Who opened a socket, as their session says; made by the route that checked it.
#[derive(Clone, Debug)]
pub struct Pass {
    /// The person.
    pub user: UserId,
    /// The session's digest.
    pub digest: String,
}

/// All sockets of the relay, and the lists they share.
pub struct Hub {
    engine: Engine,
    /// The system's clock: sessions do not travel in time.
    wall: Clock,
    lists: channel::Receiver<Arc<Lists>>,
    /// What was told last, for all to whom it is told.
    frames: Frames,
    /// Which of a person's desks makes sounds.
    attention: Arc<Attention>,
    /// What agents have written and not sent.
    drafts: Arc<Drafts>,
    /// Told when somebody became reachable or ceased to be.
    reached: Arc<Notify>,
    open: Mutex<HashMap<u64, (Pass, CancellationToken)>>,
    next: AtomicU64,
    sockets: TaskTracker,
    limits: Limits,
    stop: CancellationToken,
}

impl Hub {
    /// Starts keeping the lists; everything ends with `stop`.
    #[must_use]
    pub fn start(
        engine: Engine,
        health: Health,
        wall: Clock,
        limits: Limits,
        stop: CancellationToken,
    ) -> Arc<Self> {
        let (reached, drafts) = (Arc::new(Notify::new()), Arc::<Drafts>::default());
        tokio::spawn(drafts::keep(Arc::clone(&drafts), engine.log().clone(), stop.clone()));
        let (tell, lists) = channel::channel(Arc::default());
        tokio::spawn(lists::keep(engine.clone(), health, Arc::clone(&reached), tell, stop.clone()));
        Arc::new(Self {
            engine,
            wall,
            lists,
            frames: Frames::default(),
            attention: Arc::default(),
            drafts,
            reached,
            open: Mutex::default(),
            next: AtomicU64::new(0),
            sockets: TaskTracker::new(),
            limits,
            stop,
        })
    }

    /// A chair for one more socket of a session; none when the person has too many. From now on whoever ends the
    /// session ends the socket.
    pub fn chair(self: &Arc<Self>, pass: Pass) -> Option<Chair> {
        let mut open = self.all();
        if open.values().filter(|(one, _)| one.user == pass.user).count() >= self.limits.sockets_per_person {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let cut = CancellationToken::new();
        open.insert(number, (pass.clone(), cut.clone()));
        Some(Chair { hub: Arc::clone(self), number, pass, cut })
    }

    /// Serves a desk until its socket ends.
    pub async fn serve(self: Arc<Self>, socket: WebSocket, chair: Chair) {
        let run = socket::run(Arc::clone(&self), socket, chair.pass.clone(), chair.cut.clone());
        self.sockets.track_future(run).await;
    }

    /// Cuts the sockets of a session that has ended.
    pub fn cut(&self, digest: &str) {
        if fault!("logout-leaves-socket") {
            return;
        }
        self.cut_where(|pass| pass.digest == digest);
    }

    /// Cuts the sockets of a person whose sessions have all ended.
    pub fn cut_all_of(&self, user: UserId) {
        self.cut_where(|pass| pass.user == user);
    }

    /// Cuts the sockets of a person whose sessions have all ended but one.
    pub fn cut_others(&self, user: UserId, but: &str) {
        self.cut_where(|pass| pass.user == user && pass.digest != but);
    }

    fn cut_where(&self, ended: impl Fn(&Pass) -> bool) {
        self.all().values().filter(|(pass, _)| ended(pass)).for_each(|(_, cut)| cut.cancel());
    }

    /// Waits until every desk was told of the stop and is gone, and what they wrote is saved.
    pub async fn stopped(&self) {
        self.sockets.close();
        if tokio::time::timeout(self.limits.farewell(), self.sockets.wait()).await.is_err() {
            tracing::warn!(open = self.sockets.len(), "some desks did not go in time");
        }
        self.drafts.save(self.engine.log()).await;
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<u64, (Pass, CancellationToken)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A desk of this person is there, for as long as the answer is kept and a little longer.
    fn reach(&self, user: UserId) -> Reached {
        self.engine.reach(user, true);
        self.reached.notify_one();
        Reached { engine: self.engine.clone(), told: Arc::clone(&self.reached), user }
    }
}

/// A socket's entry among all sockets; given back when dropped, also when the socket never came about.
pub struct Chair {
    hub: Arc<Hub>,
    number: u64,
    pass: Pass,
    cut: CancellationToken,
}

impl Drop for Chair {
    fn drop(&mut self) {
        self.hub.all().remove(&self.number);
    }
}

/// A desk that is there. A person who reloads the page stays reachable meanwhile.
struct Reached {
    engine: Engine,
    told: Arc<Notify>,
    user: UserId,
}

impl Drop for Reached {
    fn drop(&mut self) {
        let (engine, told, user) = (self.engine.clone(), Arc::clone(&self.told), self.user);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            tokio::time::sleep(config::PRESENCE_GRACE).await;
            engine.reach(user, false);
            told.notify_one();
        });
    }
}
