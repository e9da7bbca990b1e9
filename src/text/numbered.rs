//! Errors and verdicts: each has a number, which is that of the C interface, and a text for people.

/// An enumeration with a number and a text for each variant. A variant may say how many bytes of memory are enough.
macro_rules! numbered {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident $({ $(#[$of:meta])* $needed:ident: usize })? = $number:literal, $text:expr;)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum $name {
            $($(#[$doc])* $variant $({ $(#[$of])* $needed: usize })? = $number,)*
        }

        impl $name {
            /// All of them, for the C interface.
            #[doc(hidden)]
            pub const ALL: &'static [Self] = &[$(Self::$variant $({ $needed: 0 })?),*];

            /// The number in the C interface.
            #[doc(hidden)]
            pub const fn number(&self) -> u8 {
                match self {
                    $(Self::$variant $({ $needed: _ })? => $number,)*
                }
            }

            /// Its name, which stays the same where a text changes: a label for metrics.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant $({ $needed: _ })? => stringify!($variant),)*
                }
            }

            /// The one with this number.
            #[allow(dead_code)] // of most nobody asks it
            pub(crate) const fn of_number(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant $({ $needed: 0 })?),)*
                    _ => None,
                }
            }

            /// What it means, in a sentence, for people; the [catalogue](crate::catalogue) has its cause and its remedy.
            #[cfg(feature = "texts")]
            pub const fn text(&self) -> &'static str {
                match self {
                    $(Self::$variant $({ $needed: _ })? => $text,)*
                }
            }

            #[cfg(feature = "texts")]
            const fn needed(&self) -> Option<usize> {
                match self {
                    $($(Self::$variant { $needed } => Some(*$needed),)?)*
                    _ => None,
                }
            }
        }

        crate::text::numbered::display!($name, Self::needed);
    };
}
pub(crate) use numbered;

/// The name of each variant of an enumeration that has its own texts.
macro_rules! named {
    ($name:ident { $($variant:ident $({ $($rest:tt)* })?),* $(,)? }) => {
        impl $name {
            /// Its name, which stays the same where a text changes: a label for metrics.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant $({ $($rest)* })? => stringify!($variant),)*
                }
            }
        }
    };
}
pub(crate) use named;

/// `Display` by the text and, for an error that says so, how many bytes are enough; where texts are left out, by the name.
macro_rules! display {
    ($name:ident) => {
        crate::text::numbered::display!($name, (|_: &Self| None::<usize>));
    };
    ($name:ident, $needed:expr) => {
        /// The text, or the name where the feature `texts` is off.
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                #[cfg(feature = "texts")]
                match $needed(self) {
                    Some(needed) => write!(f, "{} ({needed} bytes)", self.text()),
                    None => f.write_str(self.text()),
                }
                #[cfg(not(feature = "texts"))]
                core::fmt::Debug::fmt(self, f)
            }
        }
    };
}
pub(crate) use display;

#[cfg(test)]
mod tests {
    use crate::text::fault::BufferTooSmall;
    use std::string::ToString;

    #[test]
    fn an_error_says_what_is_wrong_and_how_much_is_enough() {
        let text = BufferTooSmall { needed: 12 }.to_string();
        let name = "BufferTooSmall { needed: 12 }";
        assert_eq!(
            text,
            if cfg!(feature = "texts") { "the buffer is too small; give a larger one (12 bytes)" } else { name }
        );
    }

    #[test]
    fn a_name_is_that_of_its_variant() {
        for error in crate::DocumentError::ALL {
            assert_eq!(std::format!("{error:?}"), error.name());
        }
    }
}
