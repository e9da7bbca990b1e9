//! What the verdicts of all doors have in common

/// The verdicts of a door, all that there are in the order of their numbers, each with that of the core, whose number
/// is the same. Those that come later than this library are told as `$other`.
macro_rules! verdicts {
    ($from:ident to $to:ident or $other:ident: $($name:ident: $verdict:expr,)*) => {
        $(const _: () = assert!($to::$name as i32 == $verdict.number() as i32);)*

        impl From<$from> for $to {
            fn from(verdict: $from) -> Self {
                let number = verdict.number();
                $(if number == $to::$name as u8 {
                    return $to::$name;
                })*
                $to::$other
            }
        }

        /// Whether the request may be sent again, by the verdict's number.
        const AGAIN: &[u8] = &[$($verdict.again() as u8),*];

        #[cfg(feature = "texts")]
        const NAMES: &[u8] = crate::text::messages::texts![$(stringify!($name)),*];
    };
}
pub(crate) use verdicts;
