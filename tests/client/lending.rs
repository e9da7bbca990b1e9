//! Connections that borrow from what makes them: by embedded-tls, whose records stand in memory that is lent, without `unsafe`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use creatio_auth::client::Error;
use creatio_auth::client::asynch::{Client, Transport};
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::embedded_io_async_07::{Error as _, Write as _};
use creatio_auth::client::transports::lending::{Lender, Lent, Line, Socket, blocking, lend};
use creatio_auth::client::transports::{std_net, tokio_1};
use creatio_auth::{Call, CallVerdict, Credentials, Path, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};
use embedded_tls::pki::CertVerifier;
use embedded_tls::{
    Aes128GcmSha256, Certificate, CryptoProvider, CryptoRngCore, TlsClock, TlsConfig, TlsConnection, TlsContext,
    TlsError, TlsVerifier,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::transports::Noted;

/// Makes connections of TLS over this transport, whose records stand in its own memory, one after the other.
pub struct Tls<'a, T> {
    tcp: T,
    authority: &'a [u8],
    read: [u8; 16_640],
    write: [u8; 4_096],
    closed: usize,
}

impl<'a, T> Tls<'a, T> {
    pub fn new(tcp: T, authority: &'a [u8]) -> Self {
        Tls { tcp, authority, read: [0; 16_640], write: [0; 4_096], closed: 0 }
    }
}

pub fn is_end(error: &TlsError) -> bool {
    matches!(error, TlsError::ConnectionClosed)
}

/// Longer than anything takes here.
pub const PATIENCE: Duration = Duration::from_secs(30);

struct Clock;

impl TlsClock for Clock {
    fn now() -> Option<u64> {
        SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|time| time.as_secs())
    }
}

struct Provider<'a>(CertVerifier<'a, Aes128GcmSha256, Clock, 2_048>, rand_core::OsRng);

impl CryptoProvider for Provider<'_> {
    type CipherSuite = Aes128GcmSha256;
    type Signature = &'static [u8];

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.1
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, TlsError> {
        Ok(&mut self.0)
    }
}

impl<T: Transport> Lender for Tls<'_, T> {
    type Error = TlsError;

    async fn serve(&mut self, site: &Site<'_>, line: Line<'_, TlsError>) -> Result<(), TlsError> {
        let socket = Socket::connect(&mut self.tcp, site).await.map_err(|error| TlsError::Io(error.kind()))?;
        let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
            TlsConnection::new(&socket, &mut self.read, &mut self.write);
        let config = TlsConfig::new().with_server_name(site.host());
        let verifier = CertVerifier::new(Certificate::X509(self.authority));
        tls.open(TlsContext::new(&config, Provider(verifier, rand_core::OsRng))).await?;
        line.serve(&mut tls, async |_| socket.is_open().await, is_end).await;
        self.closed += 1;
        tls.close().await.map(|_| ()).map_err(|(_, error)| error)
    }
}

pub fn on_tokio<R>(work: impl Future<Output = R>) -> R {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn create() -> Call<'static> {
    Call::post(Path::site("/odata/Contact").unwrap()).with_json(br#"{"Name":"Ann"}"#)
}

/// A client over embedded-tls that trusts this authority.
fn with_tls<R>(
    emulator: &Emulator,
    authority: &str,
    work: impl AsyncFnOnce(&mut Client<'_, '_, Lent<'_, TlsError>>) -> R,
) -> (R, usize) {
    let url = emulator.url().replace("127.0.0.1", "localhost");
    let authority = CertificateDer::from_pem_slice(authority.as_bytes()).unwrap();
    let mut tls = Tls::new(tokio_1::Tcp::new(PATIENCE), &authority);
    let (mut memory, mut buffer) = ([0; 4096], [0; 700]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let result = on_tokio(lend(&mut tls, async |transport| {
        work(&mut Client::new(&mut session, transport, &mut buffer)).await
    }));
    (result, tls.closed)
}

#[test]
fn one_connection_after_the_other_borrows_the_same_memory() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    let ((), closed) = with_tls(&emulator, emulator.certificate_pem().unwrap(), async |client| {
        for _ in 0..3 {
            let answer = client.call_renewed(&create(), &who).await.unwrap().answer().await.unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine);
            let mut reply = client.call(&Call::get(Path::site("/odata/Contact").unwrap())).await.unwrap();
            assert!(reply.read_to_end(&mut [0; 20_000]).await.unwrap().len() > 100);
            drop(reply);
            emulator.expire_sessions();
        }
        client.logout().await.unwrap();
    });
    assert_eq!((emulator.counters().logins, emulator.counters().writes), (3, 3));
    assert!(closed >= 3, "each that was closed in order has told so: {closed}");
}

#[test]
fn what_is_given_up_halfway_is_cut_off_and_the_next_exchange_connects_anew() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    with_tls(&emulator, emulator.certificate_pem().unwrap(), async |client| {
        assert!(client.login(&who).await.unwrap().verdict.is_authenticated());
        for micros in [0, 50, 200, 1000, 3000, 10_000] {
            let _ = tokio::time::timeout(Duration::from_micros(micros), client.call(&create())).await.map(drop);
            let answer = client.call(&Call::ping()).await.unwrap().answer().await.unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine, "{micros}");
        }
    });
}

