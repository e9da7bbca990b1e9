//! Lines for people, a document for machines, and what is going on meanwhile.

use std::io::{self, IsTerminal, Write};

use crate::finding::{Diagnosis, Finding, Report, State};
use crate::quote;
use crate::secrets::Secrets;

/// How wide the names of checks are.
const NAME: usize = 14;

/// Says what is found as it is found.
pub struct Output<'a> {
    secrets: &'a Secrets,
    is_json: bool,
    /// Whether what is going on is shown, on a line that is written over.
    is_watched: bool,
}

impl<'a> Output<'a> {
    pub fn new(secrets: &'a Secrets, is_json: bool) -> Self {
        Output { secrets, is_json, is_watched: io::stderr().is_terminal() }
    }

    /// What is going on.
    pub fn doing(&self, what: &str) {
        if self.is_watched {
            let _ = write!(io::stderr(), "\r\x1b[K… {}", self.shown(what)).and_then(|()| io::stderr().flush());
        }
    }

    /// Nothing is going on any more.
    fn done(&self) {
        if self.is_watched {
            let _ = write!(io::stderr(), "\r\x1b[K").and_then(|()| io::stderr().flush());
        }
    }

    /// Something that a watcher is to know and no finding says.
    pub fn note(&self, what: &str) {
        self.done();
        let _ = writeln!(io::stderr(), "… {}", self.shown(what));
    }

    /// What a check has found, with what a site has said made harmless.
    pub fn finding(&self, check: &'static str, diagnosis: Diagnosis) -> io::Result<Finding> {
        let shown = |text: String| self.shown(&text);
        let (words, remedy) = (shown(diagnosis.words), diagnosis.remedy.map(shown));
        let finding = Finding { check, diagnosis: Diagnosis { words, remedy, ..diagnosis } };
        self.done();
        if !self.is_json {
            say(&line(&finding))?;
        }
        Ok(finding)
    }

    /// The end.
    pub fn report(&self, report: &Report) -> io::Result<()> {
        if self.is_json {
            return say(&serde_json::to_string_pretty(report).map_err(io::Error::other)?);
        }
        if !report.skipped.is_empty() {
            say(&format!("– not looked at, for what is wrong above: {}", report.skipped.join(", ")))?;
        }
        let is_through = report.findings.iter().any(|finding| matches!(finding.check, "sign-in" | "token"));
        say(match report.state {
            State::Good if !is_through => "all is well so far; with --user NAME it signs in and makes calls, too",
            State::Good => "all is well; if a program of yours gets HTML all the same, see docs/guide/html.md",
            State::Advice => "it works; see the lines with !",
            State::Later => "not now; try again later",
            State::Wrong => "something is to be done; see the lines with ✗",
        })
    }

    /// Secrets hidden in what a site has said, and no control characters, which command terminals, and ends of lines, behind which a
    /// site would speak as if it were this program.
    fn shown(&self, text: &str) -> String {
        quote::unquoted(text, |quotation| self.secrets.hide(quotation))
    }
}

fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}").and_then(|()| io::stdout().flush())
}

fn line(finding: &Finding) -> String {
    let Diagnosis { state, words, remedy, .. } = &finding.diagnosis;
    let remedy = remedy.iter().map(|remedy| format!(" → {remedy}")).collect::<String>();
    format!("{} {:NAME$} {words}{remedy}", state.mark(), finding.check)
}
