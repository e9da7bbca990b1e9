//! How the structs are laid out, on machines of 64 and of 32 bits.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

use super::items::{Item, Kind, WORDS};

/// Numbers on a machine of 64 bits, and on one of 32.
type Both = [usize; 2];

const POINTER: Both = [8, 4];

/// Assertions for each struct, and what tells a header from another.
pub fn assertions(items: &[Item]) -> Result<String> {
    let mut sizes: HashMap<&str, (Both, Both)> = HashMap::new();
    let (mut asserted, mut sum) = (String::new(), Vec::new());
    for item in items {
        match &item.kind {
            Kind::Enumeration { .. } => {
                sizes.insert(&item.name, ([4, 4], [4, 4]));
            }
            Kind::Struct { members } => {
                let (mut end, mut aligned): (Both, Both) = ([0; 2], [1; 2]);
                let mut last: (Both, &str) = ([0; 2], "");
                for member in members {
                    let (kind, name) =
                        member.declaration.rsplit_once([' ', '*']).context("a member without a name")?;
                    let (size, align) = match (kind, name.split_once('[')) {
                        ("uint64_t", Some((_, count))) => (words(items, count)?, [8, 8]),
                        _ if member.declaration.contains('*') => (POINTER, POINTER),
                        _ => primitive(kind)
                            .or_else(|| sizes.get(kind).copied())
                            .with_context(|| format!("{}: nobody knows the size of a {kind}", item.name))?,
                    };
                    for width in 0..2 {
                        end[width] = end[width].next_multiple_of(align[width]);
                        aligned[width] = aligned[width].max(align[width]);
                        last.0[width] = end[width];
                        end[width] += size[width];
                    }
                    last.1 = name.split('[').next().unwrap_or(name);
                }
                for width in 0..2 {
                    end[width] = end[width].next_multiple_of(aligned[width]);
                }
                sizes.insert(&item.name, (end, aligned));
                let ([size, narrow_size], ([offset, narrow_offset], last)) = (end, last);
                asserted += &format!(
                    "CREATIO_ASSERT_LAYOUT({}, {last}, {size}, {narrow_size}, {offset}, {narrow_offset});\n",
                    item.name
                );
                sum.push(format!("sizeof({})", item.name));
            }
            _ => {}
        }
    }
    let mut enumerations = String::new();
    for item in items.iter().filter(|item| matches!(item.kind, Kind::Enumeration { .. })) {
        enumerations += &format!("CREATIO_ASSERT_ENUM({});\n", item.name);
    }
    let sum = sum.chunks(4).map(|line| line.join(" + ")).collect::<Vec<_>>().join(" + \\\n     ");
    Ok(format!("#define CREATIO_SIZES \\\n    ({sum})\n\n{enumerations}{asserted}"))
}

fn primitive(kind: &str) -> Option<(Both, Both)> {
    let size = match kind.trim() {
        "bool" => [1, 1],
        "uint16_t" | "int16_t" => [2, 2],
        "uint32_t" | "int32_t" => [4, 4],
        "size_t" => POINTER,
        _ => return None,
    };
    Some((size, size))
}

/// The size of an array of so many words of 64 bits as a constant says.
fn words(items: &[Item], count: &str) -> Result<Both> {
    let name = count.trim_end_matches(']');
    let constant = items.iter().find(|item| item.name == name && name.ends_with(WORDS));
    let Some(Item { kind: Kind::Constant { value }, .. }) = constant else {
        bail!("{name} is no constant");
    };
    let numbers: Vec<usize> =
        value.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [one] => Ok([one * 8; 2]),
        // The first is the width of a pointer that the wider one is for.
        [8, wide, narrow] => Ok([wide * 8, narrow * 8]),
        _ => bail!("{name} is {value}"),
    }
}
