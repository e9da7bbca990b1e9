//! A copy of the core in which each function has its mutants beside what it is, as arms of a `match`: one build serves all of them.
//!
//! ```text
//! fn f(x: u8) -> bool {
//! match crate::mutant::chosen(7) {
//! 7 => { x <= 1 }
//! 8 => { true }
//! _ => { x < 1 }
//! }
//! }
//! ```
//!
//! What the compiler refuses is taken out again, arm by arm.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::{Range, RangeInclusive};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use xshell::{Shell, cmd};

use super::compile::{Compiled, Programs, compile};
use crate::coverage::TESTS;
use crate::workspace::CORE;

/// Says which mutant runs. What the compiler itself runs is never one.
const SWITCH: &str = include_str!("switch.rs");

/// Around functions of the clients, in `src/client/both`, which are compiled twice. cargo-mutants does not look into macros.
const MACRO: &str = "waiting! {";

/// A mutant as cargo-mutants lists it.
#[derive(Deserialize)]
pub struct Mutant {
    pub name: String,
    pub file: String,
    function: Option<Function>,
    span: Span,
    replacement: String,
}

#[derive(Deserialize)]
struct Function {
    span: Span,
}

#[derive(Clone, Copy, Deserialize)]
struct Span {
    start: Place,
    end: Place,
}

/// Both from 1 on, in characters.
#[derive(Clone, Copy, Deserialize)]
struct Place {
    line: usize,
    column: usize,
}

impl Mutant {
    /// The lines that it changes, from 1 on.
    pub fn lines(&self) -> RangeInclusive<usize> {
        self.span.start.line..=self.span.end.line
    }

    /// The text of its file with what it changes.
    pub fn planted(&self, text: &str) -> String {
        let Range { start, end } = range(text, self.span);
        [&text[..start], &self.replacement, &text[end..]].concat()
    }
}

/// The bytes of a span.
fn range(text: &str, span: Span) -> Range<usize> {
    let at = |place: Place| {
        let mut lines = text.split_inclusive('\n');
        let before: usize = lines.by_ref().take(place.line - 1).map(str::len).sum();
        let line = lines.next().unwrap_or_default();
        before + line.char_indices().nth(place.column - 1).map_or(line.len(), |(at, _)| at)
    };
    at(span.start)..at(span.end)
}

/// What became of the mutants, by their numbers, which are their places in the list.
#[derive(Default)]
pub struct Switched {
    /// Those that can be chosen, each with the number that its function tells when it runs.
    pub functions: BTreeMap<usize, usize>,
    /// Those that do not compile.
    pub unviable: BTreeSet<usize>,
    /// Those that want a build of their own: they stand in no function, or their function does not compile with arms.
    pub alone: BTreeSet<usize>,
    /// The programs of the tests.
    pub programs: Programs,
}

/// The mutants of the core in the copy, those in macros included, and each once: files that are compiled twice are listed twice.
pub fn list(sh: &Shell, tree: &Path, filters: &[String]) -> Result<Vec<Mutant>> {
    let mut changed = Vec::new();
    let both = tree.join("src/client/both");
    for entry in fs::read_dir(both)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        fs::write(&path, without_macro(&text))?;
        changed.push((path, text));
    }
    let _in_it = sh.push_dir(tree);
    let list = cmd!(sh, "cargo mutants -p {CORE} --list --json {filters...}").read();
    for (path, text) in changed {
        fs::write(path, text)?;
    }
    let mut mutants: Vec<Mutant> = serde_json::from_str(&list?)?;
    let mut known = BTreeSet::new();
    mutants.retain(|mutant| known.insert(mutant.name.clone()));
    Ok(mutants)
}

/// The same without the macro and its braces, of which one stands on a line of its own, so that all else keeps its place.
fn without_macro(text: &str) -> String {
    let mut depth = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        if line.trim() == MACRO {
            depth = 1;
            return "\n";
        }
        let code = line.split("//").next().unwrap_or_default();
        let was_in = depth > 0;
        if was_in {
            depth += code.matches('{').count();
            depth -= code.matches('}').count();
        }
        if was_in && depth == 0 { "\n" } else { line }
    });
    lines.collect()
}

