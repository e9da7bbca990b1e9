//! The header as a compiler and its readers meet it: its sample, what it refuses, and what it tells.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::build::{ROOT, archive, cc, compiler, run, scratch, succeed};

fn header() -> String {
    fs::read_to_string(Path::new(ROOT).join("include/creatio_auth.h")).expect("it is committed")
}

/// The sample at the top of the header.
fn sample() -> String {
    let header = header();
    let sample = header.split_once("@code{.c}\n").and_then(|(_, rest)| rest.split_once(" * @endcode"));
    let lines = sample.expect("the header begins with a sample").0.lines();
    lines.map(|line| line.trim_start_matches(" *").strip_prefix(' ').unwrap_or_default().to_owned() + "\n").collect()
}

/// Compiles a source, and what the compiler says of it: none if it does.
fn refusal(mut compiler: Command, name: &str, source: &str) -> Option<String> {
    let path = scratch("header-source").join(name);
    fs::write(&path, source).expect("it can be written");
    let result = run(compiler.args(["-c", "-o", "/dev/null"]).arg(path));
    (result.code != Some(0)).then_some(result.stderr)
}

fn has(command: &str) -> bool {
    Command::new(command).arg("--version").output().is_ok()
}

/// The first sample of a page, as it stands.
fn sample_of(page: &str) -> String {
    let text = fs::read_to_string(Path::new(ROOT).join(page)).expect("it is committed");
    let sample = text.split_once("```c\n").and_then(|(_, rest)| rest.split_once("```"));
    sample.expect("the page has C").0.to_owned()
}

/// What the sample of the README leaves to its caller.
const AROUND: &str = r#"
    static creatio_site site;
    static creatio_session session;
    static uint8_t memory[4096];
    static bool sign_in_as(const char *password) {
        creatio_credentials who = {.user_name = CREATIO_STR("Supervisor"), .password = password, .password_len = strlen(password)};
        return creatio_site_parse(&site, CREATIO_STR("https://example.creatio.com"), CREATIO_RUNTIME_NET) == CREATIO_OK &&
               creatio_session_init(&session, &site, memory, sizeof memory) == CREATIO_OK && sign_in(&session, &who);
    }
    #define sign_in sign_in_as
"#;

/// Each sample, with a peer that answers as a site does, in pieces.
#[test]
fn the_samples_at_its_top_in_the_readme_and_in_the_guide_sign_in() {
    signs_in(&sample(), "header", "");
    signs_in(&format!("{}#include <string.h>\n{AROUND}", sample_of("README.md")), "readme", "");
    signs_in(&sample_of("docs/guide/c.md"), "guide", "signed in\n");
}

fn signs_in(sample: &str, name: &str, says: &str) {
    let peer = r#"
        #include <stdio.h>
        static const char reply[] = "HTTP/1.1 200 OK\r\nSet-Cookie: .ASPXAUTH=0A1B; path=/\r\nContent-Length: 10\r\n\r\n{\"Code\":0}";
        static size_t received, sent;
        bool net_send(const void *bytes, size_t len) { (void)bytes; sent += len; return true; }
        size_t net_receive(void *buffer, size_t cap) {
            size_t left = sizeof reply - 1 - received, len = left < 7 ? left : 7;
            if (len > cap || sent == 0) { return 0; }
            memcpy(buffer, reply + received, len);
            received += len;
            return len;
        }
        int main(void) {
            bool is_in = sign_in("hunter2");
            printf("%d %zu\n", (int)is_in, sizeof reply - 1 - received);
            creatio_session_clear(&session);
            return is_in ? 0 : 1;
        }
    "#;
    let scratch = scratch("samples").join(name);
    fs::create_dir_all(&scratch).expect("the target directory can be written to");
    let source = scratch.join("sample.c");
    fs::write(&source, sample.to_owned() + peer).expect("it can be written");
    for standard in ["c99", "c17"] {
        let program = scratch.join(standard);
        let mut build = compiler(&cc(), standard);
        succeed(build.arg("-Wc++-compat").arg(&source).arg(archive()).arg("-o").arg(&program));
        assert_eq!(succeed(&mut Command::new(program)), format!("{says}1 0\n"));
    }
}

