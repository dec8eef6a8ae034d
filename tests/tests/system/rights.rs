//! Nobody hears of what they may not see: random customers, and rights that change all the time, against a reference of its own (I-18).

use reqwest::Method;
use serde_json::{Value, json};
use shared::channel::Channel;
use shared::event::Stream;
use shared::id::InteractionId;
use shared::wire::{DeskFrame, RelayFrame};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tests::seed;
use tests::{Desk, Phones, Relay, crowd};

/// A step of a small generator: the same run every time.
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 33).unwrap()
}

/// Whose rights change.
const LOGINS: [&str; 2] = ["eva", "petr"];

/// The admin's side of it.
struct Office<'a> {
    relay: &'a Relay,
    admin: String,
    people: BTreeMap<String, Value>,
    queues: Vec<Value>,
}

impl Office<'_> {
    /// The members of a queue, by login, as the admin wants them.
    async fn set_members(&self, queue: &Value, members: &[&str]) {
        let mut queue = queue.clone();
        queue["members"] =
            members.iter().map(|login| json!({ "user": self.people[*login], "penalty": 0 })).collect();
        let url = format!("{}/api/v1/queues/{}", self.relay.base, queue["id"].as_str().unwrap());
        let put = self.relay.http.request(Method::PUT, url).bearer_auth(&self.admin).json(&queue);
        let answer = put.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Changes some of the eight rights, each by chance; how many.
    async fn change(&self, rights: &mut [BTreeSet<usize>; 2], random: &mut u64) -> usize {
        let mut changes = 0;
        for (place, queue) in self.queues.iter().enumerate() {
            for mine in rights.iter_mut() {
                if !next(random).is_multiple_of(4) {
                    changes += 1;
                    if !mine.remove(&place) {
                        mine.insert(place);
                    }
                }
            }
            let members = LOGINS.iter().zip(&*rights).filter(|(_, mine)| mine.contains(&place));
            let members: Vec<&str> = members.map(|(login, _)| *login).chain(["dana"]).collect();
            self.set_members(queue, &members).await;
        }
        changes
    }
}

/// The interaction of which this frame tells what happened.
fn about(frame: &RelayFrame) -> Option<InteractionId> {
    match frame {
        RelayFrame::Event { event, .. } => match event.stream {
            Stream::Interaction(id) => Some(id),
            _ => None,
        },
        RelayFrame::Reveal { stream: Stream::Interaction(id) } => Some(*id),
        _ => None,
    }
}

/// The chats in the list of those that wait, as a desk holds it after these frames.
fn waiting(told: &[RelayFrame]) -> BTreeSet<InteractionId> {
    crowd::waiting(told).into_values().map(|row| row.interaction).collect()
}

/// A change of rights holds everywhere after so long.
const CUT_OVER: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_of_queues_that_are_not_theirs_also_while_rights_change() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let admin = relay.token("admin").await;
    let people: BTreeMap<String, Value> = relay
        .get(&admin, "/api/v1/users")
        .await
        .as_array()
        .unwrap()
        .iter()
        .map(|user| (user["login"].as_str().unwrap().to_owned(), user["id"].clone()))
        .collect();
    let queues = relay.get(&admin, "/api/v1/queues").await.as_array().unwrap().clone();
    // Nobody takes anything here: whoever works on a chat may go on reading it, whatever becomes of the queue.
    let office = Office { relay: &relay, admin, people, queues: queues.clone() };
    for queue in &queues {
        office.set_members(queue, &["dana"]).await;
    }
    let desks = [Desk::open(&relay, LOGINS[0]).await, Desk::open(&relay, LOGINS[1]).await];
    let dana = Desk::open(&relay, "dana").await;
    // One customer waits in each queue; which chat that is, the supervisor's list says.
    let mut chats: Vec<InteractionId> = Vec::new();
    for queue in &queues {
        let channel: Channel = serde_json::from_value(queue["channel"].clone()).unwrap();
        phones.customer(channel).write("Hello").await;
        let seen = chats.clone();
        let chat = tests::wait::until("the new chat", || async {
            waiting(&dana.told()).into_iter().find(|id| !seen.contains(id))
        })
        .await;
        chats.push(chat);
    }
    let mut random = 0x2545_F491_4F6C_DD1D;
    let mut rights: [BTreeSet<usize>; 2] = Default::default();
    let (mut late, mut heard, mut changes, mut round) = (0, 0, 0, 0);
    while changes < seed::rounds(500) {
        round += 1;
        changes += office.change(&mut rights, &mut random).await;
        let since = Instant::now();
        // What was on its way before the last change comes; from here on nothing does that may not.
        let now = dana.snapshot().await.config.version;
        for desk in &desks {
            let told = |frame: &RelayFrame| match frame {
                RelayFrame::ConfigChanged { version } => (*version >= now).then_some(()),
                _ => None,
            };
            desk.ever("the change", told).await;
        }
        late += usize::from(since.elapsed() > CUT_OVER);
        let marks: Vec<usize> = desks.iter().map(|desk| desk.told().len()).collect();
        // What they watched before they may no longer, they hear no more of, though they never let it go.
        for queue in &queues {
            let channel: Channel = serde_json::from_value(queue["channel"].clone()).unwrap();
            phones.customer(channel).write(&format!("round {round}, unasked")).await;
        }
        // Both ask to watch everything, whether they may or not.
        for desk in &desks {
            for chat in &chats {
                desk.say(DeskFrame::Watch { interaction: *chat, version: 1 });
            }
        }
        for queue in &queues {
            let channel: Channel = serde_json::from_value(queue["channel"].clone()).unwrap();
            phones.customer(channel).write(&format!("round {round}")).await;
        }
        for (who, desk) in desks.iter().enumerate() {
            // Whoever may hear it does, so that silence means something.
            for queue in &rights[who] {
                let (chat, from) = (chats[*queue], marks[who]);
                tests::wait::until("an event of the round", || async {
                    let told = desk.told();
                    told.iter().skip(from).any(|frame| about(frame) == Some(chat)).then_some(())
                })
                .await;
                heard += 1;
            }
        }
        for (who, desk) in desks.iter().enumerate() {
            let mine: BTreeSet<InteractionId> = rights[who].iter().map(|queue| chats[*queue]).collect();
            tests::wait::until("the list as it is now", || async {
                (waiting(&desk.told()) == mine).then_some(())
            })
            .await;
            for frame in desk.told().iter().skip(marks[who]) {
                let heard = about(frame);
                assert!(heard.is_none_or(|chat| mine.contains(&chat)), "{} heard {frame:?}", LOGINS[who]);
            }
            for (queue, chat) in chats.iter().enumerate() {
                let url = format!("{}/api/v1/interactions/{chat}", relay.base);
                let status = relay.http.get(url).bearer_auth(&desk.token).send().await.unwrap().status();
                assert_eq!(status.is_success(), rights[who].contains(&queue), "{}: {status}", LOGINS[who]);
            }
        }
    }
    println!("I-18: {changes} changes of rights in {round} rounds, {late} of them late");
    assert!(heard > round, "only {heard} times anybody heard anything");
    // A machine that does much else may be late now and then.
    assert!(late * 5 <= round, "{late} of {round} changes took longer than {CUT_OVER:?}");
}
