//! Scripted customers keep human pace, repeat from their seed and go on for a whole day; time is an argument.

use std::collections::BTreeSet;

use super::person::{Deed, Person};
use crate::tests::Stage;
use serde_json::json;

/// A day of one person whom the business answers after `answer_after_ms`, or never: what they did and when.
fn day(seed: u64, answer_after_ms: Option<u64>) -> Vec<(u64, Deed)> {
    let mut person = Person::new(seed, 0, 60_000);
    let (mut deeds, mut answers, mut answer_at) = (Vec::new(), 0, None);
    for now in (0..24 * 3_600_000).step_by(500) {
        if answer_at.is_some_and(|at| at <= now) {
            answers += 1;
            answer_at = None;
        }
        if let Some(deed) = person.step(now, answers) {
            if matches!(deed, Deed::Write(_)) {
                answer_at = answer_after_ms.map(|after| now + after);
            }
            deeds.push((now, deed));
        }
    }
    deeds
}

#[test]
fn a_seed_repeats_the_day_and_another_does_not() {
    assert_eq!(day(3, Some(20_000)), day(3, Some(20_000)));
    assert_ne!(day(3, Some(20_000)), day(4, Some(20_000)));
}

#[test]
fn a_day_with_answers_is_busy_and_human() {
    let mut kinds = BTreeSet::new();
    for seed in 0..20 {
        let deeds = day(seed, Some(30_000));
        let written = deeds.iter().filter(|(_, deed)| matches!(deed, Deed::Write(_))).count();
        assert!((150..1_200).contains(&written), "seed {seed}: {written} messages in a day");
        for pair in deeds.windows(2) {
            let gap = pair[1].0 - pair[0].0;
            assert!(gap >= 2_000, "nobody is faster than two seconds: {pair:?}");
        }
        kinds.extend(deeds.into_iter().map(|(_, deed)| match deed {
            Deed::Write(_) => "write",
            Deed::Picture => "picture",
            Deed::Read => "read",
            Deed::Like => "like",
        }));
    }
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}

#[test]
fn without_answers_people_nudge_once_leave_and_come_back() {
    let deeds = day(1, None);
    assert!(
        deeds.iter().all(|(_, deed)| matches!(deed, Deed::Write(_) | Deed::Picture)),
        "there is nothing to read"
    );
    assert!(deeds.len() > 60, "they come back: {}", deeds.len());
    assert!(deeds.windows(2).all(|pair| pair[1].0 - pair[0].0 < 30 * 60_000));
}

#[tokio::test]
async fn a_crowd_writes_on_all_channels_and_goes_home() {
    let stage = Stage::new().await;
    let (status, started) =
        stage.post("/control/crowd", json!({"customers": 8, "seed": 5, "pace": 200})).await;
    assert_eq!(status, 200, "{started}");
    let objects = || {
        let arrived = stage.arrived();
        let of = |a: &crate::tests::Arrived| a.body["object"].as_str().unwrap_or("viber").to_owned();
        arrived.iter().map(of).collect::<BTreeSet<_>>().len()
    };
    stage.until(|| objects() == 4).await;
    let crowd = stage.get("/control/crowd").await;
    assert_eq!(crowd["crowd"]["customers"], 8);
    assert!(crowd["crowd"]["deeds"].as_u64().unwrap() >= 4);
    let (_, ended) = stage.call(stage.http.delete(format!("{}/control/crowd", stage.base))).await;
    assert_eq!(ended, json!({"ended": true}));
    assert!(stage.get("/control/crowd").await["crowd"].is_null());
    assert_eq!(stage.post("/control/crowd", json!({"customers": 0})).await.0, 400);
}
