//! Bodies of the REST routes about look and sounds: the workspace's colour, and which sounds are its own.

use crate::config::{Look, NoColour};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// 1 MiB, the largest sound: a minute of mp3, and what tells that somebody waits is over in seconds.
pub const SOUND_MAX: usize = 1024 * 1024;

/// How the workspace looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct LookBody {
    /// The colour in place of the petrol, as `#0f6b68`; null or absent = Signalbox's own. Desk and admin show it lighter
    /// or darker where it could not be read.
    #[serde(default)]
    pub accent: Option<String>,
}

impl From<Look> for LookBody {
    fn from(look: Look) -> Self {
        Self { accent: look.accent.map(|colour| colour.to_string()) }
    }
}

impl TryFrom<LookBody> for Look {
    type Error = NoColour;

    fn try_from(body: LookBody) -> Result<Self, NoColour> {
        Ok(Self { accent: body.accent.map(|text| text.parse()).transpose()? })
    }
}

/// What is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SoundName {
    /// Somebody waits for an answer.
    Offer,
    /// A customer wrote in an open chat.
    Message,
}

impl SoundName {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Offer, Self::Message];

    /// Its name in addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Message => "message",
        }
    }
}

/// A name of no sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSound;

impl FromStr for SoundName {
    type Err = NoSound;

    fn from_str(key: &str) -> Result<Self, NoSound> {
        Self::ALL.into_iter().find(|one| one.key() == key).ok_or(NoSound)
    }
}

/// A kind of sound that browsers play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SoundKind {
    /// MPEG layer III.
    Mp3,
    /// AAC in MP4.
    M4a,
    /// A book of the same.
    M4b,
    /// AAC without a container.
    Aac,
    /// Vorbis and others in Ogg.
    Ogg,
    /// Opus in Ogg.
    Opus,
    /// RIFF waves.
    Wav,
    /// FLAC.
    Flac,
}

impl SoundKind {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Mp3, Self::M4a, Self::M4b, Self::Aac, Self::Ogg, Self::Opus, Self::Wav, Self::Flac];

    /// The usual ending of its files, which is its name in every language.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::M4a => "m4a",
            Self::M4b => "m4b",
            Self::Aac => "aac",
            Self::Ogg => "ogg",
            Self::Opus => "opus",
            Self::Wav => "wav",
            Self::Flac => "flac",
        }
    }

    /// Its media type, which browsers are told.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::M4a | Self::M4b => "audio/mp4",
            Self::Aac => "audio/aac",
            Self::Ogg | Self::Opus => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
        }
    }
}

/// A sound of the workspace's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct SoundBody {
    /// In the place of which.
    pub sound: SoundName,
    /// What it is, by its first bytes.
    pub kind: SoundKind,
    /// How large, in bytes.
    pub bytes: u32,
    /// When it was set.
    pub at: Timestamp,
}
