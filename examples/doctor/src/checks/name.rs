//! The name of the host: whether it has an address.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use creatio_auth::Site;

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::visit::Visit;

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let site = visit.site?;
    if let Some(address) = visit.arguments.connect {
        visit.addresses = vec![address];
        return Some(Diagnosis::good(format!("{} is taken to be at {address}, as told", site.host())));
    }
    match look_up(site) {
        Ok(addresses) => visit.addresses = addresses,
        Err(diagnosis) => return Some(diagnosis),
    }
    let host = host_of(site);
    let mut shown: Vec<_> = visit.addresses.iter().map(|address| address.ip().to_string()).collect();
    shown.dedup();
    let is_address = host.parse::<IpAddr>().is_ok();
    Some(Diagnosis::good(if is_address {
        format!("{host} is an address")
    } else {
        format!("{host} is {}", shown.join(", "))
    }))
}

fn host_of(site: Site<'_>) -> &str {
    site.host().trim_matches(['[', ']'])
}

/// The addresses of a site's host.
pub fn look_up(site: Site<'_>) -> Result<Vec<SocketAddr>, Diagnosis> {
    let host = host_of(site);
    (host, site.port()).to_socket_addrs().map(Iterator::collect).map_err(|error| judge(host, &error))
}

fn judge(host: &str, error: &io::Error) -> Diagnosis {
    let words = format!("{host} has no address ({error})");
    let remedy = "check the spelling; a name that only a company's own network knows wants its VPN or its DNS server";
    Diagnosis::wrong(Cause::NameUnknown, words, remedy)
}
