//! The document's title with what is unread before it. It is the only place that writes it.

use super::window;

/// The words of a title: `(3) Signalbox`.
#[must_use]
pub fn words(unread: usize, name: &str) -> String {
    match unread {
        0 => name.to_owned(),
        1..=99 => format!("({unread}) {name}"),
        _ => format!("(99+) {name}"),
    }
}

/// Writes the title.
pub fn set(unread: usize, name: &str) {
    if let Some(document) = window().and_then(|window| window.document()) {
        document.set_title(&words(unread, name));
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_title_counts() {
        assert_eq!(words(0, "Signalbox"), "Signalbox");
        assert_eq!(words(3, "Signalbox"), "(3) Signalbox");
        assert_eq!(words(120, "Signalbox"), "(99+) Signalbox");
    }
}