/// Writes the arms into the copy and compiles the tests, until what is left does.
pub fn build(sh: &Shell, tree: &Path, target: &Path, mutants: &[Mutant]) -> Result<Switched> {
    add_switch(tree)?;
    let mut switched = Switched::default();
    let mut files = BTreeMap::<&str, Vec<usize>>::new();
    for (number, mutant) in mutants.iter().enumerate() {
        if mutant.function.is_some() {
            files.entry(&mutant.file).or_default().push(number);
        } else {
            switched.alone.insert(number);
        }
    }
    let texts = files.keys().map(|file| Ok((*file, fs::read_to_string(tree.join(file))?)));
    let texts = texts.collect::<Result<BTreeMap<_, _>>>()?;
    let _in_it = sh.push_dir(tree);
    loop {
        let mut written = BTreeMap::new();
        switched.functions.clear();
        for (file, numbers) in &files {
            let is_in = |number: &&usize| !switched.unviable.contains(number) && !switched.alone.contains(number);
            let numbers: Vec<_> = numbers.iter().filter(is_in).copied().collect();
            let (text, arms) = with_arms(&texts[file], mutants, &numbers);
            if fs::read_to_string(tree.join(file))? != text {
                fs::write(tree.join(file), text)?;
            }
            switched.functions.extend(arms.iter().filter_map(|arm| Some((arm.mutant?, arm.function))));
            written.insert(*file, arms);
        }
        println!("compiling {} mutants", switched.functions.len());
        let gates = [("CARGO_INCREMENTAL", "0"), ("RUSTC_BOOTSTRAP", &CORE.replace('-', "_"))];
        match compile(sh, target, TESTS, &gates)? {
            Compiled::Programs(programs) => {
                switched.programs = programs;
                return Ok(switched);
            }
            Compiled::Errors(messages, errors) => take_out(&messages, &written, &mut switched).context(errors)?,
        }
    }
}

/// Takes those out that have errors, or whose function has one outside of its mutants.
fn take_out(messages: &[Value], written: &BTreeMap<&str, Vec<Arm>>, switched: &mut Switched) -> Result<()> {
    let before = switched.unviable.len() + switched.alone.len();
    for message in messages.iter().map(|message| &message["message"]).filter(|message| message["level"] == "error") {
        let spans = message["spans"].as_array().context("an error without a place")?;
        for mut span in spans.iter().filter(|span| span["is_primary"] == true) {
            // Of what a macro makes, the place where it is called counts.
            while !written.contains_key(span["file_name"].as_str().unwrap_or_default())
                && !span["expansion"].is_null()
            {
                span = &span["expansion"]["span"];
            }
            let arms = written.get(span["file_name"].as_str().unwrap_or_default()).map_or(&[][..], |arms| arms);
            let line = usize::try_from(span["line_start"].as_u64().unwrap_or_default())?;
            match arms.iter().find(|arm| arm.lines.contains(&line)) {
                Some(Arm { mutant: Some(mutant), .. }) => _ = switched.unviable.insert(*mutant),
                Some(Arm { function, .. }) => {
                    let of_it = arms.iter().filter(|arm| arm.function == *function);
                    switched.alone.extend(of_it.filter_map(|arm| arm.mutant));
                }
                None => bail!("an error outside of all functions: {}", message["rendered"]),
            }
        }
    }
    ensure!(switched.unviable.len() + switched.alone.len() > before, "errors that stand at no mutant");
    Ok(())
}

/// Has the core choose, and say nothing of what mutants look like. Its lines stay where they are.
fn add_switch(tree: &Path) -> Result<()> {
    const GATES: &str =
        "#![no_std] #![feature(const_eval_select, core_intrinsics)] #![allow(internal_features, warnings)]";
    fs::write(tree.join("src/mutant.rs"), SWITCH)?;
    let root = tree.join("src/lib.rs");
    let text = fs::read_to_string(&root)?;
    ensure!(text.contains("#![no_std]"), "src/lib.rs has no place for them");
    fs::write(root, text.replacen("#![no_std]", GATES, 1) + "\nmod mutant;\n")?;
    Ok(())
}

/// Lines of the copy that hold a function, or one mutant of it.
struct Arm {
    lines: Range<usize>,
    mutant: Option<usize>,
    /// The number that the function tells when it runs: that of its first mutant.
    function: usize,
}

/// The text of a file with these mutants of it. The arms of mutants come before their functions.
fn with_arms(text: &str, mutants: &[Mutant], numbers: &[usize]) -> (String, Vec<Arm>) {
    let mut functions = BTreeMap::<(usize, usize), Vec<usize>>::new();
    for number in numbers {
        if let Some(function) = &mutants[*number].function {
            let Range { start, end } = range(text, function.span);
            functions.entry((start, end)).or_default().push(*number);
        }
    }
    let (mut out, mut arms, mut done) = (String::new(), Vec::new(), 0);
    while let Some(((start, end), mut of_it)) = functions.pop_first() {
        // A function within a function is a part of it.
        while functions.first_key_value().is_some_and(|((_, inner), _)| *inner <= end) {
            of_it.extend(functions.pop_first().into_iter().flat_map(|(_, inner)| inner));
        }
        let line_of = |out: &str| out.matches('\n').count() + 1;
        let body = start + brace(&text[start..end]) + 1..end - 1;
        out += &text[done..start];
        let (function, first_line) = (of_it[0], line_of(&out));
        out += &text[start..body.start];
        out += &format!("\nmatch crate::mutant::chosen({function}) {{\n");
        for number in of_it {
            let (from, change) = (line_of(&out), range(text, mutants[number].span));
            let (before, after) = (&text[body.start..change.start], &text[change.end..body.end]);
            out += &format!("{number} => {{{before}{}{after}}}\n", mutants[number].replacement);
            arms.push(Arm { lines: from..line_of(&out), mutant: Some(number), function });
        }
        out += &format!("_ => {{{}}}\n}}\n", &text[body.clone()]);
        arms.push(Arm { lines: first_line..line_of(&out) + 1, mutant: None, function });
        done = body.end;
    }
    (out + &text[done..], arms)
}

