//! Staying signed in: what ordinary replies renew, and what comes after a session has ended.

mod support;

use creatio_auth::{Call, CallVerdict, EndSign, Renewal, Session, Step};
use support::fixtures::{self, raw, with_length};
use support::{
    CallAnswer, Cut, MEMORY, Read, authorization, call, call_answer, contacts, cookie_field, framework, login, net,
    signed_in,
};

const TICKET: &str = ".ASPXAUTH=old; path=/; HttpOnly";
const AUTHENTICATION_FAILED: &str = r#"{"Message":"Authentication failed.","StackTrace":null,"ExceptionType":"X"}"#;

fn create() -> Call<'static> {
    Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#)
}

fn fine() -> Vec<u8> {
    with_length(&["HTTP/1.1 201 Created", "Content-Type: application/json"], "{}")
}

fn accepted() -> Vec<u8> {
    fixtures::setting(&[".ASPXAUTH=new; path=/; HttpOnly", "BPMCSRF=fresh; path=/"])
}

fn rejected() -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", "Set-Cookie: BPMLOADER=l; path=/"], r#"{"Code":1,"Message":"No"}"#)
}

/// An ended session in each of the shapes that are certain.
fn ended() -> [(EndSign, Vec<u8>); 3] {
    let deleted = "Set-Cookie: .ASPXAUTH=; expires=Tue, 12 Oct 1999 00:00:00 GMT; path=/; HttpOnly";
    let found = ["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata", deleted];
    let json = "Content-Type: application/json";
    [
        (EndSign::RedirectToLogin, with_length(&found, "<html>moved</html>")),
        (EndSign::AuthenticationFailed, with_length(&["HTTP/1.1 401 U", json], AUTHENTICATION_FAILED)),
        (EndSign::Unauthorized, with_length(&["HTTP/1.1 401 U", "WWW-Authenticate: Bearer"], "")),
    ]
}

/// Shapes that are signs of it, and that the call itself may have brought.
fn perhaps_ended() -> [(EndSign, Vec<u8>); 3] {
    let page = "<html><p>Saved. <a href=\"/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata\">Log out</a></html>";
    let no_user = r#"{"responseStatus":{"ErrorCode":"ArgumentNullOrEmptyException","Message":"Value for argument \"userConnection\" must be specified"}}"#;
    let json = "Content-Type: application/json";
    [
        (EndSign::LoginPage, with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], page)),
        (EndSign::NoUserConnection, with_length(&["HTTP/1.1 200 OK", json], no_user)),
        (EndSign::NoUserConnection, with_length(&["HTTP/1.1 500 No", json], no_user)),
    ]
}

/// A call, for as long as the policy has something to do: what it said, and the last answer.
fn run(
    session: &mut Session<'_>,
    call: &Call<'_>,
    mut renewal: Renewal,
    replies: &[&[u8]],
) -> (Vec<Step>, CallAnswer) {
    let (mut steps, mut replies) = (Vec::new(), replies.iter());
    loop {
        let mut exchange = session.call(call);
        support::pull(session, &mut exchange, 64);
        let reply = replies.next().expect("the call goes out once more than there are replies");
        let outcome = support::feed(session, &mut exchange, reply, Cut::Pieces(11));
        assert_eq!(outcome.result, Ok(()));
        let answer = CallAnswer::of(&exchange.call_result(session).unwrap());
        steps.push(renewal.after_answer(&exchange, session));
        if steps.last() == Some(&Step::SignIn) {
            let reply = replies.next().expect("a login more than there are replies");
            let is_signed_in = login(session, reply, Cut::Pieces(11)).verdict().unwrap().is_authenticated();
            steps.push(renewal.after_sign_in(is_signed_in, session));
        }
        if steps.last() == Some(&Step::Report) {
            assert_eq!(replies.next(), None, "{steps:?}");
            return (steps, answer);
        }
    }
}

/// As [`run`], in a session with a ticket: the steps, and the verdict.
fn steps(call: &Call<'_>, replies: &[&[u8]]) -> (Vec<Step>, CallVerdict) {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET, "BPMCSRF=stale; path=/"]);
    let (steps, answer) = run(&mut session, call, Renewal::new(call), replies);
    (steps, answer.verdict)
}

