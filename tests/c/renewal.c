/* creatio_renewal_: what comes after each answer. */
#include <string.h>

#include "support.h"

#define ENDED "HTTP/1.1 302 Found\r\nLocation: /Login/Login.html\r\nContent-Length: 0\r\n\r\n"
#define BUSY(status) "HTTP/1.1 " status " Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
#define FINE OK_LINE "Content-Length: 2\r\n\r\n{}"
#define REJECTED OK_LINE "Content-Length: 10\r\n\r\n{\"Code\":1}"

/* Sets a renewal up as for one call, and lets it see the answers to it. */
static void init(creatio_renewal *renewal, creatio_method method, bool body_follows, bool is_repeatable) {
    creatio_call call = call_of("/odata/Contact");
    call.method = method;
    call.body_len = body_follows ? 5 : 0;
    call.body_follows = body_follows;
    TAINT(*renewal);
    CHECK_STATUS(creatio_renewal_init(renewal, &call, is_repeatable), CREATIO_OK);
}

static creatio_renewal_step after_answer(creatio_renewal *renewal, client *c, const char *reply) {
    CHECK_STATUS(client_get(c, "/", reply).status, CREATIO_OK);
    return creatio_renewal_after_answer(renewal, &c->exchange, &c->session);
}

static creatio_renewal_step after_login(creatio_renewal *renewal, client *c, const char *reply) {
    CHECK_STATUS(client_login(c, reply).status, CREATIO_OK);
    return creatio_renewal_after_sign_in(renewal, &c->exchange, &c->session);
}

static void one_login_at_the_most(client *c) {
    check_topic("renewal by a login");
    creatio_renewal renewal;
    init(&renewal, CREATIO_METHOD_POST, false, false);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPORT); /* nobody asked */
    init(&renewal, CREATIO_METHOD_POST, false, false);
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_RENEWAL_REPORT);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_SIGN_IN);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPEAT);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_REPORT);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPORT);

    check_topic("renewal by a login that is rejected");
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_SIGN_IN);
    CHECK(after_login(&renewal, c, REJECTED) == CREATIO_RENEWAL_REPORT);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_REPORT);
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_REPORT); /* nor for the next call */
    CHECK(!creatio_session_sign_in_delay(&c->session, NULL));
    CHECK(creatio_session_earlier_sign_in(&c->session) == CREATIO_LOGIN_REJECTED);
    CHECK_STATUS(creatio_session_end_sign_in_delay(&c->session), CREATIO_OK); /* it is no delay */
    CHECK(!creatio_session_sign_in_delay(&c->session, NULL));
    creatio_session_clear(&c->session);
    CHECK(creatio_session_earlier_sign_in(&c->session) == CREATIO_LOGIN_REJECTED);
    CHECK_STATUS(creatio_session_allow_sign_in(&c->session), CREATIO_OK);
    CHECK(creatio_session_earlier_sign_in(&c->session) == 0);
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_SIGN_IN);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPEAT);
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_RENEWAL_REPORT);
}

static bool has_delay(const client *c, uint32_t expected) {
    uint32_t seconds = UINT32_MAX;
    return creatio_session_sign_in_delay(&c->session, &seconds) && seconds == expected;
}

/* Where nobody knows what has become of a login: it was sent, and the reply was cut off, or nobody waited for it. */
static void logins_whose_outcome_nobody_knows(client *c) {
    check_topic("renewal after logins whose outcome nobody knows");
    static const uint32_t DELAYS[] = { 0, 30, 300 };
    static const char CUT[] = "HTTP/1.1 200 OK\r\nContent-Len";
    creatio_renewal renewal;
    for (size_t tries = 0; tries < 3; tries++) {
        CHECK(has_delay(c, DELAYS[tries]));
        init(&renewal, CREATIO_METHOD_GET, false, false);
        CHECK(after_answer(&renewal, c, ENDED) ==
              (tries == 0 ? CREATIO_RENEWAL_SIGN_IN : CREATIO_RENEWAL_SIGN_IN_LATER));
        client_begin_login(c);
        if (tries > 0) {
            CHECK_STATUS(client_feed(c, CUT, strlen(CUT), 1, 1).status, CREATIO_ERR_CLOSED_EARLY);
        }
        CHECK(creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) == CREATIO_RENEWAL_REPORT);
    }
    CHECK(creatio_session_earlier_sign_in(&c->session) == CREATIO_EARLIER_LOST);
    CHECK(creatio_session_earlier_sign_in(NULL) == 0);
    CHECK_STATUS(creatio_session_end_sign_in_delay(NULL), CREATIO_ERR_NOT_SET_UP);
    uint32_t untouched = 7;
    CHECK(!creatio_session_sign_in_delay(&c->session, &untouched) && untouched == 7);
    CHECK(!creatio_session_sign_in_delay(NULL, &untouched));
    CHECK_STATUS(creatio_session_allow_sign_in(NULL), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK(has_delay(c, 0));
}

