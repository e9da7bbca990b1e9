//! The header, from its template and the items: each where the template names it, in one style.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

use super::items::{Item, Kind, Member, WORDS, prefix};
use super::layout;

/// No line is longer but those of tables.
const WIDTH: usize = 120;

/// Fills the template: `@ name ...` on a line of its own stands for these items, `@layout` for assertions.
pub fn header(template: &str, items: &[Item]) -> Result<String> {
    let mut left: HashMap<&str, &Item> =
        items.iter().filter(|item| !item.name.ends_with(WORDS)).map(|item| (item.name.as_str(), item)).collect();
    let mut header = String::new();
    for line in template.lines() {
        if line == "@layout" {
            header += &layout::assertions(items)?;
        } else if let Some(names) = line.strip_prefix("@ ") {
            for name in names.split(' ') {
                let item = left.remove(name).with_context(|| {
                    format!("ffi/header.h: {name} is not in ffi/src, or stands here a second time")
                })?;
                header += &written(item, items);
                header.push('\n');
            }
        } else {
            // Between two items stands one empty line, and none at the end of a condition.
            let is_end = line.is_empty() || line.starts_with("#endif");
            if is_end && header.ends_with("\n\n") {
                header.pop();
            }
            header += line;
            header.push('\n');
        }
    }
    if let Some(item) = items.iter().find(|item| item.words.iter().any(|line| line.contains("*/"))) {
        bail!("the words of {} end the comment that they stand in", item.name);
    }
    if !left.is_empty() {
        let mut names: Vec<_> = left.into_keys().collect();
        names.sort_unstable();
        bail!("these have no place in ffi/header.h: {}", names.join(" "));
    }
    Ok(header)
}

fn written(item: &Item, items: &[Item]) -> String {
    let name = &item.name;
    match &item.kind {
        Kind::Constant { value } => with_words(&item.words, "", &format!("#define {name} {value}"), ""),
        Kind::Function { declaration } => comment(&item.words, "") + &function(name, declaration),
        Kind::Enumeration { members } => {
            let start = format!("typedef CREATIO_ENUM({name}) {{\n");
            let prefix = prefix(name);
            let end = format!("    CREATIO_ENUM_END({})\n}} {name};\n", prefix.trim_end_matches('_'));
            comment(&item.words, "") + &start + &body(members, ",", true) + &end
        }
        Kind::Struct { members } => {
            let members = body(members, ";", false);
            let words = items.iter().find_map(|item| match &item.kind {
                Kind::Constant { value } if members.contains(&item.name) => {
                    Some((item.name.as_str(), value.as_str()))
                }
                _ => None,
            });
            let members = words.map_or(members.clone(), |(name, value)| members.replace(name, value));
            comment(&item.words, "") + &format!("typedef struct {name} {{\n{members}}} {name};\n")
        }
    }
}

/// Members, the last of them without what stands between two where that is asked for.
fn body(members: &[Member], separator: &str, but_the_last: bool) -> String {
    let last = members.len().saturating_sub(1);
    let lines = members.iter().enumerate().map(|(place, member)| {
        let separator = if but_the_last && place == last { "" } else { separator };
        with_words(&member.words, "    ", &member.declaration, separator)
    });
    lines.collect()
}

/// A declaration with its words behind it, where there is room, or above it.
fn with_words(words: &[String], indent: &str, declaration: &str, separator: &str) -> String {
    let one = words.join(" ");
    let line = format!("{indent}{declaration}{separator} /**< {one} */\n");
    if !one.is_empty() && line.chars().count() <= WIDTH && !words.iter().any(String::is_empty) {
        line
    } else {
        comment(words, indent) + &format!("{indent}{declaration}{separator}\n")
    }
}

fn comment(words: &[String], indent: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    let one = format!("{indent}/** {} */\n", words.join(" "));
    if one.chars().count() <= WIDTH && !words.iter().any(String::is_empty) {
        return one;
    }
    let lines = refilled(words, WIDTH - indent.len() - 3);
    let lines: String = lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect();
    format!("{indent}/**\n{lines}{indent} */\n")
}

/// Paragraphs in lines of this width; tables as they are.
fn refilled(words: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in words {
        if line.is_empty() || line.starts_with('|') {
            lines.push(line.clone());
            is_open = false;
            continue;
        }
        for word in line.split(' ') {
            match lines.last_mut() {
                Some(last) if is_open && last.chars().count() + 1 + word.chars().count() <= width => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
            is_open = true;
        }
    }
    lines
}

/// A function's declaration: a status is looked at, and names and texts of statuses and verdicts are asked for by the type that
/// they are of.
fn function(name: &str, declaration: &str) -> String {
    let ends = ["_name", "_text", "_again"];
    let asked = ends.iter().find_map(|end| name.strip_suffix(end));
    let asked = asked.filter(|of| of.ends_with("_status") || of.ends_with("_verdict"));
    let declaration = asked.map_or(declaration.to_owned(), |of| declaration.replace("int32_t", of));
    let attribute = if declaration.starts_with("creatio_status ") { "CREATIO_NODISCARD " } else { "" };
    let line = format!("{attribute}{declaration}");
    if line.len() <= WIDTH {
        return line + "\n";
    }
    let (start, parameters) = line.split_once('(').unwrap_or((&line, ""));
    let parameters: Vec<String> = parameters.split(", ").map(|one| one.replace(' ', "\u{a0}")).collect();
    let lines = refilled(&[parameters.join(", ")], WIDTH - 4);
    let lines: Vec<String> = lines.iter().map(|line| format!("    {}", line.replace('\u{a0}', " "))).collect();
    format!("{start}(\n{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::super::items::read;
    use super::{WIDTH, header};

    const WRITTEN: &str = "/**\n * A number.\n */\n#define CREATIO_MAX 7\n\n\
        creatio_status creatio_set(creatio_session *session);\n\nconst char *creatio_status_name(int32_t status);\n";

    #[test]
    fn items_stand_where_the_template_has_them() {
        let template = "first\n@ creatio_set CREATIO_MAX\n#ifndef X\n@ creatio_status_name\n#endif\n";
        assert_eq!(
            header(template, &read(WRITTEN).unwrap()).unwrap(),
            "first\nCREATIO_NODISCARD creatio_status creatio_set(creatio_session *session);\n\n\
             #define CREATIO_MAX 7 /**< A number. */\n\n#ifndef X\nconst char *creatio_status_name(creatio_status status);\n\
             #endif\n"
        );
    }

    #[test]
    fn what_has_no_place_or_two_is_told() {
        let refused = |template: &str| header(template, &read(WRITTEN).unwrap()).unwrap_err().to_string();
        assert!(refused("@ CREATIO_MAX\n").contains("creatio_set creatio_status_name"));
        assert!(refused("@ CREATIO_MAX CREATIO_MAX\n").contains("a second time"));
        let words = "/**\n * a */ b\n */\n#define CREATIO_MAX 7\n";
        assert!(header("@ CREATIO_MAX\n", &read(words).unwrap()).is_err());
    }

    #[test]
    fn lines_are_no_longer_than_they_may_be() {
        let many: String = (0..40).map(|n| format!("int32_t number_{n}, ")).collect();
        let words = "word ".repeat(60);
        let written = format!("/**\n * {words}\n */\nvoid creatio_many({}end);\n", many);
        let header = header("@ creatio_many\n", &read(&written).unwrap()).unwrap();
        assert!(header.lines().count() > 8 && header.lines().all(|line| line.len() <= WIDTH), "{header}");
        assert!(header.contains("(\n    int32_t number_0, int32_t number_1,"), "{header}");
    }
}
