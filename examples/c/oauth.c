/* oauth: signs in to a Creatio site by OAuth 2.0, with a token for which it asks the site's
 * identity service, and reads a collection page by page. It asks for another token before the one
 * that it has ends, and where the site no longer takes that one.
 *
 *     CREATIO_CLIENT_SECRET=... ./oauth IDENTITY_URL URL CLIENT_ID \
 *         [net|net-framework] [basic] [code] [revoke] [/PATH]
 *
 * With `code` a person has to approve: it prints a URL for a browser and waits on loopback for that to
 * come back (PKCE); later tokens come by the refresh token. Without CREATIO_CLIENT_SECRET the program is
 * a public client, which only `code` is for. With `revoke` the tokens are revoked at the end.
 *
 * Without a runtime, the site is asked for its own. With `basic`, id and secret go by HTTP Basic
 * instead of in a form. Where the environment has CREATIO_USER_AGENT or CREATIO_FIELD ("Name:
 * value", a gateway's key for example), they go with every request, here to both.
 *
 * Exit code: 0 all pages have come, 1 the identity service or the site said otherwise, 2 an
 * error. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "approval.h"
#include "client.h"

const char program[] = "oauth";

#define MARGIN 60 /* how long before its end a token is renewed, in seconds */

struct app {
    struct client client; /* of the site */
    creatio_site identity;
    creatio_client_credentials credentials;
    bool by_code;
};

static void print_text(struct client *c, const char *title, const creatio_text *text) {
    if (text->len > 0) {
        fputs(title, stdout);
        print(c, text->text, text->len);
        putchar('\n');
    }
}

/* What the identity service has answered. */
static void explain(struct client *c, const creatio_token *token) {
    char hint[300];
    size_t len;
    printf("token: %s (%s)\nstatus: %d\n", creatio_token_verdict_name(token->verdict),
           creatio_token_verdict_text(token->verdict), token->http_status);
    print_text(c, "error: ", &token->error);
    print_text(c, "description: ", &token->error_description);
    if (token->has_expires_in) {
        printf("expires in: %lu s\n", (unsigned long)token->expires_in);
    }
    if (token->has_retry_after) {
        printf("try again in: %lu s\n", (unsigned long)token->retry_after);
    }
    if (token->verdict == CREATIO_TOKEN_WRONG_HOST &&
        creatio_site_identity_hint(&c->site, hint, sizeof hint, &len) == CREATIO_OK) {
        printf("for this site try: %.*s\n", (int)len, hint);
    }
}

/* Makes the exchange that has been begun, over a connection that is closed again: the next one is not
 * soon. */
static int ask(struct app *a) {
    struct client *c = &a->client;
    struct transport connection = {0};
    creatio_token token;
    bool done = perform_at(c, &a->identity, &connection, NULL) &&
                check(creatio_exchange_token_result(&c->exchange, &c->session, &token));
    transport_close(&connection);
    if (!done) {
        return FAILED;
    }
    explain(c, &token);
    return token.granted || token.verdict == CREATIO_TOKEN_REVOKED ? GOOD : REFUSED;
}

/* Has a person approve, and asks for a token by the code. */
static int sign_in_by_code(struct app *a) {
    struct client *c = &a->client;
    struct approval approval = {.listener = -1};
    int outcome = FAILED;
    if (!approval_init(&approval, a->credentials.id)) {
        fprintf(stderr, "%s: cannot listen on loopback\n", program);
    } else if (check(approval_print_url(&approval, &a->identity)) && check(approval_wait(&approval))) {
        const creatio_authorization_response *response = &approval.response;
        printf("approval: %s (%s)\n", creatio_authorization_verdict_name(response->verdict),
               creatio_authorization_verdict_text(response->verdict));
        print_text(c, "error: ", &response->error);
        print_text(c, "description: ", &response->error_description);
        outcome = REFUSED;
        if (response->verdict == CREATIO_AUTHORIZATION_APPROVED) {
            outcome = check(creatio_session_token_by_code(&c->session, &a->identity, &a->credentials, &approval.request,
                                                          response->code.text, response->code.len, &c->exchange))
                          ? ask(a)
                          : FAILED;
        }
    }
    approval_close(&approval);
    return outcome;
}

/* Gets a token: by the refresh token, where there is one; else as the program was told. */
static int sign_in(struct app *a) {
    struct client *c = &a->client;
    creatio_status status =
        a->by_code ? creatio_session_token_by_refresh(&c->session, &a->identity, &a->credentials, &c->exchange)
                   : creatio_session_token(&c->session, &a->identity, &a->credentials, &c->exchange);
    if (status == CREATIO_END) {
        return sign_in_by_code(a);
    }
    if (!check(status)) {
        return FAILED;
    }
    int outcome = ask(a);
    if (outcome == FAILED && creatio_session_refresh_token(&c->session) == CREATIO_REFRESH_TOKEN_MAYBE_SPENT) {
        fprintf(stderr, "%s: the refresh token may be spent; asking again tells\n", program);
    }
    return outcome;
}