#[test]
fn an_ended_session_is_renewed_and_the_call_repeated_with_what_the_login_brought() {
    for (sign, ended) in ended() {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET, "BPMCSRF=stale; path=/", "proxy=p; path=/"]);
        let before = Read::call(&mut session, &create());
        assert_eq!(before.field("BPMCSRF"), Some(&b"stale"[..]));
        let replies = [&ended[..], &accepted(), &fine()];
        let (steps, answer) = run(&mut session, &create(), Renewal::new(&create()), &replies);
        assert_eq!(steps, [Step::SignIn, Step::Repeat, Step::Report], "{sign:?}");
        assert_eq!(answer.verdict, CallVerdict::Fine);
        let after = Read::call(&mut session, &create());
        assert_eq!((&after.method, &after.target, &after.body), (&before.method, &before.target, &before.body));
        assert_eq!(after.field("BPMCSRF"), Some(&b"fresh"[..]));
        let cookies = String::from_utf8_lossy(after.field("Cookie").unwrap()).into_owned();
        let mut cookies: Vec<_> = cookies.split("; ").collect();
        cookies.sort();
        assert_eq!(cookies, [".ASPXAUTH=new", "BPMCSRF=fresh", "proxy=p"], "{sign:?}");
    }
}

#[test]
fn what_may_be_the_calls_own_answer_is_a_reason_to_sign_in_and_none_to_write_twice() {
    for (sign, reply) in perhaps_ended() {
        let (said, verdict) = steps(&create(), &[&reply, &accepted()]);
        assert_eq!((said, verdict), (vec![Step::SignIn, Step::Report], CallVerdict::SessionEnded(sign)));
        let (said, verdict) = steps(&Call::get(contacts()), &[&reply, &accepted(), &fine()]);
        assert_eq!((said, verdict), (vec![Step::SignIn, Step::Repeat, Step::Report], CallVerdict::Fine));
    }
}

/// How many logins ten calls ask for, when each is told that the session has ended, and each login is answered with this and
/// then cut off. The caller does not wait where it is to.
fn logins_of_ten_calls(session: &mut Session<'_>, answer: &[u8], cut: Cut) -> usize {
    let mut logins = 0;
    for _ in 0..10 {
        let call = create();
        let mut renewal = Renewal::new(&call);
        let mut exchange = session.call(&call);
        support::pull(session, &mut exchange, 512);
        assert_eq!(support::feed(session, &mut exchange, &ended()[0].1, Cut::Whole).result, Ok(()));
        if renewal.after_answer(&exchange, session) != Step::Report {
            logins += 1;
            let outcome = login(session, answer, cut);
            assert_eq!(renewal.after_sign_in(outcome.is_authenticated(), session), Step::Report);
        }
    }
    logins
}

#[test]
fn a_password_that_was_refused_goes_out_once_whatever_the_answer_looks_like() {
    let json = "Content-Type: application/json";
    let refused = r#"{"Code":1,"Message":"No"}"#;
    let status = |line: &str| with_length(&[line, json], refused);
    let long = format!("Set-Cookie: a={}; path=/", "x".repeat(MEMORY));
    for answer in [
        rejected(),
        with_length(&["HTTP/1.1 200 OK", "Content-Encoding: gzip"], refused),
        with_length(&["HTTP/1.1 200 OK", &long], refused),
        raw(&["HTTP/1.1 200 OK", "Content-Length: 25", "Content-Length: 26"], refused),
        raw(&["HTTP/1.1 200 OK", "Content Length: 25"], refused),
        with_length(&["HTTP/1.1 200 OK"], r#"{"Code":1,"Message":"No"#),
        with_length(&["HTTP/1.1 200 OK"], "No"),
        with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], "<html></html>"),
        fixtures::setting(&[]),
        status("HTTP/1.1 400 Bad"),
        status("HTTP/1.1 429 Busy"),
        status("HTTP/1.1 500 Oops"),
        status("HTTP/1.1 502 Bad Gateway"),
        raw(&["HTTP/1.1 502 Bad Gateway", json, "Content-Length: 26"], refused),
        with_length(&["HTTP/1.1 504 Gateway Timeout", json], r#"{"Code":1,,}"#),
        raw(&["HTTP/1.1 504 Gateway Timeout", "Transfer-Encoding: chunked"], "9\r\n{\"Code\":1,\r\n"),
        status("HTTP/1.1 503 Busy"),
        status("HTTP/1.1 301 Moved"),
        with_length(&["HTTP/1.1 401 U", json], AUTHENTICATION_FAILED),
        with_length(&["HTTP/1.1 403 No"], "<html>Forbidden</html>"),
        with_length(&["HTTP/1.1 404 No"], ""),
        with_length(&["HTTP/1.1 302 F", "Location: /Login/NuiLogin.aspx?ErrorCode=0"], ""),
    ] {
        for cut in [Cut::Whole, Cut::Pieces(1), Cut::Pieces(7)] {
            let mut memory = [0; MEMORY];
            let mut session = signed_in(net(), &mut memory, &[TICKET]);
            let _ = logins_of_ten_calls(&mut session, &answer, cut);
            let mut memory = [0; MEMORY];
            let mut session = signed_in(net(), &mut memory, &[TICKET]);
            assert_eq!(logins_of_ten_calls(&mut session, &answer, cut), 1, "{}", answer.escape_ascii());
            // A new session of the same snapshot, as after a reboot.
            let mut snapshot = vec![0; session.snapshot_len()];
            session.write_snapshot(&mut snapshot).unwrap();
            let mut memory = [0; MEMORY];
            let mut session = support::restored(net(), &mut memory, &snapshot).unwrap();
            assert_eq!((session.sign_in_delay(), logins_of_ten_calls(&mut session, &answer, cut)), (None, 0));
            session.clear();
            assert_eq!(session.sign_in_delay(), None);
            session.allow_sign_in();
            assert_eq!(session.sign_in_delay(), Some(0));
        }
    }
}

