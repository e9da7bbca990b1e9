//! Calls after login: the session, the CSRF header, the data.

use std::time::Duration;

use creatio_emulator::{EndedSession, Options, Runtime};

use crate::client::Client;
use crate::start;

const RUNTIMES: [(Runtime, &str); 2] = [(Runtime::NetFramework, "/0"), (Runtime::Net, "")];

fn on(runtime: Runtime) -> Options {
    Options { runtime, ..Options::default() }
}

#[test]
fn contacts_on_both_runtimes_over_tls() {
    for (runtime, prefix) in RUNTIMES {
        let emulator = start(Options { tls: true, base_path: "/Creatio/Web".to_owned(), ..on(runtime) });
        let mut client = Client::signed_in(&emulator);
        let contact = format!("{prefix}/odata/Contact");

        let all = client.get(&contact);
        assert_eq!(all.status, 200);
        assert_eq!(all.field("Server"), Some("creatio-emulator"));
        assert_eq!(all.field("OData-Version"), Some("4.0"));
        assert!(all.field("Date").is_some());
        let all = all.json();
        let context = format!("{}{prefix}/odata/$metadata#Contact", emulator.url());
        assert_eq!(all["@odata.context"], context);
        let rows = all["value"].as_array().unwrap();
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[0]["Name"], "Supervisor");

        let some = client.get(&format!("{contact}?%24top=2&$skip=1&$select=Name,Id"));
        assert!(some.body.contains("#Contact(Name,Id)\""));
        let some = some.json();
        assert_eq!(some["value"].as_array().unwrap().len(), 2);
        assert_eq!(some["value"][0]["Name"], rows[1]["Name"]);
        assert_eq!(some["value"][0].as_object().unwrap().len(), 2);

        assert_eq!(client.get(&format!("{contact}?$top=0")).json()["value"].as_array(), Some(&vec![]));
        assert_eq!(client.get(&format!("{contact}/$count")).body, "6");
        assert_eq!(client.get(&format!("{contact}/%24count")).body, "6");
        assert_eq!(client.get(&format!("{contact}?$top=x")).status, 400);
        assert_eq!(client.get(&format!("{contact}?$select=Age")).status, 400);
        assert_eq!(client.get(&format!("{contact}?$filter=x")).status, 501);
        assert_eq!(client.get(&format!("{prefix}/odata/Nothing")).status, 404);
        assert_eq!(client.post(&format!("{prefix}/ping")).status, 200);
        assert_eq!(client.get(&format!("{prefix}/ping")).status, 200);
        assert_eq!(emulator.counters().calls, 11);
    }
}

