//! What the user gets to see.

use anyhow::Result;
use creatio_auth::{Answer, CallVerdict, Login, Session, Verdict};

use crate::output::say;
use crate::records;

pub fn login(login: &Login<'_>, session: &Session<'_>) -> Result<()> {
    say!("verdict   {:?}: {}", login.verdict, login.verdict)?;
    let code = login.code.map_or("none".into(), |code| code.to_string());
    say!("          HTTP status {}, Code {code}", login.http_status)?;
    let texts = [
        ("message", login.message),
        ("exception", login.exception_message),
        ("change at", login.password_change_url),
    ];
    for (name, text) in texts {
        if let Some(text) = text.filter(|text| !text.as_str().is_empty()) {
            say!("{name:<10}{text}")?;
        }
    }
    let leads_to_change = login.password_change_url.is_some_and(|url| !url.as_str().is_empty());
    if leads_to_change || login.verdict == Verdict::PasswordExpired {
        say!("          --change-password changes the password, as Session::change_password does")?;
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
