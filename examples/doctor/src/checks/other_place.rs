//! Where else the site may be: below another path, or by another name.

use creatio_auth::{Call, Path, ProbeStep, Runtime, RuntimeProbe, Site};

use super::tls::names_of;
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::line::Line;
use crate::quote::quoted;
use crate::reply::{Reply, without_query};
use crate::tls::{self, Looker};
use crate::visit::Visit;

/// What is at the root of the host sends to the path; else the path is tried in lower case, and the paths above it.
pub fn site(visit: &Visit<'_>, site: Site<'_>, line: &Line, reply: &Reply) -> Option<Diagnosis> {
    let origin = origin(site, site.host());
    let path = site.base_path();
    let mut paths: Vec<String> = of_the_root(visit, site, line).into_iter().collect();
    paths.push(path.to_ascii_lowercase());
    paths.extend(path.char_indices().rev().filter(|(_, c)| *c == '/').map(|(at, _)| path[..at].to_owned()));
    for other in paths {
        if other == path || !is_site(visit, line, &format!("{origin}{other}")) {
            continue;
        }
        let remedy = format!("give --url {origin}{}", quoted(&other));
        return Some(if other.eq_ignore_ascii_case(path) {
            let words = format!(
                "no site is below {path}, but below {}: paths are told apart by the case of their letters",
                quoted(&other)
            );
            Diagnosis::wrong(Cause::BasePathCase, words, remedy)
        } else {
            let shown = if path.is_empty() { "/" } else { path };
            let there = quoted(if other.is_empty() { "/" } else { &other });
            let words = format!("no site is at {shown} of this host, but at {there}");
            Diagnosis::wrong(Cause::BasePath, words, remedy)
        });
    }
    host(visit, site, line, reply)
}

/// The base path to which `GET /` sends, as IIS is set up to.
fn of_the_root(visit: &Visit<'_>, site: Site<'_>, line: &Line) -> Option<String> {
    let origin = origin(site, site.host());
    let root = Site::parse(&origin, Runtime::Net).ok()?;
    let asked = visit.ask(line, root, &Call::get(Path::root("/").ok()?)).ok()?;
    let target = without_query(asked.reply.redirects_to()?);
    let path = target.strip_prefix(origin.as_str()).unwrap_or(target);
    let path = path.starts_with('/').then(|| path.split("/Login/").next().unwrap_or_default())?;
    Some(path.trim_end_matches('/').trim_end_matches("/0").to_owned())
}

/// The site by a name of its certificate, or by the one to which it sends.
pub fn host(visit: &Visit<'_>, site: Site<'_>, line: &Line, reply: &Reply) -> Option<Diagnosis> {
    let mut names = vec![];
    if site.is_https() {
        let (looker, config) = Looker::new();
        let _ = tls::shake_hands(line, &config);
        names = names_of(&looker.chain());
    }
    let sent_to = reply.redirects_to().and_then(|target| target.split("://").nth(1)?.split(['/', ':']).next());
    names.extend(sent_to.map(str::to_owned));
    names.retain(|name| !name.eq_ignore_ascii_case(site.host()) && !name.contains('*'));
    let other = names
        .into_iter()
        .find(|name| is_site(visit, line, &format!("{}{}", origin(site, name), site.base_path())))?;
    let words = format!("what answers does not go by the name {}, but by {}", site.host(), quoted(&other));
    let remedy = format!(
        "give --url {}{}, and --connect {} if that name leads elsewhere from here; or have {} added to AllowedHostHeaderPattern",
        origin(site, &quoted(&other)),
        site.base_path(),
        line.address,
        site.host(),
    );
    Some(Diagnosis::wrong(Cause::HostRefused, words, remedy))
}

/// Whether the health checks of a site answer at a URL, by the same line.
fn is_site(visit: &Visit<'_>, line: &Line, url: &str) -> bool {
    let Ok(site) = Site::parse(url, Runtime::NetFramework) else { return false };
    let mut probe = RuntimeProbe::new();
    loop {
        let call = probe.call();
        match visit.ask_and_read(line, site, &call, |answer| probe.after_answer(answer)) {
            Ok((_, ProbeStep::Found(_))) => return true,
            Ok((_, ProbeStep::Ask)) => {}
            _ => return false,
        }
    }
}

/// Scheme, host and port of a site, by another host.
fn origin(site: Site<'_>, host: &str) -> String {
    let (scheme, usual) = if site.is_https() { ("https", 443) } else { ("http", 80) };
    let port = if site.port() == usual { String::new() } else { format!(":{}", site.port()) };
    format!("{scheme}://{host}{port}")
}
