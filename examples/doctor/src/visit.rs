//! What is known of a site so far, and how it is asked.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use creatio_auth::{Answer, Call, CallVerdict, Runtime, RuntimeProbe, Session, Site};

use crate::arguments::Arguments;
use crate::line::{Line, Trouble};
use crate::output::Output;
use crate::reply::Reply;
use crate::secrets::Secrets;

/// What the checks leave to those behind them.
pub struct Visit<'a> {
    pub arguments: &'a Arguments,
    pub secrets: &'a Secrets,
    pub output: &'a Output<'a>,
    pub identity_url: Option<&'a str>,
    /// Memory for sessions, until one has it.
    pub memory: Option<&'a mut [u8]>,
    pub token_memory: Option<&'a mut [u8]>,
    /// The site, whose runtime is not known yet.
    pub site: Option<Site<'a>>,
    /// Where its host is.
    pub addresses: Vec<SocketAddr>,
    /// The way there; with `is_secured`, TLS is settled.
    pub line: Option<Line>,
    pub is_secured: bool,
    /// Finds out the runtime.
    pub probe: RuntimeProbe,
    /// The answer to the first question.
    pub first: Option<Asked>,
    /// Whether nothing in front refuses.
    pub is_let_through: bool,
    pub runtime: Option<Runtime>,
    /// The session, once the site has said yes, and what it said.
    pub session: Option<Session<'a>>,
    pub login_reply: Option<Reply>,
    /// Whether the session has its ticket.
    pub is_signed_in: bool,
    /// The answer to the first call.
    pub call_reply: Option<Reply>,
    /// The identity service, and the way there.
    pub identity: Option<(Site<'a>, Line)>,
    /// A session that has a token.
    pub token_session: Option<Session<'a>>,
    /// How much of `--wait` is left.
    patience: Duration,
}

/// What came of a question that needs no session.
pub struct Asked {
    pub reply: Reply,
    pub verdict: CallVerdict,
    pub retry_after: Option<u32>,
}

impl<'a> Visit<'a> {
    pub fn new(
        arguments: &'a Arguments,
        secrets: &'a Secrets,
        output: &'a Output<'a>,
        identity_url: Option<&'a str>,
        memory: &'a mut [u8],
        token_memory: &'a mut [u8],
    ) -> Self {
        Visit {
            arguments,
            secrets,
            output,
            identity_url,
            memory: Some(memory),
            token_memory: Some(token_memory),
            site: None,
            addresses: vec![],
            line: None,
            is_secured: false,
            probe: RuntimeProbe::new(),
            first: None,
            is_let_through: false,
            runtime: None,
            session: None,
            login_reply: None,
            is_signed_in: false,
            call_reply: None,
            identity: None,
            token_session: None,
            patience: Duration::from_secs(arguments.wait),
        }
    }

    /// A session with this site, or with another one that the arguments lead to.
    pub fn session_with<'s>(&self, site: Site<'s>, memory: &'s mut [u8]) -> Session<'s>
    where
        'a: 's,
    {
        let mut session = Session::new(site, memory);
        if let Some(user_agent) = &self.arguments.user_agent {
            session.set_user_agent(user_agent).expect("it was checked before");
        }
        session.set_field_lines(&self.secrets.field_lines).expect("they were checked before");
        session.set_time(now());
        session
    }

    /// Asks something that needs no session, by the line or another one.
    pub fn ask(&self, line: &Line, site: Site<'_>, call: &Call<'_>) -> Result<Asked, Trouble> {
        self.ask_and_read(line, site, call, |_| ()).map(|(asked, ())| asked)
    }

    /// The same of who is not trusted: the gateway's key does not go along.
    pub fn ask_plainly(&self, line: &Line, site: Site<'_>, call: &Call<'_>) -> Result<Asked, Trouble> {
        let mut memory = vec![0; 64 * 1024];
        run(line, &mut Session::new(site, &mut memory), call, |_| ()).map(|(asked, ())| asked)
    }

    /// As [`Visit::ask`], and reads the answer.
    pub fn ask_and_read<T>(
        &self,
        line: &Line,
        site: Site<'_>,
        call: &Call<'_>,
        read: impl FnOnce(&Answer<'_>) -> T,
    ) -> Result<(Asked, T), Trouble> {
        let mut memory = vec![0; 64 * 1024];
        run(line, &mut self.session_with(site, &mut memory), call, read)
    }

    /// Waits for a site that is not ready, as long as there is patience for it; whether there is.
    pub fn wait(&mut self, seconds: Option<u32>, why: &str) -> bool {
        let wanted = Duration::from_secs(seconds.unwrap_or(2).max(1).into());
        let Some(left) = self.patience.checked_sub(wanted) else { return false };
        self.patience = left;
        self.output.note(&format!("waiting {} s: {why}", wanted.as_secs()));
        thread::sleep(wanted);
        true
    }
}

/// Makes a call in a session, and reads the answer.
pub fn run<T>(
    line: &Line,
    session: &mut Session<'_>,
    call: &Call<'_>,
    read: impl FnOnce(&Answer<'_>) -> T,
) -> Result<(Asked, T), Trouble> {
    session.set_time(now());
    let mut exchange = session.call(call);
    let reply = line.run(session, &mut exchange)?;
    let answer = exchange.call_result(session).expect("the exchange is a call, and complete");
    let read = read(&answer);
    Ok((Asked { reply, verdict: answer.verdict, retry_after: answer.retry_after }, read))
}

/// The time, in seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Whether requests can have the fields that are asked for.
pub fn check_fields(arguments: &Arguments, secrets: &Secrets) -> Result<(), String> {
    let site = Site::parse("http://localhost", Runtime::Net).expect("it is a site");
    let mut session = Session::new(site, &mut []);
    if let Some(user_agent) = &arguments.user_agent {
        session.set_user_agent(user_agent).map_err(|error| format!("--user-agent: {error}"))?;
    }
    session.set_field_lines(&secrets.field_lines).map_err(|error| format!("--gateway-key: {error}"))
}
