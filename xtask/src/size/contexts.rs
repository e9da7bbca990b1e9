//! How many bytes of the caller's memory each context of the C interface takes on this machine. On a chip the programs
//! themselves tell.

use std::fs;

use anyhow::{Context, Result};
use xshell::cmd;

use super::image::Image;
use crate::workspace::Workspace;

const CONTEXTS: [&str; 3] = ["creatio_site", "creatio_session", "creatio_exchange"];
const PREFIX: &str = "size_of_";

/// Of a site, a session and an exchange. Nothing has to run for this: an array of that many bytes is a symbol of that
/// size.
pub fn sizes(workspace: &Workspace) -> Result<[u64; 3]> {
    let sh = &workspace.sh;
    let source = workspace.target.join("size").join("contexts.c");
    let object = source.with_extension("o");
    fs::write(&source, source_text())?;
    cmd!(sh, "gcc -m64 -std=c99 -fno-common -ffreestanding -Iinclude -c {source} -o {object}").quiet().run()?;
    let image = Image::read(&object)?;
    let mut sizes = [0; 3];
    for (size, context) in sizes.iter_mut().zip(CONTEXTS) {
        let name = format!("{PREFIX}{context}");
        *size = image.symbols.iter().find(|symbol| symbol.name == name).context(name)?.size;
    }
    Ok(sizes)
}

fn source_text() -> String {
    let arrays: String =
        CONTEXTS.iter().map(|context| format!("char {PREFIX}{context}[sizeof({context})];\n")).collect();
    format!("#include \"creatio_auth.h\"\n{arrays}")
}

#[cfg(test)]
mod tests {
    use super::source_text;

    #[test]
    fn the_source_has_an_array_for_each_context() {
        assert!(source_text().contains("char size_of_creatio_site[sizeof(creatio_site)];\n"));
    }
}
