//! A cookie as it stands in the memory: a header, and behind it name, value and path.

use crate::site::Site;
use crate::site::{path::Path, target::Target};
use crate::text::bytes::has_controls;
use crate::text::time::Time;

/// `name_len: u16, value_len: u16, path_len: u16, domain_len: u8, flags: u8, age: u32, expires: u64`
pub(crate) const HEADER: usize = 20;

pub(super) const SECURE: u8 = 1;
pub(super) const HTTP_ONLY: u8 = 2;

/// The `expires` of a cookie that lives as long as the session.
pub(crate) const NEVER: u64 = u64::MAX;

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

/// What is known when a cookie comes in or goes out.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub site: Site<'a>,
    pub target: Target<'a>,
    /// Known where the caller has a clock.
    pub now: Time,
}

impl<'j> Record<'j> {
    /// Reads the record at the front of `bytes`.
    pub(super) fn read(bytes: &'j [u8]) -> Option<Self> {
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

    pub(super) fn len(&self) -> usize {
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
    pub(super) fn is_same_cookie(&self, other: &Record<'_>) -> bool {
        self.name == other.name && self.path == other.path && self.domain_len == other.domain_len
    }

    /// Whether nothing that goes into a request ends a line of it.
    pub(super) fn keeps_to_its_line(&self) -> bool {
        !has_controls(self.name) && !has_controls(self.value)
    }

    pub(super) fn goes_to(&self, context: &Context<'_>) -> bool {
        (context.site.is_https() || !self.is_secure())
            && context.now.known().is_none_or(|now| self.expires > now)
            && context.target.path_matches(self.path)
    }

    /// "Cookies with longer paths are listed before cookies with shorter paths", then the older before the newer
    /// (RFC 6265bis, 5.8.3): a number that grows in this order.
    pub(super) fn order(&self) -> u64 {
        u64::from(u32::MAX - self.path.len() as u32) << 32 | u64::from(self.age)
    }
}

impl<'a> Context<'a> {
    #[inline(never)]
    pub(crate) fn new(site: Site<'a>, path: Path<'a>, now: Time) -> Self {
        Context { site, target: Target::new(&site, path), now }
    }
}
