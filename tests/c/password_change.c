/* creatio_session_change_password: its request, and that its answer is that of a login. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define NEW_PASSWORD "n\\ew \xC3\xBC"
#define BODY                                                                                    \
    "{\"UserName\":\"Supervisor\",\"UserPassword\":\"old\\\"1\",\"NewUserPassword\":\"n\\\\ew " \
    "\xC3\xBC\",\"ConfirmUserPassword\":\"n\\\\ew \xC3\xBC\"}"
#define REJECTED "{\"Code\":1,\"Message\":\"No\"}"
#define ADVISED "{\"Code\":2,\"Message\":\"Change it\",\"PasswordChangeUrl\":\"/p\"}"

static void client_begin_change(client *c) {
    uint8_t request[1024];
    creatio_credentials who = credentials_of("Supervisor", "old\"1");
    CHECK_STATUS(creatio_session_change_password(&c->session, &who, NEW_PASSWORD,
                                                 strlen(NEW_PASSWORD), &c->exchange),
                 CREATIO_OK);
    client_pull(c, request, sizeof request, sizeof request);
}

/* Takes the request through a buffer of each size, and compares it. */
static void request_is(client *c, const creatio_credentials *who, const char *new_password,
                       const char *expected) {
    size_t new_len = new_password != NULL ? strlen(new_password) : 0;
    for (size_t step = 1; step <= strlen(expected) + 1; step++) {
        uint8_t request[1024];
        CHECK_STATUS(creatio_session_change_password(&c->session, who, new_password, new_len,
                                                     &c->exchange),
                     CREATIO_OK);
        CHECK_SIZE(creatio_exchange_request_len(&c->exchange, &c->session), strlen(expected));
        size_t len = client_pull(c, request, sizeof request, step);
        CHECK_TEXT(request, len, expected);
    }
}

#define HEAD(base_path, length)                                                              \
    "POST " base_path "/ServiceModel/AuthService.svc/DoChangePasswordLogin HTTP/1.1\r\n"     \
    "Host: crm.example.com\r\n" AGENT_LINE "Accept: application/json\r\n"                    \
    "Content-Type: application/json; charset=utf-8\r\nContent-Length: " length "\r\n"        \
    "ForceUseSession: true\r\n"

static void requests(void) {
    check_topic("request of a change of the password");
    client c;
    client_init(&c, SITE_URL "/app", CREATIO_RUNTIME_NET_FRAMEWORK, 1024);
    creatio_credentials who = credentials_of("Supervisor", "old\"1");
    char expected[1024];
    snprintf(expected, sizeof expected, HEAD("/app", "%zu") "\r\n" BODY, strlen(BODY));
    request_is(&c, &who, NEW_PASSWORD, expected);
    client_free(&c);

    check_topic("request of a change of the password, with all there is");
    static const char ALL[] =
        "{\"UserName\":\"Supervisor\",\"UserPassword\":\"old\\\"1\",\"WorkspaceName\":\"Default\","
        "\"TimeZoneOffset\":-180,\"ClaimList\":[{\"Key\":\"token\",\"Value\":\"123456\"}],"
        "\"NewUserPassword\":\"\",\"ConfirmUserPassword\":\"\"}";
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    who.workspace = "Default";
    who.workspace_len = 7;
    who.one_time_code = "123456";
    who.one_time_code_len = 6;
    who.has_time_zone_offset = true;
    who.time_zone_offset = -180;
    snprintf(expected, sizeof expected,
             HEAD("", "%zu") "Cookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf.\r\n\r\n%s", strlen(ALL),
             ALL);
    request_is(&c, &who, NULL, expected);
    client_free(&c);
}

/* All that a session can be asked after its exchange, as one text. The bytes in between the
 * members of a struct mean nothing, so that structs cannot be compared. */
static void describe(const client *c, creatio_status status, char out[512]) {
    creatio_login login;
    memset(&login, 0, sizeof login);
    creatio_status asked = creatio_exchange_login_result(&c->exchange, &c->session, &login);
    snprintf(out, 512, "%d %d %d %d %d %d %d %d %.*s|%.*s", (int)status, (int)asked,
             (int)login.verdict, login.authenticated, login.http_status, login.has_code,
             (int)login.code, creatio_exchange_is_signed_in(&c->exchange, &c->session),
             (int)login.message.len, login.message.text != NULL ? login.message.text : "",
             (int)login.password_change_url.len,
             login.password_change_url.text != NULL ? login.password_change_url.text : "");
}

