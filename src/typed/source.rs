//! The text of a document whose grammar has been checked, taken piece by piece: marks, words and texts.

use super::error::{TypedCause, TypedError};

/// A text out of the document, or what its escapes stand for.
#[derive(Clone, Copy)]
pub(super) enum Text<'de, 's> {
    Borrowed(&'de str),
    Decoded(&'s str),
}

impl Text<'_, '_> {
    pub fn as_str(&self) -> &str {
        match self {
            Text::Borrowed(text) | Text::Decoded(text) => text,
        }
    }
}

/// What is still to be read, and memory for texts with escapes.
pub(super) struct Source<'de, 's> {
    rest: &'de [u8],
    scratch: &'s mut [u8],
}

/// The value is of another type.
pub(super) const WRONG_TYPE: TypedError = TypedError::new(TypedCause::WrongType, None);

impl<'de, 's> Source<'de, 's> {
    /// The text has to be JSON.
    pub fn new(text: &'de [u8], scratch: &'s mut [u8]) -> Self {
        Source { rest: text, scratch }
    }

    /// The byte that comes next, behind white space; 0 at the end.
    pub fn peek(&mut self) -> u8 {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
        self.rest.first().copied().unwrap_or_default()
    }

    /// Takes this byte, if it comes next.
    pub fn take(&mut self, byte: u8) -> Result<(), TypedError> {
        if self.peek() != byte {
            return Err(WRONG_TYPE);
        }
        self.advance(1);
        Ok(())
    }

    /// Takes so many bytes.
    fn advance(&mut self, len: usize) -> &'de [u8] {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// Takes a number or a literal; nothing where something else comes.
    pub fn word(&mut self) -> &'de str {
        self.peek();
        let is_of_word = |byte: &&u8| matches!(**byte, b'0'..=b'9' | b'a'..=b'z' | b'+' | b'-' | b'.' | b'E');
        let len = self.rest.iter().take_while(is_of_word).count();
        str::from_utf8(self.advance(len)).unwrap_or_default() // of ASCII
    }

    /// Takes a text as it stands, without its quotation marks; and whether there are escapes in it.
    fn raw_text(&mut self) -> Result<(&'de [u8], bool), TypedError> {
        self.take(b'"')?;
        let (mut rest, mut has_escapes) = (self.rest, false);
        loop {
            rest = match rest {
                [b'\\', _, after @ ..] => {
                    has_escapes = true;
                    after
                }
                [b'"', ..] | [] => break,
                [_, after @ ..] => after,
            }
        }
        let raw = self.advance(self.rest.len().saturating_sub(rest.len()));
        self.advance(1);
        Ok((raw, has_escapes))
    }

    /// Takes a text.
    pub fn text(&mut self) -> Result<Text<'de, '_>, TypedError> {
        let (raw, has_escapes) = self.raw_text()?;
        // What has been checked is UTF-8, and so is what escapes stand for.
        Ok(match has_escapes {
            true => Text::Decoded(str::from_utf8(decode(raw, self.scratch)?).unwrap_or_default()),
            false => Text::Borrowed(str::from_utf8(raw).unwrap_or_default()),
        })
    }

    /// Takes a value of any kind.
    pub fn skip(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.peek() {
                b'"' => {
                    let _ = self.raw_text(); // it begins as one
                }
                b'{' | b'[' => {
                    depth = depth.saturating_add(1);
                    self.advance(1);
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.advance(1);
                }
                b',' | b':' => {
                    self.advance(1);
                    continue; // there is more behind it
                }
                _ => {
                    self.word();
                }
            }
            if depth == 0 || self.rest.is_empty() {
                return;
            }
        }
    }
}

/// What a text with escapes stands for (RFC 8259, section 7). Half a surrogate pair, which UTF-8 cannot hold, stands for U+FFFD.
fn decode<'s>(mut raw: &[u8], scratch: &'s mut [u8]) -> Result<&'s [u8], TypedError> {
    let mut len = 0;
    while let [first, rest @ ..] = raw {
        let mut utf8 = [0; 4];
        let bytes = match (first, rest) {
            (b'\\', [b'u', rest @ ..]) => {
                raw = rest;
                character(&mut raw).encode_utf8(&mut utf8).as_bytes()
            }
            (b'\\', [letter, rest @ ..]) => {
                raw = rest;
                utf8 = [escaped(*letter), 0, 0, 0];
                utf8.get(..1).unwrap_or_default()
            }
            _ => {
                let len = raw.iter().take_while(|byte| **byte != b'\\').count();
                let (plain, rest) = raw.split_at_checked(len).unwrap_or_default();
                raw = rest;
                plain
            }
        };
        let place = scratch.get_mut(len..).unwrap_or_default(); // what has no room is counted
        place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        len = len.saturating_add(bytes.len());
    }
    scratch.get(..len).ok_or(TypedError::new(TypedCause::ScratchTooSmall { needed: len }, None))
}

/// The character that a letter behind a reverse solidus stands for.
fn escaped(letter: u8) -> u8 {
    match letter {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        itself => itself,
    }
}

/// The character of `\uXXXX`, and of the other half of a pair behind it.
fn character(raw: &mut &[u8]) -> char {
    let first = unit(raw);
    if let (0xD800..=0xDBFF, [b'\\', b'u', rest @ ..]) = (first, *raw) {
        let mut behind = rest;
        if let low @ 0xDC00..=0xDFFF = unit(&mut behind) {
            *raw = behind;
            // RFC 2781, section 2.2
            let pair = (first & 0x3FF) << 10 | low & 0x3FF;
            return char::from_u32(pair.wrapping_add(0x1_0000)).unwrap_or_default();
        }
    }
    char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Four hexadecimal digits.
fn unit(raw: &mut &[u8]) -> u32 {
    let mut unit = 0;
    for _ in 0..4 {
        let Some((digit, rest)) = raw.split_first() else { break };
        // Digits are at 0x30, letters at 0x41 and 0x61.
        let letter = (digit >> 6).wrapping_mul(9);
        unit = unit << 4 | u32::from((digit & 0xF).wrapping_add(letter));
        *raw = rest;
    }
    unit
}
