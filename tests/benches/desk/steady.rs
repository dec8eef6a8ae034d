//! Is the machine still the same? The same sum in an empty page of the same Chromium, taken before, between and after; says nothing about desk or page.

use std::fmt::Write;
use tests::Chrome;
use tests::browser::{Browser, DESKTOP};
use tests::table::quantile;

/// Each figure is the middle one of so many, so that a moment's disturbance voids no run.
const TAKES: usize = 5;
/// More between two figures than this, and the run is void.
const STEADY: f64 = 1.3;
/// A tenth of a second of work, in milliseconds that it took.
const SUM: &str = "const began = performance.now(); let sum = 0;
    for (let n = 0; n < 1e8; n++) sum = (sum + n * n) | 0;
    return performance.now() - began + sum * 0";

/// The empty page, and how long the sum took there.
pub struct Steady {
    browser: Browser,
    took: Vec<f64>,
}

impl Steady {
    /// Opens the page and takes the first figure.
    pub async fn begin(chrome: &Chrome) -> Self {
        let browser = chrome.open("about:blank", DESKTOP).await;
        let mut steady = Self { browser, took: Vec::new() };
        steady.take().await;
        steady
    }

    /// Takes a figure.
    pub async fn take(&mut self) {
        let mut takes = Vec::with_capacity(TAKES);
        for _ in 0..TAKES {
            let took = self.browser.driver.execute(SUM, vec![]).await.unwrap();
            takes.push(took.json().as_f64().unwrap());
        }
        self.took.push(quantile(&mut takes, 0.5));
    }

    /// Whether the run counts.
    pub fn verdict(&self) -> String {
        let most = self.took.iter().copied().fold(f64::MIN, f64::max);
        let spread = most / self.took.iter().copied().fold(f64::MAX, f64::min);
        let all: Vec<String> = self.took.iter().map(|one| format!("{one:.0}")).collect();
        let mut text = format!("Probe sum in ms: {} (largest / smallest {spread:.2})\n", all.join(", "));
        let verdict = if spread <= STEADY {
            "The machine stayed the same: the run counts."
        } else {
            "VOID: the machine did not stay the same; run it again when nothing else runs."
        };
        text.write_str(verdict).unwrap();
        text
    }

    /// Closes the page.
    pub async fn end(self) {
        self.browser.quit().await;
    }
}
