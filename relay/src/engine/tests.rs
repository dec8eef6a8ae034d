//! The engine over real files: nothing acknowledged is lost, nothing is shown that is not committed, nothing happens twice.

mod bed;
mod crash;
mod failure;
mod once;
mod race;
