//! How the work grows with its input: the exponent that a doubling shows, 1 for work that doubles, 2 for work that
//! becomes fourfold.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::count::{self, Counted, Program};
use super::replies;
use super::tasks::Task;
use crate::workspace::Workspace;

/// Above this, work grows faster than its input.
pub const MOST: f64 = 1.05;

/// Sizes go on until the next would take more instructions than this.
const LIMIT: f64 = 1.5e8;

pub struct Growth {
    /// As `docs/benchmarks.json` names it.
    pub key: &'static str,
    pub title: &'static str,
    /// What is doubled.
    pub unit: &'static str,
    first: usize,
    last: usize,
    make: fn(usize) -> Task,
}

impl Growth {
    pub fn task(&self, size: usize) -> Task {
        Task { name: format!("{}-{size}", self.key), ..(self.make)(size) }
    }

    /// The doubling that `cargo xtask bench --check` looks at.
    pub fn checked(&self) -> [usize; 2] {
        [4 * self.first, 8 * self.first]
    }
}

/// What has been measured of one: sizes, each twice the one before it, and instructions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve(pub Vec<(u64, u64)>);

impl Curve {
    /// Of the last doubling.
    pub fn exponent(&self) -> Option<f64> {
        let [.., (_, half), (_, whole)] = self.0[..] else { return None };
        Some(exponent(half, whole))
    }

    pub fn largest(&self) -> Option<(u64, u64)> {
        self.0.last().copied()
    }
}

/// The exponent with which the cost grows, where twice the input costs `whole` in place of `half`.
pub fn exponent(half: u64, whole: u64) -> f64 {
    (whole.max(1) as f64 / half.max(1) as f64).log2()
}

fn task(operation: &'static str, reply: Option<Vec<u8>>, before: Option<Vec<u8>>, options: String) -> Task {
    Task { operation, rounds: 1, reply, before, options, ..Task::default() }
}

/// The reply to a login, into a session of memory that is large enough.
fn login(reply: Vec<u8>, options: &str) -> Task {
    let memory = 4096 + 4 * reply.len();
    task("login", Some(reply), None, format!("memory={memory} {options}"))
}

/// Something that a session does that has had this reply to its login.
fn after(operation: &'static str, before: Vec<u8>, options: &str) -> Task {
    let memory = 4096 + 4 * before.len();
    task(operation, None, Some(before), format!("memory={memory} {options}"))
}

fn call(reply: Vec<u8>, options: &str) -> Task {
    task("call", Some(reply), None, options.to_owned())
}

// Where cookies have to be kept, no more of them than a session keeps.
pub const GROWTHS: &[Growth] = &[
    Growth {
        key: "cookies",
        title: "cookies of a reply, read",
        unit: "cookies",
        first: 50,
        last: 3_200,
        make: |n| login(replies::cookies(n), ""),
    },
    Growth {
        key: "get",
        title: "the next GET with them",
        unit: "cookies",
        first: 4,
        last: 32,
        make: |n| after("get", replies::cookies(n), ""),
    },
    Growth {
        key: "same-cookie",
        title: "lines of one cookie, read",
        unit: "lines",
        first: 50,
        last: 3_200,
        make: |n| login(replies::one_cookie(n), ""),
    },
    Growth {
        key: "deletions",
        title: "deletions of all cookies, read",
        unit: "cookies",
        first: 50,
        last: 3_200,
        make: |n| Task { reply: Some(replies::deletions(n)), ..after("login", replies::cookies(n), "") },
    },
    Growth {
        key: "snapshot",
        title: "a snapshot, written",
        unit: "cookies",
        first: 4,
        last: 32,
        make: |n| after("snapshot", replies::cookies(n), ""),
    },
    Growth {
        key: "restore",
        title: "a snapshot, restored",
        unit: "cookies",
        first: 4,
        last: 32,
        make: |n| after("restore", replies::cookies(n), ""),
    },
    Growth {
        key: "fields",
        title: "other fields, read",
        unit: "fields",
        first: 100,
        last: 3_200,
        make: |n| login(replies::fields(n), ""),
    },
    Growth {
        key: "fields-1",
        title: "other fields, in pieces of 1 byte",
        unit: "fields",
        first: 100,
        last: 800,
        make: |n| login(replies::fields(n), "piece=1"),
    },
    Growth {
        key: "trace",
        title: "a rejection's stack trace, read",
        unit: "bytes",
        first: 16 << 10,
        last: 256 << 10,
        make: |n| login(replies::rejection(n), ""),
    },
    Growth {
        key: "passed",
        title: "a body, passed through",
        unit: "bytes",
        first: 256 << 10,
        last: 2 << 20,
        make: |n| call(replies::page_with_length(n), "json=0"),
    },
    Growth {
        key: "read",
        title: "a body, looked into",
        unit: "bytes",
        first: 64 << 10,
        last: 512 << 10,
        make: |n| call(replies::page_with_length(n), "json=1"),
    },
    Growth {
        key: "read-1",
        title: "a body, looked into, in pieces of 1 byte",
        unit: "bytes",
        first: 16 << 10,
        last: 128 << 10,
        make: |n| call(replies::page_with_length(n), "json=1 piece=1"),
    },
    Growth {
        key: "chunks",
        title: "chunks of 16 bytes, passed through",
        unit: "bytes",
        first: 64 << 10,
        last: 512 << 10,
        make: |n| call(replies::page_in_chunks(n), "json=0"),
    },
    Growth {
        key: "ask-1",
        title: "the request of a login, in a buffer of 1 byte",
        unit: "characters of the password",
        first: 256,
        last: 32 << 10,
        make: |n| task("ask", None, None, format!("buffer=1 password={n}")),
    },
    Growth {
        key: "get-1",
        title: "the next GET, in a buffer of 1 byte",
        unit: "bytes of cookies",
        first: 1_000,
        last: 64_000,
        make: |n| after("get", replies::long_cookies(n), "buffer=1"),
    },
    Growth {
        key: "memory",
        title: "a login, by the memory lent",
        unit: "bytes",
        first: 1 << 10,
        last: 1 << 20,
        make: |n| task("sign-in", Some(replies::cookies(2)), None, format!("memory={n}")),
    },
];

