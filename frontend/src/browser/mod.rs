//! The browser as the desk needs it: storage, locks, clocks, network. It names nothing of ours.
