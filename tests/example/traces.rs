//! What `--trace` and messages show of replies that are none, or that were made to be shown.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::program::{Run, login_to, run_with};

const SECRET: &str = "5EC4E7";

/// Signs in to a server that answers each connection with this and then closes it.
fn login(reply: &str, more: &[&str]) -> Run {
    let url = serve(reply.replace("SECRET", SECRET));
    login_to(&url, "p", &[&["--runtime", "net"], more].concat())
}

fn serve(reply: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let reply = reply.clone();
            thread::spawn(move || {
                // The whole request first, so that closing resets nothing.
                let (mut buffer, mut request) = ([0; 4096], vec![]);
                while !request.windows(4).any(|end| end == b"\r\n\r\n")
                    || request.starts_with(b"POST") && request.ends_with(b"\r\n\r\n")
                {
                    match stream.read(&mut buffer) {
                        Ok(len @ 1..) => request.extend_from_slice(&buffer[..len]),
                        _ => break,
                    }
                }
                let _ = stream.write_all(reply.as_bytes());
            });
        }
    });
    url
}

#[test]
fn the_trace_hides_tickets_by_the_bytes_whatever_is_wrong_with_the_reply() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let body = "Content-Length: 10\r\n\r\n{\"Code\":0}";
    for reply in [
        format!("{ok}Set-Cookie: .ASPXAUTH=SECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie: .ASPXAUTH=SECRET; path=/\n{body}"),
        format!("{ok}Server: x\nSet-Cookie: t=SECRET; path=/\r\n{body}"),
        "HTTP/1.1 200 OK\nSet-Cookie: t=SECRET\nContent-Length: 10\n\n{\"Code\":0}".to_owned(),
        format!("{ok}Server: x\rSet-Cookie: t=SECRET\r\n{body}"),
        format!("{ok}Server: x\x0BSet-Cookie: t=SECRET\r\n{body}"),
        format!("{ok}Set-Cookie : t=SECRET\r\n{body}"),
        format!("{ok}Set-Cookie\t: t=SECRET\r\n{body}"),
        format!("{ok} Set-Cookie: t=SECRET\r\n{body}"),
        format!("{ok}Set-Cookie t=SECRET\r\n{body}"),
        format!("{ok}Set-Cookie: t=x\0SECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie:\r\n t=SECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie: t=a\r\n\tSECRET\r\n SECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie: t=a\n SECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie: t=a\nSECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie: t=a; path=/, .ASPXAUTH=SECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie: t=a; path=/, u=SECRET; path=/\r\n{body}"),
        format!("{ok}Set-Cookie: SECRET\r\n{body}"),
        format!("{ok}X-Set-Cookie: t=SECRET\r\n{body}"),
        format!("{ok}X-Seen: a .ASPXAUTH=SECRET\r\n{body}"),
        format!("{ok}BPMCSRF: SECRET\r\n{body}"),
        format!("{ok}Authorization: Bearer SECRET\r\n{body}"),
        format!("{ok}Set-Cookie: t=SECRET"),
        format!("{ok}Transfer-Encoding: chunked\r\n\r\na\r\n{{\"Code\":0}}\r\n0\r\nSet-Cookie: t=SECRET\r\n\r\n"),
        format!(
            "{ok}Transfer-Encoding: chunked\r\n\r\na\r\n{{\"Code\":0}}\r\n0\r\nX: y\nSet-Cookie: t=SECRET\r\n\r\n"
        ),
        format!("{ok}{body}HTTP/1.1 200 OK\r\nSet-Cookie: t=SECRET\r\n{body}"),
        format!("{ok}{body}SECRET"),
        format!("HTTP/1.1 103 Early\r\nSet-Cookie: t=SECRET\r\n\r\n{ok}Set-Cookie: .ASPXAUTH=SECRET\r\n{body}"),
        format!("HTTP/1.1 103 Early\nSet-Cookie: t=SECRET\n\n{ok}Set-Cookie: .ASPXAUTH=SECRET\r\n{body}"),
        format!("{ok}\r\n{{\"Code\":0}}\r\nHTTP/1.1 200 OK\r\nSet-Cookie: t=SECRET\r\n\r\n"),
    ] {
        let run = login(&reply, &["--trace"]);
        assert!(run.out.contains("< HTTP/1.1 "), "{}: {run}", reply.escape_debug());
        for output in [&run.out, &run.err] {
            assert!(!output.contains(SECRET), "{}: {run}", reply.escape_debug());
        }
        let is_behind_the_end = reply.contains("{\"Code\":0}HTTP") || reply.ends_with("SECRET");
        assert!(is_behind_the_end || run.out.contains("*** ("), "{}: {run}", reply.escape_debug());
    }
}

