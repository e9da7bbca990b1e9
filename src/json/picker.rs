//! Reads a JSON text in pieces of any size: checks all of it, holds nothing of it, and picks out its members of interest.

use core::ops::Range;

use super::grammar::{Place, Rule, Step};
use super::members::{DOCUMENT, Hash, Member, Members, NONE};
use super::picked::Reading;
use crate::json::error::DocumentError;
use crate::text::bytes::plain_run;

/// How deep objects and arrays may be nested.
pub const MAX_DEPTH: usize = 128;

/// How many texts can be kept.
const TEXTS: usize = 6;

/// What the caller lends.
pub(crate) struct Lent<'l> {
    pub members: &'static Members,
    /// Whether the text 0 is this one is told, however much of it is kept.
    pub sought: Hash,
    /// For texts.
    pub memory: &'l mut [u8],
}

/// Reads a document. Texts are kept in the memory that each call lends, one after the other. A byte order mark before the
/// document is allowed.
#[repr(C)] // What is small and often used stands first, where the code that takes it is half as long.
pub(crate) struct Picker {
    state: Place,
    pub(super) depth: u8,
    /// What comes after the string: a colon, or what comes after a value.
    after_text: Place,
    /// What ends the innermost object or array; 0 outside of all.
    closer: u8,
    /// The place in the table of what the next value is the value of; [`NONE`] if it is not of interest.
    pub(super) member: u8,
    pub(super) reading: Reading,
    /// How many levels of the document are of interest, and what the innermost of them is the value of.
    pub(super) levels: u8,
    pub(super) holder: u8,
    /// Which texts have come, a bit for each, and which of them are cut.
    pub(super) texts: u8,
    pub(super) cut: u8,
    pub(super) has_number: bool,
    pub(super) number_is_negative: bool,
    pub(super) flag_is_false: bool,
    pub(super) has_sought: bool,
    /// Which members have come, a bit for each.
    pub(super) seen: u16,
    /// A high surrogate that waits for its other half; 0 if none.
    pub(super) high: u16,
    /// A 1, and behind it the hexadecimal digits of an escape so far; 0 before the first one.
    digits: u32,
    /// Of the name or the text that is read.
    pub(super) hash: Hash,
    /// Where the next byte of a text goes.
    pub(super) end: usize,
    /// Without its sign.
    pub(super) number: u32,
    /// Where each text starts, and where it ends: while it comes, where its room does.
    pub(super) spans: [Range<usize>; TEXTS],
    /// One bit for each level: whether it is an object.
    objects: [u8; MAX_DEPTH / 8],
}

impl Picker {
    pub(crate) const fn new() -> Self {
        Picker {
            state: Place::START,
            depth: 0,
            after_text: Place::START, // it is not asked for before a string has begun
            closer: 0,
            member: DOCUMENT,
            reading: Reading::Nothing,
            levels: 0,
            holder: DOCUMENT,
            texts: 0,
            cut: 0,
            has_number: false,
            number_is_negative: false,
            flag_is_false: false,
            has_sought: false,
            seen: 0,
            high: 0,
            digits: 0,
            hash: Hash::NONE,
            end: 0,
            number: 0,
            spans: [const { 0..0 }; TEXTS],
            objects: [0; MAX_DEPTH / 8],
        }
    }

    /// One that picks nothing, and takes any JSON text.
    #[cfg(any(feature = "serde", test))]
    pub(crate) const fn of_nothing() -> Self {
        Picker { member: NONE, ..Picker::new() }
    }

    /// Where the texts end in memory.
    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// Texts go into memory from here on.
    pub(crate) fn start_at(&mut self, at: usize) {
        self.end = at;
    }

    /// Whether nothing has come but white space.
    pub(crate) fn is_at_start(&self) -> bool {
        self.depth == 0 && self.state <= Place::VALUE
    }

    /// Whether the document may end here, which is where white space may follow its value.
    pub(crate) fn is_complete(&self) -> bool {
        self.depth == 0 && Rule::find(self.state, b' ').next() == Place::AFTER_VALUE
    }

    pub(crate) fn number(&self) -> Option<i32> {
        let number = self.number as i32;
        self.has_number.then_some(if self.number_is_negative { number.wrapping_neg() } else { number })
    }

    pub(crate) fn flag_is_false(&self) -> bool {
        self.flag_is_false
    }

    /// Whether the member at this place of the table has come.
    pub(crate) fn has_seen(&self, member: u8) -> bool {
        self.seen & 1 << member != 0
    }

    /// Whether the text 0 is the one that is sought.
    pub(crate) fn has_sought(&self) -> bool {
        self.has_sought
    }

    /// Where in the memory a text is that has come.
    pub(crate) fn text(&self, text: u8) -> Option<&Range<usize>> {
        self.spans.get(usize::from(text)).filter(|_| self.texts & 1 << text != 0)
    }

    /// Whether the text was longer than its room and has been cut after a whole character.
    pub(crate) fn is_cut(&self, text: u8) -> bool {
        self.cut & 1 << text != 0
    }

