//! Sending what is more than plain words into a chat that the person has open; decides nothing itself.

use super::App;
use super::input::{Body, Id};
use super::interactions::readable_chat;
use super::problem::Problem;
use super::session::Authenticated;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::channel::Outgoing;
use shared::command::Composed;
use shared::id::{CommandId, InteractionId, MessageId};
use shared::refusal::Refusal;
use shared::wire::Outcome;

/// A message to send.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct MessageBody {
    /// Made by the sender; the same id with the same message has one effect and one answer.
    command: CommandId,
    /// The new message's id, made by the sender.
    message: MessageId,
    /// What is said.
    content: Outgoing,
    /// The last message of the customer that the person had seen.
    #[serde(default)]
    seen: u64,
}

/// Sends a file, answers to tap, a template or words. How far it comes is told by the chat's events.
#[utoipa::path(
    post, path = "/api/v1/interactions/{id}/messages", tag = "interactions", request_body = MessageBody,
    params(("id" = InteractionId, Path, description = "The chat")),
    responses((status = 202, description = "It waits to be sent"))
)]
pub async fn send(
    State(app): State<App>,
    person: Authenticated,
    Id(interaction): Id<InteractionId>,
    Body(body): Body<MessageBody>,
) -> Result<StatusCode, Problem> {
    readable_chat(&app, person.user(), interaction).await?;
    let MessageBody { command, message, content, seen } = body;
    let composed = Composed { interaction, message, content, seen };
    match app.engine.compose(person.user().id, command, composed).await {
        Outcome::Done { .. } => Ok(StatusCode::ACCEPTED),
        Outcome::Refused { refusal } => Err(refusal.into()),
        Outcome::Unknown => Err(Refusal::NotSaved.into()),
    }
}
