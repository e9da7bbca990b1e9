//! Whole runs at emulated sites: those that are well, and what is done at others, step by step.

use creatio_emulator::{
    Emulator, Identity, OauthClient, Options, Overload, RetryAfter, Runtime, SecondFactor, TokenEndpoint, User,
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
            assert_eq!(report["findings"].as_array().unwrap().len(), if firewall { 20 } else { 19 }, "{run:?}");
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
