//! The example of OAuth 2.0 as a program. No run of it shows a secret.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use creatio_emulator::{
    AuthMethod, Emulator, EndedToken, Identity, Member, OauthClient, Options, Runtime, TokenEndpoint,
};

use crate::program::{Run, run_with, run_with_browser, temporary_file};

const ID: &str = "gateway:1 ü";
const SECRET: &str = "B0A1S3CR3T +é&=%/:\"";
/// More than any word of an output has, and less than a token.
const LONGEST_WORD: usize = 100;

fn emulator(options: Options, identity: Identity) -> Emulator {
    let identity = Identity { clients: vec![OauthClient::new(ID, SECRET)], ..identity };
    Emulator::start(Options { identity: Some(identity), ..options }).unwrap()
}

fn oauth(arguments: &[&str], secret: Option<&str>) -> Run {
    let run = run_with("oauth", arguments, "CREATIO_CLIENT_SECRET", secret);
    for shown in [&run.out, &run.err] {
        assert!(!shown.contains("B0A1"), "the secret shows: {run}");
        let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let longest = shown.split(|c| !is_of_token(c)).map(str::len).max();
        assert!(longest < Some(LONGEST_WORD), "something like a token shows: {run}");
    }
    run
}

/// Asks one URL for a token to use at another.
fn oauth_at(url: &str, identity_url: &str, more: &[&str]) -> Run {
    let arguments = ["--url", url, "--identity-url", identity_url, "--client-id", ID];
    oauth(&[&arguments, more].concat(), Some(SECRET))
}

fn oauth_to(emulator: &Emulator, more: &[&str]) -> Run {
    oauth_at(&emulator.url(), &emulator.identity_url().unwrap(), more)
}

fn assert_shows_contacts(run: &Run) {
    assert!(run.code == 0 && run.err.is_empty(), "{run}");
    for line in ["Granted: signed in", "token     1150 characters; it lives 3600 s", "Олена Шевченко"] {
        assert!(run.out.contains(line), "lacks {line:?}: {run}");
    }
}

#[test]
fn without_arguments_it_shows_the_life_of_a_token() {
    for (arguments, prefix) in [(&[][..], "/0"), (&["--runtime", "net"], ""), (&["--basic", "--trace"], "/0")] {
        let run = oauth(arguments, None);
        assert_shows_contacts(&run);
        for line in [
            "\nhealth    the site and its identity service are set up\n",
            "\ndiscover  the identity service says where its endpoints are\ntokens    http://127.0.0.1:",
            &format!("\ncall      GET {prefix}/odata/Contact?$top=3 with the token\n"),
            "\nrenewal   the token expires within 60 s\nsign in   at http://127.0.0.1:",
            "\nanswer    HTTP status 401: the session has ended, or there is none; sign in\nrenewal   the session has ended",
            "\nverdict   WrongHost: this is the application, not its identity service",
            "\nhint      for a site such as https://example.creatio.com, ask https://example-is.creatio.com\n",
            "\nverdict   InvalidClient: the client's id or secret is wrong\n",
            "\nsession   keeps the token that it had\n",
        ] {
            assert!(run.out.contains(line), "lacks {line:?}: {run}");
        }
        assert_eq!(run.out.matches("Granted").count(), 3, "{run}");
    }
}

#[test]
fn it_gets_a_token_from_one_host_and_uses_it_at_another() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        for (method, arguments) in
            [(AuthMethod::ClientSecretPost, &[][..]), (AuthMethod::ClientSecretBasic, &["--basic"])]
        {
            let options = Options { runtime, base_path: "/App".into(), ..Options::default() };
            let emulator = emulator(options, Identity { auth_method: Some(method), ..Identity::default() });
            let run = oauth_to(&emulator, arguments);
            assert_shows_contacts(&run);
            let record = emulator.last_token_request().unwrap();
            assert_eq!((record.client_id.as_deref(), record.auth_method), (Some(ID), Some(method)));
            let done = emulator.counters();
            // One connection to each host.
            assert_eq!((done.tokens_issued, done.calls, done.connections, done.logins), (1, 1, 2, 0));
        }
    }
}

#[test]
fn the_newest_sites_issue_tokens_themselves() {
    for (runtime, path) in [(Runtime::NetFramework, "/0/connect/token"), (Runtime::Net, "/connect/token")] {
        let options = Options { runtime, token_endpoint: TokenEndpoint::Served, ..Options::default() };
        let emulator = emulator(options, Identity::default());
        let url = emulator.url();
        assert_shows_contacts(&oauth_at(&url, &url, &["--token-path", path]));
    }
}

#[test]
fn it_trusts_the_certificates_that_it_is_told_to_at_both_hosts() {
    let emulator = emulator(Options { tls: true, ..Options::default() }, Identity::default());
    let ca = temporary_file("oauth-ca.pem", emulator.certificate_pem().unwrap());
    assert_shows_contacts(&oauth_to(&emulator, &["--ca", &ca]));
    let run = oauth_to(&emulator, &[]);
    assert!(run.code == 2 && run.err.contains("give it with --ca"), "{run}");
    assert_eq!(emulator.counters().tokens_issued, 1);
}

