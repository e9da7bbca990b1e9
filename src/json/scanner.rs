//! A strict JSON reader that takes one byte at a time and holds no text.

use super::grammar::{Place, Rule, Step};
use crate::json::error::DocumentError;

/// How deep objects and arrays may be nested.
pub const MAX_DEPTH: usize = 128;

/// What the scanner has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    ObjectStart,
    ArrayStart,
    /// An object or an array ends.
    End,
    /// A member's name begins.
    Name,
    /// A string value begins.
    String,
    /// A name or a string ends.
    TextEnd,
    /// A byte of a number.
    Number,
    /// `null`, `true` or `false` begins.
    Literal,
}

/// Takes what is seen as it comes.
pub(crate) trait Sink {
    /// A token, and the byte that tells it. `depth` counts the objects and arrays around it; the start and the end of one
    /// lie outside it.
    fn token(&mut self, token: Token, byte: u8, depth: u8) -> Result<(), DocumentError>;

    /// A byte of a name or a string. Together they are whole characters in UTF-8, escapes decoded.
    fn text(&mut self, byte: u8);
}

/// Checks that the bytes are one JSON text, a byte order mark before it allowed.
pub(crate) struct Scanner {
    /// The state.
    place: Place,
    depth: u8,
    /// One bit for each level: whether it is an object.
    objects: [u8; MAX_DEPTH / 8],
    /// Whether the string is a member's name.
    in_name: bool,
    /// A 1, and behind it the hexadecimal digits of an escape so far; 0 before the first one.
    digits: u32,
    /// A high surrogate that waits for its other half; 0 if none.
    high: u32,
}

impl Scanner {
    pub(crate) const fn new() -> Self {
        Scanner { place: Place::START, depth: 0, objects: [0; MAX_DEPTH / 8], in_name: false, digits: 0, high: 0 }
    }

    /// Whether a value may begin here that is all of the text.
    pub(crate) fn is_at_start(&self) -> bool {
        self.depth == 0 && self.place <= Place::VALUE
    }

    /// Whether the text may end here, which is where white space may follow its value.
    pub(crate) fn is_complete(&self) -> bool {
        self.depth == 0 && Rule::find(self.place, b' ').next() == Place::AFTER_VALUE
    }

    /// Takes the next byte.
    #[inline(never)]
    pub(crate) fn push(&mut self, byte: u8, sink: &mut impl Sink) -> Result<(), DocumentError> {
        let rule = Rule::find(self.place, byte);
        self.place = rule.next();
        match rule.step {
            // ws = *( %x20 / %x09 / %x0A / %x0D )
            Step::Space if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => {}
            Step::Pass | Step::Else => {}
            Step::Tell(token) => {
                self.in_name = token == Token::Name;
                sink.token(token, byte, self.depth)?;
            }
            Step::Open => self.open(byte, sink)?,
            Step::Close if self.depth > 0 && self.in_object() == (byte == b'}') => {
                self.depth -= 1;
                sink.token(Token::End, byte, self.depth)?;
            }
            Step::Comma if self.depth > 0 => {
                if self.in_object() {
                    self.place = Place::NEXT_NAME;
                }
            }
            Step::Text => self.text(byte, sink),
            Step::Control => {
                self.place = Place::TEXT;
                self.text(rule.character(), sink);
            }
            Step::Digit => {
                // Digits are at 0x30, letters at 0x41 and 0x61.
                self.digits = self.digits.max(1) << 4 | u32::from((byte & 0xF) + 9 * (byte >> 6));
                if self.digits > 0xFFFF {
                    self.place = Place::TEXT;
                    let unit = core::mem::take(&mut self.digits) & 0xFFFF;
                    self.unit(unit, sink);
                }
            }
            Step::EndText => {
                self.flush_surrogate(sink);
                if self.in_name {
                    self.place = Place::COLON;
                }
                sink.token(Token::TextEnd, byte, self.depth)?;
            }
            _ => return Err(DocumentError::NotJson),
        }
        Ok(())
    }

    fn open(&mut self, byte: u8, sink: &mut impl Sink) -> Result<(), DocumentError> {
        let Some(bits) = self.objects.get_mut(usize::from(self.depth / 8)) else {
            return Err(DocumentError::TooDeep);
        };
        let bit = 1 << (self.depth % 8);
        let is_object = byte == b'{';
        *bits = if is_object { *bits | bit } else { *bits & !bit };
        sink.token(if is_object { Token::ObjectStart } else { Token::ArrayStart }, byte, self.depth)?;
        self.depth += 1;
        Ok(())
    }

    /// Whether the innermost level is an object.
    fn in_object(&self) -> bool {
        let level = self.depth.wrapping_sub(1);
        self.objects.get(usize::from(level / 8)).is_some_and(|bits| bits >> (level % 8) & 1 == 1)
    }

    fn text(&mut self, byte: u8, sink: &mut impl Sink) {
        self.flush_surrogate(sink);
        sink.text(byte);
    }

    /// `\uXXXX`: a character, or one half of a surrogate pair.
    fn unit(&mut self, unit: u32, sink: &mut impl Sink) {
        let is_low = matches!(unit, 0xDC00..=0xDFFF);
        if is_low && self.high != 0 {
            let high = core::mem::take(&mut self.high);
            put_char(0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00), sink);
            return;
        }
        self.flush_surrogate(sink);
        if let 0xD800..=0xDBFF = unit {
            self.high = unit;
        } else {
            put_char(unit, sink);
        }
    }

    /// A high surrogate whose other half did not come stands for nothing.
    fn flush_surrogate(&mut self, sink: &mut impl Sink) {
        if self.high != 0 {
            put_char(core::mem::take(&mut self.high), sink);
        }
    }
}