/* What is left of a delay, by the session's time or by the caller's word; giving the call up counts nothing. */
static void delays_that_are_waited_for(client *c) {
    check_topic("renewal that waits");
    static const char CUT[] = "HTTP/1.1 200 OK\r\nContent-Len";
    creatio_renewal renewal;
    CHECK_STATUS(creatio_session_set_time(&c->session, 1795308774), CREATIO_OK);
    client_begin_login(c);
    CHECK_STATUS(client_feed(c, CUT, strlen(CUT), 1, 1).status, CREATIO_ERR_CLOSED_EARLY);
    for (int calls = 0; calls < 9; calls++) {
        init(&renewal, CREATIO_METHOD_GET, false, false);
        CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_SIGN_IN_LATER);
        CHECK(has_delay(c, 30));
    }
    CHECK_STATUS(creatio_session_set_time(&c->session, 1795308774 + 21), CREATIO_OK);
    CHECK(has_delay(c, 9));
    CHECK_STATUS(creatio_session_set_time(&c->session, 1795308774 + 31), CREATIO_OK);
    CHECK(has_delay(c, 0));
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_SIGN_IN);
    client_begin_login(c);
    CHECK_STATUS(client_feed(c, CUT, strlen(CUT), 1, 1).status, CREATIO_ERR_CLOSED_EARLY);
    CHECK(has_delay(c, 300));
    CHECK_STATUS(creatio_session_end_sign_in_delay(&c->session), CREATIO_OK);
    CHECK(has_delay(c, 0) && creatio_session_earlier_sign_in(&c->session) == 0);
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
}

/* A page with status 200 may be the call's own answer. */
static void pages_that_speak_of_the_login(client *c) {
    check_topic("renewal after a page");
    static const char PAGE[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 36\r\n\r\n<html>Saved. <a href=\"?ReturnUrl=x\">";
    creatio_renewal renewal;
    init(&renewal, CREATIO_METHOD_POST, false, false);
    CHECK(after_answer(&renewal, c, PAGE) == CREATIO_RENEWAL_SIGN_IN);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPORT);
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_RENEWAL_REPORT);
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(after_answer(&renewal, c, PAGE) == CREATIO_RENEWAL_SIGN_IN);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPEAT);
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_RENEWAL_REPORT);
}

/* A site that starts, and sends everybody to its login page. */
static void renewals_that_do_not_help(client *c) {
    check_topic("renewals that do not help");
    creatio_renewal renewal;
    for (int round = 0; round < 2; round++) {
        init(&renewal, CREATIO_METHOD_GET, false, false);
        CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_SIGN_IN);
        CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPEAT);
        for (int calls = 0; calls < 2; calls++) {
            CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_REPORT);
            creatio_answer answer;
            CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer),
                         CREATIO_OK);
            CHECK(answer.verdict == CREATIO_CALL_RENEWED_IN_VAIN && !answer.session_ended);
            CHECK(creatio_session_sign_in_drops_cookies(&c->session));
            init(&renewal, CREATIO_METHOD_GET, false, false);
        }
    }
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_RENEWAL_REPORT);
}

/* By whichever door the session is signed in. */
static void one_token_at_the_most(client *c) {
    check_topic("renewal by a token");
    static const char REJECTED_TOKEN[] = "HTTP/1.1 401 U\r\nContent-Length: 0\r\n\r\n";
    creatio_renewal renewal;
    client_grant(c, GRANT("first", ""));
    init(&renewal, CREATIO_METHOD_POST, false, false);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_RENEWAL_SIGN_IN);
    client_grant(c, GRANT("second", ""));
    CHECK(creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) == CREATIO_RENEWAL_REPEAT);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_RENEWAL_REPORT);
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_RENEWAL_REPORT);

    check_topic("renewal by a token that is not granted");
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_RENEWAL_SIGN_IN);
    client_begin_token(c);
    CHECK(creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) == CREATIO_RENEWAL_REPORT);
    CHECK_STATUS(client_feed(c, REJECTED_TOKEN, strlen(REJECTED_TOKEN), 1, 1).status, CREATIO_OK);
    CHECK(creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) == CREATIO_RENEWAL_REPORT);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_RENEWAL_REPORT);

    /* Nothing ends where there is nothing to renew, and user name and password are no better the
     * second time. */
    check_topic("no renewal by Basic");
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_session_use_basic(&c->session, &who), CREATIO_OK);
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(after_answer(&renewal, c, REJECTED_TOKEN) == CREATIO_RENEWAL_REPORT);
    creatio_session_clear(&c->session);
    CHECK_STATUS(creatio_session_allow_sign_in(&c->session), CREATIO_OK);
}

