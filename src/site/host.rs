//! What a host may be: a domain name, an IPv4 address, or, where the build has them, an IPv6 address in brackets.

use crate::text::bytes::{Set, after_last, next_part};
use crate::text::number::leading_number;

/// The longest host name that is accepted, in bytes: that of a domain name (RFC 1035 section 2.3.4).
pub const MAX_HOST: usize = 253;

pub(super) fn is_host(host: &[u8]) -> bool {
    #[cfg(feature = "ipv6")]
    if let [b'[', address @ .., b']'] = host {
        return is_ipv6(address);
    }
    //= 3986-3.2.2-address-first
    if last_label_is_number(host) {
        return is_ipv4(host);
    }
    let mut labels = Some(host);
    //= 3986-3.2.2-dns
    while let Some(label) = next_part(&mut labels, b'.') {
        if !(1..=63).contains(&label.len()) || !LABEL.has_all(label) {
            return false;
        }
    }
    true
}

//= 3986-3.2.2-no-percent
/// What the labels of a host name are made of: letters, digits and hyphens (RFC 1123, 2.1), and the underscore, which hosts
/// have all the same.
static LABEL: Set = Set::alphanumeric_and(b"-_");

/// A host whose last label is a number is an IPv4 address or nothing (WHATWG URL, "ends in a number"). One in hexadecimal
/// is a number there, too: `0x7f.1` is no name, but 127.0.0.1.
#[inline(never)]
pub(super) fn last_label_is_number(host: &[u8]) -> bool {
    match after_last(host, b'.') {
        [b'0', b'x' | b'X', digits @ ..] => is_hexadecimal(digits),
        last => !last.is_empty() && leading_number(last).0 == last.len(),
    }
}

#[inline(never)]
pub(super) fn is_hexadecimal(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

//= 3986-7.4-rare-addresses
/// `IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet` (RFC 3986, 3.2.2)
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "no more than the host has bytes")]
fn is_ipv4(host: &[u8]) -> bool {
    let (mut octets, mut count) = (Some(host), 0);
    while let Some(octet) = next_part(&mut octets, b'.') {
        let (digits, value) = leading_number(octet);
        if digits != octet.len() || !matches!((digits, value), (1, _) | (2, 10..=99) | (3, 100..=255)) {
            return false;
        }
        count += 1;
    }
    count == 4
}

//= 3986-3.2.2-no-version, 3986-3.2.2-unknown-version
/// Eight groups of one to four hexadecimal digits; one run of zero groups may be `::`, and the last two groups may be an
/// IPv4 address (RFC 3986, 3.2.2).
#[cfg(feature = "ipv6")]
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "no more than twice the bytes of the address, which are few")]
fn is_ipv6(address: &[u8]) -> bool {
    // Between its colons, `::` is one empty group, and two at an end of the address, of which one is left out here.
    let address = match address {
        [b':', rest @ ..] if rest.first() == Some(&b':') => rest,
        [] | [b':', ..] => return false,
        _ => address,
    };
    let address = match address {
        [rest @ .., b':'] if rest.is_empty() || rest.last() == Some(&b':') => rest,
        [.., b':'] => return false,
        _ => address,
    };
    let (mut groups, mut count, mut has_gap) = (Some(address), 0, false);
    while let Some(group) = next_part(&mut groups, b':') {
        if group.is_empty() {
            if has_gap {
                return false;
            }
            has_gap = true;
        } else if group.len() <= 4 && is_hexadecimal(group) {
            count += 1;
        } else if groups.is_none() && is_ipv4(group) {
            count += 2;
        } else {
            return false;
        }
    }
    if has_gap { count <= 7 } else { count == 8 }
}

#[cfg(all(test, feature = "ipv6"))]
mod tests {
    use super::*;

    #[test]
    fn addresses_agree_with_the_standard_library() {
        for address in [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::8",
            "::ffff:1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "1.2.3.4::",
            ":::",
            ":1",
            "1:",
            "12345::",
            "g::",
            "1::2::3",
            "1:2:3:4:5:6:7:8:9",
            "::1:2:3:4:5:6:7:8",
            "::1.2.3",
            "",
            ":1::",
            "::1:",
            "1::2:",
            ":1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8:",
        ] {
            assert_eq!(is_ipv6(address.as_bytes()), address.parse::<std::net::Ipv6Addr>().is_ok(), "{address}");
        }
    }
}
