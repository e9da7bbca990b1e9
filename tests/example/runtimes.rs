//! Which runtime a site has, found out.

use std::io::{Read, Write};
use std::net::TcpListener;

use creatio_emulator::{Options, Runtime};

use crate::program::{login, login_to, run};
use crate::{PASSWORD, assert_shows_contacts, emulator};

#[test]
fn the_site_is_asked_for_its_runtime() {
    let own = login(&[], None);
    assert_shows_contacts(&own);
    assert!(own.out.contains("(runtime NetFramework, by its health check)\n"), "{own}");

    for (runtime, base_path) in [(Runtime::NetFramework, ""), (Runtime::Net, ""), (Runtime::Net, "/App")] {
        let emulator = emulator(Options { runtime, base_path: base_path.into(), ..Options::default() });
        let run = login_to(&emulator.url(), PASSWORD, &[]);
        assert_shows_contacts(&run);
        assert!(run.out.contains(&format!("(runtime {runtime:?}, by its health check)\n")), "{run}");
        let counters = emulator.counters();
        assert_eq!((counters.logins, counters.calls, counters.connections), (1, 1, 1));
    }
}

#[test]
fn a_site_that_answers_neither_health_check_is_left_to_the_user() {
    let emulator = emulator(Options::default());
    let elsewhere = emulator.url() + "/elsewhere";
    for name in ["login", "session", "shared"] {
        let run = run(name, &["--url", &elsewhere, "--user", "Supervisor"], Some(PASSWORD));
        assert!(run.code == 2 && run.err.contains("give --runtime net-framework if"), "{run}");
    }
    assert_eq!(emulator.counters().logins, 0);
}

#[test]
fn a_login_page_with_status_200_answers_no_health_check() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 2000]).unwrap();
            let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Sign in</html>";
            stream.write_all(page.as_bytes()).unwrap();
        }
    });
    let run = login_to(&url, PASSWORD, &[]);
    server.join().unwrap();
    assert!(run.code == 2 && run.err.contains("neither health check"), "{run}");
}
