//! What the desk asks of whoever keeps the connection, beside commands: a queue that is read by one task. Nothing is lost.

use shared::id::{AttachmentId, InteractionId};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// One request.
#[derive(Clone, PartialEq, Eq)]
pub enum Wish {
    /// There are wishes to write down and send.
    Drain,
    /// The agent looks at this tab.
    Attend,
    /// A draft changed and is to be kept.
    KeepDraft(InteractionId),
    /// A conversation was looked at further, and this is to be kept.
    KeepViewed(InteractionId),
    /// Fetch what is older than all that is shown of a conversation: lines, or an earlier chat.
    Older(InteractionId),
    /// Have a file fetched from its provider once more.
    FetchAgain(AttachmentId),
    /// Fetch a conversation that is not one of the agent's tabs, and watch it.
    Open(InteractionId),
    /// Fetch a page of activities: the first one, or the one that begins here.
    Activities(Option<String>),
    /// Fetch the agent's day in numbers.
    Day,
    /// Log in.
    LogIn {
        /// The name.
        login: String,
        /// The password.
        password: String,
    },
    /// Log out and forget everything on this device.
    LogOut,
    /// Try to connect now.
    Reconnect,
}

/// The queue of requests.
#[derive(Default)]
pub struct Wishes {
    queue: Mutex<(VecDeque<Wish>, Option<Waker>)>,
}

impl Wishes {
    /// Adds a request.
    pub fn add(&self, wish: Wish) {
        let waker = {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.0.push_back(wish);
            queue.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The next request, if one is there.
    pub fn take(&self) -> Option<Wish> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }

    /// Waits for the next request; one reader at a time.
    pub const fn next(&self) -> Next<'_> {
        Next(self)
    }
}

/// Waits for a request.
pub struct Next<'a>(&'a Wishes);

impl Future for Next<'_> {
    type Output = Wish;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Wish> {
        let mut queue = self.0.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wish) = queue.0.pop_front() {
            return Poll::Ready(wish);
        }
        queue.1 = Some(context.waker().clone());
        Poll::Pending
    }
}