#[test]
fn a_connection_that_is_cut_off_has_no_end_in_order_and_the_next_one_is_made() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let url = emulator.url().replace("127.0.0.1", "localhost");
    let site = Site::parse(&url, Runtime::NetFramework).unwrap();
    let authority = CertificateDer::from_pem_slice(emulator.certificate_pem().unwrap().as_bytes()).unwrap();
    let mut tls = Tls::new(tokio_1::Tcp::new(PATIENCE), &authority);
    on_tokio(lend(&mut tls, async |mut transport| {
        transport.connect(&site).await.unwrap();
        transport.disconnect();
        assert!(!transport.is_open().await);
        transport.close().await; // there is nothing to close
        transport.flush().await.unwrap(); // nor to send
        transport.connect(&site).await.unwrap();
        let _ = transport.is_open().await; // before an exchange: the site's tickets for later connections may be there unread
        transport.close().await;
        transport.close().await; // as it is
    }));
    assert_eq!(tls.closed, 1);
}

/// Lends connections that do nothing. To one host none is ever made, and none stands that has served.
#[derive(Default)]
struct Idle {
    blocks: bool,
    served: Vec<String>,
}

impl Lender for Idle {
    type Error = ErrorKind;

    async fn serve(&mut self, site: &Site<'_>, line: Line<'_, ErrorKind>) -> Result<(), ErrorKind> {
        if site.host() == "nowhere.example.com" {
            std::future::pending::<()>().await;
        }
        self.served.push(site.host().to_owned());
        if self.blocks {
            line.serve_blocking(&mut Noted::default(), |_| false, |_| false).await;
        } else {
            line.serve(&mut Noted::default(), async |_| false, |_| false).await;
        }
        Ok(())
    }
}

#[test]
fn a_connection_is_made_anew_where_the_one_before_was_given_up_before_there_was_any_or_stands_no_more() {
    let [nowhere, here] =
        ["http://nowhere.example.com", "http://here.example.com"].map(|url| Site::parse(url, Runtime::Net).unwrap());
    let mut idle = Idle::default();
    let work = lend(&mut idle, async |mut transport| {
        assert!(tokio::time::timeout(Duration::from_millis(1), transport.connect(&nowhere)).await.is_err());
        transport.disconnect();
        transport.connect(&here).await.unwrap();
        assert!(!transport.is_open().await);
    });
    on_tokio(async { tokio::time::timeout(Duration::from_secs(10), work).await.unwrap() });
    assert_eq!(idle.served, ["here.example.com"]);

    use creatio_auth::client::blocking::Transport as _;
    blocking::lend(&mut Idle { blocks: true, ..idle }, |mut transport| {
        transport.connect(&here).unwrap();
        assert!(!transport.is_open());
    });
}

#[test]
fn a_certificate_of_another_authority_is_refused_before_anything_is_sent() {
    let [emulator, other] = [(); 2].map(|()| Emulator::start(Options { tls: true, ..Options::default() }).unwrap());
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    with_tls(&emulator, other.certificate_pem().unwrap(), async |client| {
        for _ in 0..2 {
            let error = client.login(&who).await.map(|_| ()).unwrap_err();
            assert!(
                matches!(error, Error::Connect(TlsError::InvalidCertificate | TlsError::InvalidSignature)),
                "{error:?}"
            );
            assert!(!format!("{:?}", error.kind()).is_empty());
        }
    });
    assert_eq!(emulator.counters().logins, 0);
}

/// The same by what blocks.
pub struct Blocking<'a>(pub Tls<'a, std_net::Tcp>);

