//! A request after login: method, path, query, fields and body.

use core::fmt;

use super::error::FieldError;
use super::field::{Field, check_field_lines, checked_value};
use crate::http::known_fields::Field as KnownField;
use crate::http::line::TCHAR;
use crate::session::authorization_lines::authorization_lines;
use crate::site::Runtime;
use crate::site::path::Path;
use crate::text::bytes::{has, is_trimmed, next_part};
use crate::text::encoding::QUERY;
use crate::text::template::{Part, Template, template};

/// The method of a [`Call`] (RFC 9110, section 9; RFC 5789).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`: the reply has no body.
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    #[inline(always)] // into two places, of which a program seldom has both
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    /// Whether it changes nothing at the site (RFC 9110, 9.2.1).
    pub(crate) const fn is_safe(self) -> bool {
        matches!(self, Method::Get | Method::Head)
    }

    //= 9110-8.6-sent, 9110-8.6-not-sent
    /// Whether a request of this method says how long its body is even if it has none (RFC 9110, 8.6).
    const fn expects_body(self) -> bool {
        matches!(self, Method::Post | Method::Put | Method::Patch)
    }
}

/// The longest name of a [wanted field](Call::with_wanted_field), in bytes.
pub const MAX_WANTED_FIELD: usize = 31;

/// Where each of the runtimes has its health check.
const HEALTH_CHECKS: [Path<'_>; 2] =
    [Path::of_ours("/0/api/HealthCheck/Ping"), Path::of_ours("/api/HealthCheck/Ping")];

/// The path of the call that does nothing.
const PING_PATH: Path<'_> = Path::of_the_site("/ping");

/// The path of the log-out.
const LOGOUT_PATH: Path<'_> = Path::of_the_site("/rest/MainMenuService/Logout");

/// Where a site says how its own connection to the identity service is (protocol notes, section 5).
pub(crate) const OAUTH_HEALTH_PATH: Path<'_> = Path::of_the_site("/api/OAuthHealthCheck");

/// The content type of JSON.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// A request after login. The session adds what authorises it, which a call cannot hold itself.
///
/// ```
/// use creatio_auth::{Call, Field, Path};
///
/// let query = [("$filter", "Name eq 'Ö & Co'"), ("$top", "3")];
/// let find = Call::get(Path::site("/odata/Contact")?).with_query(&query);
///
/// let create = Call::post(Path::site("/odata/Contact")?).with_json(br#"{"Name":"Ann"}"#);
///
/// // A body of any size: the exchange gives the head, and the caller sends the body after it.
/// let upload = Call::put(Path::site("/odata/SysImage(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data")?)
///     .with_body_of_length("application/octet-stream", 5_000_000)?;
///
/// let fields = [Field::new("Prefer", "return=minimal")?];
/// let quiet = create.with_fields(&fields);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Call<'c> {
    pub(crate) method: Method,
    pub(crate) path: Path<'c>,
    pub(crate) query: &'c [(&'c str, &'c str)],
    accept: &'c str,
    /// What of it matters to the answer, for the text may be gone by then; and whether the call may be repeated.
    flags: u8,
    /// The caller's own fields, or lines of them, checked.
    fields: &'c [Field<'c>],
    field_lines: &'c str,
    pub(crate) wanted_field: Option<&'c str>,
    pub(crate) raw_body: bool,
    pub(crate) limited_body: bool,
    pub(crate) body: Body<'c>,
}

/// The body of a call.
#[derive(Clone, Copy)]
pub(crate) struct Body<'c> {
    content_type: &'c str,
    /// What comes with the head.
    bytes: &'c [u8],
    len: usize,
    kind: BodyKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyKind {
    None,
    /// It comes with the head.
    Given,
    /// The caller sends it after the head.
    Callers,
}

impl<'c> Body<'c> {
    const NONE: Self = Body { content_type: "", bytes: &[], len: 0, kind: BodyKind::None };

    const fn given(content_type: &'c str, bytes: &'c [u8]) -> Self {
        Body { content_type, bytes, len: bytes.len(), kind: BodyKind::Given }
    }
}

/// Says how long it is, never what it holds.
impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == BodyKind::None {
            return f.write_str("None");
        }
        f.debug_struct("Body").field("content_type", &self.content_type).field("len", &self.len).finish()
    }
}

