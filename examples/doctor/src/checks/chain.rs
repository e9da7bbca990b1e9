//! The certificates and the versions of TLS by which small TLS stacks are chosen and set up.

use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};

use crate::cause::Cause;
use crate::certificate::{Certificate, Key, Signature};
use crate::finding::Diagnosis;
use crate::line::Line;
use crate::tls::{self, Looker};
use crate::visit::Visit;

/// So many bytes of certificates fit in what most devices set aside for a record.
const MUCH: usize = 8 * 1024;
/// The longest RSA key that small stacks are set up for.
const LONG: usize = 4096;

/// What a server has, as far as a small stack hangs on it.
struct Seen {
    chain: Vec<Certificate>,
    /// Whether it shakes hands by the curve P-256 alone, which every stack has.
    has_13: bool,
    has_12: bool,
}

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let line = visit.line.as_ref().filter(|line| line.tls.is_some())?;
    let (of_13, of_12) = (look(line, &TLS13), look(line, &TLS12));
    let (has_13, has_12) = (of_13.is_some(), of_12.is_some());
    let chain = of_13.or(of_12).or_else(|| look_at(line, Looker::new()));
    Some(judge(&Seen { chain: chain?, has_13, has_12 }))
}

fn look(line: &Line, version: &'static SupportedProtocolVersion) -> Option<Vec<Certificate>> {
    look_at(line, Looker::of_a_small_stack(version))
}

/// The certificates, if hands are shaken so.
fn look_at(line: &Line, (looker, config): tls::Looking) -> Option<Vec<Certificate>> {
    tls::shake_hands(line, &config).ok()?;
    looker.chain().iter().map(Certificate::of).collect()
}

/// How long the message `Certificate` is (RFC 8446, 4.4.2): lengths stand before the list and each of its members.
fn message_len(chain: &[Certificate]) -> usize {
    8 + chain.iter().map(|certificate| certificate.len + 5).sum::<usize>()
}

fn judge(seen: &Seen) -> Diagnosis {
    let Seen { chain, has_13, has_12 } = seen;
    let len = message_len(chain);
    let many = if chain.len() == 1 { "one certificate".into() } else { format!("{} certificates", chain.len()) };
    let each: Vec<_> =
        chain.iter().map(|certificate| format!("{} signed by {}", certificate.key, certificate.signature)).collect();
    let versions = match (has_13, has_12) {
        (true, true) => "TLS 1.3 and 1.2 by the curve P-256",
        (true, false) => "TLS 1.3 alone by the curve P-256",
        (false, true) => "TLS 1.2 alone by the curve P-256",
        (false, false) => "no TLS by the curve P-256, which is all that some small stacks have",
    };
    let words = format!(
        "{many} of {len} bytes in all: {}; {versions}. A small TLS stack has to have {}, and room for the {len} bytes (in mbedTLS \
         MBEDTLS_SSL_IN_CONTENT_LEN); embedded-tls {}",
        each.join(", "),
        needs(chain),
        embedded_tls(seen),
    );
    match trouble(seen, len) {
        Some(remedy) => Diagnosis::advice(Cause::HeavyTls, words, remedy),
        None => Diagnosis::good(words),
    }
}

/// The longest RSA key, of a certificate or of who has signed one.
fn longest_rsa(chain: &[Certificate]) -> usize {
    let bits = |certificate: &Certificate| {
        let key = if let Key::Rsa(bits) = certificate.key { bits } else { 0 };
        key.max(if let Signature::Rsa(bits, ..) = certificate.signature { bits } else { 0 })
    };
    chain.iter().map(bits).max().unwrap_or_default()
}

/// Keys, signatures and hashes, each once.
fn needs(chain: &[Certificate]) -> String {
    let mut needs: Vec<String> = vec![];
    let mut add = |need: String| {
        if !need.is_empty() && !needs.contains(&need) {
            needs.push(need);
        }
    };
    for certificate in chain.iter().filter(|certificate| !matches!(certificate.key, Key::Rsa(_))) {
        add(certificate.key.to_string());
    }
    if longest_rsa(chain) > 0 {
        add(format!("RSA of {} bits", longest_rsa(chain)));
    }
    for certificate in chain {
        add(certificate.signature.hash().to_owned());
    }
    needs.join(", ")
}

