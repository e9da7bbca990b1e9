//! What the tests share: a caller that pulls requests and feeds replies in pieces of any size, and the replies.
#![allow(dead_code)] // each test file is a crate of its own and uses a part of this

pub mod fixtures;
pub mod room;
pub mod steps;
pub mod wire;

use creatio_auth::{
    Call, CallVerdict, Credentials, Exchange, Login, Path, ReplyError, Runtime, Session, Site, SnapshotError, State,
    Text, Verdict,
};

/// What most sessions of the tests have for memory.
pub const MEMORY: usize = 4096;

/// A ticket that is short enough to try every position of a reply that brings it.
pub const TICKET: &str = "0A1B2C3D4E5F60718293A4B5C6D7E8F9";

/// A site on .NET Framework, in a virtual directory.
pub fn framework() -> Site<'static> {
    Site::parse("https://crm.example.com/CreatioWebApp", Runtime::NetFramework).unwrap()
}

/// A site on .NET, at the root of its host.
pub fn net() -> Site<'static> {
    Site::parse("https://crm.example.com", Runtime::Net).unwrap()
}

pub fn credentials() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", "hunter2")
}

/// A session in this memory that has taken a snapshot.
pub fn restored<'m>(site: Site<'m>, memory: &'m mut [u8], snapshot: &[u8]) -> Result<Session<'m>, SnapshotError> {
    let mut session = Session::new(site, memory);
    session.restore(snapshot).map(|()| session)
}

/// The memory that is enough in the end, where what is too small says at most so many times that more is.
pub fn enough<T>(mut size: usize, times: usize, run: impl Fn(usize) -> Result<T, ReplyError>) -> usize {
    let mut rounds = 0;
    while let Err(error) = run(size) {
        let ReplyError::MemoryTooSmall { needed } = error else { panic!("{error} in {size} bytes") };
        assert!(needed > size && rounds < times, "{needed} after {size}");
        (size, rounds) = (needed, rounds + 1);
    }
    size
}

pub fn contacts() -> Path<'static> {
    Path::site("/odata/Contact").unwrap()
}

/// How a reply is cut into the pieces that are fed.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    Whole,
    At(usize),
    /// Pieces of this size.
    Pieces(usize),
}

impl Cut {
    /// Whole, byte by byte, and in two at every position.
    pub fn all(len: usize) -> impl Iterator<Item = Cut> {
        [Cut::Whole, Cut::Pieces(1)].into_iter().chain((1..len).map(Cut::At))
    }

    fn pieces(self, reply: &[u8]) -> Vec<&[u8]> {
        match self {
            Cut::Whole => vec![reply],
            Cut::At(at) => vec![&reply[..at], &reply[at..]],
            Cut::Pieces(size) => reply.chunks(size).collect(),
        }
    }
}

/// The answer to a login, apart from the session's memory. A text that was cut ends in `…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub verdict: Option<Verdict>,
    pub http_status: u16,
    pub code: Option<i32>,
    pub message: Option<String>,
    pub exception_message: Option<String>,
    pub exception_type: Option<String>,
    pub password_change_url: Option<String>,
    pub redirect_url: Option<String>,
    pub user_type: Option<String>,
    pub retry_after: Option<u32>,
}

impl Answer {
    pub fn new(verdict: Verdict, http_status: u16) -> Self {
        Answer { verdict: Some(verdict), http_status, ..Answer::default() }
    }

    pub fn of(login: &Login<'_>) -> Self {
        let text = |text: Option<Text<'_>>| text.map(|text| text.to_string());
        Answer {
            verdict: Some(login.verdict),
            http_status: login.http_status,
            code: login.code,
            message: text(login.message),
            exception_message: text(login.exception_message),
            exception_type: text(login.exception_type),
            password_change_url: text(login.password_change_url),
            redirect_url: text(login.redirect_url),
            user_type: text(login.user_type),
            retry_after: login.retry_after,
        }
    }

    pub fn is_authenticated(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.is_authenticated())
    }
}

/// All that a caller sees of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub result: Result<(), ReplyError>,
    pub http_status: Option<u16>,
    /// None where the exchange failed or is no login.
    pub answer: Option<Answer>,
    pub body: Vec<u8>,
    /// How many bytes of the reply were taken. Says nothing where the exchange failed.
    pub consumed: usize,
    pub keeps_alive: bool,
}

impl Outcome {
    pub fn is_authenticated(&self) -> bool {
        self.answer.as_ref().is_some_and(Answer::is_authenticated)
    }

