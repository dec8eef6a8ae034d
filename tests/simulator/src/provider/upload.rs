//! Files the business uploads: `/media` of `WhatsApp` and `/message_attachments` of Messenger and Instagram, with their limits; never a file whose bytes are of another type.

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::error;
use crate::Sim;
use crate::config::Channel;
use crate::fetch;
use crate::gate::Reply;
use crate::media::sniff::agrees;
use crate::multipart::{self, Part};

const MB: usize = 1024 * 1024;
/// Messenger and Instagram take files of this size.
pub(super) const META: usize = 25 * MB;
/// Instagram's pictures.
const INSTAGRAM_IMAGE: usize = 8 * MB;

/// Types `WhatsApp` takes, with the kind of message and the largest size.
const WHATSAPP: &[(&str, &str, usize)] = &[
    ("image/jpeg", "image", 5 * MB),
    ("image/png", "image", 5 * MB),
    ("video/mp4", "video", 16 * MB),
    ("video/3gpp", "video", 16 * MB),
    ("audio/aac", "audio", 16 * MB),
    ("audio/amr", "audio", 16 * MB),
    ("audio/mpeg", "audio", 16 * MB),
    ("audio/mp4", "audio", 16 * MB),
    ("audio/ogg", "audio", 16 * MB),
    ("image/webp", "sticker", 500 * 1024),
    ("text/plain", "document", 100 * MB),
    ("application/pdf", "document", 100 * MB),
    ("application/msword", "document", 100 * MB),
    ("application/vnd.ms-excel", "document", 100 * MB),
    ("application/vnd.ms-powerpoint", "document", 100 * MB),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document", 100 * MB),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "document", 100 * MB),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "document", 100 * MB),
];

/// The kind of `WhatsApp` message a type may go in: its own, or a document.
pub(super) fn fits(kind: &str, mime: &str) -> bool {
    let base = mime.split(';').next().unwrap_or_default().trim();
    WHATSAPP.iter().any(|(known, of, _)| *known == base && (*of == kind || kind == "document"))
}

/// Whether a file may be sent in a message of the kind.
pub(super) fn whatsapp_file(kind: Option<&str>, mime: &str, bytes: &[u8]) -> Result<(), String> {
    let base = mime.split(';').next().unwrap_or_default().trim();
    let known = WHATSAPP.iter().find(|(known, ..)| *known == base);
    let (_, _, limit) = known.ok_or_else(|| format!("{base} is not a supported type"))?;
    if kind.is_some_and(|kind| !fits(kind, mime)) {
        return Err(format!("{base} does not fit the message's type"));
    }
    if bytes.len() > *limit {
        return Err(format!("the file is larger than {limit} bytes"));
    }
    if !agrees(base, bytes) {
        return Err(format!("the file is not {base}"));
    }
    Ok(())
}

/// Whether a file may be an attachment of the kind.
pub(super) fn meta_file(channel: Channel, kind: &str, mime: &str, bytes: &[u8]) -> Result<(), Reply> {
    let base = mime.split(';').next().unwrap_or_default().trim();
    let failed = || error::graph(400, 100, Some(2_018_047), "(#100) Upload attachment failure.");
    let allowed = match (channel, kind) {
        (Channel::Instagram, "image") => ["image/png", "image/jpeg", "image/gif"].contains(&base),
        (Channel::Instagram, "file") => base == "application/pdf",
        (_, "image") => base.starts_with("image/"),
        (_, "video") => base.starts_with("video/"),
        (_, "audio") => base.starts_with("audio/") || base == "video/mp4",
        _ => true,
    };
    let limit = if channel == Channel::Instagram && kind == "image" { INSTAGRAM_IMAGE } else { META };
    if bytes.len() > limit {
        return Err(error::graph(400, 100, Some(2_018_047), "(#100) Upload attachment failure: too large."));
    }
    if allowed && agrees(base, bytes) { Ok(()) } else { Err(failed()) }
}

