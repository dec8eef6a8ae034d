//! Follows the events of one random sequence and checks every invariant after each step; shares no rule with what it checks.

use super::{coverage::Coverage, undelivered::Undelivered};
use crate::agent::{AgentChange, PauseCause, ResumeCause};
use crate::channel::Channel;
use crate::event::{Change, Event, Stream};
use crate::fixture::{Stage, Variants};
use crate::id::{ActivityId, InteractionId, OfferId, UserId};
use crate::interaction::{
    ActivityState, Amendment, Disconnection, InteractionChange, LostBecause, OfferState, Phase,
};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one offer from its events alone.
#[derive(Debug)]
struct Track {
    agent: UserId,
    expires_at: Timestamp,
    end: Option<&'static str>,
    end_for_agent: Option<&'static str>,
}

#[derive(Debug, Default)]
pub(super) struct Judge {
    read: usize,
    versions: BTreeMap<Stream, u64>,
    seqs: BTreeMap<InteractionId, u64>,
    owners: BTreeMap<ActivityId, UserId>,
    offers: BTreeMap<OfferId, Track>,
    paused_by: BTreeSet<OfferId>,
    ended: BTreeMap<InteractionId, Phase>,
    /// Whose chats went back to the queue, since they last had them.
    pub(super) lost: BTreeSet<(InteractionId, UserId)>,
    windows: BTreeMap<InteractionId, (Channel, Option<Timestamp>, bool)>,
    undelivered: Undelivered,
}

const fn ending(state: OfferState) -> &'static str {
    match state {
        OfferState::Ringing => panic!("ringing is no end"),
        OfferState::Accepted => "offer accepted",
        OfferState::Rejected => "offer rejected",
        OfferState::Expired => "offer expired",
        OfferState::Withdrawn { .. } => "offer withdrawn",
    }
}

impl Judge {
    pub(super) fn new(stage: &Stage) -> Self {
        Self { versions: [(Stream::Config, stage.world.config.version)].into(), ..Self::default() }
    }

    /// Reads the events that are new since the last call.
    pub(super) fn read(&mut self, stage: &Stage, seen: &mut Coverage) {
        while let Some(event) = stage.log.get(self.read) {
            self.read += 1;
            let version = self.versions.entry(event.stream).or_default();
            *version += 1;
            assert_eq!(event.version, *version, "a hole in {:?}", event.stream);
            match (event.stream, &event.change) {
                (Stream::Interaction(id), Change::Interaction(change)) => {
                    self.interaction(id, event, change, stage, seen);
                }
                (Stream::Agent(user), Change::Agent(change)) => self.agent(user, event, change, seen),
                (Stream::Config, Change::Config(change)) => seen.count(change.variant()),
                _ => panic!("a change in the wrong stream: {event:?}"),
            }
        }
    }

