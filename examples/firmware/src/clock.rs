//! Milliseconds since the start, from the processor's own timer.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::Peripherals;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;
use smoltcp::time::Instant;

static MILLISECONDS: AtomicU32 = AtomicU32::new(0);

/// Lets the timer run; the processor's clock is in kHz. To be called once.
pub fn start(peripherals: &mut Peripherals, kilohertz: u32) {
    let timer = &mut peripherals.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(kilohertz - 1);
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
}

/// Since the start. Begins anew after 49 days.
pub fn milliseconds() -> u32 {
    MILLISECONDS.load(Ordering::Relaxed)
}

/// The same for smoltcp.
pub fn now() -> Instant {
    Instant::from_millis(milliseconds())
}

#[exception]
fn SysTick() {
    MILLISECONDS.fetch_add(1, Ordering::Relaxed);
}

/// A point in time that something must not last beyond.
#[derive(Clone, Copy)]
pub struct Deadline {
    start: u32,
    milliseconds: u32,
}

impl Deadline {
    pub fn after(milliseconds: u32) -> Self {
        Deadline { start: self::milliseconds(), milliseconds }
    }

    pub fn has_passed(self) -> bool {
        milliseconds().wrapping_sub(self.start) >= self.milliseconds
    }
}
