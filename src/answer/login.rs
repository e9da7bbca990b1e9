//! What a login is answered with.

use crate::exchange::Exchange;
use crate::exchange::content::{Content, Sought};
use crate::exchange::error::{Failure, Misuse};
use crate::exchange::html::Page;
use crate::exchange::{Kind, Own};
use crate::http::head::Head;
use crate::json::error::DocumentError;
use crate::json::members::{self, Hash, Member, Members, Value};
use crate::json::scalar::Scalar;
use crate::json::text::Text;
use crate::request::login::{Credentials, LOGIN_PATH, LoginBody, LoginTexts};
use crate::request::password_change::{PASSWORD_CHANGE_PATH, PasswordChange};
use crate::request::{self, Request};
use crate::session::Session;
use crate::session::authorization::TICKET_NAME;
use crate::text::again::Again;
use crate::text::numbered::{display, named, numbered};
use crate::text::time::Time;

/// The answer to a login. Its texts stand in the session's memory until the next exchange begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the site may have said no, which the verdict tells"]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Login<'s> {
    /// What it means.
    pub verdict: Verdict,
    /// The HTTP status code.
    pub http_status: u16,
    /// `Code`, where the answer was a status document.
    pub code: Option<i32>,
    /// `Message`, in the user's language: for people, never to be branched on.
    pub message: Option<Text<'s>>,
    /// `Message` of `Exception`.
    pub exception_message: Option<Text<'s>>,
    /// `Type` of `Exception`.
    pub exception_type: Option<Text<'s>>,
    /// `PasswordChangeUrl`.
    pub password_change_url: Option<Text<'s>>,
    /// `RedirectUrl`.
    pub redirect_url: Option<Text<'s>>,
    /// `UserType`.
    pub user_type: Option<Text<'s>>,
    /// `Retry-After` in seconds. A date is one only if the caller or the reply tells the time.
    pub retry_after: Option<u32>,
}

/// What the answer to a login means (protocol notes, section 2). None of these is an error of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Verdict {
    /// `Code` 0, and the session has its ticket.
    Authenticated,
    /// `Code` 2: signed in, and the site advises a change of password. `message` asks for it, and
    /// `password_change_url` says where.
    PasswordChangeAdvised,
    /// `Code` 1, with whatever status: `message` says why, in the user's language. A locked user, a wrong password, on older sites a missing license,
    /// and a site that takes integrations by OAuth only look alike. Do not repeat the login: that can lock the account.
    Rejected,
    /// Status 401: user name or password are wrong.
    BadCredentials,
    /// Status 403: the site denies access, for example to this address.
    AccessDenied,
    /// The site says yes, but the session has no ticket (`.ASPXAUTH`) that would go back to it: something in between
    /// stripped it, or its path or its `Secure` does not fit the site's URL.
    NoTicket,
    /// Any other status; `http_status` has it. With 400, 413 or 431 the cookies that went along may be too long:
    /// [`Session::sign_in_drops_cookies`] then says that the next login begins without any.
    UnexpectedStatus,
    /// `Code` is none of the known ones; `message` may say what it means. Do not repeat the login as it was.
    UnknownCode,
    /// `Code` 3: the password is right, but the user has no license to work with, and may grant licenses. A repetition says
    /// the same.
    NeedGrantLicense,
    /// `Code` 4: the password is right, but the user has no license. A repetition says the same.
    NoLicense,
    /// `Code` 5: the password is right, but has expired: [change](Session::change_password) it, which signs in.
    PasswordExpired,
    /// User name and password are right, and the site wants a second factor: sign in again in this session, with the same
    /// user name and password and a [one-time code](Credentials::with_one_time_code) beside them. It is told by `Code` 1 with
    /// an exception of the type `…StartAuthFlowException`, or by the cookie `FirstFactor` in the place of a ticket. The
    /// session sends that cookie back by itself; it lives 20 minutes. To a login with a code no cookie says this.
    SecondFactorWanted,
    /// The user has to bind an authenticator first, which takes a browser: `Code` 1 with an exception of the type
    /// `…TotpIsNotEnabledException`.
    AuthenticatorWanted,
    /// Status 429, 502, 503 or 504: the password has been judged by nobody; try again later. `retry_after` may say when.
    Busy,
    /// The login page came instead of an answer: the URL is wrong, or something followed a redirect.
    LoginPage(LoginPageSign),
}

named!(Verdict {
    Authenticated,
    PasswordChangeAdvised,
    Rejected,
    BadCredentials,
    AccessDenied,
    NoTicket,
    UnexpectedStatus,
    UnknownCode,
    NeedGrantLicense,
    NoLicense,
    PasswordExpired,
    SecondFactorWanted,
    AuthenticatorWanted,
    Busy,
    LoginPage { .. },
});

