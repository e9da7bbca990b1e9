//! Large replies in little memory, and memory that is too small.

mod support;

use creatio_auth::{Call, DocumentError, LoginPageSign, MAX_COOKIES, MAX_DEPTH, ReplyError, Session, Verdict};
use support::fixtures::{self, SUCCESS, authenticated, raw, with_length};
use support::{
    Answer, Cut, MEMORY, TICKET, call, contacts, cookie_field, framework, login, net, set_cookies, signed_in,
    snapshot,
};

/// A size of memory that is ample for a short ticket and no large thing.
const SMALL: usize = 1536;

fn ticket_field() -> String {
    format!("Set-Cookie: .ASPXAUTH={TICKET}; path=/; HttpOnly")
}

#[test]
fn a_stack_trace_of_10_mb_before_the_code_takes_no_memory() {
    let trace = "   at Terrasoft.Core.A.B(String c) in D:\\\\x\\/y.cs:line 7\\r\\n".repeat(10 * 1024 * 1024 / 60);
    let body = format!(
        r#"{{"Exception":{{"StackTrace":"{trace}","Message":"Denied","Type":"System.X"}},"Message":"Wrong","Code":1}}"#
    );
    let reply = fixtures::chunked(&["HTTP/1.1 200 OK", &ticket_field()], body, &[1, 65536]);
    let mut memory = [0; SMALL];
    let mut session = Session::new(net(), &mut memory);
    session.set_body_limit(usize::MAX);
    let outcome = login(&mut session, &reply, Cut::Pieces(1460));
    let expected = Answer {
        code: Some(1),
        message: Some("Wrong".into()),
        exception_message: Some("Denied".into()),
        exception_type: Some("System.X".into()),
        ..Answer::new(Verdict::Rejected, 200)
    };
    assert_eq!(outcome.answer, Some(expected));
}

/// A cookie of 64, whose paths are long and short in turn.
fn one_of_64(number: usize) -> String {
    let path = ["/", "/odata/Contact", "/odata"][number % 3];
    format!("c{number:02}={}; path={path}", "v".repeat(number * 7 % 23))
}

/// RFC 6265bis, 5.7: the cookie that was set longest ago gives way; 5.8.3: longer paths go first, then earlier ones.
#[test]
fn the_cookie_that_was_set_longest_ago_gives_way_whatever_the_lengths_and_paths() {
    for first in 0..3 {
        let mut cookies: Vec<_> = (first..first + MAX_COOKIES).map(one_of_64).collect();
        let mut memory = [0; 8192];
        let mut session = Session::new(net(), &mut memory);
        set_cookies(&mut session, contacts(), &cookies.iter().map(String::as_str).collect::<Vec<_>>());
        for len in 0..120 {
            let path = ["/odata/Contact", "/odata", "/"][len % 3];
            let new = format!("n{len}={}; path={path}", "w".repeat(len * 13 % 120));
            set_cookies(&mut session, contacts(), &[&new]);
            cookies.remove(0);
            cookies.push(new);
            let mut expected: Vec<_> = cookies.iter().map(|cookie| cookie.split_once("; path=").unwrap()).collect();
            expected.sort_by_key(|(_, path)| std::cmp::Reverse(path.len()));
            let expected: Vec<_> = expected.iter().map(|(pair, _)| *pair).collect();
            assert_eq!(cookie_field(&session, contacts()), expected.join("; "), "{first} {len}");
        }
    }
}

