//! Servers that answer as a script says, for what no option of the emulator does.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use creatio_doctor::Cause;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
#[cfg(target_os = "linux")]
use socket2::{Domain, Socket, Type};

use crate::case::{Case, Ill, assert_all};

/// A server; its thread ends with the process.
pub struct Scripted {
    address: SocketAddr,
    scheme: &'static str,
}

impl Scripted {
    /// Answers each request, over a connection of its own.
    pub fn over_tcp(answer: fn(&str) -> String) -> Self {
        let address = serve(move |mut stream| {
            let request = read_request(&mut stream)?;
            stream.write_all(answer(&request).as_bytes())?;
            stream.shutdown(Shutdown::Write)
        });
        Scripted { address, scheme: "http" }
    }

    pub fn over_tls(config: Arc<ServerConfig>, answer: fn(&str) -> String) -> Self {
        let address = serve(move |stream| {
            let server = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(server, stream);
            let request = read_request(&mut stream)?;
            stream.write_all(answer(&request).as_bytes())?;
            stream.conn.send_close_notify();
            stream.flush()
        });
        Scripted { address, scheme: "https" }
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }
}

/// Serves each connection on a thread of its own.
pub fn serve(on_connection: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, on_connection) = (listener.local_addr().unwrap(), Arc::new(on_connection));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let on_connection = on_connection.clone();
            thread::spawn(move || on_connection(stream));
        }
    });
    address
}

/// A request with its body, if any.
pub fn read_request(stream: &mut impl Read) -> io::Result<String> {
    let (mut request, mut buffer) = (vec![], [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return Ok(text);
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            len => request.extend_from_slice(&buffer[..len]),
        }
    }
}

/// A server that says these bytes to everybody, whatever is asked.
pub fn bytes_at_once(scheme: &str, bytes: &'static [u8]) -> Ill {
    let address = serve(move |mut stream| {
        let _ = stream.read(&mut [0; 4096])?;
        stream.write_all(bytes)?;
        stream.shutdown(Shutdown::Write)
    });
    Ill::at(format!("{scheme}://{address}"))
}

pub fn answering(answer: fn(&str) -> String) -> Ill {
    let server = Scripted::over_tcp(answer);
    Ill::at(server.url()).keeping(server)
}

fn redirect(target: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n")
}

/// A site whose health is good, and whose login is answered so.
fn with_login(answer: fn() -> String) -> Ill {
    let address = serve(move |mut stream| {
        let request = read_request(&mut stream)?;
        let pong = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nPong".to_owned();
        stream.write_all(if request.starts_with("GET") { pong } else { answer() }.as_bytes())?;
        stream.shutdown(Shutdown::Write)
    });
    Ill::at(format!("http://{address}")).with_user()
}

