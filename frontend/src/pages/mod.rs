//! The pages of the desk: login, the day at a glance, those who wait, all activities, one chat. None of them names the workspace around it.

mod activities;
mod chat;
mod dashboard;
mod filter;
mod login;
mod settings;
mod waiting;
mod words;

pub use activities::ActivitiesPage;
pub use chat::ChatPage;
pub use dashboard::DashboardPage;
pub use login::LoginPage;
pub use settings::SettingsPage;
pub use waiting::WaitingPage;
