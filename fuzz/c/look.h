/* What is looked at: results, words and numbers. Whatever the exchange and the session are, it gives out what can be read. */

#ifndef LOOK_H
#define LOOK_H

#include "input.h"

static void check_words(const char *name, const char *text, long number) {
    if (strncmp(name, "CREATIO_", 8) != 0 || text[0] == '?')
        fail("no such verdict", number);
}

static void look(const creatio_exchange *exchange, const creatio_session *session) {
    creatio_login login;
    creatio_answer answer;
    creatio_token token;
    creatio_windows windows;
    creatio_discovery discovery;
    creatio_oauth_health health;
    creatio_cookie cookie;
    const char *name = NULL;
    size_t len = 0;
    memset(&login, 0x5A, sizeof login);
    memset(&answer, 0x5A, sizeof answer);
    memset(&token, 0x5A, sizeof token);
    memset(&windows, 0x5A, sizeof windows);
    memset(&discovery, 0x5A, sizeof discovery);
    memset(&health, 0x5A, sizeof health);
    creatio_status status = creatio_exchange_login_result(exchange, session, &login);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&login.message), check_text(&login.exception_message), check_text(&login.exception_type);
        check_text(&login.password_change_url), check_text(&login.redirect_url), check_text(&login.user_type);
        if (login.authenticated != creatio_exchange_is_signed_in(exchange, session))
            fail("signed in or not", login.verdict);
        check_words(creatio_login_verdict_name(login.verdict), creatio_login_verdict_text(login.verdict), login.verdict);
    }
    status = creatio_exchange_call_result(exchange, session, &answer);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&answer.message), check_text(&answer.inner_message);
        check_text(&answer.next_link), check_text(&answer.error_code);
        check_words(creatio_call_verdict_name(answer.verdict), creatio_call_verdict_text(answer.verdict), answer.verdict);
    }
    status = creatio_exchange_token_result(exchange, session, &token);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&token.error), check_text(&token.error_description);
        check_words(creatio_token_verdict_name(token.verdict), creatio_token_verdict_text(token.verdict), token.verdict);
    }
    status = creatio_exchange_windows_result(exchange, session, &windows);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&windows.message), readable(windows.challenge, windows.challenge_len);
        check_words(creatio_windows_verdict_name(windows.verdict), creatio_windows_verdict_text(windows.verdict),
                    windows.verdict);
        if (windows.authenticated != creatio_exchange_is_signed_in(exchange, session))
            fail("signed in by Windows authentication or not", windows.verdict);
        if ((windows.verdict == CREATIO_WINDOWS_LOGIN) != (creatio_login_verdict_name(windows.login)[0] != '?'))
            fail("a login without its verdict", windows.login);
        if ((windows.challenge == NULL) != (windows.challenge_len == 0))
            fail("a challenge and none", (long)windows.challenge_len);
    }
    status = creatio_exchange_discovery_result(exchange, session, &discovery);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&discovery.token_endpoint), check_text(&discovery.authorization_endpoint);
        check_text(&discovery.revocation_endpoint);
        check_words(creatio_token_verdict_name(discovery.verdict), creatio_token_verdict_text(discovery.verdict),
                    discovery.verdict);
    }
    status = creatio_exchange_oauth_health_result(exchange, session, &health);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&health.message);
        check_words(creatio_oauth_health_verdict_name(health.verdict), creatio_oauth_health_verdict_text(health.verdict),
                    health.verdict);
    }
    for (int field = -1; field < 4; field++) {
        status = creatio_exchange_field(exchange, session, field, &name, &len);
        check_status(status);
        if (status == CREATIO_OK)
            readable(name, len);
    }
    for (size_t index = 0; index < 70; index++) {
        status = creatio_session_cookie(session, index, &cookie);
        check_status(status);
        if (status != CREATIO_OK)
            break;
        readable(cookie.name, cookie.name_len), readable(cookie.path, cookie.path_len);
    }
    if (creatio_exchange_failed_field(exchange, &name, &len) == CREATIO_OK)
        readable(name, len);
    if (creatio_exchange_state(exchange) == CREATIO_STATE_FAILED && creatio_exchange_keeps_alive(exchange))
        fail("a failed exchange keeps its connection", 0);
    creatio_exchange_http_status(exchange), creatio_exchange_may_be_sent_again(exchange);
    creatio_exchange_memory_needed(exchange);
}

/* Of any number: a name and a text, or neither, and what may be done again. */
static void look_at_words(int32_t number) {
    const char *const words[][2] = {
        {creatio_status_name(number), creatio_status_text(number)},
        {creatio_login_verdict_name(number), creatio_login_verdict_text(number)},
        {creatio_call_verdict_name(number), creatio_call_verdict_text(number)},
        {creatio_token_verdict_name(number), creatio_token_verdict_text(number)},
        {creatio_authorization_verdict_name(number), creatio_authorization_verdict_text(number)},
        {creatio_oauth_health_verdict_name(number), creatio_oauth_health_verdict_text(number)},
        {creatio_windows_verdict_name(number), creatio_windows_verdict_text(number)},
        {creatio_earlier_sign_in_name(number), creatio_earlier_sign_in_text(number)},
    };
    const creatio_again again[] = {
        creatio_status_again(number),        creatio_login_verdict_again(number),
        creatio_call_verdict_again(number),  creatio_token_verdict_again(number),
        creatio_oauth_health_verdict_again(number), creatio_authorization_verdict_again(number),
    };
    for (size_t at = 0; at < sizeof words / sizeof words[0]; at++) {
        if ((strcmp(words[at][0], "?") == 0) != (strcmp(words[at][1], "?") == 0))
            fail("a name without a text, or a text without a name", number);
    }
    for (size_t at = 0; at < sizeof again / sizeof again[0]; at++) {
        if (again[at] < CREATIO_AGAIN_NO || again[at] > CREATIO_AGAIN_YES)
            fail("neither yes nor no", again[at]);
    }
}

static void look_at_delay(uint32_t attempt, uint32_t min, uint32_t max, uint32_t jitter, uint32_t retry_after) {
    uint32_t delay = creatio_retry_delay(attempt, min, max, jitter, retry_after);
    uint32_t least = retry_after < CREATIO_MAX_WAIT ? retry_after * 1000 : CREATIO_MAX_WAIT * 1000;
    if (delay < least || (retry_after == 0 && min <= max && (delay < min || delay > max)))
        fail("a delay that is none", (long)delay);
}

#endif
