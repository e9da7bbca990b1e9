//! Writes the body of a batch, a part at a time.

use core::fmt;

use crate::request::call::Method;
use crate::request::error::FieldError;
use crate::request::field::check_field_lines;
use crate::text::bytes::cut;
use crate::text::encoding::JSON;
use crate::text::fault::Fault;
use crate::text::numbered::numbered;
use crate::text::template::{Out, Part, Parts, Place, Slot, Template, template};

/// The most parts that a batch may have (protocol notes, section 4).
pub const MAX_BATCH_PARTS: usize = 100;

numbered! {
    /// What a [`BatchWriter`] refuses. Nothing has changed then.
    pub enum BatchError {
        /// A buffer of no bytes.
        EmptyBuffer = 6, crate::text::fault::BUFFER_TOO_SMALL;
        /// More than [`MAX_BATCH_PARTS`].
        TooManyParts = 14, "a batch holds 100 parts at most; make another one";
    }
}

impl BatchError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl core::error::Error for BatchError {}

/// A part of a batch: one of its requests.
///
/// ```
/// use creatio_auth::{BatchPart, Method};
///
/// let create = BatchPart::new(Method::Post, "Contact").with_json(br#"{"Name":"Ann"}"#);
/// let find = BatchPart::new(Method::Get, "Contact?$top=3");
/// ```
#[derive(Clone, Copy)]
pub struct BatchPart<'p> {
    method: Method,
    url: &'p str,
    group: &'p str,
    depends_on: &'p str,
    field_lines: &'p str,
    json: &'p [u8],
}

/// Says what is asked of whom, and how long the body is, never what is in it.
impl fmt::Debug for BatchPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchPart")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("group", &self.group)
            .field("depends_on", &self.depends_on)
            .field("field_lines_len", &self.field_lines.len())
            .field("json_len", &self.json.len())
            .finish()
    }
}

impl<'p> BatchPart<'p> {
    /// A request without a body, of no group. The URL is relative to `…/odata/`, as `Contact?$top=3`, and percent-encoded
    /// ([`encode_query`](crate::encode_query)).
    pub const fn new(method: Method, url: &'p str) -> Self {
        BatchPart { method, url, group: "", depends_on: "", field_lines: "", json: &[] }
    }

    /// A body, one value of JSON. It is sent as it is.
    pub const fn with_json(mut self, json: &'p [u8]) -> Self {
        self.json = json;
        self
    }

    /// An atomicity group: parts of one name, one behind the other, are done all or not at all.
    pub const fn with_group(mut self, group: &'p str) -> Self {
        self.group = group;
        self
    }

    /// Parts before it, and atomicity groups, without which it is not to be done (OData JSON 4.01, 19.1): an array of JSON with their
    /// `id`s and names, as `["p0","pair"]`. It is sent as it is. Where one of them is refused, the site answers 424. Sites of OData 4.0
    /// do not know it.
    pub const fn with_depends_on(mut self, ids: &'p str) -> Self {
        self.depends_on = ids;
        self
    }

    /// Fields of its own, `if-match` for one, as the lines that they would be outside of a batch: `name: value` and CR LF each. OData
    /// has their names in lower case (OData JSON 4.01, 19.1). The `content-type` of a body is there already.
    ///
    /// # Errors
    ///
    /// [`FieldError`], as [`Call::with_field_lines`](crate::Call::with_field_lines).
    pub fn with_field_lines(mut self, lines: &'p str) -> Result<Self, FieldError> {
        check_field_lines(lines.as_bytes())?;
        self.field_lines = lines;
        Ok(self)
    }
}

/// Writes the body of a batch into buffers of any size, a part at a time, so that there is memory for one part alone. The `id` of
/// a part, by which another may refer to it, is `p0` for the first one, then `p1` and so on.
///
/// A call says beforehand how long its body is: [`skip`](BatchWriter::skip) says how long each part is, and what ends the batch. The
/// call is a `POST` of `application/json` to `/odata/$batch`. The site stops at the first part that it refuses, unless the call has
/// the field `Prefer: continue-on-error` (OData 4.01, 8.2.8.3).
///
/// ```
/// use creatio_auth::{BatchPart, BatchWriter, Call, Method, Path};
///
/// # fn send(_: &[u8]) {}
/// let bodies = [&br#"{"Name":"Ann"}"#[..], br#"{"Name":"Bob"}"#];
/// let part = |at: usize| bodies.get(at).map(|json| BatchPart::new(Method::Post, "Contact").with_json(json));
///
/// let (mut writer, mut len) = (BatchWriter::new(), 0);
/// for at in 0..=bodies.len() {
///     len += writer.skip(part(at).as_ref())?; // the last one is none, which ends the batch
/// }
/// let batch = Call::post(Path::site("/odata/$batch")?)
///     .with_field_lines("Prefer: continue-on-error\r\n")?
///     .with_body_of_length("application/json", len)?;
///
/// // When the head is out:
/// let (mut writer, mut buffer) = (BatchWriter::new(), [0; 64]);
/// for at in 0..=bodies.len() {
///     loop {
///         let written = writer.fill(part(at).as_ref(), &mut buffer)?;
///         if written == 0 {
///             break;
///         }
///         send(&buffer[..written]);
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct BatchWriter {
    place: Place,
    /// How many parts have been written.
    parts: u8,
    /// All of a part has been written, which is to be told.
    is_written: bool,
}

