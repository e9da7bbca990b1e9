//! A strict JSON reader that takes one byte at a time and holds no text.

use crate::error::DocumentError;

/// How deep objects and arrays may be nested.
pub const MAX_DEPTH: usize = 256;

/// What the scanner has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    ObjectStart,
    ArrayStart,
    /// An object or an array ends.
    End,
    /// A member's name begins.
    Name,
    /// A string value begins.
    String,
    /// A piece of a name or a string: whole characters in UTF-8, escapes decoded.
    Text(&'t [u8]),
    /// A name or a string ends.
    TextEnd,
    /// A byte of a number.
    Number(u8),
    /// `null`, `true` or `false` begins, with this byte.
    Literal(u8),
}

/// Takes the tokens as they come. `depth` counts the objects and arrays around a token; the start and the end of
/// one lie outside it.
pub(crate) trait Sink {
    fn token(&mut self, token: Token<'_>, depth: usize) -> Result<(), DocumentError>;
}

/// Checks that the bytes are one JSON text, a byte order mark before it allowed.
pub(crate) struct Scanner {
    state: State,
    depth: usize,
    /// One bit for each level: whether it is an object.
    objects: [u8; MAX_DEPTH / 8],
    /// Whether the string is a member's name.
    in_name: bool,
    /// The hexadecimal digits of an escape so far.
    unit: u16,
    /// A high surrogate that waits for its other half; 0 if none.
    high: u16,
    /// The bytes of a character in UTF-8 so far.
    utf8: [u8; 4],
    utf8_len: u8,
    /// How many bytes the character still takes, and between which bounds the next one lies.
    utf8_left: u8,
    utf8_bounds: (u8, u8),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the text: how many bytes of a byte order mark have come.
    Start(u8),
    Value,
    /// After `[`: a value or `]`.
    FirstElement,
    /// After `{`: a name or `}`.
    FirstName,
    /// After `,` in an object: a name.
    NextName,
    Colon,
    /// After a value: a comma, or the end of what it stands in.
    AfterValue,
    Text,
    Escape,
    /// How many hexadecimal digits of an escape have come.
    Hex(u8),
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    /// What is left of a literal.
    Literal(&'static [u8]),
}

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

impl Scanner {
    pub(crate) const fn new() -> Self {
        Scanner {
            state: State::Start(0),
            depth: 0,
            objects: [0; MAX_DEPTH / 8],
            in_name: false,
            unit: 0,
            high: 0,
            utf8: [0; 4],
            utf8_len: 0,
            utf8_left: 0,
            utf8_bounds: (0x80, 0xBF),
        }
    }

    /// Whether the text may end here.
    pub(crate) fn is_complete(&self) -> bool {
        let value_ended = matches!(
            self.state,
            State::AfterValue | State::Zero | State::Integer | State::Fraction | State::ExponentDigits
        );
        self.depth == 0 && value_ended
    }

    /// Takes the next byte.
    pub(crate) fn push(&mut self, byte: u8, sink: &mut impl Sink) -> Result<(), DocumentError> {
        use State::*;
        self.state = match (self.state, byte) {
            // ws = *( %x20 / %x09 / %x0A / %x0D )
            (
                Start(0) | Value | FirstElement | FirstName | NextName | Colon | AfterValue,
                b' ' | b'\t' | b'\n' | b'\r',
            ) => match self.state {
                Start(_) => Value,
                state => state,
            },
            (Start(n), _) if BYTE_ORDER_MARK.get(usize::from(n)) == Some(&byte) => {
                if n == 2 {
                    Value
                } else {
                    Start(n + 1)
                }
            }
            (Start(1..), _) => return Err(DocumentError::NotJson),

            (FirstName, b'}') | (FirstElement, b']') => self.close(byte, sink)?,
            (FirstName | NextName, b'"') => {
                self.in_name = true;
                sink.token(Token::Name, self.depth)?;
                Text
            }
            (Colon, b':') => Value,
            (AfterValue, _) => self.after_value(byte, sink)?,

            (Start(_) | Value | FirstElement, _) => self.value(byte, sink)?,

            (Text, _) => self.text(byte, sink)?,
            (Escape, _) => self.escape(byte, sink)?,
            (Hex(n), _) => self.hex(n, byte, sink)?,

            // number = [ minus ] int [ frac ] [ exp ]
            (Minus, b'0') => self.number(byte, Zero, sink)?,
            (Minus, b'1'..=b'9') | (Integer, b'0'..=b'9') => self.number(byte, Integer, sink)?,
            (Zero | Integer, b'.') => self.number(byte, Point, sink)?,
            (Point | Fraction, b'0'..=b'9') => self.number(byte, Fraction, sink)?,
            (Zero | Integer | Fraction, b'e' | b'E') => self.number(byte, Exponent, sink)?,
            (Exponent, b'+' | b'-') => self.number(byte, ExponentSign, sink)?,
            (Exponent | ExponentSign | ExponentDigits, b'0'..=b'9') => self.number(byte, ExponentDigits, sink)?,
            // Nothing marks the end of a number but what comes after it.
            (Zero | Integer | Fraction | ExponentDigits, b' ' | b'\t' | b'\n' | b'\r') => AfterValue,
            (Zero | Integer | Fraction | ExponentDigits, _) => self.after_value(byte, sink)?,

            (Literal(rest), _) => match rest.split_first() {
                Some((next, [])) if *next == byte => AfterValue,
                Some((next, rest)) if *next == byte => Literal(rest),
                _ => return Err(DocumentError::NotJson),
            },
            _ => return Err(DocumentError::NotJson),
        };
        Ok(())
    }

