//! What rings: cards, taking and refusing. Nothing moves before the relay says so.

use super::conversation::{configured, picture};
use super::{Asked, Desk};
use crate::outbox::Pending;
use crate::reading::Reading;
use crate::sentences;
use crate::store::{EndedRing, Held, Part};
use shared::agent::Ringing;
use shared::command::Command;
use shared::config::{Link, UserRef};
use shared::flat::FlatMap;
use shared::id::{ActivityId, InteractionId, OfferId};
use shared::interaction::{OfferState, WithdrawnBecause};
use shared::link::{Values, fill};
use shared::permit::is_web;
use shared::refusal::Refusal;
use shared::time::{Span, Timestamp};

/// How long a card that was taken by somebody else says so.
const OVER_SHOWN: Span = Span::seconds(3);
/// An offer with less time left is shown and does not ring: nobody could answer in time.
const SILENT_BELOW: Span = Span::seconds(2);

/// A way to a page outside: a title, an address, and the size of its window; a tab without one.
pub type WebLink = (String, String, Option<(u16, u16)>);

/// An offer card. While `over` is set it only says how it ended, for three seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferCard {
    /// The facts: channel, queue, instants, the admin's link.
    pub ringing: Ringing,
    /// The customer's name, or what stands in for it; nothing for a moment while it is on its way.
    pub customer: Option<String>,
    /// Their phone number, user name or provider id.
    pub address: Option<String>,
    /// Where their picture is.
    pub picture: Option<String>,
    /// The customer's last words, when known.
    pub preview: Option<String>,
    /// What else the admin lets open beside a chat of its queue, as it is set now.
    pub further: Vec<Link>,
    /// What was asked for and not yet answered.
    pub asked: Option<Asked>,
    /// How it ended.
    pub over: Option<Over>,
}

/// How an offer ended without this agent's doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// Somebody else took it.
    Taken(Option<UserRef>),
    /// The customer is no longer waiting.
    Gone,
}

impl Over {
    /// What the card says.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Taken(by) => sentences::refusal(&Refusal::Taken { by: by.clone() }),
            Self::Gone => sentences::refusal(&Refusal::CustomerGone),
        }
    }
}

impl OfferCard {
    /// The admin's links, with what is known of this customer filled in; none that does not lead to the web.
    #[must_use]
    pub fn links(&self) -> Vec<WebLink> {
        let values = Values {
            activity: Some(self.ringing.activity),
            interaction: Some(self.ringing.interaction),
            contact: Some(self.ringing.identity),
            name: self.customer.as_deref(),
            address: self.address.as_deref(),
            queue: Some(self.ringing.queue.number),
            channel: Some(self.ringing.channel),
        };
        filled(self.ringing.link.iter().chain(&self.further), &values).collect()
    }

    /// How long it has been ringing.
    #[must_use]
    pub fn rung(&self, now: Timestamp) -> Span {
        at_least_zero(now.since(self.ringing.offered_at))
    }

    /// How long the customer has been in the queue.
    #[must_use]
    pub fn waited(&self, now: Timestamp) -> Span {
        at_least_zero(now.since(self.ringing.queued_at))
    }

    /// How long it rings on.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> Span {
        at_least_zero(self.ringing.expires_at.since(now))
    }

    /// The length of the ring from beginning to end.
    #[must_use]
    pub const fn length(&self) -> Span {
        self.ringing.expires_at.since(self.ringing.offered_at)
    }

    /// Whether it can still be taken or refused: it has not ended, and neither was asked for.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.over.is_none() && self.asked.is_none()
    }

    /// Whether it should be heard.
    #[must_use]
    pub fn sounds(&self, now: Timestamp) -> bool {
        self.is_open() && self.left(now) >= SILENT_BELOW
    }
}

fn at_least_zero(span: Span) -> Span {
    span.max(Span(0))
}

