//! Each outcome of a login, and the cookies it leaves.

use creatio_emulator::{Emulator, LoginAnswer, Options, Outcome, Runtime, User, WrongPassword};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::start;

const RUNTIMES: [Runtime; 2] = [Runtime::NetFramework, Runtime::Net];

fn outcomes(runtime: Runtime) -> Emulator {
    start(Options {
        runtime,
        tls: true,
        users: vec![
            User::new("Ann", "a:b"),
            User::with_outcome("Old", "old", Outcome::PasswordChangeAdvised),
            User::with_outcome("Locked", "locked", Outcome::Rejected),
            User::with_outcome("Far", "far", Outcome::Denied),
        ],
        ..Options::default()
    })
}

fn login(emulator: &Emulator, name: &str, password: &str) -> Reply {
    Client::new(emulator).login(name, password)
}

fn ticket_set(reply: &Reply) -> bool {
    let mut fields = reply.set_cookies().into_iter();
    fields.any(|field| field.starts_with(".ASPXAUTH="))
}

#[test]
fn cookies_come_in_the_order_of_the_documentation() {
    let emulator = outcomes(Runtime::NetFramework);
    let reply = login(&emulator, "Ann", "a:b");
    let names: Vec<&str> = reply.set_cookies().iter().map(|field| field.split('=').next().unwrap()).collect();
    assert_eq!(names, ["BPMLOADER", ".ASPXAUTH", "BPMCSRF", "UserName", "UserType"]);
}

#[test]
fn the_path_may_be_in_lower_case() {
    let emulator = outcomes(Runtime::Net);
    let body = r#"{"UserName":"Ann","UserPassword":"a:b"}"#;
    let target = "/servicemodel/authservice.svc/login";
    let reply = Client::new(&emulator).send("POST", target, Some("application/json"), body);
    assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(0)));
}

#[test]
fn every_outcome_on_both_runtimes() {
    for runtime in RUNTIMES {
        let emulator = outcomes(runtime);

        let reply = login(&emulator, "Ann", "a:b");
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json()["Code"], 0);
        assert_eq!(reply.json()["Exception"], Value::Null);
        assert_eq!(reply.json()["UserType"], "General");
        assert_eq!(reply.field("Location"), None);
        assert!(ticket_set(&reply));

        let reply = login(&emulator, "Old", "old");
        assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(2)));
        for member in ["Message", "PasswordChangeUrl", "RedirectUrl"] {
            assert!(reply.json()[member].as_str().is_some_and(|s| !s.is_empty()));
        }
        assert!(ticket_set(&reply));

        for (name, password) in [("Ann", "b"), ("ann", "a:b"), ("Locked", "locked"), ("", "")] {
            let reply = login(&emulator, name, password);
            assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(1)));
            assert!(!ticket_set(&reply));
        }

        let reply = login(&emulator, "Far", "far");
        assert_eq!(reply.status, 403);
        assert!(!ticket_set(&reply));

        let counters = emulator.counters();
        assert_eq!((counters.logins, counters.logins_accepted), (7, 2));
    }
}

