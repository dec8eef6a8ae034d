//! Files at the providers: what customers sent and businesses uploaded, with the life of their ids; never keeps more bytes than its bound.

use std::collections::{HashMap, VecDeque};

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::config::Channel;
use crate::ids;
use crate::sign::hmac_hex;

mod file;
mod sample;
pub(crate) mod serve;
pub(crate) mod sniff;

pub(crate) use file::{Fault, File};

/// Files known at most; the oldest go first.
const FILES: usize = 20_000;
/// Bytes kept of uploads, all together; the oldest lose theirs and are served as zeros.
const BYTES: usize = 128 * 1024 * 1024;
/// Largest file a phone can be told to send.
pub(crate) const LARGEST: u64 = 300 * 1024 * 1024;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
/// `WhatsApp`: how long an id from a webhook lives, and one of an upload.
const WHATSAPP_INBOUND_MS: u64 = 7 * DAY_MS;
const WHATSAPP_UPLOAD_MS: u64 = 30 * DAY_MS;
/// Messenger and Instagram: how long an attachment id lives.
const ATTACHMENT_MS: u64 = 90 * DAY_MS;

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    pub id: String,
    pub account: String,
    pub mime: String,
    pub name: String,
    /// The beginning; the rest up to `size` is zeros.
    pub head: Bytes,
    pub size: u64,
    pub told_size: u64,
    pub sha256: String,
    pub sha256_hex: String,
    /// When the id stops meaning anything.
    pub until_ms: u64,
    /// Given by the business: may be sent.
    pub uploaded: bool,
    pub fault: Option<Fault>,
    pub fault_left: Option<u32>,
    pub slow_ms: u64,
    pub redirect: Option<String>,
}

/// All files.
#[derive(Debug)]
pub(crate) struct Store {
    files: HashMap<String, Media>,
    order: VecDeque<String>,
    bytes: usize,
    /// Key of the addresses' signatures; new with every start.
    key: String,
    /// The simulator's own address, without a slash at the end.
    pub base: String,
}

impl Store {
    pub(crate) fn new(base: String) -> Self {
        Self { files: HashMap::new(), order: VecDeque::new(), bytes: 0, key: ids::digest(), base }
    }

