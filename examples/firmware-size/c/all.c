/* A firmware that uses every function of the library; with CREATIO_NO_TEXTS, every one but names and texts; with CREATIO_USUAL,
 * what most gateways come to use. */
#include "../../firmware-c/replies.h"
#include "program.h"

static uint8_t snapshot[MEMORY_SIZE];

/* Names and texts of numbers are there to be printed: here their first characters go somewhere. */
static volatile char printed;

static void print(const char *text) {
    printed = text[0];
}

static bool site(void) {
    struct machine *m = &machine;
    const char *host, *path;
    size_t host_len, path_len;

    return creatio_site_host(&m->site, &host, &host_len) == CREATIO_OK && host_len == 19 &&
           creatio_site_port(&m->site) == 443 && creatio_site_is_https(&m->site) &&
           creatio_site_path_of(&m->site, CREATIO_STR("https://example.creatio.com/0/odata/Contact?$skip=3"), &path,
                                &path_len) == CREATIO_OK &&
           path_len > 0;
}

/* Stays signed in over a restart. */
static bool restore(void) {
    struct machine *m = &machine;
    size_t len = creatio_session_snapshot_len(&m->session);

    if (len > sizeof snapshot ||
        creatio_session_snapshot(&m->session, snapshot, sizeof snapshot, &len) != CREATIO_OK) {
        return false;
    }
    creatio_session_clear(&m->session);
    if (creatio_session_restore(&m->session, snapshot, len) != CREATIO_OK) {
        return false;
    }
    creatio_wipe(snapshot, len);
    return true;
}

/* What has been said of the time since the start, and how long a head may be. */
static bool limits(void) {
    struct machine *m = &machine;

    return creatio_session_set_time(&m->session, 1795308774) == CREATIO_OK &&
           creatio_session_set_head_limit(&m->session, 65536) == CREATIO_OK;
}

static bool session(void) {
    struct machine *m = &machine;
    creatio_call ping = creatio_call_ping();
    creatio_cookie cookie;
    size_t count = 0, len;

    while (creatio_session_cookie(&m->session, count, &cookie) == CREATIO_OK) {
        count++;
    }
    /* How long the lines are, for there is no room for them here. */
    return count == 4 && creatio_session_has_ticket(&m->session) && creatio_session_has_csrf_token(&m->session) &&
           creatio_session_authorization_lines(&m->session, &ping, (char *)m->buffer, sizeof m->buffer, &len) ==
               CREATIO_ERR_BUFFER_TOO_SMALL;
}

/* One call, and what to do after its answer. */
static creatio_renewal_step call(const creatio_call *request, creatio_renewal *renewal, const char *reply, size_t reply_len) {
    struct machine *m = &machine;
    creatio_answer answer = {0};
    const char *value;
    size_t len;

    if (creatio_session_call(&m->session, request, &m->exchange) != CREATIO_OK ||
        creatio_exchange_request_len(&m->exchange, &m->session) == 0 || !exchange(reply, reply_len) ||
        creatio_exchange_http_status(&m->exchange) == 0 || !creatio_exchange_keeps_alive(&m->exchange) ||
        creatio_exchange_memory_needed(&m->exchange) != 0 ||
        creatio_exchange_call_result(&m->exchange, &m->session, &answer) != CREATIO_OK) {
        return CREATIO_RENEWAL_REPORT;
    }
#ifndef CREATIO_NO_TEXTS
    print(creatio_call_verdict_name(answer.verdict));
    print(creatio_call_verdict_text(answer.verdict));
#endif
    if (creatio_exchange_field(&m->exchange, &m->session, CREATIO_REPLY_WANTED_FIELD, &value, &len) == CREATIO_OK) {
        print(value);
    }
    return creatio_renewal_after_answer(renewal, &m->exchange, &m->session);
}

