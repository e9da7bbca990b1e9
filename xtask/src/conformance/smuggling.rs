//! The page of the tricks of framing.

#[path = "../../../tests/smuggling/rows.rs"]
#[allow(dead_code)] // what the test alone asks
mod rows;

use rows::{READERS, Row};

const INTRODUCTION: &str = "\
# Tricks of framing

What is made of each here, at every cut, and what others make of the same bytes. Behind each comes another reply,
`HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nEVIL`, and then the end of the connection. Where a reply is taken, the table has its
status and its body, in which `<next>` is that other reply.

**Where a reply is taken here, it ends at the same byte for all of them that take it.** Each difference has its reason. Of
httparse, which reads heads and sizes of chunks and judges no length, it is what it makes of those.

Made by `cargo xtask conformance` from [the table](../tests/smuggling/rows.txt), which `tests/smuggling` compares with this library,
httparse and hyper, and `cargo xtask test` with the programs. ";

/// The page of a table, as its file has it.
pub fn page(text: &str) -> Result<String, String> {
    let table = rows::read(text)?;
    let mut page = INTRODUCTION.to_owned();
    let versions: Vec<_> = table.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    page += &format!("Theirs are of {}.\n", versions.join(", "));
    let mut section = "";
    for row in &table.rows {
        if row.section != section {
            section = &row.section;
            page += &format!("\n## {section}\n\n| | bytes | here | httparse | hyper | h11 | curl | Node | |\n");
            page += "|---|---|---|---|---|---|---|---|---|\n";
        }
        page += &line(row);
    }
    Ok(page)
}

fn line(row: &Row) -> String {
    let head = if row.is_head() { " (to HEAD)" } else { "" };
    let bytes: Vec<_> = row.lines.iter().map(|line| code(line)).collect();
    let results = READERS.map(|reader| match row.result(reader) {
        result if rows::is_taken(result) => code(result),
        result => result.to_owned(),
    });
    format!("| {}{head} | {} | {} | {} |\n", row.name, bytes.join("<br>"), results.join(" | "), row.why)
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_row_is_a_line_of_its_section() {
        let text = "# For readers.\n\n@ curl 7\n\n= A\n\none\n    method: HEAD\n    > a|\\r\\n\n    > b\n    ours: 200 \"x\"\n    \
                    httparse: head 200\n    hyper: refused\n    h11: refused\n    curl: refused\n    node: refused\n    \
                    why: It\n      is.\n";
        let page = page(text).unwrap();
        let lines: Vec<_> = page.lines().rev().take(5).collect();
        assert_eq!(
            lines[0],
            "| one (to HEAD) | `a\\|\\r\\n`<br>`b` | `200 \"x\"` | head 200 | refused | refused | refused | refused | It is. |"
        );
        assert!(lines[3].is_empty() && page.contains("Theirs are of curl 7.\n\n## A\n"));
    }
}
