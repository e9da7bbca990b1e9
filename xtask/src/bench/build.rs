//! Builds the programs that are measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::cmd;

use super::count::Program;
use super::sources::Sources;
use crate::workspace::{C_ARCHIVE, C_PACKAGE, Workspace};

const PACKAGE: &str = "tests/bench";

const C_FLAGS: &[&str] = &["-std=c11", "-D_GNU_SOURCE", "-O3", "-flto", "-Wall", "-Wextra", "-Werror", "-Wl,-z,now"];

/// What counts allocations takes the place of the C library's functions.
const HEAP_FLAGS: &[&str] = &["-DHEAP", "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free"];

/// Of all programs in C.
const C_BASE: &[&str] = &["bench"];
/// Of those without the library.
const C_STACK: &[&str] = &["bench", "stack", "cookies", "request", "field"];

/// For counting instructions, or allocations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Instructions,
    Heap,
}

impl Purpose {
    fn suffix(self) -> &'static str {
        if self == Purpose::Heap { "-heap" } else { "" }
    }
}

/// A tree of files of the repository: that of this checkout, or of a revision.
pub struct Tree {
    pub root: PathBuf,
    /// In names of files and directories.
    pub label: &'static str,
}

/// Ours in Rust and in C, and the program in Rust of others.
pub struct Ours {
    pub rust: Program,
    pub c: Program,
    pub httparse: Program,
    /// The C library.
    pub archive: PathBuf,
}

pub fn ours(workspace: &Workspace, directory: &Path, tree: &Tree, purpose: Purpose) -> Result<Ours> {
    let sh = &workspace.sh;
    let suffix = purpose.suffix();
    let target = directory.join(format!("{}{suffix}", tree.label));
    let manifest = tree.root.join(PACKAGE).join("Cargo.toml");
    let features: &[&str] = if purpose == Purpose::Heap { &["--features", "heap"] } else { &[] };
    cmd!(sh, "cargo build --quiet --release --manifest-path {manifest} --target-dir {target} {features...}").run()?;

    // The C library has its own directory, so that the same one serves both purposes.
    let library = directory.join(format!("{}-library", tree.label));
    let manifest = tree.root.join("Cargo.toml");
    cmd!(sh, "cargo build --quiet --release --manifest-path {manifest} -p {C_PACKAGE} --lib --target-dir {library}")
        .run()?;
    let archive = library.join("release").join(C_ARCHIVE);
    let c = directory.join(format!("c-{}{suffix}", tree.label));
    let include = tree.root.join("include");
    let sources = c_sources(tree, C_BASE.iter().chain(&["ours"]));
    compile(workspace, purpose, tree, &[&include], &sources, &[], &[&archive.display().to_string()], &c)?;

    let program = |name: &str| Program {
        key: format!("{name}-{}{suffix}", tree.label),
        path: target.join("release").join(name),
    };
    Ok(Ours {
        rust: program("ours"),
        c: Program { key: format!("c-{}{suffix}", tree.label), path: c },
        httparse: program("httparse_stack"),
        archive,
    })
}

/// The programs in C of others.
pub struct Others {
    pub http_parser: Program,
    pub llhttp: Program,
    pub picohttpparser: Program,
}

pub fn others(
    workspace: &Workspace,
    directory: &Path,
    tree: &Tree,
    sources: &Sources,
    purpose: Purpose,
) -> Result<Others> {
    let program = |name: &str| {
        let key = format!("{name}{}", purpose.suffix());
        Program { path: directory.join(format!("c-{key}")), key }
    };
    let (http_parser, llhttp, picohttpparser) =
        (program("http-parser"), program("llhttp"), program("picohttpparser"));
    let build = |parts: &[&str], include: &[&Path], foreign: &[PathBuf], libraries: &[&str], program: &Program| {
        let own = c_sources(tree, C_STACK.iter().chain(parts));
        compile(workspace, purpose, tree, include, &own, foreign, libraries, &program.path)
    };
    build(&["http_parser", "cjson"], &[], &[], &["-lhttp_parser", "-lcjson"], &http_parser)?;
    let files = |directory: &Path, names: &[&str]| names.iter().map(|name| directory.join(name)).collect::<Vec<_>>();
    let foreign = files(&sources.llhttp, &["api.c", "http.c", "llhttp.c"]);
    build(&["llhttp", "cjson"], &[&sources.llhttp], &foreign, &["-lcjson"], &llhttp)?;
    let foreign = files(&sources.picohttpparser, &["picohttpparser.c"]);
    build(&["picohttpparser", "jsmn"], &[&sources.picohttpparser], &foreign, &[], &picohttpparser)?;
    Ok(Others { http_parser, llhttp, picohttpparser })
}

fn c_sources<'a>(tree: &Tree, parts: impl Iterator<Item = &'a &'a str>) -> Vec<PathBuf> {
    parts.map(|part| tree.root.join(PACKAGE).join("c").join(format!("{part}.c"))).collect()
}

/// Compiles and links a program in C. What others have written is compiled without our warnings.
#[allow(clippy::too_many_arguments)] // each is a list of another kind
fn compile(
    workspace: &Workspace,
    purpose: Purpose,
    tree: &Tree,
    include: &[&Path],
    own: &[PathBuf],
    foreign: &[PathBuf],
    libraries: &[&str],
    program: &Path,
) -> Result<()> {
    let sh = &workspace.sh;
    let objects = program.with_extension("objects");
    sh.create_dir(&objects)?;
    let include: &Vec<String> = &include.iter().map(|directory| format!("-I{}", directory.display())).collect();
    let mut compiled = Vec::new();
    for source in foreign {
        let name = source.file_stem().context("a source without a name")?;
        let object = objects.join(name).with_extension("o");
        cmd!(sh, "gcc -O3 -flto -w {include...} -c {source} -o {object}").quiet().run()?;
        compiled.push(object);
    }
    let heap = tree.root.join(PACKAGE).join("c/heap.c");
    let (flags, heap): (&[&str], _) = if purpose == Purpose::Heap { (HEAP_FLAGS, Some(&heap)) } else { (&[], None) };
    cmd!(sh, "gcc {C_FLAGS...} {flags...} {include...} {own...} {heap...} {compiled...} {libraries...} -o {program}")
        .quiet()
        .run()?;
    Ok(())
}

/// The files of a revision, with the programs of this checkout among them, and all as new, so that cargo builds them anew.
pub fn revision(workspace: &Workspace, directory: &Path, revision: &str) -> Result<Tree> {
    let sh = &workspace.sh;
    let root = directory.join("baseline-files");
    sh.remove_path(&root)?;
    sh.create_dir(&root)?;
    let archive = directory.join("baseline.tar");
    cmd!(sh, "git archive --format=tar --output={archive} {revision}").quiet().run().context(revision.to_owned())?;
    cmd!(sh, "tar -xmf {archive} -C {root}").quiet().run()?;
    let programs = root.join(PACKAGE);
    sh.remove_path(&programs)?;
    fs::create_dir_all(root.join("tests"))?;
    let ours = workspace.root.join(PACKAGE);
    cmd!(sh, "cp -r {ours} {programs}").quiet().run()?;
    Ok(Tree { root, label: "baseline" })
}
