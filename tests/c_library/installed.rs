//! The library as it is installed, found by programs outside of this repository: in a tree that has a space in its name and has
//! been moved, from a shell that knows nothing of cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use creatio_emulator::Options;

use crate::build::{ROOT, run, succeed};
use crate::program::{is_good, start};
use crate::shell::{PATH, directory, plain, run_alone, succeed_alone, with_cargo, xtask};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A folder of a test's own, empty.
fn outside(name: &str) -> PathBuf {
    let directory = directory().join(format!("a program by {name}"));
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).expect("it can be made");
    directory
}

/// Where a tree has been moved after the library was installed in it.
fn tree() -> &'static Path {
    static TREE: OnceLock<PathBuf> = OnceLock::new();
    TREE.get_or_init(|| {
        let (built, moved) = (directory().join("a tree"), directory().join("a tree that was moved"));
        for old in [&built, &moved] {
            let _ = fs::remove_dir_all(old);
        }
        succeed_alone(xtask(&["install", "--prefix", "/opt/creatio auth", "--destdir"]).arg(&built));
        fs::rename(&built, &moved).expect("a tree can be moved");
        moved.join("opt/creatio auth")
    })
}

fn copy_login(to: &Path) {
    for name in ["login.c", "client.h", "transport.c", "transport.h", "tls.h"] {
        fs::copy(Path::new(ROOT).join("examples/c").join(name), to.join(name)).expect("it can be copied");
    }
}

/// Signs in, where the loader is told of the tree, or is not.
fn signs_in(program: &Path, libraries: Option<&Path>) {
    let emulator = start(Options::default());
    let mut command = plain(program.to_str().expect("the path is UTF-8"));
    command.args([&emulator.url(), "Supervisor"]).env("CREATIO_PASSWORD", "Supervisor");
    is_good(&run(command.envs(libraries.map(|path| ("LD_LIBRARY_PATH", path)))), &emulator);
}

fn needs(file: &Path) -> Vec<String> {
    let dynamic = succeed(Command::new("readelf").arg("-d").arg(file));
    let needed = dynamic.lines().filter(|line| line.contains("(NEEDED)"));
    needed.filter_map(|line| Some(line.split_once('[')?.1.trim_end_matches(']').to_owned())).collect()
}

