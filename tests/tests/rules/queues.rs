//! Queues of the relay are bounded: memory does not grow with what others send, however fast they do.

use crate::source::{self, Source};
use proc_macro2::{TokenStream, TokenTree};

/// What makes a queue without a cap.
const ENDLESS: [&str; 4] = ["unbounded_channel", "unbounded", "UnboundedSender", "UnboundedReceiver"];

/// Files whose queue has its cap elsewhere, each with the place.
const CAPPED: [(&str, &str); 1] =
    [("relay/src/desk/outgoing.rs", "every frame holds room of its desk's share, and waits for it first")];

/// Findings over the relay's own code.
pub fn check() -> Vec<String> {
    let files = source::workspace();
    let relay = files.iter().filter(|file| file.krate == "relay" && !file.test);
    relay.flat_map(findings).collect()
}

/// Findings in one file.
pub fn findings(file: &Source) -> Vec<String> {
    if CAPPED.iter().any(|(name, _)| *name == file.name) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    walk(file.tokens(), &mut lines);
    lines.iter().map(|line| format!("{}:{line}: a queue without a cap", file.name)).collect()
}

fn walk(tokens: TokenStream, lines: &mut Vec<usize>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(name) if ENDLESS.iter().any(|one| name == one) => {
                lines.push(name.span().start().line);
            }
            TokenTree::Group(group) => walk(group.stream(), lines),
            _ => {}
        }
    }
}
