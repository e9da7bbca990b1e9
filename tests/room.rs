//! How much memory a session takes, case by case, as the documentation has it; and that a renewal takes no more than the first
//! login did.

mod support;

use creatio_auth::{Call, ClientCredentials, ReplyError, Session, Verdict};
use support::fixtures::{SUCCESS, raw, with_length};
use support::room::{AMPLE, cookies_of, end, first_login, least, of_firewalls, of_the_site, renewal, setting};
use support::{Cut, contacts, cookie_field, credentials, feed, login, net, pull, snapshot};

/// Replies to a login of a session that is behind firewalls or not, in many orders of their cookies: the first one, one that sets
/// all anew, and one that sets only those of the site anew.
fn each_order(test: impl Fn(&[u8], &[u8])) {
    for firewalls in [vec![], of_firewalls()] {
        let mut cookies = [of_the_site(), firewalls.clone()].concat();
        for _ in 0..cookies.len() {
            cookies.rotate_left(1);
            for _ in 0..2 {
                cookies.reverse();
                let first = setting(&cookies);
                let again: Vec<_> = cookies.iter().filter(|cookie| !firewalls.contains(cookie)).cloned().collect();
                test(&first, &first);
                test(&first, &setting(&again));
            }
        }
    }
}

#[test]
fn a_renewal_takes_no_more_than_the_first_login() {
    each_order(|first, again| {
        let (needed, enough) = (renewal(first, again), first_login(first));
        assert!(needed <= enough, "{needed} bytes, where {enough} served the first login");
    });
}

/// A login whose reply someone else's HTTP client has read.
fn login_in_parts(session: &mut Session<'_>, reply: &[u8]) -> Result<(), ReplyError> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut read = httparse::Response::new(&mut headers);
    let body = &reply[read.parse(reply).unwrap().unwrap()..];
    let who = credentials();
    let mut exchange = session.login(&who);
    for field in read.headers.iter() {
        exchange.feed_field(session, field.name.as_bytes(), field.value)?;
    }
    exchange.end_head(session, read.code.unwrap())?;
    let _ = exchange.feed(session, body)?;
    exchange.close(session)
}

#[test]
fn in_parts_no_more_gives_way_than_byte_by_byte() {
    let reply = setting(&[of_the_site(), of_firewalls()].concat());
    let enough = first_login(&reply);
    for size in (enough..enough + 1500).step_by(37) {
        let [mut one, mut other] = [vec![0; AMPLE], vec![0; AMPLE]];
        let kept = [&mut one[..size.max(enough)], &mut other[..size.max(enough)]].map(|memory| ended(memory));
        let [mut by_bytes, mut in_parts] = kept;
        assert!(login(&mut by_bytes, &reply, Cut::Pieces(1)).is_authenticated());
        assert_eq!(login_in_parts(&mut in_parts, &reply), Ok(()));
        assert_eq!(sent(&in_parts), sent(&by_bytes), "{size}");
    }
}

#[test]
fn nor_does_one_by_someone_elses_client() {
    each_order(|first, again| {
        let needed = least(&[first], |session| {
            end(session);
            login_in_parts(session, again)
        });
        let enough = least(&[], |session| login_in_parts(session, first));
        assert!(needed <= enough, "{needed} bytes, where {enough} served the first login");
    });
}

#[test]
fn a_cookie_gives_way_to_fields_of_someone_elses_client_no_earlier_than_it_has_to() {
    let mut memory = [0; 256];
    let mut session = Session::new(net(), &mut memory);
    let values = ["balancer=b; path=/", ".ASPXAUTH=t; path=/"].map(String::from);
    assert!(login(&mut session, &setting(&values), Cut::Whole).is_authenticated());
    end(&mut session);
    assert_eq!(login_in_parts(&mut session, &setting(&values[1..])), Ok(()));
    assert_eq!(cookie_field(&session, contacts()), "balancer=b; .ASPXAUTH=t");
}

