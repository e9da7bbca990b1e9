/** creatio_auth_data.hpp: what goes into and comes out of the classes of creatio_auth.hpp: bytes, requests and answers.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef CREATIO_AUTH_DATA_HPP
#define CREATIO_AUTH_DATA_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "creatio_auth.h"
#include "creatio_auth_words.hpp"

namespace creatio {

/// Bytes one behind the other, which are someone else's: an array, a vector or a std::span of them is taken for it.
template <class Byte> class Span {
    template <class Container>
    using Element = std::remove_pointer_t<decltype(std::data(std::declval<Container>()))>;
    /// For its NUL would count: say std::string_view.
    template <class Container>
    static constexpr bool is_literal =
        std::is_array_v<std::remove_reference_t<Container>> &&
        std::is_same_v<std::remove_extent_t<std::remove_reference_t<Container>>, const char>;

public:
    constexpr Span() noexcept = default;
    constexpr Span(Byte *data, std::size_t size) noexcept : data_(data), size_(size) {}
    template <class Container,
              class = std::enable_if_t<!is_literal<Container> && sizeof(Element<Container>) == 1 &&
                                       (std::is_const_v<Byte> || !std::is_const_v<Element<Container>>)>>
    Span(Container &&bytes) noexcept : data_(reinterpret_cast<Byte *>(std::data(bytes))), size_(std::size(bytes)) {}

    [[nodiscard]] constexpr Byte *data() const noexcept { return data_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] constexpr Byte *begin() const noexcept { return data_; }
    [[nodiscard]] constexpr Byte *end() const noexcept { return data_ + size_; }
    /// Without the first `count`, of which there are so many.
    [[nodiscard]] constexpr Span behind(std::size_t count) const noexcept { return {data_ + count, size_ - count}; }

private:
    Byte *data_ = nullptr;
    std::size_t size_ = 0;
};

using Bytes = Span<std::uint8_t>;
using ByteView = Span<const std::uint8_t>;

namespace detail {

/// A temporary with memory of its own, such as a std::string that a function has returned.
template <class Owner>
constexpr bool ends_soon = !std::is_reference_v<Owner> && !std::is_trivially_destructible_v<Owner>;

template <class Text> constexpr bool is_text = std::is_convertible_v<Text, std::string_view>;

} // namespace detail

/// A text that has to stay: whatever is a std::string_view, but no temporary that goes at the end of the statement.
class Lent {
public:
    constexpr Lent() noexcept = default;
    constexpr Lent(const char *data, std::size_t size) noexcept : text_(data, size) {}
    template <class Text, std::enable_if_t<detail::is_text<Text> && !detail::ends_soon<Text>, int> = 0>
    constexpr Lent(Text &&text) noexcept : text_(text) {}
    template <class Text, std::enable_if_t<detail::is_text<Text> && detail::ends_soon<Text>, int> = 0>
    Lent(Text &&text) = delete;

    [[nodiscard]] constexpr const char *data() const noexcept { return text_.data(); }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return text_.size(); }

private:
    std::string_view text_;
};

/// A status, and a value where there is one.
template <class Value> struct [[nodiscard]] Result {
    Status status = Status::not_set_up;
    /// Without a value: zeros, or what the function says.
    Value value{};

    /// Whether there is a value.
    explicit operator bool() const noexcept { return status == Status::ok || status == Status::more; }
    [[nodiscard]] Value &operator*() noexcept { return value; }
    [[nodiscard]] const Value &operator*() const noexcept { return value; }
    [[nodiscard]] Value *operator->() noexcept { return &value; }
    [[nodiscard]] const Value *operator->() const noexcept { return &value; }
};

namespace detail {

inline Status status(creatio_status status) noexcept { return static_cast<Status>(status); }

/// Where it is told later, or is the same as what is asked for.
inline void ignore(creatio_status /*status*/) noexcept {}

inline void lend(Lent text, const char *&data, std::size_t &size) noexcept {
    data = text.data();
    size = text.size();
}

template <class Number> std::optional<Number> number(bool is_there, Number number) noexcept {
    return is_there ? std::optional<Number>(number) : std::nullopt;
}

} // namespace detail

