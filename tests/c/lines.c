/* The caller's own field lines, queries put together by hand, and calls that are ready made. */
#include <string.h>

#include "support.h"

static creatio_call call_with_lines(const char *lines) {
    creatio_call call = call_of("/");
    call.field_lines = lines;
    call.field_lines_len = strlen(lines);
    return call;
}

static void lines_stand_in_the_request(client *c) {
    static const char LINES[] = "Content-Range: bytes 0-9/20\r\nIf-Match:*\r\nX-Empty:\r\n";
    check_topic("field lines");
    creatio_call call = call_with_lines(LINES);
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    char request[512];
    size_t len = client_pull(c, (uint8_t *)request, sizeof request - 1, 7);
    request[len] = '\0';
    const char *found = strstr(request, LINES);
    CHECK(found != NULL && strcmp(found + strlen(LINES), "\r\n") == 0);
}

static void lines_that_are_refused(client *c) {
    static const struct {
        const char *lines;
        creatio_status status;
    } LINES[] = {
        { "Prefer: x", CREATIO_ERR_FIELD_VALUE },
        { "Prefer: x\n", CREATIO_ERR_FIELD_VALUE },
        { "Prefer: x \r\n", CREATIO_ERR_FIELD_VALUE },
        { "Prefer: x\rY: z\r\n", CREATIO_ERR_FIELD_VALUE },
        { "Prefer\r\n", CREATIO_ERR_FIELD_NAME },
        { "Prefer : x\r\n", CREATIO_ERR_FIELD_NAME },
        { "Prefer: x\r\n\r\n", CREATIO_ERR_FIELD_NAME },
        { ": x\r\n", CREATIO_ERR_FIELD_NAME },
        { "Prefer: x\r\ncookie: a=b\r\n", CREATIO_ERR_FIELD_RESERVED },
        { "BPMCSRF: x\r\n", CREATIO_ERR_FIELD_RESERVED },
        { "Content-Length: 5\r\n", CREATIO_ERR_FIELD_RESERVED },
        { "Prefer: \xFF\r\n", CREATIO_ERR_NOT_UTF8 },
    };
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        check_topic("refused field lines %zu", i);
        creatio_call call = call_with_lines(LINES[i].lines);
        creatio_exchange exchange;
        TAINT(exchange);
        CHECK_STATUS(creatio_session_call(&c->session, &call, &exchange), LINES[i].status);
        CHECK(IS_UNTOUCHED(exchange));
    }
    check_topic("field lines at NULL");
    creatio_call call = call_of("/");
    call.field_lines_len = 1;
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_ERR_NULL_POINTER);
}

static void queries_are_encoded(void) {
    static const char QUERY[] = "Name eq '\xC3\x96 & Co'+%";
    static const char ENCODED[] = "Name%20eq%20'%C3%96%20%26%20Co'%2B%25";
    size_t needed = strlen(ENCODED);
    for (size_t cap = 0; cap <= needed + 1; cap++) {
        check_topic("a query encoded into %zu bytes", cap);
        char *out = guarded_text(cap);
        size_t len = 0;
        creatio_status status = creatio_encode_query(QUERY, strlen(QUERY), out, cap, &len);
        CHECK_STATUS(status, cap < needed ? CREATIO_ERR_BUFFER_TOO_SMALL : CREATIO_OK);
        CHECK(len == needed);
        CHECK(cap < needed ? all_bytes(out, cap, UNTOUCHED) : memcmp(out, ENCODED, needed) == 0);
        guarded_free(out, cap);
    }
    check_topic("queries that are none");
    char out[4];
    size_t len = 7;
    CHECK_STATUS(creatio_encode_query(NULL, 0, NULL, 0, &len), CREATIO_OK);
    CHECK(len == 0);
    CHECK_STATUS(creatio_encode_query(NULL, 1, out, sizeof out, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_encode_query("a", 1, NULL, 1, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_encode_query("a", 1, out, sizeof out, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_encode_query("\xFF", 1, out, sizeof out, &len), CREATIO_ERR_NOT_UTF8);
    CHECK(len == 0);
}

/* A password, say, in a body that is put together by hand. */
static void texts_in_json_are_escaped(void) {
    static const char PLAIN[] = "a\"\\/\n\x1F\x7F \xC3\x96";
    static const char ESCAPED[] = "a\\\"\\\\/\\u000a\\u001f\x7F \xC3\x96";
    size_t needed = strlen(ESCAPED);
    for (size_t cap = 0; cap <= needed + 1; cap++) {
        check_topic("a text escaped into %zu bytes", cap);
        char *out = guarded_text(cap);
        size_t len = 0;
        creatio_status status = creatio_encode_json(PLAIN, strlen(PLAIN), out, cap, &len);
        CHECK_STATUS(status, cap < needed ? CREATIO_ERR_BUFFER_TOO_SMALL : CREATIO_OK);
        CHECK(len == needed);
        CHECK(cap < needed ? all_bytes(out, cap, UNTOUCHED) : memcmp(out, ESCAPED, needed) == 0);
        guarded_free(out, cap);
    }
    check_topic("texts that are none");
    char out[4];
    size_t len = 7;
    CHECK_STATUS(creatio_encode_json(NULL, 0, NULL, 0, &len), CREATIO_OK);
    CHECK(len == 0);
    CHECK_STATUS(creatio_encode_json(NULL, 1, out, sizeof out, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_encode_json("a", 1, NULL, 1, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_encode_json("a", 1, out, sizeof out, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_encode_json("\xFF", 1, out, sizeof out, &len), CREATIO_ERR_NOT_UTF8);
    CHECK(len == 0);
}

static void is_request(client *c, creatio_call call, const char *start) {
    check_topic("the call that begins with %s", start);
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    char request[512];
    size_t len = client_pull(c, (uint8_t *)request, sizeof request - 1, 64);
    CHECK(len > strlen(start) && memcmp(request, start, strlen(start)) == 0);
}

static void ready_made_calls(void) {
    for (int i = 0; i < 2; i++) {
        bool is_net = i == 1;
        creatio_runtime runtime = is_net ? CREATIO_RUNTIME_NET : CREATIO_RUNTIME_NET_FRAMEWORK;
        client c;
        client_init(&c, SITE_URL "/app", runtime, 1024);
        is_request(&c, creatio_call_logout(),
                   is_net ? "POST /app/rest/MainMenuService/Logout HTTP/1.1\r\n"
                          : "POST /app/0/rest/MainMenuService/Logout HTTP/1.1\r\n");
        is_request(&c, creatio_call_ping(),
                   is_net ? "POST /app/ping HTTP/1.1\r\n" : "POST /app/0/ping HTTP/1.1\r\n");
        is_request(&c, creatio_call_health_check(CREATIO_RUNTIME_NET_FRAMEWORK),
                   "GET /app/0/api/HealthCheck/Ping HTTP/1.1\r\n");
        is_request(&c, creatio_call_health_check(CREATIO_RUNTIME_NET),
                   "GET /app/api/HealthCheck/Ping HTTP/1.1\r\n");
        client_free(&c);
    }
}

void test_lines(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    lines_stand_in_the_request(&c);
    lines_that_are_refused(&c);
    client_free(&c);
    queries_are_encoded();
    texts_in_json_are_escaped();
    ready_made_calls();
}
