//! What the emulator can be told to be and do.

use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use clap::ValueEnum;

use crate::identity::Identity;

/// The two runtimes a Creatio site can run on. They differ in paths and in cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Runtime {
    /// .NET Framework: everything after login lives under `/0`.
    #[default]
    NetFramework,
    /// .NET (formerly .NET Core): no `/0`, and a `CsrfToken` cookie.
    Net,
}

/// What a login of a known user leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// `Code` 0.
    #[default]
    Accepted,
    /// `Code` 2: signed in, and a change of password is advised.
    PasswordChangeAdvised,
    /// Rejected until the password is changed, as [`Options::expired_password`] says.
    PasswordExpired,
    /// `Code` 3: no license, but the right to grant some.
    NeedGrantLicense,
    /// `Code` 4: no license.
    NoLicense,
    /// `Code` 1 with a `TotpIsNotEnabledException`: the user has to bind an authenticator first.
    AuthenticatorWanted,
    /// `Code` 1 in spite of the right password, as for a locked account.
    Rejected,
    /// HTTP status 403, whatever the password, as for a forbidden address.
    Denied,
}

/// A user of the site. `Debug` shows neither the password nor the one-time code.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Compared with `UserName`, case included.
    pub name: String,
    /// Compared with `UserPassword`.
    pub password: String,
    /// What a login leads to.
    pub outcome: Outcome,
    /// Compared with the claim `token` of a login, as [`Options::second_factor`] says.
    /// [`Emulator::set_one_time_code`](crate::Emulator::set_one_time_code) gives the next one.
    pub one_time_code: Option<String>,
}

impl User {
    /// A user whose login is accepted.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self::with_outcome(name, password, Outcome::Accepted)
    }

    /// A user whose login leads to `outcome`.
    pub fn with_outcome(name: impl Into<String>, password: impl Into<String>, outcome: Outcome) -> Self {
        Self { name: name.into(), password: password.into(), outcome, one_time_code: None }
    }

    /// The same user, who needs a one-time code besides the password.
    pub fn with_one_time_code(self, code: impl Into<String>) -> Self {
        Self { one_time_code: Some(code.into()), ..self }
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

/// What every login is answered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LoginAnswer {
    /// What user and password call for.
    #[default]
    Normal,
    /// The HTML of the login page with 200, as when something in between followed a redirect.
    LoginPage,
    /// 302 to the login page.
    Redirect,
    /// As `Normal`, but the `.ASPXAUTH` cookie is missing: a proxy stripped it.
    NoTicket,
}

/// What a wrong user name or password is answered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WrongPassword {
    /// 200 with `Code` 1.
    #[default]
    Code1,
    /// 401 with the message `Authentication failed.`
    Status401,
}

/// What the door of Windows authentication does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WindowsDoor {
    /// There is none.
    #[default]
    Shut,
    /// It takes the tokens of a script: the first is anything, and is answered by `CHALLENGE ` and a number; the second is that number, a
    /// space, the user's name, a line feed and the password, over the same connection.
    Scripted,
    /// Likewise, but the connection is closed behind the challenge.
    Closing,
    /// It answers each token by another challenge.
    Endless,
    /// A proxy stands in front that asks for HTTP Basic instead.
    Basic,
}

/// How a user who has a one-time code signs in with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SecondFactor {
    /// The login brings the code, and is rejected without it.
    #[default]
    OneStep,
    /// A login without a code is answered with `Code` 0 and a cookie `FirstFactor` in the place of a ticket. The same login
    /// with the code signs in where that cookie comes back, and is rejected where it does not.
    TwoSteps,
    /// Likewise, with `Code` 5.
    TwoStepsCode5,
    /// Likewise, with `Code` 1 and a `StartAuthFlowException`.
    TwoStepsException,
}

/// What the login of a user whose password has expired is answered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ExpiredPassword {
    /// `Code` 1 with a `PasswordChangeUrl`.
    #[default]
    Code1,
    /// `Code` 5.
    Code5,
}

/// What a call without a valid session is answered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EndedSession {
    /// 302 to the login page.
    #[default]
    Redirect,
    /// The HTML of the login page with 200, as when something in between followed the redirect.
    LoginPage,
    /// 401 with the message `Authentication failed.`
    Status401,
    /// 401 without a body.
    Status401Empty,
    /// 401 with a page, as IIS has one.
    Status401Page,
    /// 200 with a `responseStatus`, as DataService says that there is no user connection.
    NoUserConnection,
    /// 500 with the same.
    NoUserConnection500,
}

