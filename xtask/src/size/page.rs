//! The figures for people: `docs/size.md`.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::{Context, Result};
use xshell::cmd;

use super::build::{Places, Variant};
use super::chips::{AIM, CHIPS, Chip, LEVELS, Language, Level, PROGRAMS, Program};
use super::image::Image;
use super::table::{Figures, Table};
use super::{contexts, depth, doors, symbols};
use crate::markdown::{grid, markdown, number};
use crate::workspace::Workspace;

const LARGEST: usize = 20;

/// What the project aims at.
struct Target {
    what: &'static str,
    level: &'static str,
    /// The most, and the program that is measured: in C, and in Rust, if it is.
    aims: &'static [(u64, &'static str)],
    figure: fn(&Figures) -> Option<u64>,
}

const TARGETS: &[Target] = &[
    flash("flash, to sign in", AIM.1, &[(13_312, "c-login"), (12_288, "rust-login")]),
    flash("flash, to sign in and call", AIM.1, &[(17_920, "c-session"), (15_616, "rust-session")]),
    flash("flash, what gateways use", AIM.1, &[(24_576, "c-usual"), (23_552, "rust-usual")]),
    flash("flash, to sign in, lean", "lean", &[(11_776, "c-login")]),
    flash("flash, to sign in and call, lean", "lean", &[(15_872, "c-session")]),
    flash("flash, what gateways use, lean", "lean", &[(22_528, "c-usual")]),
    of_a_login("contexts", &[(512, "c-login"), (512, "rust-login")], |f| Some(f.contexts)),
    of_a_login("stack, to sign in, as seen", STACK, |f| Some(f.stack_peak)),
    of_a_login("stack, to sign in, its bound", STACK, |f| f.stack_bound),
    of_a_login("RAM of a whole login", RAM, |f| Some(f.ram_login)),
];

const RAM: &[(u64, &str)] = &[(2_560, "c-login"), (2_560, "rust-login")];

const STACK: &[(u64, &str)] = &[(640, "c-login"), (640, "rust-login")];

const fn flash(what: &'static str, level: &'static str, aims: &'static [(u64, &'static str)]) -> Target {
    Target { what, level, aims, figure: |f| Some(f.flash) }
}

const fn of_a_login(
    what: &'static str,
    aims: &'static [(u64, &'static str)],
    figure: fn(&Figures) -> Option<u64>,
) -> Target {
    Target { what, level: AIM.1, aims, figure }
}

/// The most flash that is aimed at with a program, where there is such an aim.
pub fn most_of_flash(program: &str) -> Option<u64> {
    let flash = TARGETS.iter().filter(|target| target.level == AIM.1 && target.what.starts_with("flash"));
    most(flash.flat_map(|target| target.aims), program)
}

/// The most RAM of a whole login.
pub fn most_of_ram(program: &str) -> Option<u64> {
    most(RAM, program)
}

fn most<'a>(aims: impl IntoIterator<Item = &'a (u64, &'a str)>, program: &str) -> Option<u64> {
    aims.into_iter().find(|(_, name)| *name == program).map(|(most, _)| *most)
}

const INTRODUCTION: &str = "\
# Sizes

Written by `cargo xtask size --write`; do not edit. In bytes. [`size.json`](size.json) has the same for programs, and
`cargo xtask size --check`, a step of `cargo xtask test`, compares with it.

![Flash and RAM of each program](size.svg)
";

const PROGRAMS_TEXT: &str = "\
## All figures

`c-login` signs in, `c-session` makes a call after it, and `c-usual` uses what most gateways come to use: calls and their
renewal, snapshots, a change of the password, a token of a client, HTTP Basic. `c-all` uses every function of the header,
`c-all-silent` all but the names and texts of statuses and verdicts, which `c-usual` is without as well; `rust-login`,
`rust-session`, `rust-usual` and `rust-all` are the same with the crate.
`rust-blocking` and `rust-async` have the clients: sign in, make a call for which the session is signed in again, and log out;
`rust-typed` has bodies that are values of Rust types besides. They are in
[`examples/firmware-size`](../examples/firmware-size).

The programs in C have the archive of `cargo xtask archive`, which is without the frame pointers that rustc keeps for Thumb:
with that of `cargo build` they are a twentieth larger. *Lean* is the library without the features `texts`, `lifetimes` and
`ipv6`.

- *flash*: code and constants of the image, less those of the same program without the library: in C linked with empty
  functions in its place; in Rust without the calls, so that the calls count, too. `memcpy` and its like are in both.