// The numbers are those of the C interface, where the signs are verdicts of their own.
numbered! {
    /// How the login page was recognised.
    #[cfg_attr(feature = "serde", derive(serde::Serialize))]
    pub enum LoginPageSign {
        /// A redirect to a page in a folder `Login`.
        RedirectToLogin = 15, "a redirect to the login page came instead of an answer; check the site's URL";
        /// A redirect to somewhere else, for example from http to https.
        Redirect = 16, "a redirect came instead of an answer; check the site's URL, http or https included";
        /// Status 200 with the content type of an HTML page.
        HtmlContentType = 17, "a web page came instead of an answer; check the site's URL";
        /// Status 200 with a body that begins like an HTML page.
        HtmlBody = 18, "a web page came instead of an answer; check the site's URL";
    }
}

impl Verdict {
    /// Whether the session is signed in.
    pub const fn is_authenticated(&self) -> bool {
        matches!(self, Verdict::Authenticated | Verdict::PasswordChangeAdvised)
    }

    /// Whether the same login may be sent again: where nobody has judged the password, and never after a refusal, for that can
    /// lock the account. [`Session::sign_in_delay`] knows what has been before this one.
    pub const fn again(&self) -> Again {
        if matches!(self, Verdict::Busy) { Again::Yes } else { Again::No }
    }

    /// The number in the C interface.
    #[doc(hidden)]
    pub const fn number(&self) -> u8 {
        match self {
            Verdict::Authenticated => 1,
            Verdict::PasswordChangeAdvised => 2,
            Verdict::Rejected => 3,
            Verdict::BadCredentials => 4,
            Verdict::AccessDenied => 5,
            Verdict::NoTicket => 6,
            Verdict::UnexpectedStatus => 7,
            Verdict::UnknownCode => 8,
            Verdict::NeedGrantLicense => 9,
            Verdict::NoLicense => 10,
            Verdict::PasswordExpired => 11,
            Verdict::SecondFactorWanted => 12,
            Verdict::AuthenticatorWanted => 13,
            Verdict::Busy => 14,
            Verdict::LoginPage(sign) => sign.number(),
        }
    }

    /// The one with this number.
    pub(crate) const fn of_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Verdict::Authenticated,
            2 => Verdict::PasswordChangeAdvised,
            3 => Verdict::Rejected,
            4 => Verdict::BadCredentials,
            5 => Verdict::AccessDenied,
            6 => Verdict::NoTicket,
            7 => Verdict::UnexpectedStatus,
            8 => Verdict::UnknownCode,
            9 => Verdict::NeedGrantLicense,
            10 => Verdict::NoLicense,
            11 => Verdict::PasswordExpired,
            12 => Verdict::SecondFactorWanted,
            13 => Verdict::AuthenticatorWanted,
            14 => Verdict::Busy,
            _ => match LoginPageSign::of_number(number) {
                Some(sign) => Verdict::LoginPage(sign),
                None => return None,
            },
        })
    }

    /// What it means and what to do about it, in a sentence, for people; the [catalogue](crate::catalogue) has more of it.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            Verdict::Authenticated => "signed in",
            Verdict::PasswordChangeAdvised => "signed in; the site advises to change the password",
            Verdict::Rejected => {
                "rejected; do not repeat it, for that can lock the account; the site's message says why"
            }
            Verdict::BadCredentials => "wrong user name or password",
            Verdict::AccessDenied => "access denied; is this address allowed to sign in?",
            Verdict::LoginPage(sign) => sign.text(),
            Verdict::NoTicket => {
                "the site says yes, but sent no ticket that would go back to it; check proxies, and the URL's scheme and path, \
                 letter case included"
            }
            Verdict::UnexpectedStatus => "an unexpected HTTP status; check the site's URL, http or https included",
            Verdict::UnknownCode => "not accepted, by a code that is not known; the site's message may say why",
            Verdict::NeedGrantLicense => {
                "the user has no license, but may grant one: do so in the site's license manager"
            }
            Verdict::NoLicense => "the user has no license; have an administrator grant one",
            Verdict::PasswordExpired => "the password has expired; change it, which signs in",
            Verdict::SecondFactorWanted => {
                "a second factor is wanted; sign in again with a one-time code beside the password"
            }
            Verdict::AuthenticatorWanted => "the user has to bind an authenticator first; sign in with a browser",
            Verdict::Busy => "the site is busy or starting; try again later",
        }
    }
}

display!(Verdict);

