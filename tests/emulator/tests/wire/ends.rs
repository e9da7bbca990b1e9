//! Every shape in which a session ends, the login pages, and what comes between a client and the site.

use std::num::NonZeroU32;

use creatio_emulator::{EndedSession, Interference, LoginPage, Options, Runtime, TokenEndpoint};
use serde_json::json;

use crate::client::{Client, Reply};
use crate::start;

const CONTACTS: &str = "/0/odata/Contact";

/// What a call is answered with when the session has ended.
fn ended(options: Options) -> Reply {
    let emulator = start(options);
    let mut client = Client::signed_in(&emulator);
    assert_eq!(client.get(CONTACTS).status, 200);
    emulator.expire_sessions();
    let reply = client.get(CONTACTS);
    assert_eq!(emulator.counters().calls, 1);
    reply
}

#[test]
fn a_401_has_a_message_or_a_page_or_nothing() {
    for (ended_session, kind, begins) in [
        (EndedSession::Status401, Some("application/json"), "{\"Message\":\"Authentication failed.\""),
        (EndedSession::Status401Page, Some("text/html; charset=utf-8"), "<!DOCTYPE html>"),
        (EndedSession::Status401Empty, None, ""),
    ] {
        let reply = ended(Options { ended_session, ..Options::default() });
        assert_eq!((reply.status, reply.field("Content-Type")), (401, kind), "{ended_session:?}");
        assert!(reply.body.starts_with(begins), "{}", reply.body);
        assert_eq!(reply.body.is_empty(), ended_session == EndedSession::Status401Empty);
    }
}

#[test]
fn a_ticket_ends_after_its_calls_and_no_other_does() {
    let emulator = start(Options { calls_per_ticket: NonZeroU32::new(2), ..Options::default() });
    let (mut first, mut second) = (Client::signed_in(&emulator), Client::signed_in(&emulator));
    let statuses: Vec<_> = (0..3).map(|_| first.get(CONTACTS).status).collect();
    assert_eq!((statuses, second.get(CONTACTS).status), (vec![200, 200, 302], 200));
    first.sign_in();
    assert_eq!(first.get(CONTACTS).status, 200);
}

#[test]
fn data_service_has_no_user_connection() {
    for (ended_session, status) in [(EndedSession::NoUserConnection, 200), (EndedSession::NoUserConnection500, 500)] {
        let reply = ended(Options { ended_session, ..Options::default() });
        let message = "Value for argument \"userConnection\" must be specified";
        let expected = json!({"ErrorCode": "ArgumentNullOrEmptyException", "Message": message});
        assert_eq!((reply.status, reply.json()), (status, json!({"responseStatus": expected})));
    }
}

#[test]
fn the_login_page_has_its_address_in_redirects_and_in_forms() {
    for (login_page, page, query) in [
        (LoginPage::Form, "/Login/NuiLogin.aspx", "?ReturnUrl=%2f0%2fodata%2fContact"),
        (LoginPage::Shell, "/Login/NuiLogin.aspx", "?ReturnUrl=%2f0%2fodata%2fContact"),
        (LoginPage::Ssp, "/Login/SSPLogin.aspx", "?ReturnUrl=%2f0%2fodata%2fContact"),
        (LoginPage::SspWithoutReturnUrl, "/Login/SSPLogin.aspx", ""),
    ] {
        let address = format!("{page}{query}");
        let reply = ended(Options { login_page, ..Options::default() });
        assert_eq!((reply.status, reply.field("Location")), (302, Some(&*address)));
        let reply = ended(Options { login_page, ended_session: EndedSession::LoginPage, ..Options::default() });
        assert_eq!(reply.status, 200);
        let names_itself = login_page != LoginPage::Shell;
        assert_eq!(reply.body.contains(&format!("action=\"{address}\"")), names_itself, "{}", reply.body);
        let emulator = start(Options { login_page, ..Options::default() });
        let shown = Client::new(&emulator).get(page);
        assert_eq!((shown.status, shown.body.contains("/Login/")), (200, names_itself));
    }
}

#[test]
fn the_shell_names_no_page_and_its_module_within_the_first_4096_bytes() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let options = Options { runtime, login_page: LoginPage::Shell, ..Options::default() };
        let emulator = start(Options { ended_session: EndedSession::LoginPage, ..options });
        let body = Client::new(&emulator).get(if runtime == Runtime::Net { "/odata/x" } else { "/0/odata/x" }).body;
        for word in ["login/", "login.html", "login.aspx", "returnurl"] {
            assert!(!body.to_ascii_lowercase().contains(word), "{body}");
        }
        assert!((2000..4096).contains(&body.find("bootstrap.login").unwrap()), "{body}");
    }
}

#[test]
fn the_application_shows_its_login_page_to_those_who_ask_it_for_a_token() {
    for (login_page, mark) in [(LoginPage::Shell, "bootstrap.login"), (LoginPage::Ssp, "SSPLogin.aspx?ReturnUrl=")] {
        let token_endpoint = TokenEndpoint::LoginPage;
        let emulator = start(Options { login_page, token_endpoint, ..Options::default() });
        assert!(Client::new(&emulator).post("/connect/token").body.contains(mark));
    }
}

#[test]
fn a_site_that_warms_up_is_alive_and_accepts_logins_and_sends_so_many_calls_to_the_login_page() {
    let emulator = start(Options::default());
    emulator.interfere(2, Interference::WarmUp);
    let mut client = Client::signed_in(&emulator);
    assert_eq!(client.get("/0/api/HealthCheck/Ping").status, 200);
    let statuses = [(); 3].map(|()| client.get(CONTACTS).status);
    assert_eq!(statuses, [302, 302, 200]);
    emulator.interfere(u32::MAX, Interference::WarmUp);
    assert_eq!(client.get(CONTACTS).status, 302);
    emulator.interfere(0, Interference::WarmUp);
    assert_eq!(client.get(CONTACTS).status, 200, "the session is the same");
    assert_eq!((emulator.counters().logins, emulator.counters().calls), (1, 2));
}

#[test]
fn a_firewall_and_a_portal_come_upon_every_request() {
    for (interference, status, location) in
        [(Interference::Firewall, 403, None), (Interference::Portal, 302, Some("http://portal.example.net/login/"))]
    {
        let emulator = start(Options::default());
        let mut client = Client::signed_in(&emulator);
        emulator.interfere(3, interference);
        for reply in
            [client.get(CONTACTS), client.login("Supervisor", "Supervisor"), client.get("/0/api/HealthCheck/Ping")]
        {
            assert_eq!((reply.status, reply.field("Location")), (status, location));
            assert_eq!(reply.field("Content-Type"), Some("text/html; charset=utf-8"));
        }
        assert_eq!(client.get(CONTACTS).status, 200);
        assert_eq!((emulator.counters().logins, emulator.counters().calls), (1, 1));
    }
}
