//! Each verdict on a call, from the bytes that lead to it, at every cut and in every framing.

mod support;

use creatio_auth::CallVerdict::{
    self, AccessDenied, Busy, CsrfMissing, Failed, Fine, Forbidden, NotFound, NotJson, Refused, ServerError,
    SessionEnded, Unauthorized, UnexpectedStatus, WrongPrefix,
};
use creatio_auth::{Call, EndSign, Method, Misuse, Path, ReplyError, Runtime, Session};
use support::fixtures::{chunked, raw, with_length};
use support::{CallAnswer, Cut, MEMORY, call_answer, contacts, framework, net, signed_in};

const COOKIES: [&str; 2] = [".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"];
const OK: &str = "HTTP/1.1 200 OK";
const JSON: &str = "Content-Type: application/json; charset=utf-8";
const HTML: &str = "Content-Type: text/html; charset=utf-8";
const LOGIN_PAGE: &str = "<!DOCTYPE html><html><form action=\"/Login/NuiLogin.aspx\"></form></html>";
const AUTHENTICATION_FAILED: &str = r#"{"Message":"Authentication failed.","StackTrace":null,"ExceptionType":"X"}"#;

fn get() -> Call<'static> {
    Call::get(contacts())
}

#[test]
fn a_page_is_looked_into_for_its_first_4096_bytes_however_they_come() {
    let mark = "ReturnUrl=";
    for (before, expected) in [(4096 - mark.len(), SessionEnded(EndSign::LoginPage)), (4097 - mark.len(), NotJson)] {
        let (spaces, rest) = (" ".repeat(before - 6), " ".repeat(9000));
        let after_a_mark = format!("\u{FEFF}{}<html>{mark}\">{rest}", &spaces[3..]);
        let pages =
            [format!("<html>{spaces}{mark}\">{rest}"), format!("{spaces}<html>{mark}\">{rest}"), after_a_mark];
        for (page, form) in pages.iter().flat_map(|page| [(page, HTML), (page, JSON)]) {
            let reply = with_length(&[OK, form], page);
            for cut in [Cut::Whole, Cut::Pieces(1), Cut::Pieces(7), Cut::Pieces(1000), Cut::Pieces(4096)] {
                let mut memory = [0; MEMORY];
                let mut session = signed_in(net(), &mut memory, &COOKIES);
                let (_, answer) = call_answer(&mut session, &get(), &reply, cut);
                assert_eq!(answer.unwrap().verdict, expected, "{before} {cut:?}");
            }
        }
    }
}

fn image() -> Call<'static> {
    get().with_accept("image/png").unwrap()
}

/// The answer to a call of a session with these cookies, which is the same in every framing and cut; so is the body.
fn answer_with(had: &[&str], call: &Call<'_>, lines: &[&str], body: impl AsRef<[u8]>) -> CallAnswer {
    let mut answers = Vec::new();
    for reply in [with_length(lines, &body), chunked(lines, &body, &[1, 2]), raw(lines, &body)] {
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; MEMORY];
            let mut session = match had {
                [] => Session::new(net(), &mut memory),
                had => signed_in(net(), &mut memory, had),
            };
            let (outcome, answer) = call_answer(&mut session, call, &reply, cut);
            assert_eq!(outcome.result, Ok(()), "{lines:?} {cut:?}");
            assert!(outcome.body == body.as_ref() && outcome.consumed == reply.len(), "{lines:?} {cut:?}");
            answers.extend(answer);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{lines:?}: {answers:?}");
    answers.remove(0)
}

fn answer(call: &Call<'_>, lines: &[&str], body: &str) -> CallAnswer {
    answer_with(&COOKIES, call, lines, body)
}

fn verdict(call: &Call<'_>, lines: &[&str], body: &str) -> CallVerdict {
    answer(call, lines, body).verdict
}

