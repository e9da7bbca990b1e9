//! What a site says of its own connection to the identity service: the way to ask it, and the diagnosis (protocol notes, section 5).

use crate::exchange::content::Sought;
use crate::exchange::error::Misuse;
use crate::exchange::html::Page;
use crate::exchange::{Exchange, Kind};
use crate::json::members::{self, Hash, Member, Members, Value};
use crate::json::scalar::Scalar;
use crate::json::text::Text;
use crate::request::call::{Call, OAUTH_HEALTH_PATH};
use crate::request::{self, Request};
use crate::session::Session;
use crate::text::again::Again;
use crate::text::numbered::numbered;

/// What a site says of its own connection to the identity service. Its text stands in the session's memory until the next exchange
/// begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "the site may have said no, which the verdict tells"]
#[non_exhaustive]
pub struct OauthHealth<'s> {
    /// What is wrong, if anything is.
    pub verdict: OauthHealthVerdict,
    /// The HTTP status code: 200, or 500 where the site has found a problem.
    pub http_status: u16,
    /// `Message`: for people.
    pub message: Option<Text<'s>>,
}

// The numbers are those of the C interface.
numbered! {
    /// What is wrong with a site's connection to the identity service, the first thing that is.
    #[cfg_attr(feature = "serde", derive(serde::Serialize))]
    pub enum OauthHealthVerdict {
        /// Nothing.
        Healthy = 1, "the site and its identity service are set up";
        /// `IsSystemSettingsFilledIn` is not true.
        SettingsMissing = 2, "the site's system settings for OAuth are not filled in, such as OAuth20IdentityServerUrl";
        /// `IsIdentityServiceAvailable` is not true.
        ServiceUnavailable = 3, "the site does not reach its identity service";
        /// `IsAccessTokenRetrievableForSystemActions` is not true.
        NoToken = 4, "the site gets no token from its identity service";
        /// `HasProblem` is true, and nothing says which.
        OtherProblem = 5, "the site has a problem with its identity service; its message may say which";
        /// No such answer came: the site is older, or starts, or something else has answered.
        Unknown = 6, "the site does not say how its identity service is; is it older, or starting?";
    }
}

impl OauthHealthVerdict {
    /// Whether to ask again with nothing changed: where the service was not reached, or nothing is known yet.
    pub const fn again(&self) -> Again {
        let is_for_now = matches!(self, OauthHealthVerdict::ServiceUnavailable | OauthHealthVerdict::Unknown);
        if is_for_now { Again::Yes } else { Again::No }
    }
}

const MEMBERS: &[(&str, Value)] = &[
    ("HasProblem", Value::Scalar),
    ("IsSystemSettingsFilledIn", Value::Scalar),
    ("IsIdentityServiceAvailable", Value::Scalar),
    ("IsAccessTokenRetrievableForSystemActions", Value::Scalar),
    ("Message", Value::Text(0, 1)),
];

const TABLE: [Member; MEMBERS.len() + 1] = members::table(MEMBERS);

const HAS_PROBLEM: u32 = members::bits_of(MEMBERS, &["HasProblem"]);

/// What has to be true, in the order in which one needs the other.
const NEEDED: [(u32, OauthHealthVerdict); 3] = [
    (members::bits_of(MEMBERS, &["IsSystemSettingsFilledIn"]), OauthHealthVerdict::SettingsMissing),
    (members::bits_of(MEMBERS, &["IsIdentityServiceAvailable"]), OauthHealthVerdict::ServiceUnavailable),
    (members::bits_of(MEMBERS, &["IsAccessTokenRetrievableForSystemActions"]), OauthHealthVerdict::NoToken),
];

static ANSWER: Sought =
    Sought { members: Members { table: &TABLE, scalar: Scalar::truths }, page: Page::ignore, text: Hash::NONE };

/// What the question does in its own way.
static OAUTH_HEALTH: Kind = Kind {
    form: &request::CALL,
    cookie: |_, _, _| {}, // whoever is asked so signs nobody in
    field: |exchange, session, field, value| exchange.take_field(session, field, &value),
    reads_body: |_, _| true,
    sought: &ANSWER,
    answers_by_document: true,
    is_sign_in: false,
    complete: |_, _| Ok(()),
    verdict: |_, _| Err(Misuse::NotALogin),
    limits_body: |_| true,
};

impl<'m> Session<'m> {
    /// Begins the question how the site's own connection to its identity service is, which needs no session: a site that issues no
    /// tokens, or takes none, may say why. It ends any exchange that is under way. [`Exchange::oauth_health_result`] has the answer.
    pub fn oauth_health<'c>(&mut self) -> Exchange<'c>
    where
        'm: 'c,
    {
        let authorization = self.authorization(OAUTH_HEALTH_PATH);
        self.begin(&OAUTH_HEALTH, || Request::Call(Call::get(OAUTH_HEALTH_PATH), authorization))
    }
}

impl Exchange<'_> {
    /// How the site's connection to its identity service is, when the reply is complete.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange asks something else, or the session has gone on.
    pub fn oauth_health_result<'s>(&self, session: &'s Session<'_>) -> Result<OauthHealth<'s>, Misuse> {
        self.check(session)?;
        if !core::ptr::eq(self.kind, &OAUTH_HEALTH) {
            return Err(Misuse::NotACall);
        }
        self.check_done()?;
        let (content, status) = (&self.content, self.reader.head.status);
        let document = &content.document;
        let truths = document.scalar.number().unwrap_or_default() as u32;
        let is_told = content.is_document() && document.has_seen_any(HAS_PROBLEM);
        let missing = NEEDED.iter().find(|(bit, _)| truths & bit == 0);
        let verdict = match missing {
            _ if !is_told || !matches!(status, 200 | 500) => OauthHealthVerdict::Unknown,
            Some((_, verdict)) => *verdict,
            None if status == 200 && truths & HAS_PROBLEM == 0 => OauthHealthVerdict::Healthy,
            None => OauthHealthVerdict::OtherProblem,
        };
        Ok(OauthHealth { verdict, http_status: status, message: self.answer_text(session, 0) })
    }
}
