//! The messages of NTLM, version 2, for whoever has a user name and a password (MS-NLMP).
//!
//! What is there: NTLMv2 alone (3.3.2), Unicode, extended session security, target information, and the MIC (3.1.5.1.2). What is not:
//! version 1, signing, sealing and the exchange of a key, which HTTP has no use for, and channel bindings (MS-NLMP 2.2.2.1,
//! `MsvAvChannelBindings`), so that a site that *requires* extended protection does not let in.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use md4::{Digest, Md4};
use md5::Md5;
use zeroize::{Zeroize, Zeroizing};

use super::error::NtlmError;
use super::secret::Secret;
use crate::text::bytes::put;

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// Unicode, request target, NTLM, always sign, extended session security, target information, version, 128 bits (MS-NLMP 2.2.2.5).
const FLAGS: u32 = 0x2288_8205;
const UNICODE: u32 = 1;
const TARGET_INFO: u32 = 0x0080_0000;

/// Windows 10, NTLMSSP_REVISION_W2K3 (2.2.2.10). It is for those who debug.
const VERSION: [u8; 8] = [10, 0, 0, 0, 0, 0, 0, 15];

/// `NEGOTIATE_MESSAGE` (2.2.1.1), without a domain and a workstation.
const NEGOTIATE: [u8; 40] = {
    let [a, b, c, d] = FLAGS.to_le_bytes();
    let [s0, s1, s2, s3, s4, s5, s6, s7] = *SIGNATURE;
    let [v0, v1, v2, v3, v4, v5, v6, v7] = VERSION;
    [
        s0, s1, s2, s3, s4, s5, s6, s7, 1, 0, 0, 0, a, b, c, d, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, v0,
        v1, v2, v3, v4, v5, v6, v7,
    ]
};

/// Where the parts of `AUTHENTICATE_MESSAGE` stand (2.2.1.3).
const MIC_AT: usize = 72;
const PAYLOAD_AT: usize = 88;

/// Identifiers of attributes (2.2.2.1).
const AV_END: u16 = 0;
const AV_FLAGS: u16 = 6;
const AV_TIMESTAMP: u16 = 7;
/// In the flags: there is a MIC.
const HAS_MIC: u32 = 2;

/// Seconds from 1601 to 1970.
const EPOCH: u64 = 11_644_473_600;

/// A user of Windows with a password: borrowed, redacted in `Debug`, and the password wiped when dropped.
///
/// The texts may be any UTF-8. On the wire they are UTF-16LE, and the user name goes into the key in upper case (MS-NLMP 3.3.2), for
/// which there is no table here: it is that of Windows for ASCII, Latin-1, Latin Extended-A, Greek, and Cyrillic up to U+04BF. A user name
/// with small letters of other scripts is to be given as it would be in capitals.
///
/// ```
/// use creatio_auth::NtlmCredentials;
///
/// let mut password = String::from("hunter2");
/// let user = NtlmCredentials::new("CORP", "ann", &mut password);
/// let mut token = [0; 1024];
/// let len = user.token(&[], &[7; 8], &mut token)?; // the first token answers nothing
/// assert!(token[..len].starts_with(b"NTLMSSP\0\x01"));
/// drop(user);
/// assert!(password.bytes().all(|b| b == 0)); // nothing left of it
/// # Ok::<(), creatio_auth::NtlmError>(())
/// ```
pub struct NtlmCredentials<'a> {
    domain: &'a str,
    user_name: &'a str,
    password: Secret<'a>,
    workstation: &'a str,
    unix_seconds: Option<u64>,
}

impl fmt::Debug for NtlmCredentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("NtlmCredentials");
        shown.field("domain", &self.domain).field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

impl<'a> NtlmCredentials<'a> {
    /// A domain, which may be empty, a user name and a password, whose memory is overwritten with zeros when the value is dropped.
    pub const fn new(domain: &'a str, user_name: &'a str, password: &'a mut str) -> Self {
        Self::of(domain, user_name, Secret::Wiped(password))
    }

    /// The same with a password that is left as it is: one in flash, or one that its owner wipes.
    pub const fn borrowed(domain: &'a str, user_name: &'a str, password: &'a str) -> Self {
        Self::of(domain, user_name, Secret::Kept(password))
    }

