//! Windows authentication by a client: where its tokens come from.

use core::fmt;

use zeroize::Zeroize;

use crate::request::windows::WindowsScheme;

/// A way to sign in by Windows authentication, for [`Client::windows_login`](super::blocking::Client::windows_login), and for
/// `call_renewed` in place of credentials, by `&mut`.
///
/// `tokens` makes the next token: it is given the challenge, which is empty at first, and where to write, and says how many bytes it has
/// written. Where it says nothing, there is no sign-in, and the error is [`Error::SignIn`](super::Error::SignIn) with
/// [`Refusal::Withheld`](super::Refusal::Withheld). It may be of SSPI, of GSS-API, or of `NtlmCredentials` (feature `ntlm`):
///
/// ```
/// # use creatio_defmt as _;
/// # #[cfg(feature = "ntlm")] {
/// use creatio_auth::client::WindowsLogin;
/// use creatio_auth::{NtlmCredentials, WindowsScheme};
///
/// let user = NtlmCredentials::borrowed("CORP", "ann", "hunter2");
/// let random = || [7; 8]; // of your random source, new each time
/// let mut memory = [0; 1024]; // for a token
/// let windows = WindowsLogin::new(WindowsScheme::Ntlm, &mut memory, |challenge, token| {
///     user.token(challenge, &random(), token).ok()
/// });
/// # let _ = windows;
/// # }
/// ```
pub struct WindowsLogin<'a, F> {
    pub(super) scheme: WindowsScheme,
    pub(super) memory: &'a mut [u8],
    pub(super) tokens: F,
}

impl<'a, F: FnMut(&[u8], &mut [u8]) -> Option<usize>> WindowsLogin<'a, F> {
    /// A way to sign in by this scheme. The memory is for one token, and is wiped when this is dropped.
    pub fn new(scheme: WindowsScheme, memory: &'a mut [u8], tokens: F) -> Self {
        WindowsLogin { scheme, memory, tokens }
    }
}

impl<F> Drop for WindowsLogin<'_, F> {
    fn drop(&mut self) {
        self.memory.zeroize();
    }
}

impl<F> fmt::Debug for WindowsLogin<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WindowsLogin").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}
