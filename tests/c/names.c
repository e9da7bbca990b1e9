/* The version, names and texts of statuses and verdicts, and the wiping of secrets. */
#include <stdio.h>
#include <string.h>

#include "support.h"

typedef struct {
    int32_t number;
    const char *name;
} named;

#define NAMED(name) { name, #name }

static const named STATUSES[] = {
    NAMED(CREATIO_OK),
    NAMED(CREATIO_MORE),
    NAMED(CREATIO_END),
    NAMED(CREATIO_ERR_NULL_POINTER),
    NAMED(CREATIO_ERR_NOT_SET_UP),
    NAMED(CREATIO_ERR_OUT_OF_TURN),
    NAMED(CREATIO_ERR_OTHER_SESSION),
    NAMED(CREATIO_ERR_NOT_A_LOGIN),
    NAMED(CREATIO_ERR_NOT_A_CALL),
    NAMED(CREATIO_ERR_NOT_A_TOKEN_REQUEST),
    NAMED(CREATIO_ERR_VERSION),
    NAMED(CREATIO_ERR_TOO_MANY_PARTS),
    NAMED(CREATIO_ERR_BAD_SCHEME),
    NAMED(CREATIO_ERR_NTLM_TOO_LONG),
    NAMED(CREATIO_ERR_NTLM_MALFORMED),
    NAMED(CREATIO_ERR_NTLM_NOT_VERSION_2),
    NAMED(CREATIO_ERR_BASIC_COLON),
    NAMED(CREATIO_ERR_BASIC_CONTROL_CHARACTER),
    NAMED(CREATIO_ERR_BASIC_TOO_LONG),
    NAMED(CREATIO_ERR_BUFFER_TOO_SMALL),
    NAMED(CREATIO_ERR_MEMORY_TOO_SMALL),
    NAMED(CREATIO_ERR_NOT_UTF8),
    NAMED(CREATIO_ERR_BAD_RUNTIME),
    NAMED(CREATIO_ERR_BAD_METHOD),
    NAMED(CREATIO_ERR_URL_SCHEME),
    NAMED(CREATIO_ERR_URL_USER_INFO),
    NAMED(CREATIO_ERR_URL_HOST),
    NAMED(CREATIO_ERR_URL_PORT),
    NAMED(CREATIO_ERR_URL_PATH),
    NAMED(CREATIO_ERR_URL_QUERY),
    NAMED(CREATIO_ERR_URL_FRAGMENT),
    NAMED(CREATIO_ERR_URL_RUNTIME_PREFIX),
    NAMED(CREATIO_ERR_URL_CHARACTER),
    NAMED(CREATIO_ERR_URL_TOO_LONG),
    NAMED(CREATIO_ERR_PATH_NO_SLASH),
    NAMED(CREATIO_ERR_PATH_CHARACTER),
    NAMED(CREATIO_ERR_PATH_TOO_LONG),
    NAMED(CREATIO_ERR_FIELD_NAME),
    NAMED(CREATIO_ERR_FIELD_VALUE),
    NAMED(CREATIO_ERR_FIELD_RESERVED),
    NAMED(CREATIO_ERR_SNAPSHOT_ALTERED),
    NAMED(CREATIO_ERR_SNAPSHOT_VERSION),
    NAMED(CREATIO_ERR_SNAPSHOT_OTHER_SITE),
    NAMED(CREATIO_ERR_CLOSED_EARLY),
    NAMED(CREATIO_ERR_HEAD_TOO_LARGE),
    NAMED(CREATIO_ERR_CONTENT_ENCODING),
    NAMED(CREATIO_ERR_BODY_TOO_LARGE),
    NAMED(CREATIO_ERR_HTTP_STATUS_LINE),
    NAMED(CREATIO_ERR_HTTP_FIELD_NAME),
    NAMED(CREATIO_ERR_HTTP_CONTROL_CHARACTER),
    NAMED(CREATIO_ERR_HTTP_BARE_CR),
    NAMED(CREATIO_ERR_HTTP_BARE_LF),
    NAMED(CREATIO_ERR_HTTP_OBSOLETE_FOLDING),
    NAMED(CREATIO_ERR_HTTP_CONTENT_LENGTH),
    NAMED(CREATIO_ERR_HTTP_TRANSFER_ENCODING),
    NAMED(CREATIO_ERR_HTTP_LENGTH_AND_CHUNKED),
    NAMED(CREATIO_ERR_HTTP_CHUNK_SIZE),
    NAMED(CREATIO_ERR_HTTP_CHUNK_END),
    NAMED(CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS),
    NAMED(CREATIO_ERR_HTTP_TLS),
    NAMED(CREATIO_ERR_JSON_MALFORMED),
    NAMED(CREATIO_ERR_JSON_CUT_OFF),
    NAMED(CREATIO_ERR_JSON_TOO_DEEP),
    NAMED(CREATIO_ERR_JSON_NOT_AN_OBJECT),
    NAMED(CREATIO_ERR_JSON_DOUBLED),
    NAMED(CREATIO_ERR_JSON_NO_CODE),
    NAMED(CREATIO_ERR_JSON_CODE),
};

