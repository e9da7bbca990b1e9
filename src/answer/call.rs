//! What a call after login is answered with.

use core::ops::Range;

use crate::exchange::content::{Content, Sought};
use crate::exchange::error::{Failure, Misuse};
use crate::exchange::html::Page;
use crate::exchange::kept_fields::{self, Kept};
use crate::exchange::state::State;
use crate::exchange::{Exchange, Kind, Own};
use crate::http::head::Head;
use crate::http::known_fields::Field;
use crate::json::members::{self, DOCUMENT, Hash, Member, Members, Value};
use crate::json::picker::Picker;
use crate::json::scalar::Scalar;
use crate::json::text::Text;
use crate::request::call::Call;
use crate::request::{self, Request};
use crate::session::Session;
use crate::session::authorization::Authorization;
use crate::text::again::Again;
use crate::text::numbered::{display, named, numbered};

/// The answer to a call. Its texts stand in the session's memory until the next exchange begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the site may have said no, which the verdict tells"]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Answer<'s> {
    /// What it means.
    pub verdict: CallVerdict,
    /// The HTTP status code.
    pub http_status: u16,
    /// The message of an error: OData's `error.message`; `errorInfo.message` or `responseStatus.Message` of the other
    /// services; `Message`.
    pub message: Option<Text<'s>>,
    /// The message of the error behind it, the deepest of three: what a validation says is here, and the true cause. It is
    /// that of OData's `error.innererror`, or of the `internalexception` in it, or of that in this one; or `MessageDetail`,
    /// `ExceptionMessage`, or that of the `InnerException`.
    pub inner_message: Option<Text<'s>>,
    /// The code of an error, for programs: OData's `error.code`; `errorInfo.errorCode` or `responseStatus.ErrorCode` of the
    /// other services.
    pub error_code: Option<Text<'s>>,
    /// `@odata.nextLink`: where the next page of a collection is. See [`Site::path_of`](crate::Site::path_of).
    pub next_link: Option<Text<'s>>,
    /// `Retry-After` in seconds. A date is one only if the caller or the reply tells the time.
    pub retry_after: Option<u32>,
}

/// What the answer to a call means (protocol notes, sections 4 and 7). None of these is an error of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum CallVerdict {
    /// Status 2xx, and the body is what was asked for as far as that can be seen.
    Fine,
    /// Status 403, and no CSRF token was sent, for the session has none.
    CsrfMissing,
    /// Status 403 though a CSRF token was sent, and no web page: the token is stale, or the user lacks the right.
    Forbidden,
    /// Status 401, or any other sign that a session has ended, after [`use_basic`](crate::Session::use_basic): user name or
    /// password are wrong.
    Unauthorized,
    /// Status 404 without an error of OData: the site's [`Runtime`](crate::Runtime) is probably the other one.
    WrongPrefix,
    /// Status 404: there is no such record, or no such entity.
    NotFound,
    /// Status 429 or 503: try again later; `retry_after` may say when.
    Busy,
    /// Status 2xx, but the body says that it failed: `success` is `false`; or `errorInfo` is an object with anything in it, or
    /// `error` any object; or `responseStatus.ErrorCode` is not empty; or there are `Message` and `MessageDetail` and nothing
    /// else, which is how OData says that it does not know the entity, or not yet. `message` may say why.
    Failed,
    /// Status 2xx where JSON was asked for, and a web page came.
    NotJson,
    /// Any other status 4xx: the request is refused; `message` may say why.
    Refused,
    /// Any other status 5xx.
    ServerError,
    /// Any other status; and status 202 without a body, which says that nobody knows whether it is done: so AWS WAF answers whom it
    /// takes for a robot, and the site has not seen the call.
    UnexpectedStatus,
    /// Status 403 with a web page though a CSRF token was sent, or to a call that takes none since no cookies authorise it: the
    /// user lacks the right, or something in front of the site, such as a firewall, refuses the call.
    AccessDenied,
    /// The session has ended as it seems, though a [`Renewal`](crate::Renewal) has signed in for this call or the one before, and
    /// no call has come through since: the site is starting, or the session does not reach it. Nothing has been done. The next
    /// sign-in [begins without cookies](crate::Session::sign_in_drops_cookies), one of which may be to blame.
    RenewedInVain,
    /// The session has ended, there was none, or its cookies did not reach the site. Nothing has been done: sign in, once.
    SessionEnded(EndSign),
}

