//! The calculator of `docs/guide/memory.md` says what the library takes: for many replies, the least memory is found by trying.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use creatio_auth::Call;
use serde_json::{Value, json};
use support::fixtures::{SUCCESS, with_length};
use support::room::{cookies_of, first_login, least, of_firewalls, of_the_site, renewal};
use support::{Cut, contacts, login};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const JSON: &str = "Content-Type: application/json; odata.metadata=minimal";

/// Numbers that are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// A cookie, now and then one without a path, without a name, or of a name that another has.
    fn cookie(&mut self) -> String {
        let name = ["", "a=", "name=", "AWSALBCORS=", "BPMCSRF="][self.below(5)];
        let value = "v".repeat([0, 1, 22, 64, 400][self.below(5)]);
        let ends =
            ["", "; path=/", "; Path=/odata; Secure; HttpOnly", "; path=/; Domain=.example.com; SameSite=None"];
        format!("{name}{value}{}", ends[self.below(4)])
    }
}

/// Heads of replies to a login: those of the documentation, tickets of many lengths, and others.
fn heads() -> Vec<Vec<String>> {
    let mut numbers = Numbers(7);
    let ticket = |len: usize| format!(".ASPXAUTH={}; path=/; HttpOnly", "T".repeat(len));
    let mut all = vec![of_the_site(), [of_the_site(), of_firewalls()].concat()];
    all.extend(
        (1..2_100).step_by(233).map(|len| vec!["BPMLOADER=l; path=/".into(), ticket(len), "BPMCSRF=c".into()]),
    );
    for count in 0..24 {
        let mut cookies: Vec<_> = (0..count).map(|_| numbers.cookie()).collect();
        cookies.insert(numbers.below(count + 1), ticket(32 + numbers.below(1_200)));
        all.push(cookies);
    }
    all
}

/// A reply to a login, with a field before its cookies and one behind them.
fn reply(cookies: &[String]) -> Vec<u8> {
    let cookies = cookies.iter().map(|value| format!("Set-Cookie: {value}"));
    let first = ["HTTP/1.1 200 OK", "Content-Type: application/json", "X-Trace: of no interest"].map(String::from);
    let lines: Vec<_> =
        first.into_iter().chain(cookies).chain(["Date: Sun, 22 Nov 2026 00:52:54 GMT".into()]).collect();
    with_length(&lines.iter().map(String::as_str).collect::<Vec<_>>(), SUCCESS)
}

fn head(reply: &[u8]) -> String {
    String::from_utf8_lossy(reply).split("\r\n\r\n").next().unwrap().to_owned()
}

/// As `--trace` of the examples shows it: with the lengths of secrets, and not their letters.
fn traced(head: &str) -> String {
    let line = |line: &str| {
        let cookie = line.strip_prefix("Set-Cookie: ").and_then(|cookie| cookie.split_once('='));
        let Some((name, rest)) = cookie.filter(|(name, _)| !name.contains(';')) else { return format!("< {line}\n") };
        let end = rest.find(';').unwrap_or(rest.len());
        format!("< Set-Cookie: {name}=*** ({end} bytes){}\n", &rest[end..])
    };
    head.lines().map(line).collect()
}

/// What the page says of these cases.
fn calculated(cases: &Value) -> Value {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = directory.join("calculator.json");
    fs::write(&file, cases.to_string()).unwrap();
    let script = "const [page, file] = process.argv.slice(1); const { sizes } = require(page);
        const cases = JSON.parse(require('fs').readFileSync(file));
        console.log(JSON.stringify(cases.map((c) => sizes(c.login, c.call, c.end, c.renewed))));";
    let page = Path::new(ROOT).join("docs/guide/memory.js");
    let output = Command::new("node").arg("-e").arg(script).arg(page).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "needs nodejs; run by cargo xtask test"]
fn the_calculator_says_what_the_library_takes() {
    let location = |len| format!("Location: /Login/NuiLogin.aspx?ReturnUrl={}", "x".repeat(len));
    let (mut cases, mut tried) = (vec![], vec![]);
    for (number, cookies) in heads().iter().enumerate() {
        let login_reply = reply(cookies);
        let renewed =
            format!("Set-Cookie: {}", cookies.iter().find(|cookie| cookie.starts_with(".ASPXAUTH")).unwrap());
        let ended = ["HTTP/1.1 302 Found", "Content-Type: text/html; charset=utf-8", &location(number * 17)];
        let call = |lines: &[&str]| {
            let reply = with_length(lines, "{}");
            let size = least(&[&login_reply], |session| {
                support::call(session, &Call::get(contacts()), &reply, Cut::Whole).result
            });
            (head(&reply), size)
        };
        let (plain, ending) = (call(&["HTTP/1.1 200 OK", JSON]), call(&ended));
        let first = first_login(&login_reply);
        assert!(renewal(&login_reply, &login_reply) <= first, "{}", head(&login_reply));
        tried.push(json!({
            "first": first,
            "cookies": cookies_of(&login_reply),
            "again": least(&[&login_reply], |session| login(session, &login_reply, Cut::Whole).result),
            "call": plain.1,
            "end": ending.1,
            "renews": call(&["HTTP/1.1 200 OK", JSON, &renewed]).1,
        }));
        let length = "\nContent-Length: 2";
        cases.push(json!({
            "login": if number % 2 == 0 { head(&login_reply) } else { traced(&head(&login_reply)) },
            "call": JSON,
            "end": ending.0,
            "renewed": renewed + length,
        }));
    }
    let said = calculated(&json!(cases));
    for (number, (said, tried)) in said.as_array().unwrap().iter().zip(&tried).enumerate() {
        assert_eq!(said, tried, "case {number}:\n{}", cases[number]["login"].as_str().unwrap());
    }
    assert!(tried.len() > 30);
}

/// Which is that of the table: with a ticket of 1,000 characters for the one that stands in it.
#[test]
fn the_calculator_begins_with_the_nine_cookies_of_the_table() {
    let page = include_str!("../docs/guide/memory.md");
    let (_, head) = page.split_once("<pre id=\"head\">\n").unwrap();
    let (head, _) = head.split_once("</pre>").unwrap();
    let cookies = head
        .lines()
        .filter_map(|line| line.strip_prefix("Set-Cookie: "))
        .map(|cookie| cookie.replace(".ASPXAUTH=T;", &format!(".ASPXAUTH={};", "0A1B2C3D4E".repeat(100))));
    assert_eq!(cookies.collect::<Vec<_>>(), of_the_site());
}
