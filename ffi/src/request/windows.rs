//! The schemes of Windows authentication

use creatio_auth::WindowsScheme;

/// A scheme of Windows authentication, by its name in HTTP.
pub type creatio_windows_scheme = i32;

/// Negotiate (RFC 4559): tokens of SPNEGO (RFC 4178), by Kerberos or NTLM, as SSPI and GSS-API make them.
pub const CREATIO_WINDOWS_SCHEME_NEGOTIATE: creatio_windows_scheme = 1;

/// NTLM (MS-NTHT): messages of NTLM (MS-NLMP) as they are.
pub const CREATIO_WINDOWS_SCHEME_NTLM: creatio_windows_scheme = 2;

const _: () = assert!(
    WindowsScheme::Negotiate.number() as i32 == CREATIO_WINDOWS_SCHEME_NEGOTIATE
        && WindowsScheme::Ntlm.number() as i32 == CREATIO_WINDOWS_SCHEME_NTLM
);

/// The scheme with this number; none for another.
pub(crate) fn scheme_of(number: creatio_windows_scheme) -> Option<WindowsScheme> {
    match number {
        CREATIO_WINDOWS_SCHEME_NEGOTIATE => Some(WindowsScheme::Negotiate),
        CREATIO_WINDOWS_SCHEME_NTLM => Some(WindowsScheme::Ntlm),
        _ => None,
    }
}
