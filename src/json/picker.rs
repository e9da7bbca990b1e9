//! Reads a JSON text in pieces of any size: checks all of it, holds nothing of it, and picks out its members of interest.

use core::ops::Range;

use super::grammar::{self, Place};
use super::members::{DOCUMENT, Hash, Member, Members, NONE, TEXTS, Value};
use super::plain::{after_ignored, is_plain};
use super::scalar::Scalar;
use crate::json::error::DocumentError;

/// How deep objects and arrays may be nested.
pub const MAX_DEPTH: usize = 128;

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
    depth: u8,
    /// What comes after the string: a colon, or what comes after a value.
    after_text: Place,
    /// What ends the innermost object or array; 0 outside of all.
    closer: u8,
    /// The place in the table of what the next value is the value of; [`NONE`] if it is not of interest.
    member: u8,
    /// What the string is for that is read: the bit of a text, [`NAME`], or 0 for nothing.
    reading: u8,
    /// The number of that text.
    text: u8,
    /// How many levels of the document are of interest, and what the innermost of them is the value of.
    levels: u8,
    holder: u8,
    /// Which texts have come, a bit for each, and which of them are cut.
    texts: u8,
    cut: u8,
    has_sought: bool,
    /// How many hexadecimal digits of escapes have come: four make a unit.
    digits: u8,
    is_page: bool,
    /// Which of the holders are objects, a bit for each, and which of these hold a member that is not of interest.
    opened: u8,
    others: u8,
    /// Which members have come, a bit for each.
    seen: u32,
    /// The last two units of escapes, if nothing has come since.
    units: u32,
    /// Of the name or the text that is read.
    hash: Hash,
    /// Where the next byte of a text goes. These places are of 32 bits, for beyond 4 GiB no text begins.
    end: u32,
    /// Where the room of the text ends that is read.
    limit: u32,
    pub scalar: Scalar,
    /// Where each text starts, and how long it is.
    starts: [u32; TEXTS],
    lens: [u16; TEXTS],
    /// What closes each level that is not the innermost, a bit for each: bit 5, in which `}` and `]` differ. Eight levels
    /// share a byte, and the innermost of them has its lowest bit.
    objects: [u8; MAX_DEPTH / 8],
}

/// Whether long strides are worth their code: a chip has more use for the bytes that they take.
const IS_WIDE: bool = cfg!(target_pointer_width = "64");

/// No bit of a text.
const NAME: u8 = 0x80;

/// The bit of a holder, by its place in the table; none for a text that turns out to be an object, unless it is among the first.
#[expect(clippy::cast_possible_truncation, reason = "what is behind the first places has no bit")]
const fn bit_of(place: u8) -> u8 {
    (1_u32 << place) as u8
}

