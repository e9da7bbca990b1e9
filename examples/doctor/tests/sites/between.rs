//! A proxy between the doctor and a site, which changes the heads that go through it.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use creatio_doctor::Cause;
use creatio_emulator::Options;

use crate::case::{Case, Ill, assert_all, emulator};
use crate::scripted::{Scripted, read_request, serve};

/// What is done to the heads of requests and of replies, each a text that ends with its last line.
#[derive(Clone, Copy)]
struct Changes {
    request: fn(String) -> String,
    reply: fn(String) -> String,
}

const NONE: Changes = Changes { request: |head| head, reply: |head| head };

/// The lines of a head without those that begin so.
fn without(head: &str, start: &str) -> String {
    head.split_inclusive("\r\n").filter(|line| !line.starts_with(start)).collect()
}

fn pass(mut client: TcpStream, site: SocketAddr, changes: Changes) -> io::Result<()> {
    let request = read_request(&mut client)?;
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or_default();
    let head = (changes.request)(format!("{head}\r\nConnection: close\r\n"));
    let mut site = TcpStream::connect(site)?;
    write!(site, "{head}\r\n{body}")?;
    let mut reply = vec![];
    site.read_to_end(&mut reply)?;
    let at = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap_or_default();
    let head = (changes.reply)(format!("{}\r\n", String::from_utf8_lossy(&reply[..at])));
    write!(client, "{head}\r\n")?;
    client.write_all(&reply[at + 4..])?;
    client.shutdown(Shutdown::Write)
}

/// A site behind such a proxy.
fn behind(options: Options, changes: Changes) -> Ill {
    let emulator = emulator(options);
    let (site, url) = (emulator.address(), emulator.url());
    let address = serve(move |client| pass(client, site, changes));
    Ill::at(url.replace(&site.to_string(), &address.to_string())).keeping(emulator).with_user()
}

/// A site whose requests to a path are answered by something in front.
pub fn answering_instead(path: &'static str, refusal: &'static str) -> Ill {
    let emulator = emulator(Options::default());
    let (site, url) = (emulator.address(), emulator.url());
    let address = serve(move |mut client| {
        let mut buffer = [0; 4096];
        let len = client.peek(&mut buffer)?;
        if !String::from_utf8_lossy(&buffer[..len]).lines().next().is_some_and(|line| line.contains(path)) {
            return pass(client, site, NONE);
        }
        read_request(&mut client)?;
        client.write_all(refusal.as_bytes())?;
        client.shutdown(Shutdown::Write)
    });
    Ill::at(url.replace(&site.to_string(), &address.to_string())).keeping(emulator).with_user()
}

