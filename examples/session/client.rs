//! A client that stays signed in: one login when the session has ended, and never another.

use std::io::{self, Read};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use creatio_auth::{Call, CallVerdict, Credentials, Renewal, Session, Step, Verdict};
use serde_json::Value;

use crate::connection::Connection;

pub struct Client<'s> {
    pub connection: Connection<'s>,
    pub session: Session<'s>,
    pub user: &'s str,
    pub password: &'s str,
}

impl Client<'_> {
    /// Signs in, and fails where the site does not let the user in.
    pub fn sign_in(&mut self) -> Result<()> {
        let verdict = self.login()?;
        println!("sign in   {verdict}");
        if !verdict.is_authenticated() {
            bail!("{verdict}");
        }
        Ok(())
    }

    /// Makes a call whose body comes with it, if it has one.
    pub fn call(&mut self, call: &Call<'_>) -> Result<Value> {
        self.perform(call, Renewal::new(call), io::empty)
    }

    /// Makes a call whose body comes from a reader; `body` makes one for each time that the call is sent.
    pub fn call_with_body<R: Read>(&mut self, call: &Call<'_>, body: impl FnMut() -> R) -> Result<Value> {
        self.perform(call, Renewal::new(call).with_repeatable_body(), body)
    }

    /// Logs out, and forgets the session whatever comes of it.
    pub fn log_out(&mut self) -> Result<()> {
        let result = self.call(&Call::logout());
        self.session.clear();
        println!("log out   {}", if result.is_ok() { "done" } else { "failed at the site; forgotten here" });
        result.map(|_| ())
    }

    fn login(&mut self) -> Result<Verdict> {
        let credentials = Credentials::borrowed(self.user, self.password);
        let mut exchange = self.session.login(&credentials);
        self.connection.run(&mut self.session, &mut exchange, |_| ())?;
        Ok(exchange.login_result(&self.session)?.verdict)
    }

    fn perform<R: Read>(
        &mut self,
        call: &Call<'_>,
        mut renewal: Renewal,
        mut body: impl FnMut() -> R,
    ) -> Result<Value> {
        loop {
            let mut exchange = self.session.call(call);
            let mut received = Vec::new();
            self.connection.run_with_body(&mut self.session, &mut exchange, &mut body(), |piece| {
                received.extend_from_slice(piece);
            })?;
            let answer = exchange.call_result(&self.session)?;
            if answer.verdict == CallVerdict::Fine {
                return Ok(serde_json::from_slice(&received).unwrap_or_default());
            }
            let message = answer.inner_message.or(answer.message).map(|text| format!(": {text}")).unwrap_or_default();
            let told = format!("{}{message}", answer.verdict);
            let mut step = renewal.after_answer(&answer);
            if step == Step::SignIn {
                println!("renewal   {told}");
                step = renewal.after_sign_in(self.login()?.is_authenticated());
            }
            match step {
                Step::Repeat => {}
                Step::RepeatAfter(seconds) => thread::sleep(Duration::from_secs(seconds.unwrap_or(1).into())),
                _ => bail!("{told}"),
            }
        }
    }
}
