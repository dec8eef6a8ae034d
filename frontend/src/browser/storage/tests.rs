//! The storage's words and names, checked without a browser; what it does is tested in one (`tests/storage.rs`).

use super::{StorageError, Store, from_name};

#[test]
fn refusals_of_the_browser_have_their_own_sentence() {
    assert_eq!(from_name("QuotaExceededError"), StorageError::Quota);
    assert_eq!(from_name("AbortError"), StorageError::Aborted);
    assert_eq!(from_name("InvalidStateError"), StorageError::Closed);
    assert_eq!(from_name("SecurityError"), StorageError::NotSecure);
    assert_eq!(from_name("DataError"), StorageError::Refused("DataError".to_owned()));
    assert!(StorageError::Refused("DataError".to_owned()).to_string().contains("DataError"));
    assert!(StorageError::Quota.to_string().ends_with('.'));
}

#[test]
fn stores_have_names_of_their_own() {
    let mut names = Store::ALL.map(Store::name).to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Store::ALL.len());
}
