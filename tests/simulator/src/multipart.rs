//! Reads `multipart/form-data` bodies of uploads; whole bodies only, never streams.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};

/// One part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub name: String,
    pub file: Option<String>,
    pub mime: Option<String>,
    pub bytes: Bytes,
}

/// The boundary, when the body is declared as multipart.
pub(crate) fn boundary(headers: &HeaderMap) -> Option<String> {
    let declared = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let rest = declared.strip_prefix("multipart/form-data")?;
    let found = rest.split(';').find_map(|p| p.trim().strip_prefix("boundary="))?;
    Some(found.trim_matches('"').to_owned())
}

/// The parts, or `None` when the body is not well formed.
pub(crate) fn parts(body: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let line = format!("--{boundary}");
    let between = format!("\r\n{line}");
    if !body.starts_with(line.as_bytes()) {
        return None;
    }
    let mut parts = Vec::new();
    let mut at = line.len();
    loop {
        let rest = body.get(at..)?;
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        at += rest.starts_with(b"\r\n").then_some(2)?;
        let head_end = at + find(body.get(at..)?, b"\r\n\r\n")?;
        let from = head_end + 4;
        let to = from + find(body.get(from..)?, between.as_bytes())?;
        let mut part = head(std::str::from_utf8(body.get(at..head_end)?).ok()?)?;
        part.bytes = body.slice(from..to);
        parts.push(part);
        at = to + between.len();
    }
}

fn head(text: &str) -> Option<Part> {
    let mut part = Part::default();
    for line in text.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "content-disposition" => {
                for field in value.split(';').map(str::trim) {
                    let quoted =
                        |prefix: &str| field.strip_prefix(prefix).map(|v| v.trim_matches('"').to_owned());
                    if let Some(found) = quoted("name=") {
                        part.name = found;
                    }
                    part.file = part.file.or_else(|| quoted("filename="));
                }
            }
            "content-type" => part.mime = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    (!part.name.is_empty()).then_some(part)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = haystack.get(from..)?.iter().position(|byte| *byte == first) {
        let here = from + at;
        if haystack.get(here..)?.starts_with(needle) {
            return Some(here);
        }
        from = here + 1;
    }
    None
}

#[cfg(test)]
mod tests;