#[test]
fn a_login_whose_outcome_nobody_knows_is_tried_again_so_often_wherever_it_is_cut() {
    let whole = rejected();
    for end in 0..whole.len() {
        for answer in [&whole[..end], &raw(&["HTTP/1.1 200 OK"], &br#"{"Code":1,"Message":"No"}"#[..end.min(24)])] {
            let mut memory = [0; MEMORY];
            let mut session = signed_in(net(), &mut memory, &[TICKET]);
            assert_eq!(logins_of_ten_calls(&mut session, answer, Cut::Whole), 3, "{}", answer.escape_ascii());
        }
    }
    // A success sets it back, and the delays grow.
    let (mut memory, mut delays) = ([0; MEMORY], vec![]);
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    for answer in [&whole[..9], &whole[..9], &accepted()[..], &whole[..9], &whole[..9], &whole[..9]] {
        login(&mut session, answer, Cut::Whole);
        delays.push(session.sign_in_delay());
    }
    assert_eq!(delays, [Some(30), Some(300), Some(0), Some(30), Some(300), None]);
    // Nor does it count where nothing was sent.
    session.allow_sign_in();
    let who = support::credentials();
    let exchange = session.login(&who);
    assert_eq!(exchange.request_len(&session), exchange.request_len(&session));
    assert_eq!(session.sign_in_delay(), Some(0));
}

#[test]
fn what_a_proxy_says_does_not_count_unless_it_may_be_a_document_of_the_site() {
    let gateway = |status: &str, fields: &[&str], body: &[u8]| {
        let (line, length) = (format!("HTTP/1.1 {status} Oops"), format!("Content-Length: {}", body.len()));
        [raw(&[&[&line[..], &length], fields].concat(), "").as_slice(), body].concat()
    };
    for status in ["502", "504"] {
        for (fields, body, logins) in [
            (&[][..], &b""[..], 10),
            (&["Content-Type: text/html"], b"<html>", 10),
            (&["Content-Type: text/html"], b"{\"Code\":1}", 10),
            (&[], b" <html>", 10),
            (&["Content-Type: text/plain"], b"Bad Gateway", 10),
            (&["Content-Type: text/plain"], b"502 Bad Gateway", 10),
            (&[], b"[{}]", 10),
            // Nobody knows what it would have said.
            (&[], b"{\"Cod", 3),
            (&[], b" {", 3),
            (&[], b"{\"Message\":\"\"}", 3),
            (&[], b"{\"Code\":x", 3),
            (&["Content-Encoding: gzip"], b"\x1F\x8B\x08", 3),
            (&["Content-Encoding: br", "Content-Type: text/html"], b"<", 3),
        ] {
            for cut in [Cut::Whole, Cut::Pieces(1)] {
                let answer = gateway(status, fields, body);
                let mut memory = [0; MEMORY];
                let mut session = signed_in(net(), &mut memory, &[TICKET]);
                assert_eq!(logins_of_ten_calls(&mut session, &answer, cut), logins, "{}", answer.escape_ascii());
            }
        }
    }
}

#[test]
fn what_is_no_answer_to_a_call_is_reported_and_tells_the_session_nothing() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    let (get, who) = (Call::get(contacts()), support::credentials());
    let (_, ended) = &ended()[0];
    for cut in 0..=ended.len() {
        let mut renewal = Renewal::new(&get);
        let mut exchange = session.call(&get);
        support::pull(&mut session, &mut exchange, 64);
        let _ = exchange.feed(&mut session, &ended[..cut]).unwrap();
        let step = renewal.after_answer(&exchange, &mut session);
        assert_eq!(step, if cut < ended.len() { Step::Report } else { Step::SignIn }, "{cut}");
    }
    let mut exchange = session.login(&who);
    support::pull(&mut session, &mut exchange, 64);
    support::feed(&mut session, &mut exchange, ended, Cut::Whole);
    assert_eq!(Renewal::new(&get).after_answer(&exchange, &mut session), Step::Report);
}

