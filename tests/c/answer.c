/* creatio_exchange_call_result: what the answer to a call means, and what it says. */
#include <stdio.h>
#include <string.h>

#include "support.h"

#define TO_CLOSE(status) "HTTP/1.0 " status "\r\n"
#define REFUSAL(message, inner)                                                   \
    "{\"error\":{\"code\":\"\",\"message\":\"" message "\",\"innererror\":{\"message\":\"" inner \
    "\",\"type\":\"\",\"stacktrace\":\"\"}}}"

/* A call, its reply and what is to come of it. A text that is NULL is not to be there. */
typedef struct {
    const char *name;
    const char *reply;
    creatio_call_verdict verdict;
    uint16_t http_status;
    const char *message;
    const char *inner_message;
    const char *next_link;
    /* What is not as usual about the call. */
    creatio_method method;
    const char *accept;
    bool at_root;
    bool no_login;
} fixture;

#define A_GET CREATIO_METHOD_GET, NULL, false, false

static const fixture FIXTURES[] = {
    { "records", TO_CLOSE("200 OK") "\r\n{\"value\":[{\"Name\":\"Ann\"}]}", CREATIO_CALL_FINE, 200, NULL,
      NULL, NULL, A_GET },
    { "records, and there are more",
      TO_CLOSE("200 OK") "\r\n{\"value\":[{\"@odata.nextLink\":\"no\"}],\"@odata.nextLink\":"
      "\"https:\\/\\/crm.example.com\\/odata\\/Contact?$skip=3\"}",
      CREATIO_CALL_FINE, 200, NULL, NULL, "https://crm.example.com/odata/Contact?$skip=3", A_GET },
    { "nothing", "HTTP/1.1 204 No Content\r\n\r\n", CREATIO_CALL_FINE, 204, NULL, NULL, NULL,
      CREATIO_METHOD_PATCH, NULL, false, false },
    { "created", TO_CLOSE("201 Created") "Location: /odata/Contact(1)\r\n\r\n{\"Id\":\"1\"}",
      CREATIO_CALL_FINE, 201, NULL, NULL, NULL, CREATIO_METHOD_POST, NULL, false, false },
    { "a head", OK_LINE "Content-Length: 12\r\n\r\n", CREATIO_CALL_FINE, 200, NULL, NULL, NULL,
      CREATIO_METHOD_HEAD, NULL, false, false },
    { "no document", TO_CLOSE("200 OK") "\r\n{\"@odata.nextLink\":\"x\"", CREATIO_CALL_FINE, 200, NULL,
      NULL, NULL, A_GET },
    { "a page that was asked for",
      TO_CLOSE("200 OK") "Content-Type: text/html\r\n\r\n<html>{\"Message\":\"x\"}",
      CREATIO_CALL_FINE, 200, NULL, NULL, NULL, CREATIO_METHOD_GET, "text/html", false, false },
    { "a redirect to the login page of .NET Framework",
      TO_CLOSE("302 Found") "Location: /Login/NuiLogin.aspx?ReturnUrl=%2fodata\r\n\r\n<html>",
      CREATIO_CALL_ENDED_REDIRECT, 302, NULL, NULL, NULL, A_GET },
    { "a redirect to the login page of .NET",
      TO_CLOSE("302 Found") "Location: https://crm.example.com/Login/Login.html\r\n\r\n",
      CREATIO_CALL_ENDED_REDIRECT, 302, NULL, NULL, NULL, CREATIO_METHOD_DELETE, NULL, false, false },
    { "the login page", TO_CLOSE("200 OK")
      "Content-Type: text/html; charset=utf-8\r\n\r\n<form action=\"NuiLogin.aspx?x\">",
      CREATIO_CALL_ENDED_LOGIN_PAGE, 200, NULL, NULL, NULL, A_GET },
    { "the login page by its body",
      TO_CLOSE("200 OK") "\r\n\r\n <html><a href=\"/Login/login.HTML\">",
      CREATIO_CALL_ENDED_LOGIN_PAGE, 200, NULL, NULL, NULL, A_GET },
    { "401 of an ended session",
      TO_CLOSE("401 Unauthorized") "\r\n{\"Message\":\"Authentication failed.\"}",
      CREATIO_CALL_ENDED_AUTHENTICATION_FAILED, 401, "Authentication failed.", NULL, NULL, A_GET },
    { "401 of another kind",
      TO_CLOSE("401 Unauthorized") "\r\n{\"Message\":\"Authentication failed\"}",
      CREATIO_CALL_ENDED_UNAUTHORIZED, 401, "Authentication failed", NULL, NULL, A_GET },
    { "401 of a proxy", TO_CLOSE("401 Unauthorized") "\r\nAuthentication failed.",
      CREATIO_CALL_ENDED_UNAUTHORIZED, 401, NULL, NULL, NULL, A_GET },
    { "DataService, where nobody is signed in",
      TO_CLOSE("500 Oops")
      "\r\n{\"responseStatus\":{\"ErrorCode\":\"ArgumentNullOrEmptyException\",\"Message\":\"userConnection\"}}",
      CREATIO_CALL_ENDED_NO_USER_CONNECTION, 500, "userConnection", NULL, NULL, A_GET },
    { "403 of a firewall", TO_CLOSE("403 Forbidden") "Content-Type: text/html\r\n\r\nBlocked",
      CREATIO_CALL_ACCESS_DENIED, 403, NULL, NULL, NULL, CREATIO_METHOD_POST, NULL, false, false },
    { "the cause behind the error",
      TO_CLOSE("500 Oops")
      "\r\n{\"error\":{\"message\":\"An error\",\"innererror\":{\"message\":\"failed\",\"internalexception\":"
      "{\"message\":\"deep\",\"internalexception\":{\"message\":\"deepest\"}}}}}",
      CREATIO_CALL_SERVER_ERROR, 500, "An error", "deepest", NULL, A_GET },
    { "an entity that OData does not know",
      TO_CLOSE("200 OK") "\r\n{\"Message\":\"No HTTP resource\",\"MessageDetail\":\"No type\"}",
      CREATIO_CALL_SERVICE_FAILED, 200, "No HTTP resource", "No type", NULL, A_GET },
    { "403 without a token", TO_CLOSE("403 Forbidden") "\r\n", CREATIO_CALL_CSRF_MISSING, 403, NULL,
      NULL, NULL, CREATIO_METHOD_POST, NULL, false, true },
    { "403 with a token", TO_CLOSE("403 Forbidden") "\r\n{\"Message\":\"No right\"}",
      CREATIO_CALL_FORBIDDEN, 403, "No right", NULL, NULL, CREATIO_METHOD_POST, NULL, false, false },
    { "404 of another runtime", TO_CLOSE("404 Not Found") "\r\n<html>", CREATIO_CALL_WRONG_PREFIX, 404,
      NULL, NULL, NULL, A_GET },
    { "404 of a record", TO_CLOSE("404 Not Found") "\r\n" REFUSAL("No \\u0022it\\u0022", "None"),
      CREATIO_CALL_NOT_FOUND, 404, "No \"it\"", "None", NULL, A_GET },
    { "404 at the root", TO_CLOSE("404 Not Found") "\r\n", CREATIO_CALL_NOT_FOUND, 404, NULL, NULL, NULL,
      CREATIO_METHOD_GET, NULL, true, false },
    { "429", TO_CLOSE("429 Too Many Requests") "\r\n", CREATIO_CALL_BUSY, 429, NULL, NULL, NULL, A_GET },
    { "503", TO_CLOSE("503 Service Unavailable") "\r\n{\"Message\":\"Later\"}", CREATIO_CALL_BUSY, 503,
      "Later", NULL, NULL, A_GET },
    { "a failure of a service",
      TO_CLOSE("200 OK") "\r\n\xEF\xBB\xBF{\"success\":false,\"errorInfo\":"
                         "{\"message\":\"\xD0\x9D\"}}",
      CREATIO_CALL_SERVICE_FAILED, 200, "\xD0\x9D", NULL, NULL, CREATIO_METHOD_POST, NULL, false, false },
    { "a failure without a message",
      TO_CLOSE("200 OK") "\r\n{\"errorInfo\":{\"errorCode\":\"X\"},\"success\":false}",
      CREATIO_CALL_SERVICE_FAILED, 200, NULL, NULL, NULL, A_GET },
    { "a success", TO_CLOSE("200 OK") "\r\n{\"success\":true,\"errorInfo\":null}", CREATIO_CALL_FINE,
      200, NULL, NULL, NULL, A_GET },
    { "a page by its content type", TO_CLOSE("200 OK") "Content-Type: text/html\r\n\r\nwelcome",
      CREATIO_CALL_NOT_JSON, 200, NULL, NULL, NULL, A_GET },
    { "a page by its body", TO_CLOSE("200 OK") "\r\n<!DOCTYPE html>", CREATIO_CALL_NOT_JSON, 200, NULL,
      NULL, NULL, A_GET },
    { "400", TO_CLOSE("400 Bad Request") "\r\n" REFUSAL("Refused", "Name is empty"),
      CREATIO_CALL_REFUSED, 400, "Refused", "Name is empty", NULL, CREATIO_METHOD_POST, NULL, false, false },
    { "400 to a call for something else",
      TO_CLOSE("400 Bad Request") "\r\n" REFUSAL("Refused", ""), CREATIO_CALL_REFUSED, 400, "Refused",
      "", NULL, CREATIO_METHOD_GET, "image/png", false, false },
    { "400 of OData 3",
      TO_CLOSE("400 Bad Request")
      "\r\n{\"error\":{\"message\":{\"lang\":\"en\",\"value\":\"No\"}}}",
      CREATIO_CALL_REFUSED, 400, "No", NULL, NULL, A_GET },
    { "500",
      TO_CLOSE("500 Oops") "\r\n{\"Message\":\"An error\",\"ExceptionMessage\":\"Null\"}",
      CREATIO_CALL_SERVER_ERROR, 500, "An error", "Null", NULL, A_GET },
    { "599", "HTTP/1.1 599 X\r\nContent-Length: 0\r\n\r\n", CREATIO_CALL_SERVER_ERROR, 599, NULL, NULL,
      NULL, A_GET },
    { "a redirect", TO_CLOSE("302 Found") "Location: https://elsewhere/\r\n\r\n",
      CREATIO_CALL_UNEXPECTED_STATUS, 302, NULL, NULL, NULL, A_GET },
    { "304", "HTTP/1.1 304 Not Modified\r\n\r\n", CREATIO_CALL_UNEXPECTED_STATUS, 304, NULL, NULL,
      NULL, A_GET },
    { "600", TO_CLOSE("600 X") "\r\n", CREATIO_CALL_UNEXPECTED_STATUS, 600, NULL, NULL, NULL,
      A_GET },
};

