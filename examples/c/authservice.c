/* authservice: what the console program in the vendor's article on AuthService.svc does, done with this
 * library. docs/authservice.md goes through it, and through its twin in Rust.
 *
 *     CREATIO_PASSWORD=... ./authservice URL USER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creatio_auth.h"
#include "transport.h"

const char program[] = "authservice";

static creatio_site site;       /* the application's address */
static creatio_session session; /* what later requests need: cookies and CSRF token */
static uint8_t memory[4096];    /* where the session keeps them */
static uint8_t buffer[512];     /* what is sent and received */

/* Whether all is well so far; if not, says why. */
static bool check(creatio_status status) {
    if (status < 0) {
        printf("%s\n", creatio_status_text(status));
    }
    return status >= 0;
}

/* Prints what came from the site, with spaces for control characters: they command terminals. */
static void print(const creatio_text *text) {
    for (size_t i = 0; i < text->len; i++) {
        unsigned char byte = (unsigned char)text->text[i];
        putchar(byte < ' ' || byte == 0x7F ? ' ' : byte);
    }
    putchar('\n');
}

static bool send_request(creatio_exchange *login, struct transport *connection) {
    creatio_status status;
    do {
        size_t len = 0;
        status = creatio_exchange_fill(login, &session, buffer, sizeof buffer, &len);
        if (!check(status) || !transport_send(connection, buffer, len)) {
            return false;
        }
    } while (status == CREATIO_MORE);
    return true;
}

static bool take_reply(creatio_exchange *login, struct transport *connection) {
    creatio_status status;
    do {
        creatio_fed fed;
        size_t len;
        if (!transport_receive(connection, buffer, sizeof buffer, &len)) {
            return false;
        }
        status = len > 0 ? creatio_exchange_feed(login, &session, buffer, len, &fed)
                         : creatio_exchange_close(login, &session);
    } while (status == CREATIO_MORE);
    return check(status);
}

static bool perform(creatio_exchange *login) {
    struct transport connection = {0};
    const char *host;
    size_t host_len;
    bool done = check(creatio_site_host(&site, &host, &host_len)) &&
                transport_open(&connection, host, host_len, creatio_site_port(&site),
                               creatio_site_is_https(&site)) &&
                (send_request(login, &connection) || connection.is_unsent) &&
                take_reply(login, &connection);
    transport_close(&connection);
    creatio_wipe(buffer, sizeof buffer); /* the password went through it */
    return done;
}

/* Whether the session is signed in now; if not, says why. */
static bool try_login(const char *user_name, const char *password) {
    creatio_credentials who = {.user_name = user_name, .user_name_len = strlen(user_name),
                               .password = password, .password_len = strlen(password)};
    creatio_exchange exchange;
    creatio_login login;

    if (!check(creatio_session_login(&session, &who, &exchange)) || !perform(&exchange) ||
        !check(creatio_exchange_login_result(&exchange, &session, &login))) {
        return false;
    }
    if (!login.authenticated) {
        printf("%s\n", creatio_login_verdict_text(login.verdict));
        print(&login.message);
    }
    return login.authenticated;
}

int main(int argc, char **argv) {
    char *password = getenv("CREATIO_PASSWORD");
    if (argc != 3 || password == NULL || *password == '\0') {
        fputs("usage: CREATIO_PASSWORD=... authservice URL USER\n", stderr);
        return 2;
    }
    bool done = check(creatio_site_parse(&site, argv[1], strlen(argv[1]), CREATIO_RUNTIME_NET)) &&
                check(creatio_session_init(&session, &site, memory, sizeof memory)) &&
                try_login(argv[2], password);
    printf("signed in: %s\n", done ? "yes" : "no");

    creatio_session_clear(&session); /* as good as the password */
    creatio_wipe(password, strlen(password));
    return done ? 0 : 1;
}
