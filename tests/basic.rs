//! HTTP Basic: user name and password with each call (RFC 7617).

mod support;

use creatio_auth::{BasicError, Call, CallVerdict, Credentials, Misuse, Session};
use support::fixtures::{setting, with_length};
use support::{Cut, MEMORY, Read, authorization, call_answer, contacts, framework, login, net, pull};

const COOKIES: [&str; 2] = [".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"];

fn basic(user_name: &str, password: &str) -> Result<Vec<u8>, BasicError> {
    let mut memory = [0; MEMORY];
    let mut session = support::signed_in(framework(), &mut memory, &COOKIES);
    let before = support::snapshot(&session);
    let result = session.use_basic(&Credentials::borrowed(user_name, password));
    assert_eq!(result.is_err(), support::snapshot(&session) == before);
    result.map(|()| authorization(&session, contacts()))
}

//= 9110-5.6.3-one-space, 6265bis-7.3-none-sent, 7617-2.2-scope
#[test]
fn each_call_carries_user_name_and_password_in_base64() {
    // RFC 7617, sections 2 and 2.1; RFC 4648, section 10.
    for (user_name, password, expected) in [
        ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123£", "dGVzdDoxMjPCow=="),
        ("", "", "Og=="),
        ("", "f", "OmY="),
        ("", "fo", "OmZv"),
        ("", ":o", "Ojpv"),
        ("\u{ff}\u{ff}", "\u{ff}", "w7/DvzrDvw=="),
        ("~~~", "???>>>", "fn5+Oj8/Pz4+Pg=="),
    ] {
        let expected = format!("Authorization: Basic {expected}\r\n");
        assert_eq!(basic(user_name, password).unwrap(), expected.as_bytes(), "{user_name}");
    }
    let mut memory = [0; MEMORY];
    let mut session = support::signed_in(net(), &mut memory, &COOKIES);
    session.use_basic(&Credentials::borrowed("Aladdin", "open sesame").with_workspace("Default")).unwrap();
    let read = Read::call(&mut session, &Call::post(contacts()).with_json(b"{}"));
    assert_eq!(read.field("Authorization"), Some(&b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="[..]));
    for name in ["Cookie", "BPMCSRF", "ForceUseSession"] {
        assert_eq!(read.field(name), None, "{name}");
    }
    assert!(session.has_authorization() && !session.has_ticket() && session.cookies().count() == 0);
}

//= 7617-2-no-controls, 7617-2-no-colon
#[test]
fn what_http_basic_cannot_carry_is_refused_and_the_session_stays_as_it_was() {
    assert_eq!(basic("a:b", "c"), Err(BasicError::Colon));
    for (user_name, password) in [("a\r\nb", "c"), ("a", "\0"), ("a", "b\n"), ("\u{7f}", "")] {
        assert_eq!(basic(user_name, password), Err(BasicError::ControlCharacter));
    }
}

#[test]
fn what_is_longer_than_64_kib_in_base64_is_refused() {
    // The value has 65,535 bytes at the most: `Basic ` and 16,382 groups of four.
    let longest = 16_382 * 3;
    for len in [longest - 2, longest - 1, longest, longest + 1, 100_000] {
        let (user_name, mut memory) = ("a".repeat(len - 1), vec![0; 200_000]);
        let mut session = Session::new(net(), &mut memory);
        let result = session.use_basic(&Credentials::borrowed(&user_name, ""));
        assert_eq!(result, if len <= longest { Ok(()) } else { Err(BasicError::TooLong) }, "{len}");
        assert_eq!(session.has_authorization(), len <= longest);
    }
}

#[test]
fn too_little_memory_is_told_with_how_much_it_takes() {
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    let needed = {
        let mut session = Session::new(net(), &mut []);
        match session.use_basic(&who) {
            Err(BasicError::MemoryTooSmall { needed }) => needed,
            result => panic!("{result:?}"),
        }
    };
    for size in [needed - 1, needed] {
        let mut memory = vec![0; size];
        let mut session = Session::new(net(), &mut memory);
        assert_eq!(session.use_basic(&who).is_ok(), size == needed);
        assert_eq!(session.has_authorization(), size == needed);
        drop(session);
        assert!(memory.iter().all(|byte| *byte == 0), "wiped");
    }
}

//= 6265bis-7.3-none-taken
#[test]
fn a_refusal_asks_for_no_login_and_cookies_are_not_taken() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.use_basic(&support::credentials()).unwrap();
    let to_login = "HTTP/1.1 302 Found\r\nLocation: /Login/NuiLogin.aspx?ReturnUrl=x";
    for (line, body, expected) in [
        ("HTTP/1.1 401 Unauthorized", "{}", CallVerdict::Unauthorized),
        ("HTTP/1.1 401 Unauthorized", r#"{"Message":"Authentication failed."}"#, CallVerdict::Unauthorized),
        (to_login, "", CallVerdict::Unauthorized),
        ("HTTP/1.1 200 OK", "<html>/Login/NuiLogin.aspx", CallVerdict::Unauthorized),
        ("HTTP/1.1 403 Forbidden", "{}", CallVerdict::AccessDenied),
        ("HTTP/1.1 200 OK", "{}", CallVerdict::Fine),
    ] {
        let reply = with_length(&[line, "Set-Cookie: .ASPXAUTH=t; path=/"], body);
        let (_, answer) = call_answer(&mut session, &Call::get(contacts()), &reply, Cut::Pieces(1));
        assert_eq!(answer.unwrap().verdict, expected);
        assert!(!session.has_ticket());
    }
}

#[test]
fn it_ends_the_exchange_that_is_under_way_and_a_login_takes_its_place() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let who = support::credentials();
    let mut exchange = session.login(&who);
    session.use_basic(&who).unwrap();
    assert_eq!(exchange.fill(&mut session, &mut [0; 9]), Err(Misuse::OtherSession));
    let mut exchange = session.login(&who);
    let request = pull(&mut session, &mut exchange, 64);
    assert!(Read::new(&request).field("Cookie").is_none() && Read::new(&request).field("Authorization").is_none());
    assert!(login(&mut session, &setting(&COOKIES), Cut::Whole).is_authenticated());
    assert_eq!(support::cookie_field(&session, contacts()), ".ASPXAUTH=t; BPMCSRF=c");
}