/// A user's credentials.
class Credentials {
public:
    Credentials(Lent user_name, Lent password) noexcept {
        detail::lend(user_name, raw_.user_name, raw_.user_name_len);
        detail::lend(password, raw_.password, raw_.password_len);
    }
    [[nodiscard]] Credentials with_workspace(Lent workspace) const noexcept {
        Credentials with = *this;
        detail::lend(workspace, with.raw_.workspace, with.raw_.workspace_len);
        return with;
    }
    /// The provider checks the code; the site has one of its own.
    [[nodiscard]] Credentials with_one_time_code(Lent code, Lent provider = {}) const noexcept {
        Credentials with = *this;
        detail::lend(code, with.raw_.one_time_code, with.raw_.one_time_code_len);
        detail::lend(provider, with.raw_.provider_name, with.raw_.provider_name_len);
        return with;
    }
    /// The minutes to add to local time to get UTC: UTC+3 is -180.
    [[nodiscard]] Credentials with_time_zone_offset(std::int16_t minutes) const noexcept {
        Credentials with = *this;
        with.raw_.has_time_zone_offset = true;
        with.raw_.time_zone_offset = minutes;
        return with;
    }
    [[nodiscard]] const creatio_credentials *raw() const noexcept { return &raw_; }

private:
    creatio_credentials raw_ = {};
};

/// The id and the secret of a program that signs in by OAuth 2.0.
class ClientCredentials {
public:
    ClientCredentials(Lent id, Lent secret) noexcept {
        detail::lend(id, raw_.id, raw_.id_len);
        detail::lend(secret, raw_.secret, raw_.secret_len);
        if (raw_.secret == nullptr) {
            raw_.secret = ""; // an empty one is one
        }
    }
    /// A public client, which has no secret.
    explicit ClientCredentials(Lent id) noexcept { detail::lend(id, raw_.id, raw_.id_len); }
    [[nodiscard]] ClientCredentials below_prefix() const noexcept {
        ClientCredentials with = *this;
        with.raw_.path_below_prefix = true;
        return with;
    }
    [[nodiscard]] ClientCredentials by_basic() const noexcept {
        ClientCredentials with = *this;
        with.raw_.by_basic = true;
        return with;
    }
    [[nodiscard]] ClientCredentials with_path(Lent path, bool below_prefix = false) const noexcept {
        ClientCredentials with = *this;
        detail::lend(path, with.raw_.path, with.raw_.path_len);
        with.raw_.path_below_prefix = below_prefix;
        return with;
    }
    [[nodiscard]] ClientCredentials with_field_lines(Lent lines) const noexcept {
        ClientCredentials with = *this;
        detail::lend(lines, with.raw_.field_lines, with.raw_.field_lines_len);
        return with;
    }
    [[nodiscard]] const creatio_client_credentials *raw() const noexcept { return &raw_; }

private:
    creatio_client_credentials raw_ = {};
};

/// What a person is asked to approve in a browser. The random bytes are CREATIO_RANDOM_LEN, and have to stay.
class AuthorizationRequest {
public:
    using Random = std::array<std::uint8_t, CREATIO_RANDOM_LEN>;

    AuthorizationRequest(Lent client_id, Lent redirect_uri, const Random &random) noexcept {
        detail::lend(client_id, raw_.client_id, raw_.client_id_len);
        detail::lend(redirect_uri, raw_.redirect_uri, raw_.redirect_uri_len);
        raw_.random = random.data();
    }
    AuthorizationRequest(Lent client_id, Lent redirect_uri, Random &&random) = delete;
    [[nodiscard]] AuthorizationRequest with_scope(Lent scope) const noexcept {
        AuthorizationRequest with = *this;
        detail::lend(scope, with.raw_.scope, with.raw_.scope_len);
        return with;
    }
    [[nodiscard]] AuthorizationRequest with_path(Lent path) const noexcept {
        AuthorizationRequest with = *this;
        detail::lend(path, with.raw_.path, with.raw_.path_len);
        return with;
    }
    [[nodiscard]] AuthorizationRequest below_prefix() const noexcept {
        AuthorizationRequest with = *this;
        with.raw_.path_below_prefix = true;
        return with;
    }
    /// The result is its length, with `buffer_too_small` the length that it takes.
    Result<std::size_t> verifier(Bytes out) const noexcept {
        Result<std::size_t> len;
        len.status = detail::status(creatio_authorization_verifier(&raw_, out.data(), out.size(), &*len));
        return len;
    }
    [[nodiscard]] const creatio_authorization_request *raw() const noexcept { return &raw_; }

private:
    creatio_authorization_request raw_ = {};
};