impl Desk {
    /// The offer cards, the most urgent (first to stop ringing) first.
    #[must_use]
    pub fn offers(self) -> Reading<Vec<OfferCard>> {
        Reading::of(move || {
            let mut cards = self.store.read(Part::Agent, ringing);
            self.store.track(Part::Config);
            let ended = self.store.peek(|held| held.ended().to_vec());
            // Only a card that says how it ended has to look at the clock.
            if !ended.is_empty() {
                let now = self.store.now.get();
                cards.extend(ended.into_iter().filter_map(|one| over(one, now)));
            }
            self.outbox.read(|pile| {
                for card in &mut cards {
                    card.asked = pile.rows().find_map(|one| asked_of(one, &card.ringing));
                }
            });
            cards
        })
    }

    /// Whether this tab is the one that makes sounds: of all tabs and devices of a person, one does.
    #[must_use]
    pub fn is_heard_here(self) -> bool {
        !self.store.heard_elsewhere.get_untracked()
    }

    /// Takes what rings.
    pub fn accept(self, card: &OfferCard) {
        let Ringing { interaction, activity, offer, .. } = card.ringing;
        self.take(interaction, activity, Some(offer));
    }

    /// Refuses what rings; for one of the reasons of its queue, where that has any.
    pub fn reject(self, card: &OfferCard, reason: Option<String>) {
        let Ringing { interaction, offer, .. } = card.ringing;
        if self.outbox.peek(|pile| pile.rows().any(|one| asked_of(one, &card.ringing).is_some())) {
            return;
        }
        self.ask(Command::Reject { interaction, offer, reason });
    }

    pub(super) fn take(self, interaction: InteractionId, activity: ActivityId, offer: Option<OfferId>) {
        // A second click is not a second wish.
        if self.outbox.peek(|pile| pile.rows().any(|one| one.activity() == Some(activity))) {
            return;
        }
        self.ask(Command::Accept { interaction, activity, offer });
    }
}

fn ringing(held: &Held) -> Vec<OfferCard> {
    let card = |ringing: &Ringing| OfferCard {
        customer: held.caller(ringing),
        address: held.address(ringing).map(str::to_owned),
        picture: held.avatar(ringing.identity).map(picture),
        preview: held.preview(ringing.offer, ringing.activity).map(str::to_owned),
        further: further(held, ringing),
        ringing: ringing.clone(),
        asked: None,
        over: None,
    };
    let rings = held.agent().into_iter().flat_map(|agent| &agent.ringing);
    let cards: FlatMap<_, _> = rings.map(|one| ((one.expires_at, one.offer), card(one))).collect();
    cards.into_values().collect()
}

/// Links with their values filled in; none that does not lead to the web.
pub(super) fn filled<'a>(
    links: impl Iterator<Item = &'a Link>,
    values: &Values<'_>,
) -> impl Iterator<Item = WebLink> {
    let size = |link: &Link| link.window.map(|size| (size.width, size.height));
    let one = move |link: &Link| (link.title.clone(), fill(&link.url, values), size(link));
    links.map(one).filter(|(_, url, _)| is_web(url))
}

/// All links of the queue but the one that the offer brought along.
fn further(held: &Held, ringing: &Ringing) -> Vec<Link> {
    let all = configured(held, ringing.queue.id).map(|queue| queue.links.as_slice()).unwrap_or_default();
    all.iter().filter(|link| Some(*link) != ringing.link.as_ref()).cloned().collect()
}

/// The card of an offer that ended without this agent's doing, for as long as it is shown.
fn over(ended: EndedRing, now: Timestamp) -> Option<OfferCard> {
    let over = match ended.state {
        OfferState::Withdrawn { because: WithdrawnBecause::Taken } => Over::Taken(ended.taken_by),
        OfferState::Withdrawn { because: WithdrawnBecause::CustomerLeft | WithdrawnBecause::MaxWait } => {
            Over::Gone
        }
        _ => return None,
    };
    (now.since(ended.at) < OVER_SHOWN).then_some(OfferCard {
        ringing: ended.ringing,
        customer: ended.customer,
        address: None,
        picture: None,
        preview: None,
        further: Vec::new(),
        asked: None,
        over: Some(over),
    })
}

fn asked_of(pending: &Pending, ringing: &Ringing) -> Option<Asked> {
    match &pending.command {
        Command::Accept { activity, .. } if *activity == ringing.activity => Some(Asked::Accept),
        Command::Reject { offer, .. } if *offer == ringing.offer => Some(Asked::Reject),
        _ => None,
    }
}
