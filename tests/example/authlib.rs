//! The example of OAuth 2.0 against a server that others have written: Authlib's, run by `tests/oauth_server/server.py`.

use std::path::Path;
use std::process::Command;

use crate::program::{Run, run_with, run_with_browser};
use crate::server::Server;

/// Everything in it but the letters is encoded in a form, and a colon would end a user name.
const ID: &str = "a&ü%+:";
const SECRET: &str = "B0A1=/?#\"\\'~£%+:&";

struct Authlib(Server);

impl Authlib {
    /// A server with clients whose ids begin with this one.
    fn start(id: &str, secret: &str) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oauth_server/server.py");
        let mut server = Command::new(target.join("oauth-server/bin/python"));
        Authlib(Server::start(server.args([program, id, secret]), "Authlib"))
    }

    /// Asks for a token below a path of the server, and gets something with it.
    fn run(&self, identity: &str, id: &str, secret: &str, more: &[&str]) -> Run {
        let identity_url = format!("{}{identity}", self.0.url());
        let arguments =
            ["--url", self.0.url(), "--runtime", "net", "--identity-url", &identity_url, "--client-id", id];
        let run = run_with("oauth", &[&arguments, more].concat(), "CREATIO_CLIENT_SECRET", Some(secret));
        assert!(!run.out.contains("B0A1") && run.err.is_empty(), "{run}");
        run
    }
}

impl Authlib {
    /// Has somebody approve, and gets something with the tokens, then others by a refresh, and has them revoked.
    fn run_approved(&self, id: &str, more: &[&str], browse: impl FnOnce(&str)) -> Run {
        let url = self.0.url();
        let arguments =
            ["--url", url, "--runtime", "net", "--identity-url", url, "--client-id", id, "--grant", "code"];
        let secrets = [("CREATIO_CLIENT_SECRET", SECRET)];
        let run = run_with_browser("oauth", &[&arguments, more].concat(), &secrets, browse);
        assert!(!run.out.contains("B0A1") && run.err.is_empty(), "{run}");
        run
    }
}

fn assert_authorised(run: &Run, id: &str) {
    assert!(run.code == 0 && run.out.contains("Granted: signed in"), "{run}");
    assert!(run.out.contains("; it lives 3600 s\n"), "{run}");
    assert!(run.out.contains(&format!("| authorised as {id} |")), "{run}");
}

#[test]
#[ignore = "needs Authlib; run by cargo xtask test"]
fn authlib_grants_tokens_and_takes_them() {
    let server = Authlib::start(ID, SECRET);
    // Each of these clients may send its secret in one way.
    for (kind, more) in [("post", &[][..]), ("basic", &["--basic"])] {
        let id = format!("{ID}-{kind}");
        assert_authorised(&server.run("", &id, SECRET, more), &id);
    }
    let server = Authlib::start("a b", "c d");
    assert_authorised(&server.run("", "a b-post", "c d", &[]), "a b-post");
}

#[test]
#[ignore = "needs Authlib; run by cargo xtask test"]
fn each_refusal_of_authlib_is_told_in_its_own_words() {
    let server = Authlib::start(ID, SECRET);
    for (identity, kind, secret, more, verdict, told) in [
        ("", "post", "wrong", &[][..], "InvalidClient", "401, error invalid_client: The client cannot"),
        ("", "basic", "wrong", &["--basic"], "InvalidClient", "401, error invalid_client: The client cannot"),
        ("", "basic", SECRET, &[], "InvalidClient", "401, error invalid_client: The client cannot"),
        ("", "none", SECRET, &[], "InvalidClient", "error invalid_client: The client does not exist on this server."),
        ("", "other", SECRET, &[], "UnauthorizedClient", "400, error unauthorized_client: The client is not"),
        ("/without-grants", "post", SECRET, &[], "UnsupportedGrantType", "400, error unsupported_grant_type\n"),
        ("/without-default-scope", "post", SECRET, &[], "InvalidScope", "400, error invalid_scope: The requested"),
        ("/elsewhere", "post", SECRET, &[], "NotFound", "404\n"),
    ] {
        let run = server.run(identity, &format!("{ID}-{kind}"), secret, more);
        let is_told = run.out.contains(&format!("verdict   {verdict}: ")) && run.out.contains(told);
        assert!(run.code == 1 && is_told, "{verdict}, {told}: {run}");
    }
}

#[test]
#[ignore = "needs Authlib; run by cargo xtask test"]
fn a_token_that_authlib_has_revoked_is_renewed_once() {
    let server = Authlib::start(ID, SECRET);
    let id = format!("{ID}-post");
    let run = server.run("", &id, SECRET, &["--get", "/odata/Ended"]);
    assert_authorised(&run, &id);
    assert!(
        run.out.contains("HTTP status 401: the session has ended, or there is none; sign in\nrenewal   "),
        "{run}"
    );
    assert_eq!(run.out.matches("Granted").count(), 2, "{run}");
}

/// A form has `+` for a space, or `%20`. Both are read the same where a form is read; in Basic, Authlib undoes percent signs
/// only.
#[test]
#[ignore = "needs Authlib; run by cargo xtask test"]
fn authlib_takes_spaces_in_basic() {
    let server = Authlib::start("a b", "c d");
    assert_authorised(&server.run("", "a b-basic", "c d", &["--basic"]), "a b-basic");
}

#[test]
#[ignore = "needs Authlib; run by cargo xtask test"]
fn authlib_takes_the_proof_of_a_code_refreshes_and_revokes() {
    let server = Authlib::start(ID, SECRET);
    for (kind, more) in
        [("public", &["--public", "--revoke"][..]), ("post", &["--revoke"]), ("basic", &["--basic", "--revoke"])]
    {
        let id = format!("{ID}-{kind}");
        let run = server.run_approved(&id, more, |url| {
            ureq::get(url).call().unwrap();
        });
        assert!(run.code == 0 && run.out.contains(&format!("| authorised as {id} |")), "{run}");
        assert_eq!(run.out.matches("Granted").count(), 2, "by the code, and by the refresh token: {run}");
        assert_eq!(run.out.matches("; it lives 180 s; a refresh token, too\n").count(), 2, "{run}");
        assert!(run.out.contains("verdict   Revoked: "), "{run}");
    }
}

/// A code that somebody has caught is worth nothing without the verifier (RFC 7636, section 1): Authlib says so to this one, whose
/// browser has had the challenge changed on its way.
#[test]
#[ignore = "needs Authlib; run by cargo xtask test"]
fn authlib_refuses_a_code_whose_verifier_is_another() {
    let server = Authlib::start(ID, SECRET);
    let run = server.run_approved(&format!("{ID}-public"), &["--public"], |url| {
        let other = "code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&x=";
        let _ = ureq::get(url.replace("code_challenge=", other)).call();
    });
    assert!(run.code == 1 && run.out.contains("verdict   InvalidGrant: "), "{run}");
    assert!(!run.out.contains("Granted"), "{run}");
}
