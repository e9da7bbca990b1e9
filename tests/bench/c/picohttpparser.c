/* Replies by picohttpparser, the parser of H2O. It reads a head that has come as a whole, and takes chunks apart in place;
 * lengths are left to its user. */

#include "stack.h"

#include "picohttpparser.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_FIELDS = 128 };

/* Where the body ends. */
enum framing { TO_CLOSE, LENGTH, CHUNKS };

struct reader {
    struct reply *reply;
    struct text head;  /* what has come of it */
    struct text chunk; /* what is taken apart */
    enum framing framing;
    size_t left;
    struct phr_chunked_decoder decoder;
};

static bool is(const struct phr_header *field, const char *name, size_t len)
{
    return field->name_len == len && strncasecmp(field->name, name, len) == 0;
}

static void read_field(struct reader *reader, const struct phr_header *field)
{
    if (is(field, "Set-Cookie", 10))
        jar_set(reader->reply->jar, field->value, field->value_len);
    else if (is(field, "Content-Length", 14)) {
        reader->framing = LENGTH;
        for (size_t at = 0; at < field->value_len; at++)
            reader->left = reader->left * 10 + (size_t)(field->value[at] - '0');
    } else if (is(field, "Transfer-Encoding", 17))
        reader->framing = CHUNKS;
}

/* How long the head is; 0 if more of it has to come. */
static size_t read_head(struct reader *reader, const char *bytes, size_t len, size_t last_len)
{
    struct phr_header fields[MAX_FIELDS];
    const char *message;
    size_t message_len, count = MAX_FIELDS;
    int minor, head_len = phr_parse_response(bytes, len, &minor, &reader->reply->status, &message, &message_len, fields,
                                             &count, last_len);
    if (head_len == -2)
        return 0;
    must(head_len > 0, "picohttpparser");
    for (size_t index = 0; index < count; index++)
        read_field(reader, &fields[index]);
    reader->reply->done = reader->framing == LENGTH && reader->left == 0;
    return (size_t)head_len;
}

static void read_body(struct reader *reader, const char *bytes, size_t len)
{
    struct reply *reply = reader->reply;
    if (reader->framing == LENGTH) {
        len = len < reader->left ? len : reader->left;
        reader->left -= len;
        reply->done = reader->left == 0;
    } else if (reader->framing == CHUNKS) {
        reader->chunk.len = 0;
        put(&reader->chunk, bytes, len);
        ssize_t result = phr_decode_chunked(&reader->decoder, reader->chunk.data, &len);
        must(result != -1, "picohttpparser");
        reply->done = result >= 0;
        bytes = reader->chunk.data;
    }
    reply_body(reply, bytes, len);
}

/* Returns what lies behind the head. */
static size_t feed_head(struct reader *reader, const char *bytes, size_t len)
{
    size_t before = reader->head.len;
    if (before == 0) {
        size_t head_len = read_head(reader, bytes, len, 0);
        if (head_len > 0)
            return head_len;
    }
    put(&reader->head, bytes, len);
    size_t head_len = before == 0 ? 0 : read_head(reader, reader->head.data, reader->head.len, before);
    return head_len ? head_len - before : 0;
}

void http_receive(struct reply *reply, const struct bytes *bytes, size_t piece, bool close)
{
    struct reader reader = {.reply = reply, .decoder = {.consume_trailer = 1}};
    bool has_head = false;
    for (size_t at = 0; at < bytes->len && !reply->done;) {
        const char *start = bytes->data + at;
        size_t len = bytes->len - at < piece ? bytes->len - at : piece, taken = 0;
        at += len;
        if (!has_head) {
            taken = feed_head(&reader, start, len);
            has_head = taken > 0;
        }
        if (has_head && taken < len && !reply->done)
            read_body(&reader, start + taken, len - taken);
    }
    reply->done |= close && reader.framing == TO_CLOSE;
    free(reader.head.data);
    free(reader.chunk.data);
}