    const fn of(domain: &'a str, user_name: &'a str, password: Secret<'a>) -> Self {
        NtlmCredentials { domain, user_name, password, workstation: "", unix_seconds: None }
    }

    /// The name of this machine, which some sites log or restrict users to.
    pub fn with_workstation(mut self, name: &'a str) -> Self {
        self.workstation = name;
        self
    }

    /// The time, in seconds since 1970, for sites that do not tell theirs. All since Windows Vista do.
    pub fn with_time(mut self, unix_seconds: u64) -> Self {
        self.unix_seconds = Some(unix_seconds);
        self
    }

    /// Writes the next token for [`windows_login`](crate::Session::windows_login) with [`WindowsScheme::Ntlm`](crate::WindowsScheme::Ntlm), and
    /// returns how many bytes it is: the first one where `challenge` is empty, and otherwise the one that answers it. `random` is 8 random
    /// bytes, new for each token. The token is to be wiped by its owner.
    ///
    /// # Errors
    ///
    /// [`NtlmError`]
    pub fn token(&self, challenge: &[u8], random: &[u8; 8], out: &mut [u8]) -> Result<usize, NtlmError> {
        if challenge.is_empty() {
            let needed = NEGOTIATE.len();
            let out = out.get_mut(..needed).ok_or(NtlmError::BufferTooSmall { needed })?;
            put(out, 0, &NEGOTIATE);
            return Ok(needed);
        }
        let challenge = Challenge::read(challenge)?;
        let time = challenge.time.unwrap_or_else(|| self.file_time());
        self.authenticate(&challenge, &Temp { time, random, challenge: &challenge }, out)
    }

    /// In 100 ns since 1601 (MS-DTYP 2.3.3).
    fn file_time(&self) -> [u8; 8] {
        let ticks = |seconds: u64| seconds.saturating_add(EPOCH).saturating_mul(10_000_000);
        self.unix_seconds.map_or(0, ticks).to_le_bytes()
    }

    /// `NTOWFv2` (MS-NLMP 3.3.2).
    fn key(&self) -> Zeroizing<[u8; 16]> {
        let mut hash = Md4::new();
        self.password.as_str().encode_utf16().for_each(|unit| hash.update(unit.to_le_bytes()));
        let mut key: [u8; 16] = hash.finalize().into();
        let mut mac = keyed(&key);
        key.zeroize();
        self.user_name.encode_utf16().for_each(|unit| mac.update(&upper(unit).to_le_bytes()));
        self.domain.encode_utf16().for_each(|unit| mac.update(&unit.to_le_bytes()));
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    /// `AUTHENTICATE_MESSAGE` (MS-NLMP 2.2.1.3, 3.1.5.1.2).
    fn authenticate(&self, challenge: &Challenge<'_>, temp: &Temp<'_>, out: &mut [u8]) -> Result<usize, NtlmError> {
        let texts = [self.domain, self.user_name, self.workstation];
        let mut nt_len = 16usize;
        temp.for_each(&mut |part| nt_len = nt_len.saturating_add(part.len()));
        let mut fields = [(0usize, 0u16); 5];
        let lens = texts.map(|text| text.encode_utf16().count().saturating_mul(2)).into_iter().chain([24, nt_len]);
        let mut needed = PAYLOAD_AT;
        for (field, len) in fields.iter_mut().zip(lens) {
            *field = (needed, u16::try_from(len).map_err(|_| NtlmError::TooLong)?);
            needed = needed.saturating_add(len);
        }
        let out = out.get_mut(..needed).ok_or(NtlmError::BufferTooSmall { needed })?;
        let [domain, user, workstation, lm, nt] = fields;

        out.fill(0);
        put(out, 0, SIGNATURE);
        put(out, 8, &[3]);
        for (at, (start, len)) in [(12, lm), (20, nt), (28, domain), (36, user), (44, workstation), (52, (needed, 0))]
        {
            put(out, at, &len.to_le_bytes());
            put(out, at.saturating_add(2), &len.to_le_bytes());
            put(out, at.saturating_add(4), &u32::try_from(start).unwrap_or_default().to_le_bytes());
        }
        put(out, 60, &(FLAGS & challenge.flags).to_le_bytes());
        put(out, 64, &VERSION);
        let mut at = PAYLOAD_AT;
        for unit in texts.into_iter().flat_map(str::encode_utf16) {
            put(out, at, &unit.to_le_bytes());
            at = at.saturating_add(2);
        }

        let key = self.key();
        // Where the site tells the time, the response of LM is zeros, and there is a MIC (3.1.5.1.2).
        if challenge.time.is_none() {
            let mut mac = keyed(&key[..]);
            mac.update(challenge.nonce);
            mac.update(temp.random);
            put(out, at, &mac.finalize().into_bytes());
            put(out, at.saturating_add(16), temp.random);
        }
        let mut mac = keyed(&key[..]);
        mac.update(challenge.nonce);
        temp.for_each(&mut |part| mac.update(part));
        let proof = mac.finalize().into_bytes();
        at = at.saturating_add(24);
        put(out, at, &proof);
        at = at.saturating_add(16);
        temp.for_each(&mut |part| {
            put(out, at, part);
            at = at.saturating_add(part.len());
        });

        if challenge.time.is_some() {
            let mut session_key = keyed(&key[..]);
            session_key.update(&proof);
            let session_key = Zeroizing::new(<[u8; 16]>::from(session_key.finalize().into_bytes()));
            let mut mac = keyed(&session_key[..]);
            mac.update(&NEGOTIATE);
            mac.update(challenge.message);
            mac.update(out);
            put(out, MIC_AT, &mac.finalize().into_bytes());
        }
        Ok(needed)
    }
}

/// What `CHALLENGE_MESSAGE` says (MS-NLMP 2.2.1.2).
struct Challenge<'c> {
    message: &'c [u8],
    flags: u32,
    nonce: &'c [u8],
    target_info: &'c [u8],
    /// The site's time.
    time: Option<[u8; 8]>,
    /// `MsvAvFlags`
    av_flags: u32,
}