/// Where the body of a function begins, which may have documentation and attributes before it: no brace stands before it but in
/// parentheses.
fn brace(function: &str) -> usize {
    let is_head =
        |line: &str| ["fn ", "pub", "const ", "async "].iter().any(|word| line.trim_start().starts_with(word));
    let before: usize = function.split_inclusive('\n').take_while(|line| !is_head(line)).map(str::len).sum();
    let mut depth = 0;
    let found = function[before..].bytes().position(|byte| {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            _ => {}
        }
        depth == 0 && byte == b'{'
    });
    before + found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::{Mutant, Switched, take_out, with_arms, without_macro};

    const TEXT: &str = "\
/// `{`
fn f((x, _): (u8, u8)) -> bool {
    x < 1
}
fn g() -> bool {
    fn inner() -> bool { true }
    inner()
}
";

    const WITH_ARMS: &str = "\
/// `{`
fn f((x, _): (u8, u8)) -> bool {
match crate::mutant::chosen(0) {
0 => {
    x <= 1
}
1 => {
    false
}
_ => {
    x < 1
}
}
}
fn g() -> bool {
match crate::mutant::chosen(2) {
2 => {
    fn inner() -> bool { true }
    true
}
3 => {
    fn inner() -> bool { false }
    inner()
}
_ => {
    fn inner() -> bool { true }
    inner()
}
}
}
";

    /// A mutant by its function and what it changes: from where to where, in lines and columns.
    fn mutant(function: [usize; 4], change: [usize; 4], replacement: &str) -> Mutant {
        let span = |[line, column, last, end]: [usize; 4]| json!({"start": {"line": line, "column": column}, "end": {"line": last, "column": end}});
        let mutant = json!({
            "name": "", "file": "src/a.rs", "replacement": replacement, "span": span(change), "function": {"span": span(function)},
        });
        serde_json::from_value(mutant).unwrap()
    }

    fn mutants() -> Vec<Mutant> {
        vec![
            mutant([1, 1, 4, 2], [3, 7, 3, 8], "<="),
            mutant([1, 1, 4, 2], [3, 5, 3, 10], "false"),
            mutant([5, 1, 8, 2], [7, 5, 7, 12], "true"),
            mutant([6, 5, 6, 32], [6, 26, 6, 30], "false"),
        ]
    }

    #[test]
    fn each_function_has_its_mutants_beside_it() {
        let (text, arms) = with_arms(TEXT, &mutants(), &[0, 1, 2, 3]);
        assert_eq!(text, WITH_ARMS);
        let functions: Vec<_> = arms.iter().map(|arm| (arm.mutant, arm.function)).collect();
        assert_eq!(functions, [(Some(0), 0), (Some(1), 0), (None, 0), (Some(2), 2), (Some(3), 2), (None, 2)]);
    }

    /// What is taken out for an error there: mutants that do not compile, and those that want a build of their own.
    fn taken_out(span: &Value) -> (Vec<usize>, Vec<usize>) {
        let (_, arms) = with_arms(TEXT, &mutants(), &[0, 1, 2, 3]);
        let message = json!({"message": {"level": "error", "spans": [span]}});
        let mut switched = Switched::default();
        take_out(&[message], &BTreeMap::from([("src/a.rs", arms)]), &mut switched).unwrap();
        (switched.unviable.into_iter().collect(), switched.alone.into_iter().collect())
    }

    #[test]
    fn what_does_not_compile_is_taken_out_by_its_line() {
        let at = |line: usize| json!({"file_name": "src/a.rs", "line_start": line, "is_primary": true});
        assert_eq!(taken_out(&at(5)), (vec![0], vec![]));
        assert_eq!(taken_out(&at(8)), (vec![1], vec![]));
        assert_eq!(taken_out(&at(22)), (vec![3], vec![]));
        // Of a function, all.
        assert_eq!(taken_out(&at(11)), (vec![], vec![0, 1]));
        let of_a_macro =
            json!({"file_name": "b.rs", "line_start": 1, "is_primary": true, "expansion": {"span": at(8)}});
        assert_eq!(taken_out(&of_a_macro), (vec![1], vec![]));
    }

    #[test]
    fn a_macro_goes_and_leaves_all_in_its_place() {
        let text = "impl C {\n    waiting! {\n    fn f() {\n    }\n    }\n}\n";
        assert_eq!(without_macro(text), "impl C {\n\n    fn f() {\n    }\n\n}\n");
    }
}
