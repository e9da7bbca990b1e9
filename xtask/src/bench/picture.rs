//! The figures as a picture: `docs/benchmarks.svg`. Bars on a white ground, which a dark page shows as well as a light one.

use std::fmt::Write;

use anyhow::Result;

use super::cases::{CASES, Table};
use super::growth::{GROWTHS, MOST};
use super::results::{Results, Who};
use crate::markdown::number;

const WIDTH: f64 = 860.0;
/// Where bars begin, and how long the longest is.
const LEFT: f64 = 330.0;
const LONGEST: f64 = 430.0;
const BAR: f64 = 11.0;
const GAP: f64 = 9.0;
/// From the top of one row of text to the next.
const LINE: f64 = 18.0;

/// Told apart by those who do not see all colours, too.
fn colour(who: Who) -> &'static str {
    match who {
        Who::BeforeRust => "#bbbbbb",
        Who::BeforeC => "#888888",
        Who::Rust => "#aa3377",
        Who::C => "#ee6677",
        Who::Httparse => "#4477aa",
        Who::HttpParser => "#66ccee",
        Who::Llhttp => "#228833",
        Who::Picohttpparser => "#ccbb44",
    }
}

struct Bar {
    colour: &'static str,
    length: f64,
    text: String,
    /// Where the text begins, if not at the bar's end.
    text_from: f64,
}

/// Bars that belong together.
struct Group {
    label: String,
    bars: Vec<Bar>,
}

pub fn svg(results: &Results) -> Result<String> {
    let mut body = String::new();
    let legend: Vec<_> = results.columns.iter().map(|column| (colour(column.who), column.who.title())).collect();
    let mut bottom = chart(
        &mut body,
        0.0,
        "Instructions, from 1,000 on; each line is ten times the one before",
        &legend,
        &replies(results),
    )?;
    if !results.growth.is_empty() {
        let mut legend = vec![(colour(Who::Rust), "ours, Rust")];
        if results.growth_before.is_some() {
            legend.insert(0, (colour(Who::BeforeRust), "before, Rust"));
        }
        let title = format!("Growth: the exponent of the last doubling; at most {MOST} is aimed at");
        let top = bottom;
        bottom = chart(&mut body, top, &title, &legend, &growth(results))?;
        let x = LEFT + MOST * LONGEST / 3.0;
        writeln!(
            body,
            "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"black\" stroke-dasharray=\"4 3\"/>",
            top + 2.5 * LINE,
            bottom - GAP
        )?;
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {bottom:.0}\" width=\"{WIDTH}\" \
         height=\"{bottom:.0}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{body}</svg>\n"
    ))
}

/// The replies as a whole, on a scale of powers of ten from 1,000 on.
fn replies(results: &Results) -> Vec<Group> {
    let group = |case: &super::cases::Case| Group {
        label: case.title.replace('`', ""),
        bars: results
            .columns
            .iter()
            .filter_map(|column| {
                let &instructions = column.counted.instructions.get(case.key)?;
                let length = logarithmic(instructions);
                Some(Bar { colour: colour(column.who), length, text: number(instructions), text_from: 0.0 })
            })
            .collect(),
    };
    CASES.iter().filter(|case| case.table == Table::Replies).map(group).collect()
}

/// From 1,000 to 1,000,000,000.
fn logarithmic(instructions: u64) -> f64 {
    let decades = (instructions.max(1) as f64).log10() - 3.0;
    (decades / 6.0).clamp(0.0, 1.0) * LONGEST
}

/// From 0 to 3.
fn growth(results: &Results) -> Vec<Group> {
    let bar = |exponent: f64, who| Bar {
        colour: colour(who),
        length: (exponent / 3.0).clamp(0.0, 1.0) * LONGEST,
        text: format!("{exponent:.2}"),
        // Not across the line of what is aimed at.
        text_from: MOST * LONGEST / 3.0,
    };
    let group = |index: usize, label: &str| {
        let before = results.growth_before.as_ref().and_then(|before| before.get(index)?.exponent());
        let now = results.growth.get(index).and_then(|curve| curve.exponent());
        let bars = [(before, Who::BeforeRust), (now, Who::Rust)];
        Group { label: label.to_owned(), bars: bars.into_iter().filter_map(|(e, who)| Some(bar(e?, who))).collect() }
    };
    GROWTHS.iter().enumerate().map(|(index, growth)| group(index, growth.title)).collect()
}

/// Draws below `top`, and returns where it ends.
fn chart(svg: &mut String, top: f64, title: &str, legend: &[(&str, &str)], groups: &[Group]) -> Result<f64> {
    let mut y = top + LINE;
    writeln!(svg, "<text x=\"8\" y=\"{y:.1}\" font-weight=\"bold\">{title}</text>")?;
    let mut x = 8.0;
    y += LINE;
    for (colour, text) in legend {
        // As wide as the text will be, more or less.
        let width = 24.0 + 6.3 * text.len() as f64;
        if x + width > WIDTH {
            x = 8.0;
            y += LINE;
        }
        writeln!(svg, "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{colour}\"/>", y - 9.0)?;
        writeln!(svg, "<text x=\"{:.1}\" y=\"{y:.1}\">{text}</text>", x + 14.0)?;
        x += width;
    }
    y += GAP;
    let first = y;
    let mut bars = String::new();
    for group in groups {
        let middle = y + (group.bars.len() as f64 * (BAR + 1.0)) / 2.0 + 4.0;
        let label = LEFT - 8.0;
        writeln!(bars, "<text x=\"{label:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>", group.label)?;
        for bar in &group.bars {
            let (length, colour) = (bar.length.max(1.0), bar.colour);
            writeln!(
                bars,
                "<rect x=\"{LEFT:.1}\" y=\"{y:.1}\" width=\"{length:.1}\" height=\"{BAR}\" fill=\"{colour}\"/>"
            )?;
            let (end, base) = (LEFT + length.max(bar.text_from) + 4.0, y + BAR - 2.0);
            writeln!(bars, "<text x=\"{end:.1}\" y=\"{base:.1}\" font-size=\"10\">{}</text>", bar.text)?;
            y += BAR + 1.0;
        }
        y += GAP;
    }
    for line in 0..=6 {
        let x = LEFT + f64::from(line) * LONGEST / 6.0;
        writeln!(svg, "<line x1=\"{x:.1}\" y1=\"{first:.1}\" x2=\"{x:.1}\" y2=\"{y:.1}\" stroke=\"#dddddd\"/>")?;
    }
    svg.push_str(&bars);
    Ok(y + GAP)
}

#[cfg(test)]
mod tests {
    use super::{Bar, Group, LONGEST, chart, logarithmic};

    #[test]
    fn each_power_of_ten_is_a_step() {
        assert_eq!(logarithmic(1_000), 0.0);
        assert!((logarithmic(1_000_000) - LONGEST / 2.0).abs() < 1e-6);
        assert_eq!(logarithmic(10_000_000_000), LONGEST);
    }

    #[test]
    fn bars_have_their_names_and_numbers() {
        let bar = Bar { colour: "#aa3377", length: 10.0, text: "1,234".to_owned(), text_from: 0.0 };
        let group = Group { label: "R1".to_owned(), bars: vec![bar] };
        let mut svg = String::new();
        let bottom = chart(&mut svg, 0.0, "Title", &[("#aa3377", "ours")], &[group]).unwrap();
        for text in [">Title<", ">ours<", ">R1<", ">1,234<"] {
            assert!(svg.contains(text), "{text} is not in\n{svg}");
        }
        assert!(bottom > 0.0);
    }
}
