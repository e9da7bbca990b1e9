//! Sites that are ill by an option of the emulator.

use std::time::Duration;

use creatio_doctor::Cause;
use creatio_emulator::{
    ExpiredPassword, Identity, Interference, LoginAnswer, OauthClient, Options, Outcome, Overload, RetryAfter,
    Runtime, SecondFactor, User, WrongPassword,
};

use crate::case::{CLIENT_SECRET, Case, Ill, KEY, PASSWORD, assert_all, emulator};

fn plain() -> Options {
    Options::default()
}

/// A site whose user comes to this.
fn with_outcome(outcome: Outcome) -> Ill {
    let users = vec![User::with_outcome("Supervisor", PASSWORD, outcome)];
    Ill::emulated(Options { users, expired_password: ExpiredPassword::Code5, ..plain() }).with_user()
}

fn with_answer(login_answer: LoginAnswer) -> Ill {
    Ill::emulated(Options { login_answer, ..plain() }).with_user()
}

/// A site on which something comes upon all requests.
fn with_interference(interference: Interference) -> Ill {
    let emulator = emulator(plain());
    emulator.interfere(u32::MAX, interference);
    Ill::of(emulator).with_user()
}

fn with_service() -> Options {
    Options { identity: Some(Identity::default()), ..plain() }
}

/// A site with an identity service, which is asked.
fn with_identity(identity: Identity) -> Ill {
    let clients =
        identity.clients.into_iter().map(|client| OauthClient { secret: CLIENT_SECRET.into(), ..client }).collect();
    let emulator = emulator(Options { identity: Some(Identity { clients, ..identity }), ..plain() });
    let identity_url = emulator.identity_url().unwrap();
    Ill::of(emulator).with(&["--client-id", "client", "--identity-url", &identity_url])
}

pub const PLACES: &[Case] = &[
    Case {
        title: "The URL is that of a page, as a browser shows it",
        check: "URL",
        cause: Cause::UrlOfAPage,
        ill: || Ill::at("https://crm.example.com/0/Shell/#SectionModuleV2/ContactSectionV2/"),
    },
    Case {
        title: "`/0` in the URL, where it does not belong",
        check: "URL",
        cause: Cause::UrlOfAPage,
        ill: || Ill::at("https://crm.example.com/0/"),
    },
    Case {
        title: "The URL has no scheme",
        check: "URL",
        cause: Cause::UrlMalformed,
        ill: || Ill::at("crm.example.com"),
    },
    Case {
        title: "The host has no address",
        check: "name",
        cause: Cause::NameUnknown,
        ill: || Ill::at("https://crm.example.invalid"),
    },
    Case {
        title: "`http://` at a port for TLS",
        check: "HTTP",
        cause: Cause::TlsPort,
        ill: || {
            let emulator = emulator(Options { tls: true, ..plain() });
            Ill::at(emulator.url().replace("https:", "http:")).keeping(emulator)
        },
    },
    Case {
        title: "`https://` at a port for plain HTTP",
        check: "TLS",
        cause: Cause::PlainPort,
        ill: || {
            let emulator = emulator(plain());
            Ill::at(emulator.url().replace("http:", "https:")).keeping(emulator)
        },
    },
    Case {
        title: "A path in the URL that the site does not have",
        check: "runtime",
        cause: Cause::BasePath,
        ill: || {
            let emulator = emulator(plain());
            Ill::at(format!("{}/CreatioWebApp", emulator.url())).keeping(emulator)
        },
    },
    Case {
        title: "The path in another letter case, at a server that tells them apart",
        check: "runtime",
        cause: Cause::BasePathCase,
        ill: || {
            let emulator = emulator(Options { base_path: "/creatio".into(), ..plain() });
            Ill::at(emulator.url().replace("/creatio", "/Creatio")).keeping(emulator)
        },
    },
    Case {
        title: "No site at this place",
        check: "runtime",
        cause: Cause::NoSite,
        ill: || {
            let emulator = emulator(Options { base_path: "/secret".into(), ..plain() });
            Ill::at(emulator.url().replace("/secret", "/other")).keeping(emulator)
        },
    },
    Case {
        title: "The other runtime than the one that was told",
        check: "runtime",
        cause: Cause::OtherRuntime,
        ill: || Ill::emulated(Options { runtime: Runtime::Net, ..plain() }).with(&["--runtime", "net-framework"]),
    },
    Case {
        title: "A site that starts",
        check: "runtime",
        cause: Cause::Starting,
        ill: || Ill::emulated(Options { starting_checks: u32::MAX, ..plain() }),
    },
    Case {
        title: "A site that does not go by the name in the URL (`AllowedHostHeaderPattern`)",
        check: "HTTP",
        cause: Cause::HostRefused,
        ill: || Ill::emulated(Options { allowed_host: Some("crm.example.com".into()), ..plain() }),
    },
    Case {
        title: "A gateway in front that wants a key of its own",
        check: "HTTP",
        cause: Cause::GatewayKey,
        ill: || Ill::emulated(Options { gateway_key: Some(("X-Key".into(), KEY.into())), ..plain() }),
    },
    Case {
        title: "A captive portal on the way",
        check: "HTTP",
        cause: Cause::RedirectElsewhere,
        ill: || with_interference(Interference::Portal),
    },
    Case {
        title: "A firewall in front that refuses every request",
        check: "in front",
        cause: Cause::Firewall,
        ill: || with_interference(Interference::Firewall),
    },
    Case {
        title: "A firewall in front that refuses by `User-Agent`",
        check: "in front",
        cause: Cause::UserAgentRefused,
        ill: || Ill::emulated(Options { user_agent_required: true, ..plain() }).with(&["--user-agent", ""]),
    },
];

