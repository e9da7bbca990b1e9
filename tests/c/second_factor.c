/* A login in two steps: each reply is fed whole, byte by byte and cut at every place, and the cookie
 * FirstFactor of the first goes back with the second. */
#include <stdio.h>
#include <string.h>

#include "support.h"

#ifdef RECORDED
/* FIRST_FACTOR, FIRST_REPLIES and SECOND_REPLY as an emulator has sent them. */
#include "recorded.h"
#else
#define FIRST_FACTOR "FirstFactor=0A1B2C"
#define JSON(code, exception)                                                               \
    "{\"Code\":" code ",\"Message\":\"\",\"Exception\":" exception ",\"PasswordChangeUrl\":null}"
#define STEP(code, exception)                                                               \
    "HTTP/1.0 200 OK\r\n" JSON_LINE "Set-Cookie: " FIRST_FACTOR                             \
    "; expires=Mon, 22-Nov-2027 00:52:54 GMT; path=/; HttpOnly\r\n\r\n" JSON(code, exception)
#define START_AUTH_FLOW                                                                     \
    "{\"Message\":\"\",\"Type\":"                                                           \
    "\"Terrasoft.Authentication.TwoFactor.Exceptions.StartAuthFlowException\"}"
#define FIRST_REPLIES STEP("0", "null"), STEP("5", "null"), STEP("1", START_AUTH_FLOW)
#define SECOND_REPLY GOOD_LOGIN
#endif

#define SECOND_HEAD                                                                         \
    "POST /ServiceModel/AuthService.svc/Login HTTP/1.1\r\n"                                 \
    "Host: crm.example.com\r\n" AGENT_LINE "Accept: application/json\r\n"                      \
    "Content-Type: application/json; charset=utf-8\r\nContent-Length: 91\r\n"               \
    "ForceUseSession: true\r\nCookie: " FIRST_FACTOR "\r\n\r\n"
#define SECOND_BODY                                                                         \
    "{\"UserName\":\"Supervisor\",\"UserPassword\":\"p\",\"ClaimList\":"                    \
    "[{\"Key\":\"token\",\"Value\":\"123456\"}]}"

static const char *const FIRST[] = { FIRST_REPLIES };

/* Begins a login with a code, or without one where that is NULL, and compares its request's end. */
static void step(client *c, const char *code, const char *expected) {
    creatio_credentials who = credentials_of("Supervisor", "p");
    char request[1024];
    who.one_time_code = code;
    who.one_time_code_len = code != NULL ? strlen(code) : 0;
    CHECK_STATUS(creatio_session_login(&c->session, &who, &c->exchange), CREATIO_OK);
    size_t len = client_pull(c, (uint8_t *)request, sizeof request, 64);
    size_t expected_len = strlen(expected);
    CHECK(len >= expected_len && memcmp(request + len - expected_len, expected, expected_len) == 0);
}

static void answered(client *c, const char *reply, size_t first, size_t pieces, creatio_login_verdict verdict) {
    creatio_login login;
    memset(&login, 0, sizeof login);
    outcome result = client_feed(c, reply, strlen(reply), first, pieces);
    CHECK_STATUS(result.status, CREATIO_OK);
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, &login), CREATIO_OK);
    CHECK(login.verdict == verdict);
    CHECK(login.authenticated == (verdict == CREATIO_LOGIN_AUTHENTICATED));
    CHECK(creatio_session_has_ticket(&c->session) == (verdict == CREATIO_LOGIN_AUTHENTICATED));
}

/* Both steps, their replies cut there. */
static void both_steps(const char *first_reply, size_t first_cut, size_t second_cut, size_t pieces) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    step(&c, NULL, "\r\nForceUseSession: true\r\n\r\n{\"UserName\":\"Supervisor\",\"UserPassword\":\"p\"}");
    answered(&c, first_reply, first_cut, pieces, CREATIO_LOGIN_SECOND_FACTOR_WANTED);
    step(&c, "123456", SECOND_HEAD SECOND_BODY);
    answered(&c, SECOND_REPLY, second_cut, pieces, CREATIO_LOGIN_AUTHENTICATED);
    client_free(&c);
}

/* After the first step: what an answer to a code comes to. */
static void second_step(const char *reply, creatio_login_verdict verdict) {
    for (size_t cut = 1; cut <= strlen(reply); cut++) {
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
        step(&c, NULL, "}");
        answered(&c, FIRST[0], 1, strlen(FIRST[0]), CREATIO_LOGIN_SECOND_FACTOR_WANTED);
        step(&c, "123456", SECOND_BODY);
        answered(&c, reply, cut, strlen(reply), verdict);
        client_free(&c);
    }
}

void test_second_factor(void) {
    for (size_t i = 0; i < sizeof FIRST / sizeof FIRST[0]; i++) {
        const char *first = FIRST[i];
        size_t most = strlen(first) > strlen(SECOND_REPLY) ? strlen(first) : strlen(SECOND_REPLY);
        check_topic("a login in two steps, the first answered by reply %zu, in single bytes", i);
        both_steps(first, 1, 1, 1);
        for (size_t cut = 1; cut <= most; cut++) {
            check_topic("a login in two steps, the first answered by reply %zu, cut at %zu", i, cut);
            both_steps(first, cut, cut, most);
        }
    }
    check_topic("what answers a code is no first step");
    second_step("HTTP/1.0 200 OK\r\n\r\n" SUCCESS, CREATIO_LOGIN_NO_TICKET);
    second_step("HTTP/1.0 200 OK\r\n\r\n{\"Code\":5}", CREATIO_LOGIN_PASSWORD_EXPIRED);
    second_step("HTTP/1.0 200 OK\r\n\r\n{\"Code\":1}", CREATIO_LOGIN_REJECTED);
}
