//! `creatio_batch_writer`

use core::ffi::{c_char, c_void};

use creatio_auth::{BatchPart, BatchWriter};

use crate::request::call::{creatio_method, read_method};
use crate::text::context::{self, context};
use crate::text::memory::{self, text};
use crate::text::status::creatio_status::{self, *};

/// The most parts that a batch may have.
pub const CREATIO_MAX_BATCH_PARTS: usize = 100;

const _: () = assert!(CREATIO_MAX_BATCH_PARTS == creatio_auth::MAX_BATCH_PARTS);

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_BATCH_WRITER_WORDS: usize = 7;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_BATCH_WRITER_WORDS: usize = 4;

/// Writes the body of a batch into buffers of any size, a part at a time, so that there is memory for one part alone.
/// The id of a part, by which another may refer to it, is p0 for the first one, then p1 and so on.
#[repr(C)]
pub struct creatio_batch_writer {
    /// The library's own.
    opaque: [u64; CREATIO_BATCH_WRITER_WORDS],
}

context!(creatio_batch_writer, BatchWriter, BatchWriter);

/// A part of a batch: one of its requests. Fill it with zeros first. Its texts have to stay until all of it has been
/// taken.
#[repr(C)]
pub struct creatio_batch_part {
    /// The URL, relative to …/odata/ and percent-encoded: "Contact?$top=3". See `creatio_encode_query`.
    pub url: *const c_char,
    /// Its length in bytes.
    pub url_len: usize,
    /// CREATIO_METHOD_GET and so on.
    pub method: creatio_method,
    /// An atomicity group: parts of one name, one behind the other, are done all or not at all. NULL for none.
    pub group: *const c_char,
    /// Its length in bytes.
    pub group_len: usize,
    /// Parts before it, and atomicity groups, without which it is not to be done: an array of JSON with their ids and
    /// names, `["p0","pair"]`, which is sent as it is. Where one of them is refused, the site answers 424. Sites of OData
    /// 4.0 do not know it. NULL for none.
    pub depends_on: *const c_char,
    /// Its length in bytes.
    pub depends_on_len: usize,
    /// Fields of its own, as the lines that they would be outside of a batch: "if-match: *" and CR LF each. OData has
    /// their names in lower case. The content-type of a body is there already. NULL for none.
    pub field_lines: *const c_char,
    /// Their length in bytes.
    pub field_lines_len: usize,
    /// The body, one value of JSON, which is sent as it is; NULL if there is none.
    pub json: *const c_void,
    /// Its length in bytes.
    pub json_len: usize,
}

/// Sets up for the beginning of a batch.
///
/// Returns CREATIO_OK or CREATIO_ERR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_batch_writer_init(writer: *mut creatio_batch_writer) -> creatio_status {
    // SAFETY: by the header's conventions.
    if unsafe { context::write(writer, BatchWriter::new()) } { CREATIO_OK } else { CREATIO_ERR_NULL_POINTER }
}

/// Puts the next bytes of this part into `out`, or of the batch's end where `part` is NULL; `*len` is how many they are.
/// Send them, and call it again with the same part as long as it returns CREATIO_MORE. After CREATIO_OK it is the next
/// part's turn.
///
/// Returns CREATIO_MORE, CREATIO_OK, CREATIO_ERR_BUFFER_TOO_SMALL if `cap` is 0, CREATIO_ERR_TOO_MANY_PARTS,
/// CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_BAD_METHOD, CREATIO_ERR_NOT_UTF8 or a CREATIO_ERR_FIELD_
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_batch_writer_fill(
    writer: *mut creatio_batch_writer,
    part: *const creatio_batch_part,
    out: *mut c_void,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out.cast(), cap, len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { both(writer, part) } {
        Ok((writer, part)) => match writer.fill_for_c(part.as_ref(), out) {
            Ok((written, is_last)) => {
                len.write(written);
                if is_last { CREATIO_OK } else { CREATIO_MORE }
            }
            Err(error) => error.into(),
        },
        Err(status) => status,
    }
}

/// Passes over this part, or over the batch's end where `part` is NULL; `*len` is how many bytes it is. A call says
/// beforehand how long its body is: add them up with a writer of its own.
///
/// Returns CREATIO_OK, CREATIO_ERR_TOO_MANY_PARTS, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP,
/// CREATIO_ERR_BAD_METHOD, CREATIO_ERR_NOT_UTF8 or a CREATIO_ERR_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_batch_writer_skip(
    writer: *mut creatio_batch_writer,
    part: *const creatio_batch_part,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(len) = (unsafe { memory::place(len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { both(writer, part) } {
        Ok((writer, part)) => match writer.skip(part.as_ref()) {
            Ok(skipped) => {
                len.write(skipped);
                CREATIO_OK
            }
            Err(error) => error.into(),
        },
        Err(status) => status,
    }
}

/// # Safety
///
/// The writer as in [`context::get_mut`]; the part is NULL or valid for reads, as are its texts for `'a`.
unsafe fn both<'a>(
    writer: *mut creatio_batch_writer,
    part: *const creatio_batch_part,
) -> Result<(&'a mut BatchWriter, Option<BatchPart<'a>>), creatio_status> {
    // SAFETY: by the contract above.
    let (writer, part) = unsafe { (context::get_mut(writer), part.as_ref()) };
    let writer = writer.ok_or(CREATIO_ERR_NOT_SET_UP)?;
    let Some(part) = part else { return Ok((writer, None)) };
    let method = read_method(part.method)?;
    // SAFETY: by the contract above.
    let (url, group, depends_on, lines, json) = unsafe {
        (
            text(part.url, part.url_len)?,
            text(part.group, part.group_len)?,
            text(part.depends_on, part.depends_on_len)?,
            text(part.field_lines, part.field_lines_len)?,
            memory::bytes(part.json.cast(), part.json_len).ok_or(CREATIO_ERR_NULL_POINTER)?,
        )
    };
    let read = BatchPart::new(method, url).with_group(group).with_depends_on(depends_on).with_json(json);
    Ok((writer, Some(read.with_field_lines(lines)?)))
}
