//! Both clients over a transport that fails: they do the same, send a write at most once, and no password that was refused.
//!
//! Input: a byte for the site, one for the buffer, one for the cuts and whether bodies are limited, six that choose what the
//! client does; then connections, between lines of `%%`: how many bytes each takes and gives before it fails, how it ends, and a reply as in `session`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use creatio_auth::client::embedded_io_07::{ErrorKind, ErrorType};
use creatio_auth::client::{Error, asynch, blocking, embedded_io_07, embedded_io_async_07};
use creatio_auth::{Call, DEFAULT_BODY_LIMIT, Path, ReplyError, Session, Site};

use crate::common::{Held, check_wiped, choices, credentials, held, parts, replies, site};
use crate::session::reply;

const MEMORY: usize = 4096;
const WRITE: &[u8] = b"/odata/Contact HTTP/1.1\r\n";
const LOGIN: &[u8] = b"/ServiceModel/AuthService.svc/Login HTTP/1.1\r\n";

#[derive(Clone)]
struct Line {
    takes: usize,
    gives: usize,
    piece: usize,
    is_cut: bool,
    is_open: bool,
    replies: VecDeque<Vec<u8>>,
    incoming: VecDeque<u8>,
}

#[derive(Default)]
struct State {
    to_come: VecDeque<Line>,
    now: Option<Line>,
    /// What each connection was sent, and where it went.
    sent: Vec<Vec<u8>>,
    sites: Vec<String>,
    /// The first status that each reply says.
    statuses: Vec<u16>,
}

#[derive(Clone)]
struct Script(Rc<RefCell<State>>);

impl Script {
    fn new(lines: &[Line]) -> Self {
        Script(Rc::new(RefCell::new(State { to_come: lines.iter().cloned().collect(), ..State::default() })))
    }

    fn read_now(&self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        assert!(!buffer.is_empty());
        let mut state = self.0.borrow_mut();
        let line = state.now.as_mut().expect("a connection");
        let len = line.incoming.len().min(buffer.len()).min(line.piece).min(line.gives);
        if len == 0 {
            return if line.is_cut { Err(ErrorKind::ConnectionReset) } else { Ok(0) };
        }
        line.gives -= len;
        buffer.iter_mut().zip(line.incoming.drain(..len)).for_each(|(to, from)| *to = from);
        Ok(len)
    }

    fn write_now(&self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        let state = &mut *self.0.borrow_mut();
        let line = state.now.as_mut().expect("a connection");
        let len = bytes.len().min(line.piece).min(line.takes);
        if len == 0 {
            return Err(ErrorKind::BrokenPipe);
        }
        line.takes -= len;
        state.sent.last_mut().unwrap().extend_from_slice(&bytes[..len]);
        Ok(len)
    }

    fn flush_now(&self) -> Result<(), ErrorKind> {
        let state = &mut *self.0.borrow_mut();
        let line = state.now.as_mut().expect("a connection");
        if let Some(reply) = line.replies.pop_front() {
            let status = reply.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
            state.statuses.push(status.and_then(|digits| digits.parse().ok()).unwrap_or_default());
            line.incoming.extend(reply);
        }
        Ok(())
    }

    fn connect_now(&self, site: &Site<'_>) -> Result<(), ErrorKind> {
        let state = &mut *self.0.borrow_mut();
        assert!(state.now.is_none(), "one connection at a time");
        state.now = Some(state.to_come.pop_front().ok_or(ErrorKind::ConnectionRefused)?);
        state.sites.push(site.to_string());
        state.sent.push(Vec::new());
        Ok(())
    }

    fn disconnect_now(&self) {
        self.0.borrow_mut().now = None;
    }

    fn is_open_now(&self) -> bool {
        self.0.borrow().now.as_ref().is_some_and(|line| line.is_open)
    }

    /// How often this stands in what was sent since, as far as it was.
    fn count(&self, text: &[u8], method: &[u8], since: (usize, usize)) -> usize {
        let state = self.0.borrow();
        let sent = state
            .sent
            .iter()
            .enumerate()
            .skip(since.0)
            .map(|(at, sent)| if at == since.0 { &sent[since.1.min(sent.len())..] } else { &sent[..] });
        sent.map(|sent| {
            sent.windows(text.len())
                .enumerate()
                .filter(|(at, window)| {
                    let line = sent[..*at].rsplit(|byte| *byte == b'\n' || *byte == b'}').next().unwrap_or_default();
                    *window == text && line.starts_with(method)
                })
                .count()
        })
        .sum()
    }

