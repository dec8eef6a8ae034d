//! The accounts at providers: their list, the choice of a new one, the settings of one. How one is connected is the guide's.

mod choose;
mod edit;
mod fields;
mod list;
mod wish;

pub(super) use choose::ChoosePage;
pub(super) use edit::ConnectorPage;
pub(super) use fields::{Advanced, BusinessField, Fields, QueueField, SHOWN, TitleField, TokenField};
pub(super) use list::ConnectorsPage;
