//! The example of a token, against the emulator and its identity service.

use std::ffi::OsStr;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use creatio_emulator::{
    AuthMethod, Emulator, EndedToken, Identity, InvalidClient, Member, OauthClient, Options, Overload, RetryAfter,
    Runtime, TokenEndpoint, TokenError,
};

use crate::build::{Run, cc, compiler, run, sanitized, scratch, valgrind};
use crate::program::{built, is_error, start, tls_programs};

const ID: &str = "3D2C & Ü";
const SECRET: &str = "B0A1+/=%\"ß";
const GRANTED: &str = "token: CREATIO_TOKEN_GRANTED (signed in)\nstatus: 200\n";
const FINE: &str = "\nverdict: CREATIO_CALL_FINE (";
const REJECTED: &str = "\nverdict: CREATIO_CALL_ENDED_TOKEN_REJECTED (";
/// The records there are, and how many pages of two they fill.
const PAGES: u64 = 3;

fn identity() -> Identity {
    Identity { clients: vec![OauthClient::new(ID, SECRET)], ..Identity::default() }
}

/// A site with this identity service, which gives its records in pages of two.
fn emulator(identity: Identity) -> Emulator {
    start(Options { identity: Some(identity), page_size: NonZeroUsize::new(2), ..Options::default() })
}

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built(compiler(&cc(), "c99"), "oauth", "oauth"))
}

fn with_secret(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("CREATIO_CLIENT_SECRET", SECRET).env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    command
}

/// The addresses of a site and of its identity service, and the client.
fn arguments(emulator: &Emulator) -> [String; 3] {
    [emulator.identity_url().expect("it has one"), emulator.url(), ID.to_owned()]
}

fn oauth(emulator: &Emulator, more: &[&str]) -> Run {
    let result = run(with_secret(program()).args(arguments(emulator)).args(more));
    shows_no_secret(&result);
    result
}

fn shows_no_secret(result: &Run) {
    for said in [&result.stdout, &result.stderr] {
        for secret in [SECRET, "B0A1", "eyJ"] {
            assert!(!said.contains(secret), "{secret}: {result:?}");
        }
    }
}

/// All pages have come, with so many tokens.
fn is_good(result: &Run, emulator: &Emulator, tokens: u64) {
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    assert_eq!(result.stdout.matches(FINE).count() as u64, PAGES, "{result:?}");
    assert_eq!(result.stdout.matches(GRANTED).count() as u64, tokens, "{result:?}");
    assert!(result.stdout.starts_with("runtime: net") && result.stdout.contains("Олена Шевченко"), "{result:?}");
    let done = emulator.counters();
    assert_eq!((done.tokens_issued, done.calls, done.logins), (tokens, PAGES, 0));
    // One to the site, and one for each token.
    assert_eq!(done.connections, 1 + tokens);
}

/// No token has come, and nobody has asked twice.
fn is_refused(result: &Run, start: &str, detail: &str) {
    assert_eq!((result.code, &*result.stderr), (Some(1), ""), "{result:?}");
    assert!(result.stdout.contains(&format!("\nGET /odata/Contact\ntoken: {start}")), "{start}: {result:?}");
    assert!(result.stdout.contains(detail), "{detail}: {result:?}");
    assert_eq!(result.stdout.matches("token: ").count(), 1, "{result:?}");
}

#[test]
fn the_oauth_example_reads_all_pages_with_one_token_on_both_runtimes_and_both_ways() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        for (word, method) in [(None, AuthMethod::ClientSecretPost), (Some("basic"), AuthMethod::ClientSecretBasic)] {
            let emulator = start(Options {
                runtime,
                identity: Some(Identity { auth_method: Some(method), ..identity() }),
                page_size: NonZeroUsize::new(2),
                base_path: "/CreatioWebApp".into(),
                chunk_size: NonZeroUsize::new(7),
                ..Options::default()
            });
            let result = oauth(&emulator, word.as_slice());
            is_good(&result, &emulator, 1);
            assert!(
                result.stdout.starts_with(&format!("runtime: {name}\nGET /odata/Contact\ntoken: ")),
                "{result:?}"
            );
            assert!(result.stdout.contains("\nexpires in: 3600 s\n"), "{result:?}");
            let asked = emulator.last_token_request().expect("a token was asked for");
            assert_eq!((asked.client_id.as_deref(), asked.auth_method), (Some(ID), Some(method)));
        }
    }
}

