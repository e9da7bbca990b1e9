//! The page of all statuses, errors and verdicts, `docs/catalogue.md`: names and numbers as the header and the crate have them,
//! causes out of their documentation, remedies out of a list.

mod kinds;
mod page;
mod remedies;
mod source;
mod words;

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::generated::Generated;
use crate::header;
use crate::workspace::Workspace;
use remedies::Remedies;

const PAGE: Generated = Generated {
    path: "docs/catalogue.md",
    command: "catalogue",
    source: "the header, the crate and docs/catalogue/remedies.txt",
};

/// What to do about each.
const REMEDIES: &str = "docs/catalogue/remedies.txt";

/// What has a text, and is neither an error nor a verdict or has the text of one.
const LEFT_OUT: &[&str] = &["TypedError", "WindowsScheme"];

/// The listing of the crate's public interface.
const INTERFACE: &str = "docs/public-api.txt";

/// Writes the page.
pub fn write(workspace: &Workspace) -> Result<()> {
    PAGE.write(workspace, &generate(workspace)?)
}

/// Fails if the committed page says something else, or if something is not in it.
pub fn check(workspace: &Workspace) -> Result<()> {
    PAGE.check(workspace, &generate(workspace)?)
}

fn generate(workspace: &Workspace) -> Result<String> {
    let root = &workspace.root;
    let enumerations = source::read_below(&root.join("src"))?;
    let header = header::enumerations(workspace)?;
    let ours = source::texts_of_c(&fs::read_to_string(root.join("ffi/src/text/status.rs"))?)?;
    let mut remedies = Remedies::read(&fs::read_to_string(root.join(REMEDIES)).context(REMEDIES)?)?;
    let tables = kinds::tables(&header, &ours, &enumerations)?;
    let page = page::text(&tables, &mut remedies).context(REMEDIES)?;
    let (c, rust) = (fs::read_to_string(root.join(header::HEADER.path))?, fs::read_to_string(root.join(INTERFACE))?);
    let unknown = unknown(&page, &c, &rust);
    ensure!(unknown.is_empty(), "{REMEDIES} names what there is not: {}", unknown.join(", "));
    let missing = missing(&page, &enumerations);
    ensure!(missing.is_empty(), "not in the catalogue (xtask/src/catalogue/kinds.rs): {}", missing.join(", "));
    Ok(page)
}

/// The variants that have a text, and are not on the page.
fn missing(page: &str, enumerations: &[source::Enumeration]) -> Vec<String> {
    let told = enumerations.iter().filter(|one| one.has_text && !LEFT_OUT.contains(&one.name.as_str()));
    let variants = told.flat_map(|one| one.variants.iter().map(|variant| one.full_name(variant)));
    variants.filter(|name| !page.contains(&format!("`{name}`")) && !page.contains(&format!("`{name}("))).collect()
}

/// What the page names, as `creatio_…` or as `Type::…` in code, that neither header nor crate has.
fn unknown(page: &str, header: &str, interface: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':';
    let named = page.split(|letter| !is_part(letter)).map(|word| word.trim_matches(':'));
    let mut unknown: Vec<String> = named
        .filter(|word| match word.split_once("::") {
            Some((of, item)) if of.starts_with(char::is_uppercase) => {
                // The listing has parameters between the two: `Session<'m>::clear`.
                let declares = |line: &str| line.contains(&format!("::{of}")) && line.contains(&format!("::{item}"));
                !interface.lines().any(declares)
            }
            Some(_) => false,
            None => word.len() > 8 && word.starts_with("creatio_") && !header.contains(word),
        })
        .map(str::to_owned)
        .collect();
    unknown.sort();
    unknown.dedup();
    unknown
}

#[cfg(test)]
mod tests {
    use super::source::read;
    use super::{missing, unknown};

    #[test]
    fn a_variant_that_is_not_on_the_page_is_told() {
        let source = "pub enum A { /// a\n One, /// b\n Two(u8) }\nimpl A { pub const fn text(&self) -> &str { \"\" } }\n\
                      pub enum Silent { None }\n";
        let enumerations = read(source).unwrap();
        assert_eq!(missing("| `A::One` |", &enumerations), ["A::Two"]);
        assert!(missing("| `A::One` | `A::Two(…)`", &enumerations).is_empty());
    }

    #[test]
    fn a_name_of_what_there_is_not_is_told() {
        let page = "`Session::clear`, `Session::clean`, creatio_wipe(), creatio_wine(), `creatio_…_text()`, http::x";
        let interface = "pub fn creatio_auth::Session<'m>::clear(&mut self)\n";
        assert_eq!(unknown(page, "void creatio_wipe(", interface), ["Session::clean", "creatio_wine"]);
    }
}
