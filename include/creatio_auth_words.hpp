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
    null_pointer = CREATIO_NULL_POINTER,
    not_set_up = CREATIO_NOT_SET_UP,
    out_of_turn = CREATIO_OUT_OF_TURN,
    other_session = CREATIO_OTHER_SESSION,
    not_a_login = CREATIO_NOT_A_LOGIN,
    not_a_call = CREATIO_NOT_A_CALL,
    not_a_token_request = CREATIO_NOT_A_TOKEN_REQUEST,
    buffer_too_small = CREATIO_BUFFER_TOO_SMALL,
    memory_too_small = CREATIO_MEMORY_TOO_SMALL,
    not_utf8 = CREATIO_NOT_UTF8,
    bad_runtime = CREATIO_BAD_RUNTIME,
    bad_method = CREATIO_BAD_METHOD,
    url_scheme = CREATIO_URL_SCHEME,
    url_user_info = CREATIO_URL_USER_INFO,
    url_host = CREATIO_URL_HOST,
    url_port = CREATIO_URL_PORT,
    url_path = CREATIO_URL_PATH,
    url_query = CREATIO_URL_QUERY,
    url_fragment = CREATIO_URL_FRAGMENT,
    url_runtime_prefix = CREATIO_URL_RUNTIME_PREFIX,
    url_character = CREATIO_URL_CHARACTER,
    url_too_long = CREATIO_URL_TOO_LONG,
    path_no_slash = CREATIO_PATH_NO_SLASH,
    path_character = CREATIO_PATH_CHARACTER,
    path_too_long = CREATIO_PATH_TOO_LONG,
    field_name = CREATIO_FIELD_NAME,
    field_value = CREATIO_FIELD_VALUE,
    field_reserved = CREATIO_FIELD_RESERVED,
    snapshot_altered = CREATIO_SNAPSHOT_ALTERED,
    snapshot_version = CREATIO_SNAPSHOT_VERSION,
    snapshot_other_site = CREATIO_SNAPSHOT_OTHER_SITE,
    basic_colon = CREATIO_BASIC_COLON,
    basic_control_character = CREATIO_BASIC_CONTROL_CHARACTER,
    basic_too_long = CREATIO_BASIC_TOO_LONG,
    closed_early = CREATIO_CLOSED_EARLY,
    head_too_large = CREATIO_HEAD_TOO_LARGE,
    content_encoding = CREATIO_CONTENT_ENCODING,
    body_too_large = CREATIO_BODY_TOO_LARGE,
    http_status_line = CREATIO_HTTP_STATUS_LINE,
    http_field_name = CREATIO_HTTP_FIELD_NAME,
    http_control_character = CREATIO_HTTP_CONTROL_CHARACTER,
    http_bare_cr = CREATIO_HTTP_BARE_CR,
    http_bare_lf = CREATIO_HTTP_BARE_LF,
    http_obsolete_folding = CREATIO_HTTP_OBSOLETE_FOLDING,
    http_content_length = CREATIO_HTTP_CONTENT_LENGTH,
    http_transfer_encoding = CREATIO_HTTP_TRANSFER_ENCODING,
    http_length_and_chunked = CREATIO_HTTP_LENGTH_AND_CHUNKED,
    http_chunk_size = CREATIO_HTTP_CHUNK_SIZE,
    http_chunk_end = CREATIO_HTTP_CHUNK_END,
    http_switching_protocols = CREATIO_HTTP_SWITCHING_PROTOCOLS,
    http_tls = CREATIO_HTTP_TLS,
    json_malformed = CREATIO_JSON_MALFORMED,
    json_cut_off = CREATIO_JSON_CUT_OFF,
    json_too_deep = CREATIO_JSON_TOO_DEEP,
    json_not_an_object = CREATIO_JSON_NOT_AN_OBJECT,
    json_doubled = CREATIO_JSON_DOUBLED,
    json_no_code = CREATIO_JSON_NO_CODE,
    json_code = CREATIO_JSON_CODE,
};

/// Where an exchange is.
enum class State : std::int32_t {
    ready = CREATIO_READY,
    sending = CREATIO_SENDING,
    receiving = CREATIO_RECEIVING,
    done = CREATIO_DONE,
    failed = CREATIO_FAILED,
    not_set_up = CREATIO_NO_EXCHANGE,
};

/// What the answer to a login means.
enum class LoginVerdict : std::int32_t {
    authenticated = CREATIO_AUTHENTICATED,
    password_change_advised = CREATIO_PASSWORD_CHANGE_ADVISED,
    rejected = CREATIO_REJECTED,
    bad_credentials = CREATIO_BAD_CREDENTIALS,
    access_denied = CREATIO_ACCESS_DENIED,
    login_page_redirect = CREATIO_LOGIN_PAGE_REDIRECT,
    redirect = CREATIO_REDIRECT,
    html_content_type = CREATIO_HTML_CONTENT_TYPE,
    html_body = CREATIO_HTML_BODY,
    no_ticket = CREATIO_NO_TICKET,
    unexpected_status = CREATIO_UNEXPECTED_STATUS,
    unknown_code = CREATIO_UNKNOWN_CODE,
    need_grant_license = CREATIO_NEED_GRANT_LICENSE,
    no_license = CREATIO_NO_LICENSE,
    password_expired = CREATIO_PASSWORD_EXPIRED,
    second_factor_wanted = CREATIO_SECOND_FACTOR_WANTED,
    authenticator_wanted = CREATIO_AUTHENTICATOR_WANTED,
    busy = CREATIO_LOGIN_BUSY,
};

