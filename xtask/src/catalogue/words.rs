//! What stands above the tables.

pub const STATUSES: &str = "\
What a function of C returns, `creatio_status`, and the errors of the crate, which have the same numbers without the sign.
`SiteError`, `PathError`, `FieldError`, `SnapshotError`, `BasicError` and `BatchError` are of functions of their own; the others
are a `ReplyError`, which is `ReplyError::Misuse(…)`, `ReplyError::Malformed(…)` or `ReplyError::Document(…)` where a table below
has it under another name.";

/// The statuses in groups, down to the number of each.
pub const GROUPS: &[(&str, i32, &str)] = &[
    ("No error", 0, ""),
    ("A call that does not fit, or memory", -19, ""),
    ("URLs and paths", -39, ""),
    ("Fields of a request", -49, ""),
    ("Snapshots", -59, ""),
    ("HTTP Basic", -69, ""),
    ("The connection and the limits", -109, ""),
    ("Malformed replies", -129, MALFORMED),
    ("The document that answers a sign-in", -199, DOCUMENT),
];

pub const MALFORMED: &str = "\
`ReplyError::Malformed(…)` ends its exchange, and nothing of the reply enters the session. Close the connection: nobody knows where
the next reply begins. `Exchange::failed_field` and `creatio_exchange_failed_field()` name the field at fault, for a log. The fault
is seldom the site's: look at what stands between, a proxy, a load balancer or a captive portal, and ask it for another version.
Where the reply was to a write, nobody knows whether that was done.";

pub const DOCUMENT: &str = "\
`ReplyError::Document(…)`. In the module `typed` the same is `TypedCause::NotJson(…)`, and of the body of a call.";

pub const LOGIN: &str = "\
`Verdict` and `creatio_login_verdict`, also of a change of the password. Where the login page came, `Verdict::LoginPage(…)` has how
it was recognised.";

pub const WINDOWS: &str = "\
`WindowsVerdict` and `creatio_windows_verdict`. `WindowsVerdict::Login(…)` has a verdict about a login, above.";

pub const CALL: &str = "\
`CallVerdict` and `creatio_call_verdict`. Where the session has ended, `CallVerdict::SessionEnded(…)` has how that was recognised.";

pub const TOKEN: &str = "\
`TokenVerdict` and `creatio_token_verdict`: of a request for a token, of a revocation and of a discovery.";

pub const BACK: &str = "`AuthorizationVerdict` and `creatio_authorization_verdict`.";

pub const REFRESH: &str = "`RefreshToken` and `creatio_refresh_token`.";

pub const HEALTH: &str = "`OauthHealthVerdict` and `creatio_oauth_health_verdict`: what a site says of its own connection to the \
                      identity service.";

pub const CLIENT: &str = "\
`client::Error`, in Rust. It has the errors and verdicts from above, too: `Error::Reply(…)`, `Error::Verdict(…)` and `Error::Typed(…)`;
`Error::SignIn(…)` has one of the table that follows.";

pub const REFUSAL: &str = "\
`client::Refusal`, in Rust. `Refusal::Login(…)`, `Refusal::Token(…)` and `Refusal::Windows(…)` have a verdict from above. The site
is the peer at fault where it is busy, and the caller's it is to mend otherwise.";

pub const TYPED: &str = "\
`TypedError::cause`, in Rust with the feature `serde`; `TypedError::member` says where. `TypedCause::NotJson(…)` has one of the
errors of a document, above: the peer's fault.";

pub const EARLIER: &str = "\
`EarlierSignIn`: why none goes out by itself any more, `Session::earlier_sign_in`. In C, creatio_session_earlier_sign_in(), it is
the number of a verdict about a login; 32, CREATIO_EARLIER_WINDOWS, and that of one about Windows authentication; 64,
CREATIO_EARLIER_TOKEN, and that of one about a token; 254, CREATIO_EARLIER_UNREADABLE; or 255, CREATIO_EARLIER_LOST.
`EarlierSignIn::text` and creatio_earlier_sign_in_text() have it in words.";
