//! The types of the crate `http` 1, which reqwest, hyper, ureq and others have in common.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write;

use http_1::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use http_1::{Error, Request, Response, StatusCode, Uri};
use zeroize::Zeroize;

use super::Exchange;
use super::error::ReplyError;
use super::foreign::RequestPart;
use crate::request::Request as Asked;
use crate::session::Session;

impl Exchange<'_> {
    /// The request with the types of the crate `http`, for someone else's client that has them. Its URI is absolute; `Host` and
    /// `Content-Length` are that client's to write, but for the length of a body that the caller
    /// [sends itself](crate::Call::with_body_of_length), which takes the place of the empty one here. It is secret, and of a
    /// sign-in the session takes note that it goes out ([`Session::sign_in_delay`]).
    ///
    /// Let that client follow no redirect and keep no cookies, and send nothing again by itself that
    /// [may not be](Exchange::may_be_sent_again). The reply comes by [`feed_head`](Exchange::feed_head),
    /// [`feed`](Exchange::feed) and [`close`](Exchange::close), or as a whole by [`feed_response`](Exchange::feed_response).
    ///
    /// ```
    /// use creatio_auth::{Call, CallVerdict, Path, Runtime, Session, Site, http_1};
    /// # let send = |request: http_1::Request<Vec<u8>>| {
    /// #     assert_eq!(request.method(), "POST");
    /// #     http_1::Response::builder().status(201).header("Set-Cookie", "BPMSESSIONID=abc; path=/").body("{}")
    /// # };
    ///
    /// let site = Site::parse("https://crm.example.com/base", Runtime::NetFramework)?;
    /// let mut memory = [0; 4096];
    /// let mut session = Session::new(site, &mut memory);
    /// let mut exchange = session.call(&Call::post(Path::site("/odata/Contact")?).with_json(br#"{"Name":"Ann"}"#));
    ///
    /// let request = exchange.http_request(&mut session)?;
    /// assert_eq!(request.uri(), "https://crm.example.com/base/0/odata/Contact");
    /// let response = send(request)?; // by whichever client
    /// exchange.feed_response(&mut session, &response)?;
    /// assert_eq!(exchange.call_result(&session)?.verdict, CallVerdict::Fine);
    /// assert_eq!(session.cookies().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`] where the URI is longer than that crate takes, 65,534 bytes; for another session than its own, too.
    pub fn http_request(&mut self, session: &mut Session<'_>) -> Result<Request<Vec<u8>>, Error> {
        let mut part = |part| {
            let needed = self.request_part(session, part, &mut []).unwrap_or_else(|error| error.needed);
            let mut bytes = vec![0; needed];
            let _ = self.request_part(session, part, &mut bytes); // has room
            bytes
        };
        let [method, target, mut fields, body] =
            [RequestPart::Method, RequestPart::Target, RequestPart::Fields, RequestPart::Body].map(&mut part);
        let site = self.request.site(session);
        let mut authority = String::from(site.host());
        if let Some(port) = site.explicit_port() {
            let _ = write!(authority, ":{port}"); // a String takes all
        }
        let uri = Uri::builder()
            .scheme(if site.is_https() { "https" } else { "http" })
            .authority(authority)
            .path_and_query(target)
            .build()?;
        let mut request = Request::builder().method(method.as_slice()).uri(uri);
        for line in fields.split(|byte| *byte == b'\n') {
            let mut halves = line.splitn(2, |byte| *byte == b':');
            let (Some(name), Some(value)) = (halves.next(), halves.next()) else { continue }; // behind the last line
            let mut value = HeaderValue::from_bytes(value.trim_ascii())?;
            value.set_sensitive(true);
            request = request.header(HeaderName::from_bytes(name)?, value);
        }
        fields.zeroize();
        if let Asked::Call(call, _) = &self.request
            && call.length_of_callers_body() > 0
        {
            request = request.header(CONTENT_LENGTH, call.length_of_callers_body());
        }
        request.body(body)
    }

    /// Takes status and fields of the reply from a client that has the types of the crate `http`. Its body is
    /// [fed](Exchange::feed) then, in pieces as that client hands it out: without its framing, and not compressed any more. The
    /// body's end is told by [`close`](Exchange::close); that of one that was cut off is not to be told.
    ///
    /// # Errors
    ///
    /// As [`Exchange::feed_field`] and [`Exchange::end_head`].
    pub fn feed_head(
        &mut self,
        session: &mut Session<'_>,
        status: StatusCode,
        fields: &HeaderMap,
    ) -> Result<(), ReplyError> {
        for (name, value) in fields {
            self.feed_field(session, name.as_str().as_bytes(), value.as_bytes())?;
        }
        self.end_head(session, status.as_u16())
    }

    /// Takes a reply that is there as a whole. The body of a call's is the caller's, as it stands in it.
    ///
    /// # Errors
    ///
    /// As [`Exchange::feed_head`], [`Exchange::feed`] and [`Exchange::close`].
    pub fn feed_response(
        &mut self,
        session: &mut Session<'_>,
        response: &Response<impl AsRef<[u8]>>,
    ) -> Result<(), ReplyError> {
        self.feed_head(session, response.status(), response.headers())?;
        let mut rest = response.body().as_ref();
        while !rest.is_empty() {
            let fed = self.feed(session, rest)?;
            rest = rest.get(fed.consumed..).unwrap_or_default();
        }
        self.close(session)
    }
}
