//! What happens once, or for a while, soon after the start.

use clap::ArgGroup;
use creatio_emulator::{Emulator, Interference, Overload, RetryAfter};

/// What happens once, soon after the start.
#[derive(Clone, Copy, clap::Args)]
#[command(next_help_heading = "Troubles (each comes once)")]
#[command(group = ArgGroup::new("overloads").args(["overload", "overload_logins"]).multiple(true))]
pub struct Troubles {
    /// End all sessions after so many calls
    #[arg(long, value_name = "CALLS")]
    expire_after_calls: Option<u32>,

    /// End all tokens after so many calls
    #[arg(long, value_name = "CALLS", requires = "identity")]
    expire_tokens_after_calls: Option<u32>,

    /// Refuse so many calls for overload
    #[arg(long, value_name = "CALLS")]
    overload: Option<u32>,

    /// Refuse so many logins for overload
    #[arg(long, value_name = "LOGINS")]
    overload_logins: Option<u32>,

    /// Status of what is refused for overload
    #[arg(long, value_enum, default_value_t, requires = "overloads")]
    overload_status: Overload,

    /// Send Retry-After with what is refused for overload
    #[arg(long, value_name = "SECONDS", requires = "overloads")]
    retry_after: Option<u32>,

    /// Say it by a date
    #[arg(long, requires = "retry_after")]
    retry_after_date: bool,

    /// Come between so many requests and what they ask for
    #[arg(long, value_name = "REQUESTS")]
    interfere: Option<u32>,

    /// What comes between: a site that warms up, which accepts logins and sends calls to the login page; a firewall
    /// that answers 403 with a page; a captive portal that redirects to its own login page
    #[arg(long, value_enum, default_value_t, requires = "interfere")]
    interference: Interference,

    /// Cut the reply to the first call after so many bytes
    #[arg(long, value_name = "BYTES")]
    cut_after: Option<usize>,

    /// Close the connection after so many bytes of the first request
    #[arg(long, value_name = "BYTES")]
    cut_request_after: Option<usize>,
}

impl Troubles {
    pub fn bring_on(&self, emulator: &Emulator) {
        if let Some(calls) = self.expire_after_calls {
            emulator.expire_after_calls(calls);
        }
        if let Some(calls) = self.expire_tokens_after_calls {
            emulator.expire_tokens_after_calls(calls);
        }
        let retry_after = match self.retry_after {
            None => RetryAfter::Absent,
            Some(seconds) if self.retry_after_date => RetryAfter::Date(seconds),
            Some(seconds) => RetryAfter::Seconds(seconds),
        };
        if let Some(calls) = self.overload {
            emulator.overload(calls, self.overload_status, retry_after);
        }
        if let Some(logins) = self.overload_logins {
            emulator.overload_logins(logins, self.overload_status, retry_after);
        }
        if let Some(requests) = self.interfere {
            emulator.interfere(requests, self.interference);
        }
        if let Some(bytes) = self.cut_after {
            emulator.cut_after(bytes);
        }
        if let Some(bytes) = self.cut_request_after {
            emulator.cut_request_after(bytes);
        }
    }
}
