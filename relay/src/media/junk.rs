//! Bytes that say they are files: whatever is wrong with them, they are sorted and looked at, and nothing stops (I-35).
//!
//! `SIGNALBOX_ROUNDS` sets how many are tried; pictures, which are drawn anew, are a tenth of it.

use super::preview::preview;
use super::sort::media_type;
use image::{DynamicImage, ImageFormat};
use proptest::prelude::*;
use shared::interaction::AttachmentKind;
use std::io::Cursor;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Files of each kind where nobody says how many.
const ROUNDS: u32 = 1_000;

/// A picture takes no longer, however large it says it is: what it may ask for is bounded.
const LONGEST: Duration = Duration::from_secs(10);

fn rounds() -> u32 {
    std::env::var("SIGNALBOX_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS)
}

/// Small pictures of the formats that phones send.
fn pictures() -> &'static [Vec<u8>] {
    static ALL: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let drawn = |format| {
            let mut bytes = Vec::new();
            DynamicImage::new_rgb8(9, 7).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
            bytes
        };
        vec![drawn(ImageFormat::Png), drawn(ImageFormat::Jpeg)]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(rounds()) })]

    #[test]
    fn first_bytes(kind in 0_usize..6, mut head in prop::collection::vec(any::<u8>(), 0..64), like in 0_usize..7) {
        let starts: [&[u8]; 7] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"OggS", b"\0\0\0\x18ftyp"];
        let kinds = [AttachmentKind::Image, AttachmentKind::Video, AttachmentKind::Audio, AttachmentKind::Voice,
            AttachmentKind::File, AttachmentKind::Sticker];
        head.splice(0..0, starts[like].iter().copied());
        let began = Instant::now();
        let _ = media_type(kinds[kind], &head);
        prop_assert!(began.elapsed() < LONGEST);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(rounds() / 10) })]

    #[test]
    fn pictures_with_some_bytes_changed(which in 0_usize..2, changes in prop::collection::vec((any::<usize>(), any::<u8>()), 0..6),
                                        cut in any::<usize>(), whole in any::<bool>()) {
        let mut bytes = pictures()[which].clone();
        for (place, by) in changes {
            let place = place % bytes.len();
            bytes[place] = by;
        }
        if !whole {
            bytes.truncate(cut % bytes.len());
        }
        let began = Instant::now();
        let _ = preview(&bytes);
        prop_assert!(began.elapsed() < LONGEST, "{} bytes took {:?}", bytes.len(), began.elapsed());
    }
}
