//! What the answer to a login means.

use core::fmt;

/// What the answer to a login means (protocol notes, section 2). None of these is an error of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Verdict {
    /// `Code` 0, and the session has its ticket.
    Authenticated,
    /// `Code` 2: signed in, and the site advises a change of password. `message` asks for it, and
    /// `password_change_url` says where.
    PasswordChangeAdvised,
    /// `Code` 1: `message` says why, in the user's language. A locked user, a wrong password, a missing licence, and a
    /// site that takes integrations by OAuth only look alike. Do not repeat the login: that can lock the account.
    Rejected,
    /// `Code` is none of the known ones: the site wants more than user name and password, such as a
    /// [one-time code](crate::Credentials::with_one_time_code), or takes integrations by OAuth only; `message` may say
    /// which. Do not repeat the login as it was.
    UnknownCode,
    /// Status 401: user name or password are wrong.
    BadCredentials,
    /// Status 403: the site denies access, for example to this address.
    AccessDenied,
    /// The login page came instead of an answer: the URL is wrong, or something followed a redirect.
    LoginPage(LoginPageSign),
    /// The site says yes, but the session has no ticket (`.ASPXAUTH`) that would go back to it: something in between
    /// stripped it, or its path or its `Secure` does not fit the site's URL.
    NoTicket,
    /// Any other status; `http_status` has it.
    UnexpectedStatus,
}

/// How the login page was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum LoginPageSign {
    /// A redirect to a page in a folder `Login`.
    RedirectToLogin,
    /// A redirect to somewhere else, for example from http to https.
    Redirect,
    /// Status 200 with the content type of an HTML page.
    HtmlContentType,
    /// Status 200 with a body that begins like an HTML page.
    HtmlBody,
}

impl Verdict {
    /// Whether the session is signed in.
    pub const fn is_authenticated(&self) -> bool {
        matches!(self, Verdict::Authenticated | Verdict::PasswordChangeAdvised)
    }

    /// What it means and what to do about it, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            Verdict::Authenticated => "signed in",
            Verdict::PasswordChangeAdvised => "signed in; the site advises to change the password",
            Verdict::Rejected => "rejected; the site's message says why",
            Verdict::UnknownCode => {
                "not accepted; the site may want a one-time code, or take integrations by OAuth only"
            }
            Verdict::BadCredentials => "wrong user name or password",
            Verdict::AccessDenied => "access denied; is this address allowed to sign in?",
            Verdict::LoginPage(LoginPageSign::RedirectToLogin) => {
                "a redirect to the login page came instead of an answer; check the site's URL"
            }
            Verdict::LoginPage(LoginPageSign::Redirect) => {
                "a redirect came instead of an answer; check the site's URL, http or https included"
            }
            Verdict::LoginPage(LoginPageSign::HtmlContentType | LoginPageSign::HtmlBody) => {
                "a web page came instead of an answer; check the site's URL"
            }
            Verdict::NoTicket => {
                "the site says yes, but sent no ticket that would go back to it; check proxies, and the URL's scheme and path"
            }
            Verdict::UnexpectedStatus => "an unexpected HTTP status; is there a Creatio site at this URL?",
        }
    }
}

/// The [text](Verdict::text).
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
