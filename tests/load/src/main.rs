//! Thousands of sessions in one process, each with a user of its own, which asks in each call who it is.
//!
//! The tickets end after a few calls, so that as many sign-ins are renewed as in an hour at a site that ends a session after
//! ten minutes, the shortest time that it can be told.
//!
//! `cargo xtask load --sessions 10000`

mod load;
mod socket;

use std::process::ExitCode;

use clap::Parser;

use load::Load;

#[derive(Parser)]
struct Arguments {
    /// How many sessions
    #[arg(long, default_value_t = 10_000)]
    sessions: usize,
}

fn main() -> ExitCode {
    let report = Load::of(Arguments::parse().sessions).run();
    println!("{report}");
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_many_sessions_sees_its_own_user_alone_and_is_renewed_by_one_login_each_time() {
        let report = Load::of(500).run();
        assert!(report.is_good(), "{report}");
        println!("{report}");
    }

    #[test]
    fn a_session_that_sees_another_user_is_found() {
        let load = Load { is_crossed: true, ..Load::of(4) };
        assert_eq!(load.run().strangers, 4 * load::CALLS);
    }
}
