/* sign_in: signs in against replies out of flash, cut into pieces of several sizes, and checks every verdict.
 *
 * It prints through the debugger how deep the stack has been, and ends with 0 if all is as it should be, or with the
 * number of what is not. Where this program has `socket_`, yours has its TCP or TLS. */
#include <stdio.h>
#include <string.h>

#include "creatio_auth.h"
#include "replies.h"
#include "stack.h"

/* What a session needs: in RAM that is always there, so that the stack stays small. */
static creatio_site site;
static creatio_session session;
static creatio_exchange exchange;
static uint8_t memory[3072]; /* cookies: while a login goes, those before it and the new ones */
static uint8_t buffer[256];  /* what is sent and received */

/* The socket: it takes any request, and its peer has answered with `reply`. */
struct socket {
    const char *reply;
    size_t len;
    size_t piece; /* how many bytes arrive at once */
};

static void socket_send(struct socket *s, const uint8_t *bytes, size_t len) {
    (void)s;
    (void)bytes;
    (void)len;
}

static size_t socket_receive(struct socket *s, uint8_t *into, size_t cap) {
    size_t len = s->piece < cap ? s->piece : cap;
    if (len > s->len) {
        len = s->len;
    }
    memcpy(into, s->reply, len);
    s->reply += len;
    s->len -= len;
    return len;
}

/* Sends the request and takes the reply. */
static creatio_status perform(struct socket *s) {
    creatio_status status;
    size_t len;
    do {
        status = creatio_exchange_fill(&exchange, &session, buffer, sizeof buffer, &len);
        if (status < 0) {
            return status;
        }
        socket_send(s, buffer, len);
    } while (status == CREATIO_MORE);

    status = CREATIO_MORE;
    while (status == CREATIO_MORE) {
        size_t taken = 0;
        len = socket_receive(s, buffer, sizeof buffer);
        if (len == 0) {
            status = creatio_exchange_close(&exchange, &session);
        }
        while (status == CREATIO_MORE && taken < len) {
            creatio_fed fed;
            status = creatio_exchange_feed(&exchange, &session, buffer + taken, len - taken, &fed);
            taken += fed.consumed; /* and fed.body, fed.body_len: a piece of the answer to a call */
        }
    }
    creatio_wipe(buffer, sizeof buffer); /* password and ticket went through it */
    return status;
}

static creatio_status log_in(struct socket *s, creatio_login *login) {
    creatio_credentials who = {0};
    who.user_name = "Supervisor";
    who.user_name_len = 10;
    who.password = "Supervisor";
    who.password_len = 10;
    creatio_status status = creatio_session_login(&session, &who, &exchange);
    if (status == CREATIO_OK) {
        status = perform(s);
    }
    return status == CREATIO_OK ? creatio_exchange_login_result(&exchange, &session, login) : status;
}

static creatio_status call(struct socket *s, const creatio_call *request, creatio_answer *answer) {
    creatio_status status = creatio_session_call(&session, request, &exchange);
    if (status == CREATIO_OK) {
        status = perform(s);
    }
    return status == CREATIO_OK ? creatio_exchange_call_result(&exchange, &session, answer) : status;
}

#define SOCKET(text, piece) {text, sizeof text - 1, piece}

static bool good_login(size_t piece) {
    struct socket s = SOCKET(REPLY_LOGIN, piece);
    creatio_login login;
    return log_in(&s, &login) == CREATIO_OK && login.verdict == CREATIO_AUTHENTICATED && login.authenticated &&
           creatio_session_has_ticket(&session) && creatio_session_has_csrf_token(&session);
}

static bool bad_password(size_t piece) {
    struct socket s = SOCKET(REPLY_BAD_PASSWORD, piece);
    creatio_login login;
    return log_in(&s, &login) == CREATIO_OK && login.verdict == CREATIO_BAD_CREDENTIALS && !login.authenticated &&
           !creatio_session_has_ticket(&session);
}

static bool good_call(size_t piece) {
    struct socket s = SOCKET(REPLY_CALL, piece);
    creatio_answer answer;
    creatio_call get = {0};
    get.path = "/odata/Contact?$top=1";
    get.path_len = strlen(get.path);
    return call(&s, &get, &answer) == CREATIO_OK && answer.verdict == CREATIO_FINE && !answer.session_ended;
}

static bool ended_session(size_t piece) {
    struct socket s = SOCKET(REPLY_ENDED, piece);
    creatio_answer answer;
    creatio_call ping = creatio_call_ping();
    return call(&s, &ping, &answer) == CREATIO_OK && answer.verdict == CREATIO_ENDED_REDIRECT && answer.session_ended;
}

static bool logout(size_t piece) {
    struct socket s = SOCKET(REPLY_LOGOUT, piece);
    creatio_answer answer;
    creatio_call request = creatio_call_logout();
    return call(&s, &request, &answer) == CREATIO_OK && answer.http_status == 200 &&
           !creatio_session_has_ticket(&session) && creatio_session_clear(&session) == CREATIO_OK;
}

struct step {
    const char *name;
    bool (*passes)(size_t piece);
    uint32_t stack; /* the deepest so far */
};

int main(void) {
    static const char URL[] = "https://example.creatio.com";
    static const size_t PIECES[] = {1, 2, 7, 64, 200, sizeof buffer};
    static struct step steps[] = {
        {"bad password", bad_password, 0}, {"login", good_login, 0}, {"call", good_call, 0},
        {"session ended", ended_session, 0}, {"login again", good_login, 0}, {"logout", logout, 0},
    };
    enum { STEPS = sizeof steps / sizeof steps[0] };

    if (creatio_site_parse(&site, URL, sizeof URL - 1, CREATIO_NET_FRAMEWORK) != CREATIO_OK) {
        return 100;
    }
    for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
        if (creatio_session_init(&session, &site, memory, sizeof memory) != CREATIO_OK) {
            return 101;
        }
        for (size_t j = 0; j < STEPS; j++) {
            uint32_t *here = stack_here();
            stack_paint(here);
            bool passes = steps[j].passes(PIECES[i]);
            uint32_t peak = stack_peak(here);
            if (!passes) {
                printf("%s: not as it should be in pieces of %u\n", steps[j].name, (unsigned)PIECES[i]);
                return (int)j + 1;
            }
            steps[j].stack = peak > steps[j].stack ? peak : steps[j].stack;
        }
    }
    printf("creatio_auth %s\n", creatio_version());
    for (size_t j = 0; j < STEPS; j++) {
        printf("%-14s fine, %4u bytes of stack\n", steps[j].name, (unsigned)steps[j].stack);
    }
    return 0;
}
