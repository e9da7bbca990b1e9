//! How a program ends.

use core::fmt;

use creatio_auth::client::Error;
use creatio_auth::{Answer, CallVerdict, FieldError, Login, PathError};

use crate::println;

/// What a program comes to.
pub type Ending<E> = Result<(), Stop<E>>;

/// Why it comes to nothing.
#[derive(Debug)]
pub enum Stop<E> {
    /// The site said no, and that was printed.
    Refused,
    /// There is no good answer.
    Failed(Error<E>),
    /// This argument of the program is missing or wrong.
    Argument(&'static str),
}

/// The program's exit codes: one for each kind of ending.
pub const DONE: u32 = 0;
pub const REFUSED: u32 = 1;
pub const FAILED: u32 = 2;
pub const MISUSED: u32 = 3;

impl<E> From<Error<E>> for Stop<E> {
    fn from(error: Error<E>) -> Self {
        Stop::Failed(error)
    }
}

impl<E> From<PathError> for Stop<E> {
    fn from(_: PathError) -> Self {
        Stop::Argument("path")
    }
}

impl<E> From<FieldError> for Stop<E> {
    fn from(_: FieldError) -> Self {
        Stop::Argument("field")
    }
}

/// Goes on if the site has let in.
///
/// # Errors
///
/// [`Stop::Refused`]
pub fn accept<E>(login: Login<'_>) -> Ending<E> {
    if login.verdict.is_authenticated() {
        return Ok(());
    }
    if let Some(message) = login.message {
        println!("message   {message}");
    }
    Err(Stop::Refused)
}

/// Goes on if a call was done.
///
/// # Errors
///
/// [`Stop::Refused`]
pub fn check<E>(what: &str, answer: Answer<'_>) -> Ending<E> {
    if answer.verdict == CallVerdict::Fine {
        return Ok(());
    }
    println!("{what:<9} {}", answer.verdict);
    Err(Stop::Refused)
}

/// The exit code, after what there is to say about it.
pub fn code<E: fmt::Display>(ending: Ending<E>) -> u32 {
    match ending {
        Ok(()) => DONE,
        Err(Stop::Refused) => REFUSED,
        Err(Stop::Failed(error)) => {
            println!("error     {error}");
            FAILED
        }
        Err(Stop::Argument(name)) => {
            println!("error     the argument {name} is missing or wrong");
            MISUSED
        }
    }
}
