//! The example through a real nginx in front of the emulator, as real sites have it.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use creatio_emulator::{Emulator, Options};

use crate::program::login_to;
use crate::{PASSWORD, assert_shows_contacts, emulator};

/// An nginx with a directory of its own; it ends with this value.
struct Nginx {
    process: Child,
    port: u16,
}

impl Nginx {
    /// Starts it with what its `server` block is to say beside `listen`.
    fn start(name: &str, listen: &str, server: &str) -> Self {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&directory).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let configuration = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                server {{ listen 127.0.0.1:{port} {listen}; {server} }}
            }}"
        );
        fs::write(directory.join("nginx.conf"), configuration).unwrap();
        let process = Command::new("nginx")
            .arg("-p")
            .arg(&directory)
            .args(["-c", "nginx.conf", "-e", "stderr"])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed by cargo xtask test");
        let mut nginx = Nginx { process, port };
        for _ in 0..1000 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return nginx;
            }
            if let Some(status) = nginx.process.try_wait().unwrap() {
                panic!("nginx has ended: {status}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("nginx does not listen");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn proxy_to(emulator: &Emulator, more: &str) -> String {
    format!("location / {{ proxy_pass http://{}; proxy_set_header Host $http_host; {more} }}", emulator.address())
}

#[test]
#[ignore = "needs nginx; run by cargo xtask test"]
fn signs_in_through_nginx() {
    for (name, chunk_size, more) in [
        ("nginx-http10", None, ""), // how nginx asks upstream unless told otherwise
        ("nginx-http11", None, "proxy_http_version 1.1; proxy_set_header Connection '';"),
        ("nginx-chunked", std::num::NonZeroUsize::new(1), "proxy_http_version 1.1; proxy_buffering off;"),
        ("nginx-close", None, "keepalive_timeout 0;"),
    ] {
        let emulator = emulator(Options { chunk_size, base_path: "/App".into(), ..Options::default() });
        let nginx = Nginx::start(name, "", &proxy_to(&emulator, more));
        let url = format!("http://127.0.0.1:{}/App", nginx.port);
        assert_shows_contacts(&login_to(&url, PASSWORD, &[]));
        assert_eq!(emulator.counters().calls, 1, "{name}");
    }
}

#[test]
#[ignore = "needs nginx; run by cargo xtask test"]
fn signs_in_through_nginx_over_tls() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("nginx-tls");
    fs::create_dir_all(&directory).unwrap();
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let certificate = directory.join("certificate.pem");
    fs::write(&certificate, certified.cert.pem()).unwrap();
    fs::write(directory.join("key.pem"), certified.signing_key.serialize_pem()).unwrap();

    let emulator = emulator(Options::default());
    let server = format!("ssl_certificate certificate.pem; ssl_certificate_key key.pem; {}", proxy_to(&emulator, ""));
    let nginx = Nginx::start("nginx-tls", "ssl", &server);
    let url = format!("https://localhost:{}", nginx.port);
    assert_shows_contacts(&login_to(&url, PASSWORD, &["--ca", certificate.to_str().unwrap()]));
    assert_eq!(emulator.counters().calls, 1);
    assert_eq!(login_to(&url, PASSWORD, &[]).code, 2, "a certificate that nobody vouches for is refused");
}
