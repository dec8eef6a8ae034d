//! A card that rings, as a desk shows it: its facts and the words beside them; accepts nothing.

use shared::agent::Ringing;
use shared::thread::Content;

/// A card as the desk shows it.
#[derive(Clone, Debug)]
pub struct Card {
    /// The facts.
    pub ringing: Ringing,
    /// The words beside them.
    pub content: Vec<Content>,
}

impl Card {
    /// The customer's name on the card.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.content.iter().find_map(|one| match one {
            Content::Name { name, .. } => name.clone(),
            Content::Text { .. } | Content::Cards { .. } => None,
        })
    }
}
