/* What a session with a token is: its lines, its end, its snapshot, and what else signs in. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define NOW UINT64_C(1800000000)
#define TOKEN_LINE "Authorization: Bearer " TOKEN "\r\n"
#define LOGIN_LINES \
    "ForceUseSession: true\r\nCookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\n"
#define EMPTY_REPLY OK_LINE "Content-Length: 0\r\n\r\n"

/* Neither what the identity service sets nor what the site sets becomes a cookie. */
static void a_token_authorises_alone(void) {
    check_topic("a token authorises alone");
    client c;
    client_init(&c, SITE_URL "/app", CREATIO_RUNTIME_NET_FRAMEWORK, 1024);
    CHECK(!creatio_session_has_authorization(&c.session));
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK(!creatio_session_has_authorization(&c.session));
    char *reply = framed(OK_LINE JSON_LINE "Set-Cookie: .ASPXAUTH=identity; path=/\r\n",
                         GRANT(TOKEN, ""), BY_LENGTH);
    CHECK_STATUS(client_token(&c, reply).status, CREATIO_OK);
    free(reply);
    CHECK_STATUS(client_get(&c, "/", OK_LINE SET_TICKET "Set-Cookie: BPMCSRF=c; path=/\r\n"
                                             "Content-Length: 0\r\n\r\n")
                     .status,
                 CREATIO_OK);
    creatio_cookie cookie;
    CHECK_STATUS(creatio_session_cookie(&c.session, 0, &cookie), CREATIO_END);
    CHECK(creatio_session_has_authorization(&c.session));
    CHECK(!creatio_session_has_ticket(&c.session));
    CHECK(!creatio_session_has_csrf_token(&c.session));
    lines_are(&c, TOKEN_LINE);

    static const char POST[] =
        "POST /app/0/odata/Contact HTTP/1.1\r\nHost: crm.example.com\r\n"
        AGENT_LINE "Accept: application/json\r\nContent-Type: application/json; charset=utf-8\r\n"
        "Content-Length: 2\r\n" TOKEN_LINE "\r\n{}";
    uint8_t request[512];
    creatio_call call = call_of("/odata/Contact");
    call.method = CREATIO_METHOD_POST;
    call.body = "{}";
    call.body_len = 2;
    CHECK_STATUS(creatio_session_call(&c.session, &call, &c.exchange), CREATIO_OK);
    size_t len = client_pull(&c, request, sizeof request, 7);
    CHECK_TEXT(request, len, POST);
    client_free(&c);
}

static void the_last_door_counts(void) {
    check_topic("the door that was used last");
    client c;
    uint8_t request[1024];
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_grant(&c, GRANT(TOKEN, ""));
    CHECK_STATUS(creatio_session_login(&c.session, &who, &c.exchange), CREATIO_OK);
    size_t len = client_pull(&c, request, sizeof request - 1, 64);
    request[len] = '\0';
    CHECK(strstr((const char *)request, "Bearer") == NULL);
    CHECK(strstr((const char *)request, "Cookie") == NULL);
    CHECK_STATUS(client_feed(&c, GOOD_LOGIN, strlen(GOOD_LOGIN), 1, 1).status, CREATIO_OK);
    CHECK(creatio_session_has_ticket(&c.session));
    CHECK(!creatio_session_has_authorization(&c.session));
    lines_are(&c, LOGIN_LINES);
    client_grant(&c, GRANT("second", ""));
    lines_are(&c, "Authorization: Bearer second\r\n");
    CHECK(!knows(&c, TICKET) && !knows(&c, TOKEN));
    CHECK_STATUS(creatio_session_use_basic(&c.session, &who), CREATIO_OK);
    CHECK(!knows(&c, "second"));
    client_grant(&c, GRANT("third", ""));
    lines_are(&c, "Authorization: Bearer third\r\n");
    client_free(&c);
}

