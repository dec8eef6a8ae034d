//! What the routes of the configuration share: the one way in which they change anything.

use super::App;
use super::problem::Problem;
use super::session::Admin;
use crate::engine::OccurError;
use crate::log::Beside;
use shared::command::Occurrence;
use shared::config::ConfigChange;
use shared::refusal::Refusal;

/// Saves a part of the configuration in the admin's name.
pub async fn configure(app: &App, admin: &Admin, change: ConfigChange) -> Result<(), Problem> {
    let occurrence = Occurrence::Configure { by: Some(admin.user().id), change };
    match app.engine.occur(occurrence, Beside::default()).await {
        Ok(_) => Ok(()),
        Err(OccurError::Refused(refusal)) => Err(refusal.into()),
        Err(OccurError::Failed) => Err(Refusal::NotSaved.into()),
    }
}

/// A part that is not there cannot be replaced.
pub fn missing(there: bool) -> Result<(), Problem> {
    if there { Ok(()) } else { Err(Problem::not_found()) }
}
