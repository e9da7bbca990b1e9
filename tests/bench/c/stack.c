/* The work done with a parser of heads, one of JSON, and a list of cookies. */

#include "stack.h"

#include <stdlib.h>
#include <string.h>

/* A session, and what it has found. */
struct prepared {
    struct jar jar;
    int status;
    size_t body_len;
    struct document document;
};

static void clear_document(struct document *document)
{
    free(document->message);
    free(document->exception);
    free(document->next);
    *document = (struct document){0};
}

static void receive(struct prepared *it, const struct task *task, const struct bytes *bytes, bool keeps,
                    void read(struct document *, const char *, size_t))
{
    struct reply reply = {.jar = &it->jar, .keeps = keeps};
    http_receive(&reply, bytes, task->piece, task->close);
    must(reply.done, "the reply is not complete");
    it->status = reply.status;
    it->body_len = reply.body_len;
    if (keeps)
        read(&it->document, reply.body.data, reply.body.len);
    free(reply.body.data);
}

static void work_login(const struct task *task, void *prepared)
{
    receive(prepared, task, &task->reply, true, json_login);
}

static void work_call(const struct task *task, void *prepared)
{
    receive(prepared, task, &task->reply, task->json, json_page);
}

static void work_ask(const struct task *task, void *prepared)
{
    struct text request = {grow(NULL, 512), 0, 512};
    (void)prepared;
    request_login(&request, "Supervisor", task->password);
    free(request.data);
}

static void work_get(const struct task *task, void *prepared)
{
    struct text request = {grow(NULL, 512), 0, 512};
    (void)task;
    request_get(&request, &((struct prepared *)prepared)->jar);
    free(request.data);
}

static void work_sign_in(const struct task *task, void *prepared)
{
    struct prepared *it = prepared;
    work_ask(task, it);
    work_login(task, it);
    jar_clear(&it->jar);
    clear_document(&it->document);
}

static void work_nothing(const struct task *task, void *prepared)
{
    (void)task;
    (void)prepared;
}

static void put_text(struct text *answer, const char *name, const char *text)
{
    put_line(answer, name, text, text ? strlen(text) : 0);
}

static void say(const struct task *task, struct prepared *it, struct text *answer)
{
    switch (task->operation) {
    case OPERATION_LOGIN:
    case OPERATION_SIGN_IN:
        put_number(answer, "status", it->status);
        put_number(answer, "code", it->document.code);
        put_text(answer, "message", it->document.message);
        put_text(answer, "exception", it->document.exception);
        request_get(answer, &it->jar);
        break;
    case OPERATION_CALL:
        put_number(answer, "status", it->status);
        put_number(answer, "body", (long)it->body_len);
        put_text(answer, "message", it->document.message);
        put_text(answer, "next", it->document.next);
        break;
    case OPERATION_ASK:
        request_login(answer, "Supervisor", task->password);
        break;
    case OPERATION_GET:
        request_get(answer, &it->jar);
        break;
    default:
        break;
    }
}

/* Of snapshots there are none. */
static work *const WORK[] = {work_login, work_call, work_ask, work_get, work_sign_in, work_nothing, work_nothing};

struct bytes perform(const struct task *task, size_t rounds)
{
    struct prepared *prepared = take(rounds * sizeof *prepared), *last = &prepared[rounds - 1];
    struct task whole = *task;
    whole.piece = SIZE_MAX;
    whole.close = false;
    for (size_t round = 0; round < rounds && task->before.len > 0; round++) {
        receive(&prepared[round], &whole, &task->before, true, json_login);
        clear_document(&prepared[round].document);
    }
    count_each(task, prepared, sizeof *prepared, rounds, WORK[task->operation]);

    struct text answer = {0};
    if (task->operation == OPERATION_SIGN_IN) {
        /* What it has found is gone with the session. */
        work_login(task, last);
    }
    say(task, last, &answer);
    for (size_t round = 0; round < rounds; round++) {
        jar_clear(&prepared[round].jar);
        clear_document(&prepared[round].document);
    }
    free(prepared);
    return (struct bytes){answer.data, answer.len};
}
