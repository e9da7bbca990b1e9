/* creatio_session_token: the request for a token, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define HEAD(path, length)                                                                 \
    "POST " path " HTTP/1.1\r\nHost: crm-is.example.com:8443\r\n" AGENT_LINE               \
    "Accept: application/json\r\n"                                                         \
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " length "\r\n"

/* Asks for a token, and takes the request through a buffer of each size. */
static void request_is(client *c, const creatio_client_credentials *client_credentials,
                       const char *expected) {
    creatio_site identity;
    CHECK_STATUS(creatio_site_parse(&identity, IDENTITY_URL, strlen(IDENTITY_URL),
                                    CREATIO_RUNTIME_NET_FRAMEWORK),
                 CREATIO_OK);
    for (size_t step = 1; step <= strlen(expected) + 1; step++) {
        uint8_t request[1024];
        CHECK_STATUS(creatio_session_token(&c->session, &identity, client_credentials,
                                           &c->exchange),
                     CREATIO_OK);
        CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_READY);
        CHECK_SIZE(creatio_exchange_request_len(&c->exchange, &c->session), strlen(expected));
        size_t len = client_pull(c, request, sizeof request, step);
        CHECK_TEXT(request, len, expected);
        CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_RECEIVING);
    }
}

/* The session has cookies, and a token from before: neither is for the identity service. */
static void in_a_form(client *c) {
    check_topic("request of a token");
    creatio_client_credentials credentials = client_of("3D2C", "B0A1SECRET");
    request_is(c, &credentials,
               HEAD("/is/connect/token", "69")
               "\r\ngrant_type=client_credentials&client_id=3D2C&client_secret=B0A1SECRET");
    check_topic("request of a token, with what a form encodes");
    credentials = client_of("a b&\xC3\xBC", "1 2%/+*-._~");
    request_is(c, &credentials,
               HEAD("/is/connect/token", "90")
               "\r\ngrant_type=client_credentials&client_id=a%20b%26%C3%BC&"
               "client_secret=1%202%25%2F%2B*-._%7E");
    check_topic("request of a token, without id and secret");
    memset(&credentials, 0, sizeof credentials);
    request_is(c, &credentials,
               HEAD("/is/connect/token", "40") "\r\ngrant_type=client_credentials&client_id=");
    check_topic("request of a token, with an empty secret");
    credentials = client_of("", "");
    request_is(c, &credentials,
               HEAD("/is/connect/token", "55")
               "\r\ngrant_type=client_credentials&client_id=&client_secret=");
}

/* Encoded as parts of a form before they are user name and password (RFC 6749, appendix B). */
static void by_basic(client *c) {
    static const struct {
        const char *id;
        const char *secret;
        const char *basic;
    } CLIENTS[] = {
        { " %&+\xC2\xA3\xE2\x82\xAC", "s", "JTIwJTI1JTI2JTJCJUMyJUEzJUUyJTgyJUFDOnM=" },
        { "s6BhdRkqt3", "gX1fBat3bV", "czZCaGRSa3F0MzpnWDFmQmF0M2JW" },
        { "a:b", "c", "YSUzQWI6Yw==" },
        { "a", "", "YTo=" },
        { "", "", "Og==" },
    };
    for (size_t i = 0; i < sizeof CLIENTS / sizeof CLIENTS[0]; i++) {
        check_topic("request of a token by Basic: %s", CLIENTS[i].basic);
        char expected[512];
        snprintf(expected, sizeof expected,
                 HEAD("/is/connect/token", "29")
                 "Authorization: Basic %s\r\n\r\ngrant_type=client_credentials",
                 CLIENTS[i].basic);
        creatio_client_credentials credentials = client_of(CLIENTS[i].id, CLIENTS[i].secret);
        credentials.by_basic = true;
        request_is(c, &credentials, expected);
    }
}

static void paths(client *c) {
    static const struct {
        const char *path;
        bool below_prefix;
        const char *target;
    } PATHS[] = {
        { "/connect/token", true, "POST /is/0/connect/token HTTP/1.1\r\n" },
        { "/connect/token", false, "POST /is/connect/token HTTP/1.1\r\n" },
        { "/realms/x/token?a=b", false, "POST /is/realms/x/token?a=b HTTP/1.1\r\n" },
        { NULL, true, "POST /is/0/connect/token HTTP/1.1\r\n" },
        { NULL, false, "POST /is/connect/token HTTP/1.1\r\n" },
    };
    creatio_site identity;
    CHECK_STATUS(creatio_site_parse(&identity, IDENTITY_URL, strlen(IDENTITY_URL),
                                    CREATIO_RUNTIME_NET_FRAMEWORK),
                 CREATIO_OK);
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        check_topic("path of a token %zu", i);
        uint8_t request[512];
        creatio_client_credentials credentials = client_of("a", "b");
        credentials.path = PATHS[i].path;
        credentials.path_len = PATHS[i].path != NULL ? strlen(PATHS[i].path) : 0;
        credentials.path_below_prefix = PATHS[i].below_prefix;
        CHECK_STATUS(creatio_session_token(&c->session, &identity, &credentials, &c->exchange),
                     CREATIO_OK);
        size_t len = client_pull(c, request, sizeof request, 7);
        size_t target_len = strlen(PATHS[i].target);
        if (CHECK(len > target_len)) {
            CHECK_TEXT(request, target_len, PATHS[i].target);
        }
    }
}

