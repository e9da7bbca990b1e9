//! The login: once, and with a second step where the site wants one and a code was given.

use creatio_auth::{Credentials, Login, Session, Site, Verdict};

use super::trouble;
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::front::Front;
use crate::line::{Line, Trouble};
use crate::quote::{quoted, says};
use crate::reply::Reply;
use crate::visit::{Visit, now};

/// What the site says, apart from the session's memory.
struct Said {
    verdict: Verdict,
    status: u16,
    code: Option<i32>,
    message: String,
    retry_after: Option<u32>,
}

impl Said {
    fn of(login: &Login<'_>) -> Self {
        let message = login.message.or(login.exception_message).map(|text| text.to_string()).unwrap_or_default();
        let (verdict, status, code) = (login.verdict, login.http_status, login.code);
        Said { verdict, status, code, message, retry_after: login.retry_after }
    }
}

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let line = visit.line.clone()?;
    let site = Site::parse(&visit.arguments.url, visit.runtime?).expect("it was parsed before");
    let memory = visit.memory.take()?;
    let session = visit.session_with(site, memory);
    Some(sign_in(visit, &line, session).unwrap_or_else(|trouble| trouble::judge(&trouble)))
}

/// Logs in, again only while nobody has judged the password.
fn sign_in<'a>(visit: &mut Visit<'a>, line: &Line, mut session: Session<'a>) -> Result<Diagnosis, Trouble> {
    let (arguments, secrets) = (visit.arguments, visit.secrets);
    let user = arguments.user.as_deref().unwrap_or_default();
    let password = secrets.password.as_ref().map(|password| password.as_str()).unwrap_or_default();
    let mut credentials = Credentials::borrowed(user, password);
    let (mut said, mut reply) = log_in(line, &mut session, &credentials)?;
    while said.verdict == Verdict::Busy
        && session.sign_in_delay() == Some(0)
        && visit.wait(said.retry_after, &format!("status {} to the login", said.status))
    {
        (said, reply) = log_in(line, &mut session, &credentials)?;
    }
    if let (Verdict::SecondFactorWanted, Some(code)) = (said.verdict, &secrets.code) {
        credentials = credentials.with_borrowed_one_time_code(code);
        (said, reply) = log_in(line, &mut session, &credentials)?;
    }
    let diagnosis = judge(&said, &reply);
    if said.verdict.is_authenticated() || said.verdict == Verdict::NoTicket {
        visit.is_signed_in = session.has_ticket();
        visit.login_reply = Some(reply);
        visit.session = Some(session);
    }
    Ok(diagnosis)
}

fn log_in(line: &Line, session: &mut Session<'_>, credentials: &Credentials<'_>) -> Result<(Said, Reply), Trouble> {
    session.set_time(now());
    let mut exchange = session.login(credentials);
    let reply = line.run(session, &mut exchange)?;
    let login = exchange.login_result(session).expect("the exchange is a login, and complete");
    Ok((Said::of(&login), reply))
}

fn judge(said: &Said, reply: &Reply) -> Diagnosis {
    let message = says(&said.message);
    let wrong = |cause, words: &str, remedy: &str| Diagnosis::wrong(cause, format!("{words}{message}"), remedy);
    match said.verdict {
        Verdict::Authenticated | Verdict::NoTicket => Diagnosis::good("the site takes user name and password"),
        Verdict::PasswordChangeAdvised => Diagnosis::advice(
            Cause::PasswordChangeAdvised,
            format!("signed in, and the site advises to change the password{message}"),
            "change it in time (Session::change_password does): once it has expired nobody signs in with it",
        ),
        Verdict::BadCredentials => judge_401(reply, &message),
        Verdict::Rejected => {
            let remedy = "do not try again before you know why, for that can lock the user: the password is wrong or has expired, or \
                          a one-time code is wanted with it (as \
                          `cargo run --example login -- --code` sends it) or wrong, or the user is locked or inactive, or has no licence (older \
                          sites), or the site takes integrations by OAuth only";
            wrong(Cause::Rejected, "the site rejects the login", remedy)
        }
        Verdict::AccessDenied => match Front::all_of(reply).first().filter(|_| reply.is_page()) {
            Some(front) => {
                let words = format!("{} refuses the login, and the site has not seen it", front.name);
                Diagnosis::wrong(Cause::Firewall, words, format!("have this machine let through: {}", front.place))
            }
            None => {
                let remedy = "have the address of this machine added to those from which the user may sign in, or let through by what \
                              stands in front";
                wrong(Cause::AccessDenied, "access denied, with status 403", remedy)
            }
        },
        Verdict::SecondFactorWanted => {
            let remedy = "a device cannot sign in so: use OAuth (--client-id), or a user who is in no group with CanUse2FA; to go on \
                          here, give --code";
            wrong(Cause::SecondFactor, "user name and password are right, and the site wants a one-time code", remedy)
        }
        Verdict::AuthenticatorWanted => {
            let remedy = "sign in with a browser once, which leads through it; for a device use OAuth";
            wrong(Cause::Authenticator, "the user has to bind an authenticator first", remedy)
        }
        Verdict::NeedGrantLicense => {
            let remedy = "sign in with a browser and grant one in the licence manager";
            wrong(
                Cause::GrantLicense,
                "the password is right, but the user has no licence, and may grant one",
                remedy,
            )
        }
        Verdict::NoLicense => {
            let remedy = "have an administrator grant one in the licence manager";
            wrong(Cause::NoLicense, "the password is right, but the user has no licence", remedy)
        }
        Verdict::PasswordExpired => {
            let remedy = "change it, which signs in: by a browser, or `cargo run --example login -- --url URL --user NAME \
                          --change-password`; for a device have a user whose password does not expire, or use OAuth";
            wrong(Cause::PasswordExpired, "the password is right, but has expired", remedy)
        }
        Verdict::Busy => Diagnosis::later(
            Cause::Busy,
            format!("the site is busy or starting, with status {}, and has not judged the password", said.status),
            "try again in some minutes, or with a longer --wait",
        ),
        Verdict::LoginPage(_) => {
            let remedy =
                "check the path of the URL; or something in front follows redirects, or sends all of it to the page";
            Diagnosis::wrong(
                Cause::LoginPage,
                "a web page or a redirect came instead of an answer to the login",
                remedy,
            )
        }
        _ => {
            let code = said.code.map_or(String::new(), |code| format!(", Code {code}"));
            let words = format!("the answer says nothing that is known: status {}{code}", said.status);
            wrong(Cause::LoginUnclear, &words, "check the path of the URL; the log of the site may say more")
        }
    }
}

fn judge_401(reply: &Reply, message: &str) -> Diagnosis {
    if let Some(scheme) = reply.field("www-authenticate") {
        let scheme = scheme.split([' ', ',']).next().unwrap_or_default();
        let words = format!("something in front of the site asks for a password of its own, by {}", quoted(scheme));
        let remedy = "have /ServiceModel/AuthService.svc let through without; where the site itself has Windows authentication, \
                      Session::windows_login is the door";
        return Diagnosis::wrong(Cause::FrontWantsPassword, words, remedy);
    }
    let remedy = "check them by hand once; each failed login may count towards a lock";
    Diagnosis::wrong(Cause::BadCredentials, format!("user name or password are wrong{message}"), remedy)
}
