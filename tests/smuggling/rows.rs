//! The table as its file has it, for the test and for the page that `cargo xtask conformance` makes.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Who reads the bytes: this library first, then others.
pub const READERS: [&str; 6] = ["ours", "httparse", "hyper", "h11", "curl", "node"];

/// What comes behind the bytes of each row: a reply that nobody has asked for.
pub const NEXT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";

pub struct Table {
    /// The lines before all else.
    pub introduction: String,
    /// Which version of each of the others the results are of.
    pub versions: BTreeMap<String, String>,
    pub rows: Vec<Row>,
}

#[derive(Default)]
pub struct Row {
    pub section: String,
    pub name: String,
    /// `HEAD`, or nothing for `GET`.
    pub method: String,
    /// The bytes in lines, with escapes.
    pub lines: Vec<String>,
    pub results: BTreeMap<String, String>,
    pub why: String,
}

impl Row {
    pub fn bytes(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| unescaped(line)).collect()
    }

    pub fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// What one of the [`READERS`] makes of it.
    pub fn result(&self, reader: &str) -> &str {
        self.results.get(reader).map_or("", |result| result.as_str())
    }
}

/// A reply that was taken, as it stands in the table.
pub fn taken(status: u16, body: &[u8]) -> String {
    let escape = |bytes: &[u8]| bytes.escape_ascii().to_string();
    format!("{status} \"{}\"", escape(body).replace(&escape(NEXT), "<next>"))
}

/// Whether a result says that the reply was taken.
pub fn is_taken(result: &str) -> bool {
    result.starts_with(|first: char| first.is_ascii_digit())
}

/// Reads the table. `= NAME` begins a section and `@ NAME VERSION` tells a version; a row is its name, and fields indented by
/// four.
pub fn read(text: &str) -> Result<Table, String> {
    let mut table = Table { introduction: String::new(), versions: BTreeMap::new(), rows: Vec::new() };
    let mut section = String::new();
    for (at, line) in text.lines().enumerate() {
        let fault = || format!("line {}: {line}", at + 1);
        if line.starts_with('#') {
            table.introduction += &format!("{line}\n");
        } else if let Some(name) = line.strip_prefix("= ") {
            section = name.to_owned();
        } else if let Some(version) = line.strip_prefix("@ ") {
            let (name, version) = version.split_once(' ').ok_or_else(fault)?;
            table.versions.insert(name.to_owned(), version.to_owned());
        } else if let Some(field) = line.strip_prefix("    ") {
            let row = table.rows.last_mut().ok_or_else(fault)?;
            if let Some(bytes) = field.strip_prefix("> ") {
                row.lines.push(bytes.to_owned());
                continue;
            }
            if let Some(more) = field.strip_prefix("  ") {
                row.why += &format!(" {more}");
                continue;
            }
            let (name, value) = field.split_once(": ").ok_or_else(fault)?;
            match name {
                "method" => row.method = value.to_owned(),
                "why" => row.why = value.to_owned(),
                reader if READERS.contains(&reader) => _ = row.results.insert(name.to_owned(), value.to_owned()),
                _ => return Err(fault()),
            }
        } else if !line.is_empty() {
            table.rows.push(Row { section: section.clone(), name: line.to_owned(), ..Row::default() });
        }
    }
    Ok(table)
}

/// The table as [`read`] reads it.
pub fn write(table: &Table) -> String {
    let mut text = table.introduction.clone();
    text += "\n";
    for (name, version) in &table.versions {
        let _ = writeln!(text, "@ {name} {version}");
    }
    let mut section = "";
    for row in &table.rows {
        if row.section != section {
            section = &row.section;
            let _ = write!(text, "\n= {section}\n");
        }
        let _ = write!(text, "\n{}\n", row.name);
        if !row.method.is_empty() {
            let _ = writeln!(text, "    method: {}", row.method);
        }
        for line in &row.lines {
            let _ = writeln!(text, "    > {line}");
        }
        for reader in READERS {
            let _ = writeln!(text, "    {reader}: {}", row.result(reader));
        }
        let mut line = "    why:".to_owned();
        for word in row.why.split_whitespace() {
            if line.len() + word.len() > 120 {
                let _ = writeln!(text, "{line}");
                line = "     ".to_owned();
            }
            line += &format!(" {word}");
        }
        if !row.why.is_empty() {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

fn unescaped(line: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), line.as_bytes());
    while let [byte, after @ ..] = rest {
        rest = after;
        let (b'\\', [letter, after @ ..]) = (*byte, rest) else {
            bytes.push(*byte);
            continue;
        };
        rest = after;
        bytes.push(match letter {
            b'r' => b'\r',
            b'n' => b'\n',
            b't' => b'\t',
            b'0' => 0,
            b'x' => {
                let (digits, after) = rest.split_at(2);
                rest = after;
                let digits = std::str::from_utf8(digits).expect("digits");
                u8::from_str_radix(digits, 16).expect("two hexadecimal digits")
            }
            other => *other,
        });
    }
    bytes
}
