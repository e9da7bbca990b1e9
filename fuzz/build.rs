//! Compiles the program in C that calls the library in any order.

fn main() {
    println!("cargo::rerun-if-changed=c");
    println!("cargo::rerun-if-changed=../include/creatio_auth.h");
    cc::Build::new()
        .file("c/calls.c")
        .include("../include")
        .define("CREATIO_NTLM", None)
        .warnings(true)
        .compile("calls");
}
