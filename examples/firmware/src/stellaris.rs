//! The Ethernet controller of the LM3S6965, polled. (Its data sheet, "Ethernet Controller".)

use core::ptr;

use cortex_m::Peripherals;

use crate::ethernet::{Controller, FRAME};

const SYSTEM_CONTROL: usize = 0x400F_E000;
const MAC: usize = 0x4004_8000;

// Registers, by their offsets.
const RUN_MODE_CLOCKS_2: usize = SYSTEM_CONTROL + 0x108;
const RECEIVE_CONTROL: usize = MAC + 0x08;
const TRANSMIT_CONTROL: usize = MAC + 0x0C;
const DATA: usize = MAC + 0x10;
const ADDRESS_LOW: usize = MAC + 0x14;
const ADDRESS_HIGH: usize = MAC + 0x18;
const PACKETS: usize = MAC + 0x34;
const TRANSMISSION_REQUEST: usize = MAC + 0x38;

const CLOCK_OF_MAC_AND_PHY: u32 = 1 << 28 | 1 << 30;
const RECEIVE_ENABLE: u32 = 1;
const RESET_FIFO: u32 = 1 << 4;
const DROP_BAD_CHECK_SUM: u32 = 1 << 3;
const TRANSMIT_ENABLE: u32 = 1;
const PAD: u32 = 1 << 1;
const ADD_CHECK_SUM: u32 = 1 << 2;
const FULL_DUPLEX: u32 = 1 << 4;
const NEW_TRANSMISSION: u32 = 1;

/// The frame's length stands before it, and counts itself and the check sum behind it.
const LENGTH: usize = 2;
const CHECK_SUM: usize = 4;
/// The length of a frame to send does not count the header.
const HEADER: usize = 14;

fn read(register: usize) -> u32 {
    // SAFETY: the constants above are the addresses of registers, which may be read at any time.
    unsafe { ptr::read_volatile(ptr::with_exposed_provenance(register)) }
}

fn write(register: usize, value: u32) {
    // SAFETY: the constants above are the addresses of registers, none of which makes the controller access memory.
    unsafe { ptr::write_volatile(ptr::with_exposed_provenance_mut(register), value) }
}

/// The controller.
pub struct Stellaris(());

impl Controller for Stellaris {
    fn new(_: &mut Peripherals, address: [u8; 6]) -> Self {
        write(RUN_MODE_CLOCKS_2, read(RUN_MODE_CLOCKS_2) | CLOCK_OF_MAC_AND_PHY);
        let [a, b, c, d, e, f] = address;
        write(ADDRESS_LOW, u32::from_le_bytes([a, b, c, d]));
        write(ADDRESS_HIGH, u32::from_le_bytes([e, f, 0, 0]));
        write(RECEIVE_CONTROL, RESET_FIFO);
        write(TRANSMIT_CONTROL, TRANSMIT_ENABLE | PAD | ADD_CHECK_SUM | FULL_DUPLEX);
        write(RECEIVE_CONTROL, RECEIVE_ENABLE | DROP_BAD_CHECK_SUM);
        Stellaris(())
    }

    fn receive(&mut self, frame: &mut [u8; FRAME]) -> Option<usize> {
        if read(PACKETS) == 0 {
            return None;
        }
        let first = read(DATA).to_le_bytes();
        let total = usize::from(u16::from_le_bytes([first[0], first[1]]));
        let len = total.saturating_sub(LENGTH + CHECK_SUM);
        frame[..2].copy_from_slice(&first[2..]);
        // Every word is taken, the check sum too: the next frame comes behind it.
        for at in (2..total.saturating_sub(LENGTH)).step_by(4) {
            let word = read(DATA).to_le_bytes();
            frame.iter_mut().skip(at).zip(word).for_each(|(place, byte)| *place = byte);
        }
        Some(if len > FRAME { 0 } else { len }) // smoltcp drops a frame of no bytes
    }

    fn can_send(&mut self) -> bool {
        read(TRANSMISSION_REQUEST) & NEW_TRANSMISSION == 0
    }

    fn send(&mut self, frame: &[u8]) {
        while !self.can_send() {} // for a reply, which smoltcp does not ask about
        let [low, high] = u16::try_from(frame.len().saturating_sub(HEADER)).unwrap_or(0).to_le_bytes();
        let (start, rest) = frame.split_at(frame.len().min(2));
        let [c, d] = start.try_into().unwrap_or_default();
        write(DATA, u32::from_le_bytes([low, high, c, d]));
        for bytes in rest.chunks(4) {
            let mut word = [0; 4];
            word[..bytes.len()].copy_from_slice(bytes);
            write(DATA, u32::from_le_bytes(word));
        }
        write(TRANSMISSION_REQUEST, NEW_TRANSMISSION);
    }
}
