//! Which cookies are kept, and how long (RFC 6265bis, sections 5.5 and 5.7).

use super::record::{NEVER, SECURE};
use super::set_cookie::{SPANS, SetCookie};
use crate::site::Site;
use crate::text::bytes::{same_ignoring_case, starts_with};
use crate::text::time::{LONGEST, Time};

/// 2026-01-01: before this library was. Where neither the caller nor the site knows the time, a date before this one is past
/// all the same (deletions come with dates in 1970 or 1999).
pub(super) const LIBRARY_EPOCH: u32 = 1_767_225_600;

/// The time by which cookies live: none where their lifetimes are left out.
pub(super) fn clock(now: Time) -> Time {
    if cfg!(feature = "lifetimes") { now } else { Time::UNKNOWN }
}

/// The end of a cookie by the caller's clock, 0 if it is over: so long from now as the site has it live by its own clock,
/// which said `date`. Without a clock it lives as long as the session.
pub(super) fn end(staged_end: u32, now: Time, date: Time) -> u32 {
    let known = now.known().unwrap_or_default();
    let date = date.known().unwrap_or(known.max(LIBRARY_EPOCH));
    let seconds = match staged_end.checked_sub(SPANS) {
        Some(span) => span,
        //= 6265bis-5.5-reduced, 6265bis-5.6.1-reduced
        None => staged_end.saturating_sub(date).min(LONGEST),
    };
    if seconds == 0 {
        0
    } else if staged_end == NEVER || now.known().is_none() {
        NEVER
    } else {
        known.saturating_add(seconds)
    }
}

//= 6265bis-5.7-stored
/// The conditions of RFC 6265bis, section 5.7, under which a cookie may be stored at all.
#[inline(never)]
pub(super) fn is_allowed(cookie: &SetCookie<'_>, site: &Site<'_>) -> bool {
    // A cookie without a name is sent as its value alone, and must not pass for one with a prefix.
    let name = if cookie.name.is_empty() { cookie.value } else { cookie.name };
    //= 6265bis-5.4-prefixes
    let is_secure = cookie.flags & SECURE != 0;
    let is_host = starts_with(name, b"__Host-");
    let has_prefix = is_host || starts_with(name, b"__Secure-");
    (!has_prefix || is_secure && !cookie.name.is_empty())
        && (!is_host || cookie.domain.is_empty() && cookie.path == Some(b"/"))
        && (site.is_https() || !is_secure)
        && (cookie.domain.is_empty() || domain_matches(site, cookie.domain))
}

/// RFC 6265bis, 5.1.3: the domain is the host, or a part of its end that a dot comes before.
#[expect(clippy::arithmetic_side_effects, reason = "asked only where it is not 0")]
fn domain_matches(site: &Site<'_>, domain: &[u8]) -> bool {
    let host = site.host().as_bytes();
    let start = host.len().wrapping_sub(domain.len());
    host.get(start..).is_some_and(|end| same_ignoring_case(end, domain))
        && (start == 0 || host.get(start - 1) == Some(&b'.') && !site.host_is_address())
}
