//! What to do about an exchange that has failed.

use std::io;

use creatio_auth::{Malformed, ReplyError};

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::hidden::CUT;
use crate::line::Trouble;
use crate::quote::quoted;

pub fn judge(trouble: &Trouble) -> Diagnosis {
    match trouble {
        Trouble::Io(error) => judge_io(error),
        Trouble::Reply(ReplyError::Malformed(Malformed::Tls), ..) => tls_port(),
        Trouble::Reply(ReplyError::ClosedEarly, ..) => broken_off(),
        Trouble::Reply(ReplyError::Malformed(_), _, beginning) if is_of_http_2(beginning) => {
            let remedy = "have the port take HTTP/1.1 too, or write the one that does: behind a proxy that ends TLS, HTTP/2 alone may be left";
            Diagnosis::wrong(Cause::NotHttp, "what answers speaks HTTP/2 alone", remedy)
        }
        Trouble::Reply(ReplyError::Malformed(_), _, beginning) if !beginning.starts_with("HTTP/") => {
            let mut beginning: Vec<char> = beginning.chars().collect();
            if beginning.len() > 60 {
                beginning.truncate(60);
                beginning.push(CUT);
            }
            let beginning: String = beginning.into_iter().collect();
            let words = format!("what answers is no HTTP; it begins with {}", quoted(&beginning));
            Diagnosis::wrong(Cause::NotHttp, words, "check the port in the URL")
        }
        Trouble::Reply(ReplyError::ContentEncoding, ..) => {
            let remedy = "nobody asked for that: have the proxy in front compress only where Accept-Encoding says so";
            Diagnosis::wrong(Cause::Unreadable, "the answer is compressed", remedy)
        }
        Trouble::Reply(error @ ReplyError::Document(_), ..) => {
            let remedy =
                "check host and path of the URL; where they are right, something in front changes the site's answers";
            Diagnosis::wrong(Cause::LoginUnclear, error.to_string(), remedy)
        }
        Trouble::Reply(error, field, _) => {
            let field = if field.is_empty() { String::new() } else { format!(", in the field {}", quoted(field)) };
            let remedy = "have the proxy or firewall in front repair what it sends; docs/protocol.md, section 6, says what is taken";
            Diagnosis::wrong(Cause::Unreadable, format!("{error}{field}"), remedy)
        }
    }
}

/// A frame of the settings (RFC 9113, 6.5), with which the other side begins whatever is said: a length, 4, no flags, stream 0.
fn is_of_http_2(beginning: &str) -> bool {
    beginning.starts_with("\\x00\\x00") && beginning.contains("\\x04\\x00\\x00\\x00\\x00\\x00")
}

fn judge_io(error: &io::Error) -> Diagnosis {
    let alert = error.get_ref().and_then(|error| error.downcast_ref());
    match error.kind() {
        _ if matches!(alert, Some(rustls::Error::AlertReceived(rustls::AlertDescription::CertificateRequired))) => {
            client_certificate_wanted()
        }
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
            let remedy = "try again later, or with a longer --timeout; a site that has just been started may take half a minute";
            Diagnosis::later(Cause::Slow, "no answer in time", remedy)
        }
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted => broken_off(),
        _ => Diagnosis::wrong(
            Cause::BrokenOff,
            format!("the connection fails: {error}"),
            "try again; check what is on the way",
        ),
    }
}

fn broken_off() -> Diagnosis {
    let remedy = "a firewall or a proxy on the way, or a site that is being restarted, does so: try again, and ask who runs them";
    Diagnosis::wrong(Cause::BrokenOff, "the connection is broken off before the answer is complete", remedy)
}

pub fn tls_port() -> Diagnosis {
    Diagnosis::wrong(Cause::TlsPort, "this port speaks TLS, and http:// does not", "write https:// in the URL")
}

pub fn client_certificate_wanted() -> Diagnosis {
    let remedy = "whoever runs the server has to give you one for your TLS library, or to allow this address without";
    Diagnosis::wrong(Cause::ClientCertificateWanted, "the server wants a certificate of the client", remedy)
}
