//! Which runtime a site has: what to ask next, without asking it.

use crate::answer::call::{Answer, CallVerdict};
use crate::request::call::Call;
use crate::site::Runtime;
use crate::text::numbered::named;
use crate::text::time::MAX_WAIT;

/// Finds out the [`Runtime`] of a site by its health checks, which need no session: a small state machine that does nothing
/// itself (protocol notes, section 1).
///
/// It asks below `/0` first. Status 200 there says .NET Framework, whose sites answer the other check with 200, too. After a 404
/// it asks at the root, where 200 says .NET. Anything else, a redirect, a 503 or a login page, says nothing yet: a site that
/// starts answers so, and then all is asked again, from the first check on. How long, is the caller's choice. Two 404s say
/// that there is no health check, and are reported.
///
/// ```
/// use creatio_auth::{ProbeStep, Runtime, RuntimeProbe, Session, Site};
///
/// # struct Connection;
/// # impl Connection {
/// #     fn run(&mut self, session: &mut Session<'_>, exchange: &mut creatio_auth::Exchange<'_>) {
/// #         while exchange.fill(session, &mut [0; 512]).unwrap() > 0 {}
/// #         let _ = exchange.feed(session, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nPong").unwrap();
/// #     }
/// # }
/// # let (mut connection, url) = (Connection, "https://crm.example.com");
/// let mut memory = [0; 1024];
/// // The health checks stand where they stand, whatever the runtime is said to be.
/// let mut session = Session::new(Site::parse(url, Runtime::NetFramework)?, &mut memory);
/// let mut probe = RuntimeProbe::new();
/// let runtime = loop {
///     let call = probe.call();
///     let mut exchange = session.call(&call);
///     connection.run(&mut session, &mut exchange); // over a socket of yours
///     match probe.after_answer(&exchange.call_result(&session)?) {
///         ProbeStep::Found(runtime) => break runtime,
///         ProbeStep::Ask => {}
///         ProbeStep::AskLater(_) => { /* wait, and give up some time */ }
///         _ => panic!("no Creatio site at this URL?"),
///     }
/// };
/// assert_eq!(runtime, Runtime::NetFramework);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RuntimeProbe {
    /// The one whose health check comes next.
    asked: Runtime,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ProbeStep {
    /// The site has this runtime.
    Found(Runtime),
    /// Make the next [call](RuntimeProbe::call), now.
    Ask,
    /// Nothing is known yet: make the next call after so many seconds, [`MAX_WAIT`](crate::MAX_WAIT) at the most; where the site
    /// does not say how many, they are the caller's choice.
    AskLater(Option<u32>),
    /// Both checks have been answered with 404: check the URL, its base path included. Where it is right, something in between
    /// keeps the health checks to itself, and the runtime has to be told by who knows it. Asking again begins anew.
    NoHealthCheck,
}

named!(ProbeStep {
    Found { .. },
    Ask,
    AskLater { .. },
    NoHealthCheck,
});

impl RuntimeProbe {
    /// Nothing has been asked.
    pub const fn new() -> Self {
        RuntimeProbe { asked: Runtime::NetFramework }
    }

    /// The health check to make next. A session without a login makes it as well as any.
    pub const fn call(&self) -> Call<'static> {
        Call::health_check(self.asked)
    }

    /// As [`RuntimeProbe::call`], for the C interface.
    #[doc(hidden)]
    pub const fn asked(&self) -> Runtime {
        self.asked
    }

    /// What the answer to it says.
    pub fn after_answer(&mut self, answer: &Answer<'_>) -> ProbeStep {
        self.after(answer.verdict, answer.http_status, answer.retry_after)
    }

    /// As [`RuntimeProbe::after_answer`], for the C interface.
    #[doc(hidden)]
    pub fn after(&mut self, verdict: CallVerdict, http_status: u16, retry_after: Option<u32>) -> ProbeStep {
        let asked = core::mem::replace(&mut self.asked, Runtime::NetFramework);
        match (http_status, asked) {
            (200, _) if verdict == CallVerdict::Fine => ProbeStep::Found(asked),
            (404, Runtime::NetFramework) => {
                self.asked = Runtime::Net;
                ProbeStep::Ask
            }
            (404, Runtime::Net) => ProbeStep::NoHealthCheck,
            _ => ProbeStep::AskLater(retry_after.map(|seconds| seconds.min(MAX_WAIT))),
        }
    }
}

impl Default for RuntimeProbe {
    fn default() -> Self {
        Self::new()
    }
}
