//! Reads what the compilers and linkers wrote: sections, symbols, sizes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, SectionKind, SymbolKind, SymbolSection, elf};

/// A linked program, or an object file.
pub struct Image {
    /// The sections that take room in the chip.
    pub sections: Vec<Section>,
    /// Everything that has a name, its Rust name where it comes from Rust.
    pub symbols: Vec<Symbol>,
}

pub struct Section {
    pub name: String,
    pub size: u64,
    /// True if its content is stored in flash; false if it is only room in RAM.
    pub stored: bool,
}

pub struct Symbol {
    pub name: String,
    pub size: u64,
}

impl Image {
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        Self::parse(&bytes).with_context(|| path.display().to_string())
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let file = object::File::parse(bytes)?;
        let mut sections = Vec::new();
        for section in file.sections() {
            if is_loaded(section.flags()) && section.size() > 0 {
                sections.push(Section {
                    name: section.name()?.to_owned(),
                    size: section.size(),
                    stored: section.kind() != SectionKind::UninitializedData,
                });
            }
        }
        let symbols = file
            .symbols()
            .filter(|symbol| matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data))
            .filter(|symbol| symbol.section() != SymbolSection::Undefined)
            .map(|symbol| Ok(Symbol { name: readable(symbol.name()?), size: symbol.size() }))
            .collect::<Result<_>>()?;
        Ok(Self { sections, symbols })
    }

    /// The bytes of a section, 0 if there is none of that name.
    pub fn section(&self, name: &str) -> u64 {
        self.sections.iter().filter(|section| section.name == name).map(|section| section.size).sum()
    }

    /// The bytes the program takes in flash: code, constants, and the first values of variables.
    pub fn flash(&self) -> u64 {
        self.sections.iter().filter(|section| section.stored).map(|section| section.size).sum()
    }
}

/// A static library.
pub struct Archive {
    /// Its variables, by name, or by section where the section has no named one.
    pub variables: Vec<String>,
}

impl Archive {
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        Self::parse(&bytes).with_context(|| path.display().to_string())
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let archive = ArchiveFile::parse(bytes)?;
        let mut variables = Vec::new();
        for member in archive.members() {
            let member = member?;
            // The archive of a cross build also carries rustc's own metadata, which is no object.
            if let Ok(file) = object::File::parse(member.data(bytes)?) {
                variables.extend(variables_of(&file)?);
            }
        }
        Ok(Self { variables })
    }
}

fn variables_of(file: &object::File<'_>) -> Result<Vec<String>> {
    let mut variables = Vec::new();
    for section in file.sections() {
        if section.size() == 0 || !is_variable(section.name()?) {
            continue;
        }
        let before = variables.len();
        for symbol in file.symbols() {
            if symbol.section_index() == Some(section.index()) && symbol.size() > 0 {
                variables.push(readable(symbol.name()?));
            }
        }
        if variables.len() == before {
            variables.push(section.name()?.to_owned());
        }
    }
    Ok(variables)
}

/// Sections of memory that changes. `.data.rel.ro` does not: it is constants with addresses in
/// them, and in a program at a fixed address part of `.rodata`.
fn is_variable(section: &str) -> bool {
    let is = |name: &str| section.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    (is(".data") || is(".bss") || is(".tdata") || is(".tbss")) && !is(".data.rel.ro")
}

fn is_loaded(flags: SectionFlags) -> bool {
    matches!(flags, SectionFlags::Elf { sh_flags } if sh_flags & u64::from(elf::SHF_ALLOC) != 0)
}

fn readable(name: &str) -> String {
    // The alternate form leaves the hash out.
    format!("{:#}", rustc_demangle::demangle(name))
}

#[cfg(test)]
mod tests {
    use super::{is_variable, readable};

    #[test]
    fn variables_are_told_from_constants() {
        for name in [".data", ".data.counter", ".bss", ".bss.buffer", ".tbss"] {
            assert!(is_variable(name), "{name}");
        }
        for name in [".data.rel.ro", ".data.rel.ro.table", ".rodata", ".database"] {
            assert!(!is_variable(name), "{name}");
        }
    }

    #[test]
    fn rust_names_lose_their_hash() {
        let mangled = "_ZN4core9panicking5panic17h0123456789abcdefE";
        assert_eq!(readable(mangled), "core::panicking::panic");
        assert_eq!(readable("memcpy"), "memcpy");
    }
}
