/* session: signs in to a Creatio site, and reads, creates, changes, uploads and deletes. Where the
 * session ends in the middle, it signs in once more and goes on.
 *
 *     CREATIO_PASSWORD=... ./session URL USER [net|net-framework]
 *
 * Without a runtime, the site is asked for its own. Where the environment has CREATIO_USER_AGENT or
 * CREATIO_FIELD ("Name: value", a gateway's key for example), they go with every request.
 *
 * CREATIO_SNAPSHOT may name a file for the session, which outlives a run that is broken off. It is
 * as secret as the password, and the logout at the end removes it.
 *
 * Exit code: 0 all has been done, 1 the site said otherwise, 2 an error. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

const char program[] = "session";

#define LONGEST_WAIT 60u /* for a busy site, in seconds */

enum { IMAGE_SIZE = 5000000, PIECE = 1024, GUID_LEN = 36, PATH_SIZE = 80 };

#define IMAGE "{\"Name\":\"picture.png\",\"MimeType\":\"image/png\"}"
/* Zoë Åström and a rocket, in UTF-8 */
#define NEW_NAME "{\"Name\":\"Zo\xC3\xAB \xC3\x85str\xC3\xB6m \xF0\x9F\x9A\x80\"}"

struct app {
    struct client client;
    const char *user;
    char *password;
    const char *snapshot;    /* the file's name, or NULL */
    uint32_t saved;          /* the revision of the session that is in it */
    char contact[PATH_SIZE]; /* the path of the record that is created */
    char body[8192];         /* the last reply's, as much as fits, with a NUL */
    size_t body_len;
    bool refused; /* whether it was the site that ended the run */
};

static void keep(struct client *c, const void *piece, size_t len) {
    struct app *a = (struct app *)c; /* whose first member it is */
    size_t room = sizeof a->body - 1 - a->body_len;
    size_t kept = len < room ? len : room;
    memcpy(a->body + a->body_len, piece, kept);
    a->body_len += kept;
    a->body[a->body_len] = '\0';
}

/* Writes the session to its file, if it has one and the session has changed: a new file, which nobody else can read. */
static void save(struct app *a) {
    uint8_t bytes[4096];
    size_t len;
    uint32_t revision = creatio_session_revision(&a->client.session);
    if (a->snapshot == NULL || revision == a->saved ||
        !check(creatio_session_snapshot(&a->client.session, bytes, sizeof bytes, &len))) {
        return;
    }
    unlink(a->snapshot);
    int file = open(a->snapshot, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0 || write(file, bytes, len) != (ssize_t)len) { /* a part is found out on reading */
        fprintf(stderr, "%s: cannot write %s: %s\n", program, a->snapshot, strerror(errno));
    } else {
        a->saved = revision;
    }
    if (file >= 0) {
        close(file);
    }
    creatio_wipe(bytes, sizeof bytes);
}

/* Has the session go on as its file has it. False if that cannot be: there is none, to begin with. */
static bool restore(struct app *a) {
    struct client *c = &a->client;
    uint8_t bytes[4096];
    int file = a->snapshot != NULL ? open(a->snapshot, O_RDONLY) : -1;
    if (file < 0) {
        return false;
    }
    ssize_t len = read(file, bytes, sizeof bytes);
    close(file);
    creatio_status status = creatio_session_restore(&c->session, bytes, len > 0 ? (size_t)len : 0);
    if (status == CREATIO_OK) {
        a->saved = creatio_session_revision(&c->session);
    }
    creatio_wipe(bytes, sizeof bytes);
    printf("snapshot  %s\n", status == CREATIO_OK ? "taken up" : creatio_status_text(status));
    return status == CREATIO_OK && creatio_session_has_ticket(&c->session);
}

/* What has become of an exchange, also in the words of the site if it has some. */
static void explain(struct client *c, const char *title, const char *why,
                    const creatio_text *message) {
    printf("%s%s%s", title, why, message->len > 0 ? ": " : "");
    print(c, message->text, message->len);
    putchar('\n');
}

static bool sign_in(struct app *a) {
    struct client *c = &a->client;
    creatio_login login;
    if (!tell_time(c) || !log_in(c, a->user, a->password, &login)) {
        return false;
    }
    explain(c, "sign in   ", creatio_login_verdict_text(login.verdict), &login.message);
    a->refused = !login.authenticated;
    if (login.authenticated) {
        save(a);
    }
    return login.authenticated;
}

/* Waits for a busy site, unless that takes too long: then someone else may decide what to do. */
static bool wait_for(struct client *c, const char *why, unsigned seconds) {
    transport_close(&c->transport); /* the site need not wait, too */
    if (seconds > LONGEST_WAIT) {
        printf("refused   %s: it asks for %u s, and %u s are waited at the most\n", why, seconds,
               LONGEST_WAIT);
        return false;
    }
    printf("waiting   %u s: %s\n", seconds, why);
    sleep(seconds);
    return true;
}

