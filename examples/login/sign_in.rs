//! Signing in: in one step, in two with a one-time code, or by a change of the password.

use std::env;

use anyhow::{Result, bail};
use creatio_auth::{Call, CallVerdict, Credentials, Exchange, PasswordChange, Path, Session, Verdict};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::connection::Connection;
use crate::output::say;
use crate::{secret, show};

#[derive(clap::Args)]
pub struct SignInArguments {
    /// Send a one-time code with the first login, as older sites want it. Without this, one is sent only if the site asks for it in a
    /// second step. It comes from CREATIO_CODE or a prompt
    #[arg(long)]
    code: bool,
    /// Where the site asks for a one-time code, have it send one by SMS or e-mail first
    #[arg(long, conflicts_with = "code")]
    text_code: bool,
    /// Change the password, as where it has expired, which signs in, too: the old one is asked for as always, the new one comes from
    /// CREATIO_NEW_PASSWORD or a prompt
    #[arg(long)]
    change_password: bool,
}

/// Who signs in to what.
pub struct SignIn<'a, 's, 'm> {
    pub connection: &'a mut Connection<'s>,
    pub session: &'a mut Session<'m>,
    pub user: &'a str,
    pub password: &'a str,
    new_password: Option<Zeroizing<String>>,
}

impl SignInArguments {
    /// Whether the site lets the user in.
    pub fn sign_in<'a, 's, 'm>(
        &self,
        connection: &'a mut Connection<'s>,
        session: &'a mut Session<'m>,
        user: &'a str,
        password: &'a str,
    ) -> Result<bool> {
        let ask = |what, variable| Ok::<_, anyhow::Error>(Zeroizing::new(secret::ask(what, variable)?));
        let ask_code = || ask("one-time code", "CREATIO_CODE");
        let new_password = self.change_password.then(|| ask("new password", "CREATIO_NEW_PASSWORD")).transpose()?;
        if let Some(new_password) = &new_password {
            if new_password.as_str() == password {
                bail!("the new password is the old one");
            }
            if env::var_os("CREATIO_NEW_PASSWORD").is_none() && ask_again()? != *new_password {
                bail!("these are two different new passwords; nothing was changed");
            }
        }
        let mut who = SignIn { connection, session, user, password, new_password };
        if self.code {
            return Ok(who.step(Some(&ask_code()?))?.is_authenticated());
        }
        let verdict = who.step(None)?;
        if verdict != Verdict::SecondFactorWanted {
            return Ok(verdict.is_authenticated());
        }
        // The second step: all of the first again, and a code. The session sends what the site set in the first, `FirstFactor`.
        if self.text_code && !who.send_text_code()? {
            return Ok(false);
        }
        Ok(who.step(Some(&ask_code()?))?.is_authenticated())
    }
}

impl SignIn<'_, '_, '_> {
    /// A login, or a change of the password if there is a new one; with a one-time code, or without.
    fn step(&mut self, code: Option<&str>) -> Result<Verdict> {
        let by = if self.new_password.is_some() { ", by a change of the password" } else { "" };
        say!("sign in   as {}{by}{}", self.user, if code.is_some() { ", with a one-time code" } else { "" })?;
        self.connection.disconnect();
        let mut credentials = Credentials::borrowed(self.user, self.password); // whose owner wipes them
        if let Some(code) = code {
            credentials = credentials.with_borrowed_one_time_code(code);
        }
        match &self.new_password {
            None => {
                let exchange = self.session.login(&credentials);
                answer(self.connection, self.session, exchange, false, code.is_some())
            }
            Some(new_password) => {
                let change = PasswordChange::borrowed(credentials, new_password);
                let exchange = self.session.change_password(&change);
                answer(self.connection, self.session, exchange, true, code.is_some())
            }
        }
    }

    /// Asks the site to send a one-time code, which needs no session; whether it does.
    fn send_text_code(&mut self) -> Result<bool> {
        let json = json!({"UserName": self.user, "UserPassword": self.password}).to_string();
        let json = Zeroizing::new(json);
        let path = Path::root("/ServiceModel/AuthService.svc/StartTextCodeAuthFlow")?;
        let mut exchange = self.session.call(&Call::post(path).with_json(json.as_bytes()));
        let mut body = Vec::new();
        self.connection.run(self.session, &mut exchange, |piece| body.extend_from_slice(piece))?;
        let verdict = exchange.call_result(self.session)?.verdict;
        let document: Value = serde_json::from_slice(&body).unwrap_or_default();
        let is_sent = verdict == CallVerdict::Fine;
        let told = if is_sent { "sent".into() } else { format!("not sent, {verdict}") };
        say!("text code {told}: {}", document["message"].as_str().unwrap_or("the site says nothing more"))?;
        Ok(is_sent)
    }
}

fn ask_again() -> Result<Zeroizing<String>> {
    Ok(Zeroizing::new(rpassword::prompt_password("new password, once more: ")?))
}

/// Makes the exchange, shows what it comes to, and gives its verdict.
fn answer(
    connection: &mut Connection<'_>,
    session: &mut Session<'_>,
    mut exchange: Exchange<'_>,
    is_change: bool,
    had_code: bool,
) -> Result<Verdict> {
    connection.run(session, &mut exchange, |_| ())?;
    let login = exchange.login_result(session)?;
    show::login(&login, session)?;
    show::next(&login, is_change, had_code)?;
    Ok(login.verdict)
}
