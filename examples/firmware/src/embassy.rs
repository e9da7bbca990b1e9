//! The same controllers and the same clock as embassy wants them.

use core::cell::RefCell;
use core::task::{Context, Waker};

use creatio_auth::client::asynch::Transport;
use creatio_auth::client::transports::embassy_net_09::{Tcp, TcpError};
use creatio_auth::{Runtime, Site};
use critical_section::Mutex;
use embassy_net::{Config, Ipv4Cidr, StaticConfigV4};
use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_time_queue_utils::Queue;
use embedded_io_async::{ErrorType, Read, Write};

use crate::clock;
use crate::ethernet::{Controller, Ethernet, FRAME, Sender};
use crate::socket::{ADDRESS, GATEWAY, PREFIX_LENGTH};

/// Between two looks at a controller that has nothing, in milliseconds. A driver of a product has an interrupt instead.
const PAUSE: u64 = 1;

/// This board's address.
pub fn config() -> Config {
    Config::ipv4_static(StaticConfigV4 {
        address: Ipv4Cidr::new(ADDRESS, PREFIX_LENGTH),
        gateway: Some(GATEWAY),
        dns_servers: Default::default(),
    })
}

impl<C: Controller> Driver for Ethernet<C> {
    type RxToken<'a>
        = Received<'a>
    where
        C: 'a;
    type TxToken<'a>
        = Sender<'a, C>
    where
        C: 'a;

    fn receive(&mut self, context: &mut Context<'_>) -> Option<(Received<'_>, Sender<'_, C>)> {
        let received = self.take();
        if received.is_none() {
            embassy_time_driver::schedule_wake(clock::milliseconds() + PAUSE, context.waker());
        }
        received.map(|(frame, sender)| (Received(frame), sender))
    }

    fn transmit(&mut self, context: &mut Context<'_>) -> Option<Sender<'_, C>> {
        let sender = self.sender();
        if sender.is_none() {
            embassy_time_driver::schedule_wake(clock::milliseconds() + PAUSE, context.waker());
        }
        sender
    }

    fn link_state(&mut self, _: &mut Context<'_>) -> LinkState {
        LinkState::Up // QEMU's cable is always in
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = FRAME;
        capabilities.max_burst_size = Some(1);
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(self.address())
    }
}

/// A received frame.
pub struct Received<'a>(&'a mut [u8]);

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

impl<C: Controller> TxToken for Sender<'_, C> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        self.send(len, f)
    }
}

/// Who wants to be woken when.
struct Alarms(Mutex<RefCell<Queue>>);

embassy_time_driver::time_driver_impl!(static ALARMS: Alarms = Alarms(Mutex::new(RefCell::new(Queue::new()))));

impl embassy_time_driver::Driver for Alarms {
    fn now(&self) -> u64 {
        clock::milliseconds()
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        // Whether the next alarm comes earlier now does not matter: every tick looks.
        critical_section::with(|cs| self.0.borrow_ref_mut(cs).schedule_wake(at, waker));
    }
}

/// Lets the clock wake tasks.
pub fn start_alarms() {
    clock::on_tick(|| {
        critical_section::with(|cs| ALARMS.0.borrow_ref_mut(cs).next_expiration(clock::milliseconds()));
    });
}

/// A socket where there is no DNS: every name is that of the host. On a board of one's own embassy-net asks a resolver.
pub struct WithoutDns<'a>(pub Tcp<'a>);

impl Transport for WithoutDns<'_> {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), TcpError> {
        let (mut url, mut port) = (*b"http://10.0.2.2:00000", site.port());
        for digit in url.iter_mut().rev().take(5) {
            *digit += (port % 10) as u8;
            port /= 10;
        }
        let gateway = str::from_utf8(&url).ok().and_then(|url| Site::parse(url, Runtime::Net).ok());
        self.0.connect(&gateway.ok_or(TcpError::HostNotFound)?).await
    }

    fn disconnect(&mut self) {
        self.0.disconnect();
    }

    async fn is_open(&mut self) -> bool {
        self.0.is_open().await
    }
}

impl ErrorType for WithoutDns<'_> {
    type Error = TcpError;
}

impl Read for WithoutDns<'_> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TcpError> {
        self.0.read(buffer).await
    }
}

impl Write for WithoutDns<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, TcpError> {
        self.0.write(bytes).await
    }

    async fn flush(&mut self) -> Result<(), TcpError> {
        self.0.flush().await
    }
}