#[test]
fn a_secret_that_is_wrong_is_tried_once() {
    let identity = Identity { error_description: Some("No such client".into()), ..Identity::default() };
    let emulator = emulator(Options::default(), identity);
    let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
    for (more, status) in [(&[][..], "400"), (&["--basic"], "401")] {
        let arguments = ["--url", &url, "--identity-url", &identity_url, "--client-id", ID];
        let run = oauth(&[&arguments, more].concat(), Some("wrong"));
        let told = format!(
            "verdict   InvalidClient: the client's id or secret is wrong\n          \
             HTTP status {status}, error invalid_client: No such client\n"
        );
        assert!(run.code == 1 && run.out.ends_with(&told), "{run}");
    }
    let done = emulator.counters();
    assert_eq!((done.token_requests_refused, done.calls), (2, 0));
}

#[test]
fn the_application_is_told_from_its_identity_service_in_both_shapes() {
    for token_endpoint in [TokenEndpoint::Redirect, TokenEndpoint::LoginPage] {
        let emulator = emulator(Options { token_endpoint, ..Options::default() }, Identity::default());
        let run = oauth_at(&emulator.url(), &emulator.url(), &["--trace"]);
        assert!(
            run.code == 1 && run.out.contains("\nverdict   WrongHost: this is the application, not its"),
            "{run}"
        );
        assert!(run.out.contains("OAuth20IdentityServerUrl") && !run.out.contains("hint"), "{run}");
        assert_eq!(run.out.contains("< <!DOCTYPE html>"), token_endpoint == TokenEndpoint::LoginPage, "{run}");
    }
}

#[test]
fn without_an_identity_service_it_guesses_or_says_what_to_give() {
    // The path ends the program before it connects.
    let guess = |url| oauth(&["--url", url, "--client-id", ID, "--token-path", "none"], Some(SECRET));
    let run = guess("https://crm.creatio.com");
    assert!(run.code == 2 && run.err.contains("--token-path"), "{run}");
    assert!(run.out.contains("identity  https://crm-is.creatio.com, a guess; give --identity-url if"), "{run}");
    let run = guess("https://crm.example.com");
    assert!(run.code == 2 && run.err.contains("give --identity-url: outside of Creatio's cloud"), "{run}");
    let run = oauth(&["--url", "https://crm.creatio.com"], Some(SECRET));
    assert!(run.code == 2 && run.err.contains("--client-id"), "{run}");
}

#[test]
fn a_busy_identity_service_is_left_alone() {
    let emulator = emulator(Options::default(), Identity::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 2000]).unwrap();
        stream.write_all(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    let run = oauth_at(&emulator.url(), &busy, &[]);
    server.join().unwrap();
    assert!(run.code == 1 && run.out.contains("verdict   Busy: "), "{run}");
    assert!(run.out.ends_with("HTTP status 503\n          it asks to come again in 7 s\n"), "{run}");
    assert_eq!(emulator.counters().calls, 0);
}

#[test]
fn a_token_that_the_site_never_takes_is_renewed_once() {
    for ended_token in [EndedToken::Empty, EndedToken::Message, EndedToken::LikeSession] {
        let identity = Identity { token_lifetime: Duration::ZERO, expires_in: Member::Absent, ..Identity::default() };
        let emulator = emulator(Options { ended_token, ..Options::default() }, identity);
        let run = oauth_to(&emulator, &[]);
        assert!(run.code == 1 && run.out.contains("it lives nobody knows how long"), "{run}");
        assert_eq!(run.out.matches(": the session has ended, or there is none; sign in").count(), 1, "{run}");
        assert_eq!(run.out.matches(": signed in again, but in vain").count(), 1, "{run}");
        assert_eq!((emulator.counters().tokens_issued, emulator.counters().calls), (2, 0));
    }
}

#[test]
fn the_trace_shows_the_bytes_both_ways_and_no_secret_in_any_framing() {
    for chunk_size in [None, Some(1), Some(700)] {
        for (more, line) in [
            (&[][..], "grant_type=client_credentials&client_id=gateway%3A1%20%C3%BC&client_secret=***\n"),
            (&["--basic"], "> Authorization: Basic *** (84 bytes)\n"),
        ] {
            let chunk_size = chunk_size.and_then(std::num::NonZeroUsize::new);
            let emulator = emulator(Options { chunk_size, ..Options::default() }, Identity::default());
            let run = oauth_to(&emulator, &[&["--trace"], more].concat());
            assert_shows_contacts(&run);
            for line in [
                "> POST /connect/token HTTP/1.1\n",
                line,
                "< {\"access_token\":\"***\",\"expires_in\":3600,\"token_type\":\"Bearer\",\"scope\":",
                "> Authorization: Bearer *** (1150 bytes)\n",
            ] {
                assert!(run.out.contains(line), "lacks {line:?}: {run}");
            }
            // In base64 and as a form has it.
            assert!(!run.out.contains("QjBBM") && !run.out.contains("S3CR3T"), "{run}");
        }
    }
}

