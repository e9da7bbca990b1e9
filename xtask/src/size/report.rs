//! Prints the measurements.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use super::contexts::Sizes;
use super::image::{Image, Symbol};
use super::{Chip, Program};
use crate::workspace::FIRMWARE_PROFILE;

const LARGEST: usize = 16;

pub fn print_program(chip: &Chip, program: &Program, with: &Image, without: &Image) {
    println!("\n{} on {} ({}, profile {FIRMWARE_PROFILE}), in bytes", program.name, chip.name, chip.target);
    println!("{:<10} {:>8} {:>8} {:>8}", "", "with", "without", "library");
    let row = |name: &str, with: u64, without: u64| {
        let difference = i128::from(with) - i128::from(without);
        println!("{name:<10} {with:>8} {without:>8} {difference:>8}");
    };
    for name in section_names(with, without) {
        row(name, with.section(name), without.section(name));
    }
    row("flash", with.flash(), without.flash());
    println!("largest parts of the library:");
    for symbol in largest(with, without) {
        println!("{:>8}  {}", symbol.size, symbol.name);
    }
}

pub fn print_contexts(sizes: &[Sizes]) {
    println!("\ncontexts, in bytes");
    for one in sizes {
        let contexts: Vec<String> = one.contexts.iter().map(|(name, size)| format!("{name} {size}")).collect();
        println!("{:<24} {}", one.machine, contexts.join(", "));
    }
}

/// The usual ones, also where they are empty, and any other that takes room.
fn section_names<'a>(with: &'a Image, without: &'a Image) -> Vec<&'a str> {
    let mut names = vec![".text", ".rodata", ".data", ".bss"];
    let others: BTreeSet<&str> = with
        .sections
        .iter()
        .chain(&without.sections)
        .map(|section| section.name.as_str())
        .filter(|name| !names.contains(name))
        .collect();
    names.extend(others);
    names
}

/// The largest symbols that the baseline lacks, or has as an empty function in place of the library's.
fn largest<'a>(with: &'a Image, without: &Image) -> Vec<&'a Symbol> {
    let program: HashSet<&str> =
        without.symbols.iter().map(|s| s.name.as_str()).filter(|name| !name.starts_with("creatio_")).collect();
    let mut symbols: Vec<&Symbol> =
        with.symbols.iter().filter(|symbol| !program.contains(symbol.name.as_str())).collect();
    symbols.sort_by_key(|symbol| Reverse(symbol.size));
    symbols.truncate(LARGEST);
    symbols
}

#[cfg(test)]
mod tests {
    use super::{largest, section_names};
    use crate::size::image::{Image, Section, Symbol};

    fn image(sections: &[(&str, u64)], symbols: &[(&str, u64)]) -> Image {
        Image {
            sections: sections
                .iter()
                .map(|&(name, size)| Section { name: name.to_owned(), size, stored: name != ".bss" })
                .collect(),
            symbols: symbols.iter().map(|&(name, size)| Symbol { name: name.to_owned(), size }).collect(),
        }
    }

    #[test]
    fn flash_is_what_is_stored() {
        let image = image(&[(".text", 100), (".got", 8), (".bss", 4096)], &[]);
        assert_eq!(image.flash(), 108);
        assert_eq!(image.section(".bss"), 4096);
        assert_eq!(image.section(".data"), 0);
    }

    #[test]
    fn unusual_sections_are_shown_too() {
        let with = image(&[(".text", 100), (".got", 8)], &[]);
        let names = section_names(&with, &with);
        assert_eq!(names, [".text", ".rodata", ".data", ".bss", ".got"]);
    }

    #[test]
    fn the_largest_symbols_are_those_of_the_library() {
        let with = image(&[], &[("main", 500), ("feed", 300), ("creatio_fill", 400)]);
        let without = image(&[], &[("main", 480), ("creatio_fill", 4)]);
        let names: Vec<&str> = largest(&with, &without).iter().map(|symbol| symbol.name.as_str()).collect();
        assert_eq!(names, ["creatio_fill", "feed"]);
    }
}
