/* creatio_runtime_probe_: which runtime a site has, found out from its health checks. And that any
 * content type answers the library's own calls. */
#include <string.h>

#include "support.h"

#define HTML_LINE "Content-Type: text/html; charset=utf-8\r\n"
#define PONG OK_LINE HTML_LINE "Content-Length: 4\r\n\r\nPong"
#define EMPTY OK_LINE HTML_LINE "Content-Length: 0\r\n\r\n"
#define PAGE OK_LINE HTML_LINE "Content-Length: 20\r\n\r\n<html>Welcome</html>"
#define NOT_FOUND "HTTP/1.1 404 Not Found\r\n" HTML_LINE "Content-Length: 0\r\n\r\n"
#define BUSY "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
#define FAILED "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
#define REDIRECT \
    "HTTP/1.1 302 Found\r\nLocation: /Login/NuiLogin.aspx\r\nContent-Length: 0\r\n\r\n"
#define LOGIN_PAGE \
    OK_LINE HTML_LINE "Content-Length: 46\r\n\r\n<html><form action=\"/Login/NuiLogin.aspx?x\">...."

/* Makes a call that is answered with this, in pieces of `step` bytes. */
static void make(client *c, const creatio_call *call, const char *reply, size_t step) {
    CHECK_STATUS(creatio_session_call(&c->session, call, &c->exchange), CREATIO_OK);
    uint8_t request[512];
    client_pull(c, request, sizeof request, sizeof request);
    CHECK_STATUS(client_feed(c, reply, strlen(reply), step, step).status, CREATIO_OK);
}

/* The step after the next question, which is for this path, and this answer. */
static creatio_probe_step asked(client *c, creatio_runtime_probe *probe, const char *path, const char *reply,
                     size_t step) {
    creatio_call call = creatio_runtime_probe_call(probe);
    CHECK_TEXT(call.path, call.path_len, path);
    CHECK(call.at_root && call.method == CREATIO_METHOD_GET);
    make(c, &call, reply, step);
    return creatio_runtime_probe_after_answer(probe, &c->exchange, &c->session);
}

#define FIRST "/0/api/HealthCheck/Ping"
#define SECOND "/api/HealthCheck/Ping"

static void steps(client *c, size_t step) {
    static const char *const YES[] = { PONG, EMPTY, PAGE };
    static const char *const UNKNOWN[] = { BUSY, FAILED, REDIRECT, LOGIN_PAGE };
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++) {
        check_topic("probe, answer %zu in pieces of %zu", i, step);
        creatio_runtime_probe probe;
        TAINT(probe);
        CHECK_STATUS(creatio_runtime_probe_init(&probe), CREATIO_OK);
        CHECK(asked(c, &probe, FIRST, YES[i], step) == CREATIO_PROBE_FOUND_NET_FRAMEWORK);
        CHECK_STATUS(creatio_runtime_probe_init(&probe), CREATIO_OK);
        CHECK(asked(c, &probe, FIRST, NOT_FOUND, step) == CREATIO_PROBE_ASK);
        CHECK(asked(c, &probe, SECOND, YES[i], step) == CREATIO_PROBE_FOUND_NET);
    }
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof UNKNOWN[0]; i++) {
        check_topic("probe, no answer %zu in pieces of %zu", i, step);
        creatio_runtime_probe probe;
        CHECK_STATUS(creatio_runtime_probe_init(&probe), CREATIO_OK);
        CHECK(asked(c, &probe, FIRST, UNKNOWN[i], step) == CREATIO_PROBE_ASK_LATER);
        CHECK(asked(c, &probe, FIRST, NOT_FOUND, step) == CREATIO_PROBE_ASK);
        CHECK(asked(c, &probe, SECOND, UNKNOWN[i], step) == CREATIO_PROBE_ASK_LATER);
        CHECK(asked(c, &probe, FIRST, PONG, step) == CREATIO_PROBE_FOUND_NET_FRAMEWORK);
    }
    check_topic("probe, two 404s in pieces of %zu", step);
    creatio_runtime_probe probe;
    CHECK_STATUS(creatio_runtime_probe_init(&probe), CREATIO_OK);
    CHECK(asked(c, &probe, FIRST, NOT_FOUND, step) == CREATIO_PROBE_ASK);
    CHECK(asked(c, &probe, SECOND, NOT_FOUND, step) == CREATIO_PROBE_NO_HEALTH_CHECK);
    CHECK(asked(c, &probe, FIRST, PONG, step) == CREATIO_PROBE_FOUND_NET_FRAMEWORK);
}