    fn value(&mut self, byte: u8, sink: &mut impl Sink) -> Result<State, DocumentError> {
        match byte {
            b'{' => self.open(true, sink),
            b'[' => self.open(false, sink),
            b'"' => {
                self.in_name = false;
                sink.token(Token::String, self.depth)?;
                Ok(State::Text)
            }
            b'-' => self.number(byte, State::Minus, sink),
            b'0' => self.number(byte, State::Zero, sink),
            b'1'..=b'9' => self.number(byte, State::Integer, sink),
            _ => {
                let rest: &'static [u8] = match byte {
                    b'n' => b"ull",
                    b't' => b"rue",
                    b'f' => b"alse",
                    _ => return Err(DocumentError::NotJson),
                };
                sink.token(Token::Literal(byte), self.depth)?;
                Ok(State::Literal(rest))
            }
        }
    }

    fn number(&mut self, byte: u8, next: State, sink: &mut impl Sink) -> Result<State, DocumentError> {
        sink.token(Token::Number(byte), self.depth)?;
        Ok(next)
    }

    fn after_value(&mut self, byte: u8, sink: &mut impl Sink) -> Result<State, DocumentError> {
        match byte {
            b',' if self.depth > 0 => Ok(if self.in_object() { State::NextName } else { State::Value }),
            b'}' | b']' => self.close(byte, sink),
            _ => Err(DocumentError::NotJson),
        }
    }

    fn open(&mut self, object: bool, sink: &mut impl Sink) -> Result<State, DocumentError> {
        let Some(bits) = self.objects.get_mut(self.depth / 8) else {
            return Err(DocumentError::TooDeep);
        };
        let bit = 1 << (self.depth % 8);
        *bits = if object { *bits | bit } else { *bits & !bit };
        let token = if object { Token::ObjectStart } else { Token::ArrayStart };
        sink.token(token, self.depth)?;
        self.depth += 1;
        Ok(if object { State::FirstName } else { State::FirstElement })
    }

    fn close(&mut self, byte: u8, sink: &mut impl Sink) -> Result<State, DocumentError> {
        if self.depth == 0 || self.in_object() != (byte == b'}') {
            return Err(DocumentError::NotJson);
        }
        self.depth -= 1;
        sink.token(Token::End, self.depth)?;
        Ok(State::AfterValue)
    }

    /// Whether the innermost level is an object.
    fn in_object(&self) -> bool {
        let level = self.depth.wrapping_sub(1);
        self.objects.get(level / 8).is_some_and(|bits| bits & (1 << (level % 8)) != 0)
    }