static void call_begins(client *c, const fixture *f) {
    client_init(c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 1024);
    if (!f->no_login) {
        CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
    }
    uint8_t request[512];
    creatio_call call = call_of("/odata/Contact");
    call.method = f->method;
    call.at_root = f->at_root;
    call.accept = f->accept;
    call.accept_len = f->accept != NULL ? strlen(f->accept) : 0;
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    client_pull(c, request, sizeof request, sizeof request);
}

/* The result of a call that is complete. */
static creatio_answer answer_of(const client *c) {
    creatio_answer answer;
    TAINT(answer);
    CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer), CREATIO_OK);
    return answer;
}

static void answer_is(const fixture *f, size_t first, size_t step) {
    client c;
    call_begins(&c, f);
    outcome result = client_feed(&c, f->reply, strlen(f->reply), first, step);
    CHECK_STATUS(result.status, CREATIO_OK);
    CHECK_SIZE(result.consumed, strlen(f->reply));
    /* The caller has all of the body, whatever was looked into. */
    CHECK_TEXT(result.body, result.body_len, strstr(f->reply, "\r\n\r\n") + 4);
    creatio_answer answer = answer_of(&c);
    CHECK(answer.verdict == f->verdict);
    CHECK(answer.session_ended == (f->verdict == CREATIO_CALL_ENDED_REDIRECT ||
                                   f->verdict == CREATIO_CALL_ENDED_LOGIN_PAGE ||
                                   f->verdict == CREATIO_CALL_ENDED_AUTHENTICATION_FAILED ||
                                   f->verdict == CREATIO_CALL_ENDED_UNAUTHORIZED ||
                                   f->verdict == CREATIO_CALL_ENDED_NO_USER_CONNECTION));
    CHECK(answer.http_status == f->http_status);
    CHECK(creatio_exchange_http_status(&c.exchange) == f->http_status);
    CHECK(!answer.has_retry_after && answer.retry_after == 0);
    text_is(&c, answer.message, f->message);
    text_is(&c, answer.inner_message, f->inner_message);
    text_is(&c, answer.next_link, f->next_link);
    text_is(&c, answer.error_code,
            strstr(f->reply, "\"errorCode\":\"X\"") != NULL                         ? "X"
            : f->verdict == CREATIO_CALL_ENDED_NO_USER_CONNECTION ? "ArgumentNullOrEmptyException"
                                                             : NULL);
    /* An answer takes nothing from the session, not even one that says that it has ended. */
    CHECK(creatio_session_has_ticket(&c.session) == !f->no_login);
    client_free(&c);
}

