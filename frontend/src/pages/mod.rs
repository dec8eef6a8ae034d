//! The pages of the desk: login, those who wait, all activities, one chat. None of them names the workspace around it.

mod activities;
mod chat;
mod login;
mod settings;
mod waiting;
mod words;

pub use activities::ActivitiesPage;
pub use chat::ChatPage;
pub use login::LoginPage;
pub use settings::SettingsPage;
pub use waiting::WaitingPage;
