//! The key of the secrets, for admins: it can be changed while everything runs; neither key nor secret is ever shown.

use super::App;
use super::problem::Problem;
use super::session::Admin;
use crate::log::UnlockError;
use crate::seal::KeyFileError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

/// What came of it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RotationBody {
    /// How many secrets were sealed under the new key.
    sealed: u64,
    /// The id of the new key, which tells nothing about it.
    key: String,
}

/// Makes a new key and seals every secret under it; the keys before it stay in the key file, for backups.
#[utoipa::path(
    post, path = "/api/v1/secrets/rotate", tag = "configuration",
    responses(
        (status = 200, description = "Everything is sealed under a new key", body = RotationBody),
        (status = 409, description = "The keys are in the environment, where only the operator can change them"),
    )
)]
pub async fn rotate(State(app): State<App>, admin: Admin) -> Result<Json<RotationBody>, Problem> {
    let log = app.engine.log();
    match log.rotate_secrets().await {
        Ok(sealed) => {
            let key = log.keys().ids().into_iter().next().unwrap_or_default();
            tracing::info!(user = %admin.user().id, key, sealed, "the key of the secrets was changed");
            Ok(Json(RotationBody { sealed, key }))
        }
        Err(UnlockError::Keys(KeyFileError::InEnvironment)) => Err(Problem::new(
            StatusCode::CONFLICT,
            "The keys are set by whoever runs the server, and changed there.",
        )),
        Err(error) => Err(Problem::internal("the key of the secrets was not changed", &error)),
    }
}
