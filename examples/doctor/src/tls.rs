//! TLS as it is trusted, and as it is only looked at.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ALL_VERSIONS, ClientConfig, ClientConnection, DigitallySignedStruct, Error, ProtocolVersion, RootCertStore,
    SignatureScheme, SupportedProtocolVersion,
};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::line::{Line, Socket};

/// Trusts the certificates of a file, or those of the platform. In the error is what is wrong with them.
pub fn config(ca: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let Some(ca) = ca else {
        let builder = builder.with_platform_verifier().map_err(|error| error.to_string())?;
        return Ok(Arc::new(builder.with_no_client_auth()));
    };
    let told = |error: &dyn std::fmt::Display| format!("--ca {}: {error}", ca.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).map_err(|error| told(&error))? {
        let certificate = certificate.map_err(|error| told(&error))?;
        roots.add(certificate).map_err(|error| told(&error))?;
    }
    if roots.is_empty() {
        return Err(told(&"no certificate in PEM is in it"));
    }
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// What a handshake has come to.
pub struct Handshake {
    /// The protocol's name.
    pub version: &'static str,
    /// The cipher suite.
    pub suite: String,
}

/// Shakes hands, and says nothing.
pub fn shake_hands(line: &Line, config: &Arc<ClientConfig>) -> io::Result<Handshake> {
    let mut socket = Socket::connect(line.address, line.timeout)?;
    let mut client = ClientConnection::new(config.clone(), line.server_name()?).map_err(io::Error::other)?;
    while client.is_handshaking() {
        client.complete_io(&mut socket)?;
    }
    let version = match client.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS 1.3",
    };
    let suite = client.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str()).unwrap_or("?");
    Ok(Handshake { version, suite: suite.to_owned() })
}

/// A looker, and a configuration that it looks by.
pub type Looking = (Arc<Looker>, Arc<ClientConfig>);

/// Trusts anybody, so that what is wrong with somebody can be told. Nothing secret goes over such a connection.
#[derive(Debug)]
pub struct Looker {
    provider: CryptoProvider,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl Looker {
    /// A looker, and a configuration that it looks by.
    pub fn new() -> Looking {
        Self::of(ring::default_provider(), ALL_VERSIONS)
    }

    /// The same by what every small stack has: one version, and the curve P-256 (secp256r1).
    pub fn of_a_small_stack(version: &'static SupportedProtocolVersion) -> Looking {
        let kx_groups = vec![ring::kx_group::SECP256R1];
        Self::of(CryptoProvider { kx_groups, ..ring::default_provider() }, &[version])
    }

    fn of(provider: CryptoProvider, versions: &[&'static SupportedProtocolVersion]) -> Looking {
        let looker = Arc::new(Looker { provider: provider.clone(), chain: Mutex::default() });
        let config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(versions)
            .expect("the provider has cipher suites for both versions")
            .dangerous()
            .with_custom_certificate_verifier(looker.clone())
            .with_no_client_auth();
        (looker, Arc::new(config))
    }

    /// The certificates that the server has sent, its own first.
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain.lock().expect("no holder panics").clone()
    }
}

impl ServerCertVerifier for Looker {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificates = std::iter::once(end_entity).chain(intermediates);
        *self.chain.lock().expect("no holder panics") =
            certificates.map(|certificate| certificate.clone().into_owned()).collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
