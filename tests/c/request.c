/* The requests: what is in them, and how they are taken. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define LOGIN_BODY "{\"UserName\":\"Supervisor\",\"UserPassword\":\"hunter2\"}"
#define LOGIN_REQUEST                                                                    \
    "POST /ServiceModel/AuthService.svc/Login HTTP/1.1\r\nHost: crm.example.com\r\n"     \
    "Accept: application/json\r\nContent-Type: application/json; charset=utf-8\r\n"      \
    "Content-Length: 50\r\nForceUseSession: true\r\n\r\n" LOGIN_BODY

/* Takes the request through a buffer of each size, and compares it. */
static void request_is(client *c, const creatio_credentials *who, const creatio_call *call,
                       const char *expected) {
    for (size_t step = 1; step <= strlen(expected) + 1; step++) {
        uint8_t request[1024];
        creatio_status begun =
            who != NULL ? creatio_session_login(&c->session, who, &c->exchange)
                        : creatio_session_call(&c->session, call, &c->exchange);
        CHECK_STATUS(begun, CREATIO_OK);
        CHECK(creatio_exchange_state(&c->exchange) == CREATIO_READY);
        CHECK_SIZE(creatio_exchange_request_len(&c->exchange), strlen(expected));
        size_t len = client_pull(c, request, sizeof request, step);
        CHECK_TEXT(request, len, expected);
        CHECK(creatio_exchange_state(&c->exchange) == CREATIO_RECEIVING);
        CHECK_SIZE(creatio_exchange_request_len(&c->exchange), strlen(expected));
    }
}

static void logins(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_NET_FRAMEWORK, 2048);
    check_topic("request of a login");
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    request_is(&c, &who, NULL, LOGIN_REQUEST);

    check_topic("request of a login with all there is");
    who = credentials_of("\xD0\xAF \"1\"", "p\\\"\n");
    who.workspace = "Default";
    who.workspace_len = 7;
    who.one_time_code = "123456";
    who.one_time_code_len = 6;
    who.provider_name = "Totp";
    who.provider_name_len = 4;
    who.has_time_zone_offset = true;
    who.time_zone_offset = -180;
    static const char BODY[] =
        "{\"UserName\":\"\xD0\xAF \\\"1\\\"\",\"UserPassword\":\"p\\\\\\\"\\u000a\","
        "\"WorkspaceName\":\"Default\",\"TimeZoneOffset\":-180,\"ClaimList\":[{\"Key\":\"token\","
        "\"Value\":\"123456\"}],\"ProviderName\":\"Totp\"}";
    uint8_t request[1024];
    CHECK_STATUS(creatio_session_login(&c.session, &who, &c.exchange), CREATIO_OK);
    size_t len = client_pull(&c, request, sizeof request, 7);
    if (CHECK(len > strlen(BODY))) {
        CHECK_TEXT(request + len - strlen(BODY), strlen(BODY), BODY);
    }
    client_free(&c);
}

/* Absent and empty are two things, except for user name and password, which always go. */
static void empty_texts(void) {
    check_topic("a login with empty texts");
    static const char BODY[] =
        "\r\n\r\n{\"UserName\":\"\",\"UserPassword\":\"\",\"WorkspaceName\":\"\"}";
    client c;
    uint8_t request[1024];
    creatio_credentials who;
    memset(&who, 0, sizeof who);
    who.workspace = "";
    client_init(&c, SITE_URL, CREATIO_NET, 2048);
    CHECK_STATUS(creatio_session_login(&c.session, &who, &c.exchange), CREATIO_OK);
    size_t len = client_pull(&c, request, sizeof request, 1);
    if (CHECK(len > strlen(BODY))) {
        CHECK_TEXT(request + len - strlen(BODY), strlen(BODY), BODY);
    }
    client_free(&c);
}

static void calls(void) {
    client c;
    client_init(&c, "http://127.0.0.1:8080/app/", CREATIO_NET_FRAMEWORK, 2048);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    static const char GET[] =
        "GET /app/0/odata/Contact?$top=3 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
        "Accept: application/json\r\nForceUseSession: true\r\n"
        "Cookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\n\r\n";
    static const char HEAD[] =
        "HEAD /app/Login/Login.html HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
        "Accept: application/json\r\nForceUseSession: true\r\n"
        "Cookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\n\r\n";
    check_topic("request of a GET");
    creatio_call call = call_of("/odata/Contact?$top=3");
    request_is(&c, NULL, &call, GET);
    check_topic("request of a HEAD at the root");
    call = call_of("/Login/Login.html");
    call.method = CREATIO_HEAD;
    call.at_root = true;
    request_is(&c, NULL, &call, HEAD);
    client_free(&c);
}

