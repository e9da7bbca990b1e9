//! What the programs have in common: two boards, a network, and what comes from and goes to the debugger.

#![no_std]
#![warn(clippy::undocumented_unsafe_blocks)]

pub mod arguments;
pub mod async_work;
pub mod board;
pub mod clock;
pub mod embassy;
pub mod ethernet;
pub mod lan9118;
pub mod outcome;
pub mod panic;
pub mod random;
pub mod semihosting;
pub mod socket;
pub mod stack;
pub mod stellaris;
pub mod tls;
pub mod work;
