//! The program, whose options lead to those of the library.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::client::Client;

/// A running program; it ends with this value.
struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    fn start(arguments: &[&str]) -> (Self, Client) {
        Self::start_telling(arguments, Stdio::null())
    }

    /// The same, where what it tells people goes there.
    fn start_telling(arguments: &[&str], stderr: Stdio) -> (Self, Client) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_creatio-emulator"));
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut program = Self { child, stdout };
        let client = program.next_client();
        (program, client)
    }

    /// A client of the URL on the next line.
    fn next_client(&mut self) -> Client {
        let mut url = String::new();
        self.stdout.read_line(&mut url).unwrap();
        Client::at(url.trim_end().to_owned(), None)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whoever looks for why a call fails sees what has come, and no secret.
#[test]
fn a_log_has_a_line_for_each_request() {
    let (mut program, mut client) = Program::start_telling(&["--log"], Stdio::piped());
    let told = BufReader::new(program.child.stderr.take().unwrap());
    assert_eq!(client.login("Supervisor", "wrong").json()["Code"], 1);
    client.sign_in();
    assert_eq!(client.get("/0/odata/Contact?$top=1").status, 200);
    drop(program);
    let lines: Vec<_> = told.lines().map(Result::unwrap).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line.contains(" → ")).collect();
    assert_eq!(requests[0], "POST /ServiceModel/AuthService.svc/Login → 200");
    assert_eq!(requests.len(), 3, "{lines:?}");
    assert!(requests[2].starts_with("GET /0/odata/Contact?$top=1 [Cookie: "), "{lines:?}");
    assert!(requests[2].contains(".ASPXAUTH=…") && requests[2].ends_with(" → 200"), "{lines:?}");
    assert!(requests.iter().all(|line| !line.contains("Supervisor")), "{lines:?}");
}

#[test]
fn settings() {
    let (_program, mut client) = Program::start(&["--page-size", "4", "--lockout-after", "2"]);
    client.sign_in();
    let page = client.get("/0/odata/Contact").json();
    assert_eq!(page["value"].as_array().unwrap().len(), 4);
    assert!(page["@odata.nextLink"].is_string());
    for password in ["x", "x", "Supervisor"] {
        assert_eq!(client.login("Supervisor", password).json()["Code"], 1);
    }
}

#[test]
fn troubles() {
    let overload = ["--overload", "1", "--overload-status", "503", "--retry-after", "9"];
    let others = ["--expire-after-calls", "2", "--cut-after", "0"];
    let (_program, mut client) = Program::start(&[&overload[..], &others].concat());
    client.sign_in();
    let refused = client.get("/0/odata/Contact");
    assert_eq!((refused.status, refused.field("Retry-After")), (503, Some("9")));
    assert!(client.try_send("GET", "/0/odata/Contact", &[], b"").is_err());
    assert_eq!(client.json("POST", "/odata/Contact", &json!({"Name": "x"})).status, 201);
    assert_eq!(client.get("/0/odata/Contact").status, 302);

    let overload = ["--overload", "1", "--retry-after", "9", "--retry-after-date"];
    let (_program, mut client) = Program::start(&[&overload[..], &["--cut-request-after", "1"]].concat());
    assert!(client.try_send("GET", "/0/odata/Contact", &[], b"").is_err());
    let refused = client.get("/0/odata/Contact");
    assert_eq!(refused.status, 429);
    assert!(refused.field("Retry-After").unwrap().ends_with(" GMT"));
}

