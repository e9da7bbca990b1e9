#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD = 32 };

static void *allocate(size_t len) {
    void *memory = malloc(len > 0 ? len : 1);
    if (memory == NULL) {
        puts("out of memory");
        exit(1);
    }
    return memory;
}

uint8_t *guarded_new(size_t len) {
    uint8_t *all = (uint8_t *)allocate(GUARD + len + GUARD);
    memset(all, UNTOUCHED, GUARD + len + GUARD);
    return all + GUARD;
}

char *guarded_text(size_t len) {
    return (char *)guarded_new(len);
}

void guarded_free(void *memory, size_t len) {
    uint8_t *bytes = (uint8_t *)memory;
    CHECK(all_bytes(bytes - GUARD, GUARD, UNTOUCHED));
    CHECK(all_bytes(bytes + len, GUARD, UNTOUCHED));
    free(bytes - GUARD);
}

bool all_bytes(const void *memory, size_t len, uint8_t byte) {
    const uint8_t *bytes = (const uint8_t *)memory;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != byte) {
            return false;
        }
    }
    return true;
}

bool is_wiped(const void *memory, size_t len) {
    const uint8_t *bytes = (const uint8_t *)memory;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0 && bytes[i] != UNTOUCHED) {
            return false;
        }
    }
    return true;
}

void *exact_copy(const void *bytes, size_t len) {
    void *copy = allocate(len);
    memcpy(copy, bytes, len);
    return copy;
}

void client_init(client *c, const char *url, creatio_runtime runtime, size_t memory_len) {
    memset(c, 0, sizeof *c);
    c->url = (char *)exact_copy(url, strlen(url));
    c->memory = guarded_new(memory_len);
    c->memory_len = memory_len;
    CHECK_STATUS(creatio_site_parse(&c->site, c->url, strlen(url), runtime), CREATIO_OK);
    CHECK_STATUS(creatio_session_init(&c->session, &c->site, c->memory, memory_len), CREATIO_OK);
}

void client_free(client *c) {
    guarded_free(c->memory, c->memory_len);
    free(c->url);
}

creatio_credentials credentials_of(const char *user_name, const char *password) {
    creatio_credentials credentials;
    memset(&credentials, 0, sizeof credentials);
    credentials.user_name = user_name;
    credentials.user_name_len = strlen(user_name);
    credentials.password = password;
    credentials.password_len = strlen(password);
    return credentials;
}

creatio_client_credentials client_of(const char *id, const char *secret) {
    creatio_client_credentials credentials;
    memset(&credentials, 0, sizeof credentials);
    credentials.id = id;
    credentials.id_len = strlen(id);
    credentials.secret = secret;
    credentials.secret_len = secret == NULL ? 0 : strlen(secret);
    return credentials;
}

creatio_call call_of(const char *path) {
    creatio_call call;
    memset(&call, 0, sizeof call);
    call.path = path;
    call.path_len = strlen(path);
    return call;
}

void client_begin_login(client *c) {
    uint8_t request[1024];
    creatio_credentials credentials = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_session_login(&c->session, &credentials, &c->exchange), CREATIO_OK);
    client_pull(c, request, sizeof request, sizeof request);
}

void client_begin_token(client *c) {
    uint8_t request[1024];
    creatio_site identity;
    creatio_client_credentials credentials = client_of("3D2C", "B0A1SECRET");
    CHECK_STATUS(creatio_site_parse(&identity, IDENTITY_URL, strlen(IDENTITY_URL), CREATIO_RUNTIME_NET),
                 CREATIO_OK);
    CHECK_STATUS(creatio_session_token(&c->session, &identity, &credentials, &c->exchange),
                 CREATIO_OK);
    client_pull(c, request, sizeof request, sizeof request);
}

void client_begin_get(client *c, const char *path) {
    uint8_t request[1024];
    creatio_call call = call_of(path);
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    client_pull(c, request, sizeof request, sizeof request);
}

