//! The shades that desk and admin need of a workspace's one colour, in light and in dark, each readable where it stands.
//!
//! The hue is kept and the lightness moved (in `OKLab`, where equal steps look equal) until every pair has the contrast that
//! WCAG 2.2 asks for at level AA. Desks get the result as a stylesheet and work out nothing.

#[cfg(test)]
mod tests;

use super::Rgb;

/// Words on their ground, WCAG 1.4.3.
const WORDS: f64 = 4.5;
/// Signs and edges on their ground, WCAG 1.4.11.
const SIGNS: f64 = 3.0;
/// How far the lightness moves at a time, of 0 to 1: less than an eye tells apart.
const STEP: f64 = 0.005;
/// How much lighter or darker a button is under the pointer.
const HOVER: f64 = 0.06;

const WHITE: Rgb = Rgb::of(0xff_ff_ff);
/// What stands on a light accent, and what does on one so dark that this is not enough.
const INK: Rgb = Rgb::of(0x11_11_10);
const BLACK: Rgb = Rgb::of(0);

/// A theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark words on light grounds.
    Light,
    /// Light words on dark grounds.
    Dark,
}

/// What of `tokens.css` the shades are held against: the token, its colour in light and in dark.
pub const GROUNDS: [(&str, Rgb, Rgb); 4] = [
    ("ground", Rgb::of(0xf7_f6_f3), Rgb::of(0x12_12_11)),
    ("surface", WHITE, Rgb::of(0x1a_1a_18)),
    ("sunken", Rgb::of(0xf2_f0_ec), Rgb::of(0x14_14_13)),
    ("raised", WHITE, Rgb::of(0x22_21_1f)),
];

/// What of `tokens.css` is written on the accent's tint, in the same form.
pub const TEXTS: [(&str, Rgb, Rgb); 2] = [
    ("text", Rgb::of(0x1d_1c_1a), Rgb::of(0xec_eb_e7)),
    ("text-2", Rgb::of(0x5f_5b_54), Rgb::of(0xa5_a2_9a)),
];

/// The accent's tokens in one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    /// Buttons, switches, edges: at least 3:1 on every ground.
    pub accent: Rgb,
    /// A button under the pointer.
    pub strong: Rgb,
    /// Words on both: at least 4.5:1.
    pub on: Rgb,
    /// The tint behind the agent's own messages; both texts have at least 4.5:1 on it.
    pub soft: Rgb,
    /// Links: at least 4.5:1 on every ground and on the tint.
    pub text: Rgb,
    /// The ring around what has the focus: at least 3:1 on every ground and on the tint.
    pub ring: Rgb,
}

impl Shades {
    /// Signalbox's own, as `tokens.css` has them.
    #[must_use]
    pub const fn own(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self {
                accent: Rgb::of(0x0f_6b_68),
                strong: Rgb::of(0x0b_56_54),
                on: WHITE,
                soft: Rgb::of(0xe3_f0_ef),
                text: Rgb::of(0x0b_54_52),
                ring: Rgb::of(0x0f_6b_68),
            },
            Theme::Dark => Self {
                accent: Rgb::of(0x3f_b3_ad),
                strong: Rgb::of(0x5c_c7_c1),
                on: Rgb::of(0x0d_1f_1e),
                soft: Rgb::of(0x12_30_2e),
                text: Rgb::of(0x7e_d3_ce),
                ring: Rgb::of(0x5c_c7_c1),
            },
        }
    }

    /// Those of a workspace's colour.
    #[must_use]
    pub fn of(colour: Rgb, theme: Theme) -> Self {
        let hue = Lab::of(colour);
        let dark = theme == Theme::Dark;
        let away = if dark { STEP } else { -STEP };
        let grounds = GROUNDS.map(|(_, light, night)| if dark { night } else { light });
        let stands = |shade: Rgb, least: f64| grounds.iter().all(|ground| contrast(shade, *ground) >= least);
        let accent =
            if stands(colour, SIGNS) { colour } else { hue.moved(hue.light, away, |one| stands(one, SIGNS)) };
        let carries = |on: &Rgb| contrast(*on, accent) >= WORDS;
        // What white cannot be read on, black can: their contrasts to any one colour multiply to 21.
        let on = [WHITE, INK].into_iter().find(carries).unwrap_or(BLACK);
        let strong = strong(accent, on);
        // As light or dark as Signalbox's own, and no more colourful than lets words stand out.
        let soft = if dark { hue.at(0.285, 0.035) } else { hue.at(0.945, 0.02) };
        let begin = if dark { hue.light.max(0.78) } else { hue.light.min(0.42) };
        let text = hue.moved(begin, away, |one| stands(one, WORDS) && contrast(one, soft) >= WORDS);
        let seen = |one: Rgb| stands(one, SIGNS) && contrast(one, soft) >= SIGNS;
        let ring = if seen(accent) { accent } else { hue.moved(Lab::of(accent).light, away, seen) };
        Self { accent, strong, on, soft, text, ring }
    }

    /// All of them under the names of their tokens.
    #[must_use]
    pub const fn tokens(&self) -> [(&'static str, Rgb); 6] {
        [
            ("accent", self.accent),
            ("accent-strong", self.strong),
            ("on-accent", self.on),
            ("accent-soft", self.soft),
            ("accent-text", self.text),
            ("ring", self.ring),
        ]
    }
}

