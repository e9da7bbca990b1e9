/* clock.h: a timer of the chips here that is due every 10 ms. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__arm__)

/* SysTick, at the 12.5 MHz that a Stellaris has after its reset. */
#define SYSTICK(offset) (*(volatile uint32_t *)(0xE000E010u + (offset)))

static inline void clock_start(void) {
    SYSTICK(4) = 125000 - 1;
    SYSTICK(8) = 0;
    SYSTICK(0) = 5; /* on, by the clock of the processor */
}

static inline bool clock_is_due(void) { return (SYSTICK(0) & 1u << 16) != 0; }

#elif defined(__riscv)

/* The machine timer, at 10 MHz. */
#define MTIME (*(volatile uint32_t *)0x0200BFF8u)

static uint32_t clock_due;

static inline void clock_start(void) { clock_due = MTIME; }

static inline bool clock_is_due(void) {
    bool is_due = MTIME - clock_due >= 100000;
    clock_due += is_due ? 100000 : 0;
    return is_due;
}

#endif

#endif
