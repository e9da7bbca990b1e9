//! What a program on a chip must not carry.

use super::image::{Archive, Image};

/// A library without memory of its own serves any number of sessions, and any number of threads.
pub fn statics(place: &str, archive: &Archive) -> Option<String> {
    fault(format!("{place}: the library has memory of its own"), &archive.variables)
}

/// The same of a linked image: its variables are those of the program alone.
pub fn variables(place: &str, with: &Image, without: &Image) -> Option<String> {
    let grown: Vec<String> = [".data", ".bss"]
        .into_iter()
        .filter(|section| with.section(section) > without.section(section))
        .map(|section| format!("{section} {} -> {}", without.section(section), with.section(section)))
        .collect();
    fault(format!("{place}: the library has memory of its own"), &grown)
}

/// What the compiler puts into every asynchronous function that ends, for one who asks its future once more when it has. That takes
/// the function, what it calls, and the program's own panic handler; nothing in a crate's source takes it out.
const ASKED_ONCE_MORE: &[&str] = &[
    "core::panicking::panic_const::panic_const_async_fn_resumed",
    "core::panicking::panic_fmt",
    "rust_begin_unwind",
];

pub fn panics(place: &str, image: &Image, has_futures: bool) -> Option<String> {
    let is_meant = |name: &str| has_futures && ASKED_ONCE_MORE.iter().any(|meant| name.ends_with(meant));
    let names = image.symbols.iter().map(|symbol| &symbol.name);
    let names: Vec<String> = names.filter(|name| is_panic_machinery(name) && !is_meant(name)).cloned().collect();
    fault(format!("{place}: the program can panic"), &names)
}

/// What a program that signs in by user name and password alone does not ask for.
const OTHER_DOORS: &[&str] = &[
    "creatio_auth::answer::call",
    "creatio_auth::answer::token",
    "creatio_auth::renewal",
    "creatio_auth::request::call",
    "creatio_auth::request::token",
    "creatio_auth::session::authorization::put_",
    "creatio_auth::session::snapshot",
    "Base64",
    "PasswordChange",
    "write_call",
    "write_password_change",
];

/// The other doors, and all that comes after a login, take no room where they are not used.
pub fn other_doors(place: &str, image: &Image) -> Option<String> {
    let is_foreign = |name: &String| OTHER_DOORS.iter().any(|part| name.contains(part));
    let names: Vec<String> = image.symbols.iter().map(|symbol| symbol.name.clone()).filter(is_foreign).collect();
    fault(format!("{place}: a program that only signs in carries what it does not use"), &names)
}

fn fault(what: String, names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{what}:\n  {}", names.join("\n  ")))
}

fn is_panic_machinery(name: &str) -> bool {
    ["panic", "rust_begin_unwind", "core::fmt"].iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{fault, is_panic_machinery, other_doors, panics, variables};
    use crate::size::image::{Image, Section, Symbol};

    #[test]
    fn panic_machinery_is_known_by_name() {
        assert!(is_panic_machinery("core::panicking::panic_bounds_check"));
        assert!(is_panic_machinery("core::fmt::write"));
        assert!(is_panic_machinery("rust_begin_unwind"));
        assert!(!is_panic_machinery("creatio_session_login"));
        assert!(!is_panic_machinery("<core::str::Utf8Error>::valid_up_to"));
    }

    #[test]
    fn a_program_with_futures_may_have_what_the_compiler_gives_them_and_no_other_panic() {
        let image = |names: &[&str]| Image {
            sections: Vec::new(),
            symbols: names.iter().map(|name| Symbol { name: (*name).to_owned(), size: 8 }).collect(),
        };
        let meant = ["core::panicking::panic_const::panic_const_async_fn_resumed", "core::panicking::panic_fmt"];
        assert_eq!(panics("here", &image(&meant), true), None);
        assert!(panics("here", &image(&meant), false).is_some());
        assert!(panics("here", &image(&["core::panicking::panic_bounds_check"]), true).is_some());
        assert!(panics("here", &image(&["core::fmt::write"]), true).is_some());
    }

    #[test]
    fn other_doors_are_known_by_name() {
        let image =
            |name: &str| Image { sections: Vec::new(), symbols: vec![Symbol { name: name.to_owned(), size: 2 }] };
        assert_eq!(other_doors("here", &image("creatio_auth::answer::login::LOGIN")), None);
        assert!(other_doors("here", &image("creatio_auth::answer::token::complete")).is_some());
    }

    #[test]
    fn a_variable_more_is_a_fault() {
        let image = |size| Image {
            sections: vec![Section { name: ".bss".to_owned(), size, stored: false }],
            symbols: Vec::new(),
        };
        assert_eq!(variables("here", &image(8), &image(8)), None);
        let fault = variables("here", &image(12), &image(8)).unwrap();
        assert_eq!(fault, "here: the library has memory of its own:\n  .bss 8 -> 12");
    }

    #[test]
    fn a_fault_lists_what_it_found() {
        assert_eq!(fault("bad".to_owned(), &[]), None);
        assert_eq!(fault("bad".to_owned(), &["a".to_owned(), "b".to_owned()]).as_deref(), Some("bad:\n  a\n  b"));
    }
}
