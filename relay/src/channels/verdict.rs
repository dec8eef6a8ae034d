//! What the providers' error codes mean, one table per family; words in an error are localised and never looked at.

use shared::interaction::{Failure, FailureKind};

/// What a provider's refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// This message will never be taken.
    Never(FailureKind),
    /// It came too late for the channel's window; where the account has the right, a tag helps.
    Outside,
    /// It may be taken later; the kind is what it becomes when patience runs out.
    Later(FailureKind, Pace),
    /// Nothing of this account is taken until somebody mends it; the kind says what is broken.
    Broken(FailureKind),
}

/// Whom a wait concerns and how it grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// This message alone; doubling.
    Usual,
    /// Everything to this person; WhatsApp asks for 4^n seconds.
    Person,
    /// Everything of this account; doubling.
    Account,
}

impl Verdict {
    /// The failure it comes to in the end.
    pub(super) const fn failure(self, code: String) -> Failure {
        let kind = match self {
            Self::Never(kind) | Self::Later(kind, _) | Self::Broken(kind) => kind,
            Self::Outside => FailureKind::Window,
        };
        Failure { kind, code: Some(code) }
    }
}

/// Send API errors of Messenger and Instagram by code and subcode.
pub(super) const fn conversations(code: i64, subcode: i64) -> Verdict {
    use FailureKind::{Account, Content, Limit, Provider, Unreachable, Window};
    match (code, subcode) {
        (10, 2_018_278 | 2_534_022) => Verdict::Outside,
        (10, 2_018_065) => Verdict::Never(Window),
        (_, 1_545_041) | (551, _) | (10, 2_018_108) | (100, 2_018_001) => Verdict::Never(Unreachable),
        (1 | 2 | 1_200 | 2_018_300 | 2_018_321, _) | (_, 2_018_300 | 2_018_321) => {
            Verdict::Later(Provider, Pace::Usual)
        }
        (4 | 17 | 32 | 613 | 80_000..=80_014, _) => Verdict::Later(Limit, Pace::Account),
        // The Page is restricted from sending for a while.
        (10, 1_893_063) => Verdict::Broken(Limit),
        (0 | 3 | 10 | 102 | 190 | 200..=299 | 368, _) => Verdict::Broken(Account),
        (100, _) => Verdict::Never(Content),
        _ => Verdict::Never(Provider),
    }
}

/// WhatsApp's errors, of calls and of failed statuses alike.
pub(super) const fn whatsapp(code: i64) -> Verdict {
    use FailureKind::{Account, Content, Limit, Provider, Unreachable, Window};
    match code {
        131_047 => Verdict::Never(Window),
        130_472 | 131_021 | 131_026 | 131_050 | 131_062 | 131_063 | 137_000 => Verdict::Never(Unreachable),
        131_056 => Verdict::Later(Limit, Pace::Person),
        4 | 80_007 | 130_429 => Verdict::Later(Limit, Pace::Account),
        // Not within 24 hours, which is longer than anybody waits; and a limit that only the provider lifts.
        131_049 | 131_064 => Verdict::Never(Limit),
        // Too many were reported as spam: going on makes it worse.
        131_048 => Verdict::Broken(Limit),
        0
        | 3
        | 10
        | 190
        | 200..=299
        | 368
        | 130_497
        | 131_005
        | 131_031
        | 131_037
        | 131_042
        | 131_045
        | 133_010 => Verdict::Broken(Account),
        33 | 100 | 131_008 | 131_009 | 131_051 | 131_053 | 132_000..=132_999 | 135_000 => {
            Verdict::Never(Content)
        }
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 => Verdict::Later(Provider, Pace::Usual),
        _ => Verdict::Never(Provider),
    }
}

/// Viber's `status` other than 0.
pub(super) const fn viber(status: i64) -> Verdict {
    use FailureKind::{Account, Content, Limit, Provider, Unreachable};
    match status {
        1 | 2 | 7..=10 | 15 => Verdict::Broken(Account),
        3 | 4 | 13 | 14 | 16..=20 | 22 => Verdict::Never(Content),
        5 | 6 | 11 | 21 => Verdict::Never(Unreachable),
        12 => Verdict::Later(Limit, Pace::Person),
        23 | 24 => Verdict::Never(Limit),
        _ => Verdict::Later(Provider, Pace::Usual),
    }
}
