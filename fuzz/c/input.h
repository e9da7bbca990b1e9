/* What the input says: bytes, texts and the structs that functions take. Each text, buffer and memory is a block of its own of
 * just its size, so that the address sanitizer sees what goes beyond it. */

#ifndef INPUT_H
#define INPUT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creatio_auth.h"

/* The sanitizer's: where in the region the first byte is that must not be touched. */
extern void *__asan_region_is_poisoned(void *start, size_t len);

#define BLOCKS 256

typedef struct {
    const uint8_t *at;
    size_t left;
    void *blocks[BLOCKS];
    size_t count;
} input;

static void fail(const char *what, long number) {
    fprintf(stderr, "%s: %ld\n", what, number);
    abort();
}

static uint8_t byte(input *in) {
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->at++;
}

static void *block(input *in, size_t len) {
    if (in->count == BLOCKS)
        return NULL;
    void *memory = malloc(len == 0 ? 1 : len);
    memset(memory, 0xA5, len == 0 ? 1 : len);
    return in->blocks[in->count++] = memory;
}

/* The rest of the line; NULL where it begins with a byte of zero. */
static char *text(input *in, size_t *len) {
    const uint8_t *start = in->at;
    *len = 0;
    while (in->left > 0 && *in->at != '\n')
        byte(in), ++*len;
    byte(in);
    if (*len > 0 && start[0] == 0) {
        *len = 0;
        return NULL;
    }
    char *copy = block(in, *len);
    if (copy == NULL) {
        *len = 0;
        return NULL;
    }
    memcpy(copy, start, *len);
    return copy;
}

static void readable(const void *start, size_t len) {
    if (len > 0 && (start == NULL || __asan_region_is_poisoned((void *)start, len) != NULL))
        fail("it gives out what is none of the program's memory", (long)len);
}

static void check_status(creatio_status status) {
    if (strcmp(creatio_status_name(status), "?") == 0 || strcmp(creatio_status_text(status), "?") == 0)
        fail("no such status", status);
}

static void check_text(const creatio_text *text) {
    readable(text->text, text->len);
}

static void read_credentials(input *in, creatio_credentials *who) {
    uint8_t which = byte(in);
    memset(who, 0, sizeof *who);
    who->user_name = text(in, &who->user_name_len);
    who->password = text(in, &who->password_len);
    if (which & 1)
        who->workspace = text(in, &who->workspace_len);
    if (which & 2)
        who->one_time_code = text(in, &who->one_time_code_len);
    if (which & 4)
        who->provider_name = text(in, &who->provider_name_len);
    who->has_time_zone_offset = which & 8;
    who->time_zone_offset = (int16_t)(which * 257);
}

static void read_call(input *in, creatio_call *call) {
    uint8_t which = byte(in);
    uint8_t more = byte(in);
    size_t len;
    memset(call, 0, sizeof *call);
    if (which == 0xFE || which == 0xFF) {
        *call = which == 0xFE ? creatio_call_ping() : creatio_call_logout();
        return;
    }
    call->method = which % 8;
    call->at_root = which & 8;
    call->raw_body = which & 16;
    call->path = text(in, &call->path_len);
    if (which & 32)
        call->accept = text(in, &call->accept_len);
    if (which & 64)
        call->field_lines = text(in, &call->field_lines_len);
    if (which & 128)
        call->wanted_field = text(in, &call->wanted_field_len);
    if (more & 1)
        call->content_type = text(in, &call->content_type_len);
    if (more & 2) {
        call->body = (const uint8_t *)text(in, &len);
        call->body_len = len;
    }
    if (more & 4) {
        call->body = NULL;
        call->body_follows = true;
        call->body_len = more;
    }
}

#endif
