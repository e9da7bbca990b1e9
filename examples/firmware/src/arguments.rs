//! What the program is told at its start, as `name=value` and spaces between.

/// The words of a command line.
#[derive(Clone, Copy)]
pub struct Arguments<'a>(&'a str);

impl<'a> Arguments<'a> {
    pub const fn new(line: &'a str) -> Self {
        Arguments(line)
    }

    /// The value of a name; of several the first.
    pub fn get(self, name: &str) -> Option<&'a str> {
        self.0.split_ascii_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    /// The value as a number.
    pub fn number(self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok()
    }
}
