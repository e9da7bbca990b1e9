//! The boards, and what every program begins with.

use cortex_m::Peripherals;
use rand_core::RngCore;
use static_cell::ConstStaticCell;

use crate::arguments::Arguments;
use crate::ethernet::{Controller, Ethernet, Frames};
use crate::lan9118::Lan9118;
use crate::random::Random;
use crate::socket::{Buffers, Socket};
use crate::stellaris::Stellaris;
use crate::{clock, semihosting};

/// The hardware address, one that nobody sells.
const ADDRESS: [u8; 6] = [0x02, 0, 0, 0, 0, 0x01];

/// The longest command line.
const LINE: usize = 512;

/// A board: what differs from one to the other, its memory map apart, which stands in `boards`.
pub trait Board {
    type Controller: Controller + 'static;
    /// The processor's clock after reset.
    const KILOHERTZ: u32;
}

/// `lm3s6965evb`: 64 KiB of RAM and 256 KiB of flash.
pub struct Lm3s6965;

impl Board for Lm3s6965 {
    type Controller = Stellaris;
    const KILOHERTZ: u32 = 12_500;
}

/// `mps2-an385`: a Cortex-M3 in an FPGA, with 4 MiB of RAM and as much in place of flash.
pub struct Mps2;

impl Board for Mps2 {
    type Controller = Lan9118;
    const KILOHERTZ: u32 = 25_000;
}

/// What a program begins with.
pub struct Start<B: Board> {
    pub arguments: Arguments<'static>,
    pub ethernet: Ethernet<B::Controller>,
    /// Differs from start to start.
    pub seed: u64,
}

/// Starts the clock and the network controller. To be called once.
pub fn start<B: Board>() -> Start<B> {
    static TEXT: ConstStaticCell<[u8; LINE]> = ConstStaticCell::new([0; LINE]);
    static FRAMES: ConstStaticCell<Frames> = ConstStaticCell::new(Frames::new());

    let mut peripherals = Peripherals::take().expect("this is called once");
    clock::start(&mut peripherals, B::KILOHERTZ);
    Start {
        arguments: Arguments::new(semihosting::command_line(TEXT.take())),
        ethernet: Ethernet::new(&mut peripherals, FRAMES.take(), ADDRESS),
        seed: Random::open().next_u64(),
    }
}

impl<B: Board> Start<B> {
    /// The network with a socket for blocking clients. To be called once.
    pub fn socket(self) -> Socket<B::Controller> {
        static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());
        let mut socket = Socket::new(self.ethernet, BUFFERS.take(), self.seed);
        if let Some(milliseconds) = self.arguments.number("patience") {
            socket.set_patience(milliseconds);
        }
        socket
    }
}