#[test]
fn the_trace_shows_no_part_of_a_token_whose_answer_is_cut_off() {
    let emulator = emulator(Options::default(), Identity::default());
    for start in ["", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let identity_url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 2000]).unwrap();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
            write!(stream, "{start}{head}{{\"access_token\":\"{}", "x".repeat(300)).unwrap();
        });
        let run = oauth_at(&emulator.url(), &identity_url, &["--trace"]);
        server.join().unwrap();
        assert!(run.code == 2 && run.err.contains("broke the connection off"), "{run}");
        assert!(run.out.contains("< *** (317 bytes)\n"), "{run}");
    }
}

#[test]
fn without_arguments_but_the_grant_it_shows_what_a_person_s_approval_brings() {
    for arguments in [&["--grant", "code"][..], &["--grant", "code", "--runtime", "net", "--trace"]] {
        let run = oauth(arguments, None);
        for line in [
            "\nverdict   Approved: approved\nredeem    the code at http://127.0.0.1:",
            "\ntoken     1150 characters; it lives 180 s; a refresh token, too\n",
            "\nrenewal   the token expires within 60 s\nrefresh   at http://127.0.0.1:",
            "\nrenewal   the session has ended, or there is none; sign in\nrefresh   at ",
            "\nverdict   Revoked: the token is revoked\n",
            "\nsign in   there is no refresh token; the person has to approve\n",
        ] {
            assert!(run.out.contains(line), "lacks {line:?}: {run}");
        }
        assert!(run.code == 0 && run.err.is_empty(), "{run}");
        assert_eq!(run.out.matches("Granted").count(), 3, "{run}");
    }
}

/// A program that a person approves by this browser.
fn approved(url: &str, more: &[&str], browse: impl FnOnce(&str)) -> Run {
    let arguments = ["--url", url, "--client-id", ID, "--grant", "code"];
    let run = run_with_browser("oauth", &[&arguments, more].concat(), &[("CREATIO_CLIENT_SECRET", SECRET)], browse);
    assert!(!run.out.contains("B0A1") && run.err.is_empty(), "{run}");
    run
}

#[test]
fn a_person_approves_it_at_a_real_site_with_a_secret_and_without() {
    for (is_public, runtime) in [(false, Runtime::NetFramework), (true, Runtime::NetFramework), (true, Runtime::Net)]
    {
        let client = match is_public {
            true => OauthClient::public(ID),
            false => OauthClient::new(ID, SECRET).with_redirect_uri("http://127.0.0.1/"),
        };
        let identity = Identity { clients: vec![client], ..Identity::default() };
        let token_endpoint = if is_public { TokenEndpoint::Served } else { TokenEndpoint::Redirect };
        let options = Options { runtime, identity: Some(identity), token_endpoint, ..Options::default() };
        let emulator = Emulator::start(options).unwrap();
        let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
        // The newest sites are their own identity service.
        let more = match is_public {
            true => &["--public", "--site-identity", "--revoke"][..],
            false => &["--identity-url", &identity_url, "--revoke"],
        };
        let run = approved(&url, more, |url| {
            // What somebody else sends there is not what is waited for.
            let (_, query) = url.split_once('?').unwrap();
            let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let (_, back) = pairs.iter().find(|(name, _)| name == "redirect_uri").unwrap();
            for forged in ["favicon.ico", "?code=stolen", "?code=stolen&state=guessed", "?error=access_denied"] {
                assert!(ureq::get(format!("{back}{forged}")).call().is_err());
            }
            assert_eq!(ureq::get(url).call().unwrap().status(), 200);
        });
        assert!(run.code == 0 && run.out.contains("Олена Шевченко"), "{run}");
        assert!(run.out.contains("\nverdict   Revoked: "), "{run}");
        // By the code, and by the refresh token.
        assert_eq!(emulator.counters().tokens_issued, 2);
    }
}

#[test]
fn a_person_who_says_no_is_not_asked_again() {
    let client = OauthClient::public(ID);
    let identity = Identity { clients: vec![client], approval: Some("access_denied"), ..Identity::default() };
    let emulator = Emulator::start(Options { identity: Some(identity), ..Options::default() }).unwrap();
    let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
    let run = approved(&url, &["--identity-url", &identity_url, "--public"], |url| {
        ureq::get(url).call().unwrap();
    });
    let told = "verdict   AccessDenied: the person, or the identity service, does not approve\n          access_denied\n          \
                This is the emulator's.\n";
    assert!(run.code == 1 && run.out.ends_with(told), "{run}");
    assert_eq!(emulator.counters().tokens_issued, 0);
}
