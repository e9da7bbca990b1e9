/* An exchange that another HTTP client makes: the parts of its request, its reply in parts, and
 * whether it may be sent again. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

static void part_is(client *c, creatio_request_part part, const char *expected) {
    uint8_t out[512];
    size_t len = 99;
    TAINT(out);
    CHECK_STATUS(creatio_exchange_request_part(&c->exchange, &c->session, part, out, 0, &len),
                 strlen(expected) > 0 ? CREATIO_ERR_BUFFER_TOO_SMALL : CREATIO_OK);
    CHECK_SIZE(len, strlen(expected));
    CHECK(IS_UNTOUCHED(out));
    CHECK_STATUS(creatio_exchange_request_part(&c->exchange, &c->session, part, out,
                                               strlen(expected), &len),
                 CREATIO_OK);
    CHECK_TEXT(out, len, expected);
}

static void parts_of_requests(client *c) {
    check_topic("the parts of a login");
    creatio_credentials who = credentials_of("Supervisor", "hunter\"2");
    CHECK_STATUS(creatio_session_login(&c->session, &who, &c->exchange), CREATIO_OK);
    part_is(c, CREATIO_REQUEST_METHOD, "POST");
    part_is(c, CREATIO_REQUEST_TARGET, "/app/ServiceModel/AuthService.svc/Login");
    part_is(c, CREATIO_REQUEST_FIELDS,
            AGENT_LINE "Accept: application/json\r\nContent-Type: application/json; charset=utf-8\r\n"
            "ForceUseSession: true\r\n");
    part_is(c, CREATIO_REQUEST_BODY, "{\"UserName\":\"Supervisor\",\"UserPassword\":\"hunter\\\"2\"}");

    check_topic("the parts of a call");
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
    creatio_call call = call_of("/odata/Contact?$top=3");
    call.field_lines = "If-Match: *\r\n";
    call.field_lines_len = strlen(call.field_lines);
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    part_is(c, CREATIO_REQUEST_METHOD, "GET");
    part_is(c, CREATIO_REQUEST_TARGET, "/app/0/odata/Contact?$top=3");
    part_is(c, CREATIO_REQUEST_FIELDS,
            AGENT_LINE "Accept: application/json\r\nForceUseSession: true\r\n"
            "Cookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\nIf-Match: *\r\n");
    part_is(c, CREATIO_REQUEST_BODY, "");
    uint8_t out[8];
    size_t len = 99;
    CHECK_STATUS(creatio_exchange_request_part(&c->exchange, &c->session, (creatio_request_part)4, out, 8, &len),
                 CREATIO_END);
    CHECK_SIZE(len, 99);
}

static creatio_status feed_field(client *c, const char *name, const char *value) {
    char *exact_name = (char *)exact_copy(name, strlen(name));
    char *exact_value = (char *)exact_copy(value, strlen(value));
    creatio_status status = creatio_exchange_feed_field(&c->exchange, &c->session, exact_name,
                                                        strlen(name), exact_value, strlen(value));
    free(exact_value);
    free(exact_name);
    return status;
}

static void replies_in_parts(client *c) {
    check_topic("a login answered in parts");
    creatio_session_clear(&c->session);
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_session_login(&c->session, &who, &c->exchange), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "set-cookie", ".ASPXAUTH=" TICKET "; path=/\r\n"), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "Set-Cookie", "BPMCSRF=csrf.; path=/"), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "Set-Cookie", "bad=a\x01"), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "Content-Encoding", "gzip"), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "Content-Length", "7"), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "", ""), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_end_head(&c->exchange, &c->session, 200), CREATIO_MORE);
    CHECK_STATUS(feed_field(c, "Set-Cookie", "late=x"), CREATIO_ERR_OUT_OF_TURN);
    CHECK_STATUS(creatio_exchange_end_head(&c->exchange, &c->session, 200), CREATIO_ERR_OUT_OF_TURN);
    CHECK(creatio_exchange_http_status(&c->exchange) == 200);
    creatio_fed fed;
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, (const uint8_t *)SUCCESS,
                                       strlen(SUCCESS), &fed),
                 CREATIO_MORE);
    CHECK_SIZE(fed.consumed, strlen(SUCCESS));
    CHECK(!creatio_session_has_ticket(&c->session));
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_OK);
    creatio_login login;
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, &login), CREATIO_OK);
    CHECK(login.verdict == CREATIO_LOGIN_AUTHENTICATED);
    lines_are(c, "ForceUseSession: true\r\nCookie: .ASPXAUTH=" TICKET
                 "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\n");

    check_topic("a call answered in parts");
    creatio_call call = call_of("/");
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "Set-Cookie", "early=x"), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_end_head(&c->exchange, &c->session, 103), CREATIO_MORE);
    CHECK_STATUS(feed_field(c, "Location", "/Login/NuiLogin.aspx"), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_end_head(&c->exchange, &c->session, 302), CREATIO_MORE);
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_OK);
    creatio_answer answer;
    CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer), CREATIO_OK);
    CHECK(answer.verdict == CREATIO_CALL_ENDED_REDIRECT);
    CHECK(!knows(c, "early"));

    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_end_head(&c->exchange, &c->session, 204), CREATIO_OK);
    CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_DONE);
    CHECK(!creatio_exchange_keeps_alive(&c->exchange));

    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_end_head(&c->exchange, &c->session, 101),
                 CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS);
    CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_FAILED);
}

static void what_fails(client *c) {
    check_topic("a reply in parts that is too large");
    client small;
    client_init(&small, SITE_URL, CREATIO_RUNTIME_NET, 64);
    creatio_call call = call_of("/");
    CHECK_STATUS(creatio_session_call(&small.session, &call, &small.exchange), CREATIO_OK);
    CHECK_STATUS(feed_field(&small, "Set-Cookie", ".ASPXAUTH=" TICKET TICKET), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_end_head(&small.exchange, &small.session, 200),
                 CREATIO_ERR_MEMORY_TOO_SMALL);
    CHECK(creatio_exchange_memory_needed(&small.exchange) > 64);
    client_free(&small);
    CHECK_STATUS(creatio_session_set_head_limit(&c->session, 10), CREATIO_OK);
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    CHECK_STATUS(feed_field(c, "X-Long", "12345"), CREATIO_ERR_HEAD_TOO_LARGE);
    CHECK_STATUS(creatio_session_set_head_limit(&c->session, 262144), CREATIO_OK);

    check_topic("parts at NULL");
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    creatio_exchange *exchange = &c->exchange, no_exchange;
    creatio_session *session = &c->session;
    memset(&no_exchange, 0, sizeof no_exchange);
    uint8_t out[64];
    size_t len;
    CHECK_STATUS(creatio_exchange_request_part(NULL, session, CREATIO_REQUEST_TARGET, out, 64, &len),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_request_part(exchange, NULL, CREATIO_REQUEST_TARGET, out, 64, &len),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_request_part(exchange, session, CREATIO_REQUEST_TARGET, NULL, 64, &len),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_request_part(exchange, session, CREATIO_REQUEST_TARGET, out, 64, NULL),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_feed_field(exchange, session, NULL, 1, "x", 1),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_feed_field(exchange, session, "x", 1, NULL, 1),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_feed_field(NULL, session, "x", 1, "x", 1), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_feed_field(exchange, NULL, "x", 1, "x", 1), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_end_head(&no_exchange, session, 200), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_end_head(exchange, NULL, 200), CREATIO_ERR_NOT_SET_UP);
    CHECK(creatio_exchange_state(exchange) == CREATIO_STATE_READY);
}

static void what_may_be_sent_again(client *c) {
    check_topic("what may be sent again");
    creatio_fed fed;
    for (int32_t number = CREATIO_METHOD_GET; number <= CREATIO_METHOD_DELETE; number++) {
        creatio_method method = (creatio_method)number;
        creatio_call call = call_of("/odata/Contact");
        call.method = method;
        bool is_safe = method == CREATIO_METHOD_GET || method == CREATIO_METHOD_HEAD;
        CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
        uint8_t request[512];
        client_pull(c, request, sizeof request, 64);
        CHECK(creatio_exchange_may_be_sent_again(&c->exchange) == is_safe);
        CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_ERR_CLOSED_EARLY);
        CHECK(creatio_exchange_may_be_sent_again(&c->exchange) == is_safe);
        CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
        client_pull(c, request, sizeof request, 64);
        CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, "H", 1, &fed), CREATIO_MORE);
        CHECK(!creatio_exchange_may_be_sent_again(&c->exchange));
    }
    creatio_call logout = creatio_call_logout(), ping = creatio_call_ping();
    CHECK_STATUS(creatio_session_call(&c->session, &logout, &c->exchange), CREATIO_OK);
    CHECK(creatio_exchange_may_be_sent_again(&c->exchange));
    CHECK_STATUS(creatio_session_call(&c->session, &ping, &c->exchange), CREATIO_OK);
    CHECK(creatio_exchange_may_be_sent_again(&c->exchange));
    client_begin_login(c);
    CHECK(!creatio_exchange_may_be_sent_again(&c->exchange));
    client_begin_token(c);
    CHECK(!creatio_exchange_may_be_sent_again(&c->exchange));
    CHECK(!creatio_exchange_may_be_sent_again(NULL));
}

void test_foreign(void) {
    client app, c;
    client_init(&app, "http://127.0.0.1:8080/app/", CREATIO_RUNTIME_NET_FRAMEWORK, 1024);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    parts_of_requests(&app);
    replies_in_parts(&c);
    what_fails(&c);
    what_may_be_sent_again(&c);
    client_free(&c);
    client_free(&app);
}
