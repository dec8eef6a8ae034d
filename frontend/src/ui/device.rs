//! What a view asks of the device it is drawn on: how times are written, whether it is looked at. It asks no browser itself.

use leptos::prelude::*;

/// What the device answers; handed down by context, so that views stay free of browser calls.
#[derive(Clone, Copy)]
pub struct Device {
    /// The time of day of an instant, as in `9:41`.
    pub time_of_day: fn(i64) -> String,
    /// The day of an instant; the second one is now.
    pub day: fn(i64, i64) -> String,
    /// Day and time of an instant to the second.
    pub exact: fn(i64) -> String,
    /// The number of an instant's day in the agent's time zone.
    pub local_day: fn(i64) -> i64,
    /// Whether the pointer is a finger.
    pub coarse: fn() -> bool,
    /// The host of an address in letters that cannot be mistaken (punycode).
    pub plain_host: fn(&str) -> Option<String>,
    /// Whether the page is in sight and has the keyboard.
    pub focused: Signal<bool>,
}

impl Device {
    /// The device from context; a plain one, always looked at, where there is none.
    #[must_use]
    pub fn here() -> Self {
        use_context::<Self>().unwrap_or(Self {
            time_of_day: |_| String::new(),
            day: |_, _| String::new(),
            exact: |_| String::new(),
            local_day: |at| at.div_euclid(86_400_000),
            coarse: || false,
            plain_host: |_| None,
            focused: Signal::stored(true),
        })
    }

    /// Hands the device down to everything below the current component.
    pub fn provide(self) {
        provide_context(self);
    }
}
