//! One scripted customer as a small machine over time: comes, asks, waits, reads, answers, reacts, goes silent, comes back; pure, so time and what the phone shows are arguments.

use super::lines::{Story, TONGUES, Tongue};
use crate::random::Random;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

/// What somebody does on their phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    Write(String),
    Picture,
    Read,
    /// Likes the newest answer.
    Like,
}

/// Where somebody is in their conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Away,
    /// Sends the picture that was announced.
    Showing,
    /// Has written and waits for an answer.
    Waiting,
    /// An answer is there; will look at it.
    Noticed,
    /// Has read and types.
    Typing,
}

/// A customer with a language, a story and their own dice.
pub(super) struct Person {
    random: Random,
    tongue: &'static Tongue,
    story: Option<&'static Story>,
    line: usize,
    mood: Mood,
    due_ms: u64,
    nudged: bool,
    /// Answers on the phone when somebody last looked.
    answers: usize,
}

impl Person {
    /// Somebody who comes within the first `spread_ms`.
    pub(super) fn new(seed: u64, now_ms: u64, spread_ms: u64) -> Self {
        let mut random = Random::new(seed);
        // Half of the customers write Czech.
        let other = 1 + usize::try_from(random.below(TONGUES.len() as u64 - 1)).unwrap_or_default();
        let at = if random.chance(500) { 0 } else { other };
        let tongue = TONGUES.get(at).unwrap_or(&TONGUES[0]);
        let due_ms = now_ms + random.below(spread_ms);
        Self { random, tongue, story: None, line: 0, mood: Mood::Away, due_ms, nudged: false, answers: 0 }
    }

    pub(super) fn name(&mut self) -> String {
        let (first, last) = self.random.pick(self.tongue.names).copied().unwrap_or(("Jan", "Novák"));
        format!("{first} {last}")
    }

    /// Whether somebody is in the middle of a conversation.
    pub(super) fn talks(&self) -> bool {
        self.mood != Mood::Away
    }

    /// What happens at `now_ms`, when `answers` messages of the business have ever come.
    pub(super) fn step(&mut self, now_ms: u64, answers: usize) -> Option<Deed> {
        if self.mood == Mood::Waiting && answers > self.answers {
            self.mood = Mood::Noticed;
            self.due(now_ms, 2 * SECOND, 12 * SECOND);
        }
        if now_ms < self.due_ms {
            return None;
        }
        match self.mood {
            Mood::Away => self.begin(now_ms, answers),
            Mood::Showing => {
                self.mood = Mood::Waiting;
                self.due(now_ms, 2 * MINUTE, 5 * MINUTE);
                Some(Deed::Picture)
            }
            Mood::Waiting if self.nudged => self.leave(now_ms),
            Mood::Waiting => {
                self.nudged = true;
                self.due(now_ms, 3 * MINUTE, 8 * MINUTE);
                let nudge = self.random.pick(self.tongue.nudges).copied();
                nudge.map(|words| Deed::Write(words.to_owned()))
            }
            Mood::Noticed => {
                self.answers = answers;
                self.mood = Mood::Typing;
                self.due(now_ms, 4 * SECOND, 35 * SECOND);
                Some(Deed::Read)
            }
            Mood::Typing => self.reply(now_ms, answers),
        }
    }

    fn due(&mut self, now_ms: u64, least: u64, most: u64) {
        self.due_ms = now_ms + self.random.between(least, most);
    }

    fn begin(&mut self, now_ms: u64, answers: usize) -> Option<Deed> {
        self.story = self.random.pick(self.tongue.stories);
        (self.line, self.nudged, self.answers) = (0, false, answers);
        self.say(now_ms)
    }

    /// Says the story's next line and waits; thanks and leaves at its end.
    fn say(&mut self, now_ms: u64) -> Option<Deed> {
        let story = self.story?;
        let Some(words) = story.lines.get(self.line) else {
            let thanks = self.random.pick(self.tongue.thanks).copied();
            self.leave(now_ms);
            return thanks.map(|words| Deed::Write(words.to_owned()));
        };
        if story.picture == Some(self.line) {
            self.mood = Mood::Showing;
            self.due(now_ms, 2 * SECOND, 8 * SECOND);
        } else {
            self.mood = Mood::Waiting;
            self.due(now_ms, 2 * MINUTE, 5 * MINUTE);
        }
        self.line += 1;
        Some(Deed::Write((*words).to_owned()))
    }

    fn reply(&mut self, now_ms: u64, answers: usize) -> Option<Deed> {
        if self.random.chance(80) {
            // Has what they came for, and says nothing.
            return self.leave(now_ms);
        }
        if self.random.chance(120) {
            self.due(now_ms, 5 * SECOND, 20 * SECOND);
            return Some(Deed::Like);
        }
        self.answers = answers;
        self.say(now_ms)
    }

    /// Goes away and comes back after a while.
    fn leave(&mut self, now_ms: u64) -> Option<Deed> {
        self.mood = Mood::Away;
        self.due(now_ms, 4 * MINUTE, 16 * MINUTE);
        None
    }
}
