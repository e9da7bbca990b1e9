//! The C++ header, `tests/cpp` and `examples/cpp`.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

use creatio_emulator::{Emulator, EndedSession, Options, Runtime, WrongPassword};

use crate::breaking;
use crate::build::{ROOT, archive, cc, compiler, run, scratch, succeed, valgrind};
use crate::interface::passes;
use crate::program::{is_error, start, with_password};

const FLAGS: [&str; 4] = ["-Wshadow", "-Wold-style-cast", "-fno-exceptions", "-fno-rtti"];
const STANDARDS: [&str; 3] = ["c++17", "c++20", "c++2b"];
const HEADERS: [&str; 4] =
    ["creatio_auth.hpp", "creatio_auth_data.hpp", "creatio_auth_perform.hpp", "creatio_auth_words.hpp"];

/// A machine without a C++ compiler leaves these tests out, unless they are for such machines.
fn cxx() -> Option<String> {
    let cxx = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let is_there = Command::new(&cxx).arg("--version").output().is_ok();
    if !is_there {
        println!("no C++ compiler ({cxx}): left out");
    }
    is_there.then_some(cxx)
}

/// A compiler with all that it can find fault with.
fn strict(cxx: &str, standard: &str) -> Command {
    let mut compiler = compiler(cxx, standard);
    compiler.args(FLAGS).arg(format!("-I{ROOT}/examples/c"));
    compiler
}

fn source(name: &str) -> PathBuf {
    Path::new(ROOT).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(source(name)).expect("it is there")
}

fn link_tests(mut compiler: Command, cxx: &str, name: &str) -> PathBuf {
    let scratch = scratch("cpp-tests");
    let (object, checks, program) =
        (scratch.join(format!("{name}.o")), scratch.join(format!("{name}-check.o")), scratch.join(name));
    succeed(compiler.arg("-c").arg(source("tests/cpp/main.cpp")).arg("-o").arg(&object));
    // It is C as much as C++, which has its own casts.
    let mut check = self::compiler(cxx, "c++17");
    succeed(check.arg("-c").arg(source("tests/c/check.c")).arg("-o").arg(&checks));
    let mut link = Command::new(cxx);
    link.args(compiler.get_args().filter(|flag| flag.to_string_lossy().starts_with("-fsanitize")));
    succeed(link.args([&object, &checks, &archive()]).arg("-o").arg(&program));
    program
}

#[test]
fn the_cpp_header_does_what_it_says() {
    if let Some(cxx) = cxx() {
        passes(&mut Command::new(link_tests(strict(&cxx, "c++17"), &cxx, "plain")));
    }
}

#[test]
#[ignore = "needs g++ and clang++; run by cargo xtask test"]
fn two_compilers_like_it_in_three_standards() {
    for cxx in ["g++", "clang++"] {
        for standard in STANDARDS {
            for header in HEADERS {
                let alone = scratch("cpp-headers").join("alone.cpp");
                fs::write(&alone, format!("#include \"{header}\"\n#include \"{header}\"\n"))
                    .expect("it can be written");
                succeed(strict(cxx, standard).arg("-fsyntax-only").arg(&alone));
                succeed(strict(cxx, standard).args(["-DCREATIO_NO_TEXTS", "-fsyntax-only"]).arg(&alone));
            }
            passes(&mut Command::new(link_tests(strict(cxx, standard), cxx, &format!("{cxx}-{standard}"))));
            for example in ["login", "session"] {
                succeed(
                    strict(cxx, standard).arg("-fsyntax-only").arg(source(&format!("examples/cpp/{example}.cpp"))),
                );
            }
        }
    }
}

#[test]
#[ignore = "needs clang-tidy; run by cargo xtask test"]
fn clang_tidy_likes_it() {
    for file in ["tests/cpp/main.cpp", "examples/cpp/login.cpp", "examples/cpp/session.cpp"] {
        let mut tidy = Command::new("clang-tidy");
        tidy.current_dir(ROOT).args(["--quiet", "--config-file=.clang-tidy", file]);
        succeed(tidy.args(["--", "-std=c++17", "-Iinclude", "-Iexamples/c"]));
    }
}

