//! The cookies of one site, one record after the other in the caller's memory.
//!
//! Cookies grow from the front of the memory. Behind them a reply *stages* the cookies it brings, which count for
//! nothing until the reply is complete and they are *committed*: a reply that fails leaves the jar as it was.
//!
//! All cookies of a jar belong to one host, so that a domain, which is that host or a part of its end, is told by its
//! length alone.

use core::ops::Range;

use zeroize::Zeroize;

use super::record::{Context, HEADER, HTTP_ONLY, NEVER, Record, SECURE};
use super::set_cookie::SetCookie;
use crate::site::Site;
use crate::site::{path::Path, target::Target};
use crate::text::bytes::starts_with;
use crate::text::time::Time;

/// The value of a field is kept so far behind the end of the jar that the record of a cookie, which is written over it,
/// never overtakes what is still to be read of it.
pub(crate) const VALUE_GAP: usize = HEADER;

/// No cookie lives longer than 400 days (RFC 6265bis, 5.5).
const MAX_AGE: u32 = 400 * 86_400;

/// 2026-01-01: before this library was. Where neither the caller nor the reply knows the time, a date before this
/// one is past all the same (deletions come with dates in 1970 or 1999).
const LIBRARY_EPOCH: u64 = 1_767_225_600;

/// Cookies in memory that the caller lent. Wiped when given back.
pub(crate) struct Jar<'m> {
    pub memory: &'m mut [u8],
    used: usize,
    /// Where the staged cookies end.
    staged_end: usize,
    /// The age of the next new cookie: a count of the cookies so far.
    next_age: u32,
}

impl<'m> Jar<'m> {
    pub(crate) fn new(memory: &'m mut [u8]) -> Self {
        Jar { memory, used: 0, staged_end: 0, next_age: 0 }
    }

    /// A jar with these records, if that is what they are, in memory that has room for them.
    pub(crate) fn with_records(memory: &'m mut [u8], records: &[u8], next_age: u32) -> Option<Self> {
        let mut jar = Jar { memory, used: records.len(), staged_end: records.len(), next_age };
        jar.put(0, records);
        let mut at = 0;
        while let Some(record) = &jar.next_record(&mut at, records.len()) {
            if !record.keeps_to_its_line() {
                return None;
            }
        }
        (at == records.len()).then_some(jar)
    }

    pub(crate) fn next_age(&self) -> u32 {
        self.next_age
    }