size_t client_pull(client *c, uint8_t *out, size_t cap, size_t step) {
    uint8_t *buffer = guarded_new(step);
    size_t total = 0;
    creatio_status status = CREATIO_MORE;
    while (status == CREATIO_MORE) {
        size_t len = 0;
        status = creatio_exchange_fill(&c->exchange, &c->session, buffer, step, &len);
        if (!CHECK(status == CREATIO_MORE || status == CREATIO_OK) ||
            !CHECK(len <= step && len <= cap - total)) {
            break;
        }
        CHECK(status == CREATIO_OK || len == step);
        CHECK(all_bytes(buffer + len, status == CREATIO_OK ? 0 : step - len, UNTOUCHED));
        memcpy(out + total, buffer, len);
        total += len;
    }
    guarded_free(buffer, step);
    return total;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Feeds one piece to its end, or to that of the reply. */
static void feed_piece(client *c, const char *piece, size_t len, outcome *result) {
    size_t at = 0;
    while (at < len && result->status == CREATIO_MORE) {
        creatio_fed fed;
        TAINT(fed);
        const uint8_t *rest = (const uint8_t *)piece + at;
        result->status =
            creatio_exchange_feed(&c->exchange, &c->session, rest, len - at, &fed);
        if (result->status < 0) {
            CHECK(IS_UNTOUCHED(fed));
            return;
        }
        if (!CHECK(fed.consumed > 0 && fed.consumed <= len - at)) {
            return;
        }
        CHECK((fed.body == NULL) == (fed.body_len == 0));
        if (fed.body != NULL) {
            CHECK(fed.body >= rest && fed.body + fed.body_len <= rest + fed.consumed);
            if (CHECK(fed.body_len <= sizeof result->body - result->body_len)) {
                memcpy(result->body + result->body_len, fed.body, fed.body_len);
                result->body_len += fed.body_len;
            }
        }
        at += fed.consumed;
        result->consumed += fed.consumed;
    }
}

outcome client_feed(client *c, const char *reply, size_t len, size_t first, size_t step) {
    outcome result;
    memset(&result, 0, sizeof result);
    result.status = CREATIO_MORE;
    for (size_t at = 0; at < len && result.status == CREATIO_MORE;) {
        size_t size = smaller(at == 0 ? first : step, len - at);
        char *piece = (char *)exact_copy(reply + at, size);
        feed_piece(c, piece, size, &result);
        free(piece);
        at += size;
    }
    if (result.status == CREATIO_MORE) {
        result.status = creatio_exchange_close(&c->exchange, &c->session);
    }
    creatio_state expected = result.status == CREATIO_OK ? CREATIO_STATE_DONE : CREATIO_STATE_FAILED;
    CHECK(creatio_exchange_state(&c->exchange) == expected);
    result.memory_needed = creatio_exchange_memory_needed(&c->exchange);
    CHECK((result.memory_needed > 0) == (result.status == CREATIO_ERR_MEMORY_TOO_SMALL));
    return result;
}

outcome client_login(client *c, const char *reply) {
    client_begin_login(c);
    return client_feed(c, reply, strlen(reply), strlen(reply), 1);
}

outcome client_token(client *c, const char *reply) {
    client_begin_token(c);
    return client_feed(c, reply, strlen(reply), strlen(reply), 1);
}

outcome client_get(client *c, const char *path, const char *reply) {
    client_begin_get(c, path);
    return client_feed(c, reply, strlen(reply), strlen(reply), 1);
}

char *framed(const char *lines, const char *body, int framing) {
    size_t len = strlen(body), cap = strlen(lines) + len + 100;
    char *reply = (char *)allocate(cap);
    if (framing == BY_LENGTH) {
        snprintf(reply, cap, "%sContent-Length: %zu\r\n\r\n%s", lines, len, body);
    } else if (framing == BY_CLOSE) {
        snprintf(reply, cap, "%s\r\n%s", lines, body);
    } else {
        /* A chunk of one byte, one of two, and the rest. */
        int at = snprintf(reply, cap, "%sTransfer-Encoding: chunked\r\n\r\n", lines);
        for (size_t size = 1; len > 0; size++) {
            size_t chunk = size > 2 ? len : smaller(size, len);
            at += snprintf(reply + at, cap - (size_t)at, "%zx\r\n%.*s\r\n", chunk, (int)chunk,
                           body);
            body += chunk;
            len -= chunk;
        }
        snprintf(reply + at, cap - (size_t)at, "0\r\n\r\n");
    }
    return reply;
}

void client_grant(client *c, const char *document) {
    char *reply = framed(OK_LINE JSON_LINE, document, BY_LENGTH);
    CHECK_STATUS(client_token(c, reply).status, CREATIO_OK);
    CHECK(creatio_exchange_is_signed_in(&c->exchange, &c->session));
    free(reply);
}

char *client_lines(const client *c, const char *path) {
    creatio_call call = call_of(path);
    size_t len = 0;
    CHECK_STATUS(creatio_session_authorization_lines(&c->session, &call, NULL, 0, &len),
                 CREATIO_ERR_BUFFER_TOO_SMALL);
    char *lines = guarded_text(len);
    size_t written = 0;
    CHECK_STATUS(creatio_session_authorization_lines(&c->session, &call, lines, len, &written),
                 CREATIO_OK);
    CHECK_SIZE(written, len);
    char *text = (char *)allocate(len + 1);
    memcpy(text, lines, len);
    text[len] = '\0';
    guarded_free(lines, len);
    return text;
}

void lines_are(const client *c, const char *expected) {
    char *lines = client_lines(c, "/odata/Contact");
    CHECK_TEXT(lines, strlen(lines), expected);
    free(lines);
}

uint8_t *snapshot_of(const creatio_session *session, size_t *len) {
    *len = creatio_session_snapshot_len(session);
    uint8_t *bytes = guarded_new(*len);
    size_t written = 0;
    CHECK_STATUS(creatio_session_snapshot(session, bytes, *len, &written), CREATIO_OK);
    CHECK_SIZE(written, *len);
    uint8_t *copy = (uint8_t *)exact_copy(bytes, *len);
    guarded_free(bytes, *len);
    return copy;
}

bool is_snapshot_of(const creatio_session *session, const uint8_t *bytes, size_t len) {
    size_t now_len;
    uint8_t *now = snapshot_of(session, &now_len);
    /* All but byte 5, which counts sign-ins, and the CRC at the end. */
    bool same = now_len == len && len > 10 && memcmp(now, bytes, 5) == 0 &&
                memcmp(now + 6, bytes + 6, len - 10) == 0;
    free(now);
    return same;
}

bool knows(const client *c, const char *bytes) {
    size_t len, wanted = strlen(bytes);
    uint8_t *snapshot = snapshot_of(&c->session, &len);
    bool found = false;
    for (size_t at = 0; at + wanted <= len && !found; at++) {
        found = memcmp(snapshot + at, bytes, wanted) == 0;
    }
    free(snapshot);
    return found;
}

void text_is(const client *c, creatio_text text, const char *expected) {
    CHECK(!text.truncated);
    if (expected == NULL) {
        CHECK(text.text == NULL);
        CHECK_SIZE(text.len, 0);
        return;
    }
    CHECK_TEXT(text.text, text.len, expected);
    const char *memory = (const char *)c->memory;
    CHECK(text.text >= memory && text.text + text.len <= memory + c->memory_len);
}
