//! The command line.

mod identity;
mod troubles;

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use creatio_emulator::{
    EndedSession, ExpiredPassword, LoginAnswer, LoginPage, OdataFailure, Options, Outcome, Runtime, SecondFactor,
    ServiceFailure, User, WindowsDoor, WrongPassword,
};

use self::identity::Oauth;
use self::troubles::Troubles;

/// A stand-in for a Creatio site on 127.0.0.1.
///
/// Prints its URL on one line, and that of the identity service on a second one if there is one, then
/// serves until Ctrl-C.
///
/// Without any of the --user options there is one user, Supervisor, whose password is Supervisor.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// Runtime to stand in for
    #[arg(long, value_enum, default_value_t)]
    runtime: Runtime,

    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// Virtual directory of the site, such as /CreatioWebApp
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    base_path: String,

    /// Speak TLS, with a certificate made at every start
    #[arg(long)]
    tls: bool,

    /// File to write the certificate to that clients must trust
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub ca_file: Option<PathBuf>,

    /// Print a line for each request to standard error: method, target, what authorises it, and the status of the reply.
    /// Secrets are masked
    #[arg(long)]
    log: bool,

    #[command(flatten)]
    users: Users,

    #[command(flatten)]
    logins: Logins,

    #[command(flatten)]
    sessions: Sessions,

    #[command(flatten)]
    oauth: Oauth,

    /// Give so many records at once by OData, and a link to the next ones
    #[arg(long, value_name = "RECORDS", help_heading = "Replies")]
    page_size: Option<NonZeroUsize>,

    /// Send replies chunked, in chunks of so many bytes
    #[arg(long, value_name = "BYTES", help_heading = "Replies")]
    chunk_size: Option<NonZeroUsize>,

    /// What DataService and the file API say of a failure
    #[arg(long, value_enum, default_value_t, help_heading = "Replies")]
    service_failure: ServiceFailure,

    /// What OData says of a failure
    #[arg(long, value_enum, default_value_t, help_heading = "Replies")]
    odata_failure: OdataFailure,

    #[command(flatten)]
    gates: Gates,

    /// Put a web firewall in front, which sets cookies that are folded or hold a control character
    #[arg(long, help_heading = "Replies")]
    firewall: bool,

    /// What happens once.
    #[command(flatten)]
    pub troubles: Troubles,
}

#[derive(clap::Args)]
#[command(next_help_heading = "Users (each option may be repeated)")]
struct Users {
    /// User whose login is accepted (Code 0)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user: Vec<(String, String)>,

    /// User who is advised to change the password (Code 2)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user_advised: Vec<(String, String)>,

    /// User who is rejected until the password is changed (see --expired-password)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user_expired: Vec<(String, String)>,

    /// User who is rejected in spite of the right password (Code 1)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user_rejected: Vec<(String, String)>,

    /// User who has no license, but may grant some (Code 3)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user_need_grant_license: Vec<(String, String)>,

    /// User who has no license (Code 4)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user_no_license: Vec<(String, String)>,

    /// User who has to bind an authenticator first (Code 1 with TotpIsNotEnabledException)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user_no_authenticator: Vec<(String, String)>,

    /// User who is denied access (403)
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = name_and_password)]
    user_denied: Vec<(String, String)>,
}

#[derive(clap::Args)]
#[command(next_help_heading = "Logins")]
struct Logins {
    /// What every login is answered with
    #[arg(long, value_enum, default_value_t)]
    login_answer: LoginAnswer,

    /// What a wrong user name or password is answered with
    #[arg(long, value_enum, default_value_t)]
    wrong_password: WrongPassword,

    /// Message of a Code 1
    #[arg(long, value_name = "TEXT", default_value_t = Options::default().rejection_message)]
    rejection_message: String,

    /// Length of each of the two stack traces of a Code 1, and of those in errors of the data services
    #[arg(long, value_name = "BYTES", default_value_t = Options::default().stack_trace_size)]
    stack_trace_size: usize,

