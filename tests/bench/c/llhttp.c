/* Replies by llhttp, the parser that Node.js has. */

#include "stack.h"

#include "llhttp.h"

#include <stdlib.h>

/* What the callbacks are about. */
struct context {
    struct reply *reply;
    struct field field;
};

static int on_name(llhttp_t *parser, const char *at, size_t len)
{
    field_name(&((struct context *)parser->data)->field, at, len);
    return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t len)
{
    field_value(&((struct context *)parser->data)->field, at, len);
    return 0;
}

static int on_head(llhttp_t *parser)
{
    struct context *context = parser->data;
    field_end(&context->field);
    context->reply->status = llhttp_get_status_code(parser);
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t len)
{
    reply_body(((struct context *)parser->data)->reply, at, len);
    return 0;
}

static int on_end(llhttp_t *parser)
{
    ((struct context *)parser->data)->reply->done = true;
    return 0;
}

void http_receive(struct reply *reply, const struct bytes *bytes, size_t piece, bool close)
{
    static const llhttp_settings_t settings = {
        .on_header_field = on_name,
        .on_header_value = on_value,
        .on_headers_complete = on_head,
        .on_body = on_body,
        .on_message_complete = on_end,
    };
    struct context context = {.reply = reply, .field = {.jar = reply->jar}};
    llhttp_t parser;
    llhttp_init(&parser, HTTP_RESPONSE, &settings);
    parser.data = &context;
    for (size_t at = 0; at < bytes->len && !reply->done;) {
        size_t len = bytes->len - at < piece ? bytes->len - at : piece;
        must(llhttp_execute(&parser, bytes->data + at, len) == HPE_OK, "llhttp");
        at += len;
    }
    if (close)
        llhttp_finish(&parser);
    free(context.field.name.data);
    free(context.field.value.data);
}
