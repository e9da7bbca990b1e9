//! Picks members out of a document while it streams by.

use super::scanner::{Scanner, Sink, Token};
use crate::error::DocumentError;

/// What is picked out of a document.
pub(crate) struct Members {
    pub table: &'static [Member],
    /// Takes what [`Value::Scalar`] stands for: a byte of a number, or another token.
    pub scalar: fn(&mut Picked, Token, u8) -> Result<(), DocumentError>,
}

/// A member of interest: its name, what it is a member of, and what to do with its value.
pub(crate) struct Member {
    pub name: &'static str,
    /// [`ROOT`], or 1 and the place in the table of the member that holds it.
    pub parent: u8,
    pub value: Value,
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

/// What a 401 says when the session has ended, and nothing else does (protocol notes, section 4). It is compared as it
/// comes, for that must not hang on the room there is.
const AUTHENTICATION_FAILED: &[u8] = b"Authentication failed.";

/// How many texts can be kept.
const TEXTS: usize = 6;

/// Reads a document of any size, in pieces of any size. Texts are kept in the memory that each call lends, one after the
/// other, and each in at most half of the room that is left.
pub(crate) struct Picker {
    scanner: Scanner,
    picked: Picked,
}

/// What has been picked so far.
pub(crate) struct Picked {
    reading: Reading,
    /// The members whose names begin as the name that is read, a bit for each, and the length of that.
    named: u16,
    name_len: u8,
    /// The member that the name before the next value means: its place in the table, or [`NONE`].
    member: u8,
    /// How many levels of the document are those of a member of interest, and which one is the innermost: [`ROOT`], or
    /// a member as in [`Member::parent`].
    levels: u8,
    holder: u8,
    /// Which members have come, a bit for each.
    seen: u16,
    number: Option<i32>,
    number_is_negative: bool,
    flag_is_false: bool,
    /// How much of [`AUTHENTICATION_FAILED`] the first text is so far; more than all where it is something else.
    matched: u8,
    texts: [Option<Place>; TEXTS],
    /// Where the next byte of a text goes, and up to where it may.
    end: usize,
    limit: usize,
}

/// No member.
const NONE: u8 = u8::MAX;

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
                named: 0,
                name_len: 0,
                member: NONE,
                levels: 0,
                holder: ROOT,
                seen: 0,
                number: None,
                number_is_negative: false,
                flag_is_false: false,
                matched: 0,
                texts: [None; TEXTS],
                end: 0,
                limit: 0,
            },
        }
    }

    /// Texts go into memory from here on.
    pub(crate) fn start_at(&mut self, at: usize) {
        self.picked.end = at;
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

    /// Whether the document may end here.
    pub(crate) fn is_complete(&self) -> bool {
        self.scanner.is_complete()
    }

    pub(crate) fn number(&self) -> Option<i32> {
        self.picked.number
    }

    /// Whether the first text is `Authentication failed.`
    pub(crate) fn says_authentication_failed(&self) -> bool {
        usize::from(self.picked.matched) == AUTHENTICATION_FAILED.len()
    }

    pub(crate) fn flag_is_false(&self) -> bool {
        self.picked.flag_is_false
    }

    /// Whether the member at this place of the table has come.
    pub(crate) fn has_seen(&self, member: u8) -> bool {
        self.picked.seen & 1 << member != 0
    }

    pub(crate) fn text(&self, text: u8) -> Option<Place> {
        *self.picked.texts.get(usize::from(text))?
    }
}

