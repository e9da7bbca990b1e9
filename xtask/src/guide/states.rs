//! The states of an exchange as a picture, drawn from the table in the code.

use anyhow::{Context, Result, ensure};

use super::svg::Svg;
use crate::workspace::Workspace;

pub const TABLE: &str = "src/exchange/state.rs";

const SIZE: (u32, u32) = (760, 420);
const BOX: (u32, u32) = (120, 56);
const ROW: u32 = 190;

/// The states of a row, in the order in which they come.
const INLINE: [(&str, u32); 4] = [("Ready", 30), ("Sending", 220), ("Receiving", 410), ("Done", 600)];
/// That which is left by nothing.
const FAILED: (&str, (u32, u32)) = ("Failed", (315, 340));

/// What follows what: `(from, event, to)`.
type Row = (String, String, String);

pub fn svg(workspace: &Workspace) -> Result<String> {
    draw(&rows(&super::read(workspace, TABLE)?)?)
}

/// The rows of the table.
fn rows(source: &str) -> Result<Vec<Row>> {
    let (_, table) = source.split_once("const TRANSITIONS").context("no table")?;
    let (_, table) = table.split_once("    [\n").context("the table does not begin")?;
    let (table, _) = table.split_once("    ]\n").context("the table does not end")?;
    let row = |line: &str| -> Option<Row> {
        let (row, _) = line.trim().strip_prefix('(')?.split_once(')')?;
        let [from, event, to] = row.split(", ").collect::<Vec<_>>().try_into().ok()?;
        Some((from.to_owned(), event.to_owned(), to.to_owned()))
    };
    table.lines().map(|line| row(line).with_context(|| format!("no row: {line}"))).collect()
}

/// The events that lead from one state to another.
fn events(rows: &[Row], from: &str, to: &str) -> Option<String> {
    let events: Vec<_> = rows.iter().filter(|row| row.0 == from && row.2 == to).map(|row| &*row.1).collect();
    (!events.is_empty()).then(|| events.join(", "))
}

fn draw(rows: &[Row]) -> Result<String> {
    let mut svg = Svg::new(SIZE.0, SIZE.1, "The states of an exchange, and what leads from one to the next");
    let middle = |x: u32| x + BOX.0 / 2;
    let mut drawn = 0;
    for (index, (from, x)) in INLINE.iter().enumerate() {
        let class = if *from == "Done" { "good" } else { "box" };
        svg.rect((*x, ROW), BOX, class);
        svg.text((middle(*x), ROW + 24), "middle", "ink\" font-weight=\"bold", from);
        if let Some(events) = events(rows, from, from) {
            svg.text((middle(*x), ROW + 44), "middle", "dim", &format!("stays: {events}"));
            drawn += 1;
        }
        for (step, (to, other)) in INLINE.iter().enumerate().skip(index + 1) {
            let Some(events) = events(rows, from, to) else { continue };
            drawn += 1;
            if step == index + 1 {
                svg.arrow(&format!("M{} {}H{}", x + BOX.0, ROW + 28, other - 2));
                let gap = (x + BOX.0 + other) / 2;
                for (line, event) in events.split(", ").enumerate() {
                    svg.text((gap, ROW + 20 + 26 * u32::try_from(line)?), "middle", "dim\" font-size=\"11", event);
                }
            } else {
                // Above the row, the farther the higher.
                let top = ROW - 50 * u32::try_from(step - index)? + 20;
                let (start, end) =
                    (middle(*x) + 12 * u32::try_from(index)?, middle(*other) - 14 * u32::try_from(3 - index)? + 14);
                svg.arrow(&format!("M{start} {ROW}C{start} {top} {end} {top} {end} {}", ROW - 2));
                let label = (top * 3 + ROW) / 4 - 5;
                svg.text(((start + end) / 2, label), "middle", "dim", &events);
            }
        }
        if let Some(events) = events(rows, from, FAILED.0) {
            drawn += 1;
            let (fx, fy) = FAILED.1;
            let end = fx + 30 * (u32::try_from(index)? + 1);
            let start = middle(*x);
            svg.arrow(&format!("M{start} {}C{start} {} {end} {} {end} {}", ROW + BOX.1, fy - 30, fy - 60, fy - 2));
            // On the side from which the arrow bends away.
            let (at, anchor) = if start < end { (start - 8, "end") } else { (start + 8, "start") };
            svg.text((at, ROW + BOX.1 + 22), anchor, "dim", &events);
        }
    }
    svg.rect(FAILED.1, BOX, "bad");
    svg.text((middle(FAILED.1.0), FAILED.1.1 + 24), "middle", "ink\" font-weight=\"bold", FAILED.0);
    svg.text((middle(FAILED.1.0), FAILED.1.1 + 44), "middle", "dim", "begin anew");
    svg.text((20, 28), "start", "ink\" font-size=\"15\" font-weight=\"bold", "The states of an exchange");
    let mut pairs: Vec<_> = rows.iter().map(|(from, _, to)| (from, to)).collect();
    pairs.dedup();
    pairs.sort_unstable();
    pairs.dedup();
    ensure!(drawn == pairs.len(), "the table has {} pairs of states, and {drawn} are drawn", pairs.len());
    Ok(svg.finish())
}

#[cfg(test)]
mod tests {
    use super::{draw, events, rows};

    const SOURCE: &str = "const TRANSITIONS: [(State, Event, State); 2] = {\n    [\n        (Ready, Fill, Sending),\n        \
                          (Ready, Feed, Sending), // early\n        (Sending, Fail, Failed),\n    ]\n};\n";

    #[test]
    fn the_rows_are_those_of_the_table() {
        let rows = rows(SOURCE).unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(events(&rows, "Ready", "Sending").as_deref(), Some("Fill, Feed"));
        assert_eq!(events(&rows, "Ready", "Done"), None);
    }

    #[test]
    fn each_pair_of_states_is_drawn_and_one_that_cannot_be_is_told() {
        let mut rows = rows(SOURCE).unwrap();
        assert_eq!(draw(&rows).unwrap().matches("marker-end").count(), 2);
        rows.push(("Failed".into(), "Fill".into(), "Ready".into()));
        assert!(draw(&rows).is_err());
    }
}
