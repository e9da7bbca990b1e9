//! What a session goes by where nobody has said otherwise.

//= 9110-2.3-as-long-as-sent
/// The longest head of a reply in bytes, unless [`Session::set_head_limit`](crate::Session::set_head_limit) says otherwise: 256 KiB.
pub const DEFAULT_HEAD_LIMIT: usize = 256 * 1024;

/// The longest body of a reply in bytes where nobody has asked for a long one, unless [`Session::set_body_limit`](crate::Session::set_body_limit) says otherwise:
/// 1 MiB.
pub const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

//= 9110-10.1.5-user-agent, 9110-10.1.5-short, 9110-10.1.5-no-advertising, 9110-10.1.5-version
//= 9110-10.1.5-no-details
/// `User-Agent` of each request, unless [`Session::set_user_agent`](crate::Session::set_user_agent) says otherwise: the library and its version.
pub const DEFAULT_USER_AGENT: &str = concat!("creatio-auth/", env!("CARGO_PKG_VERSION"));
