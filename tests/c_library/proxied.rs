//! The example through a real nginx in front of the emulator, as real sites have it.

use std::num::NonZeroUsize;

use creatio_emulator::Options;

use crate::nginx::Nginx;
use crate::program::{is_error, login, shows_contacts, start, tls_login};

#[test]
#[ignore = "needs nginx; run by cargo xtask test"]
fn the_example_signs_in_through_nginx() {
    for (name, chunk_size, settings) in [
        ("c-http10", None, ""), // how nginx asks upstream unless told otherwise
        ("c-http11", None, "proxy_http_version 1.1; proxy_set_header Connection '';"),
        ("c-chunked", NonZeroUsize::new(1), "proxy_http_version 1.1; proxy_buffering off;"),
        ("c-close", None, "keepalive_timeout 0;"),
    ] {
        let emulator = start(Options { chunk_size, base_path: "/App".into(), ..Options::default() });
        let nginx = Nginx::before(&emulator, name, settings);
        shows_contacts(&login(&[&format!("http://{}/App", nginx.address()), "Supervisor"]));
        let counters = emulator.counters();
        assert_eq!((counters.logins, counters.calls), (1, 1), "{name}");
    }
}

#[test]
#[ignore = "needs nginx, make and libssl-dev; run by cargo xtask test"]
fn the_example_signs_in_through_nginx_over_tls() {
    let emulator = start(Options::default());
    let (nginx, certificate) = Nginx::before_over_tls(&emulator, "c-tls", "");
    let url = format!("https://{}", nginx.address());
    is_error(&tls_login(&[&url, "Supervisor"], None), "SSL_CERT_FILE");
    shows_contacts(&tls_login(&[&url, "Supervisor"], Some(&certificate)));
    let counters = emulator.counters();
    assert_eq!((counters.logins, counters.calls), (1, 1));
}