    pub fn verdict(&self) -> Option<Verdict> {
        self.answer.as_ref()?.verdict
    }
}

/// Takes the rest of a request through a buffer of this size.
pub fn pull(session: &mut Session<'_>, exchange: &mut Exchange<'_>, size: usize) -> Vec<u8> {
    let (mut request, mut buffer) = (Vec::new(), vec![0xEE; size]);
    loop {
        match exchange.fill(session, &mut buffer).unwrap() {
            0 => return request,
            filled => request.extend_from_slice(&buffer[..filled]),
        }
    }
}

/// Feeds a reply and then closes the connection, unless the exchange has come to its end before.
pub fn feed(session: &mut Session<'_>, exchange: &mut Exchange<'_>, reply: &[u8], cut: Cut) -> Outcome {
    let (mut body, mut consumed, mut done) = (Vec::new(), 0, false);
    let mut result = Ok(());
    for mut piece in cut.pieces(reply) {
        while !piece.is_empty() && !done && result.is_ok() {
            match exchange.feed(session, piece) {
                Ok(fed) => {
                    assert!(fed.consumed > 0, "no headway, {cut:?}");
                    let end = piece[..fed.consumed].as_ptr_range();
                    let inside = fed.body.is_empty() || end.contains(&fed.body.as_ptr());
                    assert!(inside, "a piece of body from outside the input, {cut:?}");
                    body.extend_from_slice(fed.body);
                    consumed += fed.consumed;
                    done = fed.done;
                    piece = &piece[fed.consumed..];
                }
                Err(error) => result = Err(error),
            }
        }
    }
    if !done && result.is_ok() {
        result = exchange.close(session);
    }
    let expected = if result.is_ok() { State::Done } else { State::Failed };
    assert_eq!(exchange.state(), expected, "{cut:?}");
    let needed = if let Err(ReplyError::MemoryTooSmall { needed }) = result { needed } else { 0 };
    assert_eq!(exchange.memory_needed(), needed, "{cut:?}");
    Outcome {
        answer: exchange.login_result(session).ok().map(|login| Answer::of(&login)),
        result,
        http_status: exchange.http_status(),
        body,
        consumed,
        keeps_alive: exchange.keeps_alive(),
    }
}

/// A login, answered by a reply.
pub fn login(session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Outcome {
    let credentials = credentials();
    let mut exchange = session.login(&credentials);
    pull(session, &mut exchange, 512);
    feed(session, &mut exchange, reply, cut)
}

/// A call, answered by a reply.
pub fn call(session: &mut Session<'_>, call: &Call<'_>, reply: &[u8], cut: Cut) -> Outcome {
    let mut exchange = session.call(call);
    pull(session, &mut exchange, 512);
    feed(session, &mut exchange, reply, cut)
}

/// Has the session take these values of `Set-Cookie` from the reply to a call.
pub fn set_cookies(session: &mut Session<'_>, path: Path<'_>, values: &[&str]) {
    let outcome = call(session, &Call::get(path), &fixtures::setting(values), Cut::Whole);
    assert_eq!(outcome.result, Ok(()));
}

/// A session that has signed in and got these values of `Set-Cookie`.
pub fn signed_in<'m>(site: Site<'m>, memory: &'m mut [u8], values: &[&str]) -> Session<'m> {
    let mut session = Session::new(site, memory);
    let outcome = login(&mut session, &fixtures::setting(values), Cut::Whole);
    assert!(outcome.is_authenticated(), "{outcome:?}");
    session
}

/// The lines that authorise a request to a path.
pub fn authorization(session: &Session<'_>, path: Path<'_>) -> Vec<u8> {
    let needed = session.authorization_lines(path, &mut []).unwrap_err().needed;
    let mut lines = vec![0; needed];
    assert_eq!(session.authorization_lines(path, &mut lines), Ok(needed));
    lines
}

/// The value of a field, out of a request or of the lines of one.
pub fn field(lines: &[u8], name: &str) -> Option<Vec<u8>> {
    let start = [name.as_bytes(), b": "].concat();
    let line = lines.split(|b| *b == b'\n').find(|line| line.starts_with(&start))?;
    Some(line.strip_suffix(b"\r").unwrap()[start.len()..].to_vec())
}

/// The `Cookie` field of a call, empty where it has none.
pub fn cookie_field(session: &Session<'_>, path: Path<'_>) -> String {
    let value = field(&authorization(session, path), "Cookie").unwrap_or_default();
    value.escape_ascii().to_string()
}

/// All that a session holds, values included, as far as it can be seen from outside.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    cookies: Vec<String>,
    lines: Vec<Vec<u8>>,
}

