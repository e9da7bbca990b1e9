/* batch: signs in to a Creatio site, creates a contact that is created once though its connection be
 * cut, and several in a batch that is written and read a piece at a time; and deletes them again.
 *
 *     CREATIO_PASSWORD=... ./batch URL USER [net|net-framework]
 *
 * Exit code: 0 all has been done, 1 the site said otherwise, 2 an error. */
#define _POSIX_C_SOURCE 200809L

#include "client.h"

const char program[] = "batch";

enum { PARTS = 4, GUID_LEN = 36, PATH_SIZE = 80, BODY_SIZE = 128 };

struct app {
    struct client client;
    char ids[PARTS][GUID_LEN + 1];
    char body[BODY_SIZE];
    uint8_t texts[256]; /* of the answer to one part */
    creatio_batch_reader reader;
    bool is_good; /* what has come of the answer can be read */
};

/* A GUID of random bits, version 4 (RFC 9562, 5.4): the Id of a record. */
static bool make_guid(char *guid) {
    uint8_t bytes[16];
    FILE *random = fopen("/dev/urandom", "rb");
    bool is_good = random != NULL && fread(bytes, 1, sizeof bytes, random) == sizeof bytes;
    if (random != NULL) {
        fclose(random);
    }
    bytes[6] = (uint8_t)((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80);
    for (size_t i = 0, at = 0; is_good && i < sizeof bytes; i++, at += 2) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            guid[at++] = '-';
        }
        snprintf(guid + at, 3, "%02x", bytes[i]);
    }
    return is_good;
}

/* Milliseconds, and how often by now. */
static void pause_before(uint32_t attempt) {
    uint32_t delay = creatio_retry_delay(attempt, 100, 10000, (uint32_t)rand() * 2654435761u, 0);
    struct timespec time = {.tv_sec = delay / 1000, .tv_nsec = (long)(delay % 1000) * 1000000};
    nanosleep(&time, NULL);
}

/* Makes a call, again where nobody knows whether it was done and twice does no more than once. */
static bool make(struct client *c, const creatio_call *call, bool (*send_body)(struct client *c),
                 creatio_answer *answer, bool *may_be_done) {
    creatio_renewal renewal;
    uint32_t attempt = 0;
    bool is_ready = check(creatio_renewal_init(&renewal, call, true));
    bool is_done = false;
    while (is_ready && !is_done) {
        is_ready = tell_time(c) && check(creatio_session_call(&c->session, call, &c->exchange));
        is_done = is_ready && perform(c, send_body);
        if (is_ready && !is_done) {
            is_ready = creatio_renewal_after_cut(&renewal) == CREATIO_RENEWAL_REPEAT_LATER;
            printf("%s", is_ready ? "again     the connection was cut\n" : "");
            pause_before(++attempt);
        }
    }
    *may_be_done = creatio_renewal_may_be_done_before(&renewal);
    return is_done && check(creatio_exchange_call_result(&c->exchange, &c->session, answer));
}

/* GET or DELETE of a contact. */
static bool of_contact(struct client *c, creatio_method method, const char *id, creatio_answer *answer) {
    char path[PATH_SIZE];
    bool ignored;
    int len = snprintf(path, sizeof path, "/odata/Contact(%s)", id);
    creatio_call call = {.path = path, .path_len = (size_t)len, .method = method};
    call.repeatable = true; /* a DELETE that finds none is done, too */
    return make(c, &call, NULL, answer, &ignored);
}

static bool create_once(struct app *a) {
    struct client *c = &a->client;
    creatio_answer answer;
    bool may_be_done;
    int len = snprintf(a->body, sizeof a->body, "{\"Id\":\"%s\",\"Name\":\"Ann\"}", a->ids[0]);
    creatio_call create = {.path = CREATIO_STR("/odata/Contact"), .method = CREATIO_METHOD_POST,
                           .body = a->body, .body_len = (size_t)len, .repeatable = true};
    if (!make(c, &create, NULL, &answer, &may_be_done)) {
        return false;
    }
    /* Refused, or done before? The record is there, or it is not. */
    if (answer.verdict != CREATIO_CALL_FINE && may_be_done &&
        !of_contact(c, CREATIO_METHOD_GET, a->ids[0], &answer)) {
        return false;
    }
    printf("create    %s\n", creatio_call_verdict_text(answer.verdict));
    return answer.verdict == CREATIO_CALL_FINE;
}

/* A part of the batch; none behind the last one. The first two are done together, and the third is refused. */
static const creatio_batch_part *part(struct app *a, size_t at, creatio_batch_part *part) {
    static const char *const NAMES[PARTS] = {"Ann", "Bob", "", "Cid"};
    if (at >= PARTS) {
        return NULL;
    }
    int len = snprintf(a->body, sizeof a->body, "{\"Id\":\"%s\",\"Name\":\"%s\"}", a->ids[at], NAMES[at]);
    *part = (creatio_batch_part){.method = CREATIO_METHOD_POST, .url = CREATIO_STR("Contact"),
                                 .json = a->body, .json_len = (size_t)len};
    if (at < 2) {
        part->group = "pair";
        part->group_len = 4;
    }
    return part;
}

