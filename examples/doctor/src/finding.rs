//! What a check comes to: a state, what is so, and what to do about it.

use serde::Serialize;

use crate::cause::Cause;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// All is well.
    Good,
    /// It works, and could be better.
    Advice,
    /// It does not work now, and may by itself.
    Later,
    /// It does not work, and somebody has to do something.
    Wrong,
}

impl State {
    /// What a line begins with.
    pub const fn mark(self) -> char {
        match self {
            State::Good => '✓',
            State::Advice => '!',
            State::Later => '…',
            State::Wrong => '✗',
        }
    }
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// How bad it is.
    pub state: State,
    /// Which trouble it is, for programs; none where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What is so, for people.
    pub words: String,
    /// What to do next, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Diagnosis {
    pub fn good(words: impl Into<String>) -> Self {
        Diagnosis { state: State::Good, cause: None, words: words.into(), remedy: None }
    }

    pub fn advice(cause: Cause, words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::trouble(State::Advice, cause, words, remedy)
    }

    pub fn later(cause: Cause, words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::trouble(State::Later, cause, words, remedy)
    }

    pub fn wrong(cause: Cause, words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::trouble(State::Wrong, cause, words, remedy)
    }

    fn trouble(state: State, cause: Cause, words: impl Into<String>, remedy: impl Into<String>) -> Self {
        Diagnosis { state, cause: Some(cause), words: words.into(), remedy: Some(remedy.into()) }
    }

    /// Whether the checks behind this one can go on.
    pub fn lets_go_on(&self) -> bool {
        matches!(self.state, State::Good | State::Advice)
    }
}

/// The same with the name of the check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check.
    pub check: &'static str,
    /// What it has found.
    #[serde(flatten)]
    pub diagnosis: Diagnosis,
}

/// All that was found at a site.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The site's URL, as it was given.
    pub url: String,
    /// The worst of the states.
    pub state: State,
    /// In the order of the checks.
    pub findings: Vec<Finding>,
    /// Checks that were asked for and could not be made, for what went wrong before them.
    pub skipped: Vec<&'static str>,
}

impl Report {
    pub fn new(url: &str, findings: Vec<Finding>, skipped: Vec<&'static str>) -> Self {
        let has = |state| findings.iter().any(|finding| finding.diagnosis.state == state);
        let state = [State::Wrong, State::Later, State::Advice].into_iter().find(|state| has(*state));
        Report { url: url.to_owned(), state: state.unwrap_or(State::Good), findings, skipped }
    }

    /// 0 where the site serves, 1 where somebody has to do something, 3 where it is to be tried again later.
    pub fn exit_code(&self) -> u8 {
        match self.state {
            State::Good | State::Advice => 0,
            State::Wrong => 1,
            State::Later => 3,
        }
    }
}
