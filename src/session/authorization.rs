//! What authorises a call: the cookies of a login; or a token, or user name and password, in the field `Authorization`.
//!
//! The value of that field stands in the jar as a record which no request ever takes for a cookie: its path is [`NOWHERE`].
//! So it is staged, kept, written to a snapshot and wiped as cookies are. It is alone there when it comes; a login
//! after it brings cookies again, and the ticket among them takes its place. A refresh token stands in the same record, so that
//! a pair comes and goes as one.

use core::ops::Range;

use crate::cookie::jar::Jar;
use crate::cookie::record::{Context, HEADER, NEVER, Record};
use crate::session::error::BasicError;
use crate::text::bytes::starts_with;
use crate::text::encoding::Digits;
use crate::text::numbered::numbered;

/// The cookie that is the ticket, with its `=`.
pub(crate) const TICKET_NAME: &str = ".ASPXAUTH=";

//= 9110-5.6.3-rws
/// What goes before a token in the value of the field (RFC 6750, 2.1).
pub(crate) const BEARER: &[u8] = b"Bearer ";

/// What goes before user name and password (RFC 7617).
const BASIC: &[u8] = b"Basic ";

/// How long the value may be: its length stands in 16 bits.
const MAX_VALUE: usize = u16::MAX as usize;

/// The longest token that can be kept, in bytes.
pub(crate) const MAX_TOKEN: usize = MAX_VALUE - BEARER.len();

/// What the path of the record begins with. No request has it, and no site can set it. Behind it is the refresh token, or zeros
/// where one was refused. Its `expires` is when the token expires, and its `stamp` how many seconds the token lives in all.
const NOWHERE: &[u8] = b"\0";

/// The names under which a CSRF token comes as a cookie, with their `=`, and goes back as a field.
pub(crate) const CSRF_NAMES: [&str; 2] = ["BPMCSRF=", "CRT_CSRF="];

/// What the names of the cookies begin with that a login brings (protocol notes, section 3): `.ASPXAUTH`, `BPMCSRF`,
/// `BPMLOADER`, `BPMSESSIONID`, `CRT_CSRF`, `CsrfToken`, `UserName`, `UserType`.
const OF_A_LOGIN: [[u8; 3]; 5] = [*b".AS", *b"BPM", *b"CRT", *b"Csr", *b"Use"];

// The numbers are those of the C interface.
numbered! {
    /// What is known of a session's refresh token (RFC 6749, section 1.5), which itself is secret. See
    /// [`Session::refresh_token`](crate::Session::refresh_token).
    pub enum RefreshToken {
        /// There is none: none came, or it was refused, or something else authorises calls now.
        None = 0, "there is no refresh token; the person has to approve";
        /// There is one.
        Kept = 1, "there is a refresh token";
        /// There is one, but a refresh, or another sign-in, was sent since and has come to nothing: its answer was cut off, or could
        /// not be read, or was no. Where the service takes a refresh token only once, this one may be spent; the answer to the
        /// next refresh tells.
        MaybeSpent = 2, "there is a refresh token, which may be spent, for the last refresh has come to nothing";
    }
}

/// What authorises a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authorization {
    /// The cookies there are, and no CSRF token.
    Cookies,
    CookiesAndCsrfToken,
    Bearer,
    Basic,
}

impl Authorization {
    pub(crate) fn of(jar: &Jar<'_>, context: &Context<'_>) -> Self {
        match field(jar, context) {
            Some(value) if value.starts_with(BEARER) => Authorization::Bearer,
            Some(_) => Authorization::Basic,
            None if has_csrf_token(jar, context) => Authorization::CookiesAndCsrfToken,
            None => Authorization::Cookies,
        }
    }

    //= 6265bis-7.3-disabled, 6265bis-7.3-none-sent, 6265bis-7.3-none-taken
    pub(crate) fn is_by_cookies(self) -> bool {
        matches!(self, Authorization::Cookies | Authorization::CookiesAndCsrfToken)
    }
}

impl Record<'_> {
    /// Whether it is no cookie.
    pub(crate) fn is_authorization(&self) -> bool {
        self.path.starts_with(NOWHERE)
    }

    /// Whether it is one that a login brings, and brings anew where none goes with it; so does any other that is taken for
    /// one.
    pub(crate) fn is_of_a_login(&self) -> bool {
        OF_A_LOGIN.iter().any(|start| starts_with(self.pair, start))
    }
}

/// The value of the field that authorises a call to the context's target, if it is not the cookies that do.
fn field<'j>(jar: &'j Jar<'_>, context: &Context<'_>) -> Option<&'j [u8]> {
    value(jar).filter(|_| jar.newest(TICKET_NAME, context).is_none())
}

/// The value of the record.
#[inline(never)] // which is not to be on the stack of what comes after it
pub(crate) fn value<'j>(jar: &'j Jar<'_>) -> Option<&'j [u8]> {
    record(jar).map(|record| record.value())
}

/// The record.
fn record<'j>(jar: &'j Jar<'_>) -> Option<Record<'j>> {
    let mut at = 0;
    while let Some(record) = jar.next_record(&mut at, jar.used()) {
        if record.is_authorization() {
            return Some(record);
        }
    }
    None
}

/// Whether a call to the context's target would carry a CSRF token.
pub(crate) fn has_csrf_token(jar: &Jar<'_>, context: &Context<'_>) -> bool {
    CSRF_NAMES.iter().any(|name| jar.newest(name, context).is_some())
}

/// When a token is over, as far as it is known.
#[derive(Clone, Copy)]
pub(crate) struct Lifetime {
    /// In seconds since 1970.
    pub expires_at: u32,
    /// How many seconds it was to live when it came.
    pub seconds: u32,
}