fn page(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A login with a ticket that has these attributes.
fn accepted(attributes: &str) -> String {
    let cookies = format!("Set-Cookie: .ASPXAUTH=0A1B; {attributes}\r\n");
    format!("HTTP/1.1 200 OK\r\n{cookies}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{{\"Code\":0}}")
}

pub fn rejected(members: &str) -> String {
    let body = format!(r#"{{"Code":1,"Message":"No.",{members}}}"#);
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

pub const CASES: &[Case] = &[
    Case {
        title: "Nothing at the port",
        check: "port",
        cause: Cause::PortClosed,
        ill: || {
            let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            Ill::at(format!("http://{closed}"))
        },
    },
    #[cfg(target_os = "linux")]
    Case {
        title: "Nobody answers at the port",
        check: "port",
        cause: Cause::PortSilent,
        ill: || {
            // Nobody accepts, and the queue is full.
            let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
            listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
            listener.listen(0).unwrap();
            let address = listener.local_addr().unwrap().as_socket().unwrap();
            let first = TcpStream::connect(address).unwrap();
            Ill::at(format!("http://{address}")).with(&["--timeout", "1"]).keeping((listener, first))
        },
    },
    Case {
        title: "Another protocol at the port",
        check: "HTTP",
        cause: Cause::NotHttp,
        ill: || bytes_at_once("http", b"SSH-2.0-OpenSSH_9.2\r\n"),
    },
    Case {
        title: "A connection that is broken off",
        check: "HTTP",
        cause: Cause::BrokenOff,
        ill: || bytes_at_once("http", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nPo"),
    },
    Case {
        title: "A site that takes a request and says nothing",
        check: "HTTP",
        cause: Cause::Slow,
        ill: || {
            let address = serve(|stream| {
                thread::sleep(std::time::Duration::from_secs(60));
                stream.shutdown(Shutdown::Both)
            });
            Ill::at(format!("http://{address}")).with(&["--timeout", "1"])
        },
    },
    Case {
        title: "A proxy that compresses what nobody wanted compressed",
        check: "HTTP",
        cause: Cause::Unreadable,
        ill: || {
            answering(|_| "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x0b".into())
        },
    },
    Case {
        title: "A site that sends everything to `https://`",
        check: "HTTP",
        cause: Cause::RedirectToHttps,
        ill: || answering(|_| redirect("https://127.0.0.1/api/HealthCheck/Ping")),
    },
    Case {
        title: "A proxy in front that wants a password of its own",
        check: "HTTP",
        cause: Cause::FrontWantsPassword,
        ill: || {
            answering(|_| {
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"staff\"\r\nContent-Length: 0\r\n\r\n"
                    .into()
            })
        },
    },
    Case {
        title: "A health check that is answered by the login page",
        check: "runtime",
        cause: Cause::LoginPage,
        ill: || answering(|_| redirect("/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fapi%2fHealthCheck%2fPing")),
    },
    Case {
        title: "A health check that fails",
        check: "runtime",
        cause: Cause::ServerError,
        ill: || answering(|_| "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n".into()),
    },
    Case {
        title: "A site whose clock is hours behind",
        check: "clock",
        cause: Cause::ClockDiffers,
        ill: || {
            answering(|_| {
                "HTTP/1.1 200 OK\r\nDate: Sat, 01 Jul 2000 12:00:00 GMT\r\nContent-Length: 4\r\n\r\nPong".into()
            })
        },
    },
    Case {
        title: "A login that leads to the page for changing the password",
        check: "sign-in",
        cause: Cause::PasswordExpired,
        ill: || with_login(|| redirect("/Login/NuiLogin.aspx?ErrorCode=5&ReturnUrl=%2f")),
    },
    Case {
        title: "An address that may not sign in, as the login page's number has it",
        check: "sign-in",
        cause: Cause::AccessDenied,
        ill: || with_login(|| rejected(r#""RedirectUrl":"/Login/NuiLogin.aspx?ErrorCode=4""#)),
    },
    Case {
        title: "A proxy that maps one host to another, and not that of the cookies",
        check: "cookies",
        cause: Cause::CookieDomain,
        ill: || with_login(|| accepted("path=/; Domain=internal.example.com")),
    },
    Case {
        title: "A ticket that has run out when it comes, by the site's clock",
        check: "cookies",
        cause: Cause::TicketOver,
        ill: || with_login(|| accepted("path=/; Domain=127.0.0.1; Max-Age=0")),
    },
    Case {
        title: "A ticket that is longer than a cookie may be",
        check: "cookies",
        cause: Cause::TicketTooLong,
        ill: || with_login(|| accepted("path=/").replace("0A1B", &"A".repeat(5000))),
    },
    Case {
        title: "A proxy that joins the `Set-Cookie` lines",
        check: "CSRF token",
        cause: Cause::CookiesJoined,
        ill: || with_login(|| accepted("path=/; HttpOnly, BPMCSRF=c; path=/")),
    },
    Case {
        title: "A proxy that renames the cookies",
        check: "cookies",
        cause: Cause::CookiesRenamed,
        ill: || with_login(|| accepted("path=/").replace(".ASPXAUTH", "gw_.ASPXAUTH")),
    },
    Case {
        title: "Cloudflare in front of a site that does not answer",
        check: "runtime",
        cause: Cause::Starting,
        ill: || {
            answering(|_| {
                let body = "<html><title>crm.example.com | 522: Connection timed out</title></html>";
                let fields = "Server: cloudflare\r\nContent-Type: text/html";
                format!("HTTP/1.1 522 Origin\r\n{fields}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
            })
        },
    },
    Case {
        title: "Another server, which has a page for everything",
        check: "runtime",
        cause: Cause::NoSite,
        ill: || answering(|_| page("200 OK", "<!doctype html><div id=root></div>")).with_user(),
    },
    Case {
        title: "A single sign-on in front, at the same host",
        check: "runtime",
        cause: Cause::RedirectElsewhere,
        ill: || answering(|_| redirect("/oauth2/sign_in?rd=%2f")),
    },
    Case {
        title: "HTTP/2 alone",
        check: "HTTP",
        cause: Cause::NotHttp,
        ill: || bytes_at_once("http", b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00d"),
    },
    Case {
        title: "A login at which the site fails",
        check: "sign-in",
        cause: Cause::ServerError,
        ill: || with_login(|| page("500 Internal Server Error", "<html><title>Runtime Error</title>")),
    },
    Case {
        title: "A login that is answered with something else than Creatio's JSON",
        check: "sign-in",
        cause: Cause::LoginUnclear,
        ill: || with_login(|| "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"success\":true}".into()),
    },
    Case {
        title: "A login that is answered with 404",
        check: "sign-in",
        cause: Cause::LoginUnclear,
        ill: || {
            answering(|request| match request.starts_with("GET") {
                true => "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nPong".into(),
                false => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into(),
            })
            .with_user()
        },
    },
];

#[test]
fn a_rejection_is_told_as_far_as_the_site_tells_it() {
    for (answer, told) in [
        (
            (|| rejected(r#""Exception":{"Type":"Terrasoft.Core.UserLockedException","Message":"x"}"#))
                as fn() -> String,
            "rejects the login, by UserLockedException; it says: No. → do not try again",
        ),
        (
            || rejected(r#""Exception":{"Type":"System.Security.SecurityException"}"#),
            "rejects the login; it says: No. →",
        ),
        (
            || rejected(r#""PasswordChangeUrl":"/Login/NuiLogin.aspx?ErrorCode=8""#),
            "names a page for changing the password",
        ),
        (
            || rejected(r#""RedirectUrl":"/Login/NuiLogin.aspx?ErrorCode=10""#),
            "the user's time zone is none that it knows",
        ),
        (|| rejected(r#""RedirectUrl":"/x?ErrorCode=14""#), "the user's e-mail address is missing or not allowed"),
        (|| rejected(r#""RedirectUrl":"/x?ErrorCode=16""#), "by the mobile app only"),
        (|| rejected(r#""RedirectUrl":"/x?ErrorCode=99""#), "rejects the login; it says: No. → do not try again"),
        (
            || redirect("/Login/NuiLogin.aspx?ErrorCode=16"),
            "sends the login to its page: the user may sign in by the mobile app",
        ),
    ] {
        let run = with_login(answer).run(&["--wait", "0"]);
        assert!(run.code == 1 && run.out.contains(told), "{told}: {run:?}");
    }
    let asking =
        || rejected(r#""Exception":{"Type":"Terrasoft.Authentication.TwoFactor.Exceptions.StartAuthFlowException"}"#);
    for code in ["--code", "--code=at-once"] {
        let run = with_login(asking).run(&["--wait", "0", code]);
        assert!(run.code == 1 && run.out.contains("and the site does not take the code"), "{run:?}");
    }
}

#[test]
fn a_login_that_nobody_understands_is_told_by_its_status() {
    for (answer, told) in [
        (
            (|| page("404 Not Found", "<html>404.3")) as fn() -> String,
            "its login service is not: status 404 → on IIS",
        ),
        (|| page("405 Method Not Allowed", "<html>405"), "POST to the login service is not allowed: status 405"),
        (|| page("411 Length Required", "<html>411"), "something refuses the request's form: status 411"),
        (|| page("302 Found", ""), "a web page or a redirect came"),
        (|| page("200 OK", ""), "a web page or a redirect came"),
        (|| "HTTP/1.1 204 No Content\r\n\r\n".into(), "the answer says nothing that is known: status 204"),
    ] {
        let run = with_login(answer).run(&["--wait", "0"]);
        assert!(run.code == 1 && run.out.contains(told), "{told}: {run:?}");
    }
}

#[test]
fn a_host_in_other_letters_is_told_how_to_be_written() {
    let run = Ill::at("https://приклад.example").run(&[]);
    assert!(run.code == 1 && run.out.contains("write the host as DNS has it, in ASCII (xn--…)"), "{run:?}");
}

#[test]
fn servers_that_answer_otherwise() {
    assert_all(CASES);
}