static void bodies_that_follow(client *c) {
    check_topic("renewal of a call whose body follows");
    creatio_renewal renewal;
    init(&renewal, CREATIO_METHOD_PUT, true, false);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_REPORT);
    CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_RENEWAL_REPORT);
    init(&renewal, CREATIO_METHOD_PUT, true, true);
    CHECK(after_answer(&renewal, c, ENDED) == CREATIO_RENEWAL_SIGN_IN);
    CHECK(after_login(&renewal, c, GOOD_LOGIN) == CREATIO_RENEWAL_REPEAT);
    CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_RENEWAL_REPEAT_LATER);
    CHECK(after_answer(&renewal, c, FINE) == CREATIO_RENEWAL_REPORT);
}

/* Three times; and after 503 only what changes nothing. */
static void busy_sites(client *c) {
    for (int32_t number = CREATIO_METHOD_GET; number <= CREATIO_METHOD_DELETE; number++) {
        creatio_method method = (creatio_method)number;
        check_topic("renewal of method %d with a busy site", (int)method);
        bool is_safe = method == CREATIO_METHOD_GET || method == CREATIO_METHOD_HEAD;
        creatio_renewal renewal;
        init(&renewal, method, false, false);
        CHECK(after_answer(&renewal, c, BUSY("503")) ==
              (is_safe ? CREATIO_RENEWAL_REPEAT_LATER : CREATIO_RENEWAL_REPORT));
        for (int repeats = is_safe ? 1 : 0; repeats < 3; repeats++) {
            CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_RENEWAL_REPEAT_LATER);
        }
        CHECK(after_answer(&renewal, c, BUSY("429")) == CREATIO_RENEWAL_REPORT);
    }
}

/* Misuse is answered with CREATIO_RENEWAL_REPORT, and changes nothing. */
/* A connection that is cut: again where twice does no more than once, and where the caller says that. */
static void connections_that_are_cut(client *c) {
    check_topic("renewal after a cut");
    creatio_renewal renewal;
    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK(creatio_renewal_after_cut(&renewal) == CREATIO_RENEWAL_REPEAT_LATER);
    for (int32_t number = CREATIO_METHOD_POST; number <= CREATIO_METHOD_DELETE; number++) {
        const creatio_method method = (creatio_method)number;
        init(&renewal, method, false, false);
        CHECK(creatio_renewal_after_cut(&renewal) == CREATIO_RENEWAL_REPORT);
        CHECK(!creatio_renewal_may_be_done_before(&renewal));

        creatio_call create = call_of("/odata/Contact");
        create.method = method;
        create.repeatable = true;
        CHECK_STATUS(creatio_renewal_init(&renewal, &create, false), CREATIO_OK);
        for (int i = 0; i < 3; i++) {
            CHECK(creatio_renewal_after_cut(&renewal) == CREATIO_RENEWAL_REPEAT_LATER);
            CHECK(creatio_renewal_may_be_done_before(&renewal));
        }
        CHECK(creatio_renewal_after_cut(&renewal) == CREATIO_RENEWAL_REPORT);

        CHECK_STATUS(creatio_session_call(&c->session, &create, &c->exchange), CREATIO_OK);
        CHECK(creatio_exchange_may_be_sent_again(&c->exchange));
        create.repeatable = false;
        CHECK_STATUS(creatio_session_call(&c->session, &create, &c->exchange), CREATIO_OK);
        CHECK(!creatio_exchange_may_be_sent_again(&c->exchange));
    }
    memset(&renewal, 0, sizeof renewal);
    CHECK(creatio_renewal_after_cut(&renewal) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_cut(NULL) == CREATIO_RENEWAL_REPORT);
    CHECK(!creatio_renewal_may_be_done_before(&renewal) && !creatio_renewal_may_be_done_before(NULL));
}

