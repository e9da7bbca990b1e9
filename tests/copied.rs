//! The examples of the clients' documentation, copied as they are shown into a crate of its own, with the lines of
//! `Cargo.toml` that stand above them and no others.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The lines of a file's block of documentation that begins with that fence. What is hidden is not copied.
fn block(file: &str, fence: &str) -> String {
    let text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
    let lines =
        text.lines().map_while(|line| line.strip_prefix("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line));
    let block = lines.skip_while(|line| *line != fence).skip(1).take_while(|line| *line != "```");
    block.filter(|line| !line.starts_with("# ")).map(|line| line.to_owned() + "\n").collect()
}

fn assert_compiles(name: &str, file: &str) {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copied").join(name);
    fs::create_dir_all(directory.join("src")).unwrap();
    let dependencies = block(file, "```toml");
    let here = format!("creatio-auth = {{ path = {ROOT:?}");
    let (shown, dependencies) =
        (dependencies.clone(), dependencies.replace("creatio-auth = { version = \"0.1\"", &here));
    assert_ne!(shown, dependencies, "{file} has no such lines");
    let package = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n");
    fs::write(directory.join("Cargo.toml"), package + &dependencies).unwrap();
    let code = block(file, "```rust");
    assert!(code.contains("fn work("), "{file} has no example");
    // Nothing uses what is shown but whoever copies it.
    fs::write(directory.join("src/lib.rs"), format!("#![allow(dead_code)]\n{code}")).unwrap();
    fs::copy(Path::new(ROOT).join("Cargo.lock"), directory.join("Cargo.lock")).unwrap(); // whose versions are here

    let mut cargo = Command::new(env!("CARGO"));
    for (variable, _) in
        env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
    {
        cargo.env_remove(variable);
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copied/target");
    let output = cargo
        .args(["check", "--quiet", "--offline", "--target-dir"])
        .arg(target)
        .current_dir(&directory)
        .env("RUSTFLAGS", "-Dwarnings")
        .output()
        .unwrap();
    assert!(output.status.success(), "{file}:\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_example_of_the_blocking_client_compiles_where_it_is_copied_to() {
    assert_compiles("blocking", "src/client/blocking.rs");
}

#[test]
fn the_example_of_the_asynchronous_client_compiles_where_it_is_copied_to() {
    assert_compiles("asynch", "src/client/asynch.rs");
}
