//! What travels between desk and relay: frames of the socket, snapshots and bodies of the REST API; JSON, tagged, closed.
//!
//! An enum that a relay may extend ends in `Unknown`: an older desk that meets it fetches the stream anew.

mod admin;
mod decode;
mod frame;
mod health;
mod list;
mod look;
mod rest;
mod snapshot;
#[cfg(test)]
mod tests;
mod tree;

pub use admin::{
    AppSetup, ConnectorSetup, ItemBody, ItemGroup, ItemPage, ItemRow, ItemState, RetryAnswer, RetryGroup,
    RetryRequest, SetupBody, VerifyToken,
};
pub use decode::{Heard, Unreadable, apart, decode_desk, decode_relay, read};
pub use frame::{Bye, DeskFrame, Outcome, Position, RelayFrame, Resume, Resumed};
pub use health::{
    CheckBody, ConnectorHealth, ErrorBody, HealthState, PausedBody, TOKEN_ENDS_SOON, TokenState,
};
pub use list::{
    AccountTrouble, AccountWrong, ColleagueRow, ListUpdate, Presence, QueueRow, WaitingRow, WaitingState,
};
pub use look::{LookBody, NoSound, SOUND_MAX, SoundBody, SoundKind, SoundName};
pub use rest::{
    ConnectorBody, DayBody, DispositionBody, HistoryPage, InteractionPage, InteractionRow, MemberBody,
    NoticeBody, PauseBody, QueueBody, SessionAnswer, SessionKind, SessionRequest, UserBody,
};
pub use snapshot::{Customer, DeskConfig, DeskQueue, DeskSnapshot, Draft, InteractionSnapshot, StatusNote};

/// The version of the desk protocol; a relay refuses another one and says so.
pub const PROTOCOL: u16 = 1;
