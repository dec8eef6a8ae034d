//! Looking for interactions: every filter alone and together, names, and pages that follow one another.

use super::*;
use shared::config::UserRef;
use shared::interaction::Phase;
use shared::time::Span;

const EVA: UserId = UserId::from_u128(1);

fn id(n: u128) -> InteractionId {
    InteractionId::from_u128(n)
}

/// Interactions of these customers, a millisecond apart.
async fn listed(log: &Log, names: &[&str]) -> World {
    let mut world = World::default();
    let mut all = Vec::new();
    for (n, name) in (1..).zip(names) {
        let mut one = wrote(&mut world, n, n, n);
        let at = Timestamp(i64::try_from(n).unwrap());
        if let State::Interaction(state) = &mut one.states[0].state {
            state.entered_at = at;
        }
        let (identity, handle) = (IdentityId::from_u128(n), format!("+420 {n}"));
        let name = Some((*name).to_owned()).filter(|name| !name.is_empty());
        one.content.push(Content::Name { identity, name, handle, avatar: None });
        all.push(one);
    }
    // Side by side they share their commits.
    for done in futures_util::future::join_all(all.iter().map(|one| log.append(one))).await {
        done.unwrap();
    }
    world
}

/// What is found, page after page, as the numbers of the interactions.
async fn found(log: &Log, limit: u32, filter: Filter) -> Vec<u128> {
    let mut all = Vec::new();
    let mut wanted = Wanted { user: EVA, queues: vec![QueueId::from_u128(1)], before: None, filter, limit };
    loop {
        let page = log.interactions(&wanted).await.unwrap();
        assert!(page.found.len() <= usize::try_from(limit).unwrap());
        all.extend(page.found.iter().map(|one| one.interaction.id.0.as_u128()));
        match page.next {
            Some(next) => wanted.before = Some(next),
            None => return all,
        }
    }
}

fn named(name: &str) -> Filter {
    Filter { name: Some(name.into()), ..Filter::default() }
}

#[tokio::test]
async fn every_filter_narrows_the_list_and_pages_follow_one_another() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let mut world = listed(&log, &["Jana", "Petr", "Karel", "Eva", "Ota"]).await;
    let owner = UserRef { id: EVA, name: "Eva".into() };
    let accepted = InteractionChange::Accepted {
        activity: ActivityId::from_u128(2),
        offer: None,
        owner,
        waited: Span::seconds(1),
    };
    let mut taken = append(&mut world, vec![(Stream::Interaction(id(2)), Change::Interaction(accepted))]);
    if let State::Interaction(state) = &mut taken.states[0].state {
        state.entered_at = Timestamp(2);
    }
    log.append(&taken).await.unwrap();
    for limit in [1, 2, 3, 50] {
        let all = |filter| found(&log, limit, filter);
        assert_eq!(all(Filter::default()).await, [5, 4, 3, 2, 1]);
        let phases = |phases: &[Phase]| Filter { phases: phases.to_vec(), ..Filter::default() };
        assert_eq!(all(phases(&[Phase::Queued])).await, [5, 4, 3, 1]);
        assert_eq!(all(phases(&[Phase::Active])).await, [2]);
        assert_eq!(all(phases(&[Phase::Active, Phase::Queued])).await, [5, 4, 3, 2, 1]);
        assert_eq!(all(phases(&[Phase::Missed, Phase::Ended])).await, []);
        let channels = |channels: &[Channel]| Filter { channels: channels.to_vec(), ..Filter::default() };
        assert_eq!(all(channels(&[Channel::Viber, Channel::WhatsApp])).await, [5, 4, 3, 2, 1]);
        assert_eq!(all(channels(&[Channel::WhatsApp])).await, []);
        let queues = |queue: u128| Filter { queues: vec![QueueId::from_u128(queue)], ..Filter::default() };
        assert_eq!(all(queues(1)).await, [5, 4, 3, 2, 1]);
        assert_eq!(all(queues(2)).await, []);
        let owner = |owner: u128| Filter { owner: Some(UserId::from_u128(owner)), ..Filter::default() };
        assert_eq!(all(owner(1)).await, [2]);
        assert_eq!(all(owner(2)).await, []);
        let between = |from: i64, to: i64| {
            let (from, to) = (Some(Timestamp(from)), Some(Timestamp(to)));
            Filter { from, to, ..Filter::default() }
        };
        assert_eq!(all(between(2, 4)).await, [3, 2], "from this time on, before that one");
        assert_eq!(all(between(6, 9)).await, []);
        assert_eq!(all(Filter { phases: vec![Phase::Queued], ..between(2, 5) }).await, [4, 3]);
        assert_eq!(all(Filter { name: Some("A".into()), ..between(2, 5) }).await, [4, 3]);
    }
}

#[tokio::test]
async fn a_part_of_a_name_finds_it_whatever_its_case_and_marks() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    listed(&log, &["Jiří Novák", "JIRI DVORAK", "", "a\0b", "100 %", "O'Neil"]).await;
    for (name, hits) in [
        ("jiri", vec![2, 1]),
        ("ŘÍ N", vec![1]),
        ("420 3", vec![3]),
        ("420 1", vec![]),
        ("a\0b", vec![4]),
        ("%", vec![5]),
        ("_", vec![]),
        ("o'n", vec![6]),
        ("' OR 1=1 --", vec![]),
    ] {
        for limit in [1, 50] {
            assert_eq!(found(&log, limit, named(name)).await, hits, "{name:?}");
        }
    }
    let stranger = Wanted {
        user: UserId::from_u128(2),
        queues: Vec::new(),
        before: None,
        filter: named("jiri"),
        limit: 10,
    };
    let page = log.interactions(&stranger).await.unwrap();
    assert!(page.found.is_empty() && page.next.is_none(), "who may not read it does not find it");
}

#[tokio::test]
async fn a_long_list_is_looked_through_a_stretch_at_a_time() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    let mut names = vec!["Somebody"; 2_100];
    for place in [0, 1_099, 1_100, 2_099] {
        names[place] = "Šárka";
    }
    listed(&log, &names).await;
    for limit in [1, 2, 50] {
        assert_eq!(found(&log, limit, named("sarka")).await, [2_100, 1_101, 1_100, 1]);
    }
    assert_eq!(found(&log, 200, named("some")).await.len(), 2_096);
    assert_eq!(found(&log, 200, Filter::default()).await.len(), 2_100);
    let nobody = Filter { owner: Some(EVA), ..Filter::default() };
    let mut wanted = Wanted { user: EVA, queues: Vec::new(), before: None, filter: nobody, limit: 10 };
    let first = log.interactions(&wanted).await.unwrap();
    assert!(first.found.is_empty(), "nothing so far");
    wanted.before = Some(first.next.expect("there is more to look through"));
    assert!(log.interactions(&wanted).await.unwrap().next.is_none());
    // What runs is found wherever it is.
    let live = Filter { phases: vec![Phase::Queued], ..named("sarka") };
    let wanted = Wanted { queues: vec![QueueId::from_u128(1)], before: None, filter: live, ..wanted };
    let page = log.interactions(&wanted).await.unwrap();
    assert_eq!((page.found.len(), page.next), (4, None));
}