    /// A byte inside a string: `unescaped = %x20-21 / %x23-5B / %x5D-10FFFF`, in UTF-8.
    fn text(&mut self, byte: u8, sink: &mut impl Sink) -> Result<State, DocumentError> {
        if self.utf8_left == 0 && byte == b'\\' {
            return Ok(State::Escape);
        }
        self.flush_surrogate(sink)?;
        if self.utf8_left > 0 {
            return self.continue_utf8(byte, sink);
        }
        match byte {
            b'"' => {
                sink.token(Token::TextEnd, self.depth)?;
                return Ok(if self.in_name { State::Colon } else { State::AfterValue });
            }
            0x20..=0x7F => sink.token(Token::Text(&[byte]), self.depth)?,
            // RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF
            0xC2..=0xDF => self.start_utf8(byte, 1, (0x80, 0xBF)),
            0xE0 => self.start_utf8(byte, 2, (0xA0, 0xBF)),
            0xED => self.start_utf8(byte, 2, (0x80, 0x9F)),
            0xE1..=0xEF => self.start_utf8(byte, 2, (0x80, 0xBF)),
            0xF0 => self.start_utf8(byte, 3, (0x90, 0xBF)),
            0xF1..=0xF3 => self.start_utf8(byte, 3, (0x80, 0xBF)),
            0xF4 => self.start_utf8(byte, 3, (0x80, 0x8F)),
            _ => return Err(DocumentError::NotJson),
        }
        Ok(State::Text)
    }

    fn start_utf8(&mut self, byte: u8, left: u8, bounds: (u8, u8)) {
        self.utf8 = [byte, 0, 0, 0];
        self.utf8_len = 1;
        self.utf8_left = left;
        self.utf8_bounds = bounds;
    }

    fn continue_utf8(&mut self, byte: u8, sink: &mut impl Sink) -> Result<State, DocumentError> {
        let (low, high) = self.utf8_bounds;
        if !(low..=high).contains(&byte) {
            return Err(DocumentError::NotJson);
        }
        if let Some(place) = self.utf8.get_mut(usize::from(self.utf8_len)) {
            *place = byte;
        }
        self.utf8_len += 1;
        self.utf8_left -= 1;
        self.utf8_bounds = (0x80, 0xBF);
        if self.utf8_left == 0 {
            let character = self.utf8.get(..usize::from(self.utf8_len)).unwrap_or_default();
            sink.token(Token::Text(character), self.depth)?;
        }
        Ok(State::Text)
    }

    fn escape(&mut self, byte: u8, sink: &mut impl Sink) -> Result<State, DocumentError> {
        let character = match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.unit = 0;
                return Ok(State::Hex(0));
            }
            _ => return Err(DocumentError::NotJson),
        };
        self.flush_surrogate(sink)?;
        sink.token(Token::Text(&[character]), self.depth)?;
        Ok(State::Text)
    }

    /// A digit of `\uXXXX`; with the fourth, a character, or one half of a surrogate pair.
    fn hex(&mut self, digits: u8, byte: u8, sink: &mut impl Sink) -> Result<State, DocumentError> {
        let digit = char::from(byte).to_digit(16).ok_or(DocumentError::NotJson)?;
        self.unit = self.unit << 4 | digit as u16;
        if digits < 3 {
            return Ok(State::Hex(digits + 1));
        }
        let unit = u32::from(self.unit);
        let high = u32::from(self.high);
        let code_point = match unit {
            0xDC00..=0xDFFF if high != 0 => {
                self.high = 0;
                0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00)
            }
            _ => {
                self.flush_surrogate(sink)?;
                unit
            }
        };
        if let 0xD800..=0xDBFF = unit {
            self.high = self.unit;
        } else {
            self.put_char(char::from_u32(code_point), sink)?;
        }
        Ok(State::Text)
    }

    /// A high surrogate whose other half did not come stands for nothing.
    fn flush_surrogate(&mut self, sink: &mut impl Sink) -> Result<(), DocumentError> {
        if self.high != 0 {
            self.high = 0;
            self.put_char(None, sink)?;
        }
        Ok(())
    }

    /// A character, or U+FFFD where there is none.
    fn put_char(&mut self, c: Option<char>, sink: &mut impl Sink) -> Result<(), DocumentError> {
        let mut buffer = [0; 4];
        let text = c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut buffer);
        sink.token(Token::Text(text.as_bytes()), self.depth)
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
        fn token(&mut self, token: Token<'_>, _: usize) -> Result<(), DocumentError> {
            match token {
                Token::Name | Token::String => self.0.push(vec![]),
                Token::Text(piece) => self.0.last_mut().unwrap().extend_from_slice(piece),
                _ => {}
            }
            Ok(())
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
