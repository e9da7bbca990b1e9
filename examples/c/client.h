/* client.h: what the programs here share: an exchange, from its first byte to its last, over a
 * transport. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "creatio_auth.h"
#include "transport.h"

/* Exit codes: all is well, the site said otherwise, an error. */
enum { GOOD = 0, REFUSED = 1, FAILED = 2 };

/* How often a site that does not say which runtime it has is asked in all, and the longest that it
 * is waited for, in seconds. */
enum { ATTEMPTS = 5, LONGEST_START = 10 };

struct client {
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    struct transport transport;
    bool may_go_again; /* whether the last exchange may be made once more, over a new connection */
    /* Is given the body of the reply to a call, as it arrives; NULL if nobody wants it. */
    void (*take_body)(struct client *c, const void *piece, size_t len);
    uint8_t memory[4096]; /* the session's; see the table at creatio_session_init */
    uint8_t buffer[2048]; /* what is sent and received */
    char field_lines[256]; /* the session's, with every request */
    uint8_t printed;      /* the last byte out of `print` */
};

/* Whether all is well so far; if not, says why and what to do. */
static inline bool check(creatio_status status) {
    if (status < 0) {
        fprintf(stderr, "%s: %s (%s)\n", program, creatio_status_text(status),
                creatio_status_name(status));
    }
    return status >= 0;
}

/* Prints what came from the site, with spaces for control characters: they command terminals, and
 * behind the end of a line the site would speak as if it were this program. */
static inline void print(struct client *c, const void *text, size_t len) {
    for (const uint8_t *byte = text; len > 0; byte++, len--) {
        bool is_control = *byte < ' ' || *byte == 0x7F;
        bool is_c1 = c->printed == 0xC2 && *byte < 0xA0; /* U+0080 to U+009F; U+00A0 is a space */
        putchar(is_control ? ' ' : is_c1 ? 0xA0 : *byte);
        c->printed = *byte;
    }
}

/* Before each exchange: cookies and tokens live for so long only. */
static inline bool tell_time(struct client *c) {
    return check(creatio_session_set_time(&c->session, (uint64_t)time(NULL)));
}

static inline bool send_request(struct client *c, struct transport *t) {
    creatio_status status;
    do {
        size_t len;
        status = creatio_exchange_fill(&c->exchange, &c->session, c->buffer, sizeof c->buffer,
                                       &len);
        if (!check(status) || !transport_send(t, c->buffer, len)) {
            return false;
        }
    } while (status == CREATIO_MORE);
    return true;
}

static inline bool receive_reply(struct client *c, struct transport *t) {
    creatio_status status = CREATIO_MORE;
    size_t len;
    while (status == CREATIO_MORE) {
        size_t taken = 0;
        if (!transport_receive(t, c->buffer, sizeof c->buffer, &len)) {
            return false;
        }
        if (len == 0) {
            status = creatio_exchange_close(&c->exchange, &c->session);
        }
        while (status == CREATIO_MORE && taken < len) {
            creatio_fed fed = {0};
            status = creatio_exchange_feed(&c->exchange, &c->session, c->buffer + taken,
                                           len - taken, &fed);
            taken += fed.consumed;
            /* There is never any of a login's: that is for the library alone. */
            if (fed.body_len > 0 && c->take_body != NULL) {
                c->take_body(c, fed.body, fed.body_len);
            }
        }
        if (status == CREATIO_OK && taken < len) {
            transport_close(t); /* what nothing asked for must not pass for the next reply */
        }
    }
    if (status == CREATIO_ERR_MEMORY_TOO_SMALL) {
        fprintf(stderr, "%s: %zu bytes of memory are enough\n", program,
                creatio_exchange_memory_needed(&c->exchange));
    }
    t->was_closed = status == CREATIO_ERR_CLOSED_EARLY;
    if (t->is_kept && t->was_closed) {
        return false;
    }
    bool is_good = check(status);
    const char *field;
    if (creatio_exchange_failed_field(&c->exchange, &field, &len) == CREATIO_OK) {
        fprintf(stderr, "%s: it was in the field %.*s\n", program, (int)len, field);
    }
    return is_good;
}

/* Sends the request to this peer and takes its reply, over the connection that is there if there is
 * one. `send_body` sends the body where it is one that follows; otherwise it is NULL. */
static inline bool perform_at(struct client *c, const creatio_site *peer, struct transport *t,
                              bool (*send_body)(struct client *c)) {
    const char *host;
    size_t len;
    bool sent = check(creatio_site_host(peer, &host, &len)) &&
                transport_open(t, host, len, creatio_site_port(peer),
                               creatio_site_is_https(peer)) &&
                send_request(c, t) && (send_body == NULL || send_body(c));
    /* A site that refuses a large body may close the connection before it has all of it. */
    bool done = (sent || t->is_unsent) && receive_reply(c, t);
    c->may_go_again = !done && t->is_kept && t->was_closed &&
                      creatio_exchange_may_be_sent_again(&c->exchange);
    if (!done && t->is_kept && t->was_closed && !c->may_go_again) {
        check(CREATIO_ERR_CLOSED_EARLY);
    }
    t->is_kept = done && sent && creatio_exchange_keeps_alive(&c->exchange);
    if (!t->is_kept) {
        transport_close(t);
    }
    creatio_wipe(c->buffer, sizeof c->buffer); /* password and ticket went through it */
    return done;
}

/* The same with the site. */
static inline bool perform(struct client *c, bool (*send_body)(struct client *c)) {
    return perform_at(c, &c->site, &c->transport, send_body);
}

