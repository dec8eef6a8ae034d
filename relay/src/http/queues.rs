//! Queues with their members, for admins; handlers only translate, the domain decides.

use super::App;
use super::config_routes::{configure, missing};
use super::input::{Body, Id};
use super::problem::Problem;
use super::session::Admin;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::config::{ConfigChange, Member, Queue};
use shared::id::QueueId;
use shared::wire::{MemberBody, QueueBody};

/// All queues, by number.
#[utoipa::path(
    get, path = "/api/v1/queues", tag = "configuration",
    responses((status = 200, description = "All queues, by number", body = Vec<QueueBody>))
)]
pub async fn list(State(app): State<App>, _: Admin) -> Json<Vec<QueueBody>> {
    let mut all: Vec<QueueBody> = app.engine.look(|world| world.config.queues.values().map(body).collect());
    all.sort_by_key(|queue| queue.number);
    Json(all)
}

/// One queue.
#[utoipa::path(
    get, path = "/api/v1/queues/{id}", tag = "configuration",
    params(("id" = QueueId, Path, description = "The queue")),
    responses((status = 200, description = "The queue", body = QueueBody))
)]
pub async fn one(State(app): State<App>, _: Admin, Id(id): Id<QueueId>) -> Result<Json<QueueBody>, Problem> {
    let found = app.engine.look(|world| world.config.queues.get(&id).map(body));
    found.map(Json).ok_or_else(Problem::not_found)
}

/// Makes a queue.
#[utoipa::path(
    post, path = "/api/v1/queues", tag = "configuration", request_body = QueueBody,
    responses((status = 201, description = "The new queue", body = QueueBody))
)]
pub async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(new): Body<QueueBody>,
) -> Result<(StatusCode, Json<QueueBody>), Problem> {
    let id = QueueId(app.engine.clock().fresh());
    Ok((StatusCode::CREATED, save(&app, &admin, id, new).await?))
}

/// Replaces a queue.
#[utoipa::path(
    put, path = "/api/v1/queues/{id}", tag = "configuration", request_body = QueueBody,
    params(("id" = QueueId, Path, description = "The queue")),
    responses((status = 200, description = "The queue as it is now", body = QueueBody))
)]
pub async fn replace(
    State(app): State<App>,
    admin: Admin,
    Id(id): Id<QueueId>,
    Body(new): Body<QueueBody>,
) -> Result<Json<QueueBody>, Problem> {
    missing(app.engine.look(|world| world.config.queues.contains_key(&id)))?;
    save(&app, &admin, id, new).await
}

async fn save(app: &App, admin: &Admin, id: QueueId, new: QueueBody) -> Result<Json<QueueBody>, Problem> {
    let queue = Queue {
        id,
        number: new.number,
        title: new.title,
        channel: new.channel,
        enabled: new.enabled,
        priority: new.priority,
        ring: new.ring,
        sleep: new.sleep,
        max_wait: new.max_wait,
        automatic_pause: new.automatic_pause,
        disposition_required: new.disposition_required,
        dispositions: new.dispositions,
        unattended: new.unattended,
        members: new.members.iter().map(|one| (one.user, Member { penalty: one.penalty })).collect(),
        links: new.links,
        manner: new.manner,
    };
    let saved = body(&queue);
    configure(app, admin, ConfigChange::QueueSaved(queue)).await?;
    Ok(Json(saved))
}

fn body(queue: &Queue) -> QueueBody {
    QueueBody {
        id: Some(queue.id),
        number: queue.number,
        title: queue.title.clone(),
        channel: queue.channel,
        enabled: queue.enabled,
        priority: queue.priority,
        ring: queue.ring,
        sleep: queue.sleep,
        max_wait: queue.max_wait,
        automatic_pause: queue.automatic_pause,
        disposition_required: queue.disposition_required,
        dispositions: queue.dispositions.clone(),
        unattended: queue.unattended,
        members: queue
            .members
            .iter()
            .map(|(user, member)| MemberBody { user: *user, penalty: member.penalty })
            .collect(),
        links: queue.links.clone(),
        manner: queue.manner.clone(),
    }
}
