/* The linker puts these in the place of the C library's: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free. */

#include "heap.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

void *__real_malloc(size_t len);
void __real_free(void *memory);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *memory, size_t len);
void __wrap_free(void *memory);

/* How long a piece is stands before it, and leaves it aligned. */
enum { BEFORE = 16 };

static size_t allocations, bytes, peak, before;

static size_t *len_of(void *memory)
{
    return (size_t *)(void *)((char *)memory - BEFORE);
}

void *__wrap_malloc(size_t len)
{
    char *memory = __real_malloc(len + BEFORE);
    if (!memory)
        return NULL;
    memory += BEFORE;
    *len_of(memory) = len;
    allocations++;
    bytes += len;
    if (bytes > peak)
        peak = bytes;
    return memory;
}

void __wrap_free(void *memory)
{
    if (!memory)
        return;
    bytes -= *len_of(memory);
    __real_free(len_of(memory));
}

void *__wrap_calloc(size_t count, size_t len)
{
    void *memory = __wrap_malloc(count * len);
    return memory ? memset(memory, 0, count * len) : NULL;
}

void *__wrap_realloc(void *memory, size_t len)
{
    if (!memory)
        return __wrap_malloc(len);
    /* As one that grows in its place: not as two that are there at once. */
    size_t old = *len_of(memory);
    bytes -= old;
    char *moved = __wrap_malloc(len);
    if (!moved)
        return NULL;
    memcpy(moved, memory, old < len ? old : len);
    __real_free(len_of(memory));
    return moved;
}

void heap_begin_task(const char *name)
{
    fprintf(stderr, "heap %s\n", name);
}

void heap_begin(void)
{
    allocations = 0;
    before = peak = bytes;
}

void heap_end(void)
{
    fprintf(stderr, "%zu %zu\n", allocations, peak - before);
}