/// The texts that are kept of a status, in the order that they have in C.
#[derive(Clone, Copy)]
pub(crate) enum StatusText {
    Message,
    ExceptionMessage,
    ExceptionType,
    PasswordChangeUrl,
    RedirectUrl,
    UserType,
}

const fn kept(text: StatusText) -> Value {
    // not covered: run by the compiler
    Value::Text(text as u8, 1)
}

const MEMBERS: &[(&str, Value)] = &[
    ("Code", Value::Scalar),
    ("Message", kept(StatusText::Message)),
    ("Exception", Value::Holder),
    ("Exception/Message", kept(StatusText::ExceptionMessage)),
    ("Exception/Type", kept(StatusText::ExceptionType)),
    ("PasswordChangeUrl", kept(StatusText::PasswordChangeUrl)),
    ("RedirectUrl", kept(StatusText::RedirectUrl)),
    ("UserType", kept(StatusText::UserType)),
];

const TABLE: [Member; MEMBERS.len() + 1] = members::table(MEMBERS);

pub(crate) static STATUS: Sought =
    Sought { members: Members { table: &TABLE, scalar: Scalar::code }, page: Page::ignore, text: Hash::NONE };

/// What a login does in its own way.
pub(crate) static LOGIN: Kind = Kind {
    form: &request::LOGIN,
    cookie: |exchange, session, value| exchange.stage_cookie(session, value),
    field: |exchange, session, field, value| exchange.take_field(session, field, &value),
    reads_body: |_, head| !(300..=399).contains(&head.status),
    sought: &STATUS,
    answers_by_document: true,
    is_sign_in: true,
    complete,
    verdict: |exchange, session| exchange.login_verdict(session).map(|verdict| verdict.number()),
    limits_body: |_| true,
};

fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    let (is_document, code) = (exchange.check_document()?, exchange.content.document.scalar.number());
    if is_document && code.is_none() {
        return Err(DocumentError::NoCode.into());
    }
    let before = session.jar.next_stamp();
    exchange.commit_cookies(session);
    let set = session.jar.next_stamp().wrapping_sub(before);
    exchange.own = Own::SetCookies(set);
    if session.has_ticket() {
        session.jar.ended = None;
        if is_document && matches!(code, Some(0 | 2)) {
            session.supersede(set);
        }
        session.jar.drop_over(Time::UNKNOWN, true); // what a token or Basic has left would count again without the ticket
    }
    Ok(())
}

/// `Code`, where the body is a status document.
fn code(content: &Content) -> Option<i32> {
    content.document.scalar.number().filter(|_| content.is_document())
}

/// The cookie that a site sets in the place of a ticket, where a second factor is to come (protocol notes, section 2).
const FIRST_FACTOR: &str = "FirstFactor=";

#[inline(never)] // its many ends are shorter without the result around them
pub(super) fn verdict(
    head: &Head,
    content: &Content,
    session: &Session<'_>,
    exception: Option<Text<'_>>,
    is_first_step: bool,
) -> Verdict {
    let exception = exception.map_or(&[][..], |exception| exception.as_bytes());
    match head.status {
        200 if head.html => Verdict::LoginPage(LoginPageSign::HtmlContentType),
        200 if content.is_html() => Verdict::LoginPage(LoginPageSign::HtmlBody),
        200 => match code(content) {
            Some(0 | 5) if is_first_step => Verdict::SecondFactorWanted,
            Some(0 | 2) if !session.has_ticket() => Verdict::NoTicket,
            Some(0) => Verdict::Authenticated,
            Some(1) if exception.ends_with(b"StartAuthFlowException") => Verdict::SecondFactorWanted,
            Some(1) if exception.ends_with(b"TotpIsNotEnabledException") => Verdict::AuthenticatorWanted,
            Some(1) => Verdict::Rejected,
            Some(2) => Verdict::PasswordChangeAdvised,
            Some(3) => Verdict::NeedGrantLicense,
            Some(4) => Verdict::NoLicense,
            Some(5) => Verdict::PasswordExpired,
            _ => Verdict::UnknownCode,
        },
        300..=399 if head.to_login_page => Verdict::LoginPage(LoginPageSign::RedirectToLogin),
        301..=303 | 307 | 308 => Verdict::LoginPage(LoginPageSign::Redirect),
        401 => Verdict::BadCredentials,
        403 => Verdict::AccessDenied,
        _ if code(content) == Some(1) => Verdict::Rejected,
        429 | 502..=504 => Verdict::Busy,
        _ => Verdict::UnexpectedStatus,
    }
}

