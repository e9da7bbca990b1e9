/* A list of cookies, good enough to write the next Cookie field. */

#include "stack.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct part {
    const char *start;
    size_t len;
};

static struct part trimmed(const char *start, const char *end)
{
    while (start < end && (*start == ' ' || *start == '\t'))
        start++;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return (struct part){start, (size_t)(end - start)};
}

/* Where the byte is next, or the end. */
static const char *find(const char *start, const char *end, char byte)
{
    const char *found = memchr(start, byte, (size_t)(end - start));
    return found ? found : end;
}

static bool is(struct part part, const char *name)
{
    return part.len == strlen(name) && strncasecmp(part.start, name, part.len) == 0;
}

static bool is_same(const struct cookie *cookie, struct part name, struct part path)
{
    return cookie->name_len == name.len && cookie->path_len == path.len &&
           memcmp(cookie->memory, name.start, name.len) == 0 &&
           memcmp(cookie->memory + name.len + cookie->value_len, path.start, path.len) == 0;
}

static void keep(struct jar *jar, struct part name, struct part value, struct part path, bool deletes)
{
    size_t index = 0;
    while (index < jar->count && !is_same(&jar->cookies[index], name, path))
        index++;
    if (index < jar->count)
        free(jar->cookies[index].memory);
    if (deletes) {
        if (index < jar->count)
            jar->cookies[index] = jar->cookies[--jar->count];
        return;
    }
    if (index == jar->count) {
        if (jar->count == jar->room) {
            jar->room = jar->room ? 2 * jar->room : 8;
            jar->cookies = grow(jar->cookies, jar->room * sizeof *jar->cookies);
        }
        jar->count++;
    }
    char *memory = malloc(name.len + value.len + path.len + 1);
    must(memory != NULL, "no memory");
    memcpy(memory, name.start, name.len);
    memcpy(memory + name.len, value.start, value.len);
    memcpy(memory + name.len + value.len, path.start, path.len);
    jar->cookies[index] = (struct cookie){memory, name.len, value.len, path.len};
}

void jar_set(struct jar *jar, const char *line, size_t len)
{
    const char *end = line + len, *semicolon = find(line, end, ';'), *equals = find(line, semicolon, '=');
    if (equals == semicolon)
        return;
    struct part name = trimmed(line, equals), value = trimmed(equals + 1, semicolon), path = {"/", 1};
    bool deletes = false;
    while (semicolon < end) {
        const char *start = semicolon + 1;
        semicolon = find(start, end, ';');
        equals = find(start, semicolon, '=');
        struct part attribute = trimmed(start, equals);
        if (is(attribute, "Path") && equals < semicolon)
            path = trimmed(equals + 1, semicolon);
        else if (is(attribute, "Max-Age") && equals + 1 < semicolon)
            deletes = equals[1] == '-' || equals[1] == '0';
    }
    keep(jar, name, value, path, deletes);
}

void jar_clear(struct jar *jar)
{
    for (size_t index = 0; index < jar->count; index++)
        free(jar->cookies[index].memory);
    free(jar->cookies);
    *jar = (struct jar){0};
}
