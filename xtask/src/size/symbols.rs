//! What takes the room: the parts of the library in a program, and the largest of its symbols.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use super::image::{Image, Symbol};

/// The largest symbols that the image without the library lacks, or has as an empty function in place of the library's.
pub fn largest<'a>(with: &'a Image, without: &Image, count: usize) -> Vec<&'a Symbol> {
    let mut symbols = of_library(with, without);
    symbols.sort_by_key(|symbol| (Reverse(symbol.size), &symbol.name));
    symbols.truncate(count);
    symbols
}

/// The bytes of each part of the library: of a module, or what they are else. What has been inlined counts where it is.
pub fn parts(with: &Image, without: &Image) -> BTreeMap<String, u64> {
    let mut parts = BTreeMap::new();
    let mut rest = with.flash() - without.flash();
    for symbol in of_library(with, without) {
        *parts.entry(part(&symbol.name)).or_default() += symbol.size;
        rest = rest.saturating_sub(symbol.size);
    }
    *parts.entry("texts and other constants".to_owned()).or_default() += rest;
    parts
}

fn part(symbol: &str) -> String {
    if symbol.starts_with("creatio_") && !symbol.contains("::") {
        return "functions of the header".to_owned();
    }
    match symbol.split_once("creatio_auth::").and_then(|(_, path)| path.split_once("::")) {
        Some((module, _)) => format!("`{module}`"),
        None => "standard library and what the code generator shares".to_owned(),
    }
}

fn of_library<'a>(with: &'a Image, without: &Image) -> Vec<&'a Symbol> {
    let program: HashSet<&str> =
        without.symbols.iter().map(|s| s.name.as_str()).filter(|name| !name.starts_with("creatio_")).collect();
    with.symbols.iter().filter(|symbol| symbol.size > 0 && !program.contains(symbol.name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::{largest, parts};
    use crate::size::image::{Image, Section, Symbol};

    fn image(flash: u64, symbols: &[(&str, u64)]) -> Image {
        let symbols = symbols.iter().map(|&(name, size)| Symbol { name: name.to_owned(), size }).collect();
        Image { sections: vec![Section { name: ".text".to_owned(), size: flash, stored: true }], symbols }
    }

    #[test]
    fn the_largest_symbols_are_those_of_the_library() {
        let with = image(1500, &[("main", 500), ("feed", 300), ("creatio_fill", 400), ("label", 0), ("small", 2)]);
        let without = image(500, &[("main", 480), ("creatio_fill", 4)]);
        let names: Vec<&str> = largest(&with, &without, 2).iter().map(|symbol| symbol.name.as_str()).collect();
        assert_eq!(names, ["creatio_fill", "feed"]);
    }

    #[test]
    fn the_parts_are_all_that_the_library_adds() {
        let with = image(
            1500,
            &[
                ("main", 500),
                ("creatio_auth::site::Site::parse", 300),
                ("<creatio_auth::site::Site as core::fmt::Debug>::fmt", 50),
                ("creatio_fill", 400),
                ("OUTLINED_FUNCTION_1", 10),
            ],
        );
        let without = image(500, &[("main", 480), ("creatio_fill", 4)]);
        let parts: Vec<_> = parts(&with, &without).into_iter().collect();
        let expected = [
            ("`site`", 350),
            ("functions of the header", 400),
            ("standard library and what the code generator shares", 10),
            ("texts and other constants", 240),
        ];
        assert_eq!(parts, expected.map(|(part, size)| (part.to_owned(), size)));
    }
}