static void answers(void) {
    bool seen[CREATIO_CALL_ENDED_NO_USER_CONNECTION + 1] = { false };
    /* By Basic, by a token, and after a renewal: tested there. */
    seen[CREATIO_CALL_UNAUTHORIZED] = seen[CREATIO_CALL_ENDED_TOKEN_REJECTED] = true;
    seen[CREATIO_CALL_RENEWED_IN_VAIN] = true;
    for (size_t i = 0; i < sizeof FIXTURES / sizeof FIXTURES[0]; i++) {
        const fixture *f = &FIXTURES[i];
        size_t len = strlen(f->reply);
        seen[f->verdict] = true;
        check_topic("answer: %s, byte by byte", f->name);
        answer_is(f, 1, 1);
        for (size_t first = 1; first <= len; first++) {
            check_topic("answer: %s, cut at %zu", f->name, first);
            answer_is(f, first, len);
        }
    }
    check_topic("answers");
    for (size_t verdict = CREATIO_CALL_FINE; verdict < sizeof seen / sizeof seen[0]; verdict++) {
        CHECK(seen[verdict]);
    }
}

/* A raw body is looked into where the answer is an error, and nowhere else. */
static void raw_bodies(void) {
    static const char GOOD[] = TO_CLOSE("200 OK")
        "\r\n{\"success\":false,\"errorInfo\":{\"message\":\"no\"},\"@odata.nextLink\":\"x\"}";
    static const char BAD[] = TO_CLOSE("400 Bad") "\r\n{\"Message\":\"no\"}";
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        for (int is_bad = 0; is_bad < 2; is_bad++) {
            check_topic("raw body %d, error %d", is_raw, is_bad);
            const char *reply = is_bad ? BAD : GOOD;
            client c;
            client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
            uint8_t request[512];
            creatio_call call = call_of("/odata/Contact");
            call.raw_body = is_raw;
            CHECK_STATUS(creatio_session_call(&c.session, &call, &c.exchange), CREATIO_OK);
            client_pull(&c, request, sizeof request, sizeof request);
            outcome result = client_feed(&c, reply, strlen(reply), 1, 1);
            CHECK_STATUS(result.status, CREATIO_OK);
            CHECK_TEXT(result.body, result.body_len, strstr(reply, "\r\n\r\n") + 4);
            creatio_answer answer = answer_of(&c);
            creatio_call_verdict good = is_raw ? CREATIO_CALL_FINE : CREATIO_CALL_SERVICE_FAILED;
            CHECK(answer.verdict == (is_bad ? CREATIO_CALL_REFUSED : good));
            text_is(&c, answer.message, is_raw && !is_bad ? NULL : "no");
            text_is(&c, answer.next_link, is_raw || is_bad ? NULL : "x");
            client_free(&c);
        }
    }
}

