//! Calls in the session that change nothing: a `GET` and a `POST`.

use creatio_auth::{Call, CallVerdict, Path};

use super::cookies::csrf_name;
use super::trouble;
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::front;
use crate::quote::{quoted, says};
use crate::reply::Reply;
use crate::visit::{Visit, run};

pub const CONTACTS: &str = "/odata/Contact?$top=1&$select=Id";
const SELECT: &str = "/DataService/json/SyncReply/SelectQuery";
/// One record's `Id`.
const QUERY: &[u8] = br#"{"rootSchemaName":"Contact","operationType":0,"columns":{"items":{"Id":{"expression":{"expressionType":0,"columnPath":"Id"}}}},"rowCount":1}"#;

/// What a call has come to.
pub struct Said {
    pub verdict: CallVerdict,
    pub message: String,
    pub reply: Reply,
}

pub fn check_get(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let call = Call::get(Path::site(CONTACTS).expect("it is a path"));
    let said = match make(visit, &call) {
        Ok(said) => said,
        Err(diagnosis) => return Some(diagnosis),
    };
    let diagnosis = judge(&said, "GET", csrf_name(visit));
    // A user who may not read contacts has a session all the same.
    if !matches!(said.verdict, CallVerdict::SessionEnded(_) | CallVerdict::WrongPrefix | CallVerdict::Busy) {
        visit.call_reply = Some(said.reply);
    }
    Some(diagnosis)
}

pub fn check_post(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let call = Call::post(Path::site(SELECT).expect("it is a path")).with_json(QUERY);
    Some(match make(visit, &call) {
        Ok(said) => judge(&said, "POST", csrf_name(visit)),
        Err(diagnosis) => diagnosis,
    })
}

/// Makes a call, again while the site is not ready.
fn make(visit: &mut Visit<'_>, call: &Call<'_>) -> Result<Said, Diagnosis> {
    let line = visit.line.clone().expect("there is a session");
    loop {
        let session = visit.session.as_mut().expect("it was looked for");
        let read = |answer: &creatio_auth::Answer<'_>| {
            let texts = [answer.message, answer.inner_message];
            texts.into_iter().flatten().map(|text| text.to_string()).collect::<Vec<_>>().join("; ")
        };
        let (asked, message) = run(&line, session, call, read).map_err(|trouble| trouble::judge(&trouble))?;
        let may_pass = matches!(asked.verdict, CallVerdict::SessionEnded(_) | CallVerdict::Busy);
        if !may_pass || !visit.wait(asked.retry_after, &format!("status {} to a call", asked.reply.status)) {
            return Ok(Said { verdict: asked.verdict, message, reply: asked.reply });
        }
    }
}

