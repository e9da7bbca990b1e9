//! A login's reply: however it is cut, the same comes of it; and it is what others, and a reader of our own, read in it.
//!
//! Input: a byte for the site and whether bodies are limited, one for what the session has, one for the cuts, then the reply.

use creatio_auth::{Credentials, Exchange, ReplyError, Session};

use crate::common::{
    Cut, Held, Outcome, PATHS, check_wiped, choices, credentials, feed, full_path, held, pull, site, snapshot,
};
use crate::model::Model;
use crate::reference::http::{self, Read};

const MEMORY: usize = 24 * 1024;

const CODE: u8 = 1;
const EARLIER: u8 = 2;
const SMALL_LIMIT: u8 = 4;
const SMALL_MEMORY: u8 = 8;

/// In the first byte.
const SMALL_BODY: u8 = 0x80;

fn small_body(options: u8) -> usize {
    usize::from(options >> 4) * 8
}

/// What the reply before this one was.
const FIRST: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nSet-Cookie: .ASPXAUTH=old; path=/\r\n\
    Set-Cookie: BPMCSRF=t; path=/\r\nSet-Cookie: a=1; path=/; max-age=60\r\n\r\n{\"Code\":0}";

/// What has come of it.
#[derive(Debug, PartialEq)]
struct After {
    request: Vec<u8>,
    outcome: Outcome,
    memory_needed: usize,
    /// What the session held before, and what it holds.
    before: Held,
    held: Held,
    snapshot: Vec<u8>,
    attempts: (Option<u32>, bool),
}

/// What comes before the reply, while the request goes out: it does not end that, and says nothing.
const INTERIM: &[u8] =
    b"HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\nSet-Cookie: .ASPXAUTH=hint; path=/\r\n\r\n";

fn pull_early(session: &mut Session<'_>, exchange: &mut Exchange<'_>) -> Vec<u8> {
    let (mut request, mut filled) = (vec![0; 4096], 100);
    assert_eq!(exchange.fill(session, &mut request[..filled]), Ok(filled));
    assert_eq!(exchange.feed(session, INTERIM).map(|fed| fed.consumed), Ok(INTERIM.len()));
    filled += exchange.fill(session, &mut request[filled..]).unwrap();
    request.truncate(filled);
    request
}

/// `is_early` has an interim reply come while the request goes out.
fn exchange(choice: [u8; 3], memory: &mut [u8], reply: &[u8], cut: &mut Cut, is_early: bool) -> After {
    let [place, options, _] = choice;
    let mut session = Session::new(site(place), memory);
    let plain = credentials();
    let with_code = Credentials::borrowed("Supervisor", "hunter2").with_borrowed_one_time_code("123456");
    if options & EARLIER != 0 {
        let mut exchange = session.login(&plain);
        pull(&mut session, &mut exchange, &mut Cut::Whole);
        feed(&mut session, &mut exchange, FIRST, &mut Cut::Whole);
    }
    if options & SMALL_LIMIT != 0 {
        session.set_head_limit(usize::from(options >> 4) * 16);
    }
    if place & SMALL_BODY != 0 {
        session.set_body_limit(small_body(options));
    }
    let before = held(&session);
    let mut exchange = session.login(if options & CODE != 0 { &with_code } else { &plain });
    let request =
        if is_early { pull_early(&mut session, &mut exchange) } else { pull(&mut session, &mut exchange, cut) };
    let outcome = feed(&mut session, &mut exchange, reply, cut);
    assert!(request.starts_with(b"POST "));
    After {
        request,
        outcome,
        memory_needed: exchange.memory_needed(),
        before,
        held: held(&session),
        snapshot: snapshot(&session),
        attempts: (session.sign_in_delay(), session.sign_in_drops_cookies()),
    }
}

pub fn run(data: &[u8]) {
    let Some((choice, reply)) = choices::<3>(data) else { return };
    let [place, options, seed] = choice;
    let size = if options & SMALL_MEMORY != 0 { 128 + 32 * usize::from(options >> 4) } else { MEMORY };
    let [whole, bytes, by_chance] = Cut::all(seed).map(|mut cut| {
        let mut memory = vec![0; size];
        let is_early = matches!(cut, Cut::Bytes) && options & SMALL_LIMIT == 0; // of which it has a part
        let all = exchange(choice, &mut memory, reply, &mut cut, is_early);
        check_wiped(&memory);
        all
    });
    // Beside the fault of a document, which of both is told hangs on the piece that went beyond the limit.
    if [&whole, &bytes, &by_chance].iter().any(|after| after.outcome.result == Err(ReplyError::BodyTooLarge)) {
        assert!(place & SMALL_BODY != 0);
        assert!([&bytes, &by_chance].iter().all(|after| after.outcome.result.is_err() && after.held == whole.held));
    } else {
        assert_eq!(whole, bytes, "byte by byte");
        assert_eq!(whole, by_chance, "cut by chance");
    }

    let (outcome, needed) = (&whole.outcome, whole.memory_needed);
    if outcome.result.is_err() {
        assert_eq!(whole.before, whole.held, "a reply that failed has changed the session");
        assert!(!outcome.keeps_alive && !outcome.is_signed_in);
    }
    if let Err(ReplyError::MemoryTooSmall { needed: told }) = outcome.result {
        assert!(told == needed && needed > size, "{needed} are enough, and there are {size}");
        if needed <= MEMORY {
            let mut memory = vec![0; needed];
            let again = exchange(choice, &mut memory, reply, &mut Cut::Whole, false);
            let is_enough = match again.outcome.result {
                Err(ReplyError::MemoryTooSmall { needed: more }) => more > needed && !has_whole_head(reply),
                _ => true,
            };
            assert!(is_enough, "{needed} bytes of memory were not enough: {again:?}");
        }
    }
    if options & (SMALL_LIMIT | SMALL_MEMORY) == 0 {
        compare(place, options, reply, &whole);
    }
}

fn has_whole_head(reply: &[u8]) -> bool {
    reply.windows(4).any(|window| window == b"\r\n\r\n")
}

fn compare(place: u8, options: u8, reply: &[u8], after: &After) {
    let outcome = &after.outcome;
    let mut model = Model::new(site(place));
    if options & EARLIER != 0 {
        model.login(&http::read(FIRST, false), false);
    }
    if place & SMALL_BODY != 0 {
        model.body_limit = small_body(options);
    }
    let read = http::read(reply, false);
    let expected = model.login(&read, options & CODE != 0);
    assert_eq!(outcome.result.is_ok(), expected.is_good_reply, "{:?}: {read:?}", outcome.result);
    let site = site(place);
    for ((path, is_below_prefix), ours) in PATHS.into_iter().zip(&after.held.lines) {
        let path = full_path(&site, path, is_below_prefix);
        assert_eq!(ours.escape_ascii().to_string(), model.lines(&path).escape_ascii().to_string(), "to {path}");
    }
    if expected.outcome.is_some() {
        assert_eq!(after.attempts, (model.attempts.delay(), model.attempts.drops_cookies()), "{read:?}");
    }
    assert!(!expected.may_be_judged || after.attempts.0 != Some(0), "{read:?}");
    match &read {
        Read::Complete(whole) => http::compare_with_httparse(reply, whole),
        Read::CutOff(status) | Read::Malformed(status) => {
            let is_it = match outcome.result {
                Err(ReplyError::BodyTooLarge) => place & SMALL_BODY != 0,
                // What begins like a TLS record is told from one by its second byte, or at the end of the line.
                Err(ReplyError::ClosedEarly) => {
                    matches!(read, Read::CutOff(_)) || matches!(reply.first(), Some(0x15 | 0x16))
                }
                Err(ReplyError::Malformed(_)) => matches!(read, Read::Malformed(_)),
                // What has come of its document says enough.
                Err(ReplyError::Document(_) | ReplyError::ContentEncoding) => *status == Some(200),
                _ => false,
            };
            assert!(is_it, "{:?} {read:?}", outcome.result);
        }
    }
    let (Read::Complete(whole), true) = (read, expected.is_good_reply) else { return };
    assert_eq!(outcome.http_status, Some(whole.status));
    assert_eq!(outcome.consumed, whole.len);
    assert_eq!(outcome.keeps_alive, whole.keeps_alive());
    let texts = outcome.texts.iter().map(|text| text.as_ref().map(|(text, is_cut)| (text.clone(), *is_cut)));
    assert!(
        texts.eq(expected.texts.iter().map(|text| text.clone().map(|text| (text, false)))),
        "{outcome:?} {expected:?}"
    );
    match expected.verdict {
        Some(verdict) => assert_eq!(outcome.login, Some(verdict), "{expected:?}"),
        None => assert!(!outcome.is_signed_in),
    }
}
