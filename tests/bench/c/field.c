/* Puts together what parsers with callbacks give in parts, and keeps bodies. */

#include "stack.h"

#include <string.h>
#include <strings.h>

void reply_body(struct reply *reply, const char *bytes, size_t len)
{
    reply->body_len += len;
    if (reply->keeps)
        put(&reply->body, bytes, len);
}

void field_name(struct field *field, const char *part, size_t len)
{
    if (field->has_value)
        field_end(field);
    put(&field->name, part, len);
}

static bool is_set_cookie(const struct field *field)
{
    static const char name[] = "Set-Cookie";
    return field->name.len == sizeof name - 1 && strncasecmp(field->name.data, name, sizeof name - 1) == 0;
}

void field_value(struct field *field, const char *part, size_t len)
{
    field->has_value = true;
    if (is_set_cookie(field))
        put(&field->value, part, len);
}

void field_end(struct field *field)
{
    if (is_set_cookie(field) && field->has_value)
        jar_set(field->jar, field->value.data, field->value.len);
    field->name.len = field->value.len = 0;
    field->has_value = false;
}