/// The login page, its address and what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LoginPage {
    /// `NuiLogin.aspx` on .NET Framework and `Login.html` on .NET, with a form that names it.
    #[default]
    Form,
    /// The same address. The page is a shell that names no page at all, and loads the module `bootstrap.login`.
    Shell,
    /// `SSPLogin.aspx`, the page of external users.
    Ssp,
    /// The same without a `ReturnUrl`.
    SspWithoutReturnUrl,
}

/// What DataService and the file API say of a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ServiceFailure {
    /// `success` is false, and `errorInfo` says why.
    #[default]
    ErrorInfo,
    /// `{"success":false}`, as for a refused `InsertQuery`.
    SuccessFalse,
    /// `errorInfo` without `success`.
    ErrorInfoAlone,
    /// `responseStatus` says why, and `success` is false.
    ResponseStatus,
    /// The same with status 500.
    ResponseStatus500,
}

/// What OData says of a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OdataFailure {
    /// An `error` with a status that fits.
    #[default]
    Error,
    /// An `error` with status 200.
    Status200,
    /// The cause of a refused record lies in the `internalexception` of an `internalexception`, and the status is 500.
    InternalException,
    /// An entity that there is none of is told by `Message` and `MessageDetail`, with status 200.
    NoResource,
}

/// What a call with a bearer token that is unknown or has ended is answered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EndedToken {
    /// 401 with `WWW-Authenticate: Bearer error="invalid_token"` and no body.
    #[default]
    Empty,
    /// The same with the message `Authentication failed.`
    Message,
    /// As a call without a valid session.
    LikeSession,
}

/// What the application, which is not the identity service, answers at its own `connect/token`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TokenEndpoint {
    /// 302 to the login page.
    #[default]
    Redirect,
    /// The HTML of the login page with 200, as when something in between followed the redirect.
    LoginPage,
    /// What the identity service answers, as the newest sites do: below `/0` on .NET Framework, at
    /// the root on .NET.
    Served,
}