/// What the answer to a call means.
enum class CallVerdict : std::int32_t {
    fine = CREATIO_FINE,
    ended_redirect = CREATIO_ENDED_REDIRECT,
    ended_login_page = CREATIO_ENDED_LOGIN_PAGE,
    ended_authentication_failed = CREATIO_ENDED_AUTHENTICATION_FAILED,
    csrf_missing = CREATIO_CSRF_MISSING,
    forbidden = CREATIO_FORBIDDEN,
    unauthorized = CREATIO_UNAUTHORIZED,
    wrong_prefix = CREATIO_WRONG_PREFIX,
    not_found = CREATIO_NOT_FOUND,
    busy = CREATIO_BUSY,
    service_failed = CREATIO_SERVICE_FAILED,
    not_json = CREATIO_NOT_JSON,
    refused = CREATIO_REFUSED,
    server_error = CREATIO_SERVER_ERROR,
    unexpected_status = CREATIO_CALL_UNEXPECTED_STATUS,
    ended_token_rejected = CREATIO_ENDED_TOKEN_REJECTED,
    ended_unauthorized = CREATIO_ENDED_UNAUTHORIZED,
    ended_no_user_connection = CREATIO_ENDED_NO_USER_CONNECTION,
    access_denied = CREATIO_CALL_ACCESS_DENIED,
    renewed_in_vain = CREATIO_RENEWED_IN_VAIN,
};

/// What the answer to a request for a token means.
enum class TokenVerdict : std::int32_t {
    granted = CREATIO_GRANTED,
    invalid_client = CREATIO_INVALID_CLIENT,
    unauthorized_client = CREATIO_UNAUTHORIZED_CLIENT,
    invalid_grant = CREATIO_INVALID_GRANT,
    invalid_scope = CREATIO_INVALID_SCOPE,
    unsupported_grant_type = CREATIO_UNSUPPORTED_GRANT_TYPE,
    invalid_request = CREATIO_INVALID_REQUEST,
    other_error = CREATIO_OTHER_ERROR,
    wrong_host = CREATIO_WRONG_HOST,
    redirect = CREATIO_TOKEN_REDIRECT,
    web_page = CREATIO_WEB_PAGE,
    no_token_endpoint = CREATIO_NO_TOKEN_ENDPOINT,
    no_token = CREATIO_NO_TOKEN,
    unsupported_token_type = CREATIO_UNSUPPORTED_TOKEN_TYPE,
    busy = CREATIO_TOKEN_BUSY,
    unexpected_status = CREATIO_TOKEN_UNEXPECTED_STATUS,
};

/// What a RuntimeProbe wants to be done next.
enum class ProbeStep : std::int32_t {
    found_net_framework = CREATIO_FOUND_NET_FRAMEWORK,
    found_net = CREATIO_FOUND_NET,
    ask = CREATIO_ASK,
    ask_later = CREATIO_ASK_LATER,
    no_health_check = CREATIO_NO_HEALTH_CHECK,
};

/// What a Renewal wants to be done next.
enum class RenewalStep : std::int32_t {
    report = CREATIO_REPORT,
    sign_in = CREATIO_SIGN_IN,
    repeat = CREATIO_REPEAT,
    repeat_later = CREATIO_REPEAT_LATER,
    sign_in_later = CREATIO_SIGN_IN_LATER,
};

/// Which of the two server runtimes a site runs on.
enum class Runtime : std::int32_t {
    net_framework = CREATIO_NET_FRAMEWORK,
    net = CREATIO_NET,
};

/// The method of a call.
enum class Method : std::int32_t {
    get = CREATIO_GET,
    head = CREATIO_HEAD,
    post = CREATIO_POST,
    put = CREATIO_PUT,
    patch = CREATIO_PATCH,
    delete_ = CREATIO_DELETE,
};

/// A field of the reply to a call.
enum class ReplyField : std::int32_t {
    content_type = CREATIO_CONTENT_TYPE,
    location = CREATIO_LOCATION,
    wanted_field = CREATIO_WANTED_FIELD,
};

/// A part of a request, for another HTTP client.
enum class RequestPart : std::int32_t {
    target = CREATIO_TARGET,
    fields = CREATIO_FIELDS,
    body = CREATIO_BODY,
};

/// Whether there is an error: yours to mend, or the peer's.
[[nodiscard]] constexpr bool is_error(Status status) noexcept { return static_cast<std::int32_t>(status) < 0; }

#ifdef CREATIO_TEXTS
/// The name in C, for logs: "CREATIO_ERR_CLOSED_EARLY".
[[nodiscard]] inline const char *name(Status status) noexcept {
    return creatio_status_name(static_cast<creatio_status>(status));
}
[[nodiscard]] inline const char *name(LoginVerdict verdict) noexcept {
    return creatio_verdict_name(static_cast<creatio_verdict>(verdict));
}
[[nodiscard]] inline const char *name(CallVerdict verdict) noexcept {
    return creatio_call_verdict_name(static_cast<creatio_call_verdict>(verdict));
}
[[nodiscard]] inline const char *name(TokenVerdict verdict) noexcept {
    return creatio_token_verdict_name(static_cast<creatio_token_verdict>(verdict));
}

/// What it means and what to do about it, in a sentence, for people.
[[nodiscard]] inline const char *text(Status status) noexcept {
    return creatio_status_text(static_cast<creatio_status>(status));
}
[[nodiscard]] inline const char *text(LoginVerdict verdict) noexcept {
    return creatio_verdict_text(static_cast<creatio_verdict>(verdict));
}
[[nodiscard]] inline const char *text(CallVerdict verdict) noexcept {
    return creatio_call_verdict_text(static_cast<creatio_call_verdict>(verdict));
}
[[nodiscard]] inline const char *text(TokenVerdict verdict) noexcept {
    return creatio_token_verdict_text(static_cast<creatio_token_verdict>(verdict));
}
#endif

} // namespace creatio

#endif