#ifndef CREATIO_USUAL
/* What may be done again, and when. */
static bool again(creatio_renewal *renewal) {
    return creatio_renewal_after_cut(renewal) == CREATIO_RENEWAL_REPEAT_LATER &&
           creatio_renewal_may_be_done_before(renewal) && creatio_retry_delay(1, 1000, 60000, 0, 0) == 1000 &&
           creatio_status_again(CREATIO_ERR_CLOSED_EARLY) == CREATIO_AGAIN_IF_REPEATABLE &&
           creatio_login_verdict_again(CREATIO_LOGIN_BUSY) == CREATIO_AGAIN_YES &&
           creatio_call_verdict_again(CREATIO_CALL_BUSY) == CREATIO_AGAIN_IF_REPEATABLE &&
           creatio_token_verdict_again(CREATIO_TOKEN_BUSY) == CREATIO_AGAIN_YES &&
           creatio_oauth_health_verdict_again(CREATIO_OAUTH_HEALTH_UNKNOWN) == CREATIO_AGAIN_YES &&
           creatio_authorization_verdict_again(CREATIO_AUTHORIZATION_APPROVED) == CREATIO_AGAIN_NO;
}
#endif

/* A call into a session that has ended, the login for it, and the call again. */
static bool calls(void) {
    struct machine *m = &machine;
    creatio_call get = {0};
    creatio_renewal renewal;
    static const char PREFIX[] = "/odata/Contact?$filter=";
    char path[64];
    size_t prefix = sizeof PREFIX - 1, len;

    for (size_t i = 0; i < prefix; i++) {
        path[i] = PREFIX[i];
    }
    if (creatio_encode_query(CREATIO_STR("Name eq 'Ann'"), path + prefix, sizeof path - prefix, &len) != CREATIO_OK) {
        return false;
    }
    get.path = path;
    get.path_len = prefix + len;
    get.wanted_field = "ETag";
    get.wanted_field_len = 4;
    get.repeatable = true;
    if (creatio_renewal_init(&renewal, &get, false) != CREATIO_OK ||
        call(&get, &renewal, CREATIO_STR(REPLY_ENDED)) != CREATIO_RENEWAL_SIGN_IN ||
        creatio_session_end(&m->session, &m->exchange) != CREATIO_OK || !log_in() ||
        creatio_renewal_after_sign_in(&renewal, &m->exchange, &m->session) != CREATIO_RENEWAL_REPEAT) {
        return false;
    }
    return call(&get, &renewal, CREATIO_STR(REPLY_CALL)) == CREATIO_RENEWAL_REPORT &&
#ifndef CREATIO_USUAL
           again(&renewal) &&
#endif
           creatio_exchange_state(&m->exchange) == CREATIO_STATE_DONE;
}

/* Signs in by all other doors, one after the other. */
static bool doors(void) {
    struct machine *m = &machine;
    creatio_credentials who = {0};
    creatio_client_credentials client = {0};
    creatio_token token = {0};
    size_t len;

    who.user_name = "Supervisor";
    who.user_name_len = 10;
    client.id = "client";
    client.id_len = 6;
#ifndef CREATIO_NO_TEXTS
    print(creatio_token_verdict_name(CREATIO_TOKEN_GRANTED));
    print(creatio_token_verdict_text(CREATIO_TOKEN_GRANTED));
#endif
    return creatio_site_identity_hint(&m->site, (char *)m->buffer, sizeof m->buffer, &len) == CREATIO_OK &&
           creatio_session_change_password(&m->session, &who, CREATIO_STR("new"), &m->exchange) == CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_LOGIN)) && creatio_exchange_is_signed_in(&m->exchange, &m->session) &&
           creatio_session_token(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_TOKEN)) &&
           creatio_exchange_token_result(&m->exchange, &m->session, &token) == CREATIO_OK && token.granted &&
           creatio_session_token_expires_at(&m->session) > 0 && !creatio_session_needs_token(&m->session, 60) &&
           creatio_session_use_basic(&m->session, &who) == CREATIO_OK &&
           creatio_session_has_authorization(&m->session);
}

static bool sign_out(void) {
    struct machine *m = &machine;
    creatio_call logout = creatio_call_logout();
    creatio_renewal renewal = {{0}};

    call(&logout, &renewal, CREATIO_STR(REPLY_LOGOUT));
    creatio_session_clear(&m->session);
    return true;
}

