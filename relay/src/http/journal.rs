//! Webhook items that nobody understood, for admins: counted, listed, shown raw, tried again; decides nothing.

use super::App;
use super::input::{Body, Id, Params};
use super::problem::Problem;
use super::session::Admin;
use crate::config;
use crate::log::{Again, WantedItems, Whose};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shared::channel::Channel;
use shared::refusal::Refusal;
use shared::wire::{ItemBody, ItemPage, ItemState, RetryAnswer, RetryRequest};

/// Items that are named in one retry at the most; a page has fewer.
const NAMED_MAX: usize = 1_000;

/// Which items are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ItemQuery {
    /// Only `unsupported` or only `failed` ones.
    state: Option<ItemState>,
    /// Only those of this channel; `none` for what belongs to no channel.
    channel: Option<String>,
    /// Only those with this reason.
    reason: Option<String>,
    /// What the page before gave as `next`.
    before: Option<i64>,
    /// The most items, from 1 to 200; 50 when absent.
    limit: Option<u32>,
}

/// What was not understood, newest first, with how many there are by channel and reason.
#[utoipa::path(
    get, path = "/api/v1/journal", tag = "webhooks", params(ItemQuery),
    responses((status = 200, description = "The items and their groups", body = ItemPage))
)]
pub async fn list(
    State(app): State<App>,
    _: Admin,
    Params(query): Params<ItemQuery>,
) -> Result<Json<ItemPage>, Problem> {
    let whose = match query.channel.as_deref() {
        None => Whose::Anybodys,
        Some("none") => Whose::Nobodys,
        Some(word) => {
            let known = Channel::ALL.into_iter().find(|channel| channel.key() == word);
            Whose::Channel(known.ok_or_else(|| invalid("channel", "is not one of the four"))?)
        }
    };
    let limit = query.limit.unwrap_or(config::LIST_PAGE).clamp(1, config::PAGE_MAX);
    let (state, reason, before) = (query.state, query.reason, query.before);
    // One more than asked for tells whether there is a next page.
    let wanted = WantedItems { state, whose, reason, before, limit: limit + 1 };
    let log = app.engine.log();
    // First how many wait: when none does, everything read after that is complete.
    let waiting = log.waiting_items().await?;
    let groups = log.kept_groups().await?;
    let mut items = log.kept_items(&wanted).await?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| more).map(|last| last.id);
    Ok(Json(ItemPage { groups, waiting, items, next }))
}

/// One item as it came. It may hold a customer's words.
#[utoipa::path(
    get, path = "/api/v1/journal/{id}", tag = "webhooks",
    params(("id" = i64, Path, description = "The item")),
    responses((status = 200, description = "The item", body = ItemBody))
)]
pub async fn one(State(app): State<App>, _: Admin, Id(id): Id<i64>) -> Result<Json<ItemBody>, Problem> {
    app.engine.log().item(id).await?.map(Json).ok_or_else(Problem::not_found)
}

/// Lets items be looked at again, as an upgrade may have taught the relay to understand them.
#[utoipa::path(
    post, path = "/api/v1/journal/retry", tag = "webhooks", request_body = RetryRequest,
    responses((status = 200, description = "How many are looked at again", body = RetryAnswer))
)]
pub async fn retry(
    State(app): State<App>,
    admin: Admin,
    Body(request): Body<RetryRequest>,
) -> Result<Json<RetryAnswer>, Problem> {
    let again = match (request.ids, request.group) {
        (ids, Some(_)) if !ids.is_empty() => return Err(invalid("group", "cannot stand beside ids")),
        (ids, _) if ids.len() > NAMED_MAX => return Err(invalid("ids", "are more than 1,000")),
        (ids, None) if !ids.is_empty() => Again::Ids(ids),
        (_, Some(group)) => Again::Group(group.channel, group.reason),
        (_, None) => Again::All,
    };
    let retried = app.engine.log().retry_items(again).await?;
    app.ingest.wake(usize::try_from(retried).unwrap_or(usize::MAX));
    tracing::info!(user = %admin.user().id, retried, "webhook items are looked at again");
    Ok(Json(RetryAnswer { retried }))
}

fn invalid(field: &str, problem: &str) -> Problem {
    Refusal::Invalid { field: field.into(), problem: problem.into() }.into()
}