pub const CASES: &[Case] = &[
    Case {
        title: "A proxy that strips every `Set-Cookie`",
        check: "cookies",
        cause: Cause::CookiesStripped,
        ill: || behind(Options::default(), Changes { reply: |head| without(&head, "Set-Cookie:"), ..NONE }),
    },
    Case {
        title: "A site that takes the path in any letter case, and whose cookies do not",
        check: "cookies",
        cause: Cause::CookiePathCase,
        ill: || {
            let options = Options { base_path: "/creatiowebapp".into(), ..Options::default() };
            behind(
                options,
                Changes { reply: |head| head.replace("path=/creatiowebapp", "path=/CreatioWebApp"), ..NONE },
            )
        },
    },
    Case {
        title: "A proxy that maps one path to another, and not that of the cookies",
        check: "cookies",
        cause: Cause::CookiePath,
        ill: || {
            let options = Options { base_path: "/crm".into(), ..Options::default() };
            behind(options, Changes { reply: |head| head.replace("path=/crm", "path=/CreatioWebApp"), ..NONE })
        },
    },
    Case {
        title: "A proxy that strips the cookie with the CSRF token",
        check: "CSRF token",
        cause: Cause::NoCsrfCookie,
        ill: || {
            let options = Options { csrf_on_get: false, ..Options::default() };
            behind(options, Changes { reply: |head| without(&head, "Set-Cookie: BPMCSRF"), ..NONE })
        },
    },
    Case {
        title: "A proxy that drops the field with the CSRF token",
        check: "posting",
        cause: Cause::CsrfFieldStripped,
        ill: || {
            let options = Options { csrf_on_get: false, crt_csrf: true, ..Options::default() };
            behind(options, Changes { request: |head| without(&head, "CRT_CSRF"), ..NONE })
        },
    },
    Case {
        title: "A proxy that drops the field `Cookie`",
        check: "reading",
        cause: Cause::SessionLost,
        ill: || behind(Options::default(), Changes { request: |head| without(&head, "Cookie:"), ..NONE }),
    },
    Case {
        title: "A proxy that takes no fields as long as the session's",
        check: "reading",
        cause: Cause::CookiesTooLong,
        ill: || answering_instead("/odata/", TOO_LONG),
    },
    Case {
        title: "A user who may not read contacts",
        check: "reading",
        cause: Cause::NoRight,
        ill: || {
            let request = |head: String| head.replace("/odata/Contact", "/odata/Nothing");
            let reply = |head: String| head.replacen("404 Not Found", "403 Forbidden", 1);
            behind(Options::default(), Changes { request, reply })
        },
    },
    Case {
        title: "A call that fails for a reason of the service's own",
        check: "reading",
        cause: Cause::CallFailed,
        ill: || {
            behind(
                Options::default(),
                Changes { request: |head| head.replace("/odata/Contact", "/odata/Nothing"), ..NONE },
            )
        },
    },
    Case {
        title: "A site that is not well connected to its identity service",
        check: "OAuth",
        cause: Cause::IdentityIll,
        ill: || issuing_tokens(ill_connected),
    },
    Case {
        title: "An identity service without a list of its endpoints",
        check: "discovery",
        cause: Cause::NoDiscovery,
        ill: || issuing_tokens(without_discovery),
    },
];

const TOO_LONG: &str = "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n\
                        <html><title>400 Request Header Or Cookie Too Large</title>";

#[test]
fn calls_that_something_in_front_answers_are_no_advice() {
    for (path, refusal, told, code) in [
        (
            "/SelectQuery",
            "HTTP/1.1 405 X\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>",
            "✗ posting        POST is answered by a page with status 405",
            1,
        ),
        (
            "/odata/",
            "HTTP/1.1 401 X\r\nWWW-Authenticate: Negotiate\r\nConnection: close\r\n\r\n",
            "✗ reading        the login was good, and calls are asked for another password, by Negotiate",
            1,
        ),
        (
            "/odata/",
            "HTTP/1.1 431 X\r\nConnection: close\r\n\r\n",
            "✗ reading        GET is refused with status 431: what goes along",
            1,
        ),
        (
            "/odata/",
            "HTTP/1.1 502 X\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><center>nginx",
            "… reading        what stands in front does not reach the site any more",
            3,
        ),
    ] {
        let run = answering_instead(path, refusal).run(&["--wait", "0"]);
        assert!(run.code == code && run.out.contains(told), "{told}: {run:?}");
    }
}

/// A site that is its own identity service.
fn issuing_tokens(answer: fn(&str) -> String) -> Ill {
    let server = Scripted::over_tcp(answer);
    let url = server.url();
    Ill::at(&url).keeping(server).with(&["--client-id", "client", "--identity-url", &url])
}

fn json(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn without_discovery(request: &str) -> String {
    match request {
        request if request.contains("/connect/token") => {
            json("200 OK", r#"{"access_token":"abcdefgh","expires_in":3600,"token_type":"Bearer"}"#)
        }
        request if request.contains("/.well-known/") => json("404 Not Found", ""),
        _ => json("200 OK", "{}"),
    }
}

fn ill_connected(request: &str) -> String {
    match request {
        request if request.contains("/api/OAuthHealthCheck") => json(
            "500 Internal Server Error",
            r#"{"HasProblem":true,"IsSystemSettingsFilledIn":false,"Message":"OAuth20IdentityServerUrl is empty"}"#,
        ),
        request => without_discovery(request),
    }
}

#[test]
fn proxies_that_change_what_goes_through() {
    assert_all(CASES);
}
