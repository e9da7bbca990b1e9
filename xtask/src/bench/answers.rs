//! What the programs say that they have found, and whether they agree.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::cases::Case;

/// The answers of a program: of each a line `answer NAME LENGTH`, so many bytes, and a line's end.
pub fn read(mut said: &[u8]) -> Result<BTreeMap<String, String>> {
    let mut answers = BTreeMap::new();
    while !said.is_empty() {
        let end = said.iter().position(|&byte| byte == b'\n').context("no line of an answer")?;
        let line = std::str::from_utf8(&said[..end])?;
        let mut words = line.split(' ');
        let (Some("answer"), Some(name), Some(len), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            bail!("no line of an answer: {line}");
        };
        let len: usize = len.parse().with_context(|| line.to_owned())?;
        let rest = &said[end + 1..];
        ensure!(rest.len() > len, "an answer has been cut: {line}");
        answers.insert(name.to_owned(), String::from_utf8_lossy(&rest[..len]).into_owned());
        said = &rest[len + 1..];
    }
    Ok(answers)
}

/// The answer to the case has what it must have.
pub fn expect(case: &Case, answer: &str) -> Result<()> {
    for line in case.expected {
        ensure!(answer.lines().any(|found| found == *line), "{}: no line {line:?} in\n{answer}", case.key);
    }
    Ok(())
}

/// Whether two answers say the same. The order of lines is not compared, nor that of the cookies in one, for that is not
/// the same with all who keep cookies.
pub fn agree(one: &str, other: &str) -> bool {
    sorted(one) == sorted(other)
}

fn sorted(answer: &str) -> Vec<String> {
    let mut lines: Vec<String> = answer
        .lines()
        .map(|line| match line.strip_prefix("Cookie: ") {
            Some(cookies) => {
                let mut cookies: Vec<&str> = cookies.split("; ").collect();
                cookies.sort_unstable();
                cookies.join("; ")
            }
            None => line.to_owned(),
        })
        .collect();
    lines.sort_unstable();
    lines
}

#[cfg(test)]
mod tests {
    use super::{agree, expect, read};
    use crate::bench::cases::CASES;

    #[test]
    fn answers_are_read_by_their_lengths() {
        let answers = read(b"answer r1 11\nstatus 200\n\nanswer ask 0\n\n").unwrap();
        assert_eq!(answers["r1"], "status 200\n");
        assert_eq!(answers["ask"], "");
    }

    #[test]
    fn a_cut_answer_is_told() {
        assert!(read(b"answer r1 11\nstatus").is_err());
        assert!(read(b"something else\n").is_err());
    }

    #[test]
    fn the_order_of_cookies_is_not_compared() {
        assert!(agree("A: 1\r\nCookie: a=1; b=2\r\n", "A: 1\r\nCookie: b=2; a=1\r\n"));
        assert!(!agree("Cookie: a=1\r\n", "Cookie: a=2\r\n"));
        assert!(!agree("Cookie: a=1\r\n", ""));
    }

    #[test]
    fn an_answer_must_have_what_is_expected() {
        let login = &CASES[0];
        expect(login, "status 200\ncode 0\n").unwrap();
        assert!(expect(login, "status 200\ncode 1\n").unwrap_err().to_string().starts_with("r1: no line"));
    }
}
