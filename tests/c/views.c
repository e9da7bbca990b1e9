/* The second table at the top of the header: where that lies which functions show, and until when
 * it stays. For each row: nothing that may be called meanwhile changes it, and the end is real. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* What a function has shown. */
typedef struct {
    const char *text;
    size_t len;
    char before[64];
} view;

static view view_of(const char *text, size_t len) {
    view v;
    memset(&v, 0, sizeof v);
    v.text = text;
    v.len = len;
    if (CHECK(text != NULL && len > 0 && len <= sizeof v.before)) {
        memcpy(v.before, text, len);
    }
    return v;
}

static bool stands(const view *v) {
    return memcmp(v->text, v->before, v->len) == 0;
}

static bool is_in(const view *v, const void *memory, size_t len) {
    const char *start = (const char *)memory;
    return v->text >= start && v->text + v->len <= start + len;
}

#define CALL_REPLY                                                                                \
    "HTTP/1.1 400 Bad\r\nX-Kept: a-kept-field\r\nSet-Cookie: own=1; path=/odata\r\n"              \
    "Content-Length: 62\r\n\r\n"                                                                  \
    "{\"error\":{\"code\":\"E1\",\"message\":\"a text that is kept\"},\"a\":\"\"}"

static void signed_in(client *c) {
    client_init(c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
}

static void begin_call(client *c) {
    uint8_t request[512];
    creatio_call call = call_of("/odata/Contact");
    call.wanted_field = "X-Kept";
    call.wanted_field_len = strlen(call.wanted_field);
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    client_pull(c, request, sizeof request, sizeof request);
}

static view kept_field(client *c) {
    const char *value = NULL;
    size_t len = 0;
    CHECK_STATUS(creatio_exchange_field(&c->exchange, &c->session, CREATIO_REPLY_WANTED_FIELD, &value,
                                        &len),
                 CREATIO_OK);
    return view_of(value, len);
}

static void answered(client *c, view *text, view *field) {
    signed_in(c);
    begin_call(c);
    CHECK_STATUS(client_feed(c, CALL_REPLY, strlen(CALL_REPLY), 5, 3).status, CREATIO_OK);
    creatio_answer answer;
    memset(&answer, 0, sizeof answer);
    CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer), CREATIO_OK);
    CHECK_TEXT(answer.message.text, answer.message.len, "a text that is kept");
    *text = view_of(answer.message.text, answer.message.len);
    *field = kept_field(c);
    CHECK_TEXT(field->text, field->len, "a-kept-field");
    CHECK(is_in(text, c->memory, c->memory_len) && is_in(field, c->memory, c->memory_len));
}

/* All that may be called before the next exchange, but what the table names. */
static void anything_else(client *c) {
    creatio_renewal renewal;
    creatio_call ping = creatio_call_ping();
    creatio_cookie cookie;
    creatio_fed fed;
    CHECK_STATUS(creatio_renewal_init(&renewal, &ping, false), CREATIO_OK);
    CHECK(creatio_renewal_after_answer(&renewal, &c->exchange, &c->session) == CREATIO_RENEWAL_REPORT);
    CHECK_STATUS(creatio_exchange_feed(&c->exchange, &c->session, "x", 1, &fed),
                 CREATIO_ERR_OUT_OF_TURN);
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_OK);
    CHECK_STATUS(creatio_session_cookie(&c->session, 1, &cookie), CREATIO_OK);
    size_t len;
    free(snapshot_of(&c->session, &len));
    CHECK_STATUS(creatio_session_set_time(&c->session, 4000000000u), CREATIO_OK);
    CHECK_STATUS(creatio_session_set_head_limit(&c->session, 9), CREATIO_OK);
    CHECK_STATUS(creatio_session_allow_sign_in(&c->session), CREATIO_OK);
    CHECK_STATUS(creatio_session_set_user_agent(&c->session, NULL, 0), CREATIO_OK);
    CHECK_STATUS(creatio_session_set_field_lines(&c->session, NULL, 0), CREATIO_OK);
    creatio_session moved = c->session;
    c->session = moved;
}

enum { A_CALL, A_LOGIN, A_CLEARING, A_BASIC, ENDS };

static void end(client *c, int how) {
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    creatio_call ping = creatio_call_ping();
    if (how == A_CALL) {
        CHECK_STATUS(creatio_session_call(&c->session, &ping, &c->exchange), CREATIO_OK);
    } else if (how == A_LOGIN) {
        CHECK_STATUS(creatio_session_login(&c->session, &who, &c->exchange), CREATIO_OK);
    } else if (how == A_CLEARING) {
        creatio_session_clear(&c->session);
    } else {
        CHECK_STATUS(creatio_session_use_basic(&c->session, &who), CREATIO_OK);
    }
}

