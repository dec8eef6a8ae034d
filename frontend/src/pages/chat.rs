//! One chat: the widgets of its layout. A chat that is no tab of the agent is fetched to be read.

use crate::desk::{Desk, Look};
use crate::reading::Reading;
use crate::widgets::registry;
use leptos::prelude::*;
use shared::id::InteractionId;

/// The widgets shown, until queues have layouts of their own.
const LAYOUT: &[&str] = &["message"];

/// The page of an interaction.
#[component]
pub fn ChatPage(desk: Desk, id: InteractionId) -> impl IntoView {
    let tabs = desk.tabs();
    let me = desk.me();
    let look = desk.look(id);
    // After a reload the agent's tabs come with the desk's own start; only others have to be asked for.
    let foreign = Reading::of(move || {
        let mine = tabs.with(|tabs| tabs.iter().any(|tab| tab.interaction == id));
        me.with(Option::is_some) && !mine && look.get() == Look::Loading
    });
    Effect::new(move |asked: Option<bool>| {
        let asked = asked.unwrap_or_default();
        if foreign.get() && !asked {
            desk.open(id);
            return true;
        }
        asked
    });
    let widgets = LAYOUT.iter().filter_map(|name| registry::draw(name, id)).collect_view();
    view! { <div class="desk-grid">{widgets}</div> }
}
