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

static uint32_t number(input *in) {
    uint32_t high = byte(in), middle = byte(in), low = byte(in);
    return high << 24 | middle << 16 | low << 8 | byte(in);
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

/* The same with "|" for the end of a line, and "||" for CR LF. */
static char *lines(input *in, size_t *len) {
    char *all = text(in, len);
    for (size_t at = 0; all != NULL && at + 1 < *len; at++)
        if (all[at] == '|')
            all[at] = all[at + 1] == '|' ? '\r' : '\n';
    if (all != NULL && *len > 0 && all[*len - 1] == '|')
        all[*len - 1] = '\n';
    return all;
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
    if (which >= 0xFD) {
        *call = which == 0xFD   ? creatio_call_health_check(more)
                : which == 0xFE ? creatio_call_ping()
                                : creatio_call_logout();
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
    call->repeatable = more & 8;
    call->limited_body = more & 16;
}

static void read_client(input *in, creatio_client_credentials *client) {
    uint8_t which = byte(in);
    memset(client, 0, sizeof *client);
    client->id = text(in, &client->id_len);
    client->secret = text(in, &client->secret_len);
    client->by_basic = which & 1;
    client->path_below_prefix = which & 2;
    if (which & 4)
        client->path = text(in, &client->path_len);
    if (which & 8)
        client->field_lines = text(in, &client->field_lines_len);
}

static void read_authorization_request(input *in, creatio_authorization_request *request) {
    uint8_t which = byte(in);
    memset(request, 0, sizeof *request);
    request->client_id = text(in, &request->client_id_len);
    request->redirect_uri = text(in, &request->redirect_uri_len);
    request->path_below_prefix = which & 1;
    if (which & 2)
        request->path = text(in, &request->path_len);
    if (which & 4)
        request->scope = text(in, &request->scope_len);
    if (!(which & 8))
        request->random = block(in, CREATIO_RANDOM_LEN);
}

static void read_ntlm_user(input *in, creatio_ntlm_credentials *user) {
    uint8_t which = byte(in);
    memset(user, 0, sizeof *user);
    user->user_name = text(in, &user->user_name_len);
    user->password = text(in, &user->password_len);
    if (which & 1)
        user->domain = text(in, &user->domain_len);
    if (which & 2)
        user->workstation = text(in, &user->workstation_len);
}

static void read_part(input *in, creatio_batch_part *part) {
    uint8_t which = byte(in);
    size_t len;
    memset(part, 0, sizeof *part);
    part->method = which % 8;
    part->url = text(in, &part->url_len);
    if (which & 8)
        part->group = text(in, &part->group_len);
    if (which & 16)
        part->depends_on = text(in, &part->depends_on_len);
    if (which & 32)
        part->field_lines = lines(in, &part->field_lines_len);
    if (which & 64) {
        part->json = text(in, &len);
        part->json_len = len;
    }
}

#endif
