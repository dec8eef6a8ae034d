//! Whatever the colour of a workspace is, what is written in it or on it can be read.

use super::{GROUNDS, Lab, SIGNS, Shades, TEXTS, Theme, WORDS, contrast};
use crate::config::Rgb;
use proptest::prelude::*;

/// What falls short, in words.
fn wrong(shades: &Shades, theme: Theme) -> Vec<String> {
    let of = |(name, light, dark): (&'static str, Rgb, Rgb)| {
        (name, if theme == Theme::Light { light } else { dark })
    };
    let grounds = GROUNDS.map(of);
    let soft = ("accent-soft", shades.soft);
    let mut pairs: Vec<(&str, Rgb, (&str, Rgb), f64)> = vec![
        ("on-accent", shades.on, ("accent", shades.accent), WORDS),
        ("on-accent", shades.on, ("accent-strong", shades.strong), WORDS),
        ("accent-text", shades.text, soft, WORDS),
        ("ring", shades.ring, soft, SIGNS),
    ];
    pairs.extend(TEXTS.map(of).map(|(name, text)| (name, text, soft, WORDS)));
    for ground in grounds {
        pairs.push(("accent-text", shades.text, ground, WORDS));
        pairs.push(("accent", shades.accent, ground, SIGNS));
        pairs.push(("ring", shades.ring, ground, SIGNS));
    }
    let short = pairs.into_iter().filter(|(_, one, (_, other), least)| contrast(*one, *other) < *least);
    short.map(|(name, one, (on, other), _)| format!("{name} {one} on {on} {other} in {theme:?}")).collect()
}

fn hue(colour: Rgb) -> Option<(f64, f64)> {
    let Lab { red, yellow, .. } = Lab::of(colour);
    let colourful = red.hypot(yellow);
    // What is nearly grey has no hue to speak of.
    (colourful > 0.04).then(|| (red / colourful, yellow / colourful))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn whatever_the_colour_everything_stays_readable(number in 0_u32..0x0100_0000) {
        let colour = Rgb::of(number);
        for theme in [Theme::Light, Theme::Dark] {
            let shades = Shades::of(colour, theme);
            prop_assert_eq!(wrong(&shades, theme), Vec::<String>::new(), "{}", colour);
            prop_assert_ne!(shades.strong, shades.accent, "{}: the pointer is seen", colour);
            for (name, shade) in shades.tokens() {
                if let (Some(given), Some(made)) = (hue(colour), hue(shade)) {
                    let same = given.0 * made.0 + given.1 * made.1;
                    prop_assert!(same > 0.985, "{}: {} {} has another hue", colour, name, shade);
                }
            }
        }
    }

    #[test]
    fn a_colour_and_its_text_are_the_same(number in 0_u32..0x0100_0000) {
        let colour = Rgb::of(number);
        prop_assert_eq!(colour.to_string().parse(), Ok(colour));
        prop_assert_eq!(colour.to_string().to_uppercase().parse(), Ok(colour));
        prop_assert_eq!(Lab::of(colour).at(Lab::of(colour).light, f64::INFINITY), colour);
    }
}

#[test]
fn the_ends_of_the_scale_are_readable_too() {
    for number in [0, 1, 0xff_ff_ff, 0xff_ff_00, 0x00_ff_00, 0x00_00_ff, 0xff_00_00, 0x80_80_80, 0x00_ff_ff] {
        for theme in [Theme::Light, Theme::Dark] {
            let shades = Shades::of(Rgb::of(number), theme);
            assert_eq!(wrong(&shades, theme), Vec::<String>::new(), "{number:06x}");
        }
    }
}

#[test]
fn a_colour_that_can_be_read_is_taken_as_it_is() {
    let petrol = Rgb::of(0x0f_6b_68);
    assert_eq!(Shades::of(petrol, Theme::Light).accent, petrol);
    assert_ne!(Shades::of(petrol, Theme::Dark).accent, petrol, "too dark for dark grounds");
    let yellow = Rgb::of(0xff_d4_00);
    assert_eq!(Shades::of(yellow, Theme::Dark).accent, yellow);
    assert_ne!(Shades::of(yellow, Theme::Light).accent, yellow, "too light for light grounds");
}

#[test]
fn signalboxs_own_would_pass_as_well() {
    for theme in [Theme::Light, Theme::Dark] {
        assert_eq!(wrong(&Shades::own(theme), theme), Vec::<String>::new());
    }
}

#[test]
fn what_is_no_colour_is_refused() {
    for text in ["", "#", "0f6b68", "#0f6b6", "#0f6b688", "#+f6b68", "#0f6b6g", "petrol", "#éé68", " #0f6b68"]
    {
        assert!(text.parse::<Rgb>().is_err(), "{text}");
    }
}
