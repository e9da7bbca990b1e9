/* creatio_session_: setting one up, its cookies, the lines that authorise, its time and its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

static void setting_one_up(void) {
    check_topic("session_init");
    creatio_site site, zeros;
    creatio_session session;
    uint8_t memory[64];
    memset(&zeros, 0, sizeof zeros);
    TAINT(session);
    CHECK_STATUS(creatio_site_parse(&site, SITE_URL, strlen(SITE_URL), CREATIO_RUNTIME_NET), CREATIO_OK);
    CHECK_STATUS(creatio_session_init(NULL, &site, memory, sizeof memory), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_init(&session, NULL, memory, sizeof memory), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_init(&session, &site, NULL, 1), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_init(&session, &zeros, memory, sizeof memory), CREATIO_ERR_NOT_SET_UP);
    CHECK(IS_UNTOUCHED(session));
    CHECK_STATUS(creatio_session_init(&session, &site, NULL, 0), CREATIO_OK);
    CHECK_STATUS(creatio_session_init(&session, &site, memory, 0), CREATIO_OK);
}

static void one_that_is_not_usable(creatio_session *session) {
    creatio_credentials credentials = credentials_of("Supervisor", "hunter2");
    creatio_call call = call_of("/odata/Contact");
    creatio_exchange exchange;
    creatio_cookie cookie;
    char lines[512];
    size_t len;
    TAINT(exchange);
    TAINT(cookie);
    TAINT(lines);
    TAINT(len);
    CHECK_STATUS(creatio_session_set_time(session, 1), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_set_head_limit(session, 1), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_set_body_limit(session, 1), CREATIO_ERR_NOT_SET_UP);
    CHECK(!creatio_session_sign_in_drops_cookies(session));
    CHECK_STATUS(creatio_session_login(session, &credentials, &exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_call(session, &call, &exchange), CREATIO_ERR_NOT_SET_UP);
    CHECK(!creatio_session_has_ticket(session));
    CHECK(!creatio_session_has_csrf_token(session));
    CHECK(!creatio_session_has_authorization(session));
    CHECK_STATUS(creatio_session_cookie(session, 0, &cookie), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(
        creatio_session_authorization_lines(session, &call, lines, sizeof lines, &len),
        CREATIO_ERR_NOT_SET_UP);
    CHECK_SIZE(creatio_session_snapshot_len(session), 0);
    CHECK_STATUS(creatio_session_snapshot(session, lines, sizeof lines, &len), CREATIO_ERR_NOT_SET_UP);
    creatio_session_clear(session); /* does nothing */
    CHECK(IS_UNTOUCHED(exchange));
    CHECK(IS_UNTOUCHED(cookie));
    CHECK(IS_UNTOUCHED(lines));
    CHECK(IS_UNTOUCHED(len));
}

static void has_cookie(const client *c, size_t index, const char *name, const char *path,
                       size_t value_len, bool secure, bool http_only, bool persistent) {
    creatio_cookie cookie;
    TAINT(cookie);
    if (!CHECK_STATUS(creatio_session_cookie(&c->session, index, &cookie), CREATIO_OK)) {
        return;
    }
    CHECK_TEXT(cookie.name, cookie.name_len, name);
    CHECK_TEXT(cookie.path, cookie.path_len, path);
    CHECK_SIZE(cookie.value_len, value_len);
    CHECK(cookie.secure == secure);
    CHECK(cookie.http_only == http_only);
    CHECK(cookie.persistent == persistent);
    const char *memory = (const char *)c->memory;
    CHECK(cookie.name >= memory && cookie.path + cookie.path_len <= memory + c->memory_len);
}

