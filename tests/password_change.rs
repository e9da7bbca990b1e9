//! The change of a password: its request, and that its answer is that of a login.

mod support;

use creatio_auth::{Credentials, Misuse, PasswordChange, Session, Verdict};
use support::fixtures::{self, setting, with_length};
use support::{Answer, Cut, MEMORY, Read, feed, framework, login, net, pull, snapshot};

fn change() -> PasswordChange<'static> {
    PasswordChange::borrowed(Credentials::borrowed("Supervisor", "old\"1"), "n\\ew ü")
}

/// Changes the password, and says what was answered.
fn changed(session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Option<Answer> {
    let change = change();
    let mut exchange = session.change_password(&change);
    pull(session, &mut exchange, 512);
    let outcome = feed(session, &mut exchange, reply, cut);
    assert_eq!(exchange.is_signed_in(session).ok(), outcome.answer.as_ref().map(Answer::is_authenticated));
    outcome.answer
}

#[test]
fn the_request_is_that_of_a_login_with_the_new_password_twice() {
    let who = Credentials::borrowed("Supervisor", "old\"1")
        .with_workspace("Default")
        .with_time_zone_offset(-180)
        .with_borrowed_one_time_code("123456");
    let change = PasswordChange::borrowed(who, "n\\ew ü");
    for (site, target) in [
        (framework(), "/CreatioWebApp/ServiceModel/AuthService.svc/DoChangePasswordLogin"),
        (net(), "/ServiceModel/AuthService.svc/DoChangePasswordLogin"),
    ] {
        let mut memory = [0; MEMORY];
        let mut session = support::signed_in(site, &mut memory, &[".ASPXAUTH=t; path=/"]);
        let mut exchange = session.change_password(&change);
        let read = Read::new(&pull(&mut session, &mut exchange, 7));
        assert_eq!((&*read.method, &*read.target), ("POST", target));
        let names = ["Host", "User-Agent", "Accept", "Content-Type", "Content-Length", "ForceUseSession", "Cookie"];
        assert_eq!(read.names(), names);
        let document: serde_json::Value = serde_json::from_slice(&read.body).unwrap();
        let expected = serde_json::json!({
            "UserName": "Supervisor", "UserPassword": "old\"1", "WorkspaceName": "Default", "TimeZoneOffset": -180,
            "ClaimList": [{"Key": "token", "Value": "123456"}],
            "NewUserPassword": "n\\ew ü", "ConfirmUserPassword": "n\\ew ü",
        });
        assert_eq!(document, expected);
    }
}

#[test]
fn advice_then_one_call_then_signed_in() {
    let advice = r#"{"Code":2,"Message":"Change it","PasswordChangeUrl":"/Login/ChangePassword.aspx"}"#;
    let lines = ["HTTP/1.1 200 OK", "Set-Cookie: .ASPXAUTH=old; path=/", "Set-Cookie: BPMCSRF=old; path=/"];
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let outcome = login(&mut session, &with_length(&lines, advice), Cut::Whole);
    assert_eq!(outcome.verdict(), Some(Verdict::PasswordChangeAdvised));
    let answer = changed(&mut session, &setting(&[".ASPXAUTH=new; path=/", "BPMCSRF=new; path=/"]), Cut::Pieces(1));
    assert_eq!(answer.unwrap().verdict, Some(Verdict::Authenticated));
    assert_eq!(support::cookie_field(&session, support::contacts()), ".ASPXAUTH=new; BPMCSRF=new");
}

#[test]
fn each_answer_to_a_login_means_the_same_to_a_change_at_every_cut() {
    for fixture in fixtures::all() {
        for cut in Cut::all(fixture.reply.len()) {
            let (mut memory, mut other) = ([0; MEMORY], [0; MEMORY]);
            let (mut session, mut changing) = (Session::new(net(), &mut memory), Session::new(net(), &mut other));
            let outcome = login(&mut session, &fixture.reply, cut);
            assert_eq!(changed(&mut changing, &fixture.reply, cut), outcome.answer, "{cut:?}");
            assert_eq!(snapshot(&changing), snapshot(&session));
        }
    }
}

#[test]
fn a_change_that_brings_no_ticket_asks_for_a_login() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let answer = changed(&mut session, &setting(&[]), Cut::Whole);
    assert_eq!(answer.unwrap().verdict, Some(Verdict::NoTicket));
    drop(session);
    // Where the session has a ticket already, for the change was advised only, that one counts on.
    let mut session = support::signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let answer = changed(&mut session, &setting(&[]), Cut::Whole);
    assert_eq!(answer.unwrap().verdict, Some(Verdict::Authenticated));
}

#[test]
fn nothing_of_a_failed_change_is_kept() {
    let reply = setting(&[".ASPXAUTH=new; path=/"]);
    for len in 0..reply.len() {
        let mut memory = [0; MEMORY];
        let mut session = support::signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
        let before = snapshot(&session);
        assert_eq!(changed(&mut session, &reply[..len], Cut::Whole), None);
        assert_eq!(snapshot(&session), before);
    }
}

#[test]
fn it_is_no_call_and_no_request_for_a_token() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let change = change();
    let exchange = session.change_password(&change);
    assert_eq!(exchange.call_result(&session).unwrap_err(), Misuse::NotACall);
    assert_eq!(exchange.token_result(&session).unwrap_err(), Misuse::NotATokenRequest);
    assert_eq!(exchange.login_result(&session).unwrap_err(), Misuse::OutOfTurn);
}
