//! The functions of the C interface, by their names in the header.

const PREFIX: &str = "creatio_";

/// The names of the functions that the header declares.
pub fn functions(header: &str) -> Vec<&str> {
    let code = header.lines().filter(|line| !line.starts_with([' ', '/', '*', '#']) && !line.starts_with("static"));
    code.filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with(PREFIX))
        .collect()
}

/// A library in C whose functions are all the same empty one. A program linked with it has everything but the library.
pub fn empty_library(functions: &[&str]) -> String {
    let first = "void nothing(void);\nvoid nothing(void) {}\n".to_owned();
    functions
        .iter()
        .fold(first, |source, name| source + &format!("void {name}(void) __attribute__((alias(\"nothing\")));\n"))
}

#[cfg(test)]
mod tests {
    use super::{empty_library, functions};

    const HEADER: &str = include_str!("../../../include/creatio_auth.h");

    #[test]
    fn functions_are_found_and_types_are_not() {
        let header = "// creatio_no(x) in a comment\n#define CREATIO_OK 0\nconst char *creatio_version(void);\n\
            typedef struct {\n    uint64_t opaque[CREATIO_SITE_WORDS];\n} creatio_site;\n\
            creatio_status creatio_site_host(const creatio_site *site,\n    const char **host);\n\
            static inline bool creatio_no(void) {\n    return creatio_no();\n}\n";
        assert_eq!(functions(header), ["creatio_version", "creatio_site_host"]);
    }

    #[test]
    fn the_program_of_everything_calls_every_function_of_the_header() {
        let program = include_str!("../../../examples/firmware-size/c/all.c");
        let sign_in = include_str!("../../../examples/firmware-size/c/sign_in.c");
        let functions = functions(HEADER);
        assert!(functions.len() > 30, "{functions:?}");
        for name in functions {
            // By way of the function of the header's own.
            let call = format!("{}(", name.trim_end_matches("_checked"));
            assert!(program.contains(&call) || sign_in.contains(&call), "all.c lacks {name}");
        }
    }

    #[test]
    fn the_fuzz_target_in_c_calls_every_function_of_the_header() {
        let target = concat!(
            include_str!("../../../fuzz/c/calls.c"),
            include_str!("../../../fuzz/c/doors.h"),
            include_str!("../../../fuzz/c/input.h"),
            include_str!("../../../fuzz/c/look.h"),
        );
        for name in functions(HEADER) {
            assert!(target.contains(&format!("{name}(")), "fuzz/c lacks {name}");
        }
    }

    #[test]
    fn the_empty_library_has_one_function_of_many_names() {
        let source = empty_library(&["creatio_a", "creatio_b"]);
        assert_eq!(source.matches("alias(\"nothing\")").count(), 2);
        assert!(source.contains("void creatio_b(void) __attribute__"));
    }
}
