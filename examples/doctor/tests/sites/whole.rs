//! Whole runs at emulated sites: those that are well, and what is done at others, step by step.

use creatio_emulator::{
    Emulator, ExpiredPassword, Identity, OauthClient, Options, Outcome, Overload, RetryAfter, Runtime, SecondFactor,
    TokenEndpoint, User,
};

use crate::case::{CLIENT_SECRET, Ill, PASSWORD, emulator, run};

fn plain() -> Options {
    Options::default()
}

#[test]
fn a_healthy_site_is_well_on_both_runtimes_with_and_without_tls_and_behind_a_firewall() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        for (tls, firewall, crt_csrf) in [(false, false, false), (true, false, true), (true, true, false)] {
            let options = Options { runtime, tls, firewall, crt_csrf, base_path: "/App".into(), ..plain() };
            let identity =
                Identity { clients: vec![OauthClient::new("client", CLIENT_SECRET)], ..Identity::default() };
            let emulator = emulator(Options { identity: Some(identity), ..options });
            let (url, identity) = (emulator.url(), emulator.identity_url().unwrap());
            let file = crate::tls::pem_file("healthy", emulator.certificate_pem().unwrap_or_default());
            let mut arguments = vec!["--url", &url, "--user", "Supervisor", "--client-id", "client", "--json"];
            arguments.extend(["--identity-url", &identity]);
            if tls {
                arguments.extend(["--ca", &file]);
            }
            let run = run(&arguments, "");
            let report = run.report();
            assert!(
                run.code == 0 && report["state"] == "good" && report["skipped"] == serde_json::json!([]),
                "{run:?}"
            );
            assert_eq!(
                report["findings"].as_array().unwrap().len(),
                19 + usize::from(tls) + usize::from(firewall),
                "{run:?}"
            );
            let counters = emulator.counters();
            assert_eq!((counters.logins, counters.logins_accepted), (1, 1));
        }
    }
}

#[test]
fn a_wrong_password_is_tried_once() {
    let users = vec![User::new("Supervisor", "another")];
    let emulator = Emulator::start(Options { users, ..plain() }).unwrap();
    let run = run(&["--url", &emulator.url(), "--user", "Supervisor"], "");
    assert!(run.code == 1 && run.out.contains("✗ sign-in"), "{run:?}");
    assert_eq!(emulator.counters().logins, 1);
}

#[test]
fn a_login_that_nobody_has_judged_goes_out_again() {
    let emulator = emulator(plain());
    emulator.overload_logins(1, Overload::ServiceUnavailable, RetryAfter::Seconds(1));
    let run = run(&["--url", &emulator.url(), "--user", "Supervisor", "--wait", "1"], "");
    assert!(run.code == 0 && run.err.contains("waiting 1 s: status 503 to the login"), "{run:?}");
    assert_eq!(emulator.counters().logins_accepted, 1);
}

#[test]
fn a_one_time_code_goes_along_in_the_second_step() {
    let users = vec![User::new("Supervisor", PASSWORD).with_one_time_code("123456")];
    let ill = Ill::emulated(Options { users, second_factor: SecondFactor::TwoSteps, ..plain() }).with_user();
    let run = ill.run(&["--code"]);
    assert!(run.code == 0 && run.out.contains("✓ log-out"), "{run:?}");
}

#[test]
fn a_one_time_code_goes_along_from_the_beginning_where_that_is_said() {
    let users = vec![User::new("Supervisor", PASSWORD).with_one_time_code("123456")];
    let site = |second_factor| emulator(Options { users: users.clone(), second_factor, ..plain() });
    let older = site(SecondFactor::OneStep);
    let arguments = ["--url", &older.url(), "--user", "Supervisor"];
    let run_with = |code| run(&[&arguments[..], &[code]].concat(), "");
    let run = run_with("--code=at-once");
    assert!(run.code == 0 && run.out.contains("✓ log-out"), "{run:?}");
    assert_eq!(older.counters().logins, 1);
    // A password that may be wrong is not sent twice for it.
    let run = run_with("--code");
    assert!(run.code == 1 && run.out.contains("if it wants it at once, give --code=at-once"), "{run:?}");
    assert_eq!(older.counters().logins, 2);
    // Who asks for it in a second step gets it in that one.
    let newer = site(SecondFactor::TwoStepsException);
    let run = self::run(&["--url", &newer.url(), "--user", "Supervisor", "--code=at-once"], "");
    assert!(run.code == 1 && run.out.contains("in a second step (--code without =at-once)"), "{run:?}");
}

