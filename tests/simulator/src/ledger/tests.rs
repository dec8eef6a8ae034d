//! Lines are found by number, bodies age away, and the beginning is dropped and counted.

use super::*;

fn line(n: u64) -> Entry {
    let body = Value::String(format!("body {n}"));
    Entry::Api {
        account: None,
        method: "GET".to_owned(),
        path: "/".to_owned(),
        body,
        status: 200,
        answer: Value::Null,
        cut: false,
    }
}

#[test]
fn lines_after_a_number() {
    let mut ledger = Ledger::default();
    let total = (CAPACITY + 5) as u64;
    for n in 1..=total {
        ledger.add(line(n), n);
    }
    assert_eq!((ledger.last(), ledger.dropped()), (total, 5));
    let numbers =
        |since: u64, limit: usize| ledger.after(since, limit).iter().map(|l| l.seq).collect::<Vec<_>>();
    assert_eq!(numbers(0, 2), [6, 7]);
    assert_eq!(numbers(100, 3), [101, 102, 103]);
    assert_eq!(numbers(total - 1, 9), [total]);
    assert!(numbers(total, 9).is_empty() && numbers(total + 10, 9).is_empty());
    let body = |seq: u64| match &ledger.after(seq - 1, 1).first().unwrap().entry {
        Entry::Api { body, .. } => body.clone(),
        other => panic!("{other:?}"),
    };
    let border = total - WITH_BODIES as u64;
    assert_eq!(body(border), Value::Null);
    assert_eq!(body(border + 1), Value::String(format!("body {}", border + 1)));
}
