//! What the programs in Rust share: their tasks, the counting, and how they say what they have found.

pub mod count;
#[cfg(feature = "heap")]
mod heap;
pub mod task;

use std::io::{self, Read, Write};

use task::Task;

/// Does every task of the standard input, and says what each has found, so that two programs can be compared: a line
/// `answer NAME LENGTH`, and so many bytes.
///
/// Each task is done `rounds` times and twice as many times, so that what is not part of a round can be subtracted; where
/// a round is short, once before, so that what happens once has happened.
pub fn run(perform: fn(&Task, usize) -> Vec<u8>) -> io::Result<()> {
    let mut script = String::new();
    io::stdin().read_to_string(&mut script)?;
    for line in script.lines() {
        let task = Task::read(line)?;
        if task.rounds > 1 {
            perform(&task, 1);
        }
        count::begin(&task.name);
        perform(&task, task.rounds);
        let answer = perform(&task, 2 * task.rounds);
        let mut out = io::stdout().lock();
        writeln!(out, "answer {} {}", task.name, answer.len())?;
        out.write_all(&answer)?;
        writeln!(out)?;
    }
    Ok(())
}