#[test]
fn the_oauth_example_takes_a_runtime_and_a_path_in_any_order() {
    let emulator = emulator(identity());
    for arguments in [["net-framework", "/odata/Contact/$count"], ["/odata/Contact/$count", "net-framework"]] {
        let result = oauth(&emulator, &arguments);
        assert_eq!(result.code, Some(0), "{result:?}");
        assert!(result.stdout.contains("\n6\nverdict: CREATIO_CALL_FINE"), "{result:?}");
    }
    let result = oauth(&emulator, &["net"]);
    assert_eq!(result.code, Some(1), "{result:?}");
    assert!(result.stdout.contains("CREATIO_CALL_WRONG_PREFIX"), "{result:?}");
}

#[test]
fn the_oauth_example_asks_for_the_next_token_before_the_end_of_the_one_it_has() {
    let seconds = |text: &str| Member::Json(text.to_owned());
    for (expires_in, tokens) in [
        (seconds("60"), PAGES),
        (seconds("0"), PAGES),
        (seconds("3600"), 1),
        // Nobody knows when that is.
        (seconds("null"), 1),
        (Member::Absent, 1),
    ] {
        let emulator = emulator(Identity { expires_in, ..identity() });
        is_good(&oauth(&emulator, &[]), &emulator, tokens);
    }
}

#[test]
fn the_oauth_example_outlives_the_end_of_its_token_wherever_it_comes() {
    for (ended_token, verdict) in [
        (EndedToken::Empty, REJECTED),
        (EndedToken::Message, REJECTED),
        (EndedToken::LikeSession, "\nverdict: CREATIO_CALL_ENDED_REDIRECT ("),
    ] {
        for calls in 1..=PAGES {
            let emulator = start(Options {
                identity: Some(identity()),
                page_size: NonZeroUsize::new(2),
                ended_token,
                ..Options::default()
            });
            emulator.expire_tokens_after_calls(calls.try_into().expect("they are few"));
            let result = oauth(&emulator, &[]);
            let renewals = u64::from(calls < PAGES);
            assert_eq!(result.stdout.matches(verdict).count() as u64, renewals, "{result:?}");
            is_good(&result, &emulator, 1 + renewals);
        }
    }
}

#[test]
fn the_oauth_example_asks_for_one_token_more_and_not_for_two() {
    let expires_in = Member::Json("3600".into());
    let emulator = emulator(Identity { token_lifetime: Duration::ZERO, expires_in, ..identity() });
    let result = oauth(&emulator, &[]);
    assert_eq!(result.code, Some(1), "{result:?}");
    assert_eq!(result.stdout.matches(REJECTED).count(), 1, "{result:?}");
    assert_eq!(result.stdout.matches("CREATIO_CALL_RENEWED_IN_VAIN").count(), 1, "{result:?}");
    let done = emulator.counters();
    assert_eq!((done.tokens_issued, done.calls), (2, 0));

    // For a busy site nobody waits here.
    emulator.overload(1, Overload::TooManyRequests, RetryAfter::Seconds(1));
    let busy = oauth(&emulator, &[]);
    assert_eq!(busy.code, Some(1), "{busy:?}");
    assert!(busy.stdout.contains("\nverdict: CREATIO_CALL_BUSY ("), "{busy:?}");
}

