//! A session as bytes, for a device that is to survive a restart, or for gateways that share one login.
//!
//! All numbers are little-endian.
//!
//! | bytes | content |
//! |---|---|
//! | 0 to 3 | `CRAU` |
//! | 4 | the version of this format, 3 |
//! | 5 | how many sign-ins there were whose outcome nobody knows; where one was refused, 128 and the number of the verdict, if it had one |
//! | 6 to 7 | 0 |
//! | 8 to 11 | CRC-32 of the site's URL as [`Site`] prints it, letters of the host in lower case |
//! | 12 to 15 | the stamp of the next cookie that is set |
//! | 16 to 19 | the time by which the cookies end, in seconds since 1970 and one more; 0 if it is unknown |
//! | 20 to 23 | what the caller's clock said then, likewise |
//! | 24 to 27 | what the site's clock said then, likewise |
//! | 28 to 31 | the length of the cookies |
//! | then | the cookies, each: lengths of name, value and path (2 bytes each), length of the domain (1), flags (1: 1 is Secure, 2 is HttpOnly), stamp (4), end in seconds since 1970 (4, all ones for none), name, value, path; a name that is not empty has its `=` behind it, which counts |
//! | last 4 | CRC-32 of all before |
//!
//! The cookies stand in the order in which they are sent. A stamp counts the cookies that had been set before, modulo 2³².
//!
//! A record whose path begins with NUL is no cookie: its value is that of the field `Authorization`, what stands behind the NUL is
//! the refresh token, and the stamp is how many seconds the token was to live.
//!
//! The CRC is that of ISO-HDLC, which zip and Ethernet use. It finds accidents, not forgers.

use crate::cookie::jar::Jar;
use crate::session::Session;
use crate::session::attempts::Attempts;
use crate::session::error::SnapshotError;
use crate::site::Site;
use crate::text::encoding::Digits;
use crate::text::fault::BufferTooSmall;
use crate::text::template::{Out, Slot};
use crate::text::time::Time;

const VERSION: u8 = 3;
const HEAD: usize = 32;
const TAIL: usize = 4;

/// How many bytes a snapshot has besides the cookies: a buffer of as many bytes as the session has memory, and these, is enough for
/// any of it.
pub const SNAPSHOT_OVERHEAD: usize = HEAD + TAIL;