static void cookies_are_listed(void) {
    check_topic("cookies");
    client c;
    creatio_cookie cookie;
    TAINT(cookie);
    client_init(&c, SITE_URL "/app", CREATIO_RUNTIME_NET_FRAMEWORK, 2048);
    CHECK_STATUS(creatio_session_cookie(&c.session, 0, &cookie), CREATIO_END);
    CHECK(IS_UNTOUCHED(cookie));
    CHECK_STATUS(creatio_session_set_time(&c.session, 1000), CREATIO_OK);
    outcome result = client_login(
        &c, OK_LINE "Set-Cookie: .ASPXAUTH=" TICKET "; path=/app; Secure; HttpOnly\r\n"
                    "Set-Cookie: nameless\r\n"
                    "Set-Cookie: \xFF\xFE=x; max-age=60; path=/\r\n"
                    "Set-Cookie: empty=; path=/; secure\r\n" SUCCESS_LENGTH "\r\n" SUCCESS);
    CHECK_STATUS(result.status, CREATIO_OK);
    CHECK(creatio_session_has_ticket(&c.session));
    CHECK(!creatio_session_has_csrf_token(&c.session));
    has_cookie(&c, 0, ".ASPXAUTH", "/app", 32, true, true, false);
    has_cookie(&c, 1, "", "/app/ServiceModel/AuthService.svc", 8, false, false, false);
    has_cookie(&c, 2, "\xFF\xFE", "/", 1, false, false, true);
    has_cookie(&c, 3, "empty", "/", 0, true, false, false);
    CHECK_STATUS(creatio_session_cookie(&c.session, 4, &cookie), CREATIO_END);
    CHECK_STATUS(creatio_session_cookie(&c.session, SIZE_MAX, &cookie), CREATIO_END);
    CHECK_STATUS(creatio_session_cookie(&c.session, 0, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK(IS_UNTOUCHED(cookie));

    /* The third one lives for 60 seconds from the time that was told. */
    CHECK_STATUS(creatio_session_set_time(&c.session, 1059), CREATIO_OK);
    client_begin_get(&c, "/");
    has_cookie(&c, 2, "\xFF\xFE", "/", 1, false, false, true);
    CHECK_STATUS(creatio_session_set_time(&c.session, 1060), CREATIO_OK);
    client_begin_get(&c, "/");
    has_cookie(&c, 2, "empty", "/", 0, true, false, false);
    client_free(&c);
}

/* 2026-01-01 00:00:00 by the site's clock. */
#define AT 1767225600

/* A clock that stands at 1970, and one that is years ahead, until each is set right. */
static void a_clock_may_be_wrong(void) {
    static const uint64_t CLOCKS[] = { 0, 5, AT - 7776000, AT, AT + 300000000 };
    static const char *const LIVES[] = { "Expires=Thu, 01 Jan 2026 01:00:00 GMT", "Max-Age=3600" };
    static const char *const ENDS[] = { "Expires=Thu, 01 Jan 2026 00:00:59 GMT", "Max-Age=0" };
    for (size_t i = 0; i < sizeof CLOCKS / sizeof CLOCKS[0] * 2; i++) {
        check_topic("a clock that may be wrong: %zu", i);
        client c;
        char reply[300];
        uint64_t clock = CLOCKS[i / 2];
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
        CHECK_STATUS(creatio_session_set_time(&c.session, clock), CREATIO_OK);
        snprintf(reply, sizeof reply,
                 OK_LINE "Set-Cookie: .ASPXAUTH=t; path=/; %s\r\n"
                         "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n" SUCCESS_LENGTH "\r\n" SUCCESS,
                 LIVES[i % 2]);
        CHECK_STATUS(client_login(&c, reply).status, CREATIO_OK);
        CHECK(creatio_session_has_ticket(&c.session));
        CHECK_STATUS(creatio_session_set_time(&c.session, clock + 60), CREATIO_OK);
        CHECK(creatio_session_has_ticket(&c.session));
        /* NTP comes. */
        CHECK_STATUS(creatio_session_set_time(&c.session, AT + 60), CREATIO_OK);
        client_begin_get(&c, "/");
        CHECK(creatio_session_has_ticket(&c.session));
        CHECK_STATUS(creatio_session_set_time(&c.session, AT + 3599), CREATIO_OK);
        CHECK(creatio_session_has_ticket(&c.session));
        snprintf(reply, sizeof reply,
                 OK_LINE "Date: Thu, 01 Jan 2026 00:01:00 GMT\r\nContent-Length: 0\r\n"
                         "Set-Cookie: .ASPXAUTH=t; path=/; %s\r\n\r\n",
                 ENDS[i % 2]);
        CHECK_STATUS(client_get(&c, "/", reply).status, CREATIO_OK);
        CHECK(!creatio_session_has_ticket(&c.session));
        client_free(&c);
    }
}

#define LINES                                                            \
    "ForceUseSession: true\r\nCookie: .ASPXAUTH=" TICKET "; BPMCSRF=csrf." \
    "\r\nBPMCSRF: csrf.\r\n"

static void lines_authorise_other_clients(void) {
    check_topic("authorization_lines");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 2048);
    char *before = client_lines(&c, "/odata/Contact");
    CHECK_TEXT(before, strlen(before), "ForceUseSession: true\r\n");
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK(creatio_session_has_csrf_token(&c.session));

    creatio_call call = call_of("/odata/Contact");
    call.method = (creatio_method)99; /* only the path counts */
    call.accept = "\r\n";
    call.accept_len = 2;
    call.wanted_field_len = 1;
    call.body_len = 1;
    const size_t needed = strlen(LINES);
    for (size_t cap = 0; cap <= needed + 1; cap++) {
        char *lines = guarded_text(cap);
        size_t len = 0;
        bool fits = cap >= needed;
        CHECK_STATUS(creatio_session_authorization_lines(&c.session, &call, lines, cap, &len),
                     fits ? CREATIO_OK : CREATIO_ERR_BUFFER_TOO_SMALL);
        CHECK_SIZE(len, needed);
        if (fits) {
            CHECK_TEXT(lines, len, LINES);
        }
        CHECK(all_bytes(lines + (fits ? needed : 0), fits ? cap - needed : cap, UNTOUCHED));
        guarded_free(lines, cap);
    }
    free(before);
    client_free(&c);
}

static void lines_are_refused_to(void) {
    check_topic("authorization_lines refused");
    client c;
    char lines[512];
    size_t len;
    TAINT(lines);
    TAINT(len);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 2048);
    const creatio_session *session = &c.session;
    creatio_call call = call_of("/");
    CHECK_STATUS(creatio_session_authorization_lines(session, NULL, lines, sizeof lines, &len),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_authorization_lines(session, &call, NULL, 1, &len),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_authorization_lines(session, &call, lines, sizeof lines, NULL),
                 CREATIO_ERR_NULL_POINTER);
    static const struct {
        const char *path;
        creatio_status status;
    } PATHS[] = {
        { "", CREATIO_ERR_PATH_NO_SLASH },
        { "odata", CREATIO_ERR_PATH_NO_SLASH },
        { "/a b", CREATIO_ERR_PATH_CHARACTER },
        { "/a\r\nB: c", CREATIO_ERR_PATH_CHARACTER },
        { "/\xC3\xA9", CREATIO_ERR_PATH_CHARACTER },
        { "/\xC3", CREATIO_ERR_NOT_UTF8 },
    };
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        call = call_of(PATHS[i].path);
        CHECK_STATUS(creatio_session_authorization_lines(session, &call, lines, sizeof lines, &len),
                     PATHS[i].status);
    }
    CHECK(IS_UNTOUCHED(lines));
    CHECK(IS_UNTOUCHED(len));
    client_free(&c);
}

