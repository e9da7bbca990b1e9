//! What can be wrong with a reply as HTTP.

use core::fmt;

/// What about a reply is not HTTP/1.x (RFC 9112). Lenient readers disagree on these, and request smuggling
/// begins there, so each ends the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Malformed {
    /// The first line is no status line of HTTP/1.0 or HTTP/1.1.
    StatusLine,
    /// A field line has no name, a malformed name, or no colon right after it.
    FieldName,
    /// A line holds NUL or another control character.
    ControlCharacter,
    /// A CR without LF after it.
    BareCr,
    /// An LF without CR before it.
    BareLf,
    /// A field line that goes on in the next (RFC 9112, 5.2).
    ObsoleteFolding,
    /// `Content-Length` is not one decimal number, is given twice, or is more than a `usize` can say.
    ContentLength,
    /// `Transfer-Encoding` is anything but `chunked` once, or comes with HTTP/1.0.
    TransferEncoding,
    /// `Content-Length` and `Transfer-Encoding` together.
    LengthAndChunked,
    /// A chunk does not begin with its size in hexadecimal digits, or its size is more than a `usize` can say, or a
    /// quotation behind it has no end in its line.
    ChunkSize,
    /// A chunk does not end where its size says.
    ChunkEnd,
    /// `101 Switching Protocols`, which no request asked for.
    SwitchingProtocols,
}

impl Malformed {
    /// What is wrong, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            Malformed::StatusLine => {
                "malformed reply: no status line of HTTP/1.0 or HTTP/1.1; is it https that is spoken there?"
            }
            Malformed::FieldName => "malformed reply: a field line without a proper name",
            Malformed::ControlCharacter => "malformed reply: a control character in a line",
            Malformed::BareCr => "malformed reply: CR without LF",
            Malformed::BareLf => "malformed reply: LF without CR",
            Malformed::ObsoleteFolding => "malformed reply: a folded field line",
            Malformed::ContentLength => "malformed reply: Content-Length is no single number",
            Malformed::TransferEncoding => "malformed reply: a Transfer-Encoding other than chunked",
            Malformed::LengthAndChunked => "malformed reply: Content-Length and Transfer-Encoding together",
            Malformed::ChunkSize => "malformed reply: a bad chunk size",
            Malformed::ChunkEnd => "malformed reply: a chunk does not end where its size says",
            Malformed::SwitchingProtocols => "malformed reply: an unasked switch of protocols",
        }
    }
}

/// The [text](Malformed::text).
impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Malformed {}
