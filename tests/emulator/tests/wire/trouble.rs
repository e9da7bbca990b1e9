//! Overload, and sessions that end in the middle.

use creatio_emulator::{Options, Overload, RetryAfter};
use serde_json::json;

use crate::client::Client;
use crate::start;

#[test]
fn an_overloaded_site_refuses_calls() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let cases = [
        (Overload::TooManyRequests, RetryAfter::Seconds(7), 429, Some("7")),
        (Overload::ServiceUnavailable, RetryAfter::Seconds(0), 503, Some("0")),
        (Overload::ServiceUnavailable, RetryAfter::Absent, 503, None),
    ];
    for (overload, retry_after, status, field) in cases {
        emulator.overload(2, overload, retry_after);
        // Logins are let through, and so is who is not signed in, as far as the refusal.
        client.sign_in();
        let reply = client.json("POST", "/odata/Contact", &json!({"Name": "x"}));
        assert_eq!((reply.status, reply.field("Retry-After")), (status, field));
        assert_eq!(reply.field("Content-Type"), Some("text/html; charset=utf-8"));
        assert_eq!(Client::new(&emulator).get("/0/odata/Contact").status, status);
        assert_eq!(client.get("/0/odata/Contact").status, 200);
    }
    let counters = emulator.counters();
    assert_eq!((counters.overloaded, counters.calls, counters.writes), (6, 3, 0));
}

#[test]
fn an_overloaded_site_refuses_logins_without_judging_them() {
    let emulator = start(Options::default());
    let cases = [
        (Overload::TooManyRequests, 429),
        (Overload::BadGateway, 502),
        (Overload::ServiceUnavailable, 503),
        (Overload::GatewayTimeout, 504),
    ];
    for (overload, status) in cases {
        for (retry_after, field) in [(RetryAfter::Seconds(7), Some("7")), (RetryAfter::Absent, None)] {
            emulator.overload_logins(2, overload, retry_after);
            let mut client = Client::new(&emulator);
            let reply = client.login("Supervisor", "x");
            assert_eq!((reply.status, reply.field("Retry-After")), (status, field));
            assert!(reply.set_cookies().is_empty());
            assert_eq!(emulator.failed_logins("Supervisor"), 0);
            let change = "/ServiceModel/AuthService.svc/DoChangePasswordLogin";
            assert_eq!(client.post(change).status, status);
            client.sign_in();
            assert_eq!(client.get("/0/odata/Contact").status, 200);
        }
    }
    let counters = emulator.counters();
    assert_eq!((counters.overloaded, counters.logins, counters.calls), (16, 8, 8));
}

#[test]
fn the_time_to_retry_can_be_a_date() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let mut date = |seconds| {
        emulator.overload(1, Overload::TooManyRequests, RetryAfter::Date(seconds));
        client.get("/0/odata/Contact").field("Retry-After").unwrap().to_owned()
    };
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    let (today, tomorrow) = (date(0), date(24 * 60 * 60));
    assert_eq!((today.len(), &today[25..]), (29, " GMT"));
    assert_ne!(today[..16], tomorrow[..16]);
}

#[test]
fn overload_can_be_called_off() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    emulator.overload(u32::MAX, Overload::TooManyRequests, RetryAfter::Absent);
    assert_eq!(client.get("/0/odata/Contact").status, 429);
    emulator.overload(0, Overload::TooManyRequests, RetryAfter::Absent);
    assert_eq!(client.get("/0/odata/Contact").status, 200);
}

#[test]
fn sessions_end_after_some_calls() {
    for sliding in [false, true] {
        let emulator = start(Options { sliding, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        emulator.expire_after_calls(2);
        for id in [1, 2] {
            let reply = client.json("POST", "/odata/Contact", &json!({"Name": id.to_string()}));
            assert_eq!(reply.status, 201);
        }
        assert_eq!(client.json("POST", "/odata/Contact", &json!({"Name": "3"})).status, 302);
        assert_eq!(emulator.counters().writes, 2);

        // It was for once.
        client.sign_in();
        for _ in 0..3 {
            assert_eq!(client.get("/0/odata/Contact").status, 200);
        }
        emulator.expire_after_calls(1);
        emulator.expire_after_calls(0);
        assert_eq!(client.get("/0/odata/Contact").status, 302);
        client.sign_in();
        assert_eq!(client.get("/0/odata/Contact").status, 200);
        assert_eq!(client.get("/0/odata/Contact").status, 200);
    }
}
