//! All that has been measured in one run.

use std::collections::BTreeMap;

use super::cases::Case;
use super::count::Counted;
use super::growth::Curve;
use super::heap::Heap;

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    BeforeRust,
    BeforeC,
    Rust,
    C,
    Httparse,
    HttpParser,
    Llhttp,
    Picohttpparser,
}

impl Who {
    /// Those who do the same by other means.
    pub const OTHERS: &[Self] = &[Who::Httparse, Who::HttpParser, Who::Llhttp, Who::Picohttpparser];

    /// As `docs/benchmarks.json` names them.
    pub fn key(self) -> &'static str {
        match self {
            Who::BeforeRust => "before-rust",
            Who::BeforeC => "before-c",
            Who::Rust => "rust",
            Who::C => "c",
            Who::Httparse => "httparse",
            Who::HttpParser => "http-parser",
            Who::Llhttp => "llhttp",
            Who::Picohttpparser => "picohttpparser",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Who::BeforeRust => "before, Rust",
            Who::BeforeC => "before, C",
            Who::Rust => "ours, Rust",
            Who::C => "ours, C",
            Who::Httparse => "httparse + cookie_store + serde_json",
            Who::HttpParser => "http-parser + cJSON",
            Who::Llhttp => "llhttp + cJSON",
            Who::Picohttpparser => "picohttpparser + jsmn",
        }
    }

    pub fn is_ours(self) -> bool {
        matches!(self, Who::BeforeRust | Who::BeforeC | Who::Rust | Who::C)
    }
}

/// What one of them has taken, by the keys of cases.
#[derive(Debug)]
pub struct Column {
    pub who: Who,
    pub counted: Counted,
    pub heap: BTreeMap<String, Heap>,
}

/// How the work grows, in the order of [`GROWTHS`](super::growth::GROWTHS).
pub type Curves = Vec<Curve>;

/// What a whole process has taken.
#[derive(Clone, Debug)]
pub struct Whole {
    pub title: &'static str,
    pub instructions: u64,
    /// Without the process itself: less those of one that does nothing.
    pub without_start: u64,
}

#[derive(Debug)]
pub struct Results {
    pub columns: Vec<Column>,
    pub growth: Curves,
    /// Of the baseline.
    pub growth_before: Option<Curves>,
    pub whole: Vec<Whole>,
    /// The revision of the baseline.
    pub baseline: Option<String>,
    /// How long the reply of each case is.
    pub lengths: BTreeMap<&'static str, u64>,
    /// With what it was measured.
    pub tools: String,
}

impl Results {
    pub fn column(&self, who: Who) -> Option<&Column> {
        self.columns.iter().find(|column| column.who == who)
    }

    pub fn instructions(&self, who: Who, case: &str) -> Option<u64> {
        self.column(who)?.counted.instructions.get(case).copied()
    }

    pub fn heap(&self, who: Who, case: &Case) -> Option<Heap> {
        self.column(who)?.heap.get(case.key).copied()
    }
}

#[cfg(test)]
impl Results {
    /// In which each takes the same for every case, and nothing grows faster than its input.
    pub fn sample(columns: &[(Who, u64)]) -> Self {
        use super::cases::CASES;
        use super::growth::GROWTHS;

        let column = |&(who, instructions): &(Who, u64)| {
            let instructions = CASES.iter().map(|case| (case.key.to_owned(), instructions)).collect();
            Column { who, counted: Counted { instructions, ..Counted::default() }, heap: BTreeMap::new() }
        };
        Results {
            columns: columns.iter().map(column).collect(),
            growth: vec![Curve(vec![(50, 1_000), (100, 2_000)]); GROWTHS.len()],
            growth_before: None,
            whole: Vec::new(),
            baseline: None,
            lengths: CASES.iter().map(|case| (case.key, 1_000)).collect(),
            tools: "tools".to_owned(),
        }
    }
}
