//! What a customer can write, in each provider's own shape; what a provider cannot carry is refused in words, and nothing is sent here.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::config::Channel;
use crate::ids;
use crate::media::{File, Media, Store};
use crate::state::Phone;
use crate::twist::Twist;

mod messenger;
mod viber;
mod whatsapp;

/// Everything the control API can say of one message; what a kind does not use is ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft {
    /// `text` when absent.
    pub kind: Option<String>,
    /// Words, caption, or body.
    pub text: String,
    pub at_ms: Option<u64>,
    /// The provider's id of the message this one quotes.
    pub reply_to: Option<String>,
    /// The file of image, video, audio, voice, file and sticker.
    pub media: File,
    /// How many files at once; Messenger and Instagram.
    pub count: Option<u32>,
    /// Payload or id behind a tap.
    pub payload: Option<String>,
    /// Words on what was tapped, of a share, a product.
    pub title: Option<String>,
    pub description: Option<String>,
    pub url: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Of a place or a contact.
    pub name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    /// `WhatsApp` order lines; one sample line when absent.
    pub items: Option<Vec<Value>>,
    /// `WhatsApp`: `once` or `often`.
    pub forwarded: Option<String>,
    /// The advertisement that led here: fields laid over a sample.
    pub ad: Option<Map<String, Value>>,
    /// What the provider could not show (`poll`, `edit`…).
    pub unsupported: Option<String>,
    /// Messenger, Instagram: another app holds the thread.
    pub standby: bool,
    /// `WhatsApp`: the group the message was written to.
    pub group_id: Option<String>,
    /// Bends the webhook.
    pub wire: Twist,
}

impl Draft {
    pub(crate) fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or("text")
    }

    fn title_or<'a>(&'a self, other: &'a str) -> &'a str {
        self.title.as_deref().unwrap_or(other)
    }

    fn place(&self) -> (f64, f64) {
        (self.latitude.unwrap_or(50.087_46), self.longitude.unwrap_or(14.421_25))
    }
}

/// A message in the provider's shape.
#[derive(Debug)]
pub(crate) struct Shaped {
    pub id: String,
    /// The kind as the phone shows it.
    pub kind: String,
    pub text: Option<String>,
    /// Messenger and Instagram: the `message` object; `WhatsApp`: the fields beside id, type and time; Viber: `message`.
    pub content: Value,
    /// The provider's word for the type.
    pub wire_type: String,
    /// The provider tells the business of it.
    pub told: bool,
    /// Id of the file it carries.
    pub media: Option<String>,
}

/// Shapes the draft for the phone's provider.
pub(crate) fn shape(
    phone: &Phone,
    business: &str,
    draft: &Draft,
    store: &mut Store,
    now: u64,
) -> Result<Shaped, String> {
    if draft.kind() == "text" && draft.text.trim().is_empty() {
        return Err("text: phones send no blank messages".to_owned());
    }
    let mut desk = Shaper { phone, business, draft, store, now };
    match phone.channel {
        Channel::Messenger | Channel::Instagram => messenger::shape(&mut desk),
        Channel::Whatsapp => whatsapp::shape(&mut desk),
        Channel::Viber => viber::shape(&mut desk),
    }
}

/// What the shapes are made from.
struct Shaper<'a> {
    phone: &'a Phone,
    /// The business's own number or id.
    business: &'a str,
    draft: &'a Draft,
    store: &'a mut Store,
    now: u64,
}

impl Shaper<'_> {
    fn file(&mut self, mime: &str) -> Result<Media, String> {
        self.store.add(&self.phone.account, self.phone.channel, &self.draft.media, mime, self.now)
    }

    /// A new file with its address.
    fn at_address(&mut self, mime: &str) -> Result<(Media, String), String> {
        let media = self.file(mime)?;
        let url = self.store.address(self.phone.channel, &media, self.now);
        Ok((media, url))
    }

    fn cannot(&self, why: &str) -> String {
        format!("kind: {} {why}", self.draft.kind())
    }
}

/// `{field: value}` of those that are there.
fn given(fields: &[(&str, Option<Value>)]) -> Map<String, Value> {
    let there = fields.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)));
    there.collect()
}

/// The kinds each provider's phones can send, for the page and for refusals.
pub(crate) const fn kinds(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::Messenger => messenger::MESSENGER,
        Channel::Instagram => messenger::INSTAGRAM,
        Channel::Whatsapp => whatsapp::KINDS,
        Channel::Viber => viber::KINDS,
    }
}

fn unknown(channel: Channel) -> String {
    format!("kind: this provider's phones send {}", kinds(channel).join(", "))
}

/// The referral of an advertisement as Meta's messengers carry it, with the given fields on top.
pub(crate) fn meta_ad(ad: &Map<String, Value>) -> Value {
    let mut referral = json!({
        "ref": "spring", "ad_id": "6045246247433", "source": "ADS", "type": "OPEN_THREAD",
        "ads_context_data": {"ad_title": "Boots, half price", "post_id": "310270000000000", "photo_url": "https://scontent.example/ad.jpg"},
    });
    if let Some(fields) = referral.as_object_mut() {
        fields.extend(ad.clone());
    }
    referral
}

/// A mid in the channel's form.
fn mid(channel: Channel) -> String {
    match channel {
        Channel::Messenger => ids::messenger_mid(),
        _ => ids::instagram_mid(),
    }
}

#[cfg(test)]
mod tests;