    /// Whether a login that went out since took cookies along. Each has a connection of its own.
    fn login_has_cookies(&self, since: (usize, usize)) -> bool {
        let state = self.0.borrow();
        let head = |sent: &[u8]| sent.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(sent.len());
        let mut logins =
            state.sent.iter().skip(since.0 + usize::from(since.1 > 0)).map(|sent| &sent[..head(sent)]).filter(
                |head| {
                    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
                    LOGIN.strip_suffix(b"\r\n").is_some_and(|login| line.ends_with(login))
                },
            );
        logins.any(|head| head.windows(10).any(|window| window == b"\r\nCookie: "))
    }

    /// The first status since there were so many replies.
    fn first_status(&self, since: usize) -> Option<u16> {
        self.0.borrow().statuses.get(since).copied()
    }

    fn replies(&self) -> usize {
        self.0.borrow().statuses.len()
    }

    fn mark(&self) -> (usize, usize) {
        let state = self.0.borrow();
        (state.sent.len().saturating_sub(1), state.sent.last().map_or(0, Vec::len))
    }
}

impl ErrorType for Script {
    type Error = ErrorKind;
}

impl embedded_io_07::Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        self.read_now(buffer)
    }
}

impl embedded_io_07::Write for Script {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.write_now(bytes)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.flush_now()
    }
}

impl blocking::Transport for Script {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
        self.connect_now(site)
    }

    fn disconnect(&mut self) {
        self.disconnect_now();
    }

    fn is_open(&mut self) -> bool {
        self.is_open_now()
    }
}

/// The same, pending once before each operation.
#[derive(Clone)]
struct Slow(Script);

struct Pending(bool);

impl Future for Pending {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl ErrorType for Slow {
    type Error = ErrorKind;
}

impl embedded_io_async_07::Read for Slow {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        Pending(false).await;
        self.0.read_now(buffer)
    }
}

impl embedded_io_async_07::Write for Slow {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        Pending(false).await;
        self.0.write_now(bytes)
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Pending(false).await;
        self.0.flush_now()
    }
}

impl asynch::Transport for Slow {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
        Pending(false).await;
        self.0.connect_now(site)
    }

    fn disconnect(&mut self) {
        self.0.disconnect_now();
    }

    async fn is_open(&mut self) -> bool {
        Pending(false).await;
        self.0.is_open_now()
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..1_000_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
    panic!("it never ends")
}