impl<'c> Challenge<'c> {
    fn read(message: &'c [u8]) -> Result<Self, NtlmError> {
        let malformed = NtlmError::Malformed;
        let rest =
            message.strip_prefix(SIGNATURE).and_then(|rest| rest.strip_prefix(&[2, 0, 0, 0])).ok_or(malformed)?;
        let flags = u32_at(rest, 8).ok_or(malformed)?;
        let nonce = rest.get(12..20).ok_or(malformed)?;
        if flags & UNICODE == 0 || flags & TARGET_INFO == 0 {
            return Err(NtlmError::NotVersion2);
        }
        let (len, start) = (u16_at(rest, 28).ok_or(malformed)?, u32_at(rest, 32).ok_or(malformed)?);
        let start = usize::try_from(start).map_err(|_| malformed)?;
        let target_info = message.get(start..).and_then(|rest| rest.get(..len.into())).ok_or(malformed)?;
        let mut challenge = Challenge { message, flags, nonce, target_info, time: None, av_flags: 0 };
        let mut rest = target_info;
        while let Some((id, pair)) = next_pair(&mut rest).ok_or(malformed)? {
            let value = pair.get(4..).unwrap_or_default();
            match id {
                AV_TIMESTAMP => challenge.time = Some(value.try_into().map_err(|_| malformed)?),
                AV_FLAGS => challenge.av_flags = u32_at(value, 0).ok_or(malformed)?,
                _ => {}
            }
        }
        Ok(challenge)
    }
}

/// `temp` (MS-NLMP 3.3.2), `NTLMv2_CLIENT_CHALLENGE` (2.2.2.7) with four zeros behind it.
struct Temp<'t> {
    time: [u8; 8],
    random: &'t [u8; 8],
    challenge: &'t Challenge<'t>,
}

