#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char topic[160];
static unsigned long passed, failed;

static bool count(bool holds, const char *file, int line) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("%s:%d: [%s] ", file, line, topic);
    }
    return holds;
}

bool check_true(bool holds, const char *what, const char *file, int line) {
    if (!count(holds, file, line)) {
        printf("%s does not hold\n", what);
    }
    return holds;
}

bool check_status(creatio_status status, creatio_status expected, const char *what, const char *file, int line) {
    if (!count(status == expected, file, line)) {
        printf("%s is %s (%d), not %s\n", what, creatio_status_name(status), (int)status,
               creatio_status_name(expected));
    }
    return status == expected;
}

bool check_size(size_t value, size_t expected, const char *what, const char *file, int line) {
    if (!count(value == expected, file, line)) {
        printf("%s is %zu, not %zu\n", what, value, expected);
    }
    return value == expected;
}

bool check_text(const void *text, size_t len, const char *expected, const char *what,
                const char *file, int line) {
    bool same = text != NULL && len == strlen(expected) && memcmp(text, expected, len) == 0;
    if (!count(same, file, line)) {
        printf("%s is \"%.*s\", not \"%s\"\n", what, text ? (int)len : 4,
               text ? (const char *)text : "NULL", expected);
    }
    return same;
}

void check_topic(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(topic, sizeof topic, format, arguments);
    va_end(arguments);
}

int check_summary(void) {
    printf("%lu checks passed, %lu failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