/// What a client does, one thing after the other, and what comes of each.
macro_rules! play {
    ($client:ident, $script:expr, $works:expr $(, $wait:tt)?) => {{
        let credentials = credentials();
        let path = Path::site("/odata/Contact").unwrap();
        let (get, post, ping) = (Call::get(path), Call::post(path).with_json(b"{}"), Call::ping());
        let streamed = Call::put(path).with_body_of_length("image/png", 6).unwrap();
        let mut told = Vec::new();
        for work in $works {
            let (mark, delay) = ($script.mark(), $client.session().sign_in_delay());
            let replies = $script.replies();
            let (before, drops_cookies) = (held($client.session()), $client.session().sign_in_drops_cookies());
            let is_renewed = matches!(work % 8, 3 | 4);
            let call = match work % 8 {
                2 | 4 => &post,
                _ if work & 0x40 != 0 => &ping,
                _ => &get,
            };
            let (word, is_reply_error) = match work % 8 {
                0 => {
                    let result = $client.login(&credentials)$(.$wait)?;
                    let failed = matches!(result, Err(Error::Reply(error)) if !matches!(error, ReplyError::Misuse(_)));
                    (format!("{result:?}"), failed)
                }
                1..=4 => {
                    let result = if is_renewed {
                        $client.call_renewed(call, &credentials)$(.$wait)?
                    } else {
                        $client.call(call)$(.$wait)?
                    };
                    match result {
                        Err(error) => (format!("{error:?}"), matches!(error, Error::Reply(_)) && !is_renewed),
                        Ok(mut reply) => {
                            let mut body = Vec::new();
                            let ended = loop {
                                match reply.piece()$(.$wait)? {
                                    Ok(Some(piece)) => body.extend_from_slice(piece),
                                    Ok(None) => break Ok(()),
                                    Err(error) => break Err(error),
                                }
                            };
                            let answer = reply.answer()$(.$wait)?.map(|answer| format!("{answer:?}"));
                            (format!("{} {ended:?} {answer:?}", body.escape_ascii()), ended.is_err() && !is_renewed)
                        }
                    }
                }
                5 => {
                    let result = $client.logout()$(.$wait)?;
                    assert!($client.session().cookies().count() == 0, "a log-out has left cookies");
                    (format!("{result:?}"), false)
                }
                6 => match $client.upload(&streamed)$(.$wait)? {
                    Err(error) => (format!("{error:?}"), false),
                    Ok(mut upload) => {
                        let first = upload.write(b"abc")$(.$wait)?;
                        let second = upload.write(b"def")$(.$wait)?;
                        let reply = match upload.reply()$(.$wait)? {
                            Ok(reply) => reply.answer()$(.$wait)?.map(|answer| format!("{answer:?}")),
                            Err(error) => Err(error),
                        };
                        (format!("{first:?} {second:?} {reply:?}"), false)
                    }
                },
                _ => {
                    $client.disconnect()$(.$wait)?;
                    (String::new(), false)
                }
            };
            if is_reply_error && !drops_cookies {
                assert_eq!(held($client.session()), before, "a failed exchange has changed the session: {word}");
            }
            let writes = $script.count(WRITE, b"POST ", mark);
            let logins = $script.count(LOGIN, b"POST ", mark);
            assert!(writes <= if work % 8 == 4 { 1 + logins } else { 1 }, "a write goes out twice: {word}");
            // After a page or an error of the site, which may have done it, a write is not made again.
            let may_be_done = matches!($script.first_status(replies), Some(200..=299 | 500..=599));
            assert!(writes <= 1 || !may_be_done, "a write that may have been done goes out again: {word}");
            assert!(logins <= 1, "two logins at once: {word}");
            let may_sign_in = delay == Some(0) || !is_renewed;
            assert!(may_sign_in || logins == 0, "a refused password goes out again, or a lost one too soon: {word}");
            assert!(logins == 0 || is_renewed || work % 8 == 0, "a login that nobody asked for");
            assert!(!drops_cookies || !$script.login_has_cookies(mark), "cookies that are in doubt go with a login: {word}");
            let refusal = $client.refusal_message().map(|message| message.as_str().to_owned());
            let field = $client.failed_field().map(<[u8]>::to_vec);
            told.push(format!("{word} {refusal:?} {:?} {field:?}", $client.refusal_retry_after()));
        }
        told
    }};
}

type Told = (Vec<String>, Held, Vec<Vec<u8>>, Vec<String>);

fn told(script: &Script, told: Vec<String>, session: &Session<'_>) -> Told {
    let state = script.0.borrow();
    (told, held(session), state.sent.clone(), state.sites.clone())
}

pub fn run(data: &[u8]) {
    let Some(([place, size, cuts], rest)) = choices::<3>(data) else { return };
    let Some((works, rest)) = choices::<6>(rest) else { return };
    let lines: Vec<_> = parts(rest)
        .take(8)
        .filter_map(|part| {
            let ([takes, gives, flags], answers) = choices::<3>(part)?;
            let bytes = |choice: u8| if choice >= 0xC0 { usize::MAX } else { usize::from(choice) * 6 };
            let piece = if flags & 4 == 0 { usize::MAX } else { 1 + usize::from(cuts >> 2) };
            let replies = replies(answers).map(reply).collect();
            let (takes, gives) = (bytes(takes), bytes(gives));
            let (is_cut, is_open) = (flags & 1 != 0, flags & 2 == 0);
            Some(Line { takes, gives, piece, is_cut, is_open, replies, incoming: VecDeque::new() })
        })
        .collect();
    let buffer = 1 + usize::from(size) * 3;
    let limit = if cuts & 1 == 0 { DEFAULT_BODY_LIMIT } else { 64 };

    let script = Script::new(&lines);
    let (mut memory, mut room) = (vec![0; MEMORY], vec![0; buffer]);
    let mut session = Session::new(site(place), &mut memory);
    session.set_body_limit(limit);
    let mut client = blocking::Client::new(&mut session, script.clone(), &mut room);
    let words = play!(client, script, works);
    drop(client);
    let first = told(&script, words, &session);
    check_wiped(&room);

    let script = Script::new(&lines);
    let (mut memory, mut room) = (vec![0; MEMORY], vec![0; buffer]);
    let mut session = Session::new(site(place), &mut memory);
    session.set_body_limit(limit);
    let mut client = asynch::Client::new(&mut session, Slow(script.clone()), &mut room);
    let words = wait(async { play!(client, script, works, await) });
    drop(client);
    assert_eq!(told(&script, words, &session), first, "the two clients differ");
}
