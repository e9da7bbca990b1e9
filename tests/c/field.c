/* creatio_exchange_field: the fields of a reply that are kept. */
#include <stdio.h>
#include <string.h>

#include "support.h"

#define CREATED "HTTP/1.1 201 Created\r\n"

static void begin_wanting(client *c, const char *wanted) {
    uint8_t request[512];
    creatio_call call = call_of("/odata/Contact");
    call.method = CREATIO_METHOD_POST;
    call.wanted_field = wanted;
    call.wanted_field_len = wanted != NULL ? strlen(wanted) : 0;
    CHECK_STATUS(creatio_session_call(&c->session, &call, &c->exchange), CREATIO_OK);
    client_pull(c, request, sizeof request, sizeof request);
}

/* Checks one field; NULL if it is not to be there. */
static void field_is(const client *c, creatio_reply_field field, const char *expected) {
    const char *value;
    size_t len;
    TAINT(value);
    TAINT(len);
    creatio_status status = creatio_exchange_field(&c->exchange, &c->session, field, &value, &len);
    if (expected == NULL) {
        CHECK_STATUS(status, CREATIO_END);
        CHECK(IS_UNTOUCHED(value));
        CHECK(IS_UNTOUCHED(len));
    } else if (CHECK_STATUS(status, CREATIO_OK)) {
        CHECK_TEXT(value, len, expected);
        const char *memory = (const char *)c->memory;
        CHECK(value >= memory && value + len <= memory + c->memory_len);
    }
}

static void fields_are(const client *c, const char *content_type, const char *location,
                       const char *wanted) {
    field_is(c, CREATIO_REPLY_CONTENT_TYPE, content_type);
    field_is(c, CREATIO_REPLY_LOCATION, location);
    field_is(c, CREATIO_REPLY_WANTED_FIELD, wanted);
    field_is(c, (creatio_reply_field)(CREATIO_REPLY_WANTED_FIELD + 1), NULL);
    field_is(c, (creatio_reply_field)-1, NULL);
    field_is(c, (creatio_reply_field)INT32_MIN, NULL);
    field_is(c, (creatio_reply_field)INT32_MAX, NULL);
}

typedef struct {
    const char *name;
    const char *reply;
    const char *wanted_name;
    const char *content_type;
    const char *location;
    const char *wanted;
} fixture;

static const fixture FIXTURES[] = {
    { "all three",
      CREATED "Content-Type: application/json\r\nETag: W/\"1\"\r\nLocation: /odata/Contact(1)\r\n"
              "Content-Length: 15\r\n\r\n{\"Message\":\"m\"}",
      "ETag", "application/json", "/odata/Contact(1)", "W/\"1\"" },
    { "the wanted one was not wanted", CREATED "ETag: x\r\nContent-Length: 0\r\n\r\n", NULL, NULL,
      NULL, NULL },
    { "another was wanted", CREATED "ETagX: x\r\nETa: x\r\nContent-Length: 0\r\n\r\n", "ETag", NULL,
      NULL, NULL },
    { "names in other letters",
      CREATED "content-TYPE: a\r\nLOCATION: b\r\netag: c\r\nContent-Length: 0\r\n\r\n", "ETag", "a",
      "b", "c" },
    { "several of a name",
      CREATED "Content-Type: the first one\r\nContent-Type: 2\r\nLocation: 1\r\nETag: 1\r\n"
              "Location: a second\r\nETag: second\r\nETag: last\r\nContent-Length: 0\r\n\r\n",
      "ETag", "2", "a second", "last" },
    { "white space, and no bytes at all",
      CREATED "Content-Type: \t a b \t \r\nLocation:\r\nETag:   \r\nContent-Length: 0\r\n\r\n",
      "ETag", "a b", "", "" },
    { "folds, and control characters",
      CREATED "Content-Type: a;\r\n\t b\r\nLocation: /\r\nLocation: /\x01\r\nETag:\n \x7F\r\n"
              "Content-Length: 0\r\n\r\n",
      "ETag", "a; b", "/", NULL },
    { "not UTF-8", CREATED "Content-Type: \xFF\r\nLocation: \xC3(\r\nETag: \x80\xE9\r\n\r\n",
      "ETag", "\xFF", "\xC3(", "\x80\xE9" },
    { "what an interim reply says",
      "HTTP/1.1 103 Early Hints\r\nContent-Type: no\r\nLocation: no\r\nETag: no\r\n\r\n" CREATED
      "Location: yes\r\nContent-Length: 0\r\n\r\n",
      "ETag", NULL, "yes", NULL },
    { "what a trailer says",
      CREATED "Content-Type: yes\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
              "Content-Type: no\r\nLocation: no\r\nETag: no\r\n\r\n",
      "ETag", "yes", NULL, NULL },
    { "cookies among them",
      CREATED "ETag: 1\r\nSet-Cookie: a=b; path=/\r\nContent-Type: t\r\n"
              "Set-Cookie: c=d; path=/\r\nLocation: l\r\nContent-Length: 0\r\n\r\n",
      "ETag", "t", "l", "1" },
    { "the longest name", CREATED "X-2345678901234567890123456789-: x\r\n\r\n",
      "x-2345678901234567890123456789-", NULL, NULL, "x" },
};

