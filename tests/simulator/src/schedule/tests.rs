//! The schedules as the providers' documents have them.

use super::*;

/// Attempts until the provider gives up, and how long that takes.
fn run(channel: Channel) -> (u32, u64) {
    let (mut attempts, mut at) = (1, Duration::ZERO);
    while at < patience(channel) {
        at += pause(channel, attempts);
        attempts += 1;
    }
    (attempts, at.as_secs())
}

#[test]
fn an_hour_a_week_and_about_an_hour() {
    assert_eq!(pause(Channel::Messenger, 1), Duration::ZERO, "the first repetition comes at once");
    let (attempts, took) = run(Channel::Instagram);
    assert!((8..15).contains(&attempts) && took < 2 * 3_600, "{attempts} {took}");
    let (attempts, took) = run(Channel::Whatsapp);
    assert!((30..60).contains(&attempts) && took < 8 * 24 * 3_600, "{attempts} {took}");
    let pauses: Vec<_> = (1..6).map(|n| pause(Channel::Whatsapp, n).as_secs()).collect();
    assert_eq!(pauses, [5, 10, 20, 40, 80]);
    let (attempts, took) = run(Channel::Viber);
    assert!((8..15).contains(&attempts) && took < 2 * 3_600, "{attempts} {took}");
    assert_eq!(pause(Channel::Viber, u32::MAX), Duration::from_secs(VIBER_LONGEST_S));
}