impl<'m> Session<'m> {
    /// Begins a login. It ends any exchange that is under way.
    ///
    /// Cookies of an earlier login go with it, as the site expects of a second login; where the new one is not accepted, they
    /// stay. Before the login of another user [`clear`](Session::clear) the session: where a site says yes without a new
    /// ticket, the one of the first user stays; and [`allow_sign_in`](Session::allow_sign_in), for that the first one was refused is not
    /// forgotten with it.
    pub fn login<'c>(&mut self, credentials: &'c Credentials<'_>) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.login_of(credentials.texts())
    }

    /// As [`Session::login`], for C.
    #[doc(hidden)]
    #[inline(always)] // so that the exchange is made where it is to be
    pub fn login_of<'c>(&mut self, texts: LoginTexts<'c>) -> Exchange<'c> {
        self.begin(&LOGIN, || Request::Login(LoginBody { path: &LOGIN_PATH, texts }))
    }

    /// Begins a change of the password, which signs in at the same time. It ends any exchange that is under way.
    ///
    /// [`Exchange::login_result`] has its answer.
    pub fn change_password<'c>(&mut self, change: &'c PasswordChange<'_>) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.password_change_of(change.texts())
    }

    /// As [`Session::change_password`], for C.
    #[doc(hidden)]
    #[inline(always)] // likewise
    pub fn password_change_of<'c>(&mut self, texts: LoginTexts<'c>) -> Exchange<'c> {
        self.begin(&LOGIN, || Request::Login(LoginBody { path: &PASSWORD_CHANGE_PATH, texts }))
    }
}

