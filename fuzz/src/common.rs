//! What the targets share: sites, how input is cut, and a caller that pulls requests and feeds replies.

use creatio_auth::{
    Answer, Call, Credentials, Exchange, Login, Path, ReplyError, Runtime, Session, Site, SnapshotError, Text, Token,
    Verdict,
};

/// The sites that most targets know: by scheme, base path, runtime and kind of host.
pub const SITES: [(&str, Runtime); 6] = [
    ("https://crm.example.com", Runtime::Net),
    ("https://crm.example.com/app", Runtime::NetFramework),
    ("http://crm.example.com:8080", Runtime::NetFramework),
    ("http://192.0.2.7/app/b", Runtime::Net),
    ("https://Crm.Example.com/App", Runtime::Net),
    ("https://[2001:db8::1]", Runtime::NetFramework),
];

pub fn site(choice: u8) -> Site<'static> {
    let (url, runtime) = SITES[usize::from(choice) % SITES.len()];
    Site::parse(url, runtime).unwrap()
}

pub const LOGIN_PATH: &str = "/ServiceModel/AuthService.svc/Login";

/// The path of a request to a site, as it stands in its first line.
pub fn full_path(site: &Site<'_>, path: &str, is_below_prefix: bool) -> String {
    let prefix = if is_below_prefix { site.runtime().prefix() } else { "" };
    format!("{}{prefix}{}", site.base_path(), path.split('?').next().unwrap_or_default())
}

pub fn credentials() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", "hunter2")
}

/// The first bytes of an input, which choose, and the rest of it.
pub fn choices<const N: usize>(data: &[u8]) -> Option<([u8; N], &[u8])> {
    data.split_first_chunk::<N>().map(|(choices, rest)| (*choices, rest))
}

/// Parts of an input: between lines of `%%`.
pub fn parts(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    between(data, b"\n%%\n")
}

/// Replies that come one after the other: between lines of `%`.
pub fn replies(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    between(data, b"\n%\n")
}

fn between<'d>(data: &'d [u8], line: &'static [u8]) -> impl Iterator<Item = &'d [u8]> {
    let mut rest = Some(data);
    std::iter::from_fn(move || {
        let text = rest?;
        let at = text.windows(line.len()).position(|window| window == line);
        rest = at.map(|at| &text[at + line.len()..]);
        Some(at.map_or(text, |at| &text[..at]))
    })
}

/// Chance that an input chooses: xorshift.
#[derive(Clone)]
pub struct Chance(u32);

impl Chance {
    pub fn new(seed: u8) -> Self {
        Chance(u32::from(seed).wrapping_mul(0x9E37_79B9) | 1)
    }

    /// A number from 1 up to this one, mostly a small one.
    pub fn size(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        let most = if self.0 & 0x300 == 0 { most } else { most.min(7) };
        1 + (self.0 >> 12) as usize % most.max(1)
    }
}

/// How a reply is cut.
#[derive(Clone)]
pub enum Cut {
    Whole,
    Bytes,
    Chance(Chance),
}

impl Cut {
    pub fn all(seed: u8) -> [Cut; 3] {
        [Cut::Whole, Cut::Bytes, Cut::Chance(Chance::new(seed))]
    }

    pub fn next(&mut self, left: usize) -> usize {
        match self {
            Cut::Whole => left,
            Cut::Bytes => 1,
            Cut::Chance(chance) => chance.size(left),
        }
        .min(left)
    }
}

/// All that a caller sees of an exchange.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub result: Result<(), ReplyError>,
    pub http_status: Option<u16>,
    pub failed_field: Option<Vec<u8>>,
    pub body: Vec<u8>,
    /// How many bytes were taken where the reply is complete, 0 otherwise.
    pub consumed: usize,
    pub keeps_alive: bool,
    pub is_signed_in: bool,
    /// All that the answer says, but for the texts.
    pub answer: String,
    pub texts: Vec<Option<(String, bool)>>,
    pub login: Option<Verdict>,
}

fn text(text: Option<Text<'_>>) -> Option<(String, bool)> {
    text.map(|text| {
        assert!(std::str::from_utf8(text.as_bytes()).is_ok());
        (text.as_str().to_owned(), text.is_truncated())
    })
}

/// Takes all of a request, in pieces.
pub fn pull(session: &mut Session<'_>, exchange: &mut Exchange<'_>, cut: &mut Cut) -> Vec<u8> {
    let len = exchange.request_len(session);
    let mut request = Vec::new();
    loop {
        let mut buffer = vec![0xEE; cut.next(512)];
        match exchange.fill(session, &mut buffer).expect("a state that allows it") {
            0 => break,
            filled => request.extend_from_slice(&buffer[..filled]),
        }
    }
    assert_eq!(request.len(), len, "what request_len says");
    request
}

/// Feeds a reply to an exchange that hands out nothing of its body, and closes the connection where it is not complete then.
pub fn feed_to_end(
    session: &mut Session<'_>,
    exchange: &mut Exchange<'_>,
    reply: &[u8],
    cut: &mut Cut,
) -> Result<(), ReplyError> {
    let mut rest = reply;
    while !rest.is_empty() {
        let fed = exchange.feed(session, &rest[..cut.next(rest.len())])?;
        assert!(fed.consumed > 0 && fed.body.is_empty());
        if fed.done {
            return Ok(());
        }
        rest = &rest[fed.consumed..];
    }
    exchange.close(session)
}