- *contexts*: a site, a session and an exchange; of a client without the exchange, which is on the stack.
- *memory*: the least that the session of a login with a ticket of 1,000 characters works with, found by trying.
- *stack*: the deepest that the stack has been below the program, found by painting it, in QEMU, the replies arriving in
  pieces of 1, 7, 64 and 256 bytes.
- *bound*: the deepest that it can be, by following every call in the image's machine code. A call through a pointer is
  taken for a call of the deepest function that has its address taken; through a pointer out of a table, of the deepest
  that stands at the same place of some table, or whose address is taken outside of all. That no function calls itself is
  assumed. Empty where there is no bound.
- *future*: the size of the future of all that `rust-async` does. It stands on the stack here, and is in that figure; a task of
  an executor has it in memory of its own.
- *login*: contexts, memory, a buffer of 256 bytes, and the stack: all the RAM that there is to it.
";

const PARTS_TEXT: &str = "\
By the modules of the core and of the C package. What has been inlined counts where it has gone, so that the functions of
the header hold what they alone call.
";

const DOORS_TEXT: &str = "\
What a program takes that signs in, as `c-login` does, and has one of these besides. A program that has one links nothing of
the others: `cargo xtask size` looks for it.
";

const WAY_TEXT: &str = "\
The calls that lead to the bound, and how much of the stack each function has taken when it makes the next call.
";

/// The whole page.
pub fn text(workspace: &Workspace, places: &Places, table: &Table) -> Result<String> {
    let mut page = INTRODUCTION.to_owned();
    write!(page, "\n## Against the targets (Cortex-M4, -Oz)\n\n{}\n", targets(table)?)?;
    write!(page, "\n{PROGRAMS_TEXT}")?;
    for level in LEVELS {
        write!(page, "\n### {}\n\n{}\n", level.title, figures(table, level)?)?;
    }
    let chip = CHIPS.iter().find(|chip| chip.key == AIM.0).context("there is the chip of the aims")?;
    write!(
        page,
        "\n## Doors of OAuth 2.0 and of Windows authentication, each alone (Cortex-M4, -Oz)\n\n{DOORS_TEXT}\n{}\n",
        doors::text(places, chip)?
    )?;
    write!(page, "\n## Contexts\n\n{}\n", context_sizes(workspace, table)?)?;
    write!(page, "\n## What takes the room (Cortex-M4, -Oz)\n\n{PARTS_TEXT}\n{}\n", parts(places)?)?;
    write!(page, "\nThe largest in `c-login`:\n\n{}\n", largest(places)?)?;
    write!(page, "\n## What takes the stack in `c-login`\n\n{WAY_TEXT}\n{}\n", deepest_way(workspace, places)?)?;
    write!(page, "\nMeasured with {}.\n", compilers(workspace)?)?;
    Ok(page)
}

fn targets(table: &Table) -> Result<String> {
    let mut grid = grid(&["", "C", "at most", "", "Rust", "at most", ""]);
    for target in TARGETS {
        let mut row = vec![target.what.to_owned()];
        for (most, program) in target.aims {
            let figure = (target.figure)(table.get(AIM.0, target.level, program).context(*program)?);
            let text = figure.map_or("none".to_owned(), number);
            let verdict = figure.map_or("missed".to_owned(), |figure| against(figure, *most));
            row.extend([text, number(*most), verdict]);
        }
        row.resize(7, String::new());
        grid.add_row(row);
    }
    Ok(markdown(grid, &[1, 2, 4, 5]))
}

fn against(figure: u64, most: u64) -> String {
    match figure.checked_sub(most) {
        None | Some(0) => "met".to_owned(),
        Some(more) => format!("missed by {}", number(more)),
    }
}

fn figures(table: &Table, level: &Level) -> Result<String> {
    let mut grid = grid(&["", "", "flash", "contexts", "memory", "stack", "bound", "future", "login"]);
    for chip in CHIPS {
        for (index, program) in level.programs().enumerate() {
            let f = table.get(chip.key, level.key, program.key).context(program.key)?;
            let name = if index == 0 { chip.name } else { "" };
            grid.add_row([
                name.to_owned(),
                format!("`{}`", program.key),
                number(f.flash),
                number(f.contexts),
                number(f.session_memory),
                number(f.stack_peak),
                f.stack_bound.map(number).unwrap_or_default(),
                f.future.map(number).unwrap_or_default(),
                number(f.ram_login),
            ]);
        }
    }
    Ok(markdown(grid, &[2, 3, 4, 5, 6, 7, 8]))
}

