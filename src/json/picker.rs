//! Picks members out of a document while it streams by.

use super::scanner::{Scanner, Sink, Token};
use crate::json::error::DocumentError;
use crate::json::signs::{Seen, Signs};

/// What is picked out of a document.
pub(crate) struct Members {
    pub table: &'static [Member],
    /// Takes what [`Value::Scalar`] stands for: a byte of a number, or another token.
    pub scalar: fn(&mut Picked, Token, u8) -> Result<(), DocumentError>,
    /// Looks for what shows that the session has ended.
    pub signs: fn(&mut Signs, Seen),
}

impl Members {
    /// A member, as in [`Member::new`]; none for [`ROOT`].
    fn member(&self, member: u8) -> Option<&Member> {
        self.table.get(usize::from(member).wrapping_sub(1))
    }
}

/// A member of interest: its name, what it is a member of, and what to do with its value.
pub(crate) struct Member {
    name: Hash,
    parent: u8,
    value: Value,
}

impl Member {
    /// `parent` is [`ROOT`], or 1 and the place in the table of the member that holds it.
    pub(crate) const fn new(name: &str, parent: u8, value: Value) -> Self {
        let (mut hash, mut place) = (Hash::new(), 0);
        while place < name.len() {
            hash = hash.with(name.as_bytes()[place]);
            place += 1;
        }
        Member { name: hash, parent, value }
    }
}

/// By what a name is known, so that it need not be kept while it comes: FNV-1a. One that has the same hash by chance would
/// be one of 2³², and who can choose one can choose the name itself as well.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Hash(u32);

impl Hash {
    const fn new() -> Self {
        Hash(0x811C_9DC5)
    }

    const fn with(self, byte: u8) -> Self {
        Hash((self.0 ^ byte as u32).wrapping_mul(0x0100_0193))
    }
}

/// The document itself, as what holds a member.
pub(crate) const ROOT: u8 = 0;

/// What to do with a member's value. A value of another type says nothing, except for a scalar.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    /// It holds other members of interest.
    Holder,
    /// A string is kept in this place. The first one that comes for a place stays.
    Text(u8),
    /// As `Text`, and all the room that is left is its own.
    WholeText(u8),
    /// It goes to [`Members::scalar`].
    Scalar,
}

/// Where in memory a text stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub start: usize,
    pub len: usize,
    /// The text was longer than its room and has been cut after a whole character.
    pub truncated: bool,
}

/// How many texts can be kept.
const TEXTS: usize = 6;

/// Reads a document of any size, in pieces of any size. Texts are kept in the memory that each call lends, one after the
/// other, and each in at most half of the room that is left.
pub(crate) struct Picker {
    scanner: Scanner,
    pub picked: Picked,
}

/// What has been picked so far.
pub(crate) struct Picked {
    reading: Reading,
    name: Hash,
    /// The member that the name before the next value means, as in [`Member::new`]; [`ROOT`] if it is not of interest.
    member: u8,
    /// How many levels of the document are those of a member of interest, and which one is the innermost: [`ROOT`], or
    /// a member as in [`Member::new`].
    levels: u8,
    holder: u8,
    /// Which members have come, a bit for each.
    seen: u16,
    number: Option<i32>,
    number_is_negative: bool,
    flag_is_false: bool,
    /// The texts that are kept, as they came one after the other: which they are, with [`CUT`], and where they end.
    texts: [u8; TEXTS],
    ends: [usize; TEXTS],
    /// How many these are, and where the first one starts.
    kept: u8,
    start: usize,
    /// Where the next byte of a text goes, and up to where it may.
    end: usize,
    limit: usize,
    pub signs: Signs,
}

/// Marks a text that was longer than its room and has been cut after a whole character.
const CUT: u8 = 0x80;

/// What the scanner's texts belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Nothing,
    Name,
    Text(u8),
}

/// [`Picked`] together with the table of members and the memory for texts.
struct Hand<'p> {
    picked: &'p mut Picked,
    members: &'static Members,
    memory: &'p mut [u8],
}

