//! Picks members out of a document while it streams by.

use heapless::Vec;

use super::scanner::{Scanner, Sink, Token};
use crate::error::DocumentError;

/// A member of interest: its name, what it is a member of, and what to do with its value.
pub(crate) struct Member {
    pub name: &'static str,
    /// [`ROOT`], or 1 and the place in the table of the member that holds it.
    pub parent: u8,
    pub value: Value,
}

/// The document itself, as what holds a member.
pub(crate) const ROOT: u8 = 0;

/// What holds nothing of interest.
const NOTHING: u8 = u8::MAX;

/// What to do with a member's value. A value of another type says nothing, except for a number.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    /// It holds other members of interest.
    Holder,
    /// A string is kept in this place. The first one that comes for a place stays.
    Text(u8),
    /// As `Text`, and all the room that is left is its own.
    WholeText(u8),
    /// It goes to this function.
    Number(fn(&mut Picked, Token<'_>) -> Result<(), DocumentError>),
    /// `false` is noted.
    Flag,
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

/// How deep members of interest stand.
const LEVELS: usize = 4;

/// The length of the longest name of interest.
const NAME: usize = "PasswordChangeUrl".len();

/// Reads a document of any size, in pieces of any size. Texts are kept in the memory that each call lends, one after the
/// other, and each in at most half of the room that is left.
pub(crate) struct Picker {
    scanner: Scanner,
    picked: Picked,
}

/// What has been picked so far.
pub(crate) struct Picked {
    reading: Reading,
    name: Vec<u8, NAME>,
    /// The member that the name before the next value means: its place in the table.
    member: Option<u8>,
    /// What the levels around the next token are: [`ROOT`], a member as in [`Member::parent`], or [`NOTHING`].
    holders: [u8; LEVELS],
    /// Which members have come, a bit for each.
    seen: u16,
    number: Option<i32>,
    number_is_negative: bool,
    flag_is_false: bool,
    /// How much of [`AUTHENTICATION_FAILED`] the first text is so far, as long as it is nothing else.
    matched: Option<u8>,
    texts: [Option<Place>; TEXTS],
    /// Where the next text goes, and how long it may be.
    end: usize,
    room: usize,
}

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
    members: &'static [Member],
    memory: &'p mut [u8],
}

impl Picker {
    pub(crate) const fn new() -> Self {
        Picker {
            scanner: Scanner::new(),
            picked: Picked {
                reading: Reading::Nothing,
                name: Vec::new(),
                member: None,
                holders: [NOTHING; LEVELS],
                seen: 0,
                number: None,
                number_is_negative: false,
                flag_is_false: false,
                matched: None,
                texts: [None; TEXTS],
                end: 0,
                room: 0,
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
        members: &'static [Member],
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
        self.picked.matched.map(usize::from) == Some(AUTHENTICATION_FAILED.len())
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
    fn token(&mut self, token: Token<'_>, depth: usize) -> Result<(), DocumentError> {
        let picked = &mut *self.picked;
        match token {
            Token::Text(piece) => {
                picked.text(piece, self.memory);
                return Ok(());
            }
            Token::TextEnd => {
                let was_name = picked.reading == Reading::Name;
                picked.reading = Reading::Nothing;
                return if was_name { picked.name_is_complete(self.members, depth) } else { Ok(()) };
            }
            Token::End => return Ok(()),
            Token::ObjectStart | Token::ArrayStart => {
                let holder = match (token, picked.member) {
                    (Token::ObjectStart, _) if depth == 0 => ROOT,
                    (Token::ObjectStart, Some(member)) if picked.is_in_holder(depth) => member + 1,
                    _ => NOTHING,
                };
                if let Some(level) = picked.holders.get_mut(depth) {
                    *level = holder;
                }
                if depth == 0 {
                    return if holder == ROOT { Ok(()) } else { Err(DocumentError::NotAnObject) };
                }
                // An object or an array for a number is an error, which is told below.
                return if picked.is_in_holder(depth) { picked.value(token, self.members, 0) } else { Ok(()) };
            }
            _ => {}
        }
        if depth == 0 {
            return Err(DocumentError::NotAnObject);
        }
        if !picked.is_in_holder(depth) {
            return Ok(());
        }
        if token == Token::Name {
            picked.name.clear();
            picked.member = None;
            picked.reading = Reading::Name;
            return Ok(());
        }
        picked.value(token, self.members, self.memory.len())
    }
}

impl Picked {
    /// What is right around a token of this depth.
    fn holder(&self, depth: usize) -> u8 {
        depth.checked_sub(1).and_then(|level| self.holders.get(level)).map_or(NOTHING, |holder| *holder)
    }

    fn is_in_holder(&self, depth: usize) -> bool {
        self.holder(depth) != NOTHING
    }

    fn name_is_complete(&mut self, members: &[Member], depth: usize) -> Result<(), DocumentError> {
        let holder = self.holder(depth);
        let known = members
            .iter()
            .zip(0u8..)
            .find(|(member, _)| member.parent == holder && member.name.as_bytes() == self.name.as_slice());
        if let Some((_, place)) = known {
            let bit = 1 << place;
            if self.seen & bit != 0 {
                return Err(DocumentError::Doubled);
            }
            self.seen |= bit;
            self.member = Some(place);
        }
        Ok(())
    }

    /// A value, or the next byte of a number.
    fn value(&mut self, token: Token<'_>, members: &[Member], memory_len: usize) -> Result<(), DocumentError> {
        let Some(member) = self.member.and_then(|place| members.get(usize::from(place))) else {
            return Ok(());
        };
        match (member.value, token) {
            (Value::Number(take), _) => return take(self, token),
            (Value::Flag, Token::Literal(b'f')) => self.flag_is_false = true,
            (Value::Text(text) | Value::WholeText(text), Token::String) => {
                if let Some(place @ None) = self.texts.get_mut(usize::from(text)) {
                    *place = Some(Place { start: self.end, len: 0, truncated: false });
                    self.reading = Reading::Text(text);
                    if text == 0 {
                        self.matched = Some(0);
                    }
                    let left = memory_len.saturating_sub(self.end);
                    self.room = if let Value::Text(_) = member.value { left / 2 } else { left };
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A code: a whole number of 32 bits. Anything but that or `null` is an error. Not every way to write a whole number in
    /// JSON is taken: `-0`, `0.0` and `0e0` are no code that a site sends.
    pub(super) fn code(&mut self, token: Token<'_>) -> Result<(), DocumentError> {
        let byte = match token {
            Token::Number(byte) => byte,
            Token::Literal(_) => return Ok(()), // null: no number
            _ => return Err(DocumentError::Code),
        };
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
    pub(super) fn seconds(&mut self, token: Token<'_>) -> Result<(), DocumentError> {
        if let Token::Number(byte) = token {
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

    /// A piece of a name or of a text.
    fn text(&mut self, piece: &[u8], memory: &mut [u8]) {
        match self.reading {
            Reading::Nothing => {}
            Reading::Name => {
                if self.name.extend_from_slice(piece).is_err() {
                    self.reading = Reading::Nothing; // longer than any name of interest
                }
            }
            Reading::Text(text) => {
                if text == 0 {
                    self.matched = self.matched.filter(|matched| {
                        let expected = AUTHENTICATION_FAILED.get(usize::from(*matched)..).unwrap_or_default();
                        expected.starts_with(piece)
                    });
                    self.matched = self.matched.map(|matched| matched + piece.len() as u8);
                }
                let Some(Some(place)) = self.texts.get_mut(usize::from(text)) else {
                    return;
                };
                let room = memory.get_mut(self.end..).unwrap_or_default();
                if place.truncated || place.len + piece.len() > self.room || room.len() < piece.len() {
                    place.truncated = true;
                    return;
                }
                for (to, from) in room.iter_mut().zip(piece) {
                    *to = *from;
                }
                place.len += piece.len();
                self.end += piece.len();
            }
        }
    }
}
