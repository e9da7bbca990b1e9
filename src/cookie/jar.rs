//! The cookies of one site, one record after the other in the caller's memory.
//!
//! Cookies grow from the front of the memory. Behind them a reply *stages* the cookies it brings, which count for
//! nothing until the reply is complete and they are *committed*: a reply that fails leaves the jar as it was.
//!
//! A record is a [header](Record) followed by name, value and path. All cookies of a jar belong to one host, so
//! that a domain, which is that host or a part of its end, is told by its length alone.

use core::cmp::Reverse;
use core::ops::Range;
use core::slice::SliceIndex;

use zeroize::Zeroize;

use super::set_cookie::SetCookie;
use crate::site::Site;
use crate::target::{Path, Target};

/// `name_len: u16, value_len: u16, path_len: u16, domain_len: u8, flags: u8, age: u32, expires: u64`
pub(crate) const HEADER: usize = 20;

/// The value of a field is kept so far behind the end of the jar that the record of a cookie, which is written over it,
/// never overtakes what is still to be read of it.
pub(crate) const VALUE_GAP: usize = HEADER;

const SECURE: u8 = 1;
const HTTP_ONLY: u8 = 2;

/// The `expires` of a cookie that lives as long as the session.
pub(crate) const NEVER: u64 = u64::MAX;

/// No cookie lives longer than 400 days (RFC 6265bis, 5.5).
const MAX_AGE: u64 = 400 * 86_400;

/// 2026-01-01: before this library was. Where neither the caller nor the reply knows the time, a date before this
/// one is past all the same (deletions come with dates in 1970 or 1999).
const LIBRARY_EPOCH: u64 = 1_767_225_600;

/// Cookies in memory that the caller lent. Wiped when given back.
pub(crate) struct Jar<'m> {
    pub memory: &'m mut [u8],
    used: usize,
    /// The age of the next new cookie: a count of the cookies so far.
    next_age: u32,
}

/// What is known when a cookie comes in or goes out.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub site: Site<'a>,
    pub target: Target<'a>,
    /// Seconds since 1970, where the caller has a clock.
    pub now: Option<u64>,
}

/// A cookie in the jar.
#[derive(Clone, Copy)]
pub(crate) struct Record<'j> {
    pub name: &'j [u8],
    pub value: &'j [u8],
    pub path: &'j [u8],
    /// How many bytes of the host's end are its domain; 0 means this host only.
    domain_len: u8,
    flags: u8,
    /// Older cookies have a smaller number; a replaced cookie keeps it.
    pub age: u32,
    pub expires: u64,
}

impl<'a> Context<'a> {
    pub(crate) fn new(site: Site<'a>, path: Path<'a>, now: Option<u64>) -> Self {
        Context { site, target: Target::new(&site, path), now }
    }
}

impl<'j> Record<'j> {
    /// Reads the record at the front of `bytes`.
    fn read(bytes: &'j [u8]) -> Option<Self> {
        let (header, bytes) = bytes.split_first_chunk::<HEADER>()?;
        let [n0, n1, v0, v1, p0, p1, domain_len, flags, a0, a1, a2, a3, expires @ ..] = *header;
        let (name, bytes) = bytes.split_at_checked(u16::from_le_bytes([n0, n1]).into())?;
        let (value, bytes) = bytes.split_at_checked(u16::from_le_bytes([v0, v1]).into())?;
        let (path, _) = bytes.split_at_checked(u16::from_le_bytes([p0, p1]).into())?;
        Some(Record {
            name,
            value,
            path,
            domain_len,
            flags,
            age: u32::from_le_bytes([a0, a1, a2, a3]),
            expires: u64::from_le_bytes(expires),
        })
    }

    fn len(&self) -> usize {
        HEADER + self.name.len() + self.value.len() + self.path.len()
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.flags & SECURE != 0
    }

    pub(crate) fn is_http_only(&self) -> bool {
        self.flags & HTTP_ONLY != 0
    }

    pub(crate) fn is_persistent(&self) -> bool {
        self.expires != NEVER
    }

    /// "the same name, domain, host-only-flag, and path" (RFC 6265bis, 5.7)
    fn is_same_cookie(&self, other: &Record<'_>) -> bool {
        self.name == other.name && self.path == other.path && self.domain_len == other.domain_len
    }

    fn goes_to(&self, context: &Context<'_>) -> bool {
        (context.site.is_https() || !self.is_secure())
            && context.now.is_none_or(|now| self.expires > now)
            && context.target.path_matches(self.path)
    }

    /// "Cookies with longer paths are listed before cookies with shorter paths", then the older before the newer
    /// (RFC 6265bis, 5.8.3).
    fn order(&self) -> (Reverse<usize>, u32) {
        (Reverse(self.path.len()), self.age)
    }
}

impl<'m> Jar<'m> {
    pub(crate) fn new(memory: &'m mut [u8]) -> Self {
        Jar { memory, used: 0, next_age: 0 }
    }