impl Exchange<'_> {
    /// The answer to a login or to a change of the password, when the reply is complete.
    ///
    /// Its texts are views into the session's memory.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange is no login, or the session has gone on.
    pub fn login_result<'s>(&self, session: &'s Session<'_>) -> Result<Login<'s>, Misuse> {
        let verdict = self.login_verdict(session)?;
        let (content, memory) = (&self.content, session.jar.memory as &[u8]);
        let text = |text: StatusText| content.text(text as u8, memory);
        Ok(Login {
            verdict,
            http_status: self.reader.head.status,
            code: self.login_code(),
            message: text(StatusText::Message),
            exception_message: text(StatusText::ExceptionMessage),
            exception_type: text(StatusText::ExceptionType),
            password_change_url: text(StatusText::PasswordChangeUrl),
            redirect_url: text(StatusText::RedirectUrl),
            user_type: text(StatusText::UserType),
            retry_after: self.retry_after(),
        })
    }

    /// What [`Exchange::login_result`] says, one thing after the other: C's struct is filled in its place.
    #[doc(hidden)]
    pub fn login_verdict(&self, session: &Session<'_>) -> Result<Verdict, Misuse> {
        self.check(session)?;
        let Request::Login(body) = &self.request else {
            return Err(Misuse::NotALogin);
        };
        self.check_done()?;
        let exception = self.answer_text(session, StatusText::ExceptionType as u8);
        let is_first_step = self.is_first_step(session, body.texts.has_one_time_code());
        Ok(verdict(&self.reader.head, &self.content, session, exception, is_first_step))
    }

    /// Whether there is a first factor that is newer than the ticket, which is worth nothing then, and the reply has brought no
    /// ticket. Where it answers a code, it has to have brought the first factor, and to be good otherwise: the first step was over.
    #[inline(never)] // what it takes of the stack is not to be below the verdict
    fn is_first_step(&self, session: &Session<'_>, has_code: bool) -> bool {
        let Own::SetCookies(set) = self.own else { return false };
        // The one goes back to the login, perhaps to it alone, the other to calls.
        let first_factor = session.age_at(FIRST_FACTOR.as_bytes(), self.request.path());
        let ticket = session.age_of(TICKET_NAME.as_bytes());
        let is_over = first_factor <= set && code(&self.content) == Some(0);
        ticket > set && first_factor < ticket && (is_over || !has_code)
    }

    #[doc(hidden)]
    pub fn login_code(&self) -> Option<i32> {
        code(&self.content)
    }

    #[doc(hidden)]
    pub fn answer_text<'s>(&self, session: &'s Session<'_>, text: u8) -> Option<Text<'s>> {
        self.content.text(text, session.jar.memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::picker::{Lent, Picker};
    use std::string::String;

    const TEXTS: usize = 6;

    fn read(json: &str) -> Result<(Option<i32>, [Option<String>; TEXTS]), DocumentError> {
        let (mut reader, mut memory) = (Picker::new(), [0; 512]);
        reader
            .push(json.as_bytes(), &mut Lent { members: &STATUS.members, sought: Hash::NONE, memory: &mut memory })?;
        if !reader.is_complete() {
            return Err(DocumentError::CutOff);
        }
        let texts = core::array::from_fn(|text| {
            let bytes = &memory[reader.text(text as u8)?];
            Some(String::from_utf8(bytes.to_vec()).unwrap() + if reader.is_cut(text as u8) { "…" } else { "" })
        });
        Ok((Some(reader.scalar.number().ok_or(DocumentError::NoCode)?), texts))
    }

    #[test]
    fn picks_its_members_in_any_order_and_from_their_places_only() {
        let (code, texts) = read(
            r#"{"X":{"Code":7,"Message":"no"},"Exception":{"InnerException":{"Message":"no","Type":"no"},
            "Message":"inner","List":[{"Type":"no"}],"Type":"System.X"},"A":["Code",{"Code":3}],"UserType":"General",
            "RedirectUrl":"\/0\/Shell","PasswordChangeUrl":null,"Message":"\u041d\u0435\u0442","Code":1}"#,
        )
        .unwrap();
        assert_eq!(code, Some(1));
        let texts = texts.each_ref().map(|text| text.as_deref());
        assert_eq!(texts, [Some("Нет"), Some("inner"), Some("System.X"), None, Some("/0/Shell"), Some("General")]);
    }

    #[test]
    fn values_of_another_type_say_nothing_but_a_code_must_be_a_whole_number() {
        let (code, texts) =
            read(r#"{"Message":5,"Exception":"text","UserType":["a"],"RedirectUrl":{"x":"y"},"Code":2}"#).unwrap();
        assert_eq!((code, texts), (Some(2), [const { None }; TEXTS]));
        for code in
            ["\"0\"", "0.0", "-0", "0e0", "[0]", "{\"a\":0}", "1E2", "4294967296", "2147483648", "-2147483649"]
        {
            let json = std::format!("{{\"Code\":{code}}}");
            assert_eq!(read(&json).unwrap_err(), DocumentError::Code, "{code}");
        }
        assert_eq!(read(r#"{"Code":-2147483648}"#).unwrap().0, Some(i32::MIN));
        for absent in ["{}", r#"{"Code":null}"#, r#"{"Code":true}"#, r#"{"code":0}"#, r#"{"Code ":0}"#] {
            assert_eq!(read(absent).unwrap_err(), DocumentError::NoCode, "{absent}");
        }
        assert_eq!(read(r#"{"C\u006fde":3}"#).unwrap().0, Some(3));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        for json in [
            r#"{"Code":0,"Code":0}"#,
            r#"{"Code":null,"Code":0}"#,
            r#"{"Code":0,"\u0043ode":1}"#,
            r#"{"Message":"","Message":"","Code":0}"#,
            r#"{"Exception":{"Type":"","Type":""},"Code":0}"#,
        ] {
            assert_eq!(read(json).unwrap_err(), DocumentError::Doubled, "{json}");
        }
        assert!(read(r#"{"Other":1,"Other":2,"Code":0}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_no_status() {
        for json in ["[]", "0", "\"Code\"", "null", r#"[{"Code":0}]"#] {
            assert_eq!(read(json).unwrap_err(), DocumentError::NotAnObject, "{json}");
        }
        assert_eq!(read(r#"{"Code":0"#).unwrap_err(), DocumentError::CutOff);
        assert_eq!(read(r#"{"Code":0}x"#).unwrap_err(), DocumentError::NotJson);
    }

    #[test]
    fn a_long_text_is_cut_after_a_whole_character_and_leaves_room_for_the_others() {
        let long = "é".repeat(400);
        let (_, texts) = read(&std::format!(r#"{{"Message":"x{long}","UserType":"General","Code":0}}"#)).unwrap();
        assert_eq!(texts[StatusText::Message as usize].as_deref(), Some(&*std::format!("x{}…", "é".repeat(127))));
        assert_eq!(texts[StatusText::UserType as usize].as_deref(), Some("General"));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serializes_as_plain_json() {
        let text = |text: &'static str| Some(Text::new(text.as_bytes(), false));
        let login = Login {
            verdict: Verdict::LoginPage(LoginPageSign::HtmlBody),
            http_status: 200,
            code: None,
            message: text("Нет"),
            exception_message: None,
            exception_type: None,
            password_change_url: None,
            redirect_url: None,
            user_type: None,
            retry_after: Some(7),
        };
        assert_eq!(
            serde_json::to_value(login).unwrap(),
            serde_json::json!({
                "verdict": {"LoginPage": "HtmlBody"}, "http_status": 200, "code": null, "message": "Нет",
                "exception_message": null, "exception_type": null, "password_change_url": null,
                "redirect_url": null, "user_type": null, "retry_after": 7,
            })
        );
    }
}
