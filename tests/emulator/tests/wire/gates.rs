//! Health checks, the content type of short answers, and what stands in front of the site.

use creatio_emulator::{Emulator, Identity, Options, Runtime};

use crate::client::Client;
use crate::start;

const CHECKS: [&str; 2] = ["/0/api/HealthCheck/Ping", "/api/HealthCheck/Ping"];

fn statuses(emulator: &Emulator) -> [u16; 2] {
    CHECKS.map(|check| Client::new(emulator).get(check).status)
}

#[test]
fn a_site_on_the_framework_answers_both_health_checks_and_one_on_net_its_own() {
    for (runtime, expected) in [(Runtime::NetFramework, [200, 200]), (Runtime::Net, [404, 200])] {
        for base_path in ["", "/App"] {
            let emulator = start(Options { runtime, base_path: base_path.into(), ..Options::default() });
            assert_eq!(statuses(&emulator), expected, "{runtime:?} {base_path}");
            assert_eq!(Client::new(&emulator).get(CHECKS[1]).body, "Pong");
        }
    }
}

#[test]
fn the_application_is_late_when_it_starts_and_the_loader_is_not() {
    let emulator = start(Options { starting_checks: 2, ..Options::default() });
    assert_eq!([statuses(&emulator), statuses(&emulator), statuses(&emulator)], [[503, 200], [503, 200], [200, 200]]);
    let emulator = start(Options { starting_checks: 1, runtime: Runtime::Net, ..Options::default() });
    assert_eq!([statuses(&emulator), statuses(&emulator)], [[404, 503], [404, 200]]);
}

#[test]
fn short_answers_on_the_framework_are_html() {
    for (runtime, prefix, expected) in
        [(Runtime::NetFramework, "/0", "text/html; charset=utf-8"), (Runtime::Net, "", "text/plain; charset=utf-8")]
    {
        let emulator = start(Options { runtime, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        for (method, path) in
            [("GET", "/api/HealthCheck/Ping"), ("POST", "/ping"), ("POST", "/rest/MainMenuService/Logout")]
        {
            let reply = client.send(method, &format!("{prefix}{path}"), None, "");
            assert_eq!((reply.status, reply.field("Content-Type")), (200, Some(expected)), "{runtime:?} {path}");
        }
    }
}

/// What each kind of request is answered with, by a client with these fields.
fn refused(emulator: &Emulator, fields: &[(&'static str, &str)]) -> Vec<u16> {
    let own = |client: &mut Client| {
        client.fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    };
    let mut client = Client::new(emulator);
    own(&mut client);
    let mut identity = Client::at(emulator.identity_url().unwrap(), None);
    own(&mut identity);
    let form = "grant_type=client_credentials&client_id=client&client_secret=secret";
    vec![
        client.get(CHECKS[0]).status,
        client.login("Supervisor", "Supervisor").status,
        client.get("/0/odata/Contact").status,
        client.get("/nothing").status,
        identity.send("POST", "/connect/token", Some("application/x-www-form-urlencoded"), form).status,
    ]
}

#[test]
fn a_firewall_wants_to_know_who_sends_a_request() {
    let identity = Some(Identity::default());
    let emulator = start(Options { identity: identity.clone(), user_agent_required: true, ..Options::default() });
    assert_eq!(refused(&emulator, &[("User-Agent", "")]), [403; 5]);
    assert_eq!(refused(&emulator, &[("User-Agent", "x")]), [200, 200, 403, 404, 200]); // no CSRF field
    assert_eq!(emulator.counters().logins, 1);
    let emulator = start(Options { identity, ..Options::default() });
    assert_eq!(refused(&emulator, &[("User-Agent", "")])[..2], [200, 200]);
}

#[test]
fn a_gateway_wants_its_key_with_every_request() {
    let key = Some(("X-Gateway-Key".to_owned(), "k".to_owned()));
    let emulator = start(Options { identity: Some(Identity::default()), gateway_key: key, ..Options::default() });
    for fields in [&[][..], &[("X-Gateway-Key", "x")], &[("X-Gateway-Key", "k"), ("x-gateway-key", "k")]] {
        assert_eq!(refused(&emulator, fields), [401; 5], "{fields:?}");
    }
    assert_eq!(refused(&emulator, &[("x-gateway-key", "k")]), [200, 200, 403, 404, 200]);
    let no_name = Some(("no name".to_owned(), "k".to_owned()));
    assert!(Emulator::start(Options { gateway_key: no_name, ..Options::default() }).is_err());
}

#[test]
fn a_host_that_is_not_allowed_is_refused_everywhere() {
    let identity = Some(Identity::default());
    let options = Options { identity, allowed_host: Some("crm.example".into()), ..Options::default() };
    let emulator = start(options);
    assert_eq!(refused(&emulator, &[("Host", "127.0.0.1")]), [400; 5]);
    assert_eq!(refused(&emulator, &[("Host", "crm.example.com")]), [200, 200, 403, 404, 200]);
}

#[test]
fn cookies_are_secure_without_tls_where_that_is_wanted() {
    for secure_cookies in [false, true] {
        let emulator = start(Options { secure_cookies, ..Options::default() });
        let reply = Client::new(&emulator).login("Supervisor", "Supervisor");
        let cookies = reply.set_cookies();
        assert!(
            !cookies.is_empty() && cookies.iter().all(|field| field.contains("; secure") == secure_cookies),
            "{cookies:?}"
        );
    }
}
