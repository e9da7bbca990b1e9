//! What stands in front of the site, and whether it refuses.

use creatio_auth::Session;

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::front::{self, Front};
use crate::reply::Reply;
use crate::visit::Visit;

/// What a browser would begin with.
const BROWSER: &str = "Mozilla/5.0";

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let reply = &visit.first.as_ref()?.reply;
    let fronts = Front::all_of(reply);
    if !refuses(reply) {
        visit.is_let_through = true;
        let names: Vec<_> = fronts.iter().map(|front| front.name).collect();
        return (!names.is_empty())
            .then(|| Diagnosis::good(format!("{}, and it lets this program through", names.join(", "))));
    }
    let (name, place) = front::refuser(reply);
    let words = format!("{name} refuses, with status {}: no request comes through to the site", reply.status);
    if is_let_through_as_a_browser(visit) {
        let words = format!("{words}; one whose User-Agent is {BROWSER} does");
        let remedy = "have what this library calls itself (creatio-auth/VERSION) allowed, or send what is allowed by --user-agent; in a \
                      program it is Session::set_user_agent";
        return Some(Diagnosis::wrong(Cause::UserAgentRefused, words, remedy));
    }
    Some(Diagnosis::wrong(Cause::Firewall, words, format!("have this machine let through: {place}")))
}

fn is_let_through_as_a_browser(visit: &Visit<'_>) -> bool {
    let (Some(site), Some(line)) = (visit.site, &visit.line) else { return false };
    let mut memory = vec![0; 64 * 1024];
    let mut session = Session::new(site, &mut memory);
    session.set_user_agent(BROWSER).expect("it is one");
    session.set_field_lines(&visit.secrets.field_lines).expect("they were checked before");
    let mut exchange = session.call(&visit.probe.call());
    line.run(&mut session, &mut exchange).is_ok_and(|reply| !refuses(&reply))
}

/// The question is one that a site answers to anybody: it is not the site who says no, whatever the body.
fn refuses(reply: &Reply) -> bool {
    front::refuses(reply) || front::says_no(reply.status)
}
