/* Refers to every function of the library, for measuring what all of it takes and for seeing that none of it can panic:
 * `cargo xtask size` links it, and nobody runs it. With BASELINE defined it refers to none. */
#include "creatio_auth.h"
#include "runtime.h"

typedef void function(void);

static function *const volatile FUNCTIONS[] = {
    NULL,
#ifndef BASELINE
    (function *)creatio_version,
    (function *)creatio_wipe,
    (function *)creatio_status_name,
    (function *)creatio_status_text,
    (function *)creatio_site_parse,
    (function *)creatio_site_host,
    (function *)creatio_site_path_of,
    (function *)creatio_encode_query,
    (function *)creatio_site_port,
    (function *)creatio_site_is_https,
    (function *)creatio_call_logout,
    (function *)creatio_call_ping,
    (function *)creatio_call_health_check,
    (function *)creatio_session_init,
    (function *)creatio_session_restore,
    (function *)creatio_session_snapshot_len,
    (function *)creatio_session_snapshot,
    (function *)creatio_session_set_time,
    (function *)creatio_session_set_head_limit,
    (function *)creatio_session_login,
    (function *)creatio_session_change_password,
    (function *)creatio_session_use_basic,
    (function *)creatio_session_token,
    (function *)creatio_session_needs_token,
    (function *)creatio_session_token_expires_at,
    (function *)creatio_session_has_authorization,
    (function *)creatio_site_identity_hint,
    (function *)creatio_exchange_is_signed_in,
    (function *)creatio_exchange_token_result,
    (function *)creatio_token_verdict_name,
    (function *)creatio_token_verdict_text,
    (function *)creatio_session_call,
    (function *)creatio_session_has_ticket,
    (function *)creatio_session_has_csrf_token,
    (function *)creatio_session_cookie,
    (function *)creatio_session_authorization_lines,
    (function *)creatio_session_clear,
    (function *)creatio_exchange_request_len,
    (function *)creatio_exchange_fill,
    (function *)creatio_exchange_feed,
    (function *)creatio_exchange_close,
    (function *)creatio_exchange_state,
    (function *)creatio_exchange_http_status,
    (function *)creatio_exchange_keeps_alive,
    (function *)creatio_exchange_login_result,
    (function *)creatio_exchange_call_result,
    (function *)creatio_exchange_field,
    (function *)creatio_verdict_name,
    (function *)creatio_verdict_text,
    (function *)creatio_call_verdict_name,
    (function *)creatio_call_verdict_text,
    (function *)creatio_renewal_init,
    (function *)creatio_renewal_after_answer,
    (function *)creatio_renewal_after_sign_in,
#endif
};

uint32_t run(void) {
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof FUNCTIONS[0]; i++) {
        if (FUNCTIONS[i] != NULL) {
            FUNCTIONS[i]();
            count++;
        }
    }
    return count;
}