/* Makes a call, as often as the library says: after one silent login where the session has ended,
 * and again where the site is busy. `send_body` sends the body if it follows, from its beginning
 * each time. */
static bool make(struct app *a, const creatio_call *call, bool (*send_body)(struct client *c)) {
    struct client *c = &a->client;
    creatio_renewal renewal;
    creatio_answer answer;
    bool ready = check(creatio_renewal_init(&renewal, call, true));
    while (ready) {
        a->body_len = 0;
        a->body[0] = '\0';
        if (!tell_time(c) || !perform_call(c, call, send_body) ||
            !check(creatio_exchange_call_result(&c->exchange, &c->session, &answer))) {
            return false;
        }
        save(a); /* any reply may renew a cookie */
        if (answer.verdict == CREATIO_CALL_FINE) {
            return true;
        }
        const char *why = creatio_call_verdict_text(answer.verdict);
        bool has_inner = answer.inner_message.len > 0;
        const creatio_text *message = has_inner ? &answer.inner_message : &answer.message;
        uint32_t delay = 0;
        switch (creatio_renewal_after_answer(&renewal, &c->exchange, &c->session)) {
        case CREATIO_RENEWAL_SIGN_IN:
        case CREATIO_RENEWAL_SIGN_IN_LATER:
            explain(c, "renewal   ", why, message);
            creatio_session_sign_in_delay(&c->session, &delay);
            ready = check(creatio_session_end(&c->session, &c->exchange)) &&
                    (delay == 0 || wait_for(c, "the last sign-in has come to nothing", delay)) &&
                    sign_in(a);
            if (ready && creatio_renewal_after_sign_in(&renewal, &c->exchange, &c->session) !=
                             CREATIO_RENEWAL_REPEAT) {
                printf("refused   not made again, for nobody knows whether it was done\n");
                ready = false;
            }
            a->refused = !ready;
            break;
        case CREATIO_RENEWAL_REPEAT_LATER:
            ready = wait_for(c, why, answer.has_retry_after ? answer.retry_after : 1);
            a->refused = !ready;
            break;
        default:
            explain(c, "refused   ", why, message);
            a->refused = true;
            ready = false;
        }
    }
    return false;
}

/* Makes a call with a body of JSON, or without one: then `json` is empty. */
static bool simple(struct app *a, creatio_method method, const char *path, const char *json) {
    creatio_call call = {.method = method, .path = path, .path_len = strlen(path),
                         .body = json, .body_len = strlen(json)};
    return make(a, &call, NULL);
}

/* Makes a call, and prints what has come. */
static bool show(struct app *a, const char *title, creatio_method method, const char *path,
                 const char *json) {
    bool done = simple(a, method, path, json);
    if (done) {
        fputs(title, stdout);
        print(&a->client, a->body, a->body_len);
        puts(a->body_len == sizeof a->body - 1 ? " (cut)" : "");
    }
    return done;
}

/* Finds the member "Id" of the record in the last reply: a GUID, for nothing else may become part
 * of a path. No text in the record can be taken for it: in JSON, a quote inside of a text has a
 * backslash before it. NULL if there is none, or if it is behind what the buffer holds. */
static const char *find_id(const struct app *a) {
    static const char member[] = "\"Id\":\"";
    const char *found = strstr(a->body, member);
    const char *id = found != NULL ? found + strlen(member) : "";
    return strspn(id, "0123456789ABCDEFabcdef-") == GUID_LEN && id[GUID_LEN] == '"' ? id : NULL;
}

/* Creates a record; `path` becomes its path. */
static bool create(struct app *a, const char *collection, const char *json, char path[PATH_SIZE]) {
    if (!simple(a, CREATIO_METHOD_POST, collection, json)) {
        return false;
    }
    const char *id = find_id(a);
    if (id == NULL) {
        fprintf(stderr, "%s: a record was created, but its Id has not come back\n", program);
        return false;
    }
    snprintf(path, PATH_SIZE, "%s(%.*s)", collection, (int)GUID_LEN, id);
    printf("created   %s\n", path);
    return true;
}

/* Changes the contact's name, and reads it back. */
static bool change(struct app *a) {
    char query[PATH_SIZE + 16];
    snprintf(query, sizeof query, "%s?$select=Name", a->contact);
    return simple(a, CREATIO_METHOD_PATCH, a->contact, NEW_NAME) &&
           show(a, "changed   ", CREATIO_METHOD_GET, query, "");
}

