/* Calls out of turn, contexts that were not set up, and exchanges that are not the session's. */
#include <string.h>

#include "support.h"

static const char REPLY[] = OK_LINE "Content-Length: 0\r\n\r\n";
static const char INTERIM[] = "HTTP/1.1 103 Early Hints\r\nLocation: /\r\n\r\n";

/* Everything that takes an exchange and a session, expected to be refused with one status. */
static void all_are_refused(creatio_exchange *exchange, creatio_session *session,
                            creatio_status expected) {
    uint8_t buffer[16];
    size_t len;
    creatio_fed fed;
    creatio_login login;
    creatio_answer answer;
    creatio_token token;
    TAINT(buffer);
    TAINT(len);
    TAINT(fed);
    TAINT(login);
    TAINT(answer);
    TAINT(token);
    const uint8_t *reply = (const uint8_t *)REPLY;
    CHECK_STATUS(creatio_exchange_fill(exchange, session, buffer, sizeof buffer, &len), expected);
    CHECK_STATUS(creatio_exchange_feed(exchange, session, reply, sizeof REPLY - 1, &fed),
                 expected);
    CHECK_STATUS(creatio_exchange_feed(exchange, session, NULL, 0, &fed), expected);
    CHECK_STATUS(creatio_exchange_close(exchange, session), expected);
    CHECK_STATUS(creatio_exchange_login_result(exchange, session, &login), expected);
    CHECK_STATUS(creatio_exchange_call_result(exchange, session, &answer), expected);
    CHECK_STATUS(creatio_exchange_token_result(exchange, session, &token), expected);
    CHECK(!creatio_exchange_is_signed_in(exchange, session));
    CHECK(IS_UNTOUCHED(buffer));
    CHECK(IS_UNTOUCHED(len));
    CHECK(IS_UNTOUCHED(fed));
    CHECK(IS_UNTOUCHED(login));
    CHECK(IS_UNTOUCHED(answer));
    CHECK(IS_UNTOUCHED(token));
}

static void contexts_that_are_not_set_up(client *c) {
    creatio_exchange zeros;
    creatio_session no_session;
    memset(&zeros, 0, sizeof zeros);
    memset(&no_session, 0, sizeof no_session);
    client_begin_login(c);
    check_topic("an exchange of zeros");
    all_are_refused(&zeros, &c->session, CREATIO_ERR_NOT_SET_UP);
    check_topic("NULL for an exchange");
    all_are_refused(NULL, &c->session, CREATIO_ERR_NOT_SET_UP);
    check_topic("an exchange and a session of zeros");
    all_are_refused(&c->exchange, &no_session, CREATIO_ERR_NOT_SET_UP);
    check_topic("an exchange and NULL for its session");
    all_are_refused(&c->exchange, NULL, CREATIO_ERR_NOT_SET_UP);
    CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_RECEIVING);

    check_topic("what an exchange that is not set up says");
    const creatio_exchange *const NONE[] = { &zeros, NULL };
    for (size_t i = 0; i < 2; i++) {
        CHECK_SIZE(creatio_exchange_request_len(NONE[i], NULL), 0);
        CHECK(creatio_exchange_state(NONE[i]) == CREATIO_STATE_NOT_SET_UP);
        CHECK(creatio_exchange_http_status(NONE[i]) == 0);
        CHECK(!creatio_exchange_keeps_alive(NONE[i]));
    }
}

static void outputs_that_are_null(client *c) {
    check_topic("NULL for an output");
    client_begin_login(c);
    const uint8_t *reply = (const uint8_t *)REPLY;
    creatio_fed fed;
    TAINT(fed);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, reply, 5, NULL),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, NULL, 5, &fed),
                 CREATIO_ERR_NULL_POINTER);
    CHECK(IS_UNTOUCHED(fed));
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, NULL),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, NULL),
                 CREATIO_ERR_NULL_POINTER);
    /* None of these has taken a byte. */
    CHECK_STATUS(client_feed(c, GOOD_LOGIN, strlen(GOOD_LOGIN), 1, 1).status, CREATIO_OK);
}

