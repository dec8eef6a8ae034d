//! Times, days and numbers in the agent's language and time zone, by the browser's own formatters, made once.
//! Durations are not its matter.

use js_sys::{Array, Date, Intl, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

struct Formats {
    time: Intl::DateTimeFormat,
    day: Intl::DateTimeFormat,
    year: Intl::DateTimeFormat,
    short: Intl::DateTimeFormat,
    exact: Intl::DateTimeFormat,
    number: Intl::NumberFormat,
    plural: Intl::PluralRules,
}

thread_local! {
    static FORMATS: RefCell<Option<Formats>> = const { RefCell::new(None) };
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    options
}

/// Takes up a language (BCP 47); nothing means the browser's. Formats made before are forgotten.
pub fn set_language(language: Option<&str>) {
    let locales = language.map_or_else(Array::new, |language| Array::of1(&language.into()));
    let date = |pairs: &[(&str, &str)]| Intl::DateTimeFormat::new(&locales, &options(pairs));
    let formats = Formats {
        time: date(&[("hour", "numeric"), ("minute", "2-digit")]),
        day: date(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
        year: date(&[("day", "numeric"), ("month", "long"), ("year", "numeric")]),
        short: date(&[("day", "numeric"), ("month", "short")]),
        exact: date(&[("dateStyle", "full"), ("timeStyle", "medium")]),
        number: Intl::NumberFormat::new(&locales, &Object::new()),
        plural: Intl::PluralRules::new(&locales, &Object::new()),
    };
    FORMATS.with(|held| held.replace(Some(formats)));
}

/// Lends the formatters out; those of the browser's own language where none was taken up.
fn formats<T>(look: impl FnOnce(&Formats) -> T) -> Option<T> {
    if FORMATS.with(|held| held.borrow().is_none()) {
        set_language(None);
    }
    FORMATS.with(|held| held.borrow().as_ref().map(look))
}

fn with(pick: impl Fn(&Formats) -> js_sys::Function, value: &JsValue) -> String {
    let words = formats(pick).and_then(|format| format.call1(&JsValue::UNDEFINED, value).ok());
    words.and_then(|words| words.as_string()).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of dates are below 2^53")]
fn date(milliseconds: i64) -> Date {
    Date::new(&JsValue::from_f64(milliseconds as f64))
}

/// The time of day, `9:41`.
#[must_use]
pub fn time_of_day(milliseconds: i64) -> String {
    with(|formats| formats.time.format(), &date(milliseconds))
}

/// A day, `Thursday, 12 November`; with its year when it is not `now`'s.
#[must_use]
pub fn day(milliseconds: i64, now: i64) -> String {
    let (when, today) = (date(milliseconds), date(now));
    if when.get_full_year() == today.get_full_year() {
        with(|formats| formats.day.format(), &when)
    } else {
        with(|formats| formats.year.format(), &when)
    }
}

/// Day and time to the second, `Thursday, 12 November 2026 at 9:41:07`.
#[must_use]
pub fn exact(milliseconds: i64) -> String {
    with(|formats| formats.exact.format(), &date(milliseconds))
}

/// A day in a list, `12 Nov`.
#[must_use]
pub fn short_day(milliseconds: i64) -> String {
    with(|formats| formats.short.format(), &date(milliseconds))
}

/// A whole number with the language's separators.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
pub fn number(value: i64) -> String {
    with(|formats| formats.number.format(), &JsValue::from_f64(value as f64))
}

/// The plural category (CLDR) of a whole number: `one`, `few`, `other`…
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
pub fn plural(value: i64) -> String {
    let category = formats(|formats| formats.plural.select(value as f64));
    category.and_then(|category| JsValue::from(category).as_string()).unwrap_or_default()
}

/// The number of the day in the agent's own time zone: equal for two instants exactly when they share a day.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "an offset is at most 840 minutes")]
pub fn local_day(milliseconds: i64) -> i64 {
    day_number(milliseconds, date(milliseconds).get_timezone_offset() as i64)
}

/// The midnight before an instant in the agent's own time zone, in milliseconds since 1970.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of dates are below 2^53")]
#[expect(clippy::cast_possible_wrap, reason = "months and days are small numbers")]
pub fn midnight(milliseconds: i64) -> i64 {
    let now = date(milliseconds);
    let (year, month, day) = (now.get_full_year(), now.get_month() as i32, now.get_date() as i32);
    Date::new_with_year_month_day(year, month, day).get_time() as i64
}

/// The day of an instant where clocks are `west` minutes behind UTC.
fn day_number(milliseconds: i64, west: i64) -> i64 {
    milliseconds.saturating_sub(west.saturating_mul(60_000)).div_euclid(DAY_MS)
}

/// The agent's time zone, `Europe/Prague`.
#[must_use]
pub fn time_zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let zone = Reflect::get(&format.resolved_options(), &"timeZone".into()).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or("UTC".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, day_number};

    #[test]
    fn days_turn_at_the_agents_midnight() {
        assert_eq!(day_number(0, 0), 0);
        assert_eq!(day_number(DAY_MS - 1, 0), 0);
        assert_eq!(day_number(DAY_MS - 1, -60), 1, "an hour east the next day has begun");
        assert_eq!(day_number(0, 300), -1, "five hours west it is still the day before");
    }
}