static void is_refused(client *c, const creatio_client_credentials *credentials, creatio_status expected) {
    creatio_site identity;
    creatio_exchange exchange;
    size_t len;
    uint8_t *before = snapshot_of(&c->session, &len);
    TAINT(exchange);
    CHECK_STATUS(creatio_site_parse(&identity, IDENTITY_URL, strlen(IDENTITY_URL), CREATIO_RUNTIME_NET),
                 CREATIO_OK);
    CHECK_STATUS(creatio_session_token(&c->session, &identity, credentials, &exchange), expected);
    CHECK(IS_UNTOUCHED(exchange));
    CHECK(is_snapshot_of(&c->session, before, len));
    free(before);
}

static void refused_texts(client *c) {
    static const struct {
        const char *text;
        size_t len;
        creatio_status status;
        creatio_status as_path;
    } TEXTS[] = {
        { NULL, 1, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NULL_POINTER },
        { NULL, SIZE_MAX, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NULL_POINTER },
        { "/\xFF", 2, CREATIO_ERR_NOT_UTF8, CREATIO_ERR_NOT_UTF8 },
        { "/\xC3\xBC", 2, CREATIO_ERR_NOT_UTF8, CREATIO_ERR_NOT_UTF8 },
        { "", 0, CREATIO_OK, CREATIO_ERR_PATH_NO_SLASH },
        { "connect/token", 13, CREATIO_OK, CREATIO_ERR_PATH_NO_SLASH },
        { "/connect token", 14, CREATIO_OK, CREATIO_ERR_PATH_CHARACTER },
        { "/\r\nX: y", 7, CREATIO_OK, CREATIO_ERR_PATH_CHARACTER },
        { "/a\0b", 4, CREATIO_OK, CREATIO_ERR_PATH_CHARACTER },
        { "/\xC3\xBC", 3, CREATIO_OK, CREATIO_ERR_PATH_CHARACTER },
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        check_topic("refused text of a client %zu", i);
        creatio_client_credentials id = client_of("a", "b"), secret = id, path = id;
        id.id = secret.secret = path.path = TEXTS[i].text;
        id.id_len = secret.secret_len = path.path_len = TEXTS[i].len;
        if (TEXTS[i].status != CREATIO_OK) {
            is_refused(c, &id, TEXTS[i].status);
            is_refused(c, &secret, TEXTS[i].status);
        }
        is_refused(c, &path, TEXTS[i].as_path);
    }
    check_topic("a path of a token that is too long");
    static char path[CREATIO_MAX_PATH + 1];
    memset(path, 'a', sizeof path);
    path[0] = '/';
    creatio_client_credentials credentials = client_of("a", "b");
    credentials.path = path;
    credentials.path_len = sizeof path;
    is_refused(c, &credentials, CREATIO_ERR_PATH_TOO_LONG);
}

static void wrong_contexts(client *c) {
    check_topic("a token with wrong contexts");
    creatio_site identity, no_site;
    creatio_session no_session;
    creatio_exchange exchange;
    creatio_client_credentials credentials = client_of("a", "b");
    memset(&no_site, 0, sizeof no_site);
    memset(&no_session, 0, sizeof no_session);
    TAINT(exchange);
    CHECK_STATUS(creatio_site_parse(&identity, IDENTITY_URL, strlen(IDENTITY_URL), CREATIO_RUNTIME_NET),
                 CREATIO_OK);
    client_begin_get(c, "/");
    creatio_session *session = &c->session;
    CHECK_STATUS(creatio_session_token(NULL, &identity, &credentials, &exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_token(&no_session, &identity, &credentials, &exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_token(session, NULL, &credentials, &exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_token(session, &no_site, &credentials, &exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_token(session, &identity, NULL, &exchange),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_token(session, &identity, &credentials, NULL),
                 CREATIO_ERR_NULL_POINTER);
    CHECK(IS_UNTOUCHED(exchange));
    CHECK(all_bytes(&no_session, sizeof no_session, 0));
    /* What is refused begins nothing, and so ends nothing. */
    static const char REPLY[] = OK_LINE "Content-Length: 0\r\n\r\n";
    CHECK_STATUS(client_feed(c, REPLY, strlen(REPLY), 1, 1).status, CREATIO_OK);
}

void test_token_request(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 1024);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    in_a_form(&c);
    client_grant(&c, GRANT(TOKEN, ""));
    in_a_form(&c);
    by_basic(&c);
    paths(&c);
    refused_texts(&c);
    wrong_contexts(&c);
    client_free(&c);
}