impl BatchWriter {
    /// At the beginning of a batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the next bytes of this part, or of the batch's end where there is none, into a buffer of any size, and returns how many
    /// they are: 0 when all have been taken, and then it is the next part's turn. The same part is given until then.
    ///
    /// # Errors
    ///
    /// [`BatchError`]
    pub fn fill(&mut self, part: Option<&BatchPart<'_>>, out: &mut [u8]) -> Result<usize, BatchError> {
        if core::mem::take(&mut self.is_written) {
            return Ok(0);
        }
        let (written, is_last) = self.fill_for_c(part, out)?;
        self.is_written = is_last;
        Ok(written)
    }

    /// As [`BatchWriter::fill`], for C: how many bytes, and whether they are the part's last ones.
    #[doc(hidden)]
    pub fn fill_for_c<S: Slot>(
        &mut self,
        part: Option<&BatchPart<'_>>,
        out: &mut [S],
    ) -> Result<(usize, bool), BatchError> {
        self.check(part)?;
        if out.is_empty() {
            return Err(BatchError::EmptyBuffer);
        }
        let mut out = Out::new(out);
        let source = Source { part, number: self.parts };
        let is_last = TEMPLATE.write(&mut self.place, &source, &mut out);
        if is_last {
            self.end_part(part);
        }
        Ok((out.written(), is_last))
    }

    /// Passes over this part, or over the batch's end where there is none: how many bytes it is.
    ///
    /// # Errors
    ///
    /// [`BatchError`]
    pub fn skip(&mut self, part: Option<&BatchPart<'_>>) -> Result<usize, BatchError> {
        self.check(part)?;
        let len = TEMPLATE.len::<u8>(&Source { part, number: self.parts });
        self.end_part(part);
        Ok(len)
    }

    fn check(&self, part: Option<&BatchPart<'_>>) -> Result<(), BatchError> {
        let is_full = part.is_some() && usize::from(self.parts) >= MAX_BATCH_PARTS;
        if is_full { Err(BatchError::TooManyParts) } else { Ok(()) }
    }

    #[expect(clippy::arithmetic_side_effects, reason = "`MAX_BATCH_PARTS` at the most")]
    fn end_part(&mut self, part: Option<&BatchPart<'_>>) {
        self.place = Place::default();
        self.parts += u8::from(part.is_some());
    }
}

/// A part and how many there are before it, or the end.
struct Source<'s, 'p> {
    part: Option<&'s BatchPart<'p>>,
    number: u8,
}

/// What stands between the parts goes with the one behind it.
const TEMPLATE: Template = template!(
    "$(o{\"requests\":[$)$(k,$)",
    "$(i{\"id\":\"p$i\",\"method\":\"$)$(m$m\",\"url\":\"$)$u$(m\"$)",
    "$(g,\"atomicityGroup\":\"$g\"$)$(d,\"dependsOn\":$d$)",
    "$(h,\"headers\":{$)$(t\"content-type\":\"application/json\"$)$(l$s\"$l\":\"$v\"$)$(h}$)",
    "$(x,\"body\":$x$)$(m}$)$(e]}$)"
);

impl Parts for Source<'_, '_> {
    fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        let is_first = self.number == 0;
        let Some(request) = self.part else {
            return letter == b'e' || letter == b'o' && is_first;
        };
        let (lines, has_body) = (request.field_lines.as_bytes(), !request.json.is_empty());
        match letter {
            b'o' => return is_first,
            b'k' => return !is_first,
            b'h' => return has_body || !lines.is_empty(),
            b't' => return has_body,
            b's' if has_body || item > 0 => part.text = b",",
            b'l' | b'v' => {
                let (line, after) = cut(lines.get(item..).unwrap_or_default(), b'\n');
                let (name, value) = cut(line, b':');
                let rest = after.unwrap_or_default();
                part.next = if rest.is_empty() { 0 } else { lines.len().saturating_sub(rest.len()) };
                part.text = if letter == b'l' { name } else { value.unwrap_or_default().trim_ascii() };
                part.coding = Some(&JSON);
            }
            b'd' => part.text = request.depends_on.as_bytes(),
            b'i' => part.digits.number(self.number.into()),
            b'm' => part.text = request.method.name().as_bytes(),
            b'x' => part.text = request.json,
            b'u' | b'g' => {
                part.text = if letter == b'u' { request.url } else { request.group }.as_bytes();
                part.coding = Some(&JSON);
            }
            _ => return false,
        }
        matches!(letter, b'i' | b'm' | b'u') || !part.text.is_empty()
    }
}