pub fn snapshot(session: &Session<'_>) -> Snapshot {
    let paths = ["/", "/odata/Contact", "/0/odata/Contact", "/ServiceModel/AuthService.svc/Login"];
    let flags = |cookie: creatio_auth::Cookie<'_>| {
        let flags = [cookie.is_secure(), cookie.is_http_only(), cookie.is_persistent()];
        format!("{cookie:?} {flags:?}")
    };
    Snapshot {
        cookies: session.cookies().map(flags).collect(),
        lines: paths.map(|path| authorization(session, Path::root(path).unwrap())).to_vec(),
    }
}

/// The answer to a call, apart from the session's memory. A text that was cut ends in `…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallAnswer {
    pub verdict: CallVerdict,
    pub http_status: u16,
    pub message: Option<String>,
    pub inner_message: Option<String>,
    pub error_code: Option<String>,
    pub next_link: Option<String>,
    pub retry_after: Option<u32>,
}

impl CallAnswer {
    pub fn new(verdict: CallVerdict, http_status: u16) -> Self {
        let (message, inner_message, error_code, next_link) = (None, None, None, None);
        CallAnswer { verdict, http_status, message, inner_message, error_code, next_link, retry_after: None }
    }

    pub fn of(answer: &creatio_auth::Answer<'_>) -> Self {
        let text = |text: Option<Text<'_>>| text.map(|text| text.to_string());
        CallAnswer {
            verdict: answer.verdict,
            http_status: answer.http_status,
            message: text(answer.message),
            inner_message: text(answer.inner_message),
            error_code: text(answer.error_code),
            next_link: text(answer.next_link),
            retry_after: answer.retry_after,
        }
    }

    pub fn message(self, message: &str) -> Self {
        CallAnswer { message: Some(message.into()), ..self }
    }

    pub fn inner_message(self, message: &str) -> Self {
        CallAnswer { inner_message: Some(message.into()), ..self }
    }

    pub fn next_link(self, link: &str) -> Self {
        CallAnswer { next_link: Some(link.into()), ..self }
    }

    pub fn retry_after(self, seconds: u32) -> Self {
        CallAnswer { retry_after: Some(seconds), ..self }
    }
}

/// A call, answered by a reply, and the answer where there is one.
pub fn call_answer(
    session: &mut Session<'_>,
    call: &Call<'_>,
    reply: &[u8],
    cut: Cut,
) -> (Outcome, Option<CallAnswer>) {
    let mut exchange = session.call(call);
    pull(session, &mut exchange, 512);
    let outcome = feed(session, &mut exchange, reply, cut);
    let answer = exchange.call_result(session).ok().map(|answer| CallAnswer::of(&answer));
    assert_eq!(answer.is_some(), outcome.result.is_ok(), "{outcome:?}");
    (outcome, answer)
}

/// A request as httparse reads it.
pub struct Read {
    pub method: String,
    pub target: String,
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Read {
    pub fn new(request: &[u8]) -> Self {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut read = httparse::Request::new(&mut headers);
        let head = read.parse(request).unwrap().unwrap();
        assert_eq!(read.version, Some(1));
        Read {
            method: read.method.unwrap().into(),
            target: read.path.unwrap().into(),
            fields: read.headers.iter().map(|field| (field.name.into(), field.value.into())).collect(),
            body: request[head..].into(),
        }
    }

    /// The request of a call.
    pub fn call(session: &mut Session<'_>, call: &Call<'_>) -> Self {
        let mut exchange = session.call(call);
        Read::new(&pull(session, &mut exchange, MEMORY))
    }

    /// The value of a field that stands in the request once, whatever the case of its name.
    pub fn field(&self, name: &str) -> Option<&[u8]> {
        let is_it = |field: &&(String, Vec<u8>)| field.0.eq_ignore_ascii_case(name);
        let mut values = self.fields.iter().filter(is_it).map(|(_, value)| &value[..]);
        let value = values.next();
        assert_eq!(values.next(), None, "{name} stands twice");
        value
    }

    pub fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The target before its query, and the query as the `url` crate reads it.
    pub fn path_and_query(&self) -> (&str, Vec<(String, String)>) {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        (path, pairs.map(|(name, value)| (name.into(), value.into())).collect())
    }
}