#[test]
fn a_site_that_judges_nothing_is_asked_again_by_each_call() {
    for status in ["429 Too Many", "503 Busy", "502 Bad Gateway", "504 Timeout"] {
        let answer = with_length(&[&format!("HTTP/1.1 {status}"), "Retry-After: 7"], "<html>later</html>");
        for answer in [&answer[..], &answer[..answer.len() - 1]] {
            let mut memory = [0; MEMORY];
            let mut session = signed_in(net(), &mut memory, &[TICKET]);
            assert_eq!(logins_of_ten_calls(&mut session, answer, Cut::Pieces(7)), 10, "{status}");
            assert_eq!(session.sign_in_delay(), Some(0), "{status}");
        }
    }
    for status in ["408 Timeout", "500 Oops", "502 Bad Gateway", "504 Timeout"] {
        let answer = with_length(&[&format!("HTTP/1.1 {status}")], r#"{"message":"Endpoint request timed out"}"#);
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET]);
        assert_eq!(logins_of_ten_calls(&mut session, &answer, Cut::Pieces(7)), 3, "{status}");
    }
}

#[test]
fn a_renewal_that_does_not_help_is_told_as_such_and_not_made_again_for_the_next_call() {
    let get = Call::get(contacts());
    let in_vain = CallVerdict::RenewedInVain;
    for (_, ended) in [ended(), perhaps_ended()].concat() {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET]);
        let mut go = |replies: &[&[u8]]| {
            let (steps, answer) = run(&mut session, &get, Renewal::new(&get), replies);
            (steps, answer.verdict)
        };
        let renewed = [Step::SignIn, Step::Repeat, Step::Report];
        assert_eq!(go(&[&ended, &accepted(), &ended]), (renewed.to_vec(), in_vain));
        assert_eq!(go(&[&ended]), (vec![Step::Report], in_vain));
        if ended.starts_with(b"HTTP/1.1 401") {
            for _ in 0..3 {
                assert_eq!(go(&[&ended]), (vec![Step::Report], in_vain), "until a call has succeeded");
            }
            assert_eq!(go(&[&fine()]), (vec![Step::Report], CallVerdict::Fine));
        }
        assert_eq!(go(&[&ended, &accepted(), &fine()]), (renewed.to_vec(), CallVerdict::Fine));
        assert_eq!(go(&[&ended, &accepted(), &fine()]), (renewed.to_vec(), CallVerdict::Fine));
    }
}

