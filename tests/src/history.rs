//! Reads a history as an agent does: from its end up to its start, a piece of the screen at a time. It presses no button.

use crate::browser::Browser;
use std::collections::BTreeSet;

/// What came in sight on the way.
pub struct Climb {
    /// The words of all bubbles.
    pub seen: BTreeSet<String>,
    /// The most bubbles that were drawn at once.
    pub drawn: u64,
}

impl Browser {
    /// Scrolls through the history that is open, waiting after each step until it is drawn.
    pub async fn climb(&self) -> Climb {
        let script = "const done = arguments[0], box = document.querySelector('[data-testid=history]'), seen = new Set();
            let drawn = 0;
            const look = () => {
                const { top, bottom } = box.getBoundingClientRect();
                const bubbles = document.querySelectorAll('[data-testid=bubble]');
                drawn = Math.max(drawn, bubbles.length);
                for (const one of bubbles) {
                    const at = one.getBoundingClientRect();
                    if (at.bottom > top && at.top < bottom) seen.add(one.textContent);
                }
                if (box.scrollTop === 0) return done([[...seen], drawn]);
                box.scrollTop -= box.clientHeight / 2;
                requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(look)));
            };
            look()";
        let (seen, drawn) = self.driver.execute_async(script, Vec::new()).await.unwrap().convert().unwrap();
        Climb { seen, drawn }
    }
}