named!(CallVerdict {
    Fine,
    CsrfMissing,
    Forbidden,
    Unauthorized,
    WrongPrefix,
    NotFound,
    Busy,
    Failed,
    NotJson,
    Refused,
    ServerError,
    UnexpectedStatus,
    AccessDenied,
    RenewedInVain,
    SessionEnded { .. },
});

// The numbers are those of the C interface, where the signs are verdicts of their own.
numbered! {
    /// How the end of a session was recognised (protocol notes, section 4).
    #[cfg_attr(feature = "serde", derive(serde::Serialize))]
    pub enum EndSign {
        /// A redirect to the login page.
        RedirectToLogin = 15, ENDED;
        /// Status 200 with an HTML page that speaks of the login page. It is a sign and no certainty: a page that the call
        /// itself has brought may speak of it, too.
        LoginPage = 16, ENDED;
        /// Status 401 with the message `Authentication failed.`
        AuthenticationFailed = 17, ENDED;
        /// Status 401 to a call that a token authorised.
        TokenRejected = 18, ENDED;
        /// Status 401 of any other shape, to a call that cookies authorised.
        Unauthorized = 19, ENDED;
        /// Status 200 or 500 from DataService, which has no user connection.
        NoUserConnection = 20, ENDED;
    }
}

impl EndSign {
    /// Whether the session has certainly ended, and the site has certainly not done what the call asks. A page with status 200 may
    /// be the call's own answer, as may the error of a service: they are but signs.
    pub const fn is_certain(&self) -> bool {
        !matches!(self, EndSign::LoginPage | EndSign::NoUserConnection)
    }
}

#[cfg(feature = "texts")]
const ENDED: &str = "the session has ended, or there is none; sign in";

impl CallVerdict {
    /// The number in the C interface.
    #[doc(hidden)]
    pub const fn number(&self) -> u8 {
        match self {
            CallVerdict::Fine => 1,
            CallVerdict::CsrfMissing => 2,
            CallVerdict::Forbidden => 3,
            CallVerdict::Unauthorized => 4,
            CallVerdict::WrongPrefix => 5,
            CallVerdict::NotFound => 6,
            CallVerdict::Busy => 7,
            CallVerdict::Failed => 8,
            CallVerdict::NotJson => 9,
            CallVerdict::Refused => 10,
            CallVerdict::ServerError => 11,
            CallVerdict::UnexpectedStatus => 12,
            CallVerdict::AccessDenied => 13,
            CallVerdict::RenewedInVain => 14,
            CallVerdict::SessionEnded(sign) => sign.number(),
        }
    }

    /// Whether the same call may be sent again, where the session has ended after a sign-in. With status 429 a busy site has not
    /// done it, which [`Renewal`](crate::Renewal) knows; a missing CSRF token comes with a sign-in, too.
    pub const fn again(&self) -> Again {
        match self {
            CallVerdict::SessionEnded(sign) if sign.is_certain() => Again::Yes,
            CallVerdict::CsrfMissing => Again::Yes,
            CallVerdict::SessionEnded(_)
            | CallVerdict::Busy
            | CallVerdict::ServerError
            | CallVerdict::RenewedInVain => Again::IfRepeatable,
            CallVerdict::Fine
            | CallVerdict::Forbidden
            | CallVerdict::Unauthorized
            | CallVerdict::WrongPrefix
            | CallVerdict::NotFound
            | CallVerdict::Failed
            | CallVerdict::NotJson
            | CallVerdict::Refused
            | CallVerdict::UnexpectedStatus
            | CallVerdict::AccessDenied => Again::No,
        }
    }

    /// What it means and what to do about it, in a sentence, for people; the [catalogue](crate::catalogue) has more of it.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            CallVerdict::Fine => "done",
            CallVerdict::SessionEnded(sign) => sign.text(),
            CallVerdict::CsrfMissing => "refused, for the session has no CSRF token; sign in",
            CallVerdict::Forbidden => "refused; the CSRF token is stale, or the user lacks the right",
            CallVerdict::Unauthorized => "wrong user name or password",
            CallVerdict::WrongPrefix => "no such service; the site's runtime is probably the other one",
            CallVerdict::NotFound => "no such record or entity",
            CallVerdict::Busy => "the site is busy; try again later",
            CallVerdict::Failed => "the service says that it failed",
            CallVerdict::NotJson => "a web page or XML came instead of JSON; check the path",
            CallVerdict::Refused => "the site refuses the request",
            CallVerdict::ServerError => "the site has failed; try again later",
            CallVerdict::UnexpectedStatus => {
                "an unexpected HTTP status; check the site's URL, http or https included"
            }
            CallVerdict::AccessDenied => {
                "access denied; the user lacks the right, or something in front of the site refuses the call"
            }
            CallVerdict::RenewedInVain => {
                "signed in again, but in vain: the site is starting, or the session does not reach it; try again later"
            }
        }
    }
}