impl Picker {
    pub(crate) const fn new() -> Self {
        Picker {
            scanner: Scanner::new(),
            picked: Picked {
                reading: Reading::Nothing,
                name: Hash(0), // as the member, it is not asked for before a name has begun
                member: ROOT,
                levels: 0,
                holder: ROOT,
                seen: 0,
                number: None,
                number_is_negative: false,
                flag_is_false: false,
                texts: [0; TEXTS],
                ends: [0; TEXTS],
                kept: 0,
                start: 0,
                end: 0,
                limit: 0,
                signs: Signs::new(),
            },
        }
    }

    /// Texts go into memory from here on.
    pub(crate) fn start_at(&mut self, at: usize) {
        self.picked.start = at;
        self.picked.end = at;
    }

    /// Where the texts end in memory.
    pub(crate) fn end(&self) -> usize {
        self.picked.end
    }

    /// Takes the next piece of the document.
    pub(crate) fn push(
        &mut self,
        members: &'static Members,
        piece: &[u8],
        memory: &mut [u8],
    ) -> Result<(), DocumentError> {
        let mut hand = Hand { picked: &mut self.picked, members, memory };
        piece.iter().try_for_each(|byte| self.scanner.push(*byte, &mut hand))
    }

    /// Whether nothing has come but white space.
    pub(crate) fn is_at_start(&self) -> bool {
        self.scanner.is_at_start()
    }

    /// Whether the document may end here.
    pub(crate) fn is_complete(&self) -> bool {
        self.scanner.is_complete()
    }

    pub(crate) fn number(&self) -> Option<i32> {
        self.picked.number
    }

    pub(crate) fn flag_is_false(&self) -> bool {
        self.picked.flag_is_false
    }

    /// Whether the member at this place of the table has come.
    pub(crate) fn has_seen(&self, member: u8) -> bool {
        self.picked.seen & 1 << member != 0
    }

    pub(crate) fn text(&self, text: u8) -> Option<Place> {
        self.picked.place(text)
    }
}

impl Sink for Hand<'_> {
    fn token(&mut self, token: Token, byte: u8, depth: u8) -> Result<(), DocumentError> {
        let picked = &mut *self.picked;
        match token {
            Token::TextEnd => {
                let reading = core::mem::replace(&mut picked.reading, Reading::Nothing);
                match reading {
                    Reading::Nothing => {}
                    Reading::Name => return picked.name_is_complete(self.members.table),
                    Reading::Text(text) => picked.text_is_complete(text),
                }
                return Ok(());
            }
            Token::End => {
                if depth < picked.levels {
                    picked.levels = depth;
                    picked.holder = self.members.member(picked.holder).map_or(ROOT, |holder| holder.parent);
                }
                return Ok(());
            }
            _ if depth != picked.levels => return Ok(()),
            Token::ObjectStart if depth == 0 => picked.levels = 1,
            _ if depth == 0 => return Err(DocumentError::NotAnObject),
            Token::Name => {
                picked.name = Hash::new();
                picked.member = ROOT;
                picked.reading = Reading::Name;
            }
            _ => return picked.value(token, byte, self.members, self.memory.len()),
        }
        Ok(())
    }

    /// A byte of a name or of a text.
    fn text(&mut self, byte: u8) {
        let picked = &mut *self.picked;
        match picked.reading {
            Reading::Nothing => {}
            Reading::Name => picked.name = picked.name.with(byte),
            Reading::Text(text) => {
                if text & !CUT == 0 {
                    (self.members.signs)(&mut picked.signs, Seen::Message(byte));
                }
                // What the whole character takes that this byte begins.
                let needed = 1 + usize::from(byte >= 0xC0) + usize::from(byte >= 0xE0) + usize::from(byte >= 0xF0);
                match self.memory.get_mut(picked.end) {
                    Some(to) if picked.limit - picked.end >= needed => {
                        *to = byte;
                        picked.end += 1;
                    }
                    _ => {
                        picked.limit = picked.end; // nothing goes in behind what was cut
                        picked.reading = Reading::Text(text | CUT);
                    }
                }
            }
        }
    }
}

