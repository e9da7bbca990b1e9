/* creatio_session_set_user_agent, creatio_session_set_field_lines: what goes with every request. */
#include <string.h>

#include "support.h"

#define KEY "X-Gateway-Key: k\r\nX-Empty:\r\n"

enum { LOGIN, PASSWORD_CHANGE, TOKEN_REQUEST, CALL, KINDS };

/* Takes the request of an exchange through a buffer of `step` bytes, as a string. */
static void request_of(client *c, int kind, const char *own_lines, size_t step, char *out,
                       size_t cap) {
    creatio_site identity;
    creatio_credentials who = credentials_of("Supervisor", "hunter2");
    creatio_client_credentials id = client_of("3D2C", "B0A1");
    creatio_call call = call_of("/odata/Contact");
    id.field_lines = own_lines;
    id.field_lines_len = own_lines != NULL ? strlen(own_lines) : 0;
    CHECK_STATUS(creatio_site_parse(&identity, IDENTITY_URL, strlen(IDENTITY_URL), CREATIO_RUNTIME_NET),
                 CREATIO_OK);
    creatio_status status =
        kind == LOGIN ? creatio_session_login(&c->session, &who, &c->exchange)
        : kind == PASSWORD_CHANGE
            ? creatio_session_change_password(&c->session, &who, "new", 3, &c->exchange)
        : kind == TOKEN_REQUEST ? creatio_session_token(&c->session, &identity, &id, &c->exchange)
                                : creatio_session_call(&c->session, &call, &c->exchange);
    CHECK_STATUS(status, CREATIO_OK);
    out[client_pull(c, (uint8_t *)out, cap - 1, step)] = '\0';
}

static void user_agent(client *c) {
    static const struct {
        const char *agent;
        const char *lines;
    } AGENTS[] = {
        { "meter/2.1 (rev B) lib/3", "\r\nUser-Agent: meter/2.1 (rev B) lib/3\r\n" },
        { "", NULL },
        { "x", "\r\nUser-Agent: x\r\n" },
        { NULL, NULL },
    };
    char request[1024];
    for (int kind = 0; kind < KINDS; kind++) {
        check_topic("the library's User-Agent, request %d", kind);
        request_of(c, kind, NULL, 64, request, sizeof request);
        CHECK(strstr(request, "\r\n" AGENT_LINE) != NULL);
    }
    for (size_t i = 0; i < sizeof AGENTS / sizeof AGENTS[0]; i++) {
        size_t len = AGENTS[i].agent != NULL ? strlen(AGENTS[i].agent) : 0;
        CHECK_STATUS(creatio_session_set_user_agent(&c->session, AGENTS[i].agent, len), CREATIO_OK);
        for (int kind = 0; kind < KINDS; kind++) {
            for (size_t step = 1; step < 90; step += 11) {
                check_topic("User-Agent %zu, request %d", i, kind);
                request_of(c, kind, NULL, step, request, sizeof request);
                const char *found = strstr(request, "User-Agent");
                CHECK(AGENTS[i].lines != NULL ? strstr(request, AGENTS[i].lines) != NULL
                                              : found == NULL);
            }
        }
    }
}

static void user_agents_that_are_none(client *c) {
    static const struct {
        const char *agent;
        creatio_status status;
    } AGENTS[] = {
        { "a\r\nCookie: b", CREATIO_ERR_FIELD_VALUE }, { "a\n", CREATIO_ERR_FIELD_VALUE },
        { "a\tb", CREATIO_ERR_FIELD_VALUE },           { " a", CREATIO_ERR_FIELD_VALUE },
        { "a ", CREATIO_ERR_FIELD_VALUE },             { "\x7F", CREATIO_ERR_FIELD_VALUE },
        { "m\xC3\xA9", CREATIO_ERR_FIELD_VALUE },      { "\xFF", CREATIO_ERR_NOT_UTF8 },
    };
    char request[1024];
    CHECK_STATUS(creatio_session_set_user_agent(&c->session, "before", 6), CREATIO_OK);
    for (size_t i = 0; i < sizeof AGENTS / sizeof AGENTS[0]; i++) {
        check_topic("refused User-Agent %zu", i);
        const char *agent = AGENTS[i].agent;
        CHECK_STATUS(creatio_session_set_user_agent(&c->session, agent, strlen(agent)),
                     AGENTS[i].status);
    }
    check_topic("User-Agent, misuse");
    CHECK_STATUS(creatio_session_set_user_agent(&c->session, NULL, 1), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_set_user_agent(NULL, "a", 1), CREATIO_ERR_NOT_SET_UP);
    creatio_session session;
    memset(&session, 0, sizeof session);
    CHECK_STATUS(creatio_session_set_user_agent(&session, "a", 1), CREATIO_ERR_NOT_SET_UP);
    request_of(c, CALL, NULL, 64, request, sizeof request);
    CHECK(strstr(request, "\r\nUser-Agent: before\r\n") != NULL);
}