/* Nothing of an answer is told before its end, nor after a failure. */
static void answers_come_at_the_end(void) {
    static const char END[] = TO_CLOSE("200 OK") "Content-Length: 2\r\n\r\n{}";
    client c;
    creatio_answer answer;
    creatio_login login;
    TAINT(answer);
    TAINT(login);
    check_topic("answers before the end");
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    creatio_call call = call_of("/");
    CHECK_STATUS(creatio_session_call(&c.session, &call, &c.exchange), CREATIO_OK);
    const creatio_exchange *exchange = &c.exchange;
    CHECK_STATUS(creatio_exchange_call_result(exchange, &c.session, &answer), CREATIO_ERR_OUT_OF_TURN);
    client_begin_get(&c, "/");
    for (size_t at = 0; at < strlen(END); at++) {
        CHECK_STATUS(creatio_exchange_call_result(exchange, &c.session, &answer),
                     CREATIO_ERR_OUT_OF_TURN);
        CHECK_STATUS(creatio_exchange_login_result(exchange, &c.session, &login),
                     CREATIO_ERR_NOT_A_LOGIN);
        creatio_fed fed;
        CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session, (const uint8_t *)END + at, 1,
                                           &fed),
                     at + 1 < strlen(END) ? CREATIO_MORE : CREATIO_OK);
    }
    CHECK(IS_UNTOUCHED(answer));
    CHECK_STATUS(creatio_exchange_call_result(exchange, &c.session, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK(answer_of(&c).verdict == CREATIO_CALL_FINE);
    CHECK(answer_of(&c).verdict == CREATIO_CALL_FINE); /* it stays */
    CHECK_STATUS(creatio_exchange_login_result(exchange, &c.session, &login), CREATIO_ERR_NOT_A_LOGIN);

    check_topic("answers after a failure");
    outcome result = client_get(&c, "/", TO_CLOSE("200 OK") "Content-Length: 3\r\n\r\n{}");
    CHECK_STATUS(result.status, CREATIO_ERR_CLOSED_EARLY);
    CHECK_STATUS(creatio_exchange_call_result(exchange, &c.session, &answer), CREATIO_ERR_OUT_OF_TURN);
    CHECK_STATUS(creatio_exchange_login_result(exchange, &c.session, &login), CREATIO_ERR_NOT_A_LOGIN);

    check_topic("the answer to a login");
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK_STATUS(creatio_exchange_call_result(exchange, &c.session, &answer), CREATIO_ERR_NOT_A_CALL);
    CHECK(IS_UNTOUCHED(answer));
    CHECK(IS_UNTOUCHED(login));
    client_free(&c);
}

static void answers_of_others(void) {
    check_topic("answers with contexts that do not fit");
    client c, other;
    creatio_exchange zeros;
    creatio_session no_session;
    creatio_answer answer;
    memset(&zeros, 0, sizeof zeros);
    memset(&no_session, 0, sizeof no_session);
    TAINT(answer);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_get(&c, "/", TO_CLOSE("200 OK") "\r\n").status, CREATIO_OK);
    CHECK_STATUS(client_get(&other, "/", TO_CLOSE("200 OK") "\r\n").status, CREATIO_OK);
    CHECK_STATUS(creatio_exchange_call_result(NULL, &c.session, &answer), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_call_result(&zeros, &c.session, &answer), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_call_result(&c.exchange, NULL, &answer), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_call_result(&c.exchange, &no_session, &answer),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_call_result(&c.exchange, &other.session, &answer),
                 CREATIO_ERR_OTHER_SESSION);
    creatio_exchange first = c.exchange;
    client_begin_get(&c, "/");
    CHECK_STATUS(creatio_exchange_call_result(&first, &c.session, &answer), CREATIO_ERR_OTHER_SESSION);
    CHECK(IS_UNTOUCHED(answer));
    client_free(&other);
    client_free(&c);
}

