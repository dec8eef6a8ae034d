//! Puts values into the places of a sentence. It knows neither languages nor keys.

/// Opens a piece of text that keeps its own direction (FIRST STRONG ISOLATE).
const ISOLATE: char = '\u{2068}';
/// Ends it (POP DIRECTIONAL ISOLATE).
const POP: char = '\u{2069}';

/// A sentence with every `{name}` replaced by its value; a place without a value stays as it is, so that it is seen.
/// Where directions meet, a value is isolated: a Latin name must not turn an Arabic sentence around, nor the reverse.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len());
    let right = is_right_to_left(sentence);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let place = after.split_once('}');
        let value = place.and_then(|(name, _)| values.iter().find(|(known, _)| *known == name));
        let (Some((_, after_place)), Some((_, value))) = (place, value) else {
            out.push('{');
            rest = after;
            continue;
        };
        if right == is_right_to_left(value) {
            out.push_str(value);
        } else {
            out.push(ISOLATE);
            out.push_str(value);
            out.push(POP);
        }
        rest = after_place;
    }
    out.push_str(rest);
    out
}

/// A text that keeps its own direction wherever it stands, where no element can say so.
pub fn isolated(text: &str) -> String {
    [ISOLATE, POP].map(String::from).join(text)
}

/// Whether a text has letters that run from right to left: Hebrew to Arabic Extended, and their presentation forms.
fn is_right_to_left(text: &str) -> bool {
    text.chars()
        .any(|one| matches!(one, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
}
