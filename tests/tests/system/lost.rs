//! Owners who are lost: their chats go back to the head of the queue, over a restart, and nothing that was written is lost (D-142, T-22, R-19).

use serde_json::json;
use shared::agent::AgentChange;
use shared::channel::Channel;
use shared::command::Command;
use shared::event::Change;
use shared::id::{InteractionId, MessageId, UserId};
use shared::interaction::{ActivityState, InteractionChange, LostBecause};
use shared::refusal::Refusal;
use shared::wire::{InteractionSnapshot, ListUpdate, Presence, RelayFrame};
use std::collections::BTreeSet;
use std::time::Duration;
use tests::{Customer, Desk, Phones, Relay};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_mins(1);

/// Two chats that this desk has open, each with its customer.
async fn two_chats(phones: &Phones, desk: &mut Desk) -> Vec<(Customer, InteractionId)> {
    let mut chats = Vec::new();
    for name in ["Anna", "Bert"] {
        let customer = phones.create(Channel::WhatsApp, name).await;
        customer.write("Hello").await;
        let card = desk.card().await;
        chats.push((customer, desk.accept(&card).await.interaction.id));
    }
    chats
}

/// Waits until a colleague is shown as connected, or as away.
async fn shown(desk: &mut Desk, colleague: UserId, away: bool) {
    desk.next("a colleague's row", |frame| match frame {
        RelayFrame::List { update: ListUpdate::Colleagues { upsert, .. } } => {
            let row = upsert.iter().find(|row| row.user.id == colleague)?;
            ((row.presence == Presence::Away) == away).then_some(())
        }
        _ => None,
    })
    .await;
}

/// Somebody's desk goes without a word, and the relay notices: from then on they are missing.
async fn vanishes(desk: &Desk, colleague: &mut Desk) {
    shown(colleague, desk.user, false).await;
    desk.cut();
    shown(colleague, desk.user, true).await;
}

/// Waits until the relay has written down that the owner of a chat is missing.
async fn missed(desk: &Desk, chat: InteractionId) {
    tests::wait::until("a missing owner", || async {
        desk.interaction(chat).await.interaction.activities[0].lost.map(drop)
    })
    .await;
}

/// Waits until these words of the customer are in the chat.
async fn reads(desk: &Desk, chat: InteractionId, words: &str) {
    tests::wait::until("the customer's words", || async {
        desk.texts(chat).await.iter().any(|(text, _)| text == words).then_some(())
    })
    .await;
}

/// The reasons for which a chat went back, as its history tells them.
fn back(snapshot: &InteractionSnapshot) -> Vec<(String, LostBecause)> {
    let line = |entry: &shared::thread::Entry| match &entry.body {
        shared::thread::Body::Event { change: InteractionChange::Requeued { owner, because, .. } } => {
            Some((owner.name.clone(), *because))
        }
        _ => None,
    };
    snapshot.entries.iter().filter_map(line).collect()
}

fn late(interaction: InteractionId) -> Command {
    let message = MessageId(Uuid::now_v7());
    Command::Send { interaction, message, text: "One moment please".into(), seen: u64::MAX }
}

