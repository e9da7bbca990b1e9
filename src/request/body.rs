//! Texts in the bodies of calls.

use crate::text::encoding::JSON;
use crate::text::fault::BufferTooSmall;
use crate::text::template::{Encoded, Slot};

/// Escapes a text for a string of JSON that is put together by hand, as for [`Call::with_json`](crate::Call::with_json), and
/// returns how many bytes it is then. The quotes around it are the caller's, and so is `out`, which is to be wiped where the
/// text is a secret.
///
/// ```
/// let mut out = [0; 64];
/// let len = creatio_auth::encode_json("\"Ö\" \\\n", &mut out)?;
/// assert_eq!(str::from_utf8(&out[..len]).unwrap(), r#"\"Ö\" \\\u000a"#);
/// # Ok::<(), creatio_auth::BufferTooSmall>(())
/// ```
///
/// # Errors
///
/// [`BufferTooSmall`] says how many bytes it takes; `out` is as it was.
pub fn encode_json(text: &str, out: &mut [u8]) -> Result<usize, BufferTooSmall> {
    encode_json_for_c(text, out)
}

/// As [`encode_json`], for C.
#[doc(hidden)]
pub fn encode_json_for_c<S: Slot>(text: &str, out: &mut [S]) -> Result<usize, BufferTooSmall> {
    Encoded(text, &JSON).write(out)
}
