//! Values of Rust types in bodies: what is written is JSON, whatever the type, and what cannot be read says where.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;
use std::fmt;

use creatio_auth::typed::{self, TypedCause};
use creatio_auth::{DocumentError, Fault};
use heapless::{String, Vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize, Serializer};

/// What serde_json makes of it, too, read again since both may write a number in different ways.
fn written<T: Serialize + ?Sized>(value: &T) -> serde_json::Value {
    let needed = match typed::write(value, &mut []).unwrap_err().cause() {
        TypedCause::BufferTooSmall { needed } => needed,
        cause => panic!("{cause:?}"),
    };
    for size in 1..needed {
        let mut buffer = vec![0; size];
        let error = typed::write(value, &mut buffer).unwrap_err();
        assert_eq!((error.cause(), error.fault()), (TypedCause::BufferTooSmall { needed }, Fault::Caller));
    }
    let mut buffer = vec![0; needed];
    let json = typed::write(value, &mut buffer).unwrap();
    assert_eq!(json.len(), needed);
    serde_json::from_slice(json).unwrap_or_else(|error| panic!("{error}: {}", json.escape_ascii()))
}

fn is_written_as_by_others<T: Serialize + ?Sized>(value: &T) {
    assert_eq!(written(value), serde_json::to_value(value).unwrap());
}

#[derive(Serialize)]
enum Kind {
    Unit,
    Newtype(u8),
    Tuple(char, i8),
    Struct { a: f64, b: () },
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Newtype<'a>(&'a str);

#[derive(Serialize)]
struct Pair(bool, Option<u16>);

struct Shown;

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("a\"{}", 1))
    }
}

struct Bytes;

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&[0, 7, 255])
    }
}

#[test]
fn types_of_every_kind_are_written_as_json() {
    is_written_as_by_others(&[Kind::Unit, Kind::Newtype(7), Kind::Tuple('ö', -1), Kind::Struct { a: 1.5, b: () }]);
    is_written_as_by_others(&(
        Unit,
        Newtype("a\"\\\u{1}\n\u{7f}é😀"),
        Pair(true, None),
        Pair(false, Some(9)),
        Shown,
        Bytes,
    ));
    is_written_as_by_others(&['"', '\\', '\0', 'a', 'é', '😀']);
    is_written_as_by_others(&(u8::MAX, u16::MAX, u32::MAX, u64::MAX, i8::MIN, i16::MIN, i32::MIN, i64::MIN, 0));
    assert_eq!(
        written(&i128::MIN).to_string().len(),
        i128::MIN.to_string().len().min(23),
        "as a number, near enough"
    );
    assert_eq!(typed::write(&u128::MAX, &mut [0; 40]), Ok(u128::MAX.to_string().as_bytes()));
    is_written_as_by_others(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 0.5, -123_456.5]);
    is_written_as_by_others(&[f32::NAN, f32::INFINITY, 0.5]);
    for (number, text) in [(1e-300, "1e-300"), (1e300, "1e300"), (0.1, "0.1"), (1e15, "1000000000000000.0")] {
        assert_eq!(typed::write(&number, &mut [0; 32]), Ok(text.as_bytes()));
    }
    is_written_as_by_others(&BTreeMap::from([(1, "a"), (-2, "b")]));
    is_written_as_by_others(&BTreeMap::from([('a', 1), ('"', 2)]));
    is_written_as_by_others(&BTreeMap::from([(true, 1), (false, 2)]));
    is_written_as_by_others(&BTreeMap::from([("", BTreeMap::<&str, u8>::new()), ("\n", BTreeMap::from([("x", 1)]))]));
    is_written_as_by_others("");
}

/// A map with one key, of any type.
struct Keyed<K>(K);

impl<K: Serialize> Serialize for Keyed<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.0, 1)])
    }
}