/// The enumerations of the header, each with its values and their numbers.
fn enumerations(header: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let all = header.split("typedef CREATIO_ENUM(").skip(1);
    all.map(|rest| {
        let (name, rest) = rest.split_once(')').expect("it has a name");
        let members = rest.lines().skip(1).map(str::trim).take_while(|line| !line.starts_with("CREATIO_ENUM_END"));
        let members = members
            .filter(|line| line.starts_with("CREATIO_"))
            .filter_map(|line| line.split([',', '/']).next()?.trim().split_once(" = "));
        (name, members.collect())
    })
    .collect()
}

/// A function for each enumeration: all its values, and no default.
fn switches() -> String {
    let header = header();
    let switches = enumerations(&header).into_iter().map(|(name, members)| {
        let cases: String = members.iter().map(|(member, _)| format!("    case {member}:\n")).collect();
        format!(
            "bool is_{name}({name} value);\nbool is_{name}({name} value) {{\n    switch (value) {{\n{cases}        \
             return true;\n    }}\n    return false;\n}}\n"
        )
    });
    switches.collect()
}

/// With all that compilers have to say, each alone and twice, and with the options that would change an enumeration.
#[test]
fn it_is_clean_from_c99_to_cpp23() {
    let header = header();
    let structs: Vec<_> = header.split("typedef struct ").skip(1).filter_map(|rest| rest.split(' ').next()).collect();
    assert!(structs.len() > 12, "{structs:?}");
    let zeros = structs.iter().map(|name| format!("    {name} a_{name} = CREATIO_INIT;\n    (void)a_{name};\n"));
    let source = format!(
        "#include \"creatio_auth.h\"\n#include \"creatio_auth.h\"\nvoid nothing(void);\nvoid nothing(void) {{\n{}}}\n{}",
        zeros.collect::<String>(),
        switches()
    );
    let standards = [
        (cc(), &["c99", "c11", "c17", "c2x"][..], &["-Wc++-compat", "-Wpointer-sign", "-Wstrict-prototypes"][..]),
        ("clang".to_owned(), &["c99", "c11", "c17", "c2x"], &["-Wpointer-sign", "-Wstrict-prototypes"]),
        ("c++".to_owned(), &["c++98", "c++11", "c++14", "c++17", "c++20", "c++2b"], &["-Wold-style-cast"]),
        ("clang++".to_owned(), &["c++11", "c++17", "c++20", "c++2b"], &["-Wold-style-cast"]),
    ];
    for (command, standards, warnings) in standards.into_iter().filter(|(command, ..)| has(command)) {
        for (standard, more) in standards.iter().flat_map(|standard| [(standard, "-g"), (standard, "-fshort-enums")])
        {
            let mut compiler = compiler(&command, standard);
            compiler
                .args(["-Wshadow", "-Wundef", "-Wcast-align", "-Wredundant-decls", "-Wswitch-enum", more])
                .args(warnings);
            assert_eq!(refusal(compiler, "clean.c", &source), None, "{command} {standard} {more}");
        }
    }
}

#[test]
fn a_language_that_is_too_old_is_told() {
    for (command, standard, header, taken) in [
        (cc(), "c89", "creatio_auth.h", Some("takes C99")),
        (cc(), "gnu89", "creatio_auth.h", None),
        ("clang".to_owned(), "c89", "creatio_auth.h", Some("takes C99")),
        ("c++".to_owned(), "c++98", "creatio_auth.h", None),
        ("c++".to_owned(), "c++14", "creatio_auth.hpp", Some("takes C++17")),
        ("clang++".to_owned(), "c++14", "creatio_auth.hpp", Some("takes C++17")),
    ] {
        if has(command.split(' ').next().unwrap_or_default()) {
            let source = format!("#include \"{header}\"\nint declared;\n");
            let refusal = refusal(compiler(&command, standard), "old.c", &source);
            let is_told = taken.is_none_or(|taken| refusal.as_ref().is_some_and(|told| told.contains(taken)));
            assert!(is_told && refusal.is_none() == taken.is_none(), "{command} {standard}: {refusal:?}");
        }
    }
}