static void texts_of_answers(void) {
    for (int how = 0; how < ENDS; how++) {
        check_topic("how long the texts of an answer stay, %d", how);
        client c;
        view text, field;
        answered(&c, &text, &field);
        anything_else(&c);
        CHECK(stands(&text));
        CHECK(stands(&field));
        end(&c, how);
        CHECK(!stands(&text));
        CHECK(!stands(&field));
        client_free(&c);
    }
    check_topic("how long the texts of a login stay");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    static const char REPLY[] = OK_LINE "Content-Length: 26\r\n\r\n{\"Code\":1,\"Message\":\"No!\"}";
    CHECK_STATUS(client_login(&c, REPLY).status, CREATIO_OK);
    creatio_login login;
    CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login), CREATIO_OK);
    view text = view_of(login.message.text, login.message.len);
    CHECK_STATUS(creatio_session_set_time(&c.session, 4000000000u), CREATIO_OK);
    CHECK(stands(&text));
    end(&c, A_LOGIN);
    CHECK(!stands(&text));

    check_topic("how long the texts of a token's answer stay");
    char *reply = framed("HTTP/1.1 400 Bad\r\n", "{\"error\":\"invalid_scope\"}", BY_LENGTH);
    CHECK_STATUS(client_token(&c, reply).status, CREATIO_OK);
    free(reply);
    creatio_token token;
    CHECK_STATUS(creatio_exchange_token_result(&c.exchange, &c.session, &token), CREATIO_OK);
    text = view_of(token.error.text, token.error.len);
    CHECK_STATUS(creatio_session_set_time(&c.session, 4000000000u), CREATIO_OK);
    CHECK(stands(&text));
    end(&c, A_CLEARING);
    CHECK(!stands(&text));
    client_free(&c);
}

/* A challenge, which is what the next token is made of. */
static void a_challenge(void) {
    static const char REPLY[] = "HTTP/1.1 401 U\r\nWWW-Authenticate: NTLM YSBjaGFsbGVuZ2Uga2VwdA==\r\n"
                                "Set-Cookie: lb=1; path=/\r\nSet-Cookie: a=b; path=/\r\nContent-Length: 0\r\n\r\n";
    for (int how = 0; how < ENDS; how++) {
        check_topic("how long a challenge stays, %d", how);
        client c;
        uint8_t request[512];
        creatio_windows answer;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
        CHECK_STATUS(creatio_session_windows_login(&c.session, CREATIO_WINDOWS_SCHEME_NTLM, "1", 1, &c.exchange),
                     CREATIO_OK);
        client_pull(&c, request, sizeof request, sizeof request);
        CHECK_STATUS(client_feed(&c, REPLY, strlen(REPLY), 5, 3).status, CREATIO_OK);
        memset(&answer, 0, sizeof answer);
        CHECK_STATUS(creatio_exchange_windows_result(&c.exchange, &c.session, &answer), CREATIO_OK);
        CHECK_TEXT(answer.challenge, answer.challenge_len, "a challenge kept");
        view challenge = view_of((const char *)answer.challenge, answer.challenge_len);
        CHECK(is_in(&challenge, c.memory, c.memory_len));
        anything_else(&c);
        CHECK(stands(&challenge));
        end(&c, how);
        CHECK(!stands(&challenge));
        client_free(&c);
    }
}

/* Wherever the body is cut, the field stays while it comes; where that fails, it is gone. */
static void a_kept_field(void) {
    size_t len = strlen(CALL_REPLY);
    size_t head = (size_t)(strstr(CALL_REPLY, "\r\n\r\n") + 4 - CALL_REPLY);
    for (size_t cut = head; cut < len; cut++) {
        check_topic("how long a field stays, cut at %zu", cut);
        client c;
        creatio_fed fed;
        signed_in(&c);
        begin_call(&c);
        size_t at = 0;
        while (at < cut) {
            CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session,
                                               (const uint8_t *)CALL_REPLY + at, cut - at, &fed),
                         CREATIO_MORE);
            at += fed.consumed;
        }
        view field = kept_field(&c);
        CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session,
                                           (const uint8_t *)CALL_REPLY + cut, 1, &fed),
                     cut + 1 == len ? CREATIO_OK : CREATIO_MORE);
        CHECK(stands(&field));
        if (cut + 1 < len) {
            CHECK_STATUS(creatio_exchange_close(&c.exchange, &c.session), CREATIO_ERR_CLOSED_EARLY);
            CHECK(!stands(&field));
        }
        client_free(&c);
    }
}

static view name_of(client *c, size_t index) {
    creatio_cookie cookie;
    memset(&cookie, 0, sizeof cookie);
    CHECK_STATUS(creatio_session_cookie(&c->session, index, &cookie), CREATIO_OK);
    return view_of(cookie.name, cookie.name_len);
}

