//! A map of bounded size that forgets what was put in first.

use std::collections::{BTreeMap, VecDeque};

/// The newest entries of a growing map.
pub(super) struct Recent<K, V> {
    most: usize,
    entries: BTreeMap<K, V>,
    order: VecDeque<K>,
}

impl<K: Copy + Ord, V> Recent<K, V> {
    /// Holds at most so many entries.
    pub fn new(most: usize) -> Self {
        Self { most, entries: BTreeMap::new(), order: VecDeque::new() }
    }

    pub fn get(&self, key: K) -> Option<&V> {
        self.entries.get(&key)
    }

    /// Puts an entry in; a known key keeps its age.
    pub fn insert(&mut self, key: K, value: V) {
        if self.entries.insert(key, value).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > self.most {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
    }

    pub fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }
}
