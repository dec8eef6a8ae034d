//! Puts texts that look alike side by side, so that a compressor finds in each what it has just seen. It knows no format.
//!
//! Balanced partitioning: the texts are split in two halves, and pairs are swapped between them as long as that brings
//! texts with common pieces together; then each half is split in the same manner.

use std::collections::HashMap;

/// Bytes of a piece: measured on code; three or five give a thousandth less.
const PIECE: usize = 4;
/// Rounds of swaps in one split; most end earlier, when nothing is gained any more.
const ROUNDS: usize = 20;
/// A pair in so many stays in a round, or two halves that are alike would swap for ever.
const RESTS: usize = 10;

/// The order in which alike texts are neighbours: their places in the list.
pub fn alike(texts: &[&[u8]]) -> Vec<usize> {
    let mut numbers = HashMap::<&[u8], usize>::new();
    let mut pieces: Vec<Vec<usize>> = Vec::new();
    for text in texts {
        let mut own = Vec::new();
        for piece in text.windows(PIECE) {
            let next = numbers.len();
            own.push(*numbers.entry(piece).or_insert(next));
        }
        own.sort_unstable();
        own.dedup();
        pieces.push(own);
    }
    let mut times = vec![0_usize; numbers.len()];
    for piece in pieces.iter().flatten() {
        if let Some(times) = times.get_mut(*piece) {
            *times += 1;
        }
    }
    // What stands in one text only, or in every other one, tells nothing apart.
    let tells = |piece: &usize| times.get(*piece).is_some_and(|times| (2..texts.len() / 2).contains(times));
    for own in &mut pieces {
        own.retain(tells);
    }
    let mut order: Vec<usize> = (0..texts.len()).collect();
    // Texts as long as each other are alike more often than others, and a good start ends better: half a percent.
    order.sort_by_key(|text| texts.get(*text).map(|text| text.len()));
    let mut halves = Halves { pieces, counts: vec![Count::default(); numbers.len()] };
    halves.split(&mut order);
    order
}

/// How many texts of either half have a piece.
#[derive(Clone, Copy, Default)]
struct Count {
    first: usize,
    second: usize,
}

/// The texts' pieces, and how they stand in the two halves of what is being split; nothing is counted between splits.
struct Halves {
    pieces: Vec<Vec<usize>>,
    counts: Vec<Count>,
}

impl Halves {
    /// Splits the texts into two halves of which each has much in common, and so on.
    fn split(&mut self, order: &mut [usize]) {
        if order.len() <= 2 {
            return;
        }
        let half = order.len() / 2;
        for (at, text) in order.iter().enumerate() {
            self.each(*text, |count| if at < half { count.first += 1 } else { count.second += 1 });
        }
        for round in 0..ROUNDS {
            if !self.swap(order, half, round) {
                break;
            }
        }
        for text in order.iter() {
            self.each(*text, |count| *count = Count::default());
        }
        let (first, second) = order.split_at_mut(half);
        self.split(first);
        self.split(second);
    }

    /// Swaps pairs of texts, those that gain most first; whether there were any.
    fn swap(&mut self, order: &mut [usize], half: usize, round: usize) -> bool {
        let gains = order.iter().enumerate().map(|(at, text)| (self.gain(*text, at < half), at));
        let mut gains: Vec<(f64, usize)> = gains.collect();
        let (firsts, seconds) = gains.split_at_mut(half);
        // Equal gains in opposite orders: like with like would be swapped for nothing.
        firsts.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        seconds.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
        let mut swapped = false;
        for (pair, (one, other)) in firsts.iter().zip(seconds.iter()).enumerate() {
            if one.0 + other.0 <= 0.0 {
                break;
            }
            let (Some(goes), Some(comes)) = (order.get(one.1).copied(), order.get(other.1).copied()) else {
                break;
            };
            if (pair + round).is_multiple_of(RESTS) {
                continue;
            }
            self.each(goes, |count| (count.first, count.second) = (count.first - 1, count.second + 1));
            self.each(comes, |count| (count.first, count.second) = (count.first + 1, count.second - 1));
            order.swap(one.1, other.1);
            swapped = true;
        }
        swapped
    }

    /// What is saved when a text goes over to the other half: pieces cost least where there are many of them.
    fn gain(&self, text: usize, from_first: bool) -> f64 {
        let pieces = self.pieces.get(text).map_or(&[][..], Vec::as_slice);
        let counts = pieces.iter().filter_map(|piece| self.counts.get(*piece));
        let gain = |count: &Count| {
            let Count { first, second } = *count;
            let (here, there) = if from_first { (first, second) } else { (second, first) };
            cost(here) + cost(there) - cost(here.saturating_sub(1)) - cost(there + 1)
        };
        counts.map(gain).sum()
    }

    /// Changes the counts of all pieces of a text.
    fn each(&mut self, text: usize, change: impl Fn(&mut Count)) {
        for piece in self.pieces.get(text).map_or(&[][..], Vec::as_slice) {
            if let Some(count) = self.counts.get_mut(*piece) {
                change(count);
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "far fewer texts than 2^52")]
fn cost(times: usize) -> f64 {
    -(times as f64) * (times as f64 + 1.0).log2()
}
