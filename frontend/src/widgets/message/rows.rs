//! How lines stand below each other: what belongs to one turn, where a day begins. Pure; it draws nothing.

use crate::desk::{Line, LineBody, LineKey, Lines};
use shared::flat::FlatMap;

/// Messages of one author at most this far apart are one turn: two minutes, in milliseconds.
const TURN: i64 = 120_000;

/// A line and its place among its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line.
    pub line: Line,
    /// Its instant, when a new day begins above it.
    pub day: Option<i64>,
    /// Whether it goes on with the turn above it.
    pub joined: bool,
    /// Whether the turn ends with it.
    pub last: bool,
}

/// The rows of a block, in order and by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The keys, oldest first.
    pub order: Vec<LineKey>,
    by_key: FlatMap<LineKey, Row>,
}

impl Rows {
    /// The row of this key, as it stands now.
    #[must_use]
    pub fn row(&self, key: LineKey) -> Option<&Row> {
        self.by_key.get(&key)
    }

    /// Lays lines out; `day` numbers the day of an instant.
    #[must_use]
    pub fn of(lines: &Lines, day: fn(i64) -> i64) -> Self {
        let mut rows = Self::default();
        let mut above = lines.above.as_ref();
        for (at, line) in lines.own.iter().enumerate() {
            if rows.by_key.contains_key(&line.key) {
                continue;
            }
            let new_day = above.is_none_or(|above| day(above.at.0) != day(line.at.0));
            let joined = !new_day && above.is_some_and(|above| together(above, line));
            let below = lines.own.get(at + 1).or(lines.below.as_ref());
            let last = below.is_none_or(|below| !together(line, below) || day(line.at.0) != day(below.at.0));
            let row = Row { line: line.clone(), day: new_day.then_some(line.at.0), joined, last };
            rows.order.push(line.key);
            rows.by_key.insert(line.key, row);
            above = Some(line);
        }
        rows
    }
}

/// Whether two neighbours are of one turn.
fn together(above: &Line, below: &Line) -> bool {
    match (&above.body, &below.body) {
        (LineBody::Message(one), LineBody::Message(other)) => {
            let author = |said: &crate::desk::Said| said.message.author.as_ref().map(|author| author.id);
            one.message.direction == other.message.direction
                && author(one) == author(other)
                && below.at.since(above.at).0 <= TURN
        }
        _ => false,
    }
}