display!(CallVerdict);

/// The texts that are kept of an answer: first those that C has, in its order.
#[derive(Clone, Copy)]
pub(crate) enum AnswerText {
    Message,
    InnerMessage,
    NextLink,
    ErrorCode,
    /// What is behind the inner message, and what is behind that.
    Cause,
    DeepestCause,
}

const fn kept(text: AnswerText) -> Value {
    // not covered: run by the compiler
    Value::Text(text as u8, 1)
}

const MEMBERS: &[(&str, Value)] = &[
    ("error", Value::Holder),
    ("error/innererror", Value::Holder),
    ("error/innererror/internalexception", Value::Holder),
    ("error/innererror/internalexception/internalexception", Value::Holder),
    ("errorInfo", Value::Holder),
    ("responseStatus", Value::Holder),
    ("InnerException", Value::Holder),
    // What OData 3 says in JSON light, where OData 4 says `error`.
    ("odata.error", Value::Alias(1)),
    // OData: {"error":{"code":"…","message":"…" or {"lang":"…","value":"…"},"innererror":{"message":"…",
    // "internalexception":{"message":"…","internalexception":{…}}}}}
    ("error/code", kept(AnswerText::ErrorCode)),
    ("error/message", kept(AnswerText::Message)),
    ("error/message/value", kept(AnswerText::Message)),
    ("error/innererror/message", kept(AnswerText::InnerMessage)),
    ("error/innererror/internalexception/message", kept(AnswerText::Cause)),
    ("error/innererror/internalexception/internalexception/message", kept(AnswerText::DeepestCause)),
    // DataService, file API: {"success":false,"errorInfo":{"errorCode":"…","message":"…"}}
    ("errorInfo/errorCode", kept(AnswerText::ErrorCode)),
    ("errorInfo/message", kept(AnswerText::Message)),
    // DataService, where an exception was thrown: {"responseStatus":{"ErrorCode":"…","Message":"…"},"success":false}
    ("responseStatus/ErrorCode", kept(AnswerText::ErrorCode)),
    ("responseStatus/Message", kept(AnswerText::Message)),
    ("success", Value::Scalar),
    // ASP.NET: {"Message":"…","MessageDetail":"…"}, {"Message":"…","ExceptionMessage":"…","InnerException":{…}};
    // AuthService: {"message":"…"}
    ("Message", kept(AnswerText::Message)),
    ("message", kept(AnswerText::Message)),
    ("MessageDetail", kept(AnswerText::InnerMessage)),
    ("ExceptionMessage", kept(AnswerText::InnerMessage)),
    ("InnerException/ExceptionMessage", kept(AnswerText::Cause)),
    ("@odata.nextLink", kept(AnswerText::NextLink)),
];

const TABLE: [Member; MEMBERS.len() + 1] = members::table(MEMBERS);

const ERROR: u8 = members::place_of(MEMBERS, "error");
const _: () = assert!(ERROR == 1, "it has an alias");
const ERROR_INFO: u8 = members::place_of(MEMBERS, "errorInfo");
const IN_ERROR_INFO: u32 = members::bits_of(MEMBERS, &["errorInfo/errorCode", "errorInfo/message"]);
const MESSAGE_AND_DETAIL: u32 = members::bits_of(MEMBERS, &["Message", "MessageDetail"]);

/// What a 401 says when the session has ended, and nothing else does (protocol notes, section 4).
const AUTHENTICATION_FAILED: Hash = Hash::of("Authentication failed.");

pub(crate) static ANSWER: Sought = Sought {
    members: Members { table: &TABLE, scalar: Scalar::flag },
    page: Page::look,
    text: AUTHENTICATION_FAILED,
};