#[test]
fn an_answer_of_the_service_shows_that_a_renewal_has_helped_and_one_of_a_site_that_starts_does_not() {
    let reply = |line: &str, body: &str| with_length(&[line, "Content-Type: application/json"], body);
    let error = r#"{"error":{"code":"","message":"No"}}"#;
    let (get, ended) = (Call::get(contacts()), &ended()[0].1);
    for (answer, renews) in [
        (fine(), true),
        (reply("HTTP/1.1 200 OK", r#"{"success":false}"#), true),
        (reply("HTTP/1.1 404 Not Found", error), true),
        (reply("HTTP/1.1 403 Forbidden", error), true),
        (reply("HTTP/1.1 400 Bad Request", error), true),
        (reply("HTTP/1.1 404 Not Found", ""), true),
        (reply("HTTP/1.1 409 Conflict", ""), true),
        (reply("HTTP/1.1 412 Precondition Failed", ""), true),
        (reply("HTTP/1.1 500 Oops", error), true),
        (raw(&["HTTP/1.1 304 Not Modified"], ""), true),
        (reply("HTTP/1.1 200 OK", "<html>Welcome</html>"), false),
        (reply("HTTP/1.1 404 Not Found", "<html>Starting</html>"), false),
        (with_length(&["HTTP/1.1 404 Not Found", "Content-Type: text/html"], ""), false),
        (with_length(&["HTTP/1.1 302 Found", "Location: http://portal.example.net/"], ""), false),
        (reply("HTTP/1.1 500 Oops", ""), false),
        (reply("HTTP/1.1 400 Bad Request", "<html>Too large</html>"), false),
        (reply("HTTP/1.1 500 Oops", "<html>Starting</html>"), false),
        (reply("HTTP/1.1 503 Busy", ""), false),
    ] {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET]);
        let mut go = |replies: &[&[u8]]| run(&mut session, &get, Renewal::new(&get).with_repeats(0), replies).0;
        assert_eq!(go(&[ended, &accepted(), &answer])[..2], [Step::SignIn, Step::Repeat]);
        let expected: &[Step] = if renews { &[Step::SignIn, Step::Repeat, Step::Report] } else { &[Step::Report] };
        let replies: &[&[u8]] = if renews { &[ended, &accepted(), &fine()] } else { &[ended] };
        assert_eq!(go(replies), expected, "{}", answer.escape_ascii());
    }
}

#[test]
fn a_session_that_ends_anew_before_a_call_has_come_through_is_renewed_in_the_end() {
    let get = Call::get(contacts());
    let busy = with_length(&["HTTP/1.1 503 Busy"], "");
    let blocked = with_length(&["HTTP/1.1 403 Forbidden", "Content-Type: text/html"], "<html>Blocked</html>");
    let cut = raw(&["HTTP/1.1 200 OK", "Content-Length: 9"], "{");
    for (_, ended) in ended() {
        for nothing in [&busy, &blocked, &cut] {
            let mut memory = [0; MEMORY];
            let mut session = signed_in(net(), &mut memory, &[TICKET]);
            let _ = run(&mut session, &get, Renewal::new(&get).with_repeats(0), &[&ended, &accepted(), &busy]);
            let outcome = call(&mut session, &get, nothing, Cut::Whole);
            assert_eq!(outcome.result.is_err(), *nothing == cut);
            let mut go = |replies: &[&[u8]]| run(&mut session, &get, Renewal::new(&get), replies).0;
            for _ in 0..2 {
                assert_eq!(go(&[&ended]), [Step::Report]);
            }
            assert_eq!(go(&[&ended, &accepted(), &fine()]), [Step::SignIn, Step::Repeat, Step::Report]);
        }
    }
}

#[test]
fn a_login_that_is_not_accepted_is_reported_and_no_other_is_made() {
    let no_ticket = fixtures::setting(&[]);
    let not_accepted = [
        rejected(),
        with_length(&["HTTP/1.1 401 U"], AUTHENTICATION_FAILED),
        raw(&["HTTP/1.1 403 No", "Content-Length: 0"], ""),
        with_length(&["HTTP/1.1 302 F", "Location: /Login/Login.html"], ""),
        raw(&["HTTP/1.1 503 Busy", "Content-Length: 0"], ""),
    ];
    for (sign, ended) in [ended(), perhaps_ended()].concat() {
        for reply in &not_accepted {
            let (steps, verdict) = steps(&create(), &[&ended, reply]);
            assert_eq!((steps, verdict), (vec![Step::SignIn, Step::Report], CallVerdict::SessionEnded(sign)));
        }
    }
    // A redirect has deleted the ticket, and the login brings none.
    let (steps, _) = steps(&create(), &[&ended()[0].1, &no_ticket]);
    assert_eq!(steps, [Step::SignIn, Step::Report]);
}

