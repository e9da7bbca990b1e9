//! One line of a reply's head at a time, checked in runs of bytes, and kept no further than its beginning.
//!
//! httparse would want the whole line in memory, and leaves a bounds check in the image that can panic; it is what the
//! tests compare this with.

use crate::http::error::Malformed;
use crate::text::bytes::{Set, plain_run, put};

/// How much of the beginning of a line is kept: one byte more than the longest name of interest has, so that a longer name
/// is not taken for it.
const START: usize = MAX_NAME + 1;

/// The longest name of a field that can be of interest.
pub(crate) const MAX_NAME: usize = 31;

/// A line, as far as it has come.
pub(crate) struct Line {
    /// How many bytes of the status line, of a field's name or of its value have come, CR LF not counted.
    pub len: usize,
    pub part: Part,
    /// The CR at the end of the line has come.
    pub after_cr: bool,
    /// The beginning of the status line, or of the field's name.
    start: [u8; START],
}

/// A part of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A status line.
    Status,
    /// The name of a field, up to its colon.
    Name,
    /// The value of a field, white space around it included.
    Value,
}

impl Line {
    /// Before the status line.
    pub(crate) const NEW: Self = Line { len: 0, part: Part::Status, after_cr: false, start: [0; START] };

    /// Whether nothing of a status line has come.
    pub(crate) fn is_at_start(&self) -> bool {
        self.part == Part::Status && self.len == 0 && !self.after_cr
    }

    /// Begins a line with this part.
    pub(crate) fn begin(&mut self, part: Part) {
        (self.len, self.part, self.after_cr) = (0, part, false);
    }

    /// The status line, or the field's name, which had this length: its beginning, if it is too long to be of interest.
    pub(crate) fn start(&self, len: usize) -> &[u8] {
        self.start.get(..len).unwrap_or(&self.start)
    }

    /// Takes from the input up to the end of a part, which is behind the colon of a name and behind the line's CR LF; false
    /// where the input ends before. A value goes into `value`, as far as there is room.
    #[inline(always)] // into the one place where it is asked
    pub(crate) fn take(&mut self, input: &mut &[u8], value: &mut [u8]) -> Result<bool, Malformed> {
        while let [byte, rest @ ..] = *input {
            *input = rest;
            if self.after_cr {
                return if *byte == b'\n' { Ok(true) } else { Err(Malformed::BareCr) };
            }
            match byte {
                b'\r' => {
                    self.after_cr = true;
                    continue;
                }
                b'\n' => return Err(Malformed::BareLf),
                0..=8 | 10..=31 | 127 => return Err(Malformed::ControlCharacter),
                // field-vchar = VCHAR / obs-text, with SP and HTAB between (RFC 9110, 5.5); so the reason phrase
                _ if self.part != Part::Name || TCHAR.has(*byte) => {}
                // field-line = field-name ":" OWS field-value OWS, field-name = token, token = 1*tchar
                b':' if self.len > 0 => return Ok(true),
                b' ' | b'\t' if self.len == 0 => return Err(Malformed::ObsoleteFolding),
                _ => return Err(Malformed::FieldName),
            }
            let place = if self.part == Part::Value { &mut *value } else { &mut self.start };
            if let Some(place) = place.get_mut(self.len) {
                *place = *byte;
            }
            self.len += 1;
            // A long run at once, where that is faster.
            if cfg!(target_pointer_width = "64") && rest.len() >= size_of::<usize>() {
                let is_name = self.part == Part::Name;
                let run = if is_name { token_run(rest) } else { plain_run(rest) };
                let (run, after) = rest.split_at_checked(run).unwrap_or_default();
                let place = if self.part == Part::Value { &mut *value } else { &mut self.start };
                if !place.is_empty() {
                    put(place, self.len, run);
                }
                self.len += run.len();
                *input = after;
            }
        }
        Ok(false)
    }
}

/// How many bytes at the front are of a token (RFC 9110, 5.6.2).
fn token_run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| TCHAR.has(**byte)).count()
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT /
/// ALPHA` (RFC 9110, 5.6.2)
pub(crate) static TCHAR: Set = Set::alphanumeric_and(b"!#$%&'*+-.^_`|~");
