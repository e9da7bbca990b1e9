/* A session's memory: too little is told, with how much it takes, and that is then enough. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

static creatio_login_verdict verdict_of(const client *c) {
    creatio_login login;
    memset(&login, 0, sizeof login);
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, &login), CREATIO_OK);
    return login.verdict;
}

/* A login with texts, long lines, and a cookie that is set twice. */
#define LONG_LOGIN \
    OK_LINE SET_TICKET "Set-Cookie: BPMLOADER=first; path=/; HttpOnly\r\n" \
    "Set-Cookie: BPMLOADER=a-longer-second-one; path=/; HttpOnly; SameSite=Lax\r\n" \
    "Set-Cookie: UserName=83|117|112|101|114|118|105|115|111|114; path=/; expires=Fri, " \
    "01 Jan 2100 00:00:00 GMT\r\nSet-Cookie: BPMCSRF=csrf.; path=/\r\n" \
    "Content-Length: 55\r\n\r\n" \
    "{\"Code\":0,\"Message\":\"Welcome back\",\"RedirectUrl\":\"/0/\"}"

/* What a login needs with this much memory; 0 if it is enough. */
static size_t needs(size_t memory_len, const char *reply, size_t first) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, memory_len);
    client_begin_login(&c);
    outcome result = client_feed(&c, reply, strlen(reply), first, 1);
    if (result.status == CREATIO_OK) {
        CHECK(verdict_of(&c) == CREATIO_LOGIN_AUTHENTICATED);
        CHECK(creatio_session_has_csrf_token(&c.session));
    } else {
        CHECK_STATUS(result.status, CREATIO_ERR_MEMORY_TOO_SMALL);
        CHECK(result.memory_needed > memory_len);
        CHECK(!creatio_session_has_ticket(&c.session));
        CHECK(all_bytes(c.memory, memory_len, 0));
    }
    client_free(&c);
    return result.memory_needed;
}

/* The least memory that a login takes. */
static size_t least_for(const char *reply) {
    size_t memory_len = 0;
    while (memory_len < 4096 && needs(memory_len, reply, strlen(reply)) > 0) {
        memory_len++;
    }
    return memory_len;
}

/* What is named may be more than the least, since a line that had no room could not be read; it is
 * enough all the same, and however the reply came. */
static void the_memory_that_is_named_is_enough(const char *reply) {
    size_t least = least_for(reply);
    CHECK(least > sizeof TICKET && least < 512);
    for (size_t memory_len = 0; memory_len < least; memory_len++) {
        check_topic("memory for a login: %zu of %zu", memory_len, least);
        size_t needed = needs(memory_len, reply, strlen(reply));
        CHECK(needed >= least);
        CHECK_SIZE(needs(memory_len, reply, 1), needed);
        CHECK_SIZE(needs(needed, reply, 1), 0);
        CHECK_SIZE(needs(needed, reply, strlen(reply)), 0);
    }
    for (size_t memory_len = least; memory_len < least + 100; memory_len++) {
        check_topic("memory for a login: %zu of %zu", memory_len, least);
        CHECK_SIZE(needs(memory_len, reply, strlen(reply)), 0);
        CHECK_SIZE(needs(memory_len, reply, 1), 0);
    }
}

/* A later reply needs room beside the cookies that are there; the session stays usable. */
static void a_call_that_needs_more(void) {
    check_topic("memory for a call");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, least_for(GOOD_LOGIN));
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    char *before = client_lines(&c, "/");
    outcome result = client_get(&c, "/", OK_LINE SET_TICKET "Content-Length: 0\r\n\r\n");
    CHECK_STATUS(result.status, CREATIO_ERR_MEMORY_TOO_SMALL);
    CHECK(result.memory_needed > c.memory_len);
    char *after = client_lines(&c, "/");
    CHECK(strcmp(before, after) == 0);
    CHECK_STATUS(client_get(&c, "/", OK_LINE "Content-Length: 0\r\n\r\n").status, CREATIO_OK);

    client enough;
    client_init(&enough, SITE_URL, CREATIO_RUNTIME_NET, result.memory_needed);
    CHECK_STATUS(client_login(&enough, GOOD_LOGIN).status, CREATIO_OK);
    CHECK_STATUS(
        client_get(&enough, "/", OK_LINE SET_TICKET "Content-Length: 0\r\n\r\n").status,
        CREATIO_OK);
    free(before);
    free(after);
    client_free(&enough);
    client_free(&c);
}

