//! The example through a real nginx in front of the emulator, as real sites have it.

#[path = "../support/nginx.rs"]
mod helper;

use creatio_emulator::Options;
use helper::Nginx;

use crate::program::login_to;
use crate::{PASSWORD, assert_shows_contacts, emulator};

#[test]
#[ignore = "needs nginx; run by cargo xtask test"]
fn signs_in_through_nginx() {
    for (name, chunk_size, settings) in [
        ("rust-http10", None, ""), // how nginx asks upstream unless told otherwise
        ("rust-http11", None, "proxy_http_version 1.1; proxy_set_header Connection '';"),
        ("rust-chunked", std::num::NonZeroUsize::new(1), "proxy_http_version 1.1; proxy_buffering off;"),
        ("rust-close", None, "keepalive_timeout 0;"),
    ] {
        let emulator = emulator(Options { chunk_size, base_path: "/App".into(), ..Options::default() });
        let nginx = Nginx::before(&emulator, name, settings);
        let url = format!("http://{}/App", nginx.address());
        assert_shows_contacts(&login_to(&url, PASSWORD, &[]));
        assert_eq!(emulator.counters().calls, 1, "{name}");
    }
}

#[test]
#[ignore = "needs nginx; run by cargo xtask test"]
fn signs_in_through_nginx_over_tls() {
    let emulator = emulator(Options::default());
    let (nginx, certificate) = Nginx::before_over_tls(&emulator, "rust-tls", "");
    let url = format!("https://{}", nginx.address());
    assert_shows_contacts(&login_to(&url, PASSWORD, &["--ca", certificate.to_str().unwrap()]));
    assert_eq!(emulator.counters().calls, 1);
    assert_eq!(login_to(&url, PASSWORD, &[]).code, 2, "a certificate that nobody vouches for is refused");

    // It answers with status 400 and a page of its own.
    let run = login_to(&url.replace("https:", "http:"), PASSWORD, &["--runtime", "net-framework"]);
    assert!(run.code == 1 && run.out.contains("check the site's URL, http or https included"), "{run}");
    assert_eq!(emulator.counters().logins, 1);
}
