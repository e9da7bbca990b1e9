/* What the programs that do without the library share: a plain list of cookies, the requests, and what a parser of heads and
 * one of JSON have to give. */

#ifndef STACK_H
#define STACK_H

#include "bench.h"

/* A name, a value and a path, one behind the other in one piece of memory. */
struct cookie {
    char *memory;
    size_t name_len, value_len, path_len;
};

struct jar {
    struct cookie *cookies;
    size_t count, room;
};

/* Takes the value of a Set-Cookie field. A cookie replaces one of its name and path. */
void jar_set(struct jar *jar, const char *line, size_t len);
void jar_clear(struct jar *jar);

void request_login(struct text *request, const char *user_name, const char *password);
void request_get(struct text *request, const struct jar *jar);

/* A reply as it is read. */
struct reply {
    struct jar *jar;
    bool keeps; /* the body, in `body` */
    bool done;
    int status;
    size_t body_len;
    struct text body;
};

void reply_body(struct reply *reply, const char *bytes, size_t len);

/* A field as callbacks give it: parts of its name, then parts of its value. */
struct field {
    struct jar *jar;
    struct text name, value;
    bool has_value;
};

void field_name(struct field *field, const char *part, size_t len);
void field_value(struct field *field, const char *part, size_t len);
/* The head is complete. */
void field_end(struct field *field);

/* Of the parser of heads: reads a whole reply that arrives in pieces. */
void http_receive(struct reply *reply, const struct bytes *bytes, size_t piece, bool close);

/* What a body says. Texts are NULL where there is none, or the caller's to free. */
struct document {
    bool has_code;
    long code;
    char *message, *exception, *next;
};

/* Of the parser of JSON. */
void json_login(struct document *document, const char *json, size_t len);
void json_page(struct document *document, const char *json, size_t len);

#endif
