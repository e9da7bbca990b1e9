//! What stands in front of a site, and refuses: by what the products' pages that were captured are known by (status, fields, how the body
//! begins), in none of which anybody is signed in, a call is done, or a session has ended.

mod support;

use creatio_auth::{Call, CallVerdict, LoginPageSign, Session, Verdict};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, MEMORY, call_answer, contacts, framework, login, net, signed_in};

const HTML: &str = "Content-Type: text/html; charset=utf-8";
const TEXT: &str = "Content-Type: text/plain; charset=UTF-8";
const PAGE: Verdict = Verdict::LoginPage(LoginPageSign::HtmlContentType);
const BODY: Verdict = Verdict::LoginPage(LoginPageSign::HtmlBody);

/// Status, fields and body; what a login comes to, and a call.
type Refusal = (&'static str, &'static [&'static str], &'static str, Verdict, CallVerdict);

const REFUSALS: [Refusal; 20] = [
    // Imperva, F5, FortiGate and NetScaler refuse with status 200.
    ("200 OK", &[HTML, "X-Iinfo: 9-1-2"], "<html><iframe src=\"/_Incapsula_Resource?", PAGE, CallVerdict::NotJson),
    ("200 OK", &[], "<html><head><title>Request Rejected</title>", BODY, CallVerdict::NotJson),
    (
        "200 OK",
        &["Content-Type: text/html"],
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD\">\n\n<html>",
        PAGE,
        CallVerdict::NotJson,
    ),
    ("200 OK", &[], "<HTML><TITLE>Application Firewall Block Page", BODY, CallVerdict::NotJson),
    // Cloudflare: a page, a challenge, a number.
    (
        "403 Forbidden",
        &[HTML, "CF-RAY: 8a-FRA"],
        "<!DOCTYPE html>\n<!--[if lt IE 7]> <html>",
        Verdict::AccessDenied,
        CallVerdict::AccessDenied,
    ),
    ("503 Service Unavailable", &[HTML, "cf-mitigated: challenge"], "<html>", Verdict::Busy, CallVerdict::Busy),
    (
        "403 Forbidden",
        &[TEXT, "Server: cloudflare"],
        "error code: 1010",
        Verdict::AccessDenied,
        CallVerdict::Forbidden,
    ),
    ("429 Too Many Requests", &[TEXT], "error code: 1015", Verdict::Busy, CallVerdict::Busy),
    // AWS WAF: no page for who asks for none, and a puzzle; what it says by a load balancer and by CloudFront.
    ("202 Accepted", &["x-amzn-waf-action: challenge"], "", Verdict::UnexpectedStatus, CallVerdict::UnexpectedStatus),
    (
        "202 Accepted",
        &[HTML, "x-amzn-waf-action: challenge"],
        "<html>",
        Verdict::UnexpectedStatus,
        CallVerdict::NotJson,
    ),
    (
        "405 Method Not Allowed",
        &[HTML, "x-amzn-waf-action: captcha"],
        "<html>",
        Verdict::UnexpectedStatus,
        CallVerdict::Refused,
    ),
    (
        "403 Forbidden",
        &["Content-Type: text/html"],
        "<html>\r\n<head><title>403",
        Verdict::AccessDenied,
        CallVerdict::AccessDenied,
    ),
    // Akamai, whose page has the URL in it.
    (
        "403 Forbidden",
        &["Content-Type: text/html"],
        "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>/0/Login/NuiLogin.aspx?ReturnUrl=",
        Verdict::AccessDenied,
        CallVerdict::AccessDenied,
    ),
    (
        "428 Precondition Required",
        &[HTML],
        "<html><div id=\"sec-if-cpt-container\">",
        Verdict::UnexpectedStatus,
        CallVerdict::Refused,
    ),
    // Azure, FortiWeb, Barracuda, ModSecurity.
    (
        "403 Forbidden",
        &[HTML, "x-azure-ref: 0x"],
        "<html><h2>The request is blocked.",
        Verdict::AccessDenied,
        CallVerdict::AccessDenied,
    ),
    (
        "500 Internal Server Error",
        &["Content-Type: text/html"],
        "<!DOCTYPE HTML PUBLIC>\n<html> <h2 class=\"fgd_icon\">",
        Verdict::UnexpectedStatus,
        CallVerdict::ServerError,
    ),
    (
        "404 Not Found",
        &["content-type: text/html"],
        "<div style=\"border: 3px\"> </div><!--0123456789",
        Verdict::UnexpectedStatus,
        CallVerdict::WrongPrefix,
    ),
    (
        "406 Not Acceptable",
        &["Content-Type: text/html; charset=iso-8859-1"],
        "<head><title>Not Acceptable!",
        Verdict::UnexpectedStatus,
        CallVerdict::Refused,
    ),
    // DataDome and gateways in JSON; one in words.
    (
        "403 Forbidden",
        &["Content-Type: application/json"],
        r#"{"url":"https://geo.captcha-delivery.com/captcha/"}"#,
        Verdict::AccessDenied,
        CallVerdict::Forbidden,
    ),
    (
        "406 Not Acceptable",
        &[HTML],
        "This website is secured against online attacks.",
        Verdict::UnexpectedStatus,
        CallVerdict::Refused,
    ),
];

/// The reply in every framing.
fn framed(status: &str, fields: &[&str], body: &str) -> [Vec<u8>; 3] {
    let line = format!("HTTP/1.1 {status}");
    let lines = [&[line.as_str()], fields].concat();
    [with_length(&lines, body), chunked(&lines, body, &[1, 2]), raw(&lines, body)]
}

#[test]
fn nobody_is_signed_in_by_a_refusal_and_no_call_is_done() {
    for (status, fields, body, of_login, of_call) in REFUSALS {
        for reply in framed(status, fields, body) {
            for cut in Cut::all(reply.len()) {
                let mut memory = [0; MEMORY];
                let mut session = Session::new(framework(), &mut memory);
                let answer = login(&mut session, &reply, cut).answer.unwrap();
                assert_eq!(answer.verdict, Some(of_login), "{status} {body} {cut:?}");
                assert!(!session.has_ticket() && !of_login.is_authenticated());

                let mut memory = [0; MEMORY];
                let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"]);
                let call = Call::post(contacts()).with_json(b"{}");
                let (_, answer) = call_answer(&mut session, &call, &reply, cut);
                assert_eq!(answer.unwrap().verdict, of_call, "{status} {body} {cut:?}");
                assert!(session.has_ticket() && !matches!(of_call, CallVerdict::Fine | CallVerdict::SessionEnded(_)));
            }
        }
    }
}
