//! The page for people.

use std::fmt::Write;

use anyhow::{Result, ensure};

use super::kinds::{Entry, Table};
use super::remedies::Remedies;

const INTRODUCTION: &str = "\
# Catalogue of statuses, errors and verdicts

Written by `cargo xtask catalogue`; do not edit. Look for the number, the name, or the text as you have got it. Names and numbers
stay the same from version to version, texts may change.

- *says* is what `text()` of Rust and `creatio_…_text()` of C have of it: a sentence for whoever uses the program.
- *fault*: whose to mend it is, `fault()` of Rust. The *caller* is the program, the *peer* whoever answers. In C it is the caller's
  from -1 to -99, and the peer's from -100 on. A verdict is the answer of the site itself, and so has none.
- *again*: whether the same may be sent again, `again()` of Rust and `creatio_…_again()` of C. *No*: it was done, or something has
  to change first. *If repeatable*: nobody knows whether it was done, and so where twice does no more than once, as of a GET, or of
  a call that is said to be repeatable. *Yes*: it was not done. `retry_delay` and `creatio_retry_delay()` say after which time.
";

pub fn text(tables: &[Table], remedies: &mut Remedies) -> Result<String> {
    let mut page = INTRODUCTION.to_owned();
    let mut missing = Vec::new();
    for table in tables {
        write!(page, "\n{} {}\n", if table.is_part { "###" } else { "##" }, table.title)?;
        if !table.introduction.is_empty() {
            write!(page, "\n{}\n", table.introduction)?;
        }
        if table.entries.is_empty() {
            continue;
        }
        write!(page, "\n{}\n", rows(table, remedies, &mut missing))?;
    }
    ensure!(missing.is_empty(), "there is no remedy of {}", missing.join(", "));
    remedies.end()?;
    Ok(page)
}

/// Cells as they are: columns of one width would have every row change with the longest.
fn rows(table: &Table, remedies: &mut Remedies, missing: &mut Vec<String>) -> String {
    let has_numbers = table.entries.iter().any(|entry| entry.number.is_some());
    let has_faults = table.entries.iter().any(|entry| entry.fault.is_some());
    let row = |number: &str, name: &str, says: &str, fault: &str, again: &str, cause: &str, remedy: &str| {
        let number = has_numbers.then_some(number);
        let fault = has_faults.then_some(fault);
        let cells = number.into_iter().chain([name, says]).chain(fault).chain([again, cause, remedy]);
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut rows = vec![
        row("number", "name", "says", "fault", "again", "cause", "what to do"),
        row("---:", "---", "---", "---", "---", "---", "---"),
    ];
    for entry in &table.entries {
        let remedy = remedies.of(entry.key()).unwrap_or_else(|| {
            missing.push(entry.key().to_owned());
            String::new()
        });
        rows.push(row(
            &entry.number.map(|number| number.to_string()).unwrap_or_default(),
            &names(entry),
            &in_a_cell(&entry.says),
            entry.fault.unwrap_or_default(),
            entry.again,
            &in_a_cell(&entry.cause),
            &in_a_cell(&remedy),
        ));
    }
    rows.join("\n")
}

/// C's first, each in a line of its own.
fn names(entry: &Entry) -> String {
    let all = entry.c.iter().chain(&entry.rust).map(|name| format!("`{name}`"));
    all.collect::<Vec<_>>().join("<br>")
}

/// Without what ends a cell; and outside of code without what begins a link, here or for Doxygen.
fn in_a_cell(text: &str) -> String {
    let parts = text.replace('|', "\\|");
    let parts = parts.split('`').enumerate().map(|(index, part)| match index % 2 {
        0 => part.replace('[', "\\[").replace(']', "\\]").replace('#', "\\#"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{Entry, Table};
    use super::super::remedies::Remedies;
    use super::text;

    fn table() -> Table {
        let entry = Entry {
            number: Some(-22),
            c: Some("CREATIO_ERR_URL_HOST".to_owned()),
            rust: vec!["SiteError::Host".to_owned()],
            says: "no [IPv6 address]".to_owned(),
            fault: Some("caller"),
            again: "no",
            cause: "It is none.".to_owned(),
        };
        Table { title: "URLs", is_part: true, introduction: "Of a URL.".to_owned(), entries: vec![entry] }
    }

    #[test]
    fn a_row_has_all_that_is_known_of_one() {
        let page = text(&[table()], &mut Remedies::read("CREATIO_ERR_URL_HOST: Mend it.\n").unwrap()).unwrap();
        let row: Vec<&str> = page.lines().last().unwrap().trim_matches('|').split('|').map(str::trim).collect();
        let names = "`CREATIO_ERR_URL_HOST`<br>`SiteError::Host`";
        assert_eq!(row, ["-22", names, "no \\[IPv6 address\\]", "caller", "no", "It is none.", "Mend it."]);
        assert!(page.contains("\n### URLs\n\nOf a URL.\n\n| number |"), "{page}");
    }

    #[test]
    fn a_cell_has_no_end_and_no_link_in_it() {
        assert_eq!(super::in_a_cell("a|b [c] #d `#[e]` #"), "a\\|b \\[c\\] \\#d `#[e]` \\#");
    }

    #[test]
    fn one_without_a_remedy_and_a_remedy_of_none_are_told() {
        let of = |remedies: &str| text(&[table()], &mut Remedies::read(remedies).unwrap()).unwrap_err().to_string();
        assert_eq!(of(""), "there is no remedy of CREATIO_ERR_URL_HOST");
        assert!(of("CREATIO_ERR_URL_HOST: a\nB: b\n").ends_with("B"));
    }
}
