/* creatio_session_snapshot and creatio_session_restore. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* A snapshot's first bytes say what it is, its last four are a CRC-32 of all before. */
enum { MAGIC = 4, SIGN_INS = 5, VERSION = 8, CRC = 4 };

#define LOGIN                                                                            \
    OK_LINE SET_TICKET "Set-Cookie: BPMCSRF=csrf.; path=/\r\nSet-Cookie: a=b; path=/odata\r\n" \
    "Set-Cookie: brief=c; path=/; max-age=60; Secure\r\n" SUCCESS_LENGTH "\r\n" SUCCESS

/* A client that has signed in at the time 1000. */
static void client_init_signed_in(client *c) {
    client_init(c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(creatio_session_set_time(&c->session, 1000), CREATIO_OK);
    CHECK_STATUS(client_login(c, LOGIN).status, CREATIO_OK);
}

/* Restores into a session with memory of this size, which must stay as it is on an error. The session is for this test
 * only: its memory is gone afterwards. */
static void restores_to(const creatio_site *site, size_t memory_len, const uint8_t *snapshot,
                        size_t len, creatio_status expected) {
    creatio_session session;
    uint8_t *memory = guarded_new(memory_len);
    uint8_t *copy = (uint8_t *)exact_copy(snapshot, len);
    CHECK_STATUS(creatio_session_init(&session, site, memory, memory_len), CREATIO_OK);
    const uint32_t revision = creatio_session_revision(&session);
    creatio_status status = creatio_session_restore(&session, copy, len);
    CHECK_STATUS(status, expected);
    CHECK(status == CREATIO_OK || creatio_session_revision(&session) == revision);
    CHECK(status == CREATIO_OK || is_wiped(memory, memory_len));
    CHECK(memcmp(copy, snapshot, len) == 0);
    free(copy);
    guarded_free(memory, memory_len);
}

static void a_snapshot_is_written(void) {
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    for (int round = 0; round < 2; round++) {
        check_topic("a snapshot is written, %s login", round == 0 ? "before" : "after");
        const creatio_session *session = &c.session;
        size_t needed = creatio_session_snapshot_len(session);
        CHECK(needed > VERSION + CRC);
        size_t len;
        TAINT(len);
        CHECK_STATUS(creatio_session_snapshot(session, NULL, 1, &len), CREATIO_ERR_NULL_POINTER);
        CHECK(IS_UNTOUCHED(len));
        CHECK_STATUS(creatio_session_snapshot(session, NULL, 0, &len), CREATIO_ERR_BUFFER_TOO_SMALL);
        CHECK_SIZE(len, needed);
        for (size_t cap = 0; cap <= needed + 2; cap++) {
            uint8_t *out = guarded_new(cap);
            bool fits = cap >= needed;
            CHECK_STATUS(creatio_session_snapshot(session, out, cap, NULL), CREATIO_ERR_NULL_POINTER);
            CHECK(all_bytes(out, cap, UNTOUCHED));
            len = 0;
            CHECK_STATUS(creatio_session_snapshot(session, out, cap, &len),
                         fits ? CREATIO_OK : CREATIO_ERR_BUFFER_TOO_SMALL);
            CHECK_SIZE(len, needed);
            CHECK(all_bytes(out + (fits ? needed : 0), fits ? cap - needed : cap, UNTOUCHED));
            guarded_free(out, cap);
        }
        CHECK_STATUS(client_login(&c, LOGIN).status, CREATIO_OK);
        CHECK(creatio_session_snapshot_len(session) > needed || round > 0);
    }
    client_free(&c);
}

/* Until a reply is complete, and after one that fails, it is what the session had before. */
static void an_exchange_under_way_is_not_in_it(void) {
    check_topic("a snapshot while an exchange is under way");
    static const char REPLY[] = OK_LINE "Set-Cookie: .ASPXAUTH=renewed; path=/\r\n"
                                        "Content-Length: 2\r\n\r\n{}";
    client c;
    client_init_signed_in(&c);
    size_t len;
    uint8_t *before = snapshot_of(&c.session, &len);
    client_begin_get(&c, "/");
    for (size_t at = 0; at < strlen(REPLY); at++) {
        CHECK(is_snapshot_of(&c.session, before, len));
        creatio_fed fed;
        CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session, (const uint8_t *)REPLY + at, 1,
                                           &fed),
                     at + 1 < strlen(REPLY) ? CREATIO_MORE : CREATIO_OK);
    }
    CHECK(!is_snapshot_of(&c.session, before, len));
    free(before);
    before = snapshot_of(&c.session, &len);
    CHECK_STATUS(client_get(&c, "/", OK_LINE SET_TICKET "A\r\n\r\n").status,
                 CREATIO_ERR_HTTP_FIELD_NAME);
    CHECK(is_snapshot_of(&c.session, before, len));
    free(before);
    client_free(&c);
}

