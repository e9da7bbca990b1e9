//! The charts of the pages in `docs`: rows of bars and of marks over one axis, drawn by plotters, for light pages and dark ones.

mod ink;

use std::ops::Range;

use anyhow::Result;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub use ink::Ink;

pub const WIDTH: u32 = 860;
/// At the left and at the right of everything.
const MARGIN: i32 = 14;
/// From the top of one line of text to the next.
const LINE: i32 = 20;
const BAR: i32 = 13;
const GAP: i32 = 10;
/// The axis with its numbers and its unit.
const AXIS: i32 = 46;
/// A row that has marks.
const MARKS: i32 = 16;
/// Of the mark that is before all others.
const RADIUS: i32 = 4;

pub struct Chart {
    pub title: String,
    /// What is counted, and in which unit.
    pub unit: &'static str,
    pub range: Range<f64>,
    /// What has a number on an axis on which the same way is the same factor; none on one of equal steps.
    pub factors: Vec<f64>,
    pub tick: fn(f64) -> String,
    /// Where bars begin, in pixels.
    pub left: i32,
    /// Colours and what they stand for.
    pub legend: Vec<(Ink, String)>,
    /// What a line across a row stands for.
    pub target: &'static str,
    pub rows: Vec<Row>,
}

/// What belongs to one label.
#[derive(Default)]
pub struct Row {
    pub label: String,
    pub bars: Vec<Bar>,
    /// Marks in one line, the last before all others.
    pub marks: Vec<(Ink, f64)>,
    /// The most that is aimed at, across all of the row.
    pub target: Option<f64>,
}

/// One or more parts, one behind the other.
pub struct Bar {
    pub parts: Vec<(Ink, f64)>,
    pub text: String,
    /// The most that is aimed at with this one.
    pub target: Option<f64>,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The charts one below the other. The title is for those who do not see the picture.
pub fn svg(title: &str, charts: &[Chart]) -> Result<String> {
    let heights: Vec<i32> = charts.iter().map(Chart::height).collect();
    let height = heights.iter().sum::<i32>() + MARGIN;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height.unsigned_abs())).into_drawing_area();
        root.fill(&Ink::Ground.colour())?;
        let mut rest = root.clone();
        for (chart, height) in charts.iter().zip(heights) {
            let (area, below) = rest.split_vertically(height);
            chart.draw(&area)?;
            rest = below;
        }
        root.present()?;
    }
    Ok(ink::for_light_and_dark(&svg, title))
}

/// Of a sans-serif font, so many pixels high.
fn font(pixels: f64) -> TextStyle<'static> {
    // The backend divides by this.
    ("sans-serif", pixels * 1.24).into_font().color(&Ink::Text.colour())
}

fn at(horizontal: HPos, vertical: VPos) -> Pos {
    Pos::new(horizontal, vertical)
}

/// As wide as a text is, more or less.
fn width(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX).saturating_mul(7)
}

impl Row {
    fn height(&self) -> i32 {
        let bars = i32::try_from(self.bars.len()).unwrap_or(0) * BAR;
        GAP + bars + if self.marks.is_empty() { 0 } else { MARKS }
    }
}

impl Chart {
    /// What stands above the plot: the title and the legend.
    fn head(&self) -> i32 {
        let lines = self.legend_places().last().map_or(1, |(_, line)| line + 1);
        MARGIN + 36 + lines * LINE
    }

    fn height(&self) -> i32 {
        self.head() + self.rows.iter().map(Row::height).sum::<i32>() + AXIS + MARGIN
    }

    /// Where each entry of the legend begins, and in which line: in one column with those above it.
    fn legend_places(&self) -> Vec<(i32, i32)> {
        let entries = self.legend.iter().map(|(_, text)| text.as_str()).chain([self.target]);
        let (mut x, mut line, mut places) = (MARGIN, 0, Vec::new());
        for text in entries.filter(|text| !text.is_empty()) {
            let width = 34 + width(text);
            if x + width > WIDTH as i32 - MARGIN {
                (x, line) = (MARGIN, line + 1);
            }
            places.push((x, line));
            x += width;
        }
        places
    }

    fn draw(&self, area: &Area<'_>) -> Result<()> {
        let title = ("sans-serif", 16.0 * 1.24).into_font().style(FontStyle::Bold).color(&Ink::Text.colour());
        area.draw(&Text::new(self.title.clone(), (MARGIN, MARGIN), title))?;
        self.draw_legend(area)?;
        match self.factors.is_empty() {
            true => self.plot(area, self.range.clone()),
            false => self.plot(area, self.range.clone().log_scale().with_key_points(self.factors.clone())),
        }
    }

    fn draw_legend(&self, area: &Area<'_>) -> Result<()> {
        let entries = self.legend.iter().map(|(ink, text)| (Some(*ink), text.as_str())).chain([(None, self.target)]);
        for ((ink, text), (x, line)) in entries.zip(self.legend_places()) {
            let middle = MARGIN + 36 + line * LINE;
            match ink {
                Some(ink) => {
                    area.draw(&Rectangle::new([(x, middle - 6), (x + 12, middle + 6)], ink.colour().filled()))?;
                }
                None => area.draw(&mark(x + 6, middle - 7, middle + 7))?,
            }
            let style = font(13.0).pos(at(HPos::Left, VPos::Center));
            area.draw(&Text::new(text.to_owned(), (x + 18, middle), style))?;
        }
        Ok(())
    }

