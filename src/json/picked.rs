//! What the picker does with the members, texts and numbers that it comes upon.

use super::grammar::Step;
use super::members::{Hash, Member, NONE, Value};
use super::picker::{Lent, Picker};
use crate::json::error::DocumentError;

/// What the texts belong to that the picker comes upon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Nothing,
    Name,
    Text(u8),
}

impl Picker {
    /// The name of a member begins.
    pub(super) fn begin_name(&mut self) {
        if self.depth == self.levels {
            self.hash = Hash::new();
            self.member = NONE;
            self.reading = Reading::Name;
        }
    }

    /// A value begins with this byte, or it is the next one of a number.
    #[inline(never)]
    pub(super) fn begin_value(&mut self, token: Step, byte: u8, lent: &mut Lent<'_>) -> Result<(), DocumentError> {
        let place = self.member;
        let Some(member) = lent.members.table.get(usize::from(place)) else {
            return Ok(());
        };
        let (text, halved) = match (member.value, token) {
            (Value::Scalar, _) => return (lent.members.scalar)(self, token, byte),
            (_, Step::Object) => {
                self.levels += 1;
                self.holder = place;
                return Ok(());
            }
            (Value::Document, _) => return Err(DocumentError::NotAnObject),
            (Value::Text(text, halved), Step::String) => (text, halved),
            _ => return Ok(()),
        };
        if self.texts & 1 << text == 0 {
            self.reading = Reading::Text(text);
            self.hash = Hash::new();
            let left = lent.memory.len().saturating_sub(self.end);
            if let Some(span) = self.spans.get_mut(usize::from(text)) {
                *span = self.end..self.end + (left >> halved);
            }
        }
        Ok(())
    }

    /// Takes the next byte of a name or of a text, which are whole characters in UTF-8 when all of them have come.
    pub(super) fn keep(&mut self, byte: u8, memory: &mut [u8]) {
        self.flush_surrogate(memory);
        self.put(byte, memory);
    }

    /// As [`keep`](Picker::keep), where no surrogate waits.
    pub(super) fn put(&mut self, byte: u8, memory: &mut [u8]) {
        self.hash = self.hash.with(byte);
        let Reading::Text(text) = self.reading else { return };
        let Some(span) = self.spans.get_mut(usize::from(text)) else { return };
        // What the whole character takes that this byte begins.
        let needed = 1 + usize::from(byte >= 0xC0) + usize::from(byte >= 0xE0) + usize::from(byte >= 0xF0);
        match memory.get_mut(self.end) {
            Some(to) if span.end - self.end >= needed => {
                *to = byte;
                self.end += 1;
            }
            _ => {
                span.end = self.end; // nothing goes in behind what was cut
                self.cut |= 1 << text;
            }
        }
    }

    /// A name or a text ends.
    #[inline(never)]
    pub(super) fn end_text(&mut self, lent: &mut Lent<'_>) -> Result<(), DocumentError> {
        self.flush_surrogate(lent.memory);
        match core::mem::replace(&mut self.reading, Reading::Nothing) {
            Reading::Nothing => {}
            Reading::Name => return self.name_is_complete(lent.members.table),
            Reading::Text(text) => self.text_is_complete(text, lent.sought),
        }
        Ok(())
    }

    /// The level that was the innermost has ended.
    pub(super) fn end_level(&mut self, table: &[Member]) {
        if self.depth < self.levels {
            self.levels = self.depth;
            self.holder = table.get(usize::from(self.holder)).map_or(NONE, |holder| holder.parent);
        }
    }

    fn name_is_complete(&mut self, members: &[Member]) -> Result<(), DocumentError> {
        let is_it = |member: &Member| member.name == self.hash && member.parent == self.holder;
        if let Some(place) = members.iter().position(is_it) {
            let bit = 1 << place;
            if self.seen & bit != 0 {
                return Err(DocumentError::Doubled);
            }
            self.seen |= bit;
            self.member = place as u8;
        }
        Ok(())
    }

    fn text_is_complete(&mut self, text: u8, sought: Hash) {
        self.has_sought |= text == 0 && self.hash == sought;
        if let Some(span) = self.spans.get_mut(usize::from(text)) {
            span.end = self.end;
            self.texts |= 1 << text;
        }
    }

    /// A code: a whole number of 32 bits. Anything but that or `null` is an error. Not every way to write a whole number in
    /// JSON is taken: `-0`, `0.0` and `0e0` are no code that a site sends.
    pub(crate) fn code(&mut self, token: Step, byte: u8) -> Result<(), DocumentError> {
        match token {
            Step::Number => {}
            Step::Literal => return Ok(()), // null: no number
            _ => return Err(DocumentError::Code),
        }
        if byte == b'-' {
            self.number_is_negative = true;
            return Ok(());
        }
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let number = self.number.saturating_mul(10).saturating_add(digit);
        let is_negative = u32::from(self.number_is_negative);
        if digit > 9 || number < is_negative || number > i32::MAX as u32 + is_negative {
            return Err(DocumentError::Code);
        }
        self.number = number;
        self.has_number = true;
        Ok(())
    }

    /// A span of time in whole seconds. One beyond 68 years is that, and anything else says nothing: the answer may be good
    /// without it.
    pub(crate) fn seconds(&mut self, token: Step, byte: u8) -> Result<(), DocumentError> {
        if token == Step::Number {
            match char::from(byte).to_digit(10) {
                Some(digit) if !self.number_is_negative => {
                    let number = self.number.saturating_mul(10).saturating_add(digit);
                    self.number = number.min(i32::MAX as u32);
                    self.has_number = true;
                }
                // A sign, a point or an exponent: what comes after it counts for nothing, too.
                _ => {
                    self.number_is_negative = true;
                    self.has_number = false;
                }
            }
        }
        Ok(())
    }

    /// Whether it is `false`.
    pub(crate) fn flag(&mut self, token: Step, byte: u8) -> Result<(), DocumentError> {
        self.flag_is_false = token == Step::Literal && byte == b'f';
        Ok(())
    }
}
