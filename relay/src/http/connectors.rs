//! Connectors and the apps that sign for them, for admins; secrets are written and never read.

use super::App;
use super::config_routes::{configure, missing};
use super::input::{Body, Id};
use super::problem::Problem;
use super::session::Admin;
use crate::log::token_name;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::config::{ConfigChange, Connector};
use shared::id::ConnectorId;
use shared::time::Span;
use shared::wire::ConnectorBody;

/// All connectors, by title.
#[utoipa::path(
    get, path = "/api/v1/connectors", tag = "configuration",
    responses((status = 200, description = "All connectors, by title", body = Vec<ConnectorBody>))
)]
pub async fn list(State(app): State<App>, _: Admin) -> Result<Json<Vec<ConnectorBody>>, Problem> {
    let names = app.engine.log().secret_names("connector:").await?;
    let body = |one: &Connector| body(one, names.contains(&token_name(one.id)));
    let mut all: Vec<_> = app.engine.look(|world| world.config.connectors.values().map(body).collect());
    all.sort_by(|one, two| one.title.cmp(&two.title));
    Ok(Json(all))
}

/// One connector.
#[utoipa::path(
    get, path = "/api/v1/connectors/{id}", tag = "configuration",
    params(("id" = ConnectorId, Path, description = "The connector")),
    responses((status = 200, description = "The connector", body = ConnectorBody))
)]
pub async fn one(
    State(app): State<App>,
    _: Admin,
    Id(id): Id<ConnectorId>,
) -> Result<Json<ConnectorBody>, Problem> {
    let found = app.engine.look(|world| world.config.connectors.get(&id).cloned());
    let found = found.ok_or_else(Problem::not_found)?;
    stored(&app, &found).await
}

/// Makes a connector.
#[utoipa::path(
    post, path = "/api/v1/connectors", tag = "configuration", request_body = ConnectorBody,
    responses((status = 201, description = "The new connector", body = ConnectorBody))
)]
pub async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<ConnectorBody>,
) -> Result<(StatusCode, Json<ConnectorBody>), Problem> {
    let id = ConnectorId(app.engine.clock().fresh());
    Ok((StatusCode::CREATED, save(&app, &admin, id, new).await?))
}

/// Replaces a connector; without a token the stored one stays.
#[utoipa::path(
    put, path = "/api/v1/connectors/{id}", tag = "configuration", request_body = ConnectorBody,
    params(("id" = ConnectorId, Path, description = "The connector")),
    responses((status = 200, description = "The connector as it is now", body = ConnectorBody))
)]
pub async fn replace(
    State(app): State<App>,
    admin: Admin,
    Id(id): Id<ConnectorId>,
    Body(new): Body<ConnectorBody>,
) -> Result<Json<ConnectorBody>, Problem> {
    missing(app.engine.look(|world| world.config.connectors.contains_key(&id)))?;
    save(&app, &admin, id, new).await
}

async fn save(
    app: &App,
    admin: &Admin,
    id: ConnectorId,
    new: ConnectorBody,
) -> Result<Json<ConnectorBody>, Problem> {
    let connector = Connector {
        id,
        channel: new.channel,
        title: new.title,
        account: new.account,
        app: new.app,
        base_url: new.base_url,
        queue: new.queue,
        enabled: new.enabled,
        human_agent: new.human_agent,
        business: given(new.business),
        welcome: given(new.welcome),
    };
    configure(app, admin, ConfigChange::ConnectorSaved(connector.clone())).await?;
    if let Some(token) = new.token.filter(|token| !token.is_empty()) {
        app.engine.log().save_secret(token_name(id), token).await?;
    }
    app.health.mended(id);
    stored(app, &connector).await
}

/// What was left blank is not given.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

async fn stored(app: &App, connector: &Connector) -> Result<Json<ConnectorBody>, Problem> {
    let token = app.engine.log().token(connector.id).await?;
    Ok(Json(body(connector, token.is_some())))
}

fn body(connector: &Connector, has_token: bool) -> ConnectorBody {
    ConnectorBody {
        id: Some(connector.id),
        channel: connector.channel,
        title: connector.title.clone(),
        account: connector.account.clone(),
        app: connector.app.clone(),
        base_url: connector.base_url.clone(),
        queue: connector.queue,
        enabled: connector.enabled,
        human_agent: connector.human_agent,
        business: connector.business.clone(),
        welcome: connector.welcome.clone(),
        token: None,
        has_token,
    }
}

/// The secrets of a Meta app; both are written and never read.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct AppBody {
    /// What it signs webhooks with.
    secret: Option<String>,
    /// What it shows when its webhook address is set up.
    verify: Option<String>,
    /// For how many hours the secret before is valid too, 0 to 168; 24 when absent.
    previous_hours: Option<u8>,
}

/// 24 h are enough to change a secret at the provider after it was changed here.
const PREVIOUS_HOURS: u8 = 24;
/// 7 days: for so long a provider may repeat what it signed with the secret before.
const PREVIOUS_MOST: u8 = 168;

/// Keeps the secrets of a Meta app; an absent one stays as it is, and a signing secret that is replaced stays valid
/// for a while.
#[utoipa::path(
    put, path = "/api/v1/apps/{id}", tag = "configuration", request_body = AppBody,
    params(("id" = String, Path, description = "The app's name in the webhook address")),
    responses((status = 204, description = "Kept"))
)]
pub async fn keep_app(
    State(app): State<App>,
    _: Admin,
    Id(name): Id<String>,
    Body(secrets): Body<AppBody>,
) -> Result<StatusCode, Problem> {
    plain_name(&name)?;
    let log = app.engine.log();
    let filled = |value: Option<String>| value.filter(|value| !value.is_empty());
    if let Some(secret) = filled(secrets.secret) {
        let hours = secrets.previous_hours.unwrap_or(PREVIOUS_HOURS).min(PREVIOUS_MOST);
        let until = app.engine.clock().now().plus(Span::hours(hours.into()));
        let before = log.secret(&format!("app:{name}:secret")).await?;
        if let Some(before) = before.filter(|before| before.expose() != secret) {
            log.save_secret(format!("app:{name}:secret:previous"), before).await?;
            log.save_secret(format!("app:{name}:secret:until"), until.0.to_string()).await?;
        }
        log.save_secret(format!("app:{name}:secret"), secret).await?;
    }
    if let Some(verify) = filled(secrets.verify) {
        log.save_secret(format!("app:{name}:verify"), verify).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// An app's name stands in an address and in the names of its secrets.
pub(super) fn plain_name(name: &str) -> Result<(), Problem> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return Err(Problem::not_found());
    }
    Ok(())
}
