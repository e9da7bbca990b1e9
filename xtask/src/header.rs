//! The C header, generated from the C package and committed: cbindgen says what there is, `ffi/header.h` where it stands.

mod items;
mod layout;
mod write;

use std::fs;

use anyhow::{Context, Result, bail};
use cbindgen::{Builder, Config};

use crate::workspace::{C_PACKAGE, Workspace};

pub const HEADER: &str = "include/creatio_auth.h";

/// Writes the header.
pub fn write(workspace: &Workspace) -> Result<()> {
    let path = workspace.root.join(HEADER);
    fs::create_dir_all(path.parent().context("the header has no directory")?)?;
    fs::write(&path, generate(workspace)?)?;
    println!("wrote {HEADER}");
    Ok(())
}

/// Fails if the committed header is not what the C package says.
pub fn check(workspace: &Workspace) -> Result<()> {
    let generated = generate(workspace)?;
    let committed = fs::read_to_string(workspace.root.join(HEADER))
        .with_context(|| format!("{HEADER} is missing; write it with `cargo xtask header`"))?;
    if let Some(difference) = first_difference(&committed, &generated) {
        bail!(
            "{HEADER} is not what cbindgen makes of the C package; write it anew with \
             `cargo xtask header`\n{difference}"
        );
    }
    Ok(())
}

fn generate(workspace: &Workspace) -> Result<String> {
    let package = workspace.root.join("ffi");
    let config = Config::from_file(package.join("cbindgen.toml"))
        .map_err(|reason| anyhow::anyhow!("ffi/cbindgen.toml: {reason}"))?;
    let bindings = Builder::new()
        .with_config(config)
        .with_crate_and_name(&package, C_PACKAGE)
        .generate()
        .context("cbindgen does not understand the C package")?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    let items = items::read(&String::from_utf8(text)?)?;
    // The version is stated once, in the root's Cargo.toml.
    let template = fs::read_to_string(package.join("header.h"))?
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR"))
        .replace("@MINOR@", env!("CARGO_PKG_VERSION_MINOR"))
        .replace("@PATCH@", env!("CARGO_PKG_VERSION_PATCH"));
    write::header(&template, &items)
}

/// The first line in which two texts differ, or `None` if they are the same to the byte.
fn first_difference(committed: &str, generated: &str) -> Option<String> {
    if committed == generated {
        return None;
    }
    let mut old = committed.split('\n');
    let mut new = generated.split('\n');
    for number in 1.. {
        let pair = (old.next(), new.next());
        if pair.0 == pair.1 {
            continue;
        }
        let show = |line: Option<&str>| line.map_or("(end)".to_owned(), |line| format!("{line:?}"));
        return Some(format!("line {number}\n  committed: {}\n  generated: {}", show(pair.0), show(pair.1)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn the_first_different_line_is_shown() {
        assert_eq!(
            first_difference("a\nb\nc", "a\nx\nd").as_deref(),
            Some("line 2\n  committed: \"b\"\n  generated: \"x\"")
        );
    }

    #[test]
    fn a_shorter_text_or_another_line_end_is_a_difference() {
        assert_eq!(first_difference("a", "a\nb").as_deref(), Some("line 2\n  committed: (end)\n  generated: \"b\""));
        assert_eq!(
            first_difference("a\r\n", "a\n").as_deref(),
            Some("line 1\n  committed: \"a\\r\"\n  generated: \"a\"")
        );
    }
}