/// A request after the login.
class Call {
public:
    Call(Method method, Lent path) noexcept {
        raw_.method = static_cast<creatio_method>(method);
        detail::lend(path, raw_.path, raw_.path_len);
    }
    explicit Call(const creatio_call &raw) noexcept : raw_(raw) {}
    static Call get(Lent path) noexcept { return {Method::get, path}; }
    static Call post(Lent path) noexcept { return {Method::post, path}; }
    static Call put(Lent path) noexcept { return {Method::put, path}; }
    static Call patch(Lent path) noexcept { return {Method::patch, path}; }
    static Call delete_(Lent path) noexcept { return {Method::delete_, path}; }
    static Call ping() noexcept { return Call(creatio_call_ping()); }
    static Call logout() noexcept { return Call(creatio_call_logout()); }
    static Call health_check(Runtime runtime) noexcept {
        return Call(creatio_call_health_check(static_cast<creatio_runtime>(runtime)));
    }

    [[nodiscard]] Call with_json(Lent json) const noexcept {
        return with_body(ByteView(std::string_view(json.data(), json.size())), {});
    }
    [[nodiscard]] Call with_body(ByteView body, Lent content_type) const noexcept {
        Call with = *this;
        with.raw_.body = body.data();
        with.raw_.body_len = body.size();
        detail::lend(content_type, with.raw_.content_type, with.raw_.content_type_len);
        return with;
    }
    template <class Body, std::enable_if_t<detail::ends_soon<Body>, int> = 0>
    Call with_body(Body &&body, Lent content_type) const = delete;
    /// A body that you send yourself, behind the head.
    [[nodiscard]] Call with_body_of_length(Lent content_type, std::size_t length) const noexcept {
        Call with = with_body(ByteView(), content_type);
        with.raw_.body_len = length;
        with.raw_.body_follows = true;
        return with;
    }
    [[nodiscard]] Call with_accept(Lent accept) const noexcept {
        Call with = *this;
        detail::lend(accept, with.raw_.accept, with.raw_.accept_len);
        return with;
    }
    [[nodiscard]] Call with_field_lines(Lent lines) const noexcept {
        Call with = *this;
        detail::lend(lines, with.raw_.field_lines, with.raw_.field_lines_len);
        return with;
    }
    [[nodiscard]] Call with_wanted_field(Lent name) const noexcept {
        Call with = *this;
        detail::lend(name, with.raw_.wanted_field, with.raw_.wanted_field_len);
        return with;
    }
    [[nodiscard]] Call with_raw_body() const noexcept {
        Call with = *this;
        with.raw_.raw_body = true;
        return with;
    }
    [[nodiscard]] Call with_limited_body() const noexcept {
        Call with = *this;
        with.raw_.limited_body = true;
        return with;
    }
    /// Twice does no more than once, which is yours to know.
    [[nodiscard]] Call with_repeatable() const noexcept {
        Call with = *this;
        with.raw_.repeatable = true;
        return with;
    }
    [[nodiscard]] Call at_root() const noexcept {
        Call with = *this;
        with.raw_.at_root = true;
        return with;
    }
    [[nodiscard]] const creatio_call *raw() const noexcept { return &raw_; }

private:
    creatio_call raw_ = {};
};

/// What Exchange::feed has found.
struct Fed {
    /// How many bytes of the input were taken.
    std::size_t consumed = 0;
    /// A piece of the reply's body, which lies in the input.
    ByteView body;
};

/// A text out of an answer, in the session's memory until the next exchange begins.
struct Text : std::string_view {
    /// It was longer than its room.
    bool truncated = false;

    Text() noexcept = default;
    explicit Text(const creatio_text &raw) noexcept : std::string_view(raw.text, raw.len), truncated(raw.truncated) {}
};

/// The answer to a login.
struct Login {
    LoginVerdict verdict = LoginVerdict::unexpected_status;
    bool authenticated = false;
    std::uint16_t http_status = 0;
    std::optional<std::int32_t> code;
    /// In seconds.
    std::optional<std::uint32_t> retry_after;
    Text message, exception_message, exception_type, password_change_url, redirect_url, user_type;

