//! A login by Windows authentication: the request (RFC 4559, section 4.2; MS-NTHT).

use crate::session::authorization_lines::cookie_line;
use crate::site::Runtime;
use crate::site::path::Path;
use crate::text::numbered::numbered;
use crate::text::template::{Part, Template, template};

// The numbers are those of the C interface.
numbered! {
    /// A scheme of Windows authentication, by its name in HTTP.
    pub enum WindowsScheme {
        /// `Negotiate` (RFC 4559): tokens of SPNEGO (RFC 4178), by Kerberos or NTLM, as SSPI and GSS-API make them.
        Negotiate = 1, "Negotiate";
        /// `NTLM` (MS-NTHT): messages of NTLM (MS-NLMP) as they are.
        Ntlm = 2, "NTLM";
    }
}

impl WindowsScheme {
    pub(crate) const fn scheme_name(self) -> &'static str {
        match self {
            WindowsScheme::Negotiate => "Negotiate",
            WindowsScheme::Ntlm => "NTLM",
        }
    }
}

/// Where the two runtimes have the door (protocol notes, section 2).
static FRAMEWORK_PATH: Path<'_> = Path::of_ours("/Login/NuiLogin.aspx?ntlmlogin");
static NET_PATH: Path<'_> = Path::of_ours("/ServiceModel/AuthService.svc/DomainLogin");

/// A login by Windows authentication, with one of its tokens.
#[derive(Clone, Copy)]
pub(crate) struct WindowsRequest<'c> {
    /// It is here so that a program that does not log in so holds no paths of it.
    pub path: &'static Path<'static>,
    pub scheme: WindowsScheme,
    pub token: &'c [u8],
    /// Whether it is .NET's door, which takes a document and answers by one, as the login does.
    pub is_net: bool,
    /// Whether the token is the last one of NTLM, which is made of the password: no challenge is answered after it.
    pub is_last: bool,
}

/// How `AUTHENTICATE_MESSAGE` begins (MS-NLMP, 2.2.1.3).
const AUTHENTICATE: &[u8] = b"NTLMSSP\0\x03";

impl<'c> WindowsRequest<'c> {
    pub(crate) fn new(runtime: Runtime, scheme: WindowsScheme, token: &'c [u8]) -> Self {
        let is_net = runtime == Runtime::Net;
        let path = if is_net { &NET_PATH } else { &FRAMEWORK_PATH };
        WindowsRequest { path, scheme, token, is_net, is_last: token.starts_with(AUTHENTICATE) }
    }
}

/// The field that offers schemes, and brings challenges (RFC 9110, 11.6.1).
pub(super) const CHALLENGE_FIELD: &str = "WWW-Authenticate";

//= 9112-2.2-no-extra-crlf, 9112-3.2-host, 9110-11.6.2-value, 4559-4.2-base64
/// The request. The cookies that there are go with it: that of a load balancer may lead to where the handshake has begun.
pub(super) const TEMPLATE: Template = template!(
    "$m$. $[$b$p$] HTTP/1.1\r\nHost: $h$(o:$o$)\r\n$<$(uUser-Agent: $u\r\n$)Accept: $a\r\n",
    "$(tContent-Type: application/json\r\n$)$(cContent-Length: $c\r\n$)ForceUseSession: true",
    "$(y\r\nAuthorization: $y $)$(q$q$)",
    cookie_line!(),
    "\r\n$e\r\n$|$t"
);

impl WindowsRequest<'_> {
    pub(super) fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        let text = match (letter, self.is_net) {
            (b'm', true) => "POST",
            (b'm', false) => "GET",
            (b'a', true) => "application/json",
            (b'a', false) => "*/*",
            (b't', true) => "{}",
            (b'c', true) => "2",
            (b'y', _) if !self.token.is_empty() => self.scheme.scheme_name(),
            (b'q', _) => {
                let rest = self.token.get(item..).unwrap_or_default();
                let group = rest.get(..3).unwrap_or(rest);
                part.digits.base64(group);
                part.next = if rest.len() > 3 { item.saturating_add(3) } else { 0 };
                return !rest.is_empty();
            }
            _ => return false,
        };
        part.text = text.as_bytes();
        true
    }
}
