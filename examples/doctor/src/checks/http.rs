//! The first question: whether HTTP is spoken, and by whom.

use creatio_auth::{Runtime, Site};

use super::{other_place, trouble};
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::front;
use crate::line::{Line, Trouble};
use crate::quote::quoted;
use crate::reply::{Reply, without_query};
use crate::tls::{self, Looker};
use crate::visit::Visit;

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (site, line) = (visit.site?, visit.line.clone()?);
    let call = visit.probe.call();
    let asked = match visit.ask(&line, site, &call) {
        Ok(asked) => asked,
        Err(trouble) => return Some(judge_trouble(&trouble, &line, site)),
    };
    let diagnosis = judge(&asked.reply, site).unwrap_or_else(|| {
        let took = asked.reply.took.as_millis();
        Diagnosis::good(format!("answers, with status {}, in {took} ms", asked.reply.status))
    });
    if diagnosis.cause == Some(Cause::HostRefused)
        && let Some(found) = other_place::host(visit, site, &line, &asked.reply)
    {
        return Some(found);
    }
    if diagnosis.lets_go_on() {
        visit.first = Some(asked);
    }
    Some(diagnosis)
}

fn judge_trouble(trouble: &Trouble, line: &Line, site: Site<'_>) -> Diagnosis {
    let diagnosis = trouble::judge(trouble);
    // A server of TLS may say nothing at all to who speaks in the clear.
    let may_be_tls = !site.is_https() && diagnosis.cause == Some(Cause::BrokenOff);
    if may_be_tls && tls::shake_hands(line, &Looker::new().1).is_ok() {
        return trouble::tls_port();
    }
    diagnosis
}

/// What is wrong already; none where the answer may be a site's.
fn judge(reply: &Reply, site: Site<'_>) -> Option<Diagnosis> {
    if reply.status == 400 && reply.page.contains("plain HTTP request was sent to HTTPS port") {
        return Some(trouble::tls_port());
    }
    if reply.status == 400 && reply.page.contains("SSL certificate") {
        return Some(trouble::client_certificate_wanted());
    }
    if let Some(target) = reply.redirects_to() {
        return judge_redirect(target, site);
    }
    match reply.status {
        _ if front::refuses(reply) => None, // which is looked at later
        400 | 421 => {
            let words =
                format!("status {}, as of a server that does not go by the name {}", reply.status, site.host());
            let remedy = "write the URL with the name that the site is known by; behind an address translation connect to the address \
                          and send that name (--connect ADDRESS:PORT); or have the name added to AllowedHostHeaderPattern";
            Some(Diagnosis::wrong(Cause::HostRefused, words, remedy))
        }
        401 => Some(judge_401(reply)),
        407 => {
            let words = "a proxy on the way wants its own password";
            Some(Diagnosis::wrong(Cause::FrontWantsPassword, words, "have this machine let through without"))
        }
        _ => None,
    }
}

fn judge_401(reply: &Reply) -> Diagnosis {
    match reply.field("www-authenticate") {
        Some(scheme) => {
            let scheme = scheme.split([' ', ',']).next().unwrap_or_default();
            let words =
                format!("something in front of the site asks for a password of its own, by {}", quoted(scheme));
            let remedy = "have the health checks and services of the site let through without, for clients cannot have two passwords";
            Diagnosis::wrong(Cause::FrontWantsPassword, words, remedy)
        }
        None => {
            let words = "a gateway in front of the site asks for a key: the health check needs no login, and is answered with 401";
            let remedy = "ask who runs it for the name of its field and the key, and give --gateway-key NAME; in a program it is \
                          Session::set_field_lines";
            Diagnosis::wrong(Cause::GatewayKey, words, remedy)
        }
    }
}

/// A redirect to a login page is a site's that starts, which is looked at later.
fn judge_redirect(target: &str, site: Site<'_>) -> Option<Diagnosis> {
    let shown = without_query(target);
    let (scheme, rest) = shown.split_once("://")?; // on the same host
    let authority = rest.split('/').next().unwrap_or_default();
    let host = Site::parse(&format!("{scheme}://{authority}"), Runtime::Net).ok()?.host().to_owned();
    let is_here = host.eq_ignore_ascii_case(site.host());
    let path = rest.split_once('/').map_or("", |(_, path)| path).to_ascii_lowercase();
    let is_login_page = ["nuilogin.aspx", "ssplogin.aspx", "login.html"].iter().any(|page| path.ends_with(page));
    if is_here && scheme == "https" && !site.is_https() {
        let remedy = format!("give --url https://{authority}{}", site.base_path());
        return Some(Diagnosis::wrong(Cause::RedirectToHttps, "the site sends everything to https://", remedy));
    }
    if is_here || is_login_page {
        return None;
    }
    let words = format!("everything is sent to another host: {}", quoted(shown));
    let remedy = "if the site has moved, write the URL with that host; if it is a captive portal or a single sign-on in front, sign \
                  in there, or have this machine let through";
    Some(Diagnosis::wrong(Cause::RedirectElsewhere, words, remedy))
}