#ifndef CREATIO_USUAL
static bool settings(void) {
    struct machine *m = &machine;

    return creatio_session_revision(&m->session) != 0 &&
           creatio_session_set_user_agent(&m->session, CREATIO_STR("meter/2.1")) == CREATIO_OK &&
           creatio_session_set_field_lines(&m->session, CREATIO_STR("X-Gateway-Key: k\r\n")) == CREATIO_OK &&
           creatio_session_allow_sign_in(&m->session) == CREATIO_OK &&
           creatio_session_end_sign_in_delay(&m->session) == CREATIO_OK &&
           creatio_session_sign_in_delay(&m->session, NULL) && creatio_session_earlier_sign_in(&m->session) == 0 &&
           creatio_session_set_body_limit(&m->session, 65536) == CREATIO_OK &&
           !creatio_session_sign_in_drops_cookies(&m->session);
}

/* What a person approves, and the tokens that come of it. */
static bool grants(void) {
    struct machine *m = &machine;
    static const uint8_t random[CREATIO_RANDOM_LEN] = {1};
    static char url[512];
    /* In RAM of their own, so that the stack is seen by itself. */
    static creatio_client_credentials client;
    static creatio_authorization_request request;
    static creatio_authorization_response response;
    static creatio_discovery found;
    static creatio_oauth_health health;
    static creatio_token token;
    size_t len;

    client.id = "client";
    client.id_len = 6;
    request.client_id = "client";
    request.client_id_len = 6;
    request.redirect_uri = "http://127.0.0.1/";
    request.redirect_uri_len = 17;
    request.random = random;
#ifndef CREATIO_NO_TEXTS
    print(creatio_authorization_verdict_name(CREATIO_AUTHORIZATION_APPROVED));
    print(creatio_authorization_verdict_text(CREATIO_AUTHORIZATION_APPROVED));
    print(creatio_oauth_health_verdict_name(CREATIO_OAUTH_HEALTH_HEALTHY));
    print(creatio_oauth_health_verdict_text(CREATIO_OAUTH_HEALTH_HEALTHY));
#endif
    /* The challenge would be the verifier's SHA-256. */
    return creatio_authorization_verifier(&request, url, sizeof url, &len) == CREATIO_OK &&
           creatio_authorization_url(&request, &m->site, random, url, sizeof url, &len) == CREATIO_OK &&
           creatio_authorization_read(&request, url, len, &response) == CREATIO_OK &&
           response.verdict == CREATIO_AUTHORIZATION_NO_CODE &&
           creatio_session_token_by_code(&m->session, &m->site, &client, &request, CREATIO_STR("code"), &m->exchange) ==
               CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_TOKENS)) &&
           creatio_session_refresh_token(&m->session) == CREATIO_REFRESH_TOKEN_KEPT &&
           creatio_session_token_by_refresh(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_TOKENS)) &&
           creatio_session_discover(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_ENDPOINTS)) &&
           creatio_exchange_discovery_result(&m->exchange, &m->session, &found) == CREATIO_OK &&
           found.verdict == CREATIO_TOKEN_FOUND &&
           creatio_session_oauth_health(&m->session, &m->exchange) == CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_REVOKED)) &&
           creatio_exchange_oauth_health_result(&m->exchange, &m->session, &health) == CREATIO_OK &&
           health.verdict == CREATIO_OAUTH_HEALTH_UNKNOWN &&
           creatio_session_revoke(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_REVOKED)) &&
           creatio_exchange_token_result(&m->exchange, &m->session, &token) == CREATIO_OK &&
           token.verdict == CREATIO_TOKEN_REVOKED;
}

/* Windows authentication, up to the challenge. */
static bool windows(void) {
    struct machine *m = &machine;
    static creatio_windows answer;
#ifdef CREATIO_NTLM
    static const uint8_t random[CREATIO_NTLM_RANDOM_LEN] = {1};
    static creatio_ntlm_credentials user;
    size_t len;

    if (creatio_ntlm_token(&user, 0, NULL, 0, random, m->buffer, sizeof m->buffer, &len) != CREATIO_OK) {
        return false;
    }
#endif
#ifndef CREATIO_NO_TEXTS
    print(creatio_windows_verdict_name(CREATIO_WINDOWS_LOGIN));
    print(creatio_windows_verdict_text(CREATIO_WINDOWS_LOGIN));
    print(creatio_earlier_sign_in_name(CREATIO_EARLIER_LOST));
    print(creatio_earlier_sign_in_text(CREATIO_EARLIER_LOST));
#endif
    return creatio_session_windows_login(&m->session, CREATIO_WINDOWS_SCHEME_NTLM, "NTLMSSP", 7, &m->exchange) == CREATIO_OK &&
           exchange(CREATIO_STR(REPLY_CHALLENGE)) &&
           creatio_exchange_windows_result(&m->exchange, &m->session, &answer) == CREATIO_OK &&
           answer.verdict == CREATIO_WINDOWS_CHALLENGE_RECEIVED && answer.challenge_len == 3;
}

