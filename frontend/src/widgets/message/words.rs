//! The English words of the message widget, in one place. It formats nothing but sentences.

use crate::desk::Progress;
use shared::card::CardKind;
use shared::interaction::{Delivery, Failure, FailureKind, Pricing};

/// The widget's name.
pub const WIDGET: &str = "Conversation";
/// The history's name.
pub const HISTORY: &str = "Messages and events";
/// Could not be fetched.
pub const NOT_FETCHED: &str = "This chat could not be opened";
/// Fetches more.
pub const OLDER: &str = "Load older messages";
/// More is on its way.
pub const LOADING_OLDER: &str = "Loading…";
/// The day it is.
pub const TODAY: &str = "Today";
/// The day before.
pub const YESTERDAY: &str = "Yesterday";
/// The text field's name.
pub const MESSAGE: &str = "Message";
/// The empty text field.
pub const WRITE: &str = "Write a reply…";
/// Sends.
pub const SEND: &str = "Send";
/// How the keys work.
pub const KEYS: &str = "Enter sends, Shift + Enter starts a new line";
/// The status field.
pub const STATUS: &str = "Status";
/// No status yet.
pub const CHOOSE_STATUS: &str = "Choose a status";
/// Ends the chat.
pub const CLOSE: &str = "Close";
/// Closing was asked for.
pub const CLOSING: &str = "Closing…";
/// A message nobody can draw.
pub const UNSUPPORTED: &str = "This kind of message cannot be shown here. It can be seen on a phone.";
/// Words that were erased.
pub const REMOVED: &str = "Removed";
/// A message its sender took back.
pub const UNSENT: &str = "This message was taken back";
/// Its words were replaced.
pub const EDITED: &str = " · edited";
/// A message that was not sent from here.
pub const ELSEWHERE: &str = "Sent elsewhere";
/// A message that no person wrote.
pub const AUTOMATIC: &str = "Automatic message";
/// An emoji on a message.
pub const REACTION: &str = "Reaction";
/// What is answered is not among the lines that are here.
pub const EARLIER: &str = "An earlier message";
/// A file is on its way.
pub const FETCHING: &str = "Fetching the file…";
/// A picture without a name.
pub const PHOTO: &str = "Photo";
/// A file without a name.
pub const FILE: &str = "File";
/// Sends again.
pub const AGAIN: &str = "Try again";
/// Lets be what went wrong.
pub const DISMISS: &str = "Dismiss";
/// Gives up.
pub const DISCARD: &str = "Discard";
/// Takes the words back into the composer.
pub const EDIT: &str = "Edit";
/// Asks before an unsent text is lost.
pub const UNSENT_TITLE: &str = "Your reply was not sent";
/// What happens to it.
pub const UNSENT_TEXT: &str = "Closing discards what you have written.";
/// Goes on.
pub const CLOSE_WITHOUT: &str = "Close without sending";
/// Stays.
pub const KEEP_WRITING: &str = "Keep writing";
/// Asks before an unread message is left.
pub const AGAIN_TITLE: &str = "The customer wrote again";
/// What happens to it.
pub const AGAIN_TEXT: &str = "Close anyway? Their next message after that starts a new chat.";
/// Goes on.
pub const CLOSE_ANYWAY: &str = "Close anyway";
/// Stays.
pub const READ_FIRST: &str = "Read it first";
/// The chat has ended.
pub const ENDED: &str = "Ended";
/// Since when the chat runs.
pub const RUNS: &str = "Since the chat began";
/// The customer must write first.
pub const WINDOW_OVER: &str = "Free reply is over";

/// What a card is.
pub const fn card(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Location => "Location",
        CardKind::Contact => "Contact",
        CardKind::Order => "Order",
        CardKind::Share => "Shared",
        CardKind::StoryReply => "Replied to your story",
        CardKind::StoryMention => "Mentioned you in a story",
        CardKind::Ad => "Came from an advertisement",
        CardKind::Form => "Form",
        CardKind::Appointment => "Appointment",
        CardKind::Forwarded => "Forwarded",
        CardKind::Unsupported | CardKind::Unknown => "",
    }
}

