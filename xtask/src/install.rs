//! Installs the C library: header, static and shared library, and what pkg-config and CMake find it by.
//!
//! cargo-c does much of this, but not what is wanted here: it knows no CMake package, writes the prefix into what it installs, so
//! that a tree cannot be moved, and installs cargo's archive with all of Rust's own parts. It takes longer to build than all of
//! this repository.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use xshell::cmd;

use crate::archive;
use crate::workspace::{C_ARCHIVE, C_PACKAGE, Workspace};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");
const MINOR: &str = env!("CARGO_PKG_VERSION_MINOR");

/// Where pkg-config and CMake look, below the prefix, and what is installed there out of `packaging/installed`.
const FOUND_BY: &[(&str, &[&str])] = &[
    ("lib/pkgconfig", &["creatio-auth.pc"]),
    ("lib/cmake/creatio_auth", &["creatio_auth-config.cmake", "creatio_auth-config-version.cmake"]),
];
const HEADERS: &str = "include";
const LIBRARIES: &str = "lib";

#[derive(Args)]
pub struct Place {
    /// Where the library will be used from; the tree may be moved later
    #[arg(long, value_name = "DIR", default_value = "/usr/local")]
    prefix: PathBuf,
    /// A folder that stands for the root of the file system, for those who make packages
    #[arg(long, value_name = "DIR")]
    destdir: Option<PathBuf>,
}

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// The target, as `rustc --print target-list` has it [default: this machine]
    #[arg(long)]
    target: Option<String>,
    /// Leave the shared library out, which takes a linker for the target
    #[arg(long)]
    no_shared: bool,
    /// What cargo is told besides, for example `--no-default-features --features panic-handler`
    #[arg(last = true)]
    cargo: Vec<String>,
}

impl Options {
    /// The library for a target, without the shared one, as a tree in this folder.
    pub fn tree(folder: PathBuf, target: &str, cargo: &[String]) -> Self {
        let place = Place { prefix: folder, destdir: None };
        Self { place, target: Some(target.to_owned()), no_shared: true, cargo: cargo.to_vec() }
    }
}

impl Place {
    /// The prefix, below the folder that stands for the root.
    fn root(&self) -> Result<PathBuf> {
        let prefix = std::path::absolute(&self.prefix)?;
        let Some(destdir) = &self.destdir else { return Ok(prefix) };
        let below = prefix.components().filter(|part| matches!(part, Component::Normal(_)));
        Ok(std::path::absolute(destdir)?.join(below.collect::<PathBuf>()))
    }
}

pub fn install(workspace: &Workspace, options: &Options) -> Result<()> {
    let root = options.place.root()?;
    let target = match &options.target {
        Some(target) => target.clone(),
        None => host(workspace)?,
    };
    let archive = archive::write(workspace, &archive::Options::of(&target, &options.cargo))?;
    let shared = match Shared::of(&target) {
        Some(shared) if !options.no_shared => Some((shared, build(workspace, &target, shared, &options.cargo)?)),
        _ => None,
    };
    let flags = flags(&fs::read(&archive)?);
    // Nothing is there before all has been built.
    let put = |from: &Path, to: &Path| put(&root, from, to);
    for header in files(&workspace.root.join(HEADERS))? {
        let name = header.file_name().context("a header has a name")?;
        put(&header, &Path::new(HEADERS).join(name))?;
    }
    put(&archive, &Path::new(LIBRARIES).join(C_ARCHIVE))?;
    if let Some((shared, directory)) = shared {
        for (built, installed) in shared.files() {
            put(&directory.join(built), installed.as_ref())?;
        }
        for (name, leads_to) in shared.links() {
            link(&root.join(LIBRARIES).join(name), &leads_to)?;
        }
    }
    for (directory, names) in FOUND_BY {
        for name in *names {
            let template = workspace.root.join("packaging/installed").join(format!("{name}.in"));
            let text = filled(&fs::read_to_string(&template).context(template.display().to_string())?, &target)
                .replace("@CFLAGS@", flags);
            let path = root.join(directory).join(name);
            make_directory_of(&path)?;
            write(&path, |path| fs::write(path, &text))?;
        }
    }
    Ok(())
}

