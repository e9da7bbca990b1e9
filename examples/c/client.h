/* client.h: what the programs here share: an exchange, from its first byte to its last, over a
 * transport. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "creatio_auth.h"
#include "transport.h"

/* Exit codes: all is well, the site said otherwise, an error. */
enum { GOOD = 0, REFUSED = 1, FAILED = 2 };

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

/* Prints what came from the site, with spaces for control characters: they command terminals. */
static inline void print(struct client *c, const void *text, size_t len) {
    for (const uint8_t *byte = text; len > 0; byte++, len--) {
        bool is_control = (*byte < ' ' && *byte != '\n') || *byte == 0x7F;
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
    while (status == CREATIO_MORE) {
        size_t len, taken = 0;
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
    if (status == CREATIO_MEMORY_TOO_SMALL) {
        fprintf(stderr, "%s: %zu bytes of memory are enough\n", program,
                creatio_exchange_memory_needed(&c->exchange));
    }
    t->was_closed = status == CREATIO_CLOSED_EARLY;
    return (t->is_kept && t->was_closed) ? false : check(status);
}

/* Sends the request to this peer and takes its reply, over the connection that is there if there is
 * one. `send_body` sends the body where it is one that follows; otherwise it is NULL. */
static inline bool perform_at(struct client *c, const creatio_site *peer, struct transport *t,
                              bool (*send_body)(struct client *c)) {
    const char *host;
    size_t len;
    bool done = check(creatio_site_host(peer, &host, &len)) &&
                transport_open(t, host, len, creatio_site_port(peer),
                               creatio_site_is_https(peer)) &&
                send_request(c, t) && (send_body == NULL || send_body(c)) && receive_reply(c, t);
    c->may_go_again = !done && t->is_kept && t->was_closed &&
                      creatio_exchange_may_be_sent_again(&c->exchange);
    if (!done && t->is_kept && t->was_closed && !c->may_go_again) {
        check(CREATIO_CLOSED_EARLY);
    }
    t->is_kept = done && creatio_exchange_keeps_alive(&c->exchange);
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

static inline bool set_up_for(struct client *c, const char *url, creatio_runtime runtime) {
    return check(creatio_site_parse(&c->site, url, strlen(url), runtime)) &&
           check(creatio_session_init(&c->session, &c->site, c->memory, sizeof c->memory));
}

/* Sets up a session with a site whose runtime is "net" or "net-framework". Where that is NULL the
 * site is asked: it answers the health check of its own runtime, for which it wants no login. */
static inline bool set_up(struct client *c, const char *url, const char **runtime) {
    if (*runtime != NULL) {
        bool is_net = strcmp(*runtime, "net") == 0;
        return set_up_for(c, url, is_net ? CREATIO_NET : CREATIO_NET_FRAMEWORK);
    }
    for (creatio_runtime asked = CREATIO_NET_FRAMEWORK; asked <= CREATIO_NET; asked++) {
        creatio_call health_check = creatio_call_health_check(asked);
        creatio_answer answer;
        if (!set_up_for(c, url, asked) || !perform_call(c, &health_check, NULL) ||
            !check(creatio_exchange_call_result(&c->exchange, &c->session, &answer))) {
            return false;
        }
        if (answer.verdict == CREATIO_FINE) { /* status 200 alone may be the login page's */
            *runtime = asked == CREATIO_NET ? "net" : "net-framework";
            return true;
        }
    }
    fprintf(stderr,
            "%s: the site answers neither health check; name the runtime: net-framework if the "
            "addresses of its pages have /0/ in them, otherwise net\n", program);
    return false;
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
