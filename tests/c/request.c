/* The requests: what is in them, and how they are taken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define LOGIN_BODY "{\"UserName\":\"Supervisor\",\"UserPassword\":\"hunter2\"}"
#define LOGIN_REQUEST                                                                    \
    "POST /ServiceModel/AuthService.svc/Login HTTP/1.1\r\nHost: crm.example.com\r\n"     \
    AGENT_LINE                                                                           \
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
        CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_READY);
        CHECK_SIZE(creatio_exchange_request_len(&c->exchange, &c->session), strlen(expected));
        size_t len = client_pull(c, request, sizeof request, step);
        CHECK_TEXT(request, len, expected);
        CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_RECEIVING);
        CHECK_SIZE(creatio_exchange_request_len(&c->exchange, &c->session), strlen(expected));
    }
}

static void logins(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 2048);
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
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 2048);
    CHECK_STATUS(creatio_session_login(&c.session, &who, &c.exchange), CREATIO_OK);
    size_t len = client_pull(&c, request, sizeof request, 1);
    if (CHECK(len > strlen(BODY))) {
        CHECK_TEXT(request + len - strlen(BODY), strlen(BODY), BODY);
    }
    client_free(&c);
}

static void calls(void) {
    client c;
    client_init(&c, "http://127.0.0.1:8080/app/", CREATIO_RUNTIME_NET_FRAMEWORK, 2048);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    static const char GET[] =
        "GET /app/0/odata/Contact?$top=3 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
        AGENT_LINE "Accept: application/json\r\nForceUseSession: true\r\n"
        "Cookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\n\r\n";
    static const char HEAD[] =
        "HEAD /app/Login/Login.html HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
        AGENT_LINE "Accept: application/json\r\nForceUseSession: true\r\n"
        "Cookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\n\r\n";
    check_topic("request of a GET");
    creatio_call call = call_of("/odata/Contact?$top=3");
    request_is(&c, NULL, &call, GET);
    check_topic("request of a HEAD at the root");
    call = call_of("/Login/Login.html");
    call.method = CREATIO_METHOD_HEAD;
    call.at_root = true;
    request_is(&c, NULL, &call, HEAD);
    client_free(&c);
}

/* The lines before and after what says what the body is. */
#define LINE_AND(fields) \
    " /app/0/odata/Contact HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" AGENT_LINE fields
#define ACCEPT_JSON "Accept: application/json\r\n"
#define JSON_TYPE "Content-Type: application/json; charset=utf-8\r\n"
#define AUTHORISED                                                                   \
    "ForceUseSession: true\r\nCookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\n"         \
    "BPMCSRF: csrf.\r\n\r\n"
#define BODY "{\"Name\":\"Ann\"}"

/* A request that changes something says how long its body is even if there is none. */
static const struct {
    creatio_method method;
    const char *without_body;
    const char *with_body;
} METHODS[] = {
#define METHOD(method, name, no_length)                             \
    { method, name LINE_AND(ACCEPT_JSON) no_length AUTHORISED,      \
      name LINE_AND(ACCEPT_JSON) JSON_TYPE "Content-Length: 14\r\n" AUTHORISED BODY }
    METHOD(CREATIO_METHOD_GET, "GET", ""),
    METHOD(CREATIO_METHOD_HEAD, "HEAD", ""),
    METHOD(CREATIO_METHOD_POST, "POST", "Content-Length: 0\r\n"),
    METHOD(CREATIO_METHOD_PUT, "PUT", "Content-Length: 0\r\n"),
    METHOD(CREATIO_METHOD_PATCH, "PATCH", "Content-Length: 0\r\n"),
    METHOD(CREATIO_METHOD_DELETE, "DELETE", ""),
#undef METHOD
};

static void client_init_signed_in(client *c) {
    client_init(c, "http://127.0.0.1:8080/app/", CREATIO_RUNTIME_NET_FRAMEWORK, 2048);
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
}

static void methods(void) {
    client c;
    client_init_signed_in(&c);
    uint8_t *body = (uint8_t *)exact_copy(BODY, strlen(BODY));
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++) {
        check_topic("method %d without a body", (int)METHODS[i].method);
        creatio_call call = call_of("/odata/Contact");
        call.method = METHODS[i].method;
        request_is(&c, NULL, &call, METHODS[i].without_body);
        check_topic("method %d with a body", (int)METHODS[i].method);
        call.body = body;
        call.body_len = strlen(BODY);
        request_is(&c, NULL, &call, METHODS[i].with_body);
    }
    free(body);
    client_free(&c);
}

