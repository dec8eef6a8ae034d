//! The addresses behind a queue's links: templates with variables, checked when they are saved and filled when they are pressed; opens nothing.

use crate::channel::Channel;
use crate::id::{ActivityId, IdentityId, InteractionId};
use crate::permit::is_web;

/// 8 links of a queue: one is a button, the others are a menu that is read at a glance.
pub const LINKS_MAX: usize = 8;
/// 40 characters of a link's words: what a button can hold.
pub const TITLE_MAX: usize = 40;
/// 2,000 characters of a template: what every browser and server takes as an address.
pub const URL_MAX: usize = 2_000;

/// What a template's variables stand for; whatever is not known is left empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values<'a> {
    /// `{{activity.id}}`
    pub activity: Option<ActivityId>,
    /// `{{interaction.id}}`
    pub interaction: Option<InteractionId>,
    /// `{{contact.id}}`
    pub contact: Option<IdentityId>,
    /// `{{contact.name}}`
    pub name: Option<&'a str>,
    /// `{{contact.address}}`: the phone number, user name or provider id.
    pub address: Option<&'a str>,
    /// `{{queue.number}}`
    pub queue: Option<u32>,
    /// `{{channel}}`: its word, as in `whatsapp`.
    pub channel: Option<Channel>,
}

/// The variables there are, as they are written between braces.
pub const VARIABLES: [&str; 7] = [
    "activity.id",
    "interaction.id",
    "contact.id",
    "contact.name",
    "contact.address",
    "queue.number",
    "channel",
];

impl Values<'_> {
    /// What a variable stands for; empty for one that is not known here.
    fn of(&self, variable: &str) -> String {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let value = match variable {
            "activity.id" => self.activity.map(|id| id.to_string()),
            "interaction.id" => self.interaction.map(|id| id.to_string()),
            "contact.id" => self.contact.map(|id| id.to_string()),
            "contact.name" => owned(self.name),
            "contact.address" => owned(self.address),
            "queue.number" => self.queue.map(|number| number.to_string()),
            "channel" => owned(self.channel.map(Channel::key)),
            _ => None,
        };
        value.unwrap_or_default()
    }
}

/// A piece of a template.
enum Piece<'a> {
    /// Stands as it is.
    Text(&'a str),
    /// What stands between two pairs of braces.
    Variable(&'a str),
}

/// Where two signs of ASCII stand for the first time. The library's search for texts is large, and travels to every desk.
fn find(text: &str, pair: [u8; 2]) -> Option<usize> {
    text.as_bytes().windows(2).position(|two| two == pair)
}

/// The pieces of a template in order; braces that are never closed are text.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let inner = rest.strip_prefix("{{");
        let closed = inner.and_then(|inner| inner.split_at_checked(find(inner, *b"}}")?));
        if let Some((name, after)) = closed {
            rest = after.get(2..).unwrap_or_default();
            return Some(Piece::Variable(name));
        }
        // Looked for behind the first sign: what stands at the very beginning was no variable.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest.get(first..).and_then(|tail| find(tail, *b"{{")).map_or(rest.len(), |at| at + first);
        let (text, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = after;
        Some(Piece::Text(text))
    })
}

/// Whether a template can be filled: an address of the web whose host is fixed, with known variables behind it.
///
/// # Errors
/// What is wrong with it, as a clause.
pub fn check(template: &str) -> Result<(), &'static str> {
    if !is_web(template) || template.contains(char::is_control) {
        return Err("must begin with http:// or https:// and hold no blanks");
    }
    if template.chars().count() > URL_MAX {
        return Err("is longer than 2,000 characters");
    }
    let (_, after) = template.split_once("://").unwrap_or_default();
    let end = after.find(['/', '?', '#']);
    let host = end.and_then(|end| after.get(..end)).unwrap_or(after);
    if host.contains(['{', '}']) {
        return Err("may have variables only behind the host, as in https://shop.example/{{contact.id}}");
    }
    if host.is_empty() || host.starts_with(':') || host.contains(['@', '\\']) {
        return Err("must name a host, without a user or a password");
    }
    for piece in pieces(template) {
        match piece {
            Piece::Variable(name) if !VARIABLES.contains(&name) => {
                return Err(
                    "names a variable that does not exist; there are activity.id, interaction.id, contact.id, \
                     contact.name, contact.address, queue.number and channel",
                );
            }
            Piece::Text(text) if text.contains("{{") || text.contains("}}") => {
                return Err("has braces without a partner");
            }
            Piece::Variable(_) | Piece::Text(_) => {}
        }
    }
    Ok(())
}

/// The address that a template stands for. Every value is percent-encoded, so that it is one word of the path or the
/// query whatever it holds; a value of dots alone would be a step up the path and is left out.
#[must_use]
pub fn fill(template: &str, values: &Values<'_>) -> String {
    let mut address = String::with_capacity(template.len());
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => address.push_str(text),
            Piece::Variable(name) => encode(&values.of(name), &mut address),
        }
    }
    address
}

/// A value as one word of an address; one of dots alone is none.
fn encode(value: &str, into: &mut String) {
    if !value.bytes().all(|byte| byte == b'.') {
        percent(value, into);
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub fn percent(value: &str, into: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| char::from(HEX.get(usize::from(half)).copied().unwrap_or(b'0'));
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

#[cfg(test)]
mod tests;