/// A character in UTF-8 (RFC 3629, section 3), or U+FFFD for half a surrogate pair.
fn put_char(code_point: u32, sink: &mut impl Sink) {
    let (code_point, lead, mut shift) = match code_point {
        0..=0x7F => (code_point, 0, 0),
        0x80..=0x7FF => (code_point, 0xC0, 6),
        0xD800..=0xDFFF => (0xFFFD, 0xE0, 12),
        0x800..=0xFFFF => (code_point, 0xE0, 12),
        _ => (code_point, 0xF0, 18),
    };
    sink.text(lead | (code_point >> shift) as u8);
    while shift > 0 {
        shift -= 6;
        sink.text(0x80 | (code_point >> shift & 0x3F) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    /// Collects the texts and counts the rest.
    #[derive(Default)]
    struct Texts(Vec<Vec<u8>>);

    impl Sink for Texts {
        fn token(&mut self, token: Token, _: u8, _: u8) -> Result<(), DocumentError> {
            if let Token::Name | Token::String = token {
                self.0.push(vec![]);
            }
            Ok(())
        }

        fn text(&mut self, byte: u8) {
            self.0.last_mut().unwrap().push(byte);
        }
    }

    fn scan(json: &[u8]) -> Result<Vec<Vec<u8>>, DocumentError> {
        let (mut scanner, mut texts) = (Scanner::new(), Texts::default());
        for byte in json {
            scanner.push(*byte, &mut texts)?;
        }
        if scanner.is_complete() { Ok(texts.0) } else { Err(DocumentError::CutOff) }
    }

    #[test]
    fn takes_what_json_is() {
        for json in [
            "0",
            "-0",
            "1.5e+3",
            "-12E-1",
            "null",
            "true",
            "false",
            "\"\"",
            "[]",
            "{}",
            " [ ] ",
            "\u{FEFF}{}",
            "[1,2]",
            "[[],{}]",
            "{\"a\":{\"b\":[null,true]}}",
            "\t{ \"a\" : 1 , \"b\" : \"c\" }\r\n",
            "\"\u{7f}\"",
        ] {
            assert!(scan(json.as_bytes()).is_ok(), "{json}");
        }
    }

    #[test]
    fn refuses_what_json_is_not() {
        for json in [
            "",
            " ",
            "tru",
            "trux",
            "nul",
            "-",
            "+1",
            "01",
            "1.",
            ".5",
            "1e",
            "1e+",
            "1x",
            "0x1",
            "NaN",
            "[",
            "]",
            "{",
            "}",
            "[}",
            "{]",
            "[1,]",
            "[,1]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{1:1}",
            "[1 2]",
            "{} {}",
            "{},",
            "1,2",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\n\"",
            "\"\0\"",
            "'a'",
            "\u{FEFF}",
            "\u{FEFF}\u{FEFF}{}",
            " \u{FEFF}{}",
            "/**/1",
            "[1]]",
            "\u{a0}1",
        ] {
            assert!(scan(json.as_bytes()).is_err(), "{json:?}");
        }
        assert!(scan(&[0xEF, b'1']).is_err());
    }

    #[test]
    fn decodes_escapes() {
        let text = |json: &str| String::from_utf8(scan(json.as_bytes()).unwrap().remove(0)).unwrap();
        assert_eq!(text(r#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac""#), "\"\\/\u{8}\u{c}\n\r\tAé€");
        assert_eq!(text(r#""\ud83d\ude00""#), "😀");
        assert_eq!(text(r#""\uD83D""#), "\u{FFFD}");
        assert_eq!(
            text(r#""\uDE00\uD83Dx\uD83D\uD83D\uDE00\uD83D\n\uD83Dé""#),
            "\u{FFFD}\u{FFFD}x\u{FFFD}😀\u{FFFD}\n\u{FFFD}é"
        );
    }

    #[test]
    fn refuses_text_that_is_not_utf8() {
        for bad in [
            &b"\x80"[..],
            b"\xC0\x80",
            b"\xC1\xBF",
            b"\xE0\x80\x80",
            b"\xED\xA0\x80",
            b"\xF0\x80\x80\x80",
            b"\xF4\x90\x80\x80",
            b"\xF5\x80\x80\x80",
            b"\xE2\x82",
            b"\xC3(",
            b"\xFF",
            b"\xE2\\u0041",
        ] {
            let json = [b"\"", bad, b"\""].concat();
            assert!(core::str::from_utf8(bad).is_err() && scan(&json).is_err(), "{bad:x?}");
        }
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(scan(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(scan(&nested(MAX_DEPTH + 1)), Err(DocumentError::TooDeep));
    }

    fn json_value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn takes_what_serde_json_writes(value in json_value(), pretty in any::<bool>()) {
            let json = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) };
            prop_assert!(scan(&json.unwrap()).is_ok());
        }

        #[test]
        fn agrees_with_serde_json_on_damaged_json(value in json_value(), at in any::<prop::sample::Index>(), with in any::<u8>()) {
            let mut json = serde_json::to_vec(&value).unwrap();
            let at = at.index(json.len());
            json[at] = with;
            let theirs = serde_json::from_slice::<serde::de::IgnoredAny>(&json);
            // serde_json does not check the text that it ignores for UTF-8, and we replace lone surrogates.
            if core::str::from_utf8(&json).is_ok() && !json.windows(2).any(|w| w == b"\\u") {
                prop_assert_eq!(scan(&json).is_ok(), theirs.is_ok(), "{}", String::from_utf8_lossy(&json));
            }
        }
    }
}