    /// How many bytes of the memory are in use.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// The record that begins here and ends no later than there. `at` is then where it ends.
    pub(crate) fn next_record(&self, at: &mut usize, end: usize) -> Option<Record<'_>> {
        let record = Record::read(self.memory.get(*at..end)?)?;
        *at += record.len();
        Some(record)
    }

    /// Where the staged cookies end.
    pub(crate) fn staged_end(&self) -> usize {
        self.staged_end
    }

    /// Forgets the staged cookies.
    pub(crate) fn unstage(&mut self) {
        self.staged_end = self.used;
    }

    /// The cookies, the one that was set last at the end.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut at = 0;
        core::iter::from_fn(move || self.next_record(&mut at, self.used))
    }

    /// Of the cookies that go to the context's target, name and value of the one that is sent after the one of this
    /// [order](Record::order). `order` is then its own.
    pub(crate) fn next_to_send(&self, order: &mut u64, context: &Context<'_>) -> Option<(&[u8], &[u8])> {
        let (mut at, mut next_order, mut next) = (0, u64::MAX, None);
        while let Some(record) = &self.next_record(&mut at, self.used) {
            let is_nearer = record.order() > *order && record.order() < next_order;
            if is_nearer && record.goes_to(context) {
                (next_order, next) = (record.order(), Some((record.name, record.value)));
            }
        }
        *order = next_order;
        next
    }

    /// Of the cookies that go to the context's target, the one at a place in the order of sending, and the place after it.
    pub(crate) fn to_send(&self, place: usize, context: &Context<'_>) -> Option<(&[u8], &[u8], usize)> {
        let mut order = 0;
        for _ in 0..place {
            self.next_to_send(&mut order, context)?;
        }
        self.next_to_send(&mut order, context).map(|(name, value)| (name, value, place + 1))
    }

    /// Of the cookies that go to the context's target, the value of the one of this name that was set last, unless it is
    /// empty.
    pub(crate) fn newest(&self, name: &str, context: &Context<'_>) -> Option<&[u8]> {
        let (mut at, mut newest) = (0, &[][..]);
        while let Some(record) = &self.next_record(&mut at, self.used) {
            if record.name == name.as_bytes() && record.goes_to(context) {
                newest = record.value;
            }
        }
        Some(newest).filter(|value| !value.is_empty())
    }

    /// Stages the cookie of a `Set-Cookie` line, whose value is at `value` of the memory, [`VALUE_GAP`] behind the staged
    /// cookies. A cookie that RFC 6265bis says to ignore takes no room.
    ///
    /// Where the first `room` bytes of the memory are too few, the staged cookies end beyond them and nothing sensible has
    /// been written.
    ///
    /// It came from this path of the site, at this time.
    pub(crate) fn stage(&mut self, value: Range<usize>, room: usize, site: &Site<'_>, path: &Path<'_>, now: &Time) {
        let at = self.staged_end;
        let Some(text) = self.memory.get(..room).and_then(|memory| memory.get(value.clone())) else {
            self.staged_end = self.put_default_path(at + HEADER + value.len(), site, path);
            return;
        };
        let Some((mut cookie, attributes)) = SetCookie::begin(text) else { return };
        cookie.take(attributes);
        if !is_allowed(&cookie, site) {
            return;
        }
        // No copies: the record is written over the line, and each part only ever moves to the left.
        let place = |part: &[u8]| {
            let start = (part.as_ptr().addr().wrapping_sub(text.as_ptr().addr())).wrapping_add(value.start);
            start..start.wrapping_add(part.len())
        };
        let (name, pair_value, own_path) = (place(cookie.name), place(cookie.value), cookie.path.map(place));
        let domain_len = cookie.domain.len() as u8; // allowed ones are no longer than the host
        let flags = u8::from(cookie.secure) * SECURE + u8::from(cookie.http_only) * HTTP_ONLY;
        let expires = expires(&cookie, *now);

        let name_end = self.shift(name, at + HEADER);
        let value_end = self.shift(pair_value, name_end);
        let end = match own_path {
            Some(own_path) => self.shift(own_path, value_end),
            None => self.put_default_path(value_end, site, path),
        };
        let lengths = [
            pair(name_end - at - HEADER, value_end - name_end),
            pair(end - value_end, usize::from(flags) << 8 | usize::from(domain_len)),
        ];
        self.put_header(at, lengths, 0, expires);
        self.staged_end = end;
    }

    /// Writes the path of a cookie that names none, and returns where it ends.
    #[inline(never)]
    fn put_default_path(&mut self, at: usize, site: &Site<'_>, path: &Path<'_>) -> usize {
        let pieces = Target::new(site, *path).default_path();
        pieces.iter().fold(at, |end, piece| self.put(end, piece))
    }

    /// Writes the header of a record. The lengths are those of name and value, and that of the path with what comes after
    /// it, as a [`pair`] each.
    fn put_header(&mut self, at: usize, lengths: [u32; 2], age: u32, expires: u64) {
        let [first, second] = lengths;
        let mut at = at;
        for word in &[first, second, age, expires as u32, (expires >> 32) as u32] {
            at = self.put(at, &word.to_le_bytes());
        }
    }

    /// Makes the staged cookies part of the jar: replaces, adds and deletes. `date` is what the reply says the time is.
    pub(crate) fn commit(&mut self, now: Time, date: Time) {
        let staged_end = self.staged_end;
        let judged_at = now.or(date).known().unwrap_or(LIBRARY_EPOCH);
        let mut end = self.used;
        // The records are borrowed where they are read: a copy would be on the stack, too.
        while let Some(staged) = &self.next_record(&mut end, self.staged_end) {
            let new = self.used..end;
            let is_over = staged.expires <= judged_at;
            // The cookie whose place it takes; an empty range if there is none.
            let (mut old, mut age) = (0..0, self.next_age);
            let (mut at, mut start) = (0, 0);
            while let Some(record) = &self.next_record(&mut at, self.used) {
                if record.is_same_cookie(staged) {
                    (old, age) = (start..at, record.age);
                    break;
                }
                start = at;
            }
            if is_over {
                self.remove(new);
            } else {
                self.put(new.start + 8, &age.to_le_bytes());
                if now.known().is_none() {
                    self.put(new.start + 12, &NEVER.to_le_bytes()); // it lives as long as the session
                }
                self.next_age = self.next_age.wrapping_add(old.is_empty().into());
                self.used = new.end;
            }
            self.used -= old.len();
            self.remove(old);
            end = self.used;
        }
        self.wipe(self.used..staged_end);
    }

    /// Makes a value, which stands where that of a record without a name belongs, the only record, and wipes all else.
    pub(crate) fn adopt(&mut self, value_len: usize, path: &[u8], expires: u64, age: u32) {
        self.used = self.put(HEADER + value_len, path);
        self.unstage();
        self.put_header(0, [pair(0, value_len), pair(path.len(), 0)], age, expires);
        self.wipe_rest();
    }

    /// Drops the cookies whose time is over and, where the cookies authorise, the record of something else that does. Wipes
    /// their place. None is staged.
    #[inline(never)] // its record is not to be on the stack of what comes after it
    pub(crate) fn drop_over(&mut self, now: u64, cookies_authorise: bool) {
        let (mut at, mut start, end) = (0, 0, self.used);
        while let Some(record) = &self.next_record(&mut at, self.used) {
            if record.expires <= now || cookies_authorise && record.is_authorization() {
                self.remove(start..at);
                self.used = self.staged_end;
                at = start;
            } else {
                start = at;
            }
        }
        self.wipe(self.used..end);
    }

    /// Forgets all cookies and wipes all of the memory.
    pub(crate) fn clear(&mut self) {
        self.used = 0;
        self.unstage();
        self.wipe_rest();
    }

    /// Overwrites a part of the memory.
    pub(crate) fn wipe(&mut self, range: Range<usize>) {
        self.memory.get_mut(range).unwrap_or_default().zeroize();
    }

    /// Overwrites what is behind the cookies.
    pub(crate) fn wipe_rest(&mut self) {
        self.wipe(self.used..self.memory.len());
    }

    /// Closes the gap that `range` leaves in what ends with the staged cookies.
    #[inline(never)]
    fn remove(&mut self, range: Range<usize>) {
        self.staged_end = self.shift(range.end..self.staged_end, range.start);
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
        let start = end.saturating_sub(from.len());
        for at in (0..from.len()).rev() {
            if let Some(byte) = self.memory.get(from.start + at).copied()
                && let Some(place) = self.memory.get_mut(start + at)
            {
                *place = byte;
            }
        }
        start..end
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

/// Two numbers of 16 bits.
fn pair(first: usize, second: usize) -> u32 {
    u32::from(first as u16) | u32::from(second as u16) << 16
}

/// When the cookie ends, in seconds since 1970. `Max-Age` goes before `Expires` (RFC 6265bis, 5.7); without a clock
/// it can only say "now" or "not now".
fn expires(cookie: &SetCookie<'_>, now: Time) -> u64 {
    let at_age = |age: u32| now.known().map(|now| now.saturating_add(age.min(MAX_AGE).into()));
    match (cookie.max_age, cookie.expires.known()) {
        (Some(age), _) => at_age(age).unwrap_or(if age == 0 { 0 } else { NEVER }),
        (None, Some(end)) => end.min(at_age(MAX_AGE).unwrap_or(NEVER)),
        (None, None) => NEVER,
    }
}

/// The conditions of RFC 6265bis, section 5.7, under which a cookie may be stored at all.
#[inline(never)]
fn is_allowed(cookie: &SetCookie<'_>, site: &Site<'_>) -> bool {
    // A cookie without a name is sent as its value alone, and must not pass for one with a prefix.
    let name = if cookie.name.is_empty() { cookie.value } else { cookie.name };
    let prefix_holds = if starts_with(name, b"__Host-") {
        !cookie.name.is_empty() && cookie.secure && cookie.domain.is_empty() && cookie.path == Some(b"/")
    } else if starts_with(name, b"__Secure-") {
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
    end.eq_ignore_ascii_case(domain) && (front.is_empty() || front.last() == Some(&b'.') && !site.host_is_address())
}
