//! What admins put up on the dashboard of every agent: the list of it, and the page on which one notice is written, changed
//! and taken down.

mod edit;
mod list;
mod look;
mod text;

pub(super) use edit::{NewNoticePage, NoticePage};
pub(super) use list::NoticesPage;
