//! What the disassembly does not tell: where functions begin and end, and whose addresses are taken.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use object::{
    Architecture, Object, ObjectSection, ObjectSymbol, RelocationFlags, RelocationTarget, SectionFlags, SectionKind,
    SymbolKind, elf,
};

#[derive(Default)]
pub struct Binary {
    /// Name, beginning and end.
    functions: Vec<(String, u64, u64)>,
    /// The beginning and end of each constant that has a name.
    tables: Vec<(u64, u64)>,
    /// Where an address is put, and the address.
    references: BTreeMap<u64, u64>,
    /// Content, by where it begins.
    contents: BTreeMap<u64, Vec<u8>>,
}

impl Binary {
    /// Reads a program that has been linked with `--emit-relocs`.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path)?;
        let file = object::File::parse(bytes.as_slice())?;
        let is_arm = file.architecture() == Architecture::Arm;
        let code = |address: u64| if is_arm { address & !1 } else { address };

        let mut binary = Self::default();
        for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition()) {
            let begin = code(symbol.address());
            binary.functions.push((symbol.name()?.to_owned(), begin, begin + symbol.size()));
        }
        binary.functions.sort_by_key(|(_, begin, _)| *begin);
        let constants = file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Data && symbol.is_definition());
        binary.tables = constants.map(|symbol| (symbol.address(), symbol.address() + symbol.size())).collect();
        for section in file.sections().filter(|section| is_loaded(section)) {
            binary.contents.insert(section.address(), section.data()?.to_vec());
            for (place, relocation) in section.relocations() {
                let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
                if !is_address(is_arm, r_type) {
                    continue;
                }
                let RelocationTarget::Symbol(index) = relocation.target() else { continue };
                let symbol = file.symbol_by_index(index)?;
                let address = match r_type {
                    // The linker has put the address there, whatever symbol it was told by.
                    elf::R_ARM_ABS32 if is_arm => u64::from(binary.word(place)?),
                    _ => symbol.address().wrapping_add_signed(relocation.addend()),
                };
                binary.references.insert(place, code(address));
            }
        }
        Ok(binary)
    }

    #[cfg(test)]
    pub fn add_function(&mut self, name: &str, begin: u64, end: u64) {
        self.functions.push((name.to_owned(), begin, end));
    }

    #[cfg(test)]
    pub fn add_reference(&mut self, place: u64, address: u64) {
        self.references.insert(place, address);
    }

    /// Where a function begins.
    pub fn function(&self, name: &str) -> Option<u64> {
        self.functions.iter().find(|(known, ..)| known == name).map(|(_, begin, _)| *begin)
    }

    /// Whether a function begins there.
    pub fn is_function(&self, address: u64) -> bool {
        self.functions.iter().any(|(_, begin, _)| *begin == address)
    }

    /// The name, beginning and end of the function that an instruction is part of.
    pub fn around(&self, address: u64) -> Option<(&str, u64, u64)> {
        let found = self.functions.iter().rev().find(|(_, begin, end)| (*begin..*end).contains(&address))?;
        Some((&found.0, found.1, found.2))
    }

    /// Whether places inside of the function are listed somewhere, as for a jump to one of many.
    pub fn has_table(&self, begin: u64, end: u64) -> bool {
        self.references.values().any(|address| (begin + 1..end).contains(address))
    }

    /// The functions that have their address taken, except at the places where that is for a plain call, each with the
    /// offset in a table at which that is, if it is in one.
    pub fn taken(&self, called: &[u64]) -> Vec<(u64, Option<u64>)> {
        let begins: BTreeSet<u64> = self.functions.iter().map(|(_, begin, _)| *begin).collect();
        let in_table = |place: &u64| {
            let (begin, _) = self.tables.iter().find(|(begin, end)| (begin..end).contains(&place))?;
            Some(place - begin)
        };
        let taken: BTreeSet<(u64, Option<u64>)> = self
            .references
            .iter()
            .filter(|(place, address)| begins.contains(address) && !called.contains(place))
            .map(|(place, address)| (*address, in_table(place)))
            .collect();
        taken.into_iter().collect()
    }

    /// The word at an address.
    pub fn word(&self, address: u64) -> Result<u32> {
        let (begin, content) = self.contents.range(..=address).next_back().context("nothing is there")?;
        let offset = usize::try_from(address - begin)?;
        let word = content.get(offset..).and_then(|rest| rest.first_chunk()).context("nothing is there")?;
        Ok(u32::from_le_bytes(*word))
    }
}

/// Whether it is code or constants.
fn is_loaded(section: &object::Section<'_, '_>) -> bool {
    let is_allocated =
        matches!(section.flags(), SectionFlags::Elf { sh_flags } if sh_flags & u64::from(elf::SHF_ALLOC) != 0);
    is_allocated && section.kind() != SectionKind::UninitializedData
}

/// Whether a relocation puts an address somewhere, rather than going there.
fn is_address(is_arm: bool, kind: u32) -> bool {
    if is_arm {
        matches!(kind, elf::R_ARM_ABS32 | elf::R_ARM_THM_MOVW_ABS_NC)
    } else {
        matches!(kind, elf::R_RISCV_32 | elf::R_RISCV_HI20 | elf::R_RISCV_PCREL_HI20)
    }
}