/// The name before 1.0, where each minor version is another interface.
fn soname() -> String {
    let mut numbers = VERSION.split('.');
    format!("libcreatio_auth.so.{}.{}", numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
}

/// The guide's words for a shell, in a tree whose name has a space, and what it says of `make`.
#[test]
#[ignore = "needs pkg-config and make; run by cargo xtask test"]
fn a_space_in_the_name_takes_eval_or_make() {
    let (tree, outside) = (tree(), outside("eval"));
    let code = "#include <creatio_auth.h>\nint main(void) { return creatio_version() == 0; }\n";
    fs::write(outside.join("program.c"), code).expect("it can be written");
    let makefile = "flags := $(shell pkg-config --cflags --libs creatio-auth)\nmade: program.c\n\tcc program.c $(flags) -o made\n";
    fs::write(outside.join("Makefile"), makefile).expect("it can be written");
    let page = fs::read_to_string(Path::new(ROOT).join("docs/guide/c.md")).expect("it is committed");
    let says = |words: &str| assert!(page.contains(words), "the guide does not say {words}");
    let build = |script: &str| {
        run(plain("sh").current_dir(&outside).env("PKG_CONFIG_PATH", tree.join("lib/pkgconfig")).args(["-c", script]))
            .code
    };
    let by_hand = "cc program.c $(pkg-config --cflags --libs creatio-auth)";
    let by_eval = format!("eval \"{by_hand}\"");
    says(&format!("\n{by_hand}\n"));
    says(&format!("`{by_eval}`"));
    assert_ne!(build(by_hand), Some(0), "what the shell makes of it is another matter now");
    assert_eq!(build(&by_eval), Some(0));
    assert_eq!(build("make"), Some(0));
    for program in ["a.out", "made"] {
        succeed(plain(outside.join(program).to_str().expect("UTF-8")).env("LD_LIBRARY_PATH", tree.join("lib")));
    }
}

#[test]
#[ignore = "needs pkg-config; run by cargo xtask test"]
fn pkg_config_finds_the_library_both_ways() {
    let (tree, outside) = (tree(), outside("pkg-config"));
    copy_login(&outside);
    let build = |option: &str, name: &str| {
        // Where its flags have an escaped space, only the shell knows.
        let script = format!(
            "flags=$(pkg-config {option} --cflags --libs 'creatio-auth >= {VERSION}') &&
             eval \"cc {option} login.c transport.c $flags -o {name}\""
        );
        succeed(
            plain("sh")
                .current_dir(&outside)
                .env("PKG_CONFIG_PATH", tree.join("lib/pkgconfig"))
                .args(["-e", "-c", &script]),
        );
        outside.join(name)
    };
    let shared = build("", "shared");
    assert!(needs(&shared).contains(&soname()), "{:?}", needs(&shared));
    signs_in(&shared, Some(&tree.join("lib")));

    let all_static = build("--static", "static");
    assert_eq!(needs(&all_static), Vec::<String>::new());
    signs_in(&all_static, None);
}

/// In a namespace of its own, where nothing but what it names itself is there.
#[test]
#[ignore = "needs cargo xtask install; run by cargo xtask test"]
fn the_shared_library_is_complete() {
    let library = tree().join("lib").join(soname());
    assert_eq!(needs(&library), ["libc.so.6"]);
    let outside = outside("the loader");
    let code = "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <stdio.h>\n\
                int main(int count, char **names) {\n\
                void *library = count == 2 ? dlmopen(LM_ID_NEWLM, names[1], RTLD_NOW) : NULL;\n\
                const char *(*version)(void) = NULL;\n\
                if (library == NULL) { puts(dlerror()); return 1; }\n\
                *(void **)&version = dlsym(library, \"creatio_version\");\n\
                return version == NULL || puts(version()) < 0;\n}\n";
    fs::write(outside.join("load.c"), code).expect("it can be written");
    succeed(plain("cc").current_dir(&outside).args(["load.c", "-o", "load"]));
    let said = succeed(plain(outside.join("load").to_str().expect("UTF-8")).arg(&library));
    assert_eq!(said, format!("{VERSION}\n"));
    let unresolved = succeed(plain("ldd").arg("-r").arg(&library));
    assert!(!unresolved.contains("undefined symbol"), "{unresolved}");
}

/// Configures and builds a project.
fn cmake(command: impl Fn() -> Command, source: &Path, options: &[String]) -> PathBuf {
    let build = source.join("build");
    succeed(command().arg("-S").arg(source).arg("-B").arg(&build).args(options));
    succeed(command().arg("--build").arg(&build));
    build
}

/// A project that finds the library by `how` and makes a program with each of these targets.
fn project(name: &str, how: &str, targets: &[&str]) -> PathBuf {
    let source = outside(name);
    copy_login(&source);
    let mut text = format!("cmake_minimum_required(VERSION 3.16)\nproject(outside C)\n{how}\n");
    for target in targets {
        text += &format!(
            "add_executable(by_{target} login.c transport.c)\n\
             target_link_libraries(by_{target} PRIVATE creatio_auth::{target})\n"
        );
    }
    fs::write(source.join("CMakeLists.txt"), text).expect("it can be written");
    source
}

fn prefix_path() -> String {
    format!("-DCMAKE_PREFIX_PATH={}", tree().display())
}

#[test]
#[ignore = "needs cmake; run by cargo xtask test"]
fn cmake_finds_the_installed_library_both_ways() {
    let how = format!("find_package(creatio_auth {VERSION} REQUIRED)");
    let source = project("find_package", &how, &["static", "shared"]);
    let build = cmake(|| plain("cmake"), &source, &[prefix_path()]);
    assert!(!needs(&build.join("by_static")).contains(&soname()));
    signs_in(&build.join("by_static"), None);
    assert!(needs(&build.join("by_shared")).contains(&soname()));
    // CMake has written down in the program where the tree is.
    signs_in(&build.join("by_shared"), None);
}

#[test]
#[ignore = "needs cmake; run by cargo xtask test"]
fn cmake_takes_no_other_version() {
    for version in ["0.0.9", "99.0", "1.0"] {
        let source = project("another version", &format!("find_package(creatio_auth {version} REQUIRED)"), &[]);
        let mut configure = plain("cmake");
        configure.arg("-S").arg(&source).arg("-B").arg(source.join("build"));
        let result = run(configure.arg(prefix_path()));
        assert_ne!(result.code, Some(0), "{result:?}");
        assert!(result.stderr.contains(&format!("version: {VERSION}")), "{result:?}");
    }
}

/// Where a program makes the library a part of itself.
fn subdirectory() -> String {
    format!("add_subdirectory({ROOT:?} creatio_auth)")
}

#[test]
#[ignore = "needs cmake; run by cargo xtask test"]
fn cmake_builds_the_library_with_the_program() {
    let source = project("add_subdirectory", &subdirectory(), &["static", "shared"]);
    let build = cmake(|| with_cargo("cmake"), &source, &[]);
    signs_in(&build.join("by_static"), None);
    assert!(needs(&build.join("by_shared")).contains(&soname()));
    signs_in(&build.join("by_shared"), None);
    // Rust's own parts are left out of it.
    let members = succeed(plain("ar").arg("t").arg(build.join("creatio_auth/libcreatio_auth.a")));
    assert_eq!(members.lines().count(), 1, "{members}");
}

#[test]
#[ignore = "needs cmake and a compiler for chips; run by cargo xtask test"]
fn cmake_builds_the_library_for_a_chip() {
    let source = outside("a chip's CMake");
    let code = "#include <creatio_auth.h>\nint main(void) { return creatio_version() == 0; }\n";
    fs::write(source.join("main.c"), code).expect("it can be written");
    let text = format!(
        "cmake_minimum_required(VERSION 3.16)\nproject(firmware C)\n{}\nadd_executable(firmware main.c)\n\
         target_link_libraries(firmware PRIVATE creatio_auth::static)\n",
        subdirectory()
    );
    fs::write(source.join("CMakeLists.txt"), text).expect("it can be written");
    let options = [
        "-DCMAKE_SYSTEM_NAME=Generic",
        "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
        "-DCMAKE_C_FLAGS=-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 --specs=nosys.specs",
        "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY",
    ];
    // Which of Rust's targets a compiler is for, only its user knows.
    let unnamed = run(with_cargo("cmake").arg("-S").arg(&source).arg("-B").arg(source.join("unnamed")).args(options));
    assert!(unnamed.stderr.contains("CREATIO_AUTH_TARGET"), "{unnamed:?}");
    let mut options = options.map(str::to_owned).to_vec();
    options.push("-DCREATIO_AUTH_TARGET=thumbv7em-none-eabihf".to_owned());
    let build = cmake(|| with_cargo("cmake"), &source, &options);
    let members = succeed(plain("ar").arg("t").arg(build.join("creatio_auth/libcreatio_auth.a")));
    assert_eq!(members.lines().count(), 1, "{members}");
}

#[test]
#[ignore = "needs cmake and a compiler for Windows; run by cargo xtask test"]
fn cmake_finds_the_library_for_windows_both_ways() {
    let prefix = outside("windows");
    succeed_alone(xtask(&["install", "--target", "x86_64-pc-windows-gnu", "--prefix"]).arg(&prefix));
    let source = outside("windows' CMake");
    let code =
        "#include <creatio_auth.h>\n#include <stdio.h>\nint main(void) { return puts(creatio_version()) < 0; }\n";
    fs::write(source.join("main.c"), code).expect("it can be written");
    let text = format!(
        "cmake_minimum_required(VERSION 3.16)\nproject(windows C)\nfind_package(creatio_auth {VERSION} REQUIRED)\n\
         foreach(how static shared)\nadd_executable(${{how}} main.c)\n\
         target_link_libraries(${{how}} PRIVATE creatio_auth::${{how}})\nendforeach()\n"
    );
    fs::write(source.join("CMakeLists.txt"), text).expect("it can be written");
    let options = [
        "-DCMAKE_SYSTEM_NAME=Windows".to_owned(),
        "-DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc".to_owned(),
        format!("-DCMAKE_FIND_ROOT_PATH={}", prefix.display()),
        format!("-DCMAKE_PREFIX_PATH={}", prefix.display()),
    ];
    let build = cmake(|| plain("cmake"), &source, &options);
    let imports = |name: &str| succeed(plain("x86_64-w64-mingw32-objdump").arg("-p").arg(build.join(name)));
    assert!(imports("shared.exe").contains("DLL Name: creatio_auth.dll"));
    assert!(!imports("static.exe").contains("creatio_auth.dll"));
    if !PATH.split(':').any(|directory| Path::new(directory).join("wine").exists()) {
        println!("linked, and not run, since there is no wine");
        return;
    }
    for name in ["static.exe", "shared.exe"] {
        let mut wine = plain("wine");
        wine.env("WINEPREFIX", directory().join("wine")).env("WINEDEBUG", "-all").env("WINEPATH", prefix.join("bin"));
        assert_eq!(succeed(wine.arg(build.join(name))).trim_end(), VERSION, "{name}");
    }
}

#[test]
#[ignore = "needs a cross-compiler; run by cargo xtask test"]
fn a_shared_library_for_another_machine_takes_its_linker() {
    let prefix = outside("another machine");
    let install = |options: &[&str], linker: Option<&str>| {
        let mut command = xtask(&["install", "--target", "s390x-unknown-linux-gnu", "--prefix"]);
        command.arg(&prefix).args(options);
        run_alone(command.envs(linker.map(|name| ("CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER", name))))
    };
    let without = install(&[], None);
    assert_eq!(without.code, Some(1), "{without:?}");
    assert!(
        without.stderr.contains("CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER, or say --no-shared"),
        "{without:?}"
    );
    assert!(!prefix.join("lib").exists(), "a failed installation leaves nothing");
    let alone = install(&["--no-shared"], None);
    assert_eq!(alone.code, Some(0), "{alone:?}");
    assert!(!prefix.join("lib").join(soname()).exists());
    let with = install(&[], Some("s390x-linux-gnu-gcc"));
    assert_eq!(with.code, Some(0), "{with:?}");
    assert_eq!(needs(&prefix.join("lib").join(soname())), ["libc.so.6"]);
}

#[test]
#[ignore = "needs cmake; run by cargo xtask test"]
fn cmake_takes_a_built_archive_where_there_is_no_cargo() {
    let source = project("an archive", &subdirectory(), &["static"]);
    let configure = |archive: Option<&Path>| {
        let mut command = plain("cmake");
        command.arg("-S").arg(&source).arg("-B").arg(source.join("build")).arg("-DCREATIO_AUTH_CARGO=NOTFOUND");
        command.args(archive.map(|path| format!("-DCREATIO_AUTH_ARCHIVE={}", path.display())));
        run(&mut command)
    };
    if !Path::new("/usr/bin/cargo").exists() {
        let without = configure(None);
        assert_ne!(without.code, Some(0));
        assert!(without.stderr.contains("CREATIO_AUTH_ARCHIVE"), "{without:?}");
    }
    let built = source.join("built elsewhere");
    let host = succeed(with_cargo("rustc").arg("-vV"));
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names it").to_owned();
    succeed_alone(xtask(&["archive", "--target", &host, "--out"]).arg(&built));
    let archive = built.join("libcreatio_auth.a");
    let with = configure(Some(&archive));
    assert_eq!(with.code, Some(0), "{with:?}");
    succeed(plain("cmake").arg("--build").arg(source.join("build")));
    signs_in(&source.join("build/by_static"), None);

    // The checksum beside it counts.
    let mut bytes = fs::read(&archive).expect("it is there");
    *bytes.last_mut().expect("it is not empty") ^= 1;
    fs::write(&archive, bytes).expect("it can be written");
    let damaged = configure(Some(&archive));
    assert_ne!(damaged.code, Some(0));
    assert!(damaged.stderr.contains(".sha256"), "{damaged:?}");
}

#[test]
#[ignore = "needs cmake; run by cargo xtask test"]
fn the_example_for_cmake_signs_in() {
    let (example, build) = (Path::new(ROOT).join("examples/cmake"), outside("the example"));
    succeed(plain("cmake").arg("-S").arg(example).arg("-B").arg(&build).arg(prefix_path()));
    succeed(plain("cmake").arg("--build").arg(&build));
    signs_in(&build.join("login"), None);
    // By these words.
    let page = fs::read_to_string(Path::new(ROOT).join("docs/guide/c.md")).expect("it is committed");
    for words in [
        "\ncmake -S examples/cmake -B build && cmake --build build\n",
        "\ncargo run -p creatio-emulator -- --port 8080\n",
        "\nCREATIO_PASSWORD=Supervisor build/login http://127.0.0.1:8080 Supervisor\n",
    ] {
        assert!(page.contains(words), "the guide does not say {words}");
    }
}

/// Where it is not installed, by FetchContent.
#[test]
#[ignore = "needs cmake; run by cargo xtask test"]
fn the_example_for_cmake_fetches_what_is_not_installed() {
    let (example, build) = (Path::new(ROOT).join("examples/cmake"), outside("the example that fetches"));
    let configure = ["-DCMAKE_DISABLE_FIND_PACKAGE_creatio_auth=ON", "-S"];
    succeed(with_cargo("cmake").args(configure).arg(example).arg("-B").arg(&build));
    succeed(with_cargo("cmake").arg("--build").arg(&build));
    assert!(build.join("_deps").is_dir(), "it has fetched nothing");
    signs_in(&build.join("login"), None);
}

/// A program in C++ has its headers where those of C are.
#[test]
#[ignore = "needs cmake and libssl-dev; run by cargo xtask test"]
fn the_example_in_cpp_finds_the_installed_library_and_signs_in() {
    let (example, build) = (Path::new(ROOT).join("examples/cpp"), outside("the example in C++"));
    succeed(plain("cmake").arg("-S").arg(example).arg("-B").arg(&build).arg(prefix_path()));
    let cache = fs::read_to_string(build.join("CMakeCache.txt")).expect("CMake has written it");
    let found = tree().join("lib/cmake/creatio_auth");
    assert!(cache.contains(&format!("creatio_auth_DIR:PATH={}", found.display())), "it builds one of its own");
    succeed(plain("cmake").arg("--build").arg(&build));
    let emulator = start(Options::default());
    let mut command = plain(build.join("login").to_str().expect("the path is UTF-8"));
    command.args([&emulator.url(), "Supervisor", "net-framework"]).env("CREATIO_PASSWORD", "Supervisor");
    assert!(succeed(&mut command).contains("_AUTHENTICATED (signed in)"));
}

/// The header then declares none, in C and by CMake.
#[test]
#[ignore = "needs pkg-config; run by cargo xtask test"]
fn a_library_without_texts_says_so() {
    let prefix = outside("a lean library");
    succeed_alone(xtask(&["install", "--no-shared", "--prefix"]).arg(&prefix).args([
        "--",
        "--no-default-features",
        "--features",
        "panic-handler",
    ]));
    let flags = |prefix: &Path| {
        let mut pkg_config = plain("pkg-config");
        succeed(pkg_config.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")).args(["--cflags", "creatio-auth"]))
    };
    assert!(flags(&prefix).contains("-DCREATIO_NO_TEXTS"), "{}", flags(&prefix));
    assert!(!flags(tree()).contains("-D"), "{}", flags(tree()));
    let source = outside("a lean program");
    let how = format!(
        "find_package(creatio_auth {VERSION} REQUIRED)\n\
         get_target_property(flags creatio_auth::static INTERFACE_COMPILE_OPTIONS)\n\
         message(STATUS \"flags: ${{flags}}\")\n"
    );
    fs::write(source.join("CMakeLists.txt"), format!("cmake_minimum_required(VERSION 3.16)\nproject(lean C)\n{how}"))
        .expect("it can be written");
    let mut configure = plain("cmake");
    configure.arg("-S").arg(&source).arg("-B").arg(source.join("build"));
    let said = succeed(configure.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())));
    assert!(said.contains("flags: -DCREATIO_NO_TEXTS\n"), "{said}");
}

#[test]
#[ignore = "needs cargo xtask install; run by cargo xtask test"]
fn uninstall_leaves_what_others_have_installed() {
    let prefix = outside("uninstall");
    let text = prefix.to_str().expect("the path is UTF-8");
    succeed_alone(&mut xtask(&["install", "--no-shared", "--prefix", text]));
    assert!(prefix.join("lib/libcreatio_auth.a").is_file() && prefix.join("include/creatio_auth.h").is_file());
    // An older version's, and another library's.
    for name in ["libcreatio_auth.so.0.0.9", "libother.a", "pkgconfig/other.pc"] {
        fs::write(prefix.join("lib").join(name), "").expect("it can be written");
    }
    succeed_alone(&mut xtask(&["uninstall", "--prefix", text]));
    let find = succeed(plain("find").current_dir(&prefix).args([".", "-type", "f"]));
    let mut left: Vec<&str> = find.lines().collect();
    left.sort_unstable();
    assert_eq!(left, ["./lib/libother.a", "./lib/pkgconfig/other.pc"]);
    assert!(!prefix.join("lib/cmake/creatio_auth").exists());
}
