//! What the primitives write and draw, checked without a browser; it never mounts a view.

use super::{Mark, Sign, elapsed, initials, remaining};

const SPRITE: &str = include_str!("../../../public/icons.svg");
const TOKENS: &str = include_str!("../../styles/tokens.css");

#[test]
fn every_sign_and_mark_is_drawn() {
    for id in Sign::ALL.iter().map(|sign| sign.id()).chain(Mark::ALL.iter().map(|mark| mark.id())) {
        assert!(SPRITE.contains(&format!("<symbol id=\"{id}\" ")), "{id} is not in the sprite");
    }
    let drawn = SPRITE.matches("<symbol ").count();
    assert_eq!(drawn, Sign::ALL.len() + Mark::ALL.len(), "the sprite draws something nobody names");
}

#[test]
fn durations_keep_their_width() {
    assert_eq!(elapsed(-5), "0:00");
    assert_eq!(elapsed(8_999), "0:08");
    assert_eq!(elapsed(59_999), "0:59");
    assert_eq!(elapsed(392_000), "6:32");
    assert_eq!(elapsed(6_127_000), "1:42:07");
}

#[test]
fn initials_of_any_name() {
    assert_eq!(initials("Eva Králová"), "EK");
    assert_eq!(initials("  žofie  "), "ž");
    assert_eq!(initials("Jan Amos Komenský"), "JK");
    assert_eq!(initials("+420 777 120 331"), "31");
    assert_eq!(initials("🙏"), "?");
    assert_eq!(initials(""), "?");
}

#[test]
fn the_counter_appears_at_four_fifths() {
    assert_eq!(remaining(799, 1000), None);
    assert_eq!(remaining(800, 1000), Some(200));
    assert_eq!(remaining(1000, 1000), Some(0));
    assert_eq!(remaining(1003, 1000), Some(-3));
}

/// A token's colour in light or dark, as six digits.
fn hex(name: &str, dark: bool) -> &'static str {
    let line = TOKENS
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with(&format!("--{name}:")))
        .unwrap_or_else(|| panic!("no token {name}"));
    let colours: Vec<&str> = line.split('#').skip(1).map(|rest| &rest[..6]).collect();
    if dark { colours[colours.len() - 1] } else { colours[0] }
}

/// The same as three channels.
fn token(name: &str, dark: bool) -> [f64; 3] {
    let hex = hex(name, dark);
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] =
        colour.map(|part| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(text: &str, ground: &str, dark: bool) -> f64 {
    let (one, other) = (luminance(token(text, dark)), luminance(token(ground, dark)));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn what_a_workspaces_colour_is_held_against_is_what_pages_have() {
    use shared::config::{GROUNDS, Shades, TEXTS, Theme};
    for (name, light, dark) in GROUNDS.into_iter().chain(TEXTS) {
        assert_eq!(light.to_string(), ["#", hex(name, false)].concat(), "{name} in light");
        assert_eq!(dark.to_string(), ["#", hex(name, true)].concat(), "{name} in dark");
    }
    for (theme, dark) in [(Theme::Light, false), (Theme::Dark, true)] {
        for (name, own) in Shades::own(theme).tokens() {
            assert_eq!(own.to_string(), ["#", hex(name, dark)].concat(), "{name} in {theme:?}");
        }
    }
}

#[test]
fn text_can_be_read_in_both_themes() {
    let pairs = [
        ("text", "ground"),
        ("text", "surface"),
        ("text", "sunken"),
        ("text", "raised"),
        ("text-2", "ground"),
        ("text-2", "surface"),
        ("text-2", "sunken"),
        ("text-2", "raised"),
        ("text", "accent-soft"),
        ("accent-text", "accent-soft"),
        ("accent-text", "surface"),
        ("accent-text", "ground"),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("danger", "surface"),
        ("danger", "sunken"),
        ("danger", "danger-soft"),
        ("on-flash", "flash"),
        ("amber", "surface"),
        ("amber", "amber-soft"),
        ("text", "amber-soft"),
        ("text", "danger-soft"),
        ("green", "green-soft"),
        ("green", "surface"),
        ("offer-text", "offer"),
        ("offer-text-2", "offer"),
        ("offer-text", "offer-raised"),
        ("offer-text-2", "offer-raised"),
        ("offer-text", "offer-accept"),
        ("offer-bar", "offer"),
    ];
    for dark in [false, true] {
        for (text, ground) in pairs {
            let found = contrast(text, ground, dark);
            assert!(found >= 4.5, "{text} on {ground} (dark: {dark}) has only {found:.2}");
        }
        for (sign, ground) in
            [("edge", "surface"), ("text-3", "surface"), ("ring", "ground"), ("ring", "surface")]
        {
            let found = contrast(sign, ground, dark);
            assert!(found >= 3.0, "{sign} on {ground} (dark: {dark}) has only {found:.2}");
        }
        for channel in ["messenger", "whatsapp", "viber", "instagram"] {
            assert!(contrast("on-flash", channel, dark) >= 4.5, "white on {channel}");
        }
    }
}