#[test]
fn the_trace_shows_what_is_no_secret_in_a_reply_that_is_one() {
    let run = login(
        "HTTP/1.1 200 OK\r\nServer: x\r\nSet-Cookie: t=SECRET; path=/; HttpOnly; expires=Mon, 22 Nov 2027 00:52:54 GMT\r\n\
         Content-Length: 24\r\n\r\n{\"Code\":1,\"Message\":\"M\"}",
        &["--trace"],
    );
    for shown in [
        "< Server: x\n",
        "< Set-Cookie: t=*** (6 bytes); path=/; HttpOnly; expires=Mon, 22 Nov 2027 00:52:54 GMT\n",
        "< {\"Code\":1,\"Message\":\"M\"}\n",
    ] {
        assert!(run.out.contains(shown), "lacks {shown:?}: {run}");
    }
}

#[test]
fn the_trace_hides_a_token_behind_a_head_that_is_none() {
    let token = "{\"access_token\":\"SECRET\",\"token_type\":\"Bearer\"}".replace("SECRET", SECRET);
    let length = format!("Content-Length: {}", token.len());
    for reply in [
        format!("HTTP/1.1 200 OK\r\n{length}\r\n\r\n{token}"),
        format!("HTTP/1.1 200 OK\n{length}\n\n{token}"),
        format!("HTTP/1.1 200 OK\r\nA : b\r\n{length}\r\n\r\n{token}"),
        format!("HTTP/1.1 200 OK\n\n{}", &token[..20]),
        format!("HTTP/1.1 200 OK\r\n\r\n<html>{token}"),
        format!("HTTP/1.1 200 OK\r\n\r\n{token}HTTP/1.1 200 OK\r\n\r\n{token}"),
    ] {
        // What the site answers to the call after it is the user's to see.
        let (url, identity) = (serve("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".into()), serve(reply.clone()));
        let arguments =
            ["--url", &url, "--identity-url", &identity, "--client-id", "id", "--runtime", "net", "--trace"];
        let run = run_with("oauth", &arguments, "CREATIO_CLIENT_SECRET", Some("s"));
        assert!(run.out.contains("< HTTP/1.1 "), "{}: {run}", reply.escape_debug());
        for output in [&run.out, &run.err] {
            assert!(!output.contains(SECRET), "{}: {run}", reply.escape_debug());
        }
    }
}

#[test]
fn a_message_of_the_site_stays_on_its_line() {
    let message = "No.\\r\\nverdict   Authenticated: signed in\\n\\u0085\\u001b[2Jcookies   .ASPXAUTH";
    let body = format!("{{\"Code\":1,\"Message\":\"{message}\"}}");
    let run = login(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()), &[]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.out.contains("message   No.  verdict   Authenticated"), "{run}");
    for start in ["verdict   ", "cookies   "] {
        assert_eq!(run.out.lines().filter(|line| line.starts_with(start)).count(), 1, "{run}");
    }
    let others = |c: char| c.is_control() && c != '\n';
    assert!(!run.out.contains(others), "{run}");
}
