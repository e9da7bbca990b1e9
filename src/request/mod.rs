//! What is asked, a file for each door, and how it is written (RFC 9112, section 3).

mod basic;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod code;
pub(crate) mod discovery;
pub(crate) mod error;
pub(crate) mod field;
pub(crate) mod login;
#[cfg(feature = "ntlm")]
pub(crate) mod ntlm;
mod pair;
pub(crate) mod password_change;
pub(crate) mod revocation;
pub(crate) mod secret;
pub(crate) mod token;
pub(crate) mod windows;

use call::{Call, Method};
use login::LoginBody;
use token::TokenRequest;
use windows::WindowsRequest;

use crate::cookie::record::Context;
use crate::session::Session;
use crate::session::authorization::{self, Authorization};
use crate::session::authorization_lines::{Lines, authorization_lines};
use crate::site::Site;
use crate::site::path::Path;
use crate::text::encoding::FORM;
use crate::text::fault::BufferTooSmall;
use crate::text::template::{Part, Parts, Slot, Template, template};
use crate::text::time::Time;

/// What an exchange asks.
#[derive(Clone, Copy)]
pub(crate) enum Request<'c> {
    /// A login, or a change of the password.
    Login(LoginBody<'c>),
    /// A call, and what authorises it.
    Call(Call<'c>, Authorization),
    Token(TokenRequest<'c>),
    Windows(WindowsRequest<'c>),
}

impl<'c> Request<'c> {
    pub(crate) fn is_head(&self) -> bool {
        matches!(self, Request::Call(call, _) if call.method == Method::Head)
    }

    /// The path that it goes to.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn path(&self) -> &Path<'c> {
        match self {
            Request::Login(body) => body.path,
            Request::Call(call, _) => &call.path,
            Request::Token(token) => &token.path,
            Request::Windows(login) => login.path,
        }
    }

    /// Where it goes. A token is asked for at a site of its own.
    pub(crate) fn context<'a>(&self, session: &Session<'a>) -> Context<'a>
    where
        'c: 'a,
    {
        match self {
            Request::Token(token) => Context::new(&token.identity, token.path, Time::UNKNOWN),
            request => session.context(*request.path()),
        }
    }

    /// The site of that.
    pub(crate) fn site<'a>(&'a self, session: &'a Session<'_>) -> &'a Site<'a> {
        match self {
            Request::Token(token) => &token.identity,
            _ => &session.site,
        }
    }

    /// The name of the field that is wanted; empty for none.
    pub(crate) fn wanted_field(&self) -> &'c str {
        match self {
            Request::Call(call, _) => call.wanted_field.unwrap_or_default(),
            Request::Windows(_) => windows::CHALLENGE_FIELD,
            _ => "",
        }
    }
}

/// How one kind of request is written: its template, in which small letters that are not common to all, and digits, are its
/// own, and capitals those of the lines that authorise.
pub(crate) struct Form {
    pub template: Template,
    pub part: PartOf,
}

/// What stands behind a letter, if it is one of its own.
type PartOf = for<'r> fn(&'r Source<'r>, u8, usize, &mut Part<'r>) -> bool;

pub(crate) static LOGIN: Form = Form {
    template: login::TEMPLATE,
    part: |source, letter, item, part| match source.request {
        Request::Login(_) if letter.is_ascii_uppercase() => source.lines.cookie(letter, item, part),
        Request::Login(body) => body.part(letter, part),
        _ => false, // not covered: it is the form of no other
    },
};

pub(crate) static CALL: Form = Form {
    template: call::TEMPLATE,
    part: |source, letter, item, part| match source.request {
        Request::Call(_, authorization) if letter.is_ascii_uppercase() => {
            source.lines.part(*authorization, letter, item, part)
        }
        Request::Call(call, _) => call.part(letter, item, part),
        _ => false, // not covered: it is the form of no other
    },
};

pub(crate) static TOKEN: Form = Form {
    template: token::TEMPLATE,
    part: |source, letter, item, part| match source.request {
        Request::Token(token) => token.part(letter, item, part),
        _ => false, // not covered: it is the form of no other
    },
};

