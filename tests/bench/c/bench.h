/* What the programs in C share: their tasks, the counting, and how they say what they have found. */

#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is counted. */
enum operation {
    OPERATION_LOGIN,    /* reading the reply to a login */
    OPERATION_CALL,     /* reading the reply to a call */
    OPERATION_ASK,      /* making the request of a login */
    OPERATION_GET,      /* making the request of a call, with a session that is signed in */
    OPERATION_SIGN_IN,  /* a whole login: a session, the request, the reply, and the session's end */
    OPERATION_SNAPSHOT, /* writing a snapshot */
    OPERATION_RESTORE,  /* reading one */
};

struct bytes {
    char *data;
    size_t len;
};

/* A line of the input, read. */
struct task {
    char name[64];
    enum operation operation;
    size_t rounds;
    struct bytes reply;
    struct bytes before; /* the reply to the login before it */
    size_t piece;        /* the reply arrives in pieces of so many bytes */
    size_t buffer;       /* the request is taken in buffers of so many bytes */
    size_t memory;       /* of a session */
    bool close;          /* the connection's end ends the reply */
    bool json;           /* the call asks for JSON */
    char *password;
};

/* Each program has this: does the task so many times, and says what it has found. The answer is freed by the caller. */
struct bytes perform(const struct task *task, size_t rounds);

/* What is done with one of the things that have been prepared. */
typedef void work(const struct task *task, void *prepared);

/* Does the work with each of `rounds` things of `size` bytes, and counts that. */
void count_each(const struct task *task, void *prepared, size_t size, size_t rounds, work *work);

/* Memory, or the end of the program. */
void *take(size_t len);
void *grow(void *memory, size_t len);

/* Ends the program if what must be is not. */
void must(bool is, const char *what);

/* A text that grows. */
struct text {
    char *data;
    size_t len, room;
};

void put(struct text *text, const char *bytes, size_t len);
void put_string(struct text *text, const char *string);
/* "name value" and a line's end; "none" where there is none. */
void put_line(struct text *text, const char *name, const char *value, size_t len);
void put_number(struct text *text, const char *name, long number);

#endif