/* A session that has a token by this document, and was told this time, or none if it is 0. */
static void client_init_granted(client *c, const char *document, uint64_t now) {
    client_init(c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    if (now > 0) {
        CHECK_STATUS(creatio_session_set_time(&c->session, now), CREATIO_OK);
    }
    client_grant(c, document);
}

static void a_new_token_in_time(void) {
    static const struct {
        uint64_t now;
        uint32_t margin;
        bool needs_token;
    } TIMES[] = {
        { NOW, 0, false },
        { NOW, 3599, false },
        { NOW, 3600, true },
        { NOW, UINT32_MAX, true },
        { NOW + 3539, 60, false },
        { NOW + 3540, 60, true },
        { NOW + 3599, 0, false },
        { NOW + 3600, 0, true },
        { NOW + 100000, 0, true },
        { UINT64_MAX, UINT32_MAX, true },
        /* The clock has gone back. */
        { NOW - 1, 0, true },
        { 1, 0, true },
        { 0, 0, true },
    };
    client c;
    client_init_granted(&c, GRANT("a", ",\"expires_in\":3600"), NOW);
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        check_topic("a new token in time %zu", i);
        CHECK_STATUS(creatio_session_set_time(&c.session, TIMES[i].now), CREATIO_OK);
        CHECK(creatio_session_needs_token(&c.session, TIMES[i].margin) == TIMES[i].needs_token);
        CHECK(creatio_session_token_expires_at(&c.session) == NOW + 3600);
    }
    /* It is sent all the same: whether it has really ended, only the site knows. */
    lines_are(&c, "Authorization: Bearer a\r\n");
    client_free(&c);
}

static void ends_that_are_known(void) {
    static const struct {
        const char *document;
        uint64_t expires_at;
    } TOKENS[] = {
        { GRANT("a", ""), 0 },
        { GRANT("a", ",\"expires_in\":null"), 0 },
        { GRANT("a", ",\"expires_in\":\"3600\""), 0 },
        { GRANT("a", ",\"expires_in\":-5"), 0 },
        { GRANT("a", ",\"expires_in\":3600.5"), 0 },
        { GRANT("a", ",\"expires_in\":36e2"), 0 },
        { GRANT("a", ",\"expires_in\":[3600]"), 0 },
        { GRANT("a", ",\"expires_in\":0"), NOW },
        { GRANT("a", ",\"expires_in\":1"), NOW + 1 },
        { GRANT("a", ",\"expires_in\":2147483647"), NOW + INT32_MAX },
        { GRANT("a", ",\"expires_in\":99999999999999999999"), NOW + INT32_MAX },
    };
    for (size_t i = 0; i < sizeof TOKENS / sizeof TOKENS[0]; i++) {
        check_topic("end of a token %zu", i);
        client c;
        client_init_granted(&c, TOKENS[i].document, NOW);
        CHECK(creatio_session_token_expires_at(&c.session) == TOKENS[i].expires_at);
        CHECK(creatio_session_needs_token(&c.session, 0) == (TOKENS[i].expires_at == NOW));
        CHECK(creatio_session_needs_token(&c.session, UINT32_MAX) == (TOKENS[i].expires_at != 0));
        client_free(&c);
        check_topic("end of a token %zu without a clock", i);
        client_init_granted(&c, TOKENS[i].document, 0);
        for (int round = 0; round < 2; round++) {
            CHECK(creatio_session_token_expires_at(&c.session) == 0);
            CHECK(!creatio_session_needs_token(&c.session, UINT32_MAX));
            /* A clock that comes later knows nothing of it. */
            CHECK_STATUS(creatio_session_set_time(&c.session, NOW), CREATIO_OK);
        }
        client_free(&c);
    }
}

/* What there is to say of a session without a token, or of none. */
static void no_token_at_all(void) {
    check_topic("no token at all");
    creatio_session zeros;
    memset(&zeros, 0, sizeof zeros);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(creatio_session_set_time(&c.session, NOW), CREATIO_OK);
    const creatio_session *const NONE[] = { NULL, &zeros, &c.session };
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 3; i++) {
            CHECK(!creatio_session_needs_token(NONE[i], UINT32_MAX));
            CHECK(creatio_session_token_expires_at(NONE[i]) == 0);
            CHECK(!creatio_session_has_authorization(NONE[i]));
        }
        /* Cookies have ends of their own. */
        CHECK_STATUS(client_login(&c, OK_LINE SET_TICKET
                                      "Set-Cookie: a=b; path=/; max-age=1\r\n" SUCCESS_LENGTH
                                      "\r\n" SUCCESS)
                         .status,
                     CREATIO_OK);
    }
    client_free(&c);
}