/// Its features, as of 0.19.
fn embedded_tls(Seen { chain, has_13, .. }: &Seen) -> String {
    let is_strange = |certificate: &Certificate| {
        matches!(certificate.key, Key::P521 | Key::Other(_))
            || matches!(certificate.signature, Signature::Rsa(_, true, _) | Signature::Other(_))
            || matches!(certificate.signature.hash(), "SHA-1")
            || certificate.signature == Signature::Ecdsa("SHA-512")
    };
    if !has_13 {
        return "does not take it: it has TLS 1.3 by P-256 alone".into();
    }
    if chain.iter().any(is_strange) {
        return "does not take it, for it has not all of these".into();
    }
    let has = |key: &Key| chain.iter().any(|certificate| certificate.key == *key);
    let hashed_by = |hash| chain.iter().any(|certificate| certificate.signature == Signature::Ecdsa(hash));
    let features = [
        (has(&Key::P384) || hashed_by("SHA-384"), "`p384`"),
        (longest_rsa(chain) > 0, "`rsa`, which allocates"),
        (has(&Key::Ed25519), "`ed25519`"),
    ];
    let features: Vec<_> = features.iter().filter(|(is_needed, _)| *is_needed).map(|(_, feature)| *feature).collect();
    if features.is_empty() {
        return "takes it with its feature `rustpki`".into();
    }
    format!("takes it with its features `rustpki` and {}", features.join(" and "))
}

/// What a small stack would hang on.
fn trouble(seen: &Seen, len: usize) -> Option<&'static str> {
    let has = |is_such: fn(&Key) -> bool| seen.chain.iter().any(|certificate| is_such(&certificate.key));
    if has(|key| matches!(key, Key::Ed25519 | Key::Other(_))) {
        return Some(
            "have it get a certificate by ECDSA P-256 or RSA: few stacks know this kind of key, and mbedTLS does not",
        );
    }
    if longest_rsa(&seen.chain) > LONG {
        return Some(
            "have it get a certificate by ECDSA P-256 or RSA 2048: a device takes seconds for so long a key, if it has the memory",
        );
    }
    if !seen.has_13 && !seen.has_12 {
        return Some(
            "have the curve P-256 (secp256r1) allowed at the server, or see that your stack has one that is",
        );
    }
    (len > MUCH).then_some(
        "have it send no more certificates than it has to: the root is not needed, nor is a cross-signed one",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(key: Key, signature: Signature, len: usize) -> Certificate {
        Certificate { issuer: String::new(), is_of_itself: false, names: vec![], key, signature, len }
    }

    fn told(chain: Vec<Certificate>, has_13: bool, has_12: bool) -> (Option<Cause>, String) {
        let diagnosis = judge(&Seen { chain, has_13, has_12 });
        (diagnosis.cause, diagnosis.words)
    }

    #[test]
    fn a_usual_chain_by_rsa_is_well_and_has_what_it_takes_told() {
        let rsa = |key, by, hash, len| certificate(Key::Rsa(key), Signature::Rsa(by, false, hash), len);
        let chain = || vec![rsa(2048, 2048, "SHA-256", 1500), rsa(2048, 4096, "SHA-384", 1300)];
        let (cause, words) = told(chain(), true, true);
        assert_eq!(cause, None);
        assert!(
            words.contains("has to have RSA of 4096 bits, SHA-256, SHA-384, and room for the 2818 bytes"),
            "{words}"
        );
        assert!(words.contains("features `rustpki` and `rsa`, which allocates"), "{words}");
        let (cause, words) = told(chain(), false, false);
        assert_eq!(cause, Some(Cause::HeavyTls));
        assert!(words.contains("no TLS by the curve P-256"), "{words}");
    }

    #[test]
    fn what_small_stacks_hang_on_is_told() {
        let by = |key, signature| told(vec![certificate(key, signature, 600)], true, true);
        for (key, signature, cause) in [
            (Key::Rsa(2048), Signature::Rsa(2048, false, "SHA-256"), None),
            (Key::Rsa(8192), Signature::Rsa(2048, false, "SHA-256"), Some(Cause::HeavyTls)),
            (Key::P256, Signature::Rsa(8192, false, "SHA-256"), Some(Cause::HeavyTls)),
            (Key::Ed25519, Signature::Ecdsa("SHA-256"), Some(Cause::HeavyTls)),
            (Key::P521, Signature::Ecdsa("SHA-512"), None),
        ] {
            assert_eq!(by(key, signature).0, cause);
        }
        for signature in
            [Signature::Rsa(2048, true, ""), Signature::Rsa(2048, false, "SHA-1"), Signature::Other(String::new())]
        {
            assert!(by(Key::P256, signature).1.contains("embedded-tls does not take it, for it has not all"));
        }
        let long = (0..8).map(|_| certificate(Key::P256, Signature::Ecdsa("SHA-256"), 1100)).collect();
        assert_eq!(told(long, true, true).0, Some(Cause::HeavyTls));
    }
}