static void reply_has(const fixture *f, size_t first, size_t step) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    begin_wanting(&c, f->wanted_name);
    fields_are(&c, NULL, NULL, NULL);
    CHECK_STATUS(client_feed(&c, f->reply, strlen(f->reply), first, step).status, CREATIO_OK);
    fields_are(&c, f->content_type, f->location, f->wanted);
    creatio_answer answer; /* has its texts somewhere else */
    CHECK_STATUS(creatio_exchange_call_result(&c.exchange, &c.session, &answer), CREATIO_OK);
    text_is(&c, answer.message, strstr(f->reply, "Message") != NULL ? "m" : NULL);
    /* With the next exchange they are gone. */
    creatio_exchange first_exchange = c.exchange;
    client_begin_get(&c, "/");
    fields_are(&c, NULL, NULL, NULL);
    c.exchange = first_exchange;
    fields_are(&c, NULL, NULL, NULL);
    client_free(&c);
}

static void fields_of_replies(void) {
    for (size_t i = 0; i < sizeof FIXTURES / sizeof FIXTURES[0]; i++) {
        const fixture *f = &FIXTURES[i];
        size_t len = strlen(f->reply);
        check_topic("fields: %s, byte by byte", f->name);
        reply_has(f, 1, 1);
        for (size_t first = 1; first <= len; first++) {
            check_topic("fields: %s, cut at %zu", f->name, first);
            reply_has(f, first, len);
        }
    }
}

/* Any field can be wanted, one that the library reads or keeps itself too. */
static void known_fields_may_be_wanted(void) {
    static const struct {
        const char *name;
        const char *value;
    } KNOWN[] = {
        { "Connection", "close" },
        { "Content-Encoding", "identity" },
        { "Content-Length", "2" },
        { "Content-Type", "text/plain" },
        { "Date", "Thu, 01 Jan 2026 00:00:00 GMT" },
        { "Location", "/odata/Contact(1)" },
        { "Retry-After", "7" },
        { "Transfer-Encoding", "chunked" },
    };
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        check_topic("the wanted field is %s", KNOWN[i].name);
        bool is_chunked = strcmp(KNOWN[i].name, "Transfer-Encoding") == 0;
        char reply[256];
        snprintf(reply, sizeof reply, "%s%s: %s\r\n\r\n%s", CREATED, KNOWN[i].name, KNOWN[i].value,
                 is_chunked ? "2\r\n{}\r\n0\r\n\r\n" : "{}");
        client c;
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
        begin_wanting(&c, KNOWN[i].name);
        CHECK_STATUS(client_feed(&c, reply, strlen(reply), 1, 1).status, CREATIO_OK);
        field_is(&c, CREATIO_REPLY_WANTED_FIELD, KNOWN[i].value);
        client_free(&c);
    }
}

/* They are told once the head is complete: before the body has come, and all through it. */
static void fields_come_with_the_head(void) {
    check_topic("fields as the reply comes");
    const char *reply = FIXTURES[0].reply;
    size_t head = (size_t)(strstr(reply, "\r\n\r\n") + 4 - reply);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    begin_wanting(&c, "ETag");
    for (size_t at = 0; at < strlen(reply); at++) {
        if (at < head) {
            fields_are(&c, NULL, NULL, NULL);
        } else {
            fields_are(&c, "application/json", "/odata/Contact(1)", "W/\"1\"");
        }
        creatio_fed fed;
        creatio_status status = creatio_exchange_feed(&c.exchange, &c.session,
                                                      (const uint8_t *)reply + at, 1, &fed);
        CHECK_STATUS(status, at + 1 < strlen(reply) ? CREATIO_MORE : CREATIO_OK);
    }
    client_free(&c);
}

/* A reply that fails has none: its memory is wiped. */
static void fields_of_a_reply_that_fails(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    check_topic("fields of a reply that fails in its head");
    begin_wanting(&c, "ETag");
    static const char HEAD[] = CREATED "Content-Type: a\r\nLocation: b\r\nETag: c\r\nA\r\n\r\n";
    CHECK_STATUS(client_feed(&c, HEAD, strlen(HEAD), 7, 7).status, CREATIO_ERR_HTTP_FIELD_NAME);
    fields_are(&c, NULL, NULL, NULL);
    check_topic("fields of a reply that fails in its body");
    begin_wanting(&c, "ETag");
    static const char BODY[] =
        CREATED "Content-Type: a\r\nLocation: b\r\nETag: c\r\nContent-Length: 2\r\n\r\n{";
    CHECK_STATUS(client_feed(&c, BODY, strlen(BODY), 7, 7).status, CREATIO_ERR_CLOSED_EARLY);
    fields_are(&c, NULL, NULL, NULL);
    client_free(&c);
    check_topic("fields of a reply that the memory is too small for");
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 64);
    begin_wanting(&c, "ETag");
    static const char LONG[] =
        CREATED "Content-Type: a\r\nLocation: 1234567890123456789012345678901234567890\r\n"
                "ETag: c\r\nContent-Length: 0\r\n\r\n";
    CHECK_STATUS(client_feed(&c, LONG, strlen(LONG), 7, 7).status, CREATIO_ERR_MEMORY_TOO_SMALL);
    fields_are(&c, NULL, NULL, NULL);
    client_free(&c);
}