#[tokio::test(flavor = "multi_thread")]
async fn t22_the_chats_of_a_lost_agent_ring_first_at_the_next_also_after_a_restart() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let chats = two_chats(&phones, &mut eva).await;
    let mut dana = Desk::open(&relay, "dana").await;
    dana.done(Command::LeaveQueue {
        queue: eva.interaction(chats[0].1).await.interaction.activities[0].queue.id,
    })
    .await;
    let (token, user) = (eva.token.clone(), eva.user);
    vanishes(&eva, &mut dana).await;
    relay.advance(MINUTE).await;
    missed(&dana, chats[0].1).await;
    missed(&dana, chats[1].1).await;
    // What customers write meanwhile is kept; somebody new waits, whom nobody can be offered.
    chats[0].0.write("Are you there?").await;
    reads(&dana, chats[0].1, "Are you there?").await;
    relay.kill_and_restart().await;
    let dana = Desk::open(&relay, "dana").await;
    chats[1].0.write("Hello?").await;
    reads(&dana, chats[1].1, "Hello?").await;
    let newcomer = phones.create(Channel::WhatsApp, "Cecil").await;
    newcomer.write("I am new").await;
    relay.advance(MINUTE * 11).await;
    let ids: BTreeSet<_> = chats.iter().map(|(_, id)| *id).collect();
    tests::wait::until("both in the queue again", || async {
        for id in &ids {
            let piece = dana.interaction(*id).await.interaction.activities.remove(0);
            if piece.state != ActivityState::Wait || piece.owner.is_some() {
                return None;
            }
        }
        Some(())
    })
    .await;
    let mut petr = Desk::open(&relay, "petr").await;
    let mut rang = Vec::new();
    while rang.len() < 3 {
        let ringing = petr.card().await.ringing;
        // A desk may see a card again that rang out while the clock was moved.
        if !rang.contains(&ringing.interaction) {
            rang.push(ringing.interaction);
        }
    }
    assert_eq!(rang[..2].iter().copied().collect::<BTreeSet<_>>(), ids, "before who waits since");
    for (_, id) in &chats {
        let chat = dana.interaction(*id).await;
        assert!(
            matches!(&back(&chat)[..], [(name, LostBecause::Away)] if name.starts_with("Eva")),
            "{chat:?}"
        );
    }
    // The lost desk comes back with what it had not sent: refused, whoever has the chat now, and told what happened.
    let eva = Desk::open_with(&relay, token, None, Vec::new()).await;
    assert_eq!(eva.refused(late(chats[0].1)).await, Refusal::Requeued);
    let activity = eva.interaction(chats[0].1).await.interaction.activities[0].id;
    petr.done(Command::Accept { interaction: chats[0].1, activity, offer: None }).await;
    assert_eq!(eva.refused(late(chats[0].1)).await, Refusal::NotYours);
    assert_eq!(chats[0].0.times("One moment please").await, 0);
    let agent = eva.snapshot().await.agent;
    assert_eq!((agent.user, agent.open.len()), (user, 0));
    assert_eq!(agent.lost.iter().map(|one| one.interaction).collect::<BTreeSet<_>>(), ids);
    petr.send(chats[0].1, "Here I am").await;
    chats[0].0.shows("Here I am").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d142_who_is_back_in_time_keeps_their_chats() {
    let mut relay = Relay::start_apart().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let chats = two_chats(&phones, &mut eva).await;
    let mut dana = Desk::open(&relay, "dana").await;
    let token = eva.token.clone();
    vanishes(&eva, &mut dana).await;
    relay.advance(MINUTE * 9).await;
    missed(&dana, chats[0].1).await;
    missed(&dana, chats[1].1).await;
    relay.kill_and_restart().await;
    let eva = Desk::open_with(&relay, token, None, Vec::new()).await;
    tests::wait::until("nobody missing", || async {
        let mut lost = false;
        for (_, id) in &chats {
            lost |= eva.interaction(*id).await.interaction.activities[0].lost.is_some();
        }
        (!lost).then_some(())
    })
    .await;
    relay.advance(MINUTE * 30).await;
    for (customer, id) in &chats {
        eva.send(*id, "Back again").await;
        customer.shows("Back again").await;
    }
    assert_eq!(eva.snapshot().await.agent.open.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn r19_who_logs_out_leaves_their_chats_after_the_minutes_of_the_workspace() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let admin = Desk::open(&relay, "admin").await;
    let url = format!("{}/api/v1/workspace", relay.base);
    assert_eq!(relay.get(&admin.token, "/api/v1/workspace").await["lost_after"], json!(600_000));
    let put = |token: String, body| relay.http.put(&url).bearer_auth(token).json(&body).send();
    for (lost_after, status) in [(59_999, 422), (60_000, 200)] {
        let answer = put(admin.token.clone(), json!({ "lost_after": lost_after })).await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
    }
    let mut eva = Desk::open(&relay, "eva").await;
    assert_eq!(put(eva.token.clone(), json!({})).await.unwrap().status().as_u16(), 403);
    let chats = two_chats(&phones, &mut eva).await;
    let mut petr = Desk::open(&relay, "petr").await;
    let out = relay.http.delete(format!("{}/api/v1/session", relay.base)).bearer_auth(&eva.token).send();
    assert!(out.await.unwrap().status().is_success());
    missed(&petr, chats[0].1).await;
    missed(&petr, chats[1].1).await;
    relay.advance(MINUTE).await;
    let mut rang = BTreeSet::new();
    while rang.len() < 2 {
        rang.insert(petr.card().await.ringing.interaction);
    }
    assert_eq!(rang, chats.iter().map(|(_, id)| *id).collect());
    let chat = petr.interaction(chats[0].1).await;
    assert!(matches!(&back(&chat)[..], [(_, LostBecause::LoggedOut)]), "{chat:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r19_who_loses_the_queue_sees_the_tab_go() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let admin = Desk::open(&relay, "admin").await;
    let mut eva = Desk::open(&relay, "eva").await;
    let chats = two_chats(&phones, &mut eva).await;
    let queue = eva.interaction(chats[0].1).await.interaction.activities[0].queue.id;
    let address = format!("/api/v1/queues/{queue}");
    let mut body = relay.get(&admin.token, &address).await;
    body["members"].as_array_mut().unwrap().retain(|one| one["user"] != json!(eva.user));
    let put = relay.http.put(format!("{}{address}", relay.base)).bearer_auth(&admin.token).json(&body);
    assert!(put.send().await.unwrap().status().is_success());
    missed(&eva, chats[0].1).await;
    eva.send(chats[0].1, "I finish this").await;
    relay.advance(MINUTE * 11).await;
    let gone = |frame: &RelayFrame| match frame {
        RelayFrame::Event { event, .. } => match &event.change {
            Change::Agent(AgentChange::Released { lost: Some(LostBecause::NoRights), .. }) => Some(()),
            _ => None,
        },
        _ => None,
    };
    eva.next("the first tab gone", gone).await;
    eva.next("the second tab gone", gone).await;
    assert!(eva.snapshot().await.agent.open.is_empty());
}