static const named VERDICTS[] = {
    NAMED(CREATIO_LOGIN_AUTHENTICATED),
    NAMED(CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED),
    NAMED(CREATIO_LOGIN_REJECTED),
    NAMED(CREATIO_LOGIN_BAD_CREDENTIALS),
    NAMED(CREATIO_LOGIN_ACCESS_DENIED),
    NAMED(CREATIO_LOGIN_PAGE_REDIRECT),
    NAMED(CREATIO_LOGIN_REDIRECT),
    NAMED(CREATIO_LOGIN_HTML_CONTENT_TYPE),
    NAMED(CREATIO_LOGIN_HTML_BODY),
    NAMED(CREATIO_LOGIN_NO_TICKET),
    NAMED(CREATIO_LOGIN_UNEXPECTED_STATUS),
    NAMED(CREATIO_LOGIN_UNKNOWN_CODE),
    NAMED(CREATIO_LOGIN_NEED_GRANT_LICENSE),
    NAMED(CREATIO_LOGIN_NO_LICENSE),
    NAMED(CREATIO_LOGIN_PASSWORD_EXPIRED),
    NAMED(CREATIO_LOGIN_SECOND_FACTOR_WANTED),
    NAMED(CREATIO_LOGIN_AUTHENTICATOR_WANTED),
    NAMED(CREATIO_LOGIN_BUSY),
};

static const named CALL_VERDICTS[] = {
    NAMED(CREATIO_CALL_FINE),
    NAMED(CREATIO_CALL_ENDED_REDIRECT),
    NAMED(CREATIO_CALL_ENDED_LOGIN_PAGE),
    NAMED(CREATIO_CALL_ENDED_AUTHENTICATION_FAILED),
    NAMED(CREATIO_CALL_CSRF_MISSING),
    NAMED(CREATIO_CALL_FORBIDDEN),
    NAMED(CREATIO_CALL_UNAUTHORIZED),
    NAMED(CREATIO_CALL_WRONG_PREFIX),
    NAMED(CREATIO_CALL_NOT_FOUND),
    NAMED(CREATIO_CALL_BUSY),
    NAMED(CREATIO_CALL_SERVICE_FAILED),
    NAMED(CREATIO_CALL_NOT_JSON),
    NAMED(CREATIO_CALL_REFUSED),
    NAMED(CREATIO_CALL_SERVER_ERROR),
    NAMED(CREATIO_CALL_UNEXPECTED_STATUS),
    NAMED(CREATIO_CALL_ENDED_TOKEN_REJECTED),
    NAMED(CREATIO_CALL_ENDED_UNAUTHORIZED),
    NAMED(CREATIO_CALL_ENDED_NO_USER_CONNECTION),
    NAMED(CREATIO_CALL_ACCESS_DENIED),
    NAMED(CREATIO_CALL_RENEWED_IN_VAIN),
};

