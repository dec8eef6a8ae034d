//! The reader of JSON held against a library: the same texts are JSON, and they mean the same.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

/// The tree as the library has it; a number that no type here has stands for any other.
fn same(tree: &Tree, value: &Value) -> bool {
    match (tree, value) {
        (Tree::Null, Value::Null) => true,
        (Tree::Bool(one), Value::Bool(other)) => one == other,
        (Tree::Unsigned(one), Value::Number(other)) => other.as_u64() == Some(*one),
        (Tree::Signed(one), Value::Number(other)) => {
            other.as_i64() == Some(*one) || (*one == 0 && other.as_f64() == Some(-0.0))
        }
        (Tree::Number, Value::Number(other)) => other.is_f64(),
        (Tree::Text(one), Value::String(other)) => one == other,
        (Tree::Items(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Tree::Fields(one), Value::Object(other)) => {
            let last =
                |name: &String| one.iter().rev().find(|(field, _)| field == name).map(|(_, tree)| tree);
            other.iter().all(|(name, value)| last(name).is_some_and(|tree| same(tree, value)))
                && one.iter().all(|(name, _)| other.contains_key(name))
        }
        _ => false,
    }
}

fn agrees(text: &str) {
    let own = Parser::new(text).whole();
    match serde_json::from_str::<Value>(text) {
        Ok(value) => assert!(own.is_ok_and(|tree| same(&tree, &value)), "{text:?} is {value}"),
        // Only the library minds numbers too large for it.
        Err(error) => {
            assert!(own.is_err() || error.to_string().contains("out of range"), "{text:?}: {error}");
        }
    }
}

#[test]
fn it_reads_what_a_library_reads() {
    for text in [
        "null",
        " true ",
        "false",
        "0",
        "-0",
        "-1",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "1.5",
        "1e3",
        "-2E-7",
        "01",
        "1.",
        ".5",
        "-",
        "1e",
        "+1",
        r#""""#,
        r#""a\"\\\/\b\f\n\r\t\u0041""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83dx""#,
        r#""\u12""#,
        r#""\x""#,
        "\"a\nb\"",
        "\"a",
        "[]",
        "[ 1 , 2 ]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{}",
        r#"{"a":1,"a":2}"#,
        r#"{ "a" : [ { } ] }"#,
        r#"{"a"}"#,
        r#"{"a":}"#,
        r"{a:1}",
        r#"{"a":1,}"#,
        "nul",
        "nullx",
        "1 2",
        "",
        " ",
        "\u{FEFF}1",
        "tru",
        "[",
        "{",
        r#"{"a":"#,
    ] {
        agrees(text);
    }
    agrees(&"[".repeat(127));
    agrees(&("[".repeat(127) + &"]".repeat(127)));
    agrees(&("[".repeat(128) + &"]".repeat(128)));
}

#[test]
fn it_says_where_it_stopped() {
    let place = |text: &str| {
        let mut parser = Parser::new(text);
        assert_eq!(parser.whole().err(), Some(Broken));
        parser.place()
    };
    assert_eq!(place(""), (1, 1));
    assert_eq!(place("[1,\n x]"), (2, 2));
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_library_writes_is_read_as_it_reads_it(value in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        agrees(&text.unwrap());
    }

    #[test]
    fn a_text_with_a_byte_gone_wrong_is_judged_alike(value in json(), at in any::<prop::sample::Index>(), with in "[\\x00-\\x7f]") {
        let text = serde_json::to_string(&value).unwrap();
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = places[at.index(places.len())];
        let mut broken = text.clone();
        broken.insert_str(at, &with);
        agrees(&broken);
        agrees(&text[..at]);
    }
}
