//! One line of a reply's head at a time, checked in runs of bytes, and kept no further than its beginning.
//!
//! httparse would want the whole line in memory, and leaves a bounds check in the image that can panic; it is what the
//! tests compare this with.

use super::known_fields::Field;
use crate::http::error::Malformed;
use crate::text::bytes::{Set, after_pieces, plain_run, put};

/// How much of the beginning of a line is kept: one byte more than the longest name of interest has, so that a longer name
/// is not taken for it.
const START: usize = MAX_NAME + 1;

/// The longest name of a field that can be of interest.
pub(crate) const MAX_NAME: usize = 31;

/// A line, as far as it has come.
pub(crate) struct Line {
    /// How many bytes of the status line, of a field's name or of its value have come, the line's end not counted.
    pub len: usize,
    pub part: Part,
    end: End,
    /// How long the field's name is, as far as it is kept.
    name_len: u8,
    /// The field of interest whose value is to come.
    pub field: Option<Field>,
    /// The beginning of the status line, or of the field's name.
    start: [u8; START],
}

/// A part of a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Part {
    /// A status line.
    Status,
    /// The name of a field, up to its colon.
    Name,
    /// The value of a field that frames the body, or of a trailer, white space around it included.
    StrictValue,
    /// The value of another field. It goes on in the next line if that begins with white space (obs-fold, RFC 9112, 5.2).
    Value,
    /// The same, and a control character has come in it, so that nobody is to take it for what it says.
    SpoiltValue,
}

/// How far the end of a line has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Ahead,
    Cr,
    /// All of it, behind a value: the next byte tells whether the value goes on.
    CrLf,
    /// The same without CR, which is no end at all if the value does not go on.
    Lf,
    /// In the white space at the beginning of the line in which it goes on.
    Fold,
}

impl Line {
    /// Before the status line.
    pub(crate) const NEW: Self =
        Line { len: 0, part: Part::Status, end: End::Ahead, name_len: 0, field: None, start: [0; START] };

    /// Whether nothing of a status line has come.
    pub(crate) fn is_at_start(&self) -> bool {
        self.part == Part::Status && self.len == 0 && self.end == End::Ahead
    }

    /// Begins a line with this part.
    pub(crate) fn begin(&mut self, part: Part) {
        (self.len, self.part, self.end) = (0, part, End::Ahead);
    }

    /// The status line, or the field's name, which had this length: its beginning, if it is too long to be of interest.
    pub(crate) fn start(&self, len: usize) -> &[u8] {
        self.start.get(..len).unwrap_or(&self.start)
    }

    /// Keeps in mind that the field's name, which has come, has this length; 0 at the end of a head.
    #[expect(clippy::cast_possible_truncation, reason = "no more than `START`")]
    pub(crate) fn note_name(&mut self, len: usize) {
        self.name_len = len.min(START) as u8;
    }

    /// The beginning of the field's name, as far as it has come; before that, that of the field before it.
    pub(crate) fn name(&self) -> &[u8] {
        let is_at_name = self.part == Part::Name && self.len > 0;
        self.start(if is_at_name { self.len } else { self.name_len.into() })
    }

    /// Whether what [`take`](Line::take) has come to is the end of the line, not that of a name.
    pub(crate) fn is_at_end(&self) -> bool {
        self.end != End::Ahead
    }

