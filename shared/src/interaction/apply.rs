//! What each change makes of an interaction; never fails and reads nothing but the change and its instant.

use super::{
    Activity, ActivityState, CloseReason, Disconnection, Interaction, InteractionChange, Offer, OfferState,
    Phase,
};
use crate::config::{DispositionRef, QueueRef};
use crate::id::{ActivityId, InteractionId, UserId};
use crate::time::Timestamp;

/// Settled messages that are remembered; each is one click of a person, and far fewer go wrong in one chat.
const SETTLED: usize = 500;

impl Interaction {
    /// The interaction that this change begins; none for any other change.
    #[must_use]
    pub fn begin(id: InteractionId, at: Timestamp, change: &InteractionChange) -> Option<Self> {
        let InteractionChange::Began {
            channel,
            connector,
            identity,
            direction,
            last_customer_at,
            human_agent,
            ..
        } = change
        else {
            return None;
        };
        Some(Self {
            id,
            version: 1,
            seq: 1,
            channel: *channel,
            connector: *connector,
            identity: *identity,
            direction: *direction,
            phase: Phase::Routing,
            entered_at: at,
            queue_entered_at: None,
            first_customer_at: None,
            last_customer_at: *last_customer_at,
            last_customer_seq: 0,
            answered: false,
            subscribed: true,
            ended_at: None,
            disconnection: None,
            activities: Vec::new(),
            offers: Vec::new(),
            human_agent: *human_agent,
            settled: Vec::new(),
        })
    }

    /// Applies one change that happened at `at`; a change about something unknown changes only the version.
    pub fn apply(&mut self, at: Timestamp, change: &InteractionChange) {
        self.version += 1;
        if change.is_visible() {
            self.seq += 1;
        }
        match change {
            InteractionChange::Began { .. }
            | InteractionChange::AgentWrote { .. }
            | InteractionChange::SentElsewhere { .. }
            | InteractionChange::SentAutomatically { .. }
            | InteractionChange::DeliveryChanged { .. }
            | InteractionChange::Amended { .. }
            | InteractionChange::Noted { .. }
            | InteractionChange::CustomerNamed { .. } => {}
            InteractionChange::MessageSettled { message, .. } => {
                if self.settled.len() >= SETTLED {
                    self.settled.remove(0);
                }
                self.settled.push(*message);
            }
            InteractionChange::Queued { queue, max_wait_until, .. } => {
                self.add_activity(change, queue, at, None, *max_wait_until);
                self.queue_entered_at.get_or_insert(at);
            }
            InteractionChange::CustomerWrote { sent_at, .. } => {
                self.first_customer_at.get_or_insert(at);
                // A provider's clock that runs ahead must not lengthen the window.
                self.last_customer_at = self.last_customer_at.max(Some((*sent_at).min(at)));
                self.last_customer_seq = self.seq;
                self.subscribed = true;
            }
            InteractionChange::Offered { offer, activity, agent, kind, expires_at, .. } => {
                self.offers.retain(|o| o.activity != *activity || o.agent != agent.id);
                self.offers.push(Offer {
                    id: *offer,
                    activity: *activity,
                    agent: agent.id,
                    kind: *kind,
                    offered_at: at,
                    expires_at: *expires_at,
                    state: OfferState::Ringing,
                    sleep_until: None,
                });
                self.with_activity(*activity, |a| a.withheld = None);
            }
            InteractionChange::OfferEnded { offer, state, sleep_until, .. } => {
                if let Some(offer) = self.offers.iter_mut().find(|o| o.id == *offer && !o.state.is_final()) {
                    offer.state = *state;
                    offer.sleep_until = *sleep_until;
                }
            }
            InteractionChange::Withheld { activity, reason } => {
                self.with_activity(*activity, |a| a.withheld = *reason);
            }
            InteractionChange::Accepted { activity, owner, .. } => {
                self.with_activity(*activity, |a| a.open(at, owner.id));
                self.offers.retain(|o| o.activity != *activity);
                self.answered = true;
            }
            InteractionChange::Missed { activity, disconnection } => {
                self.close_activity(*activity, at, CloseReason::Missed, None, &[]);
                self.disconnection = Some(*disconnection);
            }
            InteractionChange::CustomerLeft => self.subscribed = false,
            InteractionChange::Started { queue, owner, .. } => {
                self.add_activity(change, queue, at, Some(owner.id), None);
                self.answered = true;
            }
            InteractionChange::SentOnce { activity, queue, owner, disposition } => {
                self.add_activity(change, queue, at, Some(owner.id), None);
                self.answered = true;
                self.close_activity(*activity, at, CloseReason::Sent, disposition.clone(), &[]);
                self.disconnection = Some(Disconnection::Agent);
            }
            InteractionChange::DispositionChosen { activity, disposition, also, .. } => {
                self.with_activity(*activity, |a| {
                    a.disposition.clone_from(disposition);
                    a.also.clone_from(also);
                });
            }
            InteractionChange::Closed { activity, disposition, also, last, .. } => {
                self.close_activity(*activity, at, CloseReason::Closed, disposition.clone(), also);
                if *last {
                    self.disconnection = Some(Disconnection::Agent);
                }
            }
            InteractionChange::OwnerMissed { activity, lost } => {
                self.with_activity(*activity, |a| a.lost = *lost);
            }
            InteractionChange::Requeued { activity, max_wait_until, .. } => {
                self.with_activity(*activity, |a| a.requeue(at, *max_wait_until));
                self.queue_entered_at.get_or_insert(at);
            }
        }
        self.settle(at);
    }

    /// Brings the phase in line with the activities and notes the end once.
    fn settle(&mut self, at: Timestamp) {
        self.phase = self.derived_phase();
        if self.phase.is_final() {
            self.ended_at.get_or_insert(at);
        }
    }

    fn with_activity(&mut self, id: ActivityId, edit: impl FnOnce(&mut Activity)) {
        if let Some(activity) = self.activities.iter_mut().find(|a| a.id == id) {
            edit(activity);
        }
    }

    fn close_activity(
        &mut self,
        id: ActivityId,
        at: Timestamp,
        why: CloseReason,
        with: Option<DispositionRef>,
        also: &[DispositionRef],
    ) {
        self.with_activity(id, |a| {
            a.state = ActivityState::Close;
            a.close_at = Some(at);
            a.close_reason = Some(why);
            a.withheld = None;
            a.lost = None;
            if with.is_some() {
                a.disposition = with;
                a.also = also.to_vec();
            }
        });
        self.offers.retain(|o| o.activity != id);
    }

    fn add_activity(
        &mut self,
        change: &InteractionChange,
        queue: &QueueRef,
        at: Timestamp,
        owner: Option<UserId>,
        max_wait_until: Option<Timestamp>,
    ) {
        let Some((id, kind)) = change.creates() else { return };
        let waits = owner.is_none();
        self.activities.push(Activity {
            id,
            queue: queue.clone(),
            kind,
            state: if waits { ActivityState::Wait } else { ActivityState::Open },
            owner,
            wait_at: waits.then_some(at),
            open_at: (!waits).then_some(at),
            close_at: None,
            max_wait_until,
            disposition: None,
            also: Vec::new(),
            close_reason: None,
            withheld: None,
            lost: None,
            requeued_at: None,
        });
    }
}