#[test]
fn a_rejection_brings_its_exception() {
    let emulator = start(Options { stack_trace_size: 100_000, ..Options::default() });
    let reply = login(&emulator, "Supervisor", "wrong");
    let status = reply.json();
    assert!(reply.body.starts_with(r#"{"Code":1,"#));
    let exception = &status["Exception"];
    for exception in [exception, &exception["InnerException"]] {
        assert_eq!(exception["Message"], status["Message"]);
        assert_eq!(exception["StackTrace"].as_str().unwrap().len(), 100_000);
        assert_eq!(exception["Type"], "System.Security.SecurityException");
    }
    assert_eq!(exception["InnerException"]["InnerException"], Value::Null);
    assert_eq!(reply.cookie_shapes(), ["BPMLOADER; path=/; HttpOnly"]);
}

#[test]
fn a_rejection_can_be_hard_to_read() {
    let message = "Невірний пароль / wrong 🚀";
    let emulator = start(Options {
        rejection_message: message.to_owned(),
        exception_first: true,
        escape_slashes: true,
        escape_unicode: true,
        ..Options::default()
    });
    let reply = login(&emulator, "Supervisor", "wrong");
    assert!(reply.body.starts_with(r#"{"Exception":{"#));
    assert!(reply.body.is_ascii());
    assert!(reply.body.contains(r"\/ wrong \ud83d\ude80"));
    assert!(!reply.body.replace(r"\/", "").contains('/'));
    assert_eq!(reply.json()["Message"], message);
}

#[test]
fn a_wrong_password_can_be_a_401() {
    let emulator = start(Options { wrong_password: WrongPassword::Status401, ..Options::default() });
    let reply = login(&emulator, "Supervisor", "wrong");
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json()["Message"], "Authentication failed.");
    assert_eq!(login(&emulator, "Supervisor", "Supervisor").status, 200);
}

#[test]
fn cookies_of_the_net_framework() {
    for (base_path, path) in [("", "/"), ("CreatioWebApp/", "/CreatioWebApp")] {
        let emulator =
            start(Options { base_path: base_path.to_owned(), empty_session_id: true, ..Options::default() });
        let mut client = Client::new(&emulator);
        let reply = client.login("Supervisor", "Supervisor");
        assert_eq!(
            reply.cookie_shapes(),
            [
                format!(".ASPXAUTH; path={path}; HttpOnly"),
                "BPMCSRF; path=/".to_owned(),
                format!("BPMLOADER; path={path}; HttpOnly"),
                format!("BPMSESSIONID; path={path}; HttpOnly"),
                "UserName; expires; path=/; HttpOnly".to_owned(),
                "UserType; path=/".to_owned(),
            ]
        );
        let ticket = client.cookie(".ASPXAUTH").unwrap();
        assert_eq!(ticket.len(), 712);
        let upper_hex = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
        assert!(ticket.chars().all(upper_hex));
        let csrf = client.cookie("BPMCSRF").unwrap();
        assert_eq!(csrf.len(), 22);
        assert!(csrf.chars().all(|c| c.is_ascii_alphanumeric() || "./".contains(c)));
        assert_eq!(client.cookie("BPMLOADER").unwrap().len(), 24);
        assert_eq!(client.cookie("BPMSESSIONID"), Some(""));
        let codes = "83|117|112|101|114|118|105|115|111|114";
        assert_eq!(client.cookie("UserName"), Some(codes));

        // `Sat, 07-May-2022 08:46:12 GMT`
        let fields = reply.set_cookies();
        let field = fields.iter().find(|f| f.starts_with("UserName=")).unwrap();
        let date = field.split("expires=").nth(1).unwrap().split(';').next().unwrap();
        assert_eq!((date.len(), &date[7..8], &date[11..12]), (29, "-", "-"));
    }
}

#[test]
fn cookies_of_net() {
    let emulator = start(Options {
        runtime: Runtime::Net,
        tls: true,
        crt_csrf: true,
        ticket_length: 1000,
        ..Options::default()
    });
    let mut client = Client::new(&emulator);
    let reply = client.login("Supervisor", "Supervisor");
    assert_eq!(
        reply.cookie_shapes(),
        [
            ".ASPXAUTH; path=/; secure; samesite=lax; httponly",
            "BPMCSRF; path=/; secure; samesite=lax",
            "BPMSESSIONID; path=/; secure; samesite=lax; httponly",
            "CRT_CSRF; path=/; secure; samesite=lax",
            "CsrfToken; path=/; secure; samesite=lax; httponly",
            "UserType; path=/; secure; samesite=lax",
        ]
    );
    let ticket = client.cookie(".ASPXAUTH").unwrap();
    assert_eq!(ticket.len(), 1000);
    assert!(ticket.contains('+') && ticket.contains('/') && ticket.ends_with('='));
}

#[test]
fn a_second_login_makes_a_new_session_with_fewer_cookies() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let first = client.cookies.clone();
    let reply = client.login("Supervisor", "Supervisor");
    assert!(!reply.cookie_shapes().iter().any(|s| s.starts_with("BPMLOADER")));
    for name in [".ASPXAUTH", "BPMCSRF"] {
        let old = first.iter().find(|(known, _)| known == name).unwrap();
        assert_ne!(client.cookie(name), Some(old.1.as_str()));
    }
}

#[test]
fn all_members_are_recorded_and_unknown_ones_ignored() {
    let emulator = start(Options::default());
    let mut client = Client::new(&emulator);
    client.fields.push(("ForceUseSession", "true".to_owned()));
    let reply = client.login_with(
        r#"{"Nested":{"a":[1]},"UserName":"Super\u0076isor","UserPassword":"Supervisor",
            "WorkspaceName":"Default","TimeZoneOffset":-180,"ProviderName":"Totp",
            "ClaimList":[{"Key":"token","Value":"123456"}]}"#,
    );
    assert_eq!(reply.json()["Code"], 0);
    let record = emulator.last_login().unwrap();
    assert_eq!(record.user_name, "Supervisor");
    assert_eq!(record.workspace_name.as_deref(), Some("Default"));
    assert_eq!(record.time_zone_offset, Some(-180));
    assert_eq!(record.provider_name.as_deref(), Some("Totp"));
    assert_eq!(record.claims, [("token".to_owned(), "123456".to_owned())]);
    assert!(record.force_use_session);
}

#[test]
fn unreadable_logins_are_refused() {
    let emulator = start(Options::default());
    let mut client = Client::new(&emulator);
    let target = "/ServiceModel/AuthService.svc/Login";
    assert_eq!(client.login_with("UserName=Supervisor").status, 400);
    assert_eq!(client.login_with(r#"{"UserName":1}"#).status, 400);
    assert_eq!(client.send("POST", target, Some("text/plain"), "{}").status, 415);
    assert_eq!(client.get(target).status, 405);
    assert_eq!(emulator.counters().logins_accepted, 0);
}

#[test]
fn a_login_below_the_prefix_is_a_401_on_the_framework_only() {
    for (runtime, status) in [(Runtime::NetFramework, 401), (Runtime::Net, 404)] {
        let emulator = start(Options { runtime, ..Options::default() });
        let mut client = Client::new(&emulator);
        let body = r#"{"UserName":"Supervisor","UserPassword":"Supervisor"}"#;
        let target = "/0/ServiceModel/AuthService.svc/Login";
        let reply = client.send("POST", target, Some("application/json"), body);
        assert_eq!(reply.status, status);
        if status == 401 {
            assert!(
                reply.body.starts_with(r#"{"Message":"Authentication failed.","StackTrace":null,"ExceptionType":"#)
            );
        }
    }
}

#[test]
fn other_answers_to_a_login() {
    for runtime in RUNTIMES {
        let with = |login_answer| start(Options { runtime, login_answer, ..Options::default() });
        let reply = login(&with(LoginAnswer::LoginPage), "Supervisor", "Supervisor");
        assert_eq!(reply.status, 200);
        assert_eq!(reply.field("Content-Type"), Some("text/html; charset=utf-8"));
        assert!(reply.body.starts_with("<!DOCTYPE html>"));

        let reply = login(&with(LoginAnswer::Redirect), "Supervisor", "Supervisor");
        assert_eq!(reply.status, 302);
        assert!(reply.field("Location").unwrap().starts_with("/Login/"));

        let reply = login(&with(LoginAnswer::NoTicket), "Supervisor", "Supervisor");
        assert_eq!(reply.json()["Code"], 0);
        assert!(!ticket_set(&reply));
    }
}

#[test]
fn a_location_can_come_with_a_200() {
    let emulator = start(Options { location_on_login: true, ..Options::default() });
    let reply = login(&emulator, "Supervisor", "Supervisor");
    assert_eq!((reply.status, reply.field("Location")), (200, Some("/0/Shell")));
}

#[test]
fn debug_shows_no_password() {
    let options = Options { users: vec![User::new("Ann", "secret")], ..Options::default() };
    let text = format!("{options:?}");
    assert!(text.contains("Ann") && !text.contains("secret"));
}