#[test]
fn after_a_rejected_login_the_policy_asks_for_none_whatever_comes() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    let mut renewal = Renewal::new(&create());
    let mut said = Vec::new();
    for (_, ended) in ended() {
        let call = create();
        let mut exchange = session.call(&call);
        support::pull(&mut session, &mut exchange, 64);
        assert_eq!(support::feed(&mut session, &mut exchange, &ended, Cut::Whole).result, Ok(()));
        said.push(renewal.after_answer(&exchange, &mut session));
        let is_signed_in = login(&mut session, &rejected(), Cut::Whole).is_authenticated();
        said.push(renewal.after_sign_in(is_signed_in, &mut session));
    }
    assert_eq!(said, [Step::SignIn, Step::Report, Step::Report, Step::Report, Step::Report, Step::Report]);
}

#[test]
fn a_session_that_ends_again_after_the_login_is_reported() {
    for ((_, first), (_, second)) in ended().into_iter().zip(ended().into_iter().rev()) {
        let (steps, verdict) = steps(&create(), &[&first, &accepted(), &second]);
        assert_eq!(steps, [Step::SignIn, Step::Repeat, Step::Report]);
        assert_eq!(verdict, CallVerdict::RenewedInVain);
    }
}

#[test]
fn a_busy_site_and_an_ended_session_may_come_together() {
    let busy = with_length(&["HTTP/1.1 429 Too Many", "Retry-After: 2"], "");
    let (steps, verdict) = steps(&create(), &[&busy, &ended()[0].1, &accepted(), &busy, &fine()]);
    let wait = Step::RepeatAfter(Some(2));
    assert_eq!(steps, [wait, Step::SignIn, Step::Repeat, wait, Step::Report]);
    assert_eq!(verdict, CallVerdict::Fine);
}

#[test]
fn what_may_have_been_done_once_may_have_been_done_however_often_it_goes_out_again() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    let call = Call::get(contacts());
    let mut renewal = Renewal::new(&call);
    assert!(!renewal.may_be_done_before());
    for _ in 0..2 {
        let mut exchange = session.call(&call);
        support::pull(&mut session, &mut exchange, 64);
        let busy = with_length(&["HTTP/1.1 503 Busy"], "");
        assert_eq!(support::feed(&mut session, &mut exchange, &busy, Cut::Whole).result, Ok(()));
        assert_eq!(renewal.after_answer(&exchange, &mut session), Step::RepeatAfter(None));
        assert!(renewal.may_be_done_before());
    }
}

//= 9110-15.5.4-no-repeat
#[test]
fn nothing_else_is_repeated() {
    let reply = |line: &str, body: &str| with_length(&[line, "Content-Type: application/json"], body);
    let failed = r#"{"success":false,"errorInfo":{"message":"No"}}"#;
    for other in [
        fine(),
        reply("HTTP/1.1 200 OK", failed),
        reply("HTTP/1.1 200 OK", "<html>Welcome</html>"),
        reply("HTTP/1.1 302 Found", ""),
        reply("HTTP/1.1 400 Bad", ""),
        reply("HTTP/1.1 403 No", ""),
        reply("HTTP/1.1 404 N", ""),
        reply("HTTP/1.1 500 Oops", AUTHENTICATION_FAILED),
        reply("HTTP/1.1 503 Busy", ""),
    ] {
        assert_eq!(steps(&create(), &[&other]).0, [Step::Report], "{}", other.escape_ascii());
    }
}

#[test]
fn a_body_that_the_caller_sends_is_sent_once_unless_it_says_that_it_can_again() {
    let upload = Call::put(contacts()).with_body_of_length("image/png", 5).unwrap();
    for (_, ended) in ended() {
        assert_eq!(steps(&upload, &[&ended]).0, [Step::Report]);
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET]);
        let renewal = Renewal::new(&upload).with_repeatable_body();
        let (steps, _) = run(&mut session, &upload, renewal, &[&ended, &accepted(), &fine()]);
        assert_eq!(steps, [Step::SignIn, Step::Repeat, Step::Report]);
    }
}

#[test]
fn every_reply_may_renew_the_ticket_and_bring_a_late_session_id() {
    let fields =
        ["Set-Cookie: .ASPXAUTH=slid; path=/; HttpOnly", "Set-Cookie: BPMSESSIONID=s; path=/CreatioWebApp; HttpOnly"];
    for status in ["200 OK", "201 C", "400 B", "401 U", "403 F", "404 N", "429 T", "500 O", "302 F"] {
        let reply = with_length(&[&[&*format!("HTTP/1.1 {status}")], &fields[..]].concat(), "{}");
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; MEMORY];
            let mut session = signed_in(framework(), &mut memory, &[TICKET, "BPMSESSIONID=; path=/", "a=b; path=/"]);
            let (outcome, _) = call_answer(&mut session, &Call::get(contacts()), &reply, cut);
            assert_eq!(outcome.result, Ok(()));
            let cookies = cookie_field(&session, contacts());
            assert_eq!(cookies, "BPMSESSIONID=s; .ASPXAUTH=slid; BPMSESSIONID=; a=b", "{status} {cut:?}");
        }
    }
}

