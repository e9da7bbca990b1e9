/* creatio_site_: parsing a URL and asking for its parts. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* Parses a copy that nothing ends, into a site that must stay as it is on an error. */
static void parses_to(const char *url, size_t len, creatio_status expected) {
    check_topic("URL %.100s", url);
    creatio_site site;
    TAINT(site);
    char *text = (char *)exact_copy(url, len);
    CHECK_STATUS(creatio_site_parse(&site, text, len, CREATIO_RUNTIME_NET), expected);
    CHECK(IS_UNTOUCHED(site) == (expected != CREATIO_OK));
    free(text);
}

static void has_parts(const char *url, const char *host, uint16_t port, bool is_https) {
    check_topic("parts of %s", url);
    creatio_site site;
    const char *found = NULL;
    size_t found_len = 0;
    CHECK_STATUS(creatio_site_parse(&site, url, strlen(url), CREATIO_RUNTIME_NET_FRAMEWORK), CREATIO_OK);
    CHECK_STATUS(creatio_site_host(&site, &found, &found_len), CREATIO_OK);
    CHECK_TEXT(found, found_len, host);
    CHECK(found >= url && found + found_len <= url + strlen(url));
    CHECK(creatio_site_port(&site) == port);
    CHECK(creatio_site_is_https(&site) == is_https);
}

static void names_the_wrong_part(void) {
    static const struct {
        const char *url;
        creatio_status status;
    } WRONG[] = {
        { "", CREATIO_ERR_URL_SCHEME },
        { "crm.example.com", CREATIO_ERR_URL_SCHEME },
        { "ftp://crm.example.com", CREATIO_ERR_URL_SCHEME },
        { "https://user:password@crm.example.com", CREATIO_ERR_URL_USER_INFO },
        { "https://", CREATIO_ERR_URL_HOST },
        { "https://a..b", CREATIO_ERR_URL_HOST },
        { "https://1.2.3.256", CREATIO_ERR_URL_HOST },
        { "https://[1:2]", CREATIO_ERR_URL_HOST },
        { "https://crm.example.com:", CREATIO_ERR_URL_PORT },
        { "https://crm.example.com:0", CREATIO_ERR_URL_PORT },
        { "https://crm.example.com:65536", CREATIO_ERR_URL_PORT },
        { "https://crm.example.com/a//b", CREATIO_ERR_URL_PATH },
        { "https://crm.example.com/a/../b", CREATIO_ERR_URL_PATH },
        { "https://crm.example.com/a\"b", CREATIO_ERR_URL_PATH },
        { "https://crm.example.com/?a=b", CREATIO_ERR_URL_QUERY },
        { "https://crm.example.com/#a", CREATIO_ERR_URL_FRAGMENT },
        { "https://crm.example.com/0", CREATIO_ERR_URL_RUNTIME_PREFIX },
        { "https://crm.example.com/app/0/", CREATIO_ERR_URL_RUNTIME_PREFIX },
        { "https://crm.example.com/a b", CREATIO_ERR_URL_CHARACTER },
        { "https://crm.example.com\r\n", CREATIO_ERR_URL_CHARACTER },
        { "https://\xC3\xA9.example.com", CREATIO_ERR_URL_CHARACTER },
        { "https://\xE9.example.com", CREATIO_ERR_NOT_UTF8 },
        { "https://crm.example.com/\xC3", CREATIO_ERR_NOT_UTF8 },
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        parses_to(WRONG[i].url, strlen(WRONG[i].url), WRONG[i].status);
    }
    /* A NUL is a character like another: the length counts, not the string's end. */
    parses_to("https://a\0b", 11, CREATIO_ERR_URL_CHARACTER);
    parses_to("https://a\0b", 9, CREATIO_OK);
}

/* A URL of this length, the path being as long as it takes. */
static void a_url_of(size_t len, creatio_status expected) {
    static const char START[] = SITE_URL "/";
    char url[CREATIO_MAX_URL + 1];
    memset(url, 'a', sizeof url);
    memcpy(url, START, sizeof START - 1);
    parses_to(url, len, expected);
}

/* A URL whose host has this length. */
static void a_host_of(size_t len, creatio_status expected) {
    char url[8 + CREATIO_MAX_HOST + 1] = "https://";
    for (size_t i = 0; i < len; i++) {
        url[8 + i] = i % 50 == 49 ? '.' : 'a';
    }
    parses_to(url, 8 + len, expected);
}

