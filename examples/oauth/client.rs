//! A client that always has a token: it gets a new one before the old one expires, and once if the site rejects it.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use creatio_auth::{Call, CallVerdict, ClientCredentials, Path, Renewal, Session, Site, Step};

use crate::connection::Connection;
use crate::output::say;
use crate::token::By;
use crate::{records, token};

/// A token that expires within so many seconds is not used any more: a call takes its time, and clocks differ.
const MARGIN: u32 = 60;

/// Each connection goes to one host, and is used for that one only: the site gets to see tokens but never the secret, the
/// identity service the secret.
pub struct Client<'s> {
    pub session: Session<'s>,
    pub site_connection: Connection<'s>,
    pub identity: Site<'s>,
    pub identity_connection: Connection<'s>,
    pub id: &'s str,
    /// Kept, since each token has an end; the secret is wiped with the client.
    pub credentials: ClientCredentials<'s>,
    /// Whether a person has approved, so that a refresh token brings the next token.
    pub is_approved: bool,
    /// By how many seconds the client believes it to be later than it is, which shows what happens later.
    pub clock_ahead: u64,
}

impl Client<'_> {
    /// Gets a token, as before; whether the identity service grants one.
    pub fn renew(&mut self) -> Result<bool> {
        let by = if self.is_approved { By::RefreshToken } else { By::Credentials };
        self.ask(&by)
    }

    pub fn ask(&mut self, by: &By<'_>) -> Result<bool> {
        self.tell_time()?; // from which the end of the token's life is counted
        token::ask(self.id, &mut self.identity_connection, &self.identity, &mut self.session, &self.credentials, by)
    }

    /// Asks the site how its own connection to the identity service is, and that one where its endpoints are; what they say.
    pub fn look(&mut self) -> Result<()> {
        let mut exchange = self.session.oauth_health();
        self.site_connection.run(&mut self.session, &mut exchange, |_| ())?;
        let health = exchange.oauth_health_result(&self.session)?;
        say!("health    {}", health.verdict)?;
        if let Some(message) = health.message.filter(|message| !message.as_bytes().is_empty()) {
            say!("          {message}")?;
        }
        let mut exchange = self.session.discover(&self.identity, &self.credentials);
        self.identity_connection.run(&mut self.session, &mut exchange, |_| ())?;
        let found = exchange.discovery_result(&self.session)?;
        say!("discover  {}", found.verdict)?;
        for (what, endpoint) in [
            ("tokens   ", found.token_endpoint),
            ("approval ", found.authorization_endpoint),
            ("revoke   ", found.revocation_endpoint),
        ] {
            if let Some(endpoint) = endpoint {
                say!("{what} {endpoint}")?;
            }
        }
        Ok(())
    }

    /// Whether the site gives what is at the path.
    pub fn get(&mut self, path: &str) -> Result<bool> {
        // A path that has the runtime's prefix already is taken as it is.
        let (target, prefix) = match path {
            path if path.starts_with("/0/") => (Path::root(path)?, ""),
            path => (Path::site(path)?, self.session.site().runtime().prefix()),
        };
        let call = Call::get(target);

        self.tell_time()?;
        if self.session.needs_token(MARGIN) {
            say!("renewal   the token expires within {MARGIN} s")?;
            if !self.renew()? {
                return Ok(false);
            }
        }
        let mut renewal = Renewal::new(&call);
        loop {
            say!("call      GET {prefix}{path} with the token")?;
            let (exchange, body) = self.site_connection.call(&mut self.session, &call)?;
            let answer = exchange.call_result(&self.session)?;
            let verdict = answer.verdict;
            say!("answer    HTTP status {}: {verdict}", answer.http_status)?;
            if renewal.after_answer(&exchange, &mut self.session) == Step::SignIn {
                say!("renewal   {verdict}")?;
                self.session.end(&exchange);
                let is_granted = self.renew()?;
                if renewal.after_sign_in(is_granted, &mut self.session) == Step::Repeat {
                    continue;
                }
            }
            records::show(&body)?;
            return Ok(verdict == CallVerdict::Fine);
        }
    }

    /// Before each exchange: tokens live for so long only.
    fn tell_time(&mut self) -> Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        self.session.set_time(now + self.clock_ahead);
        Ok(())
    }
}
