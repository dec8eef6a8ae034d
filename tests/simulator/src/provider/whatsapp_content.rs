//! What a `WhatsApp` message may contain, type by type with its limits; never looks at who it is for.

use serde_json::{Map, Value, json};

use super::error;
use super::upload::fits;
use super::whatsapp::{invalid, missing};
use crate::gate::Reply;
use crate::state::State;

const TEXT: usize = 4_096;
const CAPTION: usize = 1_024;
const BUTTONS_BODY: usize = 1_024;
const LIST_BODY: usize = 4_096;
const FOOTER: usize = 60;
const BUTTON_TITLE: usize = 20;
const BUTTON_ID: usize = 256;
const BUTTONS: usize = 3;
const ROWS: usize = 10;
const ROW_TITLE: usize = 24;
const ROW_ID: usize = 200;
const ROW_DESCRIPTION: usize = 72;

/// A message in order.
#[derive(Debug)]
pub(super) struct Content {
    pub kind: String,
    /// What the phone shows.
    pub text: Option<String>,
    /// The type's object.
    pub part: Value,
    /// The uploaded file.
    pub media: Option<String>,
    /// The address of a file that was not uploaded.
    pub link: Option<String>,
    /// What the customer can tap.
    pub choices: Vec<Value>,
}

/// The content of a send, or the refusal of the first thing that is wrong.
pub(super) fn of(state: &State, account: &str, body: &Map<String, Value>) -> Result<Content, Reply> {
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("text");
    let part = body.get(kind).cloned().unwrap_or_default();
    let mut content =
        Content { kind: kind.to_owned(), text: None, part, media: None, link: None, choices: Vec::new() };
    match kind {
        "text" => {
            let text = words(&content.part, "body", "text.body", TEXT)?;
            content.text = Some(text);
        }
        "template" => template(state, account, &mut content)?,
        "image" | "video" | "audio" | "document" | "sticker" => file(state, account, &mut content)?,
        "location" => {
            let number = |name: &str| content.part.get(name).and_then(Value::as_f64);
            let latitude = number("latitude").ok_or_else(|| missing("location.latitude"))?;
            let longitude = number("longitude").ok_or_else(|| missing("location.longitude"))?;
            if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
                return Err(invalid("location is not on Earth"));
            }
        }
        "contacts" => contacts(&content.part)?,
        "reaction" => {
            let id = content.part.get("message_id").and_then(Value::as_str);
            id.filter(|id| !id.is_empty()).ok_or_else(|| missing("reaction.message_id"))?;
            if !content.part.get("emoji").is_some_and(Value::is_string) {
                return Err(missing("reaction.emoji"));
            }
        }
        "interactive" => interactive(&mut content)?,
        _ => {
            let details = format!("Message type '{kind}' is not supported");
            return Err(error::whatsapp(400, 131_051, "Unsupported message type", &details));
        }
    }
    Ok(content)
}

/// Words that must be there and short enough.
fn words(of: &Value, field: &str, name: &str, most: usize) -> Result<String, Reply> {
    let text = of.get(field).and_then(Value::as_str).ok_or_else(|| missing(name))?;
    if text.trim().is_empty() {
        return Err(invalid(&format!("Param {name} must be a non-empty string")));
    }
    if text.chars().count() > most {
        return Err(invalid(&format!("Param {name} must be at most {most} characters long.")));
    }
    Ok(text.to_owned())
}

/// Words that may be missing.
fn maybe(of: &Value, field: &str, name: &str, most: usize) -> Result<Option<String>, Reply> {
    match of.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => words(of, field, name, most).map(Some),
    }
}

fn file(state: &State, account: &str, content: &mut Content) -> Result<(), Reply> {
    let kind = content.kind.as_str();
    let part = |name: &str| content.part.get(name).and_then(Value::as_str);
    match (part("id"), part("link")) {
        (Some(_), Some(_)) => return Err(invalid(&format!("{kind} takes either id or link"))),
        (Some(id), None) => {
            let found = state.media.sendable(account, id, state.now());
            let found =
                found.ok_or_else(|| invalid(&format!("Media id {id} does not exist or has run out")))?;
            if !fits(kind, &found.mime) {
                return Err(error::whatsapp(
                    400,
                    131_053,
                    "Media upload error",
                    &format!("{} is no {kind}", found.mime),
                ));
            }
            content.media = Some(id.to_owned());
        }
        (None, Some(link)) => {
            if !link.starts_with("https://") && !link.starts_with("http://") {
                let details = "Media link is not a valid URL";
                return Err(error::whatsapp(400, 131_053, "Media upload error", details));
            }
            content.link = Some(link.to_owned());
        }
        (None, None) => return Err(missing(&format!("{kind}.id"))),
    }
    if content.part.get("caption").is_some() && matches!(kind, "audio" | "sticker") {
        return Err(invalid(&format!("{kind} takes no caption")));
    }
    content.text = maybe(&content.part, "caption", "caption", CAPTION)?;
    Ok(())
}

fn contacts(part: &Value) -> Result<(), Reply> {
    let cards = part.as_array().filter(|cards| !cards.is_empty()).ok_or_else(|| missing("contacts"))?;
    let named = |card: &Value| card.pointer("/name/formatted_name").is_some_and(Value::is_string);
    if cards.iter().all(named) { Ok(()) } else { Err(missing("contacts.name.formatted_name")) }
}

