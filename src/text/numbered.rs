//! Errors and verdicts: each has a number, which is that of the C interface, and a text for people.

/// An enumeration with a number and a text for each variant.
///
/// The numbers are those of the C interface, so that an error that travels there is one all the way.
macro_rules! numbered {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $number:literal, $text:expr;)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum $name {
            $($(#[$doc])* $variant = $number,)*
        }

        impl $name {
            /// All of them, for the C interface.
            #[doc(hidden)]
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number in the C interface.
            #[doc(hidden)]
            pub const fn number(&self) -> u8 {
                *self as u8
            }

            /// What it means, in a sentence, for people.
            #[cfg(feature = "texts")]
            pub const fn text(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        crate::text::numbered::display!($name);
    };
}
pub(crate) use numbered;

/// `Display` by the text; where texts are left out, by the name. In brackets, how much memory is enough.
macro_rules! display {
    ($name:ident) => {
        crate::text::numbered::display!($name, (|_| None));
    };
    ($name:ident, $needed:expr) => {
        /// The text, or the name where the feature `texts` is off.
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                #[cfg(feature = "texts")]
                {
                    f.write_str(self.text())?;
                    let needed: Option<usize> = $needed(self);
                    needed.map_or(Ok(()), |needed| write!(f, " ({needed} bytes)"))
                }
                #[cfg(not(feature = "texts"))]
                core::fmt::Debug::fmt(self, f)
            }
        }
    };
}
pub(crate) use display;
