//! Nothing of a secret is in a process's memory when it has logged out: programs in Rust and in C, as they are released, are
//! looked at from outside.
#![cfg(target_os = "linux")]

#[allow(dead_code)] // it is another test's, too
#[path = "../c_library/build.rs"]
mod build;
mod scan;
mod site;

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use build::{ROOT, archive, cc, compiler, scratch, succeed};
use scan::Scan;
use site::{CSRF, TICKET, TOKEN, site};

/// What each encoding of the wire makes something else of, and no piece of it stands in any program.
const SECRET: &str = "hK7\"mQ2\\vX9 zR4&tB8\u{1}wN3/jD6+gY5=cF1%pL0";
/// The same in a JSON string, in a form, and behind the user's name in base64.
const IN_JSON: &str = r#"hK7\"mQ2\\vX9 zR4&tB8\u0001wN3/jD6+gY5=cF1%pL0"#;
const IN_FORM: &str = "hK7%22mQ2%5CvX9%20zR4%26tB8%01wN3%2FjD6%2BgY5%3DcF1%25pL0";
/// HTTP Basic takes no control character.
const PLAIN: &str = "hK7\"mQ2\\vX9 zR4&tB8wN3/jD6+gY5=cF1%pL0";
const IN_BASE64: &str = "U3VwZXJ2aXNvcjpoSzcibVEyXHZYOSB6UjQmdEI4d04zL2pENitnWTU9Y0YxJXBMMA==";

#[derive(Clone, Copy, Debug)]
struct Door {
    name: &'static str,
    password: &'static str,
    /// What is to be found while the program is signed in.
    kept: &'static [&'static str],
}

const DOORS: [Door; 3] = [
    Door { name: "login", password: SECRET, kept: &[SECRET, TICKET, CSRF] },
    Door { name: "token", password: SECRET, kept: &[SECRET, TOKEN] },
    Door { name: "basic", password: PLAIN, kept: &[PLAIN, IN_BASE64] },
];

/// A program that waits when it has said a word.
struct Resident(Child);

impl Resident {
    fn start(program: &Path, url: &str, door: Door, piece: &str) -> Self {
        let mut command = Command::new(program);
        let child = command.args([url, door.name, piece]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut resident = Resident(child.expect("it is built"));
        resident.write(door.password);
        resident
    }

    fn write(&mut self, line: &str) {
        writeln!(self.0.stdin.as_mut().expect("it is a pipe"), "{line}").expect("it reads");
    }

    /// What is in its memory when it has said this.
    fn look(&mut self, word: &str) -> Scan {
        let mut said = String::new();
        BufReader::new(self.0.stdout.as_mut().expect("it is a pipe"))
            .read_line(&mut said)
            .expect("it says something");
        assert_eq!(said.trim_end(), word);
        let scan = Scan::of(self.0.id());
        self.write("");
        scan
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program in Rust, with link-time optimisation.
fn in_rust() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the target directory");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["build", "--release", "-p", "creatio-resident", "--target-dir"];
    succeed(Command::new(cargo).current_dir(ROOT).args(arguments).arg(target));
    target.join("release/creatio-resident")
}

/// The program in C. Where functions are bound at their first call, the dynamic linker saves the vector registers on the stack
/// then, with what the last copy has left in them, and nobody can wipe that.
fn in_c() -> PathBuf {
    let program = scratch("resident").join("resident");
    let source = Path::new(ROOT).join("tests/resident/resident.c");
    succeed(compiler(&cc(), "c99").args(["-O2", "-Wl,-z,now"]).arg(source).arg(archive()).arg("-o").arg(&program));
    program
}

/// All that is to be nowhere.
const SECRETS: [&str; 8] = [SECRET, IN_JSON, IN_FORM, PLAIN, IN_BASE64, TICKET, CSRF, TOKEN];

fn leaves_nothing(program: &Path) {
    for door in DOORS {
        for piece in ["1", "7", "512"] {
            let mut resident = Resident::start(program, &site(), door, piece);
            let signed_in = resident.look("in");
            for secret in door.kept {
                assert!(signed_in.holds(secret), "{door:?}, {piece}: {secret} is not found where it is");
            }
            let logged_out = resident.look("out");
            assert_eq!(logged_out.piece_of(&SECRETS), None, "{program:?}, {door:?}, {piece}");
        }
    }
}

#[test]
fn a_program_in_rust_that_has_logged_out_has_no_piece_of_a_secret_in_its_memory() {
    leaves_nothing(&in_rust());
}

#[test]
fn a_program_in_c_that_has_logged_out_has_no_piece_of_a_secret_in_its_memory() {
    leaves_nothing(&in_c());
}

#[test]
fn what_is_in_memory_is_found_whole_and_in_pieces() {
    const BAIT: &str = "tR5vN8_qW2-xZ6+jK1"; // in memory that cannot be written to
    let scan = || Scan::of(std::process::id());
    assert_eq!(scan().piece_of(&[BAIT]), None);
    let piece = BAIT[5..5 + scan::PIECE].to_owned();
    assert_eq!((scan().holds(BAIT), scan().piece_of(&[BAIT])), (false, Some(piece.clone())));
    let whole = BAIT.to_owned();
    assert!(scan().holds(&whole));
    assert_eq!(piece, "8_qW2-xZ");
}
