/* two_libraries: a program with two Rust libraries, of which the second panics. Ends with 0 if all is as it should be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creatio_auth.h"

uint8_t second_byte(const uint8_t *bytes, size_t len, size_t index);
/* What the second library calls when it panics. */
void second_failed(void);

static bool expected;

void second_failed(void) {
    puts(expected ? "the second library's panic came to its own handler" : "an unexpected panic");
    exit(expected ? 0 : 2);
}

int main(void) {
    static const char URL[] = "https://example.creatio.com";
    const char *version = creatio_version();
    creatio_site site;

    if (creatio_site_parse(&site, URL, sizeof URL - 1, CREATIO_RUNTIME_NET) != CREATIO_OK ||
        creatio_site_port(&site) != 443 || strcmp(version, CREATIO_VERSION) != 0 ||
        second_byte((const uint8_t *)URL, sizeof URL - 1, 4) != 's') {
        return 1;
    }
    puts("both libraries work");
    expected = true;
    second_byte((const uint8_t *)URL, sizeof URL - 1, sizeof URL);
    return 3;
}
