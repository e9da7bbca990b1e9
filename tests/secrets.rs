//! Secrets are shown nowhere, and their memory is wiped.

mod support;

use creatio_auth::{
    BatchReader, Call, ClientCredentials, Credentials, Field, PasswordChange, ReplyError, Session, TokenVerdict,
};
use support::fixtures::{SUCCESS, raw, setting, with_length};
use support::{Cut, MEMORY, contacts, login, net, pull, set_cookies, signed_in};

const SECRETS: [&str; 5] = ["hunter2", "424242", "TICKETTICKET", "CSRFCSRF", "VALUEVALUE"];
const COOKIES: [&str; 3] =
    [".ASPXAUTH=TICKETTICKET; path=/; HttpOnly", "BPMCSRF=CSRFCSRF; path=/", "UserName=VALUEVALUE; path=/odata"];

fn holds_a_secret(memory: &[u8]) -> bool {
    SECRETS.iter().any(|secret| memory.windows(secret.len()).any(|w| w == secret.as_bytes()))
}

#[track_caller]
fn shows_no_secret(shown: String) {
    assert!(!holds_a_secret(shown.as_bytes()), "{shown}");
    // Nor as the numbers of its bytes.
    for secret in SECRETS {
        let numbers = format!("{:?}", secret.as_bytes());
        assert!(!shown.contains(numbers.trim_matches(['[', ']'])), "{shown}");
    }
}

#[test]
fn debug_shows_no_secret_of_any_type() {
    let mut code = String::from("424242");
    let who = Credentials::borrowed("Supervisor", "hunter2").with_one_time_code(&mut code);
    shows_no_secret(format!("{who:?} {who:#?}"));
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    shows_no_secret(format!("{session:?} {session:#?} {:?}", session.site()));
    for cookie in session.cookies() {
        shows_no_secret(format!("{cookie:?} {cookie:#?}"));
    }
    let fields = [Field::new("X-Key", "hunter2").unwrap()];
    shows_no_secret(format!("{fields:?} {:?}", Call::get(contacts()).with_field_lines("X-Key: hunter2\r\n")));
    session.set_field_lines("X-Key: hunter2\r\n").unwrap();
    let call = Call::post(contacts()).with_json(b"hunter2").with_fields(&fields);
    let mut exchange = session.call(&call);
    shows_no_secret(format!("{call:?} {exchange:?} {exchange:#?}"));
    pull(&mut session, &mut exchange, 32);
    shows_no_secret(format!("{exchange:?} {session:?}"));

    let mut secret = String::from("hunter2");
    let client = ClientCredentials::new("3D2C", &mut secret).with_field_lines("X-Key: 424242\r\n").unwrap();
    shows_no_secret(format!("{client:?} {client:#?}"));
    let identity = net();
    let mut exchange = session.token(&identity, &client);
    pull(&mut session, &mut exchange, 32);
    shows_no_secret(format!("{exchange:?} {session:?}"));
    drop(client);
    assert_eq!(secret, "\0\0\0\0\0\0\0");
    let mut new = String::from("424242");
    let change = PasswordChange::new(Credentials::borrowed("Supervisor", "hunter2"), &mut new);
    shows_no_secret(format!("{change:?} {change:#?}"));
    let mut exchange = session.change_password(&change);
    pull(&mut session, &mut exchange, 32);
    shows_no_secret(format!("{exchange:?} {session:?}"));
    drop(change);
    assert_eq!(new, "\0\0\0\0\0\0");

    let mut exchange = session.login(&who);
    pull(&mut session, &mut exchange, 32);
    shows_no_secret(format!("{exchange:?} {session:?}"));
    let reply = setting(&COOKIES);
    let fed = exchange.feed(&mut session, &reply).unwrap();
    shows_no_secret(format!("{fed:?} {exchange:#?} {session:?}"));
    shows_no_secret(format!("{:?}", exchange.login_result(&session)));
}