    /// What an expired password is answered with
    #[arg(long, value_enum, default_value_t)]
    expired_password: ExpiredPassword,

    /// What the door of Windows authentication does, whose tokens are those of a script: the first one is anything, and
    /// the second the number out of the challenge, a space, the user's name, a line feed and the password
    #[arg(long, value_enum, default_value_t)]
    windows: WindowsDoor,

    /// Begin a session with Codes 3, 4 and 5, too
    #[arg(long)]
    ticket_with_refusal: bool,

    /// Want this one-time code of every user
    #[arg(long, value_name = "CODE")]
    one_time_code: Option<String>,

    /// How one signs in with a one-time code: in one step, or in two with the cookie FirstFactor between them, the
    /// first of them answered with Code 0, with Code 5, or with Code 1 and StartAuthFlowException
    #[arg(long, value_enum, default_value_t, requires = "one_time_code")]
    second_factor: SecondFactor,

    /// How long a FirstFactor is valid
    #[arg(long, value_name = "SECONDS", requires = "second_factor",
        default_value_t = Options::default().first_factor_lifetime.as_secs())]
    first_factor_lifetime: u64,

    /// Take the one-time code only after StartTextCodeAuthFlow was asked to send it, and once
    #[arg(long, requires = "one_time_code")]
    text_code: bool,

    /// Take one-time codes of this ProviderName only
    #[arg(long, value_name = "NAME", requires = "one_time_code")]
    one_time_code_provider: Option<String>,

    /// Reject every login by password
    #[arg(long)]
    oauth_only: bool,

    /// Answer a change of password without cookies: one has to sign in again
    #[arg(long)]
    password_change_only: bool,

    /// Lock a user after so many failed logins in a row
    #[arg(long, value_name = "FAILURES")]
    lockout_after: Option<NonZeroU32>,

    /// Put the exception before the code
    #[arg(long)]
    exception_first: bool,

    /// Write / as \/ in login answers
    #[arg(long)]
    escape_slashes: bool,

    /// Write text outside ASCII as \uXXXX in login answers
    #[arg(long)]
    escape_unicode: bool,

    /// Send a Location header with a 200
    #[arg(long)]
    location_on_login: bool,
}

#[derive(clap::Args)]
#[command(next_help_heading = "Sessions")]
struct Sessions {
    /// Length of .ASPXAUTH, at least 32
    #[arg(long, value_name = "CHARACTERS", default_value_t = Options::default().ticket_length)]
    ticket_length: usize,

    /// Set CRT_CSRF too, and ask for its header instead of BPMCSRF
    #[arg(long)]
    crt_csrf: bool,

    /// Do not ask for the CSRF header on GET and HEAD
    #[arg(long)]
    no_csrf_on_get: bool,

    /// Set an empty BPMSESSIONID at login (.NET Framework)
    #[arg(long)]
    empty_session_id: bool,

    /// Set cookies that are Secure without TLS, too
    #[arg(long)]
    secure_cookies: bool,

    /// Renew the ticket with every call
    #[arg(long)]
    sliding: bool,

    /// How long a ticket is valid
    #[arg(long, value_name = "SECONDS",
        default_value_t = Options::default().session_lifetime.as_secs())]
    session_lifetime: u64,

    /// End a ticket after so many calls
    #[arg(long, value_name = "CALLS")]
    calls_per_ticket: Option<NonZeroU32>,

    /// What a call without a valid session is answered with
    #[arg(long, value_enum, default_value_t)]
    ended_session: EndedSession,

    /// The login page, wherever it is shown or redirected to
    #[arg(long, value_enum, default_value_t)]
    login_page: LoginPage,

    /// Take user and password with every OData call, too (HTTP Basic)
    #[arg(long)]
    basic: bool,
}

#[derive(clap::Args)]
#[command(next_help_heading = "In front of the site, and of its identity service")]
struct Gates {
    /// Answer so many health checks of the application 503, as a site that starts
    #[arg(long, value_name = "CHECKS", default_value_t = 0, hide_default_value = true)]
    starting_checks: u32,

