//! Each verdict, from the bytes that lead to it.

mod support;

use creatio_auth::{Credentials, DocumentError, LoginPageSign, ReplyError, Runtime, Session, Site, Verdict};
use support::fixtures::{self, SUCCESS, authenticated, chunked, raw, with_length};
use support::{Answer, Cut, MEMORY, Outcome, framework, login, net};

/// The answer of both runtimes, which is the same.
fn outcome(reply: &[u8]) -> Outcome {
    let [first, second] = [framework(), net()].map(|site| {
        let mut memory = [0; MEMORY];
        login(&mut Session::new(site, &mut memory), reply, Cut::Pieces(7))
    });
    assert_eq!(first, second);
    first
}

fn answer(reply: &[u8]) -> Answer {
    outcome(reply).answer.unwrap()
}

fn verdict(reply: &[u8]) -> Verdict {
    answer(reply).verdict.unwrap()
}

/// A reply with a ticket that goes to all of the host.
fn with_ticket(body: &str) -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", "Set-Cookie: .ASPXAUTH=t; path=/"], body)
}

fn with_status(line: &str, fields: &[&str], body: &str) -> Vec<u8> {
    with_length(&[&[line], fields].concat(), body)
}

#[test]
fn code_0_with_a_ticket_is_authenticated() {
    assert_eq!(answer(&with_ticket(SUCCESS)), authenticated());
}

#[test]
fn code_0_with_a_ticket_from_before_is_authenticated() {
    let mut memory = [0; MEMORY];
    let mut session = support::signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    assert!(login(&mut session, &fixtures::setting(&["BPMCSRF=c; path=/"]), Cut::Whole).is_authenticated());
}

