//! The renewal of a session, explored: every order of what a site, a network and one or two processes may do, up to a number of
//! troubles, with the library itself for the processes.
//!
//! A process is no model. It is a snapshot of a [`Session`](creatio_auth::Session) and what has happened to it since, and to know
//! what it does next it is run again from there, to where it waits for an answer that has not been chosen yet. What it has sent
//! are the bytes of its request, and what it gets are bytes. The site and the network are a model, which knows passwords, tickets
//! and the writes that it has done.
//!
//! `cargo test -p creatio-explored` explores a part in seconds, `cargo xtask explore` more.

mod driver;
mod process;
mod replies;
mod script;
mod site;
#[cfg(test)]
mod tests;
mod world;
mod worlds;

use std::env;
use std::process::ExitCode;

use worlds::Size;

fn main() -> ExitCode {
    let is_short = env::args().any(|argument| argument == "--short");
    let mut is_good = true;
    for world in worlds::all(if is_short { Size::Short } else { Size::Long }) {
        for (property, path) in worlds::explore(&world) {
            println!("not so: {property}\n{path}");
            is_good = false;
        }
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
