/* The answer to a request for a token, in every framing and at every cut, and in little memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define HTML_LINE "Content-Type: text/html; charset=utf-8\r\n"
#define STATUS(status) "HTTP/1.1 " status "\r\n"
#define LOGIN_PAGE "<html><form action=\"/Login/NuiLogin.aspx?ReturnUrl=%2fconnect%2ftoken\">"
#define ERROR(error) "{\"error_description\":\"Because \\u00fc\",\"error\":\"" error "\"}"
#define BECAUSE "Because \xC3\xBC"
#define TYPED(token, type) "{\"access_token\":" token ",\"token_type\":" type "}"

/* An answer and what is to come of it. A text that is NULL is not to be there, a number below 0
 * neither. */
typedef struct {
    const char *lines;
    const char *body;
    creatio_token_verdict verdict;
    uint16_t http_status;
    const char *error;
    const char *error_description;
    int64_t expires_in;
    int64_t retry_after;
} fixture;

#define GRANTED(body, expires_in) \
    { OK_LINE JSON_LINE, body, CREATIO_TOKEN_GRANTED, 200, NULL, NULL, expires_in, -1 }
#define FAILS(status, body, verdict, number, error, description) \
    { STATUS(status) JSON_LINE, body, verdict, number, error, description, -1, -1 }
#define REFUSES(error, verdict) \
    FAILS("400 Bad Request", ERROR(error), verdict, 400, error, BECAUSE)
#define NO_TOKEN(body, verdict) { OK_LINE JSON_LINE, body, verdict, 200, NULL, NULL, -1, -1 }
#define ELSEWHERE(lines, body, verdict, number) \
    { lines, body, verdict, number, NULL, NULL, -1, -1 }

