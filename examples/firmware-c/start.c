/* start.c: what a Cortex-M does before main(): a chip's vendor brings the same. */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t stack_top, data_start, data_end, data_values, bss_start, bss_end;

int main(void);
/* Newlib's, where it prints through the debugger. */
void initialise_monitor_handles(void);

void reset(void);
void reset(void) {
    const uint32_t *value = &data_values;
#if defined(__ARM_FP)
    /* The floating-point unit is off at first, and its registers are used for copying, too. */
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20;
    __asm__ volatile("dsb\n isb");
#endif
    for (uint32_t *word = &data_start; word < &data_end; word++) {
        *word = *value++;
    }
    for (uint32_t *word = &bss_start; word < &bss_end; word++) {
        *word = 0;
    }
    initialise_monitor_handles();
    exit(main());
}

static void fault(void) {
    abort();
}

struct vectors {
    uint32_t *stack;
    void (*handlers[15])(void);
};
__attribute__((section(".vectors"), used)) static const struct vectors VECTORS = {
    &stack_top,
    {reset, fault, fault, fault, fault, fault},
};
