/* Replies by http-parser, the parser that Node.js had. */

#include "stack.h"

#include <http_parser.h>
#include <stdlib.h>

/* What the callbacks are about. */
struct context {
    struct reply *reply;
    struct field field;
};

static int on_name(http_parser *parser, const char *at, size_t len)
{
    field_name(&((struct context *)parser->data)->field, at, len);
    return 0;
}

static int on_value(http_parser *parser, const char *at, size_t len)
{
    field_value(&((struct context *)parser->data)->field, at, len);
    return 0;
}

static int on_head(http_parser *parser)
{
    struct context *context = parser->data;
    field_end(&context->field);
    context->reply->status = parser->status_code;
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t len)
{
    reply_body(((struct context *)parser->data)->reply, at, len);
    return 0;
}

static int on_end(http_parser *parser)
{
    ((struct context *)parser->data)->reply->done = true;
    return 0;
}

void http_receive(struct reply *reply, const struct bytes *bytes, size_t piece, bool close)
{
    static const http_parser_settings settings = {
        .on_header_field = on_name,
        .on_header_value = on_value,
        .on_headers_complete = on_head,
        .on_body = on_body,
        .on_message_complete = on_end,
    };
    struct context context = {.reply = reply, .field = {.jar = reply->jar}};
    http_parser parser;
    http_parser_init(&parser, HTTP_RESPONSE);
    parser.data = &context;
    for (size_t at = 0; at < bytes->len && !reply->done;) {
        size_t len = bytes->len - at < piece ? bytes->len - at : piece;
        must(http_parser_execute(&parser, &settings, bytes->data + at, len) == len, "http_parser");
        at += len;
    }
    if (close)
        http_parser_execute(&parser, &settings, NULL, 0);
    free(context.field.name.data);
    free(context.field.value.data);
}
