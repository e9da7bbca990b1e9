/* creatio_batch_: the body of a batch in buffers of every size, and its answer cut everywhere. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define FIRST "{\"requests\":[{\"id\":\"p0\",\"method\":\"POST\",\"url\":\"Contact\",\"atomicityGroup\":\"g\\\"\"," \
              "\"headers\":{\"content-type\":\"application/json\"},\"body\":{\"Name\":\"Ann\"}}"
#define SECOND ",{\"id\":\"p1\",\"method\":\"GET\",\"url\":\"Contact?$top=3\",\"dependsOn\":[\"p0\"]," \
               "\"headers\":{\"if-none-match\":\"\\\"7\\\"\",\"prefer\":\"x\"}}"
#define END "]}"

static creatio_batch_part part_of(creatio_method method, const char *url) {
    creatio_batch_part part = CREATIO_INIT;
    part.method = method;
    part.url = url;
    part.url_len = strlen(url);
    return part;
}

/* Writes a part, or the end, in buffers of this size; how long it is then. */
static size_t write_part(creatio_batch_writer *writer, const creatio_batch_part *part, size_t size, char *to) {
    size_t written = 0;
    creatio_status status;
    do {
        size_t len = 0;
        char *buffer = guarded_text(size);
        status = creatio_batch_writer_fill(writer, part, buffer, size, &len);
        memcpy(to + written, buffer, len);
        written += len;
        guarded_free(buffer, size);
    } while (status == CREATIO_MORE);
    CHECK_STATUS(status, CREATIO_OK);
    return written;
}

static void bodies_in_buffers_of_every_size(void) {
    creatio_batch_part create = part_of(CREATIO_METHOD_POST, "Contact");
    create.group = "g\"";
    create.group_len = 2;
    create.json = "{\"Name\":\"Ann\"}";
    create.json_len = 14;
    creatio_batch_part find = part_of(CREATIO_METHOD_GET, "Contact?$top=3");
    find.depends_on = "[\"p0\"]";
    find.depends_on_len = 6;
    find.field_lines = "if-none-match: \"7\"\r\nprefer: x\r\n";
    find.field_lines_len = strlen(find.field_lines);
    const creatio_batch_part *parts[] = { &create, &find, NULL };
    const size_t lengths[] = { sizeof FIRST - 1, sizeof SECOND - 1, sizeof END - 1 };
    for (size_t size = 1; size <= sizeof FIRST; size++) {
        check_topic("batch in buffers of %u", (unsigned)size);
        char body[sizeof FIRST SECOND END];
        size_t len = 0;
        creatio_batch_writer writer, measure;
        TAINT(writer);
        CHECK_STATUS(creatio_batch_writer_init(&writer), CREATIO_OK);
        CHECK_STATUS(creatio_batch_writer_init(&measure), CREATIO_OK);
        for (size_t i = 0; i < 3; i++) {
            size_t skipped;
            len += write_part(&writer, parts[i], size, body + len);
            CHECK_STATUS(creatio_batch_writer_skip(&measure, parts[i], &skipped), CREATIO_OK);
            CHECK(skipped == lengths[i]);
        }
        CHECK_TEXT(body, len, FIRST SECOND END);
    }
}

