//! The domain of Signalbox: what a command or an inbound message does, and what every event changes; never reads a clock, makes an id or touches a socket, file or browser.
//!
//! # Layout, in reading order
//!
//! * [`id`], [`time`]: the small words. [`flat`]: maps and sets that cost a browser little.
//! * [`channel`]: what each of the four channels can do, counts and allows.
//! * [`interaction`], [`agent`], [`config`]: the three kinds of state, each with its changes and their `apply`.
//! * [`event`]: a change that happened, with its place in its stream.
//! * [`world`]: all live state together, the one place where events are applied.
//! * [`command`], [`decide`]: what people and the system ask for, and what comes of it.
//! * [`permit`], [`permission`], [`refusal`]: may I, and why not.
//! * [`routing`]: who gets the next offer, and why. [`lost`]: whose owner is missing. [`timer`]: what falls due when.
//! * [`thread`]: the visible history of one interaction, as a desk keeps it. [`card`]: what stands beside words.
//! * [`day`]: what an agent did, counted from events.
//! * [`link`]: addresses with variables that an agent opens beside the chat.
//! * [`hyperlink`]: the addresses in a text, and which may be followed.
//! * [`split`]: a text that is too long as several messages.
//! * [`search`]: how names are compared when they are looked for.
//! * [`fault`]: seeded bugs for the tests' own test.
//! * [`wire`]: what the desk's socket and the REST API carry.

#![cfg_attr(test, allow(clippy::similar_names, reason = "a test has a stage and looks at its state"))]

pub mod agent;
pub mod card;
pub mod channel;
pub mod command;
pub mod config;
pub mod day;
pub mod decide;
pub mod event;
pub mod fault;
#[cfg(test)]
mod fixture;
pub mod flat;
pub mod hyperlink;
pub mod id;
pub mod interaction;
pub mod link;
pub mod lost;
pub mod permission;
pub mod permit;
#[cfg(test)]
mod properties;
pub mod refusal;
pub mod routing;
pub mod search;
pub mod split;
pub mod thread;
pub mod time;
pub mod timer;
pub mod wire;
pub mod world;
