/* Bodies by jsmn, which makes a list of tokens of them, and leaves the rest to its user. */

/* So that the end of an object does not look for its beginning. */
#define JSMN_PARENT_LINKS
#define JSMN_STRICT
#define JSMN_STATIC

#include "stack.h"

#include <jsmn.h>
#include <stdlib.h>
#include <string.h>

/* A document and its tokens. */
struct tokens {
    const char *json;
    jsmntok_t *list;
    int count;
};

static struct tokens tokens_of(const char *json, size_t len)
{
    struct tokens tokens = {.json = json};
    unsigned room = 32;
    jsmn_parser parser;
    jsmn_init(&parser);
    do {
        room *= 2;
        tokens.list = grow(tokens.list, room * sizeof *tokens.list);
        tokens.count = jsmn_parse(&parser, json, len, tokens.list, room);
    } while (tokens.count == JSMN_ERROR_NOMEM);
    must(tokens.count > 0, "jsmn");
    return tokens;
}

/* The member of the object at this index; 0 for none, since the document itself is no member. */
static int member(const struct tokens *tokens, int object, const char *name)
{
    if (tokens->list[object].type != JSMN_OBJECT)
        return 0;
    size_t len = strlen(name);
    for (int index = object + 1; index < tokens->count && tokens->list[index].start < tokens->list[object].end; index++) {
        const jsmntok_t *token = &tokens->list[index];
        if (token->parent == object && token->type == JSMN_STRING && (size_t)(token->end - token->start) == len &&
            memcmp(tokens->json + token->start, name, len) == 0)
            return index + 1;
    }
    return 0;
}

static char *put_utf8(char *to, unsigned long point)
{
    if (point < 0x80)
        *to++ = (char)point;
    else if (point < 0x800) {
        *to++ = (char)(0xC0 | point >> 6);
        *to++ = (char)(0x80 | (point & 0x3F));
    } else {
        *to++ = (char)(0xE0 | point >> 12);
        *to++ = (char)(0x80 | (point >> 6 & 0x3F));
        *to++ = (char)(0x80 | (point & 0x3F));
    }
    return to;
}

/* The text with its escapes undone, but for pairs of surrogates, of which no case has one. */
static char *text_of(const struct tokens *tokens, int index)
{
    static const char escapes[] = "bfnrt", bytes[] = "\b\f\n\r\t";
    const jsmntok_t *token = &tokens->list[index];
    if (index == 0 || token->type != JSMN_STRING)
        return NULL;
    char *text = take((size_t)(token->end - token->start) + 1), *to = text;
    for (const char *from = tokens->json + token->start; from < tokens->json + token->end; from++) {
        if (*from != '\\') {
            *to++ = *from;
        } else if (*++from == 'u') {
            char digits[5] = {0};
            memcpy(digits, from + 1, 4);
            to = put_utf8(to, strtoul(digits, NULL, 16));
            from += 4;
        } else {
            const char *found = strchr(escapes, *from);
            *to++ = found ? bytes[found - escapes] : *from;
        }
    }
    return text;
}

void json_login(struct document *document, const char *json, size_t len)
{
    struct tokens tokens = tokens_of(json, len);
    int code = member(&tokens, 0, "Code"), exception = member(&tokens, 0, "Exception");
    document->has_code = code != 0;
    document->code = code ? strtol(json + tokens.list[code].start, NULL, 10) : 0;
    document->message = text_of(&tokens, member(&tokens, 0, "Message"));
    document->exception = exception ? text_of(&tokens, member(&tokens, exception, "Message")) : NULL;
    free(tokens.list);
}

void json_page(struct document *document, const char *json, size_t len)
{
    struct tokens tokens = tokens_of(json, len);
    int error = member(&tokens, 0, "error");
    document->next = text_of(&tokens, member(&tokens, 0, "@odata.nextLink"));
    document->message = error ? text_of(&tokens, member(&tokens, error, "message")) : NULL;
    free(tokens.list);
}
