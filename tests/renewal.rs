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

/// An ended session in each of its shapes.
fn ended() -> [(EndSign, Vec<u8>); 3] {
    let page = "<html><form action=\"/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata\"></form></html>";
    let deleted = "Set-Cookie: .ASPXAUTH=; expires=Tue, 12 Oct 1999 00:00:00 GMT; path=/; HttpOnly";
    let found = ["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata", deleted];
    let json = "Content-Type: application/json";
    [
        (EndSign::RedirectToLogin, with_length(&found, "<html>moved</html>")),
        (EndSign::LoginPage, with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], page)),
        (EndSign::AuthenticationFailed, with_length(&["HTTP/1.1 401 U", json], AUTHENTICATION_FAILED)),
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
        let answer = exchange.call_result(session).unwrap();
        steps.push(renewal.after_answer(&answer));
        let answer = CallAnswer::of(&answer);
        if steps.last() == Some(&Step::SignIn) {
            let reply = replies.next().expect("a login more than there are replies");
            steps.push(
                renewal.after_sign_in(login(session, reply, Cut::Pieces(11)).verdict().unwrap().is_authenticated()),
            );
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
fn a_login_that_is_not_accepted_is_reported_and_no_other_is_made() {
    let no_ticket = fixtures::setting(&[]);
    let not_accepted = [
        rejected(),
        with_length(&["HTTP/1.1 401 U"], AUTHENTICATION_FAILED),
        raw(&["HTTP/1.1 403 No", "Content-Length: 0"], ""),
        with_length(&["HTTP/1.1 302 F", "Location: /Login/Login.html"], ""),
        raw(&["HTTP/1.1 503 Busy", "Content-Length: 0"], ""),
    ];
    for (sign, ended) in ended() {
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
        support::pull(&session, &mut exchange, 64);
        assert_eq!(support::feed(&mut session, &mut exchange, &ended, Cut::Whole).result, Ok(()));
        said.push(renewal.after_answer(&exchange.call_result(&session).unwrap()));
        said.push(
            renewal.after_sign_in(login(&mut session, &rejected(), Cut::Whole).verdict().unwrap().is_authenticated()),
        );
    }
    assert_eq!(said, [Step::SignIn, Step::Report, Step::Report, Step::Report, Step::Report, Step::Report]);
}

#[test]
fn a_session_that_ends_again_after_the_login_is_reported() {
    for ((_, first), (sign, second)) in ended().into_iter().zip(ended().into_iter().rev()) {
        let (steps, verdict) = steps(&create(), &[&first, &accepted(), &second]);
        assert_eq!(steps, [Step::SignIn, Step::Repeat, Step::Report]);
        assert_eq!(verdict, CallVerdict::SessionEnded(sign));
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
fn nothing_else_is_repeated() {
    let reply = |line: &str, body: &str| with_length(&[line, "Content-Type: application/json"], body);
    let failed = r#"{"success":false,"errorInfo":{"message":"No"}}"#;
    for other in [
        fine(),
        reply("HTTP/1.1 200 OK", failed),
        reply("HTTP/1.1 200 OK", "<html>Welcome</html>"),
        reply("HTTP/1.1 302 Found", ""),
        reply("HTTP/1.1 400 Bad", ""),
        reply("HTTP/1.1 401 U", r#"{"Message":"Authentication failed"}"#),
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
            exchange.fill(&session, &mut [0; 512]).unwrap();
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