/// Measures sizes as far as they are not too many, and those that are checked in any case.
fn measure(workspace: &Workspace, program: &Program, growth: &Growth, directory: &Path) -> Result<Curve> {
    let mut curve = Curve::default();
    let mut size = growth.first;
    while size <= growth.last && (size <= growth.checked()[1] || expected(&curve) <= LIMIT) {
        let task = growth.task(size);
        let counted = count::tasks(workspace, program, std::slice::from_ref(&task), directory)?;
        if !add(&mut curve, size, &task.name, &counted)? {
            break;
        }
        size *= 2;
    }
    Ok(curve)
}

/// Adds what has been measured of a size. False where that is more than the library takes: what is refused takes no work.
fn add(curve: &mut Curve, size: usize, name: &str, counted: &Counted) -> Result<bool> {
    let answer = counted.answers.get(name).with_context(|| format!("{name}: no answer"))?;
    ensure!(!answer.is_empty(), "{name}: an empty answer");
    let is_taken = !answer.starts_with("refused");
    if is_taken {
        curve.0.push((size as u64, counted.instructions[name]));
    }
    Ok(is_taken)
}

/// The one doubling of every growth that is checked, all by one run of the program.
pub fn checked(workspace: &Workspace, program: &Program, directory: &Path) -> Result<Vec<Curve>> {
    let tasks: Vec<_> = GROWTHS.iter().flat_map(|growth| growth.checked().map(|size| growth.task(size))).collect();
    let counted = count::tasks(workspace, program, &tasks, directory)?;
    let curve = |growth: &Growth| {
        let mut curve = Curve::default();
        for size in growth.checked() {
            add(&mut curve, size, &growth.task(size).name, &counted)?;
        }
        Ok(curve)
    };
    GROWTHS.iter().map(curve).collect()
}

/// Every growth, by a program.
pub fn all(workspace: &Workspace, program: &Program, directory: &Path) -> Result<Vec<Curve>> {
    GROWTHS.iter().map(|growth| measure(workspace, program, growth, directory)).collect()
}

/// What the next size will take, if it grows on as it has.
fn expected(curve: &Curve) -> f64 {
    match (curve.largest(), curve.exponent()) {
        (Some((_, cost)), Some(exponent)) => cost as f64 * exponent.exp2(),
        (Some((_, cost)), None) => cost as f64 * 4.0,
        (None, _) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Curve, expected, exponent};

    #[test]
    fn what_doubles_has_the_exponent_1() {
        assert_eq!(exponent(1_000, 2_000), 1.0);
        assert_eq!(exponent(1_000, 4_000), 2.0);
        assert_eq!(exponent(1_000, 8_000), 3.0);
        assert_eq!(exponent(1_000, 1_000), 0.0);
    }

    #[test]
    fn the_last_doubling_counts() {
        let curve = Curve(vec![(50, 100), (100, 300), (200, 1_200)]);
        assert_eq!(curve.exponent(), Some(2.0));
        assert_eq!(curve.largest(), Some((200, 1_200)));
        assert_eq!(expected(&curve), 4_800.0);
    }

    #[test]
    fn one_size_shows_no_growth() {
        assert_eq!(Curve(vec![(50, 100)]).exponent(), None);
        assert_eq!(expected(&Curve::default()), 0.0);
    }
}