    /// Takes the next piece of the document.
    #[inline(never)]
    pub(crate) fn push(&mut self, piece: &[u8], lent: &mut Lent<'_>) -> Result<(), DocumentError> {
        let (mut rest, mut state) = (piece, self.state);
        loop {
            if state == Place::TEXT {
                // Most of a string is plain.
                let run = plain_run(rest, [b'"', b'\\']);
                if self.reading != Reading::Nothing {
                    rest.iter().take(run).for_each(|byte| self.keep(*byte, lent.memory));
                }
                rest = rest.get(run..).unwrap_or_default();
                if let [b'"', after @ ..] = rest {
                    rest = after;
                    state = self.after_text;
                    if self.reading != Reading::Nothing {
                        self.end_text(lent)?;
                    }
                }
            }
            let [byte, after @ ..] = rest else {
                self.state = state;
                return Ok(());
            };
            rest = after;
            let byte = *byte;
            let rule = Rule::find(state, byte);
            state = rule.next();
            match rule.step {
                // ws = *( %x20 / %x09 / %x0A / %x0D )
                Step::Space if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => {}
                Step::Pass | Step::Else => {}
                Step::Name => {
                    self.after_text = Place::COLON;
                    self.begin_name();
                }
                Step::String | Step::Number | Step::Literal => {
                    self.after_text = Place::AFTER_VALUE;
                    if self.member != NONE {
                        self.begin_value(rule.step, byte, lent)?;
                    }
                }
                Step::Object | Step::Array => self.open(rule.step, lent)?,
                Step::Close if byte == self.closer => self.close(lent.members.table),
                Step::Comma if self.closer == b'}' => state = Place::NEXT_NAME,
                Step::Comma if self.closer == b']' => {}
                Step::Text if self.reading == Reading::Nothing => {}
                Step::Text => self.keep(byte, lent.memory),
                Step::Control => {
                    state = Place::TEXT;
                    self.keep(rule.character(), lent.memory);
                }
                Step::Digit => {
                    // Digits are at 0x30, letters at 0x41 and 0x61.
                    let digits = self.digits.max(1) << 4 | u32::from((byte & 0xF) + 9 * (byte >> 6));
                    self.digits = digits;
                    if digits > 0xFFFF {
                        state = Place::TEXT;
                        self.digits = 0;
                        if self.reading != Reading::Nothing {
                            self.unit(digits & 0xFFFF, lent.memory);
                        }
                    }
                }
                _ => return Err(DocumentError::NotJson),
            }
        }
    }

    /// An object or an array begins.
    #[inline(never)]
    fn open(&mut self, token: Step, lent: &mut Lent<'_>) -> Result<(), DocumentError> {
        self.begin_value(token, 0, lent)?;
        self.member = NONE; // what is in there is nobody's value
        let Some(bits) = self.objects.get_mut(usize::from(self.depth / 8)) else {
            return Err(DocumentError::TooDeep);
        };
        let bit = 1 << (self.depth % 8);
        *bits = if token == Step::Object { *bits | bit } else { *bits & !bit };
        self.depth += 1;
        self.find_closer();
        Ok(())
    }

    /// An object or an array ends.
    #[inline(never)]
    fn close(&mut self, table: &[Member]) {
        self.depth -= 1;
        self.end_level(table);
        self.find_closer();
    }

    /// Sets what ends the level that is now the innermost.
    #[inline(never)]
    fn find_closer(&mut self) {
        let level = self.depth.wrapping_sub(1);
        self.closer = match self.objects.get(usize::from(level / 8)) {
            None => 0,
            Some(bits) if bits >> (level % 8) & 1 != 0 => b'}',
            Some(_) => b']',
        };
    }

    /// `\uXXXX`: a character, or half a surrogate pair.
    #[inline(never)]
    fn unit(&mut self, unit: u32, memory: &mut [u8]) {
        let mut code_point = unit;
        if let (0xDC00..=0xDFFF, 1..) = (unit, self.high) {
            code_point = 0x1_0000 + ((u32::from(self.high) - 0xD800) << 10) + (unit - 0xDC00);
            self.high = 0;
        }
        self.flush_surrogate(memory);
        match code_point {
            0xD800..=0xDBFF => self.high = unit as u16,
            0xDC00..=0xDFFF => self.put_all(REPLACEMENT, memory),
            _ => self.put_all(utf8(code_point), memory),
        }
    }

    /// A high surrogate whose other half did not come stands for nothing.
    pub(super) fn flush_surrogate(&mut self, memory: &mut [u8]) {
        if self.high != 0 {
            self.high = 0;
            self.put_all(REPLACEMENT, memory);
        }
    }

    /// Keeps a character in UTF-8, its first byte the lowest.
    #[inline(never)]
    fn put_all(&mut self, utf8: u32, memory: &mut [u8]) {
        let mut rest = utf8;
        loop {
            self.put(rest as u8, memory);
            rest >>= 8;
            if rest == 0 {
                break;
            }
        }
    }
}