/* Each answer means to a change what it means to a login, and leaves the same session. */
static void answers_are_those_to_a_login(void) {
    static const struct {
        const char *lines;
        const char *body;
    } ANSWERS[] = {
        { OK_LINE SET_TICKET "Set-Cookie: BPMCSRF=csrf.; path=/\r\n", SUCCESS },
        { OK_LINE SET_TICKET, ADVISED },
        { OK_LINE "Set-Cookie: BPMLOADER=l; path=/\r\n", REJECTED },
        { OK_LINE, SUCCESS },
        { OK_LINE, "{\"Code\":9}" },
        { OK_LINE, "<html>" },
        { OK_LINE "Content-Type: text/html\r\n", "x" },
        { OK_LINE SET_TICKET, "{\"Code\":0,\"Code\":0}" },
        { OK_LINE SET_TICKET, "{\"Code\":0" },
        { "HTTP/1.1 401 U\r\n", "{\"Message\":\"Authentication failed.\"}" },
        { "HTTP/1.1 403 F\r\n", "" },
        { "HTTP/1.1 302 F\r\nLocation: /Login/Login.html\r\n", "" },
        { "HTTP/1.1 302 F\r\nLocation: /elsewhere\r\n", "" },
        { "HTTP/1.1 500 Oops\r\n", "" },
    };
    for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
        for (int framing = 0; framing < FRAMINGS; framing++) {
            char *reply = framed(ANSWERS[i].lines, ANSWERS[i].body, framing);
            size_t len = strlen(reply);
            for (size_t first = 1; first <= len; first++) {
                check_topic("answer %zu to a change of the password in framing %d, cut at %zu", i,
                            framing, first);
                client login, change;
                char expected[512], found[512];
                client_init(&login, SITE_URL, CREATIO_RUNTIME_NET, 512);
                client_init(&change, SITE_URL, CREATIO_RUNTIME_NET, 512);
                client_begin_login(&login);
                client_begin_change(&change);
                describe(&login, client_feed(&login, reply, len, first, len).status, expected);
                describe(&change, client_feed(&change, reply, len, first, len).status, found);
                CHECK_TEXT(found, strlen(found), expected);
                size_t snapshot_len;
                uint8_t *snapshot = snapshot_of(&login.session, &snapshot_len);
                CHECK(is_snapshot_of(&change.session, snapshot, snapshot_len));
                free(snapshot);
                client_free(&change);
                client_free(&login);
            }
            free(reply);
        }
    }
}

static creatio_login login_of(const client *c) {
    creatio_login login;
    TAINT(login);
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, &login), CREATIO_OK);
    return login;
}

static void advice_and_then_a_change(void) {
    check_topic("advice, and then a change");
    static const char NEW[] = OK_LINE "Set-Cookie: .ASPXAUTH=new; path=/\r\n" SUCCESS_LENGTH
                                      "\r\n" SUCCESS;
    static const char WITHOUT_COOKIES[] = OK_LINE SUCCESS_LENGTH "\r\n" SUCCESS;
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    char *advice = framed(OK_LINE "Set-Cookie: .ASPXAUTH=old; path=/\r\n", ADVISED, BY_LENGTH);
    CHECK_STATUS(client_login(&c, advice).status, CREATIO_OK);
    free(advice);
    creatio_login login = login_of(&c);
    CHECK(login.verdict == CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED);
    text_is(&c, login.password_change_url, "/p");
    client_begin_change(&c);
    CHECK_STATUS(client_feed(&c, NEW, strlen(NEW), 1, 1).status, CREATIO_OK);
    CHECK(login_of(&c).verdict == CREATIO_LOGIN_AUTHENTICATED);
    CHECK(creatio_exchange_is_signed_in(&c.exchange, &c.session));
    lines_are(&c, "ForceUseSession: true\r\nCookie: .ASPXAUTH=new\r\n");
    CHECK(!knows(&c, "old"));

    check_topic("a change that brings no cookies");
    client_begin_change(&c);
    CHECK_STATUS(client_feed(&c, WITHOUT_COOKIES, strlen(WITHOUT_COOKIES), 1, 1).status,
                 CREATIO_OK);
    CHECK(login_of(&c).verdict == CREATIO_LOGIN_AUTHENTICATED);
    creatio_session_clear(&c.session);
    client_begin_change(&c);
    CHECK_STATUS(client_feed(&c, WITHOUT_COOKIES, strlen(WITHOUT_COOKIES), 1, 1).status,
                 CREATIO_OK);
    CHECK(login_of(&c).verdict == CREATIO_LOGIN_NO_TICKET);
    CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
    client_free(&c);
}