/// Removes what any version has installed, and leaves all else.
pub fn uninstall(place: &Place) -> Result<()> {
    let root = place.root()?;
    let mut ours = Vec::new();
    for directory in [HEADERS, LIBRARIES, "bin"] {
        let all = files(&root.join(directory)).unwrap_or_default();
        ours.extend(all.into_iter().filter(|path| is_ours(path)));
    }
    for (directory, names) in FOUND_BY {
        ours.extend(names.iter().map(|name| root.join(directory).join(name)));
    }
    for path in ours.iter().filter(|path| path.symlink_metadata().is_ok()) {
        println!("removing {}", path.display());
        fs::remove_file(path).with_context(|| path.display().to_string())?;
    }
    // Ours alone; fails where someone else has put something there.
    let _ = fs::remove_dir(root.join(FOUND_BY[1].0));
    Ok(())
}

fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    ["creatio_auth.", "creatio_auth_", "libcreatio_auth."].iter().any(|start| name.starts_with(start))
}

/// How a system has its shared libraries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shared {
    Elf,
    Dll,
}

impl Shared {
    fn of(target: &str) -> Option<Self> {
        if target.contains("-linux-") {
            Some(Self::Elf)
        } else if target.contains("-windows-gnu") {
            Some(Self::Dll)
        } else {
            None
        }
    }

    /// What cargo builds, and where it is installed.
    fn files(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Elf => vec![("libcreatio_auth.so", self.installed())],
            Self::Dll => vec![
                ("creatio_auth.dll", self.installed()),
                ("libcreatio_auth.dll.a", "lib/libcreatio_auth.dll.a".to_owned()),
            ],
        }
    }

    fn installed(self) -> String {
        match self {
            Self::Elf => format!("lib/libcreatio_auth.so.{VERSION}"),
            Self::Dll => "bin/creatio_auth.dll".to_owned(),
        }
    }

    /// The name that programs ask the loader for. Before 1.0 each minor version is another interface.
    pub fn name(self) -> String {
        match self {
            Self::Elf if MAJOR == "0" => format!("libcreatio_auth.so.0.{MINOR}"),
            Self::Elf => format!("libcreatio_auth.so.{MAJOR}"),
            Self::Dll => "creatio_auth.dll".to_owned(),
        }
    }

    /// In `lib`, and what they lead to there: for the loader, and for the linker.
    fn links(self) -> Vec<(String, String)> {
        match self {
            Self::Elf => vec![
                (self.name(), format!("libcreatio_auth.so.{VERSION}")),
                ("libcreatio_auth.so".to_owned(), self.name()),
            ],
            Self::Dll => Vec::new(),
        }
    }

    /// What the linker is told.
    fn linker_options(self) -> Vec<String> {
        match self {
            // It needs the C library, which is to be loaded where nothing else has done that.
            Self::Elf => {
                vec![format!("-Wl,-soname,{}", self.name()), "-Wl,--no-as-needed".to_owned(), "-lc".to_owned()]
            }
            Self::Dll => Vec::new(),
        }
    }
}

/// Builds the shared library, apart from the one of `cargo build`, which has another name. Returns the folder that it is in.
fn build(workspace: &Workspace, target: &str, shared: Shared, cargo: &[String]) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let directory = workspace.target.join("install");
    let variable = |what: &str| format!("CARGO_TARGET_{}_{what}", target.to_uppercase().replace('-', "_"));
    let options = shared.linker_options();
    let options = options.iter().map(|option| format!("-Clink-arg={option}"));
    let mut command = cmd!(
        sh,
        "cargo rustc -p {C_PACKAGE} --lib --crate-type cdylib --release --target {target} --target-dir {directory}
         {cargo...} -- {options...}"
    );
    if target.contains("musl") {
        // Rust links musl into all that it builds, of which no shared library comes.
        command = command.env(variable("RUSTFLAGS"), "-Ctarget-feature=-crt-static");
    }
    if command.run().is_err() {
        bail!(
            "the shared library takes a linker for {target}: name it in {}, or say --no-shared",
            variable("LINKER")
        );
    }
    Ok(directory.join(target).join("release"))
}