//= 6749-10.3-confidential
#[test]
fn debug_says_what_there_is() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let shown = format!("{session:?}");
    let ends = ", cookies: 3, has_ticket: true, .. }";
    assert!(
        shown.starts_with("Session { site: Site { host: \"crm.example.com\"") && shown.ends_with(ends),
        "{shown}"
    );
    let shown: Vec<_> = session.cookies().map(|cookie| format!("{cookie:?}")).collect();
    let cookie =
        |name: &str, path: &str, len: usize| format!("Cookie {{ name: {name}, path: {path}, value_len: {len}, .. }}");
    assert_eq!(shown, [cookie(".ASPXAUTH", "/", 12), cookie("BPMCSRF", "/", 8), cookie("UserName", "/odata", 10)]);
    for (shown, holds) in [
        (
            format!("{:?}", Credentials::borrowed("Supervisor", "hunter2")),
            "Credentials { user_name: \"Supervisor\", .. }",
        ),
        (format!("{:?}", ClientCredentials::borrowed("3D2C", "hunter2")), "ClientCredentials { id: \"3D2C\", "),
        (format!("{:?}", Field::new("X-Key", "hunter2").unwrap()), "Field { name: \"X-Key\", value_len: 7 }"),
        (format!("{:?}", Call::post(contacts()).with_json(b"hunter2")), "Body { content_type: \"application/json"),
        (format!("{:?}", Call::post(contacts()).with_json(b"hunter2")), ", len: 7 }"),
        (format!("{:?}", Call::get(contacts())), "body: None"),
        (format!("{:?}", BatchReader::new(2, &mut [0; 8])), "BatchReader { parts: 2, count: 0, .. }"),
        (format!("{:?}", PasswordChange::borrowed(Credentials::borrowed("Ann", "hunter2"), "424242")), "(secret)"),
    ] {
        assert!(shown.contains(holds), "{shown}");
        shows_no_secret(shown);
    }
    let call = Call::get(contacts());
    let exchange = session.call(&call);
    assert_eq!(format!("{exchange:?}"), "Exchange { state: Ready, http_status: None, .. }");
}

#[test]
fn a_token_and_what_goes_by_basic_are_shown_nowhere_and_wiped() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let (identity, client) = (net(), ClientCredentials::borrowed("3D2C", "hunter2"));
    let mut exchange = session.token(&identity, &client);
    pull(&mut session, &mut exchange, 512);
    let body = r#"{"access_token":"TICKETTICKET","token_type":"Bearer"}"#;
    let reply = with_length(&["HTTP/1.1 200 OK"], body);
    assert!(exchange.feed(&mut session, &reply).unwrap().done);
    assert!(session.has_authorization());
    shows_no_secret(format!("{exchange:?} {:?} {session:?} {session:#?}", exchange.token_result(&session)));
    session.clear();
    session.use_basic(&Credentials::borrowed("me", "hunter2")).unwrap();
    shows_no_secret(format!("{session:?}"));
    assert!(!format!("{session:#?}").contains("bWU6aHVudGVyMg"));
    drop(session);
    assert!(memory.iter().all(|byte| *byte == 0));
}

//= 6749-10.3-confidential
#[test]
fn what_has_come_of_a_reply_is_wiped_wherever_it_is_given_up() {
    let lines = ["HTTP/1.1 200 OK", "Set-Cookie: S", "Location: S", "Set-Cookie: .ASPXAUTH=TICKETTICKET; path=/"];
    let reply = with_length(&lines, r#"{"Code":0,"Message":"VALUEVALUE"}"#);
    for end in 0..=reply.len() {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let who = Credentials::borrowed("Supervisor", "hunter2");
        let mut exchange = session.login(&who);
        pull(&mut session, &mut exchange, 512);
        for byte in &reply[..end] {
            let _ = exchange.feed(&mut session, std::slice::from_ref(byte)).unwrap();
        }
        drop(session);
        assert!(memory.iter().all(|byte| *byte == 0), "after {end} bytes");
    }
}

#[test]
fn a_token_that_is_not_taken_is_wiped() {
    for body in [
        r#"{"access_token":"TICKETTICKET","token_type":"mac"}"#,
        r#"{"access_token":"TICKETTICKET ","token_type":"Bearer"}"#,
        r#"{"error":"invalid_scope","access_token":"TICKETTICKET","token_type":"Bearer"}"#,
    ] {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let (identity, client) = (net(), ClientCredentials::borrowed("3D2C", "hunter2"));
        let mut exchange = session.token(&identity, &client);
        pull(&mut session, &mut exchange, 512);
        let reply = with_length(&["HTTP/1.1 200 OK"], body);
        assert!(exchange.feed(&mut session, &reply).unwrap().done);
        assert_ne!(exchange.token_result(&session).unwrap().verdict, TokenVerdict::Granted);
        std::mem::forget(session); // so that nothing is wiped now
        assert!(!holds_a_secret(&memory), "{body}");
    }
}

#[test]
fn a_token_or_a_password_is_wiped_by_the_login_that_takes_its_place() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.use_basic(&Credentials::borrowed("me", "hunter2")).unwrap();
    assert!(login(&mut session, &setting(&COOKIES[..1]), Cut::Whole).is_authenticated());
    std::mem::forget(session);
    let in_base64 = b"bWU6aHVudGVyMg";
    assert!(!memory.windows(in_base64.len()).any(|window| window == in_base64));
}

