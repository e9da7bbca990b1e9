//! Keeps the elements of `value` in an answer of OData, which comes in pieces of any size, one at a time.

use crate::json::elements::{Byte, Elements};

/// Where the scanner is.
pub(super) struct Scanner {
    elements: Elements,
    /// How many bytes of the record have come.
    len: usize,
}

/// What has been found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanned {
    Nothing,
    /// A record of so many bytes stands in the memory.
    Record(usize),
    /// One of so many bytes has come, which does not fit into it.
    TooLong(usize),
}

impl Scanner {
    pub(super) const fn new() -> Self {
        Scanner { elements: Elements::of("value"), len: 0 }
    }

    /// Takes bytes of the document, to the end of a record or all of them; says how many.
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the piece")]
    pub(super) fn scan(&mut self, piece: &[u8], memory: &mut [u8]) -> (usize, Scanned) {
        for (at, byte) in piece.iter().enumerate() {
            if self.elements.has_ended() {
                break;
            }
            let is = self.elements.take(*byte);
            if is == Byte::Behind {
                return (at, self.end_record(memory));
            }
            if is == Byte::Outside {
                continue;
            }
            if let Some(place) = memory.get_mut(self.len) {
                *place = *byte;
            }
            self.len = self.len.saturating_add(1);
            if is == Byte::Last {
                return (at + 1, self.end_record(memory));
            }
        }
        (piece.len(), Scanned::Nothing)
    }

    fn end_record(&mut self, memory: &[u8]) -> Scanned {
        match core::mem::take(&mut self.len) {
            len if len <= memory.len() => Scanned::Record(len),
            len => Scanned::TooLong(len),
        }
    }

    /// Whether the list has come to its end.
    pub(super) fn has_ended(&self) -> bool {
        self.elements.has_ended()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    /// The records of a document that comes in these pieces, in memory of this size.
    fn records<'p>(pieces: impl IntoIterator<Item = &'p [u8]>, room: usize) -> (Vec<String>, bool) {
        let (mut scanner, mut memory, mut records) = (Scanner::new(), std::vec![0xEE; room], Vec::new());
        let mut is_too_long = false;
        for mut piece in pieces {
            while !piece.is_empty() {
                let (consumed, scanned) = scanner.scan(piece, &mut memory);
                piece = &piece[consumed..];
                match scanned {
                    Scanned::Nothing => assert!(piece.is_empty()),
                    Scanned::Record(len) => records.push(String::from_utf8(memory[..len].to_vec()).unwrap()),
                    Scanned::TooLong(len) => {
                        assert!(len > room);
                        is_too_long = true;
                    }
                }
            }
        }
        (records, is_too_long)
    }

    const DOCUMENTS: [(&str, &[&str]); 15] = [
        (r#"{"value":[]}"#, &[]),
        (r#"{"value":[{"a":1}]}"#, &[r#"{"a":1}"#]),
        (
            "\u{FEFF} { \"x\" : {\"value\":[1]} , \"value\" :\r\n [ {\"a\":[[{}]]} ,\t{} ] , \"value\":[7]}",
            &[r#"{"a":[[{}]]}"#, "{}"],
        ),
        (
            r#"{"@odata.context":"\"value\":[{}]","value":[{"n":"]}\\\"","value":[2]},{"Ö":"é😀"}],"@odata.nextLink":"x"}"#,
            &[r#"{"n":"]}\\\"","value":[2]}"#, r#"{"Ö":"é😀"}"#],
        ),
        (
            r#"{"value":[1,-2.5e3,true,null,"a,]b",[1,[2]]]}"#,
            &["1", "-2.5e3", "true", "null", r#""a,]b""#, "[1,[2]]"],
        ),
        (r#"{"value":{"value":[1]}}"#, &[]),
        (r#"{"value":"x","values":[1],"valu":[2],"Value":[3]}"#, &[]),
        (r#"{"k":"value","n":[1],"value":[2]}"#, &["2"]),
        (r#"{"value":7,"value":[2]}"#, &["2"]),
        (r#"{"val\u0075e":[1]}"#, &[]),
        (r#"{"\n":[1],"value":[2]}"#, &["2"]),
        (r#"{"\ne":[1],"value":[2]}"#, &["2"]),
        (r#"[{"value":[1]}]"#, &[]),
        (r#"{"error":{"message":"no"}}"#, &[]),
        ("", &[]),
    ];

    #[test]
    fn each_element_of_value_is_found_wherever_the_document_is_cut() {
        for (document, expected) in DOCUMENTS {
            let bytes = document.as_bytes();
            let expected: Vec<_> = expected.iter().map(|text| String::from(*text)).collect();
            assert_eq!(records([bytes], 100).0, expected, "{document}");
            assert_eq!(records(bytes.chunks(1), 100).0, expected, "{document}");
            for at in 0..bytes.len() {
                assert_eq!(records([&bytes[..at], &bytes[at..]], 100).0, expected, "{document} cut at {at}");
            }
        }
    }

    #[test]
    fn a_record_that_is_too_long_is_told_and_the_next_one_comes() {
        let document = br#"{"value":[{"a":1},{"a":10},{"a":2}]}"#;
        let others = || [r#"{"a":1}"#, r#"{"a":2}"#].map(String::from).to_vec();
        assert_eq!(records([&document[..]], 7), (others(), true));
        assert_eq!(records(document.chunks(1), 7), (others(), true));
        assert_eq!(records([&document[..]], 8).0.len(), 3);
    }

    #[test]
    fn brackets_that_do_not_match_do_no_harm() {
        for document in ["]]]}}}", r#"{"value":[}]]"#, r#"{"value":[{]}]"#, r#"}{"value":[1,,2]"#, "\"\\"] {
            for chunk in 1..4 {
                records(document.as_bytes().chunks(chunk), 4);
            }
        }
    }
}
