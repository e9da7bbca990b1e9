/* windows: signs in to a Creatio site by Windows authentication, with the tokens of GSS-API, and makes a call.
 *
 *     kinit ann@CORP.EXAMPLE && ./windows URL net|net-framework [/PATH]
 *
 * Who it is, says the ticket that kinit has brought, or the file that KRB5_CLIENT_KTNAME names. The tokens are those of
 * SPNEGO (RFC 4178); the site shows who it is, too, and is not taken for signed in where it cannot. Built with
 * -DCREATIO_NTLM, and a library that has the feature `ntlm`, it takes a password as well:
 *
 *     CREATIO_PASSWORD=... ./windows URL net|net-framework ntlm DOMAIN USER [/PATH]
 *
 * Exit code: 0 signed in and data received, 1 the site said otherwise, 2 an error. */
#define _POSIX_C_SOURCE 200809L

#include <gssapi/gssapi.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

const char program[] = "windows";

/* Tokens with the groups of a user can be long; 48 KB is what Windows allows by default. */
enum { LONGEST_TOKEN = 49152 };

struct app {
    struct client client;
    gss_ctx_id_t context;
    gss_name_t name; /* the site's */
    bool is_complete; /* GSS-API wants no other token */
#ifdef CREATIO_NTLM
    creatio_ntlm_credentials user; /* with a name: by NTLM */
#endif
    uint8_t token[LONGEST_TOKEN];
    size_t token_len;
};

/* SPNEGO: 1.3.6.1.5.5.2 */
static gss_OID_desc spnego = {6, "\x2b\x06\x01\x05\x05\x02"};

/* Says what GSS-API, and the mechanism behind it, has to say. */
static bool gss_check(OM_uint32 major, OM_uint32 minor) {
    const struct { OM_uint32 code; int kind; } said[] = {{major, GSS_C_GSS_CODE}, {minor, GSS_C_MECH_CODE}};
    if (!GSS_ERROR(major)) {
        return true;
    }
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        OM_uint32 more = 0, ignored;
        gss_buffer_desc text;
        do {
            if (GSS_ERROR(gss_display_status(&ignored, said[i].code, said[i].kind, GSS_C_NO_OID, &more, &text))) {
                break;
            }
            fprintf(stderr, "%s: %.*s\n", program, (int)text.length, (const char *)text.value);
            gss_release_buffer(&ignored, &text);
        } while (more != 0);
    }
    return false;
}

/* Whom the tokens are for: the service HTTP of the site's host. */
static bool name_the_site(struct app *a) {
    char service[5 + CREATIO_MAX_HOST];
    const char *host;
    size_t len;
    if (!check(creatio_site_host(&a->client.site, &host, &len))) {
        return false;
    }
    gss_buffer_desc text = {5 + len, service};
    memcpy(service, "HTTP@", 5);
    memcpy(service + 5, host, len);
    OM_uint32 minor, major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &a->name);
    return gss_check(major, minor);
}

/* Gives GSS-API the challenge and takes its next token, if it has one. */
static bool gss_token(struct app *a, const void *challenge, size_t challenge_len) {
    gss_buffer_desc in = {challenge_len, (void *)(uintptr_t)challenge}, out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, ignored;
    OM_uint32 major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &a->context, a->name, &spnego,
                                           GSS_C_MUTUAL_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS, &in, NULL, &out, NULL, NULL);
    bool is_good = gss_check(major, minor);
    if (is_good && out.length > sizeof a->token) {
        fprintf(stderr, "%s: a token of %zu bytes is too long\n", program, out.length);
        is_good = false;
    }
    a->token_len = is_good ? out.length : 0;
    memcpy(a->token, out.length > 0 ? out.value : "", a->token_len);
    a->is_complete = major == GSS_S_COMPLETE;
    gss_release_buffer(&ignored, &out);
    return is_good;
}

static creatio_windows_scheme scheme(const struct app *a) {
#ifdef CREATIO_NTLM
    if (a->user.user_name != NULL) {
        return CREATIO_WINDOWS_SCHEME_NTLM;
    }
#endif
    (void)a;
    return CREATIO_WINDOWS_SCHEME_NEGOTIATE;
}

static bool next_token(struct app *a, const void *challenge, size_t challenge_len) {
#ifdef CREATIO_NTLM
    if (a->user.user_name != NULL) {
        uint8_t random[CREATIO_NTLM_RANDOM_LEN];
        FILE *source = fopen("/dev/urandom", "rb");
        bool has_random = source != NULL && fread(random, 1, sizeof random, source) == sizeof random;
        if (source != NULL) {
            fclose(source);
        }
        a->is_complete = challenge_len > 0;
        return has_random && check(creatio_ntlm_token(&a->user, (uint64_t)time(NULL), challenge, challenge_len, random,
                                                      a->token, sizeof a->token, &a->token_len));
    }
#endif
    return gss_token(a, challenge, challenge_len);
}

