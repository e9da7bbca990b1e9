//! The cookies of one site, one record after the other in the caller's memory, in the order in which they are sent.
//!
//! Cookies grow from the front of the memory. Behind them a reply *stages* the cookies it brings, which count for
//! nothing until the reply is complete and they are *committed*: a reply that fails leaves the jar as it was.
//!
//! All cookies of a jar belong to one host, so that a domain, which is that host or a part of its end, is told by its
//! length alone.

use core::ops::Range;

use zeroize::Zeroize;

use super::record::{Context, EXPIRES_AT, HEADER, Record};
use super::rules::{LIBRARY_EPOCH, clock, end, is_allowed};
use super::set_cookie::SetCookie;
use crate::site::Site;
use crate::site::{path::Path, target::Target};
use crate::text::time::Time;

//= 6265bis-6.1-50
/// The most cookies that a session keeps, and takes from one reply. One more takes the place of the one that was set longest
/// ago, as RFC 6265bis, 5.7, has it; it asks for room for 50.
pub const MAX_COOKIES: usize = 64;

/// The value of a field is kept so far behind the end of the jar that the record of a cookie, which is written over it,
/// never overtakes what is still to be read of it.
pub(crate) const VALUE_GAP: usize = HEADER;

/// What a cookie takes beside its line where it names no path: more than that of a sign-in has, with a short base path before.
const PATH_ROOM: usize = 64;

/// Cookies in memory that the caller lent. Wiped when given back.
pub(crate) struct Jar<'m> {
    pub memory: &'m mut [u8],
    used: usize,
    /// Where the staged cookies end.
    staged_end: usize,
    /// The stamp of the next cookie that is set: a count of those before it.
    next_stamp: u32,
    /// The same, the staged cookies counted.
    staged_stamp: u32,
    /// How many bytes of the memory may not be as they were lent: from the front, and from the end.
    written: usize,
    written_at_end: usize,
    /// Set where the session has ended and no ticket has come since.
    pub ended: Option<&'static Ended>,
}

/// How the cookies that an ended session has left give way to what a reply brings. As a function in a table, so that a program
/// links it which tells of ends, and no other.
pub(crate) struct Ended {
    pub give_way: fn(&mut Jar<'_>, usize, usize),
}

static ENDED: Ended = Ended { give_way: |jar, len, room| jar.give_way(len, room) };

impl<'m> Jar<'m> {
    pub(crate) const fn new(memory: &'m mut [u8]) -> Self {
        Jar {
            memory,
            used: 0,
            staged_end: 0,
            next_stamp: 0,
            staged_stamp: 0,
            written: 0,
            written_at_end: 0,
            ended: None,
        }
    }