    /// A jar with these records, if that is what they are, in memory that has room for them.
    pub(crate) fn with_records(memory: &'m mut [u8], records: &[u8], next_age: u32) -> Option<Self> {
        let mut jar = Jar { memory, used: records.len(), next_age };
        jar.put(0, records);
        let len: usize = jar.records().map(|record| record.len()).sum();
        (len == records.len()).then_some(jar)
    }

    pub(crate) fn next_age(&self) -> u32 {
        self.next_age
    }

    /// How many bytes of the memory are in use.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// The cookies, the one that was set last at the end.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut rest = self.memory.get(..self.used).unwrap_or_default();
        core::iter::from_fn(move || {
            let record = Record::read(rest)?;
            rest = rest.get(record.len()..)?;
            Some(record)
        })
    }

    /// The cookies that go to the context's target, in the order in which they are sent.
    pub(crate) fn to_send<'j>(&'j self, context: &Context<'_>) -> impl Iterator<Item = Record<'j>> {
        let mut last = None;
        core::iter::from_fn(move || {
            let next = self
                .records()
                .filter(|record| record.goes_to(context) && last.is_none_or(|last| record.order() > last))
                .min_by_key(Record::order)?;
            last = Some(next.order());
            Some(next)
        })
    }

    /// Of the cookies that go to the context's target, the one of this name that was set last, unless it is empty.
    pub(crate) fn newest(&self, name: &str, context: &Context<'_>) -> Option<Record<'_>> {
        self.records()
            .filter(|record| record.name == name.as_bytes() && record.goes_to(context))
            .last()
            .filter(|record| !record.value.is_empty())
    }

    /// Stages the cookie of a `Set-Cookie` line, whose value is at `value` of the memory, as a record at `at`, which is
    /// [`VALUE_GAP`] before it, and returns where the record ends. A cookie that RFC 6265bis says to ignore takes no room.
    ///
    /// Where the first `room` bytes of the memory are too few, the end is beyond them and nothing sensible has been
    /// written.
    pub(crate) fn stage(&mut self, at: usize, value: Range<usize>, room: usize, context: &Context<'_>) -> usize {
        let default_path = context.target.default_path();
        let Some(text) = self.memory.get(..room).and_then(|memory| memory.get(value.clone())) else {
            let path: usize = default_path.iter().map(|piece| piece.len()).sum();
            return at + HEADER + value.len() + path;
        };
        let Some(cookie) = SetCookie::parse(text).filter(|cookie| is_allowed(cookie, &context.site)) else {
            return at;
        };
        // No copies: the record is written over the line, and each part only ever moves to the left.
        let place = |part: &[u8]| {
            let start = (part.as_ptr().addr().wrapping_sub(text.as_ptr().addr())).wrapping_add(value.start);
            start..start.wrapping_add(part.len())
        };
        let (name, pair_value, path) = (place(cookie.name), place(cookie.value), cookie.path.map(place));
        let domain_len = cookie.domain.len() as u8; // allowed ones are no longer than the host
        let flags = u8::from(cookie.secure) * SECURE + u8::from(cookie.http_only) * HTTP_ONLY;
        let expires = expires(&cookie, context.now);

        let name_end = self.shift(name, at + HEADER);
        let value_end = self.shift(pair_value, name_end);
        let end = match path {
            Some(path) => self.shift(path, value_end),
            None => default_path.iter().fold(value_end, |at, piece| self.put(at, piece.as_bytes())),
        };
        self.put(at, &((name_end - at - HEADER) as u16).to_le_bytes());
        self.put(at + 2, &((value_end - name_end) as u16).to_le_bytes());
        self.put(at + 4, &((end - value_end) as u16).to_le_bytes());
        self.put(at + 6, &[domain_len, flags]);
        self.put(at + 12, &expires.to_le_bytes());
        end
    }

    /// Makes the staged cookies, which end at `end`, part of the jar: replaces, adds and deletes. `date` is what the
    /// reply says the time is.
    pub(crate) fn commit(&mut self, end: usize, now: Option<u64>, date: Option<u64>) {
        let (staged_end, mut end) = (end, end);
        let judged_at = now.or(date).unwrap_or(LIBRARY_EPOCH);
        let latest = now.map_or(NEVER, |now| now.saturating_add(MAX_AGE));
        while let Some(staged) = self.memory.get(self.used..end).and_then(Record::read) {
            let len = staged.len();
            let expires = match staged.expires {
                expires if expires <= judged_at => None,
                NEVER => Some(NEVER),
                expires => Some(if now.is_some() { expires.min(latest) } else { NEVER }),
            };
            let mut at = 0;
            let same = self.records().find_map(|record| {
                let range = at..at + record.len();
                at = range.end;
                record.is_same_cookie(&staged).then_some((range, record.age))
            });
            let age = same.as_ref().map_or(self.next_age, |(_, age)| *age);
            if let Some(expires) = expires {
                self.put(self.used + 8, &age.to_le_bytes());
                self.put(self.used + 12, &expires.to_le_bytes());
                if same.is_none() {
                    self.next_age = self.next_age.wrapping_add(1);
                }
                self.used += len;
            } else {
                self.remove(self.used..self.used + len, &mut end);
            }
            if let Some((range, _)) = same {
                self.used -= range.len();
                self.remove(range, &mut end);
            }
        }
        self.wipe(self.used..staged_end);
    }

    /// Makes a value, which stands where that of a record without a name belongs, the only record, and wipes all else.
    pub(crate) fn adopt(&mut self, value_len: usize, path: &[u8], expires: u64, age: u32) {
        let value_end = HEADER + value_len;
        self.used = self.put(value_end, path);
        self.put(0, &0u16.to_le_bytes());
        self.put(2, &(value_len as u16).to_le_bytes());
        self.put(4, &(path.len() as u16).to_le_bytes());
        self.put(6, &[0, 0]);
        self.put(8, &age.to_le_bytes());
        self.put(12, &expires.to_le_bytes());
        self.wipe(self.used..);
    }

    /// Drops the cookies whose time is over.
    pub(crate) fn drop_expired(&mut self, now: u64) {
        let mut at = 0;
        while let Some(record) = self.memory.get(at..self.used).and_then(Record::read) {
            let range = at..at + record.len();
            if record.expires > now {
                at = range.end;
            } else {
                let mut end = self.used;
                self.remove(range, &mut end);
                self.used = end;
            }
        }
    }

    /// Forgets all cookies and wipes all of the memory.
    pub(crate) fn clear(&mut self) {
        self.used = 0;
        self.memory.zeroize();
    }

    /// Overwrites a part of the memory.
    pub(crate) fn wipe(&mut self, range: impl SliceIndex<[u8], Output = [u8]>) {
        self.memory.get_mut(range).unwrap_or_default().zeroize();
    }

    /// Closes the gap that `range` leaves in what ends at `end`.
    fn remove(&mut self, range: Range<usize>, end: &mut usize) {
        self.shift(range.end..*end, range.start);
        *end -= range.len();
    }

    /// Moves bytes to the left, and returns where they end.
    pub(crate) fn shift(&mut self, from: Range<usize>, to: usize) -> usize {
        let by = from.start.wrapping_sub(to);
        if !from.is_empty()
            && let Some(bytes) = self.memory.get_mut(to..from.end)
            && by <= bytes.len()
        {
            bytes.copy_within(by.., 0);
        }
        to + from.len()
    }

    /// Moves bytes to the right, to end at `end`, and returns where they are then.
    pub(crate) fn move_to_end(&mut self, from: Range<usize>, end: usize) -> Range<usize> {
        let to = end.saturating_sub(from.len())..end;
        for (from, to) in from.zip(to.clone()).rev() {
            if let Some(byte) = self.memory.get(from).copied() {
                self.put(to, &[byte]);
            }
        }
        to
    }

    /// Writes bytes where the memory has room for them, and returns where they end.
    pub(crate) fn put(&mut self, at: usize, bytes: &[u8]) -> usize {
        let end = at + bytes.len();
        for (to, from) in self.memory.get_mut(at..).unwrap_or_default().iter_mut().zip(bytes) {
            *to = *from;
        }
        end
    }
}

