//! A connection to the site: TCP, and TLS where the site asks for it.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use creatio_auth::{Call, Exchange, ReplyError, Session, Site};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_platform_verifier::ConfigVerifierExt;
use zeroize::Zeroizing;

use crate::trace::Trace;

/// How long a connection may have been idle and still be used: the site closes it some time.
const IDLE: Duration = Duration::from_secs(10);

pub trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A socket that gives up at a time that is set for a whole exchange: a peer that says a byte now and then says something
/// for ever.
struct Socket {
    tcp: TcpStream,
    deadline: Rc<Cell<Instant>>,
}

impl Socket {
    /// How long an operation may take; no time at all is an error.
    fn time_left(&self) -> io::Result<Option<Duration>> {
        let left = self.deadline.get().saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

/// Tries what a signal has interrupted again.
fn again(mut action: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match action() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        again(|| {
            self.tcp.set_read_timeout(self.time_left()?)?;
            self.tcp.read(buffer)
        })
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        again(|| {
            self.tcp.set_write_timeout(self.time_left()?)?;
            self.tcp.write(bytes)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

pub struct Connection<'s> {
    site: Site<'s>,
    ca: Option<PathBuf>,
    pub trace: Trace,
    /// How long an exchange may take, and until when the one under way may.
    timeout: Duration,
    deadline: Rc<Cell<Instant>>,
    /// None once the peer has said that it will close it; and since when it has been idle.
    stream: Option<(Box<dyn Stream>, Instant)>,
    /// Whether it has been used.
    has_served: bool,
}

impl<'s> Connection<'s> {
    pub fn open(site: &Site<'s>, ca: Option<&Path>, trace: Trace, timeout: Duration) -> Result<Self> {
        let (ca, deadline) = (ca.map(Path::to_owned), Rc::new(Cell::new(Instant::now() + timeout)));
        let mut connection =
            Connection { site: *site, ca, trace, timeout, deadline, stream: None, has_served: false };
        connection.stream = Some((connection.connect()?, Instant::now()));
        Ok(connection)
    }

    /// Has the next exchange connect anew, if the connection has been used: a sign-in over a kept connection that turns out to be closed would leave it open
    /// whether it counts.
    pub fn disconnect(&mut self) {
        if self.has_served {
            self.stream = None;
        }
    }

    /// Makes a call whose body comes with it, if it has one: its exchange, and the reply's body. Where the connection that was kept
    /// turns out to be closed, it goes over a new one, if twice does no more than once.
    #[allow(dead_code)] // some examples repeat it after any break
    pub fn call<'c, 'm: 'c>(
        &mut self,
        session: &mut Session<'m>,
        call: &Call<'c>,
    ) -> Result<(Exchange<'c>, Vec<u8>)> {
        loop {
            let is_kept = self.has_served && self.stream.is_some();
            let (mut exchange, mut body) = (session.call(call), Vec::new());
            match self.run(session, &mut exchange, |piece| body.extend_from_slice(piece)) {
                Err(error)
                    if is_kept
                        && error.is::<Broken>()
                        && exchange.may_be_sent_again()
                        && Instant::now() < self.deadline.get() => {}
                result => return result.map(|()| (exchange, body)),
            }
        }
    }

    /// Runs an exchange from its first byte to its last. `on_body` gets the reply's body as it arrives.
    pub fn run(
        &mut self,
        session: &mut Session<'_>,
        exchange: &mut Exchange<'_>,
        on_body: impl FnMut(&[u8]),
    ) -> Result<()> {
        self.run_with_body(session, exchange, &mut io::empty(), on_body)
    }

    /// As [`run`](Connection::run), for a request whose body follows the head.
    pub fn run_with_body(
        &mut self,
        session: &mut Session<'_>,
        exchange: &mut Exchange<'_>,
        body: &mut dyn Read,
        mut on_body: impl FnMut(&[u8]),
    ) -> Result<()> {
        self.run_with_pieces(session, exchange, body, |_, _, piece| {
            on_body(piece);
            Ok(())
        })
    }

    /// As [`run_with_body`](Connection::run_with_body), with a look at the reply's head before each piece of its body.
    pub fn run_with_pieces(
        &mut self,
        session: &mut Session<'_>,
        exchange: &mut Exchange<'_>,
        body: &mut dyn Read,
        mut on_piece: impl FnMut(&Exchange<'_>, &Session<'_>, &[u8]) -> Result<()>,
    ) -> Result<()> {
        self.set_deadline();
        let mut stream = match self.stream.take() {
            Some((stream, since)) if since.elapsed() < IDLE => stream,
            _ => self.connect()?,
        };
        let mut trace = self.trace.begin();
        let mut buffer = Zeroizing::new([0; 512]); // password and ticket go through it
        loop {
            let filled = exchange.fill(session, &mut *buffer)?;
            if filled == 0 {
                break;
            }
            trace.sent(&buffer[..filled]);
            stream.write_all(&buffer[..filled]).map_err(|error| self.explain(error))?;
        }
        io::copy(body, &mut stream).map_err(|error| self.explain(error))?;
        stream.flush().map_err(|error| self.explain(error))?;

        let mut has_more = false;
        'reply: loop {
            let received = stream.read(&mut *buffer).map_err(|error| self.explain(error))?;
            if received == 0 {
                exchange.close(session).map_err(|error| explain_reply(exchange, error))?;
                break;
            }
            let mut input = &buffer[..received];
            while !input.is_empty() {
                let fed = exchange.feed(session, input);
                trace.received(fed.map_or(input, |fed| &input[..fed.consumed]));
                let fed = fed.map_err(|error| explain_reply(exchange, error))?;
                on_piece(exchange, session, fed.body)?;
                input = &input[fed.consumed..];
                if fed.done {
                    has_more = !input.is_empty();
                    break 'reply;
                }
            }
        }
        // What nothing asked for must not pass for the next reply.
        if exchange.keeps_alive() && !has_more {
            (self.stream, self.has_served) = (Some((stream, Instant::now())), true);
        }
        Ok(())
    }

    /// An exchange begins, and has its time from now on.
    pub fn set_deadline(&self) {
        self.deadline.set(Instant::now() + self.timeout);
    }

    /// What to do about an error of the connection.
    pub fn explain(&self, error: io::Error) -> anyhow::Error {
        let advice = match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                "the site does not answer in time; try again later"
            }
            io::ErrorKind::InvalidData => explain_tls(&error, self.ca.is_some()),
            // Which of these it is depends on what was on its way.
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted => "the site broke the connection off; try again",
            _ => "the connection failed; try again",
        };
        anyhow!(error).context(Broken(advice))
    }