static void nothing_of_a_failed_change_is_kept(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_login(&c, OK_LINE "Set-Cookie: .ASPXAUTH=old; path=/\r\n" SUCCESS_LENGTH
                                          "\r\n" SUCCESS)
                     .status,
                 CREATIO_OK);
    size_t snapshot_len;
    uint8_t *snapshot = snapshot_of(&c.session, &snapshot_len);
    for (size_t len = 0; len < strlen(GOOD_LOGIN); len++) {
        check_topic("a change of the password that ends at %zu", len);
        client_begin_change(&c);
        CHECK_STATUS(client_feed(&c, GOOD_LOGIN, len, len, 1).status, CREATIO_ERR_CLOSED_EARLY);
        CHECK(is_snapshot_of(&c.session, snapshot, snapshot_len));
    }
    free(snapshot);
    client_free(&c);
}

/* Refused with one status, the session and an exchange under way being as they were. */
static void is_refused(client *c, const creatio_credentials *who, const char *new_password,
                       size_t new_password_len, creatio_status expected) {
    creatio_exchange exchange;
    TAINT(exchange);
    CHECK_STATUS(creatio_session_change_password(&c->session, who, new_password, new_password_len,
                                                 &exchange),
                 expected);
    CHECK(IS_UNTOUCHED(exchange));
    CHECK(creatio_exchange_state(&c->exchange) == CREATIO_STATE_RECEIVING);
}

static void refused_arguments(void) {
    check_topic("refused changes of the password");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_begin_login(&c);
    creatio_credentials who = credentials_of("Supervisor", "old");
    is_refused(&c, NULL, "new", 3, CREATIO_ERR_NULL_POINTER);
    is_refused(&c, &who, NULL, 1, CREATIO_ERR_NULL_POINTER);
    is_refused(&c, &who, NULL, SIZE_MAX, CREATIO_ERR_NULL_POINTER);
    is_refused(&c, &who, "\xFF", 1, CREATIO_ERR_NOT_UTF8);
    is_refused(&c, &who, NEW_PASSWORD, strlen(NEW_PASSWORD) - 1, CREATIO_ERR_NOT_UTF8);
    const char *const TEXTS[] = { NULL, "\xFF" };
    for (size_t i = 0; i < 2; i++) {
        creatio_credentials name = who, password = who, workspace = who, code = who, provider = who;
        name.user_name = password.password = TEXTS[i];
        workspace.workspace = code.one_time_code = provider.provider_name = TEXTS[i];
        name.user_name_len = password.password_len = 1;
        workspace.workspace_len = code.one_time_code_len = provider.provider_name_len = 1;
        const creatio_credentials *const WRONG[] = { &name, &password, &workspace, &code,
                                                     &provider };
        for (size_t j = 0; j < 5; j++) {
            is_refused(&c, WRONG[j], "new", 3, i == 0 ? CREATIO_ERR_NULL_POINTER : CREATIO_ERR_NOT_UTF8);
        }
    }
    CHECK_STATUS(creatio_session_change_password(&c.session, &who, "new", 3, NULL),
                 CREATIO_ERR_NULL_POINTER);
    creatio_session no_session;
    creatio_exchange exchange;
    memset(&no_session, 0, sizeof no_session);
    TAINT(exchange);
    CHECK_STATUS(creatio_session_change_password(NULL, &who, "new", 3, &exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_change_password(&no_session, &who, "new", 3, &exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK(IS_UNTOUCHED(exchange));
    /* The login that was under way all the time. */
    CHECK_STATUS(client_feed(&c, GOOD_LOGIN, strlen(GOOD_LOGIN), 1, 1).status, CREATIO_OK);
    client_free(&c);
}

static void it_is_no_call_and_no_request_for_a_token(void) {
    check_topic("results of a change of the password");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    client_begin_change(&c);
    creatio_login login;
    creatio_answer answer;
    creatio_token token;
    TAINT(login);
    TAINT(answer);
    TAINT(token);
    CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK_STATUS(creatio_exchange_call_result(&c.exchange, &c.session, &answer),
                 CREATIO_ERR_NOT_A_CALL);
    CHECK_STATUS(creatio_exchange_token_result(&c.exchange, &c.session, &token),
                 CREATIO_ERR_NOT_A_TOKEN_REQUEST);
    CHECK(IS_UNTOUCHED(login));
    CHECK(IS_UNTOUCHED(answer));
    CHECK(IS_UNTOUCHED(token));
    CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
    client_free(&c);
}

void test_password_change(void) {
    requests();
    answers_are_those_to_a_login();
    advice_and_then_a_change();
    nothing_of_a_failed_change_is_kept();
    refused_arguments();
    it_is_no_call_and_no_request_for_a_token();
}
