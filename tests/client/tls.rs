//! TLS by the transport of `examples/tokio`: what is verified, and how a connection ends.

#[path = "../../examples/tokio/tls.rs"]
mod transport;

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use creatio_auth::client::Error;
use creatio_auth::client::asynch::Client;
use creatio_auth::client::transports::Kept;
use creatio_auth::{Call, CallVerdict, Credentials, OwnedSession, Path, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use transport::Tls;

const PATIENCE: Duration = Duration::from_secs(10);

fn trusting(certificate: &[u8]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate).unwrap()).unwrap();
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

fn on_tokio<R>(work: impl Future<Output = R>) -> R {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn signs_in_calls_renews_and_logs_out_over_tls() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let url = emulator.url();
    let (mut memory, mut buffer) = ([0; 4096], [0; 200]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let config = trusting(emulator.certificate_pem().unwrap().as_bytes());
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    on_tokio(async {
        let mut client = Client::new(&mut session, Tls::new(config, PATIENCE), &mut buffer);
        let call = Call::post(Path::site("/odata/Contact").unwrap()).with_json(br#"{"Name":"Ann"}"#);
        for _ in 0..3 {
            let answer = client.call_renewed(&call, &who).await.unwrap().answer().await.unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine);
            emulator.expire_sessions();
        }
        client.logout().await.unwrap();
    });
    assert_eq!((emulator.counters().logins, emulator.counters().writes), (3, 3));
}

#[test]
fn a_client_for_each_request_goes_on_over_one_tls_connection() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let mut session = OwnedSession::new(Site::parse(&emulator.url(), Runtime::NetFramework).unwrap(), 4096);
    let mut connection = Kept::new(Tls::new(trusting(emulator.certificate_pem().unwrap().as_bytes()), PATIENCE));
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    on_tokio(async {
        for _ in 0..9 {
            let (mut session, mut buffer) = (session.lend(), [0; 200]);
            let mut client = Client::new(&mut session, &mut connection, &mut buffer);
            let call = Call::get(Path::site("/odata/Contact").unwrap());
            let answer = client.call_renewed(&call, &who).await.unwrap().answer().await.unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine);
        }
    });
    assert_eq!((emulator.counters().connections, emulator.counters().logins), (1, 1));
}

#[test]
fn a_certificate_of_another_authority_is_refused_before_anything_is_sent() {
    let [emulator, other] = [(); 2].map(|()| Emulator::start(Options { tls: true, ..Options::default() }).unwrap());
    let url = emulator.url();
    let (mut memory, mut buffer) = ([0; 4096], [0; 200]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let config = trusting(other.certificate_pem().unwrap().as_bytes());
    on_tokio(async {
        let mut client = Client::new(&mut session, Tls::new(config, PATIENCE), &mut buffer);
        let error = client.login(&Credentials::borrowed("Supervisor", "Supervisor")).await.map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Connect(_)), "{error}");
    });
    assert_eq!(emulator.counters().logins, 0);
}

/// A site that says how each of its connections has ended: by `close_notify`, or cut off.
fn watching_site() -> (String, String, mpsc::Receiver<io::Result<usize>>) {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from_pem_slice(signed.signing_key.serialize_pem().as_bytes()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![signed.cert.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (tell, ends) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut buffer = [0; 4096];
            let end = loop {
                match stream.read(&mut buffer) {
                    Ok(len) if len > 0 => {
                        let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nSet-Cookie: .ASPXAUTH=t; path=/\r\n\r\n{\"Code\":0}";
                        stream.write_all(reply).unwrap();
                    }
                    end => break end,
                }
            };
            let _ = tell.send(end);
        }
    });
    (url, signed.cert.pem(), ends)
}

#[test]
fn a_connection_ends_by_close_notify_where_the_client_can_wait_for_it() {
    let (url, certificate, ends) = watching_site();
    let (mut memory, mut buffer) = ([0; 1024], [0; 1024]);
    let mut session = Session::new(Site::parse(&url, Runtime::Net).unwrap(), &mut memory);
    on_tokio(async {
        let mut client = Client::new(&mut session, Tls::new(trusting(certificate.as_bytes()), PATIENCE), &mut buffer);
        let who = Credentials::borrowed("Supervisor", "hunter2");
        let signed_in =
            async |client: &mut Client<'_, '_, Tls>| client.login(&who).await.unwrap().verdict.is_authenticated();
        let next = || ends.recv_timeout(PATIENCE).unwrap();
        assert!(signed_in(&mut client).await);
        client.disconnect().await;
        assert_eq!(next().unwrap(), 0, "a disconnection");
        assert!(signed_in(&mut client).await && signed_in(&mut client).await);
        assert_eq!(next().unwrap(), 0, "another connection");
        client.logout().await.unwrap();
        assert_eq!(next().unwrap(), 0, "a log-out");
        assert!(signed_in(&mut client).await);
        drop(client);
        assert_eq!(next().unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "nobody waited");
    });
}
