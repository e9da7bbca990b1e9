//! Installs what the other steps need and this machine lacks.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::workspace::{BARE_TARGETS, Workspace, oldest_toolchain};
use crate::{machines, package};

/// A package of Debian and Ubuntu, and how to see that its content is there already.
pub struct Package {
    name: &'static str,
    gives: Gives,
}

enum Gives {
    Command(&'static str),
    Header(&'static str),
    /// A C library for a compiler, by the file that tells the compiler of it.
    Specs(&'static str, &'static str),
    /// A header of C++ for a compiler.
    HeaderFor(&'static str, &'static str),
    /// The C library of a cross-compiler.
    Library(&'static str),
    /// Of Python's own library, which Debian has in parts.
    Module(&'static str),
    /// Of Mono's library, likewise.
    Assembly(&'static str),
}

const PACKAGES: &[Package] = &[
    command("gcc", "gcc"),
    command("g++", "g++"),
    // A header for everyone is compiled by more than one compiler.
    command("clang", "clang"),
    command("clang-tidy", "clang-tidy"),
    command("make", "make"),
    // By which programs find the installed library.
    command("cmake", "cmake"),
    command("pkgconf", "pkg-config"),
    command("valgrind", "valgrind"),
    // What else is said of the header: its pages, its interface, and rules of MISRA.
    command("doxygen", "doxygen"),
    command("abigail-tools", "abidiff"),
    command("cppcheck", "cppcheck"),
    command("nginx-light", "nginx"),
    command("openssl", "openssl"),
    // The store that processes share a session through.
    command("redis-server", "redis-server"),
    header("libssl-dev", "openssl/ssl.h"),
    header("libmbedtls-dev", "mbedtls/ssl.h"),
    // The HTTP client of an example in C.
    header("libcurl4-openssl-dev", "curl/curl.h"),
    // What the README's table compares with, as well.
    header("libhttp-parser-dev", "http_parser.h"),
    // A realm of Kerberos, and the tokens of GSS-API for an example in C.
    command("krb5-kdc", "krb5kdc"),
    command("krb5-admin-server", "kadmin.local"),
    header("libkrb5-dev", "gssapi/gssapi.h"),
    // For a server of OAuth 2.0, and clients of Creatio, that others have written.
    command("python3", "python3"),
    // Two more HTTP clients, whose framing is compared.
    command("curl", "curl"),
    command("nodejs", "node"),
    Package { name: "python3-venv", gives: Gives::Module("ensurepip") },
    // A site of ASP.NET, compiled and served.
    command("mono-mcs", "mcs"),
    Package { name: "libmono-system-web-extensions4.0-cil", gives: Gives::Assembly("System.Web.Extensions") },
    // The chips that C is compiled for, and machines that have them.
    command("gcc-arm-none-eabi", "arm-none-eabi-gcc"),
    command("gcc-riscv64-unknown-elf", "riscv64-unknown-elf-gcc"),
    specs("libnewlib-arm-none-eabi", "arm-none-eabi-gcc", "nano.specs"),
    // The headers of C++ alone: the library itself takes more than a gigabyte.
    Package { name: "libstdc++-arm-none-eabi-dev", gives: Gives::HeaderFor("arm-none-eabi-g++", "string_view") },
    specs("picolibc-riscv64-unknown-elf", "riscv64-unknown-elf-gcc", "picolibc.specs"),
    command("qemu-system-arm", "qemu-system-arm"),
    command("qemu-system-misc", "qemu-system-riscv32"),
    // Other machines that have an operating system.
    command("qemu-user", "qemu-s390x"),
    command("gcc-i686-linux-gnu", "i686-linux-gnu-gcc"),
    command("gcc-arm-linux-gnueabihf", "arm-linux-gnueabihf-gcc"),
    command("gcc-aarch64-linux-gnu", "aarch64-linux-gnu-gcc"),
    command("gcc-s390x-linux-gnu", "s390x-linux-gnu-gcc"),
    command("gcc-mingw-w64-x86-64", "x86_64-w64-mingw32-gcc"),
    command("g++-mingw-w64-x86-64", "x86_64-w64-mingw32-g++"),
    library("libc6-dev-i386-cross", "i686-linux-gnu-gcc"),
    library("libc6-dev-armhf-cross", "arm-linux-gnueabihf-gcc"),
    library("libc6-dev-s390x-cross", "s390x-linux-gnu-gcc"),
    command("musl-tools", "musl-gcc"),
];

const fn command(name: &'static str, command: &'static str) -> Package {
    Package { name, gives: Gives::Command(command) }
}

pub const fn header(name: &'static str, header: &'static str) -> Package {
    Package { name, gives: Gives::Header(header) }
}

const fn specs(name: &'static str, compiler: &'static str, specs: &'static str) -> Package {
    Package { name, gives: Gives::Specs(compiler, specs) }
}

const fn library(name: &'static str, compiler: &'static str) -> Package {
    Package { name, gives: Gives::Library(compiler) }
}

const COMPONENTS: &[&str] = &["rustfmt", "clippy"];

pub fn run(workspace: &Workspace) -> Result<()> {
    packages(&workspace.sh, PACKAGES)?;
    python_packages(workspace, "oauth-server", "tests/oauth_server/requirements.txt")?;
    python_packages(workspace, "other-clients", "tests/other_clients/requirements.txt")?;
    python_packages(workspace, "smuggling", "tests/smuggling/requirements.txt")?;
    python_packages(workspace, "workflows", ".github/requirements.txt")?;
    python_packages(workspace, "windows-acceptor", "tests/windows_acceptor/requirements.txt")?;
    rust(&workspace.sh)
}

/// Python packages, in an environment of their own, where the tests that need them expect it.
fn python_packages(workspace: &Workspace, environment: &str, requirements: &str) -> Result<()> {
    let sh = &workspace.sh;
    let environment = workspace.target.join(environment);
    let python = environment.join("bin/python");
    if !python.exists() {
        cmd!(sh, "python3 -m venv {environment}").run()?;
    }
    // Where all of it is there, this does not ask the network.
    let requirements = workspace.root.join(requirements);
    cmd!(sh, "{python} -m pip install --quiet --disable-pip-version-check --only-binary :all: -r {requirements}")
        .run()
        .context("pip could not fetch it; is the network within reach?")
}

/// Installs those that are missing.
pub fn packages(sh: &Shell, wanted: &[Package]) -> Result<()> {
    let missing = missing_packages(sh, wanted);
    if missing.is_empty() {
        return Ok(());
    }
    if !has_command(sh, "apt-get") || cmd!(sh, "id -u").read()? != "0" {
        bail!(
            "missing programs; on Debian or Ubuntu run this, elsewhere install the same:\n  \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
            missing.join(" ")
        );
    }
    let wait = "DPkg::Lock::Timeout=300";
    cmd!(sh, "apt-get update -q -o {wait}").run()?;
    let packages = &missing;
    cmd!(sh, "apt-get install -y -q --no-install-recommends -o {wait} {packages...}")
        .env("DEBIAN_FRONTEND", "noninteractive")
        // A run level without services: nginx is wanted as a program, not as a server on port 80.
        .env("RUNLEVEL", "1")
        .run()?;

    let missing = missing_packages(sh, wanted);
    if !missing.is_empty() {
        bail!("installed, but not found: {}", missing.join(" "));
    }
    Ok(())
}

fn missing_packages(sh: &Shell, wanted: &[Package]) -> Vec<&'static str> {
    wanted.iter().filter(|package| !is_there(sh, &package.gives)).map(|package| package.name).collect()
}

fn is_there(sh: &Shell, gives: &Gives) -> bool {
    match gives {
        Gives::Command(name) => has_command(sh, name),
        Gives::Module(module) => {
            let import = format!("import {module}");
            cmd!(sh, "python3 -c {import}").quiet().ignore_stderr().run().is_ok()
        }
        Gives::Assembly(name) => {
            let file = format!("../lib/mono/4.5/{name}.dll");
            directories(sh).iter().any(|directory| directory.join(&file).is_file())
        }
        Gives::Header(header) => {
            cmd!(sh, "gcc -E -include {header} -x c /dev/null").quiet().ignore_stdout().ignore_stderr().run().is_ok()
        }
        Gives::HeaderFor(compiler, header) => {
            has_command(sh, compiler)
                && cmd!(sh, "{compiler} -E -include {header} -x c++ /dev/null")
                    .quiet()
                    .ignore_stdout()
                    .ignore_stderr()
                    .run()
                    .is_ok()
        }
        Gives::Library(compiler) => {
            has_command(sh, compiler)
                && cmd!(sh, "{compiler} -print-file-name=libc.a").quiet().read().is_ok_and(|path| path.contains('/'))
        }
        Gives::Specs(compiler, specs) => {
            has_command(sh, compiler)
                && cmd!(sh, "{compiler} --specs={specs} -E -x c /dev/null")
                    .quiet()
                    .ignore_stdout()
                    .ignore_stderr()
                    .run()
                    .is_ok()
        }
    }
}

pub fn has_command(sh: &Shell, name: &str) -> bool {
    directories(sh).iter().any(|directory| directory.join(name).is_file())
}

/// Where programs are.
fn directories(sh: &Shell) -> Vec<PathBuf> {
    env::split_paths(&sh.var("PATH").unwrap_or_default()).collect()
}

fn rust(sh: &Shell) -> Result<()> {
    if !has_command(sh, "rustup") {
        bail!(
            "rustup is missing: https://rustup.rs; without it, this compiler needs the targets {}, \
             the components {}, and Rust {} and nightly beside it",
            targets().join(" "),
            COMPONENTS.join(" "),
            oldest_toolchain()
        );
    }
    let why = "rustup could not fetch it; is the network within reach?";

    rust_targets(sh, &targets())?;

    let installed = cmd!(sh, "rustup component list --installed").read()?;
    let components = missing(COMPONENTS, &installed);
    if !components.is_empty() {
        cmd!(sh, "rustup component add {components...}").run().context(why)?;
    }

    // Nightly for the address sanitizer, Miri and fuzzing, which stable has not.
    toolchains(sh, &[&oldest_toolchain(), "nightly"]).context(why)?;
    miri(sh).context(why)?;
    coverage(sh)
}

/// What Rust has for these targets.
pub fn rust_targets(sh: &Shell, wanted: &[&str]) -> Result<()> {
    let installed = cmd!(sh, "rustup target list --installed").read()?;
    let targets = missing(wanted, &installed);
    if !targets.is_empty() {
        cmd!(sh, "rustup target add {targets...}")
            .run()
            .context("rustup could not fetch it; is the network within reach?")?;
    }
    Ok(())
}

fn toolchains(sh: &Shell, wanted: &[&str]) -> Result<()> {
    let installed = cmd!(sh, "rustup toolchain list").read()?;
    let toolchains = missing(wanted, &installed);
    if !toolchains.is_empty() {
        cmd!(sh, "rustup toolchain install {toolchains...} --profile minimal --no-self-update").run()?;
    }
    Ok(())
}

/// What the fuzz targets are built with; libFuzzer comes as source, with the crate that they are written with.
pub fn fuzzing(sh: &Shell) -> Result<()> {
    packages(sh, &[command("gcc", "gcc"), command("g++", "g++")])?;
    toolchains(sh, &["nightly"])
}

/// Miri, and the source of the standard library, of which it builds its own. Not every nightly has Miri: where that which is
/// there has not, the newest that has takes its place.
pub fn miri(sh: &Shell) -> Result<()> {
    const NEEDED: &[&str] = &["miri", "rust-src"];
    let installed = cmd!(sh, "rustup +nightly component list --installed").read().unwrap_or_default();
    let components = missing(NEEDED, &installed);
    if !components.is_empty() && cmd!(sh, "rustup +nightly component add {components...}").run().is_err() {
        let wanted = NEEDED.iter().flat_map(|component| ["--component", component]);
        cmd!(sh, "rustup toolchain install nightly --profile minimal --no-self-update {wanted...}").run()?;
    }
    Ok(())
}

/// What tells which lines the tests run.
pub fn coverage(sh: &Shell) -> Result<()> {
    let installed = cmd!(sh, "rustup component list --installed").read()?;
    if !missing(&["llvm-tools"], &installed).is_empty() {
        cmd!(sh, "rustup component add llvm-tools").run()?;
    }
    cargo_command(sh, "cargo-llvm-cov")
}

/// A command of cargo's that others have written.
pub fn cargo_command(sh: &Shell, name: &str) -> Result<()> {
    if has_command(sh, name) {
        return Ok(());
    }
    cmd!(sh, "cargo install --locked {name}").run().context("cargo could not fetch it; is the network within reach?")
}

/// What makes the guide a book, apart from one that is installed: in debug, since pages are few, and without a server.
pub fn mdbook(workspace: &Workspace) -> Result<PathBuf> {
    const VERSION: &str = "0.5.4";
    let sh = &workspace.sh;
    let root = workspace.target.join("mdbook");
    let program = root.join("bin/mdbook");
    let is_there = program.exists() && cmd!(sh, "{program} --version").read()?.ends_with(VERSION);
    if !is_there {
        let features = ["--no-default-features", "--features", "search"];
        cmd!(sh, "cargo install --locked --debug {features...} --root {root} mdbook@{VERSION}")
            .env_remove("CARGO_TARGET_DIR")
            .run()
            .context("cargo could not fetch it; is the network within reach?")?;
    }
    Ok(program)
}

/// What lists a crate's public interface.
pub fn public_api(sh: &Shell) -> Result<()> {
    cargo_command(sh, "cargo-public-api")
}

/// What everything has to be built for.
fn targets() -> Vec<&'static str> {
    let mut all: Vec<_> = BARE_TARGETS.iter().copied().chain(machines::targets()).chain(package::targets()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Those of `wanted` that no line of rustup's list begins with; a line may go on with `-<host>`.
fn missing<'a>(wanted: &[&'a str], installed: &str) -> Vec<&'a str> {
    let is_installed = |name: &str| {
        installed.lines().any(|line| {
            let item = line.split_whitespace().next().unwrap_or_default();
            item.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    };
    wanted.iter().copied().filter(|name| !is_installed(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn a_target_is_found_by_its_whole_name() {
        let installed = "thumbv7em-none-eabihf\nx86_64-unknown-linux-gnu";
        assert_eq!(missing(&["thumbv7em-none-eabi", "thumbv7em-none-eabihf"], installed), ["thumbv7em-none-eabi"]);
    }

    #[test]
    fn a_component_or_toolchain_is_found_before_its_host() {
        let installed = "clippy-x86_64-unknown-linux-gnu\n1.88.0-x86_64-unknown-linux-gnu (active)";
        assert_eq!(missing(&["clippy", "rustfmt", "1.88.0", "1.88"], installed), ["rustfmt", "1.88"]);
    }
}