/* The picture, which is never in memory as a whole. */
static bool send_picture(struct client *c) {
    uint8_t piece[PIECE];
    for (size_t sent = 0, len; sent < IMAGE_SIZE; sent += len) {
        len = IMAGE_SIZE - sent < PIECE ? IMAGE_SIZE - sent : PIECE;
        memset(piece, 'Z', len); /* a picture of use would be read from somewhere */
        if (!transport_send(&c->transport, piece, len)) {
            if (sent >= IMAGE_SIZE / 10) {
                puts(" % and no more");
            }
            return false;
        }
        if ((sent + len) * 10 / IMAGE_SIZE > sent * 10 / IMAGE_SIZE) {
            printf("%s %zu", sent < IMAGE_SIZE / 10 ? "upload   " : "",
                   (sent + len) * 100 / IMAGE_SIZE);
            fflush(stdout);
        }
    }
    puts(" %");
    return true;
}

/* In two steps: a record for the picture, and then its data. */
static bool upload(struct app *a) {
    static const char type[] = "application/octet-stream";
    char image[PATH_SIZE], data[PATH_SIZE + 8];
    if (!create(a, "/odata/SysImage", IMAGE, image)) {
        return false;
    }
    snprintf(data, sizeof data, "%s/Data", image);
    creatio_call call = {.method = CREATIO_METHOD_PUT, .path = data, .path_len = strlen(data),
                         .body_follows = true, .body_len = IMAGE_SIZE,
                         .content_type = type, .content_type_len = strlen(type)};
    return make(a, &call, send_picture);
}

/* Two requests in one; each has an answer with a status of its own. */
static bool batch(struct app *a) {
    char json[512];
    snprintf(json, sizeof json,
             "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"Contact/$count\"},"
             "{\"id\":\"2\",\"method\":\"PATCH\",\"url\":\"%s\","
             "\"headers\":{\"Content-Type\":\"application/json\"},"
             "\"body\":{\"Name\":\"Batched\"}}]}",
             a->contact + strlen("/odata/"));
    return show(a, "batch     ", CREATIO_METHOD_POST, "/odata/$batch", json);
}

/* Ends the session, here in any case. One that has ended at the site already is not begun again
 * for that. */
static bool log_out(struct app *a) {
    struct client *c = &a->client;
    creatio_call call = creatio_call_logout();
    creatio_answer answer;
    const char *outcome = "failed; forgotten here, but the site could not be told";
    bool answered = tell_time(c) && perform_call(c, &call, NULL) &&
                    check(creatio_exchange_call_result(&c->exchange, &c->session, &answer));
    bool done = answered && (answer.verdict == CREATIO_CALL_FINE || answer.session_ended);
    if (answered) {
        outcome = answer.session_ended ? "not needed, the session had ended"
                                       : creatio_call_verdict_text(answer.verdict);
        a->refused = !done;
    }
    creatio_session_clear(&c->session);
    if (a->snapshot != NULL) {
        unlink(a->snapshot);
    }
    printf("log out   %s\n", outcome);
    return done;
}

/* Everything after the login. */
static bool work(struct app *a) {
    return show(a, "read      ", CREATIO_METHOD_GET, "/odata/Contact?$top=3", "") &&
           create(a, "/odata/Contact", "{\"Name\":\"Zoe\"}", a->contact) && change(a) &&
           upload(a) && batch(a) && simple(a, CREATIO_METHOD_DELETE, a->contact, "") &&
           printf("deleted   %s\n", a->contact) > 0 && log_out(a);
}

int main(int argc, char **argv) {
    const char *runtime = argc > 3 ? argv[3] : NULL;
    bool is_runtime = runtime == NULL || strcmp(runtime, "net") == 0 ||
                      strcmp(runtime, "net-framework") == 0;
    char *password = getenv("CREATIO_PASSWORD"); /* the environment itself, which can be wiped */
    if (argc < 3 || argc > 4 || !is_runtime || password == NULL || *password == '\0' || *argv[2] == '\0') {
        fputs("usage: CREATIO_PASSWORD=... session URL USER [net|net-framework]\n", stderr);
        return FAILED;
    }
    struct app a = {.client = {.take_body = keep}, .user = argv[2], .password = password,
                    .snapshot = getenv("CREATIO_SNAPSHOT")};
    struct client *c = &a.client;
    bool done = set_up(c, argv[1], &runtime) && printf("runtime   %s\n", runtime) > 0 &&
                (restore(&a) || sign_in(&a)) &&
                work(&a);
    transport_close(&c->transport);
    creatio_session_clear(&c->session); /* the ticket is as good as the password */
    creatio_wipe(password, strlen(password));
    return done ? GOOD : a.refused ? REFUSED : FAILED;
}
