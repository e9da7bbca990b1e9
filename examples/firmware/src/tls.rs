//! TLS between client and socket: embedded-tls, TLS 1.3, with a certificate that is verified.
//!
//! What a connection that opens proves: the peer holds the key of a certificate that the given authority has signed itself,
//! by ECDSA with P-256 and SHA-256, for the host name of the site's URL (no IP address) and for today.
//!
//! What it does not prove: that the authority has not revoked it. Nor are certificates of authorities in between taken.
//! embedded-tls would take them, but does not look whether they may sign others (the basic constraints of RFC 5280,
//! 4.2.1.9), so that whoever has a certificate for any host could make one for every other.

use core::cell::RefCell;

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport as _;
use creatio_auth::client::transports::lending::{Lender, Line};
use embedded_io::{Error as _, ErrorKind, ErrorType, Read, Write};
use embedded_tls::blocking::{CertificateRef, CertificateVerifyRef, TlsConfig, TlsConnection, TlsContext};
use embedded_tls::pki::CertVerifier;
use embedded_tls::{
    Aes128GcmSha256, Certificate, CryptoProvider, CryptoRngCore, TlsCipherSuite, TlsClock, TlsError, TlsVerifier,
};

use crate::ethernet::Controller;
use crate::random::Random;
use crate::semihosting;
use crate::socket::{Socket, SocketError};

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

/// A socket, and TLS around it: each connection borrows the records.
pub struct Tls<'a, C: Controller + 'static> {
    socket: RefCell<Socket<C>>,
    records: &'a mut Records,
    authority: &'a [u8],
}

impl<'a, C: Controller> Tls<'a, C> {
    /// `authority` is the certificate of the authority, in DER.
    pub fn new(socket: Socket<C>, records: &'a mut Records, authority: &'a [u8]) -> Self {
        Tls { socket: RefCell::new(socket), records, authority }
    }
}

impl<C: Controller> Lender for Tls<'_, C> {
    type Error = TlsError;

    async fn serve(&mut self, site: &Site<'_>, line: Line<'_, TlsError>) -> Result<(), TlsError> {
        if !site.is_https() {
            return Err(TlsError::Io(ErrorKind::Unsupported)); // it would be spoken to by TLS on the port of `http`
        }
        let socket = &self.socket;
        let open = Open(socket);
        socket.borrow_mut().open(site).map_err(|error| TlsError::Io(error.kind()))?;
        let Records { read, write } = &mut *self.records;
        let mut connection = Connection(TlsConnection::new(Shared(socket), read, write));
        let config = TlsConfig::new().with_server_name(site.host());
        let verifier = Verifier(CertVerifier::new(Certificate::X509(self.authority)));
        connection.0.open(TlsContext::new(&config, Provider { random: Random::open(), verifier }))?;
        line.serve_blocking(&mut connection, |_| socket.borrow_mut().is_open()).await;
        let _ = connection.0.close(); // tells the peer if it still listens
        drop(open);
        Ok(())
    }
}

/// A socket that may be connected. It is closed also where the connection is cut off, which drops this.
struct Open<'a, C: Controller + 'static>(&'a RefCell<Socket<C>>);

impl<C: Controller> Drop for Open<'_, C> {
    fn drop(&mut self) {
        self.0.borrow_mut().disconnect();
    }
}

/// A connection of TLS whose end reads as one.
struct Connection<'a, C: Controller + 'static>(TlsConnection<'a, Shared<'a, C>, Suite>);

impl<C: Controller> ErrorType for Connection<'_, C> {
    type Error = TlsError;
}

impl<C: Controller> Read for Connection<'_, C> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TlsError> {
        match self.0.read(buffer) {
            // The peer's close_notify, the end of what it has to say. A connection that is merely cut is another error.
            Err(TlsError::ConnectionClosed) => Ok(0),
            result => result,
        }
    }
}

impl<C: Controller> Write for Connection<'_, C> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, TlsError> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> Result<(), TlsError> {
        self.0.flush()
    }
}

/// The socket as TLS has it, while others can still ask whether it is open.
struct Shared<'a, C: Controller + 'static>(&'a RefCell<Socket<C>>);

impl<C: Controller> Clone for Shared<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Controller> Copy for Shared<'_, C> {}

impl<C: Controller> ErrorType for Shared<'_, C> {
    type Error = SocketError;
}

impl<C: Controller> Read for Shared<'_, C> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        self.0.borrow_mut().read(buffer)
    }
}

impl<C: Controller> Write for Shared<'_, C> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, SocketError> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> Result<(), SocketError> {
        self.0.borrow_mut().flush()
    }
}