#[test]
fn the_oauth_example_says_what_the_identity_service_says() {
    for (invalid_client, status) in
        [(InvalidClient::Standard, 400), (InvalidClient::Status400, 400), (InvalidClient::Status401, 401)]
    {
        let error_description = Some("Wrong\u{1b}[31m \u{9b}secret".into());
        let emulator = emulator(Identity { invalid_client, error_description, ..identity() });
        let mut command = with_secret(program());
        let result = run(command.args(arguments(&emulator)).env("CREATIO_CLIENT_SECRET", "wrong-one"));
        is_refused(
            &result,
            &format!("CREATIO_TOKEN_INVALID_CLIENT (the client's id or secret is wrong)\nstatus: {status}\n"),
            "\nerror: invalid_client\ndescription: Wrong [31m \u{a0}secret\n",
        );
        assert!(!result.stdout.contains("wrong-one"), "{result:?}");
        let done = emulator.counters();
        assert_eq!((done.token_requests_refused, done.tokens_issued, done.calls), (1, 0, 0));
    }
    for (error, verdict) in [
        (TokenError::InvalidRequest, "CREATIO_TOKEN_INVALID_REQUEST"),
        (TokenError::InvalidClient, "CREATIO_TOKEN_INVALID_CLIENT"),
        (TokenError::InvalidGrant, "CREATIO_TOKEN_INVALID_GRANT"),
        (TokenError::UnauthorizedClient, "CREATIO_TOKEN_UNAUTHORIZED_CLIENT"),
        (TokenError::UnsupportedGrantType, "CREATIO_TOKEN_UNSUPPORTED_GRANT_TYPE"),
        (TokenError::InvalidScope, "CREATIO_TOKEN_INVALID_SCOPE"),
    ] {
        let emulator = emulator(Identity { forced_error: Some(error), ..identity() });
        is_refused(&oauth(&emulator, &[]), &format!("{verdict} ("), "\nstatus: 400\nerror: ");
    }
    // The other way is not allowed.
    let method = Some(AuthMethod::ClientSecretBasic);
    let other_way = emulator(Identity { auth_method: method, ..identity() });
    is_refused(&oauth(&other_way, &[]), "CREATIO_TOKEN_INVALID_CLIENT (", "\nerror: invalid_client\n");
    let json = |text: &str| Member::Json(text.to_owned());
    let none = emulator(Identity { access_token: Member::Absent, ..identity() });
    is_refused(&oauth(&none, &[]), "CREATIO_TOKEN_NO_TOKEN (", "\nstatus: 200\n");
    let mac = emulator(Identity { token_type: json("\"mac\""), ..identity() });
    is_refused(&oauth(&mac, &[]), "CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE (", "\nstatus: 200\n");
}

#[test]
fn the_oauth_example_tells_the_application_from_its_identity_service() {
    for token_endpoint in [TokenEndpoint::Redirect, TokenEndpoint::LoginPage] {
        for runtime in [Runtime::NetFramework, Runtime::Net] {
            let emulator = start(Options { runtime, token_endpoint, ..Options::default() });
            let result = run(with_secret(program()).args([&emulator.url(), &emulator.url(), ID]));
            shows_no_secret(&result);
            is_refused(&result, "CREATIO_TOKEN_WRONG_HOST (this is the application", "OAuth20IdentityServerUrl");
            assert!(!result.stdout.contains("for this site"), "{result:?}");

            // A site in the cloud: the runtime is named, and nobody connects to it.
            let mut command = with_secret(program());
            let result = run(command.args([&emulator.url(), "https://crm.creatio.com", ID, "net"]));
            is_refused(&result, "CREATIO_TOKEN_WRONG_HOST (", "\nfor this site try: https://crm-is.creatio.com\n");
        }
    }
    let emulator = emulator(identity());
    let [identity, site, id] = arguments(&emulator);
    let result = run(with_secret(program()).args([&(identity + "/elsewhere"), &site, &id]));
    is_refused(&result, "CREATIO_TOKEN_NOT_FOUND (nothing issues tokens here", "\nstatus: 404\n");
}

