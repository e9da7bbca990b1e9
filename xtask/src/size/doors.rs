//! What each door of OAuth 2.0 and of Windows authentication takes, alone beside the login, and that it brings no other along.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::build::{Places, Variant};
use super::chips::{AIM, CHIPS, Chip, LEVELS, Level, PROGRAMS, c};
use super::image::Image;
use crate::markdown::{grid, markdown, number};
use crate::workspace::FIRMWARE_PROFILE;

/// A door.
pub struct Door {
    name: &'static str,
    /// The file of its program's object, and what the compiler defines for it.
    pub key: &'static str,
    pub defines: &'static [&'static str],
    /// The table of its kind of exchange, or a function, which no other door needs.
    kind: &'static str,
    /// How the library is built.
    pub level: &'static Level,
}

/// With the messages of NTLM: for their row alone, on the chip that the page shows.
pub const NTLM: Level = Level {
    key: "ntlm",
    title: "-Oz, NTLM",
    profile: FIRMWARE_PROFILE,
    cargo: &["--features", "ntlm"],
    has: |_| false,
};

impl Door {
    pub fn is_measured_on(&self, chip: &Chip) -> bool {
        self.level.key != NTLM.key || chip.key == AIM.0
    }
}

pub const DOORS: &[Door] = &[
    door("client credentials", "door-token", &["-DDOOR_TOKEN"], "answer::token::TOKEN"),
    door("refresh", "door-refresh", &["-DDOOR_REFRESH"], "answer::token::REFRESH"),
    door("authorization code, PKCE", "door-code", &["-DDOOR_CODE"], "answer::token::CODE"),
    door("revocation", "door-revocation", &["-DDOOR_REVOCATION"], "answer::revocation::REVOCATION"),
    door("endpoints", "door-discovery", &["-DDOOR_DISCOVERY"], "answer::discovery::DISCOVERY"),
    door("a site's OAuth health", "door-health", &["-DDOOR_HEALTH"], "answer::oauth_health::OAUTH_HEALTH"),
    door("Windows, with tokens of the caller's", "door-windows", &["-DDOOR_WINDOWS"], "answer::windows::WINDOWS"),
    Door {
        level: &NTLM,
        ..door("the messages of NTLM for it", "door-ntlm", &["-DDOOR_NTLM", "-DCREATIO_NTLM"], "creatio_ntlm_token")
    },
];

const fn door(name: &'static str, key: &'static str, defines: &'static [&'static str], kind: &'static str) -> Door {
    Door { name, key, defines, kind, level: &LEVELS[0] }
}

/// Its program, linked with the library or without.
pub fn image(places: &Places, chip: &Chip, door: &Door, variant: Variant) -> PathBuf {
    places.image(chip, door.level, &c(door.key, "door"), variant)
}

/// What each takes on a chip beside `c-login`.
pub fn text(places: &Places, chip: &Chip) -> Result<String> {
    let flash = |with: PathBuf, without: PathBuf| {
        Ok::<_, anyhow::Error>(Image::read(&with)?.flash() - Image::read(&without)?.flash())
    };
    let login = PROGRAMS.iter().find(|program| program.key == "c-login").context("it is measured")?;
    let of_login = |variant| places.image(chip, &LEVELS[0], login, variant);
    let login = flash(of_login(Variant::With), of_login(Variant::Without))?;
    let mut table = grid(&["", "flash"]);
    for door in DOORS {
        let of_door = |variant| image(places, chip, door, variant);
        let all = flash(of_door(Variant::With), of_door(Variant::Without))?;
        table.add_row([door.name.to_owned(), number(all.saturating_sub(login))]);
    }
    let mut text = String::new();
    write!(text, "{}", markdown(table, &[1]))?;
    Ok(text)
}

/// A program that has one of them has none of the others.
pub fn faults(places: &Places) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for chip in CHIPS {
        for door in DOORS.iter().filter(|door| door.is_measured_on(chip)) {
            let linked = Image::read(&image(places, chip, door, Variant::With))?;
            let has = |door: &Door| linked.symbols.iter().any(|symbol| symbol.name.ends_with(door.kind));
            let others = DOORS.iter().filter(|other| other.key != door.key && has(other));
            faults.extend(
                others.map(|other| format!("{}: the door {} brings {} along", chip.key, door.name, other.name)),
            );
            if !has(door) {
                faults
                    .push(format!("{}: the door {} has no {}, by which it is known", chip.key, door.name, door.kind));
            }
        }
    }
    Ok(faults)
}
