//! Calls by user name and password, HTTP Basic

use creatio_auth::LoginTexts;

use crate::request::login::{creatio_credentials, read_credentials};
use crate::session::creatio_session;
use crate::text::context;
use crate::text::status::creatio_status::{self, *};

/// Authorises each later call by user name and password (HTTP Basic), for sites that allow it on OData; what else the
/// credentials hold is not sent. There is nothing to exchange. The session forgets all cookies, and ends any exchange
/// that is under way. Of the session's memory it takes 23 bytes, and 4 for every 3 bytes of "name:password", rounded
/// up.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8,
/// CREATIO_ERR_BASIC_COLON, CREATIO_ERR_BASIC_CONTROL_CHARACTER, CREATIO_ERR_BASIC_TOO_LONG or
/// CREATIO_ERR_MEMORY_TOO_SMALL; after an error the session is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_use_basic(
    session: *mut creatio_session,
    credentials: *const creatio_credentials,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (session, credentials) = match unsafe { (context::get_mut(session), credentials.as_ref()) } {
        (Some(session), Some(credentials)) => (session, credentials),
        (None, _) => return CREATIO_ERR_NOT_SET_UP,
        (_, None) => return CREATIO_ERR_NULL_POINTER,
    };
    let mut texts = LoginTexts::default();
    // SAFETY: by the header's conventions.
    match unsafe { read_credentials(credentials, &mut texts) } {
        CREATIO_OK => session.use_basic_texts(&texts).map_or_else(Into::into, |()| CREATIO_OK),
        status => status,
    }
}
