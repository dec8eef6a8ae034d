//! Answers to commands and their repetition: who wished what, as one digest; stores nothing.

use super::work::{OccurError, Reply};
use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::fault;
use shared::id::UserId;
use shared::refusal::Refusal;
use shared::wire::{Outcome, Position};

/// SHA-256 of who wishes what, in hexadecimal.
pub(super) fn digest(user: UserId, wish: &impl Serialize) -> String {
    let mut hash = Sha256::new();
    hash.update(user.0.as_bytes());
    // The fields of a wish have one order, so one wish has one spelling.
    hash.update(serde_json::to_vec(wish).unwrap_or_default());
    hex::encode(hash.finalize())
}

/// The answer to a repeated id.
pub(super) fn again(known: &str, digest: &str, outcome: Outcome) -> Outcome {
    if known == digest || fault!("wish-not-compared") {
        outcome
    } else {
        Outcome::Refused { refusal: Refusal::KeyReused }
    }
}

impl Reply {
    /// It is done and durable.
    pub fn done(self, moved: Vec<Position>) {
        // Whoever asked may have gone; what was decided stands.
        match self {
            Self::Command(reply) => drop(reply.send(Outcome::Done { moved })),
            Self::Occurrence(reply) => drop(reply.send(Ok(moved))),
            Self::Nobody => {}
        }
    }

    /// It is refused.
    pub fn refused(self, refusal: Refusal) {
        match self {
            Self::Command(reply) => drop(reply.send(Outcome::Refused { refusal })),
            Self::Occurrence(reply) => drop(reply.send(Err(OccurError::Refused(refusal)))),
            Self::Nobody => {}
        }
    }

    /// It could not be saved.
    pub fn failed(self) {
        match self {
            Self::Command(reply) => drop(reply.send(Outcome::Refused { refusal: Refusal::NotSaved })),
            Self::Occurrence(reply) => drop(reply.send(Err(OccurError::Failed))),
            Self::Nobody => {}
        }
    }

    /// What was stored for the same command is given again.
    pub fn outcome(self, outcome: Outcome) {
        if let Self::Command(reply) = self {
            drop(reply.send(outcome));
        }
    }
}
