//! What a benchmark prints: ratios in pairs, their median and spread, and the table of verdicts; measures nothing.

use std::fmt::Write;

/// What a ratio must be.
#[derive(Clone, Copy)]
pub enum Target {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
}

/// One line of the table.
struct Line {
    name: &'static str,
    what: &'static str,
    /// Ours against the baseline, as it was measured in each pair.
    ratios: Vec<f64>,
    target: Target,
    /// The figures of the middle pair, for a sense of size: ours, the baseline's, unit.
    size: (f64, f64, &'static str),
}

/// All lines.
pub struct Table {
    /// What stands beside what, as `relay / baseline`.
    sides: &'static str,
    lines: Vec<Line>,
}

impl Table {
    /// A table without lines; `sides` says what stands beside what.
    #[must_use]
    pub const fn new(sides: &'static str) -> Self {
        Self { sides, lines: Vec::new() }
    }

    /// Adds a line from its pairs of ours and the baseline, none without any; `unit` is of both.
    pub fn add(
        &mut self,
        name: &'static str,
        what: &'static str,
        pairs: &[(f64, f64)],
        target: Target,
        unit: &'static str,
    ) {
        if pairs.is_empty() {
            return;
        }
        let mut pairs = pairs.to_vec();
        pairs.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
        let ratios: Vec<f64> = pairs.iter().map(|(ours, baseline)| ours / baseline).collect();
        let (ours, baseline) = pairs[pairs.len() / 2];
        let line = Line { name, what, ratios, target, size: (ours, baseline, unit) };
        println!("{}", line.row());
        self.lines.push(line);
    }

    /// The table in Markdown.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = format!(
            "| # | ratio | median | spread | target | verdict | {} |\n|---|---|---|---|---|---|---|\n",
            self.sides
        );
        for line in &self.lines {
            text.push_str(&line.row());
            text.push('\n');
        }
        text
    }
}

impl Line {
    fn row(&self) -> String {
        let Self { name, what, ratios, target, size: (ours, baseline, unit) } = self;
        let (least, middle, most) = (ratios[0], ratios[ratios.len() / 2], ratios[ratios.len() - 1]);
        let (sign, bound, met) = match target {
            Target::AtLeast(bound) => ("≥", bound, middle >= *bound),
            Target::AtMost(bound) => ("≤", bound, middle <= *bound),
        };
        let verdict = if met { "met" } else { "**behind**" };
        let mut row = format!("| {name} | {what} | {middle:.2} | {least:.2}–{most:.2} | {sign} {bound} ");
        write!(row, "| {verdict} | {} / {} {unit} |", rounded(*ours), rounded(*baseline)).unwrap();
        row
    }
}

/// Three digits that count are enough to compare.
fn rounded(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// The value below which this part of the sorted samples lies.
#[must_use]
pub fn quantile(samples: &mut [f64], part: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    // Never outside: the part is between zero and one.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index between the ends"
    )]
    let place = ((samples.len() - 1) as f64 * part).round() as usize;
    samples[place]
}
