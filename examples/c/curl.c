/* curl: the whole life of a session, made by libcurl: signs in to a Creatio site, reads and creates
 * a record, and logs out. Where the session ends in the middle, it signs in once more and goes on.
 *
 *     CREATIO_PASSWORD=... ./curl URL USER net|net-framework
 *
 * The library says what is to be sent, and libcurl sends it; libcurl hands out what comes, and the
 * library says what it means. So it is with any other HTTP client, too: see `perform`.
 *
 * Exit code: 0 all has been done, 1 the site said otherwise, 2 an error. */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "creatio_auth.h"

/* Exit codes. */
enum { GOOD = 0, REFUSED = 1, FAILED = 2 };

struct app {
    CURL *curl;
    const char *url, *user;
    char *password;
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    creatio_status status; /* what the library last said of the reply */
    bool refused;          /* whether it was the site that ended the run */
    uint8_t memory[4096];  /* the session's; see the table at creatio_session_init */
};

/* Whether all is well so far; if not, says why and what to do. */
static bool check(creatio_status status) {
    if (status < 0) {
        fprintf(stderr, "curl: %s (%s)\n", creatio_status_text(status),
                creatio_status_name(status));
    }
    return status >= 0;
}

/* Takes a line of a reply's head, with its CR LF. At the last, which is empty, libcurl (from 7.84 on)
 * has the fields, each of them whole: those that firewalls fold, too. */
static size_t take_line(char *line, size_t size, size_t count, void *user) {
    struct app *a = (struct app *)user;
    struct curl_header *field = NULL;
    size_t len = size * count;
    long status = 0;
    bool is_empty = *line == '\r' || *line == '\n';
    if (!is_empty || creatio_exchange_http_status(&a->exchange) != 0) {
        return len; /* also trailers, of which nothing is of interest */
    }
    while (a->status >= 0 &&
           (field = curl_easy_nextheader(a->curl, CURLH_HEADER, -1, field)) != NULL) {
        a->status = creatio_exchange_feed_field(&a->exchange, &a->session, field->name,
                                                strlen(field->name), field->value,
                                                strlen(field->value));
    }
    curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
    if (a->status >= 0) {
        a->status = creatio_exchange_end_head(&a->exchange, &a->session, (uint16_t)status);
    }
    return a->status < 0 ? 0 : len; /* 0 ends the transfer */
}

/* Takes a piece of the body, without chunks and not compressed any more, and prints what there is
 * of it for people: of a login nothing. */
static size_t take_body(char *piece, size_t size, size_t count, void *user) {
    struct app *a = (struct app *)user;
    size_t len = size * count, taken = 0;
    while (taken < len) {
        creatio_fed fed = {0};
        a->status = creatio_exchange_feed(&a->exchange, &a->session,
                                          piece + taken, len - taken, &fed);
        if (a->status < 0) {
            return 0;
        }
        for (size_t i = 0; i < fed.body_len; i++) {
            bool is_control = fed.body[i] < ' ' || fed.body[i] == 0x7F; /* they command terminals */
            putchar(is_control ? ' ' : fed.body[i]);
        }
        taken += fed.consumed;
    }
    return len;
}

/* A part of the request, with a NUL behind it; to be given back by `release`. */
static char *part(struct app *a, creatio_request_part which, size_t *len) {
    char *text = NULL;
    size_t cap = 0;
    *len = 0;
    while (creatio_exchange_request_part(&a->exchange, &a->session, which, text, cap, len) ==
           CREATIO_ERR_BUFFER_TOO_SMALL) {
        cap = *len;
        free(text);
        text = (char *)calloc(1, cap + 1);
        if (text == NULL) {
            return NULL;
        }
    }
    return text != NULL ? text : (char *)calloc(1, 1);
}

static void release(char *text, size_t len) {
    if (text != NULL) {
        creatio_wipe(text, len);
    }
    free(text);
}

/* The lines of the fields, one by one. */
static struct curl_slist *list_of(char *lines, bool has_body) {
    struct curl_slist *list = NULL;
    for (char *end; (end = strstr(lines, "\r\n")) != NULL; lines = end + 2) {
        *end = '\0';
        list = curl_slist_append(list, lines);
    }
    return has_body ? list : curl_slist_append(list, "Content-Type:"); /* libcurl's own guess */
}