    /// This jar in the memory that it has been in, where it is kept apart from it.
    #[cfg(feature = "alloc")]
    pub(crate) fn with_memory<'n>(&self, memory: &'n mut [u8]) -> Jar<'n> {
        Jar { memory, ..*self }
    }

    /// The jar apart from its memory, in which only the cookies stand then. What is left is a jar without memory.
    #[cfg(feature = "alloc")]
    pub(crate) fn take_apart(&mut self) -> Jar<'static> {
        self.unstage();
        self.wipe_rest();
        self.memory = &mut [];
        Jar { memory: &mut [], ..*self }
    }

    /// An empty jar for memory of which nothing is known, kept apart from it.
    #[cfg(feature = "alloc")]
    pub(crate) fn unknown(memory_len: usize) -> Jar<'static> {
        let mut jar = Jar::new(&mut []);
        jar.written = memory_len;
        jar
    }

    /// Whether these bytes are records as a jar may have them.
    #[expect(clippy::arithmetic_side_effects, reason = "no more than the bytes have records")]
    pub(crate) fn are_records(bytes: &[u8]) -> bool {
        let (mut rest, mut cookies) = (bytes, 0);
        while let Some(record) = &Record::read(rest) {
            rest = rest.get(record.len()..).unwrap_or_default();
            cookies += usize::from(!record.is_authorization());
            if !record.keeps_to_its_line() || cookies > MAX_COOKIES {
                return false;
            }
        }
        rest.is_empty()
    }

    /// Takes these records for all that there is. The memory has room for them.
    pub(crate) fn load(&mut self, records: &[u8], next_stamp: u32) {
        self.clear();
        self.ended = None;
        self.next_stamp = next_stamp;
        self.used = self.put(0, records);
        self.unstage();
        self.note(self.used);
    }

    pub(crate) fn next_stamp(&self) -> u32 {
        self.next_stamp
    }

    /// How many bytes of the memory are in use.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// The record that begins here and ends no later than there. `at` is then where it ends.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))] // where it is inlined, cookies are gone through in fewer steps
    #[expect(clippy::arithmetic_side_effects, reason = "a record that is there ends in the memory")]
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
        self.staged_stamp = self.next_stamp;
    }

    /// The cookies, the one that was set last at the end: a listing for people, each found by going through all.
    pub(crate) fn listing(&self) -> impl Iterator<Item = Record<'_>> {
        let mut last_age = u32::MAX;
        core::iter::from_fn(move || {
            let (mut at, mut age, mut next) = (0, 0, None);
            while let Some(record) = self.next_record(&mut at, self.used) {
                if (age..last_age).contains(&self.age(&record)) && !record.is_authorization() {
                    (age, next) = (self.age(&record), Some(record));
                }
            }
            last_age = age;
            next
        })
    }

    /// How many times a cookie has been set since this one was, that time counted.
    pub(crate) fn age(&self, record: &Record<'_>) -> u32 {
        self.staged_stamp.wrapping_sub(record.stamp())
    }

    /// Of the cookies that go to the context's target, `name=value` of the first one from `at` on, which is 0 or where
    /// this has been before. `at` is then where it ends.
    pub(crate) fn next_to_send(&self, at: &mut usize, context: &Context<'_>) -> Option<&[u8]> {
        while let Some(record) = &self.next_record(at, self.used) {
            if record.goes_to(context) {
                return Some(record.pair);
            }
        }
        None
    }

    /// Of the cookies that go to the context's target, the value of the one of this name, which has its `=` behind it,
    /// that was set last, unless it is empty.
    pub(crate) fn newest(&self, name: &str, context: &Context<'_>) -> Option<&[u8]> {
        self.newest_with_age(name.as_bytes(), context).0
    }

    /// As [`newest`](Jar::newest), and how many cookies have been set since, it counted; the most there are for none.
    #[inline(never)]
    pub(crate) fn newest_with_age(&self, name: &[u8], context: &Context<'_>) -> (Option<&[u8]>, u32) {
        let (mut at, mut age, mut newest) = (0, u32::MAX, &[][..]);
        while let Some(record) = &self.next_record(&mut at, self.used) {
            if record.has_name(name) && self.age(record) <= age && record.goes_to(context) {
                (age, newest) = (self.age(record), record.value());
            }
        }
        if newest.is_empty() { (None, u32::MAX) } else { (Some(newest), age) }
    }

    /// Stages the cookie of a `Set-Cookie` line, whose value is at `value` of the memory, [`VALUE_GAP`] behind the staged
    /// cookies. A cookie that RFC 6265bis says to ignore takes no room, and one that is staged already gives up its own.
    ///
    /// Where the first `room` bytes of the memory are too few, the staged cookies end beyond them and nothing sensible has
    /// been written. Returns how much of the memory it took.
    ///
    /// It came from this path of the site.
    pub(crate) fn stage(&mut self, value: Range<usize>, room: usize, site: &Site<'_>, path: &Path<'_>) -> usize {
        let start = self.staged_end;
        let end = self.read_line(value, room, site, path);
        self.staged_end = end;
        if start < end && end <= room {
            self.staged_stamp = self.staged_stamp.wrapping_add(1);
            self.staged_end = self.place(start..end, LIBRARY_EPOCH, false);
        }
        end
    }

    /// Has the first cookie, if there is one, give up its room to the staged ones and `len` bytes behind these, where no more
    /// than [`PATH_ROOM`] is left beyond them. This is asked for each byte, and so there is as much in time.
    #[inline(never)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "the first record, which is among those in use; and what a head adds to the cookies, which is bounded"
    )]
    fn give_way(&mut self, len: usize, room: usize) {
        let (mut given, end) = (0, self.memory.len().min(self.staged_end + len));
        if end + PATH_ROOM >= room {
            let _ = self.next_record(&mut given, self.used);
            self.shift(given..end, 0);
            self.used -= given;
            self.staged_end -= given;
        }
    }

    /// Makes a record of the cookie of a line behind the staged cookies, and returns where it ends.
    #[inline(never)] // what it takes of the stack is not to be below the next step
    #[expect(clippy::cast_possible_truncation, reason = "a domain that is allowed is no longer than the host")]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "places in the memory, from left to right; or what a head adds to the cookies, which is bounded"
    )]
    fn read_line(&mut self, value: Range<usize>, room: usize, site: &Site<'_>, path: &Path<'_>) -> usize {
        let at = self.staged_end;
        let Some(text) = self.memory.get(..room).and_then(|memory| memory.get(value.clone())) else {
            return self.put_default_path(at + HEADER + (value.end - value.start), site, path);
        };
        let Some((mut cookie, attributes)) = SetCookie::begin(text) else { return at };
        cookie.take(attributes);
        if !is_allowed(&cookie, site) {
            return at;
        }
        // No copies: the record is written over the line, and each part only ever moves to the left.
        let place = |part: &[u8]| {
            let start = part.as_ptr().addr().wrapping_sub(self.memory.as_ptr().addr());
            start..start.wrapping_add(part.len())
        };
        let (name, pair_value, own_path) = (place(cookie.name), place(cookie.value), cookie.path.map(place));
        let domain_len = cookie.domain.len() as u8; // allowed ones are no longer than the host
        let SetCookie { flags, end: expires, .. } = cookie;

        let mut name_end = self.shift(name.clone(), at + HEADER);
        if !name.is_empty() {
            name_end = self.put(name_end, b"=");
        }
        let value_end = self.shift(pair_value, name_end);
        let end = match own_path {
            Some(own_path) => self.shift(own_path, value_end),
            None => self.put_default_path(value_end, site, path),
        };
        let lengths = [
            pair(name_end - at - HEADER, value_end - name_end),
            pair(end - value_end, usize::from(flags) << 8 | usize::from(domain_len)),
        ];
        self.put_header(at, lengths, self.staged_stamp, expires);
        end
    }

    //= 6265bis-5.7-stored
    /// Has a record take its place: among the staged cookies before it, or at the commit among those of the jar, where one
    /// that is over is only deleted. Returns where these end then.
    ///
    /// "If the cookie store contains a cookie with the same name, domain, host-only-flag, and path": the new one takes its
    /// place. Any other comes behind those whose paths are as long. One that is set anew after a deletion is another.
    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "places in the memory, and no more records than it has bytes")]
    fn place(&mut self, new: Range<usize>, judged_at: u32, is_commit: bool) -> usize {
        const SAME: u32 = u32::MAX;
        let (mut start, end) = if is_commit { (0, self.used) } else { (self.used, new.start) };
        let mut at = new.start;
        let Some(cookie) = &self.next_record(&mut at, new.end) else { return end };
        let is_over = cookie.expires() <= judged_at;
        let is_deleted = is_over && is_commit;
        //= 6265bis-5.7-excess, 6265bis-5.7-oldest
        // What gives up its place: the same cookie, or the one that was set longest ago if there are too many.
        let (mut place, mut gone) = (start, start..start);
        at = start;
        let (mut count, mut longest_ago) = (0, 0);
        while let Some(record) = &self.next_record(&mut at, end) {
            let mut age = 0;
            if !record.is_authorization() {
                count += 1;
                age = self.age(record);
            }
            //= 6265bis-5.8.3-order
            if record.path.len() >= cookie.path.len() {
                place = at;
                if record.is_same_cookie(cookie) && (is_over || record.expires() > judged_at) {
                    age = SAME;
                }
            }
            if age >= longest_ago {
                (longest_ago, gone) = (age, start..at);
            }
            start = at;
        }
        if longest_ago == SAME {
            place = gone.start;
        } else if is_deleted || count < MAX_COOKIES {
            gone = place..place;
        } else if gone.start < place {
            place -= gone.end - gone.start;
        }
        let new_end = place + (new.end - new.start);
        if gone.start == place && gone.end == new_end && !is_deleted {
            self.shift(new, place);
            return end;
        }
        let end = self.shift(gone.end..end, gone.start);
        if is_deleted {
            return end;
        }
        let last = self.shift(new, end);
        if place < end {
            // All from there on is turned round, and then either part.
            self.reverse(place..last);
            self.reverse(place..new_end);
            self.reverse(new_end..last);
        }
        last
    }

    /// Turns bytes round.
    #[inline(never)]
    pub(crate) fn reverse(&mut self, range: Range<usize>) {
        // Not by `reverse`, of which some builds keep code that can panic.
        let half = range.len() / 2;
        let bytes = self.memory.get_mut(range).unwrap_or_default();
        let (front, back) = bytes.split_at_mut_checked(half).unwrap_or_default();
        front.iter_mut().zip(back.iter_mut().rev()).for_each(|(one, other)| core::mem::swap(one, other));
    }

    /// Writes the path of a cookie that names none, and returns where it ends.
    #[inline(never)]
    fn put_default_path(&mut self, at: usize, site: &Site<'_>, path: &Path<'_>) -> usize {
        let pieces = Target::new(site, *path).default_path();
        let end = pieces.iter().fold(at, |end, piece| self.put(end, piece));
        self.note(end); // which may lie behind that of the line
        end
    }

    /// Writes the header of a record. The lengths are those of name and value, and that of the path with what comes after
    /// it, as a [`pair`] each.
    fn put_header(&mut self, at: usize, lengths: [u32; 2], stamp: u32, expires: u32) {
        let words = self.memory.get_mut(at..).unwrap_or_default().as_chunks_mut().0;
        if let [first, second, third, fourth, ..] = words {
            *first = lengths[0].to_le_bytes();
            *second = lengths[1].to_le_bytes();
            *third = stamp.to_le_bytes();
            *fourth = expires.to_le_bytes();
        }
    }

    /// Makes the staged cookies part of the jar: replaces, adds and deletes. `date` is the time by the site's clock.
    ///
    /// It goes through them once, and moves each to its place. What lies between the cookies and those that are still staged
    /// is free.
    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the memory, or right behind it")]
    pub(crate) fn commit(&mut self, now: Time, date: Time) {
        let (now, last) = (clock(now), self.staged_end);
        let (mut next, mut start) = (self.used, self.used);
        while let Some(staged) = &self.next_record(&mut next, last) {
            let end = end(staged.expires(), now, clock(date));
            self.put(start + EXPIRES_AT, &end.to_le_bytes());
            self.used = self.place(start..next, now.known().unwrap_or_default(), true);
            start = next;
        }
        self.next_stamp = self.staged_stamp;
        self.unstage();
        self.wipe(self.used..last);
    }

    /// Makes a value, which stands where that of a record without a name belongs, the only record, and wipes all else. Its path
    /// begins with this one, and so many bytes of it stand behind that already.
    #[expect(clippy::arithmetic_side_effects, reason = "the memory has room for the record")]
    pub(crate) fn adopt(&mut self, value_len: usize, path: &[u8], more: usize, expires: u32, stamp: u32) {
        self.ended = None;
        self.used = self.put(HEADER + value_len, path) + more;
        self.unstage();
        self.put_header(0, [pair(0, value_len), pair(path.len() + more, 0)], stamp, expires);
        self.wipe_rest();
    }

    //= 6265bis-5.7-expired
    /// Drops the cookies whose time is over and, where the cookies authorise, the record of something else that does. Wipes
    /// their place. None is staged.
    #[inline(never)] // its record is not to be on the stack of what comes after it
    pub(crate) fn drop_over(&mut self, now: Time, cookies_authorise: bool) {
        let now = clock(now).known().unwrap_or_default();
        let (mut at, mut start, mut kept, end) = (0, 0, 0, self.used);
        while let Some(record) = &self.next_record(&mut at, end) {
            let is_over = if record.is_authorization() { cookies_authorise } else { record.expires() <= now };
            if !is_over {
                let stays = cfg!(target_pointer_width = "64") && kept == start;
                kept = if stays { at } else { self.shift(start..at, kept) };
            }
            start = at;
        }
        self.used = kept;
        self.unstage();
        self.wipe(kept..end);
    }

    /// The session has ended: drops the cookies that its login has brought. What is left gives way until there is a ticket
    /// again.
    pub(crate) fn end(&mut self) {
        self.expire(|_, record| record.is_of_a_login());
        self.drop_over(Time::UNKNOWN, false);
        self.ended = Some(&ENDED);
    }

    /// Has those be over, whatever the time, of which that is true; [`drop_over`](Jar::drop_over) then drops them.
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the memory, or right behind it")]
    pub(crate) fn expire(&mut self, is_over: impl Fn(&Self, &Record<'_>) -> bool) {
        let (mut at, mut start) = (0, 0);
        while let Some(record) = &self.next_record(&mut at, self.used) {
            if is_over(self, record) {
                self.put(start + EXPIRES_AT, &[0; 4]);
            }
            start = at;
        }
    }

    /// Forgets all cookies and wipes all of the memory that has been written.
    pub(crate) fn clear(&mut self) {
        self.used = 0;
        self.unstage();
        self.wipe_rest();
    }

    /// Notes that the memory may have been written from its front up to here. Whoever writes to it says so.
    #[inline(never)]
    pub(crate) fn note(&mut self, end: usize) {
        self.note_here(end);
    }

    #[inline(always)]
    pub(crate) fn note_here(&mut self, end: usize) {
        self.written = self.written.max(end.min(self.memory.len()));
    }

    /// The place of a byte that is to be written, if so many bytes at the memory's end are behind it.
    #[inline(always)] // into the one place where it is asked
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the memory")]
    pub(crate) fn place_to_write(&mut self, at: usize, reserved: usize) -> Option<&mut u8> {
        let place = self.memory.get_mut(at..).filter(|rest| rest.len() > reserved)?.first_mut()?;
        if self.written <= at {
            self.written = at + 1;
        }
        Some(place)
    }

    /// Notes that the memory may have been written from here to its end.
    pub(crate) fn note_at_end(&mut self, start: usize) {
        self.written_at_end = self.written_at_end.max(self.memory.len().saturating_sub(start));
    }

    /// Overwrites a part of the memory.
    #[inline(never)]
    pub(crate) fn wipe(&mut self, range: Range<usize>) {
        // Large steps are for speed; a chip has more use for the bytes that they take.
        const STEP: usize = if cfg!(target_pointer_width = "64") { 16 } else { 1 };
        if cfg!(target_pointer_width = "64") && range.is_empty() {
            return;
        }
        let (chunks, rest) = self.memory.get_mut(range).unwrap_or_default().as_chunks_mut::<STEP>();
        chunks.iter_mut().for_each(|chunk| chunk.as_mut_slice().zeroize());
        rest.iter_mut().for_each(Zeroize::zeroize);
    }

    /// Overwrites what has been written behind the cookies.
    #[inline(never)]
    pub(crate) fn wipe_rest(&mut self) {
        self.wipe(self.used..self.written);
        let len = self.memory.len();
        self.wipe(len.saturating_sub(self.written_at_end)..len);
        self.written = self.used;
        self.written_at_end = 0;
    }

    /// Overwrites what has been written behind the staged cookies and before `room`.
    pub(crate) fn wipe_lines(&mut self, room: usize) {
        self.wipe(self.staged_end..self.written.min(room));
        self.written = self.staged_end;
    }

    /// Moves bytes to the left, and returns where they end.
    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "what is moved is in the memory, and goes to the left")]
    pub(crate) fn shift(&mut self, from: Range<usize>, to: usize) -> usize {
        let by = from.start.wrapping_sub(to);
        if by > 0
            && let Some(bytes) = self.memory.get_mut(to..from.end)
            && by <= bytes.len()
        {
            bytes.copy_within(by.., 0);
        }
        to + (from.end - from.start)
    }

    /// Moves bytes to the right, to end at `end`, and returns where they are then.
    #[expect(clippy::arithmetic_side_effects, reason = "a place in what is moved, which is in the memory")]
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
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "a place in the memory, or what a head adds to the cookies, which is bounded"
    )]
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
#[expect(clippy::cast_possible_truncation, reason = "names, values and paths that are taken are shorter than 64 KiB")]
fn pair(first: usize, second: usize) -> u32 {
    u32::from(first as u16) | u32::from(second as u16) << 16
}
