//! The figures as a picture: `docs/size.svg`. Bars and their numbers, for which no library is needed.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::chips::{CHIPS, PROGRAMS};
use super::table::Table;
use crate::markdown::number;

const WIDTH: u64 = 760;
/// Where bars begin, and how long the longest is.
const LEFT: u64 = 130;
const LONGEST: u64 = 520;
const BAR: u64 = 12;
const GAP: u64 = 10;
/// From the top of one row of text to the next.
const LINE: u64 = 18;
/// Of chips, and of the parts of RAM: told apart by those who do not see all colours, too.
const COLOURS: [&str; 4] = ["#4477aa", "#66ccee", "#aa3377", "#ccbb44"];

const LEVEL: &str = "Oz";
const CHIP: &str = "cortex-m4";

/// A bar of one or more parts, in bytes.
struct Bar {
    label: String,
    parts: Vec<u64>,
    /// The first part's colour; the others follow.
    colour: usize,
    /// Whether it is the first of a group.
    leads: bool,
}

struct Chart {
    title: &'static str,
    legend: Vec<&'static str>,
    bars: Vec<Bar>,
    /// What is aimed at, in bytes, with a word for it.
    aims: Vec<(u64, &'static str)>,
}

pub fn svg(table: &Table) -> Result<String> {
    let charts = [flash(table)?, ram(table)?];
    let mut body = String::new();
    let mut top = 0;
    for chart in &charts {
        top = chart.draw(&mut body, top)?;
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" width=\"{WIDTH}\" height=\"{top}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{body}</svg>\n"
    ))
}

fn flash(table: &Table) -> Result<Chart> {
    let mut bars = Vec::new();
    for program in PROGRAMS {
        for (index, chip) in CHIPS.iter().enumerate() {
            let figures = table.get(chip.key, LEVEL, program.key).context(program.key)?;
            let label = if index == 1 { program.key.to_owned() } else { String::new() };
            bars.push(Bar { label, parts: vec![figures.flash], colour: index, leads: index == 0 });
        }
    }
    let aims = vec![(13_312, "aim in C: to sign in"), (24_576, "aim in C: everything but texts")];
    Ok(Chart { title: "Flash, -Oz, bytes", legend: CHIPS.iter().map(|chip| chip.name).collect(), bars, aims })
}

fn ram(table: &Table) -> Result<Chart> {
    let bars = PROGRAMS
        .iter()
        .map(|program| {
            let f = table.get(CHIP, LEVEL, program.key).context(program.key)?;
            let parts = vec![f.contexts, f.session_memory, f.buffer, f.stack_peak];
            Ok(Bar { label: program.key.to_owned(), parts, colour: 0, leads: true })
        })
        .collect::<Result<_>>()?;
    Ok(Chart {
        title: "RAM of a login with a ticket of 1,000 characters, Cortex-M4, -Oz, bytes",
        legend: vec!["contexts", "memory", "buffer", "stack"],
        bars,
        aims: vec![(2_560, "aim")],
    })
}

impl Chart {
    /// Draws it and says where the next may begin.
    fn draw(&self, svg: &mut String, top: u64) -> Result<u64> {
        writeln!(
            svg,
            "<text x=\"10\" y=\"{}\" font-size=\"15\" font-weight=\"bold\">{}</text>",
            top + 24,
            self.title
        )?;
        let mut x = LEFT;
        for (index, name) in self.legend.iter().enumerate() {
            let y = top + 24 + LINE;
            writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{}\" width=\"10\" height=\"10\" fill=\"{}\"/>",
                y - 9,
                COLOURS[index]
            )?;
            writeln!(svg, "<text x=\"{}\" y=\"{y}\">{name}</text>", x + 15)?;
            x += 110;
        }
        let first = top + 24 + 2 * LINE;
        let bottom = self.bars(svg, first + LINE)?;
        for (index, (bytes, name)) in self.aims.iter().enumerate() {
            let x = LEFT + self.length(*bytes);
            // The last has room at its right, and those before it at their left.
            let (anchor, text) = if index + 1 == self.aims.len() { ("start", x + 4) } else { ("end", x - 4) };
            let (y, bytes) = (first + 9, number(*bytes));
            writeln!(svg, "<path d=\"M{x} {first}V{bottom}\" stroke=\"#555\" stroke-dasharray=\"4 3\"/>")?;
            writeln!(
                svg,
                "<text x=\"{text}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"#555\">{name}, {bytes}</text>"
            )?;
        }
        Ok(bottom + GAP)
    }

    fn bars(&self, svg: &mut String, top: u64) -> Result<u64> {
        let mut y = top;
        for bar in &self.bars {
            if bar.leads {
                y += GAP;
            }
            let text = y + BAR - 2;
            if !bar.label.is_empty() {
                writeln!(svg, "<text x=\"{}\" y=\"{text}\" text-anchor=\"end\">{}</text>", LEFT - 8, bar.label)?;
            }
            let (mut x, mut total) = (LEFT, 0);
            for (index, part) in bar.parts.iter().enumerate() {
                // By the end of each, so that what is rounded does not add up.
                total += part;
                let end = LEFT + self.length(total);
                let colour = COLOURS[bar.colour + index];
                let width = end - x;
                writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\" fill=\"{colour}\"/>")?;
                x = end;
            }
            writeln!(svg, "<text x=\"{}\" y=\"{text}\" font-size=\"11\">{}</text>", x + 4, number(total))?;
            y += BAR + 1;
        }
        Ok(y + GAP)
    }

    /// How long so many bytes are.
    fn length(&self, bytes: u64) -> u64 {
        let bars = self.bars.iter().map(|bar| bar.parts.iter().sum());
        let most = bars.chain(self.aims.iter().map(|aim| aim.0)).max().unwrap_or(1).max(1);
        bytes * LONGEST / most
    }
}

#[cfg(test)]
mod tests {
    use super::{Bar, Chart, LONGEST};

    fn chart() -> Chart {
        let bar = |parts| Bar { label: "c-login".to_owned(), parts, colour: 0, leads: true };
        Chart {
            title: "Flash",
            legend: vec!["Cortex-M4"],
            bars: vec![bar(vec![1_000, 500]), bar(vec![3_000])],
            aims: vec![(2_000, "aim")],
        }
    }

    #[test]
    fn the_longest_bar_has_the_whole_length() {
        assert_eq!(chart().length(3_000), LONGEST);
        assert_eq!(chart().length(1_500), LONGEST / 2);
    }

    #[test]
    fn bars_have_their_names_and_numbers() {
        let mut svg = String::new();
        let bottom = chart().draw(&mut svg, 0).unwrap();
        for text in [">Flash<", ">c-login<", ">1,500<", ">3,000<", ">aim, 2,000<", ">Cortex-M4<"] {
            assert!(svg.contains(text), "{text} is not in\n{svg}");
        }
        assert_eq!(svg.matches("<rect").count(), 1 + 3);
        assert!(bottom > 0);
    }
}
