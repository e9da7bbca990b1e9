//! TLS: protocol, chain, host name, time.

use std::io;

use creatio_auth::{Call, Runtime, Site};
use rustls::pki_types::CertificateDer;
use rustls::{AlertDescription, CertificateError, Error};

use super::clock::{span, time_of};
use super::trouble;
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::line::Line;
use crate::tls::{self, Issuer, Looker};
use crate::visit::{Visit, now};

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (site, line) = (visit.site?, visit.line.take()?);
    let (diagnosis, line) = secure(visit, site, line);
    visit.is_secured = diagnosis.lets_go_on();
    visit.line = Some(line);
    Some(diagnosis)
}

/// A line with TLS, where the site's URL asks for it.
pub fn secure(visit: &Visit<'_>, site: Site<'_>, mut line: Line) -> (Diagnosis, Line) {
    if !site.is_https() {
        return (in_the_clear(&line), line);
    }
    let config = match tls::config(visit.arguments.ca.as_deref()) {
        Ok(config) => config,
        Err(why) => {
            let remedy =
                "install the package ca-certificates, or name a file with the authority's certificate by --ca";
            return (Diagnosis::wrong(Cause::NoTrust, format!("nobody can be trusted: {why}"), remedy), line);
        }
    };
    let diagnosis = match tls::shake_hands(&line, &config) {
        Ok(handshake) => {
            line.tls = Some(config);
            let old = if handshake.version == "TLS 1.2" { "; a device needs a TLS library that has 1.2" } else { "" };
            let words = format!("{}, {}; the certificate holds{old}", handshake.version, handshake.suite);
            Diagnosis::good(words)
        }
        Err(error) => {
            let seen = Seen::of(visit, site, &line, &error);
            judge(&error, &seen)
        }
    };
    (diagnosis, line)
}

fn in_the_clear(line: &Line) -> Diagnosis {
    if line.address.ip().is_loopback() {
        return Diagnosis::good("plain HTTP, which is well on this machine itself");
    }
    let words = "plain HTTP: whoever is on the way reads the password and the session";
    Diagnosis::advice(Cause::InTheClear, words, "write https:// in the URL where the site has it")
}

/// What is to be seen of a server with which a handshake fails.
pub struct Seen {
    /// Its certificates, its own first.
    chain: Vec<CertificateDer<'static>>,
    /// What its clock says, in seconds since 1970.
    time: Option<u64>,
    /// Whether it speaks plain HTTP.
    is_plain: bool,
    /// Whether the file of `--ca` is what is trusted.
    has_ca: bool,
    host: String,
}

impl Seen {
    /// Looks, without trusting anybody or saying anything that is secret.
    fn of(visit: &Visit<'_>, site: Site<'_>, line: &Line, error: &io::Error) -> Self {
        let (looker, config) = Looker::new();
        let ask =
            |line: &Line, site: Site<'_>| visit.ask_plainly(line, site, &Call::health_check(Runtime::NetFramework));
        let (mut time, mut is_plain) = (None, false);
        match cause_of(error) {
            Some(Error::InvalidCertificate(_)) => {
                let looking = Line { tls: Some(config), ..line.clone() };
                time = ask(&looking, site).ok().and_then(|asked| time_of(&asked.reply));
            }
            Some(Error::InvalidMessage(_)) => {
                let plain = format!("http://{}", site.host());
                let plain = Site::parse(&plain, Runtime::Net).expect("a site's host is one of a site");
                is_plain = ask(line, plain).is_ok();
            }
            _ => {}
        }
        let has_ca = visit.arguments.ca.is_some();
        Seen { chain: looker.chain(), time, is_plain, has_ca, host: line.host.clone() }
    }
}

fn cause_of(error: &io::Error) -> Option<&Error> {
    error.get_ref().and_then(|error| error.downcast_ref())
}

fn judge(error: &io::Error, seen: &Seen) -> Diagnosis {
    match cause_of(error) {
        Some(Error::InvalidCertificate(error)) => judge_certificate(error, seen),
        Some(Error::InvalidMessage(_)) if seen.is_plain => {
            let remedy = "write http:// in the URL, or the port that speaks TLS, which is 443 as a rule";
            Diagnosis::wrong(Cause::PlainPort, "this port speaks plain HTTP, and https:// is TLS", remedy)
        }
        Some(Error::InvalidMessage(_)) => {
            Diagnosis::wrong(Cause::NotHttp, "what answers is no TLS", "check the port in the URL")
        }
        Some(Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_)) => {
            let words = "the server speaks no TLS that is safe: 1.2 or 1.3";
            Diagnosis::wrong(
                Cause::TlsVersion,
                words,
                "have TLS 1.2 enabled at the server, or at what ends TLS in front of it",
            )
        }
        Some(Error::AlertReceived(AlertDescription::CertificateRequired | AlertDescription::BadCertificate)) => {
            trouble::client_certificate_wanted()
        }
        Some(Error::AlertReceived(alert)) => {
            let words = format!("the server refuses the handshake ({alert:?})");
            let remedy = "check that it serves this host name; else it has no cipher suite of those with ECDHE and AES-GCM or ChaCha20";
            Diagnosis::wrong(Cause::TlsRefused, words, remedy)
        }
        _ => {
            let words = format!("the handshake fails: {error}");
            let remedy = "a firewall that wants to look inside, or a port that speaks something else, does so: ask who runs it";
            Diagnosis::wrong(Cause::TlsBroken, words, remedy)
        }
    }
}

