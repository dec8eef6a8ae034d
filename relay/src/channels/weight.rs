//! How much memory the JSON of a webhook takes once it is read, told in one pass before it is: a body of nothing but brackets and commas would take a hundred times its size (I-35).

use super::read::signs;

/// An object with one key: a node of the tree has room for eleven of 56 bytes.
const OBJECT: usize = 640;

/// An array with one element: room is made for four of 32 bytes.
const ARRAY: usize = 128;

/// One part more in an object or array: a place of its own and half of another, as room grows by doubling, and its key.
const PART: usize = 64;

/// One part more in an array of the envelope: it becomes an item, with its account, its text and its row of the journal.
const ITEM: usize = 512;

/// 20,000 items in one body: twice what 3 MB hold of the shortest receipts. More would keep all that comes after them
/// waiting.
const ITEMS: usize = 20_000;

/// How deep an envelope's arrays lie: WhatsApp's messages are in the seventh level.
const ENVELOPE: usize = 7;

/// What a body may take for each of its bytes; with its own copies it comes to ten. Of what providers send, large bodies
/// take six to eleven: the longest, of 3 MB, fit with [`SPARE`].
const FOR_A_BYTE: usize = 7;

/// 16 MiB: what any body may take besides, so that small ones are never asked.
const SPARE: usize = 16 * 1024 * 1024;

/// Whether reading a body takes no more than ten times its size and [`SPARE`], and makes at most [`ITEMS`] items. Says
/// nothing about whether it is JSON.
pub(super) fn bearable(raw: &[u8]) -> bool {
    let (mut weight, mut items) = (0_usize, 0_usize);
    // For every level that is open whether it is an array; deeper ones than a word has bits count as objects.
    let (mut depth, mut arrays) = (0_usize, 0_u128);
    for (_, sign) in signs(raw) {
        match sign {
            b'[' | b'{' => {
                weight += if sign == b'[' { ARRAY } else { OBJECT };
                depth += 1;
                arrays = (arrays << 1) | u128::from(sign == b'[');
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                arrays >>= 1;
            }
            b',' if depth <= ENVELOPE && arrays & 1 == 1 => {
                weight += ITEM;
                items += 1;
            }
            b',' => weight += PART,
            _ => {}
        }
    }
    items < ITEMS && weight <= raw.len().saturating_mul(FOR_A_BYTE).saturating_add(SPARE)
}

#[cfg(test)]
mod tests {
    use super::{ITEMS, bearable};
    use crate::config::WEBHOOK_LIMIT;

    /// A body of the largest size, of one part over and over.
    fn full(open: &str, part: &str, close: &str) -> Vec<u8> {
        let times = (WEBHOOK_LIMIT - open.len() - close.len()) / part.len();
        [open, &part.repeat(times), close].concat().into_bytes()
    }

    #[test]
    fn the_longest_that_providers_send_are_borne() {
        let messenger = r#"{"sender":{"id":"1234567890123456"},"recipient":{"id":"1234567890123456"},"timestamp":1782000000000,"read":{"watermark":1782000000000}},"#;
        // A thousand events are the most that Meta puts into one body.
        let thousand =
            ["{\"object\":\"page\",\"entry\":[{\"messaging\":[", &messenger.repeat(1_000), "{}]}]}"];
        assert!(bearable(thousand.concat().as_bytes()));
        let status = r#"{"id":"wamid.HBgLMTIwMjU1NTAxMTMVAgARGBI0QkY5RjQ1RTkyQjE0NkQyAA==","status":"delivered","timestamp":"1782000000","recipient_id":"12025550113","conversation":{"id":"6ceb9d929c9bdc4f90ca9e5b1e0a1b0f","origin":{"type":"service"}},"pricing":{"billable":true,"pricing_model":"PMP","category":"service","type":"regular"}},"#;
        let text = r#"{"from":"12025550113","id":"wamid.HBgLMTIwMjU1NTAxMTMVAgARGBI0QkY5RjQ1RTkyQjE0NkQyAA==","timestamp":"1782000000","type":"text","text":{"body":"When does the parcel come?"}},"#;
        for item in [status, text] {
            let open = "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"changes\":[{\"value\":{\"messages\":[";
            let mut body = full(open, item, "{}]}}]}]}");
            body.truncate(3_000_000);
            assert!(bearable(&body));
        }
    }

    #[test]
    fn words_are_borne_whatever_they_are() {
        for part in [",", "[", "{", "\\\"", "\\\\"] {
            assert!(bearable(&full("\"", part, "\"")), "{part}");
        }
        assert!(bearable(b"") && bearable(b"]]]]}}") && bearable(&[b'['; 1_000]));
    }

    #[test]
    fn so_many_items_are_borne_and_no_more() {
        let body = |items: usize| {
            let more = format!("{{\"text\":\"{}\"}},", "x".repeat(160)).repeat(items - 1);
            format!("{{\"object\":\"page\",\"entry\":[{{\"messaging\":[{more}{{}}]}}]}}")
        };
        assert!(bearable(body(ITEMS).as_bytes()));
        assert!(!bearable(body(ITEMS + 1).as_bytes()));
    }

    #[test]
    fn nothing_but_signs_is_not() {
        for (open, part, close) in [
            ("[", "0,", "0]"),
            ("[", "{},", "0]"),
            ("[", "{\"a\":0},", "0]"),
            ("[", "[0],", "0]"),
            ("", "[", ""),
            ("", "{\"a\":", ""),
            ("{\"entry\":[{\"messaging\":[", "\"\",", "0]}]}"),
        ] {
            assert!(!bearable(&full(open, part, close)), "{open}{part}");
        }
    }
}
