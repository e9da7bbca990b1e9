//! Paths of calls, and their queries

use core::ffi::c_char;

use creatio_auth::Path;

use crate::site::creatio_site;
use crate::text::memory::{place, text};
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// The longest path of a call with its query that is accepted, in bytes.
pub const CREATIO_MAX_PATH: usize = 16384;

const _: () = assert!(CREATIO_MAX_PATH == creatio_auth::MAX_PATH);

/// Percent-encodes a name or a value of a query, such as "Name eq 'Ö & Co'", to be put into the path of a call.
/// `*len` is how many bytes it is then.
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it
/// was; CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_encode_query(
    query: *const c_char,
    query_len: usize,
    out: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out.cast(), cap, len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { text(query, query_len) } {
        Ok(query) => memory::written(creatio_auth::encode_query_for_c(query, out), len),
        Err(status) => status,
    }
}

/// The path of a URL of this site, such as `creatio_answer.next_link` is: `*path` points into the URL, for a
/// `creatio_call` with `at_root`. Copy a next link first: it goes when the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_END if the URL is another site's or outside the base path or has `.` or `..` segments,
/// CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP or CREATIO_ERR_NOT_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_site_path_of(
    site: *const creatio_site,
    url: *const c_char,
    url_len: usize,
    path: *mut *const c_char,
    path_len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (site, path, path_len) = match unsafe { (context::get(site), place(path), place(path_len)) } {
        (Some(site), Some(path), Some(path_len)) => (site, path, path_len),
        (None, ..) => return CREATIO_ERR_NOT_SET_UP,
        _ => return CREATIO_ERR_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let url = match unsafe { text(url, url_len) } {
        Ok(url) => url,
        Err(status) => return status,
    };
    let Some(found) = site.path_of(url) else {
        return CREATIO_END;
    };
    path.write(found.as_str().as_ptr().cast());
    path_len.write(found.as_str().len());
    CREATIO_OK
}

/// # Safety
///
/// `start` is NULL, or valid for reads of `len` bytes for `'a`.
pub(crate) unsafe fn read_path<'a>(
    start: *const c_char,
    len: usize,
    at_root: bool,
) -> Result<Path<'a>, creatio_status> {
    // SAFETY: by the contract above.
    path_of(unsafe { text(start, len) }?, at_root)
}

pub(crate) fn path_of(text: &str, at_root: bool) -> Result<Path<'_>, creatio_status> {
    Ok(if at_root { Path::root(text) } else { Path::site(text) }?)
}
