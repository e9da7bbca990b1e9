//! Up to twelve steps of a session, against a model: logins, calls, renewals, tokens, time, snapshots, ends and what is given
//! up.
//!
//! Input: a byte for the site, one for the cuts; then steps, between lines of `%%`: a letter, a byte that chooses, and a
//! reply, as it is or in short: `200 {"Code":0}`, and a line for each field. A renewal (`R`, `r`) has several, between lines of
//! `%`.

use creatio_auth::{
    Call, CallVerdict, ClientCredentials, Credentials, Exchange, Method, Path, Renewal, Runtime, Session, Site, Step,
};

use crate::attempts::{Attempts, Outcome};
use crate::common::{self, Cut, choices, credentials, feed, lines, parts, pull, replies, restored, site, snapshot};
use crate::model::{Model, is_page};
use crate::reference::http::{self, Read};

const STEPS: usize = 12;
const PATHS: [&str; 4] = ["/odata/Contact", "/", "/ServiceModel/AuthService.svc/Login", "/a/b/c?x=/y"];
const NOW: u64 = 1_795_305_600;
const MEMORY: usize = 24 * 1024;

/// A reply, written out where it is in short.
pub fn reply(text: &[u8]) -> Vec<u8> {
    let (status, body_and_lines) = match text {
        [a @ b'1'..=b'5', b, c, b' ', rest @ ..] if b.is_ascii_digit() && c.is_ascii_digit() => ([*a, *b, *c], rest),
        _ => return text.to_vec(),
    };
    let mut rest = body_and_lines.split(|byte| *byte == b'\n');
    let body = rest.next().unwrap_or_default();
    let mut reply = [b"HTTP/1.1 ", &status[..], b" X\r\n"].concat();
    for line in rest {
        reply.extend([line, b"\r\n"].concat());
    }
    reply.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
    reply.extend(body);
    reply
}

pub fn run(data: &[u8]) {
    let Some(([place, seed], rest)) = choices::<2>(data) else { return };
    let site = site(place);
    let mut memories = [vec![0; MEMORY], vec![0; MEMORY]];
    let [first, second] = &mut memories;
    let (mut session, mut other) = (Session::new(site, first), Some(second));
    let mut model = Model::new(site);
    let mut cut = Cut::all(seed)[usize::from(seed % 3)].clone();
    let mut now = NOW;
    for step in parts(rest).take(STEPS) {
        let Some(([letter, choice], text)) = choices::<2>(step) else { continue };
        let reply = reply(text);
        let (path_text, is_below) = (PATHS[usize::from(choice) % PATHS.len()], choice & 0x10 != 0);
        let path = if is_below { Path::site(path_text) } else { Path::root(path_text) }.unwrap();
        let full = model.path(path_text, is_below);
        match letter {
            b'L' | b'l' => {
                login(&mut session, &mut model, &reply, letter == b'l', &mut cut);
            }
            b'C' | b'P' | b'H' | b'E' | b'K' | b'I' => {
                let (asked, full) = match letter {
                    b'P' => (Call::post(path).with_json(b"{}"), full),
                    b'H' => (Call::new(Method::Head, path), full),
                    b'K' => (Call::health_check(site.runtime()), model.path("/api/HealthCheck/Ping", true)),
                    b'I' => (Call::ping(), model.path("/ping", true)),
                    _ => (Call::get(path), full),
                };
                let (exchange, verdict) = call(&mut session, &mut model, &asked, &full, letter, &reply, &mut cut);
                if letter == b'E' {
                    session.end(&exchange);
                    end(&mut model, verdict);
                }
            }
            b'R' | b'r' => {
                let asked = if letter == b'R' { Call::get(path) } else { Call::post(path).with_json(b"{}") };
                renewed(&mut session, &mut model, &asked, &full, letter, text, &mut cut);
            }
            b'M' => {
                model.body_limit = usize::from(choice) * 8;
                session.set_body_limit(model.body_limit);
            }
            b'T' => {
                let identity = Site::parse("https://crm-is.example.com", Runtime::Net).unwrap();
                let client = ClientCredentials::borrowed("id", "secret");
                let mut exchange = session.token(&identity, &client);
                pull(&mut session, &mut exchange, &mut cut);
                let outcome = feed(&mut session, &mut exchange, &reply, &mut cut);
                model.begin_sign_in();
                if outcome.is_signed_in {
                    let Read::Complete(reply) = http::read(&reply, false) else {
                        panic!("a token out of a bad reply")
                    };
                    let document = crate::reference::json::read(&reply.body).expect("a document");
                    let token = document.member("access_token").and_then(|token| token.text()).expect("a token");
                    assert_eq!(reply.status, 200);
                    model.forget();
                    model.authorization = Some(format!("Bearer {token}").into_bytes());
                    model.attempts = Attempts::default();
                } else {
                    model.attempts.adopt(&session);
                }
            }
            b'B' => {
                session.use_basic(&credentials()).unwrap();
                model.forget();
                model.authorization = Some(b"Basic U3VwZXJ2aXNvcjpodW50ZXIy".to_vec());
            }
            b'X' => {
                session.clear();
                model.clear();
            }
            b'A' => {
                if choice & 1 == 1 {
                    session.end_sign_in_delay();
                    model.attempts.wait(&session);
                } else {
                    session.allow_sign_in();
                    model.attempts = Attempts::default();
                }
            }
            b'W' => {
                now = (now + u64::from(choice) * u64::from(choice) * 1_000).min(4_200_000_000);
                session.set_time(now);
                model.jar.set_time(now);
                model.attempts.wait(&session);
            }
            b'S' => {
                // Written, and read into other memory, or into the session's own.
                let bytes = snapshot(&session);
                match other.take() {
                    Some(memory) => session = restored(site, memory, &bytes).expect("its own snapshot"),
                    None => session.restore(&bytes).expect("its own snapshot"),
                }
                assert_eq!(snapshot(&session), bytes);
                session.set_body_limit(model.body_limit);
                model.attempts.restore();
            }
            b'G' => {
                // Given up somewhere in the reply's lines.
                let head = reply.windows(2).position(|window| window == b"\r\n").unwrap_or(reply.len());
                let plain = credentials();
                let mut exchange = session.login(&plain);
                pull(&mut session, &mut exchange, &mut cut);
                let given = &reply[..head.min(usize::from(choice))];
                let is_good = given.is_empty() || exchange.feed(&mut session, given).is_ok();
                model.begin_sign_in();
                if is_good {
                    model.attempts.end(Outcome::Unknown);
                } else {
                    model.attempts.adopt(&session);
                }
            }
            _ => continue,
        }
        compare(&session, &model);
    }
}

