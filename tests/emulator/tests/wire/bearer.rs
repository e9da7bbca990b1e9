//! Calls with a bearer token.

use std::time::Duration;

use creatio_emulator::{Emulator, EndedToken, Identity, Options, Runtime};

use crate::client::{Client, Reply};
use crate::start;
use crate::tokens::{token, with};

fn call_with(emulator: &Emulator, authorization: &str, method: &str, target: &str) -> Reply {
    let fields = [("Authorization", authorization), ("Content-Type", "application/json")];
    Client::new(emulator).send_with(method, target, &fields, br#"{"Name":"Ann"}"#)
}

fn status(emulator: &Emulator, token: &str) -> u16 {
    call_with(emulator, &format!("Bearer {token}"), "GET", "/0/odata/Contact").status
}

#[test]
fn a_token_is_enough_for_every_service() {
    for (runtime, prefix) in [(Runtime::NetFramework, "/0"), (Runtime::Net, "")] {
        let identity = Some(Identity::default());
        let emulator = start(Options { runtime, tls: true, sliding: true, identity, ..Options::default() });
        let bearer = format!("Bearer {}", token(&emulator));
        let calls = [
            ("GET", "/odata/Contact", 200),
            ("POST", "/odata/Contact", 201),
            ("GET", "/odata/Nothing", 404),
            ("POST", "/DataService/json/SyncReply/SelectQuery", 200),
            ("POST", "/rest/EchoService/Echo", 200),
            ("POST", "/ping", 200),
            ("POST", "/rest/MainMenuService/Logout", 200),
            ("GET", "/odata/Contact", 200),
        ];
        for (method, target, status) in calls {
            let reply = call_with(&emulator, &bearer, method, &format!("{prefix}{target}"));
            assert_eq!((reply.status, reply.set_cookies()), (status, vec![]), "{target}");
        }
        let lower_case = bearer.replace("Bearer", "bEARER");
        assert_eq!(call_with(&emulator, &lower_case, "GET", &format!("{prefix}/odata/Contact")).status, 200);
        let counters = emulator.counters();
        assert_eq!((counters.calls, counters.logins, counters.writes), (9, 0, 1));
    }
}

#[test]
fn a_wrong_token_is_refused_in_three_shapes() {
    for ended_token in [EndedToken::Empty, EndedToken::Message, EndedToken::LikeSession] {
        let identity = Some(Identity::default());
        let emulator = start(Options { ended_token, identity, ..Options::default() });
        let token = token(&emulator);
        for wrong in ["", "x", &token[1..], &format!("{token}0"), &format!("{token}, x")] {
            let reply = call_with(&emulator, &format!("Bearer {wrong}"), "GET", "/0/odata/Contact");
            if ended_token == EndedToken::LikeSession {
                assert_eq!((reply.status, reply.field("WWW-Authenticate")), (302, None));
                continue;
            }
            assert_eq!(reply.status, 401);
            assert_eq!(reply.field("WWW-Authenticate"), Some(r#"Bearer error="invalid_token""#));
            if ended_token == EndedToken::Empty {
                assert_eq!((reply.body.as_str(), reply.field("Content-Type")), ("", None));
            } else {
                assert_eq!(reply.json()["Message"], "Authentication failed.");
            }
        }
        assert_eq!(emulator.counters().calls, 0);
    }
}

#[test]
fn a_wrong_token_is_not_made_good_by_a_session() {
    let emulator = with(Identity::default());
    let mut client = Client::signed_in(&emulator);
    client.fields.push(("Authorization", "Bearer x".to_owned()));
    assert_eq!(client.get("/0/odata/Contact").status, 401);
    client.fields.push(("Authorization", "Bearer y".to_owned()));
    let reply = client.get("/0/odata/Contact");
    assert_eq!((reply.status, reply.field("WWW-Authenticate")), (400, Some(r#"Bearer error="invalid_request""#)));
}

#[test]
fn tokens_end_by_time_by_calls_and_by_command() {
    let emulator = with(Identity { token_lifetime: Duration::ZERO, ..Identity::default() });
    assert_eq!(status(&emulator, &token(&emulator)), 401);

    emulator.change_identity(|identity| identity.token_lifetime = Duration::MAX);
    let tokens = [token(&emulator), token(&emulator)];
    emulator.expire_tokens_after_calls(2);
    assert_eq!(status(&emulator, &tokens[0]), 200);
    // Neither a call in a session counts nor one that is refused.
    let mut client = Client::signed_in(&emulator);
    assert_eq!(client.get("/0/odata/Contact").status, 200);
    assert_eq!(status(&emulator, "x"), 401);
    assert_eq!(status(&emulator, &tokens[1]), 200);
    for token in &tokens {
        assert_eq!(status(&emulator, token), 401);
    }
    assert_eq!(client.get("/0/odata/Contact").status, 200);

    let token = token(&emulator);
    emulator.expire_sessions();
    assert_eq!(status(&emulator, &token), 200);
    emulator.expire_tokens();
    assert_eq!(status(&emulator, &token), 401);
}
