//! How far accounts are connected, and the steps the relay takes itself: verify tokens and subscriptions; never shows a stored secret.

use super::App;
use super::connectors::plain_name;
use super::input::Id;
use super::problem::Problem;
use super::session::{Admin, token};
use crate::channels::{Provider, SubscribeError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::channel::Channel;
use shared::id::ConnectorId;
use shared::time::Timestamp;
use shared::wire::{AppSetup, ConnectorSetup, SetupBody, VerifyToken};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a verify token: 128 bits in hex, as much as nobody guesses and a person can still check.
const VERIFY: usize = 32;

/// How far accounts are connected.
#[utoipa::path(
    get, path = "/api/v1/setup", tag = "configuration",
    responses((status = 200, description = "What the relay has seen of apps and connectors", body = SetupBody))
)]
pub async fn setup(State(app): State<App>, _: Admin) -> Result<Json<SetupBody>, Problem> {
    let log = app.engine.log();
    let seen: BTreeMap<String, Timestamp> = log.set_up().await?.into_iter().collect();
    let secrets = log.secret_names("app:").await?;
    let connectors: Vec<_> = app.engine.look(|world| world.config.connectors.values().cloned().collect());
    let stored = secrets.iter().filter_map(|name| name.split(':').nth(1));
    let in_use = connectors.iter().map(|one| one.app.as_str()).filter(|app| !app.is_empty());
    let names: BTreeSet<&str> = stored.chain(in_use).collect();
    let is_stored = |app: &str, what: &str| secrets.contains(&format!("app:{app}:{what}"));
    let apps = names.into_iter().map(|name| AppSetup {
        app: name.to_owned(),
        has_secret: is_stored(name, "secret"),
        has_verify: is_stored(name, "verify"),
        verified_at: seen.get(&format!("app:{name}:verified")).copied(),
        refused_at: app.ingest.refused_at(Provider::Meta, name),
    });
    let apps = apps.collect();
    let mut all = Vec::with_capacity(connectors.len());
    for one in &connectors {
        let (webhook_at, message_at) = log.last_of_account(one.channel, &one.account).await?;
        let viber = one.channel == Channel::Viber;
        all.push(ConnectorSetup {
            connector: one.id,
            subscribed_at: seen.get(&format!("connector:{}:subscribed", one.id)).copied(),
            webhook_at,
            message_at,
            refused_at: viber.then(|| app.ingest.refused_at(Provider::Viber, &one.account)).flatten(),
        });
    }
    let now = app.engine.clock().now();
    Ok(Json(SetupBody { public_url: app.public_url.clone(), now, apps, connectors: all }))
}

/// Makes a new verify token for an app, in place of the one there was. It is told this once.
#[utoipa::path(
    post, path = "/api/v1/apps/{id}/verify", tag = "configuration",
    params(("id" = String, Path, description = "The app's name in the webhook address")),
    responses((status = 201, description = "The new token", body = VerifyToken))
)]
pub async fn new_verify(
    State(app): State<App>,
    _: Admin,
    Id(name): Id<String>,
) -> Result<(StatusCode, Json<VerifyToken>), Problem> {
    plain_name(&name)?;
    let failed = |error| Problem::internal("a verify token could not be made", &error);
    let mut verify = token().map_err(failed)?;
    verify.truncate(VERIFY);
    app.engine.log().save_secret(format!("app:{name}:verify"), verify.clone()).await?;
    Ok((StatusCode::CREATED, Json(VerifyToken { verify })))
}

/// Asks the provider to tell us of this account's messages, in the account's own name.
#[utoipa::path(
    post, path = "/api/v1/connectors/{id}/subscribe", tag = "configuration",
    params(("id" = ConnectorId, Path, description = "The connector")),
    responses((status = 204, description = "The provider took it"))
)]
pub async fn subscribe(
    State(app): State<App>,
    _: Admin,
    Id(id): Id<ConnectorId>,
) -> Result<StatusCode, Problem> {
    let connector = app.engine.look(|world| world.config.connectors.get(&id).cloned());
    let connector = connector.ok_or_else(Problem::not_found)?;
    let log = app.engine.log();
    let token = log.token(id).await?;
    let token = token.ok_or_else(|| conflict("No access token is stored for this account."))?;
    let callback = app.health.callback(&connector);
    app.providers
        .subscribe(&connector, token.expose(), callback.as_deref())
        .await
        .map_err(|error| refused(&error))?;
    log.saw_set_up(format!("connector:{id}:subscribed"), app.engine.clock().now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn conflict(sentence: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, sentence)
}

/// What kept the provider from it, in words that say what to do.
fn refused(error: &SubscribeError) -> Problem {
    match error {
        SubscribeError::NoAddress | SubscribeError::NoBusiness => conflict(&error.to_string()),
        SubscribeError::Unreachable => Problem::new(StatusCode::BAD_GATEWAY, error.to_string()),
        SubscribeError::Refused { .. } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
    }
}