#[test]
#[ignore = "needs valgrind and g++'s sanitizers; run by cargo xtask test"]
fn nothing_is_found_in_what_uses_the_cpp_header() {
    passes(valgrind().arg(link_tests(strict("g++", "c++17"), "g++", "under-valgrind")));
    let mut sanitized = strict("g++", "c++20");
    sanitized.args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
    passes(&mut Command::new(link_tests(sanitized, "g++", "sanitized")));
}

/// Nothing is allocated and nothing thrown: what a program that uses it all wants of others is not there for that.
#[test]
fn the_cpp_header_allocates_nothing_and_throws_nothing() {
    let Some(cxx) = cxx() else { return };
    let object = scratch("cpp-symbols").join("login.o");
    // With exceptions, too, lest they be missed for being off.
    let mut compile = compiler(&cxx, "c++17");
    compile.arg(format!("-I{ROOT}/examples/c")).arg("-c").arg(source("examples/cpp/login.cpp"));
    succeed(compile.arg("-o").arg(&object));
    let symbols = succeed(Command::new("nm").args(["-C", "--undefined-only"]).arg(&object));
    assert!(symbols.contains("creatio_session_login"), "{symbols}");
    for unwanted in ["operator new", "malloc", "__cxa_throw", "std::"] {
        assert!(!symbols.contains(unwanted), "{unwanted}: {symbols}");
    }
}

/// Each of these is a mistake, and does not compile.
#[test]
fn mistakes_do_not_compile() {
    let Some(cxx) = cxx() else { return };
    let file = scratch("cpp-mistakes").join("mistake.cpp");
    let compile = |line: &str| {
        let text = format!(
            "#include <array>\n#include <string>\n#include \"creatio_auth.hpp\"\n\
             std::string made();\n\
             void f(creatio::Session &session, creatio::Exchange &exchange, std::array<char, 9> &buffer);\n\
             void f(creatio::Session &session, creatio::Exchange &exchange, std::array<char, 9> &buffer) {{\n{line}\n\
             (void)session; (void)exchange; (void)buffer;\n}}\n"
        );
        fs::write(&file, text).expect("it can be written");
        run(strict(&cxx, "c++17").arg("-fsyntax-only").arg(&file))
    };
    assert_eq!(compile("").code, Some(0));
    for right in [
        "if (exchange.fill(session, buffer)) {}",
        "std::string path = made(), json = made(); auto call = creatio::Call::post(path).with_json(json); static_cast<void>(call);",
        "auto encoded = creatio::encode_json(made(), buffer); static_cast<void>(encoded);",
        "static_cast<void>(session.set_time(1));",
        "static_cast<void>(exchange.fill(session, buffer));",
    ] {
        let result = compile(right);
        assert_eq!(result.code, Some(0), "{right}: {}", result.stderr);
    }
    for (mistake, told) in [
        ("exchange.fill(session, buffer);", "nodiscard"),
        ("exchange.close(session);", "nodiscard"),
        ("session.login(creatio::Credentials(\"a\", \"b\"));", "nodiscard"),
        ("creatio::Call::get(\"/a\").with_json(\"{}\");", "nodiscard"),
        ("auto copy = session;", "deleted"),
        ("auto site = creatio::Site::parse(made(), creatio::Runtime::net);", "deleted"),
        ("if (session.set_user_agent(made()) == creatio::Status::ok) {}", "deleted"),
        ("auto call = creatio::Call::get(\"/odata/\" + made());", "deleted"),
        ("auto call = creatio::Call::post(\"/a\").with_json(made());", "deleted"),
        ("auto call = creatio::Call::post(\"/a\").with_body(made(), \"text/plain\");", "deleted"),
        ("auto who = creatio::Credentials(\"a\", made());", "deleted"),
        ("if (exchange.http_status() == creatio::Status::ok) {}", "no match for"),
        ("const char *name = creatio::name(creatio::Runtime::net);", "no matching function"),
    ] {
        let result = compile(mistake);
        assert_ne!(result.code, Some(0), "{mistake}");
        let is_told =
            result.stderr.contains(told) || told == "no match for" && result.stderr.contains("invalid operands");
        assert!(is_told, "{mistake}: {}", result.stderr);
    }
}

