//! The identity service: where it is, and what it says of itself.

use creatio_auth::{ClientCredentials, OauthHealthVerdict, Runtime, Site, TokenVerdict};

use super::{name, port, tls, trouble};
use crate::arguments::Arguments;
use crate::cause::Cause;
use crate::finding::{Diagnosis, State};
use crate::line::{Line, Socket};
use crate::quote::{quoted, says};
use crate::secrets::Secrets;
use crate::visit::Visit;

/// As given, or where that of a site in Creatio's cloud usually is.
pub fn url(arguments: &Arguments) -> Option<String> {
    let hint = || Site::parse(&arguments.url, Runtime::Net).ok()?.identity_hint().map(|hint| hint.to_string());
    arguments.identity_url.clone().or_else(hint)
}

/// What the site says of its own connection to its identity service.
pub fn check_health(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (line, runtime) = (visit.line.clone()?, visit.runtime?);
    let site = Site::parse(&visit.arguments.url, runtime).ok()?;
    let mut memory = vec![0; 16 * 1024];
    let mut session = visit.session_with(site, &mut memory);
    let mut exchange = session.oauth_health();
    line.run(&mut session, &mut exchange).ok()?; // an older site has none to ask
    let health = exchange.oauth_health_result(&session).ok()?;
    let message = health.message.map_or(String::new(), |text| says(&text.to_string()));
    match health.verdict {
        OauthHealthVerdict::Unknown => None,
        OauthHealthVerdict::Healthy => Some(Diagnosis::good(health.verdict.to_string())),
        verdict => {
            let remedy = "whoever administers the site sets it right there: no token would be taken";
            Some(Diagnosis::wrong(Cause::IdentityIll, format!("{verdict}{message}"), remedy))
        }
    }
}

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let Some(url) = visit.identity_url else {
        let words = "where the identity service is cannot be told from the site's name";
        let remedy = "give --identity-url; the system setting OAuth20IdentityServerUrl has it";
        return Some(Diagnosis::wrong(Cause::IdentityUnreachable, words, remedy));
    };
    let site = match Site::parse(url, Runtime::Net) {
        Ok(site) => site,
        Err(error) => {
            let words = format!("--identity-url: {error}");
            return Some(Diagnosis::wrong(
                Cause::IdentityUnreachable,
                words,
                "the system setting OAuth20IdentityServerUrl has it",
            ));
        }
    };
    match reach(visit, site) {
        Ok((diagnosis, line)) => {
            visit.identity = Some((site, line));
            let words = format!("{site} is reached; {}", diagnosis.words);
            Some(Diagnosis { words, ..diagnosis })
        }
        Err(diagnosis) => Some(Diagnosis { words: format!("{site}: {}", diagnosis.words), ..diagnosis }),
    }
}

/// Name, port and TLS, as for the site itself.
fn reach(visit: &Visit<'_>, site: Site<'_>) -> Result<(Diagnosis, Line), Diagnosis> {
    let addresses = name::look_up(site)?;
    let timeout = visit.arguments.timeout();
    let mut failed = None;
    let address = addresses.iter().find(|address| match Socket::connect(**address, timeout) {
        Ok(_) => true,
        Err(error) => {
            failed = Some(error);
            false
        }
    });
    let Some(address) = address else {
        return Err(port::judge(site.port(), &failed.expect("a name has an address")));
    };
    let line = Line { host: site.host().to_owned(), address: *address, tls: None, timeout };
    let (diagnosis, line) = tls::secure(visit, site, line);
    if diagnosis.lets_go_on() { Ok((diagnosis, line)) } else { Err(diagnosis) }
}

/// The gateway in front of the site stands in front of the identity service as well.
pub fn with_key<'a>(client: ClientCredentials<'a>, secrets: &'a Secrets) -> ClientCredentials<'a> {
    client.with_field_lines(&secrets.field_lines).expect("they were checked before")
}

pub fn check_discovery(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (identity, line) = visit.identity.as_ref()?;
    let client = with_key(ClientCredentials::public(""), visit.secrets);
    let mut memory = vec![0; 64 * 1024];
    let site = Site::parse(&visit.arguments.url, Runtime::Net).unwrap_or(*identity);
    let mut session = visit.session_with(site, &mut memory);
    let mut exchange = session.discover(identity, &client);
    if let Err(trouble) = line.run(&mut session, &mut exchange) {
        return Some(Diagnosis { state: State::Advice, ..trouble::judge(&trouble) });
    }
    let found = exchange.discovery_result(&session).ok()?;
    if found.verdict == TokenVerdict::Found {
        let endpoint = found.token_endpoint.map_or(String::new(), |text| quoted(&text.to_string()));
        return Some(Diagnosis::good(format!("tokens are to be had at {endpoint}")));
    }
    let words = format!("no list of endpoints: {} (status {})", found.verdict, found.http_status);
    let remedy = "nothing, where tokens come all the same: not every identity service has such a list";
    Some(Diagnosis::advice(Cause::NoDiscovery, words, remedy))
}
