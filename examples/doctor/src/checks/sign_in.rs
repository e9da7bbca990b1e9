//! The login: once, and with a second step where the site wants one and a code was given.
//!
//! A code goes along from the beginning only where that was said: without it nobody knows whether a site that says no wants one, and to try
//! would be to send a password twice that may be wrong.

use creatio_auth::{Credentials, Login, Session, Site, Text, Verdict};

use super::trouble;
use crate::arguments::When;
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::front;
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
    /// The name of the exception, where it says more than "no".
    exception: String,
    /// Whether the site names a page for changing the password.
    leads_to_change: bool,
    /// `ErrorCode` of the page that it names.
    page_code: Option<u32>,
}

impl Said {
    fn of(login: &Login<'_>) -> Self {
        let message = login.message.or(login.exception_message).map(|text| text.to_string()).unwrap_or_default();
        let text = |text: Option<Text<'_>>| text.map(|text| text.to_string()).unwrap_or_default();
        let (change, redirect) = (text(login.password_change_url), text(login.redirect_url));
        let exception = text(login.exception_type).rsplit('.').next().unwrap_or_default().to_owned();
        let exception = if exception == "SecurityException" { String::new() } else { exception };
        Said {
            verdict: login.verdict,
            status: login.http_status,
            code: login.code,
            message,
            retry_after: login.retry_after,
            exception,
            leads_to_change: !change.is_empty(),
            page_code: page_code(&change).or_else(|| page_code(&redirect)),
        }
    }
}

/// What became of the one-time code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    /// There is none.
    None,
    /// The site has not asked for it.
    Kept,
    /// It went along with the first login.
    AtOnce,
    /// It went along when the site asked, which it does where user name and password are right.
    Asked,
}

