//! Cookies that somebody has slipped into a session: no session stays spoilt by them.

mod support;

use creatio_auth::{Call, CallVerdict, ClientCredentials, Path, Renewal, Session, Step, Verdict};
use support::fixtures::{raw, setting, with_length};
use support::{
    Cut, MEMORY, Read, call, contacts, cookie_field, credentials, feed, framework, login, net, pull, set_cookies,
    signed_in,
};

const TICKET: &str = ".ASPXAUTH=good; path=/; HttpOnly";

/// What goes before the good one, in each call or in those to OData.
const PLANTED: [&str; 4] =
    ["path=/odata", "path=/odata/Contact", "path=/odata/; HttpOnly", "domain=crm.example.com; path=/"];

fn page(line: &str) -> Vec<u8> {
    with_length(&[line, "Content-Type: text/html"], "<html>Request Header Or Cookie Too Large</html>")
}

/// The cookies of a call in the order of their names.
fn sorted(session: &Session<'_>) -> String {
    let field = cookie_field(session, contacts());
    let mut pairs: Vec<_> = field.split("; ").collect();
    pairs.sort();
    pairs.join("; ")
}

#[test]
fn an_accepted_login_puts_out_what_was_planted_before_it() {
    let accepted = setting(&[".ASPXAUTH=new; path=/; HttpOnly", "BPMCSRF=n; path=/", "CRT_CSRF=n; path=/"]);
    for place in PLANTED {
        for cut in Cut::all(accepted.len()) {
            let mut memory = [0; MEMORY];
            let mut session = signed_in(net(), &mut memory, &[TICKET, "BPMCSRF=c; path=/", "CRT_CSRF=c; path=/"]);
            let planted = ["BPMCSRF=bad", "CRT_CSRF=bad", ".ASPXAUTH=bad"].map(|pair| format!("{pair}; {place}"));
            set_cookies(&mut session, contacts(), &planted.each_ref().map(String::as_str));
            assert!(cookie_field(&session, contacts()).contains("bad"), "{place}");
            assert!(login(&mut session, &accepted, cut).is_authenticated());
            assert_eq!(sorted(&session), ".ASPXAUTH=new; BPMCSRF=n; CRT_CSRF=n", "{place}, {cut:?}");
        }
    }
}

#[test]
fn so_it_does_what_a_snapshot_has_brought() {
    let (mut memory, mut other, mut snapshot) = ([0; MEMORY], [0; MEMORY], [0; MEMORY]);
    let session = signed_in(net(), &mut memory, &[".ASPXAUTH=bad; path=/odata", ".ASPXAUTH=old; path=/"]);
    let len = session.write_snapshot(&mut snapshot).unwrap();
    let mut session = support::restored(net(), &mut other, &snapshot[..len]).unwrap();
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=bad; .ASPXAUTH=old");
    assert!(login(&mut session, &setting(&[TICKET]), Cut::Whole).is_authenticated());
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=good");
}

#[test]
fn what_the_login_has_not_set_stays_and_so_does_all_that_it_has_set() {
    let before = [
        ".ASPXAUTH=old; path=/",
        "BPMCSRF=c; path=/",
        "BPMSESSIONID=s; path=/odata",
        "UserName=83; path=/",
        "proxy=a; path=/odata",
    ];
    let reply = [".ASPXAUTH=new; path=/", ".ASPXAUTH=other; path=/odata", "BPMSESSIONID=; path=/", "proxy=b; path=/"];
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &before);
    assert!(login(&mut session, &setting(&reply), Cut::Whole).is_authenticated());
    let expected =
        ".ASPXAUTH=new; .ASPXAUTH=other; BPMCSRF=c; BPMSESSIONID=; BPMSESSIONID=s; UserName=83; proxy=a; proxy=b";
    assert_eq!(sorted(&session), expected);
}

