/* The work done with the C library. */

#include "bench.h"

#include "creatio_auth.h"

#include <stdlib.h>
#include <string.h>

static const char URL[] = "https://crm.example.com";
static const char PATH[] = "/odata/Contact";
static const char JSON[] = "application/json";
static const char BYTES[] = "application/octet-stream";

/* A session, its memory, and what it is doing. */
struct prepared {
    creatio_session session;
    creatio_exchange exchange;
    uint8_t *memory, *buffer;
    size_t body_len;
    creatio_login login;
    creatio_answer answer;
};

/* A snapshot to read. */
static uint8_t *snapshot;
static size_t snapshot_len;

static creatio_credentials credentials_of(const struct task *task)
{
    creatio_credentials who = {0};
    who.user_name = "Supervisor";
    who.user_name_len = strlen(who.user_name);
    who.password = task->password;
    who.password_len = strlen(task->password);
    return who;
}

static creatio_call call_of(const struct task *task)
{
    creatio_call call = {0};
    call.path = PATH;
    call.path_len = sizeof PATH - 1;
    call.accept = task->json ? JSON : BYTES;
    call.accept_len = task->json ? sizeof JSON - 1 : sizeof BYTES - 1;
    return call;
}

static creatio_site site_of(void)
{
    creatio_site site;
    must(creatio_site_parse(&site, URL, sizeof URL - 1, CREATIO_RUNTIME_NET_FRAMEWORK) == CREATIO_OK, "site");
    return site;
}

static void begin_session(const struct task *task, struct prepared *it)
{
    creatio_site site = site_of();
    must(creatio_session_init(&it->session, &site, it->memory, task->memory) == CREATIO_OK, "session");
}

static void begin_login(const struct task *task, struct prepared *it)
{
    creatio_credentials who = credentials_of(task);
    must(creatio_session_login(&it->session, &who, &it->exchange) == CREATIO_OK, "login");
}

static void begin_call(const struct task *task, struct prepared *it)
{
    creatio_call call = call_of(task);
    must(creatio_session_call(&it->session, &call, &it->exchange) == CREATIO_OK, "call");
}

static void fill(const struct task *task, struct prepared *it)
{
    creatio_status status;
    size_t len;
    do
        status = creatio_exchange_fill(&it->exchange, &it->session, it->buffer, task->buffer, &len);
    while (status == CREATIO_MORE);
    must(status == CREATIO_OK, "fill");
}

/* Takes the whole request. */
static void send_request(struct prepared *it, struct text *text)
{
    creatio_status status;
    do {
        uint8_t piece[512];
        size_t len = 0;
        status = creatio_exchange_fill(&it->exchange, &it->session, piece, sizeof piece, &len);
        if (text)
            put(text, (char *)piece, len);
    } while (status == CREATIO_MORE);
    must(status == CREATIO_OK, "send");
}

static void receive(struct prepared *it, const struct bytes *reply, size_t size, bool close)
{
    creatio_status status = CREATIO_MORE;
    const uint8_t *next = (const uint8_t *)reply->data, *end = next + reply->len, *piece_end = next;
    size_t body_len = 0;
    while (next < end && status == CREATIO_MORE) {
        if (next == piece_end)
            piece_end = (size_t)(end - next) < size ? end : next + size;
        creatio_fed fed = {0};
        status = creatio_exchange_feed(&it->exchange, &it->session, next, (size_t)(piece_end - next), &fed);
        body_len += fed.body_len;
        next += fed.consumed;
    }
    it->body_len = body_len;
    if (close)
        status = creatio_exchange_close(&it->exchange, &it->session);
    must(status == CREATIO_OK, creatio_status_name(status));
}

static void work_login(const struct task *task, void *prepared)
{
    struct prepared *it = prepared;
    receive(it, &task->reply, task->piece, task->close);
    must(creatio_exchange_login_result(&it->exchange, &it->session, &it->login) == CREATIO_OK, "answer");
}

static void work_call(const struct task *task, void *prepared)
{
    struct prepared *it = prepared;
    receive(it, &task->reply, task->piece, task->close);
    must(creatio_exchange_call_result(&it->exchange, &it->session, &it->answer) == CREATIO_OK, "answer");
}

