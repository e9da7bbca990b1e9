//! A request for a token, and what the user gets to see of its answer: everything but the token.

use anyhow::Result;
use creatio_auth::{ClientCredentials, Path, Session, Site, Text, Token, TokenVerdict};

use crate::connection::Connection;
use crate::output::say;

/// The width of an output that people like to read.
const WIDTH: usize = 100;

/// Asks a host for a token, over a connection to that same host; whether there is one now.
pub fn ask(
    id: &str,
    connection: &mut Connection<'_>,
    host: &Site<'_>,
    session: &mut Session<'_>,
    credentials: &ClientCredentials<'_>,
) -> Result<bool> {
    say!("sign in   at {host} as {id}")?;
    connection.disconnect();
    let mut exchange = session.token(host, credentials);
    connection.run(session, &mut exchange, |_| ())?;
    let token = exchange.token_result(session)?;
    show(&token, host, session)?;
    Ok(token.verdict == TokenVerdict::Granted)
}

fn show(token: &Token<'_>, asked: &Site<'_>, session: &Session<'_>) -> Result<()> {
    say_folded("verdict", &format!("{:?}: {}", token.verdict, token.verdict))?;
    say!("          HTTP status {}{}", token.http_status, error(token))?;
    match token.verdict {
        TokenVerdict::Granted => {
            let life = token.expires_in.map_or("nobody knows how long".into(), |seconds| format!("{seconds} s"));
            say!("token     {} characters; it lives {life}", token_len(session))
        }
        TokenVerdict::WrongHost => match asked.identity_hint() {
            Some(hint) => say!("hint      the identity service of {asked} is probably {hint}"),
            None => Ok(()),
        },
        TokenVerdict::Busy => match token.retry_after {
            Some(seconds) => say!("          it asks to come again in {seconds} s"),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// What the identity service says, if it says anything.
fn error(token: &Token<'_>) -> String {
    let said = |text: Option<Text<'_>>, before| text.map(|text| format!("{before}{text}")).unwrap_or_default();
    said(token.error, ", error ") + &said(token.error_description, ": ")
}

/// How long the token is. It is seen in what it takes to send it, and is not taken out for that.
fn token_len(session: &Session<'_>) -> usize {
    let line = Path::site("/").map(|path| session.authorization_lines(path, &mut []));
    let needed = line.ok().and_then(|line| line.err()).map_or(0, |error| error.needed);
    needed.saturating_sub("Authorization: Bearer \r\n".len())
}

/// Says something long in lines that are not.
pub fn say_folded(title: &str, text: &str) -> Result<()> {
    let mut line = format!("{title:<10}");
    for word in text.split(' ') {
        if line.chars().count() + word.chars().count() > WIDTH {
            say!("{}", line.trim_end())?;
            line = " ".repeat(10);
        }
        line += word;
        line.push(' ');
    }
    say!("{}", line.trim_end())
}