/* The numbers of those that may be sent again, of all around. */
static void what_may_be_sent_again(void) {
    check_topic("what may be sent again");
    for (int32_t number = -1000; number <= 1000; number++) {
        creatio_again expected = CREATIO_AGAIN_NO;
        switch (number) {
        case CREATIO_CALL_ENDED_REDIRECT:
        case CREATIO_CALL_ENDED_AUTHENTICATION_FAILED:
        case CREATIO_CALL_ENDED_TOKEN_REJECTED:
        case CREATIO_CALL_ENDED_UNAUTHORIZED:
        case CREATIO_CALL_CSRF_MISSING: expected = CREATIO_AGAIN_YES; break;
        case CREATIO_CALL_ENDED_LOGIN_PAGE:
        case CREATIO_CALL_ENDED_NO_USER_CONNECTION:
        case CREATIO_CALL_BUSY:
        case CREATIO_CALL_SERVER_ERROR:
        case CREATIO_CALL_RENEWED_IN_VAIN: expected = CREATIO_AGAIN_IF_REPEATABLE; break;
        default: break;
        }
        CHECK(creatio_call_verdict_again((creatio_call_verdict)number) == expected);
        CHECK(creatio_login_verdict_again((creatio_login_verdict)number) ==
              (number == CREATIO_LOGIN_BUSY ? CREATIO_AGAIN_YES : CREATIO_AGAIN_NO));
        CHECK(creatio_token_verdict_again((creatio_token_verdict)number) ==
              (number == CREATIO_TOKEN_BUSY ? CREATIO_AGAIN_YES : CREATIO_AGAIN_NO));
        CHECK(creatio_oauth_health_verdict_again((creatio_oauth_health_verdict)number) ==
              (number == CREATIO_OAUTH_HEALTH_SERVICE_UNAVAILABLE || number == CREATIO_OAUTH_HEALTH_UNKNOWN
                   ? CREATIO_AGAIN_YES
                   : CREATIO_AGAIN_NO));
        CHECK(creatio_authorization_verdict_again((creatio_authorization_verdict)number) ==
              (number == CREATIO_AUTHORIZATION_SERVER_ERROR || number == CREATIO_AUTHORIZATION_TEMPORARILY_UNAVAILABLE
                   ? CREATIO_AGAIN_YES
                   : CREATIO_AGAIN_NO));
        CHECK(creatio_status_again((creatio_status)number) ==
              (number == CREATIO_ERR_CLOSED_EARLY ? CREATIO_AGAIN_IF_REPEATABLE : CREATIO_AGAIN_NO));
    }
}

static void when_to_try_again(void) {
    check_topic("when to try again");
    CHECK(creatio_retry_delay(0, 1000, 60000, UINT32_MAX, 0) == 1000);
    CHECK(creatio_retry_delay(1, 1000, 60000, 0, 0) == 1000);
    CHECK(creatio_retry_delay(1, 1000, 60000, UINT32_MAX, 0) == 1999);
    CHECK(creatio_retry_delay(UINT32_MAX, 1000, 60000, UINT32_MAX, 0) == 59999);
    CHECK(creatio_retry_delay(1, 1000, 60000, (uint32_t)1 << 31, 30) == 30500);
    CHECK(creatio_retry_delay(1, 1000, 60000, 0, UINT32_MAX) == 1000 * CREATIO_MAX_WAIT);
}

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
    CHECK_STATUS(creatio_renewal_init(NULL, &call, false), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_renewal_init(&renewal, NULL, false), CREATIO_ERR_NULL_POINTER);
    call.method = (creatio_method)-1;
    CHECK_STATUS(creatio_renewal_init(&renewal, &call, false), CREATIO_ERR_BAD_METHOD);
    call = call_of("no slash");
    CHECK_STATUS(creatio_renewal_init(&renewal, &call, false), CREATIO_ERR_PATH_NO_SLASH);
    CHECK(IS_UNTOUCHED(renewal));

    init(&renewal, CREATIO_METHOD_GET, false, false);
    CHECK_STATUS(client_get(c, "/", ENDED).status, CREATIO_OK);
    creatio_exchange *exchange = &c->exchange;
    creatio_session *session = &c->session;
    CHECK(creatio_renewal_after_answer(NULL, exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&zeros, exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, NULL, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, &no_exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, NULL) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, &no_session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, &other->session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, session) == CREATIO_RENEWAL_SIGN_IN);

    client_begin_login(c);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK_STATUS(client_feed(c, GOOD_LOGIN, strlen(GOOD_LOGIN), 1, 1).status, CREATIO_OK);
    CHECK(creatio_renewal_after_sign_in(NULL, exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_sign_in(&zeros, exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, NULL, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, NULL) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, &other->session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_answer(&renewal, exchange, session) == CREATIO_RENEWAL_REPORT);
    CHECK(creatio_renewal_after_sign_in(&renewal, exchange, session) == CREATIO_RENEWAL_REPEAT);
}

void test_renewal(void) {
    client c, other;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    one_login_at_the_most(&c);
    logins_whose_outcome_nobody_knows(&c);
    delays_that_are_waited_for(&c);
    pages_that_speak_of_the_login(&c);
    renewals_that_do_not_help(&c);
    one_token_at_the_most(&c);
    bodies_that_follow(&c);
    busy_sites(&c);
    connections_that_are_cut(&c);
    what_may_be_sent_again();
    when_to_try_again();
    misuse(&c, &other);
    client_free(&other);
    client_free(&c);
}
