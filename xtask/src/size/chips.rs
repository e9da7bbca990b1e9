//! What is measured: on which chips, optimised how, and which programs.

use crate::workspace::FIRMWARE_PROFILE;

/// A kind of chip, how C is compiled for it, and a machine of QEMU that has it.
pub struct Chip {
    /// As the table has it.
    pub key: &'static str,
    pub name: &'static str,
    pub target: &'static str,
    pub compiler: &'static str,
    pub flags: &'static [&'static str],
    pub linker_script: &'static str,
    pub machine: &'static [&'static str],
}

pub const CHIPS: &[Chip] = &[
    Chip {
        key: "cortex-m0plus",
        name: "Cortex-M0+",
        target: "thumbv6m-none-eabi",
        compiler: "arm-none-eabi-gcc",
        flags: &["-mcpu=cortex-m0plus", "-mthumb"],
        linker_script: "cortex-m.ld",
        // A Cortex-M0, which has all of the instructions that a Cortex-M0+ has.
        machine: &["qemu-system-arm", "-M", "microbit"],
    },
    Chip {
        key: "cortex-m4",
        name: "Cortex-M4",
        target: "thumbv7em-none-eabihf",
        compiler: "arm-none-eabi-gcc",
        flags: &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
        linker_script: "cortex-m.ld",
        machine: &["qemu-system-arm", "-M", "mps2-an386"],
    },
    Chip {
        key: "rv32imc",
        name: "RV32IMC",
        target: "riscv32imc-unknown-none-elf",
        compiler: "riscv64-unknown-elf-gcc",
        flags: &["-march=rv32imc", "-mabi=ilp32"],
        linker_script: "riscv.ld",
        machine: &["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
    },
];

/// How the library is built. The programs in C are always compiled alike: they are not what is measured.
pub struct Level {
    /// As the table has it.
    pub key: &'static str,
    pub title: &'static str,
    pub profile: &'static str,
    /// What cargo is told besides.
    pub cargo: &'static [&'static str],
    pub has: fn(&Program) -> bool,
}

pub const LEVELS: &[Level] = &[
    Level { key: "Oz", title: "-Oz", profile: FIRMWARE_PROFILE, cargo: &[], has: |_| true },
    Level {
        key: "lean",
        title: "-Oz, lean",
        profile: FIRMWARE_PROFILE,
        cargo: &["--no-default-features", "--features", "panic-handler"],
        has: |program| program.language == Language::C && program.key != "c-all",
    },
    Level { key: "O3", title: "-O3", profile: "release", cargo: &[], has: |_| true },
];

impl Level {
    /// The programs that are measured so.
    pub fn programs(&self) -> impl Iterator<Item = &'static Program> {
        PROGRAMS.iter().filter(|program| (self.has)(program))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    C,
    Rust,
}

pub struct Program {
    /// As the table has it.
    pub key: &'static str,
    pub language: Language,
    /// Its file, without extension.
    pub stem: &'static str,
    /// What the compiler of C defines for it.
    pub defines: &'static [&'static str],
    /// Of Rust, the program that does the same without the library.
    pub without: &'static str,
    /// The exchange is in a client's function or future, and not in memory of its own.
    pub is_client: bool,
}

pub const PROGRAMS: &[Program] = &[
    c("c-login", "login"),
    c("c-session", "session"),
    Program { defines: &["-DCREATIO_USUAL", "-DCREATIO_NO_TEXTS"], ..c("c-usual", "all") },
    c("c-all", "all"),
    Program { defines: &["-DCREATIO_NO_TEXTS"], ..c("c-all-silent", "all") },
    rust("rust-login", "login", "login-without"),
    rust("rust-session", "session", "session-without"),
    rust("rust-usual", "usual", "all-without"),
    rust("rust-all", "all", "all-without"),
    client("rust-blocking", "blocking"),
    client("rust-async", ASYNC),
    client("rust-typed", "typed"),
];

/// The chip and the level that the project has set itself targets for.
pub const AIM: (&str, &str) = ("cortex-m4", "Oz");

/// The one with futures.
pub const ASYNC: &str = "asynch";

pub const fn c(key: &'static str, stem: &'static str) -> Program {
    Program { key, language: Language::C, stem, defines: &[], without: "", is_client: false }
}

const fn rust(key: &'static str, stem: &'static str, without: &'static str) -> Program {
    Program { key, language: Language::Rust, stem, defines: &[], without, is_client: false }
}

const fn client(key: &'static str, stem: &'static str) -> Program {
    Program { is_client: true, ..rust(key, stem, "client-without") }
}

/// Where all of the programs are.
pub const DIRECTORY: &str = "examples/firmware-size";