/* Goes through the handshake over one connection. */
static int sign_in(struct app *a) {
    struct client *c = &a->client;
    creatio_windows answer;
    transport_close(&c->transport);
    if (!next_token(a, NULL, 0)) {
        return FAILED;
    }
    while (true) {
        bool done = check(creatio_session_windows_login(&c->session, scheme(a), a->token, a->token_len, &c->exchange)) &&
                    perform(c, NULL) && check(creatio_exchange_windows_result(&c->exchange, &c->session, &answer));
        creatio_wipe(a->token, a->token_len);
        if (!done) {
            return FAILED;
        }
        printf("windows: %s (%s)\nstatus: %d\n", creatio_windows_verdict_name(answer.verdict),
               creatio_windows_verdict_text(answer.verdict), answer.http_status);
        if (answer.verdict != CREATIO_WINDOWS_CHALLENGE_RECEIVED) {
            break;
        }
        if (!creatio_exchange_keeps_alive(&c->exchange)) {
            fprintf(stderr, "%s: the connection was closed amid the handshake\n", program);
            return FAILED;
        }
        /* A challenge behind the last token would take a password, or a ticket, once more. */
        if (a->is_complete) {
            return REFUSED;
        }
        if (!next_token(a, answer.challenge, answer.challenge_len)) {
            return FAILED;
        }
    }
    if (answer.verdict == CREATIO_WINDOWS_LOGIN) {
        printf("verdict: %s (%s)\n", creatio_login_verdict_name(answer.login), creatio_login_verdict_text(answer.login));
    }
    if (!answer.authenticated) {
        return REFUSED;
    }
    /* With a yes comes what shows who the site is (RFC 4559, section 5). */
    if (scheme(a) == CREATIO_WINDOWS_SCHEME_NEGOTIATE && !a->is_complete &&
        (answer.challenge == NULL || !next_token(a, answer.challenge, answer.challenge_len) || !a->is_complete)) {
        fprintf(stderr, "%s: the site does not show who it is\n", program);
        return FAILED;
    }
    return GOOD;
}

static void print_body(struct client *c, const void *piece, size_t len) {
    print(c, piece, len);
}

static int get(struct app *a, const char *path) {
    struct client *c = &a->client;
    creatio_call call = {.method = CREATIO_METHOD_GET, .path = path, .path_len = strlen(path)};
    creatio_answer answer;
    c->take_body = print_body;
    if (!perform_call(c, &call, NULL) || !check(creatio_exchange_call_result(&c->exchange, &c->session, &answer))) {
        return FAILED;
    }
    printf("\nverdict: %s (%s)\nstatus: %d\n", creatio_call_verdict_name(answer.verdict),
           creatio_call_verdict_text(answer.verdict), answer.http_status);
    return answer.verdict == CREATIO_CALL_FINE ? GOOD : REFUSED;
}

int main(int argc, char **argv) {
    static struct app a; /* large, and zeros */
    const char *runtime = argc > 2 ? argv[2] : "", *path = "/odata/Contact?$top=3";
    int next = 3;
#ifdef CREATIO_NTLM
    char *password = getenv("CREATIO_PASSWORD");
    if (argc > 5 && strcmp(argv[3], "ntlm") == 0 && password != NULL && *password != '\0') {
        a.user = (creatio_ntlm_credentials){.domain = argv[4], .domain_len = strlen(argv[4]),
                                            .user_name = argv[5], .user_name_len = strlen(argv[5]),
                                            .password = password, .password_len = strlen(password)};
        next = 6;
    }
#endif
    bool is_runtime = strcmp(runtime, "net") == 0 || strcmp(runtime, "net-framework") == 0;
    if (!is_runtime || argc > next + 1 || (argc > next && argv[next][0] != '/')) {
        fputs("usage: windows URL net|net-framework [/PATH]\n", stderr);
        return FAILED;
    }
    path = argc > next ? argv[next] : path;
    int outcome = FAILED;
    if (set_up(&a.client, argv[1], &runtime) && tell_time(&a.client) && name_the_site(&a)) {
        outcome = sign_in(&a);
        if (outcome == GOOD) {
            outcome = get(&a, path);
        }
    }
    OM_uint32 ignored;
    gss_delete_sec_context(&ignored, &a.context, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &a.name);
    transport_close(&a.client.transport);
    creatio_session_clear(&a.client.session); /* the ticket is as good as the password */
#ifdef CREATIO_NTLM
    creatio_wipe(password, a.user.password_len);
#endif
    return outcome;
}
