/* creatio_session_use_basic: user name and password with each call (RFC 7617). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define ALADDIN "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"

/* RFC 7617, sections 2 and 2.1; RFC 4648, section 10. */
static void in_base64(void) {
    static const struct {
        const char *user_name;
        const char *password;
        const char *basic;
    } USERS[] = {
        { "Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
        { "test", "123\xC2\xA3", "dGVzdDoxMjPCow==" },
        { "", "", "Og==" },
        { "", "f", "OmY=" },
        { "", "fo", "OmZv" },
        { "", ":o", "Ojpv" },
        { "\xC3\xBF\xC3\xBF", "\xC3\xBF", "w7/DvzrDvw==" },
        { "~~~", "\?\?\?>>>", "fn5+Oj8/Pz4+Pg==" },
    };
    for (size_t i = 0; i < sizeof USERS / sizeof USERS[0]; i++) {
        check_topic("Basic %s", USERS[i].basic);
        client c;
        char expected[128];
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
        CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
        creatio_credentials who = credentials_of(USERS[i].user_name, USERS[i].password);
        CHECK_STATUS(creatio_session_use_basic(&c.session, &who), CREATIO_OK);
        snprintf(expected, sizeof expected, "Authorization: Basic %s\r\n", USERS[i].basic);
        lines_are(&c, expected);
        CHECK(creatio_session_has_authorization(&c.session));
        CHECK(!creatio_session_has_ticket(&c.session));
        CHECK(!creatio_session_has_csrf_token(&c.session));
        CHECK(creatio_session_token_expires_at(&c.session) == 0);
        CHECK(!creatio_session_needs_token(&c.session, UINT32_MAX));
        CHECK(!knows(&c, TICKET));
        client_free(&c);
    }
}

/* What else the credentials hold is not sent, and cookies are not taken. */
static void with_each_call(void) {
    static const struct {
        const char *line;
        creatio_call_verdict verdict;
    } REPLIES[] = {
        { "HTTP/1.1 401 Unauthorized\r\n", CREATIO_CALL_UNAUTHORIZED },
        { "HTTP/1.1 403 Forbidden\r\n", CREATIO_CALL_ACCESS_DENIED },
        { OK_LINE, CREATIO_CALL_FINE },
    };
    static const char REQUEST[] =
        "POST /0/odata/Contact HTTP/1.1\r\nHost: crm.example.com\r\n" AGENT_LINE
        "Accept: application/json\r\n"
        "Content-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n" ALADDIN
        "\r\n{}";
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 1024);
    creatio_credentials who = credentials_of("Aladdin", "open sesame");
    who.workspace = "Default";
    who.workspace_len = 7;
    CHECK_STATUS(creatio_session_use_basic(&c.session, &who), CREATIO_OK);
    for (size_t i = 0; i < sizeof REPLIES / sizeof REPLIES[0]; i++) {
        check_topic("answer %zu to a call by Basic", i);
        uint8_t request[512];
        creatio_call call = call_of("/odata/Contact");
        call.method = CREATIO_METHOD_POST;
        call.body = "{}";
        call.body_len = 2;
        CHECK_STATUS(creatio_session_call(&c.session, &call, &c.exchange), CREATIO_OK);
        size_t len = client_pull(&c, request, sizeof request, 7);
        CHECK_TEXT(request, len, REQUEST);
        char reply[128];
        snprintf(reply, sizeof reply, "%s" SET_TICKET "Content-Length: 2\r\n\r\n{}",
                 REPLIES[i].line);
        CHECK_STATUS(client_feed(&c, reply, strlen(reply), 1, 1).status, CREATIO_OK);
        creatio_answer answer;
        CHECK_STATUS(creatio_exchange_call_result(&c.exchange, &c.session, &answer), CREATIO_OK);
        CHECK(answer.verdict == REPLIES[i].verdict);
        CHECK(!answer.session_ended);
        CHECK(!creatio_session_has_ticket(&c.session));
        CHECK(!creatio_exchange_is_signed_in(&c.exchange, &c.session));
    }
    client_free(&c);
}

/* Refused with one status, the session and its exchange being as they were. */
static void is_refused(client *c, const creatio_credentials *who, creatio_status expected) {
    size_t len;
    uint8_t *before = snapshot_of(&c->session, &len);
    client_begin_get(c, "/");
    CHECK_STATUS(creatio_session_use_basic(&c->session, who), expected);
    CHECK(is_snapshot_of(&c->session, before, len));
    CHECK(!creatio_session_has_authorization(&c->session));
    static const char REPLY[] = OK_LINE "Content-Length: 0\r\n\r\n";
    CHECK_STATUS(client_feed(c, REPLY, strlen(REPLY), 1, 1).status, CREATIO_OK);
    free(before);
}

