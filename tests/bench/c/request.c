/* The requests, byte for byte as the library makes them, save the order of cookies. */

#include "stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char TARGET[] = "/0/odata/Contact";

static void put_escaped(struct text *text, const char *string)
{
    put_string(text, "\"");
    for (; *string; string++) {
        char escape[16];
        size_t plain = strcspn(string, "\"\\\b\f\n\r\t\001\002\003\004\005\006\007\013\016\017\020\021\022\023\024\025"
                                       "\026\027\030\031\032\033\034\035\036\037");
        put(text, string, plain);
        string += plain;
        if (!*string)
            break;
        if (*string == '"' || *string == '\\')
            snprintf(escape, sizeof escape, "\\%c", *string);
        else
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*string);
        put_string(text, escape);
    }
    put_string(text, "\"");
}

void request_login(struct text *request, const char *user_name, const char *password)
{
    struct text body = {0};
    char length[64];
    put_string(&body, "{\"UserName\":");
    put_escaped(&body, user_name);
    put_string(&body, ",\"UserPassword\":");
    put_escaped(&body, password);
    put_string(&body, "}");
    put_string(request, "POST /ServiceModel/AuthService.svc/Login HTTP/1.1\r\nHost: crm.example.com\r\n"
                        "Accept: application/json\r\nContent-Type: application/json; charset=utf-8\r\n");
    int len = snprintf(length, sizeof length, "Content-Length: %zu\r\n", body.len);
    put(request, length, (size_t)len);
    put_string(request, "ForceUseSession: true\r\n\r\n");
    put(request, body.data, body.len);
    free(body.data);
}

static bool goes_to_target(const struct cookie *cookie)
{
    const char *path = cookie->memory + cookie->name_len + cookie->value_len;
    return cookie->path_len < sizeof TARGET && memcmp(path, TARGET, cookie->path_len) == 0;
}

void request_get(struct text *request, const struct jar *jar)
{
    const struct cookie *token = NULL;
    bool first = true;
    put_string(request, "GET /0/odata/Contact HTTP/1.1\r\nHost: crm.example.com\r\nAccept: application/json\r\n"
                        "ForceUseSession: true\r\n");
    for (const struct cookie *cookie = jar->cookies; cookie < jar->cookies + jar->count; cookie++) {
        if (!goes_to_target(cookie))
            continue;
        put_string(request, first ? "Cookie: " : "; ");
        put(request, cookie->memory, cookie->name_len);
        put(request, "=", 1);
        put(request, cookie->memory + cookie->name_len, cookie->value_len);
        first = false;
        if (cookie->name_len == 7 && memcmp(cookie->memory, "BPMCSRF", 7) == 0)
            token = cookie;
    }
    if (!first)
        put_string(request, "\r\n");
    if (token) {
        put_string(request, "BPMCSRF: ");
        put(request, token->memory + token->name_len, token->value_len);
        put_string(request, "\r\n");
    }
    put_string(request, "\r\n");
}