static void field_lines(client *c) {
    char request[1024];
    CHECK_STATUS(creatio_session_set_field_lines(&c->session, KEY, strlen(KEY)), CREATIO_OK);
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t step = 1; step < 90; step += 11) {
            check_topic("field lines of the session, request %d", kind);
            request_of(c, kind, NULL, step, request, sizeof request);
            CHECK((strstr(request, "\r\n" KEY "\r\n") != NULL) == (kind != TOKEN_REQUEST));
            CHECK((strstr(request, "X-Gateway-Key") == NULL) == (kind == TOKEN_REQUEST));
        }
    }
    check_topic("field lines of a request for a token");
    request_of(c, TOKEN_REQUEST, "X-Identity-Key: i\r\n", 7, request, sizeof request);
    CHECK(strstr(request, "\r\nX-Identity-Key: i\r\n\r\n") != NULL);
    CHECK(strstr(request, "X-Gateway-Key") == NULL);
    check_topic("field lines of the session, cleared and taken back");
    creatio_session_clear(&c->session);
    request_of(c, LOGIN, NULL, 64, request, sizeof request);
    CHECK(strstr(request, KEY) != NULL);
    CHECK_STATUS(creatio_session_set_field_lines(&c->session, NULL, 0), CREATIO_OK);
    request_of(c, LOGIN, NULL, 64, request, sizeof request);
    CHECK(strstr(request, "X-Gateway-Key") == NULL);
}

static void field_lines_that_are_refused(client *c) {
    static const struct {
        const char *lines;
        creatio_status status;
    } LINES[] = {
        { "X: y", CREATIO_ERR_FIELD_VALUE },
        { "X: y \r\n", CREATIO_ERR_FIELD_VALUE },
        { "X\r\n", CREATIO_ERR_FIELD_NAME },
        { "X: y\r\n\r\n", CREATIO_ERR_FIELD_NAME },
        { "X: y\r\ncookie: a=b\r\n", CREATIO_ERR_FIELD_RESERVED },
        { "User-Agent: x\r\n", CREATIO_ERR_FIELD_RESERVED },
        { "X: \xFF\r\n", CREATIO_ERR_NOT_UTF8 },
    };
    char request[1024];
    CHECK_STATUS(creatio_session_set_field_lines(&c->session, KEY, strlen(KEY)), CREATIO_OK);
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        check_topic("refused field lines of the session %zu", i);
        const char *lines = LINES[i].lines;
        CHECK_STATUS(creatio_session_set_field_lines(&c->session, lines, strlen(lines)),
                     LINES[i].status);
        creatio_client_credentials id = client_of("3D2C", "B0A1");
        id.field_lines = lines;
        id.field_lines_len = strlen(lines);
        creatio_exchange exchange;
        TAINT(exchange);
        CHECK_STATUS(creatio_session_token(&c->session, &c->site, &id, &exchange), LINES[i].status);
        CHECK(IS_UNTOUCHED(exchange));
    }
    check_topic("field lines of the session, misuse");
    CHECK_STATUS(creatio_session_set_field_lines(&c->session, NULL, 1), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_set_field_lines(NULL, KEY, strlen(KEY)), CREATIO_ERR_NOT_SET_UP);
    request_of(c, CALL, NULL, 64, request, sizeof request);
    CHECK(strstr(request, KEY) != NULL);
}

static void they_end_what_is_under_way(client *c) {
    check_topic("an exchange under way when User-Agent and field lines are set");
    uint8_t byte;
    size_t len;
    creatio_call call = call_of("/");
    for (int lines = 0; lines < 2; lines++) {
        CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
        CHECK_STATUS(creatio_exchange_fill(&c->exchange, &c->session, &byte, 1, &len),
                     CREATIO_MORE);
        CHECK_STATUS(lines ? creatio_session_set_field_lines(&c->session, KEY, strlen(KEY))
                           : creatio_session_set_user_agent(&c->session, "x", 1),
                     CREATIO_OK);
        CHECK_STATUS(creatio_exchange_fill(&c->exchange, &c->session, &byte, 1, &len),
                     CREATIO_ERR_OTHER_SESSION);
    }
}

void test_session_fields(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 1024);
    user_agent(&c);
    user_agents_that_are_none(&c);
    field_lines(&c);
    field_lines_that_are_refused(&c);
    they_end_what_is_under_way(&c);
    client_free(&c);
}