fn context_sizes(workspace: &Workspace, table: &Table) -> Result<String> {
    let on_chip = |program| table.get(AIM.0, AIM.1, program).context(program);
    let (c, rust) = (on_chip("c-login")?, on_chip("rust-login")?);
    let here = contexts::sizes(workspace)?;
    let mut grid = grid(&["", "C, 32 bit", "Rust, 32 bit", "C, 64 bit"]);
    let rows =
        [("site", c.site, rust.site), ("session", c.session, rust.session), ("exchange", c.exchange, rust.exchange)];
    for ((name, c, rust), here) in rows.into_iter().zip(here) {
        grid.add_row([name.to_owned(), number(c), number(rust), number(here)]);
    }
    Ok(markdown(grid, &[1, 2, 3]))
}

fn parts(places: &Places) -> Result<String> {
    let programs: Vec<_> = PROGRAMS.iter().filter(|program| program.language == Language::C).collect();
    let mut columns = Vec::new();
    for program in &programs {
        let (with, without) = images(places, program)?;
        columns.push(symbols::parts(&with, &without));
    }
    let names: BTreeSet<&String> = columns.iter().flat_map(|parts| parts.keys()).collect();
    let mut rows: Vec<(&String, Vec<u64>)> = names
        .into_iter()
        .map(|name| (name, columns.iter().map(|parts| parts.get(name).copied().unwrap_or(0)).collect()))
        .collect();
    rows.sort_by(|(_, a), (_, b)| b.cmp(a));
    let heads: Vec<String> = programs.iter().map(|program| format!("`{}`", program.key)).collect();
    let mut grid = grid(&[""].into_iter().chain(heads.iter().map(String::as_str)).collect::<Vec<_>>());
    for (name, sizes) in rows {
        grid.add_row([name.clone()].into_iter().chain(sizes.into_iter().map(number)));
    }
    Ok(markdown(grid, &Vec::from_iter(1..=programs.len())))
}

fn images(places: &Places, program: &Program) -> Result<(Image, Image)> {
    let (chip, level) = aim()?;
    let read = |variant| Image::read(&places.image(chip, level, program, variant));
    Ok((read(Variant::With)?, read(Variant::Without)?))
}

fn largest(places: &Places) -> Result<String> {
    let (with, without) = images(places, &PROGRAMS[0])?;
    let mut grid = grid(&["bytes", "symbol"]);
    for symbol in symbols::largest(&with, &without, LARGEST) {
        grid.add_row([number(symbol.size), format!("`{}`", symbol.name)]);
    }
    Ok(markdown(grid, &[0]))
}

fn deepest_way(workspace: &Workspace, places: &Places) -> Result<String> {
    let (chip, level) = aim()?;
    let image = places.image(chip, level, &PROGRAMS[0], Variant::With);
    let way = match depth::deepest_way(workspace, chip, &image, super::ENTRY) {
        Ok(way) => way,
        Err(error) => return Ok(format!("There is no bound: {error:#}.")),
    };
    let mut grid = grid(&["bytes", "function"]);
    for (name, bytes) in way {
        grid.add_row([number(bytes), format!("`{name}`")]);
    }
    Ok(markdown(grid, &[0]))
}

fn aim() -> Result<(&'static Chip, &'static Level)> {
    let chip = CHIPS.iter().find(|chip| chip.key == AIM.0).context(AIM.0)?;
    let level = LEVELS.iter().find(|level| level.key == AIM.1).context(AIM.1)?;
    Ok((chip, level))
}

/// Sizes are those of one version of each compiler.
fn compilers(workspace: &Workspace) -> Result<String> {
    let sh = &workspace.sh;
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let mut names = vec![first(cmd!(sh, "rustc --version").quiet().read()?)];
    for chip in [&CHIPS[1], &CHIPS[2]] {
        let compiler = chip.compiler;
        names.push(format!("{compiler} {}", first(cmd!(sh, "{compiler} -dumpversion").quiet().read()?)));
    }
    Ok(names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::against;

    #[test]
    fn a_target_is_met_or_missed_by_so_much() {
        assert_eq!(against(512, 512), "met");
        assert_eq!(against(592, 512), "missed by 80");
        assert_eq!(against(10_240, 8_192), "missed by 2,048");
    }
}
