//! What a login by Windows authentication is answered with (RFC 4559, section 4).

use core::ops::Range;

use super::login::{self, LoginPageSign, STATUS, StatusText, Verdict};
use crate::exchange::challenge::Challenged;
use crate::exchange::error::{Failure, Misuse};
use crate::exchange::{Exchange, Kind, Own};
use crate::http::challenge::OfferedSchemes;
use crate::http::known_fields::Field;
use crate::json::error::DocumentError;
use crate::json::text::Text;
use crate::request::windows::{WindowsRequest, WindowsScheme};
use crate::request::{self, Request};
use crate::session::Session;
use crate::session::attempts::{self, Outcome};
use crate::text::again::Again;
use crate::text::base64::decode_in_place;
use crate::text::numbered::{display, named};
use crate::text::time::Time;

/// The answer to a login by Windows authentication. Its challenge and its message stand in the session's memory until the next
/// exchange begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the site may have said no, or want another token, which the verdict tells"]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Windows<'s> {
    /// What it means.
    pub verdict: WindowsVerdict,
    /// The HTTP status code.
    pub http_status: u16,
    /// The schemes that the reply offers.
    pub offered: OfferedSchemes,
    /// The site's token, decoded: what the next token answers. It comes with a login that is good, too, where the site shows who it
    /// is (RFC 4559, section 5); whoever made the tokens knows what to do with it. Empty where none has come.
    pub challenge: &'s [u8],
    /// `Message` of the site, in the user's language: for people, never to be branched on.
    pub message: Option<Text<'s>>,
    /// `Retry-After` in seconds. A date is one only if the caller or the reply tells the time.
    pub retry_after: Option<u32>,
}

/// What the answer to a login by Windows authentication means. None of these is an error of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum WindowsVerdict {
    /// Status 401 with a challenge: send the next token, which answers it, over the **same connection**, which has to stay:
    /// where [`Exchange::keeps_alive`] says that it does not, nothing can answer it. Nothing has been judged yet.
    ChallengeReceived,
    /// Status 401 to a request without a token, and the scheme is offered: send the first token.
    TokenWanted,
    /// Status 401 without a challenge, or with one to the last message of NTLM: the site does not take the token: a wrong user name or
    /// password, a locked account, a ticket that is over, another connection than that of the challenge. Do not repeat it: that can
    /// lock the account.
    Refused,
    /// Status 401, and the scheme is not among those that are [offered](Windows::offered), which another is.
    SchemeNotOffered,
    /// Status 401, and what is offered is HTTP Basic, as some proxies do in place of Windows authentication. Nothing was sent by it:
    /// whoever wants to sends the password of their own accord ([`use_basic`](crate::Session::use_basic)).
    BasicWanted,
    /// Status 401 with a challenge that is no base64: the site, or what stands in front of it, has a fault.
    MalformedChallenge,
    /// Of the clients' alone: status 401 with a challenge, and the connection does not stay, so that nothing can answer it. What
    /// stands in front of the site does not keep connections, as Windows authentication wants.
    ConnectionClosed,
    /// It is answered as a login is: signed in, or not.
    Login(Verdict),
}

named!(WindowsVerdict {
    ChallengeReceived,
    TokenWanted,
    Refused,
    SchemeNotOffered,
    BasicWanted,
    MalformedChallenge,
    ConnectionClosed,
    Login { .. },
});

impl WindowsVerdict {
    /// Whether the session is signed in.
    pub const fn is_authenticated(&self) -> bool {
        matches!(self, WindowsVerdict::Login(verdict) if verdict.is_authenticated())
    }

    /// Whether the next token is wanted.
    pub const fn wants_token(&self) -> bool {
        matches!(self, WindowsVerdict::ChallengeReceived | WindowsVerdict::TokenWanted)
    }

    /// Whether the whole handshake may be gone through again: where nobody has judged who it is, and never after a refusal, for
    /// that can lock the account.
    pub const fn again(&self) -> Again {
        match self {
            WindowsVerdict::Login(verdict) => verdict.again(),
            _ => Again::No,
        }
    }

