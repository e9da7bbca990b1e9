//! The transports that are ready to use, against a server that closes a connection when it is idle.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use creatio_auth::client::embedded_io_07::{self, Error as _, ErrorKind};
use creatio_auth::client::embedded_io_async_07;
use creatio_auth::client::transports::{Kept, embedded_nal_async_09, from_fn, lending, std_net, tokio_1};
use creatio_auth::client::{asynch, blocking};
use creatio_auth::{Call, CallVerdict, OwnedSession, Path, Runtime, Session, Site};
use embedded_io_adapters::std::FromStd;
use embedded_io_adapters::tokio_1::FromTokio;

use crate::support::credentials;

const PATIENCE: Duration = Duration::from_secs(10);
/// How long the server has a connection be idle, and how long the client is.
const IDLE: (Duration, Duration) = (Duration::from_millis(30), Duration::from_millis(250));

const LOGIN: &str =
    "HTTP/1.1 200 OK\r\nContent-Length: 24\r\nSet-Cookie: .ASPXAUTH=t; path=/\r\n\r\n{\"Code\":0,\"Message\":\"\"}\n";
const CREATED: &str = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

/// A server that answers each request and closes a connection on which nothing has come for a while; its URL.
fn closing_server(address: &str) -> String {
    let listener = TcpListener::bind(address).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(IDLE.0)).unwrap();
            while let Some(request) = request(&mut stream) {
                let reply = if request.contains("/Login") { LOGIN } else { CREATED };
                stream.write_all(reply.as_bytes()).unwrap();
            }
        }
    });
    url
}

/// A request with its body; none where nothing more comes.
fn request(stream: &mut TcpStream) -> Option<String> {
    let (mut received, mut buffer) = (String::new(), [0; 1024]);
    loop {
        let len = stream.read(&mut buffer).ok().filter(|len| *len > 0)?;
        received.push_str(std::str::from_utf8(&buffer[..len]).unwrap());
        let Some((head, body)) = received.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return Some(received);
        }
    }
}

fn create() -> Call<'static> {
    Call::post(Path::site("/odata/Contact").unwrap()).with_json(b"{}")
}

/// How many of six writes go through, each after a while.
fn six_writes(url: &str, transport: impl blocking::Transport) -> usize {
    let (mut memory, mut buffer) = ([0; 1024], [0; 100]);
    let mut session = Session::new(Site::parse(url, Runtime::Net).unwrap(), &mut memory);
    let mut client = blocking::Client::new(&mut session, transport, &mut buffer);
    assert!(client.login(&credentials()).unwrap().verdict.is_authenticated());
    let through = (0..6).filter(|_| {
        thread::sleep(IDLE.1);
        client
            .call(&create())
            .and_then(|reply| reply.answer())
            .is_ok_and(|answer| answer.verdict == CallVerdict::Fine)
    });
    through.count()
}

async fn six_asynchronous_writes(url: &str, transport: impl asynch::Transport) -> usize {
    six_writes_after(url, transport, async || tokio::time::sleep(IDLE.1).await).await
}

async fn six_writes_after(url: &str, transport: impl asynch::Transport, pause: impl AsyncFn()) -> usize {
    let (mut memory, mut buffer) = ([0; 1024], [0; 100]);
    let mut session = Session::new(Site::parse(url, Runtime::Net).unwrap(), &mut memory);
    let mut client = asynch::Client::new(&mut session, transport, &mut buffer);
    assert!(client.login(&credentials()).await.unwrap().verdict.is_authenticated());
    let mut through = 0;
    for _ in 0..6 {
        pause().await;
        if let Ok(reply) = client.call(&create()).await {
            through += usize::from(reply.answer().await.is_ok_and(|answer| answer.verdict == CallVerdict::Fine));
        }
    }
    through
}