/* A body of no bytes is one, and has a type. */
static void empty_bodies(void) {
    static const char EXPECTED[] =
        "DELETE" LINE_AND(ACCEPT_JSON) JSON_TYPE "Content-Length: 0\r\n" AUTHORISED;
    client c;
    client_init_signed_in(&c);
    creatio_call call = call_of("/odata/Contact");
    call.method = CREATIO_METHOD_DELETE;
    check_topic("a body of no bytes");
    call.body = "";
    request_is(&c, NULL, &call, EXPECTED);
    check_topic("a body of no bytes that follows");
    call.body = NULL;
    call.body_follows = true;
    request_is(&c, NULL, &call, EXPECTED);
    client_free(&c);
}

static void bodies_of_any_bytes(void) {
    check_topic("a body of all bytes");
    client c;
    client_init_signed_in(&c);
    uint8_t body[256], request[1024];
    for (size_t i = 0; i < sizeof body; i++) {
        body[i] = (uint8_t)i;
    }
    creatio_call call = call_of("/odata/Contact");
    call.method = CREATIO_METHOD_PUT;
    call.body = body;
    call.body_len = sizeof body;
    for (size_t step = 1; step <= 600; step++) {
        CHECK_STATUS(creatio_session_call(&c.session, &call, &c.exchange), CREATIO_OK);
        size_t len = client_pull(&c, request, sizeof request, step);
        CHECK_SIZE(len, creatio_exchange_request_len(&c.exchange, &c.session));
        CHECK(len > sizeof body && memcmp(request + len - sizeof body, body, sizeof body) == 0);
    }
    client_free(&c);
}

/* The head alone, whatever the length; what `body` points to is not looked at. */
static void bodies_that_follow(void) {
    static const size_t LENGTHS[] = { 1, 14, 4294967295u, SIZE_MAX };
    client c;
    client_init_signed_in(&c);
    for (size_t i = 0; i < 2 * (sizeof LENGTHS / sizeof LENGTHS[0]); i++) {
        char expected[512];
        creatio_call call = call_of("/odata/Contact");
        call.method = CREATIO_METHOD_POST;
        call.body = i % 2 == 0 ? NULL : "";
        call.body_len = LENGTHS[i / 2];
        call.body_follows = true;
        call.content_type = "image/png";
        call.content_type_len = 9;
        check_topic("a body of %zu bytes that follows", call.body_len);
        snprintf(expected, sizeof expected, "%sContent-Length: %zu\r\n%s",
                 "POST" LINE_AND(ACCEPT_JSON) "Content-Type: image/png\r\n", call.body_len,
                 AUTHORISED);
        request_is(&c, NULL, &call, expected);
    }
    client_free(&c);
}

/* A request with all the texts there are, none of which is read beyond its end. */
static void fields_of_calls(void) {
    client c;
    client_init_signed_in(&c);
    static const struct {
        const char *accept;
        const char *content_type;
        const char *expected;
    } CALLS[] = {
        { "text/html, */*;q=0.1", "text/plain",
          "POST" LINE_AND("Accept: text/html, */*;q=0.1\r\n") "Content-Type: text/plain\r\n"
          "Content-Length: 14\r\n" AUTHORISED BODY },
        { "a\tb", "\xC3\xA9",
          "POST" LINE_AND("Accept: a\tb\r\n") "Content-Type: \xC3\xA9\r\n"
          "Content-Length: 14\r\n" AUTHORISED BODY },
        { "", "",
          "POST" LINE_AND("Accept: \r\n") "Content-Type: \r\n"
          "Content-Length: 14\r\n" AUTHORISED BODY },
    };
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        check_topic("accept \"%s\", content type \"%s\"", CALLS[i].accept, CALLS[i].content_type);
        creatio_call call = call_of("/odata/Contact");
        char *accept = (char *)exact_copy(CALLS[i].accept, strlen(CALLS[i].accept));
        char *type = (char *)exact_copy(CALLS[i].content_type, strlen(CALLS[i].content_type));
        char *wanted = (char *)exact_copy("ETag", 4);
        call.method = CREATIO_METHOD_POST;
        call.accept = accept;
        call.accept_len = strlen(CALLS[i].accept);
        call.content_type = type;
        call.content_type_len = strlen(CALLS[i].content_type);
        call.wanted_field = wanted;
        call.wanted_field_len = 4;
        call.body = (const uint8_t *)BODY;
        call.body_len = strlen(BODY);
        request_is(&c, NULL, &call, CALLS[i].expected);
        free(accept);
        free(type);
        free(wanted);
    }
    client_free(&c);
}

