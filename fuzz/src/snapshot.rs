//! Snapshots: what is written is read, and any bytes are refused or make a session that is sound.
//!
//! Input: a byte for the site, one for what else; then bytes, whose checksums are put right where the second byte says so, or
//! lines of cookies that a session has, and which bytes of its snapshot are others.

use creatio_auth::{Call, Path, Session, SnapshotError};

use crate::common::{
    Cut, call, check_wiped, choices, credentials, feed, held, lines, pull, restored, site, snapshot,
};

const MENDED: u8 = 1;
const OF_A_SESSION: u8 = 2;
const SMALL: u8 = 4;

/// CRC-32 as zip has it, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    })
}

pub fn run(data: &[u8]) {
    let Some(([place, options], rest)) = choices::<2>(data) else { return };
    let site = site(place);
    let mut bytes = rest.to_vec();
    let mut first = vec![0; 12 * 1024];
    if options & OF_A_SESSION != 0 {
        let (set, changes) = match rest.windows(2).position(|window| window == b"\n\n") {
            Some(at) => (&rest[..at], &rest[at + 2..]),
            None => (rest, &b""[..]),
        };
        let mut session = Session::new(site, &mut first);
        if options & 8 != 0 {
            session.set_time(1_795_305_600);
        }
        let mut reply = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n".to_vec();
        for line in set.split(|byte| *byte == b'\n').filter(|line| !line.contains(&0) && !line.contains(&b'\r')) {
            reply.extend([b"Set-Cookie: ", line, b"\r\n"].concat());
        }
        reply.extend(b"\r\n");
        let asked = Call::get(Path::site("/odata/Contact").unwrap());
        assert_eq!(call(&mut session, &asked, &reply, &mut Cut::Whole).result, Ok(()));
        bytes = snapshot(&session);
        let mut memory = vec![0; bytes.len() - 36];
        let same = restored(site, &mut memory, &bytes).expect("what is written is read");
        assert_eq!(held(&same), held(&session));
        assert_eq!((snapshot(&same), same.revision()), (bytes.clone(), session.revision()));
        drop(same);
        for change in changes.chunks_exact(3) {
            let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
            if let Some(byte) = bytes.get_mut(at) {
                *byte = change[2];
            }
        }
    }
    if options & MENDED != 0 && bytes.len() >= 36 {
        bytes[..5].copy_from_slice(b"CRAU\x03");
        bytes[6..8].fill(0);
        let url = site.to_string();
        let host = url.find(site.host()).unwrap();
        let lower = [&url[..host], &site.host().to_ascii_lowercase(), &url[host + site.host().len()..]].concat();
        bytes[8..12].copy_from_slice(&crc(lower.as_bytes()).to_le_bytes());
        let end = bytes.len() - 4;
        bytes[28..32].copy_from_slice(&(end as u32 - 32).to_le_bytes());
        let sum = crc(&bytes[..end]);
        bytes[end..].copy_from_slice(&sum.to_le_bytes());
    }
    let room = if options & SMALL != 0 { usize::from(options >> 3) * 4 } else { 12 * 1024 };
    let mut memory = vec![0; room];
    match restored(site, &mut memory, &bytes) {
        Ok(session) => sound(session, &bytes),
        Err(SnapshotError::MemoryTooSmall { needed }) => assert!(needed > room && needed < bytes.len()),
        Err(error) => {
            assert!(options & MENDED == 0 || error == SnapshotError::Altered || bytes.len() < 36, "{error:?}")
        }
    }
    check_wiped(&memory);
}

/// It holds what the snapshot says, sends nothing that breaks a request, and can be used.
fn sound(mut session: Session<'_>, bytes: &[u8]) {
    assert_eq!(snapshot(&session), bytes);
    assert!(session.cookies().count() <= creatio_auth::MAX_COOKIES);
    for path in ["/", "/odata/Contact", "/a/b/c", "/ServiceModel/AuthService.svc/Login"] {
        for path in [Path::site(path).unwrap(), Path::root(path).unwrap()] {
            let mut known = vec!["Authorization", "ForceUseSession", "Cookie", "BPMCSRF", "CRT_CSRF"];
            for line in lines(&session, path).split_inclusive(|byte| *byte == b'\n') {
                let text = line.escape_ascii();
                let line = line.strip_suffix(b"\r\n").expect("whole lines");
                let is_plain = |byte: &u8| *byte >= b' ' && *byte != 127 || *byte == b'\t';
                assert!(line.iter().all(is_plain), "{text}");
                let name = known.iter().position(|name| line.starts_with(format!("{name}: ").as_bytes()));
                known.remove(name.unwrap_or_else(|| panic!("a line of someone else's: {text}")));
            }
        }
    }
    let _ = (format!("{session:?}"), session.sign_in_delay(), session.token_expires_at(), session.needs_token(60));
    session.set_time(1_795_305_600);
    let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nSet-Cookie: .ASPXAUTH=new; path=/\r\n\r\n{\"Code\":0}";
    let credentials = credentials();
    let mut exchange = session.login(&credentials);
    pull(&mut session, &mut exchange, &mut Cut::Whole);
    let before = held(&session);
    let outcome = feed(&mut session, &mut exchange, reply, &mut Cut::Whole);
    match outcome.result {
        Ok(()) => assert!(session.has_ticket() || !outcome.is_signed_in),
        Err(error) => {
            assert!(matches!(error, creatio_auth::ReplyError::MemoryTooSmall { .. }), "{error:?}");
            assert_eq!(held(&session), before);
        }
    }
}
