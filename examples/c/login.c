/* login: signs in to a Creatio site and makes one authorised GET.
 *
 *     CREATIO_PASSWORD=... ./login URL USER [net|net-framework [PATH]]
 *
 * Exit code: 0 signed in and the GET has brought 200, 1 the site said otherwise, 2 an error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creatio_auth.h"
#include "transport.h"

enum { GOOD = 0, REFUSED = 1, FAILED = 2 };

struct client {
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    struct transport transport;
    uint8_t memory[4096]; /* the session's: its cookies, and the texts of a login's answer */
    uint8_t buffer[2048]; /* what is sent and received */
    uint8_t printed;      /* the last byte out of `print` */
};

/* Whether all is well so far; if not, says why and what to do. */
static bool check(creatio_status status) {
    if (status < 0) {
        fprintf(stderr, "login: %s (%s)\n", creatio_status_text(status),
                creatio_status_name(status));
    }
    return status >= 0;
}

/* Prints what came from the site, with spaces for control characters: they command terminals. */
static void print(struct client *c, const void *text, size_t len) {
    for (const uint8_t *byte = text; len > 0; byte++, len--) {
        bool is_control = (*byte < ' ' && *byte != '\n') || *byte == 0x7F;
        bool is_c1 = c->printed == 0xC2 && *byte < 0xA0; /* U+0080 to U+009F; U+00A0 is a space */
        putchar(is_control ? ' ' : is_c1 ? 0xA0 : *byte);
        c->printed = *byte;
    }
}

static bool send_request(struct client *c) {
    creatio_status status;
    do {
        size_t len;
        status = creatio_exchange_fill(&c->exchange, &c->session, c->buffer, sizeof c->buffer,
                                       &len);
        if (!check(status) || !transport_send(&c->transport, c->buffer, len)) {
            return false;
        }
    } while (status == CREATIO_MORE);
    return true;
}

static bool receive_reply(struct client *c) {
    creatio_status status = CREATIO_MORE;
    while (status == CREATIO_MORE) {
        size_t len, taken = 0;
        if (!transport_receive(&c->transport, c->buffer, sizeof c->buffer, &len)) {
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
            print(c, fed.body, fed.body_len); /* a GET's; a login's is for the library alone */
            if (status == CREATIO_MEMORY_TOO_SMALL) {
                fprintf(stderr, "login: %zu bytes of memory are enough\n", fed.memory_needed);
            }
        }
    }
    return check(status);
}

/* Sends the request and takes the reply, over the connection that is there if there is one. */
static bool perform(struct client *c) {
    const char *host;
    size_t len;
    bool done = check(creatio_site_host(&c->site, &host, &len)) &&
                transport_open(&c->transport, host, len, creatio_site_port(&c->site),
                               creatio_site_is_https(&c->site)) &&
                send_request(c) && receive_reply(c);
    if (!creatio_exchange_keeps_alive(&c->exchange)) {
        transport_close(&c->transport);
    }
    creatio_wipe(c->buffer, sizeof c->buffer); /* password and ticket went through it */
    return done;
}

static int sign_in(struct client *c, const char *user, char *password) {
    creatio_credentials who = {.user_name = user, .user_name_len = strlen(user),
                               .password = password, .password_len = strlen(password)};
    bool done = check(creatio_session_login(&c->session, &who, &c->exchange)) && perform(c);
    creatio_wipe(password, who.password_len);
    creatio_login login;
    if (!done || !check(creatio_exchange_login_result(&c->exchange, &c->session, &login))) {
        return FAILED;
    }
    printf("verdict: %s (%s)\nmessage: ", creatio_verdict_name(login.verdict),
           creatio_verdict_text(login.verdict));
    print(c, login.message.text, login.message.len);
    printf("%s\nstatus: %d\ncookies:", login.message.truncated ? "..." : "", login.http_status);
    creatio_cookie cookie;
    for (size_t i = 0; creatio_session_cookie(&c->session, i, &cookie) == CREATIO_OK; i++) {
        putchar(' ');
        print(c, cookie.name, cookie.name_len);
    }
    putchar('\n');
    return login.authenticated ? GOOD : REFUSED;
}

static int get(struct client *c, const char *path) {
    creatio_call call = {.method = CREATIO_GET, .path = path, .path_len = strlen(path)};
    printf("GET %s\n", path);
    if (!check(creatio_session_call(&c->session, &call, &c->exchange)) || !perform(c)) {
        return FAILED;
    }
    int status = creatio_exchange_http_status(&c->exchange);
    printf("\nstatus: %d%s\n", status, status == 404 ? " (try the other runtime)" : "");
    return status == 200 ? GOOD : REFUSED;
}

int main(int argc, char **argv) {
    bool is_net = argc > 3 && strcmp(argv[3], "net") == 0;
    bool is_runtime = argc <= 3 || is_net || strcmp(argv[3], "net-framework") == 0;
    char *password = getenv("CREATIO_PASSWORD"); /* the environment itself, which can be wiped */
    if (argc < 3 || argc > 5 || !is_runtime || password == NULL) {
        fputs("usage: CREATIO_PASSWORD=... login URL USER [net|net-framework [PATH]]\n", stderr);
        return FAILED;
    }
    struct client c = {0};
    creatio_runtime runtime = is_net ? CREATIO_NET : CREATIO_NET_FRAMEWORK;
    bool ready = check(creatio_site_parse(&c.site, argv[1], strlen(argv[1]), runtime)) &&
                 check(creatio_session_init(&c.session, &c.site, c.memory, sizeof c.memory));
    int outcome = ready ? sign_in(&c, argv[2], password) : FAILED;
    if (outcome == GOOD) {
        outcome = get(&c, argc > 4 ? argv[4] : "/odata/Contact?$top=3");
    }
    transport_close(&c.transport);
    creatio_session_clear(&c.session); /* the ticket is as good as the password */
    return outcome;
}
