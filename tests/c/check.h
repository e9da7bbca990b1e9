/* check.h: the checks of this test program. A failed one is printed and counted, and the program
 * goes on. Everything here compiles as C and as C++. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "creatio_auth.h"

#define CHECK(condition) check_true((condition), #condition, __FILE__, __LINE__)
#define CHECK_STATUS(call, expected) check_status((call), (expected), #call, __FILE__, __LINE__)
#define CHECK_SIZE(value, expected) check_size((value), (expected), #value, __FILE__, __LINE__)
/* Compares bytes that no NUL ends with a string. */
#define CHECK_TEXT(text, len, expected) \
    check_text((text), (len), (expected), #text, __FILE__, __LINE__)

bool check_true(bool holds, const char *what, const char *file, int line);
bool check_status(creatio_status status, creatio_status expected, const char *what, const char *file, int line);
bool check_size(size_t value, size_t expected, const char *what, const char *file, int line);
bool check_text(const void *text, size_t len, const char *expected, const char *what,
                const char *file, int line);

/* Names what is being checked, for the messages of the checks that follow. */
void check_topic(const char *format, ...);

/* Prints how many checks passed and failed, and returns the exit code. */
int check_summary(void);

#endif
