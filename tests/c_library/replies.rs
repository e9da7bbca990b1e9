//! The example against servers that answer as no emulator does.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use crate::program::{is_error, login};

/// A server that answers each connection with one reply and closes it; it hands back the requests.
fn serve(address: &str, replies: Vec<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind(address).expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let answer = move |reply: Vec<u8>| {
        let (mut stream, _) = listener.accept().expect("the example connects");
        let request = read_request(&mut stream);
        // The example may have gone: its exit code tells.
        let _ = stream.write_all(&reply);
        request
    };
    (url, thread::spawn(move || replies.into_iter().map(answer).collect()))
}

/// Head and body, by the length in the head.
fn read_request(stream: &mut TcpStream) -> String {
    let (mut request, mut byte) = (String::new(), [0]);
    let is_complete = |request: &str| {
        let Some((head, body)) = request.split_once("\r\n\r\n") else {
            return false;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        body.len() == length.map_or(0, |length| length.parse().expect("a number"))
    };
    while !is_complete(&request) && stream.read(&mut byte).expect("the request can be read") == 1 {
        request.push(char::from(byte[0]));
    }
    request
}

const CLOSING_LOGIN: &str = "HTTP/1.0 200 OK\r\nSet-Cookie: .ASPXAUTH=t; path=/\r\n\r\n{\"Code\":0}";

#[test]
fn the_example_connects_again_where_the_site_closes_the_connection() {
    for address in ["127.0.0.1:0", "[::1]:0"] {
        if TcpListener::bind(address).is_err() {
            println!("{address} is not to be had: it is left out");
            continue;
        }
        let replies = [CLOSING_LOGIN, "HTTP/1.0 200 OK\r\n\r\nto the close"].map(Vec::from);
        let (url, server) = serve(address, replies.into());
        let result = login(&[&url, "Supervisor", "net", "/data"]);
        assert_eq!(result.code, Some(0), "{result:?}");
        assert!(result.stdout.ends_with("GET /data\nto the close\nstatus: 200\n"), "{result:?}");
        let requests = server.join().expect("the server has served");
        assert!(requests[0].ends_with("{\"UserName\":\"Supervisor\",\"UserPassword\":\"Supervisor\"}"));
        assert!(requests[1].starts_with("GET /data HTTP/1.1\r\n"), "{requests:?}");
        assert!(requests[1].contains("\r\nCookie: .ASPXAUTH=t\r\n"), "{requests:?}");
    }
}

#[test]
fn the_example_tells_what_is_wrong_with_a_reply() {
    let cut_off = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_owned();
    for (reply, advice) in [
        (String::new(), "is not known (CREATIO_ERR_CLOSED_EARLY)"),
        (cut_off, "is not known (CREATIO_ERR_CLOSED_EARLY)"),
        ("SSH-2.0-OpenSSH_9.2\r\n".to_owned(), "check the URL's port (CREATIO_ERR_HTTP_STATUS_LINE)"),
        // What a TLS server sends who has received no ClientHello.
        ("\x15\x03\x01\0\x02\x02\x46".to_owned(), "this port speaks TLS; use https:// for it (CREATIO_ERR_HTTP_TLS)"),
        (
            "HTTP/1.1 200 OK\r\nX-Any: \0\r\n\r\n".to_owned(),
            "(CREATIO_ERR_HTTP_CONTROL_CHARACTER)\nlogin: it was in the field X-Any",
        ),
        (
            "HTTP/1.0 200 OK\r\n\r\nhello".to_owned(),
            "is there a Creatio site at this URL? (CREATIO_ERR_JSON_MALFORMED)",
        ),
    ] {
        let (url, server) = serve("127.0.0.1:0", vec![reply.into_bytes()]);
        is_error(&login(&[&url, "Supervisor", "net"]), advice);
        server.join().expect("the server has served");
    }
}

/// As nginx answers who speaks plain HTTP to a port for https.
#[test]
fn the_example_names_https_where_a_proxy_has_a_page_for_that() {
    let page = "<html>\r\n<body>The plain HTTP request was sent to HTTPS port</body>\r\n</html>\r\n";
    let reply = format!("HTTP/1.0 400 Bad Request\r\nContent-Type: text/html\r\n\r\n{page}");
    let (url, server) = serve("127.0.0.1:0", vec![reply.into_bytes()]);
    let result = login(&[&url, "Supervisor", "net"]);
    assert!(result.code == Some(1) && result.stdout.contains("URL, http or https included)"), "{result:?}");
    server.join().expect("the server has served");
}

#[test]
fn the_example_takes_no_login_page_for_a_health_check() {
    let page =
        "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<form action=\"/Login/NuiLogin.aspx?ReturnUrl=%2f\">";
    let no = "HTTP/1.0 404 Not Found\r\n\r\n";
    let busy = "HTTP/1.0 503 Busy\r\nRetry-After: 11\r\n\r\n";
    let (url, server) = serve("127.0.0.1:0", [page, no, page, busy].map(Vec::from).into());
    is_error(
        &login(&[&url, "Supervisor"]),
        "the site does not say which runtime it has (HTTP status 503); try again later, or",
    );
    let requests = server.join().expect("the server has served");
    let targets: Vec<_> = requests.iter().filter_map(|request| request.split(' ').nth(1)).collect();
    let (first, second) = ("/0/api/HealthCheck/Ping", "/api/HealthCheck/Ping");
    assert_eq!(targets, [first, first, second, first]);
}

#[test]
fn the_example_says_how_much_memory_a_reply_takes() {
    let cookies = ["a", "b"].map(|name| format!("Set-Cookie: {name}={}\r\n", "x".repeat(3000))).concat();
    let large = format!("HTTP/1.1 200 OK\r\n{cookies}\r\n{{\"Code\":0}}");
    let (url, server) = serve("127.0.0.1:0", vec![large.into_bytes()]);
    let result = login(&[&url, "Supervisor", "net"]);
    is_error(&result, "memory is too small; give it more (CREATIO_ERR_MEMORY_TOO_SMALL)");
    let needed = result.stderr.split(' ').find_map(|word| word.parse::<usize>().ok());
    assert!(needed.is_some_and(|bytes| (6000..20_000).contains(&bytes)), "{result:?}");
    assert!(result.stderr.contains(" bytes of memory are enough\n"), "{result:?}");
    server.join().expect("the server has served");
}

/// What commands a terminal, or ends a line, is shown as a space, in whatever pieces it comes.
#[test]
fn the_example_passes_no_control_characters_on_to_the_terminal() {
    let body = "\u{1b}[31mred\r\n\u{7f}«\u{9b}32m»\u{a0}Олена";
    let chunks: String = body.chars().map(|c| format!("{:x}\r\n{c}\r\n", c.len_utf8())).collect();
    let bytes = body.bytes().flat_map(|byte| [b"1\r\n", &[byte][..], b"\r\n"].concat()).collect::<Vec<u8>>();
    for chunks in [chunks.into_bytes(), bytes] {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let reply = [&head[..], &chunks, b"0\r\n\r\n"].concat();
        let (url, server) = serve("127.0.0.1:0", vec![CLOSING_LOGIN.into(), reply]);
        let result = login(&[&url, "Ann", "net", "/"]);
        server.join().expect("the server has served");
        assert!(result.stdout.ends_with(" [31mred   «\u{a0}32m»\u{a0}Олена\nstatus: 200\n"), "{result:?}");
    }
}
