//! The memory of a session as a picture, with the figures that the page of the guide has, which a test finds by trying.

use anyhow::{Context, Result, ensure};

use super::svg::Svg;
use crate::markdown::number;
use crate::workspace::Workspace;

pub const PAGE: &str = "docs/guide/memory.md";

const WIDTH: u32 = 760;
const LEFT: u32 = 190;
const LONGEST: u32 = 540;
const BAR: u32 = 26;

/// Figures of a session with the cookies of a site, in bytes.
struct Figures {
    cookies: u32,
    /// Of each case: its name, and what it takes.
    cases: Vec<(&'static str, u32)>,
}

/// The rows of the page that are drawn.
const CASES: [&str; 4] = ["the first login", "a call", "a call that renews the ticket", "any other login"];

pub fn svg(workspace: &Workspace) -> Result<String> {
    draw(&figures(&super::read(workspace, PAGE)?)?)
}

/// The first figure of a row.
fn figure(page: &str, row: &str) -> Result<u32> {
    let start = format!("| {row} |");
    let line = page.lines().find(|line| line.starts_with(&start)).with_context(|| format!("no row {row}"))?;
    let cell = line[start.len()..].split('|').next().unwrap_or_default();
    cell.trim().replace(',', "").parse().with_context(|| line.to_owned())
}

fn figures(page: &str) -> Result<Figures> {
    let cookies = figure(page, "its cookies afterwards")?;
    let cases = CASES.iter().map(|row| Ok((*row, figure(page, row)?))).collect::<Result<Vec<_>>>()?;
    ensure!(cases.iter().all(|(_, bytes)| *bytes > cookies), "no reply takes less than its cookies");
    Ok(Figures { cookies, cases })
}

fn draw(figures: &Figures) -> Result<String> {
    let Figures { cookies, cases } = figures;
    let most = cases.iter().map(|(_, bytes)| *bytes).max().unwrap_or(1);
    let length = |bytes: u32| bytes * LONGEST / most;
    let height = 222 + u32::try_from(cases.len())? * 46;
    let mut svg =
        Svg::new(WIDTH, height, "The memory of a session: what it holds, and how much of it each case takes");
    let heading = "ink\" font-size=\"15\" font-weight=\"bold";
    svg.text((20, 28), "start", heading, "One cookie");
    let parts = [("16: lengths, flags, age, end", 190), ("name", 110), ("=", 24), ("value", 230), ("path", 100)];
    let mut x = 20;
    for (index, (text, width)) in parts.into_iter().enumerate() {
        let class = if index == 0 { "two" } else { "one" };
        svg.rect((x, 42), (width, BAR), class);
        svg.text((x + width / 2, 42 + 18), "middle", "ink\" font-size=\"12", text);
        x += width;
    }
    svg.text(
        (20, 110),
        "start",
        heading,
        "The session's memory, from its front, with a ticket of 1,000 characters; in bytes",
    );
    let mut x = 20;
    for (class, text) in [
        ("one", "cookies that count"),
        ("three", "what a reply brings: its cookies, staged, and the line that is read"),
    ] {
        svg.rect((x, 124), (14, 14), class);
        svg.text((x + 20, 136), "start", "dim\" font-size=\"12", text);
        x += 170;
    }
    let mut y = 156;
    let mut bar = |name: &str, before: u32, all: u32| {
        svg.text((LEFT - 10, y + 18), "end", "ink\" font-size=\"12", name);
        svg.rect((LEFT, y), (LONGEST, BAR), "rest");
        if before > 0 {
            svg.rect((LEFT, y), (length(before), BAR), "one");
        }
        if all > before {
            svg.rect((LEFT + length(before), y), (length(all) - length(before), BAR), "three");
        }
        let inside = length(all) > LONGEST - 60;
        let (at, anchor) = if inside { (LEFT + length(all) - 8, "end") } else { (LEFT + length(all) + 8, "start") };
        svg.text((at, y + 18), anchor, "ink\" font-size=\"12\" font-weight=\"bold", &number(all.into()));
        y += 46;
    };
    for (name, bytes) in cases {
        let before = if *name == CASES[0] { 0 } else { *cookies };
        bar(name, before, *bytes);
        if *name == CASES[0] {
            bar("the session afterwards", *cookies, *cookies);
        }
    }
    svg.text(
        (LEFT, y + 4),
        "start",
        "dim\" font-size=\"12",
        "grey: free, and the texts of an answer as far as there is room",
    );
    Ok(svg.finish())
}

#[cfg(test)]
mod tests {
    use super::{CASES, draw, figure, figures};

    fn page() -> String {
        let rows: String = CASES.iter().map(|row| format!("| {row} | 1,500 | 2,800 |\n")).collect();
        rows + "| its cookies afterwards | 1,475 | 2,780 |\n"
    }

    #[test]
    fn figures_are_those_of_the_rows() {
        assert_eq!(figure(&page(), "a call").unwrap(), 1_500);
        assert!(figure(&page(), "a").is_err());
    }

    #[test]
    fn each_case_is_drawn_with_its_figure() {
        let svg = draw(&figures(&page()).unwrap()).unwrap();
        assert_eq!(svg.matches(">1,500<").count(), CASES.len());
        assert_eq!(svg.matches(">1,475<").count(), 1);
    }
}
