//! A client that stays signed in: one login when the session has ended, and never another.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use creatio_auth::{Answer, Call, CallVerdict, Credentials, Renewal, Session, Step, Verdict, retry_delay};
use serde_json::Value;

use crate::connection::{Broken, Connection};
use crate::output::say;

/// The longest that a busy site is waited for, in seconds.
const LONGEST_WAIT: u32 = 60;

/// Between two connections, in milliseconds.
const SHORTEST_DELAY: u32 = 100;
const LONGEST_DELAY: u32 = 10_000;

pub struct Client<'s> {
    pub connection: Connection<'s>,
    pub session: Session<'s>,
    /// Kept, for the session may end at any time; the password is wiped with the client.
    pub credentials: Credentials<'s>,
}

impl Client<'_> {
    /// Signs in, and fails where the site does not let the user in.
    pub fn sign_in(&mut self) -> Result<Verdict> {
        self.tell_time()?;
        self.connection.disconnect();
        let mut exchange = self.session.login(&self.credentials);
        self.connection.run(&mut self.session, &mut exchange, |_| ())?;
        let login = exchange.login_result(&self.session)?;
        let message = login.message.filter(|text| !text.as_str().is_empty());
        let told = format!("{}{}", login.verdict, message.map(|text| format!(": {text}")).unwrap_or_default());
        ensure!(login.verdict.is_authenticated(), "{told}");
        say!("sign in   {told}")?;
        Ok(login.verdict)
    }

    /// Makes a call whose body comes with it, if it has one; what has come, if it is JSON.
    pub fn call(&mut self, call: &Call<'_>) -> Result<Value> {
        self.perform(call, Renewal::new(call), io::empty)
    }

    /// Makes a call whose body comes from a reader; `body` makes one for each time that the call is sent.
    pub fn call_with_body<R: Read>(&mut self, call: &Call<'_>, body: impl FnMut() -> R) -> Result<Value> {
        self.perform(call, Renewal::new(call).with_repeatable_body(), body)
    }

    /// As [`call_with_body`](Client::call_with_body); what has come, whatever it is.
    #[allow(dead_code)] // one example parses it as it comes
    pub fn call_for_bytes<R: Read>(&mut self, call: &Call<'_>, body: impl FnMut() -> R) -> Result<Vec<u8>> {
        self.perform_for_bytes(call, Renewal::new(call).with_repeatable_body(), body)
    }

    /// Ends the session, here in any case. One that the site has ended already is not begun again for it, so this takes
    /// no `Renewal`.
    pub fn log_out(&mut self) -> Result<()> {
        let asked = self.ask_to_log_out();
        self.session.clear();
        match asked.context("forgotten here, but the site could not be told to log out")? {
            CallVerdict::Fine => say!("log out   done"),
            CallVerdict::SessionEnded(_) => say!("log out   not needed, the session had ended"),
            verdict => bail!("forgotten here, but the site does not log out: {verdict}"),
        }
    }

    fn ask_to_log_out(&mut self) -> Result<CallVerdict> {
        self.tell_time()?;
        let call = Call::logout();
        let mut exchange = self.session.call(&call);
        self.connection.run(&mut self.session, &mut exchange, |_| ())?;
        Ok(exchange.call_result(&self.session)?.verdict)
    }

    fn perform<R: Read>(&mut self, call: &Call<'_>, renewal: Renewal, body: impl FnMut() -> R) -> Result<Value> {
        let received = self.perform_for_bytes(call, renewal, body)?;
        Ok(serde_json::from_slice(&received).unwrap_or_default())
    }

    fn perform_for_bytes<R: Read>(
        &mut self,
        call: &Call<'_>,
        mut renewal: Renewal,
        mut body: impl FnMut() -> R,
    ) -> Result<Vec<u8>> {
        let mut attempt = 0;
        loop {
            self.tell_time()?;
            let mut exchange = self.session.call(call);
            let mut received = Vec::new();
            let result = self.connection.run_with_body(&mut self.session, &mut exchange, &mut body(), |piece| {
                received.extend_from_slice(piece);
            });
            if let Err(error) = result {
                // Where twice does no more than once, it is made again over a new connection.
                if !error.is::<Broken>() || renewal.after_cut() == Step::Report {
                    return Err(error);
                }
                attempt += 1;
                let delay = retry_delay(attempt, SHORTEST_DELAY, LONGEST_DELAY, random() as u32, None);
                say!("again     {error:#}")?;
                pause(delay);
                continue;
            }
            let answer = exchange.call_result(&self.session)?;
            if answer.verdict == CallVerdict::Fine {
                return Ok(received);
            }
            let told = explain(&answer);
            let step = renewal.after_answer(&exchange, &mut self.session);
            if let Step::SignInAfter(seconds) = step {
                wait(&told, seconds)?;
            }
            match step {
                Step::SignIn | Step::SignInAfter(_) => {
                    say!("renewal   {told}")?;
                    self.session.end(&exchange);
                    let is_signed_in = self.sign_in()?.is_authenticated();
                    let is_repeated = renewal.after_sign_in(is_signed_in, &mut self.session) == Step::Repeat;
                    ensure!(is_signed_in, "{told}");
                    ensure!(is_repeated, "not made again, for nobody knows whether it was done: {told}");
                }
                Step::Repeat => {}
                Step::RepeatAfter(seconds) => wait(&told, seconds.unwrap_or(1))?,
                _ => bail!("{told}"),
            }
        }
    }

    /// Before each exchange: some cookies live for so long only.
    fn tell_time(&mut self) -> Result<()> {
        self.session.set_time(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
        Ok(())
    }
}

/// What an answer means, also in the words of the site if it has some.
pub fn explain(answer: &Answer<'_>) -> String {
    let message = answer.inner_message.or(answer.message).map(|text| format!(": {text}")).unwrap_or_default();
    format!("{}{message}", answer.verdict)
}

/// Waits so many milliseconds.
pub fn pause(milliseconds: u32) {
    thread::sleep(Duration::from_millis(milliseconds.into()));
}

/// Random bits, for what is no secret.
pub fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Waits for a busy site, unless that takes too long: then someone else may decide what to do.
fn wait(told: &str, seconds: u32) -> Result<()> {
    ensure!(seconds <= LONGEST_WAIT, "{told}: it asks for {seconds} s, and {LONGEST_WAIT} s are waited at the most");
    say!("waiting   {seconds} s: {told}")?;
    thread::sleep(Duration::from_secs(seconds.into()));
    Ok(())
}
