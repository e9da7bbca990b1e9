//! Servers of TLS whose certificates, or whose protocol, are wrong in one way each.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use creatio_doctor::Cause;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::case::{Case, Ill, assert_all};
use crate::scripted::{Scripted, bytes_at_once};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// A file in cargo's own directory for such, whose name is the test's own.
pub fn pem_file(name: &str, pem: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("doctor-{name}.pem"));
    fs::write(&path, pem).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn authority(name: &str) -> Authority {
    authority_by(name, KeyPair::generate().unwrap())
}

fn authority_by(name: &str, key: KeyPair) -> Authority {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, key).unwrap()
}

fn for_here() -> CertificateParams {
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "127.0.0.1");
    params
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: &KeyPair,
    client_authority: Option<&Authority>,
) -> Arc<ServerConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let builder = match client_authority {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    Arc::new(builder.with_single_cert(chain, private(key)).unwrap())
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()))
}

fn healthy(_: &str) -> String {
    let date = httpdate::fmt_http_date(SystemTime::now());
    format!("HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 4\r\n\r\nPong")
}

/// A site with a certificate by these parameters, of an authority that is trusted.
fn with(name: &str, params: CertificateParams, answer: fn(&str) -> String) -> Ill {
    let (authority, key) = (authority("Example Authority"), KeyPair::generate().unwrap());
    let certificate = params.signed_by(&key, &authority).unwrap();
    let server = Scripted::over_tls(config(vec![certificate.der().clone()], &key, None), answer);
    Ill::at(server.url()).with(&["--ca", &pem_file(name, &authority.pem())]).keeping(server)
}

/// A site with a certificate for this key, of an authority that is trusted.
fn with_key(name: &str, key: &KeyPair) -> Ill {
    let authority = authority("Example Authority");
    let certificate = for_here().signed_by(key, &authority).unwrap();
    let server = Scripted::over_tls(config(vec![certificate.der().clone()], key, None), healthy);
    Ill::at(server.url()).with(&["--ca", &pem_file(name, &authority.pem())]).keeping(server)
}