impl Sink for Hand<'_> {
    fn token(&mut self, token: Token, byte: u8, depth: u8) -> Result<(), DocumentError> {
        let picked = &mut *self.picked;
        match token {
            Token::TextEnd => {
                let was_name = picked.reading == Reading::Name;
                picked.reading = Reading::Nothing;
                return if was_name { picked.name_is_complete(self.members.table) } else { Ok(()) };
            }
            Token::End => {
                if depth < picked.levels {
                    picked.levels = depth;
                    let holder = self.members.table.get(usize::from(picked.holder).wrapping_sub(1));
                    picked.holder = holder.map_or(ROOT, |holder| holder.parent);
                }
                return Ok(());
            }
            _ if depth != picked.levels => return Ok(()),
            Token::ObjectStart if depth == 0 => picked.levels = 1,
            _ if depth == 0 => return Err(DocumentError::NotAnObject),
            Token::Name => {
                picked.named = u16::MAX;
                picked.name_len = 0;
                picked.member = NONE;
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
            Reading::Name => {
                for (place, member) in self.members.table.iter().enumerate() {
                    if member.name.as_bytes().get(usize::from(picked.name_len)) != Some(&byte) {
                        picked.named &= !(1 << place);
                    }
                }
                picked.name_len = picked.name_len.saturating_add(1);
            }
            Reading::Text(text) => {
                if text == 0 {
                    let expected = AUTHENTICATION_FAILED.get(usize::from(picked.matched));
                    picked.matched = if expected == Some(&byte) { picked.matched + 1 } else { u8::MAX };
                }
                let Some(Some(place)) = picked.texts.get_mut(usize::from(text)) else {
                    return;
                };
                // What the whole character takes that this byte begins.
                let needed = 1 + usize::from(byte >= 0xC0) + usize::from(byte >= 0xE0) + usize::from(byte >= 0xF0);
                match self.memory.get_mut(picked.end) {
                    Some(to) if !place.truncated && picked.limit - picked.end >= needed => {
                        *to = byte;
                        place.len += 1;
                        picked.end += 1;
                    }
                    _ => place.truncated = true,
                }
            }
        }
    }
}

impl Picked {
    fn name_is_complete(&mut self, members: &[Member]) -> Result<(), DocumentError> {
        for (place, member) in members.iter().enumerate() {
            let bit = 1 << place;
            let is_it = self.named & bit != 0 && member.name.len() == usize::from(self.name_len);
            if is_it && member.parent == self.holder {
                if self.seen & bit != 0 {
                    return Err(DocumentError::Doubled);
                }
                self.seen |= bit;
                self.member = place as u8;
            }
        }
        Ok(())
    }

    /// A value, or the next byte of a number.
    fn value(
        &mut self,
        token: Token,
        byte: u8,
        members: &'static Members,
        memory_len: usize,
    ) -> Result<(), DocumentError> {
        let Some(member) = members.table.get(usize::from(self.member)) else {
            return Ok(());
        };
        match (member.value, token) {
            (Value::Scalar, _) => return (members.scalar)(self, token, byte),
            (_, Token::ObjectStart) => {
                self.levels += 1;
                self.holder = self.member + 1;
            }
            (Value::Text(text) | Value::WholeText(text), Token::String) => {
                if let Some(place @ None) = self.texts.get_mut(usize::from(text)) {
                    *place = Some(Place { start: self.end, len: 0, truncated: false });
                    self.reading = Reading::Text(text);
                    let left = memory_len.saturating_sub(self.end);
                    self.limit = self.end + if let Value::Text(_) = member.value { left / 2 } else { left };
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A code: a whole number of 32 bits. Anything but that or `null` is an error. Not every way to write a whole number in
    /// JSON is taken: `-0`, `0.0` and `0e0` are no code that a site sends.
    pub(super) fn code(&mut self, token: Token, byte: u8) -> Result<(), DocumentError> {
        match token {
            Token::Number => {}
            Token::Literal => return Ok(()), // null: no number
            _ => return Err(DocumentError::Code),
        }
        if byte == b'-' {
            self.number_is_negative = true;
            return Ok(());
        }
        let digit = char::from(byte).to_digit(10).ok_or(DocumentError::Code)? as i32;
        if self.number_is_negative && self.number.is_none() && digit == 0 {
            return Err(DocumentError::Code);
        }
        let tens = self.number.unwrap_or(0).checked_mul(10);
        let number = if self.number_is_negative {
            tens.and_then(|tens| tens.checked_sub(digit))
        } else {
            tens.and_then(|tens| tens.checked_add(digit))
        };
        self.number = Some(number.ok_or(DocumentError::Code)?);
        Ok(())
    }

    /// A span of time in whole seconds. One beyond 68 years is that, and anything else says nothing: the answer may be good
    /// without it.
    pub(super) fn seconds(&mut self, token: Token, byte: u8) -> Result<(), DocumentError> {
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
    pub(super) fn flag(&mut self, token: Token, byte: u8) -> Result<(), DocumentError> {
        self.flag_is_false = token == Token::Literal && byte == b'f';
        Ok(())
    }
}