/* A call that another HTTP client makes. */
static bool foreign(void) {
    struct machine *m = &machine;
    creatio_call get = {0};
    creatio_fed fed;
    const char *name;
    size_t len;

    get.path = "/odata/Contact";
    get.path_len = 14;
    return creatio_session_call(&m->session, &get, &m->exchange) == CREATIO_OK &&
           creatio_exchange_request_part(&m->exchange, &m->session, CREATIO_REQUEST_TARGET, m->buffer, sizeof m->buffer,
                                         &len) == CREATIO_OK &&
           creatio_exchange_may_be_sent_again(&m->exchange) &&
           creatio_exchange_failed_field(&m->exchange, &name, &len) == CREATIO_END &&
           creatio_encode_json(CREATIO_STR("Ann"), (char *)m->buffer, sizeof m->buffer, &len) == CREATIO_OK &&
           creatio_exchange_feed_field(&m->exchange, &m->session, CREATIO_STR("Date"), CREATIO_STR("")) == CREATIO_OK &&
           creatio_exchange_end_head(&m->exchange, &m->session, 200) == CREATIO_MORE &&
           creatio_exchange_feed(&m->exchange, &m->session, "{}", 2, &fed) == CREATIO_MORE &&
           creatio_exchange_close(&m->exchange, &m->session) == CREATIO_OK;
}

/* The body of a batch, and the answer to it. */
static bool batch(void) {
    struct machine *m = &machine;
    static const char ANSWER[] = "{\"responses\":[{\"id\":\"p0\",\"status\":201}]}";
    creatio_batch_writer writer;
    creatio_batch_reader reader;
    creatio_batch_part part = {0};
    creatio_batch_answer answer;
    size_t len, consumed;

    part.method = CREATIO_METHOD_POST;
    part.url = "Contact";
    part.url_len = 7;
    return creatio_batch_writer_init(&writer) == CREATIO_OK &&
           creatio_batch_writer_fill(&writer, &part, m->buffer, sizeof m->buffer, &len) == CREATIO_OK &&
           creatio_batch_writer_skip(&writer, NULL, &len) == CREATIO_OK && len == 2 &&
           creatio_batch_reader_init(&reader, 1, m->buffer, sizeof m->buffer) == CREATIO_OK &&
           creatio_batch_reader_feed(&reader, ANSWER, sizeof ANSWER - 1, &consumed, &answer) == CREATIO_OK &&
           answer.is_fine && creatio_batch_reader_outcome(&reader, 0) == CREATIO_BATCH_ANSWERED;
}

/* Asks which runtime the site has; the answer says nothing yet. */
static bool probe(void) {
    struct machine *m = &machine;
    creatio_runtime_probe probe;
    creatio_renewal renewal = {{0}};

    if (creatio_runtime_probe_init(&probe) != CREATIO_OK || creatio_call_health_check(CREATIO_RUNTIME_NET).path_len == 0) {
        return false;
    }
    creatio_call check = creatio_runtime_probe_call(&probe);
    call(&check, &renewal, CREATIO_STR(REPLY_ENDED));
    return creatio_runtime_probe_after_answer(&probe, &m->exchange, &m->session) == CREATIO_PROBE_ASK_LATER;
}
#endif

bool run(void) {
    print(creatio_version());
#ifndef CREATIO_NO_TEXTS
    print(creatio_status_name(CREATIO_OK));
    print(creatio_status_text(CREATIO_OK));
    print(creatio_login_verdict_name(CREATIO_LOGIN_AUTHENTICATED));
    print(creatio_login_verdict_text(CREATIO_LOGIN_AUTHENTICATED));
#endif
    return sign_in(MEMORY_SIZE) && site() && restore() && limits() && session() && calls() &&
#ifndef CREATIO_USUAL
           settings() && foreign() && batch() && grants() && windows() && probe() &&
#endif
           doors() && sign_out();
}
