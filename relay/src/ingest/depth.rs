//! A limit to how deep the JSON of a webhook is: what lies deeper is kept as its own text, and costs no neighbour.

use crate::channels::read::signs;
use std::borrow::Cow;

/// 64 levels; providers use nine.
const DEEPEST: usize = 64;

/// The body, with every array and object below [`DEEPEST`] levels replaced by `{"raw": "<its text>"}`. One pass,
/// whether or not it is JSON.
pub(super) fn shallow(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut depth = 0_usize;
    let (mut out, mut copied, mut deep) = (Vec::new(), 0, None);
    for (at, sign) in signs(raw) {
        match sign {
            b'[' | b'{' => {
                depth += 1;
                if depth == DEEPEST + 1 {
                    deep = Some(at);
                }
            }
            b']' | b'}' => {
                if depth == DEEPEST + 1
                    && let Some(from) = deep.take()
                {
                    out.extend_from_slice(raw.get(copied..from).unwrap_or_default());
                    let text = String::from_utf8_lossy(raw.get(from..=at).unwrap_or_default());
                    out.extend_from_slice(serde_json::json!({ "raw": text }).to_string().as_bytes());
                    copied = at + 1;
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    if copied == 0 {
        return Cow::Borrowed(raw);
    }
    out.extend_from_slice(raw.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::shallow;
    use serde_json::{Value, json};

    #[test]
    fn what_is_not_too_deep_stays_as_it_is() {
        let deep = format!("{}1{}", "[".repeat(64), "]".repeat(64));
        for raw in ["", "{", "]]]]", "not JSON \"[[[", "{\"a\":[1,{\"b\":\"\\\"[[\"}]}", deep.as_str()] {
            assert_eq!(&*shallow(raw.as_bytes()), raw.as_bytes());
        }
    }

    #[test]
    fn what_is_too_deep_is_kept_as_text_beside_its_neighbours() {
        let inner = format!("{}\"]\\\"[\"{}", "[".repeat(200), "]".repeat(200));
        let raw = format!("{{\"before\":1,\"deep\":{inner},\"after\":[2]}}");
        let read: Value = serde_json::from_slice(&shallow(raw.as_bytes())).unwrap();
        assert_eq!((&read["before"], &read["after"]), (&json!(1), &json!([2])));
        let mut level = &read["deep"];
        let mut depth = 1;
        while let Some(next) = level.get(0) {
            (level, depth) = (next, depth + 1);
        }
        assert_eq!(depth, 64);
        assert_eq!(level["raw"], format!("{}\"]\\\"[\"{}", "[".repeat(137), "]".repeat(137)));
    }

    #[test]
    fn a_million_brackets_are_one_pass() {
        let began = std::time::Instant::now();
        for raw in
            ["[".repeat(1_000_000), "[]".repeat(500_000), "{\"a\":".repeat(200_000), "[[]".repeat(300_000)]
        {
            let _ = shallow(raw.as_bytes());
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    }
}
