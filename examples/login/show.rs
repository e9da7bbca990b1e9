//! What the user gets to see.

use anyhow::Result;
use creatio_auth::{Answer, CallVerdict, Login, Session, Verdict};

use crate::output::say;
use crate::records;

pub fn login(login: &Login<'_>, session: &Session<'_>) -> Result<()> {
    say!("verdict   {:?}: {}", login.verdict, login.verdict)?;
    let code = login.code.map_or("none".into(), |code| code.to_string());
    say!("          HTTP status {}, Code {code}", login.http_status)?;
    let exception =
        login.exception_message.filter(|text| Some(text.as_str()) != login.message.map(|text| text.as_str()));
    let texts = [("message", login.message), ("exception", exception), ("change at", login.password_change_url)];
    for (name, text) in texts {
        if let Some(text) = text.filter(|text| !text.as_str().is_empty()) {
            say!("{name:<10}{text}")?;
        }
    }
    if let Some(seconds) = login.retry_after {
        say!("          try again in {seconds} s")?;
    }
    say!("cookies   {}", cookies(session))?;
    say!("csrf      {}", if session.has_csrf_token() { "present" } else { "none" })
}

/// The names; the values are secrets.
fn cookies(session: &Session<'_>) -> String {
    let names: Vec<_> = session
        .cookies()
        .map(|cookie| format!("{} ({} bytes)", cookie.name().escape_ascii(), cookie.value_len()))
        .collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// What a person can do about it, by the arguments of this program. `had_code` is whether a one-time code went along.
pub fn next(login: &Login<'_>, is_change: bool, had_code: bool) -> Result<()> {
    let leads_to_change = login.password_change_url.is_some_and(|url| !url.as_str().is_empty());
    let next = match login.verdict {
        Verdict::Authenticated if is_change => "the password is changed; from now on it is the new one",
        Verdict::NoTicket if is_change => {
            "the site says yes, so the password is changed, but it does not sign in with that: sign in with the new one"
        }
        Verdict::PasswordChangeAdvised => {
            "it works still; to change the password: the same with --change-password, which asks for a new one and signs in with it"
        }
        Verdict::PasswordExpired => {
            "change the password: the same with --change-password, which asks for a new one and signs in with it"
        }
        Verdict::Rejected if leads_to_change && !is_change => {
            "the password has expired, as it seems, or is to be changed at the first sign-in, since the site names a page for that: the \
             same with --change-password, which asks for a new one and signs in with it"
        }
        Verdict::Rejected if had_code => {
            "the code may be wrong or have run out; a site that asks for it in a second step takes none before: leave --code out then"
        }
        Verdict::Rejected => {
            "if a one-time code belongs to the password, and the site does not ask for it: the same with --code"
        }
        Verdict::SecondFactorWanted if had_code => "the site has not taken the code: get another one",
        _ => return Ok(()),
    };
    say!("next      {next}")
}

pub fn answer(answer: &Answer<'_>, body: &[u8]) -> Result<()> {
    say!("answer    HTTP status {}, {} bytes", answer.http_status, body.len())?;
    match answer.verdict {
        CallVerdict::Fine => {}
        CallVerdict::SessionEnded(_) => {
            say!("          the site does not take the session; were its cookies sent back?")?;
        }
        CallVerdict::WrongPrefix => say!("          {}; is --runtime right?", answer.verdict)?,
        verdict => say!("          {verdict}")?,
    }
    records::show(body)
}
