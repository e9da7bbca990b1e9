//! Certificates that the example does not take, and whether it says why.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::program::{login_to, temporary_file};

const LOGIN: &str = "HTTP/1.1 200 OK\r\nSet-Cookie: .ASPXAUTH=t; path=/\r\nContent-Length: 10\r\n\r\n{\"Code\":0}";

/// A site that shows this certificate and lets everybody in.
fn site(certificate: CertificateDer<'static>, key: &KeyPair) -> SocketAddr {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
            // One whom the certificate does not please has gone by now.
            if std::io::Read::read(&mut stream, &mut [0; 2000]).is_ok() {
                let _ = std::io::Write::write_all(&mut stream, LOGIN.as_bytes());
            }
        }
    });
    address
}

fn params(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

fn run(address: SocketAddr, file: &str, pem: &str) -> crate::program::Run {
    let ca = temporary_file(file, pem);
    login_to(&format!("https://{address}"), "x", &["--runtime", "net", "--ca", &ca])
}

#[test]
fn a_certificate_that_signed_itself_is_taken_where_it_is_no_authority_and_the_reason_is_told_where_it_is() {
    let key = KeyPair::generate().unwrap();
    let of_its_own = params("127.0.0.1").self_signed(&key).unwrap();
    let taken = run(site(of_its_own.der().clone(), &key), "own.pem", &of_its_own.pem());
    assert!(taken.out.contains("verdict   Authenticated"), "{taken}");

    let mut params = params("127.0.0.1");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap();
    let refused = run(site(authority.der().clone(), &key), "authority.pem", &authority.pem());
    assert!(refused.code == 2 && refused.err.contains("basicConstraints CA:TRUE"), "{refused}");
    assert!(refused.err.contains("even if --ca names it") && !refused.out.contains("verdict"), "{refused}");
}

#[test]
fn a_certificate_of_another_authority_or_another_host_or_of_long_ago_is_told_from_the_others() {
    let mut ca = params("authority");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(ca.clone(), KeyPair::generate().unwrap()).unwrap();
    let same_name = CertifiedIssuer::self_signed(ca.clone(), KeyPair::generate().unwrap()).unwrap();
    ca.distinguished_name.push(DnType::CommonName, "Another");
    let other = CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap();
    let mut expired = params("127.0.0.1");
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let key = KeyPair::generate().unwrap();
    for (params, signer, told) in [
        (params("127.0.0.1"), &authority, ""),
        (params("127.0.0.1"), &same_name, "signed by none of those in the file that --ca names"),
        (params("127.0.0.1"), &other, "signed by none of those in the file that --ca names"),
        (params("crm.example.com"), &authority, "for another host"),
        (expired, &authority, "expired"),
    ] {
        let certificate = params.signed_by(&key, signer).unwrap();
        let run = run(site(certificate.der().clone(), &key), "signer.pem", &authority.pem());
        assert_eq!(run.out.contains("verdict   Authenticated"), told.is_empty(), "{run}");
        assert!(run.err.contains(told) || told.is_empty(), "{run}");
    }
    let certificate = params("127.0.0.1").signed_by(&key, &authority).unwrap();
    let address = site(certificate.der().clone(), &key);
    let run = login_to(&format!("https://{address}"), "x", &["--runtime", "net"]);
    assert!(run.code == 2 && run.err.contains("if you trust it, give it with --ca"), "{run}");
}