pub const LOGINS: &[Case] = &[
    Case {
        title: "A wrong password, where the site says so by 401",
        check: "sign-in",
        cause: Cause::BadCredentials,
        ill: || {
            let users = vec![User::new("Somebody", PASSWORD)];
            Ill::emulated(Options { users, wrong_password: WrongPassword::Status401, ..plain() }).with_user()
        },
    },
    Case {
        title: "A login that the site rejects",
        check: "sign-in",
        cause: Cause::Rejected,
        ill: || with_outcome(Outcome::Rejected),
    },
    Case {
        title: "An address from which the user may not sign in",
        check: "sign-in",
        cause: Cause::AccessDenied,
        ill: || with_outcome(Outcome::Denied),
    },
    Case {
        title: "A second factor",
        check: "sign-in",
        cause: Cause::SecondFactor,
        ill: || {
            let users = vec![User::new("Supervisor", PASSWORD).with_one_time_code("123456")];
            Ill::emulated(Options { users, second_factor: SecondFactor::TwoSteps, ..plain() }).with_user()
        },
    },
    Case {
        title: "A user without an authenticator",
        check: "sign-in",
        cause: Cause::Authenticator,
        ill: || with_outcome(Outcome::AuthenticatorWanted),
    },
    Case {
        title: "A user without a licence",
        check: "sign-in",
        cause: Cause::NoLicense,
        ill: || with_outcome(Outcome::NoLicense),
    },
    Case {
        title: "A user without a licence, who may grant some",
        check: "sign-in",
        cause: Cause::GrantLicense,
        ill: || with_outcome(Outcome::NeedGrantLicense),
    },
    Case {
        title: "A password that has expired",
        check: "sign-in",
        cause: Cause::PasswordExpired,
        ill: || with_outcome(Outcome::PasswordExpired),
    },
    Case {
        title: "A password that has expired, at a site that says so by a page alone",
        check: "sign-in",
        cause: Cause::PasswordExpired,
        ill: || {
            let users = vec![User::with_outcome("Supervisor", PASSWORD, Outcome::PasswordExpired)];
            Ill::emulated(Options { users, expired_password: ExpiredPassword::Code1, ..plain() }).with_user()
        },
    },
    Case {
        title: "A password that is to be changed",
        check: "sign-in",
        cause: Cause::PasswordChangeAdvised,
        ill: || with_outcome(Outcome::PasswordChangeAdvised),
    },
    Case {
        title: "A site that is too busy for a login",
        check: "sign-in",
        cause: Cause::Busy,
        ill: || {
            let emulator = emulator(plain());
            emulator.overload_logins(u32::MAX, Overload::ServiceUnavailable, RetryAfter::Absent);
            Ill::of(emulator).with_user()
        },
    },
    Case {
        title: "The login page in the place of an answer",
        check: "sign-in",
        cause: Cause::LoginPage,
        ill: || with_answer(LoginAnswer::LoginPage),
    },
    Case {
        title: "A proxy that strips the ticket",
        check: "cookies",
        cause: Cause::TicketStripped,
        ill: || with_answer(LoginAnswer::NoTicket),
    },
    Case {
        title: "A site on plain HTTP whose cookies are `Secure`",
        check: "cookies",
        cause: Cause::SecureOverHttp,
        ill: || Ill::emulated(Options { secure_cookies: true, runtime: Runtime::Net, ..plain() }).with_user(),
    },
    Case {
        title: "A site that still warms up: it takes the login, and nothing else",
        check: "reading",
        cause: Cause::SessionLost,
        ill: || with_interference(Interference::WarmUp),
    },
    Case {
        title: "A session that has ended before it is ended",
        check: "log-out",
        cause: Cause::NotLoggedOut,
        ill: || {
            let emulator = emulator(plain());
            emulator.expire_after_calls(2);
            Ill::of(emulator).with_user()
        },
    },
    Case {
        title: "Cookies that take much memory",
        check: "memory",
        cause: Cause::MuchMemory,
        ill: || Ill::emulated(Options { ticket_length: 4000, ..plain() }).with_user(),
    },
];