#[test]
fn windows_authentication() {
    const DOOR: &str = "/Login/NuiLogin.aspx?ntlmlogin";
    let offers = |reply: &crate::client::Reply| reply.field("WWW-Authenticate").unwrap_or_default().to_owned();
    let with = |token: &str| format!("Negotiate {}", BASE64_STANDARD.encode(token));
    let (_program, mut client) = Program::start(&["--windows", "scripted"]);
    let asked = client.get(DOOR);
    assert_eq!((asked.status, &*offers(&asked)), (401, "Negotiate"));
    for (password, status) in [("x", 401), ("Supervisor", 302)] {
        let challenged = client.send_with("GET", DOOR, &[("Authorization", &with("1"))], b"");
        assert_eq!(challenged.status, 401);
        let challenge = BASE64_STANDARD.decode(offers(&challenged).strip_prefix("Negotiate ").unwrap()).unwrap();
        let number = String::from_utf8(challenge).unwrap().replace("CHALLENGE ", "");
        let answer = with(&format!("{number} Supervisor\n{password}"));
        assert_eq!(client.send_with("GET", DOOR, &[("Authorization", &answer)], b"").status, status);
    }
    let (_program, mut client) = Program::start(&["--windows", "basic", "--runtime", "net"]);
    let asked = client.send("POST", "/ServiceModel/AuthService.svc/DomainLogin", Some("application/json"), "{}");
    assert_eq!((asked.status, offers(&asked).starts_with("Basic ")), (401, true));
    let (_program, mut client) = Program::start(&[]);
    assert_eq!(client.get(DOOR).status, 200, "the login page, for the door is shut");
}

#[test]
fn what_stands_in_front() {
    let (_program, mut client) = Program::start(&["--starting-checks", "1", "--gateway-key", "X-Key:a:b"]);
    assert_eq!(client.login("Supervisor", "Supervisor").status, 401);
    client.fields.push(("X-Key", "a:b".to_owned()));
    let check = "/0/api/HealthCheck/Ping";
    assert_eq!([client.get(check).status, client.get(check).status], [503, 200]);
    let (_program, mut client) = Program::start(&["--user-agent-required"]);
    client.fields.push(("User-Agent", String::new()));
    assert_eq!(client.login("Supervisor", "Supervisor").status, 403);
}

#[test]
fn ends_failures_and_what_comes_between() {
    let kinds = ["--service-failure", "success-false", "--odata-failure", "no-resource", "--login-page", "ssp"];
    let (_program, mut client) = Program::start(&[&kinds[..], &["--interfere", "1"]].concat());
    client.sign_in();
    let page = client.get("/0/odata/Nothing");
    assert_eq!(page.field("Location"), Some("/Login/SSPLogin.aspx?ReturnUrl=%2f0%2fodata%2fNothing"));
    assert!(client.get("/0/odata/Nothing").json()["MessageDetail"].is_string());
    let insert = client.json("POST", "/DataService/json/SyncReply/InsertQuery", &json!({}));
    assert_eq!(insert.json(), json!({"success": false}));

    for (interference, status) in [("warm-up", 401), ("firewall", 403), ("portal", 302)] {
        let arguments = ["--interfere", "2", "--interference", interference, "--ended-session", "status401-empty"];
        let (_program, mut client) = Program::start(&arguments);
        let logins = if interference == "warm-up" { 200 } else { status };
        assert_eq!(client.login("Supervisor", "Supervisor").status, logins);
        assert_eq!(client.get("/0/odata/Contact").status, status);
    }
}

#[test]
fn other_ways_to_sign_in() {
    let users = ["--user", "Ann:a", "--user-expired", "Old:o", "--one-time-code", "1"];
    let (_program, mut client) = Program::start(&[&users[..], &["--basic", "--password-change-only"]].concat());
    assert_eq!(client.login("Ann", "a").json()["Code"], 1);
    let with_code = |name: &str, password: &str| {
        json!({"UserName": name, "UserPassword": password, "ClaimList": [{"Key": "token", "Value": "1"}],
            "NewUserPassword": "n", "ConfirmUserPassword": "n"})
    };
    assert_eq!(client.login_with(&with_code("Ann", "a").to_string()).json()["Code"], 0);
    assert!(client.login_with(&with_code("Old", "o").to_string()).json()["PasswordChangeUrl"].is_string());
    let target = "/ServiceModel/AuthService.svc/DoChangePasswordLogin";
    let reply = client.send("POST", target, Some("application/json"), &with_code("Old", "o").to_string());
    assert_eq!((&reply.json()["Code"], reply.set_cookies().len()), (&json!(0), 0));

    // Basic leaves no room for the code.
    let basic = [("Authorization", "Basic QW5uOmE=")];
    assert_eq!(client.send_with("GET", "/0/odata/Contact", &basic, b"").status, 401);
}

