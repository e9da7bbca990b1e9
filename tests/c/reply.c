/* Replies that make sense: each is fed whole, byte by byte and in two pieces cut at every place. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define REJECTED                                                                              \
    "{\"Exception\":{\"Message\":\"Denied\",\"StackTrace\":\"at A()\\r\\n\",\"InnerException\":" \
    "{\"Message\":\"no\"},\"Type\":\"System.X\"},\"Message\":\"\xD0\x9D\\u0435\\u0442\",\"Code\":1}"
#define ADVISED                                                                             \
    "{\"Code\":2,\"Message\":\"Change it\",\"PasswordChangeUrl\":\"\\/p\",\"RedirectUrl\":\"/r\"," \
    "\"UserType\":\"General\",\"Exception\":null}"
#define TO_CLOSE "HTTP/1.0 200 OK\r\n"

/* A login's reply and what is to come of it. A text that is NULL is not to be there. */
typedef struct {
    const char *name;
    const char *reply;
    creatio_login_verdict verdict;
    uint16_t http_status;
    bool keeps_alive;
    bool has_code;
    int32_t code;
    const char *message;
    const char *exception_message;
    const char *exception_type;
    const char *password_change_url;
    const char *redirect_url;
    const char *user_type;
} fixture;

static const fixture FIXTURES[] = {
    { "authenticated", GOOD_LOGIN, CREATIO_LOGIN_AUTHENTICATED, 200, true, true, 0, "", NULL, NULL, NULL,
      NULL, NULL },
    { "authenticated, chunked",
      "HTTP/1.1 100 Continue\r\n\r\n" OK_LINE SET_TICKET "Transfer-Encoding: chunked\r\n\r\n"
      "1\r\n{\r\n3A;x=y\r\n\"Code\":0,\"Message\":\"\",\"Exception\":null,\"RedirectUrl\":null}\r\n"
      "0\r\nTrailer: x\r\n\r\n",
      CREATIO_LOGIN_AUTHENTICATED, 200, true, true, 0, "", NULL, NULL, NULL, NULL, NULL },
    { "authenticated, up to the close", TO_CLOSE SET_TICKET "\r\n" SUCCESS, CREATIO_LOGIN_AUTHENTICATED,
      200, false, true, 0, "", NULL, NULL, NULL, NULL, NULL },
    { "authenticated, behind a firewall",
      OK_LINE "Set-Cookie: ___utmva=a\x01" "b; path=/\r\n" SET_TICKET
      "Set-Cookie: ___utmvb=ab\n    XcD: ef; path=/\r\nX-Policy: a;\r\n\tb\x1B\r\n"
      "Location: /\x01Login/Login.html\r\n" SUCCESS_LENGTH "\r\n" SUCCESS,
      CREATIO_LOGIN_AUTHENTICATED, 200, true, true, 0, "", NULL, NULL, NULL, NULL, NULL },
    { "a change of password is advised", TO_CLOSE SET_TICKET "\r\n" ADVISED,
      CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED, 200, false, true, 2, "Change it", NULL, NULL, "/p", "/r",
      "General" },
    { "rejected", TO_CLOSE "Set-Cookie: BPMLOADER=l; path=/\r\n\r\n" REJECTED, CREATIO_LOGIN_REJECTED,
      200, false, true, 1, "\xD0\x9D\xD0\xB5\xD1\x82", "Denied", "System.X", NULL, NULL, NULL },
    { "another code", OK_LINE "Content-Length: 20\r\n\r\n{\"Code\":-2147483648}",
      CREATIO_LOGIN_UNKNOWN_CODE, 200, true, true, INT32_MIN, NULL, NULL, NULL, NULL, NULL, NULL },
    { "no license", OK_LINE "Content-Length: 10\r\n\r\n{\"Code\":4}", CREATIO_LOGIN_NO_LICENSE, 200, true,
      true, 4, NULL, NULL, NULL, NULL, NULL, NULL },
    { "a license to grant", OK_LINE "Content-Length: 10\r\n\r\n{\"Code\":3}",
      CREATIO_LOGIN_NEED_GRANT_LICENSE, 200, true, true, 3, NULL, NULL, NULL, NULL, NULL, NULL },
    { "an expired password", OK_LINE "Content-Length: 10\r\n\r\n{\"Code\":5}",
      CREATIO_LOGIN_PASSWORD_EXPIRED, 200, true, true, 5, NULL, NULL, NULL, NULL, NULL, NULL },
    { "a second factor by its exception", OK_LINE "Content-Length: 58\r\n\r\n"
      "{\"Code\":1,\"Exception\":{\"Type\":\"X.StartAuthFlowException\"}}",
      CREATIO_LOGIN_SECOND_FACTOR_WANTED, 200, true, true, 1, NULL, NULL, "X.StartAuthFlowException", NULL,
      NULL, NULL },
    { "a second factor by its cookie",
      OK_LINE "Set-Cookie: FirstFactor=f; path=/\r\n" SUCCESS_LENGTH "\r\n" SUCCESS,
      CREATIO_LOGIN_SECOND_FACTOR_WANTED, 200, true, true, 0, "", NULL, NULL, NULL, NULL, NULL },
    { "an authenticator to bind", OK_LINE "Content-Length: 61\r\n\r\n"
      "{\"Code\":1,\"Exception\":{\"Type\":\"X.TotpIsNotEnabledException\"}}",
      CREATIO_LOGIN_AUTHENTICATOR_WANTED, 200, true, true, 1, NULL, NULL, "X.TotpIsNotEnabledException",
      NULL, NULL, NULL },
    { "a busy site", "HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n",
      CREATIO_LOGIN_BUSY, 503, true, false, 0, NULL, NULL, NULL, NULL, NULL, NULL },
    { "401",
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 36\r\n\r\n"
      "{\"Message\":\"Authentication failed.\"}",
      CREATIO_LOGIN_BAD_CREDENTIALS, 401, true, false, 0, "Authentication failed.", NULL, NULL, NULL,
      NULL, NULL },
    { "403", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
      CREATIO_LOGIN_ACCESS_DENIED, 403, false, false, 0, NULL, NULL, NULL, NULL, NULL, NULL },
    { "a redirect to the login page",
      "HTTP/1.1 302 Found\r\nLocation: /Login/NuiLogin.aspx?ReturnUrl=x\r\n"
      "Content-Length: 0\r\n\r\n",
      CREATIO_LOGIN_PAGE_REDIRECT, 302, true, false, 0, NULL, NULL, NULL, NULL, NULL, NULL },
    { "a redirect",
      "HTTP/1.1 302 Found\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n",
      CREATIO_LOGIN_REDIRECT, 302, true, false, 0, NULL, NULL, NULL, NULL, NULL, NULL },
    { "a page by its content type",
      OK_LINE "Content-Type: text/html; charset=utf-8\r\nContent-Length: 3\r\n\r\nabc",
      CREATIO_LOGIN_HTML_CONTENT_TYPE, 200, true, false, 0, NULL, NULL, NULL, NULL, NULL, NULL },
    { "a page by its body", OK_LINE "Content-Length: 9\r\n\r\n\r\n <html>", CREATIO_LOGIN_HTML_BODY, 200,
      true, false, 0, NULL, NULL, NULL, NULL, NULL, NULL },
    { "no ticket", OK_LINE SUCCESS_LENGTH "\r\n" SUCCESS, CREATIO_LOGIN_NO_TICKET, 200, true, true, 0, "",
      NULL, NULL, NULL, NULL, NULL },
    { "500", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", CREATIO_LOGIN_UNEXPECTED_STATUS, 500, true,
      false, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static void login_comes_to(const fixture *f, size_t first, size_t step) {
    client c;
    creatio_login login;
    TAINT(login);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_begin_login(&c);
    CHECK(creatio_exchange_http_status(&c.exchange) == 0);
    outcome result = client_feed(&c, f->reply, strlen(f->reply), first, step);
    CHECK_STATUS(result.status, CREATIO_OK);
    CHECK_SIZE(result.consumed, strlen(f->reply));
    CHECK_SIZE(result.body_len, 0);
    CHECK(creatio_exchange_http_status(&c.exchange) == f->http_status);
    CHECK(creatio_exchange_keeps_alive(&c.exchange) == f->keeps_alive);
    CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login), CREATIO_OK);
    bool yes = f->verdict == CREATIO_LOGIN_AUTHENTICATED || f->verdict == CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED;
    CHECK(login.verdict == f->verdict);
    CHECK(login.authenticated == yes);
    CHECK(creatio_session_has_ticket(&c.session) == yes);
    CHECK(login.http_status == f->http_status);
    CHECK(login.has_code == f->has_code);
    CHECK(login.code == f->code);
    CHECK(login.has_retry_after == (f->verdict == CREATIO_LOGIN_BUSY));
    CHECK(login.retry_after == (login.has_retry_after ? 30 : 0));
    text_is(&c, login.message, f->message);
    text_is(&c, login.exception_message, f->exception_message);
    text_is(&c, login.exception_type, f->exception_type);
    text_is(&c, login.password_change_url, f->password_change_url);
    text_is(&c, login.redirect_url, f->redirect_url);
    text_is(&c, login.user_type, f->user_type);
    client_free(&c);
}

