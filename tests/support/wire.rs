//! A client over real connections, that stays signed in as the policy says.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use creatio_auth::{
    Call, CallVerdict, Credentials, Exchange, Renewal, ReplyError, Runtime, Session, Site, Step, Verdict,
};

/// What a call comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Answered(CallVerdict),
    /// The connection failed; nobody knows what the site has done.
    Broken,
}

pub struct Client<'s> {
    pub session: Session<'s>,
    pub password: &'static str,
}

impl<'s> Client<'s> {
    /// A client that has signed in.
    pub fn of(url: &'s str, memory: &'s mut [u8]) -> Self {
        Self::at(url, Runtime::NetFramework, memory)
    }

    /// The same at a site with that runtime.
    pub fn at(url: &'s str, runtime: Runtime, memory: &'s mut [u8]) -> Self {
        let site = Site::parse(url, runtime).unwrap();
        let mut client = Client { session: Session::new(site, memory), password: "Supervisor" };
        assert_eq!(client.login(), Some(Verdict::Authenticated));
        client
    }

    pub fn login(&mut self) -> Option<Verdict> {
        let credentials = Credentials::borrowed("Supervisor", self.password);
        let mut exchange = self.session.login(&credentials);
        transfer(&mut self.session, &mut exchange).ok()?;
        Some(exchange.login_result(&self.session).unwrap().verdict)
    }

    /// Does what the policy says, as often as it says it.
    pub fn call(&mut self, call: &Call<'_>) -> Outcome {
        let mut renewal = Renewal::new(call);
        loop {
            let mut exchange = self.session.call(call);
            if transfer(&mut self.session, &mut exchange).is_err() {
                return Outcome::Broken;
            }
            let verdict = exchange.call_result(&self.session).unwrap().verdict;
            let mut step = renewal.after_answer(&exchange, &mut self.session);
            if matches!(step, Step::SignIn | Step::SignInAfter(_)) {
                self.session.end(&exchange);
                step = match self.login() {
                    Some(verdict) => renewal.after_sign_in(verdict.is_authenticated(), &mut self.session),
                    None => return Outcome::Broken,
                };
            }
            if step == Step::Report {
                return Outcome::Answered(verdict);
            }
        }
    }
}

/// One exchange over a connection of its own; the reply's body.
pub fn transfer(session: &mut Session<'_>, exchange: &mut Exchange<'_>) -> io::Result<Vec<u8>> {
    let site = *session.site();
    transfer_to(&site, session, exchange)
}

/// As [`transfer`], with another host than the session's: the identity service.
pub fn transfer_to(host: &Site<'_>, session: &mut Session<'_>, exchange: &mut Exchange<'_>) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect((host.host(), host.port()))?;
    let mut buffer = [0; 256];
    loop {
        let filled = exchange.fill(session, &mut buffer).unwrap();
        if filled == 0 {
            break;
        }
        stream.write_all(&buffer[..filled])?;
    }
    let mut body = Vec::new();
    loop {
        let received = stream.read(&mut buffer)?;
        let result: Result<bool, ReplyError> = match received {
            0 => exchange.close(session).map(|()| true),
            _ => feed(session, exchange, &buffer[..received], &mut body),
        };
        if result.map_err(io::Error::other)? {
            return Ok(body);
        }
    }
}

fn feed(
    session: &mut Session<'_>,
    exchange: &mut Exchange<'_>,
    mut input: &[u8],
    body: &mut Vec<u8>,
) -> Result<bool, ReplyError> {
    while !input.is_empty() {
        let fed = exchange.feed(session, input)?;
        body.extend_from_slice(fed.body);
        if fed.done {
            return Ok(true);
        }
        input = &input[fed.consumed..];
    }
    Ok(false)
}
