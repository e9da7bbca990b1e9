//! A real nginx in front of the emulator, as real sites have it.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use creatio_emulator::Emulator;

/// An nginx with a directory of its own; it ends with this value.
pub struct Nginx {
    process: Child,
    port: u16,
}

impl Nginx {
    /// Passes requests on to the emulator; `settings` are of its `location` block.
    pub fn before(emulator: &Emulator, name: &str, settings: &str) -> Self {
        Self::start(&directory(name), "", &proxy_to(emulator, settings))
    }

    /// The same behind TLS. The certificate of the file holds for `localhost` and 127.0.0.1.
    pub fn before_over_tls(emulator: &Emulator, name: &str, settings: &str) -> (Self, PathBuf) {
        let directory = directory(name);
        let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certified = rcgen::generate_simple_self_signed(hosts).unwrap();
        let certificate = directory.join("certificate.pem");
        fs::write(&certificate, certified.cert.pem()).unwrap();
        fs::write(directory.join("key.pem"), certified.signing_key.serialize_pem()).unwrap();
        let files = "ssl_certificate certificate.pem; ssl_certificate_key key.pem;";
        let server = format!("{files} {}", proxy_to(emulator, settings));
        (Self::start(&directory, "ssl", &server), certificate)
    }

    /// With what its `server` block is to say beside `listen`, whose parameters are `ssl` or none.
    #[allow(dead_code)] // each test file is a crate of its own and uses a part of this
    pub fn serving(name: &str, parameters: &str, server: &str) -> Self {
        Self::start(&directory(name), parameters, server)
    }

    /// Host and port.
    pub fn address(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Starts it with what its `server` block is to say beside `listen`.
    fn start(directory: &Path, listen: &str, server: &str) -> Self {
        let port = free_port();
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
            .arg(directory)
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

/// One that nobody else is given: those that the system gives begin at 32768.
fn free_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + u16::try_from(process::id() % 1_000).unwrap() * 10;
    let ports = std::iter::repeat_with(|| start + TAKEN.fetch_add(1, Ordering::Relaxed) % 2_000);
    ports.into_iter().find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}

/// A directory for the files of one nginx.
fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("nginx").join(name);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn proxy_to(emulator: &Emulator, settings: &str) -> String {
    format!("location / {{ proxy_pass http://{}; proxy_set_header Host $http_host; {settings} }}", emulator.address())
}