static const fixture FIXTURES[] = {
    GRANTED(GRANT(TOKEN, ",\"expires_in\":3600,\"scope\":\"App\""), 3600),
    GRANTED("{\"expires_in\":0,\"token_type\":\"BEARER\",\"error\":null,\"access_token\":\"a\"}",
            0),
    GRANTED(GRANT("a", ",\"expires_in\":99999999999999999999"), INT32_MAX),
    GRANTED(GRANT("a", ",\"expires_in\":\"3600\""), -1),
    GRANTED(GRANT("a", ",\"expires_in\":-5"), -1),
    GRANTED(GRANT("a", ",\"expires_in\":36e2"), -1),
    { OK_LINE, " \r\n" GRANT("a", ""), CREATIO_TOKEN_GRANTED, 200, NULL, NULL, -1, -1 },

    REFUSES("invalid_request", CREATIO_TOKEN_INVALID_REQUEST),
    REFUSES("invalid_client", CREATIO_TOKEN_INVALID_CLIENT),
    REFUSES("invalid_grant", CREATIO_TOKEN_INVALID_GRANT),
    REFUSES("unauthorized_client", CREATIO_TOKEN_UNAUTHORIZED_CLIENT),
    REFUSES("unsupported_grant_type", CREATIO_TOKEN_UNSUPPORTED_GRANT_TYPE),
    REFUSES("invalid_scope", CREATIO_TOKEN_INVALID_SCOPE),
    REFUSES("server_error", CREATIO_TOKEN_OTHER_ERROR),
    REFUSES("Invalid_Client", CREATIO_TOKEN_OTHER_ERROR),
    REFUSES("", CREATIO_TOKEN_OTHER_ERROR),
    FAILS("401 U", ERROR("invalid_client"), CREATIO_TOKEN_INVALID_CLIENT, 401, "invalid_client",
          BECAUSE),
    FAILS("200 OK", ERROR("invalid_client"), CREATIO_TOKEN_INVALID_CLIENT, 200, "invalid_client",
          BECAUSE),
    FAILS("500 Oops", "{\"error\":\"invalid_grant\"}", CREATIO_TOKEN_INVALID_GRANT, 500,
          "invalid_grant", NULL),
    FAILS("401 U", "{}", CREATIO_TOKEN_INVALID_CLIENT, 401, NULL, NULL),
    FAILS("401 U", "", CREATIO_TOKEN_INVALID_CLIENT, 401, NULL, NULL),
    FAILS("400 B", "no document", CREATIO_TOKEN_UNEXPECTED_STATUS, 400, NULL, NULL),
    /* An error counts though a token comes with it. */
    FAILS("200 OK", "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"error\":\"x\"}",
          CREATIO_TOKEN_OTHER_ERROR, 200, "x", NULL),

    ELSEWHERE(STATUS("302 F") "Location: /Login/NuiLogin.aspx?ReturnUrl=x\r\n", "moved",
              CREATIO_TOKEN_WRONG_HOST, 302),
    ELSEWHERE(STATUS("302 F") "Location: https://a/Login/Login.html?ReturnUrl=x\r\n", "",
              CREATIO_TOKEN_WRONG_HOST, 302),
    ELSEWHERE(OK_LINE HTML_LINE, LOGIN_PAGE, CREATIO_TOKEN_WRONG_HOST, 200),
    ELSEWHERE(OK_LINE, LOGIN_PAGE, CREATIO_TOKEN_WRONG_HOST, 200),
    ELSEWHERE(STATUS("401 U") HTML_LINE, LOGIN_PAGE, CREATIO_TOKEN_WRONG_HOST, 401),
    ELSEWHERE(STATUS("301 M") "Location: https://a/connect/token\r\n", "",
              CREATIO_TOKEN_REDIRECT, 301),
    ELSEWHERE(OK_LINE HTML_LINE, "<html>Welcome", CREATIO_TOKEN_WEB_PAGE, 200),
    ELSEWHERE(OK_LINE HTML_LINE, "Welcome", CREATIO_TOKEN_WEB_PAGE, 200),
    ELSEWHERE(OK_LINE, "<html>Welcome", CREATIO_TOKEN_WEB_PAGE, 200),
    ELSEWHERE(STATUS("404 N") HTML_LINE, "<html>", CREATIO_TOKEN_NOT_FOUND, 404),
    ELSEWHERE(STATUS("405 M"), "", CREATIO_TOKEN_NOT_FOUND, 405),
    ELSEWHERE(STATUS("500 Oops"), "", CREATIO_TOKEN_UNEXPECTED_STATUS, 500),
    ELSEWHERE(STATUS("201 Created"), GRANT("a", ""), CREATIO_TOKEN_UNEXPECTED_STATUS, 201),

    { STATUS("429 Busy") "Retry-After: 7\r\n", "", CREATIO_TOKEN_BUSY, 429, NULL, NULL, -1, 7 },
    { STATUS("503 Busy") "Retry-After: 99999999999\r\n", "", CREATIO_TOKEN_BUSY, 503, NULL, NULL,
      -1, UINT32_MAX },
    { STATUS("503 Busy"), ERROR("temporarily_unavailable"), CREATIO_TOKEN_BUSY, 503,
      "temporarily_unavailable", BECAUSE, -1, -1 },

    NO_TOKEN("{}", CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN("{\"token_type\":\"Bearer\",\"expires_in\":3600}", CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("\"\"", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("null", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("5", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("{\"a\":\"b\"}", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("\"a b\"", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("\"a\\r\\nX-Injected: 1\"", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("\"\\u0000\"", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("\"t\xC3\xB6k\xC3\xA9n\"", "\"Bearer\""), CREATIO_TOKEN_NO_TOKEN),
    NO_TOKEN(TYPED("\"a\"", "\"mac\""), CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE),
    NO_TOKEN(TYPED("\"a\"", "\"\""), CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE),
    NO_TOKEN(TYPED("\"a\"", "null"), CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE),
    NO_TOKEN(TYPED("\"a\"", "\"Bearer \""), CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE),
    NO_TOKEN("{\"access_token\":\"a\"}", CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE),
};

/* What the session is before: signed in by a login. */
static uint8_t *signed_in;
static size_t signed_in_len;

static void client_init_signed_in(client *c, size_t memory_len) {
    client_init(c, SITE_URL, CREATIO_RUNTIME_NET, memory_len);
    CHECK_STATUS(creatio_session_restore(&c->session, signed_in, signed_in_len), CREATIO_OK);
}

/* The result of a request for a token that is complete. */
static creatio_token token_of(const client *c) {
    creatio_token token;
    TAINT(token);
    CHECK_STATUS(creatio_exchange_token_result(&c->exchange, &c->session, &token), CREATIO_OK);
    return token;
}

/* Only a token changes the session, and then as a whole. */
static void answer_is(const fixture *f, const char *reply, size_t first, size_t step) {
    client c;
    client_init_signed_in(&c, 512);
    client_begin_token(&c);
    outcome result = client_feed(&c, reply, strlen(reply), first, step);
    CHECK_STATUS(result.status, CREATIO_OK);
    CHECK_SIZE(result.consumed, strlen(reply));
    CHECK_SIZE(result.body_len, 0);
    creatio_token token = token_of(&c);
    bool granted = f->verdict == CREATIO_TOKEN_GRANTED;
    CHECK(token.verdict == f->verdict);
    CHECK(token.granted == granted);
    CHECK(token.http_status == f->http_status);
    CHECK(token.has_expires_in == (f->expires_in >= 0));
    CHECK(token.expires_in == (f->expires_in >= 0 ? f->expires_in : 0));
    CHECK(token.has_retry_after == (f->retry_after >= 0));
    CHECK(token.retry_after == (f->retry_after >= 0 ? f->retry_after : 0));
    text_is(&c, token.error, f->error);
    text_is(&c, token.error_description, f->error_description);
    CHECK(creatio_exchange_is_signed_in(&c.exchange, &c.session) == granted);
    CHECK(creatio_session_has_authorization(&c.session) == granted);
    CHECK(creatio_session_has_ticket(&c.session) == !granted);
    CHECK(creatio_session_has_csrf_token(&c.session) == !granted);
    CHECK(is_snapshot_of(&c.session, signed_in, signed_in_len) == !granted);
    client_free(&c);
}

static void answers(void) {
    for (size_t i = 0; i < sizeof FIXTURES / sizeof FIXTURES[0]; i++) {
        for (int framing = 0; framing < FRAMINGS; framing++) {
            char *reply = framed(FIXTURES[i].lines, FIXTURES[i].body, framing);
            size_t len = strlen(reply);
            check_topic("token's answer %zu in framing %d, byte by byte", i, framing);
            answer_is(&FIXTURES[i], reply, 1, 1);
            for (size_t first = 1; first <= len; first++) {
                check_topic("token's answer %zu in framing %d, cut at %zu", i, framing, first);
                answer_is(&FIXTURES[i], reply, first, len);
            }
            free(reply);
        }
    }
}

/* A reply that fails, and leaves the session as it was. */
static void fails_with(creatio_status expected, const char *reply, size_t len, size_t first, size_t step) {
    client c;
    creatio_token token;
    TAINT(token);
    client_init_signed_in(&c, 512);
    client_begin_token(&c);
    CHECK_STATUS(client_feed(&c, reply, len, first, step).status, expected);
    CHECK_STATUS(creatio_exchange_token_result(&c.exchange, &c.session, &token),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK(IS_UNTOUCHED(token));
    CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
    CHECK(is_snapshot_of(&c.session, signed_in, signed_in_len));
    /* Not even what the session does not know stays in its memory. */
    for (size_t at = 0; at + strlen(TOKEN) <= c.memory_len; at++) {
        CHECK(memcmp(c.memory + at, TOKEN, strlen(TOKEN)) != 0);
    }
    client_free(&c);
}

static void answers_that_are_none(void) {
    static const struct {
        creatio_status status;
        const char *lines;
        const char *body;
    } REFUSED[] = {
        { CREATIO_ERR_JSON_NOT_AN_OBJECT, OK_LINE, "[]" },
        { CREATIO_ERR_JSON_NOT_AN_OBJECT, OK_LINE, "\"a\"" },
        { CREATIO_ERR_JSON_MALFORMED, OK_LINE, "granted" },
        { CREATIO_ERR_JSON_MALFORMED, OK_LINE, GRANT(TOKEN, "") " x" },
        { CREATIO_ERR_JSON_CUT_OFF, OK_LINE, "{\"token_type\":\"Bearer\",\"access_token\":\"" TOKEN },
        { CREATIO_ERR_JSON_CUT_OFF, OK_LINE, "" },
        { CREATIO_ERR_JSON_DOUBLED, OK_LINE, GRANT(TOKEN, ",\"access_token\":\"b\"") },
        { CREATIO_ERR_JSON_DOUBLED, OK_LINE, GRANT(TOKEN, ",\"\\u0061ccess_token\":\"b\"") },
        { CREATIO_ERR_CONTENT_ENCODING, OK_LINE "Content-Encoding: gzip\r\n", GRANT(TOKEN, "") },
        { CREATIO_ERR_HTTP_FIELD_NAME, OK_LINE "no colon\r\n", GRANT(TOKEN, "") },
    };
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        for (int framing = 0; framing < FRAMINGS; framing++) {
            check_topic("refused token's answer %zu in framing %d", i, framing);
            char *reply = framed(REFUSED[i].lines, REFUSED[i].body, framing);
            fails_with(REFUSED[i].status, reply, strlen(reply), 1, 1);
            fails_with(REFUSED[i].status, reply, strlen(reply), strlen(reply), 1);
            free(reply);
        }
    }
    for (int framing = BY_LENGTH; framing <= BY_CHUNKS; framing++) {
        char *reply = framed(OK_LINE JSON_LINE, GRANT(TOKEN, ""), framing);
        for (size_t len = 0; len < strlen(reply); len++) {
            check_topic("token's answer in framing %d that ends at %zu", framing, len);
            fails_with(CREATIO_ERR_CLOSED_EARLY, reply, len, len, 1);
        }
        free(reply);
    }
}

/* What a token needs with this much memory; 0 if it is enough. */
static size_t needs(size_t memory_len, const char *reply, size_t first, const char *lines) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, memory_len);
    client_begin_token(&c);
    outcome result = client_feed(&c, reply, strlen(reply), first, strlen(reply));
    if (result.status == CREATIO_OK) {
        CHECK(token_of(&c).granted);
        lines_are(&c, lines);
    } else {
        CHECK_STATUS(result.status, CREATIO_ERR_MEMORY_TOO_SMALL);
        CHECK(result.memory_needed > memory_len);
        CHECK(!creatio_session_has_authorization(&c.session));
        CHECK(all_bytes(c.memory, memory_len, 0));
    }
    client_free(&c);
    return result.memory_needed;
}

/* What is named is enough, however the reply comes. Where not even the head had room, it is enough
 * for that; then the token itself says what it takes. */
static void memory_for(const char *reply, size_t token_len, const char *lines) {
    size_t first = needs(0, reply, strlen(reply), lines);
    CHECK_SIZE(needs(0, reply, 1, lines), first);
    size_t second = needs(first, reply, strlen(reply), lines);
    CHECK_SIZE(needs(first, reply, 1, lines), second);
    size_t enough = second > 0 ? second : first;
    CHECK_SIZE(needs(enough, reply, strlen(reply), lines), 0);
    CHECK_SIZE(needs(enough, reply, 1, lines), 0);
    CHECK(enough <= token_len + 170);
}

static void tokens_of_any_length(void) {
    static const size_t LENGTHS[] = { 1, 22, 23, 24, 1150, 4096, 16000 };
    static char token[16001], body[16100], lines[16100];
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        memset(token, 'x', LENGTHS[i]);
        token[LENGTHS[i]] = '\0';
        snprintf(lines, sizeof lines, "Authorization: Bearer %s\r\n", token);
        for (int order = 0; order < 2; order++) {
            snprintf(body, sizeof body, order == 0
                         ? "{\"access_token\":\"%s\",\"token_type\":\"Bearer\"}"
                         : "{\"token_type\":\"Bearer\",\"expires_in\":1,\"access_token\":\"%s\"}",
                     token);
            for (int framing = BY_LENGTH; framing < FRAMINGS; framing++) {
                check_topic("memory for a token of %zu, order %d, framing %d", LENGTHS[i], order,
                            framing);
                char *reply = framed(OK_LINE JSON_LINE, body, framing);
                memory_for(reply, LENGTHS[i], lines);
                free(reply);
            }
        }
    }
}

/* The first token needs room for itself; the next one beside it, while it comes. */
static void a_second_token(void) {
    check_topic("memory for a second token");
    static const char LINES[] = "Authorization: Bearer " TOKEN "\r\n";
    char *reply = framed(OK_LINE JSON_LINE, GRANT(TOKEN, ""), BY_LENGTH);
    client c;
    size_t memory_len = 0;
    while (needs(memory_len, reply, 1, LINES) > 0) {
        memory_len++;
    }
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, memory_len);
    CHECK_STATUS(client_token(&c, reply).status, CREATIO_OK);
    outcome result = client_token(&c, reply);
    CHECK_STATUS(result.status, CREATIO_ERR_MEMORY_TOO_SMALL);
    CHECK(result.memory_needed > memory_len);
    lines_are(&c, LINES);
    client_free(&c);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 256);
    for (int round = 0; round < 100; round++) {
        CHECK_STATUS(client_token(&c, reply).status, CREATIO_OK);
        lines_are(&c, LINES);
    }
    free(reply);
    client_free(&c);
}

/* What an error is does not hang on the room for its text. */
static void errors_in_little_memory(void) {
    for (int framing = 0; framing < FRAMINGS; framing++) {
        char *reply = framed("HTTP/1.1 400 B\r\n", "{\"error\":\"invalid_client\"}", framing);
        for (size_t memory_len = 0; memory_len < 64; memory_len++) {
            check_topic("an error in framing %d and %zu bytes", framing, memory_len);
            client c;
            client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, memory_len);
            outcome result = client_token(&c, reply);
            if (result.status == CREATIO_OK) {
                CHECK(token_of(&c).verdict == CREATIO_TOKEN_INVALID_CLIENT);
            } else {
                CHECK_STATUS(result.status, CREATIO_ERR_MEMORY_TOO_SMALL);
            }
            client_free(&c);
        }
        free(reply);
    }
}

/* A token is as long as it is: what is said to be granted authorises calls. */
static void tokens_beyond_64_kib(void) {
    static const size_t LENGTHS[] = { 65528, 65529, 65536, 70000 };
    static char body[71000];
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        check_topic("a token of %zu", LENGTHS[i]);
        size_t at = (size_t)snprintf(body, sizeof body, "{\"access_token\":\"");
        memset(body + at, 'x', LENGTHS[i]);
        snprintf(body + at + LENGTHS[i], sizeof body - at - LENGTHS[i],
                 "\",\"token_type\":\"Bearer\"}");
        char *reply = framed(OK_LINE, body, BY_LENGTH);
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 300000);
        client_token(&c, reply);
        bool signed_in_now = creatio_exchange_is_signed_in(&c.exchange, &c.session);
        CHECK(creatio_session_has_authorization(&c.session) == signed_in_now);
        creatio_cookie cookie;
        CHECK_STATUS(creatio_session_cookie(&c.session, 0, &cookie), CREATIO_END);
        free(reply);
        client_free(&c);
    }
}

void test_token_answer(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    signed_in = snapshot_of(&c.session, &signed_in_len);
    client_free(&c);
    answers();
    answers_that_are_none();
    tokens_of_any_length();
    a_second_token();
    errors_in_little_memory();
    tokens_beyond_64_kib();
    free(signed_in);
}