#[test]
fn no_cookie_gives_way_to_a_field_that_is_of_no_interest() {
    let trace = format!("X-Trace: {}", "x".repeat(500));
    let reply = with_length(&["HTTP/1.1 200 OK", &trace, "Set-Cookie: .ASPXAUTH=t; path=/", &trace], SUCCESS);
    for cut in [Cut::Whole, Cut::Pieces(1), Cut::Pieces(7)] {
        let mut memory = [0; 256];
        let mut session = Session::new(net(), &mut memory);
        let values = ["balancer=b; path=/", ".ASPXAUTH=t; path=/"].map(String::from);
        assert!(login(&mut session, &setting(&values), Cut::Whole).is_authenticated());
        end(&mut session);
        assert!(login(&mut session, &reply, cut).is_authenticated(), "{cut:?}");
        assert_eq!(cookie_field(&session, contacts()), "balancer=b; .ASPXAUTH=t", "{cut:?}");
    }
}

#[test]
fn a_renewal_of_which_the_cookies_name_no_path_takes_no_more_than_the_first_login() {
    let without_path = |cookies: Vec<String>| -> Vec<String> {
        cookies.iter().map(|cookie| cookie.replace("path=/", "x").replace("Path=/", "x")).collect()
    };
    let mut cookies = without_path([of_the_site(), of_firewalls()].concat());
    for _ in 0..cookies.len() {
        cookies.rotate_left(1);
        let reply = setting(&cookies);
        assert!(renewal(&reply, &reply) <= first_login(&reply));
    }
}

/// What goes to the site with the next call, whatever its order.
fn sent(session: &Session<'_>) -> Vec<String> {
    let mut cookies: Vec<_> = cookie_field(session, contacts()).split("; ").map(String::from).collect();
    cookies.sort();
    cookies
}

#[test]
fn after_a_renewal_the_session_has_what_it_had_after_the_first_login() {
    each_order(|first, again| {
        // As much as serves all that is there and the longest line beside it.
        let mut memory = [0; 4096];
        let mut session = Session::new(net(), &mut memory);
        assert!(login(&mut session, first, Cut::Whole).is_authenticated());
        let before = sent(&session);
        end(&mut session);
        assert!(login(&mut session, again, Cut::Pieces(7)).is_authenticated());
        assert_eq!(sent(&session), before);
    });
}

/// A session behind firewalls that has just been ended.
fn ended(memory: &mut [u8]) -> Session<'_> {
    let mut session = Session::new(net(), memory);
    assert!(login(&mut session, &setting(&[of_the_site(), of_firewalls()].concat()), Cut::Whole).is_authenticated());
    end(&mut session);
    session
}

#[test]
fn the_firewalls_cookies_go_with_the_login_that_renews_and_those_of_the_ended_session_do_not() {
    let mut memory = [0; 4096];
    let session = ended(&mut memory);
    let names: Vec<_> = session.cookies().map(|cookie| String::from_utf8_lossy(cookie.name()).into_owned()).collect();
    let firewalls: Vec<_> =
        of_firewalls().iter().map(|cookie| cookie.split('=').next().unwrap().to_owned()).collect();
    assert_eq!(names, firewalls);
    assert_eq!(sent(&session).len(), firewalls.len());
}

#[test]
fn nothing_of_a_renewal_that_fails_enters_the_session_wherever_it_is_cut() {
    let reply = setting(&[of_the_site(), of_firewalls()].concat());
    for size in [AMPLE, first_login(&reply) + 100] {
        let mut memory = vec![0; size];
        let mut session = ended(&mut memory);
        let before = sent(&session);
        for end in (0..reply.len()).step_by(11) {
            assert_eq!(login(&mut session, &reply[..end], Cut::Whole).result, Err(ReplyError::ClosedEarly), "{end}");
            let after = sent(&session);
            assert!(after.iter().all(|cookie| cookie.is_empty() || before.contains(cookie)), "{end}");
            assert!(size < AMPLE || after == before, "{end}");
        }
        assert!(login(&mut session, &reply, Cut::Whole).is_authenticated());
    }
}

