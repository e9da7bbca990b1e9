//! Types of every kind that serde has: each is read, or refused with the cause, and none panics.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use creatio_auth::typed::{self, TypedCause, TypedError};
use creatio_auth::{DocumentError, Fault};
use serde::de::{DeserializeOwned, Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};

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
    let wide = [refused::<u128>("1"), refused::<i128>("1")];
    assert_eq!([bytes, wide[0], wide[1]], [TypedCause::Unsupported; 3]);
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
    let numbers = [key::<u8>(), key::<i64>(), key::<u128>(), key::<bool>(), key::<Newtype<u8>>()];
    assert_eq!(numbers, [TypedCause::Key; 5]);
    let others =
        [key::<Kind>(), key::<Pair>(), key::<(u8, u8)>(), key::<Option<u8>>(), key::<()>(), key::<Vec<u8>>()];
    assert_eq!(others, [TypedCause::Key; 6]);
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
        TypedCause::ScratchTooSmall,
        TypedCause::Unsupported,
    ];
    for cause in causes {
        let shown = format!("{cause:?}");
        assert_eq!(shown.split([' ', '(']).next(), Some(cause.name()));
    }
    #[cfg(feature = "texts")]
    {
        let texts = std::collections::BTreeSet::from(causes.map(|cause| cause.text()));
        assert_eq!(texts.len(), causes.len(), "no two have the same");
        assert_eq!(not_json.text(), DocumentError::CutOff.text());
    }
}
