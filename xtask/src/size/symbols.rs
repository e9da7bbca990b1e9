//! What takes the room: the largest parts of the library in a program.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::image::{Image, Symbol};

/// The largest symbols that the image without the library lacks, or has as an empty function in place of the library's.
pub fn largest<'a>(with: &'a Image, without: &Image, count: usize) -> Vec<&'a Symbol> {
    let program: HashSet<&str> =
        without.symbols.iter().map(|s| s.name.as_str()).filter(|name| !name.starts_with("creatio_")).collect();
    let mut symbols: Vec<&Symbol> =
        with.symbols.iter().filter(|symbol| symbol.size > 0 && !program.contains(symbol.name.as_str())).collect();
    symbols.sort_by_key(|symbol| (Reverse(symbol.size), &symbol.name));
    symbols.truncate(count);
    symbols
}

#[cfg(test)]
mod tests {
    use super::largest;
    use crate::size::image::{Image, Symbol};

    fn image(symbols: &[(&str, u64)]) -> Image {
        let symbols = symbols.iter().map(|&(name, size)| Symbol { name: name.to_owned(), size }).collect();
        Image { sections: Vec::new(), symbols }
    }

    #[test]
    fn the_largest_symbols_are_those_of_the_library() {
        let with = image(&[("main", 500), ("feed", 300), ("creatio_fill", 400), ("label", 0), ("small", 2)]);
        let without = image(&[("main", 480), ("creatio_fill", 4)]);
        let names: Vec<&str> = largest(&with, &without, 2).iter().map(|symbol| symbol.name.as_str()).collect();
        assert_eq!(names, ["creatio_fill", "feed"]);
    }
}
