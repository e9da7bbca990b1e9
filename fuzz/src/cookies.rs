//! Cookies, against a model of RFC 6265bis: which are kept, which go where, and when they end.
//!
//! Input: a byte for the site, one for the path of the calls; then lines, of which each is a value of `Set-Cookie`, or after
//! its first character something else: `!` a reply ends here, `@` so much time passes, `~` the reply's `Date`.

use creatio_auth::{Call, Path, Session};

use crate::common::{Cut, call, choices, field, full_path, lines, restored, site, snapshot};
use crate::reference::cookie::{Jar, MOST};
use crate::reference::date;

const PATHS: [&str; 4] = ["/a/b/c", "/", "/a/", "/odata/Contact?$top=/x"];
const TO: [&str; 6] = ["/a/b/c", "/", "/a/b", "/a/bc", "/odata/Contact", "/ServiceModel/AuthService.svc/Login"];

/// 2026-11-22 00:00:00
const NOW: u64 = 1_795_305_600;

pub fn run(data: &[u8]) {
    let Some(([place, from], rest)) = choices::<2>(data) else { return };
    let site = site(place);
    let mut memory = vec![0; 24 * 1024];
    let mut session = Session::new(site, &mut memory);
    let mut jar = Jar::new(site.host(), site.is_https());
    let text = PATHS[usize::from(from) % PATHS.len()];
    let path = if from & 0x80 != 0 { Path::root(text).unwrap() } else { Path::site(text).unwrap() };
    let full = full_path(&site, text, from & 0x80 == 0);
    let mut now = NOW;
    if from & 0x40 != 0 {
        session.set_time(now);
        jar.set_time(now);
    }
    let (mut set, mut told) = (Vec::new(), None);
    for line in rest.split(|byte| *byte == b'\n').chain([&b"!"[..]]) {
        match line {
            [b'!', ..] => {
                if set.len() > MOST {
                    return; // of one reply no more are taken
                }
                let reply = reply(&set, told);
                let outcome = call(&mut session, &Call::get(path), &reply, &mut Cut::Whole);
                assert_eq!(outcome.result, Ok(()), "{}", reply.escape_ascii());
                jar.begin();
                jar.take(set.drain(..), told.and_then(date::read), &full);
                told = None;
                compare(&session, &jar);
            }
            [b'@', step @ ..] => {
                let step = step.iter().fold(0_u64, |step, byte| step.wrapping_mul(97).wrapping_add(u64::from(*byte)));
                now = (now + step % (500 * 86_400)).min(4_200_000_000);
                session.set_time(now);
                jar.set_time(now);
                compare(&session, &jar);
            }
            [b'~', date @ ..] if date.iter().all(|byte| *byte >= b' ' && *byte != 127) => told = Some(date),
            line => set.push(line),
        }
    }
}

fn is_plain(line: &[u8]) -> bool {
    // What ends a line, or ends the reply, is not a cookie's matter.
    !line.iter().any(|byte| matches!(byte, 0 | b'\r'))
}

fn reply(set: &[&[u8]], date: Option<&[u8]>) -> Vec<u8> {
    let mut reply = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n".to_vec();
    for line in set.iter().filter(|line| is_plain(line)) {
        reply.extend([b"Set-Cookie: ", *line, b"\r\n"].concat());
    }
    if let Some(date) = date.filter(|date| is_plain(date)) {
        reply.extend([b"Date: ", date, b"\r\n"].concat());
    }
    reply.extend(b"\r\n");
    reply
}

fn compare(session: &Session<'_>, jar: &Jar) {
    for (text, is_below_prefix) in TO.into_iter().flat_map(|text| [(text, true), (text, false)]) {
        let path = if is_below_prefix { Path::site(text) } else { Path::root(text) }.unwrap();
        let ours = field(&lines(session, path), "Cookie");
        let full = full_path(session.site(), text, is_below_prefix);
        assert_eq!(ours.escape_ascii().to_string(), jar.field(&full).escape_ascii().to_string(), "to {full}");
    }
    let root = full_path(session.site(), "/", false);
    assert_eq!(session.has_ticket(), jar.newest(".ASPXAUTH", &root).is_some());
    // Those whose time is over go when the next exchange begins.
    let mut model: Vec<_> = jar.cookies.iter().collect();
    model.sort_by_key(|cookie| cookie.set);
    let ours: Vec<_> = session
        .cookies()
        .map(|cookie| {
            let flags = (cookie.is_secure(), cookie.is_http_only(), cookie.is_persistent());
            (cookie.name().to_vec(), cookie.path().to_vec(), cookie.value_len(), flags)
        })
        .collect();
    let model: Vec<_> = model
        .into_iter()
        .map(|cookie| {
            let flags = (cookie.is_secure, cookie.is_http_only, cookie.expires.is_some());
            (cookie.name.clone(), cookie.path.clone(), cookie.value.len(), flags)
        })
        .collect();
    assert_eq!(ours, model);
    // A snapshot has all of it.
    let bytes = snapshot(session);
    let mut memory = vec![0; bytes.len()];
    let restored = restored(*session.site(), &mut memory, &bytes).expect("its own snapshot");
    assert_eq!(snapshot(&restored), bytes);
}
