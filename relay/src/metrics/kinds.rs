//! What is told apart in the figures, each kind with its word; the words are all the labels there can be.

/// What became of a webhook item.
#[derive(Clone, Copy)]
pub enum Item {
    /// It had its effect.
    Understood,
    /// This version does nothing with it.
    Unsupported,
    /// It could not be taken.
    Failed,
    /// It waits for what it is about.
    Parked,
}

impl Item {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Understood => "understood",
            Self::Unsupported => "unsupported",
            Self::Failed => "failed",
            Self::Parked => "parked",
        }
    }
}

/// What a decision came to.
#[derive(Clone, Copy)]
pub enum Decision {
    /// It was written.
    Written,
    /// It was refused with a sentence.
    Refused,
    /// Nothing was to be done.
    Nothing,
    /// What it rested on had moved, so it was decided again.
    Conflict,
    /// It could not be saved.
    Failed,
}

impl Decision {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Refused => "refused",
            Self::Nothing => "nothing",
            Self::Conflict => "conflict",
            Self::Failed => "failed",
        }
    }
}

/// How a login ended.
#[derive(Clone, Copy)]
pub enum Login {
    /// Well.
    Right,
    /// The login or the password was wrong.
    Wrong,
    /// Too many were wrong before it.
    Slowed,
    /// Too many people logged in at the time.
    Busy,
}

impl Login {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Slowed => "slowed",
            Self::Busy => "busy",
        }
    }
}

/// Why a desk was sent away.
#[derive(Clone, Copy)]
pub enum Cut {
    /// It read too slowly.
    TooSlow,
    /// Its session ended.
    LoggedOut,
    /// The relay stops.
    Restarting,
    /// It speaks another protocol, or none.
    Malformed,
}

impl Cut {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::TooSlow => "too_slow",
            Self::LoggedOut => "logged_out",
            Self::Restarting => "restarting",
            Self::Malformed => "malformed",
        }
    }
}
