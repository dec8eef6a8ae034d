//! What can be opened over the screen, from a button, a key or the palette alike. It draws nothing.

use crate::desk::Desk;
use leptos::prelude::*;

/// What is open. A copy is as good as the original.
#[derive(Clone, Copy)]
pub struct Panels {
    /// The command palette.
    pub palette: RwSignal<bool>,
    /// The menu of presence and pauses.
    pub pauses: RwSignal<bool>,
    /// The sheet of shortcuts.
    pub keys: RwSignal<bool>,
    /// The reasons for rejecting the offer on top.
    pub reasons: RwSignal<bool>,
    /// The question before messages are lost by logging out.
    pub leaving: RwSignal<bool>,
}

impl Panels {
    /// All closed.
    pub fn new() -> Self {
        let closed = || RwSignal::new(false);
        Self { palette: closed(), pauses: closed(), keys: closed(), reasons: closed(), leaving: closed() }
    }

    /// Logs out, or asks first when something would be lost.
    pub fn leave(self, desk: Desk) {
        if desk.would_lose() { self.leaving.set(true) } else { desk.log_out() }
    }
}
