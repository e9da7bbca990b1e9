//! What cbindgen says of each item: its words, and what it is.

use anyhow::{Context, Result, bail};

/// A constant, a type or a function of C's.
pub struct Item {
    pub name: String,
    pub words: Words,
    pub kind: Kind,
}

/// Lines of a comment.
pub type Words = Vec<String>;

pub enum Kind {
    Constant { value: String },
    Enumeration { members: Vec<Member> },
    Struct { members: Vec<Member> },
    Function { declaration: String },
}

/// A member of a struct, such as `size_t len`, or of an enumeration, such as `CREATIO_OK = 0`.
pub struct Member {
    pub declaration: String,
    pub words: Words,
}

/// Numbers that differ by the width of a pointer.
const WIDE: &str = "#if defined(POINTERS_OF_64_BITS)";
/// The last word of the constants that say how many words of 64 bits a context has.
pub const WORDS: &str = "_WORDS";

/// Reads what cbindgen has written.
pub fn read(written: &str) -> Result<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut lines = written.lines();
    let mut words = Words::new();
    let mut is_wide = false;
    while let Some(line) = lines.next() {
        let name_of = |rest: &str| rest.trim_end_matches([' ', '{', ';']).to_owned();
        if line == "/**" {
            words = comment(&mut lines);
            continue;
        } else if line.is_empty() || line.starts_with("#if") || line.starts_with("#endif") {
            is_wide = line == WIDE;
            continue;
        }
        let (name, kind) = if let Some(constant) = line.strip_prefix("#define ") {
            let (name, value) = constant.split_once(' ').context("a constant without a value")?;
            let narrower = items.iter_mut().find(|item| item.name == name);
            if let Some(Item { kind: Kind::Constant { value: wider }, .. }) = narrower {
                *wider = format!("(sizeof(void *) == 8u) ? {wider} : {value}");
                continue;
            }
            if name.ends_with(WORDS) && !is_wide && value != "1" {
                bail!("{name}: the wider of two comes first");
            }
            (name.to_owned(), Kind::Constant { value: value.to_owned() })
        } else if let Some(name) = line.strip_prefix("enum ") {
            let enumeration = Kind::Enumeration { members: members(&mut lines, ',') };
            // What follows makes a type of it for C before C23, which is made here for all.
            lines.by_ref().take_while(|line| !line.starts_with("#endif")).count();
            (name_of(name), enumeration)
        } else if let Some(name) = line.strip_prefix("typedef int32_t ") {
            (name_of(name), Kind::Enumeration { members: Vec::new() })
        } else if let Some(name) = line.strip_prefix("typedef struct ") {
            (name_of(name), Kind::Struct { members: members(&mut lines, ';') })
        } else {
            let declaration = line.replace("struct ", "");
            let name = declaration.split('(').next().and_then(|start| start.rsplit([' ', '*']).next());
            (name.context("a function without a name")?.to_owned(), Kind::Function { declaration })
        };
        items.push(Item { name, words: std::mem::take(&mut words), kind });
    }
    gather(&mut items)?;
    Ok(items)
}

fn comment<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Words {
    let comment = lines.map(str::trim_start).take_while(|line| *line != "*/");
    comment.map(|line| line.trim_start_matches('*').trim_start().to_owned()).collect()
}

/// The members of a struct or an enumeration, up to its closing brace.
fn members<'a>(lines: &mut impl Iterator<Item = &'a str>, end: char) -> Vec<Member> {
    let (mut members, mut words) = (Vec::new(), Words::new());
    while let Some(line) = lines.next() {
        match line.trim() {
            "/**" => words = comment(lines),
            line if line.starts_with('}') => break,
            line if line.ends_with(end) => {
                let declaration = line.trim_end_matches(end).replace("struct ", "");
                members.push(Member { declaration, words: std::mem::take(&mut words) });
            }
            _ => {}
        }
    }
    members
}

/// Numbers that are handed in may be any, so that they are no enumeration in Rust; in C they are one.
fn gather(items: &mut Vec<Item>) -> Result<()> {
    let mut constants = Vec::new();
    for item in std::mem::take(items) {
        match item.kind {
            Kind::Constant { .. } if !item.name.ends_with(WORDS) => constants.push(item),
            _ => items.push(item),
        }
    }
    for item in items.iter_mut() {
        let prefix = prefix(&item.name);
        let Kind::Enumeration { members } = &mut item.kind else { continue };
        if members.is_empty() {
            for constant in constants.extract_if(.., |constant| constant.name.starts_with(&prefix)) {
                let Kind::Constant { value } = constant.kind else { continue };
                members.push(Member { declaration: format!("{} = {value}", constant.name), words: constant.words });
            }
        }
        if members.is_empty() {
            bail!("{} has no members, which begin with {prefix}", item.name);
        }
    }
    items.extend(constants);
    Ok(())
}

/// What the members of an enumeration begin with.
pub fn prefix(enumeration: &str) -> String {
    let suffixes = ["_part", "_field", "_verdict", "_step", ""];
    let kind = suffixes.iter().find_map(|suffix| enumeration.strip_suffix(suffix)).unwrap_or(enumeration);
    format!("{}_", kind.to_uppercase())
}
