//! `creatio_site`

pub(crate) mod identity;
pub(crate) mod path;

use core::ffi::c_char;

use creatio_auth::{Runtime, Site};

use crate::text::context::{self, context};
use crate::text::interface::INTERFACE;
use crate::text::memory::{place, text};
use crate::text::status::creatio_status::{self, *};

/// The longest URL that is accepted, in bytes.
pub const CREATIO_MAX_URL: usize = 2048;

/// The longest host name that is accepted, in bytes.
pub const CREATIO_MAX_HOST: usize = 253;

const _: () = assert!(CREATIO_MAX_URL == creatio_auth::MAX_URL && CREATIO_MAX_HOST == creatio_auth::MAX_HOST);

/// Which of the two server runtimes a site runs on. The wrong one shows as status 404 on data. Zero is neither.
pub type creatio_runtime = i32;

/// .NET Framework: everything after login lives under /0.
pub const CREATIO_RUNTIME_NET_FRAMEWORK: creatio_runtime = 1;

/// .NET (formerly .NET Core): no prefix.
pub const CREATIO_RUNTIME_NET: creatio_runtime = 2;

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_SITE_WORDS: usize = 6;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_SITE_WORDS: usize = 3;

/// Where the site is: scheme, host, port, base path and runtime. It refers to the URL's text, which has to stay.
#[repr(C)]
pub struct creatio_site {
    /// The library's own.
    opaque: [u64; CREATIO_SITE_WORDS],
}

context!(creatio_site, Site<'static>, Site);

const NET_FRAMEWORK: u32 = CREATIO_RUNTIME_NET_FRAMEWORK as u32;
const NET: u32 = CREATIO_RUNTIME_NET as u32;

/// What creatio_site_parse() calls, with the runtime and what #CREATIO_INTERFACE says of the header in one number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_site_parse_checked(
    out: *mut creatio_site,
    url: *const c_char,
    url_len: usize,
    runtime_and_interface: u32,
) -> creatio_status {
    let runtime = match runtime_and_interface ^ INTERFACE {
        NET_FRAMEWORK => Runtime::NetFramework,
        NET => Runtime::Net,
        other if other <= 0xFF => return CREATIO_ERR_BAD_RUNTIME,
        _ => return CREATIO_ERR_VERSION,
    };
    // SAFETY: by the header's conventions.
    let url = match unsafe { text(url, url_len) } {
        Ok(url) => url,
        Err(status) => return status,
    };
    // Borrowed where it is: moved it would be in pieces.
    match &Site::parse(url, runtime) {
        // SAFETY: by the header's conventions.
        Ok(site) if unsafe { context::write(out, *site) } => CREATIO_OK,
        Ok(_) => CREATIO_ERR_NULL_POINTER,
        Err(error) => (*error).into(),
    }
}

/// The host as written in the URL, for name resolution and TLS; an IPv6 address without its brackets. `*host` points
/// into the URL and is not terminated by a NUL.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_site_host(
    site: *const creatio_site,
    host: *mut *const c_char,
    host_len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (site, host, host_len) = match unsafe { (context::get(site), place(host), place(host_len)) } {
        (Some(site), Some(host), Some(host_len)) => (site, host, host_len),
        (None, ..) => return CREATIO_ERR_NOT_SET_UP,
        _ => return CREATIO_ERR_NULL_POINTER,
    };
    let text = match site.host().as_bytes() {
        [b'[', address @ .., b']'] => address,
        name => name,
    };
    host.write(text.as_ptr().cast());
    host_len.write(text.len());
    CREATIO_OK
}

/// The TCP port, 1 to 65535: the URL's, or 80 or 443. 0 if the site has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_site_port(site: *const creatio_site) -> u16 {
    // SAFETY: by the header's conventions.
    unsafe { context::get(site) }.map_or(0, Site::port)
}

/// Whether the connection has to be TLS. False if the site has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_site_is_https(site: *const creatio_site) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(site) }.is_some_and(Site::is_https)
}
