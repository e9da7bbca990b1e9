/* semihosting.h: asks the debugger, which here is QEMU, to print and to end the run. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

enum { SEMIHOSTING_WRITE0 = 0x04, SEMIHOSTING_EXIT_EXTENDED = 0x20 };

/* Volatile, and with all of memory as an input: what the argument points at has to be there. */
static inline void semihosting_call(uintptr_t operation, const void *argument) {
#if defined(__arm__)
    register uintptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
#elif defined(__riscv)
    register uintptr_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;
    /* Three instructions that are not compressed and in one page, by which a debugger knows it. */
    __asm__ volatile(
        ".option push\n .option norvc\n .balign 16\n"
        "slli x0, x0, 0x1f\n ebreak\n srai x0, x0, 7\n"
        ".option pop"
        : "+r"(a0)
        : "r"(a1)
        : "memory");
#else
#error "semihosting is not known for this machine"
#endif
}

static inline void semihosting_print(const char *text) {
    semihosting_call(SEMIHOSTING_WRITE0, text);
}

/* Prints "name number" as a line, the number in hexadecimal: not every chip divides. */
static inline void semihosting_print_number(const char *name, uint32_t number) {
    char digits[11];
    char *at = digits + sizeof digits;
    *--at = '\0';
    *--at = '\n';
    do {
        *--at = "0123456789abcdef"[number % 16];
        number /= 16;
    } while (number > 0);
    *--at = ' ';
    semihosting_print(name);
    semihosting_print(at);
}

/* Ends QEMU with an exit code. */
static inline void semihosting_exit(uint32_t code) {
    const uint32_t application_exit[2] = {0x20026, code};
    for (;;) {
        semihosting_call(SEMIHOSTING_EXIT_EXTENDED, application_exit);
    }
}

#endif