#[test]
fn a_login_that_is_not_accepted_puts_nothing_out() {
    let lines = ["HTTP/1.1 200 OK", "Set-Cookie: .ASPXAUTH=new; path=/", "Set-Cookie: BPMCSRF=n; path=/"];
    for body in [r#"{"Code":1}"#, r#"{"Code":3}"#, r#"{"Code":4}"#, r#"{"Code":5}"#, r#"{"Code":7}"#, "<html></html>"]
    {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET, "BPMCSRF=c; path=/odata"]);
        assert!(!login(&mut session, &with_length(&lines, body), Cut::Whole).is_authenticated());
        assert!(sorted(&session).contains("BPMCSRF=c; BPMCSRF=n"), "{body}");
    }
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET, "BPMCSRF=c; path=/odata"]);
    for line in ["HTTP/1.1 302 Found", "HTTP/1.1 401 No", "HTTP/1.1 500 No"] {
        login(&mut session, &with_length(&[&[line], &lines[2..]].concat(), r#"{"Code":0}"#), Cut::Whole);
        assert!(sorted(&session).contains("BPMCSRF=c; BPMCSRF=n"), "{line}");
    }
}

/// The call, with the answers to it and a login between them where there is one; what it comes to.
fn renewed(session: &mut Session<'_>, replies: [&[u8]; 2]) -> CallVerdict {
    let get = Call::get(contacts());
    let mut renewal = Renewal::new(&get);
    for (nth, reply) in replies.into_iter().enumerate() {
        let mut exchange = session.call(&get);
        pull(session, &mut exchange, 64);
        assert_eq!(feed(session, &mut exchange, reply, Cut::Pieces(7)).result, Ok(()));
        let step = renewal.after_answer(&exchange, session);
        if step == Step::Report {
            return exchange.call_result(session).unwrap().verdict;
        }
        assert_eq!((step, nth), (Step::SignIn, 0));
        assert!(login(session, &setting(&[TICKET]), Cut::Whole).is_authenticated());
        assert_eq!(renewal.after_sign_in(true, session), Step::Repeat);
    }
    panic!("another repetition")
}

/// The `Cookie` line of the next login.
fn cookies_of_the_login(session: &mut Session<'_>) -> Option<String> {
    let credentials = credentials();
    let mut exchange = session.login(&credentials);
    let request = Read::new(&pull(session, &mut exchange, 64));
    request.field("Cookie").map(|field| String::from_utf8(field.to_vec()).unwrap())
}

#[test]
fn a_session_that_ends_right_after_a_good_login_begins_the_next_one_without_cookies_once() {
    let ended = [
        with_length(&["HTTP/1.1 302 F", "Location: /Login/Login.html"], ""),
        with_length(&["HTTP/1.1 401 U"], r#"{"Message":"Authentication failed."}"#),
        page_of_the_login(),
    ];
    for ended in &ended {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET, "bad=x; path=/"]);
        assert!(!session.sign_in_drops_cookies());
        assert_eq!(renewed(&mut session, [ended, ended]), CallVerdict::RenewedInVain);
        assert!(session.sign_in_drops_cookies());
        // A site that starts lets the session in some time: calls keep it.
        assert_eq!(sorted(&session), ".ASPXAUTH=good; bad=x");
        assert_eq!(cookies_of_the_login(&mut session), None);
        assert!(!session.sign_in_drops_cookies());
        assert!(login(&mut session, &setting(&[TICKET, "new=y; path=/"]), Cut::Whole).is_authenticated());
        assert_eq!(cookies_of_the_login(&mut session).as_deref(), Some(".ASPXAUTH=good; new=y"));
    }
}

fn page_of_the_login() -> Vec<u8> {
    let page = "<html><a href=\"/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata\">Log in</a></html>";
    with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], page)
}

#[test]
fn a_call_that_is_answered_well_ends_the_doubt() {
    let ended = with_length(&["HTTP/1.1 302 F", "Location: /Login/Login.html"], "");
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET, "proxy=x; path=/"]);
    assert_eq!(renewed(&mut session, [&ended, &ended]), CallVerdict::RenewedInVain);
    assert_eq!(renewed(&mut session, [&with_length(&["HTTP/1.1 200 OK"], "{}"), b""]), CallVerdict::Fine);
    assert!(!session.sign_in_drops_cookies());
    assert_eq!(cookies_of_the_login(&mut session).as_deref(), Some(".ASPXAUTH=good; proxy=x"));
}

#[test]
fn what_the_renewal_does_not_mend_it_begins_anew() {
    // Where the end is no more than a sign, a renewal leaves the cookies of the login; and this one no login knows.
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET, ".ASPXAUTH.x=bad; path=/odata"]);
    let page = page_of_the_login();
    assert_eq!(renewed(&mut session, [&page, &page]), CallVerdict::RenewedInVain);
    assert_eq!(renewed(&mut session, [&page, &page]), CallVerdict::RenewedInVain);
    assert_eq!(renewed(&mut session, [&page, &with_length(&["HTTP/1.1 200 OK"], "{}")]), CallVerdict::Fine);
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=good");
}

#[test]
fn the_second_step_of_a_login_keeps_what_the_first_has_brought() {
    let ended = with_length(&["HTTP/1.1 302 F", "Location: /Login/Login.html"], "");
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    assert_eq!(renewed(&mut session, [&ended, &ended]), CallVerdict::RenewedInVain);
    let first = login(&mut session, &setting(&["FirstFactor=f; path=/"]), Cut::Whole);
    assert_eq!(first.verdict(), Some(Verdict::SecondFactorWanted));
    assert_eq!(cookies_of_the_login(&mut session).as_deref(), Some("FirstFactor=f"));
}

