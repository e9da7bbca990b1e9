//! Each program is linked for its board: cortex-m-rt's script asks for a `memory.x`, and finds that of the board.

const PROGRAMS: &[(&str, &str)] = &[
    ("login", "lm3s6965evb"),
    ("asynch", "lm3s6965evb"),
    ("panicless", "lm3s6965evb"),
    ("tls", "mps2-an385"),
    ("tls_asynch", "mps2-an385"),
];

fn main() {
    let package = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    for (program, board) in PROGRAMS {
        println!("cargo::rustc-link-arg-bin={program}=-L{package}/boards/{board}");
        println!("cargo::rustc-link-arg-bin={program}=-Tlink.x");
    }
    println!("cargo::rerun-if-changed=boards");
}
