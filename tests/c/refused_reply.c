/* Replies that are refused: the status says why, and the session is as it was. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define TWO "Content-Length: 2\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define JSON(text) "HTTP/1.0 200 OK\r\n" SET_TICKET "\r\n" text

static const struct {
    creatio_status status;
    const char *reply;
    const char *field; /* in which it is, if it is in one */
} REFUSED[] = {
    { CREATIO_ERR_CLOSED_EARLY, "", NULL },
    { CREATIO_ERR_CLOSED_EARLY, "HTTP/1.1 2", NULL },
    { CREATIO_ERR_CLOSED_EARLY, OK_LINE SET_TICKET, "Set-Cookie" },
    { CREATIO_ERR_CLOSED_EARLY, OK_LINE SET_TICKET TWO "\r\n{", NULL },
    { CREATIO_ERR_CLOSED_EARLY, OK_LINE SET_TICKET CHUNKED "\r\n2\r\n{}\r\n0\r\n", NULL },
    { CREATIO_ERR_CONTENT_ENCODING, OK_LINE SET_TICKET TWO "Content-Encoding: gzip\r\n\r\n{}", NULL },
    { CREATIO_ERR_HTTP_STATUS_LINE, "HTTP/2 200 OK\r\n" TWO "\r\n{}", NULL },
    { CREATIO_ERR_HTTP_STATUS_LINE, "SSH-2.0-OpenSSH\r\n", NULL },
    { CREATIO_ERR_HTTP_FIELD_NAME, OK_LINE SET_TICKET "No colon\r\n\r\n", "No" },
    { CREATIO_ERR_HTTP_FIELD_NAME, OK_LINE "Content-Length : 2\r\n\r\n{}", "Content-Length" },
    { CREATIO_ERR_HTTP_CONTROL_CHARACTER, OK_LINE "A\x01: \r\n\r\n", "A" },
    { CREATIO_ERR_HTTP_CONTROL_CHARACTER, OK_LINE "Connection: close\x01\r\n\r\n", "Connection" },
    { CREATIO_ERR_HTTP_CONTROL_CHARACTER, OK_LINE CHUNKED "\r\n0\r\nA: \x01\r\n\r\n", "A" },
    { CREATIO_ERR_HTTP_BARE_CR, OK_LINE "A: b\rC: d\r\n\r\n", "A" },
    { CREATIO_ERR_HTTP_BARE_LF, OK_LINE "A: b\n\r\n", "A" },
    { CREATIO_ERR_HTTP_OBSOLETE_FOLDING, OK_LINE TWO " 0\r\n\r\n", "Content-Length" },
    { CREATIO_ERR_HTTP_OBSOLETE_FOLDING, OK_LINE " A: b\r\n\r\n", NULL },
    { CREATIO_ERR_HTTP_OBSOLETE_FOLDING, OK_LINE CHUNKED "\r\n0\r\nA: b\r\n c\r\n\r\n", "A" },
    { CREATIO_ERR_HTTP_CONTENT_LENGTH, OK_LINE "Content-Length: 0x2\r\n\r\n{}", "Content-Length" },
    { CREATIO_ERR_HTTP_CONTENT_LENGTH, OK_LINE TWO TWO "\r\n{}", "Content-Length" },
    { CREATIO_ERR_HTTP_TRANSFER_ENCODING, OK_LINE "Transfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding" },
    { CREATIO_ERR_HTTP_LENGTH_AND_CHUNKED, OK_LINE TWO CHUNKED "\r\n2\r\n{}\r\n0\r\n\r\n", NULL },
    { CREATIO_ERR_HTTP_CHUNK_SIZE, OK_LINE SET_TICKET CHUNKED "\r\nx\r\n{}\r\n0\r\n\r\n", NULL },
    { CREATIO_ERR_HTTP_CHUNK_SIZE, OK_LINE CHUNKED "\r\n10000000000000000\r\n", NULL },
    { CREATIO_ERR_HTTP_CHUNK_END, OK_LINE SET_TICKET CHUNKED "\r\n1\r\n{}\r\n0\r\n\r\n", NULL },
    { CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS, "HTTP/1.1 101 Switching Protocols\r\n\r\n", NULL },
    { CREATIO_ERR_HTTP_TLS, "\x15\x03\x01\x02\x02\x46", NULL },
    { CREATIO_ERR_HTTP_TLS, "\x16\x03\x03\x02\x02", NULL },
    { CREATIO_ERR_HTTP_CONTROL_CHARACTER, "H\x03", NULL },
    { CREATIO_ERR_HTTP_CONTROL_CHARACTER, "\x17\x03\x03", NULL },
    { CREATIO_ERR_JSON_MALFORMED, JSON("{\"Code\":0} x"), NULL },
    { CREATIO_ERR_JSON_MALFORMED, JSON("{'Code':0}"), NULL },
    { CREATIO_ERR_JSON_CUT_OFF, JSON("{\"Code\":0"), NULL },
    { CREATIO_ERR_JSON_CUT_OFF, JSON(""), NULL },
    { CREATIO_ERR_JSON_NOT_AN_OBJECT, JSON("[{\"Code\":0}]"), NULL },
    { CREATIO_ERR_JSON_DOUBLED, JSON("{\"Code\":0,\"C\\u006Fde\":0}"), NULL },
    { CREATIO_ERR_JSON_NO_CODE, JSON("{\"Message\":\"\"}"), NULL },
    { CREATIO_ERR_JSON_CODE, JSON("{\"Code\":0.0}"), NULL },
    { CREATIO_ERR_JSON_CODE, JSON("{\"Code\":\"0\"}"), NULL },
};

