//! What is wrong with a field, in the admin's language. The relay says it as a clause in English; those it says of what the
//! forms here ask for are known, and any other is quoted as it is.

use crate::language::admin::wrong;
use crate::language::keys::refusal;
use crate::language::{Key, fill};

/// The relay's clauses, which are part of its API, and the sentences for them.
const KNOWN: [(&str, Key); 11] = [
    ("are 20 already; take one down first", wrong::FULL),
    ("cannot be changed", wrong::FIXED),
    ("has passed", wrong::PASSED),
    ("is already connected", wrong::CONNECTED),
    ("is empty or too long", wrong::WELCOME),
    ("is longer than 200 characters", wrong::LONG),
    ("is longer than 500 characters", wrong::LONG_TEXT),
    ("is missing", wrong::MISSING),
    ("must be a queue of this channel", wrong::QUEUE),
    ("must be above zero and not in use", wrong::NUMBER),
    ("must begin with http:// or https://", wrong::ADDRESS),
];

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// As the relay said it.
    Said(String),
    /// As a sentence of the admin's.
    Known(Key),
}

impl Wrong {
    /// What a clause of the relay's means.
    pub(super) fn of(problem: String) -> Self {
        let known = KNOWN.iter().find(|(clause, _)| *clause == problem);
        known.map_or(Self::Said(problem), |(_, key)| Self::Known(*key))
    }

    /// The sentence, which calls the field by its label.
    pub(super) fn sentence(&self, label: &str) -> String {
        match self {
            Self::Said(problem) => fill(refusal::INVALID, &[("field", label), ("problem", problem)]),
            Self::Known(key) => fill(*key, &[("field", label)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, Wrong};

    #[test]
    fn what_the_relay_says_of_a_field_is_said_alike_in_english() {
        for (clause, _) in KNOWN {
            let wrong = Wrong::of(clause.to_owned());
            assert_eq!(wrong.sentence("Name"), format!("Name {clause}."));
            assert!(matches!(wrong, Wrong::Known(_)));
        }
        assert_eq!(Wrong::of("is strange".to_owned()).sentence("Name"), "Name is strange.");
    }
}
