//! The statements behind a list of interactions, with what is looked for bound to them; glues nothing into one.

use super::db::{Query, Sql, query};
use super::interactions::{Filter, Place};
use super::{LogError, keys};
use shared::time::Timestamp;

/// The whole list.
macro_rules! all {
    () => {
        "interactions AS listed "
    };
}

/// The list of those that run: few, however long the whole one has become.
macro_rules! live {
    () => {
        "(SELECT interactions.* FROM live_identities CROSS JOIN interactions \
         WHERE interactions.id = live_identities.interaction) AS listed "
    };
}

/// What [`bound`] binds, in its order; the two databases say differently that a list is empty or holds something.
macro_rules! filtered {
    (sqlite) => {
        filtered!(
            "($6 = '[]' OR listed.phase IN (SELECT value FROM json_each($6))) ",
            "AND ($7 = '[]' OR listed.channel IN (SELECT value FROM json_each($7))) ",
            "AND ($8 = '[]' OR listed.queue IN (SELECT value FROM json_each($8))) "
        )
    };
    (postgres) => {
        filtered!(
            "($6::text[] = '{}' OR listed.phase = ANY($6::text[])) ",
            "AND ($7::text[] = '{}' OR listed.channel = ANY($7::text[])) ",
            "AND ($8::text[] = '{}' OR listed.queue = ANY($8::text[])) "
        )
    };
    ($phases:literal, $channels:literal, $queues:literal) => {
        concat!(
            "WHERE (listed.entered_at, listed.id) < ($1, $2) AND (listed.entered_at, listed.id) >= ($3, $4) AND ",
            $phases,
            $channels,
            $queues,
            "AND ($9 IS NULL OR listed.owner = $9) "
        )
    };
}

/// That a person worked on an interaction, or that it went through one of their queues, as its state in `streams` says:
/// `readable!(sqlite, "$1", "$2")` with the placeholders of the person and of the queues.
///
/// The two databases read JSON by other words. PostgreSQL's refuses U+0000, which JSON spells in letters and a title
/// may hold; it is left out for this reading alone.
macro_rules! readable {
    (sqlite, $user:literal, $queues:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM (SELECT value ->> '$.owner' AS owner, value ->> '$.queue.id' AS queue \
             FROM json_each(streams.state, '$.activities')) AS activity WHERE owner = ",
            $user,
            " OR queue IN (SELECT value FROM json_each(",
            $queues,
            ")))"
        )
    };
    (postgres, $user:literal, $queues:literal) => {
        concat!(
            r"EXISTS (SELECT 1 FROM (SELECT value ->> 'owner' AS owner, value #>> '{queue,id}' AS queue FROM json_array_elements(
             regexp_replace(streams.state, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json -> 'activities') AS value) AS activity WHERE owner = ",
            $user,
            " OR queue IN (SELECT unnest(",
            $queues,
            "::text[])))"
        )
    };
}
pub(super) use readable;

/// A page of rows.
macro_rules! page {
    ($list:ident, $database:ident, $ids:literal) => {
        concat!(
            "SELECT streams.state, names.body, words.body FROM ",
            $list!(),
            "JOIN streams ON streams.stream = 'interaction:' || listed.id \
             LEFT JOIN contents AS names ON names.owner = 'identity:' || listed.identity \
             LEFT JOIN contents AS words ON words.owner = 'message:' || listed.last_message ",
            filtered!($database),
            "AND ",
            $ids,
            " AND ",
            readable!($database, "$10", "$11"),
            " ORDER BY listed.entered_at DESC, listed.id DESC LIMIT $5"
        )
    };
}

/// The two databases say differently that a list is empty or holds something.
macro_rules! pages {
    ($list:ident) => {
        Sql {
            sqlite: page!($list, sqlite, "($12 = '[]' OR listed.id IN (SELECT value FROM json_each($12)))"),
            postgres: page!($list, postgres, "($12::text[] = '{}' OR listed.id = ANY($12::text[]))"),
        }
    };
}

/// The names in a part of the list, whoever may read what is behind them.
macro_rules! named {
    ($list:ident, $database:ident) => {
        concat!(
            "SELECT listed.entered_at, listed.id, names.body FROM ",
            $list!(),
            "LEFT JOIN contents AS names ON names.owner = 'identity:' || listed.identity ",
            filtered!($database),
            "ORDER BY listed.entered_at DESC, listed.id DESC LIMIT $5"
        )
    };
}

/// What is read of the list.
#[derive(Clone, Copy)]
pub(super) enum Read {
    /// Rows.
    Page,
    /// Names.
    Names,
}

impl Read {
    /// The statement: over those that run, where nothing else is looked for.
    const fn sql(self, live: bool) -> Sql {
        match (self, live) {
            (Self::Page, false) => pages!(all),
            (Self::Page, true) => pages!(live),
            (Self::Names, false) => Sql { sqlite: named!(all, sqlite), postgres: named!(all, postgres) },
            (Self::Names, true) => Sql { sqlite: named!(live, sqlite), postgres: named!(live, postgres) },
        }
    }
}

/// A statement with what is common to all: the places between which it reads, the filter, the most rows.
pub(super) fn bound(
    read: Read,
    filter: &Filter,
    (before, from): (Option<Place>, Option<Place>),
    limit: u32,
) -> Result<Query<'static>, LogError> {
    let spelt = |(at, id): Place| (at.0, id.to_string());
    // No id is smaller than an empty text: what was entered at that very time is from it on, and not before it.
    let edge = |at: Timestamp| (at.0, String::new());
    let before = before.map(spelt).into_iter().chain(filter.to.map(edge)).min();
    let from = from.map(spelt).into_iter().chain(filter.from.map(edge)).max();
    let (before, before_id) = before.unwrap_or((i64::MAX, String::new()));
    let (from, from_id) = from.unwrap_or((i64::MIN, String::new()));
    let phases: Vec<String> =
        filter.phases.iter().map(|one| keys::word(one, "phase")).collect::<Result<_, _>>()?;
    let channels: Vec<String> = filter.channels.iter().map(|one| one.key().to_owned()).collect();
    Ok(query(read.sql(filter.is_live()))
        .bind(before)
        .bind(before_id)
        .bind(from)
        .bind(from_id)
        .bind(limit)
        .bind(phases.as_slice())
        .bind(channels.as_slice())
        .bind(texts(&filter.queues).as_slice())
        .bind(filter.owner.map(|owner| owner.to_string())))
}

/// Ids as they are bound.
pub(super) fn texts<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
