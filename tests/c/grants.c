/* Refresh tokens, codes and PKCE, revocation, endpoints: each request, each answer in every cut, and what there is then. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define PAIR(access, refresh) GRANT(access, ",\"refresh_token\":\"" refresh "\"")
#define REDIRECT_URI "http://127.0.0.1:7001/cb"
#define BUSY_REPLY "HTTP/1.1 503 B\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
#define STATE "-_v7-_v7-_v7-_v7-_v7-w"

/* RFC 7636, appendix B: what the verifier and its SHA-256 are made of; 16 more bytes are the state. */
static const uint8_t RANDOM[CREATIO_RANDOM_LEN] = {
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186,
    22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB, 0xFB
};
static const uint8_t CHALLENGE[CREATIO_CHALLENGE_LEN] = {
    19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8,
    118, 168, 120, 173, 109, 241, 68, 86, 110, 225, 137, 74, 203, 112, 249, 195
};

static creatio_authorization_request request_of(const char *scope) {
    creatio_authorization_request request;
    memset(&request, 0, sizeof request);
    request.client_id = "3D2C";
    request.client_id_len = 4;
    request.redirect_uri = REDIRECT_URI;
    request.redirect_uri_len = strlen(REDIRECT_URI);
    request.scope = scope;
    request.scope_len = scope == NULL ? 0 : strlen(scope);
    request.random = RANDOM;
    return request;
}

static void identity_of(creatio_site *identity) {
    CHECK_STATUS(creatio_site_parse(identity, CREATIO_STR(IDENTITY_URL), CREATIO_RUNTIME_NET), CREATIO_OK);
}

/* Begins an exchange, and takes all of its request; as a string. */
enum { BY_CODE, BY_REFRESH, REVOKE, DISCOVER };

static creatio_status begin(client *c, int what, const creatio_client_credentials *who) {
    creatio_site identity;
    creatio_authorization_request request = request_of(NULL);
    identity_of(&identity);
    switch (what) {
    case BY_CODE:
        return creatio_session_token_by_code(&c->session, &identity, who, &request, CREATIO_STR("4f+2e"), &c->exchange);
    case BY_REFRESH:
        return creatio_session_token_by_refresh(&c->session, &identity, who, &c->exchange);
    case REVOKE:
        return creatio_session_revoke(&c->session, &identity, who, &c->exchange);
    default:
        return creatio_session_discover(&c->session, &identity, who, &c->exchange);
    }
}

/* The verdict of an exchange with this reply, or -1 where it has failed. */
static int verdict_of(client *c, int what, const char *reply, size_t len, size_t first) {
    creatio_client_credentials who = client_of("3D2C", "B0A1");
    creatio_token token;
    uint8_t request[1024];
    CHECK_STATUS(begin(c, what, &who), CREATIO_OK);
    client_pull(c, request, sizeof request, 99);
    outcome out = client_feed(c, reply, len, first, 7);
    CHECK(out.body_len == 0);
    if (out.status != CREATIO_OK) {
        return -1;
    }
    CHECK_STATUS(creatio_exchange_token_result(&c->exchange, &c->session, &token), CREATIO_OK);
    CHECK(token.granted == (token.verdict == CREATIO_TOKEN_GRANTED));
    return (int)token.verdict;
}

static void approve(client *c, const char *document) {
    char *reply = framed(OK_LINE, document, BY_LENGTH);
    CHECK(verdict_of(c, BY_CODE, reply, strlen(reply), 1) == CREATIO_TOKEN_GRANTED);
    free(reply);
}

/* Checks what the next request has in its body, and for what path it is. */
static void request_is(client *c, int what, const creatio_client_credentials *who, const char *start, const char *body) {
    uint8_t request[1024];
    CHECK_STATUS(begin(c, what, who), CREATIO_OK);
    size_t whole = creatio_exchange_request_len(&c->exchange, &c->session);
    size_t len = client_pull(c, request, sizeof request - 1, 5);
    request[len] = '\0';
    CHECK(len == whole);
    CHECK(strncmp((const char *)request, start, strlen(start)) == 0);
    const char *end = strstr((const char *)request, "\r\n\r\n");
    CHECK(end != NULL && strcmp(end + 4, body) == 0);
}

