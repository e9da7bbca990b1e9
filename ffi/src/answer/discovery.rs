//! `creatio_discovery`: where an identity service has its endpoints

use core::mem::offset_of;

use crate::answer::text::{creatio_text, write_texts};
use crate::answer::token::{begin_at_identity, creatio_token_verdict};
use crate::exchange::{creatio_exchange, read_both};
use crate::request::token::creatio_client_credentials;
use crate::session::creatio_session;
use crate::site::creatio_site;
use crate::text::memory;
use crate::text::status::creatio_status::{self, *};

/// What an identity service says of itself. Copy what of its texts is to outlive the next exchange.
/// `creatio_site_path_of` has the path of each, where it is at the service's own host, and none elsewhere.
#[repr(C)]
pub struct creatio_discovery {
    /// Whether the answer says after how many seconds to try again.
    pub has_retry_after: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// What it means: CREATIO_TOKEN_FOUND where a token endpoint is named.
    pub verdict: creatio_token_verdict,
    /// Retry-After in seconds.
    pub retry_after: u32,
    /// token_endpoint, a URL.
    pub token_endpoint: creatio_text,
    /// authorization_endpoint, likewise: where people approve.
    pub authorization_endpoint: creatio_text,
    /// revocation_endpoint, likewise.
    pub revocation_endpoint: creatio_text,
}

/// Begins a request for the endpoints of an identity service, from /.well-known/openid-configuration. It goes to the
/// identity service, as `creatio_session_token`, and ends any exchange of the session that is under way. Of the client
/// nothing is sent but its `field_lines`. The document is read while it comes, and of it only the endpoints are kept.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_
/// or CREATIO_ERR_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_discover(
    session: *mut creatio_session,
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe {
        begin_at_identity(
            session,
            identity,
            client,
            exchange,
            |_| true,
            |session, identity, client| session.discover(identity, client),
        )
    }
}

/// Where the endpoints of an identity service are, when the reply is complete. Its texts point into the session's
/// memory until the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
/// CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_TOKEN_REQUEST.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_discovery_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_discovery,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { memory::place(out) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let verdict = match exchange.discovery_verdict(session) {
        Ok(verdict) => verdict,
        Err(misuse) => return misuse.into(),
    };
    let (out, retry_after) = (out.as_mut_ptr(), exchange.retry_after());
    // SAFETY: it is valid for writes, and nothing of it is read before. One member after the other, since the struct is
    // large.
    unsafe {
        (*out).verdict = verdict.into();
        (*out).http_status = exchange.http_status().unwrap_or(0);
        (*out).has_retry_after = retry_after.is_some();
        (*out).retry_after = retry_after.unwrap_or(0);
        write_texts(&raw mut (*out).token_endpoint, TEXTS, |text| exchange.endpoint_text(session, text));
    }
    CREATIO_OK
}

/// From `token_endpoint` to `revocation_endpoint`.
const TEXTS: u8 = 3;

const _: () = assert!(
    offset_of!(creatio_discovery, revocation_endpoint)
        == offset_of!(creatio_discovery, token_endpoint) + (TEXTS as usize - 1) * size_of::<creatio_text>()
);
