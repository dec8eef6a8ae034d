//! Rules strike whom they name, as often as they say, and the same way from the same seed.

use super::*;
use serde_json::json;

fn rule(of: Value) -> Rule {
    serde_json::from_value(of).unwrap()
}

#[test]
fn scope_count_and_skip() {
    let mut faults = Faults::new(1);
    faults
        .add(rule(
            json!({"fault": "lost", "account": "a", "customer": "jana", "on": "send", "count": 2, "skip": 1}),
        ))
        .unwrap();
    assert!(faults.call("b", Some("jana"), "send").is_none());
    assert!(faults.call("a", Some("petr"), "send").is_none());
    assert!(faults.call("a", Some("jana"), "upload").is_none());
    let struck: Vec<_> = (0..5).map(|_| faults.call("a", Some("jana"), "send").is_some()).collect();
    assert_eq!(struck, [false, true, true, false, false]);
    assert!(faults.webhook("a", "jana", "send").is_empty(), "a rule on calls leaves webhooks alone");
    assert_eq!((faults.remove(Some(7)), faults.remove(Some(1)), faults.remove(None)), (0, 1, 0));
}

#[test]
fn a_seed_repeats_the_run() {
    let run = |seed: u64| {
        let mut faults = Faults::new(seed);
        faults.add(rule(json!({"fault": "internal", "probability": 0.3}))).unwrap();
        (0..200).map(|_| faults.call("a", None, "send").is_some()).collect::<Vec<_>>()
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
    let hits = run(5).into_iter().filter(|hit| *hit).count();
    assert!((30..90).contains(&hits), "{hits}");
}

#[test]
fn probabilities_are_checked() {
    assert!(Faults::new(1).add(rule(json!({"fault": "rate", "probability": 1.5}))).is_err());
    assert!(serde_json::from_value::<Rule>(json!({"fault": "gremlins"})).is_err());
}
