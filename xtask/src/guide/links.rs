//! The links of the book: each to a page leads to it, and to a heading that it has; each to another file of the repository to
//! where that is shown.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Where the pages stand in the repository, whose folders are those of the book.
const PAGES: &str = "docs";

/// Has those that leave the book lead to `source`, or into the checkout. What leads nowhere is told.
pub fn lead(book: &Path, workspace: &Workspace, source: Option<&str>) -> Result<Vec<String>> {
    let mut pages = BTreeMap::new();
    read(book, book, &mut pages)?;
    let source = source.map_or_else(|| format!("file://{}", workspace.root.display()), str::to_owned);
    let mut faults = vec![];
    for (name, page) in &pages {
        let mut changed = page.clone();
        for link in links(page) {
            match target(name, link) {
                None => {}
                Some(Target::Page(path, _)) if !book.join(&path).is_file() && renamed(link).is_some() => {
                    changed = changed
                        .replace(&format!("\"{link}\""), &format!("\"{}\"", renamed(link).unwrap_or_default()));
                }
                Some(Target::Page(path, heading)) => {
                    let there = pages.get(&path);
                    let is_there = there.is_some() || book.join(&path).is_file();
                    let has_heading =
                        heading.is_empty() || there.is_some_and(|page| page.contains(&format!("id=\"{heading}\"")));
                    if !is_there || !has_heading {
                        faults.push(format!("{name}: {link} leads nowhere"));
                    }
                }
                Some(Target::Outside(path)) => match in_repository(workspace, &path) {
                    Some(path) => {
                        let fragment = link.split_once('#').map_or(String::new(), |(_, part)| format!("#{part}"));
                        let to = format!("\"{}/{path}{fragment}\"", source.trim_end_matches('/'));
                        changed = changed.replace(&format!("\"{link}\""), &to);
                    }
                    None => faults.push(format!("{name}: {link} is no file of the repository")),
                },
            }
        }
        if changed != *page {
            fs::write(book.join(name), changed)?;
        }
    }
    Ok(faults)
}

/// All pages below a folder, by their paths in the book.
fn read(book: &Path, folder: &Path, pages: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            read(book, &path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let name = path.strip_prefix(book)?.to_str().context("a name in UTF-8")?.replace('\\', "/");
            pages.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// What a page links to, and shows.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let values = |start: &'static str| page.split(start).skip(1).filter_map(|rest| rest.split_once('"'));
    values(" href=\"").chain(values(" src=\"")).map(|(link, _)| link)
}

#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// A file of the book, and a heading in it.
    Page(String, String),
    /// A file of the repository, by its path there.
    Outside(String),
}

/// Where mdBook puts pages whose names mean something to it.
fn renamed(link: &str) -> Option<String> {
    const NAMES: [(&str, &str); 2] = [("README.html", "index.html"), ("SUMMARY.html", "toc.html")];
    NAMES.iter().find(|(name, _)| link.ends_with(name)).map(|(name, to)| link.replace(name, to))
}

/// Where a link of a page leads; none if it leads to other places of the net, as those do that a page shows in a sample.
fn target(page: &str, link: &str) -> Option<Target> {
    if link.contains("://") || link.starts_with('/') || link.starts_with("mailto:") || link.starts_with("data:") {
        return None;
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let folder = Path::new(PAGES).join(page);
    let mut whole = if path.is_empty() { folder.clone() } else { PathBuf::new() };
    if !path.is_empty() {
        for part in folder.parent()?.join(path.split('?').next()?).components() {
            match part {
                Component::ParentDir => drop(whole.pop()),
                Component::Normal(name) => whole.push(name),
                _ => {}
            }
        }
    }
    let whole = whole.to_str()?.to_owned();
    match whole.strip_prefix("docs/") {
        Some(path) => Some(Target::Page(path.to_owned(), heading.to_owned())),
        None => Some(Target::Outside(whole)),
    }
}

/// The file that is meant: mdBook takes those that end in `.md` for pages.
fn in_repository(workspace: &Workspace, path: &str) -> Option<String> {
    let markdown = path.strip_suffix(".html").map(|path| format!("{path}.md"));
    [Some(path.to_owned()), markdown].into_iter().flatten().find(|path| workspace.root.join(path).exists())
}

#[cfg(test)]
mod tests {
    use super::{Target, links, target};

    #[test]
    fn what_is_linked_to_and_shown_is_found() {
        let page = r#"<a class="x" href="a.html#b">a</a><img src="b.svg" alt="href">"#;
        assert_eq!(links(page).collect::<Vec<_>>(), ["a.html#b", "b.svg"]);
    }

    #[test]
    fn a_link_leads_to_a_page_out_of_the_book_or_elsewhere() {
        let page = |path: &str, heading: &str| Some(Target::Page(path.into(), heading.into()));
        assert_eq!(target("guide/a.html", "b.html#c"), page("guide/b.html", "c"));
        assert_eq!(target("guide/a.html", "../size.html"), page("size.html", ""));
        assert_eq!(target("guide/a.html", "#c"), page("guide/a.html", "c"));
        assert_eq!(target("guide/a.html", "../../src/lib.rs"), Some(Target::Outside("src/lib.rs".into())));
        assert_eq!(target("size.html", "../SECURITY.html"), Some(Target::Outside("SECURITY.html".into())));
        assert_eq!(target("size.html", "https://example.com/#a"), None);
    }
}
