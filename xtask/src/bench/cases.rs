//! What is measured.

use super::replies::{self, MEGABYTE};
use super::tasks::Task;

pub struct Case {
    /// As `docs/benchmarks.json` and the programs name it.
    pub key: &'static str,
    pub title: &'static str,
    operation: &'static str,
    rounds: u64,
    reply: Option<fn() -> Vec<u8>>,
    before: Option<fn() -> Vec<u8>>,
    options: &'static str,
    /// Lines that the answer must have, so that programs that find nothing do not agree on that.
    pub expected: &'static [&'static str],
    /// Others have nothing like it.
    pub ours_alone: bool,
    /// The table that it stands in.
    pub table: Table,
}

/// The tables of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Replies,
    Pieces,
    Requests,
}

impl Case {
    /// Whether it is short enough to be a part of every `cargo xtask test`: that of what takes long is in the others, too.
    pub fn is_checked(&self) -> bool {
        !SLOW.contains(&self.key)
    }

    /// Whether the C library is checked, too, whose ways of reading are the same.
    pub fn is_checked_in_c(&self) -> bool {
        self.is_checked() && self.rounds > 1
    }

    pub fn task(&self) -> Task {
        Task {
            name: self.key.to_owned(),
            operation: self.operation,
            rounds: self.rounds,
            reply: self.reply.map(|reply| reply()),
            before: self.before.map(|before| before()),
            options: self.options.to_owned(),
        }
    }
}

const SLOW: &[&str] = &["r6-read", "r7-read", "r5-read-1460", "r5-read-64", "r5-read-1", "r5-passed-1"];

const SIGNED_IN: &[&str] = &["status 200", "code 0"];
const PAGE: &[&str] = &["status 200", "next none"];
const PAGE_READ: &[&str] = &["status 200", "next https://crm.example.com/0/odata/Contact?$skip=20000"];

const BASE: Case = Case {
    key: "",
    title: "",
    operation: "login",
    rounds: 4,
    reply: None,
    before: None,
    options: "",
    expected: SIGNED_IN,
    ours_alone: false,
    table: Table::Replies,
};

/// The reply to a login.
const fn login(key: &'static str, title: &'static str, reply: fn() -> Vec<u8>) -> Case {
    Case { key, title, reply: Some(reply), ..BASE }
}

/// A page of a collection, handed out and not looked into.
const fn passed(key: &'static str, title: &'static str, reply: fn() -> Vec<u8>, options: &'static str) -> Case {
    Case { key, title, operation: "call", rounds: 1, reply: Some(reply), options, expected: PAGE, ..BASE }
}

/// A page of a collection, handed out and looked into.
const fn read(key: &'static str, title: &'static str, reply: fn() -> Vec<u8>, options: &'static str) -> Case {
    Case { expected: PAGE_READ, ..passed(key, title, reply, options) }
}

const fn in_pieces(case: Case, options: &'static str) -> Case {
    Case { options, table: Table::Pieces, ..case }
}

const fn request(key: &'static str, title: &'static str, operation: &'static str, options: &'static str) -> Case {
    Case { key, title, operation, options, expected: &[], table: Table::Requests, ..BASE }
}

const fn after_login(case: Case, expected: &'static [&'static str]) -> Case {
    Case { before: Some(replies::long_ticket), expected, ..case }
}

fn page() -> Vec<u8> {
    replies::page_with_length(MEGABYTE)
}

fn page_to_close() -> Vec<u8> {
    replies::page_to_close(MEGABYTE)
}

fn page_in_chunks() -> Vec<u8> {
    replies::page_in_chunks(MEGABYTE)
}

fn rejection() -> Vec<u8> {
    replies::rejection(20_000)
}

const GET: &[&str] = &["GET /0/odata/Contact HTTP/1.1", "BPMCSRF: Q3hZ.rTb/7uYw0PqLmN5x."];

pub const CASES: &[Case] = &[
    login("r1", "R1: documented success, 1 KB", replies::success),
    login("r2", "R2: success, ticket of 1,000, 8 cookies", replies::long_ticket),
    Case {
        expected: &["status 200", "code 1", "message Invalid user name or password."],
        ..login("r3", "R3: rejection, 20 KB stack trace before `Code`", rejection)
    },
    login("r4", "R4: R1 behind a proxy, 40 more fields", replies::behind_proxy),
    passed("r5-passed", "R5: 1 MB OData, passed through", page, "json=0"),
    read("r5-read", "R5: 1 MB OData, looked into", page, "json=1"),
    passed("r6-passed", "R6: ended by the connection, passed through", page_to_close, "json=0 close=1"),
    read("r6-read", "R6: ended by the connection, looked into", page_to_close, "json=1 close=1"),
    passed("r7-passed", "R7: chunks of 16 bytes, passed through", page_in_chunks, "json=0"),
    read("r7-read", "R7: chunks of 16 bytes, looked into", page_in_chunks, "json=1"),
    Case {
        operation: "sign-in",
        ..login("sign-in", "a login from session to its end, with R2", replies::long_ticket)
    },
    in_pieces(login("r1-1460", "R1 in pieces of 1,460 bytes", replies::success), "piece=1460"),
    in_pieces(login("r1-64", "R1 in pieces of 64 bytes", replies::success), "piece=64"),
    in_pieces(login("r1-1", "R1 in pieces of 1 byte", replies::success), "piece=1"),
    in_pieces(passed("r5-passed-1460", "R5 passed through, 1,460 bytes", page, ""), "json=0 piece=1460"),
    in_pieces(passed("r5-passed-64", "R5 passed through, 64 bytes", page, ""), "json=0 piece=64"),
    in_pieces(passed("r5-passed-1", "R5 passed through, 1 byte", page, ""), "json=0 piece=1"),
    in_pieces(read("r5-read-1460", "R5 looked into, 1,460 bytes", page, ""), "json=1 piece=1460"),
    in_pieces(read("r5-read-64", "R5 looked into, 64 bytes", page, ""), "json=1 piece=64"),
    in_pieces(read("r5-read-1", "R5 looked into, 1 byte", page, ""), "json=1 piece=1"),
    Case {
        expected: &["POST /ServiceModel/AuthService.svc/Login HTTP/1.1"],
        ..request("ask", "the request of a login", "ask", "")
    },
    after_login(request("get", "the next GET after R2", "get", ""), GET),
    after_login(request("get-1", "the next GET after R2, in a buffer of 1 byte", "get", "buffer=1"), GET),
    Case { ours_alone: true, ..after_login(request("snapshot", "a snapshot after R2", "snapshot", ""), GET) },
    Case { ours_alone: true, ..after_login(request("restore", "a session from that snapshot", "restore", ""), GET) },
];

#[cfg(test)]
mod tests {
    use super::CASES;
    use std::collections::HashSet;

    #[test]
    fn every_case_has_a_name_of_its_own() {
        let names: HashSet<_> = CASES.iter().map(|case| case.key).collect();
        assert_eq!(names.len(), CASES.len());
        assert!(CASES.iter().all(|case| !case.key.contains(' ')));
    }
}
