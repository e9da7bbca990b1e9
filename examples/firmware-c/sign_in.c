/* sign_in: signs in against replies out of flash, cut into pieces of several sizes, and checks every verdict.
 *
 * It prints through the debugger how deep the stack has been, and ends with 0 if all is as it should be, or with the
 * number of what is not. Where this program has `transport_`, yours has its TCP or TLS. */
#include <stdio.h>

#include "client.h"
#include "replies.h"
#include "stack.h"

/* Here the peer takes any request, and what it answers is in flash. */
static struct {
    const char *reply;
    size_t len;
    size_t piece; /* how many bytes arrive at once */
} peer;

static void transport_send(const uint8_t *bytes, size_t len) {
    (void)bytes;
    (void)len;
}

static size_t transport_receive(uint8_t *into, size_t cap) {
    size_t len = peer.piece < cap ? peer.piece : cap;
    if (len > peer.len) {
        len = peer.len;
    }
    memcpy(into, peer.reply, len);
    peer.reply += len;
    peer.len -= len;
    return len;
}

static void answer_with(const char *reply, size_t len) {
    peer.reply = reply;
    peer.len = len;
}
#define ANSWER_WITH(text) answer_with(text, sizeof text - 1)

static bool good_login(void) {
    ANSWER_WITH(REPLY_LOGIN);
    creatio_login login;
    return log_in("Supervisor", "Supervisor", &login) == CREATIO_OK && login.verdict == CREATIO_LOGIN_AUTHENTICATED && login.authenticated &&
           creatio_session_has_ticket(&session) && creatio_session_has_csrf_token(&session);
}

static bool bad_password(void) {
    ANSWER_WITH(REPLY_BAD_PASSWORD);
    creatio_login login;
    return log_in("Supervisor", "Supervisor", &login) == CREATIO_OK && login.verdict == CREATIO_LOGIN_BAD_CREDENTIALS && !login.authenticated &&
           !creatio_session_has_ticket(&session);
}

static bool good_call(void) {
    ANSWER_WITH(REPLY_CALL);
    creatio_answer answer;
    creatio_call get = {0};
    get.path = "/odata/Contact?$top=1";
    get.path_len = strlen(get.path);
    return call(&get, &answer) == CREATIO_OK && answer.verdict == CREATIO_CALL_FINE && !answer.session_ended;
}

/* Told where they have come along with the end, and otherwise left to the transport. */
static bool bytes_behind(void) {
#define MORE "HTTP/1.1 200 OK"
    ANSWER_WITH(REPLY_CALL MORE);
    creatio_answer answer;
    creatio_call ping = creatio_call_ping();
    return call(&ping, &answer) == CREATIO_OK && may_be_kept() == (peer.len == sizeof MORE - 1);
}

static bool malformed(void) {
    ANSWER_WITH("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n");
    creatio_answer answer;
    creatio_call ping = creatio_call_ping();
    return call(&ping, &answer) == CREATIO_ERR_HTTP_CONTENT_LENGTH && creatio_session_has_ticket(&session);
}

static bool ended_session(void) {
    ANSWER_WITH(REPLY_ENDED);
    creatio_answer answer;
    creatio_call ping = creatio_call_ping();
    return call(&ping, &answer) == CREATIO_OK && answer.verdict == CREATIO_CALL_ENDED_REDIRECT && answer.session_ended &&
           creatio_session_end(&session, &exchange) == CREATIO_OK && !creatio_session_has_ticket(&session);
}

static bool logout(void) {
    ANSWER_WITH(REPLY_LOGOUT);
    creatio_answer answer;
    creatio_call request = creatio_call_logout();
    bool is_out = call(&request, &answer) == CREATIO_OK && answer.http_status == 200 &&
                  !creatio_session_has_ticket(&session);
    creatio_session_clear(&session);
    return is_out;
}

/* Password and ticket went through it. */
static bool buffer_is_wiped(void) {
    uint8_t any = 0;
    for (size_t i = 0; i < sizeof buffer; i++) {
        any |= buffer[i];
    }
    return any == 0;
}

struct step {
    const char *name;
    bool (*passes)(void);
    uint32_t stack; /* the deepest so far */
};

int main(void) {
    static const char URL[] = "https://example.creatio.com";
    static const size_t PIECES[] = {1, 2, 7, 64, 200, sizeof buffer};
    static struct step steps[] = {
        {"bad password", bad_password, 0},
        {"login", good_login, 0},
        {"call", good_call, 0},
        {"bytes behind", bytes_behind, 0},
        {"malformed", malformed, 0},
        {"session ended", ended_session, 0},
        {"login again", good_login, 0},
        {"logout", logout, 0},
    };
    enum { STEPS = sizeof steps / sizeof steps[0] };

    if (creatio_site_parse(&site, URL, sizeof URL - 1, CREATIO_RUNTIME_NET_FRAMEWORK) != CREATIO_OK) {
        return 100;
    }
    for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
        peer.piece = PIECES[i];
        if (creatio_session_init(&session, &site, memory, sizeof memory) != CREATIO_OK) {
            return 101;
        }
        for (size_t j = 0; j < STEPS; j++) {
            uint32_t *here = stack_here();
            stack_paint(here);
            bool passes = steps[j].passes();
            uint32_t peak = stack_peak(here);
            if (!passes || !buffer_is_wiped()) {
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
