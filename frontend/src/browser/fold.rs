//! Texts as they are compared when somebody searches: without case and without marks on letters.
//!
//! The relay has the domain's own way for it, `shared::search`; it would bring tables of Unicode to every desk, and the
//! browser has them.

/// The text in small letters, without the marks on them: `Nováček` becomes `novacek`.
#[must_use]
pub fn fold(text: &str) -> String {
    let apart = String::from(js_sys::JsString::from(text).normalize("NFD").to_lower_case());
    apart.chars().filter(|sign| !is_mark(*sign)).collect()
}

/// Whether a text has another one in it. The library's way carries the words for a panic that cannot happen.
#[must_use]
pub fn has(text: &str, part: &str) -> bool {
    part.is_empty() || text.as_bytes().windows(part.len()).any(|piece| piece == part.as_bytes())
}

/// Marks that stand on letters (Combining Diacritical Marks, and the vowel signs of Arabic).
const fn is_mark(sign: char) -> bool {
    matches!(sign, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}')
}