static void same_lines(const client *a, const client *b) {
    static const char *const PATHS[] = { "/", "/odata/Contact", "/rest/x" };
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        char *here = client_lines(a, PATHS[i]), *there = client_lines(b, PATHS[i]);
        CHECK_TEXT(there, strlen(there), here);
        free(here);
        free(there);
    }
}

/* A session in another memory goes on as the one that wrote the snapshot would. */
static void a_session_is_restored(void) {
    check_topic("a session is restored");
    client c, other;
    client_init_signed_in(&c);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(creatio_session_restore(&other.session, snapshot, len), CREATIO_OK);
    memset(snapshot, 0, len); /* it is not referred to */
    free(snapshot);
    CHECK(creatio_session_has_ticket(&other.session));
    CHECK(creatio_session_has_csrf_token(&other.session));
    same_lines(&c, &other);
    creatio_cookie cookie;
    CHECK_STATUS(creatio_session_cookie(&other.session, 3, &cookie), CREATIO_OK);
    CHECK_TEXT(cookie.name, cookie.name_len, "brief");
    CHECK(cookie.secure && !cookie.http_only && cookie.persistent);
    CHECK_STATUS(creatio_session_cookie(&other.session, 4, &cookie), CREATIO_END);
    snapshot = snapshot_of(&c.session, &len);
    CHECK(is_snapshot_of(&other.session, snapshot, len));
    free(snapshot);

    check_topic("a restored session goes on");
    static const char NEW[] = OK_LINE "Set-Cookie: d=e; path=/\r\nSet-Cookie: a=; path=/odata\r\n"
                                      "Content-Length: 0\r\n\r\n";
    CHECK_STATUS(client_get(&c, "/", NEW).status, CREATIO_OK);
    CHECK_STATUS(client_get(&other, "/", NEW).status, CREATIO_OK);
    same_lines(&c, &other);
    /* The end of a cookie is kept; the time is to be told anew. */
    CHECK_STATUS(creatio_session_set_time(&other.session, 1059), CREATIO_OK);
    char *lines = client_lines(&other, "/");
    CHECK(strstr(lines, "brief=c") != NULL);
    free(lines);
    CHECK_STATUS(creatio_session_set_time(&other.session, 1060), CREATIO_OK);
    lines = client_lines(&other, "/");
    CHECK(strstr(lines, "brief=c") == NULL && strstr(lines, TICKET) != NULL);
    free(lines);
    CHECK_STATUS(client_login(&other, GOOD_LOGIN).status, CREATIO_OK);
    client_free(&other);
    client_free(&c);
}

static void an_empty_session_is_restored(void) {
    check_topic("an empty session is restored");
    client c, other;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    CHECK_STATUS(client_login(&other, GOOD_LOGIN).status, CREATIO_OK);
    CHECK_STATUS(creatio_session_restore(&other.session, snapshot, len), CREATIO_OK);
    CHECK(!creatio_session_has_ticket(&other.session));
    same_lines(&c, &other);
    restores_to(&c.site, 0, snapshot, len, CREATIO_OK);
    free(snapshot);
    /* A session that was cleared is as empty as a new one. */
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    creatio_session_clear(&c.session);
    CHECK_SIZE(creatio_session_snapshot_len(&c.session), len);
    client_free(&other);
    client_free(&c);
}

/* CRC-32 as in zip. */
static uint32_t crc_of(const uint8_t *bytes, size_t len) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
        }
    }
    return ~crc;
}