#define DATE "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
#define AFTER(value) "Retry-After: " value "\r\n"

static void times_to_try_again(void) {
    static const struct {
        const char *fields;
        uint64_t now; /* 0 if no time is told */
        bool has;
        uint32_t seconds;
    } TIMES[] = {
        { AFTER("0"), 0, true, 0 },
        { AFTER("120"), 0, true, 120 },
        { AFTER(" 007 "), 1767225600, true, 7 },
        { AFTER("4294967295"), 0, true, UINT32_MAX },
        { AFTER("4294967296"), 0, true, UINT32_MAX },
        { AFTER("-1"), 0, false, 0 },
        { AFTER("1.5"), 0, false, 0 },
        { AFTER(""), 0, false, 0 },
        { AFTER("soon"), 1767225600, false, 0 },
        { AFTER("1") AFTER("2"), 0, true, 2 },
        { AFTER("Thu, 01 Jan 2026 00:01:00 GMT"), 0, false, 0 },
        { AFTER("Thu, 01 Jan 2026 00:01:00 GMT") DATE, 0, true, 60 },
        { DATE AFTER("Wed, 31 Dec 2025 23:59:59 GMT"), 0, true, 0 },
        { AFTER("Thu, 01 Jan 2026 00:01:00 GMT"), 1767225599, true, 61 },
        { DATE AFTER("Thu, 01 Jan 2026 00:01:00 GMT"), 1767225630, true, 60 },
        { DATE AFTER("Thu, 01 Jan 2026 00:01:00 GMT"), 5, true, 60 },
        { AFTER("Thu, 01 Jan 2026 00:01:00 GMT"), 5, false, 0 },
        { AFTER("Thu, 01 Jan 2026 00:01:00 GMT"), 1767225660, true, 0 },
        { AFTER("Thu, 01 Jan 2026 00:01:00 GMT"), UINT64_MAX, true, 0 },
        /* Further away than 400 days it is not believed; times end in 2106. */
        { DATE AFTER("Fri, 05 Feb 2027 00:00:00 GMT"), 0, true, 400 * 86400 },
        { DATE AFTER("Fri, 05 Feb 2027 00:00:01 GMT"), 0, false, 0 },
        { AFTER("Fri, 31 Dec 9999 23:59:59 GMT"), 1, false, 0 },
        { AFTER("Fri, 31 Dec 9999 23:59:59 GMT"), UINT32_MAX - 61, true, 60 },
        { DATE, 0, false, 0 },
    };
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        check_topic("retry_after %zu", i);
        char reply[256];
        snprintf(reply, sizeof reply, "%s%s\r\n", TO_CLOSE("503 Busy"), TIMES[i].fields);
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
        if (TIMES[i].now != 0) {
            CHECK_STATUS(creatio_session_set_time(&c.session, TIMES[i].now), CREATIO_OK);
        }
        CHECK_STATUS(client_get(&c, "/", reply).status, CREATIO_OK);
        creatio_answer answer = answer_of(&c);
        CHECK(answer.verdict == CREATIO_CALL_BUSY);
        CHECK(answer.has_retry_after == TIMES[i].has);
        CHECK(answer.retry_after == TIMES[i].seconds);
        client_free(&c);
    }
}

