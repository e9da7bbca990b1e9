//! What the clients tell about themselves, if anybody listens.

/// Tells a step to `defmt` and `log`, as far as these features are on. Its arguments are numbers, names and verdicts:
/// never a URL's path or query, a field's value or a body, for there the secrets are.
macro_rules! note {
    ($text:literal $(, $argument:expr)* $(,)?) => {{
        #[cfg(feature = "defmt")]
        defmt::debug!($text $(, $argument)*);
        #[cfg(feature = "log")]
        log::debug!($text $(, $argument)*);
        #[cfg(not(any(feature = "defmt", feature = "log")))]
        { $(let _ = &$argument;)* }
    }};
}