static void writers_that_are_misused(void) {
    check_topic("batch writer");
    creatio_batch_writer writer = CREATIO_INIT;
    creatio_batch_part part = part_of(CREATIO_METHOD_GET, "Contact");
    char out[8];
    size_t len;
    TAINT(len);
    CHECK_STATUS(creatio_batch_writer_init(NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_writer_fill(&writer, &part, out, sizeof out, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_batch_writer_init(&writer), CREATIO_OK);
    CHECK_STATUS(creatio_batch_writer_fill(&writer, &part, NULL, 1, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_writer_fill(&writer, &part, out, sizeof out, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_writer_fill(&writer, &part, out, 0, &len), CREATIO_ERR_BUFFER_TOO_SMALL);
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, NULL), CREATIO_ERR_NULL_POINTER);
    part.method = (creatio_method)6;
    CHECK_STATUS(creatio_batch_writer_fill(&writer, &part, out, sizeof out, &len), CREATIO_ERR_BAD_METHOD);
    part = part_of(CREATIO_METHOD_GET, "\xFF");
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_NOT_UTF8);
    part.url = NULL;
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_NULL_POINTER);
    part = part_of(CREATIO_METHOD_GET, "Contact");
    part.field_lines = "cookie: a=b\r\n";
    part.field_lines_len = 13;
    CHECK_STATUS(creatio_batch_writer_fill(&writer, &part, out, sizeof out, &len), CREATIO_ERR_FIELD_RESERVED);
    part.field_lines_len = 11;
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_FIELD_VALUE);
    part.field_lines = NULL;
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_NULL_POINTER);
    part.field_lines_len = 0;
    part.depends_on_len = 1;
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_NULL_POINTER);
    part.depends_on_len = 0;
    part.json_len = 1;
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_NULL_POINTER);
    CHECK(IS_UNTOUCHED(len));
    part.json_len = 0;
    for (size_t i = 0; i < CREATIO_MAX_BATCH_PARTS; i++) {
        CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_OK);
    }
    CHECK_STATUS(creatio_batch_writer_skip(&writer, &part, &len), CREATIO_ERR_TOO_MANY_PARTS);
    CHECK_STATUS(creatio_batch_writer_fill(&writer, &part, out, sizeof out, &len), CREATIO_ERR_TOO_MANY_PARTS);
    CHECK_STATUS(creatio_batch_writer_fill(&writer, NULL, out, sizeof out, &len), CREATIO_OK);
    CHECK_TEXT(out, len, "]}");
}

static const char ANSWERS[] =
    "{\"responses\":[{\"id\":\"p0\",\"status\":201,\"body\":{\"Id\":\"]}\"}},{\"id\":\"p1\",\"status\":400,\"body\":{\"error\":"
    "{\"code\":\"E\",\"message\":\"No.\",\"innererror\":{\"message\":\"Name: required\"}}}}]}";

/* Feeds so many bytes of the answers in pieces of this size; how many answers that are then. */
static size_t feed(creatio_batch_reader *reader, size_t len, size_t size) {
    size_t answers = 0;
    for (size_t at = 0; at < len;) {
        const size_t piece_len = len - at < size ? len - at : size;
        char *piece = (char *)exact_copy(ANSWERS + at, piece_len);
        creatio_batch_answer answer;
        TAINT(answer);
        size_t consumed = 0;
        creatio_status status = creatio_batch_reader_feed(reader, piece, piece_len, &consumed, &answer);
        free(piece);
        if (status == CREATIO_OK && CHECK(answers < 2)) {
            CHECK(answer.part == answers && answer.is_fine == (answers == 0));
            CHECK(answer.http_status == (answers == 0 ? 201 : 400));
            CHECK_TEXT(answer.id.text, answer.id.len, answers == 0 ? "p0" : "p1");
            if (answers == 0) {
                CHECK(answer.message.text == NULL && answer.error_code.text == NULL);
            } else {
                CHECK_TEXT(answer.message.text, answer.message.len, "No.");
                CHECK_TEXT(answer.inner_message.text, answer.inner_message.len, "Name: required");
                CHECK_TEXT(answer.error_code.text, answer.error_code.len, "E");
            }
            answers++;
        } else if (CHECK_STATUS(status, CREATIO_MORE)) {
            CHECK(consumed == piece_len && IS_UNTOUCHED(answer));
        } else {
            return answers;
        }
        at += consumed;
    }
    return answers;
}

static void answers_cut_everywhere(void) {
    for (size_t size = 1; size < sizeof ANSWERS; size++) {
        check_topic("answers in pieces of %u", (unsigned)size);
        uint8_t *memory = guarded_new(128);
        creatio_batch_reader reader;
        TAINT(reader);
        CHECK_STATUS(creatio_batch_reader_init(&reader, 3, memory, 128), CREATIO_OK);
        CHECK(creatio_batch_reader_outcome(&reader, 0) == CREATIO_BATCH_UNKNOWN);
        CHECK(feed(&reader, sizeof ANSWERS - 1, size) == 2);
        CHECK(creatio_batch_reader_outcome(&reader, 0) == CREATIO_BATCH_ANSWERED);
        CHECK(creatio_batch_reader_outcome(&reader, 1) == CREATIO_BATCH_ANSWERED);
        CHECK(creatio_batch_reader_outcome(&reader, 2) == CREATIO_BATCH_NOT_DONE);

        /* And cut off. */
        CHECK_STATUS(creatio_batch_reader_init(&reader, 3, memory, 128), CREATIO_OK);
        const size_t answers = feed(&reader, size, sizeof ANSWERS);
        for (size_t part = 0; part < 3; part++) {
            const bool is_whole = size >= sizeof ANSWERS - 2;
            CHECK(creatio_batch_reader_outcome(&reader, part) ==
                  (part < answers ? CREATIO_BATCH_ANSWERED : is_whole ? CREATIO_BATCH_NOT_DONE : CREATIO_BATCH_UNKNOWN));
        }
        guarded_free(memory, 128);
    }
}

