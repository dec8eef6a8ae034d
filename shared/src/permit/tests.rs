//! Tests of what a desk asks before it offers a control.

use super::*;
use crate::channel::Unit;
use crate::command::Command;
use crate::fixture::{DANA, EVA, PETR, Stage};
use crate::time::Span;

#[test]
fn hidden_characters_are_no_text_and_any_visible_one_is() {
    for blank in ["", " ", "\u{00A0}\u{202E}\u{2066}", "\u{00AD}", "\u{FE0F}", "\u{E0020}", "\r\n\0"] {
        assert_eq!(text(Channel::Viber, blank), Err(Refusal::Empty), "{blank:?}");
    }
    for words in ["a", "🙏", "שלום", " . ", "<b>", "\u{202E}abc", "0\u{FE0F}\u{20E3}"] {
        assert_eq!(text(Channel::Viber, words), Ok(()), "{words:?}");
    }
}

#[test]
fn too_long_says_in_the_channels_own_unit_how_much_it_is() {
    let czech = "ř".repeat(501);
    let refusal = text(Channel::Instagram, &czech).unwrap_err();
    assert_eq!(refusal, Refusal::TooLong { unit: Unit::Bytes, size: 1_002, max: 1_000 });
    assert_eq!(refusal.sentence(), "The text has 1002 bytes; this channel takes at most 1000.");
    assert_eq!(text(Channel::Messenger, &czech), Ok(()));
}

#[test]
fn the_composer_and_the_decision_agree() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(Channel::WhatsApp, 0);
    let says = |stage: &Stage, user| write(stage.interaction(interaction), user, stage.now);
    assert_eq!(says(&stage, EVA), Err(Refusal::NotOpen));
    stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
    assert_eq!(says(&stage, EVA), Ok(()));
    assert_eq!(says(&stage, PETR), Err(Refusal::NotYours));
    stage.now = stage.now.plus(Span::hours(24));
    assert!(matches!(says(&stage, EVA), Err(Refusal::WindowClosed { .. })));
    assert_eq!(draft(stage.interaction(interaction), EVA), Ok(()), "written, and kept for when it opens");
    assert_eq!(draft(stage.interaction(interaction), PETR), Err(Refusal::NotYours));
    assert_eq!(
        send(stage.interaction(interaction), EVA, "", stage.now),
        says(&stage, EVA),
        "the window first"
    );
}

#[test]
fn close_names_the_first_thing_in_the_way() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(Channel::WhatsApp, 0);
    stage.does(EVA, &Command::Accept { interaction, activity, offer: None }).unwrap();
    let state = stage.interaction(interaction);
    let piece = state.activity(activity).unwrap();
    let last = state.last_customer_seq;
    assert_eq!(close(state, piece, PETR, false, true, last), Err(Refusal::NotYours));
    assert_eq!(close(state, piece, EVA, false, true, 0), Err(Refusal::DispositionRequired));
    assert_eq!(close(state, piece, EVA, false, false, last - 1), Err(Refusal::NewMessage { seq: last }));
    assert_eq!(close(state, piece, EVA, false, false, last), Ok(()));
    assert_eq!(close(state, piece, DANA, true, false, u64::MAX), Ok(()));
    assert_eq!(work(piece, DANA, false), Err(Refusal::NotYours));
}
