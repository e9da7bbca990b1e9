//! The doctor at sites that are ill in one way each, over real TCP and TLS: what it finds, and what it says.

mod between;
mod case;
mod emulated;
mod fronts;
mod nginx;
#[cfg(target_os = "linux")] // elsewhere errors of the system read otherwise
mod page;
mod program;
mod scripted;
mod tls;
mod whole;

use case::Case;

/// Each, in the order of the page.
fn every_case() -> Vec<&'static Case> {
    let groups = [
        emulated::PLACES,
        scripted::CASES,
        tls::CASES,
        fronts::PAGES,
        emulated::LOGINS,
        between::CASES,
        emulated::TOKENS,
        nginx::CASES,
    ];
    groups.into_iter().flatten().collect()
}