/* Writes the body of the batch, a piece at a time. */
static bool send_parts(struct client *c) {
    struct app *a = (struct app *)c; /* whose first member it is */
    creatio_batch_writer writer;
    creatio_batch_part memory;
    bool is_good = check(creatio_batch_writer_init(&writer));
    for (size_t at = 0; is_good && at <= PARTS; at++) {
        const creatio_batch_part *now = part(a, at, &memory);
        creatio_status status = CREATIO_MORE;
        while (is_good && status == CREATIO_MORE) {
            size_t len;
            status = creatio_batch_writer_fill(&writer, now, c->buffer, sizeof c->buffer, &len);
            is_good = check(status) && transport_send(&c->transport, c->buffer, len);
        }
    }
    return is_good;
}

/* Reads the answer to it as it arrives. */
static void take_answers(struct client *c, const void *piece, size_t len) {
    struct app *a = (struct app *)c;
    for (size_t taken = 0; a->is_good && taken < len;) {
        creatio_batch_answer answer;
        size_t consumed = 0;
        creatio_status status =
            creatio_batch_reader_feed(&a->reader, (const uint8_t *)piece + taken, len - taken, &consumed, &answer);
        a->is_good = check(status);
        taken += consumed;
        if (status == CREATIO_OK) {
            const creatio_text *why = answer.inner_message.len > 0 ? &answer.inner_message : &answer.message;
            printf("part %zu    status %d%s", answer.part, answer.http_status, why->len > 0 ? ", " : "");
            print(c, why->text, why->len);
            putchar('\n');
        }
    }
}

static bool send_batch(struct app *a) {
    struct client *c = &a->client;
    creatio_batch_writer measure;
    creatio_batch_part memory;
    creatio_answer answer;
    size_t len = 0;
    bool ignored;
    bool is_good = check(creatio_batch_writer_init(&measure)) &&
                   check(creatio_batch_reader_init(&a->reader, PARTS, a->texts, sizeof a->texts));
    for (size_t at = 0; is_good && at <= PARTS; at++) {
        size_t part_len = 0;
        is_good = check(creatio_batch_writer_skip(&measure, part(a, at, &memory), &part_len));
        len += part_len;
    }
    creatio_call batch = {.path = CREATIO_STR("/odata/$batch"), .method = CREATIO_METHOD_POST,
                          .body_follows = true, .body_len = len,
                          .content_type = CREATIO_STR("application/json")};
    a->is_good = is_good;
    c->take_body = take_answers;
    is_good = is_good && make(c, &batch, send_parts, &answer, &ignored) && a->is_good;
    c->take_body = NULL;
    for (size_t at = 0; is_good && at < PARTS; at++) {
        creatio_batch_outcome outcome = creatio_batch_reader_outcome(&a->reader, at);
        if (outcome == CREATIO_BATCH_NOT_DONE) {
            printf("part %zu    not done\n", at);
        }
        is_good = outcome != CREATIO_BATCH_UNKNOWN;
    }
    return is_good && answer.verdict == CREATIO_CALL_FINE;
}

static bool delete_contact(struct app *a, size_t at) {
    creatio_answer answer;
    bool is_done = of_contact(&a->client, CREATIO_METHOD_DELETE, a->ids[at], &answer);
    return is_done && answer.verdict == CREATIO_CALL_FINE;
}

static int run(struct app *a, const char *user, char *password) {
    struct client *c = &a->client;
    creatio_login login;
    srand((unsigned)time(NULL));
    if (!tell_time(c) || !log_in(c, user, password, &login)) {
        return FAILED;
    }
    printf("sign in   %s\n", creatio_login_verdict_text(login.verdict));
    if (!login.authenticated) {
        return REFUSED;
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (!make_guid(a->ids[i])) {
            return FAILED;
        }
    }
    bool is_good = create_once(a) && delete_contact(a, 0);
    is_good = is_good && make_guid(a->ids[0]) && send_batch(a) && delete_contact(a, 0) && delete_contact(a, 1);
    creatio_call logout = creatio_call_logout();
    creatio_answer answer;
    bool ignored;
    is_good = make(c, &logout, NULL, &answer, &ignored) && is_good;
    printf("%s", is_good ? "log out   done\n" : "");
    return is_good ? GOOD : FAILED;
}

int main(int argc, char **argv) {
    static struct app a;
    char *password = getenv("CREATIO_PASSWORD");
    const char *runtime = argc > 3 ? argv[3] : NULL;
    if (argc < 3 || password == NULL || *password == '\0' || *argv[2] == '\0') {
        fprintf(stderr, "usage: CREATIO_PASSWORD=... %s URL USER [net|net-framework]\n", program);
        return FAILED;
    }
    int code = set_up(&a.client, argv[1], &runtime) ? run(&a, argv[2], password) : FAILED;
    transport_close(&a.client.transport);
    creatio_session_clear(&a.client.session);
    creatio_wipe(password, strlen(password));
    return code;
}
