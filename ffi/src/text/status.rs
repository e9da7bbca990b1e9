//! What a function returns.

#[cfg(feature = "texts")]
use core::ffi::c_char;

use creatio_auth::{
    BasicError, BatchError, DocumentError, Failure, FieldError, Malformed, Misuse, NtlmError, PathError, ReplyError,
    SiteError, SnapshotError,
};

use crate::text::again::creatio_again::{self, *};
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};

/// What a function returns: 0 is success, 1 is progress, a negative number is an error. From -1 to -99 it is the
/// caller's to mend; from -100 on the peer's.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum creatio_status {
    /// Done.
    CREATIO_OK = 0,
    /// Done so far: call the function again for the rest.
    CREATIO_MORE = 1,
    /// There is none, or no more, of what was asked for.
    CREATIO_END = 2,
    /// A pointer that must not be NULL is NULL, or a length is above PTRDIFF_MAX.
    CREATIO_ERR_NULL_POINTER = -1,
    /// A context has not been set up by its function, or the pointer to it is NULL.
    CREATIO_ERR_NOT_SET_UP = -2,
    /// The exchange's state does not allow the call.
    CREATIO_ERR_OUT_OF_TURN = -3,
    /// The exchange does not belong to this session, or the session has begun another or been cleared since.
    CREATIO_ERR_OTHER_SESSION = -4,
    /// A login's result was asked of an exchange that is no login.
    CREATIO_ERR_NOT_A_LOGIN = -5,
    /// The buffer to write to is too small; the function says how many bytes it takes.
    CREATIO_ERR_BUFFER_TOO_SMALL = -6,
    /// The session's memory is too small. For a reply, `creatio_exchange_memory_needed` says how many bytes are
    /// enough; for a snapshot and for HTTP Basic, `creatio_session_restore` and `creatio_session_use_basic` do.
    CREATIO_ERR_MEMORY_TOO_SMALL = -7,
    /// A text is not UTF-8.
    CREATIO_ERR_NOT_UTF8 = -8,
    /// A call's result was asked of an exchange that is none.
    CREATIO_ERR_NOT_A_CALL = -9,
    /// No such runtime.
    CREATIO_ERR_BAD_RUNTIME = -10,
    /// No such method.
    CREATIO_ERR_BAD_METHOD = -11,
    /// A token's result was asked of an exchange that asks for none.
    CREATIO_ERR_NOT_A_TOKEN_REQUEST = -12,
    /// The program was compiled with the header of another version of the library, or under a `#pragma pack`.
    CREATIO_ERR_VERSION = -13,
    /// A batch has CREATIO_MAX_BATCH_PARTS already.
    CREATIO_ERR_TOO_MANY_PARTS = -14,
    /// No such scheme of Windows authentication.
    CREATIO_ERR_BAD_SCHEME = -15,
    /// The URL does not begin with http:// or https://.
    CREATIO_ERR_URL_SCHEME = -20,
    /// The URL names a user.
    CREATIO_ERR_URL_USER_INFO = -21,
    /// The URL's host is no domain name, IPv4 address or [IPv6 address].
    CREATIO_ERR_URL_HOST = -22,
    /// The URL's port is not a number from 1 to 65535.
    CREATIO_ERR_URL_PORT = -23,
    /// The URL's path has an empty, "." or ".." segment, or a character that must be percent-encoded.
    CREATIO_ERR_URL_PATH = -24,
    /// The URL has a query.
    CREATIO_ERR_URL_QUERY = -25,
    /// The URL has a fragment.
    CREATIO_ERR_URL_FRAGMENT = -26,
    /// The URL ends in /0: leave that out, the runtime adds it where it belongs.
    CREATIO_ERR_URL_RUNTIME_PREFIX = -27,
    /// The URL holds a space, a control character or something outside ASCII.
    CREATIO_ERR_URL_CHARACTER = -28,
    /// The URL is longer than CREATIO_MAX_URL, or its host longer than CREATIO_MAX_HOST.
    CREATIO_ERR_URL_TOO_LONG = -29,
    /// The path of a call does not begin with a slash.
    CREATIO_ERR_PATH_NO_SLASH = -30,
    /// The path of a call holds a character that must be percent-encoded.
    CREATIO_ERR_PATH_CHARACTER = -31,
    /// The path of a call is longer than CREATIO_MAX_PATH.
    CREATIO_ERR_PATH_TOO_LONG = -32,
    /// The name of a field is no token, or that of the wanted field longer than CREATIO_MAX_WANTED_FIELD.
    CREATIO_ERR_FIELD_NAME = -40,
    /// `accept`, `content_type` or a value of `field_lines` holds a control character other than a tab, or white
    /// space at its ends; a User-Agent holds a tab or something outside ASCII; or a line does not end with CR LF.
    CREATIO_ERR_FIELD_VALUE = -41,
    /// A field of `field_lines` is one that the library writes itself, or relies on the absence of; or `wanted_field`
    /// is Set-Cookie, which is the session's.
    CREATIO_ERR_FIELD_RESERVED = -42,
    /// The snapshot is none, or has been altered or cut.
    CREATIO_ERR_SNAPSHOT_ALTERED = -50,
    /// The snapshot's format is of a version that this library does not know.
    CREATIO_ERR_SNAPSHOT_VERSION = -51,
    /// The snapshot belongs to another site.
    CREATIO_ERR_SNAPSHOT_OTHER_SITE = -52,
    /// The user name holds a colon, which HTTP Basic does not allow.
    CREATIO_ERR_BASIC_COLON = -60,
    /// The user name or the password holds a control character, which HTTP Basic does not allow.
    CREATIO_ERR_BASIC_CONTROL_CHARACTER = -61,
    /// User name and password are longer than 64 KiB in base64.
    CREATIO_ERR_BASIC_TOO_LONG = -62,
    /// A name is too long for a message of NTLM: above 65535 bytes in UTF-16.
    CREATIO_ERR_NTLM_TOO_LONG = -63,
    /// The connection was closed before the reply was complete.
    CREATIO_ERR_CLOSED_EARLY = -100,
    /// The reply's head is longer than the limit.
    CREATIO_ERR_HEAD_TOO_LARGE = -101,
    /// The body is compressed, which no request asked for.
    CREATIO_ERR_CONTENT_ENCODING = -102,
    /// The reply's body is longer than the limit. Where its document has a fault, too, in the piece that goes beyond
    /// it, which of both is told hangs on how the reply was cut.
    CREATIO_ERR_BODY_TOO_LARGE = -103,
    /// The challenge is no message of NTLM.
    CREATIO_ERR_NTLM_MALFORMED = -104,
    /// The site does not know NTLM version 2: its challenge has no Unicode, or no target information.
    CREATIO_ERR_NTLM_NOT_VERSION_2 = -105,
    /// Malformed reply: no status line of HTTP/1.0 or HTTP/1.1.
    CREATIO_ERR_HTTP_STATUS_LINE = -110,
    /// Malformed reply: a field line without a proper name.
    CREATIO_ERR_HTTP_FIELD_NAME = -111,
    /// Malformed reply: NUL in a line, or another control character where the reply is framed.
    CREATIO_ERR_HTTP_CONTROL_CHARACTER = -112,
    /// Malformed reply: CR without LF.
    CREATIO_ERR_HTTP_BARE_CR = -113,
    /// Malformed reply: LF without CR, and no fold.
    CREATIO_ERR_HTTP_BARE_LF = -114,
    /// Malformed reply: a folded line where the reply is framed.
    CREATIO_ERR_HTTP_OBSOLETE_FOLDING = -115,
    /// Malformed reply: Content-Length is no single number.
    CREATIO_ERR_HTTP_CONTENT_LENGTH = -116,
    /// Malformed reply: a Transfer-Encoding other than chunked.
    CREATIO_ERR_HTTP_TRANSFER_ENCODING = -117,
    /// Malformed reply: Content-Length and Transfer-Encoding together.
    CREATIO_ERR_HTTP_LENGTH_AND_CHUNKED = -118,
    /// Malformed reply: a bad chunk size.
    CREATIO_ERR_HTTP_CHUNK_SIZE = -119,
    /// Malformed reply: a chunk does not end where its size says.
    CREATIO_ERR_HTTP_CHUNK_END = -120,
    /// Malformed reply: an unasked switch of protocols.
    CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS = -121,
    /// No reply, but a record of TLS: http:// was spoken to a port for https://.
    CREATIO_ERR_HTTP_TLS = -122,
    /// The answer to the sign-in is not JSON.
    CREATIO_ERR_JSON_MALFORMED = -130,
    /// The answer to the sign-in is cut off.
    CREATIO_ERR_JSON_CUT_OFF = -131,
    /// The answer to the sign-in is nested too deeply.
    CREATIO_ERR_JSON_TOO_DEEP = -132,
    /// The answer to the sign-in is no JSON object.
    CREATIO_ERR_JSON_NOT_AN_OBJECT = -133,
    /// The answer to the sign-in has a member twice.
    CREATIO_ERR_JSON_DOUBLED = -134,
    /// The answer to the login has no Code.
    CREATIO_ERR_JSON_NO_CODE = -135,
    /// The Code in the answer to the login is no whole number.
    CREATIO_ERR_JSON_CODE = -136,
}

