//! An append as rows, made before the writer's turn, and their statements in order; knows no rule of the domain.

use super::append::{
    Append, AppendError, CommandRow, Duplicate, IdentityTouch, JournalDone, OutboxStep, State,
};
use super::db::{Connection, is_unique, query, query_scalar};
use super::project::Projection;
use super::{LogError, keys};
use shared::event::{Event, SCHEMA};
use shared::fault;
use shared::thread::Content;

/// Everything an append writes.
pub(super) struct Rows {
    reads: Vec<(String, i64)>,
    states: Vec<StateRow>,
    events: Vec<EventRow>,
    content: Vec<(String, String)>,
    pub(super) projections: Vec<Projection>,
    pub(super) command: Option<CommandRow>,
    journal: Option<JournalDone>,
    pub(super) outbox: Option<OutboxStep>,
    identity: Option<IdentityTouch>,
}

struct StateRow {
    stream: String,
    before: i64,
    version: i64,
    live: bool,
    state: String,
}

struct EventRow {
    stream: String,
    version: i64,
    seq: Option<i64>,
    at: i64,
    actor: String,
    change: String,
}

impl Rows {
    /// The rows of an append.
    pub(super) fn of(append: &Append) -> Result<Self, LogError> {
        let states = append
            .states
            .iter()
            .map(|state| {
                let before = append.reads.iter().find(|(stream, _)| *stream == state.stream);
                let before = before.map(|(_, version)| *version).ok_or(LogError::Unreadable("decision"))?;
                StateRow::of(keys::stream(state.stream), before, &state.state)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let pure = |stream| append.states.iter().all(|state| state.stream != stream);
        let reads = append.reads.iter().filter(|(stream, _)| pure(*stream));
        let content = append.content.iter().chain(&append.beside.content);
        let rich = append
            .beside
            .outgoing
            .iter()
            .map(|(message, content)| Ok((keys::outgoing(*message), keys::json(content, "message")?)));
        Ok(Self {
            reads: reads.map(|(stream, version)| (keys::stream(*stream), keys::int(*version))).collect(),
            states,
            events: append.events.iter().map(EventRow::of).collect::<Result<_, _>>()?,
            content: content.map(content_row).chain(rich).collect::<Result<_, LogError>>()?,
            projections: Projection::of(append)?,
            command: append.command.clone(),
            journal: append.beside.journal,
            outbox: append.beside.outbox,
            identity: append.beside.identity,
        })
    }

    /// Every stream that the decision rests on, with the version it has to have.
    pub(super) fn rests_on(&self) -> impl Iterator<Item = (&str, i64)> {
        let reads = self.reads.iter().map(|(stream, version)| (stream.as_str(), *version));
        reads.chain(self.states.iter().map(|state| (state.stream.as_str(), state.before)))
    }

    /// Writes them, or says what stands in the way; the caller takes back what was written until then.
    pub(super) async fn write(&self, on: &mut Connection) -> Result<(), AppendError> {
        for (stream, version) in &self.reads {
            check(on, stream, *version).await?;
        }
        for state in &self.states {
            state.write(on).await?;
        }
        for event in &self.events {
            event.write(on).await?;
        }
        for (owner, body) in &self.content {
            query(
                "INSERT INTO contents (owner, body) VALUES ($1, $2) \
                 ON CONFLICT (owner) DO UPDATE SET body = excluded.body, erased_at = NULL",
            )
            .bind(owner)
            .bind(body)
            .execute(&mut *on)
            .await
            .map_err(failed)?;
        }
        for projection in &self.projections {
            projection.write(on).await?;
        }
        if let Some(command) = &self.command {
            answer(on, command).await?;
        }
        if let Some(step) = self.outbox {
            advance(on, step).await?;
        }
        if let Some(touch) = self.identity {
            touched(on, touch).await?;
        }
        if let Some(done) = self.journal {
            query("UPDATE journal SET state = 'done', key = NULL, message = $1 WHERE id = $2")
                .bind(done.message.map(|id| id.to_string()))
                .bind(done.item)
                .execute(&mut *on)
                .await
                .map_err(failed)?;
        }
        Ok(())
    }
}

/// A statement that failed for no reason of its own.
pub(super) fn failed(error: sqlx::Error) -> AppendError {
    AppendError::Failed(error.into())
}

/// A statement that failed, perhaps because there is one already.
pub(super) fn unique(error: sqlx::Error, what: Duplicate) -> AppendError {
    if is_unique(&error) { AppendError::Duplicate(what) } else { failed(error) }
}

fn content_row(content: &Content) -> Result<(String, String), LogError> {
    Ok(match content {
        Content::Text { message, text } => (keys::message(*message), text.clone()),
        Content::Cards { message, cards, names } => (keys::beside(*message), keys::cards_json(cards, names)?),
        Content::Name { identity, name, handle, avatar } => {
            let body = serde_json::json!({ "name": name, "handle": handle, "avatar": avatar });
            (keys::identity(*identity), keys::json(&body, "name")?)
        }
    })
}

/// Whether a stream that was only read stands where it was read.
async fn check(on: &mut Connection, stream: &str, version: i64) -> Result<(), AppendError> {
    let now: Option<i64> = query_scalar("SELECT version FROM streams WHERE stream = $1")
        .bind(stream)
        .fetch_optional(on)
        .await
        .map_err(failed)?;
    if now.unwrap_or_default() == version { Ok(()) } else { Err(AppendError::Conflict) }
}

impl StateRow {
    fn of(stream: String, before: u64, state: &State) -> Result<Self, LogError> {
        let (version, live, state) = match state {
            State::Interaction(one) => (one.version, one.is_live(), keys::json(one, "interaction")?),
            State::Agent(agent) => (agent.version, true, keys::json(agent, "agent")?),
            State::Config(config) => (config.version, true, keys::json(config, "configuration")?),
        };
        Ok(Self { stream, before: keys::int(before), version: keys::int(version), live, state })
    }

    /// Moves the stream on from the version that was read, and from no other.
    async fn write(&self, on: &mut Connection) -> Result<(), AppendError> {
        let sql = if self.before == 0 {
            "INSERT INTO streams (version, live, state, stream) SELECT $1, $2, $3, $4 WHERE $5 = 0 ON CONFLICT DO NOTHING"
        } else {
            "UPDATE streams SET version = $1, live = $2, state = $3 WHERE stream = $4 AND version = $5"
        };
        let moved = query(sql)
            .bind(self.version)
            .bind(self.live)
            .bind(&self.state)
            .bind(&self.stream)
            .bind(self.before)
            .execute(on)
            .await
            .map_err(failed)?;
        if moved == 1 { Ok(()) } else { Err(AppendError::Conflict) }
    }
}

impl EventRow {
    fn of(event: &Event) -> Result<Self, LogError> {
        Ok(Self {
            stream: keys::stream(event.stream),
            version: keys::int(event.version),
            seq: event.seq.map(keys::int),
            at: event.at.0,
            actor: keys::json(&event.actor, "actor")?,
            change: keys::json(&event.change, "change")?,
        })
    }

    async fn write(&self, on: &mut Connection) -> Result<(), AppendError> {
        query(
            "INSERT INTO events (stream, version, seq, at, actor, schema, change) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&self.stream)
        .bind(self.version)
        .bind(self.seq)
        .bind(self.at)
        .bind(&self.actor)
        .bind(SCHEMA)
        .bind(&self.change)
        .execute(on)
        .await
        .map_err(|error| if is_unique(&error) { AppendError::Conflict } else { failed(error) })?;
        Ok(())
    }
}

async fn answer(on: &mut Connection, command: &CommandRow) -> Result<(), AppendError> {
    let outcome = keys::json(&command.outcome, "answer")?;
    query("INSERT INTO commands (id, \"user\", digest, outcome, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(command.id.to_string())
        .bind(command.user.to_string())
        .bind(&command.digest)
        .bind(outcome)
        .bind(command.at.0)
        .execute(on)
        .await
        .map_err(|error| unique(error, Duplicate::Command))?;
    Ok(())
}

/// Takes a provider call a step on; one that is not where it should be is a conflict.
async fn advance(on: &mut Connection, step: OutboxStep) -> Result<(), AppendError> {
    let query = match step {
        OutboxStep::Claim { message } => query(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE message = $1 AND state = 'waiting'",
        )
        .bind(message.to_string()),
        OutboxStep::Retry { message, at } if fault!("retry-jumps-behind") => query(
            "UPDATE outbox SET state = 'waiting', next_at = $1, place = (SELECT max(place) + 1 FROM outbox) \
             WHERE message = $2 AND state = 'sending'",
        )
        .bind(at.0)
        .bind(message.to_string()),
        OutboxStep::Retry { message, at } => {
            query("UPDATE outbox SET state = 'waiting', next_at = $1 WHERE message = $2 AND state = 'sending'")
                .bind(at.0)
                .bind(message.to_string())
        }
        OutboxStep::Done { message } => {
            query("UPDATE outbox SET state = 'done' WHERE message = $1").bind(message.to_string())
        }
    };
    let moved = query.execute(on).await.map_err(failed)?;
    if moved == 1 { Ok(()) } else { Err(AppendError::Conflict) }
}

async fn touched(on: &mut Connection, touch: IdentityTouch) -> Result<(), AppendError> {
    if let Some((marketing, at)) = touch.marketing {
        let sql = "UPDATE identities SET marketing = $1, marketing_at = $2 \
                   WHERE id = $3 AND coalesce(marketing_at, 0) <= $2";
        let said = query(sql).bind(marketing).bind(at.0).bind(touch.identity.to_string());
        said.execute(&mut *on).await.map_err(failed)?;
    }
    query(
        "UPDATE identities SET subscribed = coalesce($1, subscribed), last_customer_at = \
         CASE WHEN last_customer_at >= coalesce($2, last_customer_at) THEN last_customer_at ELSE $2 END \
         WHERE id = $3",
    )
    .bind(touch.subscribed)
    .bind(touch.last_customer_at.map(|at| at.0))
    .bind(touch.identity.to_string())
    .execute(on)
    .await
    .map_err(failed)?;
    Ok(())
}