    /// The number in the C interface.
    #[doc(hidden)]
    pub const fn number(&self) -> u8 {
        match self {
            WindowsVerdict::Login(_) => 1,
            WindowsVerdict::ChallengeReceived => 2,
            WindowsVerdict::TokenWanted => 3,
            WindowsVerdict::Refused => 4,
            WindowsVerdict::SchemeNotOffered => 5,
            WindowsVerdict::BasicWanted => 6,
            WindowsVerdict::MalformedChallenge => 7,
            WindowsVerdict::ConnectionClosed => 8,
        }
    }

    /// The one with this number, where it is no login's.
    pub(crate) const fn of_number(number: u8) -> Option<Self> {
        Some(match number {
            2 => WindowsVerdict::ChallengeReceived,
            3 => WindowsVerdict::TokenWanted,
            4 => WindowsVerdict::Refused,
            5 => WindowsVerdict::SchemeNotOffered,
            6 => WindowsVerdict::BasicWanted,
            7 => WindowsVerdict::MalformedChallenge,
            8 => WindowsVerdict::ConnectionClosed,
            _ => return None,
        })
    }

    /// What it means and what to do about it, in a sentence, for people; the [catalogue](crate::catalogue) has more of it.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            WindowsVerdict::Login(verdict) => verdict.text(),
            WindowsVerdict::ChallengeReceived => "the site wants the next token, over the same connection",
            WindowsVerdict::TokenWanted => "the site wants a token",
            WindowsVerdict::Refused => {
                "the site does not take this Windows user; do not repeat it, for that can lock the account"
            }
            WindowsVerdict::SchemeNotOffered => "the site does not offer this scheme of Windows authentication",
            WindowsVerdict::BasicWanted => {
                "HTTP Basic is wanted in place of Windows authentication; what stands in front of the site?"
            }
            WindowsVerdict::MalformedChallenge => "the challenge is no base64; what stands in front of the site?",
            WindowsVerdict::ConnectionClosed => {
                "the connection was closed amid the handshake; what stands in front of the site has to keep it"
            }
        }
    }
}

display!(WindowsVerdict);

const KIND: Kind = Kind {
    form: &request::WINDOWS,
    cookie: |exchange, session, value| exchange.stage_cookie(session, value),
    field: |exchange, session, field, value| exchange.take_challenge(session, field, value),
    // On .NET Framework the head says all.
    reads_body: |request, head| {
        matches!(request, Request::Windows(login) if login.is_net) && !matches!(head.status, 300..=399 | 401)
    },
    sought: &STATUS,
    answers_by_document: true,
    is_sign_in: true,
    complete,
    verdict: |exchange, session| {
        exchange.windows_verdict(session).map(|verdict| match verdict {
            WindowsVerdict::Login(login) => login.number(),
            other => other.number() | attempts::WINDOWS,
        })
    },
    limits_body: |_| true,
};

/// What a login by Windows authentication does in its own way.
static WINDOWS: Kind = KIND;

/// The same when it turns out that the site wants another token: it has signed in nobody, and refused nobody.
static WANTS_TOKEN: Kind = Kind { is_sign_in: false, ..KIND };

fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    let Request::Windows(login) = &exchange.request else {
        return Ok(()); // not covered: it is the kind of no other
    };
    let is_net = login.is_net;
    let has_code = exchange.content.document.scalar.number().is_some();
    if is_net && exchange.check_document()? && !has_code {
        return Err(DocumentError::NoCode.into());
    }
    let before = session.jar.next_stamp();
    exchange.commit_cookies(session);
    let set = session.jar.next_stamp().wrapping_sub(before);
    let mut challenged = exchange.take_challenged();
    challenged.set = set;
    if !challenged.at.is_empty() {
        let text = session.jar.memory.get_mut(challenged.at.clone()).unwrap_or_default();
        let len = decode_in_place(text);
        challenged.is_malformed = len.is_none();
        challenged.at.end = challenged.at.start.saturating_add(len.unwrap_or_default());
    }
    exchange.own = Own::Challenged(challenged);
    let verdict = exchange.windows_verdict_of(session);
    if verdict.wants_token() {
        session.attempts.end(Outcome::NotJudged, 0);
        exchange.kind = &WANTS_TOKEN;
    }
    if session.has_ticket() {
        session.jar.ended = None;
        if verdict.is_authenticated() {
            session.supersede(set);
        }
        session.jar.drop_over(Time::UNKNOWN, true);
    }
    Ok(())
}

impl<'m> Session<'m> {
    /// Begins a login by Windows authentication, or goes on with one: sends a token of `scheme`, which the caller has from SSPI, from
    /// GSS-API, or from `NtlmCredentials` (feature `ntlm`). It ends any exchange that is under way.
    ///
    /// The first token answers nothing; each later one answers the [challenge](Windows::challenge) that the exchange before has brought. The
    /// handshake goes over **one connection**, since what is behind it belongs to the connection. An empty token asks which schemes
    /// are offered, and sends none. A handshake that the caller gives up, since there is no next token, counts for nothing in the
    /// session: whoever has answered a challenge before begins no other by itself.
    ///
    /// [`Exchange::windows_result`] has the answer. Make the next token out of the challenge before this is called again, for the
    /// challenge stands in the session's memory, which is then used anew.
    ///
    /// ```
    /// use creatio_auth::{Session, WindowsScheme, WindowsVerdict};
    ///
    /// # fn exchange_over_one_connection(_: &mut creatio_auth::Exchange<'_>, _: &mut Session<'_>) {}
    /// # fn next_token(challenge: &[u8], token: &mut [u8]) -> usize { 0 }
    /// fn sign_in(session: &mut Session<'_>) -> Result<bool, creatio_auth::Misuse> {
    ///     let mut token = [0; 4096];
    ///     let mut len = next_token(&[], &mut token);
    ///     loop {
    ///         let mut exchange = session.windows_login(WindowsScheme::Negotiate, &token[..len]);
    ///         exchange_over_one_connection(&mut exchange, session);
    ///         let answer = exchange.windows_result(session)?;
    ///         match answer.verdict {
    ///             WindowsVerdict::ChallengeReceived => len = next_token(answer.challenge, &mut token),
    ///             verdict => return Ok(verdict.is_authenticated()),
    ///         }
    ///     }
    /// }
    /// ```
    pub fn windows_login<'c>(&mut self, scheme: WindowsScheme, token: &'c [u8]) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.windows_login_for_c(scheme, token)
    }

    /// As [`Session::windows_login`], for C.
    #[doc(hidden)]
    #[inline(always)] // so that the exchange is made where it is to be
    pub fn windows_login_for_c<'c>(&mut self, scheme: WindowsScheme, token: &'c [u8]) -> Exchange<'c> {
        let runtime = self.site.runtime();
        self.begin(&WINDOWS, || Request::Windows(WindowsRequest::new(runtime, scheme, token)))
    }
}

