//! The packages for other people's build systems. Their ports sign in on this machine, over stand-ins for the systems that they are
//! for; for the chips they are compiled against the headers of the stand-ins, and linked with the archives.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use creatio_emulator::Options;

use crate::build::{ROOT, Run, archive, cc, compiler, run, scratch, succeed};
use crate::program::start;
use crate::shell::{succeed_alone, with_cargo, xtask};

/// A port and the stand-in for its system, both in C or C++.
struct Port {
    name: &'static str,
    /// Below `packaging`.
    source: &'static str,
    /// Below `tests/packaging`.
    stand_in: &'static [&'static str],
    /// Below both of them.
    includes: &'static [&'static str],
    standard: &'static str,
}

const PORTS: [Port; 3] = [
    Port {
        name: "esp-idf",
        source: "esp-idf/port.c",
        stand_in: &["main.c", "esp_idf/esp_tls.c"],
        includes: &["esp_idf"],
        standard: "gnu17",
    },
    Port {
        name: "zephyr",
        source: "zephyr/port.c",
        stand_in: &["main.c", "zephyr/socket.c"],
        includes: &["zephyr"],
        standard: "gnu17",
    },
    Port {
        name: "arduino",
        source: "arduino/src/port.cpp",
        stand_in: &["arduino/main.cpp"],
        includes: &["arduino", "arduino/src"],
        standard: "gnu++17",
    },
];

const ZEPHYR_SETTINGS: [&str; 2] = ["-DCONFIG_NET_SOCKETS_SOCKOPT_TLS=1", "-DCONFIG_CREATIO_AUTH_SEC_TAG=1"];

fn packaging(name: &str) -> PathBuf {
    Path::new(ROOT).join("packaging").join(name)
}

fn stand_in(name: &str) -> PathBuf {
    Path::new(ROOT).join("tests/packaging").join(name)
}

impl Port {
    fn options(&self) -> Vec<String> {
        let folders = self.includes.iter().flat_map(|name| [packaging(name), stand_in(name)]);
        let include = |folder: PathBuf| format!("-I{}", folder.display());
        let mut options: Vec<String> = folders.chain([packaging("port")]).map(include).collect();
        options.extend(ZEPHYR_SETTINGS.map(str::to_owned));
        options
    }

    /// A program for this machine.
    fn program(&self) -> PathBuf {
        let scratch = scratch("packaging");
        let object = |source: &Path, standard: &str, name: &str| {
            let object = scratch.join(format!("{}-{name}.o", self.name));
            let command = if standard.contains("++") { "g++" } else { "gcc" };
            let mut compiler = compiler(command, standard);
            succeed(compiler.args(self.options()).arg("-c").arg(source).arg("-o").arg(&object));
            object
        };
        let mut objects = vec![
            object(&packaging(self.source), self.standard, "port"),
            object(&packaging("port/creatio_port.c"), "c99", "loop"),
            object(&stand_in("connection.c"), "gnu17", "connection"),
        ];
        for (number, source) in self.stand_in.iter().enumerate() {
            objects.push(object(&stand_in(source), self.standard, &number.to_string()));
        }
        let program = scratch.join(self.name);
        succeed(Command::new("g++").args(objects).arg(archive()).arg("-o").arg(&program));
        program
    }
}

/// All of them, in the order of `PORTS`.
fn programs() -> &'static [PathBuf] {
    static PROGRAMS: OnceLock<Vec<PathBuf>> = OnceLock::new();
    PROGRAMS.get_or_init(|| PORTS.iter().map(Port::program).collect())
}

fn sign_in(program: &Path, url: &str, password: &str) -> Run {
    run(Command::new(program).args([url, password]))
}

#[test]
#[ignore = "needs gcc and g++; run by cargo xtask test"]
fn the_ports_sign_in_over_stand_ins_for_their_systems() {
    for (port, program) in PORTS.iter().zip(programs()) {
        for chunk_size in [None, std::num::NonZeroUsize::new(1)] {
            let emulator = start(Options { chunk_size, ..Options::default() });
            let result = sign_in(program, &emulator.url(), "Supervisor");
            assert_eq!(result.code, Some(0), "{}: {result:?}", port.name);
            assert!(result.stdout.contains("AUTHENTICATED"), "{}: {result:?}", port.name);
            let result = sign_in(program, &emulator.url(), "wrong");
            assert_eq!(result.code, Some(1), "{}: {result:?}", port.name);
            assert!(result.stdout.contains("REJECTED"), "{}: {result:?}", port.name);
            assert_eq!(emulator.counters().logins, 2);
        }
        let nobody = sign_in(program, "http://127.0.0.1:1", "Supervisor");
        assert_eq!(nobody.code, Some(1), "{}: {nobody:?}", port.name);
        assert!(nobody.stdout.starts_with("no sign-in: no connection (-"), "{}: {nobody:?}", port.name);
    }
}