static const named TOKEN_VERDICTS[] = {
    NAMED(CREATIO_TOKEN_GRANTED),
    NAMED(CREATIO_TOKEN_INVALID_CLIENT),
    NAMED(CREATIO_TOKEN_UNAUTHORIZED_CLIENT),
    NAMED(CREATIO_TOKEN_INVALID_GRANT),
    NAMED(CREATIO_TOKEN_INVALID_SCOPE),
    NAMED(CREATIO_TOKEN_UNSUPPORTED_GRANT_TYPE),
    NAMED(CREATIO_TOKEN_INVALID_REQUEST),
    NAMED(CREATIO_TOKEN_OTHER_ERROR),
    NAMED(CREATIO_TOKEN_WRONG_HOST),
    NAMED(CREATIO_TOKEN_REDIRECT),
    NAMED(CREATIO_TOKEN_WEB_PAGE),
    NAMED(CREATIO_TOKEN_NOT_FOUND),
    NAMED(CREATIO_TOKEN_NO_TOKEN),
    NAMED(CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE),
    NAMED(CREATIO_TOKEN_BUSY),
    NAMED(CREATIO_TOKEN_UNEXPECTED_STATUS),
    NAMED(CREATIO_TOKEN_REVOKED),
    NAMED(CREATIO_TOKEN_FOUND),
    NAMED(CREATIO_TOKEN_NO_ENDPOINT),
};

static const named AUTHORIZATION_VERDICTS[] = {
    NAMED(CREATIO_AUTHORIZATION_APPROVED),
    NAMED(CREATIO_AUTHORIZATION_ACCESS_DENIED),
    NAMED(CREATIO_AUTHORIZATION_INVALID_REQUEST),
    NAMED(CREATIO_AUTHORIZATION_UNAUTHORIZED_CLIENT),
    NAMED(CREATIO_AUTHORIZATION_UNSUPPORTED_RESPONSE_TYPE),
    NAMED(CREATIO_AUTHORIZATION_INVALID_SCOPE),
    NAMED(CREATIO_AUTHORIZATION_SERVER_ERROR),
    NAMED(CREATIO_AUTHORIZATION_TEMPORARILY_UNAVAILABLE),
    NAMED(CREATIO_AUTHORIZATION_OTHER_ERROR),
    NAMED(CREATIO_AUTHORIZATION_OTHER_STATE),
    NAMED(CREATIO_AUTHORIZATION_NO_CODE),
};

static const named OAUTH_HEALTH_VERDICTS[] = {
    NAMED(CREATIO_OAUTH_HEALTH_HEALTHY),
    NAMED(CREATIO_OAUTH_HEALTH_SETTINGS_MISSING),
    NAMED(CREATIO_OAUTH_HEALTH_SERVICE_UNAVAILABLE),
    NAMED(CREATIO_OAUTH_HEALTH_NO_TOKEN),
    NAMED(CREATIO_OAUTH_HEALTH_OTHER_PROBLEM),
    NAMED(CREATIO_OAUTH_HEALTH_UNKNOWN),
};

static const named WINDOWS_VERDICTS[] = {
    NAMED(CREATIO_WINDOWS_LOGIN),
    NAMED(CREATIO_WINDOWS_CHALLENGE_RECEIVED),
    NAMED(CREATIO_WINDOWS_TOKEN_WANTED),
    NAMED(CREATIO_WINDOWS_REFUSED),
    NAMED(CREATIO_WINDOWS_SCHEME_NOT_OFFERED),
    NAMED(CREATIO_WINDOWS_BASIC_WANTED),
    NAMED(CREATIO_WINDOWS_MALFORMED_CHALLENGE),
};

typedef const char *(*word_for)(int32_t);

/* Names and texts for any number, be it one of the enumeration's or not. */
#define OF_ANY(kind)                                         \
    static const char *kind##_name_of(int32_t number) {      \
        return creatio_##kind##_name((creatio_##kind)number); \
    }                                                        \
    static const char *kind##_text_of(int32_t number) {      \
        return creatio_##kind##_text((creatio_##kind)number); \
    }

OF_ANY(status)
OF_ANY(login_verdict)
OF_ANY(call_verdict)
OF_ANY(token_verdict)
OF_ANY(authorization_verdict)
OF_ANY(oauth_health_verdict)
OF_ANY(windows_verdict)

