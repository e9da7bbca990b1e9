//! The way of a login as a picture: who says what to whom, and when the session changes.

use anyhow::Result;

use super::svg::Svg;
use crate::workspace::Workspace;

const WIDTH: u32 = 760;
const LINE: u32 = 34;
const TOP: u32 = 70;

/// Who takes part, and where its line is.
const WHO: [(&str, u32); 4] = [("your program", 90), ("Exchange", 290), ("Session", 480), ("site", 670)];

const PROGRAM: usize = 0;
const EXCHANGE: usize = 1;
const SESSION: usize = 2;
const SITE: usize = 3;

enum Step {
    /// From whom, to whom, and what.
    Says(usize, usize, &'static str),
    /// What is repeated: how many steps.
    Loop(u32, &'static str),
    Note(usize, &'static str),
}

use Step::{Loop, Note, Says};

const STEPS: &[Step] = &[
    Says(PROGRAM, SESSION, "login(credentials): an exchange begins"),
    Loop(3, "the request"),
    Says(PROGRAM, EXCHANGE, "fill(buffer)"),
    Says(EXCHANGE, PROGRAM, "bytes of the request"),
    Says(PROGRAM, SITE, "the same bytes, over your TLS"),
    Loop(4, "the reply"),
    Says(SITE, PROGRAM, "bytes, in pieces of any size"),
    Says(PROGRAM, EXCHANGE, "feed(bytes)"),
    Says(EXCHANGE, SESSION, "cookies, which wait"),
    Note(EXCHANGE, "of the body: Code and Message"),
    Says(EXCHANGE, SESSION, "complete: the cookies count"),
    Says(PROGRAM, EXCHANGE, "login_result"),
    Says(EXCHANGE, PROGRAM, "verdict and message"),
    Says(PROGRAM, SESSION, "call(…): the next exchange"),
    Note(SESSION, "carries cookies and CSRF token"),
];

pub fn svg(_: &Workspace) -> Result<String> {
    let count = u32::try_from(STEPS.iter().filter(|step| !matches!(step, Loop(..))).count())?;
    let bottom = TOP + count * LINE + 30;
    let mut svg = Svg::new(WIDTH, bottom + 10, "The way of a login, from the program to the site and back");
    svg.text((20, 28), "start", "ink\" font-size=\"15\" font-weight=\"bold", "The way of a login");
    let mut y = TOP + 24;
    for step in STEPS {
        if let Loop(steps, _) = step {
            svg.rect((16, y - 22), (WIDTH - 32, steps * LINE - 4), "rest");
        } else {
            y += LINE;
        }
    }
    for (name, x) in WHO {
        svg.put(&format!("<path d=\"M{x} {TOP}V{bottom}\" class=\"line\" stroke-dasharray=\"3 4\"/>"));
        svg.rect((x - 60, TOP - 28), (120, 26), "box");
        svg.text((x, TOP - 10), "middle", "ink\" font-weight=\"bold", name);
    }
    y = TOP + 24;
    for step in STEPS {
        match step {
            Loop(_, what) => {
                svg.text(
                    (WIDTH - 24, y - 6),
                    "end",
                    "dim\" font-style=\"italic",
                    &format!("{what}, again and again"),
                );
                continue;
            }
            Says(from, to, what) => {
                let (start, end) = (WHO[*from].1, WHO[*to].1);
                svg.arrow(&format!("M{start} {y}H{}", if end > start { end - 2 } else { end + 2 }));
                svg.text((start.min(end) + 8, y - 5), "start", "ink\" font-size=\"12", what);
            }
            Note(who, what) => svg.text((WHO[*who].1 + 8, y - 5), "start", "dim\" font-size=\"12", what),
        }
        y += LINE;
    }
    Ok(svg.finish())
}
