//! Pointers of C and the lengths that come with them: texts and bytes, read and written

use core::ffi::c_char;
use core::mem::MaybeUninit;

use creatio_auth::BufferTooSmall;
use creatio_auth::is_utf8;

use crate::text::status::creatio_status::{self, *};

/// Whether no bytes can be there: at NULL, or more than an object can have, which a -1 for a length would be.
fn is_nothing(start: *const u8, len: usize) -> bool {
    start.is_null() || len.cast_signed() < 0
}

/// The bytes at a pointer; none for NULL, unless there are no bytes, and for a length that nothing has.
///
/// # Safety
///
/// `start` is NULL, or valid for reads of `len` bytes for `'a`.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) unsafe fn bytes<'a>(start: *const u8, len: usize) -> Option<&'a [u8]> {
    match (is_nothing(start, len), len) {
        (_, 0) => Some(&[]),
        (true, _) => None,
        // SAFETY: not NULL, so valid by the contract, and no more than `isize::MAX` bytes.
        _ => Some(unsafe { core::slice::from_raw_parts(start, len) }),
    }
}

/// Bytes to read and to change; none as in [`bytes`].
///
/// # Safety
///
/// `start` is NULL, or valid for reads and writes of `len` bytes, all of which have a value, for `'a`, and nothing else touches them
/// meanwhile.
pub(crate) unsafe fn bytes_to_change<'a>(start: *mut u8, len: usize) -> Option<&'a mut [u8]> {
    // SAFETY: by the contract above; they have values.
    unsafe { buffer(start, len).map(|buffer| &mut *(&raw mut *buffer as *mut [u8])) }
}

/// Bytes to write to, or to lend: what stands there before need not be a value, as in memory of C's that nothing has
/// been written to. None as in [`bytes`].
///
/// # Safety
///
/// `start` is NULL, or valid for writes of `len` bytes for `'a`, and nothing else touches them meanwhile.
#[inline(never)]
pub(crate) unsafe fn buffer<'a>(start: *mut u8, len: usize) -> Option<&'a mut [MaybeUninit<u8>]> {
    match (is_nothing(start, len), len) {
        (_, 0) => Some(&mut []),
        (true, _) => None,
        // SAFETY: not NULL, so valid by the contract, and no more than `isize::MAX` bytes. `MaybeUninit` has no invariants.
        _ => Some(unsafe { core::slice::from_raw_parts_mut(start.cast(), len) }),
    }
}

/// Fills a buffer with zeros: then it holds bytes, which a session's memory has to.
pub(crate) fn zeroed(memory: &mut [MaybeUninit<u8>]) -> &mut [u8] {
    memory.fill(MaybeUninit::new(0));
    // SAFETY: all of it has just been given a value.
    unsafe { &mut *(&raw mut *memory as *mut [u8]) }
}

/// A struct of C's to write to; none for NULL. What stands there before need not be a value of the type.
///
/// # Safety
///
/// `out` is NULL, or valid for writes and aligned.
pub(crate) unsafe fn place<'a, T>(out: *mut T) -> Option<&'a mut MaybeUninit<T>> {
    // SAFETY: not NULL, so valid by the contract. `MaybeUninit` has no invariants.
    unsafe { out.cast::<MaybeUninit<T>>().as_mut() }
}

/// A buffer of C's to write to, and where to tell how many bytes it got, or would take; none if a pointer is NULL
/// that must not be.
///
/// # Safety
///
/// As [`buffer`]; `len` is NULL, or valid for writes and aligned.
pub(crate) unsafe fn output<'a>(
    out: *mut u8,
    cap: usize,
    len: *mut usize,
) -> Option<(&'a mut [MaybeUninit<u8>], &'a mut MaybeUninit<usize>)> {
    // SAFETY: by the contract above.
    unsafe { Some((buffer(out, cap)?, place(len)?)) }
}

/// Tells how many bytes were written, or would be.
pub(crate) fn written(result: Result<usize, BufferTooSmall>, len: &mut MaybeUninit<usize>) -> creatio_status {
    match result {
        Ok(written) => {
            len.write(written);
            CREATIO_OK
        }
        Err(error) => {
            len.write(error.needed);
            CREATIO_ERR_BUFFER_TOO_SMALL
        }
    }
}

/// A text of C: a pointer and a length.
///
/// # Safety
///
/// `start` is NULL, or valid for reads of `len` bytes for `'a`.
#[inline(never)]
pub(crate) unsafe fn text<'a>(start: *const c_char, len: usize) -> Result<&'a str, creatio_status> {
    // SAFETY: by the contract above.
    let bytes = unsafe { bytes(start.cast(), len) }.ok_or(CREATIO_ERR_NULL_POINTER)?;
    if is_utf8(bytes) {
        // SAFETY: they are UTF-8.
        Ok(unsafe { core::str::from_utf8_unchecked(bytes) })
    } else {
        Err(CREATIO_ERR_NOT_UTF8)
    }
}

/// A text as it stands in a struct of C's.
#[repr(C)]
pub(crate) struct Raw {
    start: *const c_char,
    len: usize,
}

impl Raw {
    /// The text, if it has not been left out.
    ///
    /// # Safety
    ///
    /// As [`optional`].
    pub(crate) unsafe fn read<'a>(&self) -> Result<Option<&'a str>, creatio_status> {
        // SAFETY: by the contract above.
        unsafe { optional(self.start, self.len) }
    }
}

/// A text that may be left out, by NULL.
///
/// # Safety
///
/// `start` is NULL, or valid for reads of `len` bytes for `'a`.
pub(crate) unsafe fn optional<'a>(start: *const c_char, len: usize) -> Result<Option<&'a str>, creatio_status> {
    if start.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: by the contract above.
    unsafe { text(start, len) }.map(Some)
}