/// Everything that can be chosen. The default is a .NET Framework site at the root of any free
/// port, over plain HTTP, with the user `Supervisor` whose password is `Supervisor`, and without an
/// identity service.
#[derive(Clone, Debug)]
pub struct Options {
    /// The runtime to stand in for.
    pub runtime: Runtime,
    /// Whether to speak TLS only.
    pub tls: bool,
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The virtual directory of the site, as `/CreatioWebApp`; empty for the root.
    pub base_path: String,
    /// Who may sign in.
    pub users: Vec<User>,
    /// What every login is answered with.
    pub login_answer: LoginAnswer,
    /// What a wrong user name or password is answered with.
    pub wrong_password: WrongPassword,
    /// `Message` of a `Code` 1.
    pub rejection_message: String,
    /// What an expired password is answered with.
    pub expired_password: ExpiredPassword,
    /// Whether a session begins with `Code` 3, 4 and 5, too.
    pub ticket_with_refusal: bool,
    /// How a user who has a one-time code signs in with it.
    pub second_factor: SecondFactor,
    /// How long a `FirstFactor` is valid.
    pub first_factor_lifetime: Duration,
    /// Whether one-time codes go out as texts: each counts for one login, after `StartTextCodeAuthFlow` was asked for it.
    pub text_code: bool,
    /// What `ProviderName` must be in a login with a one-time code; anything will do if `None`.
    pub one_time_code_provider: Option<String>,
    /// `Code` of a login whose one-time code is missing, wrong, or of another provider. Not 0 or 2.
    pub one_time_code_rejection: i32,
    /// Rejects every login by password, as a site does that wants integrations to use OAuth.
    pub oauth_only: bool,
    /// `Code` of a login that is rejected for that reason. Not 0 or 2.
    pub oauth_only_rejection: i32,
    /// Length in bytes of each `StackTrace` in a `Code` 1; there are two, one in `InnerException`.
    /// Errors of the data services have one of this length too.
    pub stack_trace_size: usize,
    /// Locks a user after so many failed logins in a row: from then on even the right password
    /// leads to `Code` 1.
    pub lockout_after: Option<NonZeroU32>,
    /// Whether `Exception` comes before `Code`.
    pub exception_first: bool,
    /// Whether login answers write `/` as `\/`.
    pub escape_slashes: bool,
    /// Whether login answers write text outside ASCII as `\uXXXX`.
    pub escape_unicode: bool,
    /// Whether a 200 to a login carries a `Location` header, which is no redirect.
    pub location_on_login: bool,
    /// Characters in the value of `.ASPXAUTH`, at least 32. On .NET it is base64, so the length is
    /// rounded down to a multiple of 4.
    pub ticket_length: usize,
    /// Whether to set `CRT_CSRF` besides `BPMCSRF`, and to ask for its header instead.
    pub crt_csrf: bool,
    /// Whether GET and HEAD need the CSRF header too.
    pub csrf_on_get: bool,
    /// Whether a .NET Framework login sets an empty `BPMSESSIONID`.
    pub empty_session_id: bool,
    /// Whether every call renews the ticket, with a new `.ASPXAUTH`.
    pub sliding: bool,
    /// How long a ticket is valid. Zero makes every session end as soon as it has begun.
    pub session_lifetime: Duration,
    /// After how many calls a ticket ends, whatever its time.
    pub calls_per_ticket: Option<NonZeroU32>,
    /// What a call without a valid session is answered with.
    pub ended_session: EndedSession,
    /// The login page, wherever it is shown or redirected to.
    pub login_page: LoginPage,
    /// Whether a change of password signs in. If not, its answer is `Code` 0 without any cookie.
    pub password_change_signs_in: bool,
    /// The identity service, on a port of its own. Without it there are no bearer tokens.
    pub identity: Option<Identity>,
    /// What the application itself answers who asks it for a token.
    pub token_endpoint: TokenEndpoint,
    /// What a call with a bearer token that is unknown or has ended is answered with.
    pub ended_token: EndedToken,
    /// Whether OData takes `Authorization: Basic` with name and password (RFC 7617) for a session.
    pub basic: bool,
    /// How many records OData gives at once. If there are more, `@odata.nextLink` says where.
    pub page_size: Option<NonZeroUsize>,
    /// What DataService and the file API say of a failure.
    pub service_failure: ServiceFailure,
    /// What OData says of a failure.
    pub odata_failure: OdataFailure,
    /// What the door of Windows authentication does.
    pub windows: WindowsDoor,
    /// Whether a web firewall stands in front, which writes into every reply: a cookie with a control character, a cookie
    /// that is folded after a bare LF, and a field that is folded.
    pub firewall: bool,
    /// Sends bodies chunked, in chunks of this many bytes, instead of with `Content-Length`.
    pub chunk_size: Option<NonZeroUsize>,
    /// How many health checks of the application find the site still starting, and are answered 503. The loader of a site on
    /// .NET Framework, whose health check is the one at the root, is up from the beginning.
    pub starting_checks: u32,
    /// Whether a firewall refuses requests without `User-Agent`, those to the identity service too: 403, with a page.
    pub user_agent_required: bool,
    /// Name and value of the field that a gateway asks of every request, the identity service's too: 401 without it.
    pub gateway_key: Option<(String, String)>,
    /// What `Host` of every request has to contain, as `AllowedHostHeaderPattern` wants it: 400 otherwise, with a page.
    pub allowed_host: Option<String>,
    /// Whether cookies are `Secure` without TLS, too.
    pub secure_cookies: bool,
    /// Whether each request has a line on standard error, in which secrets are masked.
    pub log: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            runtime: Runtime::default(),
            tls: false,
            port: 0,
            base_path: String::new(),
            users: vec![User::new("Supervisor", "Supervisor")],
            login_answer: LoginAnswer::default(),
            wrong_password: WrongPassword::default(),
            rejection_message: "Invalid user name or password.".to_owned(),
            expired_password: ExpiredPassword::default(),
            ticket_with_refusal: false,
            second_factor: SecondFactor::default(),
            first_factor_lifetime: Duration::from_secs(20 * 60),
            text_code: false,
            one_time_code_provider: None,
            one_time_code_rejection: 1,
            oauth_only: false,
            oauth_only_rejection: 1,
            stack_trace_size: 2048,
            lockout_after: None,
            exception_first: false,
            escape_slashes: false,
            escape_unicode: false,
            location_on_login: false,
            ticket_length: 712,
            crt_csrf: false,
            csrf_on_get: true,
            empty_session_id: false,
            sliding: false,
            session_lifetime: Duration::from_secs(720 * 60),
            calls_per_ticket: None,
            ended_session: EndedSession::default(),
            login_page: LoginPage::default(),
            password_change_signs_in: true,
            identity: None,
            token_endpoint: TokenEndpoint::default(),
            ended_token: EndedToken::default(),
            basic: false,
            page_size: None,
            service_failure: ServiceFailure::default(),
            odata_failure: OdataFailure::default(),
            windows: WindowsDoor::default(),
            firewall: false,
            chunk_size: None,
            starting_checks: 0,
            user_agent_required: false,
            gateway_key: None,
            allowed_host: None,
            secure_cookies: false,
            log: false,
        }
    }
}