#[test]
fn the_oauth_example_explains_errors() {
    let usage = "usage: CREATIO_CLIENT_SECRET=... oauth IDENTITY_URL URL CLIENT_ID";
    let emulator = emulator(identity());
    is_error(&run(&mut with_secret(program())), usage);
    is_error(&oauth(&emulator, &["java"]), usage);
    is_error(&run(with_secret(program()).args(arguments(&emulator)).env_remove("CREATIO_CLIENT_SECRET")), usage);
    let [identity, site, id] = arguments(&emulator);
    let wrong = |identity: &str, site: &str| run(with_secret(program()).args([identity, site, &id, "net-framework"]));
    is_error(
        &wrong("identity", &site),
        "oauth: the URL must begin with http:// or https:// (CREATIO_ERR_URL_SCHEME)",
    );
    is_error(&wrong(&identity, "site"), "(CREATIO_ERR_URL_SCHEME)");
    is_error(&wrong("http://127.0.0.1:1", &site), "oauth: no connection to 127.0.0.1, port 1: ");
    is_error(&wrong("https://127.0.0.1:1", &site), "build it with `make TLS=1` for https");
    assert_eq!(emulator.counters().tokens_issued, 0);
    let unreachable = wrong(&identity, "http://127.0.0.1:1");
    assert_eq!(unreachable.code, Some(2), "{unreachable:?}");
    assert!(unreachable.stdout.contains(GRANTED), "{unreachable:?}");

    emulator.cut_after(40);
    let cut = oauth(&emulator, &[]);
    assert_eq!(cut.code, Some(2), "{cut:?}");
    assert!(cut.stderr.contains("CREATIO_ERR_CLOSED_EARLY"), "{cut:?}");
}

#[test]
#[ignore = "needs make and libssl-dev; run by cargo xtask test"]
fn the_oauth_example_gets_its_token_over_tls() {
    let emulator = start(Options {
        tls: true,
        identity: Some(identity()),
        page_size: NonZeroUsize::new(2),
        ..Options::default()
    });
    let file = scratch("certificates").join("oauth");
    fs::write(&file, emulator.certificate_pem().expect("it speaks TLS")).expect("it can be written");
    let program = tls_programs().join("oauth-tls");
    let result = run(with_secret(&program).args(arguments(&emulator)));
    is_error(&result, "SSL_CERT_FILE");
    assert_eq!(emulator.counters().tokens_issued, 0);
    let result = run(with_secret(&program).args(arguments(&emulator)).env("SSL_CERT_FILE", file));
    shows_no_secret(&result);
    assert_eq!(result.code, Some(0), "{result:?}");
    assert_eq!(result.stdout.matches(FINE).count() as u64, PAGES, "{result:?}");
}

#[test]
#[ignore = "needs clang; run by cargo xtask test"]
fn another_compiler_likes_the_oauth_example_too() {
    let program = built(compiler("clang", "c99"), "oauth", "oauth-clang");
    let emulator = emulator(identity());
    is_good(&run(with_secret(program).args(arguments(&emulator))), &emulator, 1);
}

/// Runs the example, or something around it, with tokens that end in both ways, and with none.
fn finds_nothing(command: &mut Command) {
    let expires_in = Member::Json("60".into());
    let emulator = emulator(Identity { expires_in, ..identity() });
    command.args(arguments(&emulator));
    is_good(&run(command), &emulator, PAGES);
    emulator.change_identity(|identity| identity.expires_in = Member::Truth);
    emulator.expire_tokens_after_calls(1);
    let result = run(command);
    assert_eq!(result.code, Some(0), "{result:?}");
    assert_eq!(result.stdout.matches(REJECTED).count(), 1, "{result:?}");
    is_refused(&run(command.env("CREATIO_CLIENT_SECRET", "wrong")), "CREATIO_TOKEN_INVALID_CLIENT (", "\nerror: ");
}