static void logins(void) {
    for (size_t i = 0; i < sizeof FIXTURES / sizeof FIXTURES[0]; i++) {
        const fixture *f = &FIXTURES[i];
        size_t len = strlen(f->reply);
        check_topic("%s, byte by byte", f->name);
        login_comes_to(f, 1, 1);
        for (size_t first = 1; first <= len; first++) {
            check_topic("%s, cut at %zu", f->name, first);
            login_comes_to(f, first, len);
        }
    }
}

/* A call's reply, at every cut: its body, and the ticket that it renews. */
static void call_comes_to(creatio_method method, const char *reply, const char *body, bool renewed) {
    size_t len = strlen(reply);
    for (size_t first = 0; first <= len; first++) {
        check_topic("reply to a call, cut at %zu: %.60s", first, reply);
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
        CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
        creatio_call call = call_of("/odata/Contact");
        call.method = method;
        uint8_t request[512];
        CHECK_STATUS(creatio_session_call(&c.session, &call, &c.exchange), CREATIO_OK);
        client_pull(&c, request, sizeof request, sizeof request);
        outcome result = first == 0 ? client_feed(&c, reply, len, 1, 1)
                                    : client_feed(&c, reply, len, first, len);
        CHECK_STATUS(result.status, CREATIO_OK);
        CHECK_TEXT(result.body, result.body_len, body);
        char *lines = client_lines(&c, "/");
        CHECK((strstr(lines, ".ASPXAUTH=renewed;") != NULL) == renewed);
        CHECK((strstr(lines, ".ASPXAUTH=" TICKET ";") != NULL) == !renewed);
        creatio_login login;
        TAINT(login);
        CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login),
                     CREATIO_ERR_NOT_A_LOGIN);
        CHECK(IS_UNTOUCHED(login));
        free(lines);
        client_free(&c);
    }
}