#[test]
fn a_port_over_which_sending_fails_gives_the_answer_that_has_come_before() {
    let program = scratch("packaging").join("unsent");
    let mut compiler = compiler(&cc(), "c99");
    compiler.arg(format!("-I{}", packaging("port").display()));
    compiler.args([stand_in("unsent.c"), packaging("port/creatio_port.c"), archive()]).arg("-o").arg(&program);
    succeed(&mut compiler);
    succeed(&mut Command::new(program));
}

#[test]
#[ignore = "needs gcc and g++; run by cargo xtask test"]
fn the_ports_ask_for_tls_and_a_checked_certificate_where_the_url_says_https() {
    for (port, program) in PORTS.iter().zip(programs()) {
        let result = sign_in(program, "https://crm.example.com:8443/base", "Supervisor");
        assert_eq!(result.code, Some(1), "{}: {result:?}", port.name);
        let wanted = "TLS to crm.example.com port 8443, checked\nno sign-in: no connection (-";
        assert!(result.stdout.starts_with(wanted), "{}: {result:?}", port.name);
    }
}

/// What `cargo xtask package` has made, with a space in its name.
fn packages() -> &'static Path {
    static PACKAGES: OnceLock<PathBuf> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let out = scratch("packaging").join("all packages");
        succeed_alone(xtask(&["package", "--out"]).arg(&out));
        out
    })
}

const ARM: &str = "arm-none-eabi-gcc";
const RISCV: &str = "riscv64-unknown-elf-gcc";

/// A target, its compiler and that one's options, and where Zephyr's or Espressif's build finds out that it is the one.
const CHIPS: [(&str, &str, &str, &str); 9] = [
    ("thumbv6m-none-eabi", ARM, "-mcpu=cortex-m0plus -mthumb", "-DCONFIG_CPU_CORTEX_M0PLUS=y"),
    ("thumbv7m-none-eabi", ARM, "-mcpu=cortex-m3 -mthumb", "-DCONFIG_CPU_CORTEX_M3=y"),
    ("thumbv7em-none-eabi", ARM, "-mcpu=cortex-m4 -mthumb", "-DCONFIG_CPU_CORTEX_M4=y"),
    (
        "thumbv7em-none-eabihf",
        ARM,
        "-mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16",
        "-DCONFIG_CPU_CORTEX_M7=y -DCONFIG_FP_HARDABI=y",
    ),
    ("thumbv8m.main-none-eabi", ARM, "-mcpu=cortex-m33+nofp -mthumb", "-DCONFIG_CPU_CORTEX_M33=y"),
    (
        "thumbv8m.main-none-eabihf",
        ARM,
        "-mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16",
        "-DCONFIG_CPU_CORTEX_M33=y -DCONFIG_FP_HARDABI=y",
    ),
    ("riscv32imc-unknown-none-elf", RISCV, "-march=rv32imc -mabi=ilp32", "-DCONFIG_RISCV_ISA_EXT_C=y"),
    ("riscv32imac-unknown-none-elf", RISCV, "-march=rv32imac -mabi=ilp32", "-DCONFIG_RISCV_ISA_EXT_A=y"),
    (
        "riscv32imafc-unknown-none-elf",
        RISCV,
        "-march=rv32imafc -mabi=ilp32f",
        "-DCONFIG_RISCV_ISA_EXT_A=y -DCONFIG_FLOAT_HARD=y",
    ),
];