    Login() noexcept = default;
    explicit Login(const creatio_login &raw) noexcept
        : verdict(static_cast<LoginVerdict>(raw.verdict)), authenticated(raw.authenticated),
          http_status(raw.http_status), code(detail::number(raw.has_code, raw.code)),
          retry_after(detail::number(raw.has_retry_after, raw.retry_after)), message(raw.message),
          exception_message(raw.exception_message), exception_type(raw.exception_type),
          password_change_url(raw.password_change_url), redirect_url(raw.redirect_url), user_type(raw.user_type) {}
};

/// The answer to a call.
struct Answer {
    CallVerdict verdict = CallVerdict::unexpected_status;
    bool session_ended = false;
    std::uint16_t http_status = 0;
    /// In seconds.
    std::optional<std::uint32_t> retry_after;
    Text message, inner_message, next_link, error_code;

    Answer() noexcept = default;
    explicit Answer(const creatio_answer &raw) noexcept
        : verdict(static_cast<CallVerdict>(raw.verdict)), session_ended(raw.session_ended),
          http_status(raw.http_status), retry_after(detail::number(raw.has_retry_after, raw.retry_after)),
          message(raw.message), inner_message(raw.inner_message), next_link(raw.next_link),
          error_code(raw.error_code) {}
};

/// A part of a batch: one of its requests.
class BatchPart {
public:
    /// The URL is relative to …/odata/, and percent-encoded.
    BatchPart(Method method, Lent url) noexcept {
        raw_.method = static_cast<creatio_method>(method);
        detail::lend(url, raw_.url, raw_.url_len);
    }
    [[nodiscard]] BatchPart with_json(Lent json) const noexcept {
        BatchPart with = *this;
        with.raw_.json = json.data();
        with.raw_.json_len = json.size();
        return with;
    }
    [[nodiscard]] BatchPart with_group(Lent group) const noexcept {
        BatchPart with = *this;
        detail::lend(group, with.raw_.group, with.raw_.group_len);
        return with;
    }
    /// An array of JSON: the ids of parts before it, and names of groups.
    [[nodiscard]] BatchPart with_depends_on(Lent ids) const noexcept {
        BatchPart with = *this;
        detail::lend(ids, with.raw_.depends_on, with.raw_.depends_on_len);
        return with;
    }
    /// "name: value" and CR LF each.
    [[nodiscard]] BatchPart with_field_lines(Lent lines) const noexcept {
        BatchPart with = *this;
        detail::lend(lines, with.raw_.field_lines, with.raw_.field_lines_len);
        return with;
    }
    [[nodiscard]] const creatio_batch_part *raw() const noexcept { return &raw_; }

private:
    creatio_batch_part raw_ = {};
};

/// The answer to one part of a batch. Its texts are in the reader's memory until that is fed again.
struct BatchAnswer {
    std::size_t part = 0;
    bool is_fine = false;
    std::uint16_t http_status = 0;
    Text id, message, inner_message, error_code;

    BatchAnswer() noexcept = default;
    explicit BatchAnswer(const creatio_batch_answer &raw) noexcept
        : part(raw.part), is_fine(raw.is_fine), http_status(raw.http_status), id(raw.id), message(raw.message),
          inner_message(raw.inner_message), error_code(raw.error_code) {}
};

/// What BatchReader::feed has found.
struct BatchFed {
    /// How many bytes were taken.
    std::size_t consumed = 0;
    std::optional<BatchAnswer> answer;
};

/// The answer to a request for a token.
struct Token {
    TokenVerdict verdict = TokenVerdict::unexpected_status;
    bool granted = false;
    std::uint16_t http_status = 0;
    /// Both in seconds.
    std::optional<std::uint32_t> expires_in, retry_after;
    Text error, error_description;

    Token() noexcept = default;
    explicit Token(const creatio_token &raw) noexcept
        : verdict(static_cast<TokenVerdict>(raw.verdict)), granted(raw.granted), http_status(raw.http_status),
          expires_in(detail::number(raw.has_expires_in, raw.expires_in)),
          retry_after(detail::number(raw.has_retry_after, raw.retry_after)), error(raw.error),
          error_description(raw.error_description) {}
};

/// What a browser has come back with.
struct AuthorizationResponse {
    AuthorizationVerdict verdict = AuthorizationVerdict::no_code;
    Text code, error, error_description;

    AuthorizationResponse() noexcept = default;
    explicit AuthorizationResponse(const creatio_authorization_response &raw) noexcept
        : verdict(static_cast<AuthorizationVerdict>(raw.verdict)), code(raw.code), error(raw.error),
          error_description(raw.error_description) {}
};

