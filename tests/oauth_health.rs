//! What a site says of its own connection to the identity service: each diagnosis in every framing and cut.

mod support;

use creatio_auth::OauthHealthVerdict::{self, *};
use creatio_auth::{Again, Call, Misuse, ReplyError, Session};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, Read, contacts, feed, framework, net, pull};

const OK: &str = "HTTP/1.1 200 OK";
const OOPS: &str = "HTTP/1.1 500 Internal Server Error";

fn document(has_problem: bool, flags: [bool; 3]) -> String {
    let [settings, service, token] = flags;
    format!(
        r#"{{"Message":"M\u00fc","HasProblem":{has_problem},"IsAccessTokenRetrievableForSystemActions":{token},
        "IsIdentityServiceAvailable":{service},"IsSystemSettingsFilledIn":{settings},"X":{{"HasProblem":true}}}}"#
    )
}

/// The verdict and the message, which are the same in every framing and cut, and the session is as it was.
fn told(lines: &[&str], body: &str) -> Result<(OauthHealthVerdict, Option<String>), ReplyError> {
    let mut all = Vec::new();
    for reply in [with_length(lines, body), chunked(lines, body, &[1]), raw(lines, body)] {
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 512];
            let mut session = support::signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
            let revision = session.revision();
            let mut exchange = session.oauth_health();
            assert_eq!(exchange.oauth_health_result(&session).unwrap_err(), Misuse::OutOfTurn);
            pull(&mut session, &mut exchange, 99);
            let outcome = feed(&mut session, &mut exchange, &reply, cut);
            assert!(outcome.body.is_empty());
            all.push(outcome.result.map(|()| {
                let health = exchange.oauth_health_result(&session).unwrap();
                assert_eq!(Some(health.http_status), exchange.http_status());
                let again =
                    if matches!(health.verdict, ServiceUnavailable | Unknown) { Again::Yes } else { Again::No };
                assert_eq!(health.verdict.again(), again);
                (health.verdict, health.message.map(|text| text.to_string()))
            }));
            assert_eq!((session.revision(), session.sign_in_delay()), (revision, Some(0)));
        }
    }
    all.dedup();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[test]
fn the_first_thing_that_is_wrong_is_told_with_the_message() {
    let message = Some("Mü".to_owned());
    for (line, has_problem, flags, verdict) in [
        (OK, false, [true; 3], Healthy),
        (OOPS, true, [false; 3], SettingsMissing),
        (OOPS, true, [true, false, false], ServiceUnavailable),
        (OOPS, true, [true, true, false], NoToken),
        (OOPS, true, [true; 3], OtherProblem),
        (OK, true, [true; 3], OtherProblem),
        (OOPS, false, [true; 3], OtherProblem),
        (OK, false, [false, true, true], SettingsMissing),
    ] {
        assert_eq!(told(&[line], &document(has_problem, flags)), Ok((verdict, message.clone())), "{flags:?}");
    }
}

#[test]
fn whatever_else_answers_says_nothing() {
    for (lines, body) in [
        (&[OK][..], "{}"),
        (&[OK], r#"{"IsSystemSettingsFilledIn":true}"#),
        (&[OK], "<html>Login"),
        (&[OOPS], "<html>Oops"),
        (&[OOPS], "no document"),
        (&["HTTP/1.1 404 N"], ""),
        (&["HTTP/1.1 302 F", "Location: /Login/NuiLogin.aspx?ReturnUrl=x"], ""),
        (&["HTTP/1.1 403 F"], r#"{"HasProblem":false}"#),
    ] {
        assert_eq!(told(lines, body), Ok((Unknown, None)), "{lines:?} {body}");
    }
    let doubled = r#"{"HasProblem":true,"HasProblem":false}"#;
    assert!(told(&[OK], doubled).is_err());
}

#[test]
fn it_signs_nobody_in_and_takes_no_cookie() {
    let mut memory = [0; 512];
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.oauth_health();
    pull(&mut session, &mut exchange, 99);
    let reply = with_length(&[OK, "Set-Cookie: .ASPXAUTH=t; path=/"], document(false, [true; 3]));
    assert_eq!(feed(&mut session, &mut exchange, &reply, Cut::Whole).result, Ok(()));
    assert_eq!(exchange.oauth_health_result(&session).unwrap().verdict, Healthy);
    assert_eq!(exchange.is_signed_in(&session), Err(Misuse::NotALogin));
    assert_eq!(session.cookies().count(), 0);
}

#[test]
fn it_is_asked_at_the_application_of_each_runtime() {
    let mut memory = [0; 512];
    for (site, target) in [(framework(), "/CreatioWebApp/0/api/OAuthHealthCheck"), (net(), "/api/OAuthHealthCheck")] {
        let mut session = Session::new(site, &mut memory);
        let mut exchange = session.oauth_health();
        let read = Read::new(&pull(&mut session, &mut exchange, 1));
        assert_eq!((&*read.method, &*read.target), ("GET", target));
        let exchange = session.call(&Call::get(contacts()));
        assert_eq!(exchange.oauth_health_result(&session).unwrap_err(), Misuse::NotACall);
    }
}