/// Compiles as it stands, and does what it says where the site is another.
#[test]
fn what_the_guide_shows_creates_a_contact() {
    let Some(cxx) = cxx() else { return };
    let page = read("docs/guide/cpp.md");
    let (_, rest) = page.split_once("```cpp\n").expect("the page has C++");
    let (sample, _) = rest.split_once("```").expect("it ends");
    let (directory, emulator) = (scratch("cpp-readme"), start(Options::default()));
    let own = "extern const char program[] = \"readme\";\n\
               int main() { return create_contact(\"Supervisor\") ? 0 : 1; }\n";
    let write = |name: &str, text: &str| {
        let file = directory.join(name);
        fs::write(&file, text).expect("it can be written");
        file
    };
    let as_it_stands = write("as_it_stands.cpp", sample);
    let examples = format!("-I{ROOT}/examples/cpp");
    succeed(strict(&cxx, "c++17").arg(&examples).arg("-fsyntax-only").arg(as_it_stands));

    assert!(sample.contains("https://example.creatio.com"));
    let source = write("readme.cpp", &(sample.replace("https://example.creatio.com", &emulator.url()) + own));
    let program = linked(strict(&cxx, "c++17").arg(&examples).arg(source), "readme");
    let before = emulator.records("Contact").map(|records| records.len());
    assert_eq!(succeed(&mut Command::new(&program)), "signed in\n");
    assert_eq!(emulator.records("Contact").map(|records| records.len() - 1), before);
    assert_eq!((emulator.counters().logins, emulator.counters().writes), (1, 1));
    drop(emulator);
    assert_eq!(run(&mut Command::new(program)).code, Some(1));
}

/// The sample of a call that signs in by itself: three calls with tickets that end after each are three logins, one refused login is one.
#[test]
fn what_the_guide_shows_of_a_renewal_signs_in_by_itself() {
    let Some(cxx) = cxx() else { return };
    let page = read("docs/guide/cpp.md");
    let samples: Vec<_> =
        page.split("```cpp\n").skip(1).map(|rest| rest.split_once("```").expect("it ends").0).collect();
    let includes: String =
        samples[0].lines().filter(|line| line.starts_with("#include")).map(|line| format!("{line}\n")).collect();
    let options = Options { calls_per_ticket: std::num::NonZeroU32::new(1), ..Options::default() };
    let (directory, emulator) = (scratch("cpp-renewal"), start(options));
    let own = format!(
        "extern const char program[] = \"renewal\";\n\
         int main(int, char **words) {{\n\
         std::array<std::uint8_t, 4096> memory;\nstd::array<std::uint8_t, 512> buffer;\nSocket connection;\n\
         const auto site = creatio::Site::parse(\"{}\", creatio::Runtime::net_framework);\n\
         creatio::Session session(*site, memory);\n\
         const auto call = creatio::Call::post(\"/odata/Contact\").with_json(R\"({{\"Name\":\"Ann\"}})\");\n\
         for (int i = 0; i < 3; i++) {{\n\
         if (!make(session, *site, connection, buffer, call, words[1])) return 1;\n}}\nreturn 0;\n}}\n",
        emulator.url()
    );
    let file = directory.join("renewal.cpp");
    fs::write(&file, includes + samples[1] + &own).expect("it can be written");
    let program = linked(strict(&cxx, "c++17").arg(format!("-I{ROOT}/examples/cpp")).arg(file), "renewal");
    let before = emulator.records("Contact").map(|records| records.len());
    let said = succeed(Command::new(&program).arg("Supervisor"));
    assert_eq!(said, "the session has ended, or there is none; sign in\nsigned in\n".repeat(3));
    assert_eq!(emulator.records("Contact").map(|records| records.len() - 3), before);
    assert_eq!(emulator.counters().logins, 3);
    let refused = run(Command::new(program).arg("wrong"));
    assert!(refused.code == Some(1) && refused.stdout.contains("rejected; do not repeat it"), "{}", refused.stdout);
    assert_eq!(emulator.counters().logins, 4);
}

#[test]
fn what_the_header_shows_compiles() {
    let Some(cxx) = cxx() else { return };
    let header = read("include/creatio_auth.hpp");
    let lines = header.lines().skip(2).map_while(|line| line.strip_prefix(" *     "));
    let sample: String = lines.map(|line| line.to_owned() + "\n").collect();
    assert!(sample.contains("creatio::perform"));
    let file = scratch("cpp-header").join("sample.cpp");
    let text = format!(
        "#include <array>\n#include <cstdio>\n#include <string_view>\n#include \"creatio_auth.hpp\"\n\
         #include \"socket.hpp\"\n\
         creatio::Status f(Socket &connection, creatio::Bytes buffer, std::string_view user, std::string_view password);\n\
         creatio::Status f(Socket &connection, creatio::Bytes buffer, std::string_view user, std::string_view password) {{\n\
         {sample}return login.status;\n}}\n"
    );
    fs::write(&file, text).expect("it can be written");
    succeed(strict(&cxx, "c++17").arg(format!("-I{ROOT}/examples/cpp")).arg("-fsyntax-only").arg(&file));
}