/* A reply that completes moves cookies: where a name was may be a piece of the ticket. */
static void the_texts_of_a_cookie(void) {
    check_topic("how long the texts of a cookie stay");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    static const char FIRST[] = OK_LINE "Set-Cookie: a-cookie-of-before=1; path=/\r\n"
                                        "Content-Length: 0\r\n\r\n";
    CHECK_STATUS(client_get(&c, "/", FIRST).status, CREATIO_OK);
    view name = name_of(&c, 0);
    CHECK(is_in(&name, c.memory, c.memory_len));
    size_t len;
    free(snapshot_of(&c.session, &len));
    free(client_lines(&c, "/"));
    creatio_session_has_ticket(&c.session);
    CHECK(stands(&name));

    static const char LOGIN[] =
        OK_LINE "Set-Cookie: .ASPXAUTH=" TICKET "; path=/odata\r\n" SUCCESS_LENGTH "\r\n" SUCCESS;
    client_begin_login(&c);
    creatio_fed fed;
    CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session, (const uint8_t *)LOGIN,
                                       strlen(LOGIN), &fed),
                 CREATIO_OK);
    CHECK(!stands(&name));
    bool shows_a_piece = false;
    for (size_t at = 0; at + 4 <= strlen(TICKET); at++) {
        for (size_t in = 0; in + 4 <= name.len; in++) {
            shows_a_piece |= memcmp(name.text + in, &TICKET[at], 4) == 0;
        }
    }
    CHECK(shows_a_piece);
    view anew = name_of(&c, 0);
    CHECK_TEXT(anew.text, anew.len, "a-cookie-of-before");
    client_free(&c);
}

/* The name of the field at which an exchange has failed is the exchange's, whatever the session does. */
static void the_failed_field(void) {
    check_topic("how long the name of a field stays");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    CHECK_STATUS(client_get(&c, "/", OK_LINE "Content-Length: x\r\n\r\n").status,
                 CREATIO_ERR_HTTP_CONTENT_LENGTH);
    const char *name = NULL;
    size_t len = 0;
    CHECK_STATUS(creatio_exchange_failed_field(&c.exchange, &name, &len), CREATIO_OK);
    view field = view_of(name, len);
    CHECK(is_in(&field, &c.exchange, sizeof c.exchange));
    creatio_exchange next;
    creatio_call ping = creatio_call_ping();
    CHECK_STATUS(creatio_exchange_close(&c.exchange, &c.session), CREATIO_ERR_OUT_OF_TURN);
    CHECK_STATUS(creatio_session_call(&c.session, &ping, &next), CREATIO_OK);
    creatio_session_clear(&c.session);
    CHECK(stands(&field));
    CHECK_STATUS(creatio_session_call(&c.session, &ping, &c.exchange), CREATIO_OK);
    CHECK(!stands(&field));
    client_free(&c);
}

/* What points into a text of the caller's outlives all contexts. */
static void pieces_of_what_was_given(void) {
    check_topic("how long pieces of what was given stay");
    size_t len = strlen(SITE_URL);
    char *url = (char *)exact_copy(SITE_URL, len);
    creatio_site *site = (creatio_site *)malloc(sizeof *site);
    CHECK_STATUS(creatio_site_parse(site, url, len, CREATIO_RUNTIME_NET), CREATIO_OK);
    const char *text = NULL;
    size_t text_len = 0;
    CHECK_STATUS(creatio_site_host(site, &text, &text_len), CREATIO_OK);
    view host = view_of(text, text_len);
    static const char NEXT[] = SITE_URL "/odata/Contact?$skip=3";
    char *next = (char *)exact_copy(NEXT, strlen(NEXT));
    CHECK_STATUS(creatio_site_path_of(site, next, strlen(NEXT), &text, &text_len), CREATIO_OK);
    view path = view_of(text, text_len);
    free(site);
    CHECK(stands(&host) && is_in(&host, url, len));
    free(url);
    CHECK(stands(&path) && is_in(&path, next, strlen(NEXT)));
    free(next);

    client c;
    signed_in(&c);
    begin_call(&c);
    static const char REPLY[] = OK_LINE "Content-Length: 2\r\n\r\n{}";
    char *input = (char *)exact_copy(REPLY, strlen(REPLY));
    creatio_fed fed;
    memset(&fed, 0, sizeof fed);
    CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session, (const uint8_t *)input,
                                       strlen(REPLY), &fed),
                 CREATIO_OK);
    view body = view_of((const char *)fed.body, fed.body_len);
    client_free(&c);
    CHECK(stands(&body) && is_in(&body, input, strlen(REPLY)));
    free(input);
}

/* What is the library's own is there for ever. */
static void what_is_the_librarys_own(void) {
    check_topic("what is the library's own");
    const char *version = creatio_version();
    creatio_call ping = creatio_call_ping();
    client c;
    signed_in(&c);
    client_free(&c);
    CHECK(version == creatio_version() && strcmp(version, CREATIO_VERSION) == 0);
    CHECK(ping.path == creatio_call_ping().path);
    CHECK_TEXT(ping.path, ping.path_len, "/ping");
}

void test_views(void) {
    texts_of_answers();
    a_challenge();
    a_kept_field();
    the_texts_of_a_cookie();
    the_failed_field();
    pieces_of_what_was_given();
    what_is_the_librarys_own();
}