/* The tokens are to be worth nothing any more. */
static int revoke(struct app *a) {
    struct client *c = &a->client;
    creatio_status status = creatio_session_revoke(&c->session, &a->identity, &a->credentials, &c->exchange);
    if (status == CREATIO_END) {
        return GOOD; /* there are none */
    }
    return check(status) ? ask(a) : FAILED;
}

/* Whether the session has a token that is good for a while, as far as that is known here. */
static bool has_token(const struct client *c) {
    return creatio_session_has_authorization(&c->session) &&
           !creatio_session_needs_token(&c->session, MARGIN);
}

static void print_page(struct client *c, const void *piece, size_t len) {
    if (creatio_exchange_http_status(&c->exchange) == 200) {
        print(c, piece, len);
    }
}

/* Makes a call, and once more with another token where the site does not take this one. */
static int make(struct app *a, const creatio_call *call, creatio_answer *answer) {
    struct client *c = &a->client;
    creatio_renewal renewal;
    creatio_renewal_step step = CREATIO_RENEWAL_REPEAT;
    int outcome = check(creatio_renewal_init(&renewal, call, true)) && tell_time(c) ? GOOD : FAILED;
    if (outcome == GOOD && !has_token(c)) {
        outcome = sign_in(a);
    }
    while (outcome == GOOD && step == CREATIO_RENEWAL_REPEAT) {
        if (!tell_time(c) || !perform_call(c, call, NULL) ||
            !check(creatio_exchange_call_result(&c->exchange, &c->session, answer))) {
            return FAILED;
        }
        printf("\nverdict: %s (%s)\n", creatio_call_verdict_name(answer->verdict),
               creatio_call_verdict_text(answer->verdict));
        print_text(c, "message: ", &answer->message);
        step = creatio_renewal_after_answer(&renewal, &c->exchange, &c->session);
        if (step == CREATIO_RENEWAL_SIGN_IN) {
            outcome = check(creatio_session_end(&c->session, &c->exchange)) ? sign_in(a) : FAILED;
            step = creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session);
        }
    }
    return outcome == GOOD && answer->verdict != CREATIO_CALL_FINE ? REFUSED : outcome;
}

/* Reads all pages. The answer to each says where the next one is. */
static int read_pages(struct app *a, const char *start) {
    struct client *c = &a->client;
    char path[1024];
    creatio_call call = {.method = CREATIO_METHOD_GET, .path = start, .path_len = strlen(start)};
    c->take_body = print_page;
    while (true) {
        creatio_answer answer;
        printf("GET %.*s\n", (int)call.path_len, call.path);
        int outcome = make(a, &call, &answer);
        if (outcome != GOOD || answer.next_link.len == 0) {
            return outcome;
        }
        const char *next;
        if (answer.next_link.truncated ||
            creatio_site_path_of(&c->site, answer.next_link.text, answer.next_link.len, &next,
                                 &call.path_len) != CREATIO_OK ||
            call.path_len > sizeof path) {
            fprintf(stderr, "%s: the link to the next page is too long, or leads elsewhere\n",
                    program);
            return FAILED;
        }
        memcpy(path, next, call.path_len); /* the next exchange needs the memory it is in */
        call.path = path;
        call.at_root = true;
    }
}

int main(int argc, char **argv) {
    struct app a = {0};
    const char *runtime = NULL, *path = "/odata/Contact";
    char *secret = getenv("CREATIO_CLIENT_SECRET"); /* the environment itself, which can be wiped */
    bool understood = argc > 3, has_to_revoke = false;
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], "net") == 0 || strcmp(argv[i], "net-framework") == 0) {
            runtime = argv[i];
        } else if (strcmp(argv[i], "basic") == 0) {
            a.credentials.by_basic = true;
        } else if (strcmp(argv[i], "code") == 0) {
            a.by_code = true;
        } else if (strcmp(argv[i], "revoke") == 0) {
            has_to_revoke = true;
        } else if (argv[i][0] == '/') {
            path = argv[i];
        } else {
            understood = false;
        }
    }
    if (!understood || (secret == NULL && !a.by_code)) {
        fputs("usage: CREATIO_CLIENT_SECRET=... oauth IDENTITY_URL URL CLIENT_ID "
              "[net|net-framework] [basic] [code] [revoke] [/PATH]\n", stderr);
        return FAILED;
    }
    a.credentials.id = argv[3];
    a.credentials.id_len = strlen(argv[3]);
    a.credentials.secret = secret;
    a.credentials.secret_len = secret != NULL ? strlen(secret) : 0;
    int outcome = FAILED;
    /* The runtime is that of the site: an identity service has none. */
    if (check(creatio_site_parse(&a.identity, argv[1], strlen(argv[1]), CREATIO_RUNTIME_NET)) &&
        set_up(&a.client, argv[2], &runtime)) {
        /* Here the identity service stands behind the same gateway. */
        a.credentials.field_lines = a.client.field_lines;
        a.credentials.field_lines_len = strlen(a.client.field_lines);
        printf("runtime: %s\n", runtime);
        outcome = read_pages(&a, path);
        if (has_to_revoke && revoke(&a) != GOOD) {
            outcome = FAILED;
        }
    }
    transport_close(&a.client.transport);
    creatio_session_clear(&a.client.session); /* the token is as good as the secret */
    creatio_wipe(secret, a.credentials.secret_len);
    return outcome;
}