/* Each text has half of the room that the ones before have left. */
static void long_texts_are_cut(void) {
    check_topic("long texts of an answer");
    static const char START[] = TO_CLOSE("400 Bad") "\r\n{\"Message\":\"";
    static const char MIDDLE[] = "\",\"ExceptionMessage\":\"";
    char reply[1000];
    memset(reply, 'm', sizeof reply);
    memcpy(reply, START, strlen(START));
    memcpy(reply + 500, MIDDLE, strlen(MIDDLE));
    memcpy(reply + sizeof reply - 3, "\"}", 3);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 256);
    CHECK_STATUS(client_get(&c, "/", reply).status, CREATIO_OK);
    creatio_answer answer = answer_of(&c);
    CHECK(answer.verdict == CREATIO_CALL_REFUSED);
    CHECK(answer.message.truncated && answer.inner_message.truncated);
    CHECK_SIZE(answer.message.len, 128);
    CHECK_SIZE(answer.inner_message.len, 64);
    CHECK(all_bytes(answer.message.text, answer.message.len, 'm'));
    CHECK(all_bytes(answer.inner_message.text, answer.inner_message.len, 'm'));
    CHECK(answer.next_link.text == NULL && answer.next_link.len == 0);
    client_free(&c);
}

/* Without memory there are no texts, and the verdict is the same where it needs none. */
static void answers_without_memory(void) {
    check_topic("an answer without memory");
    static const char BROKEN[] = TO_CLOSE("200 OK")
        "\r\n{\"success\":false,\"errorInfo\":{\"message\":\"No\"}}";
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 0);
    CHECK_STATUS(client_get(&c, "/", BROKEN).status, CREATIO_OK);
    creatio_answer answer = answer_of(&c);
    CHECK(answer.verdict == CREATIO_CALL_SERVICE_FAILED);
    CHECK(answer.message.truncated);
    CHECK_SIZE(answer.message.len, 0);
    client_free(&c);
}

void test_answer(void) {
    answers();
    raw_bodies();
    answers_come_at_the_end();
    answers_of_others();
    times_to_try_again();
    long_texts_are_cut();
    answers_without_memory();
}