    /// A new one.
    pub fn connect(&self) -> Result<Box<dyn Stream>> {
        let host = self.site.host().trim_matches(['[', ']']);
        let port = self.site.port();
        let tcp = connect_to(host, port, self.timeout).with_context(|| {
            format!("cannot connect to {host} port {port}; check the URL and that the site is up")
        })?;
        tcp.set_nodelay(true)?; // of a request in several writes, the last would wait for the peer otherwise
        let tcp = Socket { tcp, deadline: self.deadline.clone() };
        if !self.site.is_https() {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(host.to_owned()).with_context(|| format!("{host} is no name for TLS"))?;
        let client = ClientConnection::new(Arc::new(self.tls()?), name)?;
        Ok(Box::new(StreamOwned::new(client, tcp)))
    }

    fn tls(&self) -> Result<ClientConfig> {
        let Some(ca) = &self.ca else {
            return ClientConfig::with_platform_verifier().context("the platform's certificates cannot be used");
        };
        let mut roots = RootCertStore::empty();
        let certificates = CertificateDer::pem_file_iter(ca).with_context(|| format!("--ca {}", ca.display()))?;
        for certificate in certificates {
            roots.add(certificate.with_context(|| format!("--ca {}", ca.display()))?)?;
        }
        Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
    }
}

/// Connects to the first address of the host that answers.
fn connect_to(host: &str, port: u16, timeout: Duration) -> io::Result<TcpStream> {
    let mut failed = io::ErrorKind::NotFound.into();
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(tcp) => return Ok(tcp),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// The connection has failed, and nobody knows what the site has done. Says what to do.
#[derive(Debug)]
pub struct Broken(&'static str);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What to do about an error of TLS.
fn explain_tls(error: &io::Error, has_ca: bool) -> &'static str {
    use CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext, Other, UnknownIssuer,
    };
    match error.get_ref().and_then(|error| error.downcast_ref()) {
        // An authority of the same name that has another key has not signed it either.
        Some(rustls::Error::InvalidCertificate(UnknownIssuer | BadSignature)) if has_ca => {
            "the site's certificate was signed by none of those in the file that --ca names"
        }
        Some(rustls::Error::InvalidCertificate(UnknownIssuer)) => {
            "the site's certificate is from an authority that is not trusted here; if you trust it, give it with --ca"
        }
        Some(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) => {
            "the site's certificate is for another host; write the URL with a host that it names"
        }
        Some(rustls::Error::InvalidCertificate(Expired | ExpiredContext { .. })) => {
            "the site's certificate has expired, or this machine's clock is wrong"
        }
        // webpki has no variant of its own for it.
        Some(rustls::Error::InvalidCertificate(Other(other))) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the site's certificate is an authority's (basicConstraints CA:TRUE, as openssl req -x509 makes them), which \
             rustls does not take for a server's own, even if --ca names it; give the site one with CA:FALSE, or one that \
             the authority has signed"
        }
        _ => "TLS failed; is this an https site?",
    }
}

/// What to do about an error in the reply, and in which field of it that was.
fn explain_reply(exchange: &Exchange<'_>, error: ReplyError) -> anyhow::Error {
    let field = exchange.failed_field().unwrap_or_default().escape_ascii().to_string();
    let text = if field.is_empty() { error.to_string() } else { format!("{error} (in the field {field})") };
    let advice = match error {
        ReplyError::ClosedEarly => {
            return anyhow!(text).context(Broken("the site broke the connection off; try again"));
        }
        ReplyError::Document(_) => {
            "this is not the answer of a Creatio site; check the URL, and look at it with --trace"
        }
        _ => "the reply cannot be taken; look at it with --trace",
    };
    anyhow!(text).context(advice)
}
