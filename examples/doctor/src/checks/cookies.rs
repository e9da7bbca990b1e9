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
    judge_path(ticket, site)
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
    let names: Vec<_> = reply.cookies.iter().map(|cookie| cookie.name.as_str()).collect();
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

pub fn check_csrf(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let session = visit.session.as_ref()?;
    if session.has_csrf_token() {
        let name = csrf_name(visit)?;
        return Some(Diagnosis::good(format!("came, in the cookie {name}, and goes back in the field of that name")));
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
