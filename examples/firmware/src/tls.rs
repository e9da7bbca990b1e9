//! TLS between client and socket: embedded-tls, TLS 1.3, with a certificate that is verified.
//!
//! What a connection that opens proves: the peer holds the key of a certificate that the given authority has signed itself,
//! by ECDSA with P-256 and SHA-256, for the host of the site's URL and for today.
//!
//! What it does not prove: that the authority has not revoked it. Nor are certificates of authorities in between taken.
//! embedded-tls would take them, but does not look whether they may sign others (the basic constraints of RFC 5280,
//! 4.2.1.9), so that whoever has a certificate for any host could make one for every other.

use embedded_io::{ErrorType, Read, Write};
use embedded_tls::blocking::{CertificateRef, CertificateVerifyRef, TlsConfig, TlsConnection, TlsContext};
use embedded_tls::pki::CertVerifier;
use embedded_tls::{
    Aes128GcmSha256, Certificate, CryptoProvider, CryptoRngCore, TlsCipherSuite, TlsClock, TlsError, TlsVerifier,
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

/// An open connection.
pub struct Tls<'r, S: Read + Write>(TlsConnection<'r, S, Suite>);

impl<'r, S: Read + Write> Tls<'r, S> {
    /// Shakes hands over a connection. `authority` is the certificate of the authority in DER.
    ///
    /// # Errors
    ///
    /// [`TlsError`], [`TlsError::InvalidCertificate`] among them for a peer that is not the right one.
    pub fn open(socket: S, records: &'r mut Records, authority: &[u8], host: &str) -> Result<Self, TlsError> {
        let mut connection = TlsConnection::new(socket, &mut records.read, &mut records.write);
        let config = TlsConfig::new().with_server_name(host);
        let verifier = Verifier(CertVerifier::new(Certificate::X509(authority)));
        connection.open(TlsContext::new(&config, Provider { random: Random::open(), verifier }))?;
        Ok(Tls(connection))
    }
}

impl<S: Read + Write> ErrorType for Tls<'_, S> {
    type Error = TlsError;
}

impl<S: Read + Write> Read for Tls<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TlsError> {
        match self.0.read(buffer) {
            // The peer's close_notify, the end of what it has to say. A connection that is merely cut is another error.
            Err(TlsError::ConnectionClosed) => Ok(0),
            result => result,
        }
    }
}

impl<S: Read + Write> Write for Tls<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, TlsError> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> Result<(), TlsError> {
        self.0.flush()
    }
}
