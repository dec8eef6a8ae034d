//! Both against the standard library, step by step.

use super::{FlatMap, FlatSet};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    /// Whatever is done to both, they hold the same as the standard library's, and say the same about it.
    #[test]
    fn as_the_standard_library_does(steps in prop::collection::vec((0u8..6, 0u8..20, any::<u16>()), 0..60)) {
        let (mut map, mut set) = (FlatMap::new(), FlatSet::new());
        let (mut its_map, mut its_set) = (BTreeMap::new(), BTreeSet::new());
        for (step, key, value) in steps {
            match step {
                0 | 1 => {
                    prop_assert_eq!(map.insert(key, value), its_map.insert(key, value));
                    prop_assert_eq!(set.insert(key), its_set.insert(key));
                }
                2 => {
                    prop_assert_eq!(map.remove(&key), its_map.remove(&key));
                    prop_assert_eq!(set.remove(&key), its_set.remove(&key));
                }
                3 => prop_assert_eq!(map.pop_first(), its_map.pop_first()),
                4 => prop_assert_eq!(map.or_insert_with(key, || value), its_map.entry(key).or_insert(value)),
                _ => {
                    map.retain(|held, _| held % 3 != key % 3);
                    its_map.retain(|held, _| held % 3 != key % 3);
                    set.retain(|held| held % 3 != key % 3);
                    its_set.retain(|held| held % 3 != key % 3);
                }
            }
            prop_assert_eq!(map.get(&key), its_map.get(&key));
            prop_assert_eq!(map.contains_key(&key), its_map.contains_key(&key));
            prop_assert_eq!(set.contains(&key), its_set.contains(&key));
        }
        prop_assert!(map.iter().eq(its_map.iter()) && set.iter().eq(its_set.iter()));
        let texts = [serde_json::to_string(&map).unwrap(), serde_json::to_string(&set).unwrap()];
        prop_assert_eq!(&texts, &[serde_json::to_string(&its_map).unwrap(), serde_json::to_string(&its_set).unwrap()]);
        prop_assert_eq!(serde_json::from_str::<FlatMap<u8, u16>>(&texts[0]).unwrap(), map);
        prop_assert_eq!(serde_json::from_str::<FlatSet<u8>>(&texts[1]).unwrap(), set);
    }
}
