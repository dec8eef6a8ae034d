//! The places of the desk and their addresses. It knows what they are called, not what is drawn there.

use shared::id::InteractionId;

/// Where the agent is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The day at a glance: the landing page.
    #[default]
    Dashboard,
    /// The list of interactions.
    Activities,
    /// The list of those who wait.
    Waiting,
    /// What this person likes.
    Settings,
    /// A conversation.
    Chat(InteractionId),
}

impl Place {
    /// The path below the document's base.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Dashboard => "dashboard".to_owned(),
            Self::Activities => "activities".to_owned(),
            Self::Waiting => "waiting".to_owned(),
            Self::Settings => "settings".to_owned(),
            Self::Chat(id) => ["chat/", &id.to_string()].concat(),
        }
    }

    /// The place of a path; anything unknown is the landing page.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("activities"), None, _) => Self::Activities,
            (Some("waiting"), None, _) => Self::Waiting,
            (Some("settings"), None, _) => Self::Settings,
            (Some("chat"), Some(id), None) => id.parse().map_or(Self::default(), Self::Chat),
            _ => Self::default(),
        }
    }

    /// The interaction shown here, if it is one.
    #[must_use]
    pub const fn chat(self) -> Option<InteractionId> {
        match self {
            Self::Chat(id) => Some(id),
            Self::Dashboard | Self::Activities | Self::Waiting | Self::Settings => None,
        }
    }
}

/// Where the agent came from, newest last, each with how far it was scrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail(Vec<(Place, i32)>);

/// Places remembered; an agent never goes back further.
const REMEMBERED: usize = 32;

impl Trail {
    /// The agent left this place.
    pub fn left(&mut self, place: Place, scrolled: i32) {
        self.0.retain(|(known, _)| *known != place);
        let surplus = (self.0.len() + 1).saturating_sub(REMEMBERED);
        self.0.drain(..surplus);
        self.0.push((place, scrolled));
    }

    /// The newest place that still exists, with how far it was scrolled; the landing page when there is none.
    pub fn back(&mut self, exists: impl Fn(Place) -> bool) -> (Place, i32) {
        while let Some((place, scrolled)) = self.0.pop() {
            if exists(place) {
                return (place, scrolled);
            }
        }
        (Place::default(), 0)
    }
}