/// Configures and builds a package as its system would, for a chip; returns the command that links.
fn build_package(system: &str, package: &str, chip: (&str, &str, &str), settings: &[&str]) -> String {
    let (target, compiler, flags) = chip;
    let specs = if compiler == ARM { "nosys.specs" } else { "picolibc.specs" };
    let build = scratch("packaging").join(format!("{system} {target} {}", settings.join("")));
    let mut configure = with_cargo("cmake");
    configure.arg("-S").arg(stand_in(system)).arg("-B").arg(&build).args(settings);
    configure.arg(format!("-DPACKAGE={}", packages().join(package).join("creatio_auth").display()));
    configure.args(["-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY"]);
    configure.arg(format!("-DCMAKE_C_COMPILER={compiler}"));
    configure.arg(format!("-DCMAKE_C_FLAGS={flags} --specs={specs} -Os -Wall -Wextra -Werror"));
    // The stand-ins have no functions for a chip, and what starts one is a board's.
    configure.arg("-DCMAKE_EXE_LINKER_FLAGS=-nostartfiles -Wl,-e,main,--unresolved-symbols=ignore-in-object-files");
    succeed(&mut configure);
    succeed(with_cargo("cmake").arg("--build").arg(&build));
    std::fs::read_to_string(build.join("CMakeFiles/firmware.dir/link.txt")).expect("it is built by make")
}

#[test]
#[ignore = "needs cmake and compilers for chips; run by cargo xtask test"]
fn the_module_for_zephyr_builds_with_the_archive_of_each_chip() {
    for (target, compiler, flags, settings) in CHIPS {
        let mut settings: Vec<&str> = settings.split(' ').collect();
        if compiler == ARM {
            settings.push("-DCONFIG_CPU_CORTEX_M=y");
        }
        let linked = build_package("zephyr", "zephyr", (target, compiler, flags), &settings);
        assert!(linked.contains(&format!("/lib/{target}/libcreatio_auth.a")), "{target}: {linked}");
    }
}

#[test]
#[ignore = "needs cmake and compilers for chips; run by cargo xtask test"]
fn the_component_for_esp_idf_builds_with_the_archive_of_each_chip() {
    for (name, target) in
        [("esp32c3", CHIPS[6].0), ("esp32c6", CHIPS[7].0), ("esp32h2", CHIPS[7].0), ("esp32p4", CHIPS[8].0)]
    {
        let (_, compiler, flags, _) = CHIPS.into_iter().find(|chip| chip.0 == target).expect("it is there");
        let setting = format!("-DIDF_TARGET={name}");
        let linked = build_package("esp_idf", "esp-idf", (target, compiler, flags), &[&setting]);
        assert!(linked.contains(&format!("/lib/{target}/libcreatio_auth.a")), "{name}: {linked}");
    }
}

#[test]
#[ignore = "needs compilers for chips; run by cargo xtask test"]
fn a_port_out_of_the_template_links_with_nothing_but_a_c_library() {
    for (target, compiler, flags, _) in CHIPS {
        let package = packages().join("zephyr/creatio_auth");
        let specs = if compiler == ARM { "nosys.specs" } else { "picolibc.specs" };
        let mut command = Command::new(compiler);
        command.args(flags.split(' ')).arg(format!("--specs={specs}")).args(["-std=c99", "-Os", "-Wall", "-Wextra"]);
        command.args(["-Wpedantic", "-Wconversion", "-Werror", "-Wl,--gc-sections"]);
        if compiler == RISCV {
            // picolibc has its standard streams from a program that is to run somewhere.
            command.args(["--oslib=semihost", "--crt0=hosted"]);
        }
        command.arg("-I").arg(package.join("include")).arg("-I").arg(package.join("port")).arg(stand_in("main.c"));
        command.args(["creatio_port.c", "template.c"].map(|name| package.join("port").join(name)));
        command.arg(package.join("lib").join(target).join("libcreatio_auth.a"));
        succeed(command.arg("-o").arg(scratch("packaging").join(format!("template-{target}"))));
    }
}