static void clearing_leaves_nothing(void) {
    check_topic("clear");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 2048);
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK(!is_wiped(c.memory, c.memory_len));
    creatio_session_clear(&c.session);
    CHECK(is_wiped(c.memory, c.memory_len));
    CHECK(!creatio_session_has_ticket(&c.session));
    CHECK(!creatio_session_has_csrf_token(&c.session));
    creatio_cookie cookie;
    CHECK_STATUS(creatio_session_cookie(&c.session, 0, &cookie), CREATIO_END);
    /* It is a new session, and not the end of it. */
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK(creatio_session_has_ticket(&c.session));
    client_free(&c);
}

/* Contexts are plain structs: a copy elsewhere goes on where the original was. */
static void contexts_may_be_moved(void) {
    check_topic("moved contexts");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 2048);
    client_begin_login(&c);
    for (size_t at = 0; at < strlen(GOOD_LOGIN); at++) {
        client *moved = (client *)exact_copy(&c, sizeof c);
        memset(&c, 0, sizeof c);
        creatio_fed fed;
        CHECK_STATUS(creatio_exchange_feed(&moved->exchange, &moved->session,
                                           (const uint8_t *)GOOD_LOGIN + at, 1, &fed),
                     at + 1 < strlen(GOOD_LOGIN) ? CREATIO_MORE : CREATIO_OK);
        memcpy(&c, moved, sizeof c);
        memset(moved, UNTOUCHED, sizeof *moved);
        free(moved);
    }
    creatio_login login;
    CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login), CREATIO_OK);
    CHECK(login.authenticated);
    /* The session keeps a copy of the site; only the URL has to stay. */
    memset(&c.site, 0, sizeof c.site);
    CHECK_STATUS(client_get(&c, "/", OK_LINE "Content-Length: 0\r\n\r\n").status, CREATIO_OK);
    client_free(&c);
}

void test_session(void) {
    creatio_session zeros;
    memset(&zeros, 0, sizeof zeros);
    setting_one_up();
    check_topic("a session of zeros");
    one_that_is_not_usable(&zeros);
    CHECK(all_bytes(&zeros, sizeof zeros, 0));
    check_topic("NULL for a session");
    one_that_is_not_usable(NULL);
    cookies_are_listed();
    a_clock_may_be_wrong();
    lines_authorise_other_clients();
    lines_are_refused_to();
    clearing_leaves_nothing();
    contexts_may_be_moved();
}