/* A session that lives takes a newer snapshot in its memory; after an error it goes on as it was, and so does its exchange. */
static void a_living_session_takes_another_snapshot(void) {
    check_topic("a living session takes another snapshot");
    static const char EMPTY[] = OK_LINE "Content-Length: 0\r\n\r\n";
    static const char NEWER[] = OK_LINE "Set-Cookie: .ASPXAUTH=newer; path=/\r\nContent-Length: 0\r\n\r\n";
    client c, other;
    client_init_signed_in(&c);
    client_init_signed_in(&other);
    CHECK_SIZE(creatio_session_revision(&other.session), creatio_session_revision(&c.session));
    CHECK_STATUS(client_get(&c, "/", NEWER).status, CREATIO_OK);
    uint32_t revision = creatio_session_revision(&c.session);
    CHECK(revision != creatio_session_revision(&other.session));
    size_t len;
    uint8_t *newer = snapshot_of(&c.session, &len);
    for (size_t at = 0; at < len; at++) {
        client_begin_get(&other, "/");
        newer[at] ^= 1;
        CHECK(creatio_session_restore(&other.session, newer, len) != CREATIO_OK);
        newer[at] ^= 1;
        CHECK_STATUS(client_feed(&other, EMPTY, strlen(EMPTY), strlen(EMPTY), 1).status, CREATIO_OK);
    }
    client_begin_get(&other, "/");
    CHECK_STATUS(creatio_session_restore(&other.session, newer, len), CREATIO_OK);
    creatio_fed fed;
    CHECK_STATUS(creatio_exchange_feed(&other.exchange, &other.session, (const uint8_t *)EMPTY, strlen(EMPTY), &fed),
                 CREATIO_ERR_OTHER_SESSION);
    CHECK(is_snapshot_of(&other.session, newer, len));
    CHECK_SIZE(creatio_session_revision(&other.session), revision);
    same_lines(&c, &other);
    free(newer);
    client_free(&other);
    client_free(&c);
}

static void altered_snapshots(void) {
    client c;
    client_init_signed_in(&c);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    for (size_t at = 0; at < len; at++) {
        check_topic("a snapshot altered at %zu", at);
        for (int bit = 0; bit < 8; bit++) {
            snapshot[at] ^= (uint8_t)(1 << bit);
            restores_to(&c.site, 1024, snapshot, len,
                        at >= MAGIC && at < VERSION && at != SIGN_INS ? CREATIO_ERR_SNAPSHOT_VERSION
                                                    : CREATIO_ERR_SNAPSHOT_ALTERED);
            snapshot[at] ^= (uint8_t)(1 << bit);
        }
        check_topic("a snapshot cut at %zu", at);
        restores_to(&c.site, 1024, snapshot, at, CREATIO_ERR_SNAPSHOT_ALTERED);
    }
    check_topic("a snapshot and more");
    uint8_t *longer = guarded_new(len + 4);
    memcpy(longer, snapshot, len);
    restores_to(&c.site, 1024, longer, len + 1, CREATIO_ERR_SNAPSHOT_ALTERED);
    restores_to(&c.site, 1024, longer, len + 4, CREATIO_ERR_SNAPSHOT_ALTERED);
    guarded_free(longer, len + 4);
    check_topic("no snapshot at all");
    restores_to(&c.site, 1024, (const uint8_t *)"", 0, CREATIO_ERR_SNAPSHOT_ALTERED);
    check_topic("the snapshot itself");
    restores_to(&c.site, 1024, snapshot, len, CREATIO_OK);
    free(snapshot);
    client_free(&c);
}

/* The CRC keeps off no forger; what it lets through must do no harm, whatever it says. */
static void forged_snapshots(void) {
    client c;
    client_init_signed_in(&c);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    CHECK(len > VERSION + CRC);
    for (size_t at = VERSION; at < len - CRC; at++) {
        for (int value = 0; value < 256; value += 5) {
            check_topic("a snapshot forged at %zu: %d", at, value);
            uint8_t *forged = (uint8_t *)exact_copy(snapshot, len);
            forged[at] = (uint8_t)value;
            uint32_t crc = crc_of(forged, len - CRC);
            for (size_t i = 0; i < CRC; i++) {
                forged[len - CRC + i] = (uint8_t)(crc >> 8 * i);
            }
            client other;
            client_init(&other, SITE_URL, CREATIO_RUNTIME_NET, 512);
            creatio_status status = creatio_session_restore(&other.session, forged, len);
            if (status == CREATIO_OK) {
                creatio_cookie cookie;
                for (size_t i = 0; i < 5; i++) {
                    status = creatio_session_cookie(&other.session, i, &cookie);
                    CHECK(status == CREATIO_OK || status == CREATIO_END);
                }
                free(client_lines(&other, "/odata/Contact"));
                CHECK_STATUS(client_login(&other, GOOD_LOGIN).status, CREATIO_OK);
                CHECK(creatio_session_has_ticket(&other.session));
            } else {
                CHECK(status == CREATIO_ERR_SNAPSHOT_ALTERED ||
                      status == CREATIO_ERR_SNAPSHOT_OTHER_SITE);
            }
            free(forged);
            client_free(&other);
        }
    }
    free(snapshot);
    client_free(&c);
}