pub fn judge(said: &Said, method: &str, csrf: Option<&str>) -> Diagnosis {
    let status = said.reply.status;
    let message = says(&said.message);
    if said.verdict != CallVerdict::Fine && front::refuses(&said.reply) {
        let (name, place) = front::refuser(&said.reply);
        let words = format!("{name} refuses {method}, and the site has not seen it");
        let remedy = format!("have {method} to the site's services let through: {place}");
        return Diagnosis::wrong(Cause::Firewall, words, remedy);
    }
    match said.verdict {
        CallVerdict::Fine => Diagnosis::good(format!("{method} with the session is answered")),
        CallVerdict::SessionEnded(_) => judge_ended(&said.reply),
        CallVerdict::CsrfMissing => {
            let remedy = "have the proxy or firewall in front pass every Set-Cookie on";
            Diagnosis::wrong(
                Cause::NoCsrfCookie,
                format!("{method} is refused, for there is no CSRF token to send"),
                remedy,
            )
        }
        // What asks for the token comes before the service, whose own error this is.
        CallVerdict::Forbidden if said.reply.page.contains("\"error\"") => no_right(method, &message),
        CallVerdict::Forbidden => judge_forbidden(method, &message, csrf),
        CallVerdict::AccessDenied => no_right(method, &message),
        CallVerdict::WrongPrefix => {
            let remedy = "leave --runtime out, or give the other one";
            Diagnosis::wrong(
                Cause::OtherRuntime,
                format!("{method} is answered with 404: the runtime is the other one"),
                remedy,
            )
        }
        CallVerdict::Busy => {
            let words = format!("the site is busy, with status {status}");
            Diagnosis::later(Cause::Busy, words, "try again in some minutes, or with a longer --wait")
        }
        CallVerdict::Refused if matches!(status, 413 | 431) || status == 400 && said.reply.is_page() => {
            let words = format!(
                "{method} is refused with status {status}: what goes along with the session is too long for what is in front"
            );
            let remedy = "the cookies are, as a rule: raise large_client_header_buffers (nginx), LimitRequestFieldSize (Apache) or MaxFieldLength and \
                          MaxRequestBytes of http.sys (IIS), or see which cookies are wanted";
            Diagnosis::wrong(Cause::CookiesTooLong, words, remedy)
        }
        CallVerdict::Refused if said.reply.is_page() => {
            let words = format!("{method} is answered by a page with status {status}, and not by the service");
            let remedy = format!(
                "have what stands in front let {method} through to the site's services (/odata, /DataService, /rest)"
            );
            Diagnosis::wrong(Cause::Firewall, words, remedy)
        }
        CallVerdict::ServerError if matches!(status, 502 | 504) => {
            let words = format!("what stands in front does not reach the site any more: status {status}");
            Diagnosis::later(
                Cause::Busy,
                words,
                "try again in some minutes; if it lasts, the log of what stands in front says why",
            )
        }
        CallVerdict::NotFound | CallVerdict::Failed | CallVerdict::Refused => {
            let words = format!("the session is good, but {method} of a contact is not: status {status}{message}");
            Diagnosis::advice(
                Cause::CallFailed,
                words,
                "see whether the user may read contacts; other services may do",
            )
        }
        verdict => {
            let words = format!("{method} fails: {verdict} (status {status}){message}");
            Diagnosis::wrong(Cause::CallFailed, words, "the log of the site may say why")
        }
    }
}

/// A session that has just begun is none to the site.
fn judge_ended(reply: &Reply) -> Diagnosis {
    let status = reply.status;
    if let Some(scheme) = reply.field("www-authenticate") {
        let scheme = scheme.split([' ', ',']).next().unwrap_or_default();
        let words = format!("the login was good, and calls are asked for another password, by {}", quoted(scheme));
        let remedy =
            "have the site's services let through without, as its login is, for clients cannot have two passwords";
        return Diagnosis::wrong(Cause::FrontWantsPassword, words, remedy);
    }
    let words = format!("the login was good, and the session counts for nothing a moment later (status {status})");
    let remedy = "a site that starts does so for some minutes: try again, with a longer --wait; if it lasts, something in between does \
                  not pass the field Cookie on, or a load balancer sends the call to another server than the login";
    Diagnosis::wrong(Cause::SessionLost, words, remedy)
}

fn no_right(method: &str, message: &str) -> Diagnosis {
    let remedy = "the session is good; give the user the right to read contacts, or see whether it is needed at all";
    Diagnosis::advice(Cause::NoRight, format!("{method} of a contact is denied{message}"), remedy)
}

fn judge_forbidden(method: &str, message: &str, csrf: Option<&str>) -> Diagnosis {
    let name = csrf.unwrap_or("BPMCSRF");
    let words =
        format!("{method} is refused with 403, though the CSRF token went along in the field {name}{message}");
    let hint = if name.contains('_') {
        "nginx drops fields with an underscore in their name unless it is told underscores_in_headers on: have that set in front, or \
         whatever strips the field; if none does, the user lacks the right"
    } else {
        "have what stands in front pass that field on; if nothing strips it, the user lacks the right to read contacts"
    };
    Diagnosis::wrong(Cause::CsrfFieldStripped, words, hint)
}
