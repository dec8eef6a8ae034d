//! Sealing and keys: what opens, what does not, and what the key file survives.

use super::key::Key;
use super::{KeyFileError, Keyring, Place, SealError, Sealed, Secret};
use proptest::prelude::{any, proptest};

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_under_its_own_name_alone(text in any::<String>()) {
        let keys = Keyring::fresh();
        let sealed = keys.seal("connector:1:token", &secret(&text)).unwrap();
        assert_eq!(keys.open("connector:1:token", &sealed).unwrap().expose(), text);
        let swapped = keys.open("connector:2:token", &sealed).err();
        assert_eq!(swapped, Some(SealError::Broken { name: "connector:2:token".into() }));
    }

    #[test]
    fn one_flipped_bit_is_found(text in ".{1,40}", place in any::<proptest::sample::Index>(), bit in 0..8_u8) {
        let keys = Keyring::fresh();
        let Sealed { key, value } = keys.seal("name", &secret(&text)).unwrap();
        let mut bytes = hex::decode(value).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let flipped = keys.open("name", &Sealed { key, value: hex::encode(bytes) }).err();
        assert_eq!(flipped, Some(SealError::Broken { name: "name".into() }));
    }
}

#[test]
fn the_same_secret_is_sealed_differently_every_time() {
    let keys = Keyring::fresh();
    let (one, two) =
        (keys.seal("name", &secret("same")).unwrap(), keys.seal("name", &secret("same")).unwrap());
    assert_ne!(one.value, two.value);
    assert_eq!(one.key, two.key);
}

#[test]
fn a_key_that_is_not_there_is_named_by_its_id() {
    let sealed = Keyring::fresh().seal("app:main:secret", &secret("hidden")).unwrap();
    let error = Keyring::fresh().open("app:main:secret", &sealed).err().unwrap();
    assert_eq!(error, SealError::UnknownKey { name: "app:main:secret".into(), key: sealed.key.clone() });
    assert!(error.to_string().contains(&sealed.key) && !error.to_string().contains("hidden"));
    assert_eq!(Keyring::default().seal("name", &secret("hidden")).err(), Some(SealError::NoKey));
}

#[test]
fn a_new_key_seals_and_the_old_still_opens_also_when_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path().join("secret.key"));
    assert!(matches!(place.read().err(), Some(KeyFileError::Missing(_))));
    assert!(place.make().unwrap(), "there was no key");
    assert!(!place.make().unwrap(), "an existing key is never replaced");
    let keys = place.read().unwrap();
    let old = keys.seal("name", &secret("hidden")).unwrap();
    keys.renew().unwrap();
    let new = keys.seal("name", &secret("hidden")).unwrap();
    assert_ne!(old.key, new.key);
    for keys in [keys, place.read().unwrap()] {
        assert_eq!(keys.ids(), [new.key.clone(), old.key.clone()]);
        for sealed in [&old, &new] {
            assert_eq!(keys.open("name", sealed).unwrap().expose(), "hidden");
        }
    }
    assert!(!place.is_open_to_others(), "only the owner may read it");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_noticed() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.key");
    let place = Place::File(path.clone());
    place.make().unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(place.is_open_to_others());
}

#[test]
fn a_line_that_is_no_key_is_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.key");
    let digits = Key::fresh().unwrap().digits();
    for bad in ["", "# only words\n", "abcdef", &digits[1..], &format!("{}\nnonsense", *digits)] {
        std::fs::write(&path, bad).unwrap();
        let error = Place::File(path.clone()).read().err().unwrap();
        assert!(matches!(error, KeyFileError::Malformed(_)));
        assert!(!error.to_string().contains("nonsense") && !error.to_string().contains("abcdef"));
    }
}
