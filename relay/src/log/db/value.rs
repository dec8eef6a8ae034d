//! What is bound to placeholders, and the one spelling of text that both databases can hold; knows no column.
//!
//! PostgreSQL's text has no place for U+0000, and customers' texts and names may hold it. So that nothing is lost and
//! a file can move from one database to the other, both keep it as a mark and a digit; the mark is U+10FFFF, which
//! Unicode promises never to assign, and it is itself spelt in two. Text without either is kept as it is.

use std::borrow::Cow;

/// Stands before a digit: [`NUL`] for U+0000, [`SELF`] for the mark itself.
const MARK: char = '\u{10FFFF}';
const NUL: char = '0';
const SELF: char = '1';

/// Something bound to a placeholder; what is absent has a type all the same, since PostgreSQL asks for one.
pub enum Value<'q> {
    /// A text, spelt for storage.
    Text(Cow<'q, str>),
    /// No text.
    NoText,
    /// A number, an instant or a flag (0 or 1).
    Int(i64),
    /// No number.
    NoInt,
    /// A list for [`super::with_list`].
    List(Vec<String>),
}

/// A text as it is stored.
pub fn spelt(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(['\0', MARK]) {
        return text;
    }
    let mut stored = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\0' => stored.extend([MARK, NUL]),
            MARK => stored.extend([MARK, SELF]),
            other => stored.push(other),
        }
    }
    stored.into()
}

/// A stored text as it was. A mark before anything else was written before there was one, and stands for itself.
pub fn read(stored: &str) -> Cow<'_, str> {
    if !stored.contains(MARK) {
        return stored.into();
    }
    let mut text = String::with_capacity(stored.len());
    let mut rest = stored.chars().peekable();
    while let Some(c) = rest.next() {
        let meant = match (c, rest.peek()) {
            (MARK, Some(&NUL)) => Some('\0'),
            (MARK, Some(&SELF)) => Some(MARK),
            _ => None,
        };
        if meant.is_some() {
            rest.next();
        }
        text.push(meant.unwrap_or(c));
    }
    text.into()
}

/// A stored text as the other database stores it; what was written before there was a mark is spelt with it.
pub fn respelt(stored: String) -> String {
    if !stored.contains(['\0', MARK]) {
        return stored;
    }
    spelt(read(&stored)).into_owned()
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(text: &'q str) -> Self {
        Self::Text(spelt(text.into()))
    }
}

impl<'q> From<&'q String> for Value<'q> {
    fn from(text: &'q String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(spelt(text.into()).into_owned()))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(text: Option<&'q str>) -> Self {
        text.map_or(Self::NoText, Into::into)
    }
}

impl<'q> From<&'q Option<String>> for Value<'q> {
    fn from(text: &'q Option<String>) -> Self {
        text.as_deref().into()
    }
}

impl From<Option<String>> for Value<'_> {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::NoText, Into::into)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<u16> for Value<'_> {
    fn from(number: u16) -> Self {
        Self::Int(number.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(flag.into())
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::NoInt, Self::Int)
    }
}

impl From<Option<bool>> for Value<'_> {
    fn from(flag: Option<bool>) -> Self {
        flag.map_or(Self::NoInt, Into::into)
    }
}

/// A list of texts.
impl From<&[String]> for Value<'_> {
    fn from(list: &[String]) -> Self {
        Self::List(list.iter().map(|text| spelt(text.into()).into_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{read, spelt};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_text_comes_back_and_none_is_stored_with_a_zero(
            text in proptest::collection::vec(
                prop_oneof![Just('\0'), Just('\u{10FFFF}'), Just('0'), Just('1'), any::<char>()], 0..20)
        ) {
            let text: String = text.into_iter().collect();
            let stored = spelt(text.as_str().into()).into_owned();
            prop_assert!(!stored.contains('\0'));
            prop_assert_eq!(read(&stored), text);
        }
    }

    #[test]
    fn what_was_stored_before_there_was_a_mark_is_read_as_it_is() {
        for old in ["plain", "a\0b", "\u{10FFFF}", "\u{10FFFF}2"] {
            assert_eq!(read(old), old);
        }
    }
}
