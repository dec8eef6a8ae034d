//! Puts the desk together: one store, one outbox, one connection, one handle for the widgets. It holds nothing itself.

use crate::browser::id;
use crate::desk::Desk;
use crate::outbox::Outbox;
use crate::store::Store;
use crate::sync;

/// Begins the desk of this page and returns the handle to it. Called once; all of it lives as long as the page.
#[must_use]
pub fn start() -> Desk {
    let store: &'static Store = Box::leak(Box::default());
    let outbox: &'static Outbox = Box::leak(Box::default());
    sync::start(store, outbox);
    Desk::new(store, outbox, id::fresh)
}
