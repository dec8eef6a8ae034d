//! Bringing a file to a provider before the message that shows it; an upload may be repeated, a message not.

use super::read;
use super::send::{Providers, SendError, Sending, sender};
use super::spell::{Asset, form, unsendable};
use super::transport;
use serde_json::json;
use shared::channel::{Channel, Media, Outgoing};
use shared::interaction::{Failure, FailureKind};

impl Providers {
    /// The place of the file that a message shows: its own address where the provider takes one, else an upload.
    pub(super) async fn asset(&self, out: &Sending<'_>) -> Result<Option<Asset>, SendError> {
        let Outgoing::Media { media, .. } = out.content else { return Ok(None) };
        if let Some(url) = &media.address {
            return Ok(Some(Asset::Address(url.clone())));
        }
        let bytes = out.bytes.ok_or_else(|| unsendable("no file"))?;
        match out.connector.channel {
            Channel::WhatsApp => {
                let parts = [
                    text("messaging_product", "whatsapp"),
                    text("type", &media.mime),
                    data("file", media, bytes),
                ];
                self.upload(out, "media", "id", &parts).await.map(Some)
            }
            Channel::Messenger | Channel::Instagram => {
                let payload = json!({"is_reusable": true});
                let message =
                    json!({"attachment": {"type": form(media.form), "payload": payload}}).to_string();
                let mut parts = vec![text("message", &message), data("filedata", media, bytes)];
                if out.connector.channel == Channel::Instagram {
                    parts.push(text("platform", "instagram"));
                }
                self.upload(out, "message_attachments", "attachment_id", &parts).await.map(Some)
            }
            // Viber fetches files by address alone.
            Channel::Viber => Err(unsendable("no address")),
        }
    }

    async fn upload(
        &self,
        out: &Sending<'_>,
        edge: &str,
        field: &str,
        parts: &[Part<'_>],
    ) -> Result<Asset, SendError> {
        let boundary = format!("signalbox-{}", out.key);
        let request = self
            .http()
            .post(self.edge(out.connector, sender(out.connector), edge))
            .header("content-type", format!("multipart/form-data; boundary={boundary}"))
            .bearer_auth(out.token)
            .body(multipart(&boundary, parts));
        let answer = transport::call(request).await.map_err(again)?;
        if answer.status.is_success() {
            let id = read::id(read::at(&answer.body, &[field]));
            return id.map(Asset::Id).ok_or_else(|| again(SendError::Unknown));
        }
        Err(again(super::send::graph_refusal(out.connector.channel, &answer)))
    }
}

/// Nothing was sent to the customer: a lost answer is no more than a reason to try again.
fn again(error: SendError) -> SendError {
    match error {
        SendError::Unknown => {
            let failure = Failure { kind: FailureKind::Provider, code: Some("upload".to_owned()) };
            SendError::Temporary { retry_after: None, pace: super::Pace::Usual, failure }
        }
        other => other,
    }
}

/// One field of a form.
struct Part<'a> {
    name: &'a str,
    /// The file's name and type; none for words.
    file: Option<(&'a str, &'a str)>,
    bytes: &'a [u8],
}

const fn text<'a>(name: &'a str, words: &'a str) -> Part<'a> {
    Part { name, file: None, bytes: words.as_bytes() }
}

fn data<'a>(name: &'a str, media: &'a Media, bytes: &'a [u8]) -> Part<'a> {
    Part { name, file: Some((&media.name, &media.mime)), bytes }
}

/// A form of RFC 7578. The boundary holds our own id of the message, which no file can know before.
fn multipart(boundary: &str, parts: &[Part<'_>]) -> Vec<u8> {
    let size: usize = parts.iter().map(|part| part.bytes.len() + 512).sum();
    let mut body = Vec::with_capacity(size);
    for part in parts {
        let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", part.name);
        if let Some((name, mime)) = part.file {
            for piece in ["; filename=\"", &plain(name), "\"\r\nContent-Type: ", &plain(mime)] {
                head.push_str(piece);
            }
        }
        head.push_str("\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(part.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

/// A name that cannot end its line or its quotes.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect::<String>().replace('"', "%22")
}