    /// A customer's file. `kind` names the type when the file does not.
    pub(crate) fn add(
        &mut self,
        account: &str,
        channel: Channel,
        file: &File,
        mime: &str,
        now: u64,
    ) -> Result<Media, String> {
        let told = file.mime.as_deref().unwrap_or(mime);
        let real = file.real_mime.as_deref().unwrap_or(told);
        let id = ids::media_id();
        let seed = id.bytes().fold(0_u64, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte));
        let head = match &file.content {
            Some(text) => Bytes::from(text.clone().into_bytes()),
            None => sample::of(real, seed)
                .ok_or_else(|| format!("media.mime: no sample of {real}; give media.content"))?,
        };
        let size = file.size.unwrap_or(head.len() as u64);
        if size > LARGEST {
            return Err(format!("media.size: {LARGEST} bytes at most"));
        }
        let head = head.slice(..head.len().min(usize::try_from(size).unwrap_or(usize::MAX)));
        let ending = sample::ending(told);
        let lives = if channel == Channel::Whatsapp { WHATSAPP_INBOUND_MS } else { u64::MAX / 2 };
        let digest = digest(&head, size);
        let media = Media {
            name: file.name.clone().unwrap_or_else(|| format!("{}.{ending}", id.get(..8).unwrap_or(&id))),
            account: account.to_owned(),
            mime: told.to_owned(),
            told_size: file.told_size.unwrap_or(size),
            sha256: ids::standard_base64(&digest),
            sha256_hex: hex::encode(digest),
            until_ms: now.saturating_add(lives),
            uploaded: false,
            fault: file.fault,
            fault_left: file.fault_times,
            slow_ms: file.slow_ms.unwrap_or(5_000),
            redirect: file.redirect.clone(),
            id,
            head,
            size,
        };
        self.keep(media.clone());
        Ok(media)
    }

    /// A business's upload.
    pub(crate) fn upload(
        &mut self,
        account: &str,
        channel: Channel,
        mime: &str,
        name: &str,
        bytes: Bytes,
        now: u64,
    ) -> Media {
        let lives = if channel == Channel::Whatsapp { WHATSAPP_UPLOAD_MS } else { ATTACHMENT_MS };
        let digest = digest(&bytes, bytes.len() as u64);
        let media = Media {
            id: ids::media_id(),
            account: account.to_owned(),
            mime: mime.to_owned(),
            name: name.to_owned(),
            size: bytes.len() as u64,
            told_size: bytes.len() as u64,
            head: bytes,
            sha256: ids::standard_base64(&digest),
            sha256_hex: hex::encode(digest),
            until_ms: now.saturating_add(lives),
            uploaded: true,
            fault: None,
            fault_left: None,
            slow_ms: 0,
            redirect: None,
        };
        self.keep(media.clone());
        media
    }

    fn keep(&mut self, media: Media) {
        self.bytes += media.head.len();
        self.order.push_back(media.id.clone());
        self.files.insert(media.id.clone(), media);
        while self.order.len() > FILES {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(gone) = self.files.remove(&oldest) {
                self.bytes = self.bytes.saturating_sub(gone.head.len());
            }
        }
        if self.bytes > BYTES {
            self.lighten();
        }
    }

    /// Lets the oldest files lose their bytes until the bound holds.
    fn lighten(&mut self) {
        for id in &self.order {
            if self.bytes <= BYTES {
                break;
            }
            if let Some(media) = self.files.get_mut(id) {
                self.bytes = self.bytes.saturating_sub(media.head.len());
                media.head = Bytes::new();
            }
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Media> {
        self.files.get(id)
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.files.remove(id).is_some()
    }

    /// A file the business may send from the account: uploaded there and not run out.
    pub(crate) fn sendable(&self, account: &str, id: &str, now: u64) -> Option<&Media> {
        self.get(id).filter(|m| m.uploaded && m.account == account && m.until_ms > now)
    }

    /// One fetch: the file's fault, if it still has one.
    fn stumble(&mut self, id: &str) -> Option<Fault> {
        let media = self.files.get_mut(id)?;
        let fault = media.fault?;
        match &mut media.fault_left {
            Some(0) => return None,
            Some(left) => *left -= 1,
            None => {}
        }
        Some(fault)
    }

    fn signature(&self, id: &str, until_s: u64) -> String {
        let mut mac = hmac_hex(&self.key, format!("{id}|{until_s}").as_bytes());
        mac.truncate(32);
        mac
    }

    /// The address of a customer's file, with its end.
    pub(crate) fn address(&self, channel: Channel, media: &Media, now: u64) -> String {
        let lives = match channel {
            Channel::Whatsapp => 5 * MINUTE_MS,
            Channel::Viber => 60 * MINUTE_MS,
            Channel::Messenger | Channel::Instagram => DAY_MS,
        };
        let until = (now + lives) / 1_000;
        let (base, id, name) = (&self.base, &media.id, path_name(&media.name));
        let mac = self.signature(id, until);
        match channel {
            Channel::Whatsapp => {
                format!(
                    "{base}/whatsapp_business/attachments/?mid={id}&source=getMedia&ext={until}&hash={mac}"
                )
            }
            Channel::Viber => format!("{base}/cdn/viber/{id}/{name}?Expires={until}&Signature={mac}"),
            _ => format!("{base}/cdn/meta/{id}/{name}?_nc_cat=1&oh={mac}&oe={until:x}"),
        }
    }

    /// The address of a customer's picture; two days for Meta's, an hour for Viber's.
    pub(crate) fn face(&self, channel: Channel, key: &str, now: u64) -> String {
        let lives = if channel == Channel::Viber { 60 * MINUTE_MS } else { 2 * DAY_MS };
        let until = (now + lives) / 1_000;
        let mac = self.signature(key, until);
        format!("{}/cdn/face/{key}.jpg?oh={mac}&oe={until:x}", self.base)
    }

    /// Whether an address is one of ours and has not run out.
    fn opens(&self, id: &str, until_s: u64, mac: &str, now: u64) -> bool {
        until_s * 1_000 > now && self.signature(id, until_s) == mac
    }
}

/// A name that may stand in a path.
fn path_name(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    if name.is_empty() { "file".to_owned() } else { name }
}

/// Digest of the head and the zeros behind it.
fn digest(head: &[u8], size: u64) -> [u8; 32] {
    static ZEROS: [u8; 65_536] = [0; 65_536];
    let mut hash = Sha256::new();
    hash.update(head);
    let mut left = usize::try_from(size).unwrap_or(usize::MAX).saturating_sub(head.len());
    while left > 0 {
        let step = left.min(ZEROS.len());
        hash.update(ZEROS.get(..step).unwrap_or_default());
        left -= step;
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests;