impl Lifetime {
    /// Of a token that was asked for now: it ends no later than this says.
    pub(crate) fn new(now: u32, seconds: u32) -> Self {
        Lifetime { expires_at: now.saturating_add(seconds).min(NEVER - 1), seconds }
    }

    /// Whether the token will be over in `margin` seconds, or the time cannot be right.
    pub(crate) fn is_over(&self, now: u32, margin: u32) -> bool {
        let ends = now.saturating_add(margin) >= self.expires_at;
        ends || now < self.expires_at.saturating_sub(self.seconds)
    }
}

/// The lifetime of the token in the jar.
pub(crate) fn lifetime(jar: &Jar<'_>) -> Option<Lifetime> {
    let record = record(jar).filter(|record| record.expires() != NEVER)?;
    Some(Lifetime { expires_at: record.expires(), seconds: record.stamp() })
}

/// How many bytes the record takes whose value has `len` bytes.
#[expect(clippy::arithmetic_side_effects, reason = "of a value of 64 KiB or in the memory")]
pub(crate) const fn record_len(len: usize) -> usize {
    HEADER + len + NOWHERE.len()
}

/// Makes user name and password all that is in the jar. `group` gives them in base64: the group of an item, and the item
/// after it. The jar is as it was if it has no room for them.
pub(crate) fn put_basic(
    jar: &mut Jar<'_>,
    group: impl Fn(usize, &mut Digits) -> Option<usize>,
) -> Result<(), BasicError> {
    let (mut item, mut len, mut digits) = (0, BASIC.len(), Digits::default());
    while let Some(next) = group(item, &mut digits) {
        item = next;
        len = len.saturating_add(4);
    }
    if len > MAX_VALUE {
        return Err(BasicError::TooLong);
    }
    let needed = record_len(len);
    if needed > jar.memory.len() {
        return Err(BasicError::MemoryTooSmall { needed });
    }
    jar.clear();
    let (mut item, mut at) = (0, jar.put(HEADER, BASIC));
    while let Some(next) = group(item, &mut digits) {
        item = next;
        at = jar.put(at, digits.as_slice());
    }
    jar.adopt(len, NOWHERE, 0, NEVER, 0);
    Ok(())
}

//= 6749-10.3-confidential
/// Makes the token, which stands in this part of the memory, all that is in the jar. It is as it was if it has no room; the
/// error says how much it takes.
#[expect(clippy::arithmetic_side_effects, reason = "the token is in the memory, which has room for its record")]
pub(crate) fn put_token(jar: &mut Jar<'_>, token: Range<usize>, lifetime: Option<Lifetime>) -> Result<(), usize> {
    let len = BEARER.len() + token.len();
    let needed = record_len(len);
    if needed > jar.memory.len() {
        return Err(needed);
    }
    let start = HEADER + BEARER.len();
    if token.start < start {
        jar.move_to_end(token, needed - NOWHERE.len());
    } else {
        jar.shift(token, start);
    }
    adopt_token(jar, len, 0, lifetime);
    Ok(())
}

//= 6749-10.4-refresh
/// Makes both tokens, which stand in these parts of the memory, all that is in the jar; the second may stand in the record that
/// there is. It is as it was if it has no room; the error says how much it takes.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "both stand in the memory, and what is written there has room in it"
)]
pub(crate) fn put_tokens(
    jar: &mut Jar<'_>,
    token: Range<usize>,
    refresh_token: Range<usize>,
    lifetime: Option<Lifetime>,
) -> Result<(), usize> {
    const START: usize = HEADER + BEARER.len();
    let (len, refresh_len) = (token.len(), refresh_token.len());
    let needed = record_len(BEARER.len() + len) + refresh_len;
    if needed > jar.memory.len() {
        return Err(needed);
    }
    // One right behind the other, whichever comes first,
    let is_turned = refresh_token.start < token.start;
    let (first, second) = if is_turned { (refresh_token, token) } else { (token, refresh_token) };
    let (start, end) = (first.start, jar.shift(second, first.end));
    if is_turned {
        jar.reverse(start..end);
        jar.reverse(start..start + len);
        jar.reverse(start + len..end);
    }
    // then both where they belong, but for the byte between them.
    let behind = START + NOWHERE.len();
    if start < behind {
        jar.move_to_end(start..end, needed);
    } else {
        jar.shift(start..end, behind);
    }
    jar.shift(behind..behind + len, START);
    adopt_token(jar, BEARER.len() + len, refresh_len, lifetime);
    Ok(())
}

/// Makes a record of what stands where its parts belong.
fn adopt_token(jar: &mut Jar<'_>, len: usize, refresh_len: usize, lifetime: Option<Lifetime>) {
    jar.put(HEADER, BEARER);
    let (expires, seconds) = lifetime.map_or((NEVER, 0), |lifetime| (lifetime.expires_at, lifetime.seconds));
    jar.adopt(len, NOWHERE, refresh_len, expires, seconds);
}

/// The refresh token; empty if there is none.
pub(crate) fn refresh_token<'j>(jar: &'j Jar<'_>) -> &'j [u8] {
    jar.memory.get(refresh_token_at(jar)).unwrap_or_default()
}

/// Where it stands in the memory.
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "the path is the end of its record")]
pub(crate) fn refresh_token_at(jar: &Jar<'_>) -> Range<usize> {
    let mut at = 0;
    while let Some(record) = jar.next_record(&mut at, jar.used()) {
        if let [0, token @ ..] = record.path {
            // One that was refused is zeros.
            return if token.first() == Some(&0) { 0..0 } else { at - token.len()..at };
        }
    }
    0..0
}