/// What a call does in its own way.
pub(crate) static CALL: Kind = Kind {
    form: &request::CALL,
    cookie: |exchange, session, value| {
        // Cookies count where cookies authorise.
        if matches!(exchange.request, Request::Call(_, authorization) if authorization.is_by_cookies()) {
            exchange.stage_cookie(session, value);
        }
    },
    field: |exchange, session, field, value| exchange.keep_field(session, field, value),
    reads_body,
    sought: &ANSWER,
    answers_by_document: false,
    is_sign_in: false,
    complete: |exchange, session| {
        exchange.commit_cookies(session);
        if let Request::Call(call, authorization) = &exchange.request
            && call.is_of_a_session()
        {
            match verdict(exchange, session, call, *authorization) {
                CallVerdict::RenewedInVain if exchange.reader.head.status == 401 => session.attempts.rejected(),
                verdict if is_of_the_service(exchange, verdict) => session.attempts.answered_well(),
                _ => {}
            }
        }
        Ok(())
    },
    verdict: |_, _| Err(Misuse::NotALogin),
    limits_body: |exchange| {
        let is_error = exchange.reader.head.status >= 300;
        is_error || matches!(&exchange.request, Request::Call(call, _) if call.limited_body)
    },
};

/// Whether the answer is the service's own, good or not, so that the session has come through to it. What stands in front of a
/// site refuses with a page, and a site that starts has failed without a word.
fn is_of_the_service(exchange: &Exchange<'_>, verdict: CallVerdict) -> bool {
    let head = &exchange.reader.head;
    let is_page = head.html || exchange.content.is_html();
    match verdict {
        CallVerdict::Fine | CallVerdict::Failed | CallVerdict::NotFound | CallVerdict::Forbidden => true,
        CallVerdict::WrongPrefix | CallVerdict::Refused => !is_page,
        CallVerdict::ServerError => !is_page && exchange.received > 0,
        CallVerdict::UnexpectedStatus => head.status == 304, // what the caller has of it is still good
        _ => false,
    }
}

/// Whether the body of the answer is looked into: an error is, a web page, and what is asked for as JSON or as anything,
/// unless the caller wants it raw.
fn reads_body(request: &Request<'_>, head: &Head) -> bool {
    let is_of_interest = |call: &Call<'_>| !call.raw_body && (call.accepts_json() || call.accepts_anything());
    //= 9110-15.5-shown, 9110-15.5.2-shown, 9110-15.6-shown
    head.status >= 400 || head.html || matches!(request, Request::Call(call, _) if is_of_interest(call))
}

fn verdict(
    exchange: &Exchange<'_>,
    session: &Session<'_>,
    call: &Call<'_>,
    authorization: Authorization,
) -> CallVerdict {
    let (head, content, memory) = (&exchange.reader.head, &exchange.content, &*session.jar.memory);
    //= 9110-15-class, 9110-15-invalid
    let verdict = match head.status {
        200 if content.is_login_page() && !call.accepts_html() => CallVerdict::SessionEnded(EndSign::LoginPage),
        200 | 500 if has_no_user_connection(content, memory) => CallVerdict::SessionEnded(EndSign::NoUserConnection),
        200..=299 if call.accepts_json() && content.is_html() => CallVerdict::NotJson,
        200..=299 if content.is_document() && has_failed(&content.document) => CallVerdict::Failed,
        200..=299 if head.status != 202 || exchange.received > 0 => CallVerdict::Fine,
        300..=399 if head.to_login_page => CallVerdict::SessionEnded(EndSign::RedirectToLogin),
        401 if authorization == Authorization::Bearer => CallVerdict::SessionEnded(EndSign::TokenRejected),
        401 if content.is_document() && content.document.has_sought() => {
            CallVerdict::SessionEnded(EndSign::AuthenticationFailed)
        }
        401 => CallVerdict::SessionEnded(EndSign::Unauthorized),
        403 if authorization == Authorization::Cookies && call.is_of_a_session() => CallVerdict::CsrfMissing,
        403 if authorization.is_by_cookies() && !head.html && !content.is_html() => CallVerdict::Forbidden,
        403 => CallVerdict::AccessDenied,
        404 if call.path.has_prefix() && !is_of_odata(&content.document) => CallVerdict::WrongPrefix,
        404 => CallVerdict::NotFound,
        429 | 503 => CallVerdict::Busy,
        400..=499 => CallVerdict::Refused,
        500..=599 => CallVerdict::ServerError,
        _ => CallVerdict::UnexpectedStatus,
    };
    match verdict {
        // There is no session to begin again, and the same password once more could lock the account.
        CallVerdict::SessionEnded(_) if authorization == Authorization::Basic => CallVerdict::Unauthorized,
        CallVerdict::SessionEnded(_) if session.attempts.is_renewed_in_vain() => CallVerdict::RenewedInVain,
        verdict => verdict,
    }
}

