/* creatio_renewal_: what comes after each answer. */
#include <string.h>

#include "support.h"

#define ENDED "HTTP/1.1 302 Found\r\nLocation: /Login/Login.html\r\nContent-Length: 0\r\n\r\n"
#define BUSY(status) "HTTP/1.1 " status " Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
#define FINE OK_LINE "Content-Length: 2\r\n\r\n{}"
#define REJECTED OK_LINE "Content-Length: 10\r\n\r\n{\"Code\":1}"

/* Sets a renewal up as for one call, and lets it see the answers to it. */
static void init(creatio_renewal *renewal, int32_t method, bool body_follows, bool is_repeatable) {
    creatio_call call = call_of("/odata/Contact");
    call.method = method;
    call.body_len = body_follows ? 5 : 0;
    call.body_follows = body_follows;
    TAINT(*renewal);
    CHECK_STATUS(creatio_renewal_init(renewal, &call, is_repeatable), CREATIO_OK);
}

static int32_t after_answer(creatio_renewal *renewal, client *c, const char *reply) {
    CHECK_STATUS(client_get(c, "/", reply).status, CREATIO_OK);
    return (int32_t)creatio_renewal_after_answer(renewal, &c->exchange, &c->session);
}

static int32_t after_login(creatio_renewal *renewal, client *c, const char *reply) {
    CHECK_STATUS(client_login(c, reply).status, CREATIO_OK);
    return (int32_t)creatio_renewal_after_sign_in(renewal, &c->exchange, &c->session);
}

static void one_login_at_the_most(client *c) {
    check_topic("renewal by a login");
    creatio_renewal renewal;
    init(&renewal, CREATIO_POST, false, false);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_REPORT); /* nobody asked */
    init(&renewal, CREATIO_POST, false, false);
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_REPORT);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_SIGN_IN);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_REPEAT);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_REPORT);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_REPORT);

    check_topic("renewal by a login that is rejected");
    init(&renewal, CREATIO_GET, false, false);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_SIGN_IN);
    CHECK(after_login(&renewal, c, REJECTED) == CREATIO_REPORT);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_REPORT);
}

/* By whichever door the session is signed in. */
static void one_token_at_the_most(client *c) {
    check_topic("renewal by a token");
    static const char REJECTED_TOKEN[] = "HTTP/1.1 401 U\r\nContent-Length: 0\r\n\r\n";
    creatio_renewal renewal;
    client_grant(c, GRANT("first", ""));
    init(&renewal, CREATIO_POST, false, false);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_SIGN_IN);
    client_grant(c, GRANT("second", ""));
    CHECK(creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) == CREATIO_REPEAT);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_REPORT);

    check_topic("renewal by a token that is not granted");
    init(&renewal, CREATIO_GET, false, false);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_SIGN_IN);
    client_begin_token(c);
    CHECK(creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) == CREATIO_REPORT);
    CHECK_STATUS(client_feed(c, REJECTED_TOKEN, strlen(REJECTED_TOKEN), 1, 1).status, CREATIO_OK);
    CHECK(creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) == CREATIO_REPORT);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_REPORT);

    /* Nothing ends where there is nothing to renew, and user name and password are no better the
     * second time. */
    check_topic("no renewal by Basic");
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_session_use_basic(&c->session, &who), CREATIO_OK);
    init(&renewal, CREATIO_GET, false, false);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_REPORT);
    CHECK_STATUS(creatio_session_clear(&c->session), CREATIO_OK);
}

static void bodies_that_follow(client *c) {
    check_topic("renewal of a call whose body follows");
    creatio_renewal renewal;
    init(&renewal, CREATIO_PUT, true, false);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_REPORT);
    CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_REPORT);
    init(&renewal, CREATIO_PUT, true, true);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_SIGN_IN);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_REPEAT);
    CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_REPEAT_LATER);
}

/* Three times; and after 503 only what changes nothing. */
static void busy_sites(client *c) {
    for (int32_t method = CREATIO_GET; method <= CREATIO_DELETE; method++) {
        check_topic("renewal of method %d with a busy site", (int)method);
        bool is_safe = method == CREATIO_GET || method == CREATIO_HEAD;
        creatio_renewal renewal;
        init(&renewal, method, false, false);
        CHECK(after_answer(&renewal, c, BUSY("503")) ==
              (is_safe ? CREATIO_REPEAT_LATER : CREATIO_REPORT));
        for (int repeats = is_safe ? 1 : 0; repeats < 3; repeats++) {
            CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_REPEAT_LATER);
        }
        CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_REPORT);
    }
}

/* Misuse is answered with CREATIO_REPORT, and changes nothing. */
static void misuse(client *c, client *other) {
    check_topic("renewal misused");
    creatio_renewal renewal, zeros;
    creatio_exchange no_exchange;
    creatio_session no_session;
    memset(&zeros, 0, sizeof zeros);
    memset(&no_exchange, 0, sizeof no_exchange);
    memset(&no_session, 0, sizeof no_session);
    creatio_call call = call_of("/");
    TAINT(renewal);
    CHECK_STATUS(creatio_renewal_init(NULL, &call, false), CREATIO_NULL_POINTER);
    CHECK_STATUS(creatio_renewal_init(&renewal, NULL, false), CREATIO_NULL_POINTER);
    call.method = -1;
    CHECK_STATUS(creatio_renewal_init(&renewal, &call, false), CREATIO_BAD_METHOD);
    call = call_of("no slash");
    CHECK_STATUS(creatio_renewal_init(&renewal, &call, false), CREATIO_PATH_NO_SLASH);
    CHECK(IS_UNTOUCHED(renewal));

    init(&renewal, CREATIO_GET, false, false);
    CHECK_STATUS(client_get(c, "/", ENDED).status, CREATIO_OK);
    creatio_exchange *exchange = &c->exchange;
    creatio_session *session = &c->session;
    CHECK(creatio_renewal_after_answer(NULL, exchange, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&zeros, exchange, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, NULL, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, &no_exchange, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, NULL) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, &no_session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, &other->session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, session) == CREATIO_SIGN_IN);

    client_begin_login(c);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, session) == CREATIO_REPORT);
    CHECK_STATUS(client_feed(c, GOOD_LOGIN, strlen(GOOD_LOGIN), 1, 1).status, CREATIO_OK);
    CHECK(creatio_renewal_after_sign_in(NULL, exchange, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_sign_in(&zeros, exchange, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, NULL, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, NULL) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, &other->session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, session) == CREATIO_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, session) == CREATIO_REPEAT);
}

void test_renewal(void) {
    client c, other;
    client_init(&c, SITE_URL, CREATIO_NET, 1024);
    client_init(&other, SITE_URL, CREATIO_NET, 1024);
    one_login_at_the_most(&c);
    one_token_at_the_most(&c);
    bodies_that_follow(&c);
    busy_sites(&c);
    misuse(&c, &other);
    client_free(&other);
    client_free(&c);
}