pub const TOKENS: &[Case] = &[
    Case {
        title: "The site in the place of its identity service",
        check: "token",
        cause: Cause::NotIdentityService,
        ill: || {
            let emulator = emulator(with_service());
            let url = emulator.url();
            Ill::of(emulator).with(&["--client-id", "client", "--identity-url", &url])
        },
    },
    Case {
        title: "Nobody knows where the identity service is",
        check: "identity",
        cause: Cause::IdentityUnreachable,
        ill: || Ill::emulated(with_service()).with(&["--client-id", "client"]),
    },
    Case {
        title: "A wrong client secret",
        check: "token",
        cause: Cause::InvalidClient,
        ill: || with_identity(Identity { clients: vec![OauthClient::new("other", "")], ..Identity::default() }),
    },
    Case {
        title: "A client that may not have tokens by its own credentials",
        check: "token",
        cause: Cause::ClientRefused,
        ill: || {
            let client = OauthClient { authorized: false, ..OauthClient::new("client", "") };
            with_identity(Identity { clients: vec![client], ..Identity::default() })
        },
    },
    Case {
        title: "Tokens that live for a short time",
        check: "token",
        cause: Cause::ShortTokens,
        ill: || with_identity(Identity { token_lifetime: Duration::from_secs(120), ..Identity::default() }),
    },
    Case {
        title: "A site that does not take the token",
        check: "token's call",
        cause: Cause::TokenNotTaken,
        ill: || {
            // The identity service of another site.
            let other = with_identity(Identity::default());
            let arguments: Vec<&str> = other.arguments.iter().map(String::as_str).collect();
            Ill::emulated(with_service()).with(&arguments).keeping(other)
        },
    },
];

#[test]
fn places_that_are_wrong() {
    assert_all(PLACES);
}

#[test]
fn logins_that_fail() {
    assert_all(LOGINS);
}

#[test]
fn tokens_that_are_not_to_be_had() {
    assert_all(TOKENS);
}