/* Nobody but the exchange of one's own session says that one is signed in. */
static void who_is_signed_in(void) {
    check_topic("who is signed in");
    client c, other;
    creatio_exchange no_exchange;
    creatio_session no_session;
    memset(&no_exchange, 0, sizeof no_exchange);
    memset(&no_session, 0, sizeof no_session);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    char *grant = framed(OK_LINE, GRANT(TOKEN, ""), BY_LENGTH);
    const char *const GOOD[] = { GOOD_LOGIN, grant };
    for (int by_token = 0; by_token < 2; by_token++) {
        check_topic("who is signed in %s", by_token ? "by a token" : "by a login");
        const char *reply = GOOD[by_token];
        if (by_token) {
            client_begin_token(&c);
        } else {
            client_begin_login(&c);
        }
        for (size_t at = 0; at < strlen(reply); at++) {
            creatio_fed fed;
            CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
            CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session,
                                               (const uint8_t *)reply + at, 1, &fed),
                         at + 1 < strlen(reply) ? CREATIO_MORE : CREATIO_OK);
        }
        CHECK(creatio_exchange_is_signed_in(&c.exchange, &c.session));
        CHECK(!creatio_exchange_is_signed_in(&c.exchange, &other.session));
        CHECK(!creatio_exchange_is_signed_in(&c.exchange, &no_session));
        CHECK(!creatio_exchange_is_signed_in(&c.exchange, NULL));
        CHECK(!creatio_exchange_is_signed_in(&no_exchange, &c.session));
        CHECK(!creatio_exchange_is_signed_in(NULL, &c.session));
        CHECK(!creatio_exchange_is_signed_in(NULL, NULL));
        creatio_session_clear(&c.session);
        CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
    }
    free(grant);
    check_topic("who is not signed in");
    client_grant(&c, GRANT(TOKEN, ""));
    CHECK_STATUS(client_get(&c, "/", EMPTY_REPLY).status, CREATIO_OK);
    CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session)); /* a call is no answer to it */
    CHECK_STATUS(client_token(&c, "HTTP/1.1 401 U\r\nContent-Length: 0\r\n\r\n").status,
                 CREATIO_OK);
    CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
    CHECK_STATUS(client_token(&c, "SSH-2.0\r\n").status, CREATIO_ERR_HTTP_STATUS_LINE);
    CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
    CHECK_STATUS(client_login(&c, OK_LINE SUCCESS_LENGTH "\r\n" SUCCESS).status, CREATIO_OK);
    CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session)); /* no ticket came */
    client_free(&other);
    client_free(&c);
}

/* Asks an exchange for all results; only one of these is CREATIO_OK. */
static void results_are(const client *c, creatio_status login_status, creatio_status call_status,
                        creatio_status token_status) {
    creatio_login login;
    creatio_answer answer;
    creatio_token token;
    TAINT(login);
    TAINT(answer);
    TAINT(token);
    const creatio_exchange *exchange = &c->exchange;
    const creatio_session *session = &c->session;
    CHECK_STATUS(creatio_exchange_login_result(exchange, session, &login), login_status);
    CHECK_STATUS(creatio_exchange_call_result(exchange, session, &answer), call_status);
    CHECK_STATUS(creatio_exchange_token_result(exchange, session, &token), token_status);
    CHECK(IS_UNTOUCHED(login) == (login_status != CREATIO_OK));
    CHECK(IS_UNTOUCHED(answer) == (call_status != CREATIO_OK));
    CHECK(IS_UNTOUCHED(token) == (token_status != CREATIO_OK));
    CHECK_STATUS(creatio_exchange_token_result(exchange, session, NULL), CREATIO_ERR_NULL_POINTER);
}

static void results_are_told_from_each_other(void) {
    check_topic("results are told from each other");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_begin_token(&c);
    results_are(&c, CREATIO_ERR_NOT_A_LOGIN, CREATIO_ERR_NOT_A_CALL, CREATIO_ERR_OUT_OF_TURN);
    client_grant(&c, GRANT(TOKEN, ""));
    results_are(&c, CREATIO_ERR_NOT_A_LOGIN, CREATIO_ERR_NOT_A_CALL, CREATIO_OK);
    client_begin_get(&c, "/");
    results_are(&c, CREATIO_ERR_NOT_A_LOGIN, CREATIO_ERR_OUT_OF_TURN, CREATIO_ERR_NOT_A_TOKEN_REQUEST);
    CHECK_STATUS(client_get(&c, "/", EMPTY_REPLY).status, CREATIO_OK);
    results_are(&c, CREATIO_ERR_NOT_A_LOGIN, CREATIO_OK, CREATIO_ERR_NOT_A_TOKEN_REQUEST);
    client_begin_login(&c);
    results_are(&c, CREATIO_ERR_OUT_OF_TURN, CREATIO_ERR_NOT_A_CALL, CREATIO_ERR_NOT_A_TOKEN_REQUEST);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    results_are(&c, CREATIO_OK, CREATIO_ERR_NOT_A_CALL, CREATIO_ERR_NOT_A_TOKEN_REQUEST);
    client_free(&c);
}

