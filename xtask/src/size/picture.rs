//! The figures as a picture: `docs/size.svg`, drawn from `docs/size.json`.

use anyhow::{Context, Result};

use super::chips::AIM;
use super::chips::{CHIPS, PROGRAMS};
use super::page;
use super::table::Table;
use crate::chart::{self, Bar, Chart, Ink, Row};
use crate::markdown::number;

/// Of chips, and of the parts of RAM.
const INKS: [Ink; 4] = [Ink::Blue, Ink::Cyan, Ink::Purple, Ink::Yellow];
const LEFT: i32 = 120;

pub fn svg(table: &Table) -> Result<String> {
    chart::svg("Flash and RAM that a program with creatio-auth takes", &[flash(table)?, ram(table)?])
}

fn flash(table: &Table) -> Result<Chart> {
    let (chip, level) = AIM;
    let mut most = 0;
    let mut rows = Vec::new();
    for program in PROGRAMS {
        let mut bars = Vec::new();
        for (each, ink) in CHIPS.iter().zip(INKS) {
            let flash = table.get(each.key, level, program.key).context(program.key)?.flash;
            let target = if each.key == chip { page::most_of_flash(program.key) } else { None };
            bars.push(bar(vec![(ink, flash)], target));
            most = most.max(flash);
        }
        rows.push(Row { label: program.key.to_owned(), bars, ..Row::default() });
    }
    Ok(Chart {
        title: "Flash, -Oz".to_owned(),
        legend: CHIPS.iter().zip(INKS).map(|(chip, ink)| (ink, chip.name.to_owned())).collect(),
        target: "the most that is aimed at, Cortex-M4",
        rows,
        ..of_bytes(most)
    })
}

fn ram(table: &Table) -> Result<Chart> {
    let (chip, level) = AIM;
    let mut most = 0;
    let mut rows = Vec::new();
    for program in PROGRAMS {
        let f = table.get(chip, level, program.key).context(program.key)?;
        let parts = [f.contexts, f.session_memory, f.buffer, f.stack_peak];
        let bars = vec![bar(INKS.into_iter().zip(parts).collect(), page::most_of_ram(program.key))];
        rows.push(Row { label: program.key.to_owned(), bars, ..Row::default() });
        most = most.max(f.ram_login);
    }
    let legend = ["contexts", "memory of the session", "buffer", "stack"];
    Ok(Chart {
        title: "RAM of a login with a ticket of 1,000 characters, Cortex-M4, -Oz".to_owned(),
        legend: INKS.into_iter().zip(legend.map(str::to_owned)).collect(),
        target: "the most that is aimed at",
        rows,
        ..of_bytes(most)
    })
}

fn bar(parts: Vec<(Ink, u64)>, target: Option<u64>) -> Bar {
    let total = parts.iter().map(|(_, part)| part).sum();
    Bar {
        parts: parts.into_iter().map(|(ink, part)| (ink, part as f64)).collect(),
        text: number(total),
        target: target.map(|target| target as f64),
    }
}

/// A chart up to so many bytes.
fn of_bytes(most: u64) -> Chart {
    Chart {
        title: String::new(),
        unit: "bytes",
        range: 0.0..most as f64,
        factors: Vec::new(),
        tick: |value| number(value as u64),
        left: LEFT,
        legend: Vec::new(),
        target: "",
        rows: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::chips::PROGRAMS;
    use super::svg;
    use crate::size::table::sample;

    #[test]
    fn every_program_is_in_both_charts() {
        let svg = svg(&sample(12_345)).unwrap();
        for program in PROGRAMS {
            assert_eq!(svg.matches(&format!(">\n{}\n<", program.key)).count(), 2, "{}\n{svg}", program.key);
        }
        assert_eq!(svg.matches(">\n12,345\n<").count(), 3 * PROGRAMS.len());
        // The sum of the parts, not the figure of flash.
        assert_eq!(svg.matches(">\n3,012\n<").count(), PROGRAMS.len());
    }
}