impl Session<'_> {
    /// How many bytes [`write_snapshot`](Session::write_snapshot) takes now: [`SNAPSHOT_OVERHEAD`](crate::SNAPSHOT_OVERHEAD) and the
    /// cookies.
    #[expect(clippy::arithmetic_side_effects, reason = "no memory is as long as a `usize` counts")]
    pub fn snapshot_len(&self) -> usize {
        SNAPSHOT_OVERHEAD + self.jar.used()
    }

    /// Writes what the session has to outlive a restart, and returns how many bytes it is. While an exchange is under way
    /// it is what the session had before.
    ///
    /// **It is a secret**: whoever has it is signed in. Keep it as carefully as the password, and wipe it as carefully. The
    /// password is not in it, unless by [`use_basic`](Session::use_basic).
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] says how many bytes it takes; `out` is as it was.
    pub fn write_snapshot(&self, out: &mut [u8]) -> Result<usize, BufferTooSmall> {
        self.write_snapshot_for_c(out)
    }

    /// As [`Session::write_snapshot`], for C.
    #[doc(hidden)]
    #[expect(clippy::cast_possible_truncation, reason = "64 cookies and one record of 64 KiB are less than 4 GiB")]
    pub fn write_snapshot_for_c<S: Slot>(&self, out: &mut [S]) -> Result<usize, BufferTooSmall> {
        let needed = self.snapshot_len();
        if needed > out.len() {
            return Err(BufferTooSmall { needed });
        }
        let start = [b'C', b'R', b'A', b'U', VERSION, self.attempts.past(), 0, 0];
        let [crc, stamp, len] = [site_crc(self.site()), self.jar.next_stamp(), self.jar.used() as u32];
        let [now, told, date] = [self.now, self.told, self.date].map(Time::to_number);
        let head = [crc, stamp, now, told, date, len].map(u32::to_le_bytes);
        let cookies = self.cookie_bytes();
        let crc = Crc::new().add(&start).add(head.as_flattened()).add(cookies).value().to_le_bytes();
        let mut written = Out::new(out);
        for part in [&start, head.as_flattened(), cookies, &crc] {
            written.put(part);
        }
        Ok(needed)
    }

    /// A number that says whether the session is worth another snapshot: it changes with what a snapshot keeps, the cookies or the
    /// token and what is known of [sign-ins](Session::sign_in_delay), and not with the time. Two sessions of one revision have the
    /// same to keep, but for one chance in four thousand million; so has the one that a snapshot [restores](Session::restore).
    ///
    /// ```
    /// # use creatio_auth::{Runtime, Session, Site};
    /// # let mut memory = [0; 64];
    /// # let mut session = Session::new(Site::parse("https://crm.example.com", Runtime::Net)?, &mut memory);
    /// # fn save(_: &Session<'_>) {}
    /// let mut saved = session.revision();
    /// // After each exchange, however it has ended:
    /// if session.revision() != saved {
    ///     save(&session);
    ///     saved = session.revision();
    /// }
    /// # Ok::<(), creatio_auth::SiteError>(())
    /// ```
    ///
    /// While an exchange is under way it is that of what the session had before, and of the sign-in that has begun.
    pub fn revision(&self) -> u32 {
        Crc::new().add(&[self.attempts.past()]).add(self.cookie_bytes()).value()
    }

    /// Takes a snapshot: the session is then what it was when that was written, whatever it has been before. A session that begins
    /// after a restart takes it as one does that lives, and has another gateway's newer one.
    ///
    /// ```
    /// # use creatio_auth::{Runtime, Session, Site};
    /// # let mut memory = [0; 4096];
    /// # let site = Site::parse("https://crm.example.com", Runtime::Net)?;
    /// # let kept = [0; 36];
    /// let mut session = Session::new(site, &mut memory);
    /// if let Err(error) = session.restore(&kept) {
    ///     println!("{error}"); // and the session is as it was, here without cookies
    /// }
    /// # Ok::<(), creatio_auth::SiteError>(())
    /// ```
    ///
    /// It ends any exchange of the session that is under way. The limits, `User-Agent` and the caller's own fields stay as they are.
    /// Until the session is [told](Session::set_time), the time is that of the snapshot.
    ///
    /// Only accidents are looked for, not forgers: whoever can write the snapshot chooses the cookies or the token that the
    /// session sends to its site.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] where it is no snapshot, has been altered, belongs to another site, or does not fit into the
    /// memory. The session is as it was, and an exchange that is under way goes on.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), SnapshotError> {
        let (body, crc) = snapshot.split_last_chunk::<TAIL>().ok_or(SnapshotError::Altered)?;
        let (head, cookies) = body.split_first_chunk::<HEAD>().ok_or(SnapshotError::Altered)?;
        let [b'C', b'R', b'A', b'U', version, past, zeros @ ..] = head else {
            return Err(SnapshotError::Altered);
        };
        if *version != VERSION || !zeros.starts_with(&[0; 2]) {
            return Err(SnapshotError::Version);
        }
        if Crc::new().add(body).value() != u32::from_le_bytes(*crc) {
            return Err(SnapshotError::Altered);
        }
        let [.., url, stamp, now, told, date, len] = head.as_chunks::<4>().0 else {
            return Err(SnapshotError::Altered); // not covered: a head has eight words
        };
        if u32::from_le_bytes(*url) != site_crc(&self.site) {
            return Err(SnapshotError::OtherSite);
        }
        if u32::from_le_bytes(*len) as usize != cookies.len() || !Jar::are_records(cookies) {
            return Err(SnapshotError::Altered);
        }
        if self.jar.memory.len() < cookies.len() {
            return Err(SnapshotError::MemoryTooSmall { needed: cookies.len() });
        }
        self.end_exchange();
        self.jar.load(cookies, u32::from_le_bytes(*stamp));
        self.attempts = Attempts::of_past(*past);
        let number = |bytes: &[u8; 4]| Time::of_number(u32::from_le_bytes(*bytes));
        (self.now, self.told, self.date) = (number(now), number(told), number(date));
        Ok(())
    }

    /// The cookies as they stand in the memory.
    fn cookie_bytes(&self) -> &[u8] {
        self.jar.memory.get(..self.jar.used()).unwrap_or_default()
    }
}

/// The CRC of the site's URL; host names are the same in lower and upper case.
fn site_crc(site: &Site<'_>) -> u32 {
    let mut crc = Crc::new().add(if site.is_https() { b"https://" } else { b"http://" });
    for byte in site.host().bytes() {
        crc = crc.add(&[byte.to_ascii_lowercase()]);
    }
    if let Some(port) = site.explicit_port() {
        let mut digits = Digits::default();
        digits.number(port.into());
        crc = crc.add(b":").add(digits.as_slice());
    }
    crc.add(site.base_path().as_bytes()).value()
}

/// CRC-32/ISO-HDLC, four bits at a time.
struct Crc(u32);

/// What four bits become.
#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "run by the compiler")]
static NIBBLES: [u32; 16] = {
    let mut nibbles = [0; 16];
    let mut nibble = 0;
    while nibble < 16 {
        let (mut crc, mut bit) = (nibble as u32, 0);
        while bit < 4 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
            bit += 1;
        }
        nibbles[nibble] = crc;
        nibble += 1;
    }
    nibbles
};

impl Crc {
    const fn new() -> Self {
        Crc(u32::MAX)
    }

    #[expect(clippy::indexing_slicing, reason = "of 16 numbers that of four bits")]
    fn add(self, bytes: &[u8]) -> Self {
        let mut crc = self.0;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..2 {
                crc = crc >> 4 ^ NIBBLES[crc as usize & 15];
            }
        }
        Crc(crc)
    }

    const fn value(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_has_its_check_value() {
        assert_eq!(Crc::new().add(b"1234").add(b"56789").value(), 0xCBF4_3926);
    }
}