static void pointers_that_are_null(void) {
    check_topic("NULL for a site");
    creatio_site site;
    const char *host;
    size_t len;
    TAINT(site);
    TAINT(host);
    TAINT(len);
    CHECK_STATUS(creatio_site_parse(NULL, SITE_URL, strlen(SITE_URL), CREATIO_RUNTIME_NET),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_parse(&site, NULL, 5, CREATIO_RUNTIME_NET), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_parse(&site, NULL, 0, CREATIO_RUNTIME_NET), CREATIO_ERR_URL_SCHEME);
    CHECK(IS_UNTOUCHED(site));
    CHECK_STATUS(creatio_site_host(NULL, &host, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK(creatio_site_port(NULL) == 0);
    CHECK(!creatio_site_is_https(NULL));

    CHECK_STATUS(creatio_site_parse(&site, SITE_URL, strlen(SITE_URL), CREATIO_RUNTIME_NET), CREATIO_OK);
    CHECK_STATUS(creatio_site_host(&site, NULL, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_host(&site, &host, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK(IS_UNTOUCHED(host));
    CHECK(IS_UNTOUCHED(len));
}

static void a_site_that_has_not_been_set_up(void) {
    check_topic("a site of zeros");
    creatio_site site;
    const char *host;
    size_t len;
    TAINT(host);
    TAINT(len);
    memset(&site, 0, sizeof site);
    CHECK_STATUS(creatio_site_host(&site, &host, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK(IS_UNTOUCHED(host));
    CHECK(IS_UNTOUCHED(len));
    CHECK(creatio_site_port(&site) == 0);
    CHECK(!creatio_site_is_https(&site));
}

/* The path of a URL in the URL itself; NULL if it is none of the site's. */
static void path_is(const creatio_site *site, const char *url, const char *expected) {
    check_topic("path of %s", url);
    size_t url_len = strlen(url), len;
    char *copy = (char *)exact_copy(url, url_len);
    const char *path;
    TAINT(path);
    TAINT(len);
    creatio_status status = creatio_site_path_of(site, copy, url_len, &path, &len);
    if (expected == NULL) {
        CHECK_STATUS(status, CREATIO_END);
        CHECK(IS_UNTOUCHED(path));
        CHECK(IS_UNTOUCHED(len));
    } else if (CHECK_STATUS(status, CREATIO_OK)) {
        CHECK_TEXT(path, len, expected);
        CHECK(path >= copy && path + len == copy + url_len);
    }
    free(copy);
}

static void paths_of_urls(void) {
    static const char URL[] = "https://crm.example.com/app";
    creatio_site site;
    CHECK_STATUS(creatio_site_parse(&site, URL, strlen(URL), CREATIO_RUNTIME_NET_FRAMEWORK), CREATIO_OK);
    path_is(&site, "https://crm.example.com/app/0/odata/C?$skip=3", "/0/odata/C?$skip=3");
    path_is(&site, "HTTPS://CRM.example.com:443/app/", "/");
    path_is(&site, "https://crm.example.com/app", NULL);
    path_is(&site, "https://crm.example.com/application/", NULL);
    path_is(&site, "https://crm.example.com/App/", NULL);
    path_is(&site, "https://crm.example.com/odata", NULL);
    path_is(&site, "https://crm.example.com/app/a b", NULL);
    path_is(&site, "https://crm.example.com.evil/app/", NULL);
    path_is(&site, "https://crm.example.com:444/app/", NULL);
    path_is(&site, "https://crm.example.com:x/app/", NULL);
    path_is(&site, "https://x@crm.example.com/app/", NULL);
    path_is(&site, "http://crm.example.com/app/", NULL);
    path_is(&site, "/app/0/odata/C?$skip=3", NULL);
    path_is(&site, "", NULL);

    check_topic("path_of refused");
    creatio_site zeros;
    const char *path;
    size_t len;
    memset(&zeros, 0, sizeof zeros);
    TAINT(path);
    TAINT(len);
    CHECK_STATUS(creatio_site_path_of(NULL, URL, 5, &path, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_site_path_of(&zeros, URL, 5, &path, &len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_site_path_of(&site, NULL, 5, &path, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_path_of(&site, URL, 5, NULL, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_path_of(&site, URL, 5, &path, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_site_path_of(&site, "\xFF", 1, &path, &len), CREATIO_ERR_NOT_UTF8);
    CHECK_STATUS(creatio_site_path_of(&site, NULL, 0, &path, &len), CREATIO_END);
    CHECK(IS_UNTOUCHED(path));
    CHECK(IS_UNTOUCHED(len));
}

static void runtimes(void) {
    static const int32_t numbers[] = {-1, 0, 1, 2, 254, 255, 256, 257, INT32_MAX, INT32_MIN};
    for (size_t at = 0; at < sizeof numbers / sizeof numbers[0]; at++) {
        creatio_runtime runtime = (creatio_runtime)numbers[at];
        check_topic("runtime %d", (int)runtime);
        bool known = runtime == CREATIO_RUNTIME_NET_FRAMEWORK || runtime == CREATIO_RUNTIME_NET;
        creatio_site site;
        TAINT(site);
        CHECK_STATUS(creatio_site_parse(&site, SITE_URL, strlen(SITE_URL), runtime),
                     known ? CREATIO_OK : CREATIO_ERR_BAD_RUNTIME);
        CHECK(IS_UNTOUCHED(site) == !known);
    }
}

void test_site(void) {
    has_parts("https://crm.example.com", "crm.example.com", 443, true);
    has_parts("http://crm.example.com/", "crm.example.com", 80, false);
    has_parts("HTTP://127.0.0.1:8080/CreatioWebApp/", "127.0.0.1", 8080, false);
    has_parts("https://[2001:db8::1]:65535/a/b", "2001:db8::1", 65535, true);
    names_the_wrong_part();
    a_url_of(CREATIO_MAX_URL, CREATIO_OK);
    a_url_of(CREATIO_MAX_URL + 1, CREATIO_ERR_URL_TOO_LONG);
    a_host_of(CREATIO_MAX_HOST, CREATIO_OK);
    a_host_of(CREATIO_MAX_HOST + 1, CREATIO_ERR_URL_TOO_LONG);
    pointers_that_are_null();
    a_site_that_has_not_been_set_up();
    paths_of_urls();
    runtimes();
}
