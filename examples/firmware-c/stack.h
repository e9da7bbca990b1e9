/* stack.h: how deep the stack gets, found by painting what is below it and looking how much paint is left. */
#ifndef STACK_H
#define STACK_H

#include <stdint.h>

/* The least address that the stack may reach, from the linker script. */
extern uint32_t stack_limit;

#define STACK_PAINT 0xA5C3E197u

/* Where the stack is now. A value in one function only: inlined, so that it is the caller's. */
__attribute__((always_inline)) static inline uint32_t *stack_here(void) {
    uint32_t *here;
#if defined(__arm__)
    __asm__ volatile("mov %0, sp" : "=r"(here));
#elif defined(__riscv)
    __asm__ volatile("mv %0, sp" : "=r"(here));
#else
#error "the stack pointer is not known for this machine"
#endif
    return here;
}

/* Paints all that is free below `here`. In line, for a function called would stand in the wet paint. */
__attribute__((always_inline)) static inline void stack_paint(uint32_t *here) {
    for (volatile uint32_t *word = &stack_limit; word < here; word++) {
        *word = STACK_PAINT;
    }
}

/* How many bytes below `here` have been written to since. */
static inline uint32_t stack_peak(const uint32_t *here) {
    const volatile uint32_t *word = &stack_limit;
    while (word < here && *word == STACK_PAINT) {
        word++;
    }
    return (uint32_t)((uintptr_t)here - (uintptr_t)word);
}

#endif
