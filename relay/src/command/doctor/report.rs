//! What was found, a line each: good, worth a look, or wrong; the last two with the next step.

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    Good,
    Look,
    Wrong,
}

/// The findings so far.
#[derive(Default)]
pub struct Report {
    lines: Vec<(Grade, String)>,
}

impl Report {
    /// Something is as it should be.
    pub fn good(&mut self, subject: &str, what: &str) {
        self.lines.push((Grade::Good, format!("{subject}: {what}")));
    }

    /// Something is not wrong, but worth a look.
    pub fn look(&mut self, subject: &str, what: &str, next: &str) {
        self.lines.push((Grade::Look, format!("{subject}: {what}. Next: {next}.")));
    }

    /// Something is wrong.
    pub fn bad(&mut self, subject: &str, what: &str, next: &str) {
        self.lines.push((Grade::Wrong, format!("{subject}: {what}. Next: {next}.")));
    }

    /// Whether anything is wrong.
    pub fn is_bad(&self) -> bool {
        self.lines.iter().any(|(grade, _)| *grade == Grade::Wrong)
    }

    /// Prints every finding.
    pub fn print(&self) {
        for (grade, line) in &self.lines {
            let mark = match grade {
                Grade::Good => "ok   ",
                Grade::Look => "look ",
                Grade::Wrong => "WRONG",
            };
            println!("{mark} {}", line.replace(['\n', '\r'], " "));
        }
    }
}
