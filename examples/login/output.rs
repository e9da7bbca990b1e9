//! The standard output, whose reader may leave before the end, as `head` does.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// As `println!`, which panics where this gives an error to pass on.
macro_rules! say {
    ($($text:tt)*) => {
        crate::output::print(format_args!($($text)*), "\n")
    };
}
pub(crate) use say;

/// Nobody reads the output any more.
#[derive(Debug)]
struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads the output any more")
    }
}

/// Writes to the standard output, now, and then this end. What the site has sent may hold control characters, which command
/// terminals, and ends of lines, behind which it would speak as if it were this program.
pub fn print(text: fmt::Arguments<'_>, end: &str) -> Result<()> {
    let text = on_one_line(&text) + end;
    let mut out = io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(error).context(Unread),
        result => result.context("cannot write the output"),
    }
}

fn on_one_line(text: &dyn fmt::Display) -> String {
    text.to_string().replace(char::is_control, " ")
}

/// Ends a program: 0 if all is well, 1 if the site said otherwise, 2 after an error, which it tells.
pub fn exit_code(result: Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) if error.is::<Unread>() => ExitCode::SUCCESS, // its reader has seen enough
        Err(error) => {
            eprintln!("error     {}", on_one_line(&format_args!("{error:#}")));
            ExitCode::from(2)
        }
    }
}