/// Whether a document says that what was asked for has failed (protocol notes, section 4).
fn has_failed(document: &Picker) -> bool {
    document.scalar.is_false()
        || document.is_object(ERROR)
        || document.has_others(ERROR_INFO)
        || document.has_seen_any(IN_ERROR_INFO)
        || document.has_text(AnswerText::ErrorCode as u8)
        || knows_no_entity(document)
}

/// `{"Message":"No HTTP resource was found …","MessageDetail":"No type was found …"}`, and nothing else.
fn knows_no_entity(document: &Picker) -> bool {
    document.has_seen_only(MESSAGE_AND_DETAIL) && !document.has_others(DOCUMENT)
}

/// Whether a 404 is OData's own, so that the path has led to it.
fn is_of_odata(document: &Picker) -> bool {
    document.is_object(ERROR) || knows_no_entity(document)
}

/// DataService says so where nobody is signed in: `Value for argument "userConnection" must be specified`.
fn has_no_user_connection(content: &Content, memory: &[u8]) -> bool {
    const ARGUMENT: &[u8] = b"userConnection";
    let text = |text: AnswerText| content.text(text as u8, memory).map_or(&[] as &[u8], |text| text.as_bytes());
    text(AnswerText::ErrorCode) == b"ArgumentNullOrEmptyException"
        && text(AnswerText::Message).windows(ARGUMENT.len()).any(|part| part == ARGUMENT)
}

/// Whether [`verdict`] may be going to say that the session has ended, as far as the head and the first piece of the body
/// tell: then there is nothing in the body for the caller.
#[cfg(feature = "embedded-io-07")]
pub(crate) fn may_be_ended(exchange: &Exchange<'_>, call: &Call<'_>) -> bool {
    let has_error_code = exchange.content.document.has_text(AnswerText::ErrorCode as u8);
    match exchange.http_status() {
        // Of what may be anything, a page that the head does not call one is perhaps what the caller wants.
        Some(200) => {
            let is_page = exchange.reader.head.html || exchange.content.is_html() && call.accepts_json();
            has_error_code || is_page && !call.accepts_html()
        }
        Some(500) => has_error_code,
        Some(300..=399 | 401) => true,
        _ => false,
    }
}

/// Whether the body of a complete reply is a whole document, as far as it is looked into.
#[cfg(feature = "embedded-io-07")]
pub(crate) fn may_be_document(exchange: &Exchange<'_>) -> bool {
    exchange.content.is_document() || !reads_body(&exchange.request, &exchange.reader.head)
}

impl<'m> Session<'m> {
    /// Begins a call, authorised by what the session has. It ends any exchange that is under way.
    pub fn call<'c>(&mut self, call: &Call<'c>) -> Exchange<'c>
    where
        'm: 'c,
    {
        let authorization = self.authorization(call.path);
        self.attempts.begin_call();
        self.begin(&CALL, || Request::Call(*call, authorization))
    }
}

impl Session<'_> {
    /// Ends the session here, too, where the call's answer says that it has [certainly](EndSign::is_certain) ended at the
    /// site: gives up the room of its ticket and of the other cookies of its login, which are worth nothing any more. Call
    /// it before the login that renews the session, which then takes no more memory than the first one did; where that
    /// fails, the session has ended, as it had before. It ends the exchange. Otherwise nothing changes.
    ///
    /// The cookies of what stands in front of the site stay, as long as the memory has room for them beside those that come.
    pub fn end(&mut self, exchange: &Exchange<'_>) {
        if matches!(exchange.call_verdict(self), Ok(CallVerdict::SessionEnded(sign)) if sign.is_certain()) {
            self.end_exchange();
            self.jar.end();
        }
    }
}