impl Temp<'_> {
    /// Gives its parts, one after the other. Of the target information all goes back, and with it that there is a MIC.
    fn for_each(&self, take: &mut dyn FnMut(&[u8])) {
        take(&[1, 1, 0, 0, 0, 0, 0, 0]);
        take(&self.time);
        take(self.random);
        take(&[0; 4]);
        let mut rest = self.challenge.target_info;
        while let Some(Some((id, pair))) = next_pair(&mut rest) {
            if id != AV_FLAGS {
                take(pair);
            }
        }
        let mic = if self.challenge.time.is_some() { HAS_MIC } else { 0 };
        let flags = self.challenge.av_flags | mic;
        if flags != 0 {
            let [a, b, c, d] = flags.to_le_bytes();
            take(&[6, 0, 4, 0, a, b, c, d]);
        }
        take(&[0; 4]);
        take(&[0; 4]);
    }
}

/// The next `AV_PAIR` (MS-NLMP 2.2.2.1), and its identifier; inside, none at the end; outside, where it is cut.
fn next_pair<'p>(rest: &mut &'p [u8]) -> Option<Option<(u16, &'p [u8])>> {
    let (id, len) = (u16_at(rest, 0)?, u16_at(rest, 2)?);
    if id == AV_END {
        return Some(None);
    }
    let (pair, after) = rest.split_at_checked(usize::from(len).saturating_add(4))?;
    *rest = after;
    Some(Some((id, pair)))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn keyed(key: &[u8]) -> Hmac<Md5> {
    let mut block = Zeroizing::new([0; 64]); // a key with zeros behind it is the same key (RFC 2104, 2)
    put(&mut *block, 0, key);
    Hmac::new((&*block).into())
}

/// In upper case as Windows has it, one code unit for one, as far as [`NtlmCredentials`] says.
#[expect(clippy::arithmetic_side_effects, reason = "each in its range")]
fn upper(unit: u16) -> u16 {
    match unit {
        0x61..=0x7A | 0xE0..=0xF6 | 0xF8..=0xFE => unit - 0x20,
        0xFF => 0x178,
        0x3AC => 0x386,
        0x3AD..=0x3AF => unit - 37,
        0x3CC => 0x38C,
        0x3CD | 0x3CE => unit - 63,
        0x3B1..=0x3C1 | 0x3C3..=0x3CB | 0x430..=0x44F => unit - 0x20,
        0x450..=0x45F => unit - 0x50,
        0x101..=0x12F | 0x133..=0x137 | 0x14B..=0x177 | 0x461..=0x481 | 0x48B..=0x4BF if unit % 2 == 1 => unit - 1,
        0x13A..=0x148 | 0x17A..=0x17E if unit.is_multiple_of(2) => unit - 1,
        _ => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fault::Fault;
    use std::vec::Vec;

    // MS-NLMP 4.2.1, 4.2.4
    const NONCE: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF];
    const RANDOM: [u8; 8] = [0xAA; 8];
    const CREDENTIALS: NtlmCredentials<'static> = NtlmCredentials::borrowed("Domain", "User", "Password");

    fn utf_16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn pair(id: u16, value: &[u8]) -> Vec<u8> {
        [&id.to_le_bytes()[..], &(value.len() as u16).to_le_bytes(), value].concat()
    }

    /// The challenge of 4.2.4.3, and this before its attributes end.
    fn challenge(more: &[u8]) -> Vec<u8> {
        let info = [&pair(2, &utf_16("Domain"))[..], &pair(1, &utf_16("Server")), more, &[0; 4]].concat();
        let len = (info.len() as u16).to_le_bytes();
        let head = [&b"NTLMSSP\0\x02\0\0\0\x0C\0\x0C\0\x38\0\0\0\x33\x82\x8A\xE2"[..], &NONCE, &[0; 8], &len, &len];
        let tail = [&b"\x44\0\0\0\x06\x01\x70\x17\0\0\0\x0F"[..], &utf_16("Server"), &info];
        [head.concat(), tail.concat()].concat()
    }

    fn field(message: &[u8], at: usize) -> &[u8] {
        let (len, start) = (u16_at(message, at).unwrap(), u32_at(message, at + 4).unwrap() as usize);
        &message[start..start + usize::from(len)]
    }

    fn token(credentials: &NtlmCredentials<'_>, challenge: &[u8]) -> Vec<u8> {
        let NtlmError::BufferTooSmall { needed } = credentials.token(challenge, &RANDOM, &mut []).unwrap_err() else {
            panic!("it takes some bytes");
        };
        let mut out = std::vec![0xEE; needed];
        let short = credentials.token(challenge, &RANDOM, &mut out[1..]);
        assert_eq!(short, Err(NtlmError::BufferTooSmall { needed }));
        assert_eq!(out[1], 0xEE, "it is as it was");
        assert_eq!(credentials.token(challenge, &RANDOM, &mut out), Ok(needed));
        out
    }

    #[test]
    fn the_published_vectors_of_version_2_are_met() {
        let key = CREDENTIALS.key();
        assert_eq!(key[..], *b"\x0c\x86\x8a\x40\x3b\xfd\x7a\x93\xa3\x00\x1e\xf2\x2e\xf0\x2e\x3f");
        let message = token(&CREDENTIALS, &challenge(&[]));
        let lm = b"\x86\xc3\x50\x97\xac\x9c\xec\x10\x25\x54\x76\x4a\x57\xcc\xcc\x19\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa";
        assert_eq!(field(&message, 12), lm);
        let nt = field(&message, 20);
        assert_eq!(nt[..16], *b"\x68\xcd\x0a\xb8\x51\xe5\x1c\x96\xaa\xbc\x92\x7b\xeb\xef\x6a\x1c");
        let temp = [&b"\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0"[..], &RANDOM, &[0; 4]].concat();
        let info = [&pair(2, &utf_16("Domain"))[..], &pair(1, &utf_16("Server")), &[0; 8]].concat();
        assert_eq!(nt[16..], [temp, info].concat());
        assert_eq!([28, 36, 44].map(|at| field(&message, at)), [&utf_16("Domain")[..], &utf_16("User"), &[]]);
        assert_eq!(message[MIC_AT..PAYLOAD_AT], [0; 16], "the site tells no time");
        let mut session_key = keyed(&key[..]);
        session_key.update(&nt[..16]);
        let session_key = session_key.finalize().into_bytes();
        assert_eq!(session_key[..], *b"\x8d\xe4\x0c\xca\xdb\xc1\x4a\x82\xf1\x5c\xb0\xad\x0d\xe9\x5c\xa3");
    }

    #[test]
    fn where_the_site_tells_the_time_the_messages_are_protected() {
        let time = 0x01DC_0000_1234_5678u64.to_le_bytes();
        let with_mic = challenge(&[pair(6, &[3, 0, 0, 0]), pair(7, &time)].concat());
        let challenge = challenge(&[pair(6, &[1, 0, 0, 0]), pair(7, &time)].concat());
        assert!(
            field(&token(&CREDENTIALS, &with_mic), 20).ends_with(b"\x06\0\x04\0\x03\0\0\0\0\0\0\0\0\0\0\0"),
            "as it is"
        );
        let mut message = token(&CREDENTIALS.with_workstation("WS").with_time(5), &challenge);
        assert_eq!(field(&message, 12), [0; 24]);
        let nt = field(&message, 20).to_vec();
        assert_eq!(nt[24..32], time, "the site's, not the caller's");
        assert!(nt.ends_with(b"\x06\0\x04\0\x03\0\0\0\0\0\0\0\0\0\0\0"), "its flags are kept: {nt:x?}");
        assert_eq!(nt.windows(4).filter(|part| *part == b"\x06\0\x04\0").count(), 1);
        let mic = message[MIC_AT..PAYLOAD_AT].to_vec();
        message[MIC_AT..PAYLOAD_AT].fill(0);
        let mut session_key = keyed(&CREDENTIALS.key()[..]);
        session_key.update(&nt[..16]);
        let mut mac = keyed(&session_key.finalize().into_bytes());
        mac.update(&token(&CREDENTIALS, &[]));
        mac.update(&challenge);
        mac.update(&message);
        assert_eq!(mic, mac.finalize().into_bytes()[..]);
        assert_eq!(field(&message, 44), utf_16("WS"));
    }

    #[test]
    fn of_what_was_offered_the_site_s_choice_is_told() {
        for flags in [0, FLAGS, !FLAGS, u32::MAX].map(|flags| flags | UNICODE | TARGET_INFO) {
            let mut challenge = challenge(&[]);
            challenge[20..24].copy_from_slice(&flags.to_le_bytes());
            assert_eq!(u32_at(&token(&CREDENTIALS, &challenge), 60), Some(FLAGS & flags), "{flags:x}");
        }
    }

    #[test]
    fn the_callers_time_is_that_of_windows() {
        // MS-DTYP: 1970 is 116444736000000000.
        let message = token(&CREDENTIALS.with_time(1), &challenge(&[]));
        assert_eq!(field(&message, 20)[24..32], 116_444_736_010_000_000u64.to_le_bytes());
    }

    #[test]
    fn a_challenge_that_is_none_or_is_cut_is_refused() {
        let good = challenge(&pair(7, &[1; 8]));
        let read = |bytes: &[u8]| CREDENTIALS.token(bytes, &RANDOM, &mut [0; 1024]);
        assert!(read(&good).is_ok());
        for len in 1..good.len() {
            assert_eq!(read(&good[..len]), Err(NtlmError::Malformed), "{len}");
        }
        for at in 0..good.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut bad = good.clone();
                bad[at] = value;
                let _ = read(&bad); // whatever comes of it, it ends
            }
        }
        assert_eq!(read(&challenge(&pair(7, &[1; 7]))), Err(NtlmError::Malformed));
        assert_eq!(read(&challenge(&pair(6, &[1; 3]))), Err(NtlmError::Malformed));
        for flag in [0, 2] {
            let mut old = good.clone();
            old[20 + flag] = 0;
            assert_eq!(read(&old), Err(NtlmError::NotVersion2));
        }
        assert_eq!((NtlmError::Malformed.fault(), NtlmError::TooLong.fault()), (Fault::Peer, Fault::Caller));
    }

    #[test]
    fn names_and_passwords_may_be_any_text() {
        let long = "ä".repeat(40_000);
        let too_long = NtlmCredentials::borrowed(&long, "", "").token(&challenge(&[]), &RANDOM, &mut [0; 9]);
        assert_eq!(too_long, Err(NtlmError::TooLong));
        let names = NtlmCredentials::borrowed("Домен", "Ünal\u{1F511}", "p\u{1F511}\0ß");
        let message = token(&names, &challenge(&[]));
        assert_eq!([28, 36].map(|at| field(&message, at)), [utf_16("Домен"), utf_16("Ünal\u{1F511}")]);
        let same = NtlmCredentials::borrowed("Домен", "ünAL\u{1F511}", "p\u{1F511}\0ß");
        assert_eq!(names.key(), same.key(), "the case of the user's name is nothing");
        for other in [("домен", "Ünal\u{1F511}", "p\u{1F511}\0ß"), ("Домен", "Ünal\u{1F511}", "P\u{1F511}\0ß")]
        {
            assert_ne!(names.key(), NtlmCredentials::borrowed(other.0, other.1, other.2).key());
        }
    }

    #[test]
    fn upper_case_is_that_of_unicode_where_a_letter_is_one() {
        // Of these, Windows has none, or another: dotted and dotless i, long s, final sigma.
        let apart = ['ı', 'ſ', 'ς', 'µ', 'ŉ', 'ΐ', 'ΰ', 'ß'];
        for unit in (0..=0x17F).chain(0x386..=0x3CE).chain(0x400..=0x4BF) {
            let letter = char::from_u32(unit).unwrap();
            let mut capital = letter.to_uppercase();
            let expected = capital.next().filter(|_| capital.next().is_none() && !apart.contains(&letter));
            assert_eq!(u32::from(upper(unit as u16)), expected.unwrap_or(letter) as u32, "{letter}");
        }
    }

    #[test]
    fn the_password_is_wiped_on_drop_and_kept_out_of_debug() {
        let mut password = std::string::String::from("hunter2");
        let credentials = NtlmCredentials::new("CORP", "ann", &mut password);
        let shown = std::format!("{credentials:?}");
        assert!(shown.contains("CORP") && shown.contains("ann") && !shown.contains("hunter2"), "{shown}");
        drop(credentials);
        assert_eq!(password, "\0\0\0\0\0\0\0");
    }
}
