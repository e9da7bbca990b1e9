//! The interface of the C library as a compiler sees it: `abi/creatio_auth.abixml`, written by abidw and compared by abidiff.
//! What may change, and when, is in docs/c/abi.md.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::header::HEADER;
use crate::install::Shared;
use crate::workspace::Workspace;

const KEPT: &str = "abi/creatio_auth.abixml";

/// Writes down the interface, unless the version that it has is out, as its tag says.
pub fn write(workspace: &Workspace) -> Result<()> {
    let (sh, kept, library) = (&workspace.sh, workspace.root.join(KEPT), library(workspace)?);
    let tag = cmd!(sh, "git tag --list").arg(concat!("v", env!("CARGO_PKG_VERSION"))).quiet().read()?;
    if !tag.is_empty() && difference(workspace)?.is_some() {
        bail!("{} is out: another interface takes another version, see docs/c/abi.md", env!("CARGO_PKG_VERSION"));
    }
    // Without what is this machine's: paths, and the lines of the header.
    let options = ["--no-comp-dir-path", "--no-corpus-path", "--no-show-locs", "--drop-private-types"];
    cmd!(sh, "abidw {options...} --out-file {kept} {library}").run()?;
    println!("wrote {KEPT}");
    Ok(())
}

/// Fails where the interface is not the one that is written down.
pub fn check(workspace: &Workspace) -> Result<()> {
    if !cfg!(target_arch = "x86_64") {
        println!("{KEPT} is that of x86-64: not compared here");
        return Ok(());
    }
    let Some(difference) = difference(workspace)? else {
        return Ok(());
    };
    bail!(
        "the interface is another than in {KEPT}; docs/c/abi.md says which version that takes. Then write it down, by \
         `cargo xtask abi`\n{difference}"
    )
}

/// What abidiff has to say, if anything.
fn difference(workspace: &Workspace) -> Result<Option<String>> {
    let (sh, kept, library) = (&workspace.sh, workspace.root.join(KEPT), library(workspace)?);
    let output = cmd!(sh, "abidiff --harmless {kept} {library}").ignore_status().output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok((!output.status.success()).then_some(said))
}

/// A library with every function of the header and nothing in them, compiled from the header: what a compiler makes of it.
fn library(workspace: &Workspace) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let header = fs::read_to_string(workspace.root.join(HEADER.path))?;
    let directory = workspace.target.join("abi");
    let (source, library) = (directory.join("interface.c"), directory.join("libcreatio_auth.so"));
    fs::create_dir_all(&directory)?;
    fs::write(&source, empty_functions(&header)?)?;
    let include = workspace.root.join("include");
    let soname = format!("-Wl,-soname,{}", Shared::Elf.name());
    let map = format!("-ffile-prefix-map={}=.", directory.display());
    cmd!(sh, "gcc -std=c11 -g -O0 -shared -fPIC -nostdlib {map} -I {include} {soname} -o {library} {source}")
        .run()?;
    Ok(library)
}

/// Each declaration of the header as a definition.
fn empty_functions(header: &str) -> Result<String> {
    let mut source = "#include \"creatio_auth.h\"\n".to_owned();
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        let line = line.strip_prefix("CREATIO_NODISCARD ").unwrap_or(line);
        let is_function = line.split('(').next().is_some_and(|start| {
            start.len() < line.len()
                && start.rsplit([' ', '*']).next().is_some_and(|name| name.starts_with("creatio_"))
        });
        if !is_function || line.starts_with([' ', '/', '#']) || line.starts_with("static") {
            continue;
        }
        let mut declaration = line.to_owned();
        while !declaration.ends_with(';') {
            declaration += lines.next().context("a declaration does not end")?;
        }
        declaration.pop();
        source += &format!("{declaration} {{ __builtin_trap(); }}\n");
    }
    Ok(source)
}

#[cfg(test)]
mod tests {
    use super::empty_functions;

    #[test]
    fn each_function_gets_a_body() {
        let header = "/** creatio_no(x); */\n#define CREATIO_A(b) c\nCREATIO_NODISCARD creatio_status creatio_a(\n    int b);\n\
                      typedef CREATIO_ENUM(creatio_e) {\nstatic inline int creatio_b(int c) {\n    return creatio_c(c);\n}\n\
                      void creatio_d(void);\nCREATIO_ASSERT_ENUM(creatio_e);\n";
        assert_eq!(
            empty_functions(header).unwrap(),
            "#include \"creatio_auth.h\"\ncreatio_status creatio_a(    int b) { __builtin_trap(); }\n\
             void creatio_d(void) { __builtin_trap(); }\n"
        );
    }
}
