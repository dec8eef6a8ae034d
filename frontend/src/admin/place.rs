//! The pages of the admin and their addresses. It knows what they are called, not what is drawn there.

use super::guide::Kind;
use shared::id::{ConnectorId, NoticeId};

/// Where somebody is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// The list of accounts: the landing page.
    #[default]
    Connectors,
    /// What to connect.
    Choose,
    /// Connecting an account of a kind that has no connector yet; the Meta app once it is known.
    Begin(Kind, Option<String>),
    /// Connecting goes on.
    Guide(ConnectorId),
    /// The settings of an account.
    Connector(ConnectorId),
    /// What is up on the dashboards.
    Notices,
    /// A new notice.
    NewNotice,
    /// One notice.
    Notice(NoticeId),
    /// What holds for the whole workspace.
    Workspace,
    /// How it looks and sounds.
    Look,
    /// What was not understood.
    NotUnderstood,
    /// One item of it.
    Item(i64),
}

impl Place {
    /// The path below the admin's base.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Connectors => "connectors".to_owned(),
            Self::Choose => "connectors/new".to_owned(),
            Self::Begin(kind, None) => ["connectors/new/", kind.key()].concat(),
            Self::Begin(kind, Some(app)) => ["connectors/new/", kind.key(), "/", app].concat(),
            Self::Guide(id) => ["connectors/", &id.to_string(), "/guide"].concat(),
            Self::Connector(id) => ["connectors/", &id.to_string()].concat(),
            Self::Notices => "notices".to_owned(),
            Self::NewNotice => "notices/new".to_owned(),
            Self::Notice(id) => ["notices/", &id.to_string()].concat(),
            Self::Workspace => "workspace".to_owned(),
            Self::Look => "look".to_owned(),
            Self::NotUnderstood => "not-understood".to_owned(),
            Self::Item(id) => ["not-understood/", &id.to_string()].concat(),
        }
    }

    /// The place of a path; anything unknown is the landing page.
    pub(super) fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["connectors", "new"] => Self::Choose,
            ["connectors", "new", kind] => {
                Kind::of(kind).map_or(Self::Choose, |kind| Self::Begin(kind, None))
            }
            ["connectors", "new", kind, app] => {
                Kind::of(kind).map_or(Self::Choose, |kind| Self::Begin(kind, Some((*app).to_owned())))
            }
            ["connectors", id] => id.parse().map_or(Self::Connectors, Self::Connector),
            ["connectors", id, "guide"] => id.parse().map_or(Self::Connectors, Self::Guide),
            ["notices"] => Self::Notices,
            ["notices", "new"] => Self::NewNotice,
            ["notices", id] => id.parse().map_or(Self::Notices, Self::Notice),
            ["workspace"] => Self::Workspace,
            ["look"] => Self::Look,
            ["not-understood"] => Self::NotUnderstood,
            ["not-understood", id] => id.parse().map_or(Self::NotUnderstood, Self::Item),
            _ => Self::Connectors,
        }
    }

    /// The entry of the menu this belongs to.
    pub(super) const fn entry(&self) -> Self {
        match self {
            Self::Notices | Self::NewNotice | Self::Notice(_) => Self::Notices,
            Self::Workspace => Self::Workspace,
            Self::Look => Self::Look,
            Self::NotUnderstood | Self::Item(_) => Self::NotUnderstood,
            _ => Self::Connectors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Place};
    use shared::id::{ConnectorId, NoticeId};

    #[test]
    fn every_place_has_an_address_that_leads_back() {
        let id = ConnectorId::from_u128(7);
        for place in [
            Place::Connectors,
            Place::Choose,
            Place::Begin(Kind::Viber, None),
            Place::Begin(Kind::InstagramPage, Some("123".to_owned())),
            Place::Guide(id),
            Place::Connector(id),
            Place::Notices,
            Place::NewNotice,
            Place::Notice(NoticeId::from_u128(9)),
            Place::Workspace,
            Place::Look,
            Place::NotUnderstood,
            Place::Item(42),
        ] {
            assert_eq!(Place::of(&place.path()), place);
        }
        for stray in ["", "elsewhere", "connectors/no-id", "notices/x/y", "not-understood/x/y"] {
            assert!(matches!(Place::of(stray), Place::Connectors), "{stray}");
        }
    }
}