impl Picked {
    fn name_is_complete(&mut self, members: &[Member]) -> Result<(), DocumentError> {
        let is_it = |member: &Member| member.name == self.name && member.parent == self.holder;
        if let Some(place) = members.iter().position(is_it) {
            let bit = 1 << place;
            if self.seen & bit != 0 {
                return Err(DocumentError::Doubled);
            }
            self.seen |= bit;
            self.member = place as u8 + 1;
        }
        Ok(())
    }

    fn text_is_complete(&mut self, text: u8) {
        let kept = usize::from(self.kept);
        if let (Some(to), Some(end)) = (self.texts.get_mut(kept), self.ends.get_mut(kept)) {
            *to = text;
            *end = self.end;
            self.kept += 1;
        }
    }

    /// Where a text is that has been kept.
    fn place(&self, text: u8) -> Option<Place> {
        let mut start = self.start;
        for (kept, end) in self.texts.iter().zip(&self.ends).take(usize::from(self.kept)) {
            if kept & !CUT == text {
                return Some(Place { start, len: end - start, truncated: kept & CUT != 0 });
            }
            start = *end;
        }
        None
    }

    /// A value, or the next byte of a number.
    fn value(
        &mut self,
        token: Token,
        byte: u8,
        members: &'static Members,
        memory_len: usize,
    ) -> Result<(), DocumentError> {
        let Some(member) = members.member(self.member) else {
            return Ok(());
        };
        let (text, is_whole) = match (member.value, token) {
            (Value::Scalar, _) => return (members.scalar)(self, token, byte),
            (Value::Text(text), Token::String) => (text, false),
            (Value::WholeText(text), Token::String) => (text, true),
            (_, Token::ObjectStart) => {
                self.levels += 1;
                self.holder = self.member;
                return Ok(());
            }
            _ => return Ok(()),
        };
        if self.place(text).is_none() {
            self.reading = Reading::Text(text);
            let left = memory_len.saturating_sub(self.end);
            self.limit = self.end + if is_whole { left } else { left / 2 };
        }
        Ok(())
    }

    /// A code: a whole number of 32 bits. Anything but that or `null` is an error. Not every way to write a whole number in
    /// JSON is taken: `-0`, `0.0` and `0e0` are no code that a site sends.
    pub(crate) fn code(&mut self, token: Token, byte: u8) -> Result<(), DocumentError> {
        match token {
            Token::Number => {}
            Token::Literal => return Ok(()), // null: no number
            _ => return Err(DocumentError::Code),
        }
        if byte == b'-' {
            self.number_is_negative = true;
            return Ok(());
        }
        if !byte.is_ascii_digit() {
            return Err(DocumentError::Code);
        }
        let digit = i32::from(byte - b'0');
        let digit = if self.number_is_negative { -digit } else { digit };
        let tens = self.number.unwrap_or(0).checked_mul(10);
        let number = tens.and_then(|tens| tens.checked_add(digit)).ok_or(DocumentError::Code)?;
        if self.number_is_negative && number == 0 {
            return Err(DocumentError::Code);
        }
        self.number = Some(number);
        Ok(())
    }

    /// A span of time in whole seconds. One beyond 68 years is that, and anything else says nothing: the answer may be good
    /// without it.
    pub(crate) fn seconds(&mut self, token: Token, byte: u8) -> Result<(), DocumentError> {
        if token == Token::Number {
            match char::from(byte).to_digit(10) {
                Some(digit) if !self.number_is_negative => {
                    let tens = self.number.unwrap_or(0).saturating_mul(10);
                    self.number = Some(tens.saturating_add(digit as i32));
                }
                // A sign, a point or an exponent: what comes after it counts for nothing, too.
                _ => {
                    self.number_is_negative = true;
                    self.number = None;
                }
            }
        }
        Ok(())
    }

    /// Whether it is `false`.
    pub(crate) fn flag(&mut self, token: Token, byte: u8) -> Result<(), DocumentError> {
        self.flag_is_false = token == Token::Literal && byte == b'f';
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_has_its_check_value() {
        assert!(Member::new("foobar", ROOT, Value::Scalar).name == Hash(0xBF9C_F968));
    }
}
