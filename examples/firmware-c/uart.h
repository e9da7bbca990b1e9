/* uart.h: the first serial port of the chips here, without interrupts. */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__arm__)

/* That of a Stellaris, which is a PL011. */
#define UART(offset) (*(volatile uint32_t *)(0x4000C000u + (offset)))

static inline void uart_open(void) {
    *(volatile uint32_t *)0x400FE104u |= 1; /* its clock */
    UART(0x30) = 0;                         /* off, while it is set up */
    UART(0x2C) = 0x70;                      /* eight bits, and a queue */
    UART(0x30) = 0x301;                     /* on, both ways */
}

static inline bool uart_can_send(void) { return (UART(0x18) & 0x20) == 0; }
static inline bool uart_has_received(void) { return (UART(0x18) & 0x10) == 0; }
static inline void uart_send(uint8_t byte) { UART(0) = byte; }
static inline uint8_t uart_receive(void) { return (uint8_t)UART(0); }

#elif defined(__riscv)

/* A 16550. */
#define UART(offset) (*(volatile uint8_t *)(0x10000000u + (offset)))

static inline void uart_open(void) {
    UART(2) = 0xC1; /* with a queue, of which 14 bytes may wait */
    UART(3) = 3; /* eight bits */
}

static inline bool uart_can_send(void) { return (UART(5) & 0x20) != 0; }
static inline bool uart_has_received(void) { return (UART(5) & 1) != 0; }
static inline void uart_send(uint8_t byte) { UART(0) = byte; }
static inline uint8_t uart_receive(void) { return UART(0); }

#endif

#endif
