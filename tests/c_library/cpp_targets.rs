//! The C++ header for machines other than this one: chips, and what a compiler of Windows makes of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::{ROOT, run, scratch, succeed};

const STRICT: [&str; 10] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wshadow",
    "-Wold-style-cast",
    "-Werror",
    "-fno-exceptions",
    "-fno-rtti",
    "-Os",
];
const STANDARDS: [&str; 3] = ["c++17", "c++20", "c++2b"];

/// A login and a call over a port that is written in C.
const PROGRAM: &str = r#"
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include "creatio_auth.hpp"

extern "C" {
bool port_send(const void *bytes, std::size_t len);
std::size_t port_receive(void *room, std::size_t cap);
void port_close();
bool sign_in(const char *password, std::size_t len);
}

namespace {
struct Port {
    static bool send(creatio::ByteView bytes) { return port_send(bytes.data(), bytes.size()); }
    static std::optional<std::size_t> receive(creatio::Bytes room) { return port_receive(room.data(), room.size()); }
    static void close() { port_close(); }
};
std::array<std::uint8_t, 4096> memory;
} // namespace

bool sign_in(const char *password, std::size_t len) {
    Port port;
    std::array<std::uint8_t, 128> buffer;
    const auto site = creatio::Site::parse("https://example.creatio.com", creatio::Runtime::net);
    if (!site) {
        return false;
    }
    creatio::Session session(*site, memory);
    auto login = session.login(creatio::Credentials("Supervisor", {password, len}));
    if (!login || creatio::perform(*login, session, port, buffer) != creatio::Status::ok ||
        !login->login_result(session)->authenticated) {
        return false;
    }
    const auto call = creatio::Call::post("/odata/Contact").with_json(R"({"Name":"Ann"})");
    creatio::Renewal renewal(call, true);
    auto begun = session.call(call);
    return begun && creatio::perform(*begun, session, port, buffer) == creatio::Status::ok &&
           begun->call_result(session)->verdict == creatio::CallVerdict::fine &&
           renewal.after_answer(*begun, session) == creatio::RenewalStep::report;
}
"#;

fn program() -> PathBuf {
    let file = scratch("cpp-targets").join("program.cpp");
    fs::write(&file, PROGRAM).expect("it can be written");
    file
}

fn strict(compiler: &str, standard: &str, options: &[&str]) -> Command {
    let mut command = Command::new(compiler);
    command.arg(format!("-std={standard}")).args(STRICT).args(options).arg(format!("-I{ROOT}/include"));
    command
}

/// Where the standard library for Arm has its headers, which are much the same for any chip.
fn headers_for_chips() -> [String; 3] {
    let looked_for = run(Command::new("arm-none-eabi-g++").args(["-E", "-v", "-x", "c++", "/dev/null"])).stderr;
    let found = looked_for.lines().map(str::trim).filter_map(|line| fs::canonicalize(line).ok());
    let found = found.filter(|path| path.ends_with("newlib") || path.join("string_view").is_file());
    let all: Vec<_> = found.map(|path| path.display().to_string()).collect();
    let of = |name: &str| all.iter().find(|path| Path::new(path).join(name).exists()).expect("it is there").clone();
    let (library, newlib) = (of("string_view"), of("_ansi.h"));
    [format!("-isystem{library}"), format!("-isystem{library}/arm-none-eabi"), format!("-isystem{newlib}")]
}