#[test]
#[ignore = "needs valgrind; run by cargo xtask test"]
fn valgrind_finds_nothing_in_the_oauth_example() {
    let mut command = with_secret("valgrind");
    finds_nothing(command.args(valgrind().get_args()).arg(program()));
}

#[test]
#[ignore = "needs gcc's sanitizers; run by cargo xtask test"]
fn sanitizers_find_nothing_in_the_oauth_example() {
    finds_nothing(&mut with_secret(built(sanitized(), "oauth", "oauth-sanitized")));
}

/// A program that a person approves, by a browser that opens the URL.
fn approved(emulator: &Emulator, mut command: Command, more: &[&str]) -> Run {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    command.args(arguments(emulator)).arg("code").args(more).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdout = String::new();
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
        let line = line.expect("it is UTF-8");
        if line.starts_with("http") {
            let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
            // What somebody else sends there is not what is waited for.
            let pairs: Vec<_> =
                url::form_urlencoded::parse(line.split_once('?').expect("a query").1.as_bytes()).collect();
            let (_, back) = pairs.iter().find(|(name, _)| name == "redirect_uri").expect("it has one");
            for forged in ["favicon.ico", "?code=stolen&state=guessed", ""] {
                let reply = agent.get(format!("{back}{forged}")).call().expect("it is answered");
                assert_eq!(reply.status(), 404);
            }
            let _ = agent.get(&line).call().expect("the browser comes back");
        }
        stdout += &(line + "\n");
    }
    let output = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8(output.stderr).expect("it is UTF-8");
    let result = Run { code: output.status.code(), stdout, stderr };
    shows_no_secret(&result);
    result
}

fn public(program: &Path) -> Command {
    let mut command = with_secret(program);
    command.env_remove("CREATIO_CLIENT_SECRET");
    command
}

#[test]
fn the_oauth_example_is_approved_refreshes_and_revokes() {
    for is_public in [true, false] {
        let client = match is_public {
            true => OauthClient::public(ID),
            false => OauthClient::new(ID, SECRET).with_redirect_uri("http://127.0.0.1/"),
        };
        let identity = Identity { clients: vec![client], ..Identity::default() };
        let emulator = emulator(identity);
        // After the first page the token is at its end, and is renewed without the person.
        emulator.expire_tokens_after_calls(1);
        let command = if is_public { public(program()) } else { with_secret(program()) };
        let result = approved(&emulator, command, &["revoke"]);
        assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
        assert_eq!(
            result.stdout.matches("approval: CREATIO_AUTHORIZATION_APPROVED (approved)\n").count(),
            1,
            "{result:?}"
        );
        assert_eq!(result.stdout.matches(GRANTED).count(), 2, "{result:?}");
        assert!(result.stdout.contains("expires in: 180 s\n"), "{result:?}");
        assert!(result.stdout.contains("token: CREATIO_TOKEN_REVOKED (the token is revoked)\n"), "{result:?}");
        assert_eq!(result.stdout.matches(FINE).count() as u64, PAGES, "{result:?}");
        assert_eq!(emulator.counters().tokens_issued, 2);
    }
}

#[test]
fn the_oauth_example_is_told_that_the_person_says_no() {
    let clients = vec![OauthClient::public(ID)];
    let emulator = emulator(Identity { clients, approval: Some("access_denied"), ..Identity::default() });
    let result = approved(&emulator, public(program()), &[]);
    assert_eq!((result.code, &*result.stderr), (Some(1), ""), "{result:?}");
    let told = "approval: CREATIO_AUTHORIZATION_ACCESS_DENIED (the person, or the identity service, does not approve)\n\
                error: access_denied\ndescription: This is the emulator's.\n";
    assert!(result.stdout.contains(told), "{result:?}");
    assert_eq!(emulator.counters().tokens_issued, 0);
}
