//! Bytes of files as phones make them: real pictures, and for the rest the beginning that tells the type; never more than the first kilobytes.

use axum::body::Bytes;

const PHOTOS: [&[u8]; 3] = [
    include_bytes!("../../samples/photo-1.jpg"),
    include_bytes!("../../samples/photo-2.jpg"),
    include_bytes!("../../samples/photo-3.jpg"),
];
const FACES: [&[u8]; 3] = [
    include_bytes!("../../samples/face-1.jpg"),
    include_bytes!("../../samples/face-2.jpg"),
    include_bytes!("../../samples/face-3.jpg"),
];
const SCREEN: &[u8] = include_bytes!("../../samples/screen.png");
const STICKER: &[u8] = include_bytes!("../../samples/sticker.webp");
const WAVE: &[u8] = include_bytes!("../../samples/wave.gif");

/// Tones a second in the sample sound, and its length in samples: one second.
const RATE: u32 = 8_000;

fn chosen(files: &[&'static [u8]; 3], seed: u64) -> Bytes {
    let at = usize::try_from(seed % 3).unwrap_or_default();
    Bytes::from_static(files.get(at).copied().unwrap_or_default())
}

/// A face for a profile.
pub(super) fn face(seed: u64) -> Bytes {
    chosen(&FACES, seed)
}

/// The file's beginning (all of it for pictures); `None` for a type phones do not make.
pub(super) fn of(mime: &str, seed: u64) -> Option<Bytes> {
    let kind = mime.split(';').next().unwrap_or_default().trim();
    Some(match kind {
        "image/jpeg" => chosen(&PHOTOS, seed),
        "image/png" => Bytes::from_static(SCREEN),
        "image/webp" => Bytes::from_static(STICKER),
        "image/gif" => Bytes::from_static(WAVE),
        "audio/ogg" => ogg(),
        "audio/wav" => wav(),
        "audio/mpeg" => Bytes::from_static(b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64"),
        "audio/aac" => Bytes::from_static(b"\xff\xf1\x50\x80\x02\x1f\xfc"),
        "audio/amr" => Bytes::from_static(b"#!AMR\n\x3c"),
        "audio/mp4" => boxes(*b"M4A "),
        "video/mp4" => boxes(*b"isom"),
        "video/3gpp" => boxes(*b"3gp5"),
        "application/pdf" => Bytes::from_static(PDF),
        "text/plain" => Bytes::from_static("Objednávka 2024-118\nBoty, velikost 38\n".as_bytes()),
        "text/html" => Bytes::from_static(b"<!doctype html><script>alert(1)</script>"),
        "image/svg+xml" => {
            Bytes::from_static(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")
        }
        "application/x-msdownload" => {
            Bytes::from_static(b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff")
        }
        "application/zip" => Bytes::from_static(b"PK\x03\x04\x14\x00\x00\x00\x08\x00"),
        "application/octet-stream" => Bytes::from_static(b"\x00\x01\x02\x03\x04\x05\x06\x07"),
        office if office.starts_with("application/vnd.openxmlformats-officedocument.") => {
            Bytes::from_static(b"PK\x03\x04\x14\x00\x06\x00\x08\x00")
        }
        _ => return None,
    })
}

/// The type's usual ending.
pub(super) fn ending(mime: &str) -> &'static str {
    match mime.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "image/svg+xml" => "svg",
        "audio/ogg" => "ogg",
        "audio/wav" => "wav",
        "audio/mpeg" => "mp3",
        "audio/aac" => "aac",
        "audio/amr" => "amr",
        "audio/mp4" => "m4a",
        "video/mp4" => "mp4",
        "video/3gpp" => "3gp",
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        "text/html" => "html",
        "application/zip" => "zip",
        "application/x-msdownload" => "exe",
        office if office.ends_with("wordprocessingml.document") => "docx",
        office if office.ends_with("spreadsheetml.sheet") => "xlsx",
        _ => "bin",
    }
}

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n\
trailer<</Root 1 0 R>>\n%%EOF\n";

/// The first page of an Ogg stream with an Opus head, as voice notes begin.
fn ogg() -> Bytes {
    let mut out = b"OggS\x00\x02".to_vec();
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 19]);
    out.extend_from_slice(b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00");
    out.into()
}

/// A second of a quiet tone that any browser plays.
fn wav() -> Bytes {
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&(36 + RATE).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00");
    out.extend_from_slice(&RATE.to_le_bytes());
    out.extend_from_slice(&RATE.to_le_bytes());
    out.extend_from_slice(b"\x01\x00\x08\x00data");
    out.extend_from_slice(&RATE.to_le_bytes());
    out.extend((0..RATE).map(|n| if (n / 10) % 2 == 0 { 118_u8 } else { 138 }));
    out.into()
}

/// The first box of the MP4 family, and an open one for the rest.
fn boxes(brand: [u8; 4]) -> Bytes {
    let mut out = b"\x00\x00\x00\x18ftyp".to_vec();
    out.extend_from_slice(&brand);
    out.extend_from_slice(b"\x00\x00\x02\x00");
    out.extend_from_slice(&brand);
    out.extend_from_slice(b"mp42\x00\x00\x00\x00mdat");
    out.into()
}
