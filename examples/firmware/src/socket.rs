//! One TCP connection at a time, as the blocking client wants it: `embedded_io::Read` and `Write`.

use core::fmt;
use core::sync::atomic::{AtomicU32, Ordering};

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use embedded_io::{ErrorKind, ErrorType, Read, Write};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::tcp;
use smoltcp::wire::{EthernetAddress, IpCidr, Ipv4Address};
use static_cell::StaticCell;

use crate::clock::{self, Deadline};
use crate::ethernet::{Controller, Ethernet};

/// This board's address, with QEMU's user network around it: the host's 127.0.0.1 is at the gateway's address.
pub const ADDRESS: Ipv4Address = Ipv4Address::new(10, 0, 2, 15);
pub const GATEWAY: Ipv4Address = Ipv4Address::new(10, 0, 2, 2);
pub const PREFIX_LENGTH: u8 = 24;

/// The first of the ports that are nobody's (RFC 6335).
const FIRST_PORT: u16 = 49_152;

static READS: AtomicU32 = AtomicU32::new(0);

/// How often something was read.
pub fn reads() -> u32 {
    READS.load(Ordering::Relaxed)
}

/// What is on the way in and out. A larger buffer for receiving makes large replies faster, and nothing else.
pub struct Buffers {
    receive: [u8; 2048],
    send: [u8; 1024],
}

impl Buffers {
    pub const fn new() -> Self {
        Buffers { receive: [0; 2048], send: [0; 1024] }
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

/// The network, and one socket in it.
pub struct Socket<C: Controller + 'static> {
    ethernet: Ethernet<C>,
    interface: Interface,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
    next_port: u16,
    /// How long a peer may be silent, in milliseconds.
    patience: u32,
}

/// Why a connection cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketError {
    /// The peer refuses the connection.
    Refused,
    /// The connection was reset, or has never been.
    Closed,
    /// Nothing came for too long.
    TimedOut,
    /// The site is `https`, and there is no TLS here: a password does not go there without.
    TlsMissing,
}

impl fmt::Display for SocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SocketError::Refused => "the connection is refused",
            SocketError::Closed => "the connection is closed",
            SocketError::TimedOut => "nothing comes from the peer",
            SocketError::TlsMissing => "the site wants TLS, which this program has not",
        })
    }
}

impl core::error::Error for SocketError {}

impl embedded_io::Error for SocketError {
    fn kind(&self) -> ErrorKind {
        match self {
            SocketError::Refused => ErrorKind::ConnectionRefused,
            SocketError::Closed => ErrorKind::ConnectionReset,
            SocketError::TimedOut => ErrorKind::TimedOut,
            SocketError::TlsMissing => ErrorKind::Unsupported,
        }
    }
}

impl<C: Controller> Socket<C> {
    /// To be called once. `seed` is any number that differs from start to start: ports and sequence numbers begin with it.
    pub fn new(mut ethernet: Ethernet<C>, buffers: &'static mut Buffers, seed: u64) -> Self {
        let mut config = Config::new(EthernetAddress(ethernet.address()).into());
        config.random_seed = seed;
        let mut interface = Interface::new(config, &mut ethernet, clock::now());
        interface.update_ip_addrs(|addresses| {
            let _ = addresses.push(IpCidr::new(ADDRESS.into(), PREFIX_LENGTH)); // there is room for one
        });
        let _ = interface.routes_mut().add_default_ipv4_route(GATEWAY); // likewise

        let receive = tcp::SocketBuffer::new(&mut buffers.receive[..]);
        let send = tcp::SocketBuffer::new(&mut buffers.send[..]);
        let mut socket = tcp::Socket::new(receive, send);
        socket.set_nagle_enabled(false); // requests are written in large pieces, whose last is not to wait
        static STORAGE: StaticCell<[SocketStorage<'static>; 1]> = StaticCell::new();
        let mut sockets = SocketSet::new(&mut STORAGE.init([SocketStorage::EMPTY])[..]);
        let handle = sockets.add(socket);
        let next_port = FIRST_PORT + (seed % 4096) as u16;
        Socket { ethernet, interface, sockets, handle, next_port, patience: 10_000 }
    }

    /// How long a peer may be silent; 10 seconds at first.
    pub fn set_patience(&mut self, milliseconds: u32) {
        self.patience = milliseconds;
    }

    fn poll(&mut self) {
        self.interface.poll(clock::now(), &mut self.ethernet, &mut self.sockets);
    }

    /// Keeps the network going until there is an answer. On a board of one's own this is where the processor may sleep.
    fn wait<T>(
        &mut self,
        mut answer: impl FnMut(&mut tcp::Socket<'_>) -> Option<Result<T, SocketError>>,
    ) -> Result<T, SocketError> {
        let deadline = Deadline::after(self.patience);
        loop {
            self.poll();
            if let Some(answer) = answer(self.sockets.get_mut(self.handle)) {
                return answer;
            }
            if deadline.has_passed() {
                return Err(SocketError::TimedOut);
            }
        }
    }
}

impl<C: Controller> Transport for Socket<C> {
    /// A socket that is closed is looked for: nothing waits for a peer that has refused.
    fn connect(&mut self, site: &Site<'_>) -> Result<(), SocketError> {
        if site.is_https() {
            return Err(SocketError::TlsMissing);
        }
        self.sockets.get_mut::<tcp::Socket>(self.handle).abort(); // what is left of an earlier connection
        self.poll();
        let port = self.next_port;
        self.next_port = port.checked_add(1).unwrap_or(FIRST_PORT);
        // There is no DNS here: every name is that of the host. smoltcp can resolve names, by its feature socket-dns.
        let peer: Ipv4Address = site.host().parse().unwrap_or(GATEWAY);
        let socket = self.sockets.get_mut::<tcp::Socket>(self.handle);
        socket.connect(self.interface.context(), (peer, site.port()), port).map_err(|_| SocketError::Closed)?;
        self.wait(|socket| match socket.state() {
            tcp::State::Closed => Some(Err(SocketError::Refused)),
            tcp::State::SynSent | tcp::State::SynReceived => None,
            _ => Some(Ok(())),
        })
    }

    fn disconnect(&mut self) {
        self.sockets.get_mut::<tcp::Socket>(self.handle).close();
        self.poll();
    }

    fn is_open(&mut self) -> bool {
        self.poll();
        let socket = self.sockets.get::<tcp::Socket>(self.handle);
        // What came while nothing was asked for would pass for the next reply.
        socket.may_send() && socket.may_recv() && !socket.can_recv()
    }
}

impl<C: Controller> ErrorType for Socket<C> {
    type Error = SocketError;
}

impl<C: Controller> Read for Socket<C> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let received = self.wait(|socket| match socket.recv_slice(buffer) {
            Ok(0) => None,
            Ok(received) => Some(Ok(received)),
            Err(tcp::RecvError::Finished) => Some(Ok(0)),
            Err(tcp::RecvError::InvalidState) => Some(Err(SocketError::Closed)),
        })?;
        READS.fetch_add(1, Ordering::Relaxed);
        Ok(received)
    }
}

impl<C: Controller> Write for Socket<C> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, SocketError> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let written = self.wait(|socket| match socket.send_slice(bytes) {
            Ok(0) => None,
            Ok(written) => Some(Ok(written)),
            Err(tcp::SendError::InvalidState) => Some(Err(SocketError::Closed)),
        })?;
        self.poll();
        Ok(written)
    }

    /// What the peer has room for is on its way; the rest goes while the answer is waited for.
    fn flush(&mut self) -> Result<(), SocketError> {
        self.poll();
        Ok(())
    }
}
