//! What stands in front of a site, by the cookies, fields and pages that are its own.

mod table;

use table::FRONTS;

use crate::reply::Reply;

/// Something that may stand in front of a site.
pub struct Front {
    /// What it is called.
    pub name: &'static str,
    /// Where the one who runs it lets somebody through.
    pub place: &'static str,
    /// How names of its cookies begin.
    cookies: &'static [&'static str],
    /// Names of its fields in lower case, and what is in their values in lower case.
    fields: &'static [(&'static str, &'static str)],
    /// What is in a page by which it refuses, in lower case.
    pages: &'static [&'static str],
    /// Whether it says all that it says by pages that are alike, so that only the status tells a refusal from another trouble.
    is_alike: bool,
    /// Those of its fields that it sends with a refusal alone, whatever the status and the body.
    refusals: &'static [(&'static str, &'static str)],
}

impl Front {
    /// Each that a reply shows: first the one whose refusal it is.
    pub fn all_of(reply: &Reply) -> Vec<&'static Front> {
        let mut fronts: Vec<_> = FRONTS.iter().filter(|front| front.is_seen_in(reply)).collect();
        fronts.sort_by_key(|front| !front.is_refusing(reply));
        fronts
    }

    fn is_seen_in(&self, reply: &Reply) -> bool {
        let has_cookie = |start: &&str| reply.cookies.iter().any(|cookie| cookie.name.starts_with(*start));
        let is_of_asm = self.name == "F5 BIG-IP" && reply.cookies.iter().any(|cookie| is_of_asm(&cookie.name));
        self.cookies.iter().any(has_cookie) || is_of_asm || has_any(reply, self.fields) || self.has_page(reply)
    }

    /// Whether the page is one by which it refuses.
    fn has_page(&self, reply: &Reply) -> bool {
        let page = reply.page.to_ascii_lowercase();
        self.pages.iter().any(|part| page.contains(part))
    }

    fn is_refusing(&self, reply: &Reply) -> bool {
        has_any(reply, self.refusals) || !self.is_alike && self.has_page(reply)
    }
}

fn has_any(reply: &Reply, fields: &[(&str, &str)]) -> bool {
    let has = |(name, part): &(&str, &str)| {
        reply.fields.iter().any(|(other, value)| other == name && value.to_ascii_lowercase().contains(part))
    };
    fields.iter().any(has)
}

/// BIG-IP's cookies of its security policies: `TS` and six or eight hexadecimal digits.
fn is_of_asm(name: &str) -> bool {
    name.strip_prefix("TS")
        .is_some_and(|digits| matches!(digits.len(), 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether something in front of the site has answered, and refuses: by a field or a page that is known, whatever its status, or by
/// any page with a status that says so. A good answer may have something of a firewall's in it, but begins as its own.
pub fn refuses(reply: &Reply) -> bool {
    let is_page = reply.is_page();
    let may_be_known = is_page && reply.page.trim_start().starts_with('<') || reply.status >= 400;
    let is_known = |front: &Front| !front.is_alike && front.has_page(reply);
    FRONTS.iter().any(|front| has_any(reply, front.refusals) || may_be_known && is_known(front))
        || is_page && says_no(reply.status)
}

/// Who refuses by this reply, and where to have somebody let through.
pub fn refuser(reply: &Reply) -> (&'static str, &'static str) {
    let unknown = if reply.is_page() { "a firewall" } else { "something in front" };
    Front::all_of(reply)
        .first()
        .map_or((unknown, "ask who runs it to allow this address"), |front| (front.name, front.place))
}

/// Whether a status says so by itself, to a question that anybody may ask.
pub fn says_no(status: u16) -> bool {
    matches!(status, 403 | 406 | 418 | 428 | 451 | 999)
}