/* The name of the field at which the exchange has failed; NULL if it is to have none. */
static void failed_field_is(const client *c, const char *expected) {
    const char *name;
    size_t len;
    TAINT(name);
    TAINT(len);
    creatio_status status = creatio_exchange_failed_field(&c->exchange, &name, &len);
    if (expected == NULL) {
        CHECK_STATUS(status, CREATIO_END);
        CHECK(IS_UNTOUCHED(name));
        CHECK(IS_UNTOUCHED(len));
    } else if (CHECK_STATUS(status, CREATIO_OK)) {
        CHECK_TEXT(name, len, expected);
    }
}

/* Feeds a reply to a second login, and looks for traces of it in the session. */
static void login_is_refused(creatio_status expected, const char *field, const char *reply, size_t len,
                             size_t head_limit, size_t first, size_t step) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_login(&c, OK_LINE "Set-Cookie: .ASPXAUTH=old; path=/\r\n" SUCCESS_LENGTH
                                          "\r\n" SUCCESS)
                     .status,
                 CREATIO_OK);
    CHECK_STATUS(creatio_session_set_head_limit(&c.session, head_limit), CREATIO_OK);
    char *before = client_lines(&c, "/");
    client_begin_login(&c);
    CHECK_STATUS(client_feed(&c, reply, len, first, step).status, expected);
    CHECK(creatio_exchange_state(&c.exchange) == CREATIO_STATE_FAILED);
    failed_field_is(&c, field);
    CHECK_STATUS(creatio_exchange_close(&c.exchange, &c.session), CREATIO_ERR_OUT_OF_TURN);
    CHECK(creatio_exchange_state(&c.exchange) == CREATIO_STATE_FAILED);
    CHECK(!creatio_exchange_keeps_alive(&c.exchange));
    creatio_login login;
    TAINT(login);
    CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK(IS_UNTOUCHED(login));
    char *after = client_lines(&c, "/");
    CHECK(strcmp(before, after) == 0);
    /* It can go on as before. */
    CHECK_STATUS(creatio_session_set_head_limit(&c.session, 262144), CREATIO_OK);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    free(before);
    free(after);
    client_free(&c);
}