#[test]
fn what_is_ignored_leaves_no_trace_and_a_line_that_does_not_fit_says_what_it_takes() {
    let (mut one, mut other) = ([0; MEMORY], [0; MEMORY]);
    let mut bytes = [[0; MEMORY]; 2];
    for ignored in ["=", "", "a=b; Domain=elsewhere.example", "__Host-a=b"] {
        let [mut with, mut without] = [Session::new(net(), &mut one), Session::new(net(), &mut other)];
        set_cookies(&mut with, contacts(), &["a=1", ignored, "b=2", ignored]);
        set_cookies(&mut without, contacts(), &["a=1", "b=2"]);
        let lens = [with.write_snapshot(&mut bytes[0]), without.write_snapshot(&mut bytes[1])];
        assert_eq!(lens[0], lens[1]);
        assert!(bytes[0] == bytes[1], "{ignored}");
    }
    for len in 1..200 {
        // The cookie's record: 16 bytes, name and value, and the path of the login's folder.
        let reply = raw(&["HTTP/1.1 204 No", &format!("Set-Cookie: a={}", "v".repeat(len))], "");
        let enough = 16 + 2 + len + "/odata".len();
        for size in 0..enough + 10 {
            let mut memory = vec![0; size];
            let mut session = Session::new(net(), &mut memory);
            match call(&mut session, &Call::get(contacts()), &reply, Cut::Whole).result {
                Ok(()) => assert!(size >= enough, "{size}"),
                // The space before the value is counted as long as the line does not fit.
                Err(ReplyError::MemoryTooSmall { needed }) => {
                    assert!(size < enough && (enough..=enough + 1).contains(&needed), "{needed} in {size}");
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn fields_that_are_read_and_not_kept_take_no_memory_however_many_they_are() {
    for line in ["Retry-After: 120", "Date: Sun, 22 Nov 2026 00:00:00 GMT", "Content-Encoding: identity"] {
        let reply = raw(&[&["HTTP/1.1 204 No"][..], &[line; 50]].concat(), "");
        let mut memory = [0; 64];
        let mut session = Session::new(net(), &mut memory);
        assert_eq!(call(&mut session, &Call::get(contacts()), &reply, Cut::Pieces(7)).result, Ok(()), "{line}");
    }
}

#[test]
fn a_body_may_come_in_pieces_that_are_longer_than_a_head_may_be() {
    let body = "x".repeat(2000);
    for reply in [with_length(&["HTTP/1.1 200 OK"], &body), fixtures::chunked(&["HTTP/1.1 200 OK"], &body, &[900])] {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        session.set_head_limit(100);
        let outcome = call(&mut session, &Call::get(contacts()), &reply, Cut::Whole);
        assert_eq!((outcome.result, outcome.body == body.as_bytes()), (Ok(()), true));
    }
}

//= 9110-2.3-as-long-as-sent
#[test]
fn fields_of_10_kb_that_nobody_needs_take_no_memory() {
    for line in [
        format!("X-Long: {}", "v".repeat(10_000)),
        format!("{}: v", "N".repeat(10_000)),
        format!("Set-Cookie{}: v", "e".repeat(10_000)),
        format!("Content-Security-Policy: {}", "v; ".repeat(3_000)),
        format!("Content-Lengt: {}", "1".repeat(10_000)),
    ] {
        let reply = with_length(&["HTTP/1.1 200 OK", &line, &ticket_field(), &line], SUCCESS);
        let mut memory = [0; 256];
        let mut session = Session::new(net(), &mut memory);
        assert_eq!(login(&mut session, &reply, Cut::Pieces(100)).answer, Some(authenticated()), "{:.30}", line);
    }
}

//= 9112-4-reason
#[test]
fn a_reason_phrase_of_10_kb_takes_no_memory() {
    let reply = with_length(&[&format!("HTTP/1.1 200 {}", "x".repeat(10_000)), &ticket_field()], SUCCESS);
    let mut memory = [0; 256];
    assert!(login(&mut Session::new(net(), &mut memory), &reply, Cut::Whole).is_authenticated());
}

#[test]
fn trailers_and_extensions_of_10_kb_take_no_memory() {
    let long = "v".repeat(10_000);
    let chunks = format!("{:x};{long}\r\n{SUCCESS}\r\n0\r\nSet-Cookie: {long}\r\n\r\n", SUCCESS.len());
    let reply = raw(&["HTTP/1.1 200 OK", &ticket_field(), "Transfer-Encoding: chunked"], chunks);
    let mut memory = [0; 256];
    assert!(login(&mut Session::new(net(), &mut memory), &reply, Cut::Whole).is_authenticated());
}

#[test]
fn a_page_of_1_mb_takes_no_memory() {
    let page = format!("<html>{}</html>", "<p>Sign in</p>".repeat(75_000));
    for (fields, sign) in
        [(&["Content-Type: text/html"][..], LoginPageSign::HtmlContentType), (&[], LoginPageSign::HtmlBody)]
    {
        let lines = [&["HTTP/1.1 200 OK"], fields].concat();
        let mut memory = [0; 128];
        let mut session = Session::new(net(), &mut memory);
        session.set_body_limit(page.len());
        let outcome = login(&mut session, &with_length(&lines, &page), Cut::Pieces(1460));
        assert_eq!(outcome.verdict(), Some(Verdict::LoginPage(sign)));
    }
}

#[test]
fn a_body_of_a_call_takes_no_memory() {
    let body = "x".repeat(100_000);
    let call = creatio_auth::Call::get(contacts());
    let mut memory = [0; 64];
    let mut session = Session::new(net(), &mut memory);
    assert_eq!(
        support::call(&mut session, &call, &with_length(&["HTTP/1.1 200 OK"], &body), Cut::Whole).body,
        body.as_bytes()
    );
}

//= 9110-15.2-interim
#[test]
fn interim_replies_need_no_memory() {
    let early = raw(&["HTTP/1.1 103 Early Hints", &format!("Set-Cookie: a={}", "x".repeat(3000))], "");
    let reply = [early, with_length(&["HTTP/1.1 200 OK", &ticket_field()], SUCCESS)].concat();
    let mut memory = [0; 256];
    assert!(login(&mut Session::new(net(), &mut memory), &reply, Cut::Whole).is_authenticated());
}

/// Runs a login in memory of every size up to one that is enough for all texts.
fn in_memory_of_every_size(had: &[&str], reply: &[u8]) {
    let run = |size: usize| {
        let mut memory = vec![0; MEMORY];
        // What the session had before was there already, in memory of this size.
        let mut session = match had {
            [] => Session::new(net(), &mut memory[..size]),
            had => signed_in(net(), &mut memory[..size], had),
        };
        let before = snapshot(&session);
        let outcome = login(&mut session, reply, Cut::Whole);
        let after = snapshot(&session);
        if outcome.result.is_err() {
            assert_eq!(before, after, "in {size} bytes");
        }
        (outcome, after)
    };
    let (full, cookies) = run(MEMORY);
    let full = full.answer.unwrap();
    assert!(full.is_authenticated());

    let had_need = fixtures::setting(had).len() * usize::from(!had.is_empty());
    let mut enough = false;
    for size in had_need..SMALL {
        let (outcome, after) = run(size);
        match outcome.result {
            Ok(()) => {
                enough = true;
                assert_eq!(after, cookies, "in {size} bytes");
                let answer = outcome.answer.unwrap();
                assert_eq!((answer.verdict, answer.code), (full.verdict, full.code), "in {size} bytes");
                for (text, full) in [
                    (&answer.message, &full.message),
                    (&answer.redirect_url, &full.redirect_url),
                    (&answer.user_type, &full.user_type),
                ] {
                    let (text, full) = (text.as_deref().unwrap(), full.as_deref().unwrap());
                    let is_marked = text.strip_suffix('…').is_some_and(|start| full.starts_with(start));
                    assert!(text == full || is_marked, "{text:?} in {size} bytes");
                }
            }
            Err(ReplyError::MemoryTooSmall { needed }) => {
                assert!(!enough && needed > size, "{needed} in {size} bytes, and less was enough");
                assert_eq!(run(needed).0.result, Ok(()), "{needed} were said to be enough in {size} bytes");
            }
            other => panic!("{other:?} in {size} bytes"),
        }
    }
    assert_eq!(run(SMALL).0.answer, Some(full));
}

#[test]
fn memory_of_every_size_is_enough_or_the_size_that_is_enough_is_named() {
    let body = r#"{"Code":0,"Message":"Добро пожаловать 😀","RedirectUrl":"/0/Shell","UserType":"General"}"#;
    let ok = "HTTP/1.1 200 OK";
    let ticket = ticket_field();
    let reply = with_length(
        &[ok, "Set-Cookie: BPMCSRF=c; path=/", &ticket, "Set-Cookie: no-path=x", "Set-Cookie: x=y; Domain=no"],
        body,
    );
    in_memory_of_every_size(&[], &reply);
    let renewal = with_length(&[ok, "Set-Cookie: a=; Max-Age=0; path=/", &ticket, "Set-Cookie: a=b; path=/;"], body);
    in_memory_of_every_size(&[".ASPXAUTH=old; path=/", "a=1; path=/", "b=2; path=/"], &renewal);
    // Nothing of interest comes after a cookie that takes more than its line.
    in_memory_of_every_size(&[], &raw(&[ok, &ticket, "Set-Cookie: a=b"], body));
}

#[test]
fn a_ticket_that_does_not_fit_leaves_the_session_and_the_next_attempt_succeeds() {
    let reply =
        fixtures::setting(&[&format!(".ASPXAUTH={}; path=/CreatioWebApp", "F0".repeat(500)), "BPMCSRF=c; path=/"]);
    let mut small = [0; 700];
    let mut session = signed_in(framework(), &mut small, &[".ASPXAUTH=old; path=/CreatioWebApp"]);
    let before = snapshot(&session);
    let Err(ReplyError::MemoryTooSmall { needed }) = login(&mut session, &reply, Cut::Pieces(64)).result else {
        panic!("700 bytes are not enough");
    };
    assert_eq!(snapshot(&session), before);
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=old");

    let mut enough = vec![0; needed];
    let mut session = signed_in(framework(), &mut enough, &[".ASPXAUTH=old; path=/CreatioWebApp"]);
    assert!(login(&mut session, &reply, Cut::Pieces(64)).is_authenticated());
}

#[test]
fn a_text_is_cut_after_a_whole_character_and_says_so() {
    let body = format!(r#"{{"Code":1,"Message":"{}","UserType":"General"}}"#, "😀".repeat(400));
    let mut memory = [0; 1000];
    let mut session = Session::new(net(), &mut memory);
    let answer = login(&mut session, &with_length(&["HTTP/1.1 200 OK"], body), Cut::Pieces(1)).answer.unwrap();
    assert_eq!(answer.message, Some("😀".repeat(125) + "…"));
    assert_eq!(answer.user_type.as_deref(), Some("General"));
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| {
        let body = format!(r#"{{"Deep":{}{},"Code":0}}"#, "[".repeat(depth), "]".repeat(depth));
        with_length(&["HTTP/1.1 200 OK", &ticket_field()], body)
    };
    let mut memory = [0; SMALL];
    let mut session = Session::new(net(), &mut memory);
    let too_deep = login(&mut session, &nested(MAX_DEPTH), Cut::Whole).result;
    assert_eq!(too_deep, Err(ReplyError::Document(DocumentError::TooDeep)));
    assert!(!session.has_ticket());
    assert!(login(&mut session, &nested(MAX_DEPTH - 1), Cut::Whole).is_authenticated());
}
