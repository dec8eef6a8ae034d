//! Trying items again: asks the relay, waits until it has looked at them, and says what came of it. It draws nothing.

use crate::admin::api;
use crate::browser::clock;
use crate::language::admin::journal as words;
use crate::language::{count, number, t};
use leptos::prelude::*;
use shared::wire::{ItemPage, RetryAnswer, RetryRequest};
use wasm_bindgen_futures::spawn_local;

/// Between two looks whether all were looked at, in milliseconds.
const LOOK: i32 = 400;
/// So many looks, about 12 s; whatever is left by then is looked at later.
const LOOKS: u32 = 30;

/// A try and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Again {
    /// Whether one is under way.
    pub(super) busy: RwSignal<bool>,
    /// What came of the last one, or why there was none.
    pub(super) said: RwSignal<Option<String>>,
}

impl Again {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { busy: RwSignal::new(false), said: RwSignal::new(None) }
    }

    /// Tries items again; `before` is how many there are of them, `left` finds how many are left, `done` is called after.
    pub(super) fn run(
        self,
        request: RetryRequest,
        left: impl Fn(&ItemPage) -> u64 + 'static,
        done: impl Fn(ItemPage) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        spawn_local(async move {
            let words = match tried(&request).await {
                Ok((answer, page)) => {
                    let words = sentence(answer.retried, left(&page), page.waiting);
                    done(page);
                    words
                }
                Err(fault) => fault.sentence,
            };
            let _ = self.busy.try_set(false);
            let _ = self.said.try_set(Some(words));
        });
    }
}

async fn tried(request: &RetryRequest) -> Result<(RetryAnswer, ItemPage), api::Fault> {
    let answer: RetryAnswer = api::send("POST", "journal/retry", request).await?;
    let mut page: ItemPage = api::get("journal").await?;
    for _ in 0..LOOKS {
        if page.waiting == 0 {
            break;
        }
        clock::sleep(LOOK).await;
        page = api::get("journal").await?;
    }
    Ok((answer, page))
}

/// What came of a try: so many were looked at, so many are left, so many still wait for their turn.
fn sentence(tried: u64, left: u64, waiting: u64) -> String {
    if waiting > 0 {
        return count(words::TRIED_WAITS, whole(waiting), &[]);
    }
    let understood = tried.saturating_sub(left);
    let key = match (tried, understood) {
        (0, _) => return t(words::TRIED_NOTHING).to_owned(),
        (_, 0) => words::TRIED_STILL,
        (tried, understood) if tried == understood => words::TRIED_ALL,
        _ => words::TRIED_SOME,
    };
    let [understood, left] = [understood, left].map(|count| number(whole(count)));
    count(key, whole(tried), &[("understood", &understood), ("left", &left)])
}

/// A number of items as sentences take it.
pub(super) fn whole(items: u64) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_try_says_what_came_of_it() {
        assert_eq!(sentence(1, 1, 0), "1 item tried again. Still not understood.");
        assert_eq!(sentence(3, 0, 0), "3 items tried again. All understood.");
        assert_eq!(sentence(3, 1, 0), "3 items tried again. 2 understood, 1 not.");
        assert_eq!(sentence(3, 2, 0), "3 items tried again. 1 understood, 2 not.");
        assert_eq!(sentence(0, 0, 0), "There was nothing left to try again.");
        assert_eq!(sentence(9, 0, 4), "Tried again. 4 items still wait to be looked at.");
    }
}
