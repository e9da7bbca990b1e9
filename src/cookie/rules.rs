//! Which cookies are kept, and how long (RFC 6265bis, sections 5.5 and 5.7).

use super::record::NEVER;
use super::set_cookie::SetCookie;
use crate::site::Site;
use crate::text::bytes::{same_ignoring_case, starts_with};
use crate::text::time::Time;

/// No cookie lives longer than 400 days (RFC 6265bis, 5.5).
const MAX_AGE: u32 = 400 * 86_400;

/// 2026-01-01: before this library was. Where neither the caller nor the reply knows the time, a date before this
/// one is past all the same (deletions come with dates in 1970 or 1999).
const LIBRARY_EPOCH: u32 = 1_767_225_600;

/// The time by which cookies live: none where their lifetimes are left out.
pub(super) fn clock(now: Time) -> Time {
    if cfg!(feature = "lifetimes") { now } else { Time::UNKNOWN }
}

/// The time by which a cookie that comes is over.
pub(super) fn judged_at(now: Time) -> u32 {
    now.known().unwrap_or(LIBRARY_EPOCH)
}

/// When the cookie ends, in seconds since 1970. `Max-Age` goes before `Expires` (RFC 6265bis, 5.7); without a clock
/// it can only say "now" or "not now".
pub(super) fn expires(cookie: &SetCookie<'_>, now: Time) -> u32 {
    let end = match cookie.max_age {
        Some(0) => 0,
        Some(_) => NEVER - 1, // as far as this goes
        None => cookie.expires.known().unwrap_or(NEVER),
    };
    let age = cookie.max_age.unwrap_or(MAX_AGE).min(MAX_AGE);
    match now.known() {
        Some(now) if end != NEVER => end.min(now.saturating_add(age)),
        _ => end,
    }
}

/// The conditions of RFC 6265bis, section 5.7, under which a cookie may be stored at all.
#[inline(never)]
pub(super) fn is_allowed(cookie: &SetCookie<'_>, site: &Site<'_>) -> bool {
    // A cookie without a name is sent as its value alone, and must not pass for one with a prefix.
    let name = if cookie.name.is_empty() { cookie.value } else { cookie.name };
    let is_host = starts_with(name, b"__Host-");
    let has_prefix = is_host || starts_with(name, b"__Secure-");
    (!has_prefix || cookie.secure && !cookie.name.is_empty())
        && (!is_host || cookie.domain.is_empty() && cookie.path == Some(b"/"))
        && (site.is_https() || !cookie.secure)
        && (cookie.domain.is_empty() || domain_matches(site, cookie.domain))
}

/// RFC 6265bis, 5.1.3: the domain is the host, or a part of its end that a dot comes before.
fn domain_matches(site: &Site<'_>, domain: &[u8]) -> bool {
    let host = site.host().as_bytes();
    let start = host.len().wrapping_sub(domain.len());
    host.get(start..).is_some_and(|end| same_ignoring_case(end, domain))
        && (start == 0 || host.get(start - 1) == Some(&b'.') && !site.host_is_address())
}
