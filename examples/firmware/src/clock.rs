//! Milliseconds since the start, from the processor's own timer.

use core::cell::Cell;

use cortex_m::Peripherals;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;
use critical_section::Mutex;
use smoltcp::time::Instant;

static MILLISECONDS: Mutex<Cell<u64>> = Mutex::new(Cell::new(0));
/// What is to be done every millisecond.
type Action = Option<fn()>;

static ON_TICK: Mutex<Cell<Action>> = Mutex::new(Cell::new(None));

/// Lets the timer run; the processor's clock is in kHz. To be called once.
pub fn start(peripherals: &mut Peripherals, kilohertz: u32) {
    let timer = &mut peripherals.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(kilohertz - 1);
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
}

/// Since the start.
pub fn milliseconds() -> u64 {
    critical_section::with(|cs| MILLISECONDS.borrow(cs).get())
}

/// The same for smoltcp.
pub fn now() -> Instant {
    Instant::from_millis(milliseconds().cast_signed())
}

/// What is to be done every millisecond, in the interrupt.
pub fn on_tick(action: fn()) {
    critical_section::with(|cs| ON_TICK.borrow(cs).set(Some(action)));
}

#[exception]
fn SysTick() {
    let action = critical_section::with(|cs| {
        let milliseconds = MILLISECONDS.borrow(cs);
        milliseconds.set(milliseconds.get() + 1);
        ON_TICK.borrow(cs).get()
    });
    if let Some(action) = action {
        action();
    }
}

/// A point in time that something must not last beyond.
#[derive(Clone, Copy)]
pub struct Deadline(u64);

impl Deadline {
    pub fn after(milliseconds: u32) -> Self {
        Deadline(self::milliseconds() + u64::from(milliseconds))
    }

    pub fn has_passed(self) -> bool {
        milliseconds() >= self.0
    }
}