static void calls(void) {
    call_comes_to(CREATIO_METHOD_GET, OK_LINE "Content-Length: 12\r\n\r\n{\"value\":[]}", "{\"value\":[]}",
                  false);
    call_comes_to(CREATIO_METHOD_GET,
                  OK_LINE "Set-Cookie: .ASPXAUTH=renewed; path=/\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
                  "abc", true);
    call_comes_to(CREATIO_METHOD_GET, TO_CLOSE "\r\nto the close", "to the close", false);
    call_comes_to(CREATIO_METHOD_GET, "HTTP/1.1 204 No Content\r\n\r\n", "", false);
    call_comes_to(CREATIO_METHOD_HEAD, OK_LINE "Content-Length: 12\r\n\r\n", "", false);
}

static void bytes_after_the_reply_are_not_the_exchanges(void) {
    check_topic("bytes after the reply");
    static const char REPLY[] = OK_LINE "Content-Length: 2\r\n\r\nokHTTP/1.1";
    const uint8_t *bytes = (const uint8_t *)REPLY;
    size_t len = strlen(REPLY);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_begin_get(&c, "/");
    creatio_fed fed;
    CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session, bytes, len, &fed), CREATIO_OK);
    CHECK_SIZE(fed.consumed, len - 8);
    CHECK(fed.body == bytes + len - 10 && fed.body_len == 2);
    client_free(&c);
}

static void feeding_nothing_changes_nothing(void) {
    check_topic("feeding nothing");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_begin_login(&c);
    for (int i = 0; i < 2; i++) {
        creatio_fed fed;
        TAINT(fed);
        CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session, i == 0 ? NULL : c.memory, 0,
                                           &fed),
                     CREATIO_MORE);
        CHECK(fed.consumed == 0 && fed.body == NULL && fed.body_len == 0);
    }
    CHECK(creatio_exchange_state(&c.exchange) == CREATIO_STATE_RECEIVING);
    client_free(&c);
}

static void a_long_message_is_cut(void) {
    check_topic("a long message");
    static const char START[] = TO_CLOSE "\r\n{\"Code\":1,\"Message\":\"";
    char reply[1200];
    memset(reply, 'm', sizeof reply);
    memcpy(reply, START, strlen(START));
    memcpy(reply + sizeof reply - 3, "\"}", 3);
    client c;
    creatio_login login;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 256);
    CHECK_STATUS(client_login(&c, reply).status, CREATIO_OK);
    CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login), CREATIO_OK);
    CHECK(login.message.truncated);
    CHECK_SIZE(login.message.len, 128);
    CHECK(all_bytes(login.message.text, login.message.len, 'm'));
    client_free(&c);
}

void test_reply(void) {
    check_topic("fixtures");
    CHECK(strstr(SUCCESS_LENGTH, " 59\r\n") != NULL && strlen(SUCCESS) == 59);
    logins();
    calls();
    bytes_after_the_reply_are_not_the_exchanges();
    feeding_nothing_changes_nothing();
    a_long_message_is_cut();
}
