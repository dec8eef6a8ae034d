//! Random and mutated text against everything that reads the wire: nothing panics, whatever arrives.

use super::{runner, seed};
use crate::event::Event;
use crate::fixture::{EVA, Stage};
use crate::wire::{RelayFrame, decode_desk, decode_relay};
use proptest::collection::vec;
use proptest::prelude::*;

/// Frames as they really travel, to be mutated.
fn samples() -> Vec<String> {
    let mut stage = Stage::new();
    for channel in crate::channel::Channel::ALL {
        let (interaction, activity) = stage.writes(channel, 0);
        let offer = stage.ringing(interaction).map(|offer| offer.id);
        let command = crate::command::Command::Accept { interaction, activity, offer };
        stage.does(EVA, &command).unwrap();
    }
    let frames =
        stage.log.iter().map(|event| RelayFrame::Event { event: Box::new(event.clone()), content: vec![] });
    frames.map(|frame| serde_json::to_string(&frame).unwrap()).collect()
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
    let outcome = runner(seed, 4_000).run(&text, |text| {
        read(&text);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("SIGNALBOX_SEED={seed}: {error}"));
}