pub(crate) static REFRESH: Form = Form {
    template: token::TEMPLATE,
    part: |source, letter, item, part| {
        //= 6749-6-refresh
        match letter {
            b'g' => part.text = b"grant_type=refresh_token&refresh_token=",
            b'v' => {
                part.text = authorization::refresh_token(&source.lines.session.jar);
                part.coding = Some(&FORM);
            }
            _ => return (TOKEN.part)(source, letter, item, part),
        }
        true
    },
};

pub(crate) static CODE: Form = Form {
    template: token::TEMPLATE,
    part: |source, letter, item, part| match source.request {
        Request::Token(token) => token.code_part(letter, item, part),
        _ => false, // not covered: it is the form of no other
    },
};

pub(crate) static REVOCATION: Form = Form {
    template: token::TEMPLATE,
    part: |source, letter, item, part| match (letter, revocation::token(&source.lines.session.jar)) {
        (b'g', (start, _)) => {
            part.text = start.as_bytes();
            true
        }
        (b'v', (_, token)) => {
            (part.text, part.coding) = (token, Some(&FORM));
            true
        }
        _ => (TOKEN.part)(source, letter, item, part),
    },
};

pub(crate) static DISCOVERY: Form = Form { template: discovery::TEMPLATE, ..TOKEN };

pub(crate) static WINDOWS: Form = Form {
    template: windows::TEMPLATE,
    part: |source, letter, item, part| match source.request {
        Request::Windows(_) if letter.is_ascii_uppercase() => source.lines.cookie(letter, item, part),
        Request::Windows(login) => login.part(letter, item, part),
        _ => false, // not covered: it is the form of no other
    },
};

static AUTHORIZATION_LINES: Form = Form { template: template!(authorization_lines!()), ..CALL };

/// A request that is being written.
#[repr(C)]
pub(crate) struct Source<'a> {
    pub lines: Lines<'a>,
    pub request: &'a Request<'a>,
    pub form: &'static Form,
    /// How long the body is that comes with the head, or [`NO_LENGTH`].
    pub body_len: usize,
}

/// The length of the body is not to be written.
pub(crate) const NO_LENGTH: usize = usize::MAX;

impl Parts for Source<'_> {
    fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        let Lines { session, context } = self.lines;
        let [base, prefix, _] = context.target.pieces;
        let text = match letter {
            b'b' => base,
            b'r' => prefix,
            b'p' => self.request.path().as_str(),
            //= 9112-3.2-host-is-authority
            b'h' => self.request.site(session).host(),
            b'u' => session.user_agent,
            b'e' => session.field_lines,
            b'c' | b'l' if self.body_len == NO_LENGTH => return false,
            b'l' => {
                part.digits.number(self.body_len);
                return true;
            }
            b'o' => {
                let port = self.request.site(session).explicit_port();
                if let Some(port) = port {
                    part.digits.number(port.into());
                }
                return port.is_some();
            }
            _ => return (self.form.part)(self, letter, item, part),
        };
        part.text = text.as_bytes();
        !text.is_empty()
    }
}

impl Session<'_> {
    /// For a request that someone else's HTTP client sends, and of which nothing is to come back (otherwise see
    /// [`Exchange::request_part`](crate::Exchange::request_part)): writes the lines that authorise it, whatever the door that
    /// was used (`ForceUseSession`, `Cookie`, `BPMCSRF` and `CRT_CSRF`, or `Authorization`), each as `name: value` with
    /// CR LF, and returns how many bytes they are. They are secret.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] says how many bytes it takes; `out` is as it was.
    pub fn authorization_lines(&self, path: Path<'_>, out: &mut [u8]) -> Result<usize, BufferTooSmall> {
        self.authorization_lines_for_c(path, out)
    }

    /// As [`Session::authorization_lines`], for C.
    #[doc(hidden)]
    pub fn authorization_lines_for_c<S: Slot>(&self, path: Path<'_>, out: &mut [S]) -> Result<usize, BufferTooSmall> {
        let context = self.context(path);
        let request = Request::Call(Call::get(path), Authorization::of(&self.jar, &context));
        let lines = Lines { session: self, context: &context };
        let source = Source { request: &request, form: &AUTHORIZATION_LINES, lines, body_len: 0 };
        AUTHORIZATION_LINES.template.write_whole(&source, out)
    }
}