/// The number in the address of a page of the product (protocol notes, section 2).
fn page_code(url: &str) -> Option<u32> {
    let (_, code) = url.split_once("ErrorCode=")?;
    code.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
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
    let plain = Credentials::borrowed(user, password);
    let with_code = |code| Credentials::borrowed(user, password).with_borrowed_one_time_code(code);
    let with_code = secrets.code.as_ref().map(|code| with_code(code));
    let first = with_code.as_ref().filter(|_| arguments.code == Some(When::AtOnce));
    let mut code = if first.is_some() {
        Code::AtOnce
    } else if with_code.is_some() {
        Code::Kept
    } else {
        Code::None
    };
    let first = first.unwrap_or(&plain);
    let (mut said, mut reply) = log_in(line, &mut session, first)?;
    while said.verdict == Verdict::Busy
        && session.sign_in_delay() == Some(0)
        && visit.wait(said.retry_after, &format!("status {} to the login", said.status))
    {
        (said, reply) = log_in(line, &mut session, first)?;
    }
    if let (Verdict::SecondFactorWanted, Some(with_code)) = (said.verdict, &with_code) {
        code = Code::Asked;
        (said, reply) = log_in(line, &mut session, with_code)?;
    }
    let diagnosis = judge(&said, &reply, code);
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

fn judge(said: &Said, reply: &Reply, code: Code) -> Diagnosis {
    let message = says(&said.message);
    let wrong = |cause, words: &str, remedy: &str| Diagnosis::wrong(cause, format!("{words}{message}"), remedy);
    if !said.verdict.is_authenticated() && front::refuses(reply) {
        let (name, place) = front::refuser(reply);
        let words = format!("{name} refuses the login, with status {}, and the site has not seen it", said.status);
        return Diagnosis::wrong(Cause::Firewall, words, format!("have this machine let through: {place}"));
    }
    match said.verdict {
        Verdict::Authenticated | Verdict::NoTicket => Diagnosis::good("the site takes user name and password"),
        Verdict::PasswordChangeAdvised => Diagnosis::advice(
            Cause::PasswordChangeAdvised,
            format!("signed in, and the site advises to change the password{message}"),
            "change it in time (Session::change_password does): once it has expired nobody signs in with it",
        ),
        Verdict::BadCredentials => judge_401(reply, &message),
        Verdict::Rejected => judge_rejected(said, code, &message),
        Verdict::AccessDenied => wrong(Cause::AccessDenied, "access denied, with status 403", ALLOW_ADDRESS),
        Verdict::SecondFactorWanted if code == Code::Asked => {
            let remedy =
                "get another one: it is wrong, has run out, or was used before; too many wrong ones lock the user";
            wrong(
                Cause::SecondFactor,
                "user name and password are right, and the site does not take the code",
                remedy,
            )
        }
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
        Verdict::PasswordExpired => expired("the password is right, but has expired", code, &message),
        Verdict::Busy => Diagnosis::later(
            Cause::Busy,
            format!("the site is busy or starting, with status {}, and has not judged the password", said.status),
            "try again in some minutes, or with a longer --wait",
        ),
        Verdict::LoginPage(_) => judge_page(reply),
        _ => judge_unknown(said, &message),
    }
}

const ALLOW_ADDRESS: &str = "have the address of this machine added to those from which the user may sign in, or let through by what stands in front";

/// `Code` 1, which is as much as "no": more of it is told by the page that the site names, and by the exception.
fn judge_rejected(said: &Said, code: Code, message: &str) -> Diagnosis {
    let is_of_change = matches!(said.page_code, Some(5 | 8)) || said.leads_to_change && said.page_code.is_none();
    if is_of_change {
        let words = "the site rejects the login, and names a page for changing the password: it has expired, as it seems, or is to be \
                     changed at the first sign-in";
        return expired(words, code, message);
    }
    if let Some((cause, words, remedy)) = said.page_code.and_then(of_page) {
        return Diagnosis::wrong(cause, format!("the site rejects the login: {words}{message}"), remedy);
    }
    let exception =
        if said.exception.is_empty() { String::new() } else { format!(", by {}", quoted(&said.exception)) };
    let words = format!("the site rejects the login{exception}{message}");
    let first = match code {
        Code::Asked => "the password is right, for the site has asked for the code: that one is wrong or has run out",
        Code::AtOnce => {
            "the password is wrong or has expired, or the code is wrong or has run out, or the site wants it in a second step (--code \
             without =at-once)"
        }
        Code::Kept => {
            "the site has not asked for the code: if it wants it at once, give --code=at-once; else the password is wrong or has expired"
        }
        Code::None => "the password is wrong or has expired, or a one-time code is wanted with it (--code=at-once)",
    };
    let remedy = format!(
        "do not try again before you know why, for that can lock the user: {first}, or the user is locked or inactive, or has no licence \
         (older sites), or the site takes integrations by OAuth only"
    );
    Diagnosis::wrong(Cause::Rejected, words, remedy)
}

/// What the login page says by its number, as far as it is no change of the password.
fn of_page(code: u32) -> Option<(Cause, &'static str, &'static str)> {
    Some(match code {
        4 => (Cause::AccessDenied, "this address may not sign in", ALLOW_ADDRESS),
        10 => (
            Cause::Rejected,
            "the user's time zone is none that it knows",
            "have an administrator set it in the user's profile",
        ),
        12 | 14 | 15 => (
            Cause::Rejected,
            "the user's e-mail address is missing or not allowed",
            "have an administrator set it in the user's profile",
        ),
        16 => (
            Cause::Rejected,
            "the user may sign in by the mobile app only",
            "use another user, or OAuth (--client-id)",
        ),
        _ => return None,
    })
}

fn expired(words: &str, code: Code, message: &str) -> Diagnosis {
    let code = if code == Code::AtOnce { " --code" } else { "" }; // else it is asked for
    let remedy = format!(
        "change it, which signs in: by a browser, or `cargo run --example login -- --url URL --user NAME --change-password{code}`; for a \
         device have a user whose password does not expire, or use OAuth"
    );
    Diagnosis::wrong(Cause::PasswordExpired, format!("{words}{message}"), remedy)
}

/// The login page, whose address may say why, or any other.
fn judge_page(reply: &Reply) -> Diagnosis {
    let code = reply.redirects_to().and_then(page_code);
    if matches!(code, Some(5 | 8)) {
        return expired("the site sends to its page for changing the password: it has expired", Code::None, "");
    }
    if let Some((cause, words, remedy)) = code.and_then(of_page) {
        return Diagnosis::wrong(cause, format!("the site sends the login to its page: {words}"), remedy);
    }
    let remedy = "check the path of the URL; or something in front follows redirects, or sends all of it to the page";
    Diagnosis::wrong(Cause::LoginPage, "a web page or a redirect came instead of an answer to the login", remedy)
}

/// No verdict: the status may tell.
fn judge_unknown(said: &Said, message: &str) -> Diagnosis {
    let Said { status, code, .. } = *said;
    let (cause, words, remedy) = match status {
        200 => (
            Cause::LoginUnclear,
            "the site says no by a code that is not known",
            "its message may say why; do not try again before you know, for that can lock the user",
        ),
        404 => (
            Cause::LoginUnclear,
            "the site is there, and its login service is not",
            "on IIS the Windows features of WCF (HTTP Activation) are to be there; or something in front keeps /ServiceModel to itself",
        ),
        405 => (
            Cause::LoginUnclear,
            "POST to the login service is not allowed",
            "have what stands in front let POST through to /ServiceModel/AuthService.svc; on IIS see to the handler of .svc (WCF)",
        ),
        400 | 411 | 413..=415 | 431 => (
            Cause::LoginUnclear,
            "something refuses the request's form",
            "a proxy or firewall in front that strips Content-Length or Content-Type, or that limits bodies or fields, does so: ask who runs it",
        ),
        500..=599 => (
            Cause::ServerError,
            "the site fails at the login",
            "the log of the site says why; nobody knows whether it has judged the password: do not try often",
        ),
        _ => (
            Cause::LoginUnclear,
            "the answer says nothing that is known",
            "check the path of the URL; the log of the site may say more",
        ),
    };
    let code = code.map_or(String::new(), |code| format!(", Code {code}"));
    Diagnosis::wrong(cause, format!("{words}: status {status}{code}{message}"), remedy)
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
