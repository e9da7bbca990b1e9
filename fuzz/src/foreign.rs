//! Replies in parts, as someone else's HTTP client hands them out: the same comes of them as of the bytes of the same reply.
//!
//! Input: a byte for the site, one for the kind of exchange, one for the cuts; then a status, the fields, and behind an empty
//! line the body.

use creatio_auth::{Call, Credentials, Exchange, Path, ReplyError, RequestPart, Session};

use crate::common::{Cut, Outcome, choices, credentials, feed, held, outcome, pull, site, snapshot};

const MEMORY: usize = 24 * 1024;

struct Parts<'d> {
    status: u16,
    fields: Vec<(&'d [u8], &'d [u8])>,
    body: &'d [u8],
}

fn read(data: &[u8]) -> Option<Parts<'_>> {
    let (head, body) = match data.windows(2).position(|window| window == b"\n\n") {
        Some(at) => (&data[..at], &data[at + 2..]),
        None => (data, &b""[..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let status = std::str::from_utf8(lines.next()?).ok()?.parse().ok()?;
    let mut fields = Vec::new();
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
        // What frames is the other client's business, and cannot stand in the bytes twice.
        let of_the_connection = ["content-length", "transfer-encoding", "connection", "content-encoding"];
        let is_of_it = of_the_connection.iter().any(|other| name.eq_ignore_ascii_case(other.as_bytes()));
        if name.is_empty()
            || !name.iter().all(is_token)
            || is_of_it
            || value.iter().any(|byte| matches!(byte, 0 | b'\r'))
        {
            return None;
        }
        fields.push((name, value));
    }
    (200..=599).contains(&status).then_some(Parts { status, fields, body })
}

fn as_bytes(parts: &Parts<'_>) -> Vec<u8> {
    let mut reply = format!("HTTP/1.1 {} X\r\n", parts.status).into_bytes();
    for (name, value) in &parts.fields {
        reply.extend([name, &b": "[..], value, b"\r\n"].concat());
    }
    reply.extend(format!("Content-Length: {}\r\n\r\n", parts.body.len()).into_bytes());
    reply.extend(parts.body);
    reply
}

fn in_parts(session: &mut Session<'_>, exchange: &mut Exchange<'_>, parts: &Parts<'_>, cut: &mut Cut) -> Outcome {
    let mut taken = Vec::new();
    let result = (|| {
        for (name, value) in &parts.fields {
            exchange.feed_field(session, name, value)?;
        }
        exchange.end_head(session, parts.status)?;
        let mut rest = parts.body;
        while !rest.is_empty() {
            let fed = exchange.feed(session, &rest[..cut.next(rest.len())])?;
            taken.extend_from_slice(fed.body);
            rest = &rest[fed.consumed..];
        }
        exchange.close(session)
    })();
    outcome(session, exchange, result, taken, 0)
}

fn begin<'c, 'm: 'c>(
    session: &mut Session<'m>,
    kind: u8,
    credentials: &'c Credentials<'_>,
    call: &Call<'c>,
) -> Exchange<'c> {
    if kind.is_multiple_of(3) { session.login(credentials) } else { session.call(call) }
}

pub fn run(data: &[u8]) {
    let Some(([place, kind, seed], rest)) = choices::<3>(data) else { return };
    let Some(parts) = read(rest) else { return };
    let site = site(place);
    if matches!(parts.status, 204 | 304) && !parts.body.is_empty() {
        return;
    }
    let wanted = Call::get(Path::site("/odata/Contact").unwrap()).with_wanted_field("X-Wanted").unwrap();
    let credentials = credentials();
    let mut memory = vec![0; MEMORY];
    let mut session = Session::new(site, &mut memory);
    let mut exchange = begin(&mut session, kind, &credentials, &wanted);
    let request = pull(&mut session, &mut exchange, &mut Cut::Whole);
    let bytes = feed(&mut session, &mut exchange, &as_bytes(&parts), &mut Cut::Whole);
    let kept = |exchange: &Exchange<'_>, session: &Session<'_>| {
        let fields = [exchange.content_type(session), exchange.location(session), exchange.wanted_field(session)];
        fields.map(|field| field.map(<[u8]>::to_vec))
    };
    let of_bytes = (kept(&exchange, &session), held(&session), snapshot(&session));

    for mut cut in Cut::all(seed) {
        let mut memory = vec![0; MEMORY];
        let mut session = Session::new(site, &mut memory);
        let mut exchange = begin(&mut session, kind, &credentials, &wanted);
        check_parts(&mut session, &mut exchange, &request);
        let in_parts = in_parts(&mut session, &mut exchange, &parts, &mut cut);
        match (&bytes.result, &in_parts.result) {
            (Ok(()), Ok(())) => {
                assert_eq!((&in_parts.answer, &in_parts.texts), (&bytes.answer, &bytes.texts));
                assert_eq!((in_parts.login, in_parts.is_signed_in), (bytes.login, bytes.is_signed_in));
                assert_eq!((in_parts.http_status, &in_parts.body), (bytes.http_status, &bytes.body));
                assert_eq!((kept(&exchange, &session), held(&session), snapshot(&session)), of_bytes);
            }
            (Err(one), Err(other)) => {
                let is_same = std::mem::discriminant(one) == std::mem::discriminant(other);
                assert!(is_same, "{one:?} {other:?}");
            }
            (one, other) => panic!("{one:?} {other:?}"),
        }
        assert_ne!(in_parts.result, Err(ReplyError::ClosedEarly));
    }
}

/// The parts of a request are what stands in its bytes.
fn check_parts(session: &mut Session<'_>, exchange: &mut Exchange<'_>, request: &[u8]) {
    let mut part = |part| {
        let needed = exchange.request_part(session, part, &mut []).unwrap_or_else(|error| error.needed);
        let mut bytes = vec![0; needed];
        assert_eq!(exchange.request_part(session, part, &mut bytes), Ok(needed));
        bytes
    };
    let [method, target, fields, body] =
        [RequestPart::Method, RequestPart::Target, RequestPart::Fields, RequestPart::Body].map(&mut part);
    let head = request.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(&request[head..], &body[..]);
    let words: Vec<_> = request.split(|byte| *byte == b' ').take(2).collect();
    assert_eq!(words, [&method[..], &target]);
    for line in fields.split_inclusive(|byte| *byte == b'\n') {
        assert!(request[..head].windows(line.len()).any(|window| window == line), "{}", line.escape_ascii());
    }
}
