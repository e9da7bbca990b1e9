//! Reads the answer to a batch, as it streams by.

use super::answers::{ERROR, PART, PartText};
use super::writer::MAX_BATCH_PARTS;
use crate::json::elements::{Byte, Elements};
use crate::json::error::DocumentError;
use crate::json::members::Hash;
use crate::json::picker::{Lent, Picker};
use crate::json::text::Text;
use crate::text::number::decimal;

/// The answer to one part of a batch. Its texts stand in the reader's memory until the reader is fed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the site may have said no"]
#[non_exhaustive]
pub struct BatchAnswer<'r> {
    /// Which part it is, the first one being 0: the one whose `id` of a [`BatchWriter`](crate::BatchWriter) it has, or for any other
    /// `id`, and one that comes again, the one at its place among the answers.
    pub part: usize,
    /// Whether it was done: status 2xx, and no `error` in its body.
    pub is_fine: bool,
    /// Its status code (RFC 9110, 15); 0 where it has none that is a number.
    pub http_status: u16,
    /// Its `id`. Some sites answer with one of their own, or with one twice.
    pub id: Option<Text<'r>>,
    /// `error.message`
    pub message: Option<Text<'r>>,
    /// The message of the error behind it, as in [`Answer::inner_message`](crate::Answer::inner_message).
    pub inner_message: Option<Text<'r>>,
    /// `error.code`
    pub error_code: Option<Text<'r>>,
}

/// What [`BatchReader::feed`] has found.
#[derive(Clone, Copy, Debug)]
#[must_use]
#[non_exhaustive]
pub struct BatchFed<'r> {
    /// How many bytes were taken. Feed the rest again.
    pub consumed: usize,
    /// The answer to a part; none where all bytes were taken.
    pub answer: Option<BatchAnswer<'r>>,
}

/// What is known of a part of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum BatchOutcome {
    /// Nobody knows whether it was done: the answers have not all come.
    Unknown = 0,
    /// All answers have come, and none for this part: it was not done. The site has stopped at a part that it refused, or another
    /// part of its atomicity group was refused.
    NotDone = 1,
    /// Its answer has come, and has been handed out.
    Answered = 2,
}

/// Reads the body of the answer to a batch in pieces of any size, and hands out the answer to each part when it is complete. It
/// allocates nothing; in the memory that it is lent stand the texts of one answer, which are cut where it is too small. 8 bytes it
/// takes at least, so that no `id` of a [`BatchWriter`](crate::BatchWriter) is cut.
///
/// Whether the site has taken the batch at all, the verdict of the call says.
///
/// ```
/// use creatio_auth::{BatchOutcome, BatchReader};
///
/// let body = br#"{"responses":[{"id":"p0","status":201,"headers":{},"body":{"Name":"Ann"}},
///     {"id":"p1","status":400,"headers":{},"body":{"error":{"code":"","message":"No."}}}]}"#;
/// let mut memory = [0; 256];
/// let mut reader = BatchReader::new(3, &mut memory);
/// for piece in body.chunks(20) {
///     let mut rest = piece;
///     while !rest.is_empty() {
///         let fed = reader.feed(rest)?;
///         rest = &rest[fed.consumed..];
///         if let Some(answer) = fed.answer {
///             assert_eq!(answer.is_fine, answer.part == 0);
///         }
///     }
/// }
/// assert_eq!(reader.outcome(2), BatchOutcome::NotDone); // the site stopped behind the part that it refused
/// # Ok::<(), creatio_auth::DocumentError>(())
/// ```
pub struct BatchReader<'m> {
    elements: Elements,
    turn: Turn,
    failure: Option<DocumentError>,
    parts: usize,
    /// How many answers have come, and which parts they are for, a bit for each.
    count: usize,
    answered: [u32; MAX_BATCH_PARTS.div_ceil(32)],
    picker: Picker,
    memory: &'m mut [u8],
}

/// What may stand between two answers (RFC 8259, section 5).
#[derive(Clone, Copy)]
enum Turn {
    /// An answer, or the end.
    First,
    /// An answer.
    Next,
    /// A comma, or the end.
    Behind,
}

impl<'m> BatchReader<'m> {
    /// For the answer to a batch of so many parts.
    pub fn new(parts: usize, memory: &'m mut [u8]) -> Self {
        BatchReader {
            elements: Elements::of("responses"),
            turn: Turn::First,
            failure: None,
            parts: parts.min(MAX_BATCH_PARTS),
            count: 0,
            answered: [0; MAX_BATCH_PARTS.div_ceil(32)],
            picker: Picker::new(),
            memory,
        }
    }

