//! Types of every kind that serde has: each is read, or refused with the cause, and none panics.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use creatio_auth::typed::{self, TypedCause, TypedError};
use creatio_auth::{DocumentError, Fault};
use serde::de::{DeserializeOwned, Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};

fn read<T: DeserializeOwned>(json: &str) -> Result<T, TypedError> {
    typed::read(json.as_bytes(), &mut [0; 16])
}

fn refused<T: DeserializeOwned + Debug>(json: &str) -> TypedCause {
    read::<T>(json).expect_err(json).cause()
}

#[derive(Deserialize, Debug, PartialEq)]
struct Unit;

#[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Newtype<T>(T);

#[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair(u8, bool);

#[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Unit,
    Newtype(u8),
    Tuple(u8, bool),
    Struct { a: u8 },
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct Strict {
    a: u8,
}

#[derive(Deserialize, Debug)]
struct Bytes<'a>(#[allow(dead_code)] &'a [u8]);

#[test]
fn types_of_every_kind_are_read() {
    assert_eq!(read(r#"[-1, -2, -3, -4]"#), Ok((-1i8, -2i16, -3i32, -4i64)));
    assert_eq!(read(r#"[1, 2, 3, 4]"#), Ok((1u8, 2u16, 3u32, 4u64)));
    assert_eq!(read(r#"[0.5, 1e2, true, "\u00f6", "a\n"]"#), Ok((0.5f32, 100.0, true, 'ö', "a\n".to_owned())));
    assert_eq!(read(r#"[null, null, null, 7]"#), Ok(((), Unit, None::<u8>, Some(7))));
    assert_eq!(read(r#"[7, [1, true], [1, true]]"#), Ok((Newtype(7), Pair(1, true), (1, true))));
    assert_eq!(read(r#"[1, 2]"#), Ok(vec![1, 2]));
    let kinds = r#"["Unit", {"Newtype": 1}, {"Tuple": [1, true]}, {"Struct": {"a": 1, "b": 2}}]"#;
    assert_eq!(read(kinds), Ok([Kind::Unit, Kind::Newtype(1), Kind::Tuple(1, true), Kind::Struct { a: 1 }]));
    assert_eq!(read(r#"[{"a": [1, {"b": null}]}, 1.5, "\u0041"]"#), Ok([IgnoredAny; 3]));
    assert_eq!(typed::read(br#"["a", "b"]"#, &mut []), Ok(["a", "b"]));
}

#[test]
fn what_is_not_of_its_type_is_refused() {
    use TypedCause::{TooLong, UnknownVariant, WrongType};
    let wrong = [
        refused::<char>(r#""ab""#),
        refused::<std::num::NonZeroU8>("0"),
        refused::<u8>("1.5"),
        refused::<i8>("1e1"),
        refused::<Unit>("0"),
        refused::<Newtype<bool>>("0"),
        refused::<Pair>("{}"),
        refused::<Kind>("7"),
        refused::<Kind>(r#""Newtype""#),
        refused::<Kind>(r#""Tuple""#),
        refused::<Kind>(r#""Struct""#),
        refused::<Kind>(r#"{"Newtype": true}"#),
        refused::<Kind>(r#"{"Unit": 1}"#),
    ];
    assert_eq!(wrong, [WrongType; 13]);
    assert_eq!([refused::<Kind>(r#""None""#), refused::<Kind>(r#"{"None": 1}"#)], [UnknownVariant; 2]);
    assert_eq!([refused::<Pair>("[1]"), refused::<Kind>(r#"{"Tuple": [1]}"#)], [TooLong; 2], "of another length");
    assert_eq!(read::<Kind>(r#"{"Struct": {"a": -1}}"#).unwrap_err().member(), Some("a"));
    assert_eq!(read(r#"{"a": 1}"#), Ok(Strict { a: 1 }));
    assert_eq!(refused::<Strict>(r#"{"a": 1, "b": 2}"#), TypedCause::Refused);
}

#[test]
fn a_type_that_cannot_be_read_is_refused_as_such() {
    let bytes = typed::read::<Bytes<'_>>(b"[1]", &mut []).unwrap_err().cause();
    assert_eq!([bytes, refused::<serde_json::Value>("1")], [TypedCause::Unsupported; 2]);
}

#[test]
fn keys_that_are_texts_are_read_and_others_refused_without_a_panic() {
    let json = r#"{"a": 1}"#;
    assert_eq!(read(json), Ok(BTreeMap::from([("a".to_owned(), 1)])));
    assert_eq!(read(json), Ok(BTreeMap::from([('a', 1)])));
    assert_eq!(read(json), Ok(BTreeMap::from([(Newtype(Newtype('a')), 1)])));
    assert_eq!(typed::read(json.as_bytes(), &mut []), Ok(BTreeMap::from([("a", 1)])));
    fn key<K: DeserializeOwned + Debug + Ord>() -> TypedCause {
        #[derive(Deserialize, Debug)]
        struct Outer<K: Ord> {
            #[allow(dead_code)]
            map: BTreeMap<K, u8>,
        }
        let error = read::<Outer<K>>(r#"{"map": {"1": 1}}"#).unwrap_err();
        assert_eq!((error.member(), error.fault()), (Some("map"), Fault::Caller));
        error.cause()
    }
    let others = [key::<Pair>(), key::<(u8, u8)>(), key::<()>(), key::<Vec<u8>>(), key::<BTreeMap<u8, u8>>()];
    assert_eq!(others, [TypedCause::Key; 5]);
}

fn read_back<K: Serialize + DeserializeOwned + Debug + Ord + Copy>(keys: &[K]) {
    let map: BTreeMap<K, u8> = keys.iter().map(|key| (*key, 7)).collect();
    let mut buffer = [0; 200];
    let json = std::str::from_utf8(typed::write(&map, &mut buffer).unwrap()).unwrap();
    assert_eq!(read(json), Ok(map), "{json}");
    assert_eq!(serde_json::from_str::<BTreeMap<K, u8>>(json).unwrap().len(), keys.len(), "as others do");
}

#[test]
fn every_key_that_is_written_is_read_back() {
    #[derive(Clone, Copy, Serialize, Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
    enum Color {
        Red,
        #[serde(rename = "Gr\"ün")]
        Green,
    }
    read_back(&[u8::MIN, u8::MAX]);
    read_back(&[u16::MAX]);
    read_back(&[u32::MAX]);
    read_back(&[u64::MAX]);
    read_back(&[u128::MAX]);
    read_back(&[i8::MIN, -1]);
    read_back(&[i16::MIN, 0]);
    read_back(&[i32::MIN]);
    read_back(&[i64::MIN]);
    read_back(&[i128::MIN]);
    read_back(&[true, false]);
    read_back(&['a', '"', 'ö', '😀']);
    read_back(&[Color::Red, Color::Green]);
    assert_eq!(read(r#"{"1": 2}"#), Ok(BTreeMap::from([(Some(Newtype(1)), 2)])));
}

#[test]
fn a_key_that_is_not_of_its_type_is_the_peers_fault() {
    for error in [
        read::<BTreeMap<u8, u8>>(r#"{"256": 1}"#).unwrap_err(),
        read::<BTreeMap<i8, u8>>(r#"{"a": 1}"#).unwrap_err(),
        read::<BTreeMap<bool, u8>>(r#"{"True": 1}"#).unwrap_err(),
        read::<BTreeMap<Kind, u8>>(r#"{"Newtype": 1}"#).unwrap_err(),
    ] {
        assert_eq!((error.cause(), error.fault()), (TypedCause::WrongType, Fault::Peer));
    }
    assert_eq!(refused::<BTreeMap<Kind, u8>>(r#"{"None": 1}"#), TypedCause::UnknownVariant);
}

#[test]
fn numbers_of_128_bits_are_read() {
    let (large, small) = (u128::MAX, i128::MIN);
    assert_eq!(read(&format!("[{large}, {small}]")), Ok((large, small)));
}

#[test]
fn half_a_pair_of_surrogates_stands_for_the_replacement_character() {
    for (json, text) in [
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83d""#, "\u{FFFD}"),
        (r#""\ude00a""#, "\u{FFFD}a"),
        (r#""\ud83d\u0041""#, "\u{FFFD}A"),
        (r#""\ud83d\n""#, "\u{FFFD}\n"),
        (r#""a\\\"\/\b\f\n\r\t\u00e9ö""#, "a\\\"/\u{8}\u{c}\n\r\téö"),
    ] {
        assert_eq!(typed::read::<String>(json.as_bytes(), &mut [0; 40]).as_deref(), Ok(text));
        let needed = text.len();
        for size in 0..needed {
            let error = typed::read::<String>(json.as_bytes(), &mut vec![0; size]).unwrap_err();
            assert_eq!(error.cause(), TypedCause::ScratchTooSmall { needed }, "{json}, {size}");
            assert!(error.to_string().ends_with(&format!(" ({needed} bytes)")), "{error}");
        }
        assert_eq!(typed::read::<String>(json.as_bytes(), &mut vec![0; needed]).as_deref(), Ok(text));
    }
}

#[test]
fn a_type_may_show_the_error_that_it_gets() {
    #[derive(Debug)]
    struct Showing;
    impl<'de> Deserialize<'de> for Showing {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            u8::deserialize(deserializer).map(|_| Showing).map_err(|error| D::Error::custom(error.to_string()))
        }
    }
    assert!(read::<Showing>("1").is_ok());
    assert_eq!(refused::<Showing>("true"), TypedCause::Refused);
}

#[test]
fn each_cause_has_its_name_and_a_text() {
    let not_json = TypedCause::NotJson(DocumentError::CutOff);
    let causes = [
        TypedCause::BufferTooSmall { needed: 1 },
        TypedCause::Key,
        TypedCause::Refused,
        not_json,
        TypedCause::WrongType,
        TypedCause::TooLong,
        TypedCause::Missing,
        TypedCause::Doubled,
        TypedCause::UnknownVariant,
        TypedCause::Escaped,
        TypedCause::ScratchTooSmall { needed: 1 },
        TypedCause::Unsupported,
    ];
    for cause in causes {
        let shown = format!("{cause:?}");
        assert_eq!(shown.split([' ', '(', '{']).next(), Some(cause.name()));
    }
    #[cfg(feature = "texts")]
    {
        let texts = std::collections::BTreeSet::from(causes.map(|cause| cause.text()));
        assert_eq!(texts.len(), causes.len(), "no two have the same");
        assert!(not_json.text().starts_with("the JSON is cut off"), "a body is no sign-in");
    }
}