/// U+FFFD, as from [`utf8`].
const REPLACEMENT: u32 = u32::from_le_bytes([0xEF, 0xBF, 0xBD, 0]);

/// A character in UTF-8 (RFC 3629, section 3), its first byte the lowest.
fn utf8(code_point: u32) -> u32 {
    if code_point <= 0x7F {
        return code_point;
    }
    // How much goes into the first byte.
    let (mut rest, mut utf8, mut most) = (code_point, 0, 0x1F);
    loop {
        utf8 = utf8 << 8 | 0x80 | rest & 0x3F;
        rest >>= 6;
        if rest <= most {
            return utf8 << 8 | !most << 1 & 0xFF | rest;
        }
        most >>= 1;
    }
}

/// Whether the text is UTF-8 (RFC 3629), by the rules for strings.
pub fn is_utf8(text: &[u8]) -> bool {
    let mut place = Place::TEXT;
    for byte in text {
        // In here all of ASCII may stand.
        if place == Place::TEXT && byte.is_ascii() {
            continue;
        }
        let rule = Rule::find(place, *byte);
        if rule.step != Step::Text {
            return false;
        }
        place = rule.next();
    }
    place == Place::TEXT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::members::{self, Value};
    use proptest::prelude::*;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    fn push_pieces(picker: &mut Picker, pieces: &[&[u8]], memory: &mut [u8]) -> Result<(), DocumentError> {
        const TEXT: &[(&str, Value)] = &[("text", Value::Text(0, 1))];
        const TABLE: [Member; 2] = members::table(TEXT);
        static MEMBERS: Members = Members { table: &TABLE, scalar: |_, _, _| Ok(()) };
        pieces
            .iter()
            .try_for_each(|piece| picker.push(piece, &mut Lent { members: &MEMBERS, sought: Hash::NONE, memory }))?;
        if picker.is_complete() { Ok(()) } else { Err(DocumentError::CutOff) }
    }

    /// Reads it whole, byte by byte, and in two pieces, cut everywhere.
    fn scan(json: &[u8]) -> Result<(), DocumentError> {
        let whole = push_pieces(&mut Picker::of_nothing(), &[json], &mut []);
        let bytes: Vec<&[u8]> = json.chunks(1).collect();
        assert_eq!(push_pieces(&mut Picker::of_nothing(), &bytes, &mut []), whole);
        for cut in 0..=json.len() {
            let pieces = [&json[..cut], &json[cut..]];
            assert_eq!(push_pieces(&mut Picker::of_nothing(), &pieces, &mut []), whole, "{cut}");
        }
        whole
    }

    /// The text that a string stands for, read likewise, and whether it is cut, with room for so many bytes.
    fn text(string: &str, room: usize) -> (String, bool) {
        let json = std::format!("{{\"text\":{string}}}").into_bytes();
        let bytes: Vec<&[u8]> = json.chunks(1).collect();
        let read = |pieces: &[&[u8]]| {
            let (mut picker, mut memory) = (Picker::new(), vec![0; 2 * room]);
            push_pieces(&mut picker, pieces, &mut memory).unwrap();
            let text = memory[picker.text(0).unwrap().clone()].to_vec();
            (String::from_utf8(text).unwrap(), picker.is_cut(0))
        };
        let whole = read(&[&json]);
        assert_eq!(read(&bytes), whole);
        for cut in 0..=json.len() {
            assert_eq!(read(&[&json[..cut], &json[cut..]]), whole, "{cut}");
        }
        whole
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
        let text = |json: &str| text(json, 100).0;
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
    fn utf8_is_what_rfc_3629_says() {
        let parts = [
            0, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ];
        let check = |bytes: &[u8]| assert_eq!(is_utf8(bytes), core::str::from_utf8(bytes).is_ok(), "{bytes:x?}");
        check(b"");
        for (a, b) in parts.iter().flat_map(|a| parts.iter().map(move |b| (*a, *b))) {
            check(&[a]);
            check(&[a, b]);
            for (c, d) in parts.iter().flat_map(|c| parts.iter().map(move |d| (*c, *d))) {
                check(&[a, b, c]);
                check(&[a, b, c, d]);
                check(&[b'x', a, b, c, d, b'x']);
            }
        }
    }

    #[test]
    fn a_text_is_cut_after_a_whole_character_wherever_its_room_ends() {
        for string in ["0123456789abcdef0123456789ABCDEF", "é€😀x😀€é", "\\u00e9\\u20ac\\ud83d\\ude00\\n\\ud83d"]
        {
            let string = std::format!("\"{string}\"");
            let (all, _) = text(&string, 100);
            for room in 0..all.len() + 2 {
                let kept = all.floor_char_boundary(room.min(all.len()));
                assert_eq!(text(&string, room), (all[..kept].into(), kept < all.len()), "{string} {room}");
            }
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