static void malformed_replies(void) {
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        const char *reply = REFUSED[i].reply;
        size_t len = strlen(reply);
        check_topic("refused reply %zu, byte by byte", i);
        login_is_refused(REFUSED[i].status, REFUSED[i].field, reply, len, 262144, 1, 1);
        for (size_t first = 1; first <= len; first++) {
            check_topic("refused reply %zu, cut at %zu", i, first);
            login_is_refused(REFUSED[i].status, REFUSED[i].field, reply, len, 262144, first, len);
        }
    }
}

static void a_document_nested_too_deeply(void) {
    check_topic("a document nested too deeply");
    static const char START[] = JSON("{\"Code\":0,\"X\":");
    char reply[sizeof START + 300];
    memset(reply, '[', sizeof reply);
    memcpy(reply, START, sizeof START - 1);
    login_is_refused(CREATIO_ERR_JSON_TOO_DEEP, NULL, reply, sizeof reply, 262144, sizeof reply, 1);
}

static void a_head_beyond_the_limit(void) {
    check_topic("a head beyond the limit");
    login_is_refused(CREATIO_ERR_HEAD_TOO_LARGE, "Set-Cookie", GOOD_LOGIN, strlen(GOOD_LOGIN), 60, 1, 1);
    login_is_refused(CREATIO_ERR_HEAD_TOO_LARGE, NULL, GOOD_LOGIN, strlen(GOOD_LOGIN), 0, 17, 1);
}

/* GOOD_LOGIN has a body of more than 9 bytes. Of a call a good one may be of any length, unless the call says otherwise. */
static void a_body_beyond_the_limit(void) {
    check_topic("a body beyond the limit");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(creatio_session_set_body_limit(&c.session, 9), CREATIO_OK);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_ERR_BODY_TOO_LARGE);
    CHECK(!creatio_session_sign_in_delay(&c.session, NULL));
    static const char TEN[] = OK_LINE "Content-Length: 10\r\n\r\n0123456789";
    static const char ERROR[] = "HTTP/1.1 404 No\r\nContent-Length: 10\r\n\r\n0123456789";
    CHECK_STATUS(client_get(&c, "/", TEN).status, CREATIO_OK);
    CHECK_STATUS(client_get(&c, "/", ERROR).status, CREATIO_ERR_BODY_TOO_LARGE);
    uint8_t request[512];
    creatio_call calls[] = { call_of("/"), creatio_call_logout(), creatio_call_ping(),
                             creatio_call_health_check(CREATIO_RUNTIME_NET) };
    calls[0].limited_body = true;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        CHECK_STATUS(creatio_session_call(&c.session, &calls[i], &c.exchange), CREATIO_OK);
        client_pull(&c, request, sizeof request, sizeof request);
        CHECK_STATUS(client_feed(&c, TEN, strlen(TEN), 1, 1).status, CREATIO_ERR_BODY_TOO_LARGE);
    }
    client_free(&c);
}

/* The body of a call is the caller's: only its framing is judged, and that it is not compressed. */
static void calls_are_refused(void) {
    check_topic("refused replies to calls");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_get(&c, "/", OK_LINE "Content-Encoding: br\r\n" TWO "\r\n{}").status,
                 CREATIO_ERR_CONTENT_ENCODING);
    outcome result = client_get(&c, "/", OK_LINE TWO "\r\n{");
    CHECK_STATUS(result.status, CREATIO_ERR_CLOSED_EARLY);
    CHECK_TEXT(result.body, result.body_len, "{");
    failed_field_is(&c, NULL);
    CHECK_STATUS(client_get(&c, "/", OK_LINE TWO "\r\n{'").status, CREATIO_OK);
    failed_field_is(&c, NULL);
    client_free(&c);
}

void test_refused_reply(void) {
    malformed_replies();
    a_document_nested_too_deeply();
    a_head_beyond_the_limit();
    a_body_beyond_the_limit();
    calls_are_refused();
}