/* Every number around has the name in the list, or "?": so nothing is missing here either. What has
 * a name has a text of its own kind, a sentence and no constant's name. */
static void all_have_names_and_texts(word_for name_of, word_for text_of, const named *all,
                                     size_t count) {
    for (int32_t number = -1000; number <= 1000; number++) {
        const char *expected = "?";
        for (size_t i = 0; i < count; i++) {
            if (all[i].number == number) {
                expected = all[i].name;
            }
        }
        check_topic("name and text of %d", (int)number);
        const char *name = name_of(number), *text = text_of(number);
        CHECK_TEXT(name, name ? strlen(name) : 0, expected);
        if (strcmp(expected, "?") == 0) {
            CHECK_TEXT(text, text ? strlen(text) : 0, "?");
        } else if (CHECK(text != NULL)) {
            CHECK(strlen(text) > 3 && strstr(text, "CREATIO_") == NULL);
        }
    }
    const int32_t FAR[] = { INT32_MIN, INT32_MAX };
    for (size_t i = 0; i < 2; i++) {
        CHECK(strcmp(name_of(FAR[i]), "?") == 0);
        CHECK(strcmp(text_of(FAR[i]), "?") == 0);
    }
}

/* Each number is that of one verdict, or has a name and words of its own, or is none. */
static void earlier_sign_ins_have_the_words_of_their_verdicts(void) {
    for (int32_t number = -1000; number <= 1000; number++) {
        check_topic("earlier sign-in %d", (int)number);
        const char *name = "?", *text = "?";
        if (number == CREATIO_EARLIER_UNREADABLE || number == CREATIO_EARLIER_LOST) {
            bool is_lost = number == CREATIO_EARLIER_LOST;
            name = is_lost ? "CREATIO_EARLIER_LOST" : "CREATIO_EARLIER_UNREADABLE";
            text = is_lost ? "several in a row were lost on their way, and nobody knows what has become of them"
                           : "its answer could not be used";
        } else if (number >= CREATIO_EARLIER_TOKEN) {
            name = token_verdict_name_of(number - CREATIO_EARLIER_TOKEN);
            text = token_verdict_text_of(number - CREATIO_EARLIER_TOKEN);
        } else if (number >= CREATIO_EARLIER_WINDOWS) {
            name = windows_verdict_name_of(number - CREATIO_EARLIER_WINDOWS);
            text = windows_verdict_text_of(number - CREATIO_EARLIER_WINDOWS);
        } else {
            name = login_verdict_name_of(number);
            text = login_verdict_text_of(number);
        }
        CHECK(strcmp(creatio_earlier_sign_in_name(number), name) == 0);
        CHECK(strcmp(creatio_earlier_sign_in_text(number), text) == 0);
    }
    CHECK(strcmp(creatio_earlier_sign_in_name(CREATIO_EARLIER_TOKEN + CREATIO_TOKEN_INVALID_CLIENT),
                 "CREATIO_TOKEN_INVALID_CLIENT") == 0);
    CHECK(strcmp(creatio_earlier_sign_in_name(CREATIO_EARLIER_WINDOWS + CREATIO_WINDOWS_REFUSED),
                 "CREATIO_WINDOWS_REFUSED") == 0);
    CHECK(strcmp(creatio_earlier_sign_in_name(CREATIO_LOGIN_REJECTED), "CREATIO_LOGIN_REJECTED") == 0);
    CHECK(strcmp(creatio_earlier_sign_in_name(0), "?") == 0);
    CHECK(strcmp(creatio_earlier_sign_in_text(INT32_MIN), "?") == 0);
    CHECK(strcmp(creatio_earlier_sign_in_text(INT32_MAX), "?") == 0);
}

/* What is worth telling apart by number is worth telling apart in words. */
static void the_texts_of_statuses_differ(void) {
    check_topic("texts of the statuses");
    const size_t COUNT = sizeof STATUSES / sizeof STATUSES[0];
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            CHECK(strcmp(status_text_of(STATUSES[i].number),
                         status_text_of(STATUSES[j].number)) != 0);
        }
    }
}