#[test]
fn errors_show_no_secret() {
    let mut memory = [0; 300];
    let mut session = signed_in(net(), &mut memory, &COOKIES[..1]);
    let values: Vec<_> = (0..9).map(|n| format!("a{n}=TICKETTICKETTICKETTICKET; path=/")).collect();
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    let outcome = login(&mut session, &setting(&values), Cut::Whole);
    let error = outcome.result.unwrap_err();
    assert!(matches!(error, ReplyError::MemoryTooSmall { .. }));
    shows_no_secret(format!("{error:?} {error}"));
}

/// What memory holds here before it is lent: what has never been written stays so.
const LENT: u8 = 0xEE;

/// Whether all that was written has been wiped.
#[track_caller]
fn is_wiped(memory: &[u8]) {
    assert!(memory.iter().all(|byte| [0, LENT].contains(byte)), "{}", memory.escape_ascii());
}

#[test]
fn memory_is_wiped_when_the_session_is_dropped() {
    let mut memory = [LENT; MEMORY];
    let session = signed_in(net(), &mut memory, &COOKIES);
    drop(session);
    is_wiped(&memory);
}

#[test]
fn memory_is_wiped_when_the_session_is_dropped_in_the_middle_of_a_reply() {
    let mut memory = [LENT; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let who = support::credentials();
    let mut exchange = session.login(&who);
    pull(&mut session, &mut exchange, 64);
    let reply = setting(&COOKIES);
    let _ = exchange.feed(&mut session, &reply[..reply.len() - 1]).unwrap();
    drop(session);
    is_wiped(&memory);
}

//= 6265bis-5.7-session
#[test]
fn memory_is_wiped_when_the_session_is_cleared() {
    let mut memory = [LENT; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    session.clear();
    std::mem::forget(session); // does not wipe
    is_wiped(&memory);
}

/// What a site may answer, from the status line on; of calls the fields of interest are kept at the end of the memory.
fn replies() -> Vec<Vec<u8>> {
    let cookies = COOKIES.map(|cookie| format!("Set-Cookie: {cookie}"));
    let fields = ["Location: /VALUEVALUE", "Content-Type: application/json; x=TICKETTICKET"];
    let lines: Vec<_> = ["HTTP/1.1 200 OK"].into_iter().chain(cookies.iter().map(String::as_str)).collect();
    let text = "hunter2 ".repeat(9);
    let body = &format!(r#"{{"Code":0,"Message":"{text}","error":{{"message":"{text}"}}}}"#);
    let defaults = ["HTTP/1.1 200 OK", "Set-Cookie: a=TICKETTICKET", "Set-Cookie: a="];
    let all = [&lines[..], &fields].concat();
    let interim = raw(&[&["HTTP/1.1 103 Early Hints"], &all[1..]].concat(), "");
    vec![
        with_length(&lines, body),
        with_length(&defaults, body),
        with_length(&all, body),
        [&interim[..], &with_length(&lines, body)].concat(),
        [interim, with_length(&["HTTP/1.1 200 OK"], "{}")].concat(),
    ]
}

#[test]
fn memory_that_nothing_was_written_to_is_left_alone() {
    for reply in &replies()[..2] {
        let mut memory = [LENT; 16 * MEMORY];
        let mut session = Session::new(net(), &mut memory);
        for _ in 0..2 {
            assert_eq!(login(&mut session, reply, Cut::Whole).result, Ok(()));
        }
        drop(session);
        is_wiped(&memory);
        assert!(memory[reply.len()..].iter().all(|byte| *byte == LENT), "that would take time");
    }
}

#[test]
fn no_secret_is_left_in_memory_of_any_size() {
    let call = Call::get(contacts());
    let who = support::credentials();
    for reply in replies() {
        for size in [0, 40, 150, 250, 350, MEMORY] {
            // Cut off at every byte, or taken whole; then given up, failed, cleared or dropped, or another exchange begins.
            for (cut, is_login) in (0..=reply.len()).flat_map(|cut| [(cut, true), (cut, false)]) {
                for end in 0..4 {
                    let mut memory = vec![LENT; size];
                    let mut session = Session::new(net(), &mut memory);
                    let mut exchange = if is_login { session.login(&who) } else { session.call(&call) };
                    pull(&mut session, &mut exchange, 512);
                    let mut rest = &reply[..cut];
                    while !rest.is_empty()
                        && let Ok(fed) = exchange.feed(&mut session, rest)
                        && !fed.done
                    {
                        rest = &rest[fed.consumed..];
                    }
                    match end {
                        0 => drop(session),
                        1 => {
                            session.clear();
                            std::mem::forget(session);
                        }
                        // Only what the session has is left.
                        2 => {
                            let _ = session.call(&call);
                            let len = session.snapshot_len() - 36;
                            std::mem::forget(session);
                            memory[..len].fill(0);
                        }
                        _ => {
                            let is_failed = exchange.close(&mut session).is_err();
                            let len = session.snapshot_len() - 36;
                            std::mem::forget(session);
                            if !is_failed {
                                continue;
                            }
                            memory[..len].fill(0);
                        }
                    }
                    is_wiped(&memory);
                }
            }
        }
    }
}

#[test]
fn after_a_failed_exchange_memory_holds_nothing_of_it() {
    let [ticket, csrf, user] = COOKIES.map(|cookie| format!("Set-Cookie: {cookie}"));
    let lines = ["HTTP/1.1 200 OK", &ticket, &csrf, &user];
    let unfinished = raw(&[&lines[..], &["Content-Length: 500"]].concat(), r#"{"Message":"hunter2"#);
    let not_a_status = with_length(&lines, r#"{"Message":"hunter2"}"#);
    let malformed = raw(&[&lines[..], &["no colon"]].concat(), "");
    let cut_in_a_line = unfinished[..unfinished.len() - 80].to_vec();
    let too_large = [raw(&lines, ""), b"{".repeat(300)].concat();
    for reply in [unfinished, not_a_status, malformed, cut_in_a_line, too_large] {
        for size in [MEMORY, 200, 40] {
            let mut memory = vec![0; size];
            let mut session = Session::new(net(), &mut memory);
            assert!(login(&mut session, &reply, Cut::Pieces(10)).result.is_err());
            std::mem::forget(session);
            assert!(memory.iter().all(|b| *b == 0), "{} in {size}", memory.escape_ascii());
        }
    }
}

#[test]
fn a_head_that_is_too_long_leaves_nothing_wherever_it_ends() {
    let fields = COOKIES.map(|cookie| format!("Set-Cookie: {cookie}"));
    let reply = raw(&["HTTP/1.1 204 No Content", &fields[0], &fields[1], &fields[2]], "");
    for limit in 0..reply.len() {
        for cut in [Cut::Whole, Cut::Pieces(1)] {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            session.set_head_limit(limit);
            assert_eq!(login(&mut session, &reply, cut).result, Err(ReplyError::HeadTooLarge));
            std::mem::forget(session);
            assert!(memory.iter().all(|b| *b == 0), "{limit} {cut:?} {}", memory.escape_ascii());
        }
    }
}

#[test]
fn after_an_exchange_memory_holds_nothing_of_the_cookies_it_replaced_or_deleted() {
    let deletions =
        [".ASPXAUTH=; path=/; Max-Age=0", "BPMCSRF=; path=/; Max-Age=0", "UserName=; path=/odata; Max-Age=0"];
    let renewals = [".ASPXAUTH=new; path=/", "BPMCSRF=new; path=/", "UserName=; path=/odata"];
    let strangers = ["a=VALUEVALUE; Domain=example.org", "a=TICKETTICKET; Max-Age=0", "a=b; Comment=CSRFCSRF"];
    for values in [&deletions[..], &renewals, &[&renewals[..], &strangers].concat()] {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &COOKIES);
        set_cookies(&mut session, contacts(), values);
        std::mem::forget(session);
        assert!(!holds_a_secret(&memory), "{values:?}: {}", memory.escape_ascii());
    }
}

//= 6265bis-5.7-expired
#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn a_cookie_whose_time_is_over_is_wiped_by_the_next_exchange() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_time(1_000_000_000);
    set_cookies(&mut session, contacts(), &["a=b; path=/", "UserName=VALUEVALUE; path=/; Max-Age=60"]);
    session.set_time(1_000_000_060);
    session.call(&Call::get(contacts()));
    std::mem::forget(session);
    assert!(!holds_a_secret(&memory));
}

#[test]
fn passwords_and_codes_that_were_lent_are_wiped_and_borrowed_ones_are_kept() {
    let (mut password, mut code) = (String::from("hunter2"), String::from("424242"));
    let who = Credentials::new("Supervisor", &mut password).with_one_time_code(&mut code);
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.login(&who);
    let request = pull(&mut session, &mut exchange, 64);
    assert!(SECRETS[..2].iter().all(|secret| String::from_utf8_lossy(&request).contains(secret)));
    drop(who);
    assert_eq!((password, code), ("\0".repeat(7), "\0".repeat(6)));

    let kept = String::from("hunter2");
    drop(Credentials::borrowed("Supervisor", &kept));
    assert_eq!(kept, "hunter2");
}

#[test]
fn a_password_is_kept_out_of_the_session_s_memory() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    assert!(!login(&mut session, &with_length(&["HTTP/1.1 200 OK"], SUCCESS), Cut::Whole).is_authenticated());
    std::mem::forget(session);
    assert!(!holds_a_secret(&memory));
}
