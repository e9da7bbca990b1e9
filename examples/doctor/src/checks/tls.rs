//! TLS: protocol, chain, host name, time.

use std::io;

use creatio_auth::{Call, Runtime, Site};
use rustls::pki_types::CertificateDer;
use rustls::{AlertDescription, CertificateError, Error};

use super::clock::{span, time_of};
use super::trouble;
use crate::cause::Cause;
use crate::certificate::Certificate;
use crate::finding::Diagnosis;
use crate::line::Line;
use crate::quote::quoted;
use crate::tls::{self, Looker};
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
    if let Some(time) = seen.time.filter(|time| would_hold_at(error, *time)) {
        return clock_wrong(time, now(), seen);
    }
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => judge_issuer(seen),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = names_of(&seen.chain);
            let remedy = match names.as_slice() {
                [] => "have the server get a certificate that names the host".to_owned(),
                names => format!("write the URL with a host that it names: {}", quoted(&names.join(", "))),
            };
            Diagnosis::wrong(Cause::CertificateOtherHost, format!("the certificate is not for {}", seen.host), remedy)
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

/// Whether a certificate that does not hold by the clock of this machine would hold by the site's.
fn would_hold_at(error: &CertificateError, time: u64) -> bool {
    match error {
        CertificateError::ExpiredContext { not_after, .. } => time <= not_after.as_secs(),
        CertificateError::NotValidYetContext { not_before, .. } => time >= not_before.as_secs(),
        // Where the bounds are not told, a day is more than clocks differ by otherwise.
        CertificateError::Expired => time + 86_400 < now(),
        CertificateError::NotValidYet => time > now() + 86_400,
        _ => false,
    }
}

/// The site's clock is nobody's to trust here, so that it is not what to set one by.
fn clock_wrong(of_the_site: u64, here: u64, seen: &Seen) -> Diagnosis {
    let order = if of_the_site > here { "behind" } else { "ahead of" };
    let off = span(of_the_site.abs_diff(here));
    let words = format!(
        "the certificate of {} does not hold by this machine's clock, which is {off} {order} the site's; by that it would",
        seen.host,
    );
    let remedy = "have the clock of this machine set by NTP; a device does so before it signs in";
    Diagnosis::wrong(Cause::ClockWrong, words, remedy)
}

/// Nobody who is trusted has signed.
fn judge_issuer(seen: &Seen) -> Diagnosis {
    let own = seen.chain.first().and_then(Certificate::of);
    let (issuer, is_self_issued) = own.map_or(("?".into(), false), |own| (quoted(&own.issuer), own.is_of_itself));
    let trusted = if seen.has_ca { "those in the file of --ca" } else { "those that this machine trusts" };
    if is_self_issued {
        let words = format!("the certificate has signed itself, and is none of {trusted}");
        let remedy =
            "if it is the site's own, save it as PEM and name the file by --ca; a device is to trust that one alone";
        return Diagnosis::wrong(Cause::CertificateSelfSigned, words, remedy);
    }
    let last = seen.chain.last().and_then(Certificate::of);
    if seen.chain.len() == 1 {
        let words = format!(
            "the server sends its own certificate alone, and {issuer}, which has signed it, is none of {trusted}"
        );
        let remedy = "have it send the certificates between as well (browsers fetch those by themselves); if the authority is a \
                      company's own, name its certificate by --ca";
        return Diagnosis::wrong(Cause::ChainIncomplete, words, remedy);
    }
    let issuer = last.map_or(issuer, |last| quoted(&last.issuer));
    let words = format!("the certificate was issued by {issuer}, which is none of {trusted}");
    let remedy = "if you trust that authority (a company's own, or that of a proxy that looks inside), name its certificate by --ca";
    Diagnosis::wrong(Cause::CertificateUntrusted, words, remedy)
}

/// The hosts that the first certificate names.
pub fn names_of(chain: &[CertificateDer<'_>]) -> Vec<String> {
    chain.first().and_then(Certificate::of).map(|own| own.names).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::pki_types::UnixTime;

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

    #[test]
    fn a_certificate_that_has_expired_by_both_clocks_is_none_for_the_clock() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let cause = |not_after, of_the_site| {
            let error = CertificateError::ExpiredContext { time: at(now()), not_after: at(not_after) };
            let (chain, host) = (vec![], "crm.example.com".to_owned());
            let seen = Seen { chain, time: of_the_site, is_plain: false, has_ca: false, host };
            judge_certificate(&error, &seen).cause
        };
        assert_eq!(cause(1_000_000, Some(2_000_000)), Some(Cause::CertificateExpired));
        assert_eq!(cause(1_000_000, Some(1_000_000)), Some(Cause::ClockWrong));
        assert_eq!(cause(1_000_000, None), Some(Cause::CertificateExpired));
    }
}
