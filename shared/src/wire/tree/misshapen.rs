//! The one mistake a tree can make when it is read; it keeps no words.

use serde::de::{Error, Expected, Unexpected};
use std::fmt;

/// The text is JSON, yet not of the wanted shape. Holds no word of it: the words may be a customer's.
#[derive(Debug)]
pub struct Misshapen;

impl fmt::Display for Misshapen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON of another shape")
    }
}

impl std::error::Error for Misshapen {}

// Every kind of mistake by name: what serde provides would format a message that nobody reads.
impl Error for Misshapen {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}
