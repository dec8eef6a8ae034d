//! A text too long for its channel as several messages, cut where a reader would pause: at a line, a sentence, a word.

use crate::channel::{Limit, Unit};

/// The pieces of a text, each within the limit, in order; blanks at the cuts are left out. A text that fits is one piece.
#[must_use]
pub fn split(text: &str, limit: Limit) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text.trim());
    while !limit.allows(rest) {
        // A place that is none would be an error of this file: the rest then goes as it is.
        let Some((piece, after)) = rest.split_at_checked(cut(rest, reach(rest, limit))) else { break };
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// How far the longest beginning goes that is within the limit; at least one character.
fn reach(text: &str, limit: Limit) -> usize {
    let mut size = 0;
    let beyond = text.char_indices().find(|(_, c)| {
        size += match limit.unit {
            Unit::Bytes => c.len_utf8(),
            Unit::Characters => 1,
        };
        size > limit.max
    });
    beyond.map_or(text.len(), |(at, _)| at).max(text.chars().next().map_or(0, char::len_utf8))
}

/// The best place to cut within the reach: behind the last line, else sentence, else word of its second half; else
/// before the last character that does not belong to the one before it.
fn cut(text: &str, reach: usize) -> usize {
    let (mut line, mut sentence, mut word, mut letter) = (None, None, None, None);
    let mut before = None::<char>;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at <= reach) {
        let ends = |one: char| matches!(one, '.' | '!' | '?' | '…' | '؟' | '。' | '！' | '？');
        if at > reach / 2 {
            if c == '\n' {
                line = Some(at);
            } else if c.is_whitespace() {
                word = Some(at);
                if before.is_some_and(ends) {
                    sentence = Some(at);
                }
            }
        }
        if at > 0 && !joins(c) && before != Some('\u{200D}') {
            letter = Some(at);
        }
        before = Some(c);
    }
    line.or(sentence).or(word).or(letter).unwrap_or(reach)
}

/// Whether a character belongs to the one before it: accents, joiners, variation and skin tones, tags.
fn joins(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{200C}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEN: Limit = Limit { unit: Unit::Characters, max: 10 };

    #[test]
    fn a_text_that_fits_is_one_piece() {
        assert_eq!(split(" ten chars", TEN), ["ten chars"]);
        assert_eq!(split("  ", TEN), [""; 0]);
    }

    #[test]
    fn it_is_cut_at_lines_then_sentences_then_words() {
        assert_eq!(split("One two\nthree. four", TEN), ["One two", "three.", "four"]);
        assert_eq!(split("One two. Three", TEN), ["One two.", "Three"]);
        assert_eq!(split("One. two three", TEN), ["One. two", "three"], "a sentence too early is no place");
        assert_eq!(split("abcdefghijklmn", TEN), ["abcdefghij", "klmn"]);
    }

    #[test]
    fn what_belongs_together_is_not_cut_and_bytes_are_counted_where_the_channel_does() {
        let bytes = Limit { unit: Unit::Bytes, max: 10 };
        assert_eq!(split("řřřřřř", bytes), ["řřřřř", "ř"]);
        // Thumbs with a skin tone: eight bytes each.
        assert_eq!(split("👍🏽👍🏽", bytes), ["👍🏽", "👍🏽"]);
        assert_eq!(split("abcdefghie\u{0301}", TEN), ["abcdefghi", "e\u{0301}"]);
    }

    proptest! {
        #[test]
        fn every_piece_fits_and_nothing_but_blanks_is_lost(text in "[a-z .!?\n👍🏽ř\u{0301}]{0,80}", max in 4_usize..20) {
            for unit in [Unit::Bytes, Unit::Characters] {
                let limit = Limit { unit, max };
                let pieces = split(&text, limit);
                prop_assert!(pieces.iter().all(|piece| limit.allows(piece)));
                let words = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                prop_assert_eq!(words(&pieces.concat()), words(&text));
            }
        }
    }
}
