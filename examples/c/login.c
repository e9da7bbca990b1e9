/* login: signs in to a Creatio site and makes one authorised GET.
 *
 *     CREATIO_PASSWORD=... ./login URL USER [net|net-framework [PATH]]
 *
 * Without a runtime, the site is asked for its own.
 *
 * Exit code: 0 signed in and the GET has brought 200, 1 the site said otherwise, 2 an error. */
#include <stdlib.h>
#include <string.h>

#include "client.h"

const char program[] = "login";

static int sign_in(struct client *c, const char *user, char *password) {
    creatio_login login;
    bool done = log_in(c, user, password, &login);
    creatio_wipe(password, strlen(password));
    if (!done) {
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
    c->take_body = print;
    if (!perform_call(c, &call, NULL)) {
        return FAILED;
    }
    int status = creatio_exchange_http_status(&c->exchange);
    printf("\nstatus: %d%s\n", status, status == 404 ? " (try the other runtime)" : "");
    return status == 200 ? GOOD : REFUSED;
}

int main(int argc, char **argv) {
    const char *runtime = argc > 3 ? argv[3] : NULL;
    bool is_runtime = runtime == NULL || strcmp(runtime, "net") == 0 ||
                      strcmp(runtime, "net-framework") == 0;
    char *password = getenv("CREATIO_PASSWORD"); /* the environment itself, which can be wiped */
    if (argc < 3 || argc > 5 || !is_runtime || password == NULL) {
        fputs("usage: CREATIO_PASSWORD=... login URL USER [net|net-framework [PATH]]\n", stderr);
        return FAILED;
    }
    struct client c = {0};
    int outcome = FAILED;
    if (set_up(&c, argv[1], &runtime)) {
        printf("runtime: %s\n", runtime);
        outcome = sign_in(&c, argv[2], password);
    }
    if (outcome == GOOD) {
        outcome = get(&c, argc > 4 ? argv[4] : "/odata/Contact?$top=3");
    }
    transport_close(&c.transport);
    creatio_session_clear(&c.session); /* the ticket is as good as the password */
    return outcome;
}