/// Signs in, by user name and password; whether that is good.
fn login(session: &mut Session<'_>, model: &mut Model, reply: &[u8], has_code: bool, cut: &mut Cut) -> bool {
    let plain = credentials();
    let with_code = Credentials::borrowed("Supervisor", "hunter2").with_borrowed_one_time_code("1");
    let mut exchange = session.login(if has_code { &with_code } else { &plain });
    pull(session, &mut exchange, cut);
    let outcome = feed(session, &mut exchange, reply, cut);
    let read = http::read(reply, false);
    let expected = model.login(&read, has_code);
    assert_eq!(outcome.result.is_ok(), expected.is_good_reply, "{outcome:?} {read:?}");
    match expected.verdict {
        Some(verdict) => assert_eq!(outcome.login, Some(verdict), "{read:?}"),
        None => assert!(!outcome.is_signed_in, "{read:?}"),
    }
    if expected.outcome.is_none() {
        model.attempts.adopt(session);
    }
    outcome.is_signed_in
}

/// Makes a call.
fn call<'c, 'm: 'c>(
    session: &mut Session<'m>,
    model: &mut Model,
    asked: &Call<'c>,
    full: &str,
    letter: u8,
    reply: &[u8],
    cut: &mut Cut,
) -> (Exchange<'c>, Option<CallVerdict>) {
    let mut exchange = session.call(asked);
    let request = pull(session, &mut exchange, cut);
    model.jar.begin();
    let sent = model.lines(full);
    assert!(has(&request, &sent), "{} {}", request.escape_ascii(), sent.escape_ascii());
    let outcome = feed(session, &mut exchange, reply, cut);
    let read = http::read(reply, letter == b'H');
    let is_good = model.call(&read, full, matches!(letter, b'K' | b'I'));
    assert_eq!(outcome.result.is_ok(), is_good, "{outcome:?} {read:?}");
    check_call(&outcome, &read);
    let verdict = exchange.call_result(session).map(|answer| answer.verdict).ok();
    match verdict {
        Some(verdict) if letter != b'K' && is_of_the_service(verdict, &read) => model.attempts.answered_well(),
        Some(CallVerdict::SessionEnded(_)) => assert!(!model.attempts.is_in_vain(), "no call has come through"),
        Some(CallVerdict::RenewedInVain) => {
            assert!(model.attempts.is_in_vain(), "there was no renewal");
            if outcome.http_status == Some(401) && letter != b'K' {
                model.attempts.rejected();
            }
        }
        _ => {}
    }
    if outcome.http_status == Some(401) && is_good {
        let word = match (sent.starts_with(b"Authorization: Basic"), model.attempts.is_in_vain()) {
            (true, _) => "Unauthorized",
            (_, true) => "RenewedInVain",
            _ => "SessionEnded",
        };
        assert!(outcome.answer.starts_with(word), "{outcome:?}");
    }
    (exchange, verdict)
}

/// Whether a call has come through to the service (protocol notes, section 4).
fn is_of_the_service(verdict: CallVerdict, read: &Read) -> bool {
    let Read::Complete(reply) = read else { return false };
    match verdict {
        CallVerdict::Fine | CallVerdict::Failed | CallVerdict::NotFound | CallVerdict::Forbidden => true,
        CallVerdict::WrongPrefix | CallVerdict::Refused => !is_page(reply),
        CallVerdict::ServerError => !is_page(reply) && !reply.body.is_empty(),
        _ => reply.status == 304 && verdict == CallVerdict::UnexpectedStatus,
    }
}

