//! A token by the client's own credentials, and a call with it.

use creatio_auth::{Call, ClientCredentials, Path, Session, Site, Token, TokenVerdict};

use super::calls::{self, Said};
use super::clock::span;
use super::identity::with_key;
use super::{memory, trouble};
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::line::{Line, Trouble};
use crate::quote::says;
use crate::visit::{Visit, now, run};

/// What the service says, apart from the session's memory.
struct Granted {
    verdict: TokenVerdict,
    status: u16,
    expires_in: Option<u32>,
    description: String,
    /// How many characters the token has.
    len: usize,
    /// How many bytes of memory a session takes for it.
    memory: usize,
}

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (identity, line) = visit.identity.clone()?;
    let (id, secret) = (visit.arguments.client_id.as_deref()?, visit.secrets.client_secret.as_ref()?);
    // Without a runtime the token is asked for all the same.
    let site = visit.runtime.and_then(|runtime| Site::parse(&visit.arguments.url, runtime).ok()).or(visit.site)?;
    let memory = visit.token_memory.take()?;
    let mut session = visit.session_with(site, memory);
    let secrets = visit.secrets;
    let client = with_key(ClientCredentials::borrowed(id, secret), secrets);
    let mut granted = match ask(&line, &mut session, &identity, &client) {
        Ok(granted) => granted,
        Err(trouble) => return Some(trouble::judge(&trouble)),
    };
    // The newest sites issue tokens themselves. Nobody has judged the secret yet.
    let mut is_below_prefix = false;
    let is_elsewhere = matches!(granted.verdict, TokenVerdict::WrongHost | TokenVerdict::NotFound);
    if is_elsewhere && visit.runtime.is_some() && identity.host() == site.host() && identity.port() == site.port() {
        let client = with_key(ClientCredentials::borrowed(id, secret), secrets).below_prefix();
        if let Ok(other) = ask(&line, &mut session, &site, &client)
            && !matches!(other.verdict, TokenVerdict::WrongHost | TokenVerdict::NotFound)
        {
            (granted, is_below_prefix) = (other, true);
        }
    }
    let diagnosis = judge(&granted, site, is_below_prefix);
    if granted.verdict == TokenVerdict::Granted {
        visit.token_session = Some(session);
    }
    Some(diagnosis)
}

fn ask(
    line: &Line,
    session: &mut Session<'_>,
    identity: &Site<'_>,
    client: &ClientCredentials<'_>,
) -> Result<Granted, Trouble> {
    session.set_time(now());
    let mut exchange = session.token(identity, client);
    let reply = line.run(session, &mut exchange)?;
    let token = exchange.token_result(session).expect("the exchange asks for a token, and is complete");
    let Token { verdict, http_status: status, expires_in, .. } = token;
    let texts = [token.error, token.error_description].into_iter().flatten().map(|text| text.to_string());
    let description = texts.collect::<Vec<_>>().join(", ");
    let line = session.authorization_lines(Path::site("/").expect("it is a path"), &mut []);
    let len = line.err().map_or(0, |error| error.needed.saturating_sub("Authorization: Bearer \r\n".len()));
    let memory = memory::least(*session.site(), None, |session| {
        let exchange = session.token(identity, client);
        memory::feed(session, exchange, &reply.raw)
    });
    Ok(Granted { verdict, status, expires_in, description, len, memory: memory.unwrap_or_default() })
}

fn judge(granted: &Granted, site: Site<'_>, is_below_prefix: bool) -> Diagnosis {
    let Granted { verdict, status, description, .. } = granted;
    let description = says(description);
    let wrong =
        |cause, remedy: &str| Diagnosis::wrong(cause, format!("{verdict} (status {status}){description}"), remedy);
    match verdict {
        TokenVerdict::Granted => judge_life(granted, is_below_prefix),
        TokenVerdict::InvalidClient => wrong(
            Cause::InvalidClient,
            "check id and secret in the site's list of OAuth 2.0 applications; a secret is shown once, when the application is made",
        ),
        TokenVerdict::UnauthorizedClient | TokenVerdict::InvalidScope | TokenVerdict::UnsupportedGrantType => wrong(
            Cause::ClientRefused,
            "have the application registered for client credentials, with a user for it and an access to the site",
        ),
        TokenVerdict::WrongHost | TokenVerdict::WebPage | TokenVerdict::NotFound | TokenVerdict::Redirect => {
            let remedy = match site.identity_hint() {
                Some(hint) => format!("give --identity-url {hint}"),
                None => "give --identity-url; the site's system setting OAuth20IdentityServerUrl has it".into(),
            };
            let words = format!("this is not the identity service: it answers with status {status}, and no token");
            Diagnosis::wrong(Cause::NotIdentityService, words, remedy)
        }
        TokenVerdict::Busy => Diagnosis::later(
            Cause::Busy,
            format!("the identity service is busy, with status {status}"),
            "try again later",
        ),
        _ => wrong(Cause::ClientRefused, "the log of the identity service may say why"),
    }
}

fn judge_life(granted: &Granted, is_below_prefix: bool) -> Diagnosis {
    let Granted { expires_in, len, memory, .. } = *granted;
    let place =
        if is_below_prefix { " by the site itself, below its prefix (ClientCredentials::below_prefix)" } else { "" };
    let words = format!(
        "issued{place}, of {len} characters: lend a session with it {} bytes, of which it takes {memory} here",
        memory::advised(memory),
    );
    let Some(seconds) = expires_in else {
        let remedy = "a session asks for a new one when a call is answered with 401";
        return Diagnosis::advice(Cause::ShortTokens, format!("{words}; it does not say how long it lives"), remedy);
    };
    let words = format!("{words}; it lives {}", span(u64::from(seconds)));
    if seconds < 300 {
        let remedy = "have AccessTokenLifetime of the application raised: a device would ask for tokens all the time";
        return Diagnosis::advice(Cause::ShortTokens, words, remedy);
    }
    Diagnosis::good(words)
}

pub fn check_call(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let line = visit.line.clone()?;
    let session = visit.token_session.as_mut()?;
    let call = Call::get(Path::site(calls::CONTACTS).expect("it is a path"));
    let message = |answer: &creatio_auth::Answer<'_>| answer.message.map(|text| text.to_string()).unwrap_or_default();
    let result = run(&line, session, &call, message);
    session.clear();
    let said = match result {
        Ok((asked, message)) => Said { verdict: asked.verdict, message, reply: asked.reply },
        Err(trouble) => return Some(trouble::judge(&trouble)),
    };
    if let creatio_auth::CallVerdict::SessionEnded(_) = said.verdict {
        let words = format!("the site does not take the token (status {})", said.reply.status);
        let remedy = "see that the site's system settings for OAuth name this identity service, that the application is active, and \
                      that the user it stands for has the rights; and that nothing in front strips the field Authorization";
        return Some(Diagnosis::wrong(Cause::TokenNotTaken, words, remedy));
    }
    Some(calls::judge(&said, "GET", None))
}
