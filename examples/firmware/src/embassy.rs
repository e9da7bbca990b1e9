//! The same controllers and the same clock as embassy wants them.

use core::cell::RefCell;
use core::task::{Context, Waker};

use critical_section::Mutex;
use embassy_net::{Config, Ipv4Cidr, StaticConfigV4};
use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use embassy_time_queue_utils::Queue;

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