fn template(state: &State, account: &str, content: &mut Content) -> Result<(), Reply> {
    let name = content.part.get("name").and_then(Value::as_str).filter(|n| !n.is_empty());
    let name = name.ok_or_else(|| missing("template.name"))?;
    let language = content.part.pointer("/language/code").and_then(Value::as_str);
    let language = language.ok_or_else(|| missing("template.language.code"))?;
    let known = state.account(account).map(|a| a.templates.as_slice()).unwrap_or_default();
    let found = known.iter().find(|t| t["name"] == name && t["language"] == language);
    let Some(found) = found else {
        let details = format!("template name ({name}) does not exist in {language}");
        return Err(error::whatsapp(
            404,
            132_001,
            "Template name does not exist in the translation",
            &details,
        ));
    };
    match found["status"].as_str() {
        Some("PAUSED") => return Err(error::whatsapp(400, 132_015, "Template is paused", name)),
        Some("DISABLED") => return Err(error::whatsapp(400, 132_016, "Template is disabled", name)),
        _ => {}
    }
    let components = content.part.get("components").and_then(Value::as_array).cloned().unwrap_or_default();
    let body = components.iter().find(|c| c["type"] == "body").cloned().unwrap_or_default();
    let given = body.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let wanted = found["parameters"].as_u64().unwrap_or_default();
    if given.len() as u64 != wanted {
        let details = format!(
            "body: number of localizable_params ({}) does not match the expected number of params ({wanted})",
            given.len()
        );
        return Err(error::whatsapp(
            400,
            132_000,
            "Number of parameters does not match the expected number of params",
            &details,
        ));
    }
    let mut shown = found["body"].as_str().unwrap_or(name).to_owned();
    for (n, parameter) in given.iter().enumerate() {
        let Some(text) =
            parameter.get("text").and_then(Value::as_str).filter(|_| parameter["type"] == "text")
        else {
            return Err(error::whatsapp(
                400,
                132_012,
                "Parameter format does not match format in the created template",
                "body takes text",
            ));
        };
        shown = shown.replace(&format!("{{{{{}}}}}", n + 1), text);
    }
    content.text = Some(shown);
    Ok(())
}

fn interactive(content: &mut Content) -> Result<(), Reply> {
    let part = content.part.clone();
    let of = |name: &str| part.get(name).cloned().unwrap_or_default();
    let body = of("body");
    maybe(&of("footer"), "text", "interactive.footer.text", FOOTER)?;
    match of("type").as_str() {
        Some("button") => {
            content.text = Some(words(&body, "text", "interactive.body.text", BUTTONS_BODY)?);
            let buttons = part.pointer("/action/buttons").and_then(Value::as_array);
            let buttons = buttons.filter(|all| !all.is_empty() && all.len() <= BUTTONS);
            let buttons = buttons.ok_or_else(|| invalid("interactive.action.buttons must be 1 to 3"))?;
            for button in buttons {
                if button["type"] != "reply" {
                    return Err(invalid("interactive.action.buttons.type must be reply"));
                }
                let reply = &button["reply"];
                let id = words(reply, "id", "interactive.action.buttons.reply.id", BUTTON_ID)?;
                let title = words(reply, "title", "interactive.action.buttons.reply.title", BUTTON_TITLE)?;
                content.choices.push(json!({"kind": "button_reply", "title": title, "payload": id}));
            }
        }
        Some("list") => {
            content.text = Some(words(&body, "text", "interactive.body.text", LIST_BODY)?);
            words(&of("action"), "button", "interactive.action.button", BUTTON_TITLE)?;
            list(&part, content)?;
        }
        Some("cta_url" | "location_request_message" | "flow") => {
            content.text = Some(words(&body, "text", "interactive.body.text", BUTTONS_BODY)?);
        }
        _ => {
            return Err(invalid(
                "interactive.type must be one of {button, cta_url, flow, list, location_request_message}",
            ));
        }
    }
    let mut ids: Vec<_> = content.choices.iter().map(|choice| choice["payload"].to_string()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() == all { Ok(()) } else { Err(invalid("interactive.action: duplicated ids")) }
}

fn list(part: &Value, content: &mut Content) -> Result<(), Reply> {
    let sections = part.pointer("/action/sections").and_then(Value::as_array);
    let sections = sections.filter(|all| !all.is_empty() && all.len() <= ROWS);
    let sections = sections.ok_or_else(|| invalid("interactive.action.sections must be 1 to 10"))?;
    for section in sections {
        if sections.len() > 1 {
            words(section, "title", "interactive.action.sections.title", ROW_TITLE)?;
        }
        let rows = section.get("rows").and_then(Value::as_array).filter(|rows| !rows.is_empty());
        for row in rows.ok_or_else(|| missing("interactive.action.sections.rows"))? {
            let id = words(row, "id", "interactive.action.sections.rows.id", ROW_ID)?;
            let title = words(row, "title", "interactive.action.sections.rows.title", ROW_TITLE)?;
            let name = "interactive.action.sections.rows.description";
            let description = maybe(row, "description", name, ROW_DESCRIPTION)?;
            content.choices.push(
                json!({"kind": "list_reply", "title": title, "payload": id, "description": description}),
            );
        }
    }
    if content.choices.len() > ROWS {
        return Err(invalid("interactive.action: at most 10 rows in all"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
