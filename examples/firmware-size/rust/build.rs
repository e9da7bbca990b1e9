//! Names the linker script, which the programs in C have, too, and what else the linker is to do.

use std::env;
use std::path::Path;

fn main() {
    let architecture = env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    let script = if architecture == "arm" { "cortex-m.ld" } else { "riscv.ld" };
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let path = Path::new(&package).join("../link").join(script);
    println!("cargo:rerun-if-changed={}", path.display());
    println!("cargo:rustc-link-arg-bins=-T{}", path.display());
    // For the analysis of the stack, which has to know whose addresses are taken.
    println!("cargo:rustc-link-arg-bins=--emit-relocs");
}