    //= 9112-2.2-octets
    /// Takes from the input up to the end of a part, which is behind the colon of a name and behind the line's CR LF; false
    /// where the input ends before. A value goes into `value`, as far as there is room; a fold in it is one space.
    ///
    /// Where a value may go on, its end is told by the first byte behind it, which stays in the input.
    #[inline(always)] // into the one place where it is asked
    #[expect(clippy::arithmetic_side_effects, reason = "a head's bytes and those of the piece, which are bounded")]
    pub(crate) fn take(&mut self, input: &mut &[u8], value: &mut [u8]) -> Result<bool, Malformed> {
        while let [byte, rest @ ..] = *input {
            let (mut byte, mut rest) = (*byte, rest);
            if self.end != End::Ahead {
                let is_white = matches!(byte, b' ' | b'\t');
                if self.end == End::Cr {
                    *input = rest;
                    //= 9112-2.2-bare-cr
                    if byte != b'\n' {
                        return Err(Malformed::BareCr);
                    }
                    if self.part < Part::Value {
                        return Ok(true);
                    }
                    self.end = End::CrLf;
                    continue;
                }
                if is_white {
                    //= 9112-5.2-unfold
                    // obs-fold = OWS CRLF RWS
                    byte = b' ';
                    if self.end == End::Fold {
                        *input = rest;
                        continue;
                    }
                    self.end = End::Fold;
                } else {
                    match self.end {
                        End::CrLf => return Ok(true),
                        End::Lf => return Err(Malformed::BareLf),
                        _ => self.end = End::Ahead,
                    }
                }
            } else if cfg!(target_pointer_width = "64") && input.len() >= size_of::<usize>() {
                // A long run at once, where that is faster.
                let is_name = self.part == Part::Name;
                let run = if is_name { token_run(input) } else { plain_run(input) };
                let (run, after) = input.split_at_checked(run).unwrap_or_default();
                let place = if self.part >= Part::StrictValue { &mut *value } else { &mut self.start };
                if !place.is_empty() {
                    put(place, self.len, run);
                }
                self.len += run.len();
                *input = after;
                if self.part >= Part::Value
                    && let [b'\r', b'\n', end @ ..] = after
                    && let [next, ..] = end
                    && !matches!(next, b' ' | b'\t')
                {
                    *input = end;
                    return Ok(true);
                }
                let [next, behind @ ..] = after else { break };
                (byte, rest) = (*next, behind);
            }
            *input = rest;
            match byte {
                // What mostly comes, first where that is faster.
                b' '..=b'~' if cfg!(target_pointer_width = "64") && self.part != Part::Name => {}
                b'\r' => {
                    self.end = End::Cr;
                    continue;
                }
                b'\n' if self.part >= Part::Value => {
                    self.end = End::Lf;
                    continue;
                }
                b'\n' => return Err(Malformed::BareLf),
                //= 9110-5.5-cr-lf-nul
                // NUL has the reply refused wherever it stands (RFC 9110, 5.5).
                1..=8 | 11..=31 | 127 if self.part >= Part::Value => self.part = Part::SpoiltValue,
                // A TLS record: its type, an alert or of the handshake, and the version 3.x (RFC 8446, 5.1).
                0..=8 | 10..=31 | 127 => match (self.part, self.len, byte) {
                    (Part::Status, 0, 0x15 | 0x16) => {}
                    (Part::Status, 1, 3) if matches!(self.start[0], 0x15 | 0x16) => return Err(Malformed::Tls),
                    _ => return Err(Malformed::ControlCharacter),
                },
                //= 9110-5.5-opaque
                // field-vchar = VCHAR / obs-text, with SP and HTAB between (RFC 9110, 5.5); so the reason phrase
                _ if self.part != Part::Name || TCHAR.has(byte) => {}
                // field-line = field-name ":" OWS field-value OWS, field-name = token, token = 1*tchar
                b':' if self.len > 0 => return Ok(true),
                //= 9112-2.2-space-before-fields
                b' ' | b'\t' if self.len == 0 => return Err(Malformed::ObsoleteFolding),
                _ => return Err(Malformed::FieldName),
            }
            self.put(byte, value);
        }
        Ok(false)
    }

    /// Whether a byte stands for itself in the middle of a value, where one comes next.
    #[inline(always)] // as those below into the one place where they are asked
    pub(crate) fn is_plain_value(&self, byte: u8) -> bool {
        matches!(byte, b' '..=b'~') && self.end == End::Ahead
    }

    /// Takes a byte that stands for itself in the middle of a part, whose value is not kept; false for any other.
    #[inline(always)]
    pub(crate) fn take_plain(&mut self, byte: u8) -> bool {
        let is_plain = if self.part == Part::Name { TCHAR.has(byte) } else { matches!(byte, b' '..=b'~') };
        let is_taken = is_plain && self.end == End::Ahead;
        if is_taken {
            self.put(byte, &mut []);
        }
        is_taken
    }

    /// Takes the CR at the end of a line, or the LF behind it where the line may go on; false for any other byte.
    #[inline(always)]
    pub(crate) fn take_end(&mut self, byte: u8) -> bool {
        self.end = match (byte, self.end) {
            (b'\r', End::Ahead) => End::Cr,
            (b'\n', End::Cr) if self.part >= Part::Value => End::CrLf,
            _ => return false,
        };
        true
    }

    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "a head's bytes and those of the piece, which are bounded")]
    fn put(&mut self, byte: u8, value: &mut [u8]) {
        let place = if self.part >= Part::StrictValue { value } else { &mut self.start };
        if let Some(place) = place.get_mut(self.len) {
            *place = byte;
        }
        self.len += 1;
    }
}

/// How many bytes at the front are of a token (RFC 9110, 5.6.2).
#[expect(clippy::arithmetic_side_effects, reason = "a place among the bytes")]
fn token_run(bytes: &[u8]) -> usize {
    // Most names consist of letters and hyphens.
    let rest = after_pieces::<8>(bytes, |byte| ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte == b'-'));
    bytes.len() - rest.len() + rest.iter().take_while(|byte| TCHAR.has(**byte)).count()
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT /
/// ALPHA` (RFC 9110, 5.6.2)
pub(crate) static TCHAR: Set = Set::alphanumeric_and(b"!#$%&'*+-.^_`|~");

#[cfg(test)]
mod tests {
    use super::{TCHAR, token_run};

    #[test]
    fn a_run_ends_before_the_first_byte_of_no_token() {
        for (at, byte) in (0..20).flat_map(|at| (0..=0xFF).map(move |byte| (at, byte))) {
            for others in [b'a', b'Z', b'-', b'9'] {
                let mut text = [others; 20];
                text[at] = byte;
                let expected = text.iter().position(|byte| !TCHAR.has(*byte)).unwrap_or(text.len());
                assert_eq!(token_run(&text), expected, "{text:x?}");
            }
        }
        for byte in 0..=0xFF {
            assert_eq!(token_run(&[byte; 20]), if TCHAR.has(byte) { 20 } else { 0 }, "{byte:x}");
        }
    }
}
