//! The cookies of the login: whether they come, and would go back.

use creatio_auth::Site;

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::quote::quoted;
use crate::reply::{Reply, SetCookie};
use crate::visit::Visit;

const TICKET: &str = ".ASPXAUTH";

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (site, reply) = (visit.site?, visit.login_reply.as_ref()?);
    if !visit.is_signed_in {
        return Some(judge_no_ticket(reply, site));
    }
    let session = visit.session.as_ref()?;
    let names: Vec<_> = session.cookies().map(|cookie| cookie.name().escape_ascii().to_string()).collect();
    let ticket =
        session.cookies().find(|cookie| cookie.name() == TICKET.as_bytes()).map_or(0, |cookie| cookie.value_len());
    Some(Diagnosis::good(format!("{}; the ticket has {ticket} characters", quoted(&names.join(", ")))))
}

/// The site has said yes, and there is no ticket that would go back.
fn judge_no_ticket(reply: &Reply, site: Site<'_>) -> Diagnosis {
    let Some(ticket) = reply.cookie(TICKET) else { return judge_stripped(reply) };
    if ticket.secure && !site.is_https() {
        let words = "the ticket is Secure, and http:// is not: it would not go back";
        let remedy = "write https:// in the URL; on a site that has no TLS set CookiesSameSiteMode to Lax (.NET), or requireSSL to \
                      false (.NET Framework)";
        return Diagnosis::wrong(Cause::SecureOverHttp, words, remedy);
    }
    let host = site.host().to_ascii_lowercase();
    let domain = ticket.domain.as_deref().unwrap_or_default().trim_start_matches('.').to_ascii_lowercase();
    if !domain.is_empty() && host != domain && !host.ends_with(&format!(".{domain}")) {
        let words =
            format!("the ticket is for the host {}, and the URL's is {host}: it would not go back", quoted(&domain));
        let remedy = "write the URL with that host; where a proxy maps one host to another, have it map the cookies' as well (nginx: \
                      proxy_cookie_domain)";
        return Diagnosis::wrong(Cause::CookieDomain, words, remedy);
    }
    if ticket.name.len() + ticket.len > LONGEST {
        let words = format!(
            "the ticket has {} characters, and a cookie more than {LONGEST} bytes nowhere (RFC 6265bis, 5.6)",
            ticket.len
        );
        let remedy = "have the site issue shorter ones: fewer roles or claims in it, or no encryption of what is encrypted already";
        return Diagnosis::wrong(Cause::TicketTooLong, words, remedy);
    }
    let own = if site.base_path().is_empty() { "/" } else { site.base_path() };
    match ticket.path.as_deref() {
        Some(path) if !is_below(own, path) => judge_path(ticket, site),
        _ => {
            let remedy = "see to the clock of the site, by which its cookies end, and to the user's time-out";
            Diagnosis::wrong(
                Cause::TicketOver,
                "the ticket has run out when it comes, by its Expires or Max-Age",
                remedy,
            )
        }
    }
}

/// The longest cookie that has to be taken, its name and its value.
const LONGEST: usize = 4096;

/// Whether a cookie for this path goes along to that one (RFC 6265bis, 5.1.4).
fn is_below(own: &str, path: &str) -> bool {
    own.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || path.ends_with('/'))
}

fn judge_path(ticket: &SetCookie, site: Site<'_>) -> Diagnosis {
    let path = ticket.path.as_deref().unwrap_or_default();
    let own = if site.base_path().is_empty() { "/" } else { site.base_path() };
    let words = format!("the ticket is for the path {}, and the URL's is {own}: it would not go back", quoted(path));
    if path.eq_ignore_ascii_case(own) {
        let remedy = format!(
            "write the path in the URL as the site does: {}; cookies tell upper case from lower case",
            quoted(path)
        );
        return Diagnosis::wrong(Cause::CookiePathCase, words, remedy);
    }
    let remedy = "write that path in the URL; where a proxy maps one path to another, have it map the cookies' as well (nginx: \
                  proxy_cookie_path)";
    Diagnosis::wrong(Cause::CookiePath, words, remedy)
}

fn judge_stripped(reply: &Reply) -> Diagnosis {
    let remedy = "have the proxy or firewall in front pass every Set-Cookie on (nginx: no proxy_hide_header Set-Cookie, and a \
                  proxy_buffer_size that holds the whole head)";
    if let Some(joined) = judge_joined(reply) {
        return joined;
    }
    let names: Vec<_> = reply.cookies.iter().map(|cookie| cookie.name.as_str()).collect();
    if let Some(renamed) = names.iter().find(|name| name.contains("ASPXAUTH")) {
        let words = format!(
            "the ticket ({TICKET}) comes as {}: something in between renames the site's cookies",
            quoted(renamed)
        );
        let remedy = "have it leave their names alone: the CSRF token has to come in the cookie of its name, too";
        return Diagnosis::wrong(Cause::CookiesRenamed, words, remedy);
    }
    if names.is_empty() {
        let words = "the site says yes, and no cookie came at all: something in between strips them";
        return Diagnosis::wrong(Cause::CookiesStripped, words, remedy);
    }
    let words = format!(
        "the site says yes, and no ticket ({TICKET}) came, only {}: something in between strips it",
        quoted(&names.join(", "))
    );
    Diagnosis::wrong(Cause::TicketStripped, words, remedy)
}

/// Whether cookies are lost since their lines were made one.
fn judge_joined(reply: &Reply) -> Option<Diagnosis> {
    reply.cookies.iter().any(|cookie| cookie.is_joined).then(|| {
        let words =
            "something in between joins the Set-Cookie lines by commas, and all cookies but the first are lost";
        let remedy =
            "have it pass each line on by itself: this field alone is none that may be joined (RFC 9110, 5.3)";
        Diagnosis::wrong(Cause::CookiesJoined, words, remedy)
    })
}

pub fn check_csrf(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let session = visit.session.as_ref()?;
    if session.has_csrf_token() {
        let name = csrf_name(visit)?;
        return Some(Diagnosis::good(format!("came, in the cookie {name}, and goes back in the field of that name")));
    }
    if let Some(joined) = visit.login_reply.as_ref().and_then(judge_joined) {
        return Some(joined);
    }
    let words = "no cookie with it came (BPMCSRF or CRT_CSRF): calls would be refused with 403";
    let remedy = "have the proxy or firewall in front pass every Set-Cookie on; a site that has CSRF protection switched off needs none";
    Some(Diagnosis::advice(Cause::NoCsrfCookie, words, remedy))
}

/// The cookie whose value goes back in a field, as the library chooses it.
pub fn csrf_name(visit: &Visit<'_>) -> Option<&'static str> {
    let session = visit.session.as_ref()?;
    ["CRT_CSRF", "BPMCSRF"].into_iter().find(|name| session.cookies().any(|cookie| cookie.name() == name.as_bytes()))
}