/* Makes the exchange that has been begun. */
static bool perform(struct app *a) {
    size_t method_len, target_len, fields_len, body_len;
    char *method = part(a, CREATIO_REQUEST_METHOD, &method_len);
    char *target = part(a, CREATIO_REQUEST_TARGET, &target_len);
    char *fields = part(a, CREATIO_REQUEST_FIELDS, &fields_len);
    char *body = part(a, CREATIO_REQUEST_BODY, &body_len);
    bool done = method != NULL && target != NULL && fields != NULL && body != NULL;
    struct curl_slist *list = done ? list_of(fields, body_len > 0) : NULL;
    char why[CURL_ERROR_SIZE] = "no memory";
    if (done) {
        curl_easy_reset(a->curl); /* which follows no redirect and keeps no cookies, then */
        curl_easy_setopt(a->curl, CURLOPT_URL, a->url);
        curl_easy_setopt(a->curl, CURLOPT_REQUEST_TARGET, target);
        curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, list);
        if (strcmp(method, "GET") != 0) {
            curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, body);
            curl_easy_setopt(a->curl, CURLOPT_POSTFIELDSIZE, (long)body_len);
            curl_easy_setopt(a->curl, CURLOPT_CUSTOMREQUEST, method);
        }
        /* libcurl sends all once more that goes over a kept connection which turns out to be closed,
         * a login and a write, too. */
        curl_easy_setopt(a->curl, CURLOPT_FRESH_CONNECT,
                         creatio_exchange_may_be_sent_again(&a->exchange) ? 0L : 1L);
        curl_easy_setopt(a->curl, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl can undo */
        curl_easy_setopt(a->curl, CURLOPT_HEADERFUNCTION, take_line);
        curl_easy_setopt(a->curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's are no part of the reply */
        curl_easy_setopt(a->curl, CURLOPT_HEADERDATA, a);
        curl_easy_setopt(a->curl, CURLOPT_WRITEFUNCTION, take_body);
        curl_easy_setopt(a->curl, CURLOPT_WRITEDATA, a);
        curl_easy_setopt(a->curl, CURLOPT_ERRORBUFFER, why);
        curl_easy_setopt(a->curl, CURLOPT_TIMEOUT, 30L);
        a->status = CREATIO_OK;
        CURLcode code = curl_easy_perform(a->curl);
        if (code == CURLE_OK) {
            a->status = creatio_exchange_close(&a->exchange, &a->session);
        }
        /* After an error the exchange is given up, and the session is as it was. */
        done = check(a->status) && code == CURLE_OK;
    }
    if (!done && a->status >= 0) {
        fprintf(stderr, "curl: %s\n", why);
    }
    curl_slist_free_all(list);
    release(body, body_len);
    release(fields, fields_len);
    release(target, target_len);
    release(method, method_len);
    return done;
}

/* Before each exchange: cookies live for so long only. */
static bool tell_time(struct app *a) {
    return check(creatio_session_set_time(&a->session, (uint64_t)time(NULL)));
}

static bool sign_in(struct app *a) {
    creatio_credentials who = {0};
    who.user_name = a->user;
    who.user_name_len = strlen(a->user);
    who.password = a->password;
    who.password_len = strlen(a->password);
    creatio_login login;
    if (!tell_time(a) || !check(creatio_session_login(&a->session, &who, &a->exchange)) ||
        !perform(a) ||
        !check(creatio_exchange_login_result(&a->exchange, &a->session, &login))) {
        return false;
    }
    printf("sign in   %s\n", creatio_login_verdict_text(login.verdict));
    if (login.message.len > 0) {
        printf("          %.*s\n", (int)login.message.len, login.message.text);
    }
    a->refused = !login.authenticated;
    return login.authenticated;
}

/* Makes a call, once more after one silent login where the session has ended. */
static bool make(struct app *a, const char *title, const creatio_call *call) {
    creatio_renewal renewal;
    creatio_answer answer;
    bool ready = check(creatio_renewal_init(&renewal, call, false));
    while (ready) {
        fputs(title, stdout);
        if (!tell_time(a) || !check(creatio_session_call(&a->session, call, &a->exchange)) ||
            !perform(a) ||
            !check(creatio_exchange_call_result(&a->exchange, &a->session, &answer))) {
            return false;
        }
        putchar('\n');
        if (answer.verdict == CREATIO_CALL_FINE) {
            return true;
        }
        printf("answer    %s\n", creatio_call_verdict_text(answer.verdict));
        ready = creatio_renewal_after_answer(&renewal, &a->exchange, &a->session) ==
                CREATIO_RENEWAL_SIGN_IN;
        a->refused = !ready;
        if (ready) {
            ready = check(creatio_session_end(&a->session, &a->exchange)) && sign_in(a);
            if (ready && creatio_renewal_after_sign_in(&renewal, &a->exchange, &a->session) !=
                             CREATIO_RENEWAL_REPEAT) {
                printf("refused   not made again, for nobody knows whether it was done\n");
                ready = false;
            }
            a->refused = !ready;
        }
    }
    return false;
}

static bool live(struct app *a) {
    static const char READ[] = "/odata/Contact?$top=1", CREATE[] = "/odata/Contact";
    static const char RECORD[] = "{\"Name\":\"Zoe\"}";
    creatio_call read = {0}, create = {0}, logout = creatio_call_logout();
    read.path = READ;
    read.path_len = strlen(READ);
    create.method = CREATIO_METHOD_POST;
    create.path = CREATE;
    create.path_len = strlen(CREATE);
    create.body = RECORD;
    create.body_len = strlen(RECORD);
    return sign_in(a) && make(a, "read      ", &read) &&
           make(a, "create    ", &create) && make(a, "log out   ", &logout);
}

int main(int argc, char **argv) {
    bool is_net = argc == 4 && strcmp(argv[3], "net") == 0;
    char *password = getenv("CREATIO_PASSWORD"); /* the environment itself, which can be wiped */
    if (argc != 4 || (!is_net && strcmp(argv[3], "net-framework") != 0) || password == NULL ||
        *password == '\0' || *argv[2] == '\0') {
        fputs("usage: CREATIO_PASSWORD=... curl URL USER net|net-framework\n", stderr);
        return FAILED;
    }
    struct app a;
    memset(&a, 0, sizeof a);
    a.url = argv[1];
    a.user = argv[2];
    a.password = password;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    a.curl = curl_easy_init();
    bool done = a.curl != NULL &&
                check(creatio_site_parse(&a.site, a.url, strlen(a.url),
                                         is_net ? CREATIO_RUNTIME_NET : CREATIO_RUNTIME_NET_FRAMEWORK)) &&
                check(creatio_session_init(&a.session, &a.site, a.memory, sizeof a.memory)) &&
                live(&a);
    creatio_session_clear(&a.session); /* the ticket is as good as the password */
    creatio_wipe(password, strlen(password));
    curl_easy_cleanup(a.curl);
    curl_global_cleanup();
    return done ? GOOD : a.refused ? REFUSED : FAILED;
}
