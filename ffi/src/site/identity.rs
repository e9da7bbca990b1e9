//! Where the identity service of a site usually is

use core::ffi::c_char;

use crate::site::creatio_site;
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// Where the identity service of a site usually is, if the site is in Creatio's cloud: "https://NAME-is.creatio.com",
/// not terminated. Elsewhere it is wherever it was installed; the system setting OAuth20IdentityServerUrl has its
/// URL. `*len` is how many bytes it is.
///
/// Returns CREATIO_OK; CREATIO_END if there is nothing to guess; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how
/// many bytes it takes and `out` is as it was; CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_site_identity_hint(
    site: *const creatio_site,
    out: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out.cast(), cap, len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(site) = (unsafe { context::get(site) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let Some(hint) = site.identity_hint() else {
        return CREATIO_END;
    };
    let pieces = hint.pieces();
    let needed = pieces.iter().map(|piece| piece.len()).sum();
    len.write(needed);
    if needed > out.len() {
        return CREATIO_ERR_BUFFER_TOO_SMALL;
    }
    for (to, from) in out.iter_mut().zip(pieces.iter().flat_map(|piece| piece.bytes())) {
        to.write(from);
    }
    CREATIO_OK
}