    fn plot<X>(&self, area: &Area<'_>, axis: X) -> Result<()>
    where
        X: AsRangedCoord<Value = f64>,
        X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let below = self.rows.iter().map(Row::height).sum::<i32>() + GAP;
        let mut chart = ChartBuilder::on(area)
            .margin_top(self.head() - GAP)
            .margin_right(MARGIN + 70)
            .x_label_area_size(AXIS)
            .y_label_area_size(self.left)
            // From the top to the bottom, a pixel a number.
            .build_cartesian_2d(axis, below..0)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .bold_line_style(Ink::Grid.colour())
            .light_line_style(TRANSPARENT)
            .axis_style(Ink::Grid.colour())
            .x_label_style(font(12.0))
            .x_label_formatter(&|value| (self.tick)(*value))
            .x_desc(self.unit)
            .axis_desc_style(font(12.0))
            .draw()?;
        let (plot, start) = (chart.plotting_area(), self.range.start);
        let mut y = GAP;
        for row in &self.rows {
            let (top, bottom) = (y, y + row.height() - GAP);
            let label = font(13.0).pos(at(HPos::Right, VPos::Center));
            let beside = EmptyElement::at((start, (top + bottom) / 2));
            plot.draw(&(beside + Text::new(row.label.clone(), (-8, 0), label)))?;
            for bar in &row.bars {
                let mut end = start;
                for (ink, part) in &bar.parts {
                    let corners = [(end, y), (end + part, y + BAR - 1)];
                    plot.draw(&Rectangle::new(corners, ink.colour().filled()))?;
                    end += part;
                }
                // Not across the line of what is aimed at.
                let text_from = bar.target.or(row.target).map_or(end, |target| target.max(end));
                let text = font(11.0).pos(at(HPos::Left, VPos::Center));
                let beside = EmptyElement::at((text_from, y + BAR / 2));
                plot.draw(&(beside + Text::new(bar.text.clone(), (5, 0), text)))?;
                if let Some(target) = bar.target {
                    plot.draw(&(EmptyElement::at((target, y)) + mark(0, -2, BAR + 1)))?;
                }
                y += BAR;
            }
            if let Some(target) = row.target {
                plot.draw(&(EmptyElement::at((target, top)) + mark(0, -2, bottom - top + 2)))?;
            }
            for ((ink, value), behind) in row.marks.iter().zip((0..row.marks.len()).rev()) {
                // The further behind, the larger, so that it is seen around those before it.
                let radius = RADIUS + i32::try_from(behind.div_ceil(2)).unwrap_or(0);
                plot.draw(&Circle::new((*value, y + MARKS / 2), radius, ink.colour().filled()))?;
            }
            y = bottom + GAP;
        }
        Ok(())
    }
}

/// The line that says what is aimed at.
fn mark(x: i32, top: i32, bottom: i32) -> PathElement<(i32, i32)> {
    PathElement::new([(x, top), (x, bottom)], Ink::Target.colour().stroke_width(3))
}

#[cfg(test)]
mod tests {
    use super::{Bar, Chart, Ink, Row, svg};

    fn chart(is_logarithmic: bool) -> Chart {
        let bar = |parts: &[f64]| Bar {
            parts: parts.iter().map(|part| (Ink::Blue, *part)).collect(),
            text: "1,500".to_owned(),
            target: Some(2_000.0),
        };
        Chart {
            title: "Flash".to_owned(),
            unit: "bytes",
            range: if is_logarithmic { 1.0..3_000.0 } else { 0.0..3_000.0 },
            factors: if is_logarithmic { vec![1.0, 1_000.0] } else { Vec::new() },
            tick: |value| format!("{value} B"),
            left: 100,
            legend: vec![(Ink::Blue, "Cortex-M4".to_owned())],
            target: "target",
            rows: vec![
                Row {
                    label: "c-login".to_owned(),
                    bars: vec![bar(&[1_000.0, 500.0]), bar(&[100.0])],
                    ..Row::default()
                },
                Row { label: "R1".to_owned(), marks: vec![(Ink::Red, 9.0)], target: Some(8.0), ..Row::default() },
            ],
        }
    }

    #[test]
    fn a_chart_has_its_words_its_numbers_and_its_unit() {
        for is_logarithmic in [false, true] {
            let svg = svg("What it takes", &[chart(is_logarithmic)]).unwrap();
            let words =
                ["What it takes", "Flash", "bytes", "Cortex-M4", "target", "c-login", "R1", "1,500", "1000 B"];
            for word in words {
                assert!(svg.contains(word), "{word} is not in\n{svg}");
            }
            // The ground, the legend and three parts of bars.
            assert_eq!(svg.matches("<rect").count(), 1 + 1 + 3);
            assert_eq!(svg.matches("<circle").count(), 1);
        }
    }

    #[test]
    fn charts_stand_one_below_the_other() {
        let height =
            |svg: &str| svg.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse::<u32>().unwrap();
        let (one, two) = (svg("", &[chart(false)]).unwrap(), svg("", &[chart(false), chart(true)]).unwrap());
        assert!(height(&two) > 2 * (height(&one) - 14), "{} {}", height(&one), height(&two));
    }

    #[test]
    fn what_bars_and_their_targets_are_drawn_at_is_their_value() {
        let svg = svg("", &[chart(false)]).unwrap();
        let ends: Vec<i32> = svg
            .lines()
            .filter(|line| line.starts_with("<rect") && line.contains(Ink::Blue.colour_text().as_str()))
            .skip(1)
            .map(|line| {
                let of =
                    |name: &str| line.split(name).nth(1).unwrap().split('"').next().unwrap().parse::<i32>().unwrap();
                of("x=\"") + of("width=\"")
            })
            .collect();
        let (thousand, fifteen, hundred) = (ends[0] - 100, ends[1] - 100, ends[2] - 100);
        assert!((fifteen * 2 - thousand * 3).abs() < 8 && (thousand - hundred * 10).abs() < 12, "{ends:?}");
    }
}