/// A site that shows a chain, where another authority is trusted.
fn showing(name: &str, chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Ill {
    let server = Scripted::over_tls(config(chain, key, None), healthy);
    Ill::at(server.url()).with(&["--ca", &pem_file(name, &authority("Trusted Authority").pem())]).keeping(server)
}

pub const CASES: &[Case] = &[
    Case {
        title: "A certificate that has signed itself",
        check: "TLS",
        cause: Cause::CertificateSelfSigned,
        ill: || {
            let key = KeyPair::generate().unwrap();
            showing("self-signed", vec![for_here().self_signed(&key).unwrap().der().clone()], &key)
        },
    },
    Case {
        title: "A certificate of an authority that nobody trusts",
        check: "TLS",
        cause: Cause::CertificateUntrusted,
        ill: || {
            let (root, key) = (authority("Company Root"), KeyPair::generate().unwrap());
            let mut params = CertificateParams::new([]).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params.distinguished_name.push(DnType::CommonName, "Company Issuer");
            let between = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &root).unwrap();
            let own = for_here().signed_by(&key, &between).unwrap();
            showing("untrusted", vec![own.der().clone(), between.der().clone()], &key)
        },
    },
    Case {
        title: "A server that keeps the certificate in the middle of the chain to itself",
        check: "TLS",
        cause: Cause::ChainIncomplete,
        ill: || {
            let (between, key) = (authority("Example Issuer R3"), KeyPair::generate().unwrap());
            showing("chain", vec![for_here().signed_by(&key, &between).unwrap().der().clone()], &key)
        },
    },
    Case {
        title: "A certificate for another host",
        check: "TLS",
        cause: Cause::CertificateOtherHost,
        ill: || with("host", CertificateParams::new(["crm.example.com".to_owned()]).unwrap(), healthy),
    },
    Case {
        title: "A certificate that has expired",
        check: "TLS",
        cause: Cause::CertificateExpired,
        ill: || {
            let mut params = for_here();
            params.not_after = date_time_ymd(2001, 1, 1);
            with("expired", params, healthy)
        },
    },
    Case {
        title: "A certificate that is not valid yet",
        check: "TLS",
        cause: Cause::CertificateNotYetValid,
        ill: || {
            let mut params = for_here();
            (params.not_before, params.not_after) = (date_time_ymd(2048, 1, 1), date_time_ymd(2049, 1, 1));
            with("not-yet", params, healthy)
        },
    },
    Case {
        title: "A machine whose clock is years ahead",
        check: "TLS",
        cause: Cause::ClockWrong,
        ill: || {
            let mut params = for_here();
            params.not_after = date_time_ymd(2001, 1, 1);
            let answer = |_: &str| {
                "HTTP/1.1 200 OK\r\nDate: Sat, 01 Jul 2000 12:00:00 GMT\r\nContent-Length: 4\r\n\r\nPong".to_owned()
            };
            with("clock", params, answer)
        },
    },
    Case {
        title: "A machine whose clock is years behind, as that of a device without a battery",
        check: "TLS",
        cause: Cause::ClockWrong,
        ill: || {
            let mut params = for_here();
            (params.not_before, params.not_after) = (date_time_ymd(2048, 1, 1), date_time_ymd(2049, 1, 1));
            let answer = |_: &str| {
                "HTTP/1.1 200 OK\r\nDate: Wed, 01 Jul 2048 12:00:00 GMT\r\nContent-Length: 4\r\n\r\nPong".to_owned()
            };
            with("clock-behind", params, answer)
        },
    },
    Case {
        title: "An authority's certificate in the place of a server's own",
        check: "TLS",
        cause: Cause::CertificateOfAuthority,
        ill: || {
            let mut params = for_here();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let key = KeyPair::generate().unwrap();
            let certificate = params.self_signed(&key).unwrap();
            let server = Scripted::over_tls(config(vec![certificate.der().clone()], &key, None), healthy);
            Ill::at(server.url()).with(&["--ca", &pem_file("authority", &certificate.pem())]).keeping(server)
        },
    },
    Case {
        title: "A certificate for clients in the place of a server's",
        check: "TLS",
        cause: Cause::CertificateOther,
        ill: || {
            let mut params = for_here();
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            with("purpose", params, healthy)
        },
    },
    Case {
        title: "A certificate that few small TLS stacks know, by Ed25519",
        check: "chain",
        cause: Cause::HeavyTls,
        ill: || {
            let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
            with_key("ed25519", &key)
        },
    },
    Case {
        title: "A server that wants a certificate of the client",
        check: "HTTP",
        cause: Cause::ClientCertificateWanted,
        ill: || {
            let (authority, key) = (authority("Example Authority"), KeyPair::generate().unwrap());
            let certificate = for_here().signed_by(&key, &authority).unwrap();
            let config = config(vec![certificate.der().clone()], &key, Some(&authority));
            let server = Scripted::over_tls(config, healthy);
            Ill::at(server.url()).with(&["--ca", &pem_file("client", &authority.pem())]).keeping(server)
        },
    },
    Case {
        title: "A server that speaks no TLS from 1.2 on",
        check: "TLS",
        cause: Cause::TlsVersion,
        // The alert protocol_version (RFC 5246, 7.2), as OpenSSL sends it.
        ill: || bytes_at_once("https", b"\x15\x03\x01\x00\x02\x02\x46"),
    },
    Case {
        title: "A server that takes none of the cipher suites",
        check: "TLS",
        cause: Cause::TlsRefused,
        ill: || {
            // It signs by ECDSA, and has suites with RSA alone.
            let cipher_suites = vec![ring::cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256];
            let provider = CryptoProvider { cipher_suites, ..ring::default_provider() };
            let builder = ServerConfig::builder_with_provider(Arc::new(provider));
            let builder = builder.with_protocol_versions(&[&rustls::version::TLS12]).unwrap().with_no_client_auth();
            let key = KeyPair::generate().unwrap();
            let certificate = for_here().self_signed(&key).unwrap();
            let config = builder.with_single_cert(vec![certificate.der().clone()], private(&key)).unwrap();
            let server = Scripted::over_tls(Arc::new(config), healthy);
            Ill::at(server.url()).keeping(server)
        },
    },
    Case {
        title: "A firewall that ends the handshake",
        check: "TLS",
        cause: Cause::TlsBroken,
        ill: || bytes_at_once("https", b""),
    },
    Case {
        title: "Something else than TLS",
        check: "TLS",
        cause: Cause::NotHttp,
        ill: || bytes_at_once("https", b"SSH-2.0-OpenSSH_9.2\r\n"),
    },
    Case {
        title: "A file of certificates without any",
        check: "TLS",
        cause: Cause::NoTrust,
        ill: || {
            let ill = bytes_at_once("https", b"");
            ill.with(&["--ca", &pem_file("none", "no certificate\n")])
        },
    },
];