/// Says what is asked of whom, and how long the body is, never what is in it or in the caller's own fields.
impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl<'c> Call<'c> {
    /// The same to another path, which has its query in it.
    #[cfg(feature = "embedded-io-07")]
    pub(crate) const fn at(self, path: Path<'c>) -> Self {
        Call { path, query: &[], ..self }
    }

    /// A request without a body, that accepts JSON.
    pub const fn new(method: Method, path: Path<'c>) -> Self {
        Call {
            method,
            path,
            query: &[],
            accept: "application/json",
            flags: ACCEPTS_JSON,
            fields: &[],
            field_lines: "",
            wanted_field: None,
            raw_body: false,
            limited_body: false,
            body: Body::NONE,
        }
    }

    /// `GET`.
    pub const fn get(path: Path<'c>) -> Self {
        Self::new(Method::Get, path)
    }

    /// `POST`.
    pub const fn post(path: Path<'c>) -> Self {
        Self::new(Method::Post, path)
    }

    /// `PUT`.
    pub const fn put(path: Path<'c>) -> Self {
        Self::new(Method::Put, path)
    }

    /// `PATCH`.
    pub const fn patch(path: Path<'c>) -> Self {
        Self::new(Method::Patch, path)
    }

    /// `DELETE`.
    pub const fn delete(path: Path<'c>) -> Self {
        Self::new(Method::Delete, path)
    }

    /// The call that ends the session at the site. Whatever becomes of it, [`Session::clear`](crate::Session::clear) then
    /// forgets the session here, so that a network that fails leaves nothing behind.
    ///
    /// As of [`ping`](Call::ping) and [`health_check`](Call::health_check), the answer may be of any content type: ASP.NET
    /// has `text/html` for it, and a login page alone is a failure.
    pub const fn logout() -> Self {
        Self::accepting_anything(Method::Post, LOGOUT_PATH)
    }

    /// The call that keeps the session alive and does nothing else.
    pub const fn ping() -> Self {
        Self::accepting_anything(Method::Post, PING_PATH)
    }

    /// The health check at the place where a runtime has it, which needs no session. A site on .NET Framework answers both
    /// with 200, and that of its own late when it starts: a [`RuntimeProbe`](crate::RuntimeProbe) asks in the right order.
    ///
    /// It says that the site is alive, not that it is ready: until then it answers everything else with its login page.
    pub const fn health_check(runtime: Runtime) -> Self {
        let [net_framework, net] = HEALTH_CHECKS;
        let path = match runtime {
            Runtime::NetFramework => net_framework,
            Runtime::Net => net,
        };
        Self::accepting_anything(Method::Get, path)
    }

    const fn accepting_anything(method: Method, path: Path<'c>) -> Self {
        let mut call = Self::new(method, path);
        (call.accept, call.flags) = ("*/*", ACCEPTS_ANYTHING);
        call.limited_body = true;
        call
    }

    /// Names and values of a query, of any UTF-8: they are percent-encoded (RFC 3986, 3.4). They come after the query
    /// that the path has already.
    pub const fn with_query(mut self, query: &'c [(&'c str, &'c str)]) -> Self {
        self.query = query;
        self
    }

    /// What the reply's body may be, instead of `application/json`. With `*/*` a web page is as good as anything, unless it is
    /// the login page.
    ///
    /// # Errors
    ///
    /// [`FieldError::Value`] where it is no field value.
    pub fn with_accept(mut self, accept: &'c str) -> Result<Self, FieldError> {
        if cfg!(target_pointer_width = "64") && accept == self.accept {
            return Ok(self); // as most calls say; a chip has more use for the bytes that this takes
        }
        self.accept = checked_value(accept)?;
        self.flags = self.flags & REPEATABLE | kinds(accept);
        Ok(self)
    }

    /// Fields beside those that the library writes itself.
    pub const fn with_fields(mut self, fields: &'c [Field<'c>]) -> Self {
        (self.fields, self.field_lines) = (fields, "");
        self
    }

    /// Fields beside those that the library writes itself, as the lines that they are to be: `Name: value` and CR LF each.
    ///
    /// # Errors
    ///
    /// [`FieldError`] where a line is none that [`Field::new`] takes, or does not end with CR LF.
    pub fn with_field_lines(mut self, lines: &'c str) -> Result<Self, FieldError> {
        check_field_lines(lines.as_bytes())?;
        (self.fields, self.field_lines) = (&[], lines);
        Ok(self)
    }

    /// A field of the reply to keep, for [`Exchange::wanted_field`](crate::Exchange::wanted_field).
    ///
    /// # Errors
    ///
    /// [`FieldError::Name`] where it is no token, or longer than [`MAX_WANTED_FIELD`] bytes; [`FieldError::Reserved`] for
    /// `Set-Cookie`, which is the session's.
    pub fn with_wanted_field(mut self, name: &'c str) -> Result<Self, FieldError> {
        if KnownField::SetCookie.is_named(name) {
            return Err(FieldError::Reserved);
        }
        if name.is_empty() || name.len() > MAX_WANTED_FIELD || !TCHAR.has_all(name.as_bytes()) {
            return Err(FieldError::Name);
        }
        self.wanted_field = Some(name);
        Ok(self)
    }

    /// The reply's body is for the caller alone: nothing of a good answer is looked into, which takes less time. It then has
    /// no message and no next link, and its verdict is never [`Failed`](crate::CallVerdict::Failed). An error, with status 400
    /// or above, a redirect, and what its head calls HTML are understood as ever.
    pub const fn with_raw_body(mut self) -> Self {
        self.raw_body = true;
        self
    }

    /// The reply's body may be no longer than the session's [limit](crate::Session::set_body_limit), as that of an error may never
    /// be. So it is for the calls of the library's own, [`logout`](Call::logout) for one.
    pub const fn with_limited_body(mut self) -> Self {
        self.limited_body = true;
        self
    }

    /// Says that sending the call twice does no more than sending it once. Then it is sent again where nobody knows whether the site
    /// has done it: by [`Renewal`](crate::Renewal) and by the clients, once, where the connection was cut. Nothing but `GET`, `HEAD`,
    /// a [ping](Call::ping) and a [log-out](Call::logout) is sent again without this.
    ///
    /// What may be repeated is for the caller to know (RFC 9110, 9.2.2):
    ///
    /// - a `POST` that creates a record whose `Id` the body has, a random GUID: the second one is refused, and makes no second record;
    /// - `PUT` and `DELETE`, whose second time leaves the same, unless somebody else has written meanwhile;
    /// - a `PATCH` with `If-Match` (RFC 5789, 2): the second one is refused where the first one was done.
    ///
    /// A refusal after a repetition may mean that the call was done the first time:
    /// [`Renewal::may_be_done_before`](crate::Renewal::may_be_done_before).
    ///
    /// ```
    /// use creatio_auth::{Call, Path};
    ///
    /// let json = br#"{"Id":"6f1c0a0e-98c3-4a5f-8a0c-52b1a2b4a9d1","Name":"Ann"}"#;
    /// let create = Call::post(Path::site("/odata/Contact")?).with_json(json).with_repeatable();
    /// # Ok::<(), creatio_auth::PathError>(())
    /// ```
    pub const fn with_repeatable(mut self) -> Self {
        self.flags |= REPEATABLE;
        self
    }

    /// A body of JSON, which [`Exchange::fill`](crate::Exchange::fill) gives after the head. It is sent as it is.
    pub const fn with_json(mut self, json: &'c [u8]) -> Self {
        self.body = Body::given(JSON, json);
        self
    }

    /// A body, which [`Exchange::fill`](crate::Exchange::fill) gives after the head.
    ///
    /// # Errors
    ///
    /// [`FieldError::Value`] where the content type is no field value.
    pub fn with_body(mut self, content_type: &'c str, bytes: &'c [u8]) -> Result<Self, FieldError> {
        self.body = Body::given(checked_value(content_type)?, bytes);
        Ok(self)
    }

    /// A body of so many bytes, which the caller sends when [`Exchange::fill`](crate::Exchange::fill) has given all of
    /// the head: in pieces of any size, and from wherever it is. Whoever stops before its end, because the reply has come
    /// early, has to close the connection.
    ///
    /// # Errors
    ///
    /// [`FieldError::Value`] where the content type is no field value.
    pub fn with_body_of_length(mut self, content_type: &'c str, len: usize) -> Result<Self, FieldError> {
        self.body = Body { content_type: checked_value(content_type)?, bytes: &[], len, kind: BodyKind::Callers };
        Ok(self)
    }

    /// Whether the field, which the library reads itself, is the wanted one.
    pub(crate) fn wants(&self, field: KnownField) -> bool {
        self.wanted_field.is_some_and(|name| field.is_named(name))
    }

    /// Whether sending it twice does no more than sending it once, and can be done here.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.is_idempotent() && !self.body_is_the_callers()
    }

    /// Whether the caller has said that it may be repeated.
    pub(crate) fn is_said_to_be_repeatable(&self) -> bool {
        self.flags & REPEATABLE != 0
    }

    //= 9110-9.2.2-no-retry
    /// Whether sending it twice does no more than sending it once.
    pub(crate) fn is_idempotent(&self) -> bool {
        self.is_said_to_be_repeatable() || self.method.is_safe() || self.path == LOGOUT_PATH || self.path == PING_PATH
    }

    /// Whether it is for a session to be made: a health check is not.
    pub(crate) fn is_of_a_session(&self) -> bool {
        self.path != HEALTH_CHECKS[0] && self.path != HEALTH_CHECKS[1]
    }

    /// Whether the caller sends the body itself.
    pub(crate) fn body_is_the_callers(&self) -> bool {
        self.body.kind == BodyKind::Callers
    }

    /// How many bytes of body the caller sends itself.
    #[cfg(feature = "embedded-io-07")]
    pub(crate) fn length_of_callers_body(&self) -> usize {
        if self.body_is_the_callers() { self.body.len } else { 0 }
    }

    pub(crate) fn accepts_json(&self) -> bool {
        self.flags & ACCEPTS_JSON != 0
    }

    pub(crate) fn accepts_html(&self) -> bool {
        self.flags & ACCEPTS_HTML != 0
    }

    pub(crate) fn accepts_anything(&self) -> bool {
        self.flags & ACCEPTS_ANYTHING != 0
    }

    #[expect(clippy::arithmetic_side_effects, reason = "a place in a slice, which has an item there")]
    pub(super) fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        let text = match letter {
            b'm' => self.method.name(),
            b'a' => self.accept,
            b's' | b'k' | b'v' => {
                let Some((name, value)) = self.query.get(item) else {
                    return false;
                };
                part.next = item + 1;
                if letter == b's' {
                    self.separator(item)
                } else {
                    //= 3986-2.4-once
                    part.coding = Some(&QUERY);
                    if letter == b'k' { name } else { value }
                }
            }
            b't' => self.body.content_type,
            b'n' | b'w' => {
                let Some(Field { name, value }) = self.fields.get(item) else {
                    return false;
                };
                part.next = item + 1;
                if letter == b'n' { name } else { value }
            }
            b'f' => self.field_lines,
            //= 9112-2.2-body-crlf, 9112-6.3-body-framed, 9110-8.6-right
            b'c' => {
                part.digits.number(self.body.len);
                return self.body.kind != BodyKind::None || self.method.expects_body();
            }
            _ => {
                part.text = self.body.bytes;
                return true;
            }
        };
        part.text = text.as_bytes();
        //= 9110-8.3-content-type
        letter != b't' || self.body.kind != BodyKind::None
    }

    fn separator(&self, item: usize) -> &'static str {
        if item == 0 && !has(self.path.as_str(), b'?') { "?" } else { "&" }
    }
}

