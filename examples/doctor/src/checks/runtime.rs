//! Which runtime the site has, whether it is there at all, and whether it has started.

use creatio_auth::{Call, CallVerdict, EndSign, Path, ProbeStep, Runtime, Site};

use super::{other_place, trouble};
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::line::Line;
use crate::quote::quoted;
use crate::reply::without_query;
use crate::visit::{Asked, Visit};

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let (site, line) = (visit.site?, visit.line.clone()?);
    let told = visit.arguments.runtime.map(Runtime::from);
    loop {
        let call = visit.probe.call();
        let mut probe = visit.probe.clone();
        let (asked, step) = match visit.ask_and_read(&line, site, &call, |answer| probe.after_answer(answer)) {
            Ok(asked) => asked,
            Err(trouble) => return Some(trouble::judge(&trouble)),
        };
        visit.probe = probe;
        match step {
            ProbeStep::Found(_) if answers_everything(visit, &line, site, &asked) => {
                return Some(judge_another_server());
            }
            ProbeStep::Found(runtime) => {
                visit.runtime = Some(runtime);
                return Some(judge_found(runtime, told));
            }
            ProbeStep::Ask => {}
            ProbeStep::AskLater(seconds) if visit.wait(seconds, &not_ready(&asked)) => {}
            ProbeStep::AskLater(_) => {
                visit.runtime = told;
                return Some(judge_not_ready(&asked, site));
            }
            _ => {
                let found = other_place::site(visit, site, &line, &asked.reply);
                return Some(found.unwrap_or_else(|| judge_nowhere(visit, told)));
            }
        }
    }
}

/// Whether a page came, and comes for what no site has, too: then it says nothing of a site.
fn answers_everything(visit: &Visit<'_>, line: &Line, site: Site<'_>, asked: &Asked) -> bool {
    const NOTHING: &str = "/0/api/HealthCheck/there-is-nothing-here";
    let is_page = asked.reply.is_page() && asked.reply.page.trim_start().starts_with('<');
    let ask = || visit.ask(line, site, &Call::get(Path::root(NOTHING).expect("it is a path"))).ok();
    is_page && ask().is_some_and(|other| other.reply.status == 200)
}

fn judge_another_server() -> Diagnosis {
    let words = "a web page with status 200 answers the health check, and what no site has as well: this is another server, or one in front \
                 that has a page for everything";
    let remedy = "check host, port and path of the URL; have what stands in front pass the site's own answers on. No password was sent";
    Diagnosis::wrong(Cause::NoSite, words, remedy)
}

const fn name(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::NetFramework => ".NET Framework: what comes after the login is below /0",
        Runtime::Net => ".NET: nothing is below /0",
    }
}

fn judge_found(runtime: Runtime, told: Option<Runtime>) -> Diagnosis {
    match told {
        Some(told) if told != runtime => {
            let other = if runtime == Runtime::Net { "net" } else { "net-framework" };
            let words = format!("the site has the other runtime, {}", name(runtime));
            Diagnosis::wrong(Cause::OtherRuntime, words, format!("give --runtime {other}, or leave it out"))
        }
        _ => Diagnosis::good(name(runtime)),
    }
}

/// What came instead of an answer.
fn not_ready(asked: &Asked) -> String {
    let is_page = matches!(asked.verdict, CallVerdict::SessionEnded(EndSign::RedirectToLogin | EndSign::LoginPage));
    format!("status {}{}", asked.reply.status, if is_page { ", the login page" } else { "" })
}

fn judge_not_ready(asked: &Asked, site: Site<'_>) -> Diagnosis {
    let told = not_ready(asked);
    match asked.reply.status {
        429 | 502..=504 => {
            let words = format!("the site starts, or is busy: {told}");
            Diagnosis::later(Cause::Starting, words, "try again in some minutes, or with a longer --wait")
        }
        status @ (520..=527 | 530) => {
            let words = format!(
                "Cloudflare is there, and does not reach the site behind it, or not as it should: status {status}"
            );
            let remedy = "see that the site is up, and that it lets Cloudflare's addresses through; 525 and 526 are for its certificate";
            Diagnosis::later(Cause::Starting, words, remedy)
        }
        301..=303 | 307 | 308 if !told.contains("login page") => {
            let target = asked.reply.redirects_to().map(without_query).unwrap_or_default();
            let words = format!(
                "the health check is answered by a redirect (status {}) to {}",
                asked.reply.status,
                quoted(target)
            );
            let remedy = "if that is a single sign-on or a portal in front, have the site's health checks and services let through without; \
                          else check host and path of the URL";
            Diagnosis::wrong(Cause::RedirectElsewhere, words, remedy)
        }
        200 | 300..=399 => {
            let words = format!("the health check is answered by the login page ({told}), or by what looks like it");
            let remedy = format!(
                "a site that starts does so for some minutes: try again; if it lasts, the site's root is not at {}{}: check the path",
                site.host(),
                if site.base_path().is_empty() { "/" } else { site.base_path() },
            );
            Diagnosis::wrong(Cause::LoginPage, words, remedy)
        }
        _ => {
            let remedy = "the log of the site, or of what stands in front, says why; try again later";
            Diagnosis::wrong(Cause::ServerError, format!("the health check fails: {told}"), remedy)
        }
    }
}

/// No health check answers; where the runtime is told, the rest is tried all the same.
fn judge_nowhere(visit: &mut Visit<'_>, told: Option<Runtime>) -> Diagnosis {
    visit.runtime = told;
    let words = "both health checks are answered with 404";
    if let Some(runtime) = told {
        let words = format!("{words}; taken to be {}, as told", name(runtime));
        return Diagnosis::advice(
            Cause::NoSite,
            words,
            "if something in front keeps the checks to itself, all is well",
        );
    }
    let remedy = "check host and path of the URL; if they are right, something in front keeps the checks to itself: give --runtime \
                  net-framework if the addresses of the site's pages have /0/ in them, else --runtime net";
    Diagnosis::wrong(Cause::NoSite, words, remedy)
}