impl Exchange<'_> {
    /// The answer to a call, when the reply is complete.
    ///
    /// Its texts are views into the session's memory.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange is no call, or the session has gone on.
    pub fn call_result<'s>(&self, session: &'s Session<'_>) -> Result<Answer<'s>, Misuse> {
        let verdict = self.call_verdict(session)?;
        let text = |text: AnswerText| self.call_text(session, verdict, text as u8);
        Ok(Answer {
            verdict,
            http_status: self.reader.head.status,
            message: text(AnswerText::Message),
            inner_message: text(AnswerText::InnerMessage),
            error_code: text(AnswerText::ErrorCode),
            next_link: text(AnswerText::NextLink),
            retry_after: self.retry_after(),
        })
    }

    /// What [`Exchange::call_result`] says, one thing after the other: C's struct is filled in its place.
    #[doc(hidden)]
    pub fn call_verdict(&self, session: &Session<'_>) -> Result<CallVerdict, Misuse> {
        self.check(session)?;
        let Request::Call(call, authorization) = &self.request else {
            return Err(Misuse::NotACall);
        };
        self.check_done()?;
        Ok(verdict(self, session, call, *authorization))
    }

    #[doc(hidden)]
    pub fn call_text<'s>(&self, session: &'s Session<'_>, verdict: CallVerdict, text: u8) -> Option<Text<'s>> {
        let found = |text: u8| self.answer_text(session, text);
        if text == AnswerText::NextLink as u8 {
            return found(text);
        }
        // Where all went well, some services send the members of an error all the same, with nothing in them; and no code is none.
        let may_be_empty = verdict != CallVerdict::Fine && text != AnswerText::ErrorCode as u8;
        let says_something = |text: &Text<'_>| may_be_empty || !text.as_bytes().is_empty();
        let deeper = [AnswerText::DeepestCause, AnswerText::Cause].map(|text| text as u8);
        let is_there = |deeper: &u8| found(*deeper).is_some_and(|text| !text.as_bytes().is_empty());
        let deepest = deeper.into_iter().find(is_there).filter(|_| text == AnswerText::InnerMessage as u8);
        found(deepest.unwrap_or(text)).filter(says_something)
    }

    /// `Content-Type` of the reply to a call, once its head is complete. As the other fields it stands in the session's
    /// memory until the next exchange begins.
    pub fn content_type<'s>(&self, session: &'s Session<'_>) -> Option<&'s [u8]> {
        self.kept(session, kept_fields::CONTENT_TYPE)
    }

    /// `Location` of the reply to a call.
    pub fn location<'s>(&self, session: &'s Session<'_>) -> Option<&'s [u8]> {
        self.kept(session, kept_fields::LOCATION)
    }

    /// The field of the reply that the call [wants](crate::Call::with_wanted_field). Of several the last.
    pub fn wanted_field<'s>(&self, session: &'s Session<'_>) -> Option<&'s [u8]> {
        self.kept(session, kept_fields::WANTED)
    }

    /// Takes a field of the reply to a call, and keeps it for the caller where that is asked for.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "places in the memory, and no more than the values of a head take, which is bounded"
    )]
    pub(crate) fn keep_field(
        &mut self,
        session: &mut Session<'_>,
        field: Field,
        value: Range<usize>,
    ) -> Result<(), Failure> {
        self.take_field(session, field, &value)?;
        let Some(text) = self.field_value(session, &value) else {
            self.reserved += value.len(); // more than is needed, if it is not to be kept
            return Ok(());
        };
        let start = value.start + (text.len() - text.trim_ascii_start().len());
        let text = start..start + text.trim_ascii().len();
        let is_wanted = field == Field::Wanted || matches!(self.request, Request::Call(call, _) if call.wants(field));
        if Kept::keeps(field, is_wanted) && !self.reader.head.is_interim() {
            let place = session.jar.move_to_end(text, self.room(session));
            session.jar.note_at_end(place.start);
            self.reserved += place.len();
            if let Some(kept) = self.own.fields() {
                kept.take(field, is_wanted, &place);
            }
        }
        Ok(())
    }

    fn kept<'s>(&self, session: &'s Session<'_>, place: usize) -> Option<&'s [u8]> {
        self.check(session).ok()?;
        let is_there = self.reader.has_head() && self.state() != State::Failed;
        match &self.own {
            Own::Fields(kept) => kept.value(place, session.jar.memory).filter(|_| is_there),
            _ => None,
        }
    }
}