#[test]
fn certificates_and_protocols_that_do_not_hold() {
    assert_all(CASES);
}

#[test]
fn a_server_that_has_tls_1_2_alone_is_well_and_is_told_of() {
    let (authority, key) = (authority("Example Authority"), KeyPair::generate().unwrap());
    let certificate = for_here().signed_by(&key, &authority).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_protocol_versions(&[&rustls::version::TLS12]).unwrap().with_no_client_auth();
    let config = builder.with_single_cert(vec![certificate.der().clone()], private(&key)).unwrap();
    let server = Scripted::over_tls(Arc::new(config), healthy);
    let run = Ill::at(server.url()).run(&["--ca", &pem_file("tls12", &authority.pem())]);
    assert!(run.code == 0 && run.out.contains("✓ TLS            TLS 1.2, "), "{run:?}");
    assert!(run.out.contains("a device needs a TLS library that has 1.2"), "{run:?}");
    assert!(run.out.contains("TLS 1.2 alone by the curve P-256"), "{run:?}");
    assert!(run.out.contains("embedded-tls does not take it: it has TLS 1.3 by P-256 alone"), "{run:?}");
}

/// Keys and signatures of a server, of the authority between and of the root, as small stacks have to know them.
#[test]
fn what_a_small_stack_has_to_have_for_a_chain_is_told() {
    let key = |algorithm| KeyPair::generate_for(algorithm).unwrap();
    let run_with = |name: &str, of_root, of_between, own: KeyPair| {
        let root = authority_by("Example Root", key(of_root));
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.distinguished_name.push(DnType::CommonName, "Example Issuer");
        let between = CertifiedIssuer::signed_by(params, key(of_between), &root).unwrap();
        let certificate = for_here().signed_by(&own, &between).unwrap();
        let chain = vec![certificate.der().clone(), between.der().clone()];
        let len = 8 + chain.iter().map(|certificate| certificate.len() + 5).sum::<usize>();
        let server = Scripted::over_tls(config(chain, &own, None), healthy);
        let ill = Ill::at(server.url()).with(&["--ca", &pem_file(name, &root.pem())]).keeping(server);
        let run = ill.run(&[]);
        assert!(run.out.contains(&format!("2 certificates of {len} bytes in all: ")), "{run:?}");
        assert!(run.out.contains("TLS 1.3 and 1.2 by the curve P-256"), "{run:?}");
        run
    };
    let p256 = &rcgen::PKCS_ECDSA_P256_SHA256;
    let run = run_with("small", p256, p256, key(p256));
    assert!(run.out.contains("ECDSA P-256 signed by ECDSA with SHA-256, ECDSA P-256 signed by"), "{run:?}");
    assert!(run.out.contains("A small TLS stack has to have ECDSA P-256, SHA-256, and room for"), "{run:?}");
    assert!(run.code == 0 && run.out.contains("embedded-tls takes it with its feature `rustpki`"), "{run:?}");
    let run = run_with("mixed", &rcgen::PKCS_ECDSA_P384_SHA384, p256, key(&rcgen::PKCS_ECDSA_P384_SHA384));
    assert!(run.out.contains("has to have ECDSA P-384, ECDSA P-256, SHA-256, SHA-384,"), "{run:?}");
    assert!(run.out.contains("with its features `rustpki` and `p384`"), "{run:?}");
}
