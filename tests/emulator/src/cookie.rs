//! Cookies: made, written, deleted and read.

use std::time::{Duration, SystemTime};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::options::Runtime;
use crate::random;

/// The ticket. Its name does begin with a dot.
pub(crate) const TICKET: &str = ".ASPXAUTH";
/// The CSRF token, and the header it is repeated in.
pub(crate) const BPMCSRF: &str = "BPMCSRF";
/// The CSRF token of the newest sites, and the header it is repeated in.
pub(crate) const CRT_CSRF: &str = "CRT_CSRF";
/// The other half of the CSRF check on .NET.
pub(crate) const CSRF_TOKEN: &str = "CsrfToken";
/// The ASP.NET session of the loader, at the root of a .NET Framework site.
pub(crate) const LOADER: &str = "BPMLOADER";
/// The ASP.NET session of the application.
pub(crate) const SESSION_ID: &str = "BPMSESSIONID";
/// What stands for the first step of a login in two.
pub(crate) const FIRST_FACTOR: &str = "FirstFactor";

const HEX: &[u8; 16] = b"0123456789ABCDEF";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CSRF: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./";
const ASP_NET_SESSION: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz012345";

/// A new value for `.ASPXAUTH`.
pub(crate) fn ticket(runtime: Runtime, length: usize) -> String {
    match runtime {
        Runtime::NetFramework => random::text(HEX, length),
        Runtime::Net => random::text(BASE64, length / 4 * 4 - 1) + "=",
    }
}

/// A new value for `BPMCSRF`, `CRT_CSRF` or `CsrfToken`.
pub(crate) fn csrf() -> String {
    random::text(CSRF, 22)
}

/// A new value for `BPMLOADER` or `BPMSESSIONID`.
pub(crate) fn session_id() -> String {
    random::text(ASP_NET_SESSION, 24)
}

/// The value of the cookie `UserName`: the UTF-16 codes of the name, joined by bars.
pub(crate) fn user_name(name: &str) -> String {
    let codes: Vec<String> = name.encode_utf16().map(|code| code.to_string()).collect();
    codes.join("|")
}

/// A new value for `FirstFactor`.
pub(crate) fn first_factor() -> String {
    random::text(HEX, 64)
}

/// How long the browser keeps the name of the user.
pub(crate) const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The date so long from now. The .NET Framework spells it `Sat, 07-May-2022 08:46:12 GMT`.
fn date_in(lifetime: Duration, runtime: Runtime) -> String {
    let mut date = httpdate::fmt_http_date(SystemTime::now() + lifetime);
    if runtime == Runtime::NetFramework {
        date.replace_range(7..8, "-");
        date.replace_range(11..12, "-");
    }
    date
}

/// Writes `Set-Cookie` fields the way one site does.
pub(crate) struct Writer {
    pub(crate) runtime: Runtime,
    pub(crate) secure: bool,
    /// The path of the site, which is that of the ticket and of the ASP.NET sessions.
    pub(crate) site_path: String,
}

impl Writer {
    /// A cookie of the site that scripts may not read.
    pub(crate) fn of_site(&self, name: &str, value: &str) -> HeaderValue {
        self.field(name, value, None, &self.site_path, true)
    }

    /// A cookie of the whole host that scripts may read.
    pub(crate) fn of_host(&self, name: &str, value: &str) -> HeaderValue {
        self.field(name, value, None, "/", false)
    }

    /// A cookie of the whole host that scripts may not read and the browser keeps for so long.
    pub(crate) fn lasting(&self, name: &str, value: &str, lifetime: Duration) -> HeaderValue {
        self.field(name, value, Some(&date_in(lifetime, self.runtime)), "/", true)
    }

    /// Deletes what [`Writer::of_site`] has set.
    pub(crate) fn delete_of_site(&self, name: &str) -> HeaderValue {
        self.field(name, "", Some(LONG_AGO), &self.site_path, true)
    }

    /// Deletes what [`Writer::of_host`] has set.
    pub(crate) fn delete_of_host(&self, name: &str) -> HeaderValue {
        self.field(name, "", Some(LONG_AGO), "/", false)
    }

    fn field(&self, name: &str, value: &str, expires: Option<&str>, path: &str, http_only: bool) -> HeaderValue {
        let mut field = format!("{name}={value}");
        if let Some(date) = expires {
            field += "; expires=";
            field += date;
        }
        field += "; path=";
        field += path;
        if self.secure {
            field += "; secure";
        }
        // The two runtimes spell attributes differently; only .NET adds SameSite unasked.
        field += match (self.runtime, http_only) {
            (Runtime::NetFramework, true) => "; HttpOnly",
            (Runtime::NetFramework, false) => "",
            (Runtime::Net, true) => "; samesite=lax; httponly",
            (Runtime::Net, false) => "; samesite=lax",
        };
        HeaderValue::try_from(field).expect("names, values and paths are visible ASCII")
    }
}

const LONG_AGO: &str = "Tue, 12 Oct 1999 00:00:00 GMT";

/// The value of the first cookie of that name in a request.
pub(crate) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}