static void readers_that_are_misused(void) {
    check_topic("batch reader");
    uint8_t memory[64];
    creatio_batch_reader reader = CREATIO_INIT;
    creatio_batch_answer answer;
    size_t consumed;
    TAINT(answer);
    TAINT(consumed);
    CHECK_STATUS(creatio_batch_reader_init(NULL, 1, memory, sizeof memory), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_reader_init(&reader, 1, NULL, 1), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_reader_feed(&reader, "{}", 2, &consumed, &answer), CREATIO_ERR_NOT_SET_UP);
    CHECK(creatio_batch_reader_outcome(&reader, 0) == CREATIO_BATCH_UNKNOWN);
    CHECK(creatio_batch_reader_outcome(NULL, 0) == CREATIO_BATCH_UNKNOWN);
    CHECK_STATUS(creatio_batch_reader_init(&reader, 1, NULL, 0), CREATIO_OK);
    CHECK_STATUS(creatio_batch_reader_init(&reader, 1, memory, sizeof memory), CREATIO_OK);
    CHECK_STATUS(creatio_batch_reader_feed(&reader, NULL, 1, &consumed, &answer), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_reader_feed(&reader, "", 0, NULL, &answer), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_reader_feed(&reader, "", 0, &consumed, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_batch_reader_feed(&reader, "{\"responses\":[7", 15, &consumed, &answer), CREATIO_ERR_JSON_NOT_AN_OBJECT);
    CHECK_STATUS(creatio_batch_reader_feed(&reader, "]", 1, &consumed, &answer), CREATIO_ERR_JSON_NOT_AN_OBJECT);
    CHECK(IS_UNTOUCHED(answer) && IS_UNTOUCHED(consumed));
    CHECK(creatio_batch_reader_outcome(&reader, 0) == CREATIO_BATCH_UNKNOWN);
    CHECK(creatio_batch_reader_outcome(&reader, SIZE_MAX) == CREATIO_BATCH_UNKNOWN);
}

/* Wherever it is cut. */
static void answers_with_a_comma_that_belongs_to_nothing(void) {
    static const char *const STRAY[] = {
        "{\"responses\":[,{\"id\":\"p0\"}]}", "{\"responses\":[{\"id\":\"p0\"},]}",
        "{\"responses\":[{\"id\":\"p0\"} ,, {\"id\":\"p1\"}]}", "{\"responses\":[{\"id\":\"p0\"} {\"id\":\"p1\"}]}",
    };
    for (size_t i = 0; i < sizeof STRAY / sizeof STRAY[0]; i++) {
        size_t len = strlen(STRAY[i]);
        for (size_t size = 1; size <= len; size++) {
            check_topic("stray comma %u in pieces of %u", (unsigned)i, (unsigned)size);
            uint8_t memory[64];
            creatio_batch_reader reader;
            creatio_batch_answer answer;
            creatio_status status = CREATIO_MORE;
            CHECK_STATUS(creatio_batch_reader_init(&reader, 2, memory, sizeof memory), CREATIO_OK);
            for (size_t at = 0; at < len && status >= CREATIO_OK;) {
                size_t consumed = 0;
                status = creatio_batch_reader_feed(&reader, STRAY[i] + at, len - at < size ? len - at : size, &consumed, &answer);
                at += consumed;
            }
            CHECK_STATUS(status, CREATIO_ERR_JSON_MALFORMED);
            CHECK(creatio_batch_reader_outcome(&reader, 1) == CREATIO_BATCH_UNKNOWN);
        }
    }
}

void test_batch(void) {
    answers_with_a_comma_that_belongs_to_nothing();
    bodies_in_buffers_of_every_size();
    writers_that_are_misused();
    answers_cut_everywhere();
    readers_that_are_misused();
}
