//! `creatio_batch_reader`

use core::ffi::c_void;
use core::mem::offset_of;

use creatio_auth::{BatchOutcome, BatchReader};

use crate::answer::text::{creatio_text, write_texts};
use crate::text::context::{self, context};
use crate::text::memory;
use crate::text::status::creatio_status::{self, *};

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_BATCH_READER_WORDS: usize = 25;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_BATCH_READER_WORDS: usize = 20;

/// Reads the body of the answer to a batch in pieces of any size, and hands out the answer to each part when it is
/// complete. Whether the site has taken the batch at all, the verdict of the call says.
#[repr(C)]
pub struct creatio_batch_reader {
    /// The library's own.
    opaque: [u64; CREATIO_BATCH_READER_WORDS],
}

context!(creatio_batch_reader, BatchReader<'static>, BatchReader);

/// The answer to one part of a batch. Its texts stand in the reader's memory until the reader is fed again.
#[repr(C)]
pub struct creatio_batch_answer {
    /// Which part it is, the first one being 0: the one whose id of a `creatio_batch_writer` it has, or for any other
    /// id, and one that comes again, the one at its place among the answers.
    pub part: usize,
    /// Whether it was done: status 2xx, and no `error` in its body.
    pub is_fine: bool,
    /// Its status code; 0 where it has none that is a number.
    pub http_status: u16,
    /// Its id. Some sites answer with one of their own, or with one twice.
    pub id: creatio_text,
    /// `error.message`
    pub message: creatio_text,
    /// The message of the error behind it, as in `creatio_answer.inner_message`.
    pub inner_message: creatio_text,
    /// `error.code`
    pub error_code: creatio_text,
}

/// From `id` to `error_code`.
const TEXTS: u8 = 4;

const _: () = assert!(
    offset_of!(creatio_batch_answer, error_code)
        == offset_of!(creatio_batch_answer, id) + (TEXTS as usize - 1) * size_of::<creatio_text>()
);

/// What is known of a part of a batch.
#[repr(i32)]
pub enum creatio_batch_outcome {
    /// Nobody knows whether it was done: the answers have not all come. Misuse is answered with this, too.
    CREATIO_BATCH_UNKNOWN = 0,
    /// All answers have come, and none for this part: it was not done. The site has stopped at a part that it refused,
    /// or another part of its atomicity group was refused.
    CREATIO_BATCH_NOT_DONE = 1,
    /// Its answer has come, and has been handed out.
    CREATIO_BATCH_ANSWERED = 2,
}

/// Sets up for the answer to a batch of so many parts. In the memory, which is lent until the last use of the reader and
/// need have no value, stand the texts of one answer, which are cut where it is too small; 8 bytes it takes at least,
/// so that no id of a `creatio_batch_writer` is cut.
///
/// Returns CREATIO_OK or CREATIO_ERR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_batch_reader_init(
    reader: *mut creatio_batch_reader,
    parts: usize,
    memory: *mut c_void,
    memory_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (false, Some(memory)) = (reader.is_null(), unsafe { memory::buffer(memory.cast(), memory_len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    let memory = memory::zeroed(memory);
    // SAFETY: not NULL, so valid by the header's conventions, and the memory stays.
    unsafe { context::make(reader, || BatchReader::new(parts, memory)) };
    CREATIO_OK
}

/// Takes bytes of the body, up to the end of an answer or all of them; `*consumed` is how many. Feed the rest again.
///
/// Returns CREATIO_OK when `*answer` is the answer to a part, CREATIO_MORE when all bytes were taken,
/// CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP; or a CREATIO_ERR_JSON_ status, where an answer cannot be read, or
/// there are more than there are parts (CREATIO_ERR_JSON_DOUBLED): then nothing more is read, and what has not been
/// handed out is unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_batch_reader_feed(
    reader: *mut creatio_batch_reader,
    input: *const c_void,
    len: usize,
    consumed: *mut usize,
    answer: *mut creatio_batch_answer,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let outputs = unsafe { (memory::bytes(input.cast(), len), memory::place(consumed), memory::place(answer)) };
    let (Some(input), Some(consumed), Some(answer)) = outputs else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(reader) = (unsafe { context::get_mut(reader) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let (taken, part) = match reader.feed_for_c(input) {
        Ok(fed) => fed,
        Err(error) => return error.into(),
    };
    consumed.write(taken);
    let Some(part) = part else { return CREATIO_MORE };
    let out = answer.as_mut_ptr();
    // SAFETY: it is valid for writes, and nothing of it is read before.
    unsafe {
        (*out).part = part;
        (*out).is_fine = reader.is_fine();
        (*out).http_status = reader.http_status();
        write_texts(&raw mut (*out).id, TEXTS, |text| reader.text(text));
    }
    CREATIO_OK
}

/// What is known of a part, the first one being 0, as far as the body has come. Where the reply was cut, or could not be
/// read, nobody knows of those that have no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_batch_reader_outcome(
    reader: *const creatio_batch_reader,
    part: usize,
) -> creatio_batch_outcome {
    // SAFETY: by the header's conventions.
    match unsafe { context::get(reader) }.map(|reader| reader.outcome(part)) {
        Some(BatchOutcome::Answered) => creatio_batch_outcome::CREATIO_BATCH_ANSWERED,
        Some(BatchOutcome::NotDone) => creatio_batch_outcome::CREATIO_BATCH_NOT_DONE,
        Some(BatchOutcome::Unknown) | None => creatio_batch_outcome::CREATIO_BATCH_UNKNOWN,
    }
}
