//! What can be wrong with a reply as HTTP.

use crate::text::numbered::numbered;

// The numbers are those of the C interface, where they are negative.
numbered! {
    /// What about a reply is not HTTP/1.x (RFC 9112). Lenient readers disagree on these, and request smuggling
    /// begins there, so each ends the exchange. [`failed_field`](crate::Exchange::failed_field) names the field.
    ///
    /// Where neither framing nor a secret hangs on it, a reply is read as it comes: a fold is a space, and a field with a
    /// control character counts for nothing (protocol notes, section 6).
    pub enum Malformed {
        /// The first line is no status line of HTTP/1.0 or HTTP/1.1.
        StatusLine = 110,
            "malformed reply: no status line of HTTP/1.0 or HTTP/1.1; check the URL's port";
        /// A field line has no name, a malformed name, or no colon right after it.
        FieldName = 111, "malformed reply: a field line without a proper name";
        /// NUL in a line; or another control character in the status line, in a field's name, in `Content-Length`,
        /// `Transfer-Encoding` or `Connection`, in a trailer or beside the size of a chunk.
        ControlCharacter = 112, "malformed reply: NUL, or a control character where the reply is framed";
        /// A CR without LF after it.
        BareCr = 113, "malformed reply: CR without LF";
        /// An LF without CR before it, which is no fold either.
        BareLf = 114, "malformed reply: LF without CR";
        /// A line that goes on in the next (RFC 9112, 5.2): the status line, `Content-Length`, `Transfer-Encoding`,
        /// `Connection` or a trailer.
        ObsoleteFolding = 115, "malformed reply: a folded line where the reply is framed";
        /// `Content-Length` is not one decimal number, is given twice, or is more than a `usize` can say.
        ContentLength = 116, "malformed reply: Content-Length is no single number";
        /// `Transfer-Encoding` is anything but `chunked` once, or comes with HTTP/1.0.
        TransferEncoding = 117, "malformed reply: a Transfer-Encoding other than chunked";
        /// `Content-Length` and `Transfer-Encoding` together.
        LengthAndChunked = 118, "malformed reply: Content-Length and Transfer-Encoding together";
        /// A chunk does not begin with its size in hexadecimal digits, or its size is more than a `usize` can say, or a
        /// quotation behind it has no end in its line.
        ChunkSize = 119, "malformed reply: a bad chunk size";
        /// A chunk does not end where its size says.
        ChunkEnd = 120, "malformed reply: a chunk does not end where its size says";
        /// `101 Switching Protocols`, which no request asked for.
        SwitchingProtocols = 121, "malformed reply: an unasked switch of protocols";
        /// No reply at all, but a record of TLS, with an alert or of a handshake (RFC 8446, 5.1): `http://` was spoken to
        /// a port for `https://`.
        Tls = 122, "this port speaks TLS; use https:// for it";
    }
}

impl core::error::Error for Malformed {}
