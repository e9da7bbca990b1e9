/* memory.c: all that the library asks of a C library, as small as can be. */
#include <stddef.h>
#include <stdint.h>

/* The compiler must not turn the loops back into calls of the functions they are in. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *left, const void *right, size_t length);

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
    uint8_t *t = to;
    const uint8_t *f = from;
    while (length--) {
        *t++ = *f++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t length) {
    uint8_t *t = to;
    const uint8_t *f = from;
    if (t <= f) {
        return memcpy(to, from, length);
    }
    while (length--) {
        t[length] = f[length];
    }
    return to;
}

void *memset(void *to, int value, size_t length) {
    uint8_t *t = to;
    while (length--) {
        *t++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *left, const void *right, size_t length) {
    const uint8_t *l = left;
    const uint8_t *r = right;
    for (; length--; l++, r++) {
        if (*l != *r) {
            return *l - *r;
        }
    }
    return 0;
}

#if defined(__ARM_EABI__) && !defined(FOUR_ALONE)
/* The names under which compilers for Arm call the same (Run-time ABI for the Arm Architecture, 5.3.4), which every C
 * library for Arm has. Without them the linker takes the larger ones that Rust brings. */
void __aeabi_memcpy(void *to, const void *from, size_t length);
void __aeabi_memcpy4(void *to, const void *from, size_t length);
void __aeabi_memcpy8(void *to, const void *from, size_t length);
void __aeabi_memmove(void *to, const void *from, size_t length);
void __aeabi_memmove4(void *to, const void *from, size_t length);
void __aeabi_memmove8(void *to, const void *from, size_t length);
void __aeabi_memset(void *to, size_t length, int value);
void __aeabi_memset4(void *to, size_t length, int value);
void __aeabi_memset8(void *to, size_t length, int value);
void __aeabi_memclr(void *to, size_t length);
void __aeabi_memclr4(void *to, size_t length);
void __aeabi_memclr8(void *to, size_t length);

void __aeabi_memcpy(void *to, const void *from, size_t length) { memcpy(to, from, length); }
void __aeabi_memcpy4(void *to, const void *from, size_t length) { memcpy(to, from, length); }
void __aeabi_memcpy8(void *to, const void *from, size_t length) { memcpy(to, from, length); }
void __aeabi_memmove(void *to, const void *from, size_t length) { memmove(to, from, length); }
void __aeabi_memmove4(void *to, const void *from, size_t length) { memmove(to, from, length); }
void __aeabi_memmove8(void *to, const void *from, size_t length) { memmove(to, from, length); }
void __aeabi_memset(void *to, size_t length, int value) { memset(to, value, length); }
void __aeabi_memset4(void *to, size_t length, int value) { memset(to, value, length); }
void __aeabi_memset8(void *to, size_t length, int value) { memset(to, value, length); }
void __aeabi_memclr(void *to, size_t length) { memset(to, 0, length); }
void __aeabi_memclr4(void *to, size_t length) { memset(to, 0, length); }
void __aeabi_memclr8(void *to, size_t length) { memset(to, 0, length); }
#endif