    /// Refuse requests without User-Agent, as a firewall does (403)
    #[arg(long)]
    user_agent_required: bool,

    /// Refuse requests without this field, as a gateway does (401)
    #[arg(long, value_name = "NAME:VALUE", value_parser = name_and_password)]
    gateway_key: Option<(String, String)>,

    /// Refuse requests whose Host does not contain this, as AllowedHostHeaderPattern does (400)
    #[arg(long, value_name = "TEXT")]
    allowed_host: Option<String>,
}

/// The name ends at the first colon; the password may hold more of them.
fn name_and_password(argument: &str) -> Result<(String, String), &'static str> {
    let (name, password) = argument.split_once(':').ok_or("no colon in it")?;
    Ok((name.to_owned(), password.to_owned()))
}

impl Users {
    fn into_users(self) -> Vec<User> {
        let groups = [
            (self.user, Outcome::Accepted),
            (self.user_advised, Outcome::PasswordChangeAdvised),
            (self.user_expired, Outcome::PasswordExpired),
            (self.user_rejected, Outcome::Rejected),
            (self.user_need_grant_license, Outcome::NeedGrantLicense),
            (self.user_no_license, Outcome::NoLicense),
            (self.user_no_authenticator, Outcome::AuthenticatorWanted),
            (self.user_denied, Outcome::Denied),
        ];
        let users = groups.into_iter().flat_map(|(users, outcome)| {
            users.into_iter().map(move |(name, password)| User::with_outcome(name, password, outcome))
        });
        users.collect()
    }
}

impl Arguments {
    pub fn into_options(self) -> Options {
        let mut users = self.users.into_users();
        if users.is_empty() {
            users = Options::default().users;
        }
        if let Some(code) = &self.logins.one_time_code {
            users = users.into_iter().map(|user| user.with_one_time_code(code)).collect();
        }
        let standard = Options::default();
        Options {
            runtime: self.runtime,
            tls: self.tls,
            port: self.port,
            base_path: self.base_path,
            users,
            login_answer: self.logins.login_answer,
            wrong_password: self.logins.wrong_password,
            rejection_message: self.logins.rejection_message,
            expired_password: self.logins.expired_password,
            windows: self.logins.windows,
            ticket_with_refusal: self.logins.ticket_with_refusal,
            second_factor: self.logins.second_factor,
            first_factor_lifetime: Duration::from_secs(self.logins.first_factor_lifetime),
            text_code: self.logins.text_code,
            one_time_code_provider: self.logins.one_time_code_provider,
            oauth_only: self.logins.oauth_only,
            password_change_signs_in: !self.logins.password_change_only,
            stack_trace_size: self.logins.stack_trace_size,
            lockout_after: self.logins.lockout_after,
            exception_first: self.logins.exception_first,
            escape_slashes: self.logins.escape_slashes,
            escape_unicode: self.logins.escape_unicode,
            location_on_login: self.logins.location_on_login,
            ticket_length: self.sessions.ticket_length,
            crt_csrf: self.sessions.crt_csrf,
            csrf_on_get: !self.sessions.no_csrf_on_get,
            empty_session_id: self.sessions.empty_session_id,
            sliding: self.sessions.sliding,
            session_lifetime: Duration::from_secs(self.sessions.session_lifetime),
            calls_per_ticket: self.sessions.calls_per_ticket,
            ended_session: self.sessions.ended_session,
            login_page: self.sessions.login_page,
            basic: self.sessions.basic,
            token_endpoint: self.oauth.token_endpoint,
            ended_token: self.oauth.ended_token,
            identity: self.oauth.into_identity(),
            page_size: self.page_size,
            chunk_size: self.chunk_size,
            service_failure: self.service_failure,
            odata_failure: self.odata_failure,
            starting_checks: self.gates.starting_checks,
            user_agent_required: self.gates.user_agent_required,
            gateway_key: self.gates.gateway_key,
            allowed_host: self.gates.allowed_host,
            secure_cookies: self.sessions.secure_cookies,
            firewall: self.firewall,
            log: self.log,
            ..standard
        }
    }
}
