//! Everything that can reach the one task that keeps the connection; each note is handled to its end before the next.

use super::keep::{Cache, Keeper};
use crate::browser::locks::Guard;
use crate::browser::net::NetError;
use crate::outbox::{Pending, Wish};
use crate::store::Demo;
use serde::{Deserialize, Serialize};
use shared::id::{CommandId, InteractionId};
use shared::wire::{DayBody, DeskSnapshot, HistoryPage, InteractionPage, InteractionSnapshot, Outcome};

/// An earlier chat that was asked for.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// Above which conversation.
    pub home: InteractionId,
    /// The chat that it goes before.
    pub top: InteractionId,
    /// Which it is.
    pub earlier: InteractionId,
    /// So many lines are still to come.
    pub lines: usize,
}

/// The texts of a whole start: of all but the interactions, and of each of those.
pub type Texts = (String, Vec<String>);

/// Something that happened around the connection.
pub enum Note {
    /// The desk asks for something.
    Wish(Wish),
    /// A socket opened.
    SocketOpened(u64),
    /// A socket brought a frame.
    SocketSaid(u64, String),
    /// A socket closed.
    SocketClosed(u64),
    /// Time went by.
    Tick,
    /// The device has a network, or has none.
    Network(bool),
    /// The tab was shown or hidden.
    Shown,
    /// The page is about to be frozen or left.
    Leaving,
    /// The device's storage opened, with all it held; or why it did not.
    Kept(Result<(Keeper, Box<Cache>), String>),
    /// These commands are on disk.
    Saved(Vec<CommandId>),
    /// The device stopped keeping, and why; these commands are not on disk.
    NotSaved(Vec<CommandId>, String),
    /// All commands on disk.
    Rows(Vec<Pending>),
    /// Everything on this device was wiped.
    Wiped,
    /// This tab sends for all tabs from now on; or the browser has no locks.
    Leads(Option<Guard>),
    /// Another tab said something.
    Heard(Hint),
    /// The whole start came, with the texts to keep of it.
    Desk(Box<Result<(DeskSnapshot, Texts), NetError>>),
    /// An interaction came, with its text.
    Interaction(InteractionId, Box<Result<(InteractionSnapshot, String), NetError>>),
    /// An older page came: above which conversation it was asked for, and of which it is.
    Older(InteractionId, InteractionId, Result<HistoryPage, NetError>),
    /// An earlier chat came.
    Earlier(Wanted, Box<Result<InteractionSnapshot, NetError>>),
    /// A page of activities came: of which request, and whether it was the first.
    Activities(u32, bool, Result<InteractionPage, NetError>),
    /// The agent's day in numbers came.
    Day(Result<DayBody, NetError>),
    /// The relay answered a login.
    LoggedIn(Result<(), NetError>),
    /// The relay said whether somebody is logged in.
    Checked(Result<(), NetError>),
    /// Somebody logged out; the relay knows it or will be told.
    LoggedOut,
    /// The relay was told of a logout it did not know of, or could not be.
    Left(Result<(), NetError>),
    /// What the demo offers came.
    Demo(Option<Demo>),
    /// Drafts have waited long enough to be written down.
    FlushDrafts,
}

/// What one tab tells the others. A tab that sleeps may miss it, so nothing rests on it alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// The commands on disk changed.
    Outbox,
    /// The relay answered a command.
    Answer {
        /// The command.
        id: CommandId,
        /// What came of it.
        outcome: Outcome,
    },
    /// A draft changed. Its words come along: on disk they may not be yet.
    Draft {
        /// Of this conversation.
        interaction: InteractionId,
        /// What it is now.
        text: String,
    },
    /// A conversation was looked at.
    Viewed {
        /// Which.
        interaction: InteractionId,
        /// Up to which line.
        seq: u64,
    },
    /// Somebody logged out, in or over.
    Session,
}
