//! Packages for those who build firmware without Rust: the folders of `packaging`, each with the header, the port and the
//! archives of its chips.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::archive;
use crate::install;
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    /// The folder to write to [default: packages in cargo's target directory]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A kind of chip, and the folders in which Arduino and PlatformIO look for its archive: by the chip, and the floating-point unit.
struct Chip {
    target: &'static str,
    arduino: &'static [&'static str],
}

const CHIPS: &[Chip] = &[
    chip("thumbv6m-none-eabi", &["cortex-m0", "cortex-m0plus"]),
    chip("thumbv7m-none-eabi", &["cortex-m3"]),
    chip(
        "thumbv7em-none-eabi",
        &[
            "cortex-m4",
            "cortex-m4/fpv4-sp-d16-softfp",
            "cortex-m7",
            "cortex-m7/fpv5-d16-softfp",
            "cortex-m7/fpv5-sp-d16-softfp",
        ],
    ),
    chip(
        "thumbv7em-none-eabihf",
        &["cortex-m4/fpv4-sp-d16-hard", "cortex-m7/fpv5-d16-hard", "cortex-m7/fpv5-sp-d16-hard"],
    ),
    chip("thumbv8m.main-none-eabi", &["cortex-m33", "cortex-m33/fpv5-sp-d16-softfp"]),
    chip("thumbv8m.main-none-eabihf", &["cortex-m33/fpv5-sp-d16-hard"]),
    chip("riscv32imc-unknown-none-elf", &["esp32c2", "esp32c3"]),
    chip("riscv32imac-unknown-none-elf", &["esp32c5", "esp32c6", "esp32h2"]),
    chip("riscv32imafc-unknown-none-elf", &["esp32p4"]),
];

const fn chip(target: &'static str, arduino: &'static [&'static str]) -> Chip {
    Chip { target, arduino }
}

/// The targets of all archives.
pub fn targets() -> impl Iterator<Item = &'static str> {
    CHIPS.iter().map(|chip| chip.target)
}

/// What comes of `packaging`: a folder for each, to be copied to where the other's build system looks.
pub fn write(workspace: &Workspace, options: &Options) -> Result<()> {
    let out = match &options.out {
        Some(out) => std::path::absolute(out)?,
        None => workspace.target.join("packages"),
    };
    for (_, package) in write_below(workspace, &out)? {
        println!("{}", package.display());
    }
    Ok(())
}

/// The same, in a folder each below this one. Returns their names and the folders.
pub fn write_below(workspace: &Workspace, out: &Path) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut archives = Vec::new();
    for chip in CHIPS {
        archives.push((chip, archive::write(workspace, &archive::Options::of(chip.target, &[]))?));
    }
    let mut packages = Vec::new();
    for name in ["esp-idf", "zephyr", "arduino"] {
        let package = out.join(name).join("creatio_auth");
        if package.exists() {
            fs::remove_dir_all(&package)?;
        }
        copy(&workspace.root.join("packaging").join(name), &package)?;
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            fs::copy(workspace.root.join(licence), package.join(licence))?;
        }
        let is_arduino = name == "arduino";
        let (include, port) = if is_arduino { ("src", "src") } else { ("include", "port") };
        copy(&workspace.root.join("include"), &package.join(include))?;
        copy(&workspace.root.join("packaging/port"), &package.join(port))?;
        if is_arduino {
            // The port is there, and both would be compiled.
            fs::remove_file(package.join("src/template.c"))?;
        }
        for (chip, archive) in &archives {
            let built = archive.parent().context("an archive is in a folder")?;
            if is_arduino {
                for folder in chip.arduino {
                    copy(built, &package.join("src").join(folder))?;
                }
            } else if name == "zephyr" || chip.target.starts_with("riscv") {
                copy(built, &package.join("lib").join(chip.target))?;
            }
        }
        packages.push((name, package));
    }
    Ok(packages)
}

/// A folder with all that is in it, templates filled.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let copied = to.join(path.file_name().context("a file has a name")?);
        if path.is_dir() {
            copy(&path, &copied)?;
        } else if path.extension().is_some_and(|extension| extension == "in") {
            fs::write(copied.with_extension(""), install::filled(&fs::read_to_string(&path)?, ""))?;
        } else {
            fs::copy(&path, &copied)?;
        }
    }
    Ok(())
}
