//! Identifiers as types of their own, so that no id is ever handed in for another; they are made outside and passed in.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Declares one identifier: a UUID (version 7 by convention, so ids sort by their making) with a name.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id with these 128 bits; for tests and fixed demo data.
            #[must_use]
            pub const fn from_u128(bits: u128) -> Self {
                Self(Uuid::from_u128(bits))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A customer's session on one channel identity, from routing to end.
    InteractionId;
    /// One agent's piece of work in an interaction.
    ActivityId;
    /// One attempt to hand a waiting activity to one agent.
    OfferId;
    /// A message of either direction; made by whoever writes it, so it is also the key of its delivery.
    MessageId;
    /// A file of a message.
    AttachmentId;
    /// A person who logs in: agent, supervisor or admin.
    UserId;
    /// A work line of one channel.
    QueueId;
    /// One account at one provider.
    ConnectorId;
    /// One customer as one connector knows them.
    IdentityId;
    /// One wish of a desk; the same id twice has one effect and one answer.
    CommandId;
    /// An outcome an agent chooses, shown as "Status".
    DispositionId;
    /// A kind of pause.
    PauseId;
    /// A notice on the dashboard.
    NoticeId;
}