static void work_ask(const struct task *task, void *prepared)
{
    begin_login(task, prepared);
    fill(task, prepared);
}

static void work_get(const struct task *task, void *prepared)
{
    begin_call(task, prepared);
    fill(task, prepared);
}

static void work_sign_in(const struct task *task, void *prepared)
{
    struct prepared *it = prepared;
    begin_session(task, it);
    work_ask(task, it);
    work_login(task, it);
    creatio_session_clear(&it->session);
}

static void work_snapshot(const struct task *task, void *prepared)
{
    struct prepared *it = prepared;
    size_t len;
    must(creatio_session_snapshot(&it->session, it->buffer, task->memory + 24, &len) == CREATIO_OK, "snapshot");
}

static void work_restore(const struct task *task, void *prepared)
{
    struct prepared *it = prepared;
    creatio_site site = site_of();
    must(creatio_session_init(&it->session, &site, it->memory, task->memory) == CREATIO_OK, "init");
    must(creatio_session_restore(&it->session, snapshot, snapshot_len) == CREATIO_OK, "restore");
}

static void put_text(struct text *answer, const char *name, const creatio_text *text)
{
    put_line(answer, name, text->text, text->len);
}

static void next_get(const struct task *task, struct prepared *it, struct text *answer)
{
    begin_call(task, it);
    send_request(it, answer);
}

static void say_login(const struct task *task, struct prepared *it, struct text *answer)
{
    put_number(answer, "status", it->login.http_status);
    put_number(answer, "code", it->login.code);
    put_text(answer, "message", &it->login.message);
    put_text(answer, "exception", &it->login.exception_message);
    next_get(task, it, answer);
}

static void say_call(struct prepared *it, struct text *answer)
{
    put_number(answer, "status", it->answer.http_status);
    put_number(answer, "body", (long)it->body_len);
    put_text(answer, "message", &it->answer.message);
    put_text(answer, "next", &it->answer.next_link);
}

/* A session that has read the reply before, if there is one, and has sent what the task counts the reply of. */
static void prepare(const struct task *task, struct prepared *it)
{
    size_t room = task->buffer > task->memory + 24 ? task->buffer : task->memory + 24;
    it->memory = take(task->memory);
    it->buffer = take(room);
    begin_session(task, it);
    if (task->before.len > 0) {
        begin_login(task, it);
        send_request(it, NULL);
        receive(it, &task->before, SIZE_MAX, false);
    }
    if (task->operation == OPERATION_LOGIN)
        begin_login(task, it);
    if (task->operation == OPERATION_CALL)
        begin_call(task, it);
    if (task->operation == OPERATION_LOGIN || task->operation == OPERATION_CALL)
        send_request(it, NULL);
    if (task->operation == OPERATION_RESTORE) {
        snapshot_len = creatio_session_snapshot_len(&it->session);
        snapshot = grow(snapshot, snapshot_len);
        must(creatio_session_snapshot(&it->session, snapshot, snapshot_len, &snapshot_len) == CREATIO_OK, "snapshot");
    }
}

static work *const WORK[] = {work_login, work_call, work_ask, work_get, work_sign_in, work_snapshot, work_restore};

struct bytes perform(const struct task *task, size_t rounds)
{
    struct prepared *prepared = take(rounds * sizeof *prepared);
    for (size_t round = 0; round < rounds; round++)
        prepare(task, &prepared[round]);
    count_each(task, prepared, sizeof *prepared, rounds, WORK[task->operation]);

    struct text answer = {0};
    struct prepared *last = &prepared[rounds - 1];
    if (task->operation == OPERATION_SIGN_IN) {
        /* What it has found is gone with the session. */
        begin_session(task, last);
        work_ask(task, last);
        work_login(task, last);
    }
    if (task->operation == OPERATION_LOGIN || task->operation == OPERATION_SIGN_IN)
        say_login(task, last, &answer);
    else if (task->operation == OPERATION_CALL)
        say_call(last, &answer);
    else if (task->operation == OPERATION_ASK) {
        begin_login(task, last);
        send_request(last, &answer);
    } else
        next_get(task, last, &answer);

    for (size_t round = 0; round < rounds; round++) {
        free(prepared[round].memory);
        free(prepared[round].buffer);
    }
    free(prepared);
    return (struct bytes){answer.data, answer.len};
}
