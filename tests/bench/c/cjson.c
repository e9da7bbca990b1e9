/* Bodies by cJSON, which makes a tree of them. */

#include "stack.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#ifdef HEAP
/* The library is not linked with what counts, and is told of it. */
__attribute__((constructor)) static void count_allocations(void)
{
    cJSON_Hooks hooks = {malloc, free};
    cJSON_InitHooks(&hooks);
}
#endif

static char *text_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsString(item))
        return NULL;
    size_t len = strlen(item->valuestring) + 1;
    return memcpy(take(len), item->valuestring, len);
}

static cJSON *tree_of(const char *json, size_t len)
{
    cJSON *tree = cJSON_ParseWithLength(json, len);
    must(tree != NULL, "cJSON");
    return tree;
}

void json_login(struct document *document, const char *json, size_t len)
{
    cJSON *tree = tree_of(json, len);
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(tree, "Code");
    document->has_code = cJSON_IsNumber(code);
    document->code = document->has_code ? code->valueint : 0;
    document->message = text_of(tree, "Message");
    document->exception = text_of(cJSON_GetObjectItemCaseSensitive(tree, "Exception"), "Message");
    cJSON_Delete(tree);
}

void json_page(struct document *document, const char *json, size_t len)
{
    cJSON *tree = tree_of(json, len);
    document->next = text_of(tree, "@odata.nextLink");
    document->message = text_of(cJSON_GetObjectItemCaseSensitive(tree, "error"), "message");
    cJSON_Delete(tree);
}