#[test]
fn a_redirect_to_the_login_page_is_the_end_of_the_session() {
    let ended = SessionEnded(EndSign::RedirectToLogin);
    for (location, expected) in [
        ("/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata%2fAccount", ended),
        ("https://crm.example.com/CreatioWebApp/Login/Login.html?ReturnUrl=%2Fodata", ended),
        ("/Login/", UnexpectedStatus),
        ("/elsewhere?ReturnUrl=/Login/NuiLogin.aspx", UnexpectedStatus),
    ] {
        for call in [get(), Call::post(contacts()).with_json(b"{}"), image()] {
            let lines = ["HTTP/1.1 302 Found", HTML, &format!("Location: {location}")];
            assert_eq!(answer(&call, &lines, "<html>moved"), CallAnswer::new(expected, 302), "{location}");
        }
    }
    assert_eq!(verdict(&get(), &["HTTP/1.1 307 T", "Location: /Login/Login.html"], ""), ended);
    assert_eq!(verdict(&get(), &["HTTP/1.1 302 Found"], "/Login/Login.html"), UnexpectedStatus);
    assert_eq!(verdict(&get(), &[OK, JSON, "Location: /Login/Login.html"], "{}"), Fine);
}

#[test]
fn the_login_page_is_the_end_of_the_session() {
    let ended = CallAnswer::new(SessionEnded(EndSign::LoginPage), 200);
    for (fields, body) in [
        (&[HTML][..], LOGIN_PAGE),
        (&["Content-Type: Application/XHTML+xml"], "Sign in: nuilogin.ASPX"),
        (&[JSON], LOGIN_PAGE),
        (&[], "\u{FEFF}\r\n <a href='/Login/Login.html'>"),
        (&[], "<form action=\"?ReturnUrl=%2f0%2fodata\">"),
        (&[], "<html>NuiLogiNuiLoginNuiLogin.aspx"),
    ] {
        assert_eq!(answer(&get(), &[&[OK], fields].concat(), body), ended, "{body}");
    }
    for body in [r#"{"Url":"/Login/NuiLogin.aspx?ReturnUrl=x"}"#, r#"["<a href='/Login/Login.html'>"]"#] {
        assert_eq!(verdict(&get(), &[OK, JSON], body), Fine, "{body}");
    }
}

#[test]
fn the_marks_of_the_login_page_count_within_its_first_4096_bytes() {
    for (mark, pad) in [("bootstrap.login", 0), ("bootstrap.LOGIN", 3000), ("/Login/SSPLogin.aspx", 9)] {
        for (before, is_ended) in [(4096 - pad - mark.len(), true), (4097 - mark.len(), false)] {
            let page = format!("<html>{}{mark}{}", " ".repeat(before - "<html>".len()), "x".repeat(pad));
            for lines in [&[OK, HTML][..], &[OK]] {
                let expected = if is_ended { SessionEnded(EndSign::LoginPage) } else { NotJson };
                let reply = with_length(lines, &page);
                for cut in [Cut::Whole, Cut::Pieces(1), Cut::Pieces(7), Cut::Pieces(4095)] {
                    let mut memory = [0; MEMORY];
                    let mut session = Session::new(net(), &mut memory);
                    let (_, answer) = call_answer(&mut session, &get(), &reply, cut);
                    assert_eq!(answer.unwrap().verdict, expected, "{mark} {before} {cut:?}");
                }
            }
        }
    }
}

