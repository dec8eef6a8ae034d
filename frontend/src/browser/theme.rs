//! Light, dark, or as the system has it: set on the document and remembered on this device. It stores nothing else.

use super::window;

/// Where the choice is remembered.
const KEY: &str = "signalbox-theme";

/// The theme chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The attribute's value, nothing for the system's.
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The theme of an attribute's value; anything unknown is the system's.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The next one for a button that goes round.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}

/// The theme remembered on this device.
#[must_use]
pub fn remembered() -> Theme {
    let key = storage().and_then(|storage| storage.get_item(KEY).ok()?);
    key.map_or(Theme::System, |key| Theme::from_key(&key))
}

/// Draws the document in a theme and remembers it where the browser lets us.
pub fn set(theme: Theme) {
    if let Some(root) = window().and_then(|window| window.document()?.document_element()) {
        let _ = match theme.key() {
            Some(key) => root.set_attribute("data-theme", key),
            None => root.remove_attribute("data-theme"),
        };
    }
    if let Some(storage) = storage() {
        let _ = match theme.key() {
            Some(key) => storage.set_item(KEY, key),
            None => storage.remove_item(KEY),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn themes_survive_their_key_and_go_round() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::from_key(theme.key().unwrap_or_default()), theme);
            assert_eq!(theme.next().next().next(), theme);
        }
        assert_eq!(Theme::from_key("pink"), Theme::System);
    }
}
