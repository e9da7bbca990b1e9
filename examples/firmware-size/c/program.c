/* program.c: starts a measured program in QEMU, and tells how much RAM it took. */
#include "program.h"

#include "../../firmware-c/semihosting.h"
#include "../../firmware-c/stack.h"

struct machine machine;

static const char *answer;
static size_t answer_len;
/* How many bytes arrive at once. */
static size_t piece;
/* Where the request goes. Volatile, so that it does go. */
static volatile uint8_t wire;

void socket_open(const char *reply, size_t len) {
    answer = reply;
    answer_len = len;
}

void socket_write(const uint8_t *from, size_t len) {
    while (len--) {
        wire = *from++;
    }
}

size_t socket_read(uint8_t *into, size_t cap) {
    size_t len = 0;
    while (len < cap && len < piece && answer_len > 0) {
        into[len++] = (uint8_t)*answer++;
        answer_len--;
    }
    return len;
}

/* The least memory that a login works with. */
static size_t least_memory(void) {
    size_t size = 0;
    piece = BUFFER_SIZE;
    while (size < MEMORY_SIZE && !sign_in(size)) {
        size += 8;
    }
    return size;
}

static bool works_in_every_piece(void) {
    static const uint16_t PIECES[] = {1, 7, 64, BUFFER_SIZE};
    for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
        piece = PIECES[i];
        if (!run()) {
            return false;
        }
    }
    return true;
}

static void measure(void) {
    size_t memory_size = least_memory();
    uint32_t *here = stack_here();
    stack_paint(here);
    bool works = works_in_every_piece();
    uint32_t peak = stack_peak(here);

    semihosting_print_number("site", sizeof machine.site);
    semihosting_print_number("session", sizeof machine.session);
    semihosting_print_number("exchange", sizeof machine.exchange);
    semihosting_print_number("memory", (uint32_t)memory_size);
    semihosting_print_number("buffer", sizeof machine.buffer);
    semihosting_print_number("stack", peak);
    semihosting_exit(works ? 0 : 1);
}

void reset(void);

#if defined(__arm__)

extern uint32_t stack_top;
struct vectors {
    uint32_t *stack;
    void (*reset)(void);
};
__attribute__((section(".vectors"), used)) static const struct vectors VECTORS = {&stack_top, reset};

void reset(void) {
#if defined(__ARM_FP)
    /* The floating-point unit is off at first, and its registers are used for copying, too. */
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20;
    __asm__ volatile("dsb\n isb");
#endif
    measure();
}

#elif defined(__riscv)

__asm__(
    ".section .vectors, \"ax\"\n"
    ".global _start\n"
    "_start:\n"
    "    la sp, stack_top\n"
    "    j reset\n");

void reset(void) {
    measure();
}

#endif
