/** creatio_auth_words.hpp: statuses, verdicts and the like of creatio_auth.hpp, as enum classes.
 *
 * What each means stands beside the same name in creatio_auth.h.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef CREATIO_AUTH_WORDS_HPP
#define CREATIO_AUTH_WORDS_HPP

#include <cstdint>

#include "creatio_auth.h"

namespace creatio {

/// What a function returns: `ok`, `more` and `end`, or an error.
enum class [[nodiscard]] Status : std::int32_t {
    ok = CREATIO_OK,
    more = CREATIO_MORE,
    end = CREATIO_END,
    null_pointer = CREATIO_ERR_NULL_POINTER,
    not_set_up = CREATIO_ERR_NOT_SET_UP,
    out_of_turn = CREATIO_ERR_OUT_OF_TURN,
    other_session = CREATIO_ERR_OTHER_SESSION,
    not_a_login = CREATIO_ERR_NOT_A_LOGIN,
    buffer_too_small = CREATIO_ERR_BUFFER_TOO_SMALL,
    memory_too_small = CREATIO_ERR_MEMORY_TOO_SMALL,
    not_utf8 = CREATIO_ERR_NOT_UTF8,
    not_a_call = CREATIO_ERR_NOT_A_CALL,
    bad_runtime = CREATIO_ERR_BAD_RUNTIME,
    bad_method = CREATIO_ERR_BAD_METHOD,
    not_a_token_request = CREATIO_ERR_NOT_A_TOKEN_REQUEST,
    version = CREATIO_ERR_VERSION,
    too_many_parts = CREATIO_ERR_TOO_MANY_PARTS,
    bad_scheme = CREATIO_ERR_BAD_SCHEME,
    url_scheme = CREATIO_ERR_URL_SCHEME,
    url_user_info = CREATIO_ERR_URL_USER_INFO,
    url_host = CREATIO_ERR_URL_HOST,
    url_port = CREATIO_ERR_URL_PORT,
    url_path = CREATIO_ERR_URL_PATH,
    url_query = CREATIO_ERR_URL_QUERY,
    url_fragment = CREATIO_ERR_URL_FRAGMENT,
    url_runtime_prefix = CREATIO_ERR_URL_RUNTIME_PREFIX,
    url_character = CREATIO_ERR_URL_CHARACTER,
    url_too_long = CREATIO_ERR_URL_TOO_LONG,
    path_no_slash = CREATIO_ERR_PATH_NO_SLASH,
    path_character = CREATIO_ERR_PATH_CHARACTER,
    path_too_long = CREATIO_ERR_PATH_TOO_LONG,
    field_name = CREATIO_ERR_FIELD_NAME,
    field_value = CREATIO_ERR_FIELD_VALUE,
    field_reserved = CREATIO_ERR_FIELD_RESERVED,
    snapshot_altered = CREATIO_ERR_SNAPSHOT_ALTERED,
    snapshot_version = CREATIO_ERR_SNAPSHOT_VERSION,
    snapshot_other_site = CREATIO_ERR_SNAPSHOT_OTHER_SITE,
    basic_colon = CREATIO_ERR_BASIC_COLON,
    basic_control_character = CREATIO_ERR_BASIC_CONTROL_CHARACTER,
    basic_too_long = CREATIO_ERR_BASIC_TOO_LONG,
    ntlm_too_long = CREATIO_ERR_NTLM_TOO_LONG,
    closed_early = CREATIO_ERR_CLOSED_EARLY,
    head_too_large = CREATIO_ERR_HEAD_TOO_LARGE,
    content_encoding = CREATIO_ERR_CONTENT_ENCODING,
    body_too_large = CREATIO_ERR_BODY_TOO_LARGE,
    ntlm_malformed = CREATIO_ERR_NTLM_MALFORMED,
    ntlm_not_version_2 = CREATIO_ERR_NTLM_NOT_VERSION_2,
    http_status_line = CREATIO_ERR_HTTP_STATUS_LINE,
    http_field_name = CREATIO_ERR_HTTP_FIELD_NAME,
    http_control_character = CREATIO_ERR_HTTP_CONTROL_CHARACTER,
    http_bare_cr = CREATIO_ERR_HTTP_BARE_CR,
    http_bare_lf = CREATIO_ERR_HTTP_BARE_LF,
    http_obsolete_folding = CREATIO_ERR_HTTP_OBSOLETE_FOLDING,
    http_content_length = CREATIO_ERR_HTTP_CONTENT_LENGTH,
    http_transfer_encoding = CREATIO_ERR_HTTP_TRANSFER_ENCODING,
    http_length_and_chunked = CREATIO_ERR_HTTP_LENGTH_AND_CHUNKED,
    http_chunk_size = CREATIO_ERR_HTTP_CHUNK_SIZE,
    http_chunk_end = CREATIO_ERR_HTTP_CHUNK_END,
    http_switching_protocols = CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS,
    http_tls = CREATIO_ERR_HTTP_TLS,
    json_malformed = CREATIO_ERR_JSON_MALFORMED,
    json_cut_off = CREATIO_ERR_JSON_CUT_OFF,
    json_too_deep = CREATIO_ERR_JSON_TOO_DEEP,
    json_not_an_object = CREATIO_ERR_JSON_NOT_AN_OBJECT,
    json_doubled = CREATIO_ERR_JSON_DOUBLED,
    json_no_code = CREATIO_ERR_JSON_NO_CODE,
    json_code = CREATIO_ERR_JSON_CODE,
};

/// Where an exchange is.
enum class State : std::int32_t {
    ready = CREATIO_STATE_READY,
    sending = CREATIO_STATE_SENDING,
    receiving = CREATIO_STATE_RECEIVING,
    done = CREATIO_STATE_DONE,
    failed = CREATIO_STATE_FAILED,
    not_set_up = CREATIO_STATE_NOT_SET_UP,
};

/// What the answer to a login means.
enum class LoginVerdict : std::int32_t {
    authenticated = CREATIO_LOGIN_AUTHENTICATED,
    password_change_advised = CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED,
    rejected = CREATIO_LOGIN_REJECTED,
    bad_credentials = CREATIO_LOGIN_BAD_CREDENTIALS,
    access_denied = CREATIO_LOGIN_ACCESS_DENIED,
    login_page_redirect = CREATIO_LOGIN_PAGE_REDIRECT,
    redirect = CREATIO_LOGIN_REDIRECT,
    html_content_type = CREATIO_LOGIN_HTML_CONTENT_TYPE,
    html_body = CREATIO_LOGIN_HTML_BODY,
    no_ticket = CREATIO_LOGIN_NO_TICKET,
    unexpected_status = CREATIO_LOGIN_UNEXPECTED_STATUS,
    unknown_code = CREATIO_LOGIN_UNKNOWN_CODE,
    need_grant_license = CREATIO_LOGIN_NEED_GRANT_LICENSE,
    no_license = CREATIO_LOGIN_NO_LICENSE,
    password_expired = CREATIO_LOGIN_PASSWORD_EXPIRED,
    second_factor_wanted = CREATIO_LOGIN_SECOND_FACTOR_WANTED,
    authenticator_wanted = CREATIO_LOGIN_AUTHENTICATOR_WANTED,
    busy = CREATIO_LOGIN_BUSY,
};

/// What the answer to a call means.
enum class CallVerdict : std::int32_t {
    fine = CREATIO_CALL_FINE,
    ended_redirect = CREATIO_CALL_ENDED_REDIRECT,
    ended_login_page = CREATIO_CALL_ENDED_LOGIN_PAGE,
    ended_authentication_failed = CREATIO_CALL_ENDED_AUTHENTICATION_FAILED,
    csrf_missing = CREATIO_CALL_CSRF_MISSING,
    forbidden = CREATIO_CALL_FORBIDDEN,
    unauthorized = CREATIO_CALL_UNAUTHORIZED,
    wrong_prefix = CREATIO_CALL_WRONG_PREFIX,
    not_found = CREATIO_CALL_NOT_FOUND,
    busy = CREATIO_CALL_BUSY,
    service_failed = CREATIO_CALL_SERVICE_FAILED,
    not_json = CREATIO_CALL_NOT_JSON,
    refused = CREATIO_CALL_REFUSED,
    server_error = CREATIO_CALL_SERVER_ERROR,
    unexpected_status = CREATIO_CALL_UNEXPECTED_STATUS,
    ended_token_rejected = CREATIO_CALL_ENDED_TOKEN_REJECTED,
    ended_unauthorized = CREATIO_CALL_ENDED_UNAUTHORIZED,
    ended_no_user_connection = CREATIO_CALL_ENDED_NO_USER_CONNECTION,
    access_denied = CREATIO_CALL_ACCESS_DENIED,
    renewed_in_vain = CREATIO_CALL_RENEWED_IN_VAIN,
};

/// What the answer to a request for a token means.
enum class TokenVerdict : std::int32_t {
    granted = CREATIO_TOKEN_GRANTED,
    invalid_client = CREATIO_TOKEN_INVALID_CLIENT,
    unauthorized_client = CREATIO_TOKEN_UNAUTHORIZED_CLIENT,
    invalid_grant = CREATIO_TOKEN_INVALID_GRANT,
    invalid_scope = CREATIO_TOKEN_INVALID_SCOPE,
    unsupported_grant_type = CREATIO_TOKEN_UNSUPPORTED_GRANT_TYPE,
    invalid_request = CREATIO_TOKEN_INVALID_REQUEST,
    other_error = CREATIO_TOKEN_OTHER_ERROR,
    wrong_host = CREATIO_TOKEN_WRONG_HOST,
    redirect = CREATIO_TOKEN_REDIRECT,
    web_page = CREATIO_TOKEN_WEB_PAGE,
    not_found = CREATIO_TOKEN_NOT_FOUND,
    no_token = CREATIO_TOKEN_NO_TOKEN,
    unsupported_token_type = CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE,
    busy = CREATIO_TOKEN_BUSY,
    unexpected_status = CREATIO_TOKEN_UNEXPECTED_STATUS,
    revoked = CREATIO_TOKEN_REVOKED,
    found = CREATIO_TOKEN_FOUND,
    no_endpoint = CREATIO_TOKEN_NO_ENDPOINT,
};

/// What is known of a session's refresh token.
enum class RefreshToken : std::int32_t {
    none = CREATIO_REFRESH_TOKEN_NONE,
    kept = CREATIO_REFRESH_TOKEN_KEPT,
    maybe_spent = CREATIO_REFRESH_TOKEN_MAYBE_SPENT,
};

/// What is wrong with a site's connection to the identity service.
enum class OauthHealthVerdict : std::int32_t {
    healthy = CREATIO_OAUTH_HEALTH_HEALTHY,
    settings_missing = CREATIO_OAUTH_HEALTH_SETTINGS_MISSING,
    service_unavailable = CREATIO_OAUTH_HEALTH_SERVICE_UNAVAILABLE,
    no_token = CREATIO_OAUTH_HEALTH_NO_TOKEN,
    other_problem = CREATIO_OAUTH_HEALTH_OTHER_PROBLEM,
    unknown = CREATIO_OAUTH_HEALTH_UNKNOWN,
};

/// What it means that a browser comes back from the page where a person approves.
enum class AuthorizationVerdict : std::int32_t {
    approved = CREATIO_AUTHORIZATION_APPROVED,
    access_denied = CREATIO_AUTHORIZATION_ACCESS_DENIED,
    invalid_request = CREATIO_AUTHORIZATION_INVALID_REQUEST,
    unauthorized_client = CREATIO_AUTHORIZATION_UNAUTHORIZED_CLIENT,
    unsupported_response_type = CREATIO_AUTHORIZATION_UNSUPPORTED_RESPONSE_TYPE,
    invalid_scope = CREATIO_AUTHORIZATION_INVALID_SCOPE,
    server_error = CREATIO_AUTHORIZATION_SERVER_ERROR,
    temporarily_unavailable = CREATIO_AUTHORIZATION_TEMPORARILY_UNAVAILABLE,
    other_error = CREATIO_AUTHORIZATION_OTHER_ERROR,
    other_state = CREATIO_AUTHORIZATION_OTHER_STATE,
    no_code = CREATIO_AUTHORIZATION_NO_CODE,
};

/// A scheme of Windows authentication.
enum class WindowsScheme : std::int32_t {
    negotiate = CREATIO_WINDOWS_SCHEME_NEGOTIATE,
    ntlm = CREATIO_WINDOWS_SCHEME_NTLM,
};

/// What the answer to a login by Windows authentication means.
enum class WindowsVerdict : std::int32_t {
    login = CREATIO_WINDOWS_LOGIN,
    challenge_received = CREATIO_WINDOWS_CHALLENGE_RECEIVED,
    token_wanted = CREATIO_WINDOWS_TOKEN_WANTED,
    refused = CREATIO_WINDOWS_REFUSED,
    scheme_not_offered = CREATIO_WINDOWS_SCHEME_NOT_OFFERED,
    basic_wanted = CREATIO_WINDOWS_BASIC_WANTED,
    malformed_challenge = CREATIO_WINDOWS_MALFORMED_CHALLENGE,
};

/// What a RuntimeProbe wants to be done next.
enum class ProbeStep : std::int32_t {
    found_net_framework = CREATIO_PROBE_FOUND_NET_FRAMEWORK,
    found_net = CREATIO_PROBE_FOUND_NET,
    ask = CREATIO_PROBE_ASK,
    ask_later = CREATIO_PROBE_ASK_LATER,
    no_health_check = CREATIO_PROBE_NO_HEALTH_CHECK,
};

/// Whether the same request may be sent again.
enum class Again : std::int32_t {
    no = CREATIO_AGAIN_NO,
    if_repeatable = CREATIO_AGAIN_IF_REPEATABLE,
    yes = CREATIO_AGAIN_YES,
};

/// What is known of a part of a batch.
enum class BatchOutcome : std::int32_t {
    unknown = CREATIO_BATCH_UNKNOWN,
    not_done = CREATIO_BATCH_NOT_DONE,
    answered = CREATIO_BATCH_ANSWERED,
};

/// What a Renewal wants to be done next.
enum class RenewalStep : std::int32_t {
    report = CREATIO_RENEWAL_REPORT,
    sign_in = CREATIO_RENEWAL_SIGN_IN,
    repeat = CREATIO_RENEWAL_REPEAT,
    repeat_later = CREATIO_RENEWAL_REPEAT_LATER,
    sign_in_later = CREATIO_RENEWAL_SIGN_IN_LATER,
};

/// Which of the two server runtimes a site runs on.
enum class Runtime : std::int32_t {
    net_framework = CREATIO_RUNTIME_NET_FRAMEWORK,
    net = CREATIO_RUNTIME_NET,
};

/// The method of a call.
enum class Method : std::int32_t {
    get = CREATIO_METHOD_GET,
    head = CREATIO_METHOD_HEAD,
    post = CREATIO_METHOD_POST,
    put = CREATIO_METHOD_PUT,
    patch = CREATIO_METHOD_PATCH,
    delete_ = CREATIO_METHOD_DELETE,
};

/// A field of the reply to a call.
enum class ReplyField : std::int32_t {
    content_type = CREATIO_REPLY_CONTENT_TYPE,
    location = CREATIO_REPLY_LOCATION,
    wanted_field = CREATIO_REPLY_WANTED_FIELD,
};

/// A part of a request, for another HTTP client.
enum class RequestPart : std::int32_t {
    method = CREATIO_REQUEST_METHOD,
    target = CREATIO_REQUEST_TARGET,
    fields = CREATIO_REQUEST_FIELDS,
    body = CREATIO_REQUEST_BODY,
};

/// Whether there is an error: yours to mend, or the peer's.
[[nodiscard]] constexpr bool is_error(Status status) noexcept { return static_cast<std::int32_t>(status) < 0; }

/// Whether the same request may be sent again.
[[nodiscard]] inline Again again(Status status) noexcept {
    return static_cast<Again>(creatio_status_again(static_cast<creatio_status>(status)));
}
[[nodiscard]] inline Again again(LoginVerdict verdict) noexcept {
    return static_cast<Again>(creatio_login_verdict_again(static_cast<creatio_login_verdict>(verdict)));
}
[[nodiscard]] inline Again again(CallVerdict verdict) noexcept {
    return static_cast<Again>(creatio_call_verdict_again(static_cast<creatio_call_verdict>(verdict)));
}
[[nodiscard]] inline Again again(TokenVerdict verdict) noexcept {
    return static_cast<Again>(creatio_token_verdict_again(static_cast<creatio_token_verdict>(verdict)));
}

[[nodiscard]] inline Again again(OauthHealthVerdict verdict) noexcept {
    return static_cast<Again>(creatio_oauth_health_verdict_again(static_cast<creatio_oauth_health_verdict>(verdict)));
}
[[nodiscard]] inline Again again(AuthorizationVerdict verdict) noexcept {
    return static_cast<Again>(creatio_authorization_verdict_again(static_cast<creatio_authorization_verdict>(verdict)));
}

/// How many milliseconds to wait before a request is sent again.
[[nodiscard]] inline std::uint32_t retry_delay(std::uint32_t attempt, std::uint32_t min, std::uint32_t max,
                                               std::uint32_t jitter, std::uint32_t retry_after = 0) noexcept {
    return creatio_retry_delay(attempt, min, max, jitter, retry_after);
}

#ifndef CREATIO_NO_TEXTS
/// The name in C, for logs: "CREATIO_ERR_CLOSED_EARLY".
[[nodiscard]] inline const char *name(Status status) noexcept {
    return creatio_status_name(static_cast<creatio_status>(status));
}
[[nodiscard]] inline const char *name(LoginVerdict verdict) noexcept {
    return creatio_login_verdict_name(static_cast<creatio_login_verdict>(verdict));
}
[[nodiscard]] inline const char *name(CallVerdict verdict) noexcept {
    return creatio_call_verdict_name(static_cast<creatio_call_verdict>(verdict));
}
[[nodiscard]] inline const char *name(TokenVerdict verdict) noexcept {
    return creatio_token_verdict_name(static_cast<creatio_token_verdict>(verdict));
}
[[nodiscard]] inline const char *name(OauthHealthVerdict verdict) noexcept {
    return creatio_oauth_health_verdict_name(static_cast<creatio_oauth_health_verdict>(verdict));
}
[[nodiscard]] inline const char *name(AuthorizationVerdict verdict) noexcept {
    return creatio_authorization_verdict_name(static_cast<creatio_authorization_verdict>(verdict));
}
[[nodiscard]] inline const char *name(WindowsVerdict verdict) noexcept {
    return creatio_windows_verdict_name(static_cast<creatio_windows_verdict>(verdict));
}
/// Of the number that Session::earlier_sign_in() gives.
[[nodiscard]] inline const char *earlier_sign_in_name(std::int32_t earlier) noexcept {
    return creatio_earlier_sign_in_name(earlier);
}

/// What it means and what to do about it, in a sentence, for people.
[[nodiscard]] inline const char *text(Status status) noexcept {
    return creatio_status_text(static_cast<creatio_status>(status));
}
[[nodiscard]] inline const char *text(LoginVerdict verdict) noexcept {
    return creatio_login_verdict_text(static_cast<creatio_login_verdict>(verdict));
}
[[nodiscard]] inline const char *text(CallVerdict verdict) noexcept {
    return creatio_call_verdict_text(static_cast<creatio_call_verdict>(verdict));
}
[[nodiscard]] inline const char *text(TokenVerdict verdict) noexcept {
    return creatio_token_verdict_text(static_cast<creatio_token_verdict>(verdict));
}
[[nodiscard]] inline const char *text(OauthHealthVerdict verdict) noexcept {
    return creatio_oauth_health_verdict_text(static_cast<creatio_oauth_health_verdict>(verdict));
}
[[nodiscard]] inline const char *text(AuthorizationVerdict verdict) noexcept {
    return creatio_authorization_verdict_text(static_cast<creatio_authorization_verdict>(verdict));
}
[[nodiscard]] inline const char *text(WindowsVerdict verdict) noexcept {
    return creatio_windows_verdict_text(static_cast<creatio_windows_verdict>(verdict));
}
/// Of the number that Session::earlier_sign_in() gives.
[[nodiscard]] inline const char *earlier_sign_in_text(std::int32_t earlier) noexcept {
    return creatio_earlier_sign_in_text(earlier);
}
#endif

} // namespace creatio

#endif
