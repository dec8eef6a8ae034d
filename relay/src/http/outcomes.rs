//! Statuses and pauses, for admins; handlers only translate, the domain decides.

use super::App;
use super::config_routes::{configure, missing};
use super::input::{Body, Id};
use super::problem::Problem;
use super::session::Admin;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::config::{ConfigChange, Disposition, Pause};
use shared::id::{DispositionId, PauseId};
use shared::wire::{DispositionBody, PauseBody};

impl From<&Disposition> for Shown<DispositionBody> {
    fn from(one: &Disposition) -> Self {
        Self(DispositionBody {
            id: Some(one.id),
            title: one.title.clone(),
            enabled: one.enabled,
            description: one.description.clone(),
            colour: one.colour,
            under: one.under,
        })
    }
}

impl From<&Pause> for Shown<PauseBody> {
    fn from(one: &Pause) -> Self {
        let (title, paid, choosable) = (one.title.clone(), one.paid, one.choosable);
        let (longest, system) = (one.longest, one.system);
        Self(PauseBody { id: Some(one.id), title, paid, choosable, enabled: one.enabled, longest, system })
    }
}

/// A part as the API shows it.
struct Shown<T>(T);

fn shown<'a, P, T>(part: &'a P) -> T
where
    Shown<T>: From<&'a P>,
{
    let Shown(body) = part.into();
    body
}

/// All statuses.
#[utoipa::path(
    get, path = "/api/v1/dispositions", tag = "configuration",
    responses((status = 200, description = "All statuses", body = Vec<DispositionBody>))
)]
pub async fn dispositions(State(app): State<App>, _: Admin) -> Json<Vec<DispositionBody>> {
    Json(app.engine.look(|world| world.config.dispositions.values().map(shown).collect()))
}

/// One status.
#[utoipa::path(
    get, path = "/api/v1/dispositions/{id}", tag = "configuration",
    params(("id" = DispositionId, Path, description = "The status")),
    responses((status = 200, description = "The status", body = DispositionBody))
)]
pub async fn disposition(
    State(app): State<App>,
    _: Admin,
    Id(id): Id<DispositionId>,
) -> Result<Json<DispositionBody>, Problem> {
    let found = app.engine.look(|world| world.config.dispositions.get(&id).map(shown));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// Makes a status.
#[utoipa::path(
    post, path = "/api/v1/dispositions", tag = "configuration", request_body = DispositionBody,
    responses((status = 201, description = "The new status", body = DispositionBody))
)]
pub async fn create_disposition(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<DispositionBody>,
) -> Result<(StatusCode, Json<DispositionBody>), Problem> {
    let id = DispositionId(app.engine.clock().fresh());
    Ok((StatusCode::CREATED, save_disposition(&app, &admin, id, new).await?))
}

/// Replaces a status.
#[utoipa::path(
    put, path = "/api/v1/dispositions/{id}", tag = "configuration", request_body = DispositionBody,
    params(("id" = DispositionId, Path, description = "The status")),
    responses((status = 200, description = "The status as it is now", body = DispositionBody))
)]
pub async fn replace_disposition(
    State(app): State<App>,
    admin: Admin,
    Id(id): Id<DispositionId>,
    Body(new): Body<DispositionBody>,
) -> Result<Json<DispositionBody>, Problem> {
    missing(app.engine.look(|world| world.config.dispositions.contains_key(&id)))?;
    save_disposition(&app, &admin, id, new).await
}

async fn save_disposition(
    app: &App,
    admin: &Admin,
    id: DispositionId,
    new: DispositionBody,
) -> Result<Json<DispositionBody>, Problem> {
    let DispositionBody { title, enabled, description, colour, under, .. } = new;
    let part = Disposition { id, title, enabled, description, colour, under };
    let saved = shown(&part);
    configure(app, admin, ConfigChange::DispositionSaved(part)).await?;
    Ok(Json(saved))
}

/// All pauses.
#[utoipa::path(
    get, path = "/api/v1/pauses", tag = "configuration",
    responses((status = 200, description = "All pauses", body = Vec<PauseBody>))
)]
pub async fn pauses(State(app): State<App>, _: Admin) -> Json<Vec<PauseBody>> {
    Json(app.engine.look(|world| world.config.pauses.values().map(shown).collect()))
}

/// One pause.
#[utoipa::path(
    get, path = "/api/v1/pauses/{id}", tag = "configuration",
    params(("id" = PauseId, Path, description = "The pause")),
    responses((status = 200, description = "The pause", body = PauseBody))
)]
pub async fn pause(
    State(app): State<App>,
    _: Admin,
    Id(id): Id<PauseId>,
) -> Result<Json<PauseBody>, Problem> {
    let found = app.engine.look(|world| world.config.pauses.get(&id).map(shown));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// Makes a pause.
#[utoipa::path(
    post, path = "/api/v1/pauses", tag = "configuration", request_body = PauseBody,
    responses((status = 201, description = "The new pause", body = PauseBody))
)]
pub async fn create_pause(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<PauseBody>,
) -> Result<(StatusCode, Json<PauseBody>), Problem> {
    let id = PauseId(app.engine.clock().fresh());
    Ok((StatusCode::CREATED, save_pause(&app, &admin, id, new).await?))
}

/// Replaces a pause.
#[utoipa::path(
    put, path = "/api/v1/pauses/{id}", tag = "configuration", request_body = PauseBody,
    params(("id" = PauseId, Path, description = "The pause")),
    responses((status = 200, description = "The pause as it is now", body = PauseBody))
)]
pub async fn replace_pause(
    State(app): State<App>,
    admin: Admin,
    Id(id): Id<PauseId>,
    Body(new): Body<PauseBody>,
) -> Result<Json<PauseBody>, Problem> {
    missing(app.engine.look(|world| world.config.pauses.contains_key(&id)))?;
    save_pause(&app, &admin, id, new).await
}

async fn save_pause(
    app: &App,
    admin: &Admin,
    id: PauseId,
    new: PauseBody,
) -> Result<Json<PauseBody>, Problem> {
    let PauseBody { title, paid, choosable, enabled, longest, system, .. } = new;
    let part = Pause { id, title, paid, choosable, enabled, longest, system };
    let saved = shown(&part);
    configure(app, admin, ConfigChange::PauseSaved(part)).await?;
    Ok(Json(saved))
}
