//! What `typed` writes, serde-json-core reads; what that writes, `typed` reads. serde_json agrees with both.
#![cfg(feature = "serde")]

use creatio_auth::typed;
use heapless::{String, Vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// A record, with what firmware has for texts and lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    #[serde(rename = "Id")]
    id: u64,
    #[serde(rename = "Name")]
    name: String<64>,
    /// In quarters, which serde_json reads exactly.
    amount: f64,
    offset: i16,
    is_closed: bool,
    owner: Option<String<64>>,
    stages: Vec<Stage, 4>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Stage {
    New,
    Won,
}

fn text() -> impl Strategy<Value = String<64>> {
    "\\PC{0,12}|[ -~\\n\\t\"\\\\]{0,16}".prop_map(|text| String::try_from(text.as_str()).unwrap())
}

prop_compose! {
    fn record()(
        id: u64,
        name in text(),
        quarters: i32,
        offset: i16,
        is_closed: bool,
        owner in proptest::option::of(text()),
        stages in proptest::collection::vec(prop_oneof![Just(Stage::New), Just(Stage::Won)], 0..4),
    ) -> Record {
        Record { id, name, amount: f64::from(quarters) / 4.0, offset, is_closed, owner, stages: stages.into_iter().collect() }
    }
}

proptest! {
    #[test]
    fn what_one_writes_the_others_read(record in record()) {
        let (mut ours, mut theirs, mut scratch) = ([0; 2048], [0; 2048], [0; 512]);
        let ours = typed::write(&record, &mut ours).unwrap();
        let (read, len) = serde_json_core::from_slice_escaped::<Record>(ours, &mut scratch).unwrap();
        prop_assert_eq!((&read, len), (&record, ours.len()));
        prop_assert_eq!(&serde_json::from_slice::<Record>(ours).unwrap(), &record);

        let len = serde_json_core::to_slice(&record, &mut theirs).unwrap();
        prop_assert_eq!(&typed::read::<Record>(&theirs[..len], &mut scratch).unwrap(), &record);
    }

    #[test]
    fn what_is_cut_off_none_reads(record in record(), at: prop::sample::Index) {
        let (mut buffer, mut scratch) = ([0; 2048], [0; 512]);
        let json = typed::write(&record, &mut buffer).unwrap();
        let cut = &json[..at.index(json.len())];
        prop_assert!(typed::read::<Record>(cut, &mut scratch).is_err());
        prop_assert!(serde_json_core::from_slice_escaped::<Record>(cut, &mut scratch).is_err());
        prop_assert!(serde_json::from_slice::<Record>(cut).is_err());
    }
}
