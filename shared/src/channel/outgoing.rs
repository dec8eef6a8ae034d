//! Everything that can be sent to a customer, in one closed form for all channels; never how a provider spells it.

use crate::time::Span;
use serde::{Deserialize, Serialize};

/// One message as it leaves us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outgoing {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// One file.
    Media {
        /// What it is.
        media: Media,
        /// Words shown under it, where the channel has such.
        #[serde(default)]
        caption: Option<String>,
    },
    /// Words with answers to tap.
    Choices {
        /// The words.
        text: String,
        /// The answers, in order.
        choices: Vec<Choice>,
        /// What opens the list, where the channel shows many answers as a list.
        #[serde(default)]
        opens: Option<String>,
    },
    /// A text that the provider approved before; also sent outside the window.
    Template(Template),
}

/// A file to send; its bytes are kept apart from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Media {
    /// What it is shown as.
    pub form: MediaForm,
    /// Its type, as `image/png`.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its name with the extension.
    pub name: String,
    /// How long it plays, where that is known.
    #[serde(default)]
    pub plays: Option<Span>,
    /// An address at which everybody may read it; without one its bytes are brought to the provider.
    #[serde(default)]
    pub address: Option<String>,
}

/// What a file is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum MediaForm {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Something to listen to.
    Audio,
    /// A document to keep.
    File,
    /// A sticker.
    Sticker,
}

/// An answer to tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// What comes back when it is tapped.
    pub id: String,
    /// The words on it.
    pub title: String,
    /// Words under it, where the channel shows a list.
    #[serde(default)]
    pub description: Option<String>,
}

/// An approved text with what fills its gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    /// Its name at the provider.
    pub name: String,
    /// Its language, as `cs` or `en_US`.
    pub language: String,
    /// What fills the gaps of its body, in order.
    #[serde(default)]
    pub body: Vec<Gap>,
    /// What fills the gap of its heading.
    #[serde(default)]
    pub header: Option<Gap>,
    /// What its buttons carry, in order.
    #[serde(default)]
    pub buttons: Vec<TemplateButton>,
}

/// What fills one gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gap {
    /// The gap's name, where the template names its gaps.
    #[serde(default)]
    pub name: Option<String>,
    /// The words.
    pub text: String,
}

/// What a button of a template carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TemplateButton {
    /// What comes back when it is tapped.
    Reply {
        /// The payload.
        payload: String,
    },
    /// The end of the address it opens.
    Link {
        /// The end.
        ending: String,
    },
}

impl Outgoing {
    /// Plain words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// The words under which it stands in the history.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text { text } => text.clone(),
            Self::Media { caption: Some(words), .. } if !words.is_empty() => words.clone(),
            Self::Media { media, .. } => media.name.clone(),
            Self::Choices { text, choices, .. } => {
                let titles = choices.iter().flat_map(|one| ["\n· ", one.title.as_str()]);
                std::iter::once(text.as_str()).chain(titles).collect()
            }
            Self::Template(template) => {
                let gaps = template.header.iter().chain(&template.body);
                let gaps = gaps.flat_map(|gap| ["\n· ", gap.text.as_str()]);
                std::iter::once(template.name.as_str()).chain(gaps).collect()
            }
        }
    }

    /// Whether it needs an open window; an approved template does not.
    #[must_use]
    pub const fn needs_window(&self) -> bool {
        !matches!(self, Self::Template(_))
    }

    /// Whether it carries a file; providers count these apart.
    #[must_use]
    pub const fn is_media(&self) -> bool {
        matches!(self, Self::Media { .. })
    }
}
