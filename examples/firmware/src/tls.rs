//! TLS between client and socket: embedded-tls, TLS 1.3, with a certificate that is verified.
//!
//! What a connection that opens proves: the peer holds the key of a certificate that the given authority has signed itself,
//! by ECDSA with P-256 and SHA-256, for the host name of the site's URL (no IP address) and for today.
//!
//! What it does not prove: that the authority has not revoked it. Nor are certificates of authorities in between taken.
//! embedded-tls would take them, but does not look whether they may sign others (the basic constraints of RFC 5280,
//! 4.2.1.9), so that whoever has a certificate for any host could make one for every other.

use creatio_auth::Site;
use creatio_auth::client::transports::lending::{self, Lender, Line};
use creatio_auth::client::{asynch, blocking};
use embedded_io::{Error as _, ErrorKind};
use embedded_tls::pki::CertVerifier;
use embedded_tls::{
    Aes128GcmSha256, Certificate, CertificateRef, CertificateVerifyRef, CryptoProvider, CryptoRngCore,
    TlsCipherSuite, TlsClock, TlsConfig, TlsConnection, TlsContext, TlsError, TlsVerifier,
};

use crate::random::Random;
use crate::semihosting;

/// A record as long as TLS allows, and what encryption adds to it (RFC 8446, 5.2).
const RECORD: usize = 16_640;
/// Long enough for the first message, which has the host's name in it, and for most requests.
const OWN_RECORD: usize = 2_048;
/// The longest certificate that the site may send.
const CERTIFICATE: usize = 2_048;

type Suite = Aes128GcmSha256;

/// Memory for one connection.
pub struct Records {
    read: [u8; RECORD],
    write: [u8; OWN_RECORD],
}

impl Records {
    pub const fn new() -> Self {
        Records { read: [0; RECORD], write: [0; OWN_RECORD] }
    }
}

impl Default for Records {
    fn default() -> Self {
        Self::new()
    }
}

/// Today, by the host. A board of one's own asks a clock that it keeps, or NTP.
struct HostClock;

impl TlsClock for HostClock {
    fn now() -> Option<u64> {
        Some(semihosting::unix_seconds())
    }
}

/// Verifies the one certificate that the authority has signed.
struct Verifier<'a>(CertVerifier<'a, Suite, HostClock, CERTIFICATE>);

impl TlsVerifier<Suite> for Verifier<'_> {
    fn set_hostname_verification(&mut self, host: &str) -> Result<(), TlsError> {
        TlsVerifier::<Suite>::set_hostname_verification(&mut self.0, host)
    }

    fn verify_certificate(
        &mut self,
        transcript: &<Suite as TlsCipherSuite>::Hash,
        certificates: CertificateRef<'_>,
    ) -> Result<(), TlsError> {
        if certificates.entries.len() != 1 {
            return Err(TlsError::InvalidCertificate);
        }
        self.0.verify_certificate(transcript, certificates)
    }

    fn verify_signature(&mut self, signature: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        self.0.verify_signature(signature)
    }
}

struct Provider<'a> {
    random: Random,
    verifier: Verifier<'a>,
}

impl<'a> Provider<'a> {
    fn new(authority: &'a [u8]) -> Self {
        Provider { random: Random::open(), verifier: Verifier(CertVerifier::new(Certificate::X509(authority))) }
    }
}

impl CryptoProvider for Provider<'_> {
    type CipherSuite = Suite;
    type Signature = &'static [u8]; // of a client's certificate, which there is none of

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.random
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Suite>, TlsError> {
        Ok(&mut self.verifier)
    }
}

/// What makes connections of TLS over those of another transport, for the asynchronous client: each borrows the records.
pub struct Tls<'a, T> {
    tcp: T,
    records: &'a mut Records,
    authority: &'a [u8],
}

/// The same for the blocking client.
pub struct BlockingTls<'a, T>(Tls<'a, T>);

impl<'a, T> Tls<'a, T> {
    /// `authority` is the certificate of the authority, in DER.
    pub fn new(tcp: T, records: &'a mut Records, authority: &'a [u8]) -> Self {
        Tls { tcp, records, authority }
    }

    /// Over a transport that blocks.
    pub fn blocking(self) -> BlockingTls<'a, T> {
        BlockingTls(self)
    }
}

impl<T: asynch::Transport> Lender for Tls<'_, T> {
    type Error = TlsError;

    async fn serve(&mut self, site: &Site<'_>, line: Line<'_, TlsError>) -> Result<(), TlsError> {
        check(site)?;
        let socket =
            lending::Socket::connect(&mut self.tcp, site).await.map_err(|error| TlsError::Io(error.kind()))?;
        let mut tls = TlsConnection::new(&socket, &mut self.records.read, &mut self.records.write);
        let config = TlsConfig::new().with_server_name(site.host());
        tls.open(TlsContext::new(&config, Provider::new(self.authority))).await?;
        line.serve(&mut tls, async |_| socket.is_open().await, is_end).await;
        let _ = tls.close().await; // tells the peer if it still listens
        Ok(())
    }
}

impl<T: blocking::Transport> Lender for BlockingTls<'_, T> {
    type Error = TlsError;

    async fn serve(&mut self, site: &Site<'_>, line: Line<'_, TlsError>) -> Result<(), TlsError> {
        check(site)?;
        let Tls { tcp, records, authority } = &mut self.0;
        let socket = lending::blocking::Socket::connect(tcp, site).map_err(|error| TlsError::Io(error.kind()))?;
        let mut tls = embedded_tls::blocking::TlsConnection::new(&socket, &mut records.read, &mut records.write);
        let config = TlsConfig::new().with_server_name(site.host());
        tls.open(TlsContext::new(&config, Provider::new(authority)))?;
        line.serve_blocking(&mut tls, |_| socket.is_open(), is_end).await;
        let _ = tls.close();
        Ok(())
    }
}

/// A site of `http` would be spoken to by TLS on its port.
fn check(site: &Site<'_>) -> Result<(), TlsError> {
    if site.is_https() { Ok(()) } else { Err(TlsError::Io(ErrorKind::Unsupported)) }
}

/// Whether it is the peer's close_notify, the end of what it has to say. A connection that is merely cut is another error.
fn is_end(error: &TlsError) -> bool {
    matches!(error, TlsError::ConnectionClosed)
}
