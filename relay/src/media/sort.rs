//! What bytes are, by their first ones; a name or a header of a provider's is never believed.

use shared::interaction::AttachmentKind;

/// How many first bytes are looked at: the longest mark lies at 257 (tar), and text needs some words.
pub const HEAD: usize = 8 * 1_024;

/// Types that a browser may draw or play by itself without running anything; everything else is only handed out.
const SAFE: [&str; 17] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "video/3gpp",
    "audio/mpeg",
    "audio/ogg",
    "audio/aac",
    "audio/amr",
    "audio/x-wav",
    "audio/m4a",
    "audio/mp4",
    "audio/x-flac",
    "application/pdf",
];

/// The type of a file of unknown kind.
pub const UNKNOWN: &str = "application/octet-stream";

/// The media type of bytes, and whether they are what their provider said; none when they must not be kept.
#[must_use]
pub fn media_type(kind: AttachmentKind, head: &[u8]) -> Option<&'static str> {
    let found = infer::get(head).map(|found| found.mime_type());
    let is = |class: &str| found.is_some_and(|found| found.starts_with(class));
    let fits = match kind {
        AttachmentKind::Image | AttachmentKind::Sticker => is("image/") || is("video/"),
        // Ogg and MP4 hold either; a voice message may be told as a film without pictures.
        AttachmentKind::Video | AttachmentKind::Audio | AttachmentKind::Voice => {
            is("video/") || is("audio/") || is("application/ogg")
        }
        AttachmentKind::File => true,
    };
    if !fits || active(head) && kind != AttachmentKind::File {
        return None;
    }
    let sound = matches!(kind, AttachmentKind::Audio | AttachmentKind::Voice);
    Some(match found {
        Some("application/ogg" | "video/ogg") if sound => "audio/ogg",
        Some("video/mp4") if sound => "audio/mp4",
        Some(found) => SAFE.iter().find(|safe| **safe == found).copied().unwrap_or(UNKNOWN),
        None => UNKNOWN,
    })
}

/// Whether bytes begin like something that a browser would run: a page, a drawing with scripts, a script.
fn active(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..1_024).unwrap_or(head)).to_lowercase();
    ["<!doctype", "<html", "<svg", "<script", "<?xml", "<body", "<iframe"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// Whether a picture of this type can be made anew.
#[must_use]
pub fn is_picture(media_type: &str) -> bool {
    matches!(media_type, "image/jpeg" | "image/png" | "image/gif" | "image/webp")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
    const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead";

    #[test]
    fn bytes_say_what_they_are() {
        assert_eq!(media_type(AttachmentKind::Image, PNG), Some("image/png"));
        assert_eq!(media_type(AttachmentKind::Sticker, JPEG), Some("image/jpeg"));
        assert_eq!(media_type(AttachmentKind::Voice, OGG), Some("audio/ogg"));
        assert_eq!(media_type(AttachmentKind::File, b"%PDF-1.7"), Some("application/pdf"));
        assert_eq!(media_type(AttachmentKind::File, b"just words"), Some(UNKNOWN));
    }

    #[test]
    fn what_is_not_what_it_says_is_not_kept() {
        let pages: [&[u8]; 14] = [
            b"<html><script>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            b"GIF89a/*<script>*/=1",
            b"MZ\x90\0",
            b"PK\x03\x04",
            b"\xef\xbb\xbf<!DOCTYPE HTML>",
            b" \r\n\t<HtMl onload=alert(1)>",
            b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>",
            b"\xff\xd8\xff\xe0\0\x10JFIF\0<script>alert(1)</script>",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<svg onload=alert(1)>",
            b"RIFF\x24\0\0\0WEBPVP8 <iframe src=javascript:alert(1)>",
            b"OggS\0\x02<body onload=alert(1)>",
            b"%PDF-1.7\n<html>",
            b"#!/bin/sh\nrm -rf /",
        ];
        for page in pages {
            assert_eq!(media_type(AttachmentKind::Image, page), None, "{page:?}");
            assert_eq!(media_type(AttachmentKind::Audio, page), None, "{page:?}");
        }
        assert_eq!(media_type(AttachmentKind::Image, b"%PDF-1.7"), None);
    }

    #[test]
    fn a_page_sent_as_a_file_is_handed_out_as_bytes() {
        assert_eq!(media_type(AttachmentKind::File, b"<html><script>alert(1)</script>"), Some(UNKNOWN));
        assert_eq!(media_type(AttachmentKind::File, b"<svg onload=alert(1)>"), Some(UNKNOWN));
        assert_eq!(media_type(AttachmentKind::File, b"MZ\x90\0"), Some(UNKNOWN));
        // A picture's first bytes do not make a page of what follows: it is a picture's type, and a download all the same.
        let both = b"GIF89a/*<script>alert(1)</script>*/=1";
        assert_eq!(media_type(AttachmentKind::File, both), Some("image/gif"));
        for page in [&b"\xef\xbb\xbf<!DOCTYPE html>"[..], b"<?xml version='1.0'?><svg/>", b"#!/bin/sh\n", b""]
        {
            assert_eq!(media_type(AttachmentKind::File, page), Some(UNKNOWN), "{page:?}");
        }
    }
}