//= 9112-2.2-no-extra-crlf, 9112-3.2-host, 9112-3.2.1-origin-form, 9112-6.3-length-if-known, 9110-5.6.3-one-space
//= 9110-6.2-highest-version, 9110-6.2-own-version, 9110-7.2-host, 9110-7.2-host-first, 9110-10.1.2-not-by-itself
//= 9110-12.5.4-language
/// The request. A body that the caller sends itself comes after it. Nothing that goes in there can end a line: see [`Path`],
/// [`Field`], [`Site`](crate::Site), [`SetCookie`](crate::cookie::set_cookie::SetCookie) and
/// [`Jar::with_records`](crate::cookie::jar::Jar::with_records) for what they let through.
pub(super) const TEMPLATE: Template = template!(
    "$m$. $[$b$r$p$(s$s$k=$v$)$] HTTP/1.1\r\nHost: $h$(o:$o$)\r\n$<$(uUser-Agent: $u\r\n$)Accept: $a\r\n",
    "$(tContent-Type: $t\r\n$)$(cContent-Length: $c\r\n$)",
    authorization_lines!(),
    "$e$(n$n: $w\r\n$)$f\r\n$|$x"
);

const ACCEPTS_JSON: u8 = 1;
const ACCEPTS_HTML: u8 = 2;
const ACCEPTS_ANYTHING: u8 = 4;
const REPEATABLE: u8 = 8;

/// Those that a text has.
#[inline(never)]
fn kinds(accept: &str) -> u8 {
    let kind = |kind, name| if accepts(accept, name) { kind } else { 0 };
    kind(ACCEPTS_JSON, b"application/json") | kind(ACCEPTS_HTML, b"text/html") | kind(ACCEPTS_ANYTHING, b"*/*")
}

/// Whether a media type stands in `Accept = #( media-range [ weight ] )` (RFC 9110, 12.5.1).
#[inline(never)]
fn accepts(accept: &str, media_type: &[u8]) -> bool {
    let mut ranges = Some(accept.as_bytes());
    while let Some(range) = next_part(&mut ranges, b',') {
        let mut parts = Some(range);
        while let Some(part) = next_part(&mut parts, b';') {
            if is_trimmed(part, media_type) {
                return true;
            }
        }
    }
    false
}