impl Drop for Jar<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// When the cookie ends, in seconds since 1970. `Max-Age` goes before `Expires` (RFC 6265bis, 5.7); without a clock
/// it can only say "now" or "not now".
fn expires(cookie: &SetCookie<'_>, now: Option<u64>) -> u64 {
    match (cookie.max_age, now) {
        (Some(0), _) => 0,
        (Some(age), Some(now)) => now.saturating_add(age.min(MAX_AGE)),
        (Some(_), None) => NEVER,
        (None, _) => cookie.expires.unwrap_or(NEVER),
    }
}

/// The conditions of RFC 6265bis, section 5.7, under which a cookie may be stored at all.
fn is_allowed(cookie: &SetCookie<'_>, site: &Site<'_>) -> bool {
    let starts_with = |text: &[u8], prefix: &str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    // A cookie without a name is sent as its value alone, and must not pass for one with a prefix.
    let name = if cookie.name.is_empty() { cookie.value } else { cookie.name };
    let prefix_holds = if starts_with(name, "__Host-") {
        !cookie.name.is_empty() && cookie.secure && cookie.domain.is_empty() && cookie.path == Some(b"/")
    } else if starts_with(name, "__Secure-") {
        !cookie.name.is_empty() && cookie.secure
    } else {
        true
    };
    prefix_holds
        && (site.is_https() || !cookie.secure)
        && (cookie.domain.is_empty() || domain_matches(site, cookie.domain))
}

/// RFC 6265bis, 5.1.3: the domain is the host, or a part of its end that a dot comes before.
fn domain_matches(site: &Site<'_>, domain: &[u8]) -> bool {
    let host = site.host().as_bytes();
    let Some((front, end)) = host.len().checked_sub(domain.len()).and_then(|at| host.split_at_checked(at)) else {
        return false;
    };
    end.eq_ignore_ascii_case(domain) && (front.is_empty() || front.ends_with(b".") && !site.host_is_address())
}
