//! A queue within one tab, read by one task. It has no limit: what is put in is small and soon taken out.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A queue; clones are handles to the same one.
pub struct Queue<T>(Rc<RefCell<(VecDeque<T>, Option<Waker>)>>);

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(Rc::new(RefCell::new((VecDeque::new(), None))))
    }
}

impl<T> Queue<T> {
    /// Adds to the end.
    pub fn put(&self, item: T) {
        let waker = {
            let mut inner = self.0.borrow_mut();
            inner.0.push_back(item);
            inner.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for the first.
    pub async fn take(&self) -> T {
        poll_fn(|context| {
            let mut inner = self.0.borrow_mut();
            if let Some(item) = inner.0.pop_front() {
                return Poll::Ready(item);
            }
            inner.1 = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}
