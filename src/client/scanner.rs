//! Finds the elements of `value` in an answer of OData, which comes in pieces of any size.

/// The member whose elements are the records.
const VALUE: &[u8] = b"value";

/// Where the scanner is. What is in the document besides is the exchange's to read; whether a record is JSON is to be seen by
/// whoever reads it.
pub(super) struct Scanner {
    place: Place,
    /// How many objects and arrays are open.
    depth: usize,
    text: Text,
    /// How many bytes of `VALUE` the text has, from its beginning; one more where it has something else.
    matched: usize,
    /// How many bytes of the record have come.
    len: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among the members of the document.
    Members,
    /// Behind the name of the member, before its value.
    Named,
    /// Among the elements.
    Elements,
    /// In one of them.
    Record,
    /// Behind them.
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    /// Behind a backslash.
    Escaped,
}

/// What has been found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanned {
    Nothing,
    /// A record of so many bytes stands in the memory.
    Record(usize),
    /// One does not fit into it.
    TooLong,
}

impl Scanner {
    pub(super) const fn new() -> Self {
        Scanner { place: Place::Members, depth: 0, text: Text::Outside, matched: 0, len: 0 }
    }

    /// Takes bytes of the document, to the end of a record or all of them; says how many.
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the piece, and one in the memory")]
    pub(super) fn scan(&mut self, piece: &[u8], memory: &mut [u8]) -> (usize, Scanned) {
        for (at, byte) in piece.iter().enumerate() {
            if self.place == Place::End {
                break;
            }
            // A number or a literal ends before what comes after it, which is not a part of it.
            if self.place == Place::Record
                && self.depth == 2
                && self.text == Text::Outside
                && matches!(byte, b',' | b']')
            {
                return (at, self.end_record());
            }
            self.take(*byte);
            if self.place == Place::Record {
                match memory.get_mut(self.len) {
                    Some(place) => *place = *byte,
                    None => {
                        self.place = Place::End;
                        return (at + 1, Scanned::TooLong);
                    }
                }
                self.len += 1;
                if self.depth == 2 && matches!(byte, b'}' | b']') && self.text == Text::Outside {
                    return (at + 1, self.end_record());
                }
            }
        }
        (piece.len(), Scanned::Nothing)
    }

    fn end_record(&mut self) -> Scanned {
        self.place = Place::Elements;
        Scanned::Record(core::mem::take(&mut self.len))
    }

    #[expect(clippy::arithmetic_side_effects, reason = "at most the length of `VALUE` and one")]
    fn take(&mut self, byte: u8) {
        match (self.text, byte) {
            (Text::Escaped, _) => self.text = Text::Inside,
            (Text::Inside, b'\\') => {
                self.matched = VALUE.len() + 1; // none of the name's letters is escaped by anybody
                self.text = Text::Escaped;
            }
            (Text::Inside, b'"') => self.text = Text::Outside,
            (Text::Inside, _) => {
                let is_next = VALUE.get(self.matched) == Some(&byte);
                self.matched = if is_next { self.matched + 1 } else { VALUE.len() + 1 };
            }
            (Text::Outside, _) => self.take_outside(byte),
        }
    }

    /// A byte that is not inside of a text.
    fn take_outside(&mut self, byte: u8) {
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        match (self.place, byte) {
            (Place::Members, b':') if self.depth == 1 && self.matched == VALUE.len() => self.place = Place::Named,
            (Place::Named, b'[') => self.place = Place::Elements,
            (Place::Named, _) if !is_space => self.place = Place::Members,
            (Place::Elements, b']') => self.place = Place::End,
            (Place::Elements, b',') => {}
            (Place::Elements, _) if !is_space => self.place = Place::Record,
            _ => {}
        }
        match byte {
            b'"' => {
                self.text = Text::Inside;
                self.matched = 0;
            }
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
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
        for mut piece in pieces {
            while !piece.is_empty() {
                let (consumed, scanned) = scanner.scan(piece, &mut memory);
                piece = &piece[consumed..];
                match scanned {
                    Scanned::Nothing => assert!(piece.is_empty()),
                    Scanned::Record(len) => records.push(String::from_utf8(memory[..len].to_vec()).unwrap()),
                    Scanned::TooLong => return (records, true),
                }
            }
        }
        (records, false)
    }

    const DOCUMENTS: [(&str, &[&str]); 13] = [
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
    fn a_record_that_is_too_long_is_told_and_ends_it() {
        let document = br#"{"value":[{"a":1},{"a":10},{"a":2}]}"#;
        let one = || std::vec![String::from(r#"{"a":1}"#)];
        assert_eq!(records([&document[..]], 7), (one(), true));
        assert_eq!(records(document.chunks(1), 7), (one(), true));
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