static void snapshots_of_other_sites(void) {
    static const struct {
        const char *url;
        creatio_runtime runtime;
        creatio_status status;
    } SITES[] = {
        { "https://crm.example.com", CREATIO_RUNTIME_NET, CREATIO_OK },
        { "https://CRM.Example.com:443/", CREATIO_RUNTIME_NET_FRAMEWORK, CREATIO_OK },
        { "http://crm.example.com", CREATIO_RUNTIME_NET, CREATIO_ERR_SNAPSHOT_OTHER_SITE },
        { "http://crm.example.com:443", CREATIO_RUNTIME_NET, CREATIO_ERR_SNAPSHOT_OTHER_SITE },
        { "https://crm.example.com:444", CREATIO_RUNTIME_NET, CREATIO_ERR_SNAPSHOT_OTHER_SITE },
        { "https://crm.example.org", CREATIO_RUNTIME_NET, CREATIO_ERR_SNAPSHOT_OTHER_SITE },
        { "https://crm.example.com/app", CREATIO_RUNTIME_NET, CREATIO_ERR_SNAPSHOT_OTHER_SITE },
    };
    client c;
    client_init_signed_in(&c);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    for (size_t i = 0; i < sizeof SITES / sizeof SITES[0]; i++) {
        check_topic("a snapshot for %s", SITES[i].url);
        creatio_site site;
        const char *url = SITES[i].url;
        CHECK_STATUS(creatio_site_parse(&site, url, strlen(url), SITES[i].runtime), CREATIO_OK);
        restores_to(&site, 1024, snapshot, len, SITES[i].status);
    }
    free(snapshot);
    client_free(&c);
}

/* The memory takes the cookies, which are what a snapshot has more than one of no cookies. */
static void memory_for_a_snapshot(void) {
    client c, empty;
    client_init_signed_in(&c);
    client_init(&empty, SITE_URL, CREATIO_RUNTIME_NET, 0);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    size_t cookies = len - creatio_session_snapshot_len(&empty.session);
    for (size_t memory_len = 0; memory_len <= len + 1; memory_len++) {
        check_topic("a snapshot of %zu into %zu", len, memory_len);
        restores_to(&c.site, memory_len, snapshot, len,
                    memory_len < cookies ? CREATIO_ERR_MEMORY_TOO_SMALL : CREATIO_OK);
    }
    free(snapshot);
    client_free(&empty);
    client_free(&c);
}

static void restoring_with_wrong_pointers(void) {
    check_topic("restoring with wrong pointers");
    client c;
    client_init_signed_in(&c);
    size_t len;
    uint8_t *snapshot = snapshot_of(&c.session, &len);
    creatio_session none;
    memset(&none, 0, sizeof none);
    CHECK_STATUS(creatio_session_restore(NULL, snapshot, len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_restore(&none, snapshot, len), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_restore(&c.session, NULL, 1), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_restore(&c.session, NULL, 0), CREATIO_ERR_SNAPSHOT_ALTERED);
    CHECK(is_snapshot_of(&c.session, snapshot, len));
    CHECK_SIZE(creatio_session_revision(NULL), 0);
    CHECK_SIZE(creatio_session_revision(&none), 0);
    free(snapshot);
    client_free(&c);
}

void test_snapshot(void) {
    check_topic("CRC");
    CHECK(crc_of((const uint8_t *)"123456789", 9) == 0xCBF43926u);
    a_snapshot_is_written();
    an_exchange_under_way_is_not_in_it();
    a_session_is_restored();
    an_empty_session_is_restored();
    a_living_session_takes_another_snapshot();
    altered_snapshots();
    forged_snapshots();
    snapshots_of_other_sites();
    memory_for_a_snapshot();
    restoring_with_wrong_pointers();
}