/// What is linked has to bring nothing of the standard library's, which many a chip has not: all of it is in the headers.
fn wants_the_library_alone(compiler: &mut Command, nm: &str, name: &str) {
    let object = scratch("cpp-targets").join(format!("{name}.o"));
    succeed(compiler.arg("-c").arg(program()).arg("-o").arg(&object));
    let wanted = succeed(Command::new(nm).arg("--undefined-only").arg(&object));
    let wanted: Vec<_> = wanted.lines().filter_map(|line| line.split_whitespace().last()).collect();
    assert!(wanted.contains(&"creatio_session_login"), "{wanted:?}");
    let is_known = |symbol: &&str| {
        ["creatio_", "port_", "mem", "__aeabi_mem"].iter().any(|start| symbol.starts_with(start))
            || **symbol == *"strlen"
    };
    let unknown: Vec<_> = wanted.iter().filter(|symbol| !is_known(symbol)).collect();
    assert!(unknown.is_empty(), "{name}: {unknown:?}");
}

#[test]
#[ignore = "needs the compilers and C++ headers for chips; run by cargo xtask test"]
fn the_cpp_header_serves_chips_without_their_standard_library_being_linked() {
    let chip = ["-ffreestanding", "-fno-threadsafe-statics"];
    for standard in STANDARDS {
        for (cpu, more) in
            [("cortex-m0", "-mfloat-abi=soft"), ("cortex-m4", "-fshort-enums"), ("cortex-a9", "-mthumb")]
        {
            let mut compiler = strict("arm-none-eabi-g++", standard, &chip);
            compiler.args(["-mthumb", more]).arg(format!("-mcpu={cpu}"));
            wants_the_library_alone(&mut compiler, "arm-none-eabi-nm", &format!("{cpu}-{standard}"));
        }
        for (arch, abi) in [("rv32imac", "ilp32"), ("rv64imac", "lp64")] {
            let mut compiler = strict("riscv64-unknown-elf-g++", standard, &chip);
            compiler
                .args([format!("-march={arch}"), format!("-mabi={abi}")])
                .args(["-nostdinc++", "-mcmodel=medany"]);
            wants_the_library_alone(
                compiler.args(headers_for_chips()),
                "riscv64-unknown-elf-nm",
                &format!("{arch}-{standard}"),
            );
        }
    }
}

/// With the language of Microsoft's compiler, by clang: `_MSC_VER` and no `__GNUC__`. Of its library there is nothing here; the
/// headers are those for chips.
#[test]
#[ignore = "needs clang and the C++ headers for chips; run by cargo xtask test"]
fn both_headers_read_as_microsofts_compiler_reads() {
    let microsoft = ["--target=x86_64-pc-windows-msvc", "-fms-compatibility", "-fms-extensions", "-ffreestanding"];
    let scratch = scratch("cpp-targets");
    let c = scratch.join("microsoft.c");
    fs::write(
        &c,
        "#ifndef _MSC_VER\n#error not as it is meant\n#endif\n#include \"creatio_auth.h\"\n\
         int f(creatio_login *login);\nint f(creatio_login *login) {\n    const creatio_login none = CREATIO_INIT;\n    \
         creatio_site site;\n    *login = none;\n    \
         return creatio_site_parse(&site, CREATIO_STR(\"https://a\"), CREATIO_RUNTIME_NET) == CREATIO_OK;\n}\n",
    )
    .expect("it can be written");
    for (language, standards) in [("c", &["c99", "c11", "c17", "c2x"][..]), ("c++", &["c++14", "c++17", "c++20"])] {
        for standard in standards {
            let mut clang = Command::new("clang");
            clang.args(microsoft).args(&STRICT[..4]).args(["-Werror", "-fsyntax-only", "-x", language]);
            succeed(clang.arg(format!("-std={standard}")).arg(format!("-I{ROOT}/include")).arg(&c));
        }
    }
    for standard in STANDARDS {
        let mut clang = strict("clang++", standard, &microsoft);
        // What newlib's headers have of their own for a compiler that is not GNU's.
        clang.args(["-D__STRICT_ANSI__", "-D_BEGIN_STD_C=extern \"C\" {", "-D_END_STD_C=}", "-D_NOTHROW="]);
        succeed(clang.arg("-nostdinc++").args(headers_for_chips()).arg("-fsyntax-only").arg(program()));
    }
}