#[test]
fn an_expired_password_is_told_with_and_without_a_code() {
    let expired = User::with_outcome("Supervisor", PASSWORD, Outcome::PasswordExpired);
    for expired_password in [ExpiredPassword::Code1, ExpiredPassword::Code5] {
        for (second_factor, arguments, remedy) in [
            (None, &[][..], "--change-password`; for"),
            (Some(SecondFactor::TwoSteps), &["--code"], "--change-password`; for"),
            (Some(SecondFactor::OneStep), &["--code=at-once"], "--change-password --code`; for"),
        ] {
            let user = expired.clone();
            let user = if second_factor.is_some() { user.with_one_time_code("123456") } else { user };
            let second_factor = second_factor.unwrap_or_default();
            let ill = Ill::emulated(Options { users: vec![user], second_factor, expired_password, ..plain() });
            let run = ill.with_user().run(&[arguments, &["--json"]].concat());
            let findings = run.report()["findings"].as_array().unwrap().clone();
            let found = findings.iter().find(|finding| finding["check"] == "sign-in").unwrap();
            assert_eq!(found["cause"], "password-expired", "{run:?}");
            assert!(found["remedy"].as_str().unwrap().contains(remedy), "{run:?}");
        }
    }
}

#[test]
fn a_site_that_starts_is_waited_for() {
    let ill = Ill::emulated(Options { starting_checks: 2, ..plain() });
    let run = ill.run(&["--wait", "3"]);
    assert!(run.code == 0 && run.err.contains("waiting 2 s: status 503"), "{run:?}");
}

#[test]
fn the_name_that_a_site_goes_by_is_found_in_its_certificate() {
    let emulator = emulator(Options { tls: true, allowed_host: Some("localhost".into()), ..plain() });
    let file = crate::tls::pem_file("other-name", emulator.certificate_pem().unwrap());
    let (url, port) = (emulator.url(), emulator.address().port());
    let run = run(&["--url", &url, "--ca", &file], "");
    let remedy = format!(
        "does not go by the name 127.0.0.1, but by localhost → give --url https://localhost:{port}, and --connect"
    );
    assert!(run.code == 1 && run.out.contains(&remedy), "{run:?}");
    let arguments =
        ["--url", &url.replace("127.0.0.1", "localhost"), "--connect", &format!("127.0.0.1:{port}"), "--ca", &file];
    let run = crate::case::run(&arguments, "");
    assert!(run.code == 0 && run.out.contains("✓ runtime"), "{run:?}");
}

#[test]
fn a_site_that_issues_tokens_itself_is_asked_below_its_prefix() {
    let identity = Identity { clients: vec![OauthClient::new("client", CLIENT_SECRET)], ..Identity::default() };
    let token_endpoint = TokenEndpoint::Served;
    let emulator = emulator(Options { identity: Some(identity), token_endpoint, ..plain() });
    let url = emulator.url();
    let run = run(&["--url", &url, "--client-id", "client", "--identity-url", &url], "");
    assert!(
        run.code == 0 && run.out.contains("✓ token          issued by the site itself, below its prefix"),
        "{run:?}"
    );
}

#[test]
fn what_is_wrong_with_the_way_to_the_identity_service_is_told_as_of_the_site() {
    let identity = Identity { clients: vec![OauthClient::new("client", CLIENT_SECRET)], ..Identity::default() };
    let emulator = emulator(Options { identity: Some(identity), ..plain() });
    let secured = emulator.identity_url().unwrap().replace("http:", "https:");
    let closed = "http://127.0.0.1:1".to_owned();
    for (identity, told) in [(secured, "this port speaks plain HTTP"), (closed, "nothing listens at port 1")] {
        let run = run(&["--url", &emulator.url(), "--client-id", "client", "--identity-url", &identity], "");
        assert!(run.code == 1 && run.out.contains(&format!("✗ identity       {identity}: {told}")), "{run:?}");
    }
}