impl Exchange<'_> {
    //= 4559-4.2-last
    /// The answer to a login by Windows authentication, when the reply is complete.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange is no such login, or the session has gone on.
    pub fn windows_result<'s>(&self, session: &'s Session<'_>) -> Result<Windows<'s>, Misuse> {
        Ok(Windows {
            verdict: self.windows_verdict(session)?,
            http_status: self.reader.head.status,
            offered: self.offered_schemes(),
            challenge: self.windows_challenge(session),
            message: self.answer_text(session, StatusText::Message as u8),
            retry_after: self.retry_after(),
        })
    }

    fn windows_verdict(&self, session: &Session<'_>) -> Result<WindowsVerdict, Misuse> {
        self.check(session)?;
        let Request::Windows(_) = &self.request else {
            return Err(Misuse::NotALogin);
        };
        self.check_done()?;
        Ok(self.windows_verdict_of(session))
    }

    fn offered_schemes(&self) -> OfferedSchemes {
        match &self.own {
            Own::Challenged(challenged) => challenged.offered,
            _ => OfferedSchemes::default(), // not covered: a complete login has one
        }
    }

    fn windows_challenge<'s>(&self, session: &'s Session<'_>) -> &'s [u8] {
        match &self.own {
            Own::Challenged(challenged) => session.jar.memory.get(challenged.at.clone()).unwrap_or_default(),
            _ => &[], // not covered: likewise
        }
    }

    //= 4559-4.1-first, 4559-5-continued, 4559-5-error
    #[inline(never)]
    fn windows_verdict_of(&self, session: &Session<'_>) -> WindowsVerdict {
        let (Request::Windows(login), Own::Challenged(challenged)) = (&self.request, &self.own) else {
            return WindowsVerdict::Refused; // not covered: a complete login is such
        };
        let (head, offered) = (&self.reader.head, challenged.offered);
        if head.status == 401 {
            return match login.token {
                _ if challenged.is_malformed => WindowsVerdict::MalformedChallenge,
                _ if !challenged.at.is_empty() && !login.is_last => WindowsVerdict::ChallengeReceived,
                [] if challenged.is_offered => WindowsVerdict::TokenWanted,
                _ if challenged.is_offered => WindowsVerdict::Refused,
                _ if offered.basic && !offered.negotiate && !offered.ntlm => WindowsVerdict::BasicWanted,
                _ => WindowsVerdict::SchemeNotOffered,
            };
        }
        let is_new = session.has_new_ticket(challenged.set);
        WindowsVerdict::Login(match head.status {
            // A page, or the way to one: the ticket says whether it is for the user.
            200..=399 if !login.is_net && is_new => Verdict::Authenticated,
            300..=399 if !login.is_net && !head.to_login_page && session.has_new_csrf_token(challenged.set) => {
                Verdict::Authenticated
            }
            200 if !login.is_net && head.html => Verdict::LoginPage(LoginPageSign::HtmlContentType),
            200..=299 if !login.is_net => Verdict::NoTicket,
            _ => login::verdict(
                head,
                &self.content,
                session,
                self.answer_text(session, StatusText::ExceptionType as u8),
                false,
            ),
        })
    }

    fn take_challenged(&mut self) -> Challenged {
        match core::mem::replace(&mut self.own, Own::NEW) {
            Own::Challenged(challenged) => challenged,
            _ => Challenged::default(),
        }
    }

    /// Takes a field of the reply, and keeps the challenge of the scheme that is used.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "places in the memory, and no more than the values of a head take, which is bounded"
    )]
    fn take_challenge(
        &mut self,
        session: &mut Session<'_>,
        field: Field,
        value: Range<usize>,
    ) -> Result<(), Failure> {
        self.take_field(session, field, &value)?;
        let Request::Windows(WindowsRequest { scheme, .. }) = self.request else {
            return Ok(()); // not covered: it is a field of no other
        };
        if field != Field::Wanted || self.reader.head.is_interim() {
            return Ok(());
        }
        let Some(text) = self.field_value(session, &value) else {
            self.reserved += value.len(); // more than is needed, if it is no challenge
            return Ok(());
        };
        let (mut challenged, room) = (self.take_challenged(), self.room(session));
        if let Some(token) = challenged.offered.take(text, scheme.scheme_name()) {
            challenged.is_offered = true;
            if !token.is_empty() && challenged.at.is_empty() {
                let start = value.start + (token.as_ptr().addr() - text.as_ptr().addr());
                let place = session.jar.move_to_end(start..start + token.len(), room);
                session.jar.note_at_end(place.start);
                self.reserved += place.len();
                challenged.at = place;
            }
        }
        self.own = Own::Challenged(challenged);
        Ok(())
    }
}