/// What its words speak of is there.
#[test]
fn every_name_in_its_comments_is_declared() {
    let header = header();
    let mut code = header.clone();
    while let Some((start, rest)) = code.split_once("/*") {
        code = format!("{start}{}", rest.split_once("*/").expect("it ends").1);
    }
    let names = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        words.filter(|word| word.to_lowercase().starts_with("creatio_")).map(str::to_owned).collect()
    };
    let declared = names(&code);
    // Of those with an underscore at the end there are several, which begin so; the header itself is no name.
    let unknown: Vec<_> = names(&header)
        .into_iter()
        .filter(|name| !name.ends_with('_') && name != "creatio_auth" && !declared.contains(name))
        .collect();
    assert!(declared.len() > 300 && unknown.is_empty(), "{} {unknown:?}", declared.len());
}

/// Neither GNU's nor Microsoft's, and no newer language: as short as it can have enumerations, these have 32 bits.
#[test]
fn enumerations_have_32_bits_with_any_other_compiler() {
    let source = "#include \"creatio_auth.h\"\nenum none { NONE = 1 };\n\
                  extern char is_short[sizeof(enum none) == 1 ? 1 : -1];\n\
                  int f(creatio_site *site);\nint f(creatio_site *site) {\n    \
                  return creatio_site_parse(site, CREATIO_STR(\"a\"), CREATIO_RUNTIME_NET) == CREATIO_OK;\n}\n";
    for standard in ["c99", "c11", "c17"] {
        if has("clang") {
            let mut clang = compiler("clang", standard);
            clang.args(["-fgnuc-version=0", "-ffreestanding", "-fshort-enums"]);
            assert_eq!(refusal(clang, "other.c", source), None, "{standard}");
        }
    }
}

#[test]
fn contexts_can_be_declared_ahead() {
    let source = "struct creatio_session;\nvoid sign_in(struct creatio_session *session);\n\
                  #include \"creatio_auth.h\"\nvoid sign_in(creatio_session *session) { creatio_session_clear(session); }\n";
    assert_eq!(refusal(compiler(&cc(), "c99"), "ahead.c", source), None);
}

#[test]
fn a_status_that_nobody_looks_at_is_told() {
    let source = "#include \"creatio_auth.h\"\nvoid f(creatio_session *s);\n\
                  void f(creatio_session *s) { creatio_session_set_time(s, 1); }\n";
    for (command, standard) in [(cc(), "c99"), ("c++".to_owned(), "c++17")].into_iter().filter(|(cc, _)| has(cc)) {
        let said = refusal(compiler(&command, standard), "ignored.c", source).expect("it is refused");
        assert!(said.contains("creatio_session_set_time") && said.contains("unused"), "{said}");
    }
}

/// As the header says, and in every language.
#[test]
fn a_status_may_be_left_alone_on_purpose() {
    let header = header();
    let (_, words) = header.split_once("says so to every compiler and reader: `").expect("the header says how");
    let way = words.split_once('`').expect("it ends").0.replace("&session, now", "session, 1");
    let source = format!(
        "#include \"creatio_auth.h\"\nvoid f(creatio_session *session);\n\
                          void f(creatio_session *session) {{ {way} }}\n"
    );
    for (command, standard) in [
        (cc(), "c99"),
        (cc(), "c2x"),
        ("clang".to_owned(), "c99"),
        ("clang".to_owned(), "c2x"),
        ("c++".to_owned(), "c++17"),
        ("clang++".to_owned(), "c++17"),
    ] {
        if has(command.split(' ').next().unwrap_or_default()) {
            assert_eq!(refusal(compiler(&command, standard), "left.c", &source), None, "{command} {standard}");
        }
    }
}