#[test]
fn head_has_a_length_and_no_body() {
    for chunk_size in [None, std::num::NonZeroUsize::new(5)] {
        let emulator = start(Options { chunk_size, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        let body = client.get("/0/odata/Contact").body;
        let head = client.send("HEAD", "/0/odata/Contact", None, "");
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(head.field("Content-Length"), Some(body.len().to_string().as_str()));
    }
}

#[test]
fn the_wrong_prefix_is_a_404() {
    for (runtime, wrong) in [(Runtime::NetFramework, ""), (Runtime::Net, "/0")] {
        let emulator = start(on(runtime));
        let mut client = Client::signed_in(&emulator);
        for path in ["/odata/Contact", "/nothing"] {
            let reply = client.get(&format!("{wrong}{path}"));
            assert_eq!(reply.status, 404);
            // Nothing that a service says: the page of IIS, or no body at all.
            let page = if runtime == Runtime::NetFramework { "<!DOCTYPE html>" } else { "" };
            assert!(reply.body.starts_with(page) && reply.body.is_empty() == page.is_empty(), "{}", reply.body);
        }
    }
}

#[test]
fn the_health_check_needs_no_session() {
    for (runtime, prefix) in RUNTIMES {
        let emulator = start(on(runtime));
        let target = format!("{prefix}/api/HealthCheck/Ping");
        assert_eq!(Client::new(&emulator).get(&target).status, 200);
    }
}

#[test]
fn without_a_session_calls_lead_to_the_login_page() {
    let expected = [
        "/base/Login/NuiLogin.aspx?ReturnUrl=%2fbase%2f0%2fodata%2fContact%3f%24top%3d1",
        "/base/Login/Login.html?ReturnUrl=%2Fbase%2Fodata%2FContact%3F%24top%3D1",
    ];
    for ((runtime, prefix), location) in RUNTIMES.into_iter().zip(expected) {
        let emulator = start(Options { base_path: "base".to_owned(), ..on(runtime) });
        let mut client = Client::new(&emulator);
        let reply = client.get(&format!("{prefix}/odata/Contact?$top=1"));
        assert_eq!((reply.status, reply.field("Location")), (302, Some(location)));
        client.cookies.push((".ASPXAUTH".to_owned(), "0".repeat(712)));
        assert_eq!(client.post(&format!("{prefix}/ping")).status, 302);
        assert_eq!(emulator.counters().calls, 0);

        let page = location["/base".len()..].to_owned();
        assert!(client.get(&page).body.contains("<form"));
    }
}

#[test]
fn the_first_call_on_the_framework_sets_the_session_id() {
    for empty_session_id in [false, true] {
        let emulator = start(Options { empty_session_id, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        let first = client.get("/0/odata/Contact");
        assert_eq!(first.cookie_shapes(), ["BPMSESSIONID; path=/; HttpOnly"]);
        assert_eq!(client.cookie("BPMSESSIONID").unwrap().len(), 24);
        assert!(client.get("/0/odata/Contact").set_cookies().is_empty());
    }
}

#[test]
fn the_csrf_header_is_needed() {
    for (runtime, prefix) in RUNTIMES {
        let emulator = start(on(runtime));
        let mut client = Client::signed_in(&emulator);
        let (contact, ping) = (format!("{prefix}/odata/Contact"), format!("{prefix}/ping"));
        assert_eq!(client.get(&contact).status, 200);

        let right = client.fields.remove(0);
        assert_eq!(client.get(&contact).status, 403);
        assert_eq!(client.post(&ping).status, 403);
        client.fields = vec![("BPMCSRF", "0".repeat(22))];
        assert_eq!(client.get(&contact).status, 403);
        client.fields = vec![("CRT_CSRF", right.1.clone())];
        assert_eq!(client.get(&contact).status, 403);
        client.fields = vec![right];
        assert_eq!(client.get(&contact).status, 200);
        client.forget("BPMCSRF");
        assert_eq!(client.get(&contact).status, 403);
        assert_eq!(emulator.counters().calls, 2);
    }
}

#[test]
fn net_wants_its_csrf_token_back() {
    let emulator = start(on(Runtime::Net));
    let mut client = Client::signed_in(&emulator);
    client.forget("CsrfToken");
    assert_eq!(client.get("/odata/Contact").status, 403);
}

#[test]
fn crt_csrf_takes_the_place_of_bpmcsrf() {
    let emulator = start(Options { crt_csrf: true, ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    client.fields.retain(|(name, _)| *name == "BPMCSRF");
    assert_eq!(client.get("/0/odata/Contact").status, 403);
    let value = client.cookie("CRT_CSRF").unwrap().to_owned();
    client.fields = vec![("CRT_CSRF", value)];
    assert_eq!(client.get("/0/odata/Contact").status, 200);
}

#[test]
fn reading_can_do_without_the_csrf_header() {
    let emulator = start(Options { csrf_on_get: false, ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    client.fields.clear();
    assert_eq!(client.get("/0/odata/Contact").status, 200);
    assert_eq!(client.send("HEAD", "/0/odata/Contact", None, "").status, 200);
    assert_eq!(client.post("/0/ping").status, 403);
}

#[test]
fn a_logout_ends_the_session_and_deletes_its_cookies() {
    for (runtime, prefix) in RUNTIMES {
        let emulator = start(on(runtime));
        let mut client = Client::signed_in(&emulator);
        let mut other = Client::signed_in(&emulator);
        let cookies = client.cookies.clone();
        let logout = format!("{prefix}/rest/MainMenuService/Logout");

        let fields = std::mem::take(&mut client.fields);
        assert_eq!(client.post(&logout).status, 403);
        client.fields = fields;
        let reply = client.post(&logout);
        assert_eq!(reply.status, 200);
        let deleted = ".ASPXAUTH=; expires=Tue, 12 Oct 1999 00:00:00 GMT; path=/";
        assert!(reply.set_cookies()[0].starts_with(deleted));
        for name in [".ASPXAUTH", "BPMCSRF", "BPMSESSIONID"] {
            assert_eq!(client.cookie(name), Some(""));
        }

        client.cookies = cookies;
        let contact = format!("{prefix}/odata/Contact");
        assert_eq!(client.get(&contact).status, 302);
        assert_eq!(other.get(&contact).status, 200);
    }
}

#[test]
fn sessions_expire() {
    let shapes = [(EndedSession::Redirect, 302), (EndedSession::LoginPage, 200), (EndedSession::Status401, 401)];
    for (ended_session, status) in shapes {
        let emulator = start(Options { ended_session, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        assert!(client.get("/0/odata/Contact").body.contains("@odata.context"));
        emulator.expire_sessions();
        let reply = client.get("/0/odata/Contact");
        assert_eq!(reply.status, status);
        assert!(!reply.body.contains("@odata.context"));
        assert_eq!(emulator.counters().calls, 1);
    }

    let emulator = start(Options { session_lifetime: Duration::ZERO, ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    assert_eq!(client.get("/0/odata/Contact").status, 302);
}

#[test]
fn a_sliding_session_renews_its_ticket() {
    for (runtime, prefix) in RUNTIMES {
        let emulator = start(Options { sliding: true, session_lifetime: Duration::MAX, ..on(runtime) });
        let mut client = Client::signed_in(&emulator);
        let contact = format!("{prefix}/odata/Contact");
        let cookies = client.cookies.clone();
        assert_eq!(client.get(&contact).status, 200);
        assert_ne!(client.cookies, cookies);
        assert_eq!(client.get(&contact).status, 200);

        // Another call may have been under way with the older ticket.
        let newest = std::mem::replace(&mut client.cookies, cookies);
        assert_eq!(client.get(&contact).status, 200);
        client.cookies = newest;
        let logout = client.post(&format!("{prefix}/rest/MainMenuService/Logout"));
        let set = logout.set_cookies();
        assert_eq!(set.iter().filter(|f| f.starts_with(".ASPXAUTH")).count(), 1);
        assert_eq!(client.get(&contact).status, 302);
    }
}