static void requests(void) {
    check_topic("requests of each grant");
    creatio_client_credentials who = client_of("3D2C", "B0A1"), nameless = client_of("3D2C", NULL);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    approve(&c, PAIR("AT", "R&T"));
#define CODE_FORM                                                                                          \
    "grant_type=authorization_code&code=4f%2B2e&redirect_uri=http%3A%2F%2F127.0.0.1%3A7001%2Fcb"            \
    "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    request_is(&c, BY_CODE, &who, "POST /is/connect/token HTTP/1.1\r\n",
               CODE_FORM "&client_id=3D2C&client_secret=B0A1");
    request_is(&c, BY_CODE, &nameless, "POST /is/connect/token ", CODE_FORM "&client_id=3D2C");
    request_is(&c, BY_REFRESH, &who, "POST /is/connect/token ",
               "grant_type=refresh_token&refresh_token=R%26T&client_id=3D2C&client_secret=B0A1");
    request_is(&c, REVOKE, &nameless, "POST /is/connect/revocation ",
               "token_type_hint=refresh_token&token=R%26T&client_id=3D2C");
    request_is(&c, DISCOVER, &who, "GET /is/.well-known/openid-configuration ", "");
    who.path = "/oauth/x?y=z";
    who.path_len = strlen(who.path);
    request_is(&c, REVOKE, &who, "POST /is/oauth/x?y=z ",
               "token_type_hint=refresh_token&token=R%26T&client_id=3D2C&client_secret=B0A1");
    approve(&c, GRANT("A+T", ""));
    request_is(&c, REVOKE, &nameless, "POST /is/connect/revocation ",
               "token_type_hint=access_token&token=A%2BT&client_id=3D2C");
    CHECK_STATUS(begin(&c, BY_REFRESH, &who), CREATIO_END);
    creatio_session_clear(&c.session);
    CHECK_STATUS(begin(&c, REVOKE, &who), CREATIO_END);
    client_free(&c);

    /* Below the prefix of .NET Framework, with and without a path of one's own. */
    creatio_exchange exchange;
    uint8_t request[64];
    size_t len;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 512);
    nameless.path_below_prefix = true;
    CHECK_STATUS(creatio_session_token(&c.session, &c.site, &nameless, &exchange), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_request_part(&exchange, &c.session, CREATIO_REQUEST_TARGET, request, sizeof request,
                                               &len),
                 CREATIO_OK);
    CHECK_TEXT(request, len, "/0/connect/token");
    client_free(&c);
}

static void pairs(void) {
    static const struct {
        const char *status, *document;
        int verdict;
        creatio_refresh_token then;
        const char *line, *knows, *forgets;
    } ANSWERS[] = {
        { OK_LINE, PAIR("second", "new-refresh"), CREATIO_TOKEN_GRANTED, CREATIO_REFRESH_TOKEN_KEPT,
          "Authorization: Bearer second\r\n", "new-refresh", "old-refresh" },
        { OK_LINE, "{\"refresh_token\":\"new-refresh\",\"token_type\":\"Bearer\",\"access_token\":\"second\"}",
          CREATIO_TOKEN_GRANTED, CREATIO_REFRESH_TOKEN_KEPT, "Authorization: Bearer second\r\n", "new-refresh",
          "old-refresh" },
        { OK_LINE, GRANT("second", ""), CREATIO_TOKEN_GRANTED, CREATIO_REFRESH_TOKEN_KEPT,
          "Authorization: Bearer second\r\n", "old-refresh", "first" },
        { "HTTP/1.1 400 B\r\n", "{\"error\":\"invalid_grant\"}", CREATIO_TOKEN_INVALID_GRANT, CREATIO_REFRESH_TOKEN_NONE,
          "Authorization: Bearer first\r\n", "first", "old-refresh" },
        { "HTTP/1.1 503 B\r\n", "", CREATIO_TOKEN_BUSY, CREATIO_REFRESH_TOKEN_KEPT, "Authorization: Bearer first\r\n",
          "old-refresh", "new" },
    };
    for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
        for (int framing = 0; framing < FRAMINGS; framing++) {
            char *reply = framed(ANSWERS[i].status, ANSWERS[i].document, framing);
            for (size_t first = 1; first < strlen(reply); first++) {
                check_topic("pair %zu, framing %d, cut at %zu", i, framing, first);
                client c;
                client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
                CHECK(creatio_session_refresh_token(&c.session) == CREATIO_REFRESH_TOKEN_NONE);
                approve(&c, PAIR("first", "old-refresh"));
                CHECK(creatio_session_refresh_token(&c.session) == CREATIO_REFRESH_TOKEN_KEPT);
                CHECK(verdict_of(&c, BY_REFRESH, reply, strlen(reply), first) == ANSWERS[i].verdict);
                CHECK(creatio_session_refresh_token(&c.session) == ANSWERS[i].then);
                lines_are(&c, ANSWERS[i].line);
                CHECK(knows(&c, ANSWERS[i].knows) && !knows(&c, ANSWERS[i].forgets));
                client_free(&c);
            }
            free(reply);
        }
    }
}