fn judge_certificate(error: &CertificateError, seen: &Seen) -> Diagnosis {
    let here = now();
    let off = seen.time.map_or(0, |time| time.abs_diff(here));
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => judge_issuer(seen),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = names_of(&seen.chain);
            let remedy = match names.as_slice() {
                [] => "have the server get a certificate that names the host".to_owned(),
                names => format!("write the URL with a host that it names: {}", names.join(", ")),
            };
            Diagnosis::wrong(Cause::CertificateOtherHost, format!("the certificate is not for {}", seen.host), remedy)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. }
            if off > 86_400 && seen.time < Some(here) =>
        {
            clock_wrong(off, "ahead of", seen)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }
            if off > 86_400 && seen.time > Some(here) =>
        {
            clock_wrong(off, "behind", seen)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            let since = match error {
                CertificateError::ExpiredContext { time, not_after } => {
                    format!(" {} ago", span(time.as_secs().saturating_sub(not_after.as_secs())))
                }
                _ => String::new(),
            };
            let remedy = "whoever runs the server has to renew it; the clock here is right";
            let remedy = if seen.time.is_some() {
                remedy
            } else {
                "have it renewed, or this machine's clock set if that is wrong"
            };
            Diagnosis::wrong(Cause::CertificateExpired, format!("the certificate has expired{since}"), remedy)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            let remedy = "set the clock of this machine, or of the one that has issued the certificate";
            Diagnosis::wrong(Cause::CertificateNotYetValid, "the certificate is not valid yet", remedy)
        }
        // webpki has no variant of its own for it.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            let words =
                "the certificate is an authority's (basicConstraints CA:TRUE, as openssl req -x509 makes them)";
            let remedy =
                "give the server one with CA:FALSE, or one that the authority has signed; --ca does not help";
            Diagnosis::wrong(Cause::CertificateOfAuthority, words, remedy)
        }
        error => {
            let remedy = "whoever runs the server has to get another one";
            Diagnosis::wrong(Cause::CertificateOther, format!("the certificate does not hold: {error}"), remedy)
        }
    }
}

fn clock_wrong(off: u64, order: &str, seen: &Seen) -> Diagnosis {
    let words = format!(
        "the certificate of {} does not hold now, but this machine's clock is {} {order} the site's",
        seen.host,
        span(off)
    );
    Diagnosis::wrong(
        Cause::ClockWrong,
        words,
        "set the clock of this machine; a device sets it by NTP before it signs in",
    )
}

/// Nobody who is trusted has signed.
fn judge_issuer(seen: &Seen) -> Diagnosis {
    let own = seen.chain.first().and_then(Issuer::of);
    let (issuer, is_self_issued) = own.map_or(("?".into(), false), |issuer| (issuer.name, issuer.is_itself));
    let trusted = if seen.has_ca { "those in the file of --ca" } else { "those that this machine trusts" };
    if is_self_issued {
        let words = format!("the certificate has signed itself, and is none of {trusted}");
        let remedy =
            "if it is the site's own, save it as PEM and name the file by --ca; a device is to trust that one alone";
        return Diagnosis::wrong(Cause::CertificateSelfSigned, words, remedy);
    }
    let last = seen.chain.last().and_then(Issuer::of);
    if seen.chain.len() == 1 {
        let words = format!(
            "the server sends its own certificate alone, and {issuer}, which has signed it, is none of {trusted}"
        );
        let remedy = "have it send the certificates between as well (browsers fetch those by themselves); if the authority is a \
                      company's own, name its certificate by --ca";
        return Diagnosis::wrong(Cause::ChainIncomplete, words, remedy);
    }
    let issuer = last.map_or(issuer, |issuer| issuer.name);
    let words = format!("the certificate was issued by {issuer}, which is none of {trusted}");
    let remedy = "if you trust that authority (a company's own, or that of a proxy that looks inside), name its certificate by --ca";
    Diagnosis::wrong(Cause::CertificateUntrusted, words, remedy)
}

/// The hosts that the first certificate names.
pub fn names_of(chain: &[CertificateDer<'_>]) -> Vec<String> {
    let certificate = chain.first().and_then(|certificate| webpki::EndEntityCert::try_from(certificate).ok());
    certificate.iter().flat_map(|certificate| certificate.valid_dns_names()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn plain_http_is_told_where_it_leaves_this_machine() {
        let line = |address: &str| Line {
            host: "crm.example.com".into(),
            address: address.parse().unwrap(),
            tls: None,
            timeout: Duration::ZERO,
        };
        assert_eq!(in_the_clear(&line("192.0.2.1:80")).cause, Some(Cause::InTheClear));
        assert_eq!(in_the_clear(&line("[::1]:80")).cause, None);
    }
}
