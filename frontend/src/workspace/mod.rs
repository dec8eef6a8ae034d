//! What stands around the screens: panel, main menu, tabs, offers, notices, and the way between places. It draws no screen.

mod actions;
mod alerts;
mod banners;
mod card;
mod drag;
mod keys;
mod me;
mod offers;
mod order;
mod palette;
mod panels;
mod place;
mod presence;
mod rail;
mod shell;
mod shortcuts;
mod tabs;
#[cfg(test)]
mod tests;
mod toasts;
mod way;
mod words;

pub use place::Place;
pub use shell::Shell;
pub use shortcuts::Keys;
pub use way::Way;