static void cut_off(void) {
    char *reply = framed(OK_LINE, PAIR("second", "new-refresh"), BY_LENGTH);
    for (size_t len = 1; len < strlen(reply); len++) {
        check_topic("a refresh cut off at %zu", len);
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
        approve(&c, PAIR("first", "old-refresh"));
        CHECK(verdict_of(&c, BY_REFRESH, reply, len, 1) == -1);
        CHECK(creatio_session_refresh_token(&c.session) == CREATIO_REFRESH_TOKEN_MAYBE_SPENT);
        CHECK(knows(&c, "first") && knows(&c, "old-refresh") && !knows(&c, "second"));
        CHECK(verdict_of(&c, BY_REFRESH, reply, strlen(reply), len) == CREATIO_TOKEN_GRANTED);
        CHECK(creatio_session_refresh_token(&c.session) == CREATIO_REFRESH_TOKEN_KEPT);
        client_free(&c);
    }
    free(reply);
}

static void url(void) {
    check_topic("the URL for the browser");
    static const char URL[] =
        "https://crm-is.example.com:8443/is/connect/authorize?client_id=3D2C&redirect_uri=http%3A%2F%2F127.0.0.1%3A7001"
        "%2Fcb&response_type=code&scope=offline_access%20App&state=" STATE
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    creatio_authorization_request request = request_of("offline_access App");
    creatio_site identity, none = CREATIO_INIT;
    char verifier[CREATIO_VERIFIER_LEN], *out = guarded_text(sizeof URL);
    size_t len = 0;
    identity_of(&identity);
    CHECK_STATUS(creatio_authorization_verifier(&request, verifier, sizeof verifier - 1, &len), CREATIO_ERR_BUFFER_TOO_SMALL);
    CHECK(len == CREATIO_VERIFIER_LEN);
    CHECK_STATUS(creatio_authorization_verifier(&request, verifier, sizeof verifier, &len), CREATIO_OK);
    CHECK_TEXT(verifier, len, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    for (size_t cap = 0; cap < sizeof URL - 1; cap++) {
        CHECK_STATUS(creatio_authorization_url(&request, &identity, CHALLENGE, out, cap, &len), CREATIO_ERR_BUFFER_TOO_SMALL);
        CHECK(len == sizeof URL - 1 && all_bytes(out, sizeof URL, UNTOUCHED));
    }
    CHECK_STATUS(creatio_authorization_url(&request, &identity, CHALLENGE, out, sizeof URL, &len), CREATIO_OK);
    CHECK_TEXT(out, len, URL);

    CHECK_STATUS(creatio_authorization_url(NULL, &identity, CHALLENGE, out, sizeof URL, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_authorization_url(&request, &none, CHALLENGE, out, sizeof URL, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_authorization_url(&request, &identity, NULL, out, sizeof URL, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_authorization_url(&request, &identity, CHALLENGE, NULL, 9, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_authorization_verifier(NULL, verifier, sizeof verifier, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_authorization_verifier(&request, verifier, sizeof verifier, NULL), CREATIO_ERR_NULL_POINTER);
    request.path = "/my authorize";
    request.path_len = strlen(request.path);
    CHECK_STATUS(creatio_authorization_url(&request, &identity, CHALLENGE, out, sizeof URL, &len), CREATIO_ERR_PATH_CHARACTER);
    request.path = "/0";
    request.path_len = 2;
    request.path_below_prefix = true;
    request.scope = NULL;
    request.scope_len = 0;
    CHECK_STATUS(creatio_site_parse(&identity, CREATIO_STR("http://crm"), CREATIO_RUNTIME_NET_FRAMEWORK), CREATIO_OK);
    CHECK_STATUS(creatio_authorization_url(&request, &identity, CHALLENGE, out, sizeof URL, &len), CREATIO_OK);
    CHECK(strncmp(out, "http://crm/0/0?client_id=3D2C&", 30) == 0);
    request.random = NULL;
    CHECK_STATUS(creatio_authorization_url(&request, &identity, CHALLENGE, out, sizeof URL, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_authorization_verifier(&request, verifier, sizeof verifier, &len), CREATIO_ERR_NULL_POINTER);
    guarded_free(out, sizeof URL);
}

static void text_of(creatio_text text, const char *expected) {
    CHECK((text.text == NULL) == (expected == NULL) && !text.truncated);
    if (expected != NULL) {
        CHECK_TEXT(text.text, text.len, expected);
    }
}

static void responses(void) {
    static const struct {
        const char *uri;
        creatio_authorization_verdict verdict;
        const char *code, *error, *description;
    } RESPONSES[] = {
        { "/cb?code=a%2bb&state=" STATE, CREATIO_AUTHORIZATION_APPROVED, "a+b", NULL, NULL },
        { REDIRECT_URI "?state=%2D" "_v7-_v7-_v7-_v7-_v7-w&code=c#x", CREATIO_AUTHORIZATION_APPROVED, "c", NULL, NULL },
        { "/?error=access_denied&error_description=No%20%C3%BC+&state=" STATE, CREATIO_AUTHORIZATION_ACCESS_DENIED, NULL,
          "access_denied", "No \xC3\xBC " },
        { "/?error=invalid_request&state=" STATE, CREATIO_AUTHORIZATION_INVALID_REQUEST, NULL, "invalid_request", NULL },
        { "/?error=unauthorized_client&state=" STATE, CREATIO_AUTHORIZATION_UNAUTHORIZED_CLIENT, NULL, "unauthorized_client",
          NULL },
        { "/?error=unsupported_response_type&state=" STATE, CREATIO_AUTHORIZATION_UNSUPPORTED_RESPONSE_TYPE, NULL,
          "unsupported_response_type", NULL },
        { "/?error=invalid_scope&state=" STATE, CREATIO_AUTHORIZATION_INVALID_SCOPE, NULL, "invalid_scope", NULL },
        { "/?error=server_error&state=" STATE, CREATIO_AUTHORIZATION_SERVER_ERROR, NULL, "server_error", NULL },
        { "/?error=temporarily_unavailable&state=" STATE, CREATIO_AUTHORIZATION_TEMPORARILY_UNAVAILABLE, NULL,
          "temporarily_unavailable", NULL },
        { "/?error=x&state=" STATE, CREATIO_AUTHORIZATION_OTHER_ERROR, NULL, "x", NULL },
        { "/?code=c&state=" STATE "x", CREATIO_AUTHORIZATION_OTHER_STATE, NULL, NULL, NULL },
        { "/?code=c", CREATIO_AUTHORIZATION_OTHER_STATE, NULL, NULL, NULL },
        { "", CREATIO_AUTHORIZATION_OTHER_STATE, NULL, NULL, NULL },
        { "/?state=" STATE, CREATIO_AUTHORIZATION_NO_CODE, NULL, NULL, NULL },
        { "/?code=a&code=b&state=" STATE, CREATIO_AUTHORIZATION_NO_CODE, NULL, NULL, NULL },
    };
    creatio_authorization_request request = request_of(NULL);
    for (size_t i = 0; i < sizeof RESPONSES / sizeof RESPONSES[0]; i++) {
        check_topic("response %zu", i);
        size_t len = strlen(RESPONSES[i].uri);
        char *uri = (char *)exact_copy(RESPONSES[i].uri, len);
        creatio_authorization_response response;
        TAINT(response);
        CHECK_STATUS(creatio_authorization_read(&request, uri, len, &response), CREATIO_OK);
        CHECK(response.verdict == RESPONSES[i].verdict);
        text_of(response.code, RESPONSES[i].code);
        text_of(response.error, RESPONSES[i].error);
        text_of(response.error_description, RESPONSES[i].description);
        free(uri);
    }
    char uri[] = "/?code=c";
    creatio_authorization_response response;
    TAINT(response);
    CHECK_STATUS(creatio_authorization_read(NULL, uri, sizeof uri, &response), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_authorization_read(&request, NULL, 1, &response), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_authorization_read(&request, uri, sizeof uri, NULL), CREATIO_ERR_NULL_POINTER);
    request.client_id = "\xFF";
    request.client_id_len = 1;
    CHECK_STATUS(creatio_authorization_read(&request, uri, sizeof uri, &response), CREATIO_ERR_NOT_UTF8);
    CHECK(IS_UNTOUCHED(response));
}

static void revocations(void) {
    static const struct {
        const char *lines, *document;
        int verdict;
    } ANSWERS[] = {
        { OK_LINE, "", CREATIO_TOKEN_REVOKED },
        { OK_LINE, "{\"error\":\"x\"}", CREATIO_TOKEN_REVOKED },
        { "HTTP/1.1 503 B\r\n", "", CREATIO_TOKEN_BUSY },
        { "HTTP/1.1 400 B\r\n", "{\"error\":\"unsupported_token_type\"}", CREATIO_TOKEN_OTHER_ERROR },
    };
    for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
        char *reply = framed(ANSWERS[i].lines, ANSWERS[i].document, BY_CHUNKS);
        for (size_t first = 1; first < strlen(reply); first++) {
            check_topic("revocation %zu, cut at %zu", i, first);
            client c;
            client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
            approve(&c, PAIR("AT", "RT"));
            CHECK(verdict_of(&c, REVOKE, reply, strlen(reply), first) == ANSWERS[i].verdict);
            bool is_revoked = ANSWERS[i].verdict == CREATIO_TOKEN_REVOKED;
            CHECK(creatio_session_has_authorization(&c.session) == !is_revoked);
            CHECK(creatio_session_refresh_token(&c.session) ==
                  (is_revoked ? CREATIO_REFRESH_TOKEN_NONE : CREATIO_REFRESH_TOKEN_KEPT));
            uint32_t seconds = 1;
            CHECK(creatio_session_sign_in_delay(&c.session, &seconds) && seconds == 0);
            client_free(&c);
        }
        free(reply);
    }
}

static void endpoints(void) {
    static const char DOCUMENT[] =
        "{\"issuer\":\"https://a\",\"authorization_endpoint\":\"https:\\/\\/a/authorize\",\"token_endpoint\":\"https://a/token\","
        "\"x\":{\"token_endpoint\":\"https://b\"},\"revocation_endpoint\":\"https://a/revocation\"}";
    creatio_client_credentials who = client_of("3D2C", NULL);
    uint8_t request[1024];
    char *reply = framed(OK_LINE, DOCUMENT, BY_LENGTH);
    for (size_t first = 1; first < strlen(reply); first++) {
        check_topic("endpoints, cut at %zu", first);
        client c;
        creatio_discovery found;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
        CHECK_STATUS(begin(&c, DISCOVER, &who), CREATIO_OK);
        CHECK_STATUS(creatio_exchange_discovery_result(&c.exchange, &c.session, &found), CREATIO_ERR_OUT_OF_TURN);
        client_pull(&c, request, sizeof request, 99);
        CHECK_STATUS(client_feed(&c, reply, strlen(reply), first, 9).status, CREATIO_OK);
        TAINT(found);
        CHECK_STATUS(creatio_exchange_discovery_result(&c.exchange, &c.session, &found), CREATIO_OK);
        CHECK(found.verdict == CREATIO_TOKEN_FOUND && found.http_status == 200 && !found.has_retry_after);
        text_is(&c, found.token_endpoint, "https://a/token");
        text_is(&c, found.authorization_endpoint, "https://a/authorize");
        text_is(&c, found.revocation_endpoint, "https://a/revocation");
        client_free(&c);
    }
    free(reply);
    check_topic("endpoints, errors");
    client c;
    creatio_discovery found;
    creatio_token token;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    CHECK_STATUS(begin(&c, DISCOVER, &who), CREATIO_OK);
    client_pull(&c, request, sizeof request, 99);
    CHECK_STATUS(client_feed(&c, BUSY_REPLY, strlen(BUSY_REPLY), 1, 9).status, CREATIO_OK);
    CHECK_STATUS(creatio_exchange_token_result(&c.exchange, &c.session, &token), CREATIO_ERR_NOT_A_TOKEN_REQUEST);
    CHECK_STATUS(creatio_exchange_discovery_result(&c.exchange, &c.session, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_discovery_result(&c.exchange, NULL, &found), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_discovery_result(&c.exchange, &c.session, &found), CREATIO_OK);
    CHECK(found.verdict == CREATIO_TOKEN_BUSY && found.has_retry_after && found.retry_after == 7);
    text_is(&c, found.token_endpoint, NULL);
    client_free(&c);
}

static void health(void) {
    static const struct {
        const char *lines, *document;
        creatio_oauth_health_verdict verdict;
        const char *message;
    } ANSWERS[] = {
        { OK_LINE, "{\"HasProblem\":false,\"IsSystemSettingsFilledIn\":true,\"IsIdentityServiceAvailable\":true,"
                   "\"IsAccessTokenRetrievableForSystemActions\":true,\"Message\":\"\"}", CREATIO_OAUTH_HEALTH_HEALTHY, "" },
        { "HTTP/1.1 500 O\r\n", "{\"Message\":\"No\",\"HasProblem\":true,\"IsSystemSettingsFilledIn\":true}",
          CREATIO_OAUTH_HEALTH_SERVICE_UNAVAILABLE, "No" },
        { "HTTP/1.1 404 N\r\n", "", CREATIO_OAUTH_HEALTH_UNKNOWN, NULL },
    };
    for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
        char *reply = framed(ANSWERS[i].lines, ANSWERS[i].document, BY_LENGTH);
        for (size_t first = 1; first < strlen(reply); first++) {
            check_topic("health %zu, cut at %zu", i, first);
            client c;
            creatio_oauth_health told;
            uint8_t request[256];
            client_init(&c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 512);
            CHECK_STATUS(creatio_session_oauth_health(&c.session, &c.exchange), CREATIO_OK);
            CHECK_STATUS(creatio_exchange_oauth_health_result(&c.exchange, &c.session, &told), CREATIO_ERR_OUT_OF_TURN);
            size_t len = client_pull(&c, request, sizeof request, 9);
            CHECK(len > 30 && memcmp(request, "GET /0/api/OAuthHealthCheck HTTP/1.1\r\n", 38) == 0);
            CHECK_STATUS(client_feed(&c, reply, strlen(reply), first, 9).status, CREATIO_OK);
            TAINT(told);
            CHECK_STATUS(creatio_exchange_oauth_health_result(&c.exchange, &c.session, &told), CREATIO_OK);
            CHECK(told.verdict == ANSWERS[i].verdict);
            CHECK(told.http_status == creatio_exchange_http_status(&c.exchange));
            text_is(&c, told.message, ANSWERS[i].message);
            client_free(&c);
        }
        free(reply);
    }
    check_topic("health, errors");
    client c;
    creatio_oauth_health told;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    CHECK_STATUS(creatio_session_oauth_health(NULL, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_oauth_health(&c.session, NULL), CREATIO_ERR_NULL_POINTER);
    client_begin_get(&c, "/");
    CHECK_STATUS(creatio_exchange_oauth_health_result(&c.exchange, &c.session, &told), CREATIO_ERR_NOT_A_CALL);
    CHECK_STATUS(creatio_exchange_oauth_health_result(&c.exchange, &c.session, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_oauth_health_result(NULL, &c.session, &told), CREATIO_ERR_NOT_SET_UP);
    client_free(&c);
}

static void misuse(void) {
    check_topic("what is missing");
    creatio_client_credentials who = client_of("3D2C", "B0A1");
    creatio_authorization_request request = request_of(NULL);
    creatio_site identity, none = CREATIO_INIT;
    creatio_session empty = CREATIO_INIT;
    client c;
    identity_of(&identity);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    approve(&c, PAIR("AT", "RT"));
    CHECK(creatio_session_refresh_token(NULL) == CREATIO_REFRESH_TOKEN_NONE);
    CHECK(creatio_session_refresh_token(&empty) == CREATIO_REFRESH_TOKEN_NONE);
    CHECK_STATUS(creatio_session_token_by_refresh(&c.session, &none, &who, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_token_by_refresh(&c.session, &identity, NULL, &c.exchange), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_token_by_refresh(&c.session, &identity, &who, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_token_by_refresh(&empty, &identity, &who, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_token_by_refresh(NULL, &identity, &who, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_revoke(&c.session, &none, &who, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_revoke(NULL, &identity, &who, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_revoke(&c.session, &identity, &who, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_discover(&c.session, &identity, NULL, &c.exchange), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_discover(&empty, &identity, &who, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_token_by_code(&c.session, &identity, &who, NULL, "c", 1, &c.exchange),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_token_by_code(&c.session, &identity, &who, &request, NULL, 1, &c.exchange),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_token_by_code(&c.session, &identity, &who, &request, "\xFF", 1, &c.exchange),
                 CREATIO_ERR_NOT_UTF8);
    CHECK_STATUS(creatio_session_token_by_code(&empty, &identity, &who, &request, "c", 1, &c.exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK(creatio_session_refresh_token(&c.session) == CREATIO_REFRESH_TOKEN_KEPT);
    client_free(&c);
}

void test_grants(void) {
    requests();
    pairs();
    cut_off();
    url();
    responses();
    revocations();
    endpoints();
    health();
    misuse();
}