/* Makes a call, and once more where the kept connection turns out to be closed and that does no harm. */
static inline bool perform_call(struct client *c, const creatio_call *call,
                                bool (*send_body)(struct client *c)) {
    do {
        if (!check(creatio_session_call(&c->session, call, &c->exchange))) {
            return false;
        }
        if (perform(c, send_body)) {
            return true;
        }
    } while (c->may_go_again);
    return false;
}

/* Has User-Agent and a field of the user's own, a gateway's key for example, go with every request
 * of the session, where the environment says so: CREATIO_USER_AGENT, and CREATIO_FIELD, which is
 * "Name: value". */
static inline bool set_fields(struct client *c) {
    const char *agent = getenv("CREATIO_USER_AGENT"), *field = getenv("CREATIO_FIELD");
    c->field_lines[0] = '\0';
    if (field != NULL &&
        snprintf(c->field_lines, sizeof c->field_lines, "%s\r\n", field) >=
            (int)sizeof c->field_lines) {
        fprintf(stderr, "%s: CREATIO_FIELD is too long\n", program);
        return false;
    }
    return (agent == NULL ||
            check(creatio_session_set_user_agent(&c->session, agent, strlen(agent)))) &&
           check(creatio_session_set_field_lines(&c->session, c->field_lines,
                                                 strlen(c->field_lines)));
}

/* Sets the session up, without anything of a login. */
static inline bool begin_session(struct client *c) {
    return check(creatio_session_init(&c->session, &c->site, c->memory, sizeof c->memory)) &&
           set_fields(c);
}

static inline bool set_up_for(struct client *c, const char *url, creatio_runtime runtime) {
    return check(creatio_site_parse(&c->site, url, strlen(url), runtime)) && begin_session(c);
}

#define ADVICE                                                                                  \
    "name the runtime: net-framework if the addresses of its pages have /0/ in them, otherwise " \
    "net"

/* Waits for a site that starts; false if it has been asked often enough, or takes too long. */
static inline bool wait_for_runtime(const creatio_answer *answer, unsigned attempts) {
    unsigned seconds = answer->has_retry_after ? answer->retry_after : 1;
    bool is_page = answer->verdict == CREATIO_CALL_ENDED_REDIRECT || answer->verdict == CREATIO_CALL_ENDED_LOGIN_PAGE;
    const char *page = is_page ? ", its login page" : "";
    if (attempts == ATTEMPTS || seconds > LONGEST_START) {
        fprintf(stderr, "%s: the site does not say which runtime it has (HTTP status %d%s); try "
                "again later, or " ADVICE "\n", program, answer->http_status, page);
        return false;
    }
    fprintf(stderr, "%s: waiting %u s for the site to say which runtime it has: HTTP status %d%s\n",
            program, seconds, answer->http_status, page);
    sleep(seconds);
    return true;
}

/* Asks for the site's health checks, for which it wants no login. */
static inline bool find_runtime(struct client *c, creatio_runtime *runtime) {
    creatio_runtime_probe probe;
    unsigned attempts = 1;
    if (!check(creatio_runtime_probe_init(&probe))) {
        return false;
    }
    while (true) {
        creatio_call health_check = creatio_runtime_probe_call(&probe);
        creatio_answer answer;
        if (!perform_call(c, &health_check, NULL) ||
            !check(creatio_exchange_call_result(&c->exchange, &c->session, &answer))) {
            return false;
        }
        creatio_probe_step step =
            creatio_runtime_probe_after_answer(&probe, &c->exchange, &c->session);
        switch (step) {
        case CREATIO_PROBE_FOUND_NET_FRAMEWORK:
        case CREATIO_PROBE_FOUND_NET:
            *runtime = (creatio_runtime)step;
            return true;
        case CREATIO_PROBE_ASK:
            break;
        case CREATIO_PROBE_ASK_LATER:
            transport_close(&c->transport); /* the site need not wait, too */
            if (!wait_for_runtime(&answer, attempts++)) {
                return false;
            }
            break;
        default:
            fprintf(stderr, "%s: the site answers neither health check; check the URL; if it is "
                    "right, " ADVICE "\n", program);
            return false;
        }
    }
}

/* Sets up a session with a site whose runtime is "net" or "net-framework". Where that is NULL the
 * site is asked. */
static inline bool set_up(struct client *c, const char *url, const char **runtime) {
    bool is_net = *runtime != NULL && strcmp(*runtime, "net") == 0;
    creatio_runtime found = is_net ? CREATIO_RUNTIME_NET : CREATIO_RUNTIME_NET_FRAMEWORK;
    if (*runtime == NULL) {
        if (!set_up_for(c, url, found) || !find_runtime(c, &found)) {
            return false;
        }
        *runtime = found == CREATIO_RUNTIME_NET ? "net" : "net-framework";
    }
    return set_up_for(c, url, found);
}

/* Makes a login; false if it has brought no verdict. It goes over a new connection: one that turns
 * out to be closed would leave it open whether it counts, and it is never sent twice. */
static inline bool log_in(struct client *c, const char *user, const char *password,
                          creatio_login *login) {
    creatio_credentials who = {.user_name = user, .user_name_len = strlen(user),
                               .password = password, .password_len = strlen(password)};
    transport_close(&c->transport);
    return check(creatio_session_login(&c->session, &who, &c->exchange)) && perform(c, NULL) &&
           check(creatio_exchange_login_result(&c->exchange, &c->session, login));
}

#endif
