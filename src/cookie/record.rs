//! A cookie as it stands in the memory: a header, and behind it name, value and path. A name that is not empty has its `=`
//! behind it, so that name and value are sent as they stand.

use crate::site::Site;
use crate::site::{path::Path, target::Target};
use crate::text::bytes::{before, has_controls, same_ignoring_case};
use crate::text::time::Time;

/// `name_len: u16, value_len: u16, path_len: u16, domain_len: u8, flags: u8, stamp: u32, expires: u32`
pub(crate) const HEADER: usize = 16;

/// Where the last of them is.
pub(super) const EXPIRES_AT: usize = 12;

pub(super) const SECURE: u8 = 1;
pub(super) const HTTP_ONLY: u8 = 2;

/// The `expires` of a cookie that lives as long as the session.
pub(crate) const NEVER: u32 = u32::MAX;

/// A cookie in the jar: where it is. What its header says is read when it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Record<'j> {
    header: &'j [u8; HEADER],
    /// `name=value`, or a value alone.
    pub pair: &'j [u8],
    pub path: &'j [u8],
}

/// What is known when a cookie comes in or goes out.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub is_https: bool,
    pub target: Target<'a>,
    /// Known where the caller has a clock.
    pub now: Time,
}

impl<'j> Record<'j> {
    /// Reads the record at the front of `bytes`.
    #[inline(always)] // what it takes of the stack is nobody's besides
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 16 bits")]
    pub(super) fn read(bytes: &'j [u8]) -> Option<Self> {
        let (header, bytes) = bytes.split_first_chunk::<HEADER>()?;
        let [_, _, v0, v1, p0, p1, ..] = *header;
        let pair_len = name_len(header) + usize::from(u16::from_le_bytes([v0, v1]));
        let (pair, bytes) = bytes.split_at_checked(pair_len)?;
        Some(Record { header, pair, path: bytes.get(..u16::from_le_bytes([p0, p1]).into())? })
    }

    #[expect(clippy::arithmetic_side_effects, reason = "a header and three numbers of 16 bits")]
    pub(super) fn len(&self) -> usize {
        HEADER + self.pair.len() + self.path.len()
    }

    /// The name, with the `=` behind it if it is not empty, and the value.
    const fn name_and_value(&self) -> (&'j [u8], &'j [u8]) {
        match self.pair.split_at_checked(name_len(self.header)) {
            Some(parts) => parts,
            None => (&[], self.pair), // not covered: a name is no longer than its pair
        }
    }

    /// Whether this is the name, with the `=` behind it, in lower or upper case: ASP.NET looks for it so.
    pub(super) fn has_name(&self, name: &[u8]) -> bool {
        let sent = self.sent_name();
        if cfg!(target_pointer_width = "64") && (sent.len() != name.len() || sent == name) {
            return sent == name; // mostly
        }
        same_ignoring_case(sent, name)
    }

    pub(crate) const fn name(&self) -> &'j [u8] {
        match self.name_and_value().0 {
            [name @ .., b'='] => name,
            name => name,
        }
    }

    pub(crate) const fn value(&self) -> &'j [u8] {
        self.name_and_value().1
    }

    /// How many bytes of the host's end are its domain; 0 means this host only.
    fn domain_len(&self) -> u8 {
        let [.., domain_len, _, _, _, _, _, _, _, _, _] = *self.header;
        domain_len
    }

    fn flags(&self) -> u8 {
        let [.., flags, _, _, _, _, _, _, _, _] = *self.header;
        flags
    }

    /// Cookies that were set earlier have a smaller number.
    pub(crate) fn stamp(&self) -> u32 {
        let [.., s0, s1, s2, s3, _, _, _, _] = *self.header;
        u32::from_le_bytes([s0, s1, s2, s3])
    }

    /// In seconds since 1970.
    pub(crate) fn expires(&self) -> u32 {
        let [.., e0, e1, e2, e3] = *self.header;
        u32::from_le_bytes([e0, e1, e2, e3])
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.flags() & SECURE != 0
    }

    pub(crate) fn is_http_only(&self) -> bool {
        self.flags() & HTTP_ONLY != 0
    }

    pub(crate) fn is_persistent(&self) -> bool {
        self.expires() != NEVER
    }

    /// What those take for its name who read the request, with the `=` behind it: where it has none, its value may look like a name and
    /// a value.
    pub(crate) fn seen_name(&self) -> &'j [u8] {
        self.pair.get(..=before(self.pair, b'=').len()).unwrap_or_default()
    }

    /// The name, with the `=` behind it.
    fn sent_name(&self) -> &'j [u8] {
        self.pair.get(..name_len(self.header)).unwrap_or_default()
    }

    /// "the same name, domain, host-only-flag, and path" (RFC 6265bis, 5.7)
    #[inline(never)]
    pub(super) fn is_same_cookie(&self, other: &Record<'_>) -> bool {
        self.sent_name() == other.sent_name() && self.path == other.path && self.domain_len() == other.domain_len()
    }

    /// Whether nothing that goes into a request ends a line of it.
    pub(super) fn keeps_to_its_line(&self) -> bool {
        !has_controls(self.pair)
    }

    //= 6265bis-5.8.1-by-algorithm
    pub(super) fn goes_to(&self, context: &Context<'_>) -> bool {
        (context.is_https || !self.is_secure())
            && (cfg!(not(feature = "lifetimes")) || context.now.known().is_none_or(|now| self.expires() > now))
            && context.target.path_matches(self.path)
    }
}

const fn name_len(header: &[u8; HEADER]) -> usize {
    u16::from_le_bytes([header[0], header[1]]) as usize
}

impl<'a> Context<'a> {
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn new(site: &Site<'a>, path: Path<'a>, now: Time) -> Self {
        Context { is_https: site.is_https(), target: Target::new(site, path), now }
    }
}