#[test]
fn a_second_factor_in_two_steps() {
    for (kind, code) in [("two-steps", 0), ("two-steps-code5", 5), ("two-steps-exception", 1)] {
        let arguments = ["--user", "Ann:a", "--one-time-code", "1", "--second-factor", kind, "--text-code"];
        let (_program, mut client) = Program::start(&arguments);
        assert_eq!(client.login("Ann", "a").json()["Code"], code);
        assert!(client.cookie("FirstFactor").is_some() && client.cookie(".ASPXAUTH").is_none());
        let who = r#"{"UserName":"Ann","UserPassword":"a"}"#;
        let target = "/ServiceModel/AuthService.svc/StartTextCodeAuthFlow";
        assert_eq!(client.send("POST", target, Some("application/json"), who).json()["success"], true);
        let second = r#"{"UserName":"Ann","UserPassword":"a","ClaimList":[{"Key":"token","Value":"1"}]}"#;
        assert_eq!(client.login_with(second).json()["Code"], 0);
    }
    let over = ["--second-factor", "two-steps", "--one-time-code", "1", "--first-factor-lifetime", "0"];
    let (_program, mut client) = Program::start(&over);
    assert_eq!(client.login("Supervisor", "Supervisor").json()["Code"], 0);
    let second = r#"{"UserName":"Supervisor","UserPassword":"Supervisor","ClaimList":[{"Key":"token","Value":"1"}]}"#;
    assert_eq!(client.login_with(second).json()["Code"], 1);
}

#[test]
fn logins_that_are_refused() {
    let users = ["--user-need-grant-license", "G:g", "--user-no-license", "U:u", "--user-no-authenticator", "N:n"];
    let expired = ["--user-expired", "E:e", "--expired-password", "code5", "--ticket-with-refusal"];
    let busy = ["--overload-logins", "1", "--overload-status", "504", "--retry-after", "9"];
    let (_program, mut client) = Program::start(&[&users[..], &expired, &busy, &["--overload", "1"]].concat());
    let refused = client.login("G", "g");
    assert_eq!((refused.status, refused.field("Retry-After")), (504, Some("9")));
    assert_eq!(client.get("/0/odata/Contact").status, 504);
    for (name, password, code) in [("G", "g", 3), ("U", "u", 4), ("E", "e", 5), ("N", "n", 1)] {
        client.forget(".ASPXAUTH");
        assert_eq!(client.login(name, password).json()["Code"], code);
        assert_eq!(client.cookie(".ASPXAUTH").is_some(), code > 1);
    }
}

#[test]
fn an_identity_service() {
    let service = ["--identity", "--oauth-client", "me:hush:", "--expires-in", "", "--token-length", "99"];
    let others = ["--oauth-only", "--ended-token", "message", "--expire-tokens-after-calls", "1"];
    let (mut program, mut client) = Program::start(&[&service[..], &others].concat());
    assert_eq!(client.login("Supervisor", "Supervisor").json()["Code"], 1);

    let body = "grant_type=client_credentials&client_id=me&client_secret=hush:";
    let kind = Some("application/x-www-form-urlencoded");
    let answer = program.next_client().send("POST", "/connect/token", kind, body).json();
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!((token.len(), answer.get("expires_in")), (99, None));
    client.fields.push(("Authorization", format!("Bearer {token}")));
    assert_eq!(client.get("/0/odata/Contact").status, 200);
    let refused = client.get("/0/odata/Contact");
    assert_eq!((refused.status, &refused.json()["Message"]), (401, &json!("Authentication failed.")));

    let errors = ["--token-error", "invalid_client", "--error-description", "no", "--invalid-client", "401"];
    let arguments = [&["--identity", "--token-endpoint", "served"], &errors[..]].concat();
    let (mut program, client) = Program::start(&arguments);
    for (mut client, target) in [(program.next_client(), "/connect/token"), (client, "/0/connect/token")] {
        let reply = client.send("POST", target, kind, body);
        assert_eq!(reply.status, 401);
        assert_eq!(reply.json(), json!({"error": "invalid_client", "error_description": "no"}));
    }
}
