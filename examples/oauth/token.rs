//! A request for a token, and what the user gets to see of its answer: everything but the token.

use anyhow::Result;
use creatio_auth::{
    AuthorizationRequest, ClientCredentials, Path, RefreshToken, Session, Site, Text, Token, TokenVerdict,
};

use crate::connection::Connection;
use crate::output::say;

/// The width of an output that people like to read.
const WIDTH: usize = 100;

/// What a token is asked for by, or that it is to be worth nothing any more.
pub enum By<'c> {
    Credentials,
    RefreshToken,
    Code(&'c AuthorizationRequest<'c>, &'c str),
    Revocation,
}

/// Asks a host for a token, over a connection to that same host; whether it does what it is asked for.
pub fn ask(
    id: &str,
    connection: &mut Connection<'_>,
    host: &Site<'_>,
    session: &mut Session<'_>,
    credentials: &ClientCredentials<'_>,
    by: &By<'_>,
) -> Result<bool> {
    let exchange = match by {
        By::Credentials => Some(session.token(host, credentials)),
        By::RefreshToken => session.token_by_refresh(host, credentials),
        By::Code(request, code) => Some(session.token_by_code(host, credentials, request, code)),
        By::Revocation => session.revoke(host, credentials),
    };
    let Some(mut exchange) = exchange else {
        say!("sign in   {}", session.refresh_token())?;
        return Ok(false);
    };
    let what = match by {
        By::Credentials => "sign in   at",
        By::RefreshToken => "refresh   at",
        By::Code(..) => "redeem    the code at",
        By::Revocation => "revoke    at",
    };
    say!("{what} {host} as {id}")?;
    connection.disconnect();
    if let Err(error) = connection.run(session, &mut exchange, |_| ()) {
        if let (By::RefreshToken, RefreshToken::MaybeSpent) = (by, session.refresh_token()) {
            say!("warning   {}", session.refresh_token())?;
        }
        return Err(error);
    }
    let token = exchange.token_result(session)?;
    show(&token, host, session)?;
    Ok(matches!(token.verdict, TokenVerdict::Granted | TokenVerdict::Revoked))
}

fn show(token: &Token<'_>, asked: &Site<'_>, session: &Session<'_>) -> Result<()> {
    say_folded("verdict", &format!("{:?}: {}", token.verdict, token.verdict))?;
    say!("          HTTP status {}{}", token.http_status, error(token))?;
    match token.verdict {
        TokenVerdict::Granted => {
            let life = token.expires_in.map_or("nobody knows how long".into(), |seconds| format!("{seconds} s"));
            let more = if session.refresh_token() == RefreshToken::None { "" } else { "; a refresh token, too" };
            say!("token     {} characters; it lives {life}{more}", token_len(session))
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
