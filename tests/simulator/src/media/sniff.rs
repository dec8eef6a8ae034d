//! The type of a file by its first bytes, as providers check uploads; knows only what they accept.

/// The type, or `None` when the bytes tell none.
pub(crate) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, what: &[u8]| bytes.get(from..from + what.len()) == Some(what);
    let table: [(usize, &[u8], &str); 14] = [
        (0, b"\xff\xd8\xff", "image/jpeg"),
        (0, b"\x89PNG\r\n\x1a\n", "image/png"),
        (0, b"GIF8", "image/gif"),
        (8, b"WEBP", "image/webp"),
        (0, b"%PDF-", "application/pdf"),
        (0, b"OggS", "audio/ogg"),
        (0, b"#!AMR", "audio/amr"),
        (0, b"ID3", "audio/mpeg"),
        (0, b"\xff\xfb", "audio/mpeg"),
        (0, b"\xff\xf1", "audio/aac"),
        (8, b"WAVE", "audio/wav"),
        (0, b"PK\x03\x04", "application/zip"),
        (0, b"MZ", "application/x-msdownload"),
        (4, b"ftyp", "video/mp4"),
    ];
    let known = table.iter().find(|(from, what, _)| at(*from, what)).map(|(.., mime)| *mime);
    let text = || std::str::from_utf8(bytes.get(..bytes.len().min(512)).unwrap_or_default()).is_ok();
    known.or_else(|| (!bytes.is_empty() && text()).then_some("text/plain"))
}

/// Whether the bytes may be of the declared type: containers are shared, and what tells no type may be any document.
pub(crate) fn agrees(declared: &str, bytes: &[u8]) -> bool {
    let declared = declared.split(';').next().unwrap_or_default().trim();
    match sniff(bytes) {
        Some(found) if found == declared => true,
        Some("video/mp4") => {
            matches!(declared, "audio/mp4" | "audio/aac" | "audio/x-m4a" | "video/3gpp" | "video/quicktime")
        }
        Some("application/zip") => declared.starts_with("application/vnd."),
        Some("text/plain") => declared.starts_with("text/") || declared.starts_with("application/"),
        Some(_) => false,
        None => declared.starts_with("application/") || declared.starts_with("text/"),
    }
}
