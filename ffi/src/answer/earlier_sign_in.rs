//! Why no sign-in goes out by itself: what the one before has come to, as a session remembers it

#[cfg(feature = "texts")]
use core::ffi::c_char;

use creatio_auth::EarlierSignIn;

#[cfg(feature = "texts")]
use crate::answer::login::{creatio_login_verdict_name, creatio_login_verdict_text};
#[cfg(feature = "texts")]
use crate::answer::token::{creatio_token_verdict_name, creatio_token_verdict_text};
#[cfg(feature = "texts")]
use crate::answer::windows::{creatio_windows_verdict_name, creatio_windows_verdict_text};
use crate::session::creatio_session;
use crate::text::context;
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};

/// What is added to a number of `creatio_windows_verdict`, so that it is no `creatio_login_verdict`.
pub const CREATIO_EARLIER_WINDOWS: i32 = 32;

/// What is added to a number of `creatio_token_verdict`, so that it is no `creatio_login_verdict`.
pub const CREATIO_EARLIER_TOKEN: i32 = 64;

/// The answer to an earlier sign-in could not be used: no verdict is about it, or none that is known here.
pub const CREATIO_EARLIER_UNREADABLE: i32 = 254;

/// No earlier sign-in was refused, but the answers of all that may be tried were lost on their way: nobody knows.
pub const CREATIO_EARLIER_LOST: i32 = 255;

const _: () = assert!(CREATIO_EARLIER_WINDOWS == EarlierSignIn::WINDOWS as i32);
const _: () = assert!(CREATIO_EARLIER_TOKEN == EarlierSignIn::TOKEN as i32);
const _: () = assert!(CREATIO_EARLIER_UNREADABLE == EarlierSignIn::UNREADABLE as i32);
const _: () = assert!(CREATIO_EARLIER_LOST == EarlierSignIn::LOST as i32);

/// What the sign-in has come to after which no other may go out by itself, after a restart, too, for it is part of a
/// snapshot: a `creatio_login_verdict`; or CREATIO_EARLIER_WINDOWS and a `creatio_windows_verdict`; or
/// CREATIO_EARLIER_TOKEN and a `creatio_token_verdict`; or CREATIO_EARLIER_UNREADABLE, or CREATIO_EARLIER_LOST. 0 where
/// one may go out, at once or after its delay, and for what is not set up. `creatio_earlier_sign_in_text` has it in
/// words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_earlier_sign_in(session: *const creatio_session) -> i32 {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.map_or(0, |session| session.earlier_sign_in_number().into())
}

/// The name of what an earlier sign-in has come to, that of its verdict where it has one: "CREATIO_LOGIN_REJECTED",
/// "CREATIO_EARLIER_LOST"; "?" for a number that is none, 0 included.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_earlier_sign_in_name(earlier: i32) -> *const c_char {
    const NAMES: &[u8] = texts!["CREATIO_EARLIER_UNREADABLE", "CREATIO_EARLIER_LOST"];
    match earlier {
        CREATIO_EARLIER_UNREADABLE.. => text_at(earlier - CREATIO_EARLIER_UNREADABLE + 1, NAMES),
        CREATIO_EARLIER_TOKEN.. => creatio_token_verdict_name(earlier - CREATIO_EARLIER_TOKEN),
        CREATIO_EARLIER_WINDOWS.. => creatio_windows_verdict_name(earlier - CREATIO_EARLIER_WINDOWS),
        _ => creatio_login_verdict_name(earlier),
    }
}

/// What it means, in a sentence, for people; "?" for a number that is none, 0 included. docs/catalogue.md has its cause
/// and its remedy.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_earlier_sign_in_text(earlier: i32) -> *const c_char {
    const SENTENCES: &[u8] = texts![EarlierSignIn::Unreadable.text(), EarlierSignIn::Lost.text()];
    match earlier {
        CREATIO_EARLIER_UNREADABLE.. => text_at(earlier - CREATIO_EARLIER_UNREADABLE + 1, SENTENCES),
        CREATIO_EARLIER_TOKEN.. => creatio_token_verdict_text(earlier - CREATIO_EARLIER_TOKEN),
        CREATIO_EARLIER_WINDOWS.. => creatio_windows_verdict_text(earlier - CREATIO_EARLIER_WINDOWS),
        _ => creatio_login_verdict_text(earlier),
    }
}
