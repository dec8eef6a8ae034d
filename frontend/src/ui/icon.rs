//! Signs from the one sprite and the marks of the channels. Nothing here loads or inlines a path.

use crate::reading::told;
use leptos::prelude::*;

/// Where the sprite lies, relative to the document's base.
pub const SPRITE: &str = "icons.svg";

macro_rules! signs {
    ($($name:ident = $id:literal),+ $(,)?) => {
        /// A sign of the sprite; a test checks that every one of them is drawn.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Sign { $(#[doc = concat!("The sign `", $id, "`.")] $name),+ }

        impl Sign {
            /// Every sign, for the test that looks each of them up in the sprite.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The symbol's id in the sprite.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id),+ }
            }
        }
    };
}

signs! {
    Waiting = "waiting", Activities = "activities", Dashboard = "dashboard", Search = "search", Pause = "pause",
    Play = "play", ChevronDown = "chevron-down", ChevronUp = "chevron-up", ChevronStart = "chevron-start",
    ChevronEnd = "chevron-end", Close = "close", Minimise = "minimise", Accept = "accept", Tick = "tick",
    Ticks = "ticks", Pending = "pending", Alert = "alert", Info = "info", Star = "star", Send = "send",
    External = "external", Emoji = "emoji", Paperclip = "paperclip", Menu = "menu", User = "user", Logout = "logout",
    Theme = "theme", Retry = "retry", More = "more", ArrowDown = "arrow-down", Phone = "phone", Offline = "offline",
    Settings = "settings", Plug = "plug", Question = "question", Copy = "copy", Lock = "lock",
}

/// A channel's mark: a simple glyph on the channel's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Facebook Messenger.
    Messenger,
    /// WhatsApp.
    WhatsApp,
    /// Viber.
    Viber,
    /// Instagram Direct.
    Instagram,
}

impl Mark {
    /// Every mark.
    pub const ALL: &'static [Self] = &[Self::Messenger, Self::WhatsApp, Self::Viber, Self::Instagram];

    /// The value of `data-channel` in the stylesheet.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Messenger => "messenger",
            Self::WhatsApp => "whatsapp",
            Self::Viber => "viber",
            Self::Instagram => "instagram",
        }
    }

    /// The name a person reads or hears.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Messenger => "Messenger",
            Self::WhatsApp => "WhatsApp",
            Self::Viber => "Viber",
            Self::Instagram => "Instagram",
        }
    }

    /// The mark's symbol in the sprite.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Messenger => "mark-messenger",
            Self::WhatsApp => "mark-whatsapp",
            Self::Viber => "mark-viber",
            Self::Instagram => "mark-instagram",
        }
    }
}

/// The address of a symbol.
#[must_use]
pub fn href(id: &str) -> String {
    [SPRITE, "#", id].concat()
}

/// A sign, hidden from screen readers: the control around it has the words. `mirror` turns it where text runs right to left.
#[component]
pub fn Icon(
    #[prop(into)] sign: Signal<Sign>,
    #[prop(optional)] small: bool,
    #[prop(optional)] mirror: bool,
    #[prop(optional, into)] filled: Signal<bool>,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            aria-hidden="true"
            data-size=small.then_some("small")
            data-mirror=mirror.then_some("")
            data-filled=told(move || filled.get().then_some(""))
        >
            <use_ href=told(move || href(sign.get().id())) />
        </svg>
    }
}

/// A channel's mark with its name for screen readers.
#[component]
pub fn ChannelMark(mark: Mark) -> impl IntoView {
    view! {
        <span class="mark" data-channel=mark.key() role="img" aria-label=mark.name() title=mark.name()>
            <svg class="icon" aria-hidden="true">
                <use_ href=href(mark.id()) />
            </svg>
        </span>
    }
}
