//! The generator repeats itself from the same seed and stays within its bounds.

use super::*;

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let numbers = |seed: u64| {
        let mut random = Random::new(seed);
        (0..50).map(|_| random.next()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(7), numbers(7));
    assert_ne!(numbers(7), numbers(8));
}

#[test]
fn bounds_hold() {
    let mut random = Random::new(1);
    let mut seen = [0_u32; 3];
    for _ in 0..3_000 {
        let n = random.between(5, 7);
        assert!((5..=7).contains(&n));
        seen[usize::try_from(n - 5).unwrap()] += 1;
    }
    assert!(seen.iter().all(|n| *n > 800), "{seen:?}");
    assert!(!random.chance(0) && random.chance(1_000));
    assert_eq!((random.below(0), random.pick::<u8>(&[])), (0, None));
}