#[test]
fn memory_of_every_size_serves_a_renewal_or_the_size_that_does_is_named() {
    let reply = setting(&[of_the_site(), of_firewalls()].concat());
    let run = |size: usize| {
        let mut memory = vec![0; AMPLE];
        let session = ended(&mut memory);
        let mut bytes = vec![0; session.snapshot_len()];
        session.write_snapshot(&mut bytes).unwrap();
        let mut small = vec![0; size];
        let mut session = support::restored(net(), &mut small, &bytes).unwrap();
        end(&mut session); // which a snapshot does not say
        login(&mut session, &reply, Cut::Whole).result
    };
    let enough = first_login(&reply);
    for size in enough - 1000..enough + 100 {
        match run(size) {
            Ok(()) => assert!(size >= enough, "{size} were enough, and {enough} for the first login"),
            Err(ReplyError::MemoryTooSmall { needed }) => {
                assert!(size < enough && needed > size, "{needed} in {size} bytes");
                assert_eq!(run(needed), Ok(()), "{needed} were said to be enough in {size} bytes");
            }
            other => panic!("{other:?} in {size} bytes"),
        }
    }
}

#[test]
fn only_a_certain_end_gives_anything_up() {
    let json = |status: &str| with_length(&[&format!("HTTP/1.1 {status}"), "Content-Type: application/json"], "{}");
    let page = with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], "<a href='/Login/NuiLogin.aspx'>");
    let redirect = with_length(&["HTTP/1.1 302 F", "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f"], "");
    for (reply, is_certain) in [
        (json("200 OK"), false),
        (json("403 F"), false),
        (json("500 E"), false),
        (json("503 B"), false),
        (page, false),
        (redirect, true),
        (with_length(&["HTTP/1.1 401 U"], r#"{"Message":"Authentication failed."}"#), true),
    ] {
        let mut memory = [0; 4096];
        let mut session = Session::new(net(), &mut memory);
        assert!(login(&mut session, &setting(&of_the_site()), Cut::Whole).is_authenticated());
        let before = snapshot(&session);
        let mut exchange = session.call(&Call::get(contacts()));
        session.end(&exchange);
        assert_eq!(snapshot(&session), before, "an exchange without an answer ends nothing");
        pull(&mut session, &mut exchange, 512);
        assert_eq!(feed(&mut session, &mut exchange, &reply, Cut::Whole).result, Ok(()));
        session.end(&exchange);
        assert_eq!(session.has_ticket(), !is_certain, "{}", reply.escape_ascii());
        assert_eq!(snapshot(&session) == before, !is_certain);
        assert_eq!(exchange.call_result(&session).is_err(), is_certain, "the exchange is over with the session");
    }
}

#[test]
fn a_token_stays_until_the_next_one() {
    let grant = |token: &str| {
        with_length(&["HTTP/1.1 200 OK"], format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#))
    };
    let client = ClientCredentials::borrowed("id", "secret");
    let ask = |session: &mut Session<'_>, token: &str| {
        let mut exchange = session.token(&net(), &client);
        pull(session, &mut exchange, 512);
        feed(session, &mut exchange, &grant(token), Cut::Whole).result
    };
    let mut memory = [0; 4096];
    let mut session = Session::new(net(), &mut memory);
    assert_eq!(ask(&mut session, "token"), Ok(()));
    let mut exchange = session.call(&Call::get(contacts()));
    pull(&mut session, &mut exchange, 512);
    assert_eq!(feed(&mut session, &mut exchange, &raw(&["HTTP/1.1 401 U"], ""), Cut::Whole).result, Ok(()));
    session.end(&exchange);
    assert!(session.has_authorization());
}

#[test]
fn a_second_factor_finds_what_the_first_one_has_brought() {
    let first_step = setting(&["FirstFactor=f; path=/".into(), "BPMLOADER=new; path=/".into()]);
    let mut memory = [0; 4096];
    let mut session = ended(&mut memory);
    assert_eq!(login(&mut session, &first_step, Cut::Whole).verdict(), Some(Verdict::SecondFactorWanted));
    let going = cookie_field(&session, contacts());
    assert!(going.contains("FirstFactor=f") && going.contains("BPMLOADER=new"), "{going}");
}

/// The table of the documentation: in each row what both cases take.
#[test]
fn the_documentation_says_how_much_memory_each_case_takes() {
    let cases = [of_the_site(), [of_the_site(), of_firewalls()].concat()].map(|cookies| setting(&cookies));
    let json = "Content-Type: application/json; odata.metadata=minimal";
    let ticket = format!("Set-Cookie: {}", of_the_site()[1]);
    let ended = [
        "HTTP/1.1 302 Found",
        "Content-Type: text/html; charset=utf-8",
        "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata%2fContact%3f%24top%3d1",
    ];
    let call = |lines: &[&str]| {
        let reply = with_length(lines, "{}");
        cases.each_ref().map(|case| {
            least(&[case], |session| support::call(session, &Call::get(contacts()), &reply, Cut::Whole).result)
        })
    };
    let rows = [
        ("the first login", cases.each_ref().map(|case| first_login(case))),
        ("a login after a certain end", cases.each_ref().map(|case| renewal(case, case))),
        ("any other login", cases.each_ref().map(|case| least(&[case], |s| login(s, case, Cut::Whole).result))),
        ("a call", call(&["HTTP/1.1 200 OK", json])),
        ("a call that shows the end", call(&ended)),
        ("a call that renews the ticket", call(&["HTTP/1.1 200 OK", json, &ticket])),
    ];
    let pages = [
        ("docs/guide/memory.md", include_str!("../docs/guide/memory.md")),
        ("src/session/mod.rs", include_str!("../src/session/mod.rs")),
        ("include/creatio_auth.h", include_str!("../include/creatio_auth.h")),
    ];
    let mut missing = vec![];
    let of_the_guide = ("its cookies afterwards", cases.each_ref().map(|case| cookies_of(case)));
    for (what, figures) in rows.into_iter().chain([of_the_guide]) {
        let figures = figures.map(|figure| format!("{},{:03}", figure / 1000, figure % 1000));
        let row = format!("| {what} | {} | {} |", figures[0], figures[1]);
        let is_row =
            |line: &str| line.trim_start_matches(['/', '*', ' ']).split_whitespace().eq(row.split_whitespace());
        missing.extend(
            pages
                .iter()
                .filter(|(page, _)| what != of_the_guide.0 || page.contains("guide"))
                .filter(|(_, text)| !text.lines().any(is_row))
                .map(|(page, _)| format!("{page}: {row}")),
        );
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn a_new_token_does_not_give_way_to_what_the_next_reply_brings() {
    let client = ClientCredentials::borrowed("id", "secret");
    let grant = with_length(&["HTTP/1.1 200 OK"], r#"{"access_token":"new","token_type":"Bearer"}"#);
    let mut memory = [0; 200];
    let mut session = Session::new(net(), &mut memory);
    assert!(login(&mut session, &setting(&[".ASPXAUTH=old; path=/".into()]), Cut::Whole).is_authenticated());
    end(&mut session);
    let mut exchange = session.token(&net(), &client);
    pull(&mut session, &mut exchange, 512);
    assert_eq!(feed(&mut session, &mut exchange, &grant, Cut::Whole).result, Ok(()));
    let long = format!("Location: /{}", "x".repeat(150));
    let reply = with_length(&["HTTP/1.1 200 OK", &long], "{}");
    let outcome = support::call(&mut session, &Call::get(contacts()), &reply, Cut::Whole);
    assert!(matches!(outcome.result, Err(ReplyError::MemoryTooSmall { .. })), "{outcome:?}");
    assert!(session.has_authorization());
}
