//! Tables and numbers of the pages in `docs`.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table as Grid};

/// A table with this header.
pub fn grid(header: &[&str]) -> Grid {
    let mut grid = Grid::new();
    grid.load_preset(ASCII_MARKDOWN).set_header(header.to_vec());
    grid
}

/// The table with its columns of numbers at the right, in the text and as it is shown.
pub fn markdown(mut grid: Grid, numbers: &[usize]) -> String {
    for index in numbers {
        if let Some(column) = grid.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let text = grid.to_string();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if let Some(rule) = lines.get_mut(1) {
        *rule = with_colons(rule, numbers);
    }
    lines.join("\n")
}

/// The line below the header, where a colon says that a column is to be at the right.
fn with_colons(rule: &str, columns: &[usize]) -> String {
    let mut cells: Vec<String> = rule.split('|').map(str::to_owned).collect();
    for column in columns {
        // Before the first bar there is a cell of nothing.
        if let Some(cell) = cells.get_mut(column + 1).filter(|cell| !cell.is_empty()) {
            cell.pop();
            cell.push(':');
        }
    }
    cells.join("|")
}

/// With commas between thousands.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grid, markdown, number};

    #[test]
    fn thousands_have_commas() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(21_060), "21,060");
        assert_eq!(number(1_234_567), "1,234,567");
    }

    #[test]
    fn numbers_stand_at_the_right() {
        let mut grid = grid(&["name", "bytes"]);
        grid.add_row(["a", "1,234"]);
        grid.add_row(["b", "5"]);
        let text = "| name | bytes |\n|------|------:|\n| a    | 1,234 |\n| b    |     5 |";
        assert_eq!(markdown(grid, &[1]), text);
    }
}
