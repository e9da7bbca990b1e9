//! What is to be seen of a certificate.

use std::fmt;

use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate, X509Name};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// A certificate.
pub struct Certificate {
    /// The common name of who has issued it; else its organization, or a question mark.
    pub issuer: String,
    /// Whether that is the certificate's own subject.
    pub is_of_itself: bool,
    /// The hosts that it names.
    pub names: Vec<String>,
    /// Whose key it is.
    pub key: Key,
    /// By what it is signed.
    pub signature: Signature,
    /// How many bytes it takes.
    pub len: usize,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// With so many bits.
    Rsa(usize),
    P256,
    P384,
    P521,
    Ed25519,
    /// By its object identifier.
    Other(String),
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The bits of the signer's key, whether it is RSASSA-PSS, and the hash, where the algorithm's name has one.
    Rsa(usize, bool, &'static str),
    Ecdsa(&'static str),
    Ed25519,
    /// By its object identifier.
    Other(String),
}

impl Certificate {
    /// Reads one; none where it is none.
    pub fn of(der: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let issuer = certificate.issuer();
        let names = certificate.subject_alternative_name().ok().flatten();
        let names = names.iter().flat_map(|names| &names.value.general_names).filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            _ => None,
        });
        let bits = certificate.signature_value.data.len() * 8;
        Some(Certificate {
            issuer: name_of(issuer),
            is_of_itself: issuer == certificate.subject(),
            names: names.collect(),
            key: Key::of(certificate.public_key()),
            signature: Signature::of(&certificate.signature_algorithm.algorithm.to_id_string(), bits),
            len: der.len(),
        })
    }
}

fn name_of(name: &X509Name<'_>) -> String {
    let texts = name.iter_common_name().last().or_else(|| name.iter_organization().last());
    texts.and_then(|text| text.as_str().ok()).unwrap_or("?").to_owned()
}

impl Key {
    fn of(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let curve = info.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
        let curve = curve.map(|curve| curve.to_id_string()).unwrap_or_default();
        match info.parsed() {
            Ok(PublicKey::RSA(key)) => {
                let zeros = key.modulus.iter().take_while(|byte| **byte == 0).count();
                Key::Rsa((key.modulus.len() - zeros) * 8)
            }
            Ok(PublicKey::EC(_)) => match curve.as_str() {
                "1.2.840.10045.3.1.7" => Key::P256,
                "1.3.132.0.34" => Key::P384,
                "1.3.132.0.35" => Key::P521,
                _ => Key::Other(curve),
            },
            _ => match info.algorithm.algorithm.to_id_string() {
                identifier if identifier == "1.3.101.112" => Key::Ed25519,
                identifier => Key::Other(identifier),
            },
        }
    }
}

impl Signature {
    fn of(identifier: &str, bits: usize) -> Self {
        match identifier {
            "1.2.840.113549.1.1.5" => Signature::Rsa(bits, false, "SHA-1"),
            "1.2.840.113549.1.1.11" => Signature::Rsa(bits, false, "SHA-256"),
            "1.2.840.113549.1.1.12" => Signature::Rsa(bits, false, "SHA-384"),
            "1.2.840.113549.1.1.13" => Signature::Rsa(bits, false, "SHA-512"),
            "1.2.840.113549.1.1.10" => Signature::Rsa(bits, true, ""),
            "1.2.840.10045.4.3.2" => Signature::Ecdsa("SHA-256"),
            "1.2.840.10045.4.3.3" => Signature::Ecdsa("SHA-384"),
            "1.2.840.10045.4.3.4" => Signature::Ecdsa("SHA-512"),
            "1.3.101.112" => Signature::Ed25519,
            identifier => Signature::Other(identifier.to_owned()),
        }
    }

    /// The hash that a TLS stack has to have for it.
    pub fn hash(&self) -> &'static str {
        match self {
            Signature::Rsa(_, _, hash) | Signature::Ecdsa(hash) => hash,
            Signature::Ed25519 | Signature::Other(_) => "",
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Rsa(bits) => write!(f, "RSA {bits}"),
            Key::P256 => f.write_str("ECDSA P-256"),
            Key::P384 => f.write_str("ECDSA P-384"),
            Key::P521 => f.write_str("ECDSA P-521"),
            Key::Ed25519 => f.write_str("Ed25519"),
            Key::Other(identifier) => write!(f, "a kind of its own ({identifier})"),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signature::Rsa(bits, true, _) => write!(f, "RSA {bits} (RSASSA-PSS)"),
            Signature::Rsa(bits, false, hash) => write!(f, "RSA {bits} with {hash}"),
            Signature::Ecdsa(hash) => write!(f, "ECDSA with {hash}"),
            Signature::Ed25519 => f.write_str("Ed25519"),
            Signature::Other(identifier) => write!(f, "an algorithm of its own ({identifier})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::pem::PemObject;

    use super::*;

    #[test]
    fn a_certificate_by_rsa_is_read() {
        let der = CertificateDer::from_pem_slice(include_bytes!("../tests/data/rsa.pem")).unwrap();
        let certificate = Certificate::of(&der).unwrap();
        assert_eq!((certificate.issuer.as_str(), certificate.is_of_itself), ("Example Organization", true));
        assert_eq!(certificate.names, ["crm.example.com", "*.example.com"]);
        assert_eq!(certificate.key.to_string(), "RSA 2048");
        assert_eq!(certificate.signature.to_string(), "RSA 2048 with SHA-384");
        assert_eq!(certificate.len, der.len());
        assert!(Certificate::of(&CertificateDer::from(&der[..100])).is_none());
    }

    #[test]
    fn what_is_not_known_is_told_by_its_identifier() {
        for (identifier, told) in [
            ("1.2.840.113549.1.1.5", "RSA 4096 with SHA-1"),
            ("1.2.840.113549.1.1.10", "RSA 4096 (RSASSA-PSS)"),
            ("1.2.840.10045.4.3.4", "ECDSA with SHA-512"),
            ("1.3.101.112", "Ed25519"),
            ("2.16.840.1.101.3.4.3.18", "an algorithm of its own (2.16.840.1.101.3.4.3.18)"),
        ] {
            assert_eq!(Signature::of(identifier, 4096).to_string(), told);
        }
        assert_eq!(Key::Other("1.3.101.113".into()).to_string(), "a kind of its own (1.3.101.113)");
    }
}