static void how_long_to_wait(client *c) {
    check_topic("probe, when to ask again");
    creatio_runtime_probe probe;
    creatio_answer answer;
    CHECK_STATUS(creatio_runtime_probe_init(&probe), CREATIO_OK);
    CHECK(asked(c, &probe, FIRST, BUSY, 1) == CREATIO_PROBE_ASK_LATER);
    CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer), CREATIO_OK);
    CHECK(answer.has_retry_after && answer.retry_after == 7);
}

static void misuse(client *c) {
    check_topic("probe, misuse");
    creatio_runtime_probe probe;
    creatio_call call;
    CHECK_STATUS(creatio_runtime_probe_init(NULL), CREATIO_ERR_NULL_POINTER);
    memset(&probe, 0, sizeof probe);
    call = creatio_runtime_probe_call(&probe);
    CHECK_TEXT(call.path, call.path_len, FIRST);
    call = creatio_runtime_probe_call(NULL);
    CHECK_TEXT(call.path, call.path_len, FIRST);
    make(c, &call, PONG, 7);
    creatio_probe_step none = CREATIO_PROBE_NO_HEALTH_CHECK;
    CHECK(creatio_runtime_probe_after_answer(NULL, &c->exchange, &c->session) == none);
    CHECK(creatio_runtime_probe_after_answer(&probe, &c->exchange, &c->session) == none);
    CHECK_STATUS(creatio_runtime_probe_init(&probe), CREATIO_OK);
    CHECK(creatio_runtime_probe_after_answer(&probe, NULL, &c->session) == none);
    CHECK(creatio_runtime_probe_after_answer(&probe, &c->exchange, NULL) == none);
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK); /* no call */
    CHECK(creatio_runtime_probe_after_answer(&probe, &c->exchange, &c->session) == none);
    client_begin_get(c, "/"); /* not answered yet */
    CHECK(creatio_runtime_probe_after_answer(&probe, &c->exchange, &c->session) == none);
}

static void any_content_type(client *c, size_t step) {
    static const struct {
        const char *reply;
        creatio_call_verdict verdict;
    } REPLIES[] = {
        { PONG, CREATIO_CALL_FINE },
        { EMPTY, CREATIO_CALL_FINE },
        { PAGE, CREATIO_CALL_FINE },
        { LOGIN_PAGE, CREATIO_CALL_ENDED_LOGIN_PAGE },
        { REDIRECT, CREATIO_CALL_ENDED_REDIRECT },
    };
    const creatio_call calls[] = { creatio_call_ping(), creatio_call_logout(),
                                   creatio_call_health_check(CREATIO_RUNTIME_NET) };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (size_t j = 0; j < sizeof REPLIES / sizeof REPLIES[0]; j++) {
            check_topic("ready-made call %zu, answer %zu in pieces of %zu", i, j, step);
            creatio_answer answer;
            make(c, &calls[i], REPLIES[j].reply, step);
            CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer),
                         CREATIO_OK);
            CHECK(answer.verdict == REPLIES[j].verdict);
        }
    }
}

void test_probe(void) {
    client c;
    client_init(&c, SITE_URL "/app", CREATIO_RUNTIME_NET, 1024);
    for (size_t step = 1; step < 160; step += step < 8 ? 1 : 37) {
        steps(&c, step);
        any_content_type(&c, step);
    }
    how_long_to_wait(&c);
    misuse(&c);
    client_free(&c);
}
