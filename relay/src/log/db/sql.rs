//! The text of a statement, twice only where the two databases have no word in common; builds none from values.

/// A statement as each database reads it. Placeholders are `$1, $2…` in both.
#[derive(Clone, Copy)]
pub struct Sql {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// One text for both.
impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }
}

/// A statement that has to be said differently.
pub const fn either(sqlite: &'static str, postgres: &'static str) -> Sql {
    Sql { sqlite, postgres }
}

/// One text around a bound list: `with_list!("… IN ", "$1", "…")`. The list reads as a sub-select with the column
/// `value`; SQLite is bound a JSON array, PostgreSQL an array of texts.
macro_rules! with_list {
    ($before:literal, $list:literal, $after:literal) => {
        $crate::log::db::either(
            concat!($before, "(SELECT value FROM json_each(", $list, "))", $after),
            concat!($before, "(SELECT unnest(", $list, "::text[]) AS value)", $after),
        )
    };
}
pub(in crate::log) use with_list;