    fn interaction(
        &mut self,
        id: InteractionId,
        event: &Event,
        change: &InteractionChange,
        stage: &Stage,
        seen: &mut Coverage,
    ) {
        seen.count(change.variant());
        self.undelivered.read(id, change, seen);
        if let Some(found) = event.seq {
            let seq = self.seqs.entry(id).or_default();
            *seq += 1;
            assert_eq!(found, *seq, "a hole in the history of {id}");
        }
        match change {
            InteractionChange::Began { channel, last_customer_at, .. } => {
                self.windows.insert(id, (*channel, *last_customer_at, true));
            }
            InteractionChange::CustomerWrote { sent_at, .. } => {
                assert!(!self.ended.contains_key(&id), "a customer's message landed in an ended interaction");
                let window = self.windows.get_mut(&id).unwrap();
                *window = (window.0, window.1.max(Some((*sent_at).min(event.at))), true);
            }
            InteractionChange::CustomerLeft => self.windows.get_mut(&id).unwrap().2 = false,
            InteractionChange::AgentWrote { activity, author, .. } => {
                let (channel, last, subscribed) = self.windows[&id];
                let hours = last.map(|last| event.at.since(last).0);
                let open = channel == Channel::Viber || hours.is_some_and(|ms| ms < (24 * 60 - 3) * 60_000);
                assert!(open && subscribed, "sent outside the window");
                let owner = self.owners.get(activity).copied().unwrap_or(author.id);
                assert_eq!(owner, author.id, "sent by somebody else than the owner");
            }
            InteractionChange::Queued { .. } => seen.count("T-01"),
            InteractionChange::Offered { offer, agent, expires_at, .. } => {
                seen.count("T-02");
                let track =
                    Track { agent: agent.id, expires_at: *expires_at, end: None, end_for_agent: None };
                assert!(self.offers.insert(*offer, track).is_none(), "an offer rang twice");
            }
            InteractionChange::OfferEnded { offer, state, sleep_until, .. } => {
                match state {
                    OfferState::Expired => seen.count("T-03"),
                    OfferState::Rejected => seen.count("T-04"),
                    OfferState::Withdrawn { because } => seen.count(because.variant()),
                    _ => panic!("{state:?} is not an unanswered end"),
                }
                assert_eq!(sleep_until.is_none(), matches!(state, OfferState::Withdrawn { .. }));
                self.end(*offer, *state, seen);
            }
            InteractionChange::Accepted { activity, offer, owner, .. } => {
                seen.count(if offer.is_some() { "T-05" } else { "T-06" });
                assert!(self.owners.insert(*activity, owner.id).is_none(), "an activity was accepted twice");
                self.lost.remove(&(id, owner.id));
                if let Some(offer) = offer {
                    assert_eq!(self.offers[offer].agent, owner.id);
                    self.end(*offer, OfferState::Accepted, seen);
                }
            }
            InteractionChange::Missed { disconnection, .. } => {
                seen.count(disconnection.variant());
                seen.count(super::state::missed(*disconnection));
            }
            InteractionChange::Started { activity, owner, .. }
            | InteractionChange::SentOnce { activity, owner, .. } => {
                let once = matches!(change, InteractionChange::SentOnce { .. });
                seen.count(if once { "T-11" } else { "T-10" });
                self.owners.insert(*activity, owner.id);
            }
            InteractionChange::Closed { activity, by, .. } => {
                seen.count("T-12");
                seen.count(Disconnection::Agent.variant());
                if self.owners[activity] != by.id {
                    seen.count("T-12 supervisor");
                }
            }
            InteractionChange::OwnerMissed { activity, lost } => {
                assert!(self.owners.contains_key(activity), "whoever is missed owns it");
                seen.count(if lost.is_none() { "D-142 back in time" } else { "D-142 missed" });
            }
            InteractionChange::Requeued { activity, owner, because, .. } => {
                self.requeued((id, *activity), owner.id, *because, seen);
            }
            InteractionChange::Withheld { reason, .. } => {
                seen.count(reason.expect("routing names a reason").variant());
            }
            InteractionChange::DeliveryChanged { delivery, .. } => seen.count(delivery.variant()),
            InteractionChange::MessageSettled { message, .. } => {
                let facts = stage.outgoing.iter().find(|(_, facts)| facts.id == *message);
                assert_eq!(facts.unwrap().0, id, "a message of another chat was taken care of");
            }
            InteractionChange::Amended { amendment, .. } => {
                seen.count(amendment.variant());
                if let Amendment::Attached { state, .. } = amendment {
                    seen.count(state.variant());
                }
            }
            InteractionChange::CustomerNamed { .. }
            | InteractionChange::DispositionChosen { .. }
            | InteractionChange::SentElsewhere { .. }
            | InteractionChange::SentAutomatically { .. }
            | InteractionChange::Noted { .. } => {}
        }
        let state = stage.interaction(id);
        if state.phase.is_final() && state.version == event.version {
            let phase = *self.ended.entry(id).or_insert(state.phase);
            assert_eq!(phase, state.phase, "an ended interaction ended anew");
        }
    }

    fn requeued(
        &mut self,
        (id, activity): (InteractionId, ActivityId),
        owner: UserId,
        because: LostBecause,
        seen: &mut Coverage,
    ) {
        seen.count("T-22");
        seen.count(because.variant());
        assert_eq!(self.owners.remove(&activity), Some(owner), "taken from somebody else");
        self.lost.insert((id, owner));
    }

    fn end(&mut self, offer: OfferId, state: OfferState, seen: &mut Coverage) {
        let track = self.offers.get_mut(&offer).expect("only what rang can end");
        assert!(track.end.replace(ending(state)).is_none(), "an offer ended twice");
        seen.count(ending(state));
    }

