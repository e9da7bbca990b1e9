//! Goes through what can be wrong at a Creatio site, and says it in words: the program of the package `creatio-doctor`.
//!
//! ```sh
//! cargo run --example doctor -- --url https://example.creatio.com --user Supervisor
//! ```

use std::process::ExitCode;

fn main() -> ExitCode {
    creatio_doctor::main()
}
