/* creatio_site_identity_hint: where the identity service of a site in the cloud is. */
#include <string.h>

#include "support.h"

/* Asks with buffers of every size. */
static void hint_is(const char *url, const char *expected) {
    creatio_site site;
    size_t needed = strlen(expected);
    CHECK_STATUS(creatio_site_parse(&site, url, strlen(url), CREATIO_RUNTIME_NET), CREATIO_OK);
    for (size_t cap = 0; cap <= needed + 2; cap++) {
        check_topic("hint for %s in %zu bytes", url, cap);
        char *out = guarded_text(cap);
        size_t len = 0, written = cap < needed ? 0 : needed;
        CHECK_STATUS(creatio_site_identity_hint(&site, out, cap, &len),
                     cap < needed ? CREATIO_ERR_BUFFER_TOO_SMALL : CREATIO_OK);
        CHECK_SIZE(len, needed);
        CHECK(memcmp(out, expected, written) == 0);
        CHECK(all_bytes(out + written, cap - written, UNTOUCHED));
        guarded_free(out, cap);
    }
    size_t len = 0;
    CHECK_STATUS(creatio_site_identity_hint(&site, NULL, 0, &len), CREATIO_ERR_BUFFER_TOO_SMALL);
    CHECK_SIZE(len, needed);
}

static void there_is_none_for(const char *url) {
    check_topic("no hint for %s", url);
    creatio_site site;
    char out[64];
    size_t len;
    TAINT(out);
    TAINT(len);
    CHECK_STATUS(creatio_site_parse(&site, url, strlen(url), CREATIO_RUNTIME_NET), CREATIO_OK);
    CHECK_STATUS(creatio_site_identity_hint(&site, out, sizeof out, &len), CREATIO_END);
    CHECK_STATUS(creatio_site_identity_hint(&site, NULL, 0, &len), CREATIO_END);
    CHECK(IS_UNTOUCHED(out));
    CHECK(IS_UNTOUCHED(len));
}

static void wrong_arguments(void) {
    check_topic("hint with wrong arguments");
    static const char URL[] = "https://crm.creatio.com";
    creatio_site site, zeros;
    char out[64];
    size_t len;
    memset(&zeros, 0, sizeof zeros);
    TAINT(out);
    TAINT(len);
    CHECK_STATUS(creatio_site_parse(&site, URL, strlen(URL), CREATIO_RUNTIME_NET), CREATIO_OK);
    CHECK_STATUS(creatio_site_identity_hint(NULL, out, sizeof out, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_site_identity_hint(&zeros, out, sizeof out, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_site_identity_hint(&site, NULL, 1, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_identity_hint(&site, out, sizeof out, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK(IS_UNTOUCHED(out));
    CHECK(IS_UNTOUCHED(len));
}

void test_identity_hint(void) {
    hint_is("https://crm.creatio.com", "https://crm-is.creatio.com");
    hint_is("http://Dev-1.Creatio.COM:444/x", "https://Dev-1-is.Creatio.COM");
    there_is_none_for("https://crm-is.creatio.com");
    there_is_none_for("https://a.crm.creatio.com");
    there_is_none_for("https://crm.example.com");
    there_is_none_for("https://creatio.com");
    there_is_none_for("https://creatio");
    there_is_none_for("http://10.0.0.1");
    there_is_none_for("http://[::1]");
    wrong_arguments();
}