const REFUSED: [&str; 3] = ["HTTP/1.1 400 Bad Request", "HTTP/1.1 413 Too Large", "HTTP/1.1 431 Fields Too Large"];

/// ASP.NET ignores the case of a cookie's name, and one without a name goes out as its value alone.
#[test]
fn what_a_server_may_take_for_a_cookie_of_the_login_is_put_out_too() {
    let accepted = setting(&[".ASPXAUTH=new; path=/; HttpOnly", "UserName=; path=/"]);
    for (planted, is_put_out) in [
        (".aspxauth=bad", true),
        ("=.ASPXAUTH=bad", true),
        ("=.AspXAuth=", true),
        ("=.ASPXAUTH", false),       // nobody's name without an equals sign
        ("= .ASPXAUTH =bad", false), // with the space a name of its own
        (".ASPXAUTH2=bad", false),
        (".ASPXAUT=bad", false),
        ("=.ASPXAUTHbad", false),
        ("UserName=bad", false), // an empty one is none
        ("Name=bad", false),
    ] {
        for place in PLANTED {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            set_cookies(&mut session, contacts(), &[&format!("{planted}; {place}")]);
            let before = cookie_field(&session, contacts());
            assert!(
                before
                    .to_ascii_lowercase()
                    .contains(planted.trim_start_matches(['=', ' ']).to_ascii_lowercase().as_str())
            );
            assert!(login(&mut session, &accepted, Cut::Pieces(7)).is_authenticated());
            let after = cookie_field(&session, contacts());
            assert_eq!(!after.contains(&before), is_put_out, "{planted}; {place}: {after}");
        }
    }
}

#[test]
fn cookies_that_are_too_long_for_a_login_are_dropped_once_and_the_password_counts_as_not_judged() {
    for line in REFUSED {
        for reply in [page(line), raw(&[line, "Content-Length: 0"], ""), raw(&[line], "\r\n<html>")] {
            for cut in [Cut::Whole, Cut::Pieces(1)] {
                let mut memory = [0; MEMORY];
                let mut session = Session::new(framework(), &mut memory);
                set_cookies(&mut session, Path::root("/").unwrap(), &["bomb=xxxxxxxx; path=/"]);
                assert_eq!(login(&mut session, &reply, cut).verdict(), Some(Verdict::UnexpectedStatus));
                assert_eq!((session.sign_in_delay(), session.sign_in_drops_cookies()), (Some(0), true), "{line}");
                // It was something else, for there are none now.
                assert_eq!(login(&mut session, &reply, cut).verdict(), Some(Verdict::UnexpectedStatus));
                assert_eq!((session.sign_in_delay(), session.sign_in_drops_cookies()), (None, false), "{line}");
                assert_eq!(session.cookies().count(), 0);
            }
        }
    }
}

#[test]
fn a_password_that_may_have_been_judged_is_not_sent_again() {
    for line in REFUSED {
        let json = "Content-Type: application/json";
        for reply in [
            with_length(&[line, json], r#"{"Code":1,"Message":"No"}"#),
            with_length(&[line, json], r#"{"Message":"No"}"#),
            with_length(&[line], "No"),
            raw(&[line, "Content-Length: 30"], r#"{"Message":"N"#),
            with_length(&[line, "Content-Encoding: gzip", "Content-Type: text/html"], "\x1F\u{8B}"),
        ] {
            let mut memory = [0; MEMORY];
            let mut session = signed_in(net(), &mut memory, &[TICKET]);
            login(&mut session, &reply, Cut::Pieces(5));
            let after = (session.sign_in_delay(), session.sign_in_drops_cookies());
            assert_eq!(after, (None, false), "{}", reply.escape_ascii());
        }
        // A request for a token takes no cookies along.
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[TICKET]);
        let client = ClientCredentials::borrowed("id", "secret");
        let mut exchange = session.token(&net(), &client);
        pull(&mut session, &mut exchange, 64);
        assert_eq!(feed(&mut session, &mut exchange, &page(line), Cut::Whole).result, Ok(()));
        assert_eq!((session.sign_in_delay(), session.sign_in_drops_cookies()), (None, false), "{line}");
    }
}

#[test]
fn nothing_but_a_login_drops_cookies() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[TICKET]);
    for line in REFUSED {
        call(&mut session, &Call::get(contacts()), &page(line), Cut::Whole);
        assert!(!session.sign_in_drops_cookies());
    }
}
