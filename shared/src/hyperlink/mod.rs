//! The addresses in a text somebody wrote, and which of them may be followed. It opens none and asks no network.
//!
//! Only `http`, `https`, `mailto` and `tel`. An address that pretends (a name before an `@` in front of the host, a
//! backslash, a sign that turns the direction of the text) stays text, so that nothing of it can be clicked.

#[cfg(test)]
mod tests;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// An address.
    Link(Link<'a>),
}

/// An address in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// As it was written.
    pub shown: &'a str,
    /// Where it leads, with its scheme.
    pub target: String,
    /// Whether its host has letters that can be taken for others: whoever follows it is shown the name in plain letters.
    pub foreign: bool,
}

/// An address longer than this stays text: no browser shows one, no person reads one.
const LONGEST: usize = 2_048;

/// The text in pieces: together they are the text, in order, none of them empty.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    // Where the words begin that are in no piece yet, and the end of the last address.
    let mut from = 0;
    let mut before = None;
    for (at, sign) in text.char_indices() {
        // An address begins where a word does.
        let begins = is_letter(sign) && before.is_none_or(|before| !is_inside(before));
        before = Some(sign);
        if at < from || !begins {
            continue;
        }
        if let Some(link) = text.get(at..).and_then(link) {
            out.extend(text.get(from..at).filter(|words| !words.is_empty()).map(Piece::Text));
            from = at + link.shown.len();
            out.push(Piece::Link(link));
        }
    }
    out.extend(text.get(from..).filter(|words| !words.is_empty()).map(Piece::Text));
    out
}

/// Whether a word goes on after this sign.
fn is_inside(sign: char) -> bool {
    // Chinese, Japanese and Korean put no space between words.
    let spaceless = matches!(sign, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    is_letter(sign) && !spaceless
        || matches!(sign, '@' | '/' | '\\' | '.' | '-' | '_' | '+' | '%' | '=' | '&' | '#' | ':')
}

/// Letters and digits of any script, as far as names of hosts have them. Coarse on purpose: the exact tables of Unicode
/// weigh more than all the rest of this file, and every desk would have to fetch them.
const fn is_letter(sign: char) -> bool {
    match sign {
        // Commas, marks of questions and ends of sentences, blanks, and signs that turn the direction of a text.
        '\u{d7}' | '\u{f7}' | '\u{37e}' | '\u{387}' | '\u{589}' | '\u{5be}' | '\u{5c0}' | '\u{5c3}'
        | '\u{60c}' | '\u{61b}' | '\u{61c}' | '\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{965}' | '\u{1680}'
        | '\u{180e}' => false,
        '\u{c0}'..='\u{2af}'
        | '\u{370}'..='\u{1fff}'
        | '\u{2c00}'..='\u{2dff}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{20000}'..='\u{3ffff}' => true,
        _ => sign.is_ascii_alphanumeric(),
    }
}

/// The address a text begins with.
fn link(text: &str) -> Option<Link<'_>> {
    let word = word(text);
    let shown = trimmed(word);
    if word.len() > LONGEST {
        return None;
    }
    let lower = |length: usize| shown.get(..length).map(str::to_ascii_lowercase);
    if lower(8).as_deref() == Some("https://") {
        web(shown, shown.get(8..)?, String::new())
    } else if lower(7).as_deref() == Some("http://") {
        web(shown, shown.get(7..)?, String::new())
    } else if lower(4).as_deref() == Some("www.") {
        web(shown, shown, "https://".to_owned())
    } else if lower(4).as_deref() == Some("tel:") {
        let number = shown.get(4..)?;
        let fits =
            number.chars().all(|one| one.is_ascii_digit() || matches!(one, '+' | '-' | '.' | '(' | ')'));
        let digits = number.chars().filter(char::is_ascii_digit).count();
        (fits && (3..=20).contains(&digits)).then(|| Link { shown, target: shown.to_owned(), foreign: false })
    } else {
        let address = if lower(7).as_deref() == Some("mailto:") { shown.get(7..)? } else { shown };
        mail(shown, address)
    }
}

/// What can be of an address at all, from the beginning on.
fn word(text: &str) -> &str {
    let may = |one: char| is_letter(one) || (one.is_ascii_graphic() && !matches!(one, '<' | '>' | '"' | '`'));
    let end =
        text.char_indices().find(|(at, one)| !may(*one) || *at > LONGEST).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// Without the signs that end a sentence; a bracket stays when it was opened inside.
fn trimmed(word: &str) -> &str {
    let mut word = word;
    while let Some(last) = word.chars().next_back() {
        let opened = |open: char| word.matches(open).count() >= word.matches(last).count();
        let ends = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '|' => true,
            ')' => !opened('('),
            ']' => !opened('['),
            '}' => !opened('{'),
            _ => false,
        };
        if !ends {
            break;
        }
        word = word.get(..word.len() - last.len_utf8()).unwrap_or_default();
    }
    word
}

/// A web address; `rest` begins with the host, `scheme` is put before what was written.
fn web<'a>(shown: &'a str, rest: &'a str, scheme: String) -> Option<Link<'a>> {
    // Browsers read a backslash as a slash: what looks like a path would be the host.
    if shown.contains('\\') {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    if port.len() > 5 || !port.chars().all(|one| one.is_ascii_digit()) || !is_host(host) {
        return None;
    }
    Some(Link { shown, target: scheme + shown, foreign: is_foreign(host) })
}

/// A mail address.
fn mail<'a>(shown: &'a str, address: &'a str) -> Option<Link<'a>> {
    let (person, host) = address.split_once('@')?;
    let fits = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '-' | '_' | '+' | '\'');
    let (first, last) = (person.chars().next()?, person.chars().next_back()?);
    let proper = person.len() <= 64 && person.chars().all(fits) && first != '.' && last != '.';
    (proper && is_host(host)).then(|| Link {
        shown,
        target: ["mailto:", address].concat(),
        foreign: is_foreign(host),
    })
}

/// Whether this names a machine: labels of letters and digits with dots between them, the last of letters or four numbers.
fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let proper = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|one| is_letter(one) || one == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let number = |label: &&str| label.parse::<u8>().is_ok();
    let named =
        labels.last().is_some_and(|last| last.chars().any(|one| is_letter(one) && !one.is_ascii_digit()));
    host.len() <= 253
        && labels.len() > 1
        && labels.iter().all(proper)
        && (named || labels.len() == 4 && labels.iter().all(number))
}

fn is_foreign(host: &str) -> bool {
    !host.is_ascii() || host.split('.').any(|label| label.to_ascii_lowercase().starts_with("xn--"))
}