/// `POST /{PHONE_NUMBER_ID}/media`.
pub(super) fn whatsapp(sim: &Sim, account: &str, headers: &HeaderMap, body: &Bytes) -> Reply {
    let Some(parts) = multipart::boundary(headers).and_then(|boundary| multipart::parts(body, &boundary))
    else {
        return error::parameter("The body must be multipart/form-data.");
    };
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    if part("messaging_product").is_none_or(|p| p.bytes != "whatsapp") {
        return error::parameter("The parameter messaging_product is required.");
    }
    let Some(file) = part("file").filter(|file| file.file.is_some()) else {
        return error::parameter("The parameter file is required.");
    };
    let named = part("type").and_then(|p| String::from_utf8(p.bytes.to_vec()).ok());
    let Some(mime) = named.or_else(|| file.mime.clone()) else {
        return error::parameter("The parameter type is required.");
    };
    if let Err(why) = whatsapp_file(None, &mime, &file.bytes) {
        return if why.ends_with("supported type") {
            error::parameter(&format!("Param file must be a file with a supported type: {why}."))
        } else {
            error::whatsapp(400, 131_053, "Media upload error", &why)
        };
    }
    let media = keep(sim, account, Channel::Whatsapp, &mime, file);
    Reply::ok(json!({"id": media}))
}

fn keep(sim: &Sim, account: &str, channel: Channel, mime: &str, file: &Part) -> String {
    let mut state = sim.lock();
    let now = state.now();
    let name = file.file.as_deref().unwrap_or("file");
    state.media.upload(account, channel, mime, name, file.bytes.clone(), now).id
}

/// What a Messenger or Instagram request says, as JSON or as parts, with the file beside it.
pub(super) fn meta_fields(headers: &HeaderMap, body: &Bytes) -> Option<(Map<String, Value>, Option<Part>)> {
    let parts = multipart::parts(body, &multipart::boundary(headers)?)?;
    let mut fields = Map::new();
    let mut file = None;
    for part in parts {
        if part.name == "filedata" {
            file = Some(part);
            continue;
        }
        let text = String::from_utf8(part.bytes.to_vec()).ok()?;
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        fields.insert(part.name, value);
    }
    Some((fields, file))
}

/// Keeps the file of a request's attachment: its part, or what lies at its address. The id it can be sent by.
pub(super) async fn attach(
    sim: &Sim,
    account: &str,
    channel: Channel,
    kind: &str,
    url: Option<&str>,
    file: Option<Part>,
) -> Result<String, Reply> {
    let part = match (file, url) {
        (Some(file), _) => file,
        (None, Some(url)) => {
            let found = fetch::file(&sim.http, url, META).await.map_err(|why| {
                error::graph(400, 100, Some(2_018_047), &format!("(#100) Upload attachment failure: {why}"))
            })?;
            Part { name: String::new(), file: Some(found.name), mime: Some(found.mime), bytes: found.bytes }
        }
        (None, None) => return Err(error::parameter("filedata or payload[url] is required.")),
    };
    let mime = part.mime.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    meta_file(channel, kind, &mime, &part.bytes)?;
    Ok(keep(sim, account, channel, &mime, &part))
}

/// A send with its file in the request: the fields as if the file had been uploaded before.
pub(super) async fn beside(
    sim: &Sim,
    account: &str,
    channel: Channel,
    mut fields: Map<String, Value>,
    file: Option<Part>,
) -> Result<Map<String, Value>, Reply> {
    let Some(file) = file else {
        return Ok(fields);
    };
    let attachment = fields.get_mut("message").and_then(|m| m.get_mut("attachment"));
    let attachment = attachment.and_then(Value::as_object_mut);
    let attachment =
        attachment.ok_or_else(|| error::parameter("The parameter message[attachment] is required."))?;
    let kind = attachment.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = attach(sim, account, channel, &kind, None, Some(file)).await?;
    attachment.insert("payload".to_owned(), json!({"attachment_id": id}));
    Ok(fields)
}

/// `POST /{PAGE_ID}/message_attachments`.
pub(super) async fn meta(
    sim: &Sim,
    account: &str,
    channel: Channel,
    fields: &Map<String, Value>,
    file: Option<Part>,
) -> Reply {
    let attachment = fields.get("message").and_then(|m| m.get("attachment"));
    let Some(attachment) = attachment else {
        return error::parameter("The parameter message[attachment] is required.");
    };
    let kind = attachment.get("type").and_then(Value::as_str).unwrap_or_default();
    if !matches!(kind, "image" | "audio" | "video" | "file") {
        return error::parameter(
            "Param message[attachment][type] must be one of {audio, file, image, video}",
        );
    }
    let url = attachment.pointer("/payload/url").and_then(Value::as_str);
    match attach(sim, account, channel, kind, url, file).await {
        Ok(id) => Reply::ok(json!({"attachment_id": id})),
        Err(reply) => reply,
    }
}

#[cfg(test)]
mod tests;
