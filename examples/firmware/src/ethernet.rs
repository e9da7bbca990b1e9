//! A network controller as smoltcp wants it: frames by way of two buffers in memory.

use cortex_m::Peripherals;
use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::time::Instant;

/// The longest frame without its check sum: 14 bytes of header and 1,500 of content.
pub const FRAME: usize = 1514;

/// A network controller that is asked, and never interrupts.
pub trait Controller: Sized {
    /// Makes the one controller of the board ready, with an address.
    fn new(_: &mut Peripherals, address: [u8; 6]) -> Self;
    /// Takes the next frame out of the controller, if there is one, and says how long it is.
    fn receive(&mut self, frame: &mut [u8; FRAME]) -> Option<usize>;
    /// Whether there is room for a frame.
    fn can_send(&mut self) -> bool;
    /// Sends a frame; the controller adds padding and check sum.
    fn send(&mut self, frame: &[u8]);
}

/// The two buffers.
pub struct Frames {
    received: [u8; FRAME],
    to_send: [u8; FRAME],
}

impl Frames {
    pub const fn new() -> Self {
        Frames { received: [0; FRAME], to_send: [0; FRAME] }
    }
}

impl Default for Frames {
    fn default() -> Self {
        Self::new()
    }
}

/// A controller and its buffers.
pub struct Ethernet<C> {
    controller: C,
    frames: &'static mut Frames,
    address: [u8; 6],
}

impl<C: Controller> Ethernet<C> {
    /// Makes the controller ready.
    pub fn new(peripherals: &mut Peripherals, frames: &'static mut Frames, address: [u8; 6]) -> Self {
        Ethernet { controller: C::new(peripherals, address), frames, address }
    }

    /// The hardware address.
    pub fn address(&self) -> [u8; 6] {
        self.address
    }

    /// The next frame that was received, and room for an answer to it.
    pub fn take(&mut self) -> Option<(&mut [u8], Sender<'_, C>)> {
        let len = self.controller.receive(&mut self.frames.received)?;
        let sender = Sender { controller: &mut self.controller, frame: &mut self.frames.to_send };
        Some((&mut self.frames.received[..len], sender))
    }

    /// Room for a frame.
    pub fn sender(&mut self) -> Option<Sender<'_, C>> {
        let can_send = self.controller.can_send();
        can_send.then_some(Sender { controller: &mut self.controller, frame: &mut self.frames.to_send })
    }
}

/// Room for a frame to send.
pub struct Sender<'a, C> {
    controller: &'a mut C,
    frame: &'a mut [u8; FRAME],
}

impl<C: Controller> Sender<'_, C> {
    /// Sends a frame of so many bytes, which `write` writes.
    pub fn send<R>(self, len: usize, write: impl FnOnce(&mut [u8]) -> R) -> R {
        let frame = &mut self.frame[..len];
        let result = write(frame);
        self.controller.send(frame);
        result
    }
}

impl<C: Controller> Device for Ethernet<C> {
    type RxToken<'a>
        = Received<'a>
    where
        C: 'a;
    type TxToken<'a>
        = Sender<'a, C>
    where
        C: 'a;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, Sender<'_, C>)> {
        self.take().map(|(frame, sender)| (Received(frame), sender))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sender<'_, C>> {
        self.sender()
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME;
        // The controllers drop what they have no room for, and TCP sends it again.
        capabilities.max_burst_size = Some(1);
        capabilities
    }
}

/// A received frame.
pub struct Received<'a>(&'a [u8]);

impl phy::RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

impl<C: Controller> phy::TxToken for Sender<'_, C> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        self.send(len, f)
    }
}
