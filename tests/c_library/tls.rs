//! The example over TLS: whom it trusts.

use std::fs;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use creatio_emulator::{Emulator, Options};

use crate::build::{ROOT, archive, cc, compiler, libraries, make, run, scratch, succeed};
use crate::program::{is_error, is_good, start, tls_login, tls_programs, with_password};
use crate::trickling;

/// A TLS emulator, and a file with its authority's certificate.
pub fn start_tls(name: &str) -> (Emulator, PathBuf) {
    let emulator = start(Options { tls: true, ..Options::default() });
    let file = scratch("certificates").join(name);
    let certificate = emulator.certificate_pem().expect("it speaks TLS");
    fs::write(&file, certificate).expect("it can be written");
    (emulator, file)
}

#[test]
#[ignore = "needs make and libssl-dev; run by cargo xtask test"]
fn the_example_signs_in_over_tls() {
    let (emulator, ca) = start_tls("good");
    is_good(&tls_login(&[&emulator.url(), "Supervisor"], Some(&ca)), &emulator);
    let (emulator, ca) = start_tls("name");
    let by_name = emulator.url().replace("127.0.0.1", "localhost");
    is_good(&tls_login(&[&by_name, "Supervisor"], Some(&ca)), &emulator);
    let plain = start(Options::default());
    is_good(&tls_login(&[&plain.url(), "Supervisor"], None), &plain);
}

#[test]
#[ignore = "needs make and libssl-dev; run by cargo xtask test"]
fn the_example_trusts_no_other_authority() {
    let (emulator, _) = start_tls("site");
    let (_other, wrong) = start_tls("other");
    let advice = "if you trust it, let SSL_CERT_FILE name a PEM file with its authority";
    for trusted in [None, Some(&*wrong), Some(Path::new(ROOT)), Some(Path::new("/nowhere"))] {
        is_error(&tls_login(&[&emulator.url(), "Supervisor"], trusted), advice);
    }
    assert_eq!(emulator.counters().logins, 0);
}

/// Passes one connection to 127.0.0.2 on to the emulator, whose certificate does not name that address.
fn forward(to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.2:0").expect("all of 127.0.0.0/8 is loopback");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        let (client, _) = listener.accept().expect("the example connects");
        let site = TcpStream::connect(to).expect("the emulator listens");
        let pass = |mut from: TcpStream, mut to: TcpStream| {
            // Either side may end the connection at any time.
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        };
        let twin = |stream: &TcpStream| stream.try_clone().expect("there are file descriptors left");
        let (client_twin, site_twin) = (twin(&client), twin(&site));
        thread::spawn(move || pass(client_twin, site_twin));
        pass(site, client);
    });
    address
}

#[test]
#[ignore = "needs make and libssl-dev; run by cargo xtask test"]
fn the_example_wants_the_certificate_of_its_host() {
    let (emulator, ca) = start_tls("host");
    let address = forward(emulator.address());
    let result = tls_login(&[&format!("https://{address}"), "Supervisor"], Some(&ca));
    is_error(&result, "no TLS with 127.0.0.2: IP address mismatch");
    is_error(&result, "write the URL with a host that the certificate names");
    assert_eq!(emulator.counters().logins, 0);
}

#[test]
#[ignore = "needs make and libssl-dev; run by cargo xtask test"]
fn the_example_tells_http_from_https() {
    let plain = start(Options::default());
    let https = plain.url().replace("http:", "https:");
    is_error(&tls_login(&[&https, "Supervisor"], None), "does the port speak https?");
    let (emulator, _) = start_tls("http");
    let http = emulator.url().replace("https:", "http:");
    let result = tls_login(&[&http, "Supervisor"], None);
    assert_eq!(result.code, Some(2), "{result:?}");
    assert_eq!(emulator.counters().logins, 0);
}

#[test]
#[ignore = "needs make and libssl-dev; run by cargo xtask test"]
fn an_answer_that_comes_too_slowly_is_given_up_in_the_middle_of_a_handshake() {
    let (emulator, ca) = start_tls("slow");
    let output = with_password(tls_programs().join("login-tls"), "p")
        .env("SSL_CERT_FILE", ca)
        .env("CREATIO_TIMEOUT", "1")
        .args([&format!("https://{}", trickling::proxy(emulator.address())), "Supervisor", "net"])
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("no answer in time"), "{told}");
}

/// The examples with another TLS library, which knows its peers by name alone.
#[test]
#[ignore = "needs make and libmbedtls-dev; run by cargo xtask test"]
fn the_examples_speak_tls_by_mbedtls_as_well() {
    let scratch = scratch("mbedtls");
    make(&["TLS=mbedtls", &format!("LIBDIR={}", libraries().display())], &scratch);
    let command = |example: &str, url: &str, trusted: Option<&Path>| {
        let mut command = with_password(scratch.join(example), "Supervisor");
        command.args([url, "Supervisor", "net-framework"]).env_remove("CREATIO_SNAPSHOT");
        command.envs(trusted.map(|file| ("SSL_CERT_FILE", file)));
        command
    };
    let by_name = |emulator: &Emulator| emulator.url().replace("127.0.0.1", "localhost");
    let (emulator, ca) = start_tls("mbedtls");
    is_good(&run(&mut command("login-tls", &by_name(&emulator), Some(&ca))), &emulator);
    let result = run(&mut command("session-tls", &by_name(&emulator), Some(&ca)));
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    assert!(result.stdout.ends_with("\nlog out   done\n"), "{result:?}");

    let (untrusted, _) = start_tls("mbedtls-untrusted");
    let advice = "if you trust it, let SSL_CERT_FILE name a PEM file with its authority";
    for trusted in [None, Some(&*ca), Some(Path::new("/nowhere"))] {
        is_error(&run(&mut command("login-tls", &by_name(&untrusted), trusted)), advice);
    }
    let (other, ca) = start_tls("mbedtls-address");
    let by_address = format!("https://{}", forward(other.address()));
    is_error(&run(&mut command("login-tls", &by_address, Some(&ca))), "a host name that the certificate names");
    assert_eq!((untrusted.counters().logins, other.counters().logins), (0, 0));
    let plain = start(Options::default());
    let https = plain.url().replace("http://127.0.0.1", "https://localhost");
    is_error(&run(&mut command("login-tls", &https, None)), "does the port speak https?");
}

/// Were it ignored or ended by a signal, the program would not say so itself.
#[test]
#[ignore = "needs libssl-dev and libmbedtls-dev; run by cargo xtask test"]
fn the_transport_leaves_the_signals_of_its_process_alone() {
    let scratch = scratch("signals");
    for (library, flags) in
        [("openssl", &["-lssl", "-lcrypto"][..]), ("mbedtls", &["-lmbedtls", "-lmbedx509", "-lmbedcrypto"])]
    {
        let program = scratch.join(library);
        let mut compile = compiler(&cc(), "c99");
        compile
            .arg("-DWITH_TLS")
            .arg(format!("-I{ROOT}/examples/c"))
            .arg(Path::new(ROOT).join("tests/c_library/signals.c"));
        let sources = ["transport".to_owned(), format!("tls_{library}")];
        compile.args(sources.map(|name| Path::new(ROOT).join(format!("examples/c/{name}.c"))));
        succeed(compile.arg(archive()).args(flags).arg("-o").arg(&program));
        let (emulator, ca) = start_tls(library);
        let mut command = Command::new(program);
        let port = emulator.address().port().to_string();
        let result = run(command.arg(port).env("SSL_CERT_FILE", ca));
        assert_eq!((result.code, &*result.stdout), (Some(0), "sending has failed, and nothing else\n"), "{result:?}");
    }
}