fn on_tokio<R>(work: impl Future<Output = R>) -> R {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn connect(site: &Site<'_>) -> io::Result<FromStd<TcpStream>> {
    let stream = TcpStream::connect((site.host(), site.port()))?;
    stream.set_nodelay(true)?;
    Ok(FromStd::new(stream))
}

#[test]
fn each_write_goes_through_whose_server_closes_idle_connections() {
    let url = closing_server("127.0.0.1:0");
    assert_eq!(six_writes(&url, std_net::Tcp::new(PATIENCE)), 6, "std::net");
    let is_open = |stream: &mut FromStd<TcpStream>| {
        let stream = stream.inner();
        stream.set_nonblocking(true).unwrap();
        let waits = stream.peek(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        stream.set_nonblocking(false).unwrap();
        waits
    };
    assert_eq!(six_writes(&url, from_fn::blocking(connect, is_open)), 6, "a closure");
    assert!(six_writes(&url, from_fn::blocking(connect, |_| true)) < 6, "one that does not look");
}

#[test]
fn each_write_of_the_asynchronous_client_does_likewise() {
    let url = closing_server("127.0.0.1:0");
    on_tokio(async {
        assert_eq!(six_asynchronous_writes(&url, tokio_1::Tcp::new(PATIENCE)).await, 6, "tokio");
        // The runtime has looked for nothing meanwhile.
        let pause = async || thread::sleep(IDLE.1);
        assert_eq!(
            six_writes_after(&url, tokio_1::Tcp::new(PATIENCE), pause).await,
            6,
            "a runtime that was kept busy"
        );
        let closure = from_fn::asynch(async |site: &Site<'_>| {
            Ok(FromTokio::new(tokio::net::TcpStream::connect((site.host(), site.port())).await?))
        });
        assert_eq!(six_asynchronous_writes(&url, closure).await, 6, "a closure");
        let transport = embedded_nal_async_09::Tcp::new(&Stack, &Stack);
        assert_eq!(six_asynchronous_writes(&url, transport).await, 6, "a stack");
    });
}

#[test]
fn an_ipv6_address_is_connected_to_without_its_brackets() {
    if TcpListener::bind("[::1]:0").is_err() {
        return; // a machine without IPv6
    }
    let url = closing_server("[::1]:0");
    assert!(url.starts_with("http://[::1]:"));
    assert_eq!(six_writes(&url, std_net::Tcp::new(PATIENCE)), 6);
    on_tokio(async {
        assert_eq!(six_asynchronous_writes(&url, tokio_1::Tcp::new(PATIENCE)).await, 6);
        assert_eq!(six_asynchronous_writes(&url, embedded_nal_async_09::Tcp::new(&Stack, &Stack)).await, 6);
    });
}

#[test]
fn a_name_is_looked_up_by_the_stack_s_resolver() {
    let url = closing_server("127.0.0.1:0").replace("127.0.0.1", "crm.example.com");
    on_tokio(async {
        let transport = embedded_nal_async_09::Tcp::new(&Stack, &Stack);
        assert_eq!(six_asynchronous_writes(&url, transport).await, 6);
    });
}

#[test]
fn no_password_goes_to_a_site_that_wants_tls() {
    let url = closing_server("127.0.0.1:0").replace("http:", "https:");
    let site = || Site::parse(&url, Runtime::Net).unwrap();
    let error = blocking::Transport::connect(&mut std_net::Tcp::new(PATIENCE), &site()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::Unsupported);
    on_tokio(async {
        let error = asynch::Transport::connect(&mut tokio_1::Tcp::new(PATIENCE), &site()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
        let mut tcp = embedded_nal_async_09::Tcp::new(&Stack, &Stack);
        let error = asynch::Transport::connect(&mut tcp, &site()).await.unwrap_err();
        assert!(matches!(error, embedded_nal_async_09::TcpError::TlsMissing), "{error}");
    });
}

/// A peer that says a byte now and then is late with none of them.
#[test]
fn an_exchange_is_given_up_that_takes_too_long_in_all() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                while stream.write_all(b"\r\n").is_ok() {
                    thread::sleep(Duration::from_millis(20));
                }
            });
        }
    });
    let patience = Duration::from_millis(300);
    let (mut memory, mut buffer) = ([0; 1024], [0; 100]);
    let mut session = Session::new(Site::parse(&url, Runtime::Net).unwrap(), &mut memory);
    let start = Instant::now();
    let mut client = blocking::Client::new(&mut session, std_net::Tcp::new(patience), &mut buffer);
    assert!(client.login(&credentials()).is_err() && start.elapsed() < PATIENCE);
    let start = Instant::now();
    on_tokio(async {
        let mut client = asynch::Client::new(&mut session, tokio_1::Tcp::new(patience), &mut buffer);
        assert!(client.login(&credentials()).await.is_err());
    });
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn without_a_connection_there_is_nothing_to_read_and_nothing_stands() {
    let mut closure = from_fn::blocking(connect, |_| true);
    assert!(!blocking::Transport::is_open(&mut closure));
    assert_eq!(format!("{closure:?}"), "Blocking { is_connected: false, .. }");
    on_tokio(async {
        use creatio_auth::client::embedded_io_async_07::{Read as _, Write as _};
        let mut closure = from_fn::asynch(async |site: &Site<'_>| {
            Ok(FromTokio::new(tokio::net::TcpStream::connect((site.host(), site.port())).await?))
        });
        assert!(!asynch::Transport::is_open(&mut closure).await);
        assert_eq!((closure.read(&mut [0]).await.unwrap(), closure.write(&[0]).await.unwrap()), (0, 0));
        closure.flush().await.unwrap();
        assert_eq!(format!("{closure:?}"), "Asynch { is_connected: false, .. }");
        let mut stack = embedded_nal_async_09::Tcp::new(&Stack, &Stack);
        assert!(!asynch::Transport::is_open(&mut stack).await);
        assert_eq!(stack.read(&mut [0]).await.unwrap_err().kind(), ErrorKind::NotConnected);
        assert_eq!(format!("{stack:?}"), "Tcp { is_connected: false, .. }");
    });
}

