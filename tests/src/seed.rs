//! Chance that can be repeated: every run prints its seed, and `SIGNALBOX_SEED` runs it again; not for secrets.

use std::time::{SystemTime, UNIX_EPOCH};

/// A source of numbers that follow from a seed (splitmix64).
pub struct Seed(u64);

impl Seed {
    /// The seed of the environment, else one of the clock's; printed, so that a failure can be repeated.
    #[must_use]
    pub fn of(test: &str) -> Self {
        let named = std::env::var("SIGNALBOX_SEED").ok().and_then(|text| text.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seed = named.unwrap_or_else(|| now.as_secs() << 20 | u64::from(now.subsec_micros()));
        println!("{test}: SIGNALBOX_SEED={seed} repeats this run");
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A source of its own for something that runs beside, which follows from the same seed.
    #[must_use]
    pub fn branch(&mut self) -> Self {
        Self(self.number())
    }

    /// A number from zero to below the bound, which is not zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.number() % bound
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// How many rounds of so many a test plays: a third, or all with `SIGNALBOX_FULL`, which `cargo xtask test --full` sets.
#[must_use]
pub fn rounds(all: usize) -> usize {
    if std::env::var_os("SIGNALBOX_FULL").is_some() { all } else { all.div_ceil(3) }
}
