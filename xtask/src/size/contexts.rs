//! How many bytes of the caller's memory each context of the C interface takes.

use std::fs;

use anyhow::{Context, Result};
use xshell::cmd;

use super::Chip;
use super::build::work_directory;
use super::image::Image;
use crate::workspace::Workspace;

const CONTEXTS: &[&str] = &["creatio_site", "creatio_session", "creatio_exchange"];
const PREFIX: &str = "size_of_";

/// What one compiler says.
pub struct Sizes {
    pub machine: String,
    /// Name and bytes.
    pub contexts: Vec<(&'static str, u64)>,
}

/// Asks this machine's compiler and those of the chips.
pub fn sizes(workspace: &Workspace, chips: &[Chip]) -> Result<Vec<Sizes>> {
    let here = format!("{} bit (this machine)", usize::BITS);
    let mut all = vec![sizes_by(workspace, here, "gcc", &[])?];
    for chip in chips {
        all.push(sizes_by(workspace, chip.name.to_owned(), chip.compiler, chip.flags)?);
    }
    Ok(all)
}

/// Nothing has to run for this: an array of that many bytes is a symbol of that size.
fn sizes_by(workspace: &Workspace, machine: String, compiler: &str, flags: &[&str]) -> Result<Sizes> {
    let sh = &workspace.sh;
    let directory = work_directory(workspace)?;
    let source = directory.join("contexts.c");
    let object = directory.join(format!("contexts-{compiler}.o"));
    fs::write(&source, source_text())?;
    cmd!(sh, "{compiler} {flags...} -std=c99 -fno-common -ffreestanding -Iinclude -c {source} -o {object}").run()?;
    let image = Image::read(&object)?;
    let contexts = CONTEXTS
        .iter()
        .map(|context| {
            let name = format!("{PREFIX}{context}");
            let symbol = image.symbols.iter().find(|symbol| symbol.name == name);
            Ok((*context, symbol.context(name)?.size))
        })
        .collect::<Result<_>>()?;
    Ok(Sizes { machine, contexts })
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