#[test]
fn keys_that_are_texts_of_some_kind_are_written_as_texts_and_others_refused() {
    for (key, json) in [
        (typed::write(&Keyed(Some("a")), &mut [0; 50]).unwrap(), r#"{"a":1}"#),
        (typed::write(&Keyed(Kind::Unit), &mut [0; 50]).unwrap(), r#"{"Unit":1}"#),
        (typed::write(&Keyed(Newtype("a\"")), &mut [0; 50]).unwrap(), r#"{"a\"":1}"#),
        (typed::write(&Keyed(Shown), &mut [0; 50]).unwrap(), r#"{"a\"1":1}"#),
        (typed::write(&Keyed(u128::MAX), &mut [0; 50]).unwrap(), r#"{"340282366920938463463374607431768211455":1}"#),
    ] {
        assert_eq!(key.escape_ascii().to_string(), json.as_bytes().escape_ascii().to_string());
    }
    fn refused<K: Serialize>(key: K) -> TypedCause {
        typed::write(&Keyed(key), &mut [0; 50]).unwrap_err().cause()
    }
    for kind in [Kind::Newtype(1), Kind::Tuple('a', 1), Kind::Struct { a: 0.0, b: () }] {
        assert_eq!(refused(kind), TypedCause::Key);
    }
    assert_eq!([refused(0.5), refused(Unit), refused(Bytes), refused(Keyed(1))], [TypedCause::Key; 4]);
    assert_eq!([refused(Pair(true, None)), refused(Outer { first: 1, inner_value: 1 })], [TypedCause::Key; 2]);
    assert_eq!(refused(Told), TypedCause::Refused);
}

proptest! {
    #[test]
    fn values_are_written_as_by_others(
        texts in prop::collection::vec(any::<std::string::String>(), 0..4),
        numbers in prop::collection::btree_map(any::<i64>(), any::<i64>(), 0..4),
        options in prop::collection::vec(any::<Option<(bool, char, u64)>>(), 0..4),
    ) {
        is_written_as_by_others(&(texts, numbers, options));
    }

    #[test]
    fn numbers_keep_all_of_their_digits(double in any::<f64>(), single in any::<f32>()) {
        let mut buffer = [0; 32];
        if double.is_finite() {
            let json = std::str::from_utf8(typed::write(&double, &mut buffer).unwrap()).unwrap();
            prop_assert_eq!(json.parse::<f64>().unwrap().to_bits(), double.to_bits());
            prop_assert!(serde_json::from_str::<f64>(json).is_ok());
        }
        if single.is_finite() {
            let json = std::str::from_utf8(typed::write(&single, &mut buffer).unwrap()).unwrap();
            prop_assert_eq!(json.parse::<f32>().unwrap().to_bits(), single.to_bits());
        }
    }
}

struct Refusing;

impl Serialize for Refusing {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("never"))
    }
}

impl fmt::Display for Refusing {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

struct Told;

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Refusing)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Outer<T> {
    first: u8,
    inner_value: T,
}

#[test]
fn what_cannot_be_written_is_an_error_that_names_its_member_and_no_panic() {
    fn error<T: Serialize>(value: T) -> (TypedCause, Option<&'static str>, Fault) {
        let outer = Outer { first: 1, inner_value: value };
        let error = typed::write(&Outer { first: 2, inner_value: [outer] }, &mut [0; 200]).unwrap_err();
        assert!(error.to_string().starts_with("InnerValue: "), "{error}");
        (error.cause(), error.member(), error.fault())
    }
    let at = |cause| (cause, Some("InnerValue"), Fault::Caller);
    assert_eq!(error(Refusing), at(TypedCause::Refused));
    assert_eq!(error(Some([Refusing])), at(TypedCause::Refused));
    assert_eq!(error(Told), at(TypedCause::Refused));
    assert_eq!(error(BTreeMap::from([((1, 2), 3)])), at(TypedCause::Key));
    assert_eq!(error(BTreeMap::from([(None::<u8>, 3)])), at(TypedCause::Key));
    assert_eq!(typed::write(&Refusing, &mut []).unwrap_err().member(), None);
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Contact<'a> {
    id: &'a str,
    name: String<8>,
    age: Option<u8>,
    #[serde(default)]
    tags: Vec<Tag, 2>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Tag {
    kind: Color,
    weight: f32,
}

#[derive(Deserialize, Debug, PartialEq)]
enum Color {
    Red,
    Mixed(u8, u8),
}

#[derive(Deserialize, Debug)]
struct Page<'a> {
    #[serde(borrow)]
    #[allow(dead_code)]
    value: Vec<Contact<'a>, 2>,
}

fn failed(json: &str) -> (TypedCause, Option<&'static str>, Fault) {
    let error = typed::read::<Page<'_>>(json.as_bytes(), &mut [0; 16]).expect_err(json);
    assert!(!error.to_string().is_empty());
    (error.cause(), error.member(), error.fault())
}

#[test]
fn what_cannot_be_read_names_its_member_and_the_cause_and_whose_fault_it_is() {
    use Fault::{Caller, Peer};
    for (record, cause, member, fault) in [
        (r#"{"Id":"a","Name":"seventeen"}"#, TypedCause::TooLong, "Name", Caller),
        (r#"{"Id":"a","Name":"\u0041eventeen"}"#, TypedCause::TooLong, "Name", Caller),
        (r#"{"Id":"a\n","Name":"b"}"#, TypedCause::Escaped, "Id", Caller),
        (r#"{"Id":"a","Name":"\nseventeen letters"}"#, TypedCause::ScratchTooSmall { needed: 18 }, "Name", Caller),
        (r#"{"Id":"a"}"#, TypedCause::Missing, "Name", Peer),
        (r#"{"Id":"a","Name":"b","Id":"c"}"#, TypedCause::Doubled, "Id", Peer),
        (r#"{"Id":"a","Name":null}"#, TypedCause::WrongType, "Name", Peer),
        (r#"{"Id":7,"Name":"b"}"#, TypedCause::WrongType, "Id", Peer),
        (r#"{"Id":"a","Name":"b","Age":256}"#, TypedCause::WrongType, "Age", Peer),
        (r#"{"Id":"a","Name":"b","Age":-1}"#, TypedCause::WrongType, "Age", Peer),
        (r#"{"Id":"a","Name":"b","Tags":[{"kind":"Red"}]}"#, TypedCause::Missing, "weight", Peer),
        (r#"{"Id":"a","Name":"b","Tags":[{"kind":"Blue","weight":1}]}"#, TypedCause::UnknownVariant, "kind", Peer),
        (r#"{"Id":"a","Name":"b","Tags":[{"kind":{"Red":7},"weight":1}]}"#, TypedCause::WrongType, "kind", Peer),
        (r#"{"Id":"a","Name":"b","Tags":{}}"#, TypedCause::WrongType, "Tags", Peer),
        (
            r#"{"Id":"a","Name":"b","Tags":[{"kind":"Red","weight":1},{"kind":"Red","weight":1},{"kind":"Red","weight":1}]}"#,
            TypedCause::TooLong,
            "Tags",
            Caller,
        ),
    ] {
        assert_eq!(failed(&format!(r#"{{"value":[{record}]}}"#)), (cause, Some(member), fault), "{record}");
        let good = r#"{"X":[{"Id":7}],"Id":"a","Name":"b","Age":7}"#;
        assert_eq!(
            failed(&format!(r#"{{"a":1,"value":[{good},{record}]}}"#)),
            (cause, Some(member), fault),
            "{record}"
        );
    }
    let record = r#"{"Id":"a","Name":"b"}"#;
    assert_eq!(
        failed(&format!(r#"{{"value":[{record},{record},{record}]}}"#)),
        (TypedCause::TooLong, Some("value"), Caller),
        "one record more than there is room for"
    );
    assert_eq!(failed(r#"[]"#), (TypedCause::WrongType, None, Peer));
    assert_eq!(failed(r#"{"value":[}"#), (TypedCause::NotJson(DocumentError::NotJson), None, Peer));
    assert_eq!(failed(r#"{"value":["#), (TypedCause::NotJson(DocumentError::CutOff), None, Peer));
}

#[test]
fn a_number_that_is_too_large_for_its_type_is_no_infinity() {
    for text in ["1e400", "-1e400", "1e39"] {
        let cause = typed::read::<f32>(text.as_bytes(), &mut []).unwrap_err().cause();
        assert_eq!(cause, TypedCause::WrongType, "{text}");
        let double = typed::read::<f64>(text.as_bytes(), &mut []).map_err(|error| error.cause());
        assert_eq!(double, if text == "1e39" { Ok(1e39) } else { Err(TypedCause::WrongType) }, "{text}");
    }
    assert_eq!(typed::read::<f32>(b"3.4028235e38", &mut []), Ok(f32::MAX));
    assert!(typed::read::<f64>(b"null", &mut []).unwrap().is_nan());
}

#[test]
#[cfg_attr(not(feature = "texts"), ignore)]
fn what_is_no_json_is_told_without_a_word_of_a_sign_in() {
    let deep = "[".repeat(200);
    for text in ["", "{", "x", "{}{}", &deep] {
        let told = typed::read::<u8>(text.as_bytes(), &mut []).unwrap_err().to_string();
        assert!(told.contains("JSON") && !told.contains("sign-in") && !told.contains("URL"), "{told}");
    }
}

#[test]
fn what_fits_is_read_and_a_type_that_takes_anything_is_none() {
    let json = br#"{"Id":"a","Name":"\u00f6\"","Age":null,"Tags":[{"kind":"Red","weight":1.5e1}]}"#;
    let contact: Contact<'_> = typed::read(json, &mut [0; 8]).unwrap();
    assert_eq!((contact.id, &*contact.name, contact.age), ("a", "ö\"", None));
    assert_eq!(contact.tags[0], Tag { kind: Color::Red, weight: 15.0 });

    let error = typed::read::<serde_json::Value>(b"{}", &mut []).unwrap_err();
    assert_eq!((error.cause(), error.fault()), (TypedCause::Unsupported, Fault::Caller));
    assert_eq!((error.name(), TypedCause::Missing.name()), ("Unsupported", "Missing"));
}

#[test]
fn a_type_s_own_refusal_is_told_with_its_member() {
    #[derive(Debug)]
    struct Even;
    impl<'de> Deserialize<'de> for Even {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match u8::deserialize(deserializer)? % 2 {
                0 => Ok(Even),
                _ => Err(serde::de::Error::custom("odd")),
            }
        }
    }
    #[derive(Deserialize, Debug)]
    #[allow(dead_code)]
    struct Numbers {
        a: Even,
        b: Even,
    }
    assert!(typed::read::<Numbers>(br#"{"a":2,"b":4}"#, &mut []).is_ok());
    let error = typed::read::<Numbers>(br#"{"a":2,"b":3}"#, &mut []).unwrap_err();
    assert_eq!((error.cause(), error.member()), (TypedCause::Refused, Some("b")));
}

proptest! {
    /// JSON of any kind, and what is none.
    #[test]
    fn reading_never_panics(json in r#"[\[\]{}:,"a-c0-9.eE+\\u-]{0,40}"#, cut in 0usize..60) {
        let whole = format!(r#"{{"value":[{{"Id":"a","Name":{json},"Age":1}}]}}"#);
        for text in [&*json, &whole, &whole[..cut.min(whole.len())]] {
            let _ = typed::read::<Page<'_>>(text.as_bytes(), &mut [0; 4]);
            let _ = typed::read::<Color>(text.as_bytes(), &mut [0; 4]);
            let _ = typed::read::<(bool, char, Option<i64>)>(text.as_bytes(), &mut [0; 4]);
            let _ = typed::read::<BTreeMap<char, f64>>(text.as_bytes(), &mut [0; 4]);
        }
    }
}