/* What comes of a -1 for a length, as sockets return it. */
static void lengths_that_nothing_has(client *c) {
    check_topic("a length that nothing has");
    const size_t minus_one = (size_t)-1;
    const uint8_t *reply = (const uint8_t *)REPLY;
    uint8_t buffer[16];
    size_t len;
    creatio_fed fed;
    creatio_site site;
    creatio_session session;
    TAINT(buffer);
    TAINT(len);
    TAINT(fed);
    TAINT(session);
    client_begin_login(c);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, reply, minus_one, &fed),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_fill(&c->exchange, &c->session, buffer, minus_one, &len),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_snapshot(&c->session, buffer, minus_one, &len),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_parse(&site, SITE_URL, minus_one, CREATIO_RUNTIME_NET), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_init(&session, &c->site, buffer, minus_one), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_restore(&c->session, reply, minus_one),
                 CREATIO_ERR_NULL_POINTER);
    creatio_call call = call_of("/");
    call.method = CREATIO_METHOD_POST;
    call.body = reply;
    call.body_len = minus_one;
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_ERR_NULL_POINTER);
    creatio_wipe(buffer, minus_one);
    CHECK(IS_UNTOUCHED(buffer));
    CHECK(IS_UNTOUCHED(len));
    CHECK(IS_UNTOUCHED(fed));
    CHECK(IS_UNTOUCHED(session));
    /* The login goes on. */
    CHECK_STATUS(client_feed(c, GOOD_LOGIN, strlen(GOOD_LOGIN), 1, 1).status, CREATIO_OK);
}

static void exchanges_of_another_session(client *c, client *other) {
    check_topic("an exchange of another session");
    client_begin_login(c);
    client_begin_login(other);
    all_are_refused(&c->exchange, &other->session, CREATIO_ERR_OTHER_SESSION);
    CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_RECEIVING);

    check_topic("an exchange that another one has followed");
    creatio_exchange first = c->exchange;
    creatio_call call = call_of("/");
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    all_are_refused(&first, &c->session, CREATIO_ERR_OTHER_SESSION);
    CHECK(creatio_exchange_state(&first) == CREATIO_STATE_RECEIVING);

    check_topic("an exchange that a request for a token has followed");
    first = c->exchange;
    client_begin_token(c);
    all_are_refused(&first, &c->session, CREATIO_ERR_OTHER_SESSION);
    first = c->exchange;
    client_begin_login(c);
    all_are_refused(&first, &c->session, CREATIO_ERR_OTHER_SESSION);

    check_topic("an exchange of a session that was cleared");
    client_begin_login(c);
    creatio_session_clear(&c->session);
    all_are_refused(&c->exchange, &c->session, CREATIO_ERR_OTHER_SESSION);

    check_topic("a complete login of a session that was cleared");
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
    creatio_session_clear(&c->session);
    all_are_refused(&c->exchange, &c->session, CREATIO_ERR_OTHER_SESSION);
}

static bool is_in(const client *c, creatio_state state) {
    return creatio_exchange_state(&c->exchange) == state;
}

/* Feeding and asking for the result where neither is possible. */
static void cannot_be_fed(client *c) {
    creatio_fed fed;
    TAINT(fed);
    const uint8_t *reply = (const uint8_t *)REPLY;
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, reply, 5, &fed),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, NULL, 0, &fed),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK(IS_UNTOUCHED(fed));
}

static void has_no_result(client *c) {
    creatio_login login;
    TAINT(login);
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, &login),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK(IS_UNTOUCHED(login));
    creatio_answer answer;
    TAINT(answer);
    CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer),
                 CREATIO_ERR_NOT_A_CALL);
    CHECK(IS_UNTOUCHED(answer));
}

static void cannot_be_closed(client *c) {
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_ERR_OUT_OF_TURN);
}

/* No more of the request is wanted, and none is given. */
static void gives_nothing_more(client *c) {
    uint8_t buffer[8];
    size_t len = 99;
    TAINT(buffer);
    CHECK_STATUS(creatio_exchange_fill(&c->exchange, &c->session, buffer, sizeof buffer, &len),
                 CREATIO_OK);
    CHECK_SIZE(len, 0);
    CHECK(IS_UNTOUCHED(buffer));
}