static void fields_of_a_login(void) {
    check_topic("fields of a login");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    CHECK_STATUS(client_login(&c, "HTTP/1.1 302 Found\r\nContent-Type: a\r\nLocation: b\r\n"
                                  "Content-Length: 0\r\n\r\n")
                     .status,
                 CREATIO_OK);
    fields_are(&c, NULL, NULL, NULL);
    client_free(&c);
}

static void fields_with_wrong_pointers(void) {
    check_topic("fields with wrong pointers");
    client c, other;
    creatio_exchange zeros;
    creatio_session no_session;
    const char *value;
    size_t len;
    memset(&zeros, 0, sizeof zeros);
    memset(&no_session, 0, sizeof no_session);
    TAINT(value);
    TAINT(len);
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 512);
    CHECK_STATUS(client_get(&c, "/", FIXTURES[0].reply).status, CREATIO_OK);
    CHECK_STATUS(client_get(&other, "/", FIXTURES[0].reply).status, CREATIO_OK);
    for (int32_t number = -1; number <= CREATIO_REPLY_WANTED_FIELD + 1; number++) {
        creatio_reply_field field = (creatio_reply_field)number;
        const creatio_exchange *exchange = &c.exchange;
        const creatio_session *session = &c.session;
        CHECK_STATUS(creatio_exchange_field(exchange, session, field, NULL, &len),
                     CREATIO_ERR_NULL_POINTER);
        CHECK_STATUS(creatio_exchange_field(exchange, session, field, &value, NULL),
                     CREATIO_ERR_NULL_POINTER);
        CHECK_STATUS(creatio_exchange_field(NULL, session, field, &value, &len),
                     CREATIO_ERR_NOT_SET_UP);
        CHECK_STATUS(creatio_exchange_field(&zeros, session, field, &value, &len),
                     CREATIO_ERR_NOT_SET_UP);
        CHECK_STATUS(creatio_exchange_field(exchange, NULL, field, &value, &len),
                     CREATIO_ERR_NOT_SET_UP);
        CHECK_STATUS(creatio_exchange_field(exchange, &no_session, field, &value, &len),
                     CREATIO_ERR_NOT_SET_UP);
        CHECK_STATUS(creatio_exchange_field(exchange, &other.session, field, &value, &len),
                     CREATIO_END);
    }
    CHECK(IS_UNTOUCHED(value));
    CHECK(IS_UNTOUCHED(len));
    client_free(&other);
    client_free(&c);
}

/* What a reply with fields and cookies needs with this much memory; 0 if it is enough. */
static size_t needs(const fixture *f, size_t memory_len, size_t step) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, memory_len);
    begin_wanting(&c, f->wanted_name);
    outcome result = client_feed(&c, f->reply, strlen(f->reply), step, step);
    if (result.status == CREATIO_OK) {
        fields_are(&c, f->content_type, f->location, f->wanted);
    } else {
        CHECK_STATUS(result.status, CREATIO_ERR_MEMORY_TOO_SMALL);
        CHECK(result.memory_needed > memory_len);
        CHECK(all_bytes(c.memory, memory_len, 0));
    }
    client_free(&c);
    return result.memory_needed;
}

/* The memory that is named is enough for the fields too, however the reply comes. */
static void memory_for_fields(void) {
    for (size_t i = 0; i < sizeof FIXTURES / sizeof FIXTURES[0]; i++) {
        size_t len = strlen(FIXTURES[i].reply);
        for (size_t memory_len = 0; memory_len < 160; memory_len++) {
            check_topic("memory for fields: %s, %zu", FIXTURES[i].name, memory_len);
            size_t needed = needs(&FIXTURES[i], memory_len, len);
            CHECK_SIZE(needs(&FIXTURES[i], memory_len, 1), needed);
            if (needed > 0) {
                CHECK_SIZE(needs(&FIXTURES[i], needed, len), 0);
                CHECK_SIZE(needs(&FIXTURES[i], needed, 1), 0);
            }
        }
    }
}

void test_field(void) {
    fields_of_replies();
    known_fields_may_be_wanted();
    fields_come_with_the_head();
    fields_of_a_reply_that_fails();
    fields_of_a_login();
    fields_with_wrong_pointers();
    memory_for_fields();
}