    /// Takes bytes of the body, up to the end of an answer, which it then hands out, or all of them.
    ///
    /// # Errors
    ///
    /// [`DocumentError`]: an answer cannot be read, or there are more than there are parts ([`DocumentError::Doubled`]). Nothing more
    /// is read then, and what has not been handed out is [unknown](BatchOutcome::Unknown).
    pub fn feed(&mut self, piece: &[u8]) -> Result<BatchFed<'_>, DocumentError> {
        let (consumed, part) = self.feed_for_c(piece)?;
        Ok(BatchFed { consumed, answer: part.map(|part| self.answer(part)) })
    }

    /// What is known of a part, the first one being 0, as far as the body has come. Where the reply was cut, or could not be read,
    /// nobody knows of those that have no answer.
    pub fn outcome(&self, part: usize) -> BatchOutcome {
        match () {
            () if self.is_answered(part) => BatchOutcome::Answered,
            () if self.failure.is_none() && self.elements.has_ended() => BatchOutcome::NotDone,
            () => BatchOutcome::Unknown,
        }
    }

    /// How many bytes it has taken, and which part has been answered.
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the piece")]
    fn read(&mut self, piece: &[u8]) -> Result<(usize, Option<usize>), DocumentError> {
        let mut start = None; // of what of the piece belongs to an answer
        for (at, byte) in piece.iter().enumerate() {
            if self.elements.has_ended() {
                break;
            }
            if self.elements.is_between() {
                self.pass_between(*byte)?;
            }
            let is = self.elements.take(*byte);
            if is == Byte::Outside {
                continue;
            }
            let start = *start.get_or_insert(at);
            if is != Byte::Inside {
                let end = at + usize::from(is == Byte::Last);
                self.push(piece.get(start..end))?;
                return Ok((end, Some(self.end_answer()?)));
            }
        }
        self.push(start.and_then(|start| piece.get(start..)))?;
        Ok((piece.len(), None))
    }

    /// `array = begin-array [ value *( value-separator value ) ] end-array`
    fn pass_between(&mut self, byte: u8) -> Result<(), DocumentError> {
        self.turn = match (byte, self.turn) {
            (b' ' | b'\t' | b'\n' | b'\r', turn) | (b']', turn @ (Turn::First | Turn::Behind)) => turn,
            (b',', Turn::Behind) => Turn::Next,
            (b',' | b']', _) | (_, Turn::Behind) => return Err(DocumentError::NotJson),
            _ => {
                self.picker = Picker::new();
                Turn::Next
            }
        };
        Ok(())
    }

    fn push(&mut self, piece: Option<&[u8]>) -> Result<(), DocumentError> {
        let lent = &mut Lent { members: &PART, sought: Hash::NONE, memory: self.memory };
        self.picker.push(piece.unwrap_or_default(), lent)
    }

    /// The answer is complete: which part it is for.
    fn end_answer(&mut self) -> Result<usize, DocumentError> {
        self.turn = Turn::Behind;
        if !self.picker.is_complete() {
            return Err(DocumentError::NotJson); // not covered: what ends as an element is whole, or was refused before
        }
        let place = self.count;
        self.count = self.count.saturating_add(1);
        let by_id = self.numbered().filter(|part| !self.is_answered(*part));
        let part = by_id.unwrap_or(place);
        if part >= self.parts || self.is_answered(part) {
            return Err(DocumentError::Doubled);
        }
        if let Some(bits) = self.answered.get_mut(part / 32) {
            *bits |= 1 << (part % 32);
        }
        Ok(part)
    }

    /// The part whose `id` the answer has.
    fn numbered(&self) -> Option<usize> {
        let id = PartText::Id as u8;
        let id = self.memory.get(self.picker.text(id).filter(|_| !self.picker.is_cut(id))?)?;
        let number = decimal(id.strip_prefix(b"p")?)?;
        usize::try_from(number).ok().filter(|part| *part < self.parts)
    }

    fn is_answered(&self, part: usize) -> bool {
        self.answered.get(part / 32).is_some_and(|bits| bits >> (part % 32) & 1 != 0)
    }

    fn answer(&self, part: usize) -> BatchAnswer<'_> {
        let http_status = self.http_status();
        let text = |text: PartText| self.text(text as u8);
        BatchAnswer {
            part,
            is_fine: self.is_fine(),
            http_status,
            id: text(PartText::Id),
            message: text(PartText::Message),
            inner_message: text(PartText::InnerMessage),
            error_code: text(PartText::ErrorCode),
        }
    }

    /// What the answer that was handed out says, one thing after the other: C's struct is filled in its place.
    #[doc(hidden)]
    pub fn http_status(&self) -> u16 {
        self.picker.scalar.number().and_then(|status| u16::try_from(status).ok()).unwrap_or(0)
    }

    #[doc(hidden)]
    pub fn is_fine(&self) -> bool {
        (200..300).contains(&self.http_status()) && !self.picker.is_object(ERROR)
    }

    #[doc(hidden)]
    pub fn text(&self, text: u8) -> Option<Text<'_>> {
        let picker = &self.picker;
        let deeper = [PartText::DeepestCause as u8, PartText::Cause as u8];
        let deepest =
            deeper.into_iter().find(|deeper| text == PartText::InnerMessage as u8 && picker.has_text(*deeper));
        let text = deepest.unwrap_or(text);
        let bytes = self.memory.get(picker.text(text).filter(|_| picker.has_text(text))?)?;
        Some(Text::new(bytes, picker.is_cut(text)))
    }

    /// As [`BatchReader::feed`], for C: how many bytes it has taken, and the part whose answer is there.
    #[doc(hidden)]
    pub fn feed_for_c(&mut self, piece: &[u8]) -> Result<(usize, Option<usize>), DocumentError> {
        let result = self.failure.map_or_else(|| self.read(piece), Err);
        self.failure = result.as_ref().err().copied();
        result
    }
}

/// Says how far it is, never what it holds.
impl core::fmt::Debug for BatchReader<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("BatchReader").field("parts", &self.parts).field("count", &self.count).finish_non_exhaustive()
    }
}