use creatio_status::*;

/// Every status: those of this interface with their texts, those of the core with the errors whose numbers and texts
/// they have.
macro_rules! statuses {
    (ours: { $($ours:ident: $text:literal,)* } of the core: { $($status:ident: $error:expr,)* }) => {
        const NUMBERS: &[i16] = &[$($ours as i16,)* $($status as i16),*];
        #[cfg(feature = "texts")]
        const NAMES: &[u8] = texts![$(stringify!($ours),)* $(stringify!($status)),*];
        #[cfg(feature = "texts")]
        const TEXTS: &[u8] = texts![$($text,)* $($error.text()),*];
        $(const _: () = assert!($status as i32 == -($error.number() as i32));)*
    };
}

statuses! {
    ours: {
        CREATIO_OK: "done",
        CREATIO_MORE: "done so far; call the function again for the rest",
        CREATIO_END: "there is none, or no more",
        CREATIO_ERR_NULL_POINTER: "a pointer that must not be NULL is NULL, or a length is negative; this program has a bug",
        CREATIO_ERR_NOT_SET_UP: "a context has not been set up; this program has a bug",
        CREATIO_ERR_VERSION: "the header is not that of the library; compile with the one that came with it, outside of #pragma pack",
        CREATIO_ERR_NOT_UTF8: "a text is not UTF-8; write it in UTF-8",
        CREATIO_ERR_BAD_RUNTIME: "there is no such runtime; this program has a bug",
        CREATIO_ERR_BAD_METHOD: "there is no such method; this program has a bug",
        CREATIO_ERR_BAD_SCHEME: "there is no such scheme of Windows authentication; this program has a bug",
    }
    of the core: {
        CREATIO_ERR_OUT_OF_TURN: Misuse::OutOfTurn,
        CREATIO_ERR_OTHER_SESSION: Misuse::OtherSession,
        CREATIO_ERR_NOT_A_LOGIN: Misuse::NotALogin,
        CREATIO_ERR_BUFFER_TOO_SMALL: Misuse::EmptyBuffer,
        CREATIO_ERR_MEMORY_TOO_SMALL: ReplyError::MemoryTooSmall { needed: 0 },
        CREATIO_ERR_NOT_A_CALL: Misuse::NotACall,
        CREATIO_ERR_NOT_A_TOKEN_REQUEST: Misuse::NotATokenRequest,
        CREATIO_ERR_TOO_MANY_PARTS: BatchError::TooManyParts,
        CREATIO_ERR_URL_SCHEME: SiteError::Scheme,
        CREATIO_ERR_URL_USER_INFO: SiteError::UserInfo,
        CREATIO_ERR_URL_HOST: SiteError::Host,
        CREATIO_ERR_URL_PORT: SiteError::Port,
        CREATIO_ERR_URL_PATH: SiteError::Path,
        CREATIO_ERR_URL_QUERY: SiteError::Query,
        CREATIO_ERR_URL_FRAGMENT: SiteError::Fragment,
        CREATIO_ERR_URL_RUNTIME_PREFIX: SiteError::RuntimePrefix,
        CREATIO_ERR_URL_CHARACTER: SiteError::Character,
        CREATIO_ERR_URL_TOO_LONG: SiteError::TooLong,
        CREATIO_ERR_PATH_NO_SLASH: PathError::NoSlash,
        CREATIO_ERR_PATH_CHARACTER: PathError::Character,
        CREATIO_ERR_PATH_TOO_LONG: PathError::TooLong,
        CREATIO_ERR_FIELD_NAME: FieldError::Name,
        CREATIO_ERR_FIELD_VALUE: FieldError::Value,
        CREATIO_ERR_FIELD_RESERVED: FieldError::Reserved,
        CREATIO_ERR_SNAPSHOT_ALTERED: SnapshotError::Altered,
        CREATIO_ERR_SNAPSHOT_VERSION: SnapshotError::Version,
        CREATIO_ERR_SNAPSHOT_OTHER_SITE: SnapshotError::OtherSite,
        CREATIO_ERR_BASIC_COLON: BasicError::Colon,
        CREATIO_ERR_BASIC_CONTROL_CHARACTER: BasicError::ControlCharacter,
        CREATIO_ERR_BASIC_TOO_LONG: BasicError::TooLong,
        CREATIO_ERR_NTLM_TOO_LONG: NtlmError::TooLong,
        CREATIO_ERR_CLOSED_EARLY: ReplyError::ClosedEarly,
        CREATIO_ERR_HEAD_TOO_LARGE: ReplyError::HeadTooLarge,
        CREATIO_ERR_CONTENT_ENCODING: ReplyError::ContentEncoding,
        CREATIO_ERR_BODY_TOO_LARGE: ReplyError::BodyTooLarge,
        CREATIO_ERR_NTLM_MALFORMED: NtlmError::Malformed,
        CREATIO_ERR_NTLM_NOT_VERSION_2: NtlmError::NotVersion2,
        CREATIO_ERR_HTTP_STATUS_LINE: Malformed::StatusLine,
        CREATIO_ERR_HTTP_FIELD_NAME: Malformed::FieldName,
        CREATIO_ERR_HTTP_CONTROL_CHARACTER: Malformed::ControlCharacter,
        CREATIO_ERR_HTTP_BARE_CR: Malformed::BareCr,
        CREATIO_ERR_HTTP_BARE_LF: Malformed::BareLf,
        CREATIO_ERR_HTTP_OBSOLETE_FOLDING: Malformed::ObsoleteFolding,
        CREATIO_ERR_HTTP_CONTENT_LENGTH: Malformed::ContentLength,
        CREATIO_ERR_HTTP_TRANSFER_ENCODING: Malformed::TransferEncoding,
        CREATIO_ERR_HTTP_LENGTH_AND_CHUNKED: Malformed::LengthAndChunked,
        CREATIO_ERR_HTTP_CHUNK_SIZE: Malformed::ChunkSize,
        CREATIO_ERR_HTTP_CHUNK_END: Malformed::ChunkEnd,
        CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS: Malformed::SwitchingProtocols,
        CREATIO_ERR_HTTP_TLS: Malformed::Tls,
        CREATIO_ERR_JSON_MALFORMED: DocumentError::NotJson,
        CREATIO_ERR_JSON_CUT_OFF: DocumentError::CutOff,
        CREATIO_ERR_JSON_TOO_DEEP: DocumentError::TooDeep,
        CREATIO_ERR_JSON_NOT_AN_OBJECT: DocumentError::NotAnObject,
        CREATIO_ERR_JSON_DOUBLED: DocumentError::Doubled,
        CREATIO_ERR_JSON_NO_CODE: DocumentError::NoCode,
        CREATIO_ERR_JSON_CODE: DocumentError::Code,
    }
}