impl Picker {
    pub(crate) const fn new() -> Self {
        Picker {
            state: grammar::START,
            depth: 0,
            after_text: 0, // it is not asked for before a string has begun
            closer: 0,
            member: DOCUMENT,
            reading: 0,
            text: 0,
            levels: 0,
            holder: DOCUMENT,
            texts: 0,
            cut: 0,
            has_sought: false,
            digits: 0,
            is_page: false,
            opened: 0,
            others: 0,
            seen: 0,
            units: 0,
            hash: Hash::NONE,
            end: 0,
            limit: 0,
            scalar: Scalar::NONE,
            starts: [0; TEXTS],
            lens: [0; TEXTS],
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
        self.end as usize
    }

    /// Texts go into memory from here on.
    pub(crate) fn start_at(&mut self, at: usize) {
        self.end = at.try_into().unwrap_or(u32::MAX);
    }

    /// Whether it has been refused because it begins as a page of HTML does.
    pub(crate) fn is_page(&self) -> bool {
        self.is_page
    }

    /// Whether the document may end here, which is where white space may follow its value.
    #[inline(never)]
    pub(crate) fn is_complete(&self) -> bool {
        self.depth == 0 && grammar::find(self.state, b' ').0 == grammar::AFTER_VALUE
    }

    /// Whether the members at these places of the table have come, a bit for each, and of all that are of interest no others.
    pub(crate) fn has_seen_only(&self, members: u32) -> bool {
        self.seen == members
    }

    /// Whether one of the members at these places of the table has come, a bit for each.
    pub(crate) fn has_seen_any(&self, members: u32) -> bool {
        self.seen & members != 0
    }

    /// Whether the member at this place of the table, a holder, is an object.
    pub(crate) fn is_object(&self, member: u8) -> bool {
        self.opened & bit_of(member) != 0
    }

    /// Whether the holder at this place of the table has a member that is not of interest.
    pub(crate) fn has_others(&self, member: u8) -> bool {
        self.others & bit_of(member) != 0
    }

    /// Whether the text 0 is the one that is sought.
    pub(crate) fn has_sought(&self) -> bool {
        self.has_sought
    }

    /// Where in the memory a text is that has come.
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the memory")]
    pub(crate) fn text(&self, text: u8) -> Option<Range<usize>> {
        let at = usize::from(text);
        let (start, len) = self.starts.get(at).zip(self.lens.get(at)).filter(|_| self.texts & 1 << text != 0)?;
        let start = *start as usize;
        Some(start..start + usize::from(*len))
    }

    /// Whether a text has come that is not empty.
    pub(crate) fn has_text(&self, text: u8) -> bool {
        self.text(text).is_some_and(|span| !span.is_empty() || self.is_cut(text))
    }

    /// Whether the text was longer than its room and has been cut after a whole character.
    pub(crate) fn is_cut(&self, text: u8) -> bool {
        self.cut & 1 << text != 0
    }

    /// Whether a name or a text of interest is being read.
    pub(crate) fn is_reading(&self) -> bool {
        self.reading != 0
    }

    /// Whether this byte comes next in a string that nobody keeps, and stands for itself.
    pub(crate) fn passes_over(&self, byte: u8) -> bool {
        self.state == grammar::TEXT && self.reading == 0 && is_plain(byte)
    }

    /// Takes a byte that stands for itself in a string, or that [leads on](Picker::leads_on); false for any other, which is
    /// [`push`](Picker::push)'s.
    #[inline(always)] // into the one place where it is asked
    pub(crate) fn take(&mut self, byte: u8, lent: &mut Lent<'_>) -> bool {
        if self.state != grammar::TEXT || !is_plain(byte) {
            return self.leads_on(byte);
        }
        if self.reading != 0 {
            self.put(byte, lent);
        }
        true
    }

    /// Takes a byte that leads from a place to the next, in a document that has begun, if that is all that is to be done with
    /// it. By [`push`](Picker::push) it would come to the same.
    #[inline(always)] // likewise
    fn leads_on(&mut self, byte: u8) -> bool {
        if self.depth == 0 {
            return false; // it may become a page, of which each byte counts
        }
        let is_ignored = self.member == NONE;
        let mut then = self.after_text;
        if self.state != grammar::TEXT || self.reading != 0 || byte != b'"' {
            then = match grammar::find(self.state, byte).1 {
                grammar::NAME if self.depth != self.levels => {
                    self.after_text = grammar::COLON;
                    grammar::TEXT
                }
                grammar::STRING if is_ignored => {
                    self.after_text = grammar::AFTER_VALUE;
                    grammar::TEXT
                }
                grammar::COMMA if self.closer == b'}' => grammar::NEXT_NAME,
                grammar::FIRST_ELEMENT..=grammar::FIRST_NAME => return false,
                grammar::FIRST_ELEMENT..=grammar::ALSE if !is_ignored => return false,
                grammar::TEXT..=grammar::TAIL1 if self.reading != 0 => return false,
                grammar::STEPS.. => return false,
                then => then,
            };
        }
        self.state = then;
        true
    }

    /// Takes the next piece of the document.
    #[inline(never)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "a control character is what its rule has beyond `CONTROL`; four bits, and at most 27"
    )]
    pub(crate) fn push(&mut self, piece: &[u8], lent: &mut Lent<'_>) -> Result<(), DocumentError> {
        let (mut rest, mut place) = (piece, self.state);
        loop {
            if IS_WIDE && place == grammar::TEXT && self.reading == 0 && rest.len() > size_of::<usize>() {
                rest = after_ignored(rest);
            }
            let [byte, after @ ..] = rest else {
                self.state = place;
                return Ok(());
            };
            let byte = *byte;
            rest = after;
            if place == grammar::TEXT {
                if byte == b'"' {
                    place = self.after_text;
                    if self.reading != 0 {
                        self.end_text(lent)?;
                    } else if IS_WIDE {
                        (place, rest) = self.stride(place, rest);
                    }
                    continue;
                }
                if is_plain(byte) {
                    if self.reading != 0 {
                        self.put(byte, lent);
                    }
                    continue;
                }
            }
            let (state, then) = grammar::find(place, byte);
            place = then;
            match then {
                // ws = *( %x20 / %x09 / %x0A / %x0D )
                grammar::SPACE if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => place = state,
                grammar::NAME => {
                    place = grammar::TEXT;
                    self.after_text = grammar::COLON;
                    if self.depth == self.levels {
                        self.member = NONE;
                        self.begin_text(NAME);
                    }
                }
                grammar::STRING => {
                    place = grammar::TEXT;
                    self.after_text = grammar::AFTER_VALUE;
                    if self.member != NONE {
                        self.begin_value(byte, lent)?;
                    }
                }
                grammar::FIRST_ELEMENT..=grammar::ALSE => {
                    if then <= grammar::FIRST_NAME || self.member != NONE {
                        self.begin_value(byte, lent)?;
                    } else if IS_WIDE {
                        (place, rest) = self.stride(place, rest);
                    }
                }
                grammar::CLOSE if byte == self.closer => {
                    place = grammar::AFTER_VALUE;
                    self.close(lent.members.table);
                }
                grammar::COMMA if self.closer == b'}' => place = grammar::NEXT_NAME,
                grammar::COMMA if self.closer == b']' => place = grammar::VALUE,
                grammar::TEXT..=grammar::TAIL1 => {
                    if self.reading != 0 {
                        self.put(byte, lent);
                    }
                }
                grammar::CONTROL.. => {
                    place = grammar::TEXT;
                    if self.reading != 0 {
                        self.put(then - grammar::CONTROL, lent);
                    }
                }
                grammar::DIGIT => {
                    place = state;
                    // Digits are at 0x30, letters at 0x41 and 0x61.
                    self.units = self.units << 4 | u32::from((byte & 0xF) + 9 * (byte >> 6));
                    self.digits = self.digits.wrapping_add(1);
                    if self.digits.is_multiple_of(4) {
                        place = grammar::TEXT;
                        if self.reading != 0 {
                            self.unit(lent);
                        }
                    }
                }
                0..grammar::STEPS => {}
                _ => {
                    self.is_page = then == grammar::PAGE && self.depth == 0;
                    return Err(DocumentError::NotJson);
                }
            }
        }
    }

    /// Goes on, in a value that nobody keeps or behind one, by more than a byte where what comes is plain: to the end of the
    /// digits or of the literal, or into the next string. Byte by byte it would come to the same.
    #[inline(always)] // into two places, of which a chip has none
    fn stride<'p>(&mut self, mut place: Place, mut rest: &'p [u8]) -> (Place, &'p [u8]) {
        match (place, rest) {
            (grammar::ULL, [b'u', b'l', b'l', after @ ..])
            | (grammar::RUE, [b'r', b'u', b'e', after @ ..])
            | (grammar::ALSE, [b'a', b'l', b's', b'e', after @ ..]) => (place, rest) = (grammar::AFTER_VALUE, after),
            (grammar::INTEGER | grammar::FRACTION, _) => {
                while let [b'0'..=b'9', after @ ..] = rest {
                    rest = after;
                }
            }
            _ => {}
        }
        match (place, rest) {
            (grammar::COLON, [b':', b'"', after @ ..]) if self.member == NONE => {
                self.after_text = grammar::AFTER_VALUE;
                (grammar::TEXT, after)
            }
            (grammar::COLON, [b':', after @ ..]) => (grammar::VALUE, after),
            (grammar::AFTER_VALUE | grammar::INTEGER | grammar::FRACTION, [b',', b'"', after @ ..])
                if self.closer == b'}' && self.depth != self.levels =>
            {
                self.after_text = grammar::COLON;
                (grammar::TEXT, after)
            }
            _ => (place, rest),
        }
    }

    /// A name or a text begins.
    fn begin_text(&mut self, reading: u8) {
        self.reading = reading;
        self.hash = Hash::new();
        self.units = 0;
        self.limit = self.end; // of a name nothing is kept
    }

    /// A value begins with this byte, or it is the next one of a number.
    #[inline(never)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "no more levels than `MAX_DEPTH` and one, and no place beyond the memory"
    )]
    fn begin_value(&mut self, byte: u8, lent: &mut Lent<'_>) -> Result<(), DocumentError> {
        if let Some(member) = lent.members.table.get(usize::from(self.member)) {
            match (member.value, byte) {
                (Value::Scalar, _) => (lent.members.scalar)(&mut self.scalar, self.member, byte)?,
                (_, b'{') => {
                    self.levels += 1;
                    self.holder = self.member;
                    self.opened |= bit_of(self.member);
                }
                (Value::Document, _) => return Err(DocumentError::NotAnObject),
                (Value::Text(text, halved), b'"') if self.texts & 1 << text == 0 => {
                    self.begin_text(1 << text);
                    self.text = text;
                    if let Some(start) = self.starts.get_mut(usize::from(text)) {
                        *start = self.end;
                    }
                    let all = u32::try_from(lent.memory.len()).unwrap_or(u32::MAX);
                    let room = all.saturating_sub(self.end) >> halved;
                    self.limit = self.end + room.min(u16::MAX.into());
                }
                _ => {}
            }
        }
        if byte | 0x20 == b'{' { self.open(byte) } else { Ok(()) }
    }

    /// An object or an array begins with this byte.
    #[expect(clippy::arithmetic_side_effects, reason = "no deeper than `MAX_DEPTH`, and one of two ASCII characters")]
    fn open(&mut self, byte: u8) -> Result<(), DocumentError> {
        let Some(bits) = self.objects.get_mut(usize::from(self.depth / 8)) else {
            return Err(DocumentError::TooDeep);
        };
        *bits = *bits << 1 | self.closer >> 5 & 1;
        self.depth += 1;
        self.closer = byte + 2; // in ASCII
        self.member = NONE; // what is in there is nobody's value
        Ok(())
    }

    /// An object or an array ends.
    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "something is open that `closer` ends")]
    fn close(&mut self, table: &[Member]) {
        self.depth -= 1;
        if self.depth < self.levels {
            self.levels = self.depth;
            self.holder = table.get(usize::from(self.holder)).map_or(NONE, |holder| holder.parent);
        }
        self.closer = 0;
        if self.depth > 0
            && let Some(bits) = self.objects.get_mut(usize::from(self.depth / 8))
        {
            self.closer = b']' | (*bits & 1) << 5;
            *bits >>= 1;
        }
    }

    /// Takes the next byte of a name or of a text, which are whole characters in UTF-8 when all of them have come.
    #[expect(clippy::arithmetic_side_effects, reason = "`end` is at most `limit`")]
    fn put(&mut self, byte: u8, lent: &mut Lent<'_>) {
        self.hash = self.hash.with(byte);
        self.units = 0;
        // What the whole character takes that this byte begins.
        let needed = byte.leading_ones().max(1);
        match lent.memory.get_mut(self.end as usize) {
            Some(to) if self.limit - self.end >= needed => {
                *to = byte;
                self.end += 1;
            }
            _ => {
                self.limit = self.end; // nothing goes in behind what was cut
                self.cut |= self.reading;
            }
        }
    }

    /// `\uXXXX`: a character, or half a surrogate pair, which stands for U+FFFD until the other half comes.
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "bytes of UTF-8")]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "halves of a pair are at least `BASE`; U+FFFD has taken three bytes unless it was cut; `shift` is sixes"
    )]
    fn unit(&mut self, lent: &mut Lent<'_>) {
        let units = self.units;
        let mut code_point = units & 0xFFFF;
        if units & 0xFC00_FC00 == 0xD800_DC00 {
            // RFC 2781, section 2.2: ten bits of each behind 0x1_0000
            const BASE: u32 = (0xD800 << 10) + 0xDC00 - 0x1_0000;
            code_point = ((units >> 16) << 10) + code_point - BASE;
            if self.cut & self.reading == 0 {
                self.end -= 3;
            }
        } else if code_point & 0xF800 == 0xD800 {
            code_point = 0xFFFD;
        }
        // RFC 3629, section 3
        let (first, mut shift) = match code_point {
            0..=0x7F => (0, 0),
            0x80..=0x7FF => (0xC0, 6),
            0x800..=0xFFFF => (0xE0, 12),
            _ => (0xF0, 18),
        };
        self.put((first | code_point >> shift) as u8, lent);
        while shift != 0 {
            shift -= 6;
            self.put((0x80 | code_point >> shift & 0x3F) as u8, lent);
        }
        self.units = units;
    }

    /// A name or a text ends.
    #[inline(never)]
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "no further from where it started than `limit` was"
    )]
    fn end_text(&mut self, lent: &mut Lent<'_>) -> Result<(), DocumentError> {
        let reading = core::mem::take(&mut self.reading);
        if reading == NAME {
            return self.name_is_complete(lent.members.table);
        }
        self.has_sought |= reading == 1 && self.hash == lent.sought;
        let at = usize::from(self.text);
        if let (Some(start), Some(len)) = (self.starts.get(at), self.lens.get_mut(at)) {
            *len = (self.end - *start) as u16;
        }
        self.texts |= reading;
        Ok(())
    }

    #[expect(clippy::cast_possible_truncation, reason = "a table has no more places than a `u32` has bits")]
    fn name_is_complete(&mut self, members: &[Member]) -> Result<(), DocumentError> {
        let is_it = |member: &Member| member.name == self.hash && member.parent == self.holder;
        if let Some((place, member)) = members.iter().enumerate().find(|(_, member)| is_it(member)) {
            let place = if let Value::Alias(place) = member.value { place } else { place as u8 };
            let bit = 1 << place;
            //= 6749-3.2-once
            if self.seen & bit != 0 {
                return Err(DocumentError::Doubled);
            }
            self.seen |= bit;
            self.member = place;
        } else {
            self.others |= bit_of(self.holder);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::members;
    use crate::json::plain::is_utf8;
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
            let text = memory[picker.text(0).unwrap()].to_vec();
            (String::from_utf8(text).unwrap(), picker.is_cut(0))
        };
        let whole = read(&[&json]);
        assert_eq!(read(&bytes), whole);
        for cut in 0..=json.len() {
            assert_eq!(read(&[&json[..cut], &json[cut..]]), whole, "{cut}");
        }
        whole
    }

    //= 8259-3-values, 8259-9-all-texts
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
            "[\"a\",\"b\"]",
            "[[\"a\",\"b\"],null,\"c\"]",
            "[1,\"a\"]",
            "{\"a\":{\"b\":[null,true]}}",
            "\t{ \"a\" : 1 , \"b\" : \"c\" }\r\n",
            "\"\u{7f}\"",
        ] {
            assert!(scan(json.as_bytes()).is_ok(), "{json}");
        }
    }

    //= 8259-3-values, 8259-3-literals, 8259-7-escaped
    #[test]
    fn in_a_long_string_that_nobody_keeps_each_byte_counts_wherever_it_stands() {
        for at in 0..40 {
            let string =
                |bytes: &[u8]| [b"\"", &*"x".repeat(at).into_bytes(), bytes, b"xxxxxxxxxxxxxxxxxxxx\""].concat();
            for bad in
                [&b"\x1F"[..], b"\0", b"\xFF", b"\x80", b"\xC0\x80", b"\xED\xA0\x80", b"\\x", b"\\u00g0", b"\"\""]
            {
                assert!(scan(&string(bad)).is_err(), "{at} {bad:?}");
            }
            for good in [&b"\x7F"[..], b"\\\"", b"\\\\", b"\\u00e9", "\u{A3}é€😀".as_bytes(), b" !#[]^~"] {
                assert_eq!(scan(&string(good)), Ok(()), "{at} {good:?}");
            }
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
            "\u{b}1",
            "1\u{c}",
            "[\u{1f}1]",
            "[1\u{c}]",
            "[1,\u{b}2]",
            "{\u{c}\"a\":1}",
            "{\"a\"\u{e}:1}",
            "{\"a\":1,\u{c}\"b\":2}",
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

    //= 8259-8.1-utf-8
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
    fn a_text_has_no_more_bytes_than_16_bits_count_whatever_its_room() {
        for (len, expected) in [(65_534, (65_534, false)), (65_535, (65_535, false)), (65_536, (65_535, true))] {
            let json = std::format!("{{\"text\":\"{}\"}}", "x".repeat(len));
            let (mut picker, mut memory) = (Picker::new(), vec![0; 200_000]);
            push_pieces(&mut picker, &[json.as_bytes()], &mut memory).unwrap();
            assert_eq!((picker.text(0).unwrap().len(), picker.is_cut(0)), expected);
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
        //= 8259-9-all-texts
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
