//! Random and mutated text against everything that reads the wire: nothing panics, whatever arrives (I-35).

use super::{number, runner, seed};
use crate::command::Command;
use crate::event::{Event, Stream};
use crate::fixture::{EVA, Stage};
use crate::id::{CommandId, MessageId};
use crate::wire::{DeskFrame, PROTOCOL, Position, RelayFrame, decode_desk, decode_relay};
use proptest::collection::vec;
use proptest::prelude::*;

/// Texts unless the environment says otherwise: a third of what every parser is to get; so many times the sequences.
const TEXTS: u32 = 33_334;
const TEXTS_OF_A_SEQUENCE: f64 = 3.334;

/// Frames as they really travel, to be mutated.
fn samples() -> Vec<String> {
    let mut stage = Stage::new();
    let mut said = Vec::new();
    for channel in crate::channel::Channel::ALL {
        let (interaction, activity) = stage.writes(channel, 0);
        let offer = stage.ringing(interaction).map(|offer| offer.id);
        let command = Command::Accept { interaction, activity, offer };
        stage.does(EVA, &command).unwrap();
        let stream = Stream::Interaction(interaction);
        let resume =
            vec![Position { stream, version: 3 }, Position { stream: Stream::Agent(EVA), version: 1 }];
        said.push(DeskFrame::Hello { protocol: PROTOCOL, epoch: Some("epoch".into()), resume });
        said.push(DeskFrame::Watch { interaction, version: u64::MAX });
        said.push(DeskFrame::Command { id: CommandId::from_u128(7), command });
        let (message, text) = (MessageId::from_u128(8), "\u{1F64F} \u{202E}\"\\".to_owned());
        let command = Command::Send { interaction, message, text, seen: 3 };
        said.push(DeskFrame::Command { id: CommandId::from_u128(9), command });
    }
    let frames =
        stage.log.iter().map(|event| RelayFrame::Event { event: Box::new(event.clone()), content: vec![] });
    let frames = frames.map(|frame| serde_json::to_string(&frame).unwrap());
    frames.chain(said.iter().map(|frame| serde_json::to_string(frame).unwrap())).collect()
}

fn read(text: &str) {
    let _ = decode_desk(text);
    let _ = decode_relay(text);
    if let Ok(event) = serde_json::from_str::<Event>(text) {
        // Whatever can be read can be applied, anywhere.
        let mut stage = Stage::new();
        stage.writes(crate::channel::Channel::Viber, 0);
        let version = stage.world.version(event.stream) + 1;
        stage.world.apply(&Event { version, ..event });
        let _ = crate::routing::next(&stage.world, &stage.reachable, stage.now);
    }
}

#[test]
fn no_text_makes_a_reader_panic() {
    let seed = seed();
    println!("SIGNALBOX_SEED={seed}");
    let samples = samples();
    let edits = vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..6);
    let mutated = (prop::sample::select(samples), edits).prop_map(|(text, edits)| {
        let mut bytes = text.into_bytes();
        for (at, byte, how) in edits {
            let at = at.index(bytes.len().max(1));
            match how {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                2 => bytes.insert(at.min(bytes.len()), b"\"{}[]:,019-\\"[usize::from(byte) % 12]),
                _ => bytes.truncate(at),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let text = prop_oneof![4 => mutated, 1 => ".{0,80}", 1 => "[\\[{\":]{0,400}"];
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "far below the largest number"
    )]
    let texts = number("SIGNALBOX_ROUNDS")
        .map_or(TEXTS, |rounds: u32| (f64::from(rounds) * TEXTS_OF_A_SEQUENCE) as u32);
    let outcome = runner(seed, texts).run(&text, |text| {
        read(&text);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("SIGNALBOX_SEED={seed}: {error}"));
}

#[test]
fn deep_and_wide_frames_are_refused_or_read() {
    // As long as the longest frame that the relay takes.
    for part in ["[", "{\"a\":", "[{\"a\":", "\"\\ud83d", "0,", "[0,"] {
        read(&part.repeat(64 * 1024 / part.len()));
    }
}
