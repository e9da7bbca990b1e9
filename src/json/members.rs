//! Which members are picked out of a document, by tables that are made when compiling.

use super::scalar::Scalar;
use crate::json::error::DocumentError;

/// How many texts of a document can be kept.
pub(super) const TEXTS: usize = 6;

/// What is picked out of a document.
pub(crate) struct Members {
    /// The document itself, and the members of interest.
    pub table: &'static [Member],
    /// Takes what [`Value::Scalar`] stands for: the first byte of any value, and the others of a number.
    pub scalar: fn(&mut Scalar, u8, u8) -> Result<(), DocumentError>,
}

#[cfg(feature = "serde")]
impl Members {
    pub(crate) const NONE: &'static Members = &Members { table: &[], scalar: |_, _, _| Ok(()) }; // not covered: it has none
}

/// A member of interest: its name, what it is a member of, and what to do with its value.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub name: Hash,
    /// The place in the table.
    pub parent: u8,
    pub value: Value,
}

/// The table of the members with these paths, as `error/message`. What holds one stands in the list, too.
#[expect(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "run by the compiler")]
pub(crate) const fn table<const COUNT: usize>(members: &[(&str, Value)]) -> [Member; COUNT] {
    assert!(COUNT == members.len() + 1 && COUNT <= u32::BITS as usize, "the document and these, a bit for each");
    let mut table = [Member { name: Hash::new(), parent: NONE, value: Value::Document }; COUNT];
    let mut place = 1;
    while place < COUNT {
        let (path, value) = members[place - 1];
        let mut start = path.len();
        while start > 0 && path.as_bytes()[start - 1] != b'/' {
            start -= 1;
        }
        let parent = if start == 0 { DOCUMENT } else { place_of(members, path.split_at(start - 1).0) };
        assert!(
            place < u8::BITS as usize || !matches!(value, Value::Holder),
            "what holds others comes first, a bit for each"
        );
        if let Value::Text(number, _) = value {
            assert!((number as usize) < TEXTS, "there is room for so many texts");
        }
        table[place] = Member { name: Hash::of(path.split_at(start).1), parent, value };
        place += 1;
    }
    table
}

/// The bits of the members with these paths, by their places in the [`table`].
#[expect(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "run by the compiler")]
pub(crate) const fn bits_of(members: &[(&str, Value)], paths: &[&str]) -> u32 {
    let (mut bits, mut place) = (0, 0);
    while place < paths.len() {
        bits |= 1 << place_of(members, paths[place]);
        place += 1;
    }
    bits
}

/// The place in the [`table`] of the member with this path.
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "run by the compiler"
)]
pub(crate) const fn place_of(members: &[(&str, Value)], path: &str) -> u8 {
    let mut place = 0;
    while place < members.len() {
        let (known, wanted) = (members[place].0.as_bytes(), path.as_bytes());
        let mut same = 0;
        while same < known.len() && same < wanted.len() && known[same] == wanted[same] {
            same += 1;
        }
        if same == known.len() && same == wanted.len() {
            return place as u8 + 1;
        }
        place += 1;
    }
    panic!("no member has this path") // not covered: it does not compile
}

/// By what a name or a text is known, so that it need not be kept while it comes: FNV-1a. Another one that a site sends has
/// the same hash once in 2³² by chance. On purpose it gains nothing: who can choose a name in the site's answer can choose the
/// one that is meant, too, and a member that comes twice, by its name or by its hash, is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash(u32);

impl Hash {
    /// Of no text that is sought.
    pub(crate) const NONE: Self = Hash(0);

    pub(super) const fn new() -> Self {
        Hash(0x811C_9DC5)
    }

    pub(super) const fn with(self, byte: u8) -> Self {
        Hash((self.0 ^ byte as u32).wrapping_mul(0x0100_0193))
    }

    #[expect(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "run by the compiler")]
    pub(crate) const fn of(text: &str) -> Self {
        let (mut hash, mut place) = (Hash::new(), 0);
        while place < text.len() {
            hash = hash.with(text.as_bytes()[place]);
            place += 1;
        }
        hash
    }
}

/// The place of the document itself in a table.
pub(crate) const DOCUMENT: u8 = 0;

/// No place in a table.
pub(super) const NONE: u8 = u8::MAX;

/// What to do with a member's value. A value of another type says nothing, except for a scalar.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    /// It is the document, an object.
    Document,
    /// It holds other members of interest.
    Holder,
    /// A string is kept as the text of this number. The first one that comes for a number stays. It may take all the room
    /// that is left, halved so many times.
    Text(u8, u8),
    /// It goes to [`Members::scalar`].
    Scalar,
    /// It is another name of the member at this place of the table.
    Alias(u8),
}

#[cfg(test)]
mod tests {
    use core::mem::discriminant;

    use super::*;

    /// Each with its parent's place in the table. Of some, the beginning is another.
    const PARENTS: [u8; 7] = [0, 1, 2, 2, 0, 0, 5];
    const PATHS: &[(&str, Value)] = &[
        ("one", Value::Holder),
        ("one/two", Value::Holder),
        ("one/two/three", Value::Text(3, 1)),
        ("one/two/four", Value::Scalar),
        ("on", Value::Holder),
        ("ones", Value::Scalar),
        ("on/e", Value::Scalar),
    ];

    #[test]
    fn a_table_has_the_document_and_each_member_with_its_name_its_parent_and_what_to_do() {
        let [document, members @ ..]: [Member; 8] = table(PATHS);
        assert!(document.name == Hash::of("") && document.parent == NONE);
        assert!(matches!(document.value, Value::Document));
        for ((member, (path, value)), parent) in members.iter().zip(PATHS).zip(PARENTS) {
            let name = path.rsplit('/').next().unwrap();
            assert!(member.name == Hash::of(name) && member.parent == parent, "{path}");
            assert_eq!(discriminant(&member.value), discriminant(value), "{path}");
        }
        assert!(matches!(members[2].value, Value::Text(3, 1)));
    }

    #[test]
    fn a_member_is_found_by_its_whole_path_and_bits_are_those_of_the_places() {
        for (place, (path, _)) in (1..).zip(PATHS) {
            assert_eq!(place_of(PATHS, path), place);
            assert_eq!(bits_of(PATHS, &[path]), 1 << place);
        }
        assert_eq!(bits_of(PATHS, &["ones", "one/two/three", "one"]), 0b0100_1010);
        assert_eq!(bits_of(PATHS, &[]), 0);
    }

    #[test]
    fn the_hash_has_its_check_value() {
        assert!(Hash::of("foobar") == Hash(0xBF9C_F968));
    }
}