/// The C names in `text` that begin with one of these, each once.
fn names(text: &str, start: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let mut names: Vec<_> = words.filter(|word| word.starts_with(start)).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The functions that a header declares, and its enumerators and constants with a value.
fn declared(header: &str) -> (Vec<String>, Vec<String>) {
    let code: Vec<_> = header.lines().filter(|line| !line.trim_start().starts_with(['/', '*'])).collect();
    let functions = code.iter().filter(|line| !line.starts_with([' ', '#'])).filter_map(|line| line.split_once('('));
    let functions: Vec<_> = functions
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        // What creatio_site_parse calls, which is the header's own.
        .filter(|name| name.starts_with("creatio_") && *name != "creatio_site_parse_checked")
        .map(str::to_owned)
        .collect();
    let enumerators = code.iter().filter_map(|line| line.trim_start().split_once(" = "));
    let enumerators = enumerators.map(|(name, _)| name.to_owned()).filter(|name| name.starts_with("CREATIO_"));
    (functions, enumerators.collect())
}

#[test]
fn the_cpp_header_has_every_word_and_every_function_of_the_c_header() {
    let (functions, enumerators) = declared(&read("include/creatio_auth.h"));
    assert!(functions.len() > 60 && enumerators.len() > 120, "{} {}", functions.len(), enumerators.len());
    let all: String = HEADERS.iter().map(|header| read(&format!("include/{header}"))).collect();
    let known = [names(&all, "creatio_"), names(&all, "CREATIO_")].concat();
    let missing: Vec<_> = functions
        .iter()
        .chain(&enumerators)
        .filter(|name| known.binary_search(name).is_err() && !known.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// An example over plain HTTP.
fn built(cxx: &str, example: &str) -> PathBuf {
    linked(strict(cxx, "c++17").arg(source(&format!("examples/cpp/{example}.cpp"))), example)
}

/// What a compiler has been given, with the transport of the examples.
fn linked(link: &mut Command, name: &str) -> PathBuf {
    let scratch = scratch("cpp-examples");
    let (transport, program) = (scratch.join(format!("{name}-transport.o")), scratch.join(name));
    let mut compile = compiler(&cc(), "c99");
    succeed(compile.arg("-c").arg(source("examples/c/transport.c")).arg("-o").arg(&transport));
    succeed(link.args(["-x", "none"]).args([&transport, &archive()]).arg("-o").arg(&program));
    program
}

pub fn program(example: &'static str) -> Option<PathBuf> {
    static LOGIN: OnceLock<Option<PathBuf>> = OnceLock::new();
    static SESSION: OnceLock<Option<PathBuf>> = OnceLock::new();
    let program = if example == "login" { &LOGIN } else { &SESSION };
    program.get_or_init(|| cxx().map(|cxx| built(&cxx, example))).clone()
}

pub fn command(program: &Path, url: &str, runtime: &str) -> Command {
    let mut command = with_password(program, "Supervisor");
    command.args([url, "Supervisor", runtime]).env_remove("CREATIO_SNAPSHOT");
    command
}

#[test]
fn the_login_in_cpp_signs_in_and_says_what_the_site_says() {
    let Some(program) = program("login") else { return };
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        let emulator = start(Options { runtime, ..Options::default() });
        let result = run(&mut command(&program, &emulator.url(), name));
        assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
        assert!(
            result.stdout.contains("_AUTHENTICATED (signed in)\n") && result.stdout.contains("José"),
            "{result:?}"
        );
        let counters = emulator.counters();
        assert_eq!((counters.logins, counters.calls, counters.connections), (1, 1, 1));
    }
    let options = Options { rejection_message: "No\u{7}.".into(), users: vec![], ..Options::default() };
    let result = run(&mut command(&program, &start(options).url(), "net"));
    assert_eq!((result.code, &*result.stderr), (Some(1), ""), "{result:?}");
    assert!(result.stdout.contains("\nmessage: No .\n"), "{result:?}");
    is_error(&run(&mut command(&program, "ftp://x", "net")), "URL_SCHEME");
    is_error(&run(&mut command(&program, "http://127.0.0.1:1", "net")), "login: no connection to 127.0.0.1");
    is_error(&run(&mut command(&program, "http://x", "java")), "usage: ");
}

fn did_all(program: &Path, emulator: &Emulator, url: &str) {
    let before = emulator.records("Contact").map(|records| records.len());
    let result = run(&mut command(program, url, "net-framework"));
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    assert!(result.stdout.contains("Zoë Åström 🚀") && result.stdout.ends_with("\nlog out   done\n"), "{result:?}");
    let (_, batch) = result.stdout.split_once("\nbatch     ").expect("it has a batch");
    assert_eq!(batch.lines().next().unwrap_or_default().matches("\"status\":20").count(), 2, "{result:?}");
    let (_, rest) = result.stdout.split_once("created   /odata/SysImage(").expect("it says what it creates");
    assert_eq!(emulator.image(&rest[..36]).map(|picture| picture.len()), Some(5_000_000));
    assert_eq!(emulator.records("Contact").map(|records| records.len()), before);
}

#[test]
fn the_session_in_cpp_does_all_and_outlives_the_end_of_its_session_wherever_it_comes() {
    let Some(program) = program("session") else { return };
    is_error(&run(&mut command(&program, "http://127.0.0.1:1", "net")), "session: no connection to 127.0.0.1");
    for calls in 1..=7 {
        let emulator = start(Options { ended_session: EndedSession::Status401, ..Options::default() });
        emulator.expire_after_calls(calls);
        did_all(&program, &emulator, &emulator.url());
        let done = emulator.counters();
        assert_eq!((done.logins, done.writes), (2, 6), "{calls}");
    }
    // A ping or a GET goes once more over a new connection, and nothing else does.
    let emulator = start(Options::default());
    did_all(&program, &emulator, &breaking::once(emulator.address(), "Contact?$top=3"));
    assert_eq!(emulator.counters().logins, 1);
    let url = breaking::once(emulator.address(), "{\"Name\":\"Zoe\"}");
    is_error(&run(&mut command(&program, &url, "net-framework")), "CLOSED_EARLY");
    let emulator = start(Options { wrong_password: WrongPassword::Status401, users: vec![], ..Options::default() });
    let result = run(&mut command(&program, &emulator.url(), "net"));
    assert_eq!((result.code, emulator.counters().logins), (Some(1), 1), "{result:?}");
}

#[test]
fn the_session_in_cpp_begins_where_another_was_broken_off() {
    let Some(program) = program("session") else { return };
    let (emulator, file) = (start(Options::default()), scratch("cpp-snapshot").join("session"));
    let _ = fs::remove_file(&file);
    let with_snapshot = || run(command(&program, &emulator.url(), "net-framework").env("CREATIO_SNAPSHOT", &file));
    emulator.cut_after(1);
    is_error(&with_snapshot(), "CREATIO_ERR_CLOSED_EARLY");
    let mode = fs::metadata(&file).expect("the session is kept").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "a snapshot is a secret");
    let result = with_snapshot();
    assert!(result.stdout.starts_with("snapshot  taken up\nread      {"), "{result:?}");
    assert_eq!((result.code, emulator.counters().logins, file.exists()), (Some(0), 1, false), "{result:?}");

    // It has ended at the site in the meantime: one login. One that is none is told, and there is a login.
    emulator.cut_after(1);
    is_error(&with_snapshot(), "CREATIO_ERR_CLOSED_EARLY");
    emulator.expire_sessions();
    let result = with_snapshot();
    assert!(result.stdout.starts_with("snapshot  taken up\nrenewal   "), "{result:?}");
    assert_eq!((result.code, emulator.counters().logins, file.exists()), (Some(0), 3, false), "{result:?}");
    fs::write(&file, "no snapshot").expect("it can be written");
    let result = with_snapshot();
    assert!(result.stdout.starts_with("snapshot  the snapshot has been altered or cut"), "{result:?}");
    assert_eq!((result.code, emulator.counters().logins, file.exists()), (Some(0), 4, false), "{result:?}");
}
