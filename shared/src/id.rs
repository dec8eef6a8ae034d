//! Identifiers as types of their own, so that no id is ever handed in for another; they are made outside and passed in.

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A text that is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, with hyphens between them")
    }
}

impl std::error::Error for NotAnId {}

/// Reads an id as it is written, and in no other of the spellings a UUID may have: what leads somewhere has one address.
/// (And a desk need not carry the words for what is wrong with the others.)
fn read(text: &str) -> Result<Uuid, NotAnId> {
    let mut bits = 0_u128;
    for (place, sign) in text.chars().enumerate() {
        if matches!(place, 8 | 13 | 18 | 23) {
            if sign != '-' {
                return Err(NotAnId);
            }
        } else {
            bits = bits << 4 | u128::from(sign.to_digit(16).ok_or(NotAnId)?);
        }
    }
    if text.len() == 36 { Ok(Uuid::from_u128(bits)) } else { Err(NotAnId) }
}

fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Uuid, D::Error> {
    struct Text;

    impl Visitor<'_> for Text {
        type Value = Uuid;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(&NotAnId, f)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Uuid, E> {
            read(text).map_err(|NotAnId| E::invalid_value(serde::de::Unexpected::Str(text), &self))
        }
    }

    from.deserialize_str(Text)
}

/// Declares one identifier: a UUID (version 7 by convention, so ids sort by their making) with a name.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(#[serde(deserialize_with = "deserialize")] pub Uuid);

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
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                read(text).map(Self)
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

#[cfg(test)]
mod tests {
    use super::{InteractionId, NotAnId};

    #[test]
    fn an_id_has_one_spelling() {
        let id = InteractionId::from_u128(0x0195_4f3a_9c01_7abc_8def_0123_4567_89ab);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_uppercase().parse(), Ok(id), "letters may be capital, as RFC 9562 says");
        let others = [
            String::new(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            format!("urn:uuid:{text}"),
            format!("{text}0"),
            text[..35].to_owned(),
            text.replace('a', "g"),
            text.replacen('0', "-", 1),
            format!("é{}", &text[2..]),
        ];
        for other in others {
            assert_eq!(other.parse::<InteractionId>(), Err(NotAnId), "{other}");
            assert!(serde_json::from_value::<InteractionId>(other.clone().into()).is_err(), "{other}");
        }
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<InteractionId>(&json).unwrap(), id);
    }
}
