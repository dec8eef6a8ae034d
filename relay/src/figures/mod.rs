//! Figures that are read from events and from the state: counted as they happen, or when somebody asks; changes nothing.

mod page;
mod watch;

pub use page::{TYPE, page};
pub use watch::watch;