/// The accent under the pointer: further from what is written on it; at the end of the scale it turns back, where there is
/// contrast to spare.
fn strong(accent: Rgb, on: Rgb) -> Rgb {
    let hue = Lab::of(accent);
    let step = if on == WHITE { -HOVER } else { HOVER };
    let further = hue.light + step;
    let light = if (0.0..=1.0).contains(&further) { further } else { hue.light - step };
    hue.at(light, f64::INFINITY)
}

/// The contrast of two colours by WCAG 2.2, from 1 to 21, whichever is the darker.
#[must_use]
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The relative luminance, 0 to 1.
fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Red, green and blue as amounts of light, 0 to 1.
fn linear(colour: Rgb) -> [f64; 3] {
    [colour.red, colour.green, colour.blue].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

/// An amount of light as a part of a colour.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 255")]
fn part(light: f64) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let part = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (part * 255.0).round() as u8
}

/// A colour of `OKLab`: how light it is, 0 to 1, and two axes whose relation is the hue.
#[derive(Clone, Copy)]
struct Lab {
    light: f64,
    red: f64,
    yellow: f64,
}

impl Lab {
    fn of(colour: Rgb) -> Self {
        let [red, green, blue] = linear(colour);
        let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let middle = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        Self {
            light: 0.210_454_255_3 * long + 0.793_617_785_0 * middle - 0.004_072_046_8 * short,
            red: 1.977_998_495_1 * long - 2.428_592_205_0 * middle + 0.450_593_709_9 * short,
            yellow: 0.025_904_037_1 * long + 0.782_771_766_2 * middle - 0.808_675_766_0 * short,
        }
    }

    /// The amounts of light; below 0 or above 1 where no screen shows the colour.
    fn shown(self) -> [f64; 3] {
        let Self { light, red, yellow } = self;
        let long = (light + 0.396_337_777_4 * red + 0.215_803_757_3 * yellow).powi(3);
        let middle = (light - 0.105_561_345_8 * red - 0.063_854_172_8 * yellow).powi(3);
        let short = (light - 0.089_484_177_5 * red - 1.291_485_548_0 * yellow).powi(3);
        [
            4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701_0 * short,
        ]
    }

    /// The shade of this hue that is so light and at most so colourful; less where no screen shows it.
    fn at(self, light: f64, most: f64) -> Rgb {
        let colourful = self.red.hypot(self.yellow);
        let mut keep = if colourful > most { most / colourful } else { 1.0 };
        // 60 times a twentieth off leaves a grey, which every screen shows.
        for _ in 0..60 {
            let shade = Self { light, red: self.red * keep, yellow: self.yellow * keep }.shown();
            if shade.iter().all(|part| (-0.000_5..=1.000_5).contains(part)) {
                let [red, green, blue] = shade.map(part);
                return Rgb { red, green, blue };
            }
            keep *= 0.95;
        }
        let [red, green, blue] = Self { light, red: 0.0, yellow: 0.0 }.shown().map(part);
        Rgb { red, green, blue }
    }

    /// The first shade that fits, lighter or darker step by step; black or white when none before does.
    fn moved(self, from: f64, step: f64, fits: impl Fn(Rgb) -> bool) -> Rgb {
        let mut light = from;
        while (0.0..=1.0).contains(&light) {
            let shade = self.at(light, f64::INFINITY);
            if fits(shade) {
                return shade;
            }
            light += step;
        }
        if step < 0.0 { BLACK } else { WHITE }
    }
}
