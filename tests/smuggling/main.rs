//! Tricks of framing: what is made of each here at every cut, and what others make of the same bytes, as the table says.
//!
//! Where a reply is taken here, it ends where it ends for everyone who takes it; and each difference has its reason.

mod others;
mod programs;
mod rows;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{env, fs};

use creatio_auth::{Call, Method, ReplyError, Session};
use rows::{NEXT, READERS, Row, Table, is_taken, taken};
use support::{Cut, MEMORY, call, contacts, net};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smuggling/rows.txt")
}

fn table() -> Table {
    rows::read(&fs::read_to_string(path()).unwrap()).unwrap()
}

/// Whether the results are to be written into the table.
fn is_to_be_written() -> bool {
    env::var_os("SMUGGLING").is_some_and(|what| what == "write")
}

/// What is made of a row here, which is the same at every cut.
fn ours(row: &Row) -> String {
    let stream = [&row.bytes()[..], NEXT].concat();
    let mut results = BTreeSet::new();
    for cut in Cut::all(stream.len()) {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let method = if row.is_head() { Method::Head } else { Method::Get };
        let outcome = call(&mut session, &Call::new(method, contacts()), &stream, cut);
        results.insert(match outcome.result {
            Ok(()) => taken(outcome.http_status.unwrap(), &outcome.body),
            Err(ReplyError::Malformed(malformed)) => format!("refused: {malformed:?}"),
            Err(error) => format!("refused: {error:?}"),
        });
    }
    assert_eq!(results.len(), 1, "{}: {results:?}", row.name);
    results.pop_first().unwrap()
}

/// Compares what has been found with the table, or writes it there.
fn is_as_told(found: &[(&str, Vec<String>)], versions: &[(&str, String)]) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _lock = ONE_AT_A_TIME.lock();
    let mut table = table();
    if is_to_be_written() {
        for (reader, results) in found {
            for (row, result) in table.rows.iter_mut().zip(results) {
                row.results.insert((*reader).into(), result.clone());
            }
        }
        table.versions.extend(versions.iter().map(|(name, version)| ((*name).into(), version.clone())));
        fs::write(path(), rows::write(&table)).unwrap();
        return;
    }
    let mut faults = Vec::new();
    for (reader, results) in found {
        for (row, result) in table.rows.iter().zip(results) {
            if row.result(reader) != result {
                faults.push(format!("{}: {reader}: {} -> {result}", row.name, row.result(reader)));
            }
        }
    }
    assert!(faults.is_empty(), "SMUGGLING=write writes the table anew\n{}", faults.join("\n"));
}

#[test]
fn each_trick_comes_to_what_the_table_says_at_every_cut() {
    is_as_told(&[("ours", table().rows.iter().map(ours).collect())], &[]);
}

#[test]
fn others_in_rust_make_of_each_trick_what_the_table_says() {
    let rows = table().rows;
    let httparse = rows.iter().map(others::httparse).collect();
    is_as_told(&[("httparse", httparse), ("hyper", rows.iter().map(others::hyper).collect())], &[]);
}

/// Of another version than the table's only the frame is looked at, as of all.
#[test]
#[ignore = "needs curl, node and h11; run by cargo xtask test"]
fn other_programs_make_of_each_trick_what_the_table_says() {
    let table = table();
    let (rows, port) = (&table.rows, programs::serve(&table.rows));
    let versions = programs::versions();
    let mut found = vec![
        ("curl", programs::curl(rows, port)),
        ("h11", programs::h11(rows, port)),
        ("node", programs::node(rows, port)),
    ];
    for (reader, results) in &found {
        for (row, result) in rows.iter().zip(results) {
            ends_alike(row, reader, result);
        }
    }
    let is_the_tables = |reader: &str| {
        let version = versions.iter().find(|(name, _)| *name == reader).map(|(_, version)| version);
        table.versions.get(reader) == version
    };
    found.retain(|(reader, _)| {
        let is_compared = is_to_be_written() || is_the_tables(reader);
        if !is_compared {
            println!("{reader} is another version than that of the table");
        }
        is_compared
    });
    is_as_told(&found, &versions);
}

/// A reply that both take ends at the same byte for both.
fn ends_alike(row: &Row, reader: &str, result: &str) {
    let ours = row.result("ours");
    assert!(!is_taken(ours) || !is_taken(result) || ours == result, "{}: {ours}, {reader}: {result}", row.name);
}

#[test]
fn a_reply_that_is_taken_ends_where_it_ends_for_all_who_take_it() {
    for row in table().rows {
        for reader in READERS {
            assert_ne!(row.result(reader), "", "{} by {reader}", row.name);
            ends_alike(&row, reader, row.result(reader));
        }
    }
}

/// One between those who read a reply to its end; and httparse, which reads heads and sizes, may refuse what is taken here.
#[test]
fn each_difference_has_its_reason() {
    for row in table().rows {
        let is_taken_here = is_taken(row.result("ours"));
        let differs =
            ["hyper", "h11", "curl", "node"].iter().any(|reader| is_taken(row.result(reader)) != is_taken_here);
        let is_refused = is_taken_here && row.result("httparse").ends_with("refused");
        assert_eq!(differs || is_refused, !row.why.is_empty(), "{}: {:?}", row.name, row.results);
    }
}

#[test]
fn the_table_is_written_as_it_is_read() {
    let text = fs::read_to_string(path()).unwrap();
    assert_eq!(rows::write(&rows::read(&text).unwrap()), text);
    let names: BTreeSet<_> = table().rows.into_iter().map(|row| (row.section, row.name)).collect();
    assert_eq!(names.len(), table().rows.len(), "no name stands twice");
}