/* A login that cannot begin leaves the exchange before it as it was. */
static void login_is_refused(client *c, const creatio_credentials *who, int32_t expected) {
    creatio_exchange exchange;
    TAINT(exchange);
    CHECK_STATUS(creatio_session_login(&c->session, who, &exchange), expected);
    CHECK(IS_UNTOUCHED(exchange));
}

static void call_is_refused(client *c, const creatio_call *call, int32_t expected) {
    creatio_exchange exchange;
    TAINT(exchange);
    CHECK_STATUS(creatio_session_call(&c->session, call, &exchange), expected);
    CHECK(IS_UNTOUCHED(exchange));
}

static void refused_logins(client *c) {
    check_topic("logins that cannot begin");
    login_is_refused(c, NULL, CREATIO_NULL_POINTER);
    creatio_credentials good = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_session_login(&c->session, &good, NULL), CREATIO_NULL_POINTER);
    for (int text = 0; text < 5; text++) {
        creatio_credentials who = good;
        const char **const TEXTS[] = { &who.user_name, &who.password, &who.workspace,
                                       &who.one_time_code, &who.provider_name };
        size_t *const LENGTHS[] = { &who.user_name_len, &who.password_len, &who.workspace_len,
                                    &who.one_time_code_len, &who.provider_name_len };
        *TEXTS[text] = NULL;
        *LENGTHS[text] = 1;
        login_is_refused(c, &who, CREATIO_NULL_POINTER);
        *TEXTS[text] = "\xC3\x28";
        *LENGTHS[text] = 2;
        login_is_refused(c, &who, CREATIO_NOT_UTF8);
    }
}

static void refused_calls(client *c) {
    check_topic("calls that cannot begin");
    call_is_refused(c, NULL, CREATIO_NULL_POINTER);
    creatio_call call = call_of("/");
    CHECK_STATUS(creatio_session_call(&c->session, &call, NULL), CREATIO_NULL_POINTER);
    call.method = 2;
    call_is_refused(c, &call, CREATIO_BAD_METHOD);
    call.method = -1;
    call_is_refused(c, &call, CREATIO_BAD_METHOD);
    call = call_of("/");
    call.path = NULL;
    call_is_refused(c, &call, CREATIO_NULL_POINTER);
    call.path_len = 0;
    call_is_refused(c, &call, CREATIO_PATH_NO_SLASH);
    call = call_of("odata");
    call_is_refused(c, &call, CREATIO_PATH_NO_SLASH);
    call = call_of("/#");
    call_is_refused(c, &call, CREATIO_PATH_CHARACTER);
    call = call_of("/\xFF");
    call_is_refused(c, &call, CREATIO_NOT_UTF8);
}

static void longest_path(client *c) {
    check_topic("the longest path");
    static char path[CREATIO_MAX_PATH + 1];
    memset(path, 'a', sizeof path);
    path[0] = '/';
    creatio_call call;
    memset(&call, 0, sizeof call);
    call.path = path;
    call.path_len = CREATIO_MAX_PATH;
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    CHECK(creatio_exchange_request_len(&c->exchange) > CREATIO_MAX_PATH);
    call.path_len++;
    call_is_refused(c, &call, CREATIO_PATH_TOO_LONG);
}

static void taking_with_wrong_pointers(client *c) {
    check_topic("fill with wrong pointers");
    uint8_t buffer[8];
    size_t len;
    TAINT(buffer);
    TAINT(len);
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_session_login(&c->session, &who, &c->exchange), CREATIO_OK);
    creatio_exchange *exchange = &c->exchange;
    CHECK_STATUS(creatio_exchange_fill(NULL, &c->session, buffer, sizeof buffer, &len),
                 CREATIO_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_fill(exchange, NULL, buffer, sizeof buffer, &len),
                 CREATIO_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, NULL, sizeof buffer, &len),
                 CREATIO_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, buffer, sizeof buffer, NULL),
                 CREATIO_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, buffer, 0, &len),
                 CREATIO_BUFFER_TOO_SMALL);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, NULL, 0, &len),
                 CREATIO_BUFFER_TOO_SMALL);
    CHECK(creatio_exchange_state(exchange) == CREATIO_READY);
    CHECK(IS_UNTOUCHED(buffer));
    CHECK(IS_UNTOUCHED(len));
}

void test_request(void) {
    logins();
    empty_texts();
    calls();
    client c;
    client_init(&c, SITE_URL, CREATIO_NET, 2048);
    refused_logins(&c);
    refused_calls(&c);
    longest_path(&c);
    taking_with_wrong_pointers(&c);
    client_free(&c);
}
