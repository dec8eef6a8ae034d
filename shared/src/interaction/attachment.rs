//! Files that came with a message: what each is and whether it is here yet; never their bytes and never their names.

use crate::id::AttachmentId;
use serde::{Deserialize, Serialize};

/// One file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id; the address of its bytes.
    pub id: AttachmentId,
    /// What the provider says it is.
    pub kind: AttachmentKind,
    /// Whether it is here.
    #[serde(default)]
    pub state: AttachmentState,
}

/// What a file is, as its provider says; what its bytes are is in [`AttachmentState::Ready`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound file.
    Audio,
    /// A recorded voice message.
    Voice,
    /// Any other file.
    File,
    /// A sticker.
    Sticker,
}

/// Whether a file is here. Providers' addresses live minutes, so the relay fetches every file at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttachmentState {
    /// It is being fetched.
    #[default]
    Pending,
    /// It is here.
    Ready {
        /// What its bytes are, by their first ones: `image/jpeg`.
        media_type: String,
        /// Its size in bytes.
        size: u64,
        /// A picture's size, for a place of the right shape.
        #[serde(default)]
        pixels: Option<Pixels>,
    },
    /// It could not be had; final unless a person asks for it again.
    Failed {
        /// Why.
        why: MediaFault,
    },
}

/// The size of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pixels {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// Why a file could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaFault {
    /// The provider no longer has it, or its address has expired.
    Gone,
    /// It is larger than the workspace takes.
    TooLarge,
    /// It is not what it says it is, or of a type that is not taken.
    Forbidden,
    /// The provider did not answer, time and again.
    Unreachable,
}

impl MediaFault {
    /// The sentence an agent reads.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Gone => "The provider no longer has this file.",
            Self::TooLarge => "This file is too large to be kept.",
            Self::Forbidden => "This file is not what it says it is, so it was not kept.",
            Self::Unreachable => "This file could not be fetched from the provider.",
        }
    }
}

impl AttachmentState {
    /// Whether going from here to `next` says something new. What is here stays here; a retry leads back from failure.
    #[must_use]
    pub fn becomes(&self, next: &Self) -> bool {
        !matches!(self, Self::Ready { .. }) && self != next
    }
}