static void the_site_ends_a_token(void) {
    static const struct {
        const char *reply;
        creatio_call_verdict verdict;
    } REPLIES[] = {
        { "HTTP/1.1 401 U\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n"
          "Content-Length: 0\r\n\r\n",
          CREATIO_CALL_ENDED_TOKEN_REJECTED },
        { "HTTP/1.0 401 U\r\n\r\n{\"Message\":\"Authentication failed.\"}",
          CREATIO_CALL_ENDED_TOKEN_REJECTED },
        { "HTTP/1.1 302 F\r\nLocation: /Login/Login.html\r\nContent-Length: 0\r\n\r\n",
          CREATIO_CALL_ENDED_REDIRECT },
        { "HTTP/1.1 403 F\r\nContent-Length: 0\r\n\r\n", CREATIO_CALL_ACCESS_DENIED },
        { EMPTY_REPLY, CREATIO_CALL_FINE },
    };
    for (size_t i = 0; i < sizeof REPLIES / sizeof REPLIES[0]; i++) {
        for (size_t first = 1; first <= strlen(REPLIES[i].reply); first++) {
            check_topic("answer %zu to a call by token, cut at %zu", i, first);
            client c;
            client_init_granted(&c, GRANT(TOKEN, ""), 0);
            client_begin_get(&c, "/odata/Contact");
            const char *reply = REPLIES[i].reply;
            CHECK_STATUS(client_feed(&c, reply, strlen(reply), first, strlen(reply)).status,
                         CREATIO_OK);
            creatio_answer answer;
            CHECK_STATUS(creatio_exchange_call_result(&c.exchange, &c.session, &answer),
                         CREATIO_OK);
            CHECK(answer.verdict == REPLIES[i].verdict);
            bool ended = REPLIES[i].verdict == CREATIO_CALL_ENDED_TOKEN_REJECTED ||
                         REPLIES[i].verdict == CREATIO_CALL_ENDED_REDIRECT;
            CHECK(answer.session_ended == ended);
            lines_are(&c, TOKEN_LINE); /* until another comes */
            client_free(&c);
        }
    }
}

static void a_token_outlives_a_restart(void) {
    check_topic("a token outlives a restart");
    client c, other;
    client_init_granted(&c, GRANT(TOKEN, ",\"expires_in\":3600"), NOW);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, len);
    CHECK_STATUS(creatio_session_restore(&other.session, snapshot, len), CREATIO_OK);
    free(snapshot);
    CHECK(creatio_session_has_authorization(&other.session));
    lines_are(&other, TOKEN_LINE);
    CHECK(creatio_session_token_expires_at(&other.session) == NOW + 3600);
    /* Until it is told, the time is that of the snapshot. */
    CHECK(creatio_session_needs_token(&other.session, 3600));
    CHECK(!creatio_session_needs_token(&other.session, 3599));
    CHECK_STATUS(creatio_session_set_time(&other.session, NOW + 3500), CREATIO_OK);
    CHECK(creatio_session_needs_token(&other.session, 100));
    CHECK(!creatio_session_needs_token(&other.session, 99));
    client_free(&other);
    client_free(&c);
}

/* The exchange goes on wherever it and its session are; the identity's site is not needed again. */
static void contexts_may_be_moved(void) {
    check_topic("moved contexts of a request for a token");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    char *reply = framed(OK_LINE JSON_LINE, GRANT(TOKEN, ""), BY_CHUNKS);
    client_begin_token(&c);
    for (size_t at = 0; at < strlen(reply); at++) {
        client *moved = (client *)exact_copy(&c, sizeof c);
        memset(&c, 0, sizeof c);
        creatio_fed fed;
        CHECK_STATUS(creatio_exchange_feed(&moved->exchange, &moved->session,
                                           (const uint8_t *)reply + at, 1, &fed),
                     at + 1 < strlen(reply) ? CREATIO_MORE : CREATIO_OK);
        memcpy(&c, moved, sizeof c);
        memset(moved, UNTOUCHED, sizeof *moved);
        free(moved);
    }
    CHECK(creatio_exchange_is_signed_in(&c.exchange, &c.session));
    lines_are(&c, TOKEN_LINE);
    free(reply);

    check_topic("a token that is cleared");
    creatio_session_clear(&c.session);
    CHECK(is_wiped(c.memory, c.memory_len));
    CHECK(!creatio_session_has_authorization(&c.session));
    lines_are(&c, "ForceUseSession: true\r\n");
    client_free(&c);
}

void test_token(void) {
    a_token_authorises_alone();
    the_last_door_counts();
    a_new_token_in_time();
    ends_that_are_known();
    no_token_at_all();
    who_is_signed_in();
    results_are_told_from_each_other();
    the_site_ends_a_token();
    a_token_outlives_a_restart();
    contexts_may_be_moved();
}
