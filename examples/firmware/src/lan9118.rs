//! The LAN9118 of the MPS2 boards, polled. (Its data sheet, SMSC LAN9118.)

use core::ptr;

use cortex_m::Peripherals;

use crate::ethernet::{Controller, FRAME};

const BASE: usize = 0x4020_0000;

// Registers, by their offsets.
const RX_DATA_FIFO: usize = BASE;
const TX_DATA_FIFO: usize = BASE + 0x20;
const RX_STATUS_FIFO: usize = BASE + 0x40;
const TX_STATUS_FIFO: usize = BASE + 0x48;
const INT_EN: usize = BASE + 0x5C;
const BYTE_TEST: usize = BASE + 0x64;
const TX_CFG: usize = BASE + 0x70;
const HW_CFG: usize = BASE + 0x74;
const RX_FIFO_INF: usize = BASE + 0x7C;
const TX_FIFO_INF: usize = BASE + 0x80;
const MAC_CSR_CMD: usize = BASE + 0xA4;
const MAC_CSR_DATA: usize = BASE + 0xA8;

/// What `BYTE_TEST` reads as when the chip is awake.
const AWAKE: u32 = 0x8765_4321;
const SOFT_RESET: u32 = 1;
/// In `HW_CFG`: frames are stored as a whole before they are sent, and have 5 KiB to be stored in.
const STORE_AND_FORWARD: u32 = 1 << 20;
const TX_FIFO_5_KIB: u32 = 5 << 16;
const TX_ON: u32 = 1 << 1;

// The MAC's own registers, which are reached through two of the above.
const MAC_CR: u32 = 1;
const ADDRH: u32 = 2;
const ADDRL: u32 = 3;
const CSR_BUSY: u32 = 1 << 31;
const RECEIVE_ENABLE: u32 = 1 << 2;
const TRANSMIT_ENABLE: u32 = 1 << 3;
const FULL_DUPLEX: u32 = 1 << 20;

/// The two command words before a frame: it has one segment.
const FIRST_AND_LAST: u32 = 1 << 13 | 1 << 12;
const COMMANDS: usize = 8;
/// In a word of `RX_STATUS_FIFO`.
const ERROR: u32 = 1 << 15;
const CHECK_SUM: usize = 4;

fn read(register: usize) -> u32 {
    // SAFETY: the constants above are the addresses of registers, which may be read at any time.
    unsafe { ptr::read_volatile(ptr::with_exposed_provenance(register)) }
}

fn write(register: usize, value: u32) {
    // SAFETY: the constants above are the addresses of registers, none of which makes the controller access memory.
    unsafe { ptr::write_volatile(ptr::with_exposed_provenance_mut(register), value) }
}

fn write_mac(register: u32, value: u32) {
    write(MAC_CSR_DATA, value);
    write(MAC_CSR_CMD, CSR_BUSY | register);
    while read(MAC_CSR_CMD) & CSR_BUSY != 0 {}
}

/// The controller.
pub struct Lan9118(());

impl Controller for Lan9118 {
    fn new(_: &mut Peripherals, address: [u8; 6]) -> Self {
        while read(BYTE_TEST) != AWAKE {}
        write(HW_CFG, SOFT_RESET);
        while read(HW_CFG) & SOFT_RESET != 0 {}
        write(HW_CFG, STORE_AND_FORWARD | TX_FIFO_5_KIB);
        write(INT_EN, 0);
        let [a, b, c, d, e, f] = address;
        write_mac(ADDRL, u32::from_le_bytes([a, b, c, d]));
        write_mac(ADDRH, u32::from_le_bytes([e, f, 0, 0]));
        write_mac(MAC_CR, RECEIVE_ENABLE | TRANSMIT_ENABLE | FULL_DUPLEX);
        write(TX_CFG, TX_ON);
        Lan9118(())
    }

    fn receive(&mut self, frame: &mut [u8; FRAME]) -> Option<usize> {
        let waiting = read(RX_FIFO_INF) >> 16 & 0xFF;
        if waiting == 0 {
            return None;
        }
        let status = read(RX_STATUS_FIFO);
        let total = (status >> 16 & 0x3FFF) as usize;
        // Every word is taken, the check sum too: the next frame comes behind it.
        for at in (0..total).step_by(4) {
            let word = read(RX_DATA_FIFO).to_le_bytes();
            frame.iter_mut().skip(at).zip(word).for_each(|(place, byte)| *place = byte);
        }
        let len = total.saturating_sub(CHECK_SUM);
        Some(if len > FRAME || status & ERROR != 0 { 0 } else { len }) // smoltcp drops a frame of no bytes
    }

    fn can_send(&mut self) -> bool {
        let state = read(TX_FIFO_INF);
        for _ in 0..state >> 16 & 0xFF {
            read(TX_STATUS_FIFO); // what became of earlier frames: TCP finds out for itself
        }
        (state & 0xFFFF) as usize >= FRAME + COMMANDS
    }

    fn send(&mut self, frame: &[u8]) {
        while !self.can_send() {} // for a reply, which smoltcp does not ask about
        let len = u32::try_from(frame.len()).unwrap_or(0) & 0x7FF;
        write(TX_DATA_FIFO, FIRST_AND_LAST | len);
        write(TX_DATA_FIFO, len);
        for bytes in frame.chunks(4) {
            let mut word = [0; 4];
            word[..bytes.len()].copy_from_slice(bytes);
            write(TX_DATA_FIFO, u32::from_le_bytes(word));
        }
    }
}