impl Lender for Blocking<'_> {
    type Error = TlsError;

    async fn serve(&mut self, site: &Site<'_>, line: Line<'_, TlsError>) -> Result<(), TlsError> {
        let Tls { tcp, authority, read, write, closed } = &mut self.0;
        let socket = blocking::Socket::connect(tcp, site).map_err(|error| TlsError::Io(error.kind().into()))?;
        let mut tls: embedded_tls::blocking::TlsConnection<'_, _, Aes128GcmSha256> =
            embedded_tls::blocking::TlsConnection::new(&socket, read, write);
        let config = TlsConfig::new().with_server_name(site.host());
        let verifier = CertVerifier::new(Certificate::X509(authority));
        tls.open(TlsContext::new(&config, Provider(verifier, rand_core::OsRng)))?;
        line.serve_blocking(&mut tls, |_| socket.is_open(), is_end).await;
        *closed += 1;
        tls.close().map(|_| ()).map_err(|(_, error)| error)
    }
}

/// Such a lender, and the site that it is for.
fn blocking_tls<R>(
    emulator: &Emulator,
    authority: &str,
    work: impl FnOnce(&Site<'_>, blocking::Lent<'_, TlsError>) -> R,
) -> (R, usize) {
    let url = emulator.url().replace("127.0.0.1", "localhost");
    let site = Site::parse(&url, Runtime::NetFramework).unwrap();
    let authority = CertificateDer::from_pem_slice(authority.as_bytes()).unwrap();
    let mut tls = Blocking(Tls::new(std_net::Tcp::new(PATIENCE), &authority));
    let result = blocking::lend(&mut tls, |transport| work(&site, transport));
    (result, tls.0.closed)
}

#[test]
fn the_blocking_client_borrows_as_well_one_connection_after_the_other() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    let ((), closed) = blocking_tls(&emulator, emulator.certificate_pem().unwrap(), |site, transport| {
        let (mut memory, mut buffer) = ([0; 4096], [0; 700]);
        let mut session = Session::new(*site, &mut memory);
        let mut client = creatio_auth::client::blocking::Client::new(&mut session, transport, &mut buffer);
        for _ in 0..3 {
            let answer = client.call_renewed(&create(), &who).unwrap().answer().unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine);
            let mut reply = client.call(&Call::get(Path::site("/odata/Contact").unwrap())).unwrap();
            assert!(reply.read_to_end(&mut [0; 20_000]).unwrap().len() > 100);
            drop(reply); // halfway, since its end was not asked for: cut off
            emulator.expire_sessions();
        }
        assert_eq!(client.call_renewed(&Call::ping(), &who).unwrap().answer().unwrap().verdict, CallVerdict::Fine);
        let kept = emulator.counters().connections;
        assert_eq!(client.call(&Call::ping()).unwrap().answer().unwrap().verdict, CallVerdict::Fine);
        assert_eq!(emulator.counters().connections, kept, "a connection that stands is used again");
        client.logout().unwrap();
    });
    assert_eq!((emulator.counters().logins, emulator.counters().writes), (4, 3));
    assert!(closed >= 3, "each that was closed in order has told so: {closed}");
}

#[test]
fn what_lends_to_the_blocking_client_tells_what_there_is_not() {
    use creatio_auth::client::blocking::Transport as _;
    use creatio_auth::client::embedded_io_07::{Read as _, Write as _};
    let [emulator, other] = [(); 2].map(|()| Emulator::start(Options { tls: true, ..Options::default() }).unwrap());
    let ((), closed) = blocking_tls(&emulator, emulator.certificate_pem().unwrap(), |site, mut transport| {
        assert!(format!("{transport:?}").contains("is_connected: false"));
        transport.connect(site).unwrap();
        assert!(format!("{transport:?}").contains("is_connected: true"));
        transport.disconnect();
        transport.disconnect();
        assert!(!transport.is_open());
        transport.close(); // there is nothing to close
        transport.flush().unwrap(); // nor to send
        assert!(matches!(transport.read(&mut [0; 8]), Ok(0)));
        transport.connect(site).unwrap();
        transport.close();
        transport.close(); // as it is
    });
    assert_eq!(closed, 1);
    let (error, _) = blocking_tls(&emulator, other.certificate_pem().unwrap(), |site, mut transport| {
        assert!(transport.connect(site).is_err(), "and once more");
        transport.connect(site).unwrap_err()
    });
    assert!(matches!(error, TlsError::InvalidCertificate | TlsError::InvalidSignature), "{error:?}");
    assert_eq!(emulator.counters().logins, 0);
}
