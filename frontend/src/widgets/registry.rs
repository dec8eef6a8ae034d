//! The widgets by name: the one place that knows them all. It arranges nothing.

use super::message;
use leptos::prelude::*;
use shared::id::InteractionId;

/// Draws a widget for an interaction.
pub type Draw = fn(InteractionId) -> AnyView;

/// Every widget: its name in a layout, and how it is drawn.
pub const WIDGETS: &[(&str, Draw)] = &[("message", message::draw)];

/// Draws the widget of this name; nothing for a name this version does not know.
#[must_use]
pub fn draw(name: &str, id: InteractionId) -> Option<AnyView> {
    WIDGETS.iter().find(|(known, _)| *known == name).map(|(_, draw)| draw(id))
}

/// The mark of a channel.
#[must_use]
pub const fn mark(channel: shared::channel::Channel) -> crate::ui::Mark {
    message::mark(channel)
}