static void the_sign_says_whose_fault_a_status_is(void) {
    check_topic("signs of the statuses");
    for (size_t i = 0; i < sizeof STATUSES / sizeof STATUSES[0]; i++) {
        const char *name = STATUSES[i].name;
        bool theirs = strncmp(name, "CREATIO_ERR_HTTP_", 13) == 0 ||
                      strncmp(name, "CREATIO_ERR_JSON_", 13) == 0 ||
                      strcmp(name, "CREATIO_ERR_NTLM_MALFORMED") == 0 ||
                      strcmp(name, "CREATIO_ERR_NTLM_NOT_VERSION_2") == 0 ||
                      strcmp(name, "CREATIO_ERR_CLOSED_EARLY") == 0 ||
                      strcmp(name, "CREATIO_ERR_HEAD_TOO_LARGE") == 0 ||
                      strcmp(name, "CREATIO_ERR_CONTENT_ENCODING") == 0 ||
                      strcmp(name, "CREATIO_ERR_BODY_TOO_LARGE") == 0;
        CHECK((STATUSES[i].number <= -100) == theirs);
        CHECK((STATUSES[i].number >= 0) == (i < 3));
    }
}

static void header_and_library_are_of_one_version(void) {
    check_topic("version");
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", CREATIO_VERSION_MAJOR, CREATIO_VERSION_MINOR,
             CREATIO_VERSION_PATCH);
    CHECK(strcmp(CREATIO_VERSION, version) == 0);
    CHECK(CREATIO_VERSION_NUMBER / 10000 == CREATIO_VERSION_MAJOR);
    CHECK(CREATIO_VERSION_NUMBER / 100 % 100 == CREATIO_VERSION_MINOR);
    CHECK(CREATIO_VERSION_NUMBER % 100 == CREATIO_VERSION_PATCH);
    CHECK(strcmp(creatio_version(), CREATIO_VERSION) == 0);
}

static void wipes_all_it_is_told_to_and_nothing_else(void) {
    check_topic("wipe");
    for (size_t len = 0; len < 40; len++) {
        uint8_t *secret = guarded_new(40);
        creatio_wipe(secret, len);
        CHECK(all_bytes(secret, len, 0));
        CHECK(all_bytes(secret + len, 40 - len, UNTOUCHED));
        guarded_free(secret, 40);
    }
    creatio_wipe(NULL, 0);
    creatio_wipe(NULL, 40); /* there is no status to tell it with */
}

void test_names(void) {
    header_and_library_are_of_one_version();
    all_have_names_and_texts(status_name_of, status_text_of, STATUSES,
                             sizeof STATUSES / sizeof STATUSES[0]);
    all_have_names_and_texts(login_verdict_name_of, login_verdict_text_of, VERDICTS,
                             sizeof VERDICTS / sizeof VERDICTS[0]);
    all_have_names_and_texts(call_verdict_name_of, call_verdict_text_of, CALL_VERDICTS,
                             sizeof CALL_VERDICTS / sizeof CALL_VERDICTS[0]);
    all_have_names_and_texts(token_verdict_name_of, token_verdict_text_of, TOKEN_VERDICTS,
                             sizeof TOKEN_VERDICTS / sizeof TOKEN_VERDICTS[0]);
    all_have_names_and_texts(authorization_verdict_name_of, authorization_verdict_text_of, AUTHORIZATION_VERDICTS,
                             sizeof AUTHORIZATION_VERDICTS / sizeof AUTHORIZATION_VERDICTS[0]);
    all_have_names_and_texts(oauth_health_verdict_name_of, oauth_health_verdict_text_of, OAUTH_HEALTH_VERDICTS,
                             sizeof OAUTH_HEALTH_VERDICTS / sizeof OAUTH_HEALTH_VERDICTS[0]);
    all_have_names_and_texts(windows_verdict_name_of, windows_verdict_text_of, WINDOWS_VERDICTS,
                             sizeof WINDOWS_VERDICTS / sizeof WINDOWS_VERDICTS[0]);
    earlier_sign_ins_have_the_words_of_their_verdicts();
    the_texts_of_statuses_differ();
    the_sign_says_whose_fault_a_status_is();
    wipes_all_it_is_told_to_and_nothing_else();
}
