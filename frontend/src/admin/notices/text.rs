//! The words of a notice as they are typed: what is sent of them, what is wrong with them, and how much room is left.

use crate::admin::form::AreaField;
use crate::language::admin::{notices as words, wrong};
use crate::language::{Key, count, fill, t};
use leptos::html;
use leptos::prelude::*;
use shared::config::TEXT_MAX;

/// What is sent of what was typed.
pub(super) fn sent(typed: &str) -> &str {
    typed.trim()
}

/// What the relay would say of it; it counts the same way.
pub(super) fn problem(typed: &str) -> Option<Key> {
    match sent(typed).chars().count() {
        0 => Some(wrong::MISSING),
        1..=TEXT_MAX => None,
        _ => Some(wrong::LONG_TEXT),
    }
}

/// What is left, or how much is too much.
fn left(n: i64) -> String {
    if n < 0 { count(words::TOO_MUCH, n.saturating_neg(), &[]) } else { count(words::LEFT, n, &[]) }
}

/// The field. That nothing was typed is said once it was `tried`; that it is too long, at once.
#[component]
pub(super) fn WordsField(
    value: RwSignal<String>,
    tried: RwSignal<bool>,
    #[prop(into)] said: Signal<Option<String>>,
    node_ref: NodeRef<html::Textarea>,
) -> impl IntoView {
    let label = t(words::TEXT);
    let error = Signal::derive(move || {
        let problem = value.with(|typed| problem(typed)).filter(|key| *key != wrong::MISSING || tried.get());
        problem.map(|key| fill(key, &[("field", label)])).or_else(|| said.get())
    });
    let used = Signal::derive(move || value.with(|typed| sent(typed).chars().count()));
    view! { <AreaField id="text" label value hint=t(words::HINT) error used limit=TEXT_MAX words=left node_ref /> }
}

#[cfg(test)]
mod tests {
    use super::problem;
    use crate::language::admin::wrong as say;

    #[test]
    fn characters_are_counted_as_the_relay_counts_them() {
        assert_eq!(problem(" \n "), Some(say::MISSING));
        assert_eq!(problem("x"), None);
        // Neither bytes nor halves of a character.
        assert_eq!(problem(&"🎉".repeat(500)), None);
        assert_eq!(problem(&[" ", &"ž".repeat(500), "\n"].concat()), None, "what surrounds it is not sent");
        assert_eq!(problem(&"ž".repeat(501)), Some(say::LONG_TEXT));
    }
}
