//! How names are compared when they are looked for: without case and without the marks on letters; finds nothing itself.

/// Letters with the letters they are written from. Latin ones, in lower case; whatever is not here stands for itself.
const WRITTEN_FROM: [(&str, &str); 25] = [
    ("àáâãäåāăąǎ", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįıǐ", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉ", "n"),
    ("òóôõöøōŏőǒ", "o"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûüũūŭůűųǔ", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("ё", "е"),
    ("ς", "σ"),
];

/// Marks that stand behind their letter as signs of their own.
const MARKS: std::ops::RangeInclusive<char> = '\u{0300}'..='\u{036F}';

/// A text as it is compared: two that differ in case and marks alone come to the same.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase).filter(|letter| !MARKS.contains(letter)) {
        let from = WRITTEN_FROM.iter().find(|(letters, _)| !letter.is_ascii() && letters.contains(letter));
        match from {
            Some((_, written)) => plain.push_str(written),
            None => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_marks_make_no_difference() {
        for (one, other) in [
            ("JIŘÍ NOVÁK", "jiri novak"),
            ("Žluťoučký kůň", "zlutoucky kun"),
            ("Łódź", "lodz"),
            ("Jose\u{0301}", "josé"),
            ("STRASSE", "straße"),
            ("İstanbul", "istanbul"),
            ("Ёлка", "елка"),
            ("李小龍 🙏", "李小龍 🙏"),
        ] {
            assert_eq!(plain(one), plain(other), "{one}");
        }
        assert_ne!(plain("Йод"), plain("Иод"), "a letter of its own");
    }

    proptest! {
        #[test]
        fn what_is_plain_stays_so(text in any::<String>()) {
            let once = plain(&text);
            prop_assert_eq!(plain(&once), once);
        }
    }
}
