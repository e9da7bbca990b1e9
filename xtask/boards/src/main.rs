//! Runs the firmware in Rust and in C on the boards of QEMU, for `cargo xtask firmware`: a program of its own, since it has a site
//! in it, with TLS and all.

mod firmware;
mod firmware_c;
mod workspace;

use anyhow::{Result, bail};

use workspace::Workspace;

fn main() -> Result<()> {
    let workspace = Workspace::find()?;
    match std::env::args().nth(1).as_deref() {
        Some("rust") => firmware::run(&workspace),
        Some("c") => firmware_c::run(&workspace),
        _ => bail!("this is started by `cargo xtask firmware`"),
    }
}
