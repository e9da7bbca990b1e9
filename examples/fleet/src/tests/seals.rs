//! Snapshots that are sealed.

use zeroize::Zeroizing;

use crate::blocking::{Sealed, Store};
use crate::{Key, Memory, Stored};

fn key() -> Key {
    Key::new([7; 32])
}

fn stored(revision: u64, snapshot: &[u8]) -> Stored {
    Stored { revision, snapshot: Zeroizing::new(snapshot.to_vec()) }
}

#[test]
fn what_is_sealed_is_opened_as_what_it_was_sealed_for_and_by_its_key_alone() {
    let sealed = key().seal("Ann", 3, b"a secret").unwrap();
    assert!(!sealed.windows(6).any(|part| part == b"secret"));
    assert_eq!(*key().open("Ann", stored(3, &sealed)).unwrap().snapshot, b"a secret");
    assert!(key().open("Bob", stored(3, &sealed)).is_err(), "another user's");
    assert!(key().open("Ann", stored(4, &sealed)).is_err(), "an old one under a new revision");
    assert!(Key::new([8; 32]).open("Ann", stored(3, &sealed)).is_err());
    assert_ne!(sealed, key().seal("Ann", 3, b"a secret").unwrap(), "no two nonces are the same");
}

#[test]
fn what_was_altered_or_cut_anywhere_is_refused() {
    let sealed = key().seal("Ann", 1, b"a secret").unwrap();
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(key().open("Ann", stored(1, &altered)).is_err(), "at {at}");
        assert!(key().open("Ann", stored(1, &sealed[..at])).is_err(), "cut at {at}");
    }
    assert!(key().open("Ann", stored(1, &[&*sealed, b"x"].concat())).is_err());
}

/// A neighbour writes the store: what a session has in the clear, or another's.
#[test]
fn who_can_write_the_store_chooses_no_snapshot() {
    let memory = Memory::new();
    let (ann, bob) = (Sealed::new(&memory, key(), "Ann"), Sealed::new(&memory, key(), "Bob"));
    assert!(memory.set(0, b"in the clear"));
    assert!(ann.load().is_err());
    assert!(bob.compare_and_set(1, b"Bob's").unwrap());
    assert!(ann.load().is_err());
    assert_eq!(*bob.load().unwrap().unwrap().snapshot, b"Bob's");
    let error = ann.load().unwrap_err().to_string();
    assert!(error.contains("remove it, and sign in anew"), "{error}");
}

#[test]
fn a_key_is_64_hexadecimal_digits() {
    let digits = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";
    let sealed = Key::of_hex(digits).unwrap().seal("", 1, b"x").unwrap();
    let same = Key::new(std::array::from_fn(|place| place as u8));
    assert_eq!(*same.open("", stored(1, &sealed)).unwrap().snapshot, b"x");
    for wrong in ["", &digits[1..], &format!("{digits}0"), &digits.replace('f', "g"), &digits.replace("00", "+1")] {
        assert!(Key::of_hex(wrong).is_none(), "{wrong}");
    }
    assert_eq!(format!("{:?}", key()), "Key { .. }");
}