static void begin_and_take(client *c, size_t taken) {
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    uint8_t buffer[8];
    size_t len = 0;
    CHECK_STATUS(creatio_session_login(&c->session, &who, &c->exchange), CREATIO_OK);
    if (taken > 0) {
        CHECK_STATUS(creatio_exchange_fill(&c->exchange, &c->session, buffer, taken, &len),
                     CREATIO_MORE);
        CHECK_SIZE(len, taken);
    }
}

static void each_state_allows_what_it_allows(client *c) {
    creatio_fed fed;
    uint8_t rest[1024];
    size_t len = 0;
    const uint8_t *reply = (const uint8_t *)GOOD_LOGIN;

    check_topic("READY");
    begin_and_take(c, 0);
    CHECK(is_in(c, CREATIO_STATE_READY));
    has_no_result(c);
    CHECK(is_in(c, CREATIO_STATE_READY));
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_ERR_CLOSED_EARLY);
    CHECK(is_in(c, CREATIO_STATE_FAILED));
    cannot_be_closed(c);

    check_topic("SENDING");
    begin_and_take(c, 8);
    CHECK(is_in(c, CREATIO_STATE_SENDING));
    has_no_result(c);
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_ERR_CLOSED_EARLY);
    CHECK(is_in(c, CREATIO_STATE_FAILED));
    cannot_be_closed(c);

    check_topic("SENDING, an interim reply has come");
    begin_and_take(c, 8);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, INTERIM, sizeof INTERIM - 1, &fed), CREATIO_MORE);
    CHECK(is_in(c, CREATIO_STATE_SENDING));
    CHECK_STATUS(creatio_exchange_fill(&c->exchange, &c->session, rest, sizeof rest, &len), CREATIO_OK);
    CHECK(is_in(c, CREATIO_STATE_RECEIVING) && len > 8u && memcmp(rest + len - 2, "\"}", 2) == 0);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, reply, strlen(GOOD_LOGIN), &fed), CREATIO_OK);
    CHECK(creatio_exchange_keeps_alive(&c->exchange));

    check_topic("RECEIVING, the reply has come early");
    begin_and_take(c, 8);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, reply, 20, &fed), CREATIO_MORE);
    CHECK(is_in(c, CREATIO_STATE_RECEIVING));
    gives_nothing_more(c);
    has_no_result(c);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, reply + 20,
                                       strlen(GOOD_LOGIN) - 20, &fed),
                 CREATIO_OK);

    check_topic("DONE, with a request that was not taken in full");
    CHECK(is_in(c, CREATIO_STATE_DONE));
    CHECK(!creatio_exchange_keeps_alive(&c->exchange));
    gives_nothing_more(c);
    cannot_be_fed(c);
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_OK);
    CHECK(is_in(c, CREATIO_STATE_DONE));

    check_topic("DONE");
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK(creatio_exchange_keeps_alive(&c->exchange));
    gives_nothing_more(c);
    cannot_be_fed(c);
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_OK);
    CHECK(is_in(c, CREATIO_STATE_DONE));
    CHECK(creatio_session_has_ticket(&c->session));

    check_topic("FAILED");
    CHECK_STATUS(client_login(c, "SSH-2.0\r\n").status, CREATIO_ERR_HTTP_STATUS_LINE);
    uint8_t buffer[8];
    len = 99;
    CHECK_STATUS(creatio_exchange_fill(&c->exchange, &c->session, buffer, sizeof buffer, &len),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK_SIZE(len, 99);
    cannot_be_fed(c);
    has_no_result(c);
    cannot_be_closed(c);
    CHECK(is_in(c, CREATIO_STATE_FAILED));
}

void test_turns(void) {
    client c, other;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    contexts_that_are_not_set_up(&c);
    outputs_that_are_null(&c);
    lengths_that_nothing_has(&c);
    exchanges_of_another_session(&c, &other);
    each_state_allows_what_it_allows(&c);
    client_free(&other);
    client_free(&c);
}
