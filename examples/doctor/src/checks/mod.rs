//! The checks, in the order in which they are made.

mod calls;
mod chain;
mod clock;
mod cookies;
mod front;
mod http;
pub mod identity;
mod log_out;
mod memory;
mod name;
mod other_place;
mod port;
mod runtime;
mod sign_in;
mod tls;
mod token;
mod trouble;
pub mod url;

use crate::finding::Diagnosis;
use crate::visit::Visit;

/// Whether a check can be made.
pub enum Ready {
    Yes,
    /// Its arguments are missing.
    NotAskedFor,
    /// What it needs has not been found.
    NotReached,
}

/// One thing to look at.
pub struct Check {
    /// What a line is called.
    pub name: &'static str,
    /// What is going on meanwhile.
    pub doing: &'static str,
    /// Whether it can be made.
    pub ready: fn(&Visit<'_>) -> Ready,
    /// Makes it; none where there is nothing to say.
    pub run: fn(&mut Visit<'_>) -> Option<Diagnosis>,
}

/// All of them.
pub const ALL: &[Check] = &[
    Check { name: "URL", doing: "reading the URL", ready: |_| Ready::Yes, run: url::check },
    Check {
        name: "name",
        doing: "looking up the host",
        ready: |visit| reached(visit.site.is_some()),
        run: name::check,
    },
    Check {
        name: "port",
        doing: "connecting",
        ready: |visit| reached(!visit.addresses.is_empty()),
        run: port::check,
    },
    Check { name: "TLS", doing: "shaking hands", ready: |visit| reached(visit.line.is_some()), run: tls::check },
    Check {
        name: "chain",
        doing: "looking at the certificates",
        ready: |visit| {
            if visit.site.is_some_and(|site| site.is_https()) {
                reached(visit.is_secured)
            } else {
                Ready::NotAskedFor
            }
        },
        run: chain::check,
    },
    Check { name: "HTTP", doing: "asking the site", ready: |visit| reached(visit.is_secured), run: http::check },
    Check { name: "clock", doing: "comparing clocks", ready: is_asked, run: clock::check },
    Check { name: "in front", doing: "looking who is in front", ready: is_asked, run: front::check },
    Check {
        name: "runtime",
        doing: "asking for the runtime",
        ready: |visit| reached(visit.is_let_through),
        run: runtime::check,
    },
    Check {
        name: "sign-in",
        doing: "signing in",
        ready: |visit| of_user(visit, visit.runtime.is_some()),
        run: sign_in::check,
    },
    Check {
        name: "cookies",
        doing: "looking at the cookies",
        ready: |visit| of_user(visit, visit.login_reply.is_some()),
        run: cookies::check,
    },
    Check { name: "CSRF token", doing: "looking for the CSRF token", ready: is_signed_in, run: cookies::check_csrf },
    Check { name: "reading", doing: "reading a record", ready: is_signed_in, run: calls::check_get },
    Check {
        name: "posting",
        doing: "posting a query",
        ready: |visit| of_user(visit, visit.call_reply.is_some()),
        run: calls::check_post,
    },
    Check {
        name: "memory",
        doing: "measuring the session",
        ready: |visit| of_user(visit, visit.call_reply.is_some()),
        run: memory::check,
    },
    Check { name: "log-out", doing: "logging out", ready: is_signed_in, run: log_out::check },
    Check {
        name: "OAuth",
        doing: "asking the site for its identity service",
        ready: |visit| of_client(visit, visit.runtime.is_some()),
        run: identity::check_health,
    },
    Check {
        name: "identity",
        doing: "looking for the identity service",
        ready: |visit| of_client(visit, true),
        run: identity::check,
    },
    Check {
        name: "discovery",
        doing: "asking for endpoints",
        ready: |visit| of_client(visit, visit.identity.is_some()),
        run: identity::check_discovery,
    },
    Check {
        name: "token",
        doing: "asking for a token",
        ready: |visit| of_client(visit, visit.identity.is_some() && visit.site.is_some()),
        run: token::check,
    },
    Check {
        name: "token's call",
        doing: "reading with the token",
        ready: |visit| of_client(visit, visit.token_session.is_some() && visit.runtime.is_some()),
        run: token::check_call,
    },
];

fn reached(is_reached: bool) -> Ready {
    if is_reached { Ready::Yes } else { Ready::NotReached }
}

fn is_asked(visit: &Visit<'_>) -> Ready {
    reached(visit.first.is_some())
}

fn of_user(visit: &Visit<'_>, is_reached: bool) -> Ready {
    if visit.arguments.user.is_some() { reached(is_reached) } else { Ready::NotAskedFor }
}

fn is_signed_in(visit: &Visit<'_>) -> Ready {
    of_user(visit, visit.is_signed_in)
}

fn of_client(visit: &Visit<'_>, is_reached: bool) -> Ready {
    if visit.arguments.client_id.is_some() { reached(is_reached) } else { Ready::NotAskedFor }
}
