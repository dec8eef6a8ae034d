//! Interactions as a list, newest first, only those the person may read.

use super::App;
use super::filters::ListQuery;
use super::input::Params;
use super::problem::Problem;
use super::session::Authenticated;
use crate::config;
use crate::desk::preview;
use crate::log::{Found, Place, Wanted};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::config::{User, titles};
use shared::id::InteractionId;
use shared::interaction::Interaction;
use shared::permission;
use shared::time::Timestamp;
use shared::wire::{InteractionPage, InteractionRow};
use shared::world::World;

/// A page of interactions, newest first. A page may be shorter than what was asked for and have a next one all the same:
/// the list is looked through for a while at a time.
#[utoipa::path(
    get, path = "/api/v1/interactions", tag = "interactions", params(ListQuery),
    responses((status = 200, description = "The rows", body = InteractionPage))
)]
pub async fn list(
    State(app): State<App>,
    person: Authenticated,
    Params(query): Params<ListQuery>,
) -> Result<Json<InteractionPage>, Problem> {
    let unknown = || Problem::new(StatusCode::BAD_REQUEST, "This page does not exist.");
    let before = query.before.as_deref().map(|text| place(text).ok_or_else(unknown)).transpose()?;
    let user = person.user();
    let limit = query.limit.unwrap_or(config::LIST_PAGE).clamp(1, config::PAGE_MAX);
    let filter = query.filter(user.id)?;
    let queues = app.engine.look(|world| world.config.queues_of(user.id).map(|queue| queue.id).collect());
    let wanted = Wanted { user: user.id, queues, before, filter, limit };
    let page = app.engine.log().interactions(&wanted).await;
    let page = page.map_err(|error| Problem::internal("interactions could not be listed", &error))?;
    let interactions = app.engine.look(|world| {
        let may = |one: &Found| permission::reads(&world.config, user, &one.interaction);
        page.found.into_iter().filter(may).map(|one| row(world, one)).collect()
    });
    Ok(Json(InteractionPage { interactions, next: page.next.map(|(at, id)| format!("{}_{id}", at.0)) }))
}

/// That this person may read a chat; any other does not exist for them.
pub(super) async fn readable_chat(app: &App, person: &User, id: InteractionId) -> Result<(), Problem> {
    let found = app.engine.log().interaction(id).await?;
    let may = |one: &Interaction| app.engine.look(|world| permission::reads(&world.config, person, one));
    found.filter(may).map(drop).ok_or_else(Problem::not_found)
}

/// A place in the list, as `next` spells it.
fn place(text: &str) -> Option<Place> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
}

fn row(world: &World, found: Found) -> InteractionRow {
    let Found { interaction, name, handle, text } = found;
    let newest = interaction.activities.last();
    let owner = interaction.activities.iter().rev().find_map(|activity| activity.owner);
    InteractionRow {
        id: interaction.id,
        channel: interaction.channel,
        phase: interaction.phase,
        customer: name.filter(|name| !name.trim().is_empty()).unwrap_or(handle),
        queue: newest.map(|activity| activity.queue.clone()),
        owner: owner.and_then(|user| world.config.users.get(&user)).map(User::reference),
        entered_at: interaction.entered_at,
        ended_at: interaction.ended_at,
        disconnection: interaction.disconnection,
        status: newest.map(|activity| titles(activity.outcomes())).filter(|titles| !titles.is_empty()),
        preview: text.map(|text| preview(&text)),
    }
}