/* A login that cannot begin leaves the exchange before it as it was. */
static void login_is_refused(client *c, const creatio_credentials *who, creatio_status expected) {
    creatio_exchange exchange;
    TAINT(exchange);
    CHECK_STATUS(creatio_session_login(&c->session, who, &exchange), expected);
    CHECK(IS_UNTOUCHED(exchange));
}

static void call_is_refused(client *c, const creatio_call *call, creatio_status expected) {
    creatio_exchange exchange;
    TAINT(exchange);
    CHECK_STATUS(creatio_session_call(&c->session, call, &exchange), expected);
    CHECK(IS_UNTOUCHED(exchange));
}

static void refused_logins(client *c) {
    check_topic("logins that cannot begin");
    login_is_refused(c, NULL, CREATIO_ERR_NULL_POINTER);
    creatio_credentials good = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_session_login(&c->session, &good, NULL), CREATIO_ERR_NULL_POINTER);
    for (int text = 0; text < 5; text++) {
        creatio_credentials who = good;
        const char **const TEXTS[] = { &who.user_name, &who.password, &who.workspace,
                                       &who.one_time_code, &who.provider_name };
        size_t *const LENGTHS[] = { &who.user_name_len, &who.password_len, &who.workspace_len,
                                    &who.one_time_code_len, &who.provider_name_len };
        *TEXTS[text] = NULL;
        *LENGTHS[text] = 1;
        login_is_refused(c, &who, CREATIO_ERR_NULL_POINTER);
        *TEXTS[text] = "\xC3\x28";
        *LENGTHS[text] = 2;
        login_is_refused(c, &who, CREATIO_ERR_NOT_UTF8);
    }
}

static void refused_calls(client *c) {
    check_topic("calls that cannot begin");
    call_is_refused(c, NULL, CREATIO_ERR_NULL_POINTER);
    creatio_call call = call_of("/");
    CHECK_STATUS(creatio_session_call(&c->session, &call, NULL), CREATIO_ERR_NULL_POINTER);
    call.method = (creatio_method)(CREATIO_METHOD_DELETE + 1);
    call_is_refused(c, &call, CREATIO_ERR_BAD_METHOD);
    call.method = (creatio_method)-1;
    call_is_refused(c, &call, CREATIO_ERR_BAD_METHOD);
    call = call_of("/");
    call.path = NULL;
    call_is_refused(c, &call, CREATIO_ERR_NULL_POINTER);
    call.path_len = 0;
    call_is_refused(c, &call, CREATIO_ERR_PATH_NO_SLASH);
    call = call_of("odata");
    call_is_refused(c, &call, CREATIO_ERR_PATH_NO_SLASH);
    call = call_of("/#");
    call_is_refused(c, &call, CREATIO_ERR_PATH_CHARACTER);
    call = call_of("/\xFF");
    call_is_refused(c, &call, CREATIO_ERR_NOT_UTF8);
}

/* Field values: `accept`, and `content_type` with a body that is here and one that follows. */
static void refused_values(client *c) {
    static const struct {
        const char *text;
        size_t len;
        creatio_status status;
    } VALUES[] = {
        { NULL, 1, CREATIO_ERR_NULL_POINTER },  { "\xFF", 1, CREATIO_ERR_NOT_UTF8 },
        { "a/b\xC3", 4, CREATIO_ERR_NOT_UTF8 }, { "a\r\nB: c", 7, CREATIO_ERR_FIELD_VALUE },
        { "a\r", 2, CREATIO_ERR_FIELD_VALUE },  { "a\nb", 3, CREATIO_ERR_FIELD_VALUE },
        { "a\0", 2, CREATIO_ERR_FIELD_VALUE },  { "a\x1F" "b", 3, CREATIO_ERR_FIELD_VALUE },
        { "a\x7F" "b", 3, CREATIO_ERR_FIELD_VALUE }, { " a", 2, CREATIO_ERR_FIELD_VALUE },
        { "a ", 2, CREATIO_ERR_FIELD_VALUE },   { "\ta", 2, CREATIO_ERR_FIELD_VALUE },
        { "a\t", 2, CREATIO_ERR_FIELD_VALUE },  { " ", 1, CREATIO_ERR_FIELD_VALUE },
    };
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++) {
        check_topic("field value %zu", i);
        creatio_call call = call_of("/");
        call.accept = VALUES[i].text;
        call.accept_len = VALUES[i].len;
        call_is_refused(c, &call, VALUES[i].status);
        call = call_of("/");
        call.method = CREATIO_METHOD_POST;
        call.body = "x";
        call.body_len = 1;
        call.content_type = VALUES[i].text;
        call.content_type_len = VALUES[i].len;
        call_is_refused(c, &call, VALUES[i].status);
        call.body_follows = true;
        call_is_refused(c, &call, VALUES[i].status);
    }
}

