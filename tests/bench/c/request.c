/* The requests, byte for byte as the library makes them, save the order of cookies. */

#include "stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As long as the library's. */
#define AGENT_LINE "User-Agent: creatio-auth/0.1.0\r\n"

static const char TARGET[] = "/0/odata/Contact";

static bool is_plain(char byte)
{
    return (unsigned char)byte >= ' ' && byte != '"' && byte != '\\';
}

static void put_escaped(struct text *text, const char *string)
{
    put(text, "\"", 1);
    while (*string) {
        const char *start = string;
        char escape[16];
        while (is_plain(*string))
            string++;
        put(text, start, (size_t)(string - start));
        if (!*string)
            break;
        if (*string == '"' || *string == '\\')
            memcpy(escape, (char[]){'\\', *string, '\0'}, 3);
        else
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*string);
        put_string(text, escape);
        string++;
    }
    put(text, "\"", 1);
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
    put_string(request, "POST /ServiceModel/AuthService.svc/Login HTTP/1.1\r\nHost: crm.example.com\r\n" AGENT_LINE
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
    put_string(request, "GET /0/odata/Contact HTTP/1.1\r\nHost: crm.example.com\r\n" AGENT_LINE
                        "Accept: application/json\r\nForceUseSession: true\r\n");
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
