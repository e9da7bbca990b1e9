//! What the user gets to see.

use anyhow::Result;
use creatio_auth::{Login, Session};

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

pub fn answer(status: u16, body: &[u8]) -> Result<()> {
    say!("answer    HTTP status {status}, {} bytes", body.len())?;
    match status {
        200 => {}
        302 | 401 => say!("          the site does not take the session; were its cookies sent back?")?,
        403 => say!("          the CSRF token is missing or stale, or the user lacks the right")?,
        404 => say!("          no such path; is --runtime right?")?,
        _ => {}
    }
    records::show(body)
}