#[test]
fn a_hundred_thousand_calls_leave_no_trace() {
    let head = ["HTTP/1.1 200 OK", "Set-Cookie: .ASPXAUTH=slid; path=/", "Set-Cookie: BPMSESSIONID=s; path=/"];
    let deleting = [&head[..], &["Set-Cookie: a=; Max-Age=0; path=/"]].concat();
    let setting = [&head[..], &["Set-Cookie: a=b; path=/"]].concat();
    let [deleting, setting] = [deleting, setting].map(|lines| with_length(&lines, "{}"));
    let mut memory = [0; 512];
    let mut session = signed_in(net(), &mut memory, &[TICKET, "BPMCSRF=c; path=/"]);
    let ask = Call::get(contacts());
    call(&mut session, &ask, &setting, Cut::Whole);
    let (len, lines) = (session.snapshot_len(), authorization(&session, contacts()));
    for _ in 0..50_000 {
        for reply in [&deleting, &setting] {
            let mut exchange = session.call(&ask);
            exchange.fill(&mut session, &mut [0; 512]).unwrap();
            for piece in [&reply[..100], &reply[100..]] {
                let mut rest = piece;
                while !rest.is_empty() {
                    rest = &rest[exchange.feed(&mut session, rest).unwrap().consumed..];
                }
            }
            assert_eq!(exchange.call_result(&session).unwrap().verdict, CallVerdict::Fine);
        }
        assert_eq!(session.snapshot_len(), len);
    }
    assert_eq!(authorization(&session, contacts()), lines);
}

#[test]
fn a_health_check_says_nothing_of_a_renewal_and_a_ping_of_any_type_does() {
    let ended = &ended()[2].1;
    let (get, health, ping) = (Call::get(contacts()), Call::health_check(creatio_auth::Runtime::Net), Call::ping());
    let html = with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], "Pong");
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    let mut go = |call: &Call<'_>, replies: &[&[u8]]| run(&mut session, call, Renewal::new(call), replies).0;
    assert_eq!(go(&get, &[ended, &accepted(), ended]), [Step::SignIn, Step::Repeat, Step::Report]);
    for _ in 0..3 {
        assert_eq!(go(&health, &[&fine()]), [Step::Report]);
        assert_eq!(go(&get, &[ended]), [Step::Report]);
    }
    assert_eq!(go(&ping, &[&html]), [Step::Report]);
    assert_eq!(go(&get, &[ended, &accepted(), &fine()]), [Step::SignIn, Step::Repeat, Step::Report]);
}

#[test]
fn a_write_that_is_answered_with_a_page_each_time_costs_no_login_each_time() {
    for (_, page) in perhaps_ended() {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET]);
        let mut logins = 0;
        for _ in 0..9 {
            let call = create();
            let mut renewal = Renewal::new(&call);
            let mut exchange = session.call(&call);
            support::pull(&mut session, &mut exchange, 64);
            assert_eq!(support::feed(&mut session, &mut exchange, &page, Cut::Whole).result, Ok(()));
            if renewal.after_answer(&exchange, &mut session) == Step::SignIn {
                logins += 1;
                let is_signed_in = login(&mut session, &accepted(), Cut::Whole).is_authenticated();
                assert_eq!(renewal.after_sign_in(is_signed_in, &mut session), Step::Report);
            }
        }
        assert_eq!(logins, 5, "each second one at the most");
    }
}

#[test]
fn a_session_that_is_cleared_is_renewed_again() {
    let ended = &ended()[2].1;
    let get = Call::get(contacts());
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    let renewed = [Step::SignIn, Step::Repeat, Step::Report];
    for _ in 0..2 {
        assert_eq!(run(&mut session, &get, Renewal::new(&get), &[ended, &accepted(), ended]).0, renewed);
        session.clear();
    }
}
