//! What a desk fetches: its whole start, and interactions in full; only what the person may read.

use super::App;
use super::input::{Id, Params};
use super::problem::Problem;
use super::session::Authenticated;
use crate::config;
use crate::log::named;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::config::{Colour, Config, Disposition, Pause, User};
use shared::id::{InteractionId, QueueId};
use shared::interaction::Interaction;
use shared::permission;
use shared::thread::Content;
use shared::time::Timestamp;
use shared::wire::{DeskConfig, DeskQueue, DeskSnapshot, HistoryPage, InteractionSnapshot, StatusNote};
use shared::world::World;

/// Everything a desk begins with.
#[utoipa::path(
    get, path = "/api/v1/desk", tag = "desk",
    responses((status = 200, description = "The agent, what rings and is open, and the configuration", body = Object))
)]
pub async fn desk(State(app): State<App>, person: Authenticated) -> Result<Json<DeskSnapshot>, Problem> {
    let user = person.user();
    let now = app.engine.clock().now();
    let (agent, config) = app.engine.look(|world| (world.agent(user.id), desk_config(world, user, now)));
    let log = app.engine.log();
    let mut content = Vec::new();
    for ringing in &agent.ringing {
        let (customer, text) = log.last_words(ringing.interaction, ringing.identity).await?;
        content.push(named(&customer));
        content.extend(text.map(|(message, text)| Content::Text { message, text }));
    }
    content.extend(log.names(agent.undelivered.iter().map(|one| one.identity)).await?);
    let mut interactions = Vec::with_capacity(agent.open.len());
    for held in &agent.open {
        let snapshot = log.snapshot(held.interaction, config::HISTORY_PAGE).await?;
        if let Some(mut snapshot) = snapshot {
            snapshot.earlier = earlier(&app, user, &snapshot.interaction).await?;
            interactions.push(snapshot);
        }
    }
    let open: Vec<InteractionId> = agent.open.iter().map(|held| held.interaction).collect();
    let drafts = app.hub.drafts_of(user.id, &open).await?;
    Ok(Json(DeskSnapshot {
        epoch: log.epoch().to_owned(),
        now,
        user: user.reference(),
        role: user.role,
        logged_in_at: person.logged_in_at(),
        agent,
        content,
        config,
        interactions,
        drafts,
    }))
}

/// What of the configuration this person's desk needs.
fn desk_config(world: &World, user: &User, now: Timestamp) -> DeskConfig {
    let config = &world.config;
    let queue = |queue: &shared::config::Queue| DeskQueue {
        queue: queue.reference(),
        channel: queue.channel,
        enabled: queue.enabled,
        disposition_required: queue.disposition_required,
        dispositions: config.dispositions_of(queue.id).map(Disposition::reference).collect(),
        status_notes: config.dispositions_of(queue.id).filter_map(|status| note(config, status)).collect(),
        links: queue.links.clone(),
        manner: queue.manner.clone(),
    };
    let mut queues: Vec<DeskQueue> = config.queues_of(user.id).map(queue).collect();
    queues.sort_by_key(|queue| queue.queue.number);
    let pauses = config.pauses.values().filter(|pause| pause.enabled && pause.choosable);
    DeskConfig {
        version: config.version,
        queues,
        longest: pauses.clone().filter_map(|pause| Some((pause.id, pause.longest?))).collect(),
        pauses: pauses.map(Pause::reference).collect(),
        notices: config.notices_at(now).cloned().collect(),
        workspace: config.workspace,
    }
}

/// What is to be known of a status beyond its title, if there is anything.
fn note(config: &Config, status: &Disposition) -> Option<StatusNote> {
    let path = config.path_of(status);
    let plain = path.is_empty() && status.description.is_empty() && status.colour == Colour::default();
    let (description, colour) = (status.description.clone(), status.colour);
    (!plain).then_some(StatusNote { id: status.id, description, colour, path })
}

/// An interaction that this person may read; any other does not exist for them.
async fn readable(
    app: &App,
    person: &Authenticated,
    id: InteractionId,
) -> Result<InteractionSnapshot, Problem> {
    let snapshot = app.engine.log().snapshot(id, config::HISTORY_PAGE).await?;
    let may = |snapshot: &InteractionSnapshot| {
        app.engine.look(|world| permission::reads(&world.config, person.user(), &snapshot.interaction))
    };
    snapshot.filter(may).ok_or_else(Problem::not_found)
}

/// The chat that the customer had before this one, the newest that this person may read.
async fn earlier(app: &App, person: &User, than: &Interaction) -> Result<Option<InteractionId>, Problem> {
    let queues: Vec<QueueId> =
        app.engine.look(|world| world.config.queues_of(person.id).map(|queue| queue.id).collect());
    let found = app.engine.log().earlier(than, person.id, &queues).await?;
    let may = |one: &Interaction| app.engine.look(|world| permission::reads(&world.config, person, one));
    Ok(found.filter(may).map(|one| one.id))
}

/// One interaction in full, with the newest page of its history and the id of the chat before it.
#[utoipa::path(
    get, path = "/api/v1/interactions/{id}", tag = "interactions",
    params(("id" = InteractionId, Path, description = "The interaction")),
    responses((status = 200, description = "The interaction, its customer, the newest lines, and which chat the customer had before", body = Object))
)]
pub async fn interaction(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<InteractionId>,
) -> Result<Json<InteractionSnapshot>, Problem> {
    let mut snapshot = readable(&app, &person, id).await?;
    snapshot.earlier = earlier(&app, person.user(), &snapshot.interaction).await?;
    Ok(Json(snapshot))
}

/// Which page of a history.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Lines before this number.
    before: Option<u64>,
    /// The most lines, from 1 to 200; 50 when absent.
    limit: Option<u32>,
}

/// A page of an interaction's history, oldest line first.
#[utoipa::path(
    get, path = "/api/v1/interactions/{id}/history", tag = "interactions",
    params(("id" = InteractionId, Path, description = "The interaction"), HistoryQuery),
    responses((status = 200, description = "The lines", body = HistoryPage))
)]
pub async fn history(
    State(app): State<App>,
    person: Authenticated,
    Id(id): Id<InteractionId>,
    Params(query): Params<HistoryQuery>,
) -> Result<Json<HistoryPage>, Problem> {
    readable(&app, &person, id).await?;
    let limit = query.limit.unwrap_or(config::HISTORY_PAGE).clamp(1, config::PAGE_MAX);
    Ok(Json(app.engine.log().history(id, query.before, limit).await?))
}
