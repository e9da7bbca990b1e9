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
fn servers_that_answer_otherwise() {
    assert_all(CASES);
}