/// Makes a call that is renewed where the session has ended.
fn renewed(
    session: &mut Session<'_>,
    model: &mut Model,
    asked: &Call<'_>,
    full: &str,
    letter: u8,
    text: &[u8],
    cut: &mut Cut,
) {
    let mut renewal = Renewal::new(asked);
    let (mut logins, mut repeats, mut texts) = (0, 0, replies(text));
    while let Some(text) = texts.next() {
        let (exchange, verdict) = call(session, model, asked, full, letter, &reply(text), cut);
        let (status, delay) = (exchange.http_status(), session.sign_in_delay());
        let step = renewal.after_answer(&exchange, session);
        if verdict == Some(CallVerdict::RenewedInVain) {
            model.attempts.in_vain(status == Some(401));
        }
        let is_repeated = match (verdict, step) {
            (Some(CallVerdict::SessionEnded(_)), Step::SignIn) => delay == Some(0) && logins == 0,
            (Some(CallVerdict::SessionEnded(_)), Step::SignInAfter(after)) => {
                delay == Some(after) && after > 0 && logins == 0
            }
            (Some(CallVerdict::SessionEnded(_)), step) => step == Step::Report && (delay.is_none() || logins > 0),
            (Some(CallVerdict::Busy), Step::RepeatAfter(_)) => {
                repeats += 1;
                repeats <= 3 && (letter == b'R' || status == Some(429))
            }
            (_, step) => step == Step::Report,
        };
        assert!(is_repeated, "{step:?} after {verdict:?} with a delay of {delay:?}");
        match step {
            Step::SignIn | Step::SignInAfter(_) => {
                session.end(&exchange);
                end(model, verdict);
                let Some(text) = texts.next() else { return };
                logins += 1;
                let is_signed_in = login(session, model, &reply(text), false, cut);
                let step = renewal.after_sign_in(is_signed_in, session);
                let is_certain = matches!(verdict, Some(CallVerdict::SessionEnded(sign)) if sign.is_certain());
                let is_made_again = is_certain || letter == b'R';
                if is_signed_in {
                    model.attempts.renew(is_made_again);
                }
                let is_next = if is_signed_in && is_made_again { Step::Repeat } else { Step::Report };
                assert_eq!(step, is_next, "after {verdict:?}");
                if step == Step::Report {
                    return;
                }
            }
            Step::RepeatAfter(_) => {}
            _ => return,
        }
    }
}

fn end(model: &mut Model, verdict: Option<CallVerdict>) {
    if matches!(verdict, Some(CallVerdict::SessionEnded(sign)) if sign.is_certain()) {
        model.end();
    }
}

fn has(request: &[u8], lines: &[u8]) -> bool {
    lines.is_empty() || request.windows(lines.len()).any(|window| window == lines)
}

/// What a call's answer cannot be.
fn check_call(outcome: &common::Outcome, read: &Read) {
    let (Ok(()), Read::Complete(reply)) = (&outcome.result, read) else { return };
    assert_eq!(outcome.http_status, Some(reply.status));
    assert_eq!(outcome.body.escape_ascii().to_string(), reply.body.escape_ascii().to_string());
    assert_eq!((outcome.consumed, outcome.keeps_alive), (reply.len, reply.keeps_alive()));
    let is_fine = outcome.answer.starts_with("Fine ");
    // Of a 202 without a body nobody knows whether it is done.
    let may_be_fine = (200..=299).contains(&reply.status) && (reply.status != 202 || !reply.body.is_empty());
    assert!(if is_fine { may_be_fine } else { !may_be_fine || !reply.body.is_empty() }, "{outcome:?}");
    if reply.status == 401 || reply.status == 403 {
        let word = if reply.status == 401 {
            ["SessionEnded", "Unauthorized", "RenewedInVain"]
        } else {
            ["CsrfMissing", "Forbidden", "AccessDenied"]
        };
        assert!(word.iter().any(|word| outcome.answer.starts_with(word)), "{outcome:?}");
    }
}

fn compare(session: &Session<'_>, model: &Model) {
    for (text, is_below) in PATHS.into_iter().flat_map(|text| [(text, true), (text, false)]) {
        let path = if is_below { Path::site(text) } else { Path::root(text) }.unwrap();
        let (ours, full) = (lines(session, path), model.path(text, is_below));
        assert_eq!(ours.escape_ascii().to_string(), model.lines(&full).escape_ascii().to_string(), "to {full}");
    }
    assert_eq!(session.has_ticket(), model.has_ticket());
    assert_eq!(session.has_csrf_token(), model.has_csrf_token());
    assert_eq!(session.sign_in_delay(), model.attempts.delay());
    assert_eq!(session.sign_in_drops_cookies(), model.attempts.drops_cookies(), "{:?}", model.attempts);
}