#[test]
fn code_2_is_authenticated_with_advice() {
    assert_eq!(verdict(&with_ticket(r#"{"Code":2,"Message":"Change it"}"#)), Verdict::PasswordChangeAdvised);
    assert!(Verdict::PasswordChangeAdvised.is_authenticated());
}

#[test]
fn any_other_code_is_not_accepted_though_a_ticket_came() {
    for (code, verdict) in [
        ("1", Verdict::Rejected),
        ("3", Verdict::NeedGrantLicense),
        ("4", Verdict::NoLicense),
        ("5", Verdict::PasswordExpired),
        ("6", Verdict::UnknownCode),
        ("-1", Verdict::UnknownCode),
        ("20", Verdict::UnknownCode),
        ("2147483647", Verdict::UnknownCode),
    ] {
        let answer = answer(&with_ticket(&format!(r#"{{"Message":"Why","Code":{code}}}"#)));
        assert_eq!((answer.verdict, answer.code), (Some(verdict), code.parse().ok()));
        assert_eq!(answer.message.as_deref(), Some("Why"));
    }
}

#[test]
fn each_digit_of_a_code_counts() {
    for code in (-20..=130).chain([1_234_567_890, -987_654_321]) {
        assert_eq!(answer(&with_ticket(&format!(r#"{{"Code":{code}}}"#))).code, Some(code));
    }
}

#[test]
fn a_license_or_a_password_that_is_over_is_told_with_a_ticket_and_without() {
    for (code, expected) in [(3, Verdict::NeedGrantLicense), (4, Verdict::NoLicense), (5, Verdict::PasswordExpired)] {
        let body = format!(r#"{{"Message":"Why","Code":{code}}}"#);
        for reply in [with_ticket(&body), with_length(&["HTTP/1.1 200 OK"], &body)] {
            let answer = answer(&reply);
            assert_eq!((answer.verdict, answer.code), (Some(expected), Some(code)));
            assert!(!expected.is_authenticated());
        }
    }
}

/// Whether a verdict comes of a reply, wherever it is cut.
fn comes_of(expected: Verdict, reply: &[u8]) {
    for cut in (0..=reply.len()).map(Cut::At).chain([Cut::Pieces(1)]) {
        let mut memory = [0; MEMORY];
        let outcome = login(&mut Session::new(net(), &mut memory), reply, cut);
        assert_eq!(outcome.verdict(), Some(expected), "{cut:?} of {}", reply.escape_ascii());
    }
}

#[test]
fn the_type_of_the_exception_says_what_code_1_means() {
    for (name, expected) in [
        ("Terrasoft.Authentication.TwoFactor.Exceptions.StartAuthFlowException", Verdict::SecondFactorWanted),
        ("X.StartAuthFlowException", Verdict::SecondFactorWanted),
        ("Terrasoft.Authentication.TOTP.Exceptions.TotpIsNotEnabledException", Verdict::AuthenticatorWanted),
        ("System.Security.SecurityException", Verdict::Rejected),
        ("X.TextCodeStartAuthFlowException", Verdict::SecondFactorWanted),
        ("X.Y+StartAuthFlowException", Verdict::SecondFactorWanted),
        ("StartAuthFlowException", Verdict::SecondFactorWanted),
        ("X.AppTotpIsNotEnabledException", Verdict::AuthenticatorWanted),
        ("startauthflowexception", Verdict::Rejected),
        ("X.StartAuthFlowExceptions", Verdict::Rejected),
        ("StartAuthFlowException.X", Verdict::Rejected),
        ("", Verdict::Rejected),
    ] {
        let document = format!(r#"{{"Code":1,"Message":"Code?","Exception":{{"Message":"m","Type":"{name}"}}}}"#);
        comes_of(expected, &with_length(&["HTTP/1.1 200 OK"], &document));
        assert!(!expected.is_authenticated());
    }
    // Only with that code, and only there.
    let elsewhere = r#"{"Code":1,"Type":"X.StartAuthFlowException","Exception":{"InnerException":{"Type":"X.StartAuthFlowException"}}}"#;
    assert_eq!(verdict(&with_length(&["HTTP/1.1 200 OK"], elsewhere)), Verdict::Rejected);
    let with_another_code = r#"{"Code":0,"Exception":{"Type":"X.StartAuthFlowException"}}"#;
    assert_eq!(verdict(&with_ticket(with_another_code)), Verdict::Authenticated);
}

#[test]
fn a_first_factor_in_the_place_of_a_ticket_asks_for_the_second() {
    for code in [0, 5] {
        // The last two go back to the login alone, which is where they are wanted.
        for cookie in
            ["FirstFactor=f; path=/; HttpOnly", "FirstFactor=f; Secure", "FirstFactor=f; path=/ServiceModel"]
        {
            let cookie = format!("Set-Cookie: {cookie}");
            let first = with_length(&["HTTP/1.1 200 OK", &cookie], &*format!(r#"{{"Code":{code}}}"#));
            comes_of(Verdict::SecondFactorWanted, &first);
        }
    }
    let elsewhere = with_length(&["HTTP/1.1 200 OK", "Set-Cookie: FirstFactor=f; path=/0"], r#"{"Code":0}"#);
    comes_of(Verdict::NoTicket, &elsewhere);
}

#[test]
fn the_second_step_carries_the_first_factor_and_signs_in_and_a_renewal_is_two_steps_again() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let first = fixtures::setting(&["FirstFactor=f; path=/"]);
    let second = fixtures::setting(&[".ASPXAUTH=t; path=/"]);
    for renewal in 0..2 {
        // A ticket of before is worth nothing, though the session has it.
        let outcome = login(&mut session, &first, Cut::Pieces(7));
        assert_eq!(outcome.verdict(), Some(Verdict::SecondFactorWanted), "{renewal}");
        assert!(support::cookie_field(&session, support::contacts()).contains("FirstFactor=f"));
        assert!(login(&mut session, &second, Cut::Pieces(7)).is_authenticated(), "{renewal}");
    }
}

/// What answers a code is no first step any more, whatever cookies are there, unless the first step was over.
#[test]
fn the_answer_to_a_code_is_that_of_a_login_wherever_it_is_cut() {
    let code = Credentials::borrowed("Supervisor", "hunter2").with_borrowed_one_time_code("123456");
    let first = fixtures::setting(&["FirstFactor=f; path=/"]);
    let ticket = "Set-Cookie: .ASPXAUTH=t; path=/";
    let renewed = "Set-Cookie: FirstFactor=g; path=/";
    let over = "Set-Cookie: FirstFactor=; path=/; Max-Age=0";
    for (fields, body, expected) in [
        (&[ticket][..], SUCCESS, Verdict::Authenticated),
        (&[ticket, renewed], SUCCESS, Verdict::Authenticated),
        (&[renewed, ticket], SUCCESS, Verdict::Authenticated),
        (&[ticket, over], SUCCESS, Verdict::Authenticated),
        (&[], SUCCESS, Verdict::NoTicket), // a proxy has stripped it
        (&[renewed], SUCCESS, Verdict::SecondFactorWanted),
        (&[], r#"{"Code":5}"#, Verdict::PasswordExpired),
        (&[renewed], r#"{"Code":5}"#, Verdict::PasswordExpired),
        (&[ticket], r#"{"Code":5}"#, Verdict::PasswordExpired),
        (&[], r#"{"Code":2}"#, Verdict::NoTicket),
        (&[ticket], r#"{"Code":2}"#, Verdict::PasswordChangeAdvised),
        (&[], r#"{"Code":1}"#, Verdict::Rejected),
        (&[], r#"{"Code":1,"Exception":{"Type":"X.StartAuthFlowException"}}"#, Verdict::SecondFactorWanted),
    ] {
        let second = with_length(&[&["HTTP/1.1 200 OK"], fields].concat(), body);
        for cut in Cut::all(second.len()) {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            assert_eq!(login(&mut session, &first, Cut::Whole).verdict(), Some(Verdict::SecondFactorWanted));
            let mut exchange = session.login(&code);
            support::pull(&mut session, &mut exchange, 512);
            let outcome = support::feed(&mut session, &mut exchange, &second, cut);
            assert_eq!(outcome.verdict(), Some(expected), "{cut:?} of {}", second.escape_ascii());
        }
    }
}

#[test]
fn a_site_that_is_busy_is_told_with_when_to_try_again() {
    for line in ["HTTP/1.1 429 T", "HTTP/1.1 502 B", "HTTP/1.1 503 S", "HTTP/1.1 504 G"] {
        for body in ["", "<html>busy</html>", SUCCESS] {
            let told = answer(&with_status(line, &["Retry-After: 30"], body));
            assert_eq!((told.verdict, told.retry_after), (Some(Verdict::Busy), Some(30)), "{line} {body}");
            assert_eq!(answer(&with_status(line, &[], body)).retry_after, None);
        }
    }
}

#[test]
fn success_without_a_ticket_that_goes_back_is_no_ticket() {
    let no_ticket = |site, values: &[&str]| {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(site, &mut memory);
        let outcome = login(&mut session, &fixtures::setting(values), Cut::Whole);
        assert_eq!((outcome.result, outcome.verdict()), (Ok(()), Some(Verdict::NoTicket)), "{values:?}");
        assert!(!session.has_ticket());
    };
    for site in [framework(), net()] {
        no_ticket(site, &[]);
        no_ticket(site, &["BPMCSRF=c; path=/", ".ASPXAUTH2=t; path=/", "ASPXAUTH=t; path=/"]);
        no_ticket(site, &[".ASPXAUTH=t; path=/elsewhere"]);
        no_ticket(site, &[".ASPXAUTH=t"]); // goes to the login's own directory
        no_ticket(site, &[".ASPXAUTH=; path=/"]);
        no_ticket(site, &[".ASPXAUTH=t; path=/; Max-Age=0"]);
        no_ticket(site, &[".ASPXAUTH=t; path=/; Domain=other.example.com"]);
    }
    no_ticket(Site::parse("http://crm.example.com", Runtime::Net).unwrap(), &[".ASPXAUTH=t; path=/; Secure"]);
    assert_eq!(verdict(&with_status("HTTP/1.1 200 OK", &[], r#"{"Code":2}"#)), Verdict::NoTicket);
}

//= 9110-15.5.2-shown
#[test]
fn status_401_is_bad_credentials_and_403_is_access_denied() {
    for (line, expected) in
        [("HTTP/1.1 401 Unauthorized", Verdict::BadCredentials), ("HTTP/1.1 403 Forbidden", Verdict::AccessDenied)]
    {
        let json = r#"{"Message":"Authentication failed.","StackTrace":null,"ExceptionType":"X"}"#;
        let with_json = answer(&with_status(line, &["Content-Type: application/json"], json));
        assert_eq!(
            (with_json.verdict, with_json.message.as_deref()),
            (Some(expected), Some("Authentication failed."))
        );
        for (fields, body) in [
            (&[][..], ""),
            (&[], "denied"),
            (&[], r#"{"Message":"a","Message":"b"}"#),
            (&[], r#"{"Message":"a"} x"#),
            (&[], "<html>"),
            (&[], "[1]"),
            (&["Content-Type: text/html"], json),
            (&["Content-Encoding: gzip"], "\u{1f}"),
            (&["Location: /Login/Login.html"], ""),
        ] {
            let without = answer(&with_status(line, fields, body));
            assert_eq!(without, Answer::new(expected, without.http_status), "{fields:?} {body}");
        }
    }
}

#[test]
fn a_message_that_is_cut_off_at_401_is_none() {
    let answer = answer(&with_status("HTTP/1.1 401 Unauthorized", &[], r#"{"Code":0,"Message":"Authent"#));
    assert_eq!(answer, Answer::new(Verdict::BadCredentials, 401));
}

#[test]
fn a_redirect_is_the_login_page_or_another_page() {
    use LoginPageSign::{Redirect, RedirectToLogin};
    for (line, location, expected) in [
        ("HTTP/1.1 302 F", Some("/Login/NuiLogin.aspx?ReturnUrl=%2F0%2fodata"), Verdict::LoginPage(RedirectToLogin)),
        ("HTTP/1.1 302 F", Some("/app/Login/Login.html?ReturnUrl=x"), Verdict::LoginPage(RedirectToLogin)),
        ("HTTP/1.1 302 F", Some("https://crm.example.com/login/login.HTML#x"), Verdict::LoginPage(RedirectToLogin)),
        ("HTTP/1.1 302 F", Some("https://h/login/login.HTML?ReturnUrl=x"), Verdict::LoginPage(RedirectToLogin)),
        ("HTTP/1.1 302 F", Some("https://h/login/login.HTML#x"), Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 301 M", Some("/Login/NuiLogin.aspx"), Verdict::LoginPage(RedirectToLogin)),
        ("HTTP/1.1 307 T", Some("/Login/NuiLogin.aspx"), Verdict::LoginPage(RedirectToLogin)),
        ("HTTP/1.1 302 F", Some("https://other/"), Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 302 F", Some("/?next=/Login/Login.html"), Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 302 F", None, Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 301 M", Some("https://crm.example.com/"), Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 303 S", Some("/elsewhere"), Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 307 T", Some("/elsewhere"), Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 308 P", None, Verdict::LoginPage(Redirect)),
        ("HTTP/1.1 300 M", Some("/elsewhere"), Verdict::UnexpectedStatus),
    ] {
        let location = location.map(|location| format!("Location: {location}"));
        let lines: Vec<_> = [line].into_iter().chain(location.as_deref()).collect();
        for body in ["", SUCCESS, "<html>"] {
            let answer = answer(&with_length(&lines, body));
            assert_eq!((answer.verdict, answer.code), (Some(expected), None), "{lines:?} {body}");
        }
    }
}

#[test]
fn a_page_is_known_by_its_type() {
    let html = Verdict::LoginPage(LoginPageSign::HtmlContentType);
    for content_type in ["text/html", "Text/HTML; charset=utf-8", "text/html;charset=x", "application/xhtml+xml"] {
        for body in ["<html>", "", SUCCESS] {
            let reply = with_status("HTTP/1.1 200 OK", &[&format!("Content-Type: {content_type}")], body);
            assert_eq!(verdict(&reply), html, "{content_type} {body}");
        }
    }
}

#[test]
fn a_page_is_known_by_its_start() {
    for body in [
        "<html>",
        "<",
        "<!DOCTYPE html>",
        "\u{FEFF}<html>",
        " \r\n\t<html>",
        "\u{FEFF}\r\n <?xml?>",
        "<html>{\"Code\":0}",
    ] {
        for content_type in ["Content-Type: application/json", "X: y"] {
            for reply in [
                with_status("HTTP/1.1 200 OK", &[content_type], body),
                chunked(&["HTTP/1.1 200 OK", content_type], body, &[1, 1, 1]),
            ] {
                assert_eq!(verdict(&reply), Verdict::LoginPage(LoginPageSign::HtmlBody), "{body}");
            }
        }
    }
}

//= 9110-15-class
#[test]
fn any_other_status_is_unexpected() {
    for line in [
        "HTTP/1.1 500 Oops",
        "HTTP/1.1 404 N",
        "HTTP/1.1 201 C",
        "HTTP/1.1 999 X",
        "HTTP/1.1 099 X",
        "HTTP/1.1 400 B",
    ] {
        for body in ["", SUCCESS, "<html>oops</html>", "oops"] {
            assert_eq!(
                verdict(&with_status(line, &["Set-Cookie: .ASPXAUTH=t; path=/"], body)),
                Verdict::UnexpectedStatus
            );
        }
    }
    assert_eq!(verdict(&raw(&["HTTP/1.1 204 No Content"], "")), Verdict::UnexpectedStatus);
}

#[test]
fn a_200_without_a_status_document_is_an_error() {
    use DocumentError::{Code, CutOff, Doubled, NoCode, NotAnObject, NotJson};
    for (body, error) in [
        ("", CutOff),
        (" \r\n", CutOff),
        ("\u{FEFF}", CutOff),
        (r#"{"Code":0"#, CutOff),
        (r#"{"Code":0,"Message":"#, CutOff),
        (r#"{"Code":0}}"#, NotJson),
        (r#"{"Code":0}<html>"#, NotJson),
        (r#"{"Code":0,}"#, NotJson),
        (r#"{'Code':0}"#, NotJson),
        ("OK", NotJson),
        ("\u{FEFF} \u{FEFF}{}", NotJson),
        ("0", NotAnObject),
        (r#"[{"Code":0}]"#, NotAnObject),
        (r#""{\"Code\":0}""#, NotAnObject),
        ("{}", NoCode),
        (r#"{"Code":null}"#, NoCode),
        (r#"{"code":0}"#, NoCode),
        (r#"{"Exception":{"Code":0}}"#, NoCode),
        (r#"{"Code":"0"}"#, Code),
        (r#"{"Code":0.0}"#, Code),
        (r#"{"Code":4294967296}"#, Code),
        (r#"{"Code":1,"Code":0}"#, Doubled),
        (r#"{"Code":1,"\u0043ode":0}"#, Doubled),
    ] {
        for reply in [with_ticket(body), chunked(&["HTTP/1.1 200 OK"], body, &[1, 2])] {
            let outcome = outcome(&reply);
            assert_eq!((outcome.result, outcome.answer), (Err(ReplyError::Document(error)), None), "{body}");
        }
    }
}

#[test]
fn each_verdict_says_what_to_do_in_a_sentence_of_its_own() {
    let verdicts = [
        Verdict::Authenticated,
        Verdict::PasswordChangeAdvised,
        Verdict::Rejected,
        Verdict::UnknownCode,
        Verdict::BadCredentials,
        Verdict::AccessDenied,
        Verdict::LoginPage(LoginPageSign::Redirect),
        Verdict::LoginPage(LoginPageSign::RedirectToLogin),
        Verdict::LoginPage(LoginPageSign::HtmlBody),
        Verdict::NoTicket,
        Verdict::UnexpectedStatus,
        Verdict::NeedGrantLicense,
        Verdict::NoLicense,
        Verdict::PasswordExpired,
        Verdict::SecondFactorWanted,
        Verdict::AuthenticatorWanted,
        Verdict::Busy,
    ];
    let mut sentences = verdicts.map(|verdict| verdict.to_string()).to_vec();
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), verdicts.len());
}

#[test]
fn code_1_is_a_rejection_under_any_status_but_those_that_say_more() {
    for (line, expected) in [
        ("HTTP/1.1 201 C", Verdict::Rejected),
        ("HTTP/1.1 299 O", Verdict::Rejected),
        ("HTTP/1.1 400 Bad", Verdict::Rejected),
        ("HTTP/1.1 401 U", Verdict::BadCredentials),
        ("HTTP/1.1 403 F", Verdict::AccessDenied),
        ("HTTP/1.1 429 T", Verdict::Rejected),
        ("HTTP/1.1 500 O", Verdict::Rejected),
        ("HTTP/1.1 503 S", Verdict::Rejected),
    ] {
        comes_of(expected, &with_length(&[line], r#"{"Code":1,"Message":"No"}"#));
    }
    comes_of(Verdict::Busy, &with_length(&["HTTP/1.1 503 S"], r#"{"Message":"No"}"#));
}

#[test]
fn a_ticket_that_comes_with_a_first_factor_counts_whichever_comes_first() {
    let (ticket, factor) = ("Set-Cookie: .ASPXAUTH=t; path=/", "Set-Cookie: FirstFactor=f; path=/");
    for fields in [[ticket, factor], [factor, ticket]] {
        comes_of(Verdict::Authenticated, &with_length(&[&["HTTP/1.1 200 OK"], &fields[..]].concat(), SUCCESS));
    }
}
