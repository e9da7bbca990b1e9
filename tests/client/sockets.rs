//! Sockets that TLS goes over: other transports, with their deadlines.

use std::io::Read as _;
use std::net::TcpListener;
use std::time::Duration;

use creatio_auth::client::asynch::{Client, Transport as _};
use creatio_auth::client::blocking::Transport as _;
use creatio_auth::client::embedded_io_07::{Error as _, ErrorKind, ErrorType, Read, Write};
use creatio_auth::client::transports::lending::{Lender, Line, Socket, blocking, lend};
use creatio_auth::client::transports::{std_net, tokio_1};
use creatio_auth::{Call, CallVerdict, Credentials, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};
use embedded_tls::TlsError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::lending::{Blocking, PATIENCE, Tls, on_tokio};

#[test]
fn a_kept_connection_of_tls_outlives_the_deadline_of_the_exchange_that_made_it() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let patience = Duration::from_secs(4);
    let url = emulator.url().replace("127.0.0.1", "localhost");
    let authority = CertificateDer::from_pem_slice(emulator.certificate_pem().unwrap().as_bytes()).unwrap();
    let site = Site::parse(&url, Runtime::NetFramework).unwrap();
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    let (mut memory, mut buffer) = ([0; 4096], [0; 700]);
    let mut session = Session::new(site, &mut memory);
    let mut tls = Tls::new(tokio_1::Tcp::new(patience), &authority);
    on_tokio(lend(&mut tls, async |transport| {
        let mut client = Client::new(&mut session, transport, &mut buffer);
        assert!(client.login(&who).await.unwrap().verdict.is_authenticated());
        for _ in 0..2 {
            tokio::time::sleep(patience * 3 / 4).await; // twice is longer than one deadline is
            assert_eq!(client.call(&Call::ping()).await.unwrap().answer().await.unwrap().verdict, CallVerdict::Fine);
        }
    }));
    assert_eq!(emulator.counters().connections, 1);
}

#[test]
fn a_handshake_that_nothing_comes_of_ends_at_the_deadline_and_nothing_but_tls_has_gone_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let site = Site::parse(&url, Runtime::Net).unwrap();
    let patience = Duration::from_millis(200);
    let timed_out = |error: TlsError| assert_eq!(error.kind(), ErrorKind::TimedOut, "{error:?}");
    let mut tls = Tls::new(tokio_1::Tcp::new(patience), &[]);
    on_tokio(lend(&mut tls, async |mut transport| timed_out(transport.connect(&site).await.unwrap_err())));
    let mut tls = Blocking(Tls::new(std_net::Tcp::new(patience), &[]));
    blocking::lend(&mut tls, |mut transport| {
        timed_out(transport.connect(&site).unwrap_err());
    });
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = Vec::new();
        let _ = stream.read_to_end(&mut hello); // it is closed
        assert_eq!(hello.first(), Some(&22), "nothing but TLS has gone over it");
    }
}

#[test]
fn an_end_that_the_peer_has_told_is_one_and_another_error_is_none() {
    for (is_told, expected) in [(true, Ok(0)), (false, Err(ErrorKind::ConnectionReset))] {
        struct Ends(bool);

        impl Lender for Ends {
            type Error = ErrorKind;

            async fn serve(&mut self, _: &Site<'_>, line: Line<'_, ErrorKind>) -> Result<(), ErrorKind> {
                let is_told = self.0;
                line.serve_blocking(&mut Reset, |_| true, |error| is_told && *error == ErrorKind::ConnectionReset)
                    .await;
                Ok(())
            }
        }
        blocking::lend(&mut Ends(is_told), |mut transport| {
            let site = Site::parse("http://here.example.com", Runtime::Net).unwrap();
            transport.connect(&site).unwrap();
            assert_eq!(transport.read(&mut [0; 8]), expected);
        });
    }
}

/// A connection that is reset.
struct Reset;

impl ErrorType for Reset {
    type Error = ErrorKind;
}

impl Read for Reset {
    fn read(&mut self, _: &mut [u8]) -> Result<usize, ErrorKind> {
        Err(ErrorKind::ConnectionReset)
    }
}

impl Write for Reset {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

#[test]
fn a_socket_for_tls_says_nothing_of_what_it_is_made_of() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let site = Site::parse(&url, Runtime::Net).unwrap();
    let mut tcp = std_net::Tcp::new(PATIENCE);
    assert_eq!(format!("{:?}", blocking::Socket::connect(&mut tcp, &site).unwrap()), "Socket { .. }");
    let mut tcp = tokio_1::Tcp::new(PATIENCE);
    on_tokio(async { assert_eq!(format!("{:?}", Socket::connect(&mut tcp, &site).await.unwrap()), "Socket { .. }") });
}
