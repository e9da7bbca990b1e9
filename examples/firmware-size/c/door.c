/* A firmware that signs in and has one door of OAuth 2.0 or of Windows authentication besides, the one that is defined. */
#include "program.h"

#define RANDOM {1}

/* Nothing of it is sent: what a door links is all that is asked. */
bool run(void) {
    struct machine *m = &machine;
#if defined(DOOR_HEALTH)
    creatio_oauth_health health;
#elif defined(DOOR_WINDOWS)
    creatio_windows windows;
#elif defined(DOOR_NTLM)
    static const uint8_t random[CREATIO_NTLM_RANDOM_LEN] = RANDOM;
    creatio_ntlm_credentials user = {0};
    size_t len;
#else
    creatio_client_credentials client = {0};
#if defined(DOOR_DISCOVERY)
    creatio_discovery found;
#else
    creatio_token token;
#endif
#endif
#if defined(DOOR_CODE)
    static const uint8_t random[CREATIO_RANDOM_LEN] = RANDOM;
    creatio_authorization_request request = {0};
    creatio_authorization_response response;
    size_t len;
#endif

    if (!sign_in(MEMORY_SIZE)) {
        return false;
    }
#if defined(DOOR_TOKEN)
    return creatio_session_token(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           creatio_exchange_token_result(&m->exchange, &m->session, &token) == CREATIO_OK && token.granted;
#elif defined(DOOR_REFRESH)
    return creatio_session_refresh_token(&m->session) == CREATIO_REFRESH_TOKEN_KEPT &&
           creatio_session_token_by_refresh(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           creatio_exchange_token_result(&m->exchange, &m->session, &token) == CREATIO_OK && token.granted;
#elif defined(DOOR_CODE)
    request.random = random;
    return creatio_authorization_verifier(&request, m->buffer, sizeof m->buffer, &len) == CREATIO_OK &&
           creatio_authorization_url(&request, &m->site, m->buffer, (char *)m->buffer, sizeof m->buffer, &len) == CREATIO_OK &&
           creatio_authorization_read(&request, m->buffer, len, &response) == CREATIO_OK &&
           creatio_session_token_by_code(&m->session, &m->site, &client, &request, response.code.text, response.code.len,
                                         &m->exchange) == CREATIO_OK &&
           creatio_exchange_token_result(&m->exchange, &m->session, &token) == CREATIO_OK && token.granted;
#elif defined(DOOR_REVOCATION)
    return creatio_session_revoke(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           creatio_exchange_token_result(&m->exchange, &m->session, &token) == CREATIO_OK &&
           token.verdict == CREATIO_TOKEN_REVOKED;
#elif defined(DOOR_DISCOVERY)
    return creatio_session_discover(&m->session, &m->site, &client, &m->exchange) == CREATIO_OK &&
           creatio_exchange_discovery_result(&m->exchange, &m->session, &found) == CREATIO_OK &&
           found.verdict == CREATIO_TOKEN_FOUND;
#elif defined(DOOR_HEALTH)
    return creatio_session_oauth_health(&m->session, &m->exchange) == CREATIO_OK &&
           creatio_exchange_oauth_health_result(&m->exchange, &m->session, &health) == CREATIO_OK &&
           health.verdict == CREATIO_OAUTH_HEALTH_HEALTHY;
#elif defined(DOOR_WINDOWS)
    return creatio_session_windows_login(&m->session, CREATIO_WINDOWS_SCHEME_NEGOTIATE, m->buffer, sizeof m->buffer,
                                         &m->exchange) == CREATIO_OK &&
           creatio_exchange_windows_result(&m->exchange, &m->session, &windows) == CREATIO_OK && windows.authenticated;
#elif defined(DOOR_NTLM)
    return creatio_ntlm_token(&user, 0, m->memory, MEMORY_SIZE, random, m->buffer, sizeof m->buffer, &len) == CREATIO_OK;
#endif
}