/// A size in bytes, in the unit that suits it.
pub fn size(bytes: u64) -> String {
    let (unit, word) = if bytes < 1_000_000 { (1_000, " kB") } else { (1_000_000, " MB") };
    [bytes.div_ceil(unit).to_string().as_str(), word].concat()
}

/// The host an address leads to: what a person looks at before they follow it.
pub fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}

/// What a message costs.
pub fn price(pricing: &Pricing) -> String {
    ["Charged as ", &pricing.category].concat()
}

/// What is left of a limit in characters.
pub fn characters(left: i64) -> String {
    counted(left, "")
}

/// What is left of a limit in bytes.
pub fn bytes(left: i64) -> String {
    counted(left, " bytes")
}

fn counted(left: i64, unit: &str) -> String {
    let (number, end) = if left < 0 { (-left, " too many") } else { (left, " left") };
    [number.to_string().as_str(), unit, end].concat()
}

/// The pill that says when more came while the agent read above.
pub fn new_below(count: usize) -> String {
    match count {
        1 => "1 new message".to_owned(),
        n => [n.to_string().as_str(), " new messages"].concat(),
    }
}

/// How long free text may still be sent.
pub fn window_left(milliseconds: i64) -> String {
    let minutes = milliseconds.max(0) / 60_000;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    if hours > 0 {
        ["Free reply for ", &hours.to_string(), " h ", &minutes.to_string(), " min"].concat()
    } else {
        ["Free reply for ", &minutes.to_string(), " min"].concat()
    }
}

/// How far a message has come: its key in the stylesheet, and the words.
pub fn progress(progress: &Progress) -> (&'static str, &'static str) {
    match progress {
        Progress::WaitsForConnection => ("waiting", "Waits to be sent"),
        Progress::Sending | Progress::Delivery(Delivery::Queued | Delivery::Sending) => {
            ("sending", "Sending")
        }
        Progress::Unclear | Progress::Delivery(Delivery::Unknown) => ("unknown", "Unclear"),
        Progress::Refused(_) => ("refused", "Not sent"),
        Progress::Delivery(Delivery::Sent) => ("sent", "Sent"),
        Progress::Delivery(Delivery::Delivered) => ("delivered", "Delivered"),
        Progress::Delivery(Delivery::Seen) => ("seen", "Seen"),
        Progress::Delivery(Delivery::Failed(_)) => ("failed", "Not delivered"),
    }
}

/// What went wrong and what helps; nothing where all is well.
pub fn trouble(progress: &Progress) -> Option<String> {
    Some(match progress {
        Progress::Refused(refusal) => refusal.sentence(),
        Progress::Unclear => "It waited too long. Nobody can say whether it went out.".to_owned(),
        Progress::Delivery(Delivery::Unknown) => {
            "The channel did not answer. It may or may not have arrived; ask before you send it again."
                .to_owned()
        }
        Progress::Delivery(Delivery::Failed(failure)) => failed(failure),
        _ => return None,
    })
}

fn failed(failure: &Failure) -> String {
    let sentence = match failure.kind {
        FailureKind::Window => "The time for a free reply was over. The customer has to write first.",
        FailureKind::Unreachable => "The customer cannot be reached: blocked, left or deleted.",
        FailureKind::Account => "The channel refused our account. Tell your administrator.",
        FailureKind::Content => "The channel refused this text. Write it differently.",
        FailureKind::Limit => "The channel's limit was reached. Wait a little and write again.",
        FailureKind::Provider => "The channel did not work. Write again in a while.",
    };
    match &failure.code {
        Some(code) => [sentence, " (", code, ")"].concat(),
        None => sentence.to_owned(),
    }
}