/// A connection that takes everything, gives nothing, and notes what becomes of it.
#[derive(Clone, Default)]
pub struct Noted(pub Rc<RefCell<Vec<&'static str>>>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0.borrow_mut().push("dropped");
    }
}

impl embedded_io_07::ErrorType for Noted {
    type Error = ErrorKind;
}

impl embedded_io_07::Read for Noted {
    fn read(&mut self, _: &mut [u8]) -> Result<usize, ErrorKind> {
        Ok(0)
    }
}

impl embedded_io_07::Write for Noted {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.0.borrow_mut().push("flushed");
        Ok(())
    }
}

impl embedded_io_async_07::Read for Noted {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        embedded_io_07::Read::read(self, buffer)
    }
}

impl embedded_io_async_07::Write for Noted {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        embedded_io_07::Write::write(self, bytes)
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        embedded_io_07::Write::flush(self)
    }
}

impl creatio_auth::client::embedded_nal_async_09::TcpConnect for Noted {
    type Error = ErrorKind;
    type Connection<'a> = Noted;

    async fn connect(&self, _: std::net::SocketAddr) -> Result<Noted, ErrorKind> {
        Ok(Noted(Rc::clone(&self.0)))
    }
}

#[test]
fn what_is_flushed_goes_on_to_the_connection_which_is_no_more_when_it_is_cut_off() {
    let made = Noted::default();
    let taken = || std::mem::take(&mut *made.0.borrow_mut());
    let site = Site::parse("http://127.0.0.1", Runtime::Net).unwrap();
    let mut closure = from_fn::blocking(|_: &Site<'_>| Ok(Noted(Rc::clone(&made.0))), |_| true);
    blocking::Transport::connect(&mut closure, &site).unwrap();
    embedded_io_07::Write::flush(&mut closure).unwrap();
    blocking::Transport::disconnect(&mut closure);
    assert_eq!(taken(), ["flushed", "dropped"]);
    on_tokio(async {
        async fn is_kept_to_it(
            mut transport: impl asynch::Transport,
            site: &Site<'_>,
            taken: impl Fn() -> Vec<&'static str>,
        ) {
            transport.connect(site).await.unwrap();
            transport.flush().await.unwrap();
            transport.disconnect();
            assert_eq!(taken(), ["flushed", "dropped"]);
            assert!(!transport.is_open().await);
        }
        let closure = from_fn::asynch(async |_: &Site<'_>| Ok(Noted(Rc::clone(&made.0))));
        is_kept_to_it(closure, &site, taken).await;
        is_kept_to_it(embedded_nal_async_09::Tcp::new(&made, &Stack), &site, taken).await;
        let mut closure = from_fn::asynch(async |_: &Site<'_>| Ok(Noted(Rc::clone(&made.0))));
        let socket = lending::Socket::connect(&mut closure, &site).await.unwrap();
        embedded_io_async_07::Write::flush(&mut &socket).await.unwrap();
        drop(socket);
        assert_eq!(taken(), ["flushed", "dropped"]);
    });
    for stands in [true, false] {
        let mut closure = from_fn::blocking(|_: &Site<'_>| Ok(Noted(Rc::clone(&made.0))), |_| stands);
        let socket = lending::blocking::Socket::connect(&mut closure, &site).unwrap();
        embedded_io_07::Write::flush(&mut &socket).unwrap();
        assert_eq!(socket.is_open(), stands);
        drop(socket);
        assert_eq!(taken(), ["flushed", "dropped"]);
    }
}

/// Of a transport only what has to be said.
struct Plain(Option<Noted>);

impl embedded_io_07::ErrorType for Plain {
    type Error = ErrorKind;
}

impl embedded_io_async_07::Read for Plain {
    async fn read(&mut self, _: &mut [u8]) -> Result<usize, ErrorKind> {
        Ok(0)
    }
}

impl embedded_io_async_07::Write for Plain {
    async fn write(&mut self, _: &[u8]) -> Result<usize, ErrorKind> {
        Ok(0)
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

impl asynch::Transport for Plain {
    async fn connect(&mut self, _: &Site<'_>) -> Result<(), ErrorKind> {
        Ok(())
    }

    fn disconnect(&mut self) {
        self.0 = None;
    }
}

#[test]
fn a_connection_that_gives_its_end_does_not_stand_and_to_close_it_is_to_disconnect_also_by_reference() {
    let made = Noted::default();
    let connection = || Some(Noted(Rc::clone(&made.0)));
    let dropped = || std::mem::take(&mut *made.0.borrow_mut()) == ["dropped"];
    on_tokio(async {
        let mut plain = Plain(connection());
        assert!(!asynch::Transport::is_open(&mut plain).await && !asynch::Transport::is_open(&mut &mut plain).await);
        asynch::Transport::close(&mut &mut plain).await;
        assert!(dropped());
        let mut kept = Kept::new(Plain(connection()));
        asynch::Transport::close(&mut kept).await;
        assert!(dropped());
        plain.0 = connection();
        asynch::Transport::disconnect(&mut &mut plain);
        assert!(dropped());
    });
    let site = Site::parse("http://127.0.0.1", Runtime::Net).unwrap();
    let mut closure = Kept::new(from_fn::blocking(|_: &Site<'_>| Ok(connection().unwrap()), |_| true));
    for is_to_close in [true, false] {
        let mut by_reference = &mut closure;
        blocking::Transport::connect(&mut by_reference, &site).unwrap();
        if is_to_close {
            blocking::Transport::close(&mut by_reference);
        } else {
            blocking::Transport::disconnect(&mut by_reference);
        }
        assert!(dropped());
    }
}

/// A site at which the next connection is accepted by `serve`.
fn serving(serve: impl FnOnce(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || serve(listener.accept().unwrap().0));
    url
}

#[test]
fn a_socket_of_the_system_is_closed_by_disconnecting_and_tells_that_it_was_reset() {
    let ended = || {
        let (end, ends) = std::sync::mpsc::channel();
        let url = serving(move |mut stream| end.send(stream.read_to_end(&mut Vec::new()).unwrap()).unwrap());
        (url, ends)
    };
    // By the answer to the first byte, when the client knows that it is connected.
    let reset = || {
        serving(|mut stream| {
            stream.read_exact(&mut [0]).unwrap();
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
        })
    };
    fn site(url: &str) -> Site<'_> {
        Site::parse(url, Runtime::Net).unwrap()
    }

    let mut tcp = std_net::Tcp::new(PATIENCE);
    let (url, ends) = ended();
    blocking::Transport::connect(&mut tcp, &site(&url)).unwrap();
    assert!(blocking::Transport::is_open(&mut tcp));
    assert_eq!(embedded_io_07::Write::write(&mut tcp, b"x").unwrap(), 1); // in the time that is left
    blocking::Transport::disconnect(&mut tcp);
    assert_eq!(ends.recv_timeout(PATIENCE), Ok(1));
    blocking::Transport::connect(&mut tcp, &site(&reset())).unwrap();
    embedded_io_07::Write::write_all(&mut tcp, b"x").unwrap();
    let error = embedded_io_07::Read::read(&mut tcp, &mut [0]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);

    on_tokio(async {
        let mut tcp = tokio_1::Tcp::new(PATIENCE);
        let (url, ends) = ended();
        asynch::Transport::connect(&mut tcp, &site(&url)).await.unwrap();
        asynch::Transport::disconnect(&mut tcp);
        assert_eq!(ends.recv_timeout(PATIENCE), Ok(0));
        asynch::Transport::connect(&mut tcp, &site(&reset())).await.unwrap();
        embedded_io_async_07::Write::write_all(&mut tcp, b"x").await.unwrap();
        let error = embedded_io_async_07::Read::read(&mut tcp, &mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    });
}

/// One that has been read from until the buffer was full counts as ready to the runtime, whatever is left.
#[test]
fn a_socket_that_is_said_to_be_ready_and_has_nothing_is_waited_for() {
    use embedded_io_async_07::Read;

    let (asks, asked) = mpsc::channel();
    let url = serving(move |mut stream| {
        stream.write_all(b"1").unwrap();
        asked.recv().unwrap();
        stream.write_all(b"2").unwrap();
    });
    let site = Site::parse(&url, Runtime::Net).unwrap();
    on_tokio(async {
        let mut tcp = tokio_1::Tcp::new(PATIENCE);
        asynch::Transport::connect(&mut tcp, &site).await.unwrap();
        let mut byte = [0];
        assert_eq!((tcp.read(&mut byte).await.unwrap(), byte), (1, *b"1"));
        let second = async {
            let mut byte = [0];
            (tcp.read(&mut byte).await.unwrap(), byte)
        };
        let (second, ()) = tokio::join!(second, async { asks.send(()).unwrap() });
        assert_eq!(second, (1, *b"2"));
    });
}

#[test]
fn where_nobody_listens_there_is_no_connection() {
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let site = Site::parse(&url, Runtime::Net).unwrap();
    let error = blocking::Transport::connect(&mut std_net::Tcp::new(PATIENCE), &site).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn a_peer_that_says_nothing_is_given_up_as_late() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let site_url = format!("http://{}", listener.local_addr().unwrap());
    let mut tcp = std_net::Tcp::new(Duration::from_millis(50));
    blocking::Transport::connect(&mut tcp, &Site::parse(&site_url, Runtime::Net).unwrap()).unwrap();
    let error = creatio_auth::client::embedded_io_07::Read::read(&mut tcp, &mut [0]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
}

#[test]
fn patience_may_be_without_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let site = Site::parse(&url, Runtime::Net).unwrap();
    let mut tcp = std_net::Tcp::new(Duration::MAX);
    blocking::Transport::connect(&mut tcp, &site).unwrap();
    assert!(blocking::Transport::is_open(&mut tcp));
    on_tokio(async {
        let mut tcp = tokio_1::Tcp::new(Duration::MAX);
        asynch::Transport::connect(&mut tcp, &site).await.unwrap();
        assert!(asynch::Transport::is_open(&mut tcp).await);
    });
}

#[test]
fn a_connection_over_which_nothing_has_come_stands_whatever_makes_it() {
    async fn stands(mut transport: impl asynch::Transport, site: &Site<'_>) {
        transport.connect(site).await.unwrap();
        assert!(transport.is_open().await);
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let site = Site::parse(&url, Runtime::Net).unwrap();
    on_tokio(async {
        let connect = async |site: &Site<'_>| {
            let stream = tokio::net::TcpStream::connect((site.host(), site.port())).await?;
            Ok::<_, io::Error>(FromTokio::new(stream))
        };
        stands(from_fn::asynch(connect), &site).await;
        stands(embedded_nal_async_09::Tcp::new(&Stack, &Stack), &site).await;
    });
}

#[test]
fn each_error_of_a_stack_has_a_text_and_a_kind() {
    use embedded_nal_async_09::TcpError::{self, HostNotFound, NotConnected, Stack, TlsMissing};
    let refused = ErrorKind::ConnectionRefused;
    for (error, kind, text) in [
        (Stack(refused), refused, refused.to_string()),
        (HostNotFound, ErrorKind::AddrNotAvailable, "the host's name was not found".to_owned()),
        (NotConnected, ErrorKind::NotConnected, "there is no connection".to_owned()),
        (TlsMissing, ErrorKind::Unsupported, "the site wants TLS, which this transport has not".to_owned()),
    ] {
        let error: TcpError<ErrorKind> = error;
        assert_eq!((error.kind(), error.to_string()), (kind, text));
    }
}

#[test]
fn a_transport_may_be_known_by_its_trait_alone() {
    let url = closing_server("127.0.0.1:0");
    let mut tcp = std_net::Tcp::new(PATIENCE);
    let transport: &mut dyn blocking::Transport<Error = io::Error> = &mut tcp;
    assert_eq!(six_writes(&url, transport), 6);
}

/// A stack with embedded-nal-async's traits, which knows one name.
struct Stack;

impl creatio_auth::client::embedded_nal_async_09::TcpConnect for Stack {
    type Error = io::Error;
    type Connection<'a> = FromTokio<tokio::net::TcpStream>;

    async fn connect(&self, remote: std::net::SocketAddr) -> io::Result<FromTokio<tokio::net::TcpStream>> {
        Ok(FromTokio::new(tokio::net::TcpStream::connect(remote).await?))
    }
}

impl creatio_auth::client::embedded_nal_async_09::Dns for Stack {
    type Error = ();

    async fn get_host_by_name(
        &self,
        host: &str,
        _: creatio_auth::client::embedded_nal_async_09::AddrType,
    ) -> Result<std::net::IpAddr, ()> {
        if host == "crm.example.com" { Ok([127, 0, 0, 1].into()) } else { Err(()) }
    }

    async fn get_host_by_address(&self, _: std::net::IpAddr, _: &mut [u8]) -> Result<usize, ()> {
        Err(())
    }
}

/// The future of a gateway's task may be polled by one thread after the other: this compiles.
#[test]
fn futures_of_the_asynchronous_client_over_tokio_go_to_other_threads() {
    fn goes(_: impl Future + Send + 'static) {}
    goes(async {
        let mut owned = OwnedSession::new(Site::parse("http://crm.example.com", Runtime::Net).unwrap(), 4096);
        let (mut session, mut buffer) = (owned.lend(), [0; 512]);
        let mut client = asynch::Client::new(&mut session, tokio_1::Tcp::new(PATIENCE), &mut buffer);
        let (who, call) = (credentials(), Call::ping());
        let _ = client.login(&who).await;
        let _ = client.call(&call).await;
        if let Ok(mut reply) = client.call_renewed(&call, &who).await {
            let _ = reply.piece().await;
            let _ = reply.answer().await;
        }
        let upload = Call::put(Path::site("/odata/SysImage").unwrap()).with_body_of_length("image/png", 1).unwrap();
        if let Ok(mut upload) = client.upload(&upload).await {
            let _ = upload.write(b"x").await;
        }
        let _ = client.logout().await;
        client.disconnect().await;
    });
}
