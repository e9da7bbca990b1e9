//! The port: whether anything listens there.

use std::io;

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::line::{Line, Socket};
use crate::visit::Visit;

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (site, timeout) = (visit.site?, visit.arguments.timeout());
    let mut failed = vec![];
    for address in &visit.addresses {
        match Socket::connect(*address, timeout) {
            Ok(_) => {
                visit.line = Some(Line { host: site.host().to_owned(), address: *address, tls: None, timeout });
                let others = failed.iter().map(|(address, error)| format!("; {address} does not: {error}"));
                let others = others.collect::<String>();
                return Some(Diagnosis::good(format!("{address} takes connections{others}")));
            }
            Err(error) => failed.push((*address, error)),
        }
    }
    failed.last().map(|(_, error)| judge(site.port(), error))
}

pub fn judge(port: u16, error: &io::Error) -> Diagnosis {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            let remedy = "check the port in the URL (without one it is 443 for https and 80 for http), and that the site is up";
            Diagnosis::wrong(Cause::PortClosed, format!("nothing listens at port {port}"), remedy)
        }
        _ => {
            let words = format!("nobody answers at port {port} ({error})");
            let remedy = "a firewall on the way may drop what goes there: allow it, or go by the VPN or proxy that leads to the site";
            Diagnosis::wrong(Cause::PortSilent, words, remedy)
        }
    }
}