static void refused_names(client *c) {
    static const struct {
        const char *text;
        size_t len;
        creatio_status status;
    } NAMES[] = {
        { NULL, 1, CREATIO_ERR_NULL_POINTER },   { "\xFF", 1, CREATIO_ERR_NOT_UTF8 },
        { "", 0, CREATIO_ERR_FIELD_NAME },       { "a b", 3, CREATIO_ERR_FIELD_NAME },
        { "a:", 2, CREATIO_ERR_FIELD_NAME },     { "a\r\n", 3, CREATIO_ERR_FIELD_NAME },
        { "a\0", 2, CREATIO_ERR_FIELD_NAME },    { "\x7F", 1, CREATIO_ERR_FIELD_NAME },
        { "\xC3\xA9", 2, CREATIO_ERR_FIELD_NAME }, { "(a)", 3, CREATIO_ERR_FIELD_NAME },
        { "set-cookie", 10, CREATIO_ERR_FIELD_RESERVED },
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        check_topic("name of a wanted field %zu", i);
        creatio_call call = call_of("/");
        call.wanted_field = NAMES[i].text;
        call.wanted_field_len = NAMES[i].len;
        call_is_refused(c, &call, NAMES[i].status);
    }
    check_topic("the longest name of a wanted field");
    char name[CREATIO_MAX_WANTED_FIELD + 1];
    memset(name, 'a', sizeof name);
    creatio_call call = call_of("/");
    call.wanted_field = name;
    call.wanted_field_len = CREATIO_MAX_WANTED_FIELD;
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    call.wanted_field_len++;
    call_is_refused(c, &call, CREATIO_ERR_FIELD_NAME);
}

static void refused_bodies(client *c) {
    check_topic("a body that is NULL");
    creatio_call call = call_of("/");
    for (int32_t method = CREATIO_METHOD_GET; method <= CREATIO_METHOD_DELETE; method++) {
        call.method = (creatio_method)method;
        call.body_len = 1;
        call_is_refused(c, &call, CREATIO_ERR_NULL_POINTER);
        call.body_len = SIZE_MAX;
        call_is_refused(c, &call, CREATIO_ERR_NULL_POINTER);
    }
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
    CHECK(creatio_exchange_request_len(&c->exchange, &c->session) > CREATIO_MAX_PATH);
    call.path_len++;
    call_is_refused(c, &call, CREATIO_ERR_PATH_TOO_LONG);
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
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_fill(exchange, NULL, buffer, sizeof buffer, &len),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, NULL, sizeof buffer, &len),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, buffer, sizeof buffer, NULL),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, buffer, 0, &len),
                 CREATIO_ERR_BUFFER_TOO_SMALL);
    CHECK_STATUS(creatio_exchange_fill(exchange, &c->session, NULL, 0, &len),
                 CREATIO_ERR_BUFFER_TOO_SMALL);
    CHECK(creatio_exchange_state(exchange) == CREATIO_STATE_READY);
    CHECK(IS_UNTOUCHED(buffer));
    CHECK(IS_UNTOUCHED(len));
}

void test_request(void) {
    logins();
    empty_texts();
    calls();
    methods();
    empty_bodies();
    bodies_of_any_bytes();
    bodies_that_follow();
    fields_of_calls();
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 2048);
    refused_logins(&c);
    refused_calls(&c);
    refused_values(&c);
    refused_names(&c);
    refused_bodies(&c);
    longest_path(&c);
    taking_with_wrong_pointers(&c);
    client_free(&c);
}
