//! Bursts, the pace after them, and recovery.

use super::*;

#[test]
fn a_burst_then_one_per_interval() {
    let mut meter = Meter::default();
    let taken = |meter: &mut Meter, now: u64| (0..100).filter(|_| meter.take(45, 6_000, now)).count();
    assert_eq!(taken(&mut meter, 1_000_000), 45);
    assert_eq!(taken(&mut meter, 1_005_999), 0);
    assert_eq!(taken(&mut meter, 1_006_000), 1);
    assert_eq!(taken(&mut meter, 1_018_000), 2);
    assert_eq!(taken(&mut meter, 2_000_000), 45);
    meter.reset();
    assert_eq!(taken(&mut meter, 2_000_000), 45);
}