/// Zero is no verdict and no runtime; of the steps it is the one that misuse is answered with.
#[test]
fn zeros_say_nothing_good() {
    let header = header();
    let zeros: Vec<_> = enumerations(&header)
        .into_iter()
        .filter(|(name, _)| ["_verdict", "_step", "_runtime", "_refresh_token"].iter().any(|end| name.ends_with(end)))
        .map(|(name, members)| (name, members.iter().find(|(_, number)| *number == "0").map(|(member, _)| *member)))
        .collect();
    let expected = [
        ("creatio_runtime", None),
        ("creatio_login_verdict", None),
        ("creatio_call_verdict", None),
        ("creatio_renewal_step", Some("CREATIO_RENEWAL_REPORT")),
        ("creatio_token_verdict", None),
        ("creatio_refresh_token", Some("CREATIO_REFRESH_TOKEN_NONE")),
        ("creatio_authorization_verdict", None),
        ("creatio_oauth_health_verdict", None),
        ("creatio_probe_step", Some("CREATIO_PROBE_NO_HEALTH_CHECK")),
        ("creatio_windows_verdict", None),
    ];
    assert_eq!(zeros, expected);
}

#[test]
fn a_verdict_of_another_kind_is_no_silent_mistake() {
    let source = "#include \"creatio_auth.h\"\nconst char *f(void);\n\
                  const char *f(void) { return creatio_login_verdict_name(CREATIO_CALL_BUSY); }\n";
    for (command, standard) in [(cc(), "c99"), ("c++".to_owned(), "c++17")].into_iter().filter(|(cc, _)| has(cc)) {
        let said = refusal(compiler(&command, standard), "verdict.c", source).expect("it is refused");
        assert!(said.contains("creatio_call_verdict") && said.contains("creatio_login_verdict"), "{said}");
    }
}

/// In every language, also where assertions have no words of their own.
#[test]
fn under_pragma_pack_it_does_not_compile_and_says_why() {
    for pack in [1, 2, 4] {
        let source = format!(
            "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n#pragma pack({pack})\n#include \"creatio_auth.h\"\n"
        );
        for (command, standard) in [(cc(), "c99"), (cc(), "c11"), ("c++".to_owned(), "c++17")] {
            if has(&command) {
                let said = refusal(compiler(&command, standard), "packed.c", &source).expect("it is refused");
                // Where the assertion can say nothing, its name does.
                let says = [
                    "include creatio_auth.h outside of any #pragma pack",
                    "include_creatio_auth_h_outside_of_any_pragma_pack",
                ];
                assert!(says.iter().any(|words| said.contains(words)), "{said}");
            }
        }
    }
}

/// What `creatio_site_parse` says in a program whose header is this one, changed so, and without assertions.
fn told(name: &str, change: impl Fn(String) -> String, before: &str) -> String {
    let scratch = scratch("header-changed").join(name);
    fs::create_dir_all(&scratch).expect("the target directory can be written to");
    fs::write(scratch.join("creatio_auth.h"), change(header())).expect("it can be written");
    let source = scratch.join("program.c");
    let code = format!(
        "#include <stdio.h>\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\
         #define CREATIO_ASSERT(condition, message) extern int nothing\n{before}#include \"creatio_auth.h\"\n\
         int main(void) {{\n    creatio_site site;\n    \
         puts(creatio_status_name(creatio_site_parse(&site, CREATIO_STR(\"https://a\"), CREATIO_RUNTIME_NET)));\n    \
         return 0;\n}}\n"
    );
    fs::write(&source, code).expect("it can be written");
    let program = scratch.join("program");
    let mut build = Command::new(cc());
    succeed(build.arg("-I").arg(&scratch).arg(source).arg(archive()).arg("-o").arg(&program));
    succeed(&mut Command::new(program)).trim().to_owned()
}