static void what_basic_cannot_carry(void) {
    static const struct {
        const char *user_name;
        size_t user_name_len;
        const char *password;
        size_t password_len;
        creatio_status status;
    } USERS[] = {
        { "a:b", 3, "c", 1, CREATIO_ERR_BASIC_COLON },
        { "a\r\nb", 4, "c", 1, CREATIO_ERR_BASIC_CONTROL_CHARACTER },
        { "a", 1, "\0", 1, CREATIO_ERR_BASIC_CONTROL_CHARACTER },
        { "a", 1, "b\n", 2, CREATIO_ERR_BASIC_CONTROL_CHARACTER },
        { "\x7F", 1, "", 0, CREATIO_ERR_BASIC_CONTROL_CHARACTER },
        { "\xFF", 1, "", 0, CREATIO_ERR_NOT_UTF8 },
        { "a", 1, "\xC3", 1, CREATIO_ERR_NOT_UTF8 },
        { NULL, 1, "", 0, CREATIO_ERR_NULL_POINTER },
        { "a", 1, NULL, 1, CREATIO_ERR_NULL_POINTER },
        { "a", 1, NULL, SIZE_MAX, CREATIO_ERR_NULL_POINTER },
    };
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    creatio_credentials who;
    for (size_t i = 0; i < sizeof USERS / sizeof USERS[0]; i++) {
        check_topic("what Basic cannot carry %zu", i);
        memset(&who, 0, sizeof who);
        who.user_name = USERS[i].user_name;
        who.user_name_len = USERS[i].user_name_len;
        who.password = USERS[i].password;
        who.password_len = USERS[i].password_len;
        is_refused(&c, &who, USERS[i].status);
    }
    check_topic("Basic with wrong pointers");
    is_refused(&c, NULL, CREATIO_ERR_NULL_POINTER);
    who = credentials_of("a", "b");
    who.workspace = "\xFF"; /* not sent, but to be a text all the same */
    who.workspace_len = 1;
    is_refused(&c, &who, CREATIO_ERR_NOT_UTF8);
    creatio_session no_session;
    memset(&no_session, 0, sizeof no_session);
    who = credentials_of("a", "b");
    CHECK_STATUS(creatio_session_use_basic(NULL, &who), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_use_basic(&no_session, &who), CREATIO_ERR_NOT_SET_UP);
    CHECK(all_bytes(&no_session, sizeof no_session, 0));
    client_free(&c);
}

/* The header says how much it takes. */
static void memory_for_basic(void) {
    creatio_credentials who = credentials_of("Supervisor", "Supervisor");
    size_t least = 0;
    for (size_t memory_len = 0; memory_len < 128; memory_len++) {
        check_topic("Basic in %zu bytes", memory_len);
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, memory_len);
        memset(c.memory, 0, memory_len);
        creatio_status status = creatio_session_use_basic(&c.session, &who);
        CHECK(status == CREATIO_OK || (status == CREATIO_ERR_MEMORY_TOO_SMALL && least == 0));
        CHECK(creatio_session_has_authorization(&c.session) == (status == CREATIO_OK));
        CHECK(all_bytes(c.memory, memory_len, 0) == (status != CREATIO_OK));
        least = status == CREATIO_OK && least == 0 ? memory_len : least;
        client_free(&c);
    }
    CHECK_SIZE(least, 23 + 4 * 7); /* 21 bytes of "name:password" */
}

/* Either refused, or it authorises calls. */
static void passwords_beyond_48_kib(void) {
    static const size_t LENGTHS[] = { 49000, 49152, 70000 };
    static char password[70000];
    memset(password, 'x', sizeof password);
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        check_topic("Basic with a password of %zu", LENGTHS[i]);
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 200000);
        creatio_credentials who = credentials_of("a", "");
        who.password = password;
        who.password_len = LENGTHS[i];
        creatio_status status = creatio_session_use_basic(&c.session, &who);
        CHECK(creatio_session_has_authorization(&c.session) == (status == CREATIO_OK));
        client_free(&c);
    }
}

static void it_goes_as_it_comes(void) {
    check_topic("Basic ends the exchange that is under way");
    client c, other;
    uint8_t request[512];
    size_t len;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    creatio_credentials who = credentials_of("Aladdin", "open sesame");
    CHECK_STATUS(creatio_session_login(&c.session, &who, &c.exchange), CREATIO_OK);
    CHECK_STATUS(creatio_session_use_basic(&c.session, &who), CREATIO_OK);
    TAINT(len);
    CHECK_STATUS(creatio_exchange_fill(&c.exchange, &c.session, request, sizeof request, &len),
                 CREATIO_ERR_OTHER_SESSION);
    CHECK(IS_UNTOUCHED(len));

    check_topic("a snapshot of Basic");
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, len);
    CHECK_STATUS(creatio_session_restore(&other.session, snapshot, len), CREATIO_OK);
    free(snapshot);
    CHECK(creatio_session_has_authorization(&other.session));
    lines_are(&other, ALADDIN);
    creatio_session_clear(&other.session);
    CHECK(is_wiped(other.memory, other.memory_len));
    CHECK(!creatio_session_has_authorization(&other.session));
    client_free(&other);

    check_topic("a login after Basic");
    CHECK_STATUS(creatio_session_login(&c.session, &who, &c.exchange), CREATIO_OK);
    len = client_pull(&c, request, sizeof request - 1, 64);
    request[len] = '\0';
    CHECK(strstr((const char *)request, "Authorization") == NULL);
    CHECK_STATUS(client_feed(&c, GOOD_LOGIN, strlen(GOOD_LOGIN), 1, 1).status, CREATIO_OK);
    lines_are(&c, "ForceUseSession: true\r\nCookie: .ASPXAUTH=" TICKET
                  "; BPMCSRF=csrf.\r\nBPMCSRF: csrf.\r\n");
    CHECK(!creatio_session_has_authorization(&c.session));
    client_free(&c);
}

void test_basic(void) {
    in_base64();
    with_each_call();
    what_basic_cannot_carry();
    memory_for_basic();
    passwords_beyond_48_kib();
    it_goes_as_it_comes();
}