/// Feeds a reply, and closes the connection where it is not complete then. What comes behind its end is not fed.
pub fn feed(session: &mut Session<'_>, exchange: &mut Exchange<'_>, reply: &[u8], cut: &mut Cut) -> Outcome {
    let (mut body, mut at, mut done, mut result) = (Vec::new(), 0, false, Ok(()));
    while at < reply.len() && !done && result.is_ok() {
        let piece = &reply[at..at + cut.next(reply.len() - at)];
        match exchange.feed(session, piece) {
            Ok(fed) => {
                assert!(fed.consumed > 0 && fed.consumed <= piece.len());
                let taken = piece[..fed.consumed].as_ptr_range();
                let is_inside = fed.body.is_empty()
                    || taken.contains(&fed.body.as_ptr()) && fed.body.as_ptr_range().end <= taken.end;
                assert!(is_inside, "a body from elsewhere");
                body.extend_from_slice(fed.body);
                at += fed.consumed;
                done = fed.done;
            }
            Err(error) => result = Err(error),
        }
    }
    if !done && result.is_ok() {
        result = exchange.close(session);
    }
    outcome(session, exchange, result, body, at)
}

pub fn outcome(
    session: &Session<'_>,
    exchange: &Exchange<'_>,
    result: Result<(), ReplyError>,
    body: Vec<u8>,
    consumed: usize,
) -> Outcome {
    let login = exchange.login_result(session).ok();
    let call = exchange.call_result(session).ok();
    let token = exchange.token_result(session).ok();
    assert_eq!(result.is_ok(), login.is_some() || call.is_some() || token.is_some(), "a result for each good reply");
    let texts = [login.map(login_texts), call.map(call_texts), token.map(token_texts)];
    Outcome {
        result,
        http_status: exchange.http_status(),
        failed_field: exchange.failed_field().map(<[u8]>::to_vec),
        body: if result.is_ok() { body } else { Vec::new() },
        consumed: if result.is_ok() { consumed } else { 0 },
        keeps_alive: exchange.keeps_alive(),
        is_signed_in: exchange.is_signed_in(session) == Ok(true),
        answer: match (&login, &call, &token) {
            (Some(login), _, _) => {
                format!("{:?} {} {:?} {:?}", login.verdict, login.http_status, login.code, login.retry_after)
            }
            (_, Some(call), _) => format!("{:?} {} {:?}", call.verdict, call.http_status, call.retry_after),
            (_, _, Some(token)) => {
                format!("{:?} {} {:?} {:?}", token.verdict, token.http_status, token.expires_in, token.retry_after)
            }
            _ => String::new(),
        },
        texts: texts.into_iter().flatten().next().unwrap_or_default(),
        login: login.map(|login| login.verdict),
    }
}

fn login_texts(login: Login<'_>) -> Vec<Option<(String, bool)>> {
    [
        login.message,
        login.exception_message,
        login.exception_type,
        login.password_change_url,
        login.redirect_url,
        login.user_type,
    ]
    .map(text)
    .to_vec()
}

fn call_texts(answer: Answer<'_>) -> Vec<Option<(String, bool)>> {
    [answer.message, answer.inner_message, answer.error_code, answer.next_link].map(text).to_vec()
}

fn token_texts(token: Token<'_>) -> Vec<Option<(String, bool)>> {
    [token.error, token.error_description].map(text).to_vec()
}

/// All that a session holds, as far as it can be seen from outside.
#[derive(Debug, PartialEq)]
pub struct Held {
    cookies: Vec<String>,
    /// The lines that authorise calls to [`PATHS`].
    pub lines: Vec<Vec<u8>>,
}

/// The lines that authorise a call.
pub fn lines(session: &Session<'_>, path: Path<'_>) -> Vec<u8> {
    let needed = session.authorization_lines(path, &mut []).unwrap_or_else(|error| error.needed);
    let mut lines = vec![0; needed];
    assert_eq!(session.authorization_lines(path, &mut lines), Ok(needed));
    lines
}

/// The paths, and whether each is below the runtime's prefix.
pub const PATHS: [(&str, bool); 3] = [("/", false), (LOGIN_PATH, false), ("/odata/Contact", true)];

pub fn held(session: &Session<'_>) -> Held {
    let cookies = session.cookies().map(|cookie| format!("{cookie:?} {}", cookie.is_secure())).collect();
    let path = |(path, is_below)| if is_below { Path::site(path) } else { Path::root(path) };
    let lines = PATHS.map(|place| lines(session, path(place).unwrap())).to_vec();
    Held { cookies, lines }
}

pub fn snapshot(session: &Session<'_>) -> Vec<u8> {
    let mut bytes = vec![0; session.snapshot_len()];
    let len = bytes.len();
    assert_eq!(session.write_snapshot(&mut bytes), Ok(len));
    bytes
}

/// A session that a snapshot makes, in memory of its own.
pub fn restored<'m>(site: Site<'m>, memory: &'m mut [u8], bytes: &[u8]) -> Result<Session<'m>, SnapshotError> {
    let mut session = Session::new(site, memory);
    session.restore(bytes)?;
    Ok(session)
}

/// The value of a field in the lines of a request.
pub fn field(lines: &[u8], name: &str) -> Vec<u8> {
    let start = format!("{name}: ").into_bytes();
    let mut values = lines.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(&start[..]));
    let value = values.next().map(|value| value.strip_suffix(b"\r").expect("CR LF").to_vec());
    assert_eq!(values.next(), None, "{name} stands twice");
    value.unwrap_or_default()
}

/// That nothing is left in memory that a session or a client has used.
pub fn check_wiped(memory: &[u8]) {
    assert!(memory == vec![0; memory.len()], "something is left in the memory");
}

/// Has the session make a call that gets this reply.
pub fn call(session: &mut Session<'_>, call: &Call<'_>, reply: &[u8], cut: &mut Cut) -> Outcome {
    let mut exchange = session.call(call);
    pull(session, &mut exchange, cut);
    feed(session, &mut exchange, reply, cut)
}