/// The target of this machine.
pub fn host(workspace: &Workspace) -> Result<String> {
    let about = cmd!(workspace.sh, "rustc -vV").quiet().read()?;
    about.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).context("rustc names no host")
}

/// What the header has to be told of the library.
fn flags(archive: &[u8]) -> &'static str {
    const OF_TEXTS: &[u8] = b"creatio_status_text";
    let has_texts = archive.windows(OF_TEXTS.len()).any(|name| name == OF_TEXTS);
    if has_texts { "" } else { "-DCREATIO_NO_TEXTS" }
}

/// A template with what it has in `@…@`.
pub fn filled(template: &str, target: &str) -> String {
    let shared = Shared::of(target);
    template
        .replace("@VERSION@", VERSION)
        .replace("@MAJOR@", MAJOR)
        .replace("@MINOR@", MINOR)
        .replace("@SHARED@", &shared.map_or_else(|| "none".to_owned(), Shared::installed))
        .replace("@SONAME@", &shared.map(Shared::name).unwrap_or_default())
}

fn put(root: &Path, from: &Path, to: &Path) -> Result<()> {
    let path = root.join(to);
    make_directory_of(&path)?;
    write(&path, |path| fs::copy(from, path).map(drop))
}

fn make_directory_of(path: &Path) -> Result<()> {
    let directory = path.parent().context("a file is in a folder")?;
    fs::create_dir_all(directory).with_context(|| directory.display().to_string())
}

/// Puts a file in the place of the one that is there, which a running program may have mapped.
fn write(path: &Path, write: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<()> {
    println!("{}", path.display());
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let _ = fs::remove_file(&beside);
    write(&beside).and_then(|()| fs::rename(&beside, path)).with_context(|| path.display().to_string())
}

#[cfg(unix)]
fn link(path: &Path, leads_to: &str) -> Result<()> {
    write(path, |path| std::os::unix::fs::symlink(leads_to, path))
}

#[cfg(not(unix))]
fn link(path: &Path, _: &str) -> Result<()> {
    bail!("{}: a tree for Linux is installed on a system that has symbolic links", path.display())
}

fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).with_context(|| directory.display().to_string())?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::{MAJOR, MINOR, Place, Shared, VERSION, filled, is_ours};
    use std::path::{Path, PathBuf};

    #[test]
    fn a_prefix_is_below_the_folder_that_stands_for_the_root() {
        let place = |destdir: Option<&str>| Place { prefix: "/usr".into(), destdir: destdir.map(PathBuf::from) };
        assert_eq!(place(None).root().unwrap(), Path::new("/usr"));
        assert_eq!(place(Some("/tmp/a b")).root().unwrap(), Path::new("/tmp/a b/usr"));
    }

    #[test]
    fn a_version_before_1_0_has_its_minor_in_the_name() {
        assert_eq!(MAJOR, "0", "this test is for before 1.0");
        assert_eq!(Shared::Elf.name(), format!("libcreatio_auth.so.0.{MINOR}"));
    }

    #[test]
    fn a_template_is_filled() {
        assert_eq!(Shared::of("thumbv6m-none-eabi"), None);
        let text = filled("@VERSION@ @SHARED@ @SONAME@", "x86_64-pc-windows-gnu");
        assert_eq!(text, format!("{VERSION} bin/creatio_auth.dll creatio_auth.dll"));
    }

    #[test]
    fn the_files_of_others_stay() {
        for name in [
            "creatio_auth.h",
            "creatio_auth_data.hpp",
            "creatio_auth.dll",
            "libcreatio_auth.a",
            "libcreatio_auth.so.0.1.0",
        ] {
            assert!(is_ours(&Path::new("lib").join(name)), "{name}");
        }
        for name in ["creatio.h", "libcreatio_auth_extra.a", "libc.a", "xcreatio_auth.h"] {
            assert!(!is_ours(&Path::new("lib").join(name)), "{name}");
        }
    }
}