    fn agent(&mut self, user: UserId, event: &Event, change: &AgentChange, seen: &mut Coverage) {
        seen.count(change.variant());
        match change {
            AgentChange::Rang(ring) => {
                let track = &self.offers[&ring.offer];
                assert_eq!((track.agent, track.expires_at), (user, ring.expires_at), "two deadlines");
                assert!(ring.expires_at > event.at);
            }
            AgentChange::RingEnded { offer, state, .. } => {
                let track = self.offers.get_mut(offer).unwrap();
                assert_eq!(track.end, Some(ending(*state)), "agent and interaction disagree about an end");
                assert!(
                    track.end_for_agent.replace(ending(*state)).is_none(),
                    "an offer ended twice for its agent"
                );
            }
            AgentChange::Paused { cause, .. } => {
                let (offer, end) = match cause {
                    PauseCause::Chosen => return,
                    PauseCause::TooLong => return seen.count("D-141 too long"),
                    PauseCause::WrapUp => return seen.count("D-141 time after a chat"),
                    PauseCause::NoAnswer { offer } => (offer, "offer expired"),
                    PauseCause::Rejected { offer } => (offer, "offer rejected"),
                };
                let track = &self.offers[offer];
                assert_eq!((track.agent, track.end), (user, Some(end)), "a pause without a fault");
                assert!(self.paused_by.insert(*offer), "one offer, two pauses");
            }
            AgentChange::Resumed { cause: ResumeCause::LateAccept { offer } } => {
                seen.count("R-02 pause lifted");
                assert!(self.paused_by.contains(offer));
            }
            AgentChange::Resumed { cause: ResumeCause::WrapUpOver } => seen.count("D-141 back to work"),
            _ => {}
        }
    }

    /// What holds after every single decision.
    pub(super) fn always(&self, stage: &Stage) {
        self.undelivered.check(stage);
        let mut live = BTreeSet::new();
        let mut held = BTreeSet::new();
        for one in stage.world.interactions() {
            assert_eq!(Some(&one.version), self.versions.get(&Stream::Interaction(one.id)));
            assert_eq!(one.seq, self.seqs[&one.id]);
            super::state::check(one);
            if one.is_live() {
                assert!(live.insert((one.connector, one.identity)), "two live interactions of one customer");
                let found = stage.world.live_of(one.connector, one.identity).map(|one| one.id);
                assert_eq!(found, Some(one.id));
                assert!(!self.ended.contains_key(&one.id), "an ended interaction revived");
            }
            for activity in &one.activities {
                assert_eq!(activity.owner, self.owners.get(&activity.id).copied(), "the owner changed");
                if activity.state == ActivityState::Open {
                    held.insert((activity.owner.unwrap(), one.id, activity.id));
                }
            }
        }
        let rings = |(id, track): (&OfferId, &Track)| track.end.is_none().then_some((track.agent, *id));
        let tracked: BTreeSet<_> = self.offers.iter().filter_map(rings).collect();
        let offers = stage.world.interactions().flat_map(|one| &one.offers);
        let ringing = offers.filter(|one| !one.state.is_final()).map(|one| (one.agent, one.id));
        assert_eq!(
            ringing.collect::<BTreeSet<_>>(),
            tracked,
            "interactions and events disagree about what rings"
        );
        let cards = stage.world.agents().flat_map(|a| a.ringing.iter().map(|ring| (a.user, ring.offer)));
        assert_eq!(cards.collect::<BTreeSet<_>>(), tracked, "cards and events disagree about what rings");
        let tabs = stage
            .world
            .agents()
            .flat_map(|a| a.open.iter().map(|held| (a.user, held.interaction, held.activity)));
        assert_eq!(tabs.collect::<BTreeSet<_>>(), held, "tabs and open activities differ");
    }

    /// What holds once clocks and routing have come to rest.
    pub(super) fn at_rest(&self, stage: &Stage) {
        for track in self.offers.values() {
            assert!(track.end.is_some() || track.expires_at > stage.now, "an offer rings past its time");
            assert_eq!(track.end, track.end_for_agent);
        }
        for one in stage.world.interactions() {
            let Some(waiting) = one.waiting() else { continue };
            let rings = one.ringing(waiting.id).next().is_some();
            assert!(rings || waiting.withheld.is_some(), "a waiting customer is forgotten: {one:?}");
            assert!(!(rings && waiting.withheld.is_some()), "it rings and is withheld");
            assert!(waiting.max_wait_until.is_none_or(|until| until > stage.now));
        }
        super::lost::cared_for(stage);
    }

    /// What holds once everybody has gone home.
    pub(super) fn at_the_end(&self) {
        for (id, track) in &self.offers {
            assert!(track.end.is_some(), "{id} never ended: {track:?}");
        }
    }
}