#define ENDED(location) \
    "HTTP/1.1 302 Found\r\nLocation: " location "\r\nContent-Length: 0\r\n\r\n"

/* A session that has certainly ended gives up its room, so that the login takes no more than the
 * first one did; another keeps what it has. */
static void an_end(void) {
    check_topic("memory after the end of a session");
    client c;
    size_t least = least_for(GOOD_LOGIN) + 48; /* for the reply that shows the end */
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, least);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_ERR_MEMORY_TOO_SMALL);
    CHECK_STATUS(creatio_session_end(&c.session, &c.exchange), CREATIO_OK);
    CHECK(creatio_session_has_ticket(&c.session)); /* an exchange that failed says nothing */
    CHECK_STATUS(client_get(&c, "/", OK_LINE "\r\n<a href=NuiLogin.aspx>").status, CREATIO_OK);
    CHECK_STATUS(creatio_session_end(&c.session, &c.exchange), CREATIO_OK);
    CHECK(creatio_session_has_ticket(&c.session)); /* a page with status 200 is but a sign */

    CHECK_STATUS(client_get(&c, "/", ENDED("/Login/Login.html")).status, CREATIO_OK);
    CHECK_STATUS(creatio_session_end(&c.session, NULL), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_end(NULL, &c.exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK(creatio_session_has_ticket(&c.session));
    CHECK_STATUS(creatio_session_end(&c.session, &c.exchange), CREATIO_OK);
    CHECK(!creatio_session_has_ticket(&c.session));
    CHECK(!creatio_session_has_csrf_token(&c.session));
    creatio_answer answer;
    CHECK_STATUS(creatio_exchange_call_result(&c.exchange, &c.session, &answer),
                 CREATIO_ERR_OTHER_SESSION);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK(creatio_session_has_ticket(&c.session));
    client_free(&c);
}

/* Lines of no interest take none, whatever their length. */
static void no_memory_at_all(void) {
    check_topic("no memory");
    static char reply[5000];
    memset(reply, 'x', sizeof reply);
    memcpy(reply, OK_LINE "X-Long: ", strlen(OK_LINE) + 8);
    static const char END[] = "\r\n\r\n<html>";
    memcpy(reply + sizeof reply - sizeof END, END, sizeof END);
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    creatio_login login;
    uint8_t request[512];
    size_t len;
    creatio_fed fed;
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    CHECK_STATUS(creatio_site_parse(&site, SITE_URL, strlen(SITE_URL), CREATIO_RUNTIME_NET), CREATIO_OK);
    CHECK_STATUS(creatio_session_init(&session, &site, NULL, 0), CREATIO_OK);
    CHECK_STATUS(creatio_session_login(&session, &who, &exchange), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_fill(&exchange, &session, request, sizeof request, &len),
                 CREATIO_OK);
    CHECK_STATUS(creatio_exchange_feed(&exchange, &session, (const uint8_t *)reply, strlen(reply),
                                       &fed),
                 CREATIO_MORE);
    CHECK_STATUS(creatio_exchange_close(&exchange, &session), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_login_result(&exchange, &session, &login), CREATIO_OK);
    CHECK(login.verdict == CREATIO_LOGIN_HTML_BODY);
    creatio_session_clear(&session);
}

void test_memory(void) {
    the_memory_that_is_named_is_enough(GOOD_LOGIN);
    the_memory_that_is_named_is_enough(LONG_LOGIN);
    a_call_that_needs_more();
    an_end();
    no_memory_at_all();
}
