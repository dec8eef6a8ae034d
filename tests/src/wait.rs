//! Waiting for something to become true, with an end and a word on what was waited for.

use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// How long a test waits for anything at the most; far above what a busy two-core machine needs.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until `look` finds something.
///
/// # Panics
/// When nothing is found within [`PATIENCE`]; `what` says what was waited for.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl FnMut() -> F) -> T {
    until_within(PATIENCE, what, look).await
}

/// The same with a patience of its own, where what is waited for takes its time by design.
///
/// # Panics
/// When nothing is found within `patience`; `what` says what was waited for.
pub async fn until_within<T, F: Future<Output = Option<T>>>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> F,
) -> T {
    let end = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "waited {patience:?} in vain for {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Looks again and again until nothing is left, for as long as it becomes less.
///
/// # Panics
/// When it did not become less within [`PATIENCE`]; `what` says what was waited for.
pub async fn none_left<F: Future<Output = usize>>(what: &str, mut look: impl FnMut() -> F) {
    let mut before = usize::MAX;
    while before > 0 {
        before = until(what, || {
            let looking = look();
            async move { Some(looking.await).filter(|left| *left == 0 || *left < before) }
        })
        .await;
    }
}

/// How many rounds of so many a test plays: a third, or all with `SIGNALBOX_FULL`.
#[must_use]
pub fn rounds(all: u32) -> u32 {
    rounds_of(all.div_ceil(3), all)
}

/// How many rounds a test plays whose rounds are long: the least, or all with `SIGNALBOX_FULL`.
#[must_use]
pub fn rounds_of(least: u32, all: u32) -> u32 {
    if std::env::var_os("SIGNALBOX_FULL").is_some() { all } else { least }
}
