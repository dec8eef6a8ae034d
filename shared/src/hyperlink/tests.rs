//! Which addresses may be followed, and which only look like some.

use super::{Link, Piece, pieces};
use proptest::prelude::*;

fn links(text: &str) -> Vec<(&str, String)> {
    let all = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Link(Link { shown, target, .. }) => Some((shown, target)),
        Piece::Text(_) => None,
    });
    all.collect()
}

fn only(text: &str) -> Option<String> {
    let mut all = links(text);
    assert!(all.len() <= 1, "{text}: {all:?}");
    all.pop().map(|(_, target)| target)
}

#[test]
fn addresses_are_found_where_people_write_them() {
    for (text, target) in [
        ("see https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("HTTPS://Example.COM", "HTTPS://Example.COM"),
        ("(http://example.com/x_(y)).", "http://example.com/x_(y)"),
        ("Look: www.example.com!", "https://www.example.com"),
        ("http://192.168.1.10:8080/a", "http://192.168.1.10:8080/a"),
        ("请看https://example.com/a。谢谢", "https://example.com/a"),
        ("write to jana.mala+desk@example.co.uk, please", "mailto:jana.mala+desk@example.co.uk"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("tel:+420123456789", "tel:+420123456789"),
        ("<https://example.com>", "https://example.com"),
        ("https://example.com/a,b;c", "https://example.com/a,b;c"),
        ("https://příklad.cz/č", "https://příklad.cz/č"),
        ("https://example.com/%2e%2e?x=\"y", "https://example.com/%2e%2e?x="),
    ] {
        assert_eq!(only(text).as_deref(), Some(target), "{text}");
    }
    assert_eq!(links("http://a.cz http://b.cz/ and c@d.cz").len(), 3);
}

#[test]
fn what_pretends_stays_text() {
    for text in [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "JaVaScRiPt://example.com/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:https://example.com/1",
        "https://bank.com@evil.example",
        "https://bank.com:80@evil.example/",
        "https://user:password@evil.example",
        "https://evil.example\\@bank.com",
        "https:\\\\evil.example",
        "//evil.example",
        "https:///evil.example",
        "https://",
        "https://localhost",
        "http://[::1]/",
        "http://1.2.3/",
        "http://3232235777/",
        "https://-a.com",
        "https://a..com",
        "https://\u{202e}moc.elpmaxe",
        "http://exam\u{0000}ple",
        "www.",
        "www.-",
        "tel:javascript",
        "tel:1",
        "mailto:a@b@c.cz",
        "mailto:a@localhost",
        "mailto:a?bcc=x@example.com",
        ".a@example.com.@",
        "a@",
        "@example.com",
        "xhttps//example.com",
        "https://example.com:port/",
        "https://example.com:123456/",
    ] {
        assert_eq!(only(text), None, "{text}");
    }
    assert_eq!(only(&["https://example.com/", &"a".repeat(3_000)].concat()), None);
}

#[test]
fn hosts_that_can_be_taken_for_others_say_so() {
    let foreign = |text: &str| match pieces(text).into_iter().next() {
        Some(Piece::Link(link)) => link.foreign,
        other => panic!("{other:?}"),
    };
    assert!(foreign("https://аpple.com"), "a Cyrillic letter");
    assert!(foreign("https://xn--pple-43d.com"));
    assert!(!foreign("https://apple.com/аpple"));
}

proptest! {
    #[test]
    fn pieces_are_the_text_and_links_lead_where_they_say(text in "(?s).{0,80}|([ -~]{0,20}(https?://|www\\.|mailto:|[a-z]@)[ -~]{0,40}){1,3}") {
        let pieces = pieces(&text);
        let whole: String = pieces.iter().map(|piece| match piece {
            Piece::Text(words) => *words,
            Piece::Link(link) => link.shown,
        }).collect();
        prop_assert_eq!(&whole, &text);
        for piece in &pieces {
            match piece {
                Piece::Text(words) => prop_assert!(!words.is_empty()),
                Piece::Link(link) => {
                    let target = link.target.to_ascii_lowercase();
                    let schemes = ["http://", "https://", "mailto:", "tel:"];
                    prop_assert!(schemes.iter().any(|scheme| target.starts_with(scheme)), "{}", target);
                    prop_assert!(target.ends_with(&link.shown.to_ascii_lowercase()));
                    prop_assert!(!target.contains(char::is_whitespace) && !target.contains(char::is_control));
                }
            }
        }
    }
}