/// Whether the same request may be sent again after this status of creatio_exchange_feed() or creatio_exchange_close():
/// after CREATIO_ERR_CLOSED_EARLY, where twice does no more than once; all else would end the same way. Of what your
/// sockets say the same holds where the connection failed; where there was none, nothing was sent.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_status_again(status: i32) -> creatio_again {
    if status == CREATIO_ERR_CLOSED_EARLY as i32 { CREATIO_AGAIN_IF_REPEATABLE } else { CREATIO_AGAIN_NO }
}

const _: () = assert!(ReplyError::ClosedEarly.again() as u8 == CREATIO_AGAIN_IF_REPEATABLE as u8);

/// The name of a status, for example "CREATIO_ERR_CLOSED_EARLY"; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_status_name(status: i32) -> *const c_char {
    text_at(place_of(status), NAMES)
}

/// What a status means and what to do about it, in a sentence, for people; "?" for a number that is none.
/// docs/catalogue.md has its cause and its remedy.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_status_text(status: i32) -> *const c_char {
    text_at(place_of(status), TEXTS)
}

#[cfg(feature = "texts")]
fn place_of(status: i32) -> i32 {
    NUMBERS.iter().position(|number| i32::from(*number) == status).map_or(0, |place| place as i32 + 1)
}

/// Errors of the core become the statuses with their numbers.
macro_rules! numbered {
    ($($error:ident),*) => {$(
        const _: () = {
            let mut at = 0;
            while at < $error::ALL.len() {
                assert!(is_status($error::ALL[at].number()), "an error of the core has a number that is no status");
                at += 1;
            }
        };

        impl From<$error> for creatio_status {
            fn from(error: $error) -> Self {
                // SAFETY: the number is that of a status, by the assertion above.
                unsafe { core::mem::transmute(-i32::from(error.number())) }
            }
        }
    )*};
}

// A failure has one of its own numbers, or that of a misuse, or of what is malformed or no document.
numbered!(
    SiteError,
    PathError,
    FieldError,
    SnapshotError,
    BasicError,
    BatchError,
    NtlmError,
    Misuse,
    Malformed,
    DocumentError,
    Failure
);

const fn is_status(number: u8) -> bool {
    let mut at = 0;
    while at < NUMBERS.len() {
        if NUMBERS[at] == -(number as i16) {
            return true;
        }
        at += 1;
    }
    false
}