/// Where an identity service has its endpoints.
struct Discovery {
    TokenVerdict verdict = TokenVerdict::unexpected_status;
    std::uint16_t http_status = 0;
    /// In seconds.
    std::optional<std::uint32_t> retry_after;
    Text token_endpoint, authorization_endpoint, revocation_endpoint;

    Discovery() noexcept = default;
    explicit Discovery(const creatio_discovery &raw) noexcept
        : verdict(static_cast<TokenVerdict>(raw.verdict)), http_status(raw.http_status),
          retry_after(detail::number(raw.has_retry_after, raw.retry_after)), token_endpoint(raw.token_endpoint),
          authorization_endpoint(raw.authorization_endpoint), revocation_endpoint(raw.revocation_endpoint) {}
};

/// What a site says of its own connection to the identity service.
struct OauthHealth {
    OauthHealthVerdict verdict = OauthHealthVerdict::unknown;
    std::uint16_t http_status = 0;
    Text message;

    OauthHealth() noexcept = default;
    explicit OauthHealth(const creatio_oauth_health &raw) noexcept
        : verdict(static_cast<OauthHealthVerdict>(raw.verdict)), http_status(raw.http_status), message(raw.message) {}
};

/// The answer to a login by Windows authentication.
struct Windows {
    bool authenticated = false, offers_negotiate = false, offers_ntlm = false, offers_basic = false;
    WindowsVerdict verdict = WindowsVerdict::refused;
    /// With WindowsVerdict::login, what that means.
    std::optional<LoginVerdict> login;
    std::uint16_t http_status = 0;
    std::optional<std::uint32_t> retry_after;
    /// In the session's memory; empty where none has come.
    ByteView challenge;
    Text message;

    Windows() noexcept = default;
    explicit Windows(const creatio_windows &raw) noexcept
        : authenticated(raw.authenticated), offers_negotiate(raw.offers_negotiate), offers_ntlm(raw.offers_ntlm),
          offers_basic(raw.offers_basic), verdict(static_cast<WindowsVerdict>(raw.verdict)),
          login(detail::number(raw.verdict == CREATIO_WINDOWS_LOGIN, static_cast<LoginVerdict>(raw.login))),
          http_status(raw.http_status), retry_after(detail::number(raw.has_retry_after, raw.retry_after)),
          challenge(raw.challenge, raw.challenge_len), message(raw.message) {}
};

/// A user of Windows with a password, for `token`, where the library has NTLM (CREATIO_NTLM).
class NtlmCredentials {
public:
    NtlmCredentials(Lent domain, Lent user_name, Lent password) noexcept {
        detail::lend(domain, raw_.domain, raw_.domain_len);
        detail::lend(user_name, raw_.user_name, raw_.user_name_len);
        detail::lend(password, raw_.password, raw_.password_len);
    }
    [[nodiscard]] NtlmCredentials with_workstation(Lent name) const noexcept {
        NtlmCredentials with = *this;
        detail::lend(name, with.raw_.workstation, with.raw_.workstation_len);
        return with;
    }
#ifdef CREATIO_NTLM
    /// The next token of NTLM: the result is its length, with `buffer_too_small` the length that it takes. An empty challenge
    /// is for the first one.
    Result<std::size_t> token(ByteView challenge, const std::array<std::uint8_t, CREATIO_NTLM_RANDOM_LEN> &random, Bytes out,
                              std::uint64_t unix_seconds = 0) const noexcept {
        Result<std::size_t> len;
        len.status = detail::status(creatio_ntlm_token(&raw_, unix_seconds, challenge.data(), challenge.size(), random.data(),
                                                       out.data(), out.size(), &*len));
        return len;
    }
#endif
    [[nodiscard]] const creatio_ntlm_credentials *raw() const noexcept { return &raw_; }

private:
    creatio_ntlm_credentials raw_ = {};
};

/// A cookie of a session, without its value.
struct Cookie {
    std::string_view name, path;
    std::size_t value_len = 0;
    bool secure = false, http_only = false, persistent = false;

    Cookie() noexcept = default;
    explicit Cookie(const creatio_cookie &raw) noexcept
        : name(raw.name, raw.name_len), path(raw.path, raw.path_len), value_len(raw.value_len), secure(raw.secure),
          http_only(raw.http_only), persistent(raw.persistent) {}
};

} // namespace creatio

#endif
