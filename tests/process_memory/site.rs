//! A site whose ticket and tokens are known.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

pub const TICKET: &str = "5E0BC61F9A37D248A1F36C09B57E824D60CB19FE73A852D40E96BF13C7A8254D";
pub const CSRF: &str = "qZ8.xV2/kM5yH9wT3nB7.c";
pub const TOKEN: &str = "eJ3kYw8Tq5Zr1Xv9Lm4Np7Bs2Df6Gh0Kc";

/// Its URL.
pub fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || serve(client));
        }
    });
    url
}

/// Answers each request by its path.
fn serve(mut client: TcpStream) -> io::Result<()> {
    let mut received = Vec::new();
    loop {
        let mut piece = [0; 1024];
        let len = client.read(&mut piece)?;
        if len == 0 {
            return Ok(());
        }
        received.extend_from_slice(&piece[..len]);
        if is_whole(&received) {
            client.write_all(answer(&String::from_utf8_lossy(&received)).as_bytes())?;
            received.clear();
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split_once("Content-Length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn answer(request: &str) -> String {
    let (lines, body) = if request.contains("/AuthService.svc/Login ") {
        let cookies = format!("Set-Cookie: .ASPXAUTH={TICKET}; path=/\r\nSet-Cookie: BPMCSRF={CSRF}; path=/\r\n");
        (cookies, r#"{"Code":0}"#.to_owned())
    } else if request.contains("/connect/token ") {
        (String::new(), format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer"}}"#))
    } else {
        (String::new(), "{}".to_owned())
    };
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{lines}Content-Length: {length}\r\n\r\n{body}")
}