#[test]
fn the_deepest_cause_of_an_error_is_handed_out() {
    let cause = r#"{"message":"deep","type":"","stacktrace":""}"#;
    let deepest = r#"{"message":"deep","type":"","internalexception":{"message":"deepest","stacktrace":""}}"#;
    for (inner, expected) in [
        (r#"{"message":"failed to serialize"}"#.to_string(), "failed to serialize"),
        (format!(r#"{{"message":"failed","type":"","internalexception":{cause}}}"#), "deep"),
        (format!(r#"{{"internalexception":{cause},"message":"failed"}}"#), "deep"),
        (format!(r#"{{"message":"failed","internalexception":{deepest}}}"#), "deepest"),
        (r#"{"message":"failed","internalexception":null}"#.to_string(), "failed"),
    ] {
        let body = format!(r#"{{"error":{{"code":"C","message":"An error","innererror":{inner}}}}}"#);
        let answer_of = |body: &str| answer(&get(), &["HTTP/1.1 500 Oops", JSON], body);
        let answer = answer_of(&body);
        assert_eq!(answer.verdict, ServerError);
        assert_eq!((answer.message.as_deref(), answer.error_code.as_deref()), (Some("An error"), Some("C")));
        assert_eq!(answer.inner_message.as_deref(), Some(expected), "{body}");
        assert_eq!(answer_of(&body.replacen("error", "odata.error", 1)), answer, "so OData 3 names it");
    }
    // ASP.NET, where it shows causes
    let web_api = r#"{"Message":"An error","ExceptionMessage":"failed","InnerException":{"Message":"An error","ExceptionMessage":"deep"}}"#;
    let answer = answer(&get(), &["HTTP/1.1 500 Oops", JSON], web_api);
    assert_eq!((answer.message.as_deref(), answer.inner_message.as_deref()), (Some("An error"), Some("deep")));
}

#[test]
fn data_service_says_in_its_own_way_that_nobody_is_signed_in() {
    let of = |code: &str, message: &str| {
        format!(r#"{{"responseStatus":{{"ErrorCode":"{code}","Message":"{message}","Errors":[]}}}}"#)
    };
    const CODE: &str = "ArgumentNullOrEmptyException";
    let said = r#"Value for argument \"userConnection\" must be specified"#;
    for line in [OK, "HTTP/1.1 500 Oops"] {
        assert_eq!(verdict(&get(), &[line, JSON], &of(CODE, said)), SessionEnded(EndSign::NoUserConnection));
        for body in [of(CODE, "Value for argument"), of("ArgumentNullException", said), of("", said)] {
            assert!(!matches!(verdict(&get(), &[line, JSON], &body), SessionEnded(_)), "{body}");
        }
    }
    assert_eq!(verdict(&get(), &["HTTP/1.1 400 Bad", JSON], &of(CODE, said)), Refused);
}

#[test]
fn a_404_of_odata_is_no_sign_of_the_wrong_runtime() {
    let lost = "HTTP/1.1 404 Not Found";
    for body in [
        r#"{"error":{"message":"No"}}"#,
        r#"{"odata.error":{"message":{"lang":"en-US","value":"No"}}}"#,
        r#"{"Message":"No HTTP resource","MessageDetail":"No type"}"#,
    ] {
        assert_eq!(verdict(&get(), &[lost, JSON], body), NotFound, "{body}");
    }
    for body in ["", "<html>", "{}", r#"{"Message":"No HTTP resource"}"#, r#"{"error":"Not Found","status":404}"#] {
        assert_eq!(verdict(&get(), &[lost, JSON], body), WrongPrefix, "{body}");
    }
}

#[test]
fn the_login_page_is_the_end_of_the_session_whatever_was_asked_for() {
    for accept in ["image/png", "*/*", "Application/JSON", "text/plain, application/json"] {
        let call = get().with_accept(accept).unwrap();
        assert_eq!(verdict(&call, &[OK, HTML], LOGIN_PAGE), SessionEnded(EndSign::LoginPage), "{accept}");
    }
}

#[test]
fn a_page_with_any_other_status_than_200_is_no_end_of_the_session_for_the_call_may_have_been_done() {
    for line in ["HTTP/1.1 201 Created", "HTTP/1.1 202 Accepted", "HTTP/1.1 207 Multi-Status", "HTTP/1.1 299 X"] {
        assert_eq!(verdict(&Call::post(contacts()).with_json(b"{}"), &[line, HTML], LOGIN_PAGE), NotJson, "{line}");
        assert_eq!(verdict(&image(), &[line, HTML], LOGIN_PAGE), Fine, "{line}");
    }
}

/// As AWS WAF challenges a program; where a body comes, somebody has done something.
#[test]
fn a_202_without_a_body_is_no_success() {
    let line = "HTTP/1.1 202 Accepted";
    for call in [get(), image(), Call::post(contacts()).with_json(b"{}"), Call::ping(), Call::delete(contacts())] {
        assert_eq!(verdict(&call, &[line, "x-amzn-waf-action: challenge"], ""), UnexpectedStatus);
    }
    for body in ["{}", "[]", "accepted", r#"{"value":[]}"#] {
        assert_eq!(verdict(&get(), &[line], body), Fine, "{body}");
    }
    assert_eq!(verdict(&get(), &[line], r#"{"success":false}"#), Failed);
}

#[test]
fn a_401_of_any_shape_is_the_end_of_the_session_and_one_message_says_so() {
    let line = "HTTP/1.1 401 Unauthorized";
    let ended = CallAnswer::new(SessionEnded(EndSign::AuthenticationFailed), 401).message("Authentication failed.");
    for call in [get(), image(), Call::ping(), Call::delete(Path::root("/x").unwrap())] {
        assert_eq!(answer(&call, &[line, JSON], AUTHENTICATION_FAILED), ended);
    }
    let escaped = r#"{"StackTrace":"at A","Message":"\u0041uthentication failed."}"#;
    assert_eq!(answer(&get(), &[line], escaped), ended);
    for message in ["Authentication failed", "authentication failed.", "Authentication failed. ", "No", ""] {
        let expected = CallAnswer::new(SessionEnded(EndSign::Unauthorized), 401).message(message);
        assert_eq!(answer(&get(), &[line, JSON], &format!(r#"{{"Message":"{message}"}}"#)), expected);
    }
    for body in ["", "Authentication failed.", LOGIN_PAGE, r#"{"X":{"Message":"Authentication failed."}}"#] {
        let expected = CallAnswer::new(SessionEnded(EndSign::Unauthorized), 401);
        assert_eq!(answer(&get(), &[line], body), expected, "{body}");
    }
    for line in [OK, "HTTP/1.1 400 Bad Request", "HTTP/1.1 500 Oops"] {
        assert!(!matches!(verdict(&get(), &[line, JSON], AUTHENTICATION_FAILED), SessionEnded(_)), "{line}");
    }
}

#[test]
fn the_end_of_the_session_does_not_hang_on_the_memory() {
    for fields in [&[][..], &[JSON], &["Content-Type: application/json"], &["Content-Type:"], &["Date: x"]] {
        let lines = [&["HTTP/1.1 401 Unauthorized"], fields].concat();
        for (reply, size) in
            [with_length, raw].into_iter().flat_map(|framed: fn(&[&str], &'static str) -> Vec<u8>| {
                let reply = framed(&lines, AUTHENTICATION_FAILED);
                (0..256).map(move |size| (reply.clone(), size))
            })
        {
            let mut memory = vec![0; size];
            let (outcome, answer) = call_answer(&mut Session::new(net(), &mut memory), &get(), &reply, Cut::Whole);
            match (outcome.result, answer) {
                (Err(ReplyError::MemoryTooSmall { needed }), None) if needed > size => {}
                (result, answer) => {
                    let expected = Some(SessionEnded(EndSign::AuthenticationFailed));
                    let verdict = answer.map(|answer| answer.verdict);
                    assert_eq!((result, verdict), (Ok(()), expected), "{fields:?} in {size} bytes");
                }
            }
        }
    }
}

#[test]
fn a_403_says_whether_a_csrf_token_was_sent() {
    let ticket = COOKIES[0];
    for (had, expected) in [
        (&[][..], CsrfMissing),
        (&[ticket], CsrfMissing),
        (&[ticket, "BPMCSRF=; path=/"], CsrfMissing),
        (&[ticket, "BPMCSRF=c; path=/elsewhere"], CsrfMissing),
        (&[ticket, "BPMCSRF=c; path=/"], Forbidden),
        (&[ticket, "CRT_CSRF=c; path=/odata"], Forbidden),
    ] {
        for call in [get(), Call::post(contacts())] {
            let line = "HTTP/1.1 403 Forbidden";
            let setting = "Set-Cookie: BPMCSRF=late; path=/";
            // A page may be that of a firewall, which knows nothing of the token.
            let of_page = if expected == Forbidden { AccessDenied } else { expected };
            assert_eq!(answer_with(had, &call, &[line, setting, HTML], "Blocked"), CallAnswer::new(of_page, 403));
            assert_eq!(answer_with(had, &call, &[line, setting], "<html>"), CallAnswer::new(of_page, 403));
            let error = r#"{"error":{"message":"No right"}}"#;
            let expected = CallAnswer::new(expected, 403).message("No right");
            assert_eq!(answer_with(had, &call, &[line, setting], error), expected);
        }
    }
}

#[test]
fn a_404_without_an_error_of_odata_is_the_wrong_prefix_unless_the_path_has_none() {
    const OTHERS: &str = r#"{"Message":"No","MessageDetail":"No","Id":1,"Name":2}"#;
    let line = "HTTP/1.1 404 Not Found";
    let [site, root] =
        [Path::site("/odata/Contact"), Path::root("/odata/Contact")].map(|path| Call::get(path.unwrap()));
    for body in ["", "<html>404</html>", r#"{"Message":"No"}"#, r#"["error"]"#, r#"{"value":[{"error":{}}]}"#, OTHERS]
    {
        assert_eq!(verdict(&site, &[line], body), WrongPrefix, "{body}");
        assert_eq!(verdict(&root, &[line], body), NotFound, "{body}");
    }
    for call in [site, root, site.with_accept("image/png").unwrap()] {
        let expected = CallAnswer::new(NotFound, 404).message("No such record");
        let error = r#"{"error":{"code":"","message":"No such record"}}"#;
        assert_eq!(answer(&call, &[line, JSON], error), expected);
    }
    assert_eq!(verdict(&Call::ping(), &[line], ""), WrongPrefix);
    assert_eq!(verdict(&Call::health_check(net().runtime()), &[line], ""), NotFound);
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    let (_, answer) = call_answer(&mut session, &site, &with_length(&[line], ""), Cut::Whole);
    assert_eq!(answer, Some(CallAnswer::new(WrongPrefix, 404)));
}

#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn a_busy_site_says_when_to_try_again() {
    const AT: &str = "Sun, 22 Nov 2026 00:52:54 GMT";
    let date = "Date: Sun, 22 Nov 2026 00:52:24 GMT";
    for (fields, now, expected) in [
        (&["Retry-After: 120"][..], None, Some(120)),
        (&["retry-after:  0 \t", date], Some(5), Some(0)),
        (&["Retry-After: 4294967296"], None, Some(u32::MAX)),
        (&["Retry-After: 18446744073709551615"], None, Some(u32::MAX)),
        (&["Retry-After: -1"], None, None),
        (&["Retry-After: 1.5"], None, None),
        (&["Retry-After: soon"], None, None),
        (&["Retry-After:"], None, None),
        (&[], None, None),
        (&[&format!("Retry-After: {AT}")], None, None),
        (&[&format!("Retry-After: {AT}"), date], None, Some(30)),
        (&[date, &format!("Retry-After: {AT}")], None, Some(30)),
        (&[&format!("Retry-After: {AT}")], Some(-7), Some(7)),
        // What the reply says goes before a clock.
        (&[&format!("Retry-After: {AT}"), date], Some(-7), Some(30)),
        (&[&format!("Retry-After: {AT}"), date], Some(7), Some(30)),
        (&[&format!("Retry-After: {AT}")], Some(7), Some(0)),
        (&["Retry-After: Sun, 31 Nov 2026 00:52:54 GMT", date], None, None),
    ] {
        for (line, status) in [("HTTP/1.1 429 Too Many", 429), ("HTTP/1.1 503 Busy", 503)] {
            let reply = with_length(&[&[line], fields].concat(), "busy");
            for cut in Cut::all(reply.len()) {
                let mut memory = [0; MEMORY];
                let mut session = Session::new(net(), &mut memory);
                if let Some(seconds) = now {
                    let at = httpdate::parse_http_date(AT).unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
                    session.set_time(at.as_secs().checked_add_signed(seconds).unwrap());
                }
                let (_, answer) = call_answer(&mut session, &get(), &reply, cut);
                let expected = CallAnswer { retry_after: expected, ..CallAnswer::new(Busy, status) };
                assert_eq!(answer, Some(expected), "{fields:?} {cut:?}");
            }
        }
    }
}

#[test]
fn a_service_that_says_that_it_failed_has_failed() {
    for (body, message) in [
        (r#"{"success":false,"errorInfo":{"message":"Why","errorCode":"X","stackTrace":"at A"}}"#, Some("Why")),
        (r#"{"errorInfo":{"errorCode":"X"},"rowsAffected":-1,"success" : false}"#, None),
        (r#"{"responseStatus":{"ErrorCode":"X","Message":"Why","Errors":[]},"success":false}"#, Some("Why")),
        // What a refused InsertQuery sends.
        (r#"{"success":false}"#, None),
        (r#"{"success":false,"rows":[]}"#, None),
        // Without `success`, or with it as a text.
        (r#"{"errorInfo":{"errorCode":"X","message":"Why"},"rows":[]}"#, Some("Why")),
        (r#"{"rows":[],"errorInfo":{"success":false}}"#, None),
        (r#"{"success":true,"errorInfo":{"x":1}}"#, None),
        (r#"{"success":true,"errorInfo":{"x":1,"y":2}}"#, None),
        (r#"{"success":true,"errorInfo":{"message":"Why"}}"#, Some("Why")),
        (r#"{"success":true,"errorInfo":{"errorCode":null}}"#, None),
        (r#"{"responseStatus":{"ErrorCode":"X"}}"#, None),
        (r#"{"responseStatus":{"Errors":[],"Message":"Why","ErrorCode":"X"},"success":"true"}"#, Some("Why")),
        (r#"{"error":{}}"#, None),
        (r#"{"error":{"code":"","message":"Why"}}"#, Some("Why")),
        (r#"{"@odata.context":"x","error":{"code":"","message":{"lang":"en","value":"Why"}}}"#, Some("Why")),
        (r#"{"odata.error":{"code":"X","message":{"lang":"en-US","value":"Why"}}}"#, Some("Why")),
        // OData does not know the entity, or not yet.
        (r#"{"Message":"No HTTP resource","MessageDetail":"No type"}"#, Some("No HTTP resource")),
        (r#"{"MessageDetail":"No type","Message":"No HTTP resource"}"#, Some("No HTTP resource")),
    ] {
        let inner = body.contains("MessageDetail").then(|| "No type".into());
        let code = body.contains(r#"ode":"X""#).then(|| "X".into());

        let message = message.map(Into::into);
        let expected = CallAnswer { message, inner_message: inner, error_code: code, ..CallAnswer::new(Failed, 200) };
        assert_eq!(answer(&get(), &[OK, JSON], body), expected, "{body}");
        assert_eq!(verdict(&get(), &["HTTP/1.1 201 Created"], body), Failed);
    }
    for body in [
        r#"{"success":true,"errorInfo":{}}"#,
        r#"{"responseStatus":{"ErrorCode":"","Message":"","Errors":[]},"rowsAffected":1,"success":true}"#,
        r#"{"success":"false","errorInfo":{}}"#,
        r#"{"errorInfo":null,"error":null}"#,
        r#"{"error":"a column"}"#,
        r#"{"error":[{}]}"#,
        r#"{"odata.error":"a column"}"#,
        r#"{"odata.error":{},"error":{}}"#, // a member that stands twice
        r#"{"Id":"1","errorInfo":"a column","responseStatus":"another"}"#,
        r#"{"responseStatus":{"ErrorCode":null}}"#,
        r#"{"value":[{"error":{},"errorInfo":{"x":1}}]}"#,
        r#"{"rows":[{"success":false,"errorInfo":{"message":"no"}}]}"#,
        r#"[{"success":false,"errorInfo":{}}]"#,
        r#"{"success":false,"errorInfo":{}"#,
    ] {
        assert_eq!(answer(&get(), &[OK, JSON], body), CallAnswer::new(Fine, 200), "{body}");
    }
}

#[test]
fn of_several_texts_for_one_the_first_stays() {
    let body = r#"{"Message":"a","errorInfo":{"errorCode":"A","message":"b"},"responseStatus":{"ErrorCode":"B","Message":"c"}}"#;
    let (message, error_code) = (Some("a".into()), Some("A".into()));
    let expected = CallAnswer { message, error_code, ..CallAnswer::new(ServerError, 500) };
    assert_eq!(answer(&get(), &["HTTP/1.1 500 Oops", JSON], body), expected);
}

#[test]
fn a_page_where_json_was_asked_for_is_not_json() {
    let page = "<html><body>Welcome</body></html>";
    let expected = CallAnswer::new(NotJson, 200);
    assert_eq!(answer(&get(), &[OK, HTML], page), expected);
    assert_eq!(answer(&get(), &[OK], page), expected);
    assert_eq!(verdict(&get().with_accept("application/json;odata.metadata=none").unwrap(), &[OK], page), NotJson);
    assert_eq!(verdict(&image(), &[OK, HTML], page), Fine);
    for body in ["6", " \r\n6", "", "null", "\"text\"", "[{}]", "plain", "\u{FEFF}6", "{\"a\":", "true"] {
        assert_eq!(answer(&get(), &[OK, "Content-Type: text/plain"], body), CallAnswer::new(Fine, 200), "{body}");
    }
}

#[test]
fn the_library_s_own_calls_take_any_content_type_and_a_login_page_alone_is_a_failure() {
    let types = [HTML, "Content-Type: text/html", "Content-Type: text/plain", JSON, "Content-Type:", "Date: x"];
    let checks = [Runtime::NetFramework, Runtime::Net].map(Call::health_check);
    let anything = get().with_accept("*/*; q=0.9, text/xml").unwrap();
    for call in [Call::ping(), Call::logout(), checks[0], checks[1], anything] {
        for kind in types {
            for body in ["Pong", "pong\r\n", "", " ", "<html><body>Welcome</body></html>", "\"Pong\"", "true", "{}"] {
                assert_eq!(verdict(&call, &[OK, kind], body), Fine, "{call:?} {kind} {body}");
            }
            let ended = SessionEnded(EndSign::LoginPage);
            assert_eq!(verdict(&call, &[OK, kind], LOGIN_PAGE), ended, "{call:?} {kind}");
        }
        // But what the service says of itself counts.
        assert_eq!(verdict(&call, &[OK, JSON], r#"{"success":false}"#), Failed, "{call:?}");
    }
}

#[test]
fn where_no_body_comes_no_page_has_come() {
    assert_eq!(verdict(&Call::ping(), &[OK, HTML], ""), Fine);
    let bare = |method, lines: &[&str]| {
        let reply = raw(lines, "");
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &COOKIES);
        call_answer(&mut session, &Call::new(method, contacts()), &reply, Cut::Pieces(1)).1.unwrap().verdict
    };
    for lines in [&["HTTP/1.1 204 No Content"][..], &["HTTP/1.1 204 No Content", HTML]] {
        for method in [Method::Get, Method::Patch, Method::Delete] {
            assert_eq!(bare(method, lines), Fine, "{lines:?}");
        }
    }
    assert_eq!(bare(Method::Head, &[OK, JSON, "Content-Length: 99"]), Fine);
    assert_eq!(bare(Method::Head, &["HTTP/1.1 404 N", "Content-Length: 99"]), WrongPrefix);
    assert_eq!(bare(Method::Get, &["HTTP/1.1 304 Not Modified", "Content-Length: 99"]), UnexpectedStatus);
}

//= 9110-15-class, 9110-15-invalid
#[test]
fn any_other_status_is_told_by_its_hundred() {
    for (status, expected) in [
        (200, Fine),
        (201, Fine),
        (206, Fine),
        (299, Fine),
        (300, UnexpectedStatus),
        (400, Refused),
        (402, Refused),
        (409, Refused),
        (412, Refused),
        (499, Refused),
        (500, ServerError),
        (502, ServerError),
        (599, ServerError),
        (600, UnexpectedStatus),
        (999, UnexpectedStatus),
        (99, UnexpectedStatus),
    ] {
        let line = format!("HTTP/1.1 {status:03} X");
        for body in ["", "oops", "{}"] {
            assert_eq!(answer(&get(), &[&line], body), CallAnswer::new(expected, status), "{status} {body}");
        }
    }
}

#[test]
fn a_binary_body_comes_through_as_it_is() {
    let body: Vec<u8> = (0..=255).chain(*b"\r\n0\r\n\r\n").collect();
    let lines = [OK, "Content-Type: image/png"];
    assert_eq!(answer_with(&COOKIES, &image(), &lines, &body), CallAnswer::new(Fine, 200));
    assert_eq!(answer_with(&COOKIES, &get(), &lines, &body), CallAnswer::new(Fine, 200));
    // Nor is a document looked into where another type was asked for.
    let failed = r#"{"success":false}"#;
    assert_eq!(verdict(&image(), &[OK, JSON], failed), Fine);
    assert_eq!(verdict(&get().with_accept("*/*").unwrap(), &[OK, JSON], failed), Failed);
}

#[test]
fn the_answer_is_there_when_a_call_is_done_and_at_no_other_time() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let call = get();
    let mut exchange = session.call(&call);
    assert_eq!(exchange.call_result(&session), Err(Misuse::OutOfTurn));
    support::pull(&mut session, &mut exchange, 64);
    for byte in with_length(&[OK], "{}") {
        assert_eq!(exchange.call_result(&session), Err(Misuse::OutOfTurn));
        let _ = exchange.feed(&mut session, &[byte]).unwrap();
    }
    assert_eq!(exchange.call_result(&session).map(|answer| answer.verdict), Ok(Fine));
    session.call(&call);
    assert_eq!(exchange.call_result(&session), Err(Misuse::OtherSession));

    let who = support::credentials();
    let exchange = session.login(&who);
    assert_eq!(exchange.call_result(&session), Err(Misuse::NotACall));

    let mut exchange = session.call(&call);
    assert_eq!(exchange.close(&mut session), Err(ReplyError::ClosedEarly));
    assert_eq!(exchange.call_result(&session), Err(Misuse::OutOfTurn));
}

#[test]
fn each_verdict_says_what_it_means_in_a_sentence_of_its_own() {
    let verdicts = [
        Fine,
        SessionEnded(EndSign::LoginPage),
        CsrfMissing,
        Forbidden,
        Unauthorized,
        WrongPrefix,
        NotFound,
        Busy,
        Failed,
        NotJson,
        Refused,
        ServerError,
        UnexpectedStatus,
    ];
    let mut sentences = verdicts.map(|verdict| verdict.to_string()).to_vec();
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), verdicts.len());
}

#[test]
fn nothing_of_a_good_answer_is_looked_into_where_its_body_is_wanted_raw() {
    let ok = [OK, JSON];
    let raw_call = get().with_raw_body();
    for body in [
        r#"{"value":[],"@odata.nextLink":"https://crm.example.com/odata/Contact?$skip=3","Message":"m"}"#,
        r#"{"success":false,"errorInfo":{"message":"no"}}"#,
        r#"{"value":["#,
        "no JSON",
    ] {
        assert_eq!(answer(&raw_call, &ok, body), CallAnswer::new(Fine, 200), "{body}");
    }
    // Everything else is as without it.
    let ended = r#"{"Message":"Authentication failed."}"#;
    let odata = r#"{"error":{"message":"gone"}}"#;
    for (lines, body) in [
        (&[OK, HTML][..], LOGIN_PAGE),
        (&[OK, HTML], "<html>"),
        (&["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx"], ""),
        (&["HTTP/1.1 401 Unauthorized", JSON], ended),
        (&["HTTP/1.1 404 Not Found", JSON], odata),
        (&["HTTP/1.1 404 Not Found", JSON], "{}"),
        (&["HTTP/1.1 500 Internal Server Error", JSON], r#"{"Message":"x"}"#),
    ] {
        let expected = answer(&get(), lines, body);
        assert_eq!(answer(&raw_call, lines, body), expected, "{lines:?}");
        assert!(expected.verdict != Fine, "{lines:?}");
    }
}
