//! What an agent did today, for the agent alone; reads events, lets the domain count them.

use super::App;
use super::input::Params;
use super::problem::Problem;
use super::session::Authenticated;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::day::Day;
use shared::id::InteractionId;
use shared::time::{Span, Timestamp};
use shared::wire::DayBody;

/// 48 hours: today and yesterday, wherever the agent's midnight is.
const LONGEST: Span = Span::hours(48);
/// 24 hours when nothing is said.
const USUAL: Span = Span::hours(24);

/// From when on.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DayQuery {
    /// The beginning of the agent's day, in milliseconds since 1970, at most 48 hours ago; 24 hours ago when absent.
    #[param(value_type = Option<i64>)]
    from: Option<String>,
}

/// What the person who asks has done since then.
#[utoipa::path(
    get, path = "/api/v1/me/day", tag = "desk", params(DayQuery),
    responses((status = 200, description = "The figures of the day", body = DayBody))
)]
pub async fn day(
    State(app): State<App>,
    person: Authenticated,
    Params(query): Params<DayQuery>,
) -> Result<Json<DayBody>, Problem> {
    let (user, now) = (person.user().id, app.engine.clock().now());
    let from = since(query.from.as_deref(), now)?;
    let agent = app.engine.look(|world| world.agent(user));
    let log = app.engine.log();
    let mut day = Day::of(user);
    log.agent_since(user, from).await?.iter().for_each(|event| day.count(event));
    // In these alone can they have done anything: what they had open at some time since then.
    let mut chats = day.chats().clone();
    chats.extend(agent.open.iter().map(|held| held.interaction));
    chats.extend(log.begun_with(user, from).await?);
    let chats: Vec<InteractionId> = chats.into_iter().collect();
    log.done_by(user, &chats, from).await?.iter().for_each(|event| day.count(event));
    Ok(Json(day.figures(u32::try_from(agent.open.len()).unwrap_or(u32::MAX))))
}

fn since(from: Option<&str>, now: Timestamp) -> Result<Timestamp, Problem> {
    let Some(from) = from else { return Ok(Timestamp(now.0.saturating_sub(USUAL.0))) };
    let lately = |from: &Timestamp| *from <= now && now.since(*from) <= LONGEST;
    let from = from.parse().ok().map(Timestamp).filter(lately);
    from.ok_or_else(|| {
        let sentence = "from must be a time of the last 48 hours, in milliseconds since 1970.";
        Problem::new(StatusCode::BAD_REQUEST, sentence)
    })
}