#[test]
fn a_header_of_another_version_or_layout_is_told_when_a_site_is_set_up() {
    let as_it_is = |header: String| header;
    assert_eq!(told("same", as_it_is, ""), "CREATIO_OK");
    for pack in [1, 2, 4] {
        let before = format!("#pragma pack({pack})\n");
        assert_eq!(told(&format!("packed-{pack}"), as_it_is, &before), "CREATIO_ERR_VERSION");
    }
    let version = |what: &'static str, to: &'static str| {
        move |header: String| {
            assert!(header.contains(what));
            header.replace(what, to)
        }
    };
    let minor = concat!("#define CREATIO_VERSION_MINOR ", env!("CARGO_PKG_VERSION_MINOR"));
    assert_eq!(told("minor", version(minor, "#define CREATIO_VERSION_MINOR 99"), ""), "CREATIO_ERR_VERSION");
    let major = concat!("#define CREATIO_VERSION_MAJOR ", env!("CARGO_PKG_VERSION_MAJOR"));
    assert_eq!(told("major", version(major, "#define CREATIO_VERSION_MAJOR 7"), ""), "CREATIO_ERR_VERSION");
    // The last number is for what changes no interface.
    let patch = concat!("#define CREATIO_VERSION_PATCH ", env!("CARGO_PKG_VERSION_PATCH"));
    assert_eq!(told("patch", version(patch, "#define CREATIO_VERSION_PATCH 99"), ""), "CREATIO_OK");
    let longer = version("    size_t body_len; ", "    size_t body_len; size_t more; ");
    assert_eq!(told("longer", longer, ""), "CREATIO_ERR_VERSION");
}

/// Rules that the programs of its users would break by using it as it is meant: 2.4, a tag that is not used, and 10.4, operands
/// of two essential types.
#[test]
#[ignore = "needs cppcheck; run by cargo xtask test"]
fn misra_has_nothing_against_its_types() {
    let source = scratch("misra").join("sample.c");
    let check = |code: &str| {
        fs::write(&source, code).expect("it can be written");
        let mut cppcheck = Command::new("cppcheck");
        cppcheck.args(["--quiet", "--addon=misra", "--enable=style", "--std=c11", &format!("-I{ROOT}/include")]);
        let said = run(cppcheck.arg(&source)).stderr;
        assert!(said.contains("misra-c2012-"), "the addon does not run:\n{said}");
        said.lines().filter(|line| line.ends_with("-2.4]") || line.ends_with("-10.4]")).count()
    };
    assert_eq!(check(&sample()), 0);
    // It does look.
    assert!(check(&sample().replace(">= CREATIO_OK", ">= 0u")) > 0);
}

/// Where something has no words, the pages are refused (that they are made without a warning is a step of its own).
#[test]
#[ignore = "needs doxygen; run by cargo xtask test"]
fn the_pages_are_refused_where_a_member_has_no_words() {
    let scratch = scratch("pages");
    let settings = fs::read_to_string(Path::new(ROOT).join("docs/c/Doxyfile")).expect("it is committed");
    let make = |header: String| {
        fs::write(scratch.join("creatio_auth.h"), header).expect("it can be written");
        let settings = settings.replace("INPUT                  = include/creatio_auth.h", "INPUT = creatio_auth.h");
        let settings = settings.replace("docs/c docs/catalogue.md\n", "\n").replace("target/c-pages", "pages");
        fs::write(scratch.join("Doxyfile"), settings).expect("it can be written");
        run(Command::new("doxygen").current_dir(&scratch))
    };
    let whole = make(header());
    assert_eq!((whole.code, whole.stderr.as_str()), (Some(0), ""));
    for words in [
        " /**< It goes over TLS only. */",
        " /**< Done. */",
        "/** The TCP port, 1 to 65535: the URL's, or 80 or 443. 0 if",
    ] {
        let header = header();
        assert!(header.contains(words));
        let with = if words.ends_with("*/") { "" } else { "/* 0 if" };
        assert_ne!(make(header.replacen(words, with, 1)).code, Some(0), "{words}");
    }
}