#[test]
#[ignore = "needs tools for chips; run by cargo xtask test"]
fn beside_each_archive_stand_its_checksum_and_what_it_needs() {
    for (target, compiler, ..) in CHIPS {
        let folder = packages().join("zephyr/creatio_auth/lib").join(target);
        succeed(Command::new("sha256sum").current_dir(&folder).args(["-c", "libcreatio_auth.a.sha256"]));
        let nm = compiler.replace("gcc", "nm");
        let listed =
            succeed(Command::new(nm).current_dir(&folder).args(["--undefined-only", "-j", "libcreatio_auth.a"]));
        // The first lines name the object.
        let mut symbols: Vec<&str> = listed.lines().filter(|line| !line.is_empty() && !line.ends_with(':')).collect();
        symbols.sort_unstable();
        let needs = std::fs::read_to_string(folder.join("libcreatio_auth.a.needs")).expect("it is there");
        assert_eq!(needs.lines().collect::<Vec<_>>(), symbols, "{target}");
        let is_memory = |name: &&str| name.trim_start_matches("__aeabi_").starts_with("mem");
        let others: Vec<&str> = symbols.into_iter().filter(|name| !is_memory(name)).collect();
        // The Cortex-M0 has no instructions for these, and every compiler brings functions.
        let arithmetic =
            if target == "thumbv6m-none-eabi" { vec!["__aeabi_lmul", "__aeabi_uidiv"] } else { Vec::new() };
        assert_eq!(others, arithmetic, "{target}");
    }
}

#[test]
#[ignore = "needs a compiler of C++ for chips; run by cargo xtask test"]
fn the_port_to_arduino_compiles_for_chips() {
    let source = packages().join("arduino/creatio_auth/src");
    for (compiler, flags) in [("arm-none-eabi-g++", CHIPS[0].2), ("arm-none-eabi-g++", CHIPS[3].2)] {
        let mut command = Command::new(compiler);
        command.args(flags.split(' ')).args(["-std=gnu++11", "-Os", "-Wall", "-Wextra", "-Werror", "-c"]);
        command.arg("-I").arg(&source).arg("-I").arg(stand_in("arduino")).arg(source.join("port.cpp"));
        succeed(command.arg("-o").arg(scratch("packaging").join("arduino-port.o")));
    }
}

/// `archive.py` as PlatformIO runs it, for a board of this chip and these flags; what it says to the linker.
fn platformio(chip: &str, flags: &str) -> Run {
    let code = "import sys\n\
                class Env(dict):\n    \
                def BoardConfig(self): return {'build.mcu': sys.argv[1], 'build.cpu': sys.argv[1]}\n    \
                def Flatten(self, flags): return flags\n    \
                def Append(self, LIBPATH, LIBS): print(LIBPATH[0].split('/src/')[1], *LIBS)\n\
                env = Env(CCFLAGS=sys.argv[2].split())\n\
                exec(open('archive.py').read(), {'Import': lambda name: None, 'env': env})\n";
    let mut python = Command::new("python3");
    run(python.current_dir(packages().join("arduino/creatio_auth")).args(["-c", code, chip, flags]))
}

#[test]
#[ignore = "needs python3; run by cargo xtask test"]
fn platformio_takes_the_archive_of_a_boards_chip() {
    for (chip, flags, folder) in [
        ("cortex-m0plus", "-mthumb", "cortex-m0plus"),
        ("cortex-m4", "-mfpu=fpv4-sp-d16 -mfloat-abi=hard", "cortex-m4/fpv4-sp-d16-hard"),
        ("cortex-m4", "-mfloat-abi=softfp -mfpu=fpv4-sp-d16", "cortex-m4/fpv4-sp-d16-softfp"),
        ("cortex-m4", "-mfloat-abi=soft", "cortex-m4"),
        ("esp32c3", "", "esp32c3"),
    ] {
        let result = platformio(chip, flags);
        assert_eq!(result.stdout, format!("{folder} creatio_auth\n"), "{result:?}");
    }
    for chip in ["esp32", "esp32s3", "cortex-a7", "atmega328p"] {
        let result = platformio(chip, "");
        assert_eq!(result.code, Some(1), "{result:?}");
        assert!(result.stderr.contains("no archive for this board"), "{result:?}");
    }
}

#[test]
fn the_manifests_are_templates_of_what_they_should_be() {
    let json = std::fs::read_to_string(packaging("arduino/library.json.in")).expect("it is there");
    let manifest: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(manifest["name"], "creatio_auth");
    assert_eq!(manifest["version"], "@VERSION@");
    assert!(packaging("arduino").join(manifest["build"]["extraScript"].as_str().expect("a name")).is_file());
    let properties = std::fs::read_to_string(packaging("arduino/library.properties.in")).expect("it is there");
    for name in
        ["name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"]
    {
        assert!(properties.lines().any(|line| line.starts_with(&format!("{name}="))), "{name}");
    }
}
