//! Which runtime a site has, found out from the answers to its health checks.

mod support;

use creatio_auth::{Call, MAX_WAIT, ProbeStep, Runtime, RuntimeProbe, Session};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, MEMORY, Read, feed, framework, net, pull};

const PONG: (&[&str], &str) = (&["HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8"], "Pong");
const EMPTY: (&[&str], &str) = (&["HTTP/1.1 200 OK"], "");
const PAGE: (&[&str], &str) = (&["HTTP/1.1 200 OK", "Content-Type: text/html"], "<html><body>Pong</body></html>");
const JSON: (&[&str], &str) = (&["HTTP/1.1 200 OK", "Content-Type: application/json"], "\"Pong\"");

const NOT_FOUND: (&[&str], &str) = (&["HTTP/1.1 404 Not Found", "Content-Type: text/html"], "<html>404</html>");
const NOT_FOUND_JSON: (&[&str], &str) = (&["HTTP/1.1 404 Not Found"], r#"{"error":{"message":"No"}}"#);

const STARTING: (&[&str], &str) = (&["HTTP/1.1 503 Service Unavailable", "Retry-After: 7"], "busy");

/// All that says nothing yet.
const UNKNOWN: [(&[&str], &str); 13] = [
    (&["HTTP/1.1 503 Service Unavailable"], ""),
    (&["HTTP/1.1 502 Bad Gateway"], "<html>502</html>"),
    (&["HTTP/1.1 500 Internal Server Error"], "{}"),
    (&["HTTP/1.1 429 Too Many Requests"], ""),
    (&["HTTP/1.1 403 Forbidden"], "<html>blocked</html>"),
    (&["HTTP/1.1 401 Unauthorized"], r#"{"Message":"Authentication failed."}"#),
    (&["HTTP/1.1 400 Bad Request"], ""),
    (&["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f0%2fapi"], "moved"),
    (&["HTTP/1.1 301 Moved", "Location: https://crm.example.com/"], ""),
    (&["HTTP/1.1 204 No Content"], ""),
    (&["HTTP/1.1 200 OK", "Content-Type: text/html"], "<html><form action=\"/Login/NuiLogin.aspx?ReturnUrl=%2f\">"),
    (&["HTTP/1.1 200 OK"], "<html><form action=\"/Login/Login.html?ReturnUrl=%2f\">"),
    (&["HTTP/1.1 200 OK", "Content-Type: application/json"], r#"{"success":false}"#),
];

/// Answers the probe's questions one after the other, each at every cut and in every framing of the last one; the paths that
/// it has asked, and the last step.
fn probed(answers: &[(&[&str], &str)]) -> (Vec<String>, ProbeStep) {
    let mut seen = Vec::new();
    let (lines, body) = answers.last().unwrap();
    let framings = if lines[0].contains("204") {
        vec![raw(lines, "")]
    } else {
        vec![with_length(lines, body), chunked(lines, body, &[1, 2]), raw(lines, body)]
    };
    for last in framings {
        for cut in Cut::all(last.len()) {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(framework(), &mut memory);
            let (mut probe, mut paths, mut step) = (RuntimeProbe::new(), Vec::new(), None);
            for (number, (lines, body)) in answers.iter().enumerate() {
                let call = probe.call();
                paths.push(Read::call(&mut session, &call).target);
                let mut exchange = session.call(&call);
                pull(&mut session, &mut exchange, 64);
                let is_last = number + 1 == answers.len();
                let reply = if is_last { last.clone() } else { with_length(lines, body) };
                let cut = if is_last { cut } else { Cut::Whole };
                assert_eq!(feed(&mut session, &mut exchange, &reply, cut).result, Ok(()));
                step = Some(probe.after_answer(&exchange.call_result(&session).unwrap()));
            }
            seen.push((paths, step.unwrap()));
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{answers:?}: {seen:?}");
    seen.remove(0)
}

const FIRST: &str = "/CreatioWebApp/0/api/HealthCheck/Ping";
const SECOND: &str = "/CreatioWebApp/api/HealthCheck/Ping";

#[test]
fn status_200_below_0_is_net_framework_at_once_whatever_the_other_would_say() {
    for yes in [PONG, EMPTY, PAGE, JSON] {
        let expected = (vec![FIRST.into()], ProbeStep::Found(Runtime::NetFramework));
        assert_eq!(probed(&[yes]), expected, "{yes:?}");
    }
}

#[test]
fn status_404_there_and_200_at_the_root_is_net() {
    for no in [NOT_FOUND, NOT_FOUND_JSON] {
        assert_eq!(probed(&[no]), (vec![FIRST.into()], ProbeStep::Ask));
        for yes in [PONG, EMPTY, PAGE, JSON] {
            let expected = (vec![FIRST.into(), SECOND.into()], ProbeStep::Found(Runtime::Net));
            assert_eq!(probed(&[no, yes]), expected, "{yes:?}");
        }
    }
}

#[test]
fn anything_else_says_nothing_yet_and_all_is_asked_again() {
    for unknown in UNKNOWN {
        assert_eq!(probed(&[unknown]), (vec![FIRST.into()], ProbeStep::AskLater(None)), "{unknown:?}");
        let at_the_root = (vec![FIRST.into(), SECOND.into()], ProbeStep::AskLater(None));
        assert_eq!(probed(&[NOT_FOUND, unknown]), at_the_root, "{unknown:?}");
        let late = (vec![FIRST.into(); 3], ProbeStep::Found(Runtime::NetFramework));
        assert_eq!(probed(&[unknown, unknown, PONG]), late, "{unknown:?}");
        // A site on .NET Framework that starts may answer at the root alone, and is asked below /0 again before that counts.
        let paths = [FIRST, SECOND, FIRST].map(str::to_owned).to_vec();
        let found = (paths, ProbeStep::Found(Runtime::NetFramework));
        assert_eq!(probed(&[NOT_FOUND, unknown, PONG]), found, "{unknown:?}");
    }
    assert_eq!(probed(&[STARTING]).1, ProbeStep::AskLater(Some(7)));
    assert_eq!(probed(&[NOT_FOUND, STARTING]).1, ProbeStep::AskLater(Some(7)));
    const IN_136_YEARS: (&[&str], &str) = (&["HTTP/1.1 503 Service Unavailable", "Retry-After: 4294967295"], "busy");
    assert_eq!(probed(&[IN_136_YEARS]).1, ProbeStep::AskLater(Some(MAX_WAIT)));
}

#[test]
fn two_404s_are_reported_and_asking_again_begins_anew() {
    for no in [NOT_FOUND, NOT_FOUND_JSON] {
        assert_eq!(probed(&[no, no]), (vec![FIRST.into(), SECOND.into()], ProbeStep::NoHealthCheck));
        let paths = [FIRST, SECOND, FIRST].map(str::to_owned).to_vec();
        assert_eq!(probed(&[no, no, PONG]), (paths, ProbeStep::Found(Runtime::NetFramework)));
    }
}

#[test]
fn the_questions_do_not_hang_on_what_the_session_takes_the_runtime_for() {
    for (site, base) in [(framework(), "/CreatioWebApp"), (net(), "")] {
        let mut memory = [0; MEMORY];
        let read = Read::call(&mut Session::new(site, &mut memory), &RuntimeProbe::default().call());
        assert_eq!(read.target, format!("{base}/0/api/HealthCheck/Ping"));
        assert_eq!((&*read.method, read.field("Accept")), ("GET", Some(&b"*/*"[..])));
        let other = Read::call(&mut Session::new(site, &mut memory), &Call::health_check(Runtime::Net));
        assert_eq!(other.target, format!("{base}/api/HealthCheck/Ping"));
        assert_eq!(RuntimeProbe::default().asked(), Runtime::NetFramework);
    }
}
